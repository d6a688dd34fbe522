"""Execution: order, memory and threads."""
