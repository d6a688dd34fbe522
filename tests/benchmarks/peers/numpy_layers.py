"""Layers in NumPy: a convolution is a matrix of windows (im2col) times a matrix of weights (BLAS).

The matrix of windows has a row for each place of the window and a column for each number in it. It is made for a few images
at a time, so that it stays in the cache. Chellapilla, Puri & Simard (2006), section 3.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import numpy as np

from tests.benchmarks.models import Array

NUMBERS = 2_000_000
"""About as many numbers stand in the matrix of windows at a time: 8 MB."""


class Layer:
    """Keeps its input and output for backward."""

    relu = False
    x: Array
    y: Array

    def forward(self, x: Array) -> Array:
        """The output."""
        self.x = x
        self.y = self.compute(x)
        if self.relu:
            np.maximum(self.y, 0, out=self.y)
        return self.y

    def before_activation(self, dy: Array) -> Array:
        """The gradient before relu."""
        return dy * (self.y > 0) if self.relu else dy

    def compute(self, x: Array) -> Array:
        raise NotImplementedError

    def input_gradient(self, dy: Array) -> Array:
        raise NotImplementedError


class Dense(Layer):
    """y = x . kernel + bias."""

    def __init__(self, kernel: Array, bias: Array, relu: bool) -> None:
        self.kernel, self.bias, self.relu = kernel, bias, relu

    def compute(self, x: Array) -> Array:
        y: Array = x @ self.kernel
        y += self.bias
        return y

    def kernel_gradient(self, dy: Array) -> Array:
        """x^T . dy."""
        gradient: Array = self.x.T @ dy
        return gradient

    def bias_gradient(self, dy: Array) -> Array:
        """The sum over all places."""
        gradient: Array = dy.reshape(-1, dy.shape[-1]).sum(0)
        return gradient

    def input_gradient(self, dy: Array) -> Array:
        dx: Array = dy @ self.kernel.T
        return dx


class Conv(Dense):
    """The same over the matrix of windows."""

    def __init__(self, kernel: Array, bias: Array, relu: bool, stride: int) -> None:
        super().__init__(kernel, bias, relu)
        self.stride, self.window = stride, kernel.shape[0]

    def matrix(self) -> Array:
        """The kernel as (window * window * c, filters): the memory that Adam changes, seen in another shape."""
        return self.kernel.reshape(-1, self.kernel.shape[3])

    def compute(self, x: Array) -> Array:
        rows, columns = ((size - self.window) // self.stride + 1 for size in x.shape[1:3])
        y = np.empty((len(x), rows, columns, self.kernel.shape[3]), x.dtype)
        for some, windows in self.windows(rows, columns):
            np.matmul(windows, self.matrix(), out=y[some].reshape(len(windows), -1))
        y += self.bias
        return y

    def kernel_gradient(self, dy: Array) -> Array:
        gradient = np.zeros_like(self.matrix())
        for some, windows in self.windows(*dy.shape[1:3]):
            gradient += windows.T @ dy[some].reshape(len(windows), -1)
        return gradient.reshape(self.kernel.shape)

    def input_gradient(self, dy: Array) -> Array:
        """The matrix of windows' gradients, added up where they lie over each other (col2im)."""
        dx = np.zeros_like(self.x)
        for some in self.batches(dy.shape[1] * dy.shape[2]):
            part = dy[some]
            windows = part.reshape(-1, part.shape[3]) @ self.matrix().T
            lying = windows.reshape(*part.shape[:3], self.window, self.window, -1)
            for i, j, place in self.places(*part.shape[1:3]):
                dx[some][place] += lying[:, :, :, i, j]
        return dx

    def windows(self, rows: int, columns: int) -> Iterator[tuple[slice, Array]]:
        """(which images, their matrix of windows), image after image."""
        channels = self.x.shape[3]
        for some in self.batches(rows * columns):
            images = self.x[some]
            matrix = np.empty((len(images), rows, columns, self.window, self.window, channels), images.dtype)
            for i, j, place in self.places(rows, columns):
                matrix[:, :, :, i, j] = images[place]
            yield some, matrix.reshape(-1, self.window * self.window * channels)

    def batches(self, pixels: int) -> Iterator[slice]:
        """As many images at a time as make about NUMBERS numbers."""
        step = max(1, NUMBERS // (pixels * self.matrix().shape[0]))
        return (slice(start, start + step) for start in range(0, len(self.x), step))

    def places(self, rows: int, columns: int) -> Iterator[tuple[int, int, Any]]:
        """(i, j, the pixels that stand at place (i, j) of a window)."""
        return places(self.window, self.stride, rows, columns)


class Pool(Layer):
    """The greatest number of each window."""

    def __init__(self, window: int) -> None:
        self.window = window

    def compute(self, x: Array) -> Array:
        rows, columns = x.shape[1] // self.window, x.shape[2] // self.window
        y: Array | None = None
        for _, _, place in places(self.window, self.window, rows, columns):
            y = x[place].copy() if y is None else np.maximum(y, x[place], out=y)
        assert y is not None
        return y

    def input_gradient(self, dy: Array) -> Array:
        """To the first place that holds the maximum."""
        dx = np.zeros_like(self.x)
        free = np.ones(dy.shape, bool)
        for _, _, place in places(self.window, self.window, *dy.shape[1:3]):
            here = free & (self.x[place] == self.y)
            dx[place] = dy * here
            free ^= here
        return dx


class GlobalMax(Layer):
    """The greatest number of each channel."""

    def compute(self, x: Array) -> Array:
        found: Array = x.reshape(len(x), -1, x.shape[-1]).max(1)
        return found

    def input_gradient(self, dy: Array) -> Array:
        pixels = self.x.reshape(len(self.x), -1, self.x.shape[-1])
        dx = np.zeros_like(pixels)
        np.put_along_axis(dx, pixels.argmax(1)[:, None], dy[:, None], 1)
        return dx.reshape(self.x.shape)


class Flatten(Layer):
    """The same numbers in a row."""

    def compute(self, x: Array) -> Array:
        return x.reshape(len(x), -1)

    def input_gradient(self, dy: Array) -> Array:
        return dy.reshape(self.x.shape)


def places(window: int, stride: int, rows: int, columns: int) -> Iterator[tuple[int, int, Any]]:
    """For each place (i, j) of a window, the pixels that stand there as the window slides."""
    for i in range(window):
        for j in range(window):
            down, right = slice(i, i + stride * rows, stride), slice(j, j + stride * columns, stride)
            yield i, j, (slice(None), down, right)
