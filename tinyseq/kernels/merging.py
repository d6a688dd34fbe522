"""Joining arrays element by element, with numpy's broadcasting; one numpy pass per input, so no kernel is needed.

    y = add, subtract, multiply, average, maximum or minimum of several inputs, into `out`
    the gradients: every dx is dy times a slope, summed over the axes along which x was repeated
"""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float32]


def unbroadcast(gradient: Floats, out: Floats) -> None:
    """out = gradient summed over the axes that broadcasting repeated (or added in front)."""
    missing = gradient.ndim - out.ndim
    axes = (*range(missing), *(missing + i for i, size in enumerate(out.shape) if size != gradient.shape[missing + i]))
    if axes:
        out[...] = gradient.sum(axis=axes, keepdims=True).reshape(out.shape)
    else:
        np.copyto(out, gradient)


def fold(operation: np.ufunc, inputs: Sequence[Floats], out: Floats) -> None:
    """out = operation(... operation(inputs[0], inputs[1]) ..., inputs[-1])."""
    out[...] = inputs[0]
    for x in inputs[1:]:
        operation(out, x, out=out)


def product_but(inputs: Sequence[Floats], i: int, dy: Floats, out: Floats) -> None:
    """out = dy times all inputs but the i-th: the gradient of a product, right also where an input is 0."""
    np.copyto(out, dy)
    for j, x in enumerate(inputs):
        if j != i:
            np.multiply(out, x, out=out)


def chosen_gradients(inputs: Sequence[Floats], largest: bool, dy: Floats, out: Sequence[Floats | None]) -> None:
    """Gradient of maximum or minimum: all of dy goes to the first input that is the greatest (the least).

    Walks as Keras does, two at a time from the left; NaN loses, as both comparisons with it are false.
    """
    best = np.broadcast_to(inputs[0], dy.shape).copy()
    winner = np.zeros(dy.shape, np.int8)
    for i, x in enumerate(inputs[1:], 1):
        stays = best >= x if largest else best <= x
        np.copyto(winner, np.int8(i), where=~stays)
        (np.maximum if largest else np.minimum)(best, x, out=best)
    for i, target in enumerate(out):
        if target is not None:
            unbroadcast(np.where(winner == i, dy, np.float32(0)), target)
