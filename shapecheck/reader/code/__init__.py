"""Layers whose code is in the file: it is followed on the shapes of tensors."""
