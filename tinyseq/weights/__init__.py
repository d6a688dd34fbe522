"""Weights: names, seeds, initial values, regularizers, constraints, memory."""
