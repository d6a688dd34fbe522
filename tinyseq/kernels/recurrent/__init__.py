"""Recurrent layers: products of all steps at once, and the walk from step to step."""
