"""Input: where a graph begins, as a tensor and as a layer."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from shapecheck.layers import core as rules
from shapecheck.nodes import Node
from tinyseq import kernels
from tinyseq.did_you_mean import spelled
from tinyseq.engine.masks import Differs
from tinyseq.engine.operator import Sizes
from tinyseq.engine.strings import STRING
from tinyseq.layers.base import Layer
from tinyseq.layers.moving import Unchanged
from tinyseq.layers.symbolic import SymbolicTensor

if TYPE_CHECKING:
    from tinyseq.engine.context import Context

__all__ = ["Identity", "Input", "InputLayer"]


class Identity(rules.Identity, Unchanged):
    def turnable(self, shapes: tuple[Sizes, ...]) -> bool:
        return True


class Masking(rules.Masking, Layer):
    """Leaves out the steps at which all features equal `mask_value`: they become 0, and later layers get a mask."""

    tells = True
    needs_output = False

    def masking(self, masked: tuple[bool, ...], outputs: int) -> tuple[Any, ...]:
        return (Differs(self.mask_value),)

    def forward(self, ctx: Context, *inputs: Any) -> Any:
        x, y = (array.reshape(-1, array.shape[-1]) for array in (inputs[0], ctx.output))
        ctx.call(kernels.masks.blank, x, np.float32(self.mask_value), y)
        return ctx.output

    def backward(self, ctx: Context, *gradients: Any) -> None:
        dx = ctx.input_gradient()
        if dx is not None:
            dy, x, rows = (array.reshape(-1, array.shape[-1]) for array in (gradients[0], ctx.inputs[0], dx))
            ctx.call(kernels.masks.blank_gradient, dy, x, np.float32(self.mask_value), rows)


class InputLayer(rules.InputLayer, Layer):
    """The input of a model. It computes nothing."""

    def check_compute(self) -> None:
        if self.dtype == STRING:
            return
        try:
            number = np.dtype(self.dtype or "float32").kind in "fiub"
        except TypeError:
            number = False
        if not number:
            raise ValueError(f"{self.name}: dtype={self.dtype!r} is not a numeric dtype: write dtype='float32', or leave it out")


@spelled
def Input(
    shape: Any = None,
    batch_size: int | None = None,
    dtype: Any = None,
    sparse: bool | None = None,
    ragged: bool | None = None,
    batch_shape: Any = None,
    name: str | None = None,
    tensor: Any = None,
    optional: bool = False,
) -> SymbolicTensor:
    """The tensor (batch, *shape) for the data of the model.

    Arguments:
        shape: sizes of one sample, without the batch axis; None for a size known at run time; an int means (int,)
        batch_size: samples in every batch; None: any number
        dtype: kind of numbers: "float32", or "int32" for indices; "string": only StringLookup, TextVectorization and Hashing read it
        sparse: of Keras, not computed: leave it out
        ragged: of Keras, not computed: leave it out
        batch_shape: shape with the batch axis, in place of shape and batch_size
        name: the input's name; None: an automatic one
        tensor: of Keras, not computed: leave it out
        optional: of Keras, not computed: leave it out
    """
    for argument, value in (("sparse", sparse), ("ragged", ragged), ("tensor", tensor), ("optional", optional)):
        if value:
            raise NotImplementedError(f"Input: {argument}={value!r} is not computed: leave it out")
    layer = InputLayer(shape=shape, batch_size=batch_size, dtype=dtype, batch_shape=batch_shape, name=name)
    return input_tensor(layer)


def input_tensor(layer: InputLayer) -> SymbolicTensor:
    """The tensor of an InputLayer: always the same node."""
    if not layer._nodes:
        layer.check_compute()
        layer._nodes.append(Node(layer))
    accepted = layer.shape_accepted
    if accepted.dims is None or len(accepted.dims) < 1:
        raise ValueError(f"{layer.name}: an Input needs a known number of axes, for example Input(shape=(28, 28, 1))")
    layer._weights_for = ()
    return SymbolicTensor(layer._nodes[0], 0, accepted, str(layer.name), str(layer.dtype or "float32"))
