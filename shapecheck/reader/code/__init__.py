"""Layers whose code is in the file: it is evaluated on the shapes of tensors."""
