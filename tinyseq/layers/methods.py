"""Which kernels compute a convolution the fastest: decided by the input shape of the layer, if it is known before any array is there."""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING, Any

from shapecheck.shapes import Shape
from tinyseq import kernels
from tinyseq.engine.channels import channels_first, channels_last
from tinyseq.engine.operator import Sizes
from tinyseq.layers.base import Layer

if TYPE_CHECKING:
    from tinyseq.kernels.convolution.geometry import Geometry

METHODS = {"winograd": "winograd", "folded": "strided_winograd", "phases": "phase_winograd", "direct": "direct"}
"""The kernels of each method."""
ALSO_BACK = ("winograd", "phases")
"""Methods that compute the gradient of the image too; beside the others it is computed directly."""


@lru_cache(maxsize=512)
def fastest(g: Geometry, known: bool = True) -> str:
    """Which of METHODS computes a convolution of these sizes, and is the fastest. known: the layer meets no other sizes, on which the
    packed weights of "phases" depend."""
    if kernels.winograd.fits(g):
        return "winograd" if kernels.winograd.wins(g.channels, g.filters, g.rows, g.columns) else "direct"
    if known and max(g.row_stride, g.column_stride) > 1 and kernels.phase_winograd.fits(g) and kernels.phase_winograd.wins(g):
        return "phases"
    return "folded" if kernels.strided_winograd.fits(g) and kernels.strided_winograd.wins(g) else "direct"


class KnownInput(Layer):
    """A layer that may know its input shape."""

    _known: Any = (None, None)
    """(the uses of the layer, its input shape), found at the first call."""

    def known_input(self: Any) -> Sizes | None:
        """The input shape of the layer, channels last, if it is used once and all sizes but the batch's are known there."""
        if self._known[0] != self._nodes:
            self._known = list(self._nodes), self._find_known_input()
        found: Sizes | None = self._known[1]
        return found

    def output_for(self: Any, x: Sizes) -> Sizes:
        """The output shape for an input of shape x, channels last both."""
        if self.data_format == "channels_first":
            return channels_last(tuple(self.infer((Shape(channels_first(x)),)).output.dims))
        return tuple(self.infer((Shape(x),)).output.dims)

    def __getstate__(self) -> dict[str, Any]:
        return {**super().__getstate__(), "_known": (None, None)}  # a copy is not used anywhere yet

    def _find_known_input(self: Any) -> Sizes | None:
        shapes = {tensor.shape_accepted.dims for node in self._nodes for tensor in node.inputs}
        dims = shapes.pop() if len(shapes) == 1 else None
        known = (1, *dims[1:]) if dims and all(isinstance(size, int) for size in dims[1:]) else None
        return channels_last(known) if known and self.data_format == "channels_first" else known
