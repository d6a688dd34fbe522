"""Operators that make masks, put in by the planner: (samples, steps) uint8, 0 for a step that is left out."""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache
from typing import Any, ClassVar

import numpy as np
from numpy.typing import NDArray

from shapecheck.layers.base import Inference
from shapecheck.shapes import Shape
from tinyseq import kernels
from tinyseq.engine.context import Context
from tinyseq.engine.operator import Operator


class MaskMaker(Operator):
    """Makes a mask; no gradient goes through."""

    of_masks: ClassVar[bool] = False
    """It is made of the masks of a layer's inputs (of an input itself, if that has none), not of the inputs."""

    tells = True
    shardable = True
    needs_input = False
    needs_output = False
    differentiable = False
    input_dtype = "any"
    output_dtype = "uint8"

    def __init__(self) -> None:
        super().__init__(name="mask")

    def infer(self, inputs: tuple[Shape, ...]) -> Inference:
        return Inference(inputs[0])

    def of(self, inputs: Sequence[Any], masks: Sequence[Any]) -> Any:
        """The mask as truth values, from the inputs' numbers and the masks that they have (None: none), by NumPy."""
        raise NotImplementedError

    def masking(self, masked: tuple[bool, ...], outputs: int) -> tuple[Any, ...]:
        return ()


class NonZero(MaskMaker):
    """Where whole numbers are not 0."""

    tells = True

    def of(self, inputs: Sequence[Any], masks: Sequence[Any]) -> Any:
        return np.asarray(inputs[0]) != 0

    def forward(self, ctx: Context, *inputs: Any) -> Any:
        ctx.call(kernels.masks.nonzero, inputs[0].reshape(-1), ctx.output.reshape(-1))
        return ctx.output


class Differs(MaskMaker):
    """Where some number along the last axis is not `value`."""

    tells = True

    def __init__(self, value: float) -> None:
        super().__init__()
        self.value = np.float32(value)

    def of(self, inputs: Sequence[Any], masks: Sequence[Any]) -> Any:
        return (np.asarray(inputs[0]) != self.value).any(-1)

    def infer(self, inputs: tuple[Shape, ...]) -> Inference:
        assert inputs[0].dims is not None
        return Inference(Shape(inputs[0].dims[:-1]))

    def forward(self, ctx: Context, *inputs: Any) -> Any:
        ctx.call(kernels.masks.differs, inputs[0].reshape(-1, inputs[0].shape[-1]), self.value, ctx.output.reshape(-1))
        return ctx.output


class Either(MaskMaker):
    """Where one mask or another is not 0."""

    tells = True
    of_masks = True

    def of(self, inputs: Sequence[Any], masks: Sequence[Any]) -> Any:
        return np.logical_or.reduce([np.asarray(mask) for mask in masks])

    def forward(self, ctx: Context, *inputs: Any) -> Any:
        ctx.call(kernels.masks.nonzero, inputs[0].reshape(-1), ctx.output.reshape(-1))
        for mask in inputs[1:]:
            ctx.call(kernels.masks.either, mask.reshape(-1), ctx.output.reshape(-1))
        return ctx.output


class AllTrue(MaskMaker):
    """Nothing is left out."""

    tells = True

    def of(self, inputs: Sequence[Any], masks: Sequence[Any]) -> Any:
        return np.ones(tuple(inputs[0].shape)[:-1], bool)

    def infer(self, inputs: tuple[Shape, ...]) -> Inference:
        assert inputs[0].dims is not None
        return Inference(Shape(inputs[0].dims[:-1]))

    def forward(self, ctx: Context, *inputs: Any) -> Any:
        ctx.call(kernels.masks.nonzero, all_true(ctx.output.shape).reshape(-1), ctx.output.reshape(-1))
        return ctx.output


class EndToEnd(MaskMaker):
    """The masks of layers that are joined along the steps. `masked`: which inputs have one; the others are all True."""

    tells = True
    of_masks = True

    def __init__(self, masked: tuple[bool, ...]) -> None:
        super().__init__()
        self.masked = masked

    def of(self, inputs: Sequence[Any], masks: Sequence[Any]) -> Any:
        parts = zip(inputs, masks, strict=True)
        return np.concatenate([np.ones(tuple(x.shape)[:2], bool) if mask is None else mask for x, mask in parts], 1)

    def infer(self, inputs: tuple[Shape, ...]) -> Inference:
        sizes = [shape.dims for shape in inputs if shape.dims is not None]
        return Inference(Shape((sizes[0][0], sum(dims[1] for dims in sizes if isinstance(dims[1], int)))))

    def forward(self, ctx: Context, *inputs: Any) -> Any:
        first = 0
        for one, masked in zip(inputs, self.masked, strict=True):
            ctx.call(kernels.masks.end_to_end, one if masked else all_true(one.shape[:2]), ctx.output, first)
            first += one.shape[1]
        return ctx.output


@lru_cache(maxsize=64)
def all_true(sizes: tuple[int, ...]) -> NDArray[np.uint8]:
    """A mask that leaves nothing out. Shared: do not write to it."""
    return np.ones(sizes, np.uint8)
