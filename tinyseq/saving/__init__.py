"""Saving: weights as .npz files; configurations as plain dictionaries."""
