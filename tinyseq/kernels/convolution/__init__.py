"""Convolutions: geometry, direct, Winograd, strided Winograd, depthwise."""
