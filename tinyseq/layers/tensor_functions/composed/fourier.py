"""Fourier transforms of (real, imaginary): sums of products with cosines and sines, so that gradients follow."""

from __future__ import annotations

from typing import Any

import numpy as np

from tinyseq.layers.tensor_functions.calling import apply, is_symbolic
from tinyseq.layers.tensor_functions.composed.registry import public, shape_of
from tinyseq.layers.tensor_functions.composed.shapes import swapaxes

Pair = tuple[Any, Any]


def _checked(what: str, x: Any, axes: int) -> Pair:
    if not isinstance(x, (tuple, list)) or len(x) != 2:
        raise ValueError(f"ops.{what}: expected (real, imaginary): write ops.{what}((x, ops.zeros_like(x)))")
    if shape_of(x[0]) != shape_of(x[1]):
        raise ValueError(f"ops.{what}: the real part has shape {shape_of(x[0])}, the imaginary one {shape_of(x[1])}: they must be equal")
    if len(shape_of(x[0])) < axes or None in shape_of(x[0])[-axes:]:
        raise ValueError(f"ops.{what}: shape {shape_of(x[0])}: the last {axes} sizes must be known")
    return x[0], x[1]


def _along_last(pair: Pair, inverse: bool) -> Pair:
    size = shape_of(pair[0])[-1]
    if not is_symbolic(*pair):
        whole = np.asarray(pair[0]) + 1j * np.asarray(pair[1])
        found = np.fft.ifft(whole) if inverse else np.fft.fft(whole)
        return found.real.astype(np.float32), found.imag.astype(np.float32)
    angles = 2 * np.pi * (np.outer(np.arange(size), np.arange(size)) % size) / size
    cosines, sines = (np.asarray(f(angles) / (size if inverse else 1), np.float32) for f in (np.cos, np.sin))
    sines = -sines if inverse else sines
    real, imaginary = pair
    one = apply("add", apply("matmul", real, cosines), apply("matmul", imaginary, sines))
    return one, apply("subtract", apply("matmul", imaginary, cosines), apply("matmul", real, sines))


def _transformed(pair: Pair, axes: int, inverse: bool) -> Pair:
    found = _along_last(pair, inverse)
    if axes == 2:
        turned = (swapaxes(found[0], -1, -2), swapaxes(found[1], -1, -2))
        one, other = _along_last(turned, inverse)
        found = swapaxes(one, -1, -2), swapaxes(other, -1, -2)
    return found


@public
def fft(x: Any) -> Pair:
    """The Fourier transform along the last axis: (real, imaginary).

    Arguments:
        x: (real, imaginary), tensors or arrays of one shape
    """
    return _transformed(_checked("fft", x, 1), 1, False)


@public
def fft2(x: Any) -> Pair:
    """The Fourier transform along the last two axes: (real, imaginary).

    Arguments:
        x: (real, imaginary), tensors or arrays of one shape
    """
    return _transformed(_checked("fft2", x, 2), 2, False)


@public
def ifft2(x: Any) -> Pair:
    """The opposite of fft2: (real, imaginary).

    Arguments:
        x: (real, imaginary), tensors or arrays of one shape
    """
    return _transformed(_checked("ifft2", x, 2), 2, True)
