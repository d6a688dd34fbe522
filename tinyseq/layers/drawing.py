"""RandomTensor: random numbers as a tensor of a model, drawn anew for each batch: what tinyseq.random means inside call()."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from shapecheck.layers.base import Inference
from shapecheck.shapes import Shape
from tinyseq import kernels
from tinyseq.engine.operator import Buffers, Sizes
from tinyseq.layers import calling
from tinyseq.layers.base import Layer
from tinyseq.layers.regularization import STATE
from tinyseq.layers.tensor_functions.calling import ANCHOR
from tinyseq.layers.tensor_functions.composed.open_sizes import OpenSize, as_sizes

if TYPE_CHECKING:
    from tinyseq.engine.context import Context


class RandomTensor(Layer):
    """A tensor -> random numbers (its samples, *sizes), normal or uniform in [0, 1). No gradient goes through."""

    operation = True
    tells = True
    shardable = True
    random = True
    needs_input = False
    needs_output = False
    differentiable = False

    def __init__(self, distribution: str, sizes: tuple[int, ...], seed: Any, **options: Any) -> None:
        super().__init__(**options)
        self.distribution = distribution
        self.sizes = sizes
        self.seed = seed

    def get_config(self) -> dict[str, Any]:
        raise NotImplementedError(f"{self.name}: a model that draws random numbers in its call() is saved by its class, not as a graph")

    def infer(self, inputs: tuple[Shape, ...]) -> Inference:
        batch = inputs[0].dims[0] if inputs[0].dims else None
        return Inference(Shape((batch, *self.sizes)), window="new")

    def buffers(self, inputs: tuple[Sizes, ...], output: Sizes, training: bool) -> Buffers:
        return Buffers({}, {"state": STATE})

    def forward(self, ctx: Context, *inputs: Any) -> Any:
        fill = kernels.philox.normal if self.distribution == "normal" else kernels.philox.uniform
        ctx.call(fill, kernels.philox.seed_words(ctx.seed), ctx.drawn, ctx.scratch("state"), ctx.output.reshape(-1))
        return ctx.output

    def backward(self, ctx: Context, *gradients: Any) -> None:
        dx = ctx.input_gradient()
        if dx is not None:
            ctx.call(kernels.copying.clear_all, dx)


def follows() -> bool:
    """Whether a call() is followed now."""
    return ANCHOR.get() is not None


def drawn(what: str, distribution: str, shape: Any, seed: Any) -> Any:
    """A tensor of random numbers in the call() that is followed now; None outside of one. ValueError for a shape without a batch axis."""
    anchor = ANCHOR.get()
    if anchor is None:
        return None
    sizes = tuple(None if isinstance(size, OpenSize) and size.factor == 1 else size for size in as_sizes(shape))
    if sizes[:1] != (None,) or not all(isinstance(size, (int, np.integer)) for size in sizes[1:]):
        raise ValueError(
            f"random.{what}: shape={sizes} in call(): only the batch may be open, and it comes first: write "
            f"shape=(ops.shape(x)[0], 3) for 3 numbers a sample; draw what is the same for all batches in __init__"
        )
    layer = RandomTensor(distribution, tuple(int(size) for size in sizes[1:] if size is not None), seed)
    return calling.connect(calling.forced(layer, [anchor], True), [anchor])
