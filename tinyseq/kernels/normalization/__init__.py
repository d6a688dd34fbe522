"""Normalization over the batch (batch_normalization, batch_statistics) and over each sample (layer_normalization)."""
