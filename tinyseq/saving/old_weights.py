"""Arrays of older versions of Keras, and how they become today's: gates in one array, kernels not flipped.

Source: preprocess_weights_for_loading of keras 2.3.1.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from tinyseq.saving.old_forms import Dialect
from tinyseq.weights.weight import Weight

Array = NDArray[Any]
Read = Callable[[], Array]
Target = tuple[Weight, Read]

GATES_OF_KERAS_1 = {"LSTM": (0, 2, 1, 3), "GRU": (0, 1, 2)}
"""Keras 1 keeps W, U, b for each gate; i, c, f, o of an LSTM, z, r, h of a GRU. The places of today's order in the old one."""
FLIPPED_BY_THEANO = {"Conv1D", "Conv2D", "Conv3D", "Conv2DTranspose"}
"""Theano turns the window of a convolution round, the others do not."""


def expected(layer: Any, weights: Sequence[Weight], dialect: Dialect) -> list[tuple[int, ...]]:
    """The shapes that a file of that version holds for this layer."""
    kind = type(layer).__name__
    shapes = [weight.shape for weight in weights]
    if dialect.major < 2:
        if kind in GATES_OF_KERAS_1:
            return _gates(kind, shapes)
        if kind == "Conv1D":
            length, channels, filters = shapes[0]
            return [(length, 1, channels, filters), *shapes[1:]]
        if kind in FLIPPED_BY_THEANO and layer.data_format == "channels_first":
            *window, channels, filters = shapes[0]
            return [(filters, channels, *window), *shapes[1:]]
    return shapes


def _gates(kind: str, shapes: Sequence[tuple[int, ...]]) -> list[tuple[int, ...]]:
    count = len(GATES_OF_KERAS_1[kind])
    (inputs, all_units), (units, _) = shapes[0], shapes[1]
    return [(inputs, all_units // count), (units, units), (units,)] * count


def today(layer: Any, weights: Sequence[Weight], reads: Sequence[Read], dialect: Dialect) -> list[Target]:
    """Each weight with what reads it in today's form."""
    kind = type(layer).__name__
    if dialect.major < 2 and kind in GATES_OF_KERAS_1:
        order = GATES_OF_KERAS_1[kind]
        return [(weight, _joined([reads[3 * gate + part] for gate in order])) for part, weight in enumerate(weights)]
    first = list(reads)[:1]
    if dialect.major < 2 and kind == "Conv1D":
        first = [lambda: reads[0]()[:, 0]]
    elif dialect.major < 2 and kind in FLIPPED_BY_THEANO and layer.data_format == "channels_first":
        first = [lambda: np.moveaxis(reads[0](), (0, 1), (-1, -2))]
    if dialect.backend == "theano" and kind in FLIPPED_BY_THEANO:
        first = [_turned(first[0])]
    return list(zip(weights, [*first, *reads[1:]], strict=True))


def _joined(reads: Sequence[Read]) -> Read:
    return lambda: np.concatenate([read() for read in reads], axis=-1)


def _turned(read: Read) -> Read:
    """A kernel (*window, in, out) with its window turned round."""

    def turned() -> Array:
        kernel = read()
        return np.ascontiguousarray(kernel[tuple(slice(None, None, -1) for _ in kernel.shape[:-2])])

    return turned
