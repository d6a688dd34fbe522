"""A U-Net learns to find discs in noise: Conv2DTranspose, Concatenate and skips in one functional model."""

from typing import Any

import numpy as np

import tinyseq as keras
from tinyseq import layers


def unet(size: int, filters: tuple[int, ...]) -> Any:
    """(size, size, 1) -> (size, size, 1), the probability of each pixel. Two 3x3 convolutions at each level."""

    def twice(x: Any, count: int) -> Any:
        for _ in range(2):
            x = layers.Conv2D(count, 3, padding="same", activation="relu")(x)
        return x

    inputs = keras.Input((size, size, 1))
    x, skips = inputs, []
    for count in filters[:-1]:
        skips.append(twice(x, count))
        x = layers.MaxPooling2D()(skips[-1])
    x = twice(x, filters[-1])
    for count, skip in zip(reversed(filters[:-1]), reversed(skips), strict=True):
        x = twice(layers.Concatenate()([layers.Conv2DTranspose(count, 2, strides=2)(x), skip]), count)
    return keras.Model(inputs, layers.Conv2D(1, 1, activation="sigmoid")(x))


def discs(count: int, size: int) -> Any:
    """Pictures of a bright disc in noise, and its masks."""
    random = np.random.default_rng(0)
    places, radius = random.uniform(4, size - 4, (count, 2, 1, 1)), random.uniform(2, 5, (count, 1, 1))
    rows, columns = np.indices((size, size))
    masks = (rows - places[:, 0]) ** 2 + (columns - places[:, 1]) ** 2 < radius**2
    return (masks + random.normal(0, 0.5, masks.shape)).astype(np.float32)[..., None], masks[..., None].astype(np.float32)


def test_a_unet_finds_discs_in_noise() -> None:
    keras.set_random_seed(2)
    model = unet(16, (8, 16, 32))
    model.compile(keras.optimizers.Adam(0.01), "binary_crossentropy")
    x, masks = discs(72, 16)
    history = model.fit(x[:64], masks[:64], batch_size=16, epochs=12, verbose=0).history["loss"]
    assert history[-1] < 0.3 * history[0]
    found = model.predict(x[64:], verbose=0) > 0.5
    union, both = np.logical_or(found, masks[64:]).sum(), np.logical_and(found, masks[64:]).sum()
    by_threshold = x[64:] > 0.5
    plain = np.logical_and(by_threshold, masks[64:]).sum() / np.logical_or(by_threshold, masks[64:]).sum()
    assert both / union > max(0.7, plain)
