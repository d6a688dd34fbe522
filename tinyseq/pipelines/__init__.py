"""Data from folders, pictures and series as batches, under the names of keras.utils."""
