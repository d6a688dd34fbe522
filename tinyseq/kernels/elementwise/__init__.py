"""Elementwise: activations, dropout, merging, rescaling."""
