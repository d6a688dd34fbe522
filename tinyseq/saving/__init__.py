"""Files: weights as .npz; configurations as plain dictionaries."""
