"""Common base of convolution and pooling: a window slides along each spatial axis."""

from __future__ import annotations

from collections.abc import Sequence

from shapecheck.diagnostics.arguments import ConflictingArguments
from shapecheck.diagnostics.base import ShapeError
from shapecheck.diagnostics.sizes import WindowTooLarge
from shapecheck.languages import Phrase
from shapecheck.layers.base import Arithmetic, OneInput, WeightSpec, Window
from shapecheck.shapes import Dim, Shape, Unknown, add, multiply, subtract, window_output

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any, ClassVar

AXES = {0: (), 1: ("steps",), 2: ("height", "width"), 3: ("depth", "height", "width")}
"""The spatial axes by name, for 1, 2 and 3 of them."""

SIZES = {3: "(steps, features)", 4: "(height, width, channels)", 5: "(depth, height, width, channels)"}
EXAMPLES = {3: "(100, 8)", 4: "(28, 28, 1)", 5: "(16, 64, 64, 1)"}


class Spatial(OneInput):
    """A rule on (batch, *spatial, channels), or (batch, channels, *spatial) if data_format="channels_first"."""

    rank: ClassVar[int]
    data_format: Any

    def split(self, shape: Shape) -> tuple[tuple[Dim, ...], Dim]:
        """(spatial sizes, channels) of an input, whose rank may be unknown."""
        if isinstance(self.data_format, Unknown):
            return (self.data_format,) * (self.rank - 2), self.data_format
        if shape.dims is None:
            channels = shape.last if self.data_format == "channels_last" else Unknown("channels", shape.why)
            return (Unknown("size", shape.why),) * (self.rank - 2), channels
        if self.data_format == "channels_first":
            return shape.dims[2:], shape.dims[1]
        return shape.dims[1:-1], shape.dims[-1]

    def join(self, like: Shape, sizes: Sequence[Dim], channels: Dim) -> Shape:
        """The output shape, with the batch axis of `like`."""
        batch = like.dims[0] if like.dims else Unknown("batch", like.why)
        if isinstance(self.data_format, Unknown):
            return Shape((batch, *(self.data_format,) * (len(sizes) + 1)))
        return Shape((batch, channels, *sizes) if self.data_format == "channels_first" else (batch, *sizes, channels))

    @property
    def channel_axis(self) -> int:
        """The position of the channels in a shape."""
        return 1 if self.data_format == "channels_first" else -1

    def rank_advice(self, shape: Shape) -> str:
        return spatial_advice(shape, self.rank)


def spatial_advice(shape: Shape, rank: int) -> str:
    """The advice for an input of the wrong rank: a missing channel axis, or a batch axis in input_shape."""
    assert shape.dims is not None
    written = Shape(shape.dims[1:])
    if len(shape.dims) == rank - 1 and len(shape.dims) > 1:
        right = Shape((*shape.dims[1:], 1))
        return Phrase(
            "arguments",
            "add_the_channel_axis",
            "add the channel axis: an input shape of {right} instead of {written}",
            right=right,
            written=written,
        )
    if len(shape.dims) == rank + 1:
        right = Shape(shape.dims[2:])
        return Phrase(
            "arguments",
            "remove_the_batch_axis_from",
            "remove the batch axis from the input shape: {right} instead of {written}",
            right=right,
            written=written,
        )
    sizes, example = SIZES[rank], EXAMPLES[rank]
    if len(shape.dims) < rank:
        return Phrase(
            "arguments",
            "it_expects_sizes_for_example",
            "it expects {sizes}, for example an input shape of {example}; not after Flatten or global pooling",
            sizes=sizes,
            example=example,
        )
    return Phrase(
        "arguments", "it_expects_sizes_for", "it expects {sizes}, for example an input shape of {example}", sizes=sizes, example=example
    )


class Slid:
    """The result of sliding a window along all axes: sizes, arithmetic and the window."""

    __slots__ = ("arithmetic", "sizes", "window")

    def __init__(self, sizes: tuple[Dim, ...], arithmetic: tuple[Arithmetic, ...], window: Window) -> None:
        self.sizes = sizes
        self.arithmetic = arithmetic
        self.window = window


def slide(
    sizes: Sequence[Dim],
    windows: Sequence[Dim],
    strides: Sequence[Dim],
    padding: Any,
    dilations: Sequence[Dim] | None = None,
    argument: str = "kernel_size",
) -> Slid:
    """The number of window positions along each axis. Raises ShapeError if a window does not fit.

    >>> print(slide((28, 28), (3, 3), (1, 1), "valid").arithmetic[0])
    floor((28-3)/1)+1 = 26
    """
    dilations = dilations or (1,) * len(sizes)
    sums = tuple(
        _along(axis, size, window, stride, dilation, padding, argument)
        for axis, size, window, stride, dilation in zip(
            AXES[len(sizes)], sizes, windows, strides, dilations, strict=True
        )
    )
    outputs = tuple(line.result for line in sums)
    extents = tuple(extent(window, dilation) for window, dilation in zip(windows, dilations, strict=True))
    return Slid(outputs, sums, Window(extents, tuple(strides), outputs, padding=padding))


def _along(axis: str, size: Dim, window: Dim, stride: Dim, dilation: Dim, padding: Any, argument: str) -> Arithmetic:
    result = window_output(size, window, stride, padding, dilation)
    if isinstance(result, int) and result < 1:
        assert isinstance(size, int) and isinstance(window, int) and isinstance(dilation, int)
        raise ShapeError(WindowTooLarge(axis, size, window, argument, dilation, stride if isinstance(stride, int) else 1))
    if padding in ("same", "causal"):
        formula = "ceil(size/stride)"
    elif dilation == 1:
        formula = "floor((size-window)/stride)+1"
    else:
        formula = "floor((size-dilation*(window-1)-1)/stride)+1"
    return Arithmetic(axis, formula, {"size": size, "window": window, "stride": stride, "dilation": dilation}, result)


def extent(window: Dim, dilation: Dim) -> Dim:
    """Pixels from the first to the last under a window: dilation*(window - 1) + 1."""
    return add(multiply(dilation, subtract(window, 1)), 1)


def refuse_stride_with_dilation(strides: tuple[Dim, ...], dilation_rate: tuple[Dim, ...]) -> None:
    """Keras accepts either strides or dilation above 1, not both."""
    if any(isinstance(s, int) and s > 1 for s in strides) and any(isinstance(d, int) and d > 1 for d in dilation_rate):
        why = Phrase("arguments", "strides_above_1_and", "strides above 1 and dilation above 1 cannot be combined")
        facts = ("strides", strides, "dilation_rate", dilation_rate)
        raise ShapeError(
            ConflictingArguments(*facts, why, Phrase("arguments", "write_strides_1_or", "write strides=1, or dilation_rate=1"))
        )


def kernel_and_bias(layer: Any, shape: tuple[Dim, ...], filters: Dim) -> tuple[WeightSpec, ...]:
    """The weights of a layer with kernel, bias and their initializers."""
    kernel = WeightSpec("kernel", shape, layer.kernel_initializer)
    if isinstance(layer.use_bias, Unknown):
        return (kernel, WeightSpec("bias", (layer.use_bias,), layer.bias_initializer))
    return (kernel, WeightSpec("bias", (filters,), layer.bias_initializer)) if layer.use_bias else (kernel,)


def count(kernel_size: tuple[Dim, ...], channels: Dim, filters: Dim, use_bias: Any) -> Arithmetic:
    """The arithmetic of the number of parameters: 3*3*channels*filters + filters."""
    names = [f"kernel_{axis}" for axis in AXES[len(kernel_size)]]
    values = dict(zip(names, kernel_size, strict=True), channels=channels, filters=filters)
    formula = "*".join([*names, "channels", "filters"])
    product = multiply(*kernel_size, channels, filters)
    if isinstance(use_bias, Unknown):
        return Arithmetic("params", formula, values, use_bias)
    if use_bias:
        return Arithmetic("params", f"{formula} + filters", values, add(product, filters))
    return Arithmetic("params", formula, values, product)
