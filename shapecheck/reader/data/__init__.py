"""Data as shapes: arrays, functions on them, pipelines, and the well-known data sets."""
