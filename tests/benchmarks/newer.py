"""A U-Net, attention, and single layers that models.py does not describe: for Keras, and for tinyseq, which spells them alike.

    unet        two 3x3 convolutions at each of four levels, 16 to 128 filters, skips, a class for each pixel (Ronneberger et al. 2015)
    attention   MultiHeadAttention, 4 heads of 16, on 128 steps of 64 numbers, a class for each step
    transposed  Conv2DTranspose 4x4 by 2, the usual step of a decoder
    volume      Conv3D 3x3x3

What they are in PyTorch and JAX: peers/newer_torch.py, newer_jax.py.
"""

from __future__ import annotations

from typing import Any

from tests.benchmarks.normalized import Built

FILTERS = (16, 32, 64, 128)
HEADS, DEPTH = 4, 16


def unet(keras: Any) -> Any:
    """(128, 128, 1) -> two scores for each pixel."""
    layers = keras.layers

    def twice(x: Any, count: int) -> Any:
        for _ in range(2):
            x = layers.Conv2D(count, 3, padding="same", activation="relu")(x)
        return x

    inputs = keras.Input((128, 128, 1))
    x, skips = inputs, []
    for count in FILTERS[:-1]:
        skips.append(twice(x, count))
        x = layers.MaxPooling2D()(skips[-1])
    x = twice(x, FILTERS[-1])
    for count, skip in zip(reversed(FILTERS[:-1]), reversed(skips), strict=True):
        x = twice(layers.Concatenate()([layers.Conv2DTranspose(count, 2, strides=2)(x), skip]), count)
    return keras.Model(inputs, layers.Conv2D(2, 1)(x))


def attention(keras: Any) -> Any:
    """(128, 64) -> (128, 64)."""
    inputs = keras.Input((128, 64))
    return keras.Model(inputs, keras.layers.MultiHeadAttention(HEADS, DEPTH)(inputs, inputs))


def transposed(keras: Any) -> Any:
    """(32, 32, 64) -> (64, 64, 32)."""
    return keras.Sequential([keras.Input((32, 32, 64)), keras.layers.Conv2DTranspose(32, 4, strides=2, padding="same")])


def volume(keras: Any) -> Any:
    """(32, 32, 32, 16) -> (32, 32, 32, 32)."""
    return keras.Sequential([keras.Input((32, 32, 32, 16)), keras.layers.Conv3D(32, 3, padding="same")])


UNET = Built("U-Net 128x128x1", unet, (128, 128, 1), (128, 128, 2), "unet")
ATTENTION = Built("attention, 4 heads of 16 on 128x64", attention, (128, 64), (128, 64), "attention")
TRANSPOSED = Built("transposed 4x4 by 2 64->32, 32x32", transposed, (32, 32, 64), (64, 64, 32), "transposed")
VOLUME = Built("Conv3D 3x3x3 16->32 on 32^3", volume, (32, 32, 32, 16), (32, 32, 32, 32), "volume")
LAYERS = (TRANSPOSED, VOLUME)
