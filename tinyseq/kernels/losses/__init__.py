"""Losses of rows and their gradients."""
