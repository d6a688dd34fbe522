"""A U-Net on photographs: which pixels belong to the bright part. FOLDER: skimage/data of scikit-image 0.26.0.

The mask of a photograph is its luminance, blurred over 9x9 pixels, above Otsu's threshold (1979) of the whole photograph; the net sees
64x64 pixels in colour, and neither the rest nor the threshold. The right third of each photograph is held out.
"""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Any

import numpy as np

from tests.benchmarks.real.runs import Split, record

PHOTOGRAPHS = ("astronaut.png", "chelsea.png", "coffee.png", "rocket.jpg")
SIZE, LUMINANCE = 64, np.array([0.2125, 0.7154, 0.0721])


def otsu(values: Any) -> float:
    """The threshold for which the variance between both sides is the greatest (Otsu 1979)."""
    counts, edges = np.histogram(values, 256)
    centres, below = (edges[:-1] + edges[1:]) / 2, np.cumsum(counts)
    sums = np.cumsum(counts * centres)
    left, right = sums[:-1] / below[:-1], (sums[-1] - sums[:-1]) / (below[-1] - below[:-1])
    return float(centres[np.argmax(below[:-1] * (below[-1] - below[:-1]) * (left - right) ** 2)])


def blurred(grey: Any, size: int = 9) -> Any:
    """The mean over size x size pixels, the edges repeated."""
    for axis in (0, 1):
        padded = np.pad(grey, [(size // 2, size // 2) if a == axis else (0, 0) for a in (0, 1)], "edge")
        grey = np.lib.stride_tricks.sliding_window_view(padded, size, axis).mean(-1)
    return grey


def photographs(folder: str) -> list[tuple[Any, Any]]:
    """Colours from 0 to 1 and the mask of each."""
    from matplotlib.image import imread

    found = []
    for name in PHOTOGRAPHS:
        picture = np.asarray(imread(str(Path(folder) / name)), np.float32)[:, :, :3]
        picture = picture / 255 if picture.max() > 1 else picture
        grey = blurred(picture @ LUMINANCE)
        found.append((picture, (grey > otsu(grey))[:, :, None].astype(np.float32)))
    return found


def crops(pictures: list[tuple[Any, Any]], count: int, held: bool, random: np.random.Generator) -> tuple[Any, Any]:
    """`count` squares at random places of the left two thirds, or of the right third."""
    x, y = np.empty((count, SIZE, SIZE, 3), np.float32), np.empty((count, SIZE, SIZE, 1), np.float32)
    for number in range(count):
        picture, mask = pictures[number % len(pictures)]
        border = picture.shape[1] * 2 // 3
        first, last = (border, picture.shape[1] - SIZE) if held else (0, border - SIZE)
        top, left = random.integers(picture.shape[0] - SIZE + 1), first + random.integers(last - first + 1)
        place = slice(top, top + SIZE), slice(left, left + SIZE)
        x[number], y[number] = picture[place], mask[place]
    return x, y


def network(keras: Any) -> Any:
    """Three levels of 16, 32 and 64 filters, two 3x3 convolutions a level, transposed convolutions on the way up."""
    layers = keras.layers

    def convolved(x: Any, filters: int) -> Any:
        for _ in range(2):
            x = layers.Conv2D(filters, 3, padding="same", activation="relu")(x)
        return x

    inputs = x = keras.Input((SIZE, SIZE, 3))
    kept = []
    for filters in (16, 32):
        kept.append(convolved(x, filters))
        x = layers.MaxPooling2D()(kept[-1])
    x = convolved(x, 64)
    for filters, across in ((32, kept[1]), (16, kept[0])):
        x = layers.Concatenate()([layers.Conv2DTranspose(filters, 2, strides=2)(x), across])
        x = convolved(x, filters)
    model = keras.Model(inputs, layers.Conv2D(1, 1, activation="sigmoid")(x))
    iou = keras.metrics.BinaryIoU(target_class_ids=[1], threshold=0.5, name="iou")
    model.compile(optimizer="adam", loss="binary_crossentropy", metrics=[iou, "accuracy"])
    return model


def main() -> None:
    pictures = photographs(sys.argv[1])

    def data(seed: int) -> Split:
        random = np.random.default_rng(seed)
        return Split(*crops(pictures, 600, False, random), *crops(pictures, 200, True, random))

    record("masks", network, data, epochs=8, batch_size=8)


if __name__ == "__main__":
    main()
