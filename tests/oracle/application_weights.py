"""Weights and pictures for whole architectures, the same in Keras and here, and what Keras 3.15 computed with them.

    python -m tests.oracle.application_weights

writes application_outputs.npz; it needs keras and tensorflow.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np

OUTPUTS = Path(__file__).parent / "application_outputs.npz"
NETS = {
    "Xception": 96, "MobileNetV2": 64, "ResNet50V2": 64, "EfficientNetB0": 64, "DenseNet121": 64, "MobileNetV3Small": 64,
    "InceptionResNetV2": 96, "ConvNeXtTiny": 64,
}  # fmt: skip
"""The architectures that are compared, and the size of their pictures."""


def values(shapes: Sequence[Sequence[int]], names: Sequence[str]) -> list[Any]:
    """He et al.'s deviation for kernels, statistics near 0 and 1: signals keep their size through a hundred layers."""
    random = np.random.default_rng(11)
    return [_value(random, tuple(shape), name) for shape, name in zip(shapes, names, strict=True)]


def _value(random: Any, shape: tuple[int, ...], name: str) -> Any:
    if not shape:
        return np.zeros(shape, np.float32)
    if "variance" in name or "gamma" in name:
        return random.uniform(0.8, 1.2, shape).astype(np.float32)
    if len(shape) == 1:
        return (0.1 * random.standard_normal(shape)).astype(np.float32)
    separable = "depthwise" in name
    if shape[2:] == (shape[-2], 1) and not separable:  # of a DepthwiseConv2D: borders, ReLU and gates after it shrink signals
        return (np.sqrt(3.0 / np.prod(shape[:2])) * random.standard_normal(shape)).astype(np.float32)
    fan_in = np.prod(shape[:2]) if separable else np.prod(shape[:-1])
    return (np.sqrt((1.0 if separable else 2.0) / fan_in) * random.standard_normal(shape)).astype(np.float32)


RAW = ("EfficientNet", "MobileNetV3", "ConvNeXt")
"""The families that scale pictures themselves: they take 0 to 255."""


def pictures(size: int, name: str) -> Any:
    """Two of them, in the range that an architecture takes."""
    found = np.random.default_rng(5).uniform(-1, 1, (2, size, size, 3)).astype(np.float32)
    found[1, : size // 2] *= 0.2  # a dark half: without it, the means of both pictures are the same
    return (found + 1) * np.float32(127.5) if name.startswith(RAW) else found


def with_weights(model: Any) -> None:
    """Puts the weights into a model of Keras."""
    model.set_weights(values([tuple(weight.shape) for weight in model.weights], [weight.name for weight in model.weights]))
    for layer in model.layers:
        if type(layer).__name__ == "Normalization":
            layer.finalize_state()  # set_weights leaves the mean that it computes with as it was


def main() -> None:
    from tests.oracle.keras_side import keras

    answers = {}
    for name, size in NETS.items():
        model = getattr(keras.applications, name)(weights=None, include_top=False, pooling="avg", input_shape=(size, size, 3))
        with_weights(model)
        answers[name] = np.asarray(model(pictures(size, name)))
        print(name, np.abs(answers[name]).max(), np.abs(answers[name][0] - answers[name][1]).max(), flush=True)
        keras.backend.clear_session()
    np.savez_compressed(OUTPUTS, **answers)


if __name__ == "__main__":
    main()
