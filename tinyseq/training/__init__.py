"""Losses, optimizers, metrics, callbacks and the fit loop."""
