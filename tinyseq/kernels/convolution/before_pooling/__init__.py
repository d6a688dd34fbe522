"""Gradients of a convolution that is followed by max pooling, without the zeros that pooling spreads."""
