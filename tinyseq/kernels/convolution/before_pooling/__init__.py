"""Gradients of a convolution before max pooling, without the zeros that pooling spreads."""
