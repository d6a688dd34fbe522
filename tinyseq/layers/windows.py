"""How a layer's window moves over its input, as the kernels' Geometry: a sequence is an image of height 1."""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING, Any

from shapecheck.shapes import same_padding
from tinyseq.engine.operator import Array, Sizes

if TYPE_CHECKING:
    from tinyseq.kernels.convolution.geometry import Geometry
    from tinyseq.kernels.convolution.volume_geometry import Volume


def image(array: Array) -> Array:
    """(n, steps, channels) -> (n, 1, steps, channels); images as they are. A view."""
    return array if array.ndim == 4 else array[:, None]


def window(array: Array) -> Array:
    """The weights of a sequence's window as those of an image of height 1."""
    return array if array.ndim == 4 else array[None]


def window_shape(shape: Sizes) -> Sizes:
    """Like `window`, of a shape."""
    return shape if len(shape) == 4 else (1, *shape)


def moves(layer: Any) -> tuple[tuple[int, int], tuple[int, int]]:
    """Strides and dilation, rows first; a sequence has one row."""
    if len(layer.strides) == 2:
        return layer.strides, layer.dilation_rate
    return (1, *layer.strides), (1, *layer.dilation_rate)


@lru_cache(maxsize=512)
def geometry(
    x: Sizes, filters: int, window: Sizes, strides: Sizes, padding: str, dilation: Sizes, groups: int
) -> Geometry:  # fmt: skip
    """All sizes of the convolution of an input of shape x (batch axis first)."""
    from tinyseq.kernels.convolution.geometry import Geometry

    before, outputs = along(x[1:-1], window, strides, padding, dilation)
    if len(window) == 1:  # a sequence is an image of one row
        ones = [[1, size[0]] for size in (window, outputs, strides, dilation)]
        sizes: list[int] = [1, *x[1:], *ones[0], filters, *ones[1], *ones[2], 0, *before, *ones[3], groups]
    else:
        sizes = [*x[1:], *window, filters, *outputs, *strides, *before, *dilation, groups]
    return Geometry(*sizes)


def along(sizes: Sizes, window: Sizes, strides: Sizes, padding: str, dilation: Sizes) -> tuple[list[int], list[int]]:
    """Along each axis the padding before it, and the number of outputs."""
    axes = list(zip(sizes, window, strides, dilation, strict=True))
    if padding == "same":
        return [same_padding(*axis)[0] for axis in axes], [-(-n // s) for n, _, s, _ in axes]
    spans = [(k - 1) * d for _, k, _, d in axes]  # causal: the window's last place is the output's own
    before = spans if padding == "causal" else [0 for _ in axes]
    return before, [(n + b - e - 1) // s + 1 for (n, _, s, _), b, e in zip(axes, before, spans, strict=True)]


@lru_cache(maxsize=256)
def volume(
    x: Sizes, y: Sizes, window: Sizes, strides: Sizes, padding: str, dilation: Sizes, groups: int
) -> Volume:  # fmt: skip
    """All sizes of the convolution of volumes of shape x that puts out shape y."""
    from tinyseq.kernels.convolution.volume_geometry import Volume

    before, _ = along(x[1:-1], window, strides, padding, dilation)
    sizes = [*x[1:], *window, y[-1], *y[1:-1], *strides, *before, *dilation, groups]
    return Volume(*sizes)
