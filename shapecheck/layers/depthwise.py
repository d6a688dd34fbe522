"""Depthwise and separable convolutions: a window for each channel, and channels mixed by 1x1 windows."""

from __future__ import annotations

from shapecheck.diagnostics.base import ShapeError
from shapecheck.diagnostics.rank import UndefinedDimension
from shapecheck.layers import arguments as check
from shapecheck.layers.base import Arithmetic, Inference, WeightSpec
from shapecheck.layers.windows import AXES, Slid, Spatial, refuse_stride_with_dilation, slide
from shapecheck.shapes import Dim, Shape, Unknown, add, multiply

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any, Unpack

    from shapecheck.layers.base import Options, Sizes


class Depthwise(Spatial):
    """Common base of both depthwise convolutions: output channel c*depth_multiplier + m sees input channel c only."""

    def __init__(
        self, kernel_size: Sizes, strides: Sizes, padding: str, depth_multiplier: int, data_format: str | None,
        dilation_rate: Sizes, activation: Any, use_bias: bool, depthwise_initializer: Any, bias_initializer: Any,
        depthwise_regularizer: Any, bias_regularizer: Any, activity_regularizer: Any, depthwise_constraint: Any,
        bias_constraint: Any, **options: Unpack[Options],
    ) -> None:  # fmt: skip
        super().__init__(**options)
        self.kernel_size = check.wholes("kernel_size", kernel_size, self.rank - 2)
        self.strides = check.wholes("strides", strides, self.rank - 2)
        self.padding = check.word("padding", padding, check.PADDINGS)
        self.depth_multiplier = check.whole("depth_multiplier", depth_multiplier)
        self.data_format = check.data_format(data_format)
        self.dilation_rate = check.wholes("dilation_rate", dilation_rate, self.rank - 2)
        self.activation = check.activation(activation)
        self.use_bias = check.flag("use_bias", use_bias)
        self.depthwise_initializer = check.initializer("depthwise_initializer", depthwise_initializer)
        self.bias_initializer = check.initializer("bias_initializer", bias_initializer)
        self.depthwise_regularizer = check.regularizer("depthwise_regularizer", depthwise_regularizer)
        self.bias_regularizer = check.regularizer("bias_regularizer", bias_regularizer)
        self.activity_regularizer = check.regularizer("activity_regularizer", activity_regularizer)
        self.depthwise_constraint = check.constraint("depthwise_constraint", depthwise_constraint)
        self.bias_constraint = check.constraint("bias_constraint", bias_constraint)
        refuse_stride_with_dilation(self.strides, self.dilation_rate)

    def infer_known(self, shape: Shape) -> Inference:
        channels, slid = depthwise(self, shape)
        made = multiply(channels, self.depth_multiplier)
        kernel = WeightSpec("kernel", (*self.kernel_size, channels, self.depth_multiplier), self.depthwise_initializer)
        return Inference(
            self.join(shape, slid.sizes, check.activated(made, self.activation)),
            (kernel, *bias(self, made)),
            multiply_adds=multiply(*slid.sizes, *self.kernel_size, made),
            arithmetic=(*slid.arithmetic, self._count(channels)),
            window=slid.window,
        )

    def infer_unknown(self, shape: Shape) -> Inference:
        return self.infer_known(self.join(shape, *self.split(shape)))

    def _count(self, channels: Dim) -> Arithmetic:
        names, values = kernel_names(self.kernel_size)
        values = {**values, "channels": channels, "multiplier": self.depth_multiplier}
        formula = f"{names}*channels*multiplier"
        product = multiply(*self.kernel_size, channels, self.depth_multiplier)
        if not self.use_bias or isinstance(self.use_bias, Unknown):
            return Arithmetic("params", formula, values, self.use_bias or product)
        total = add(product, multiply(channels, self.depth_multiplier))
        return Arithmetic("params", f"{formula} + channels*multiplier", values, total)


class Separable(Spatial):
    """Common base of both separable convolutions: depthwise (stride, dilation), then 1x1; bias, activation at the end."""

    def __init__(
        self, filters: int, kernel_size: Sizes, strides: Sizes, padding: str, data_format: str | None,
        dilation_rate: Sizes, depth_multiplier: int, activation: Any, use_bias: bool, depthwise_initializer: Any,
        pointwise_initializer: Any, bias_initializer: Any, depthwise_regularizer: Any, pointwise_regularizer: Any,
        bias_regularizer: Any, activity_regularizer: Any, depthwise_constraint: Any, pointwise_constraint: Any,
        bias_constraint: Any, **options: Unpack[Options],
    ) -> None:  # fmt: skip
        super().__init__(**options)
        self.filters = check.whole("filters", filters)
        self.kernel_size = check.wholes("kernel_size", kernel_size, self.rank - 2)
        self.strides = check.wholes("strides", strides, self.rank - 2)
        self.padding = check.word("padding", padding, check.PADDINGS)
        self.data_format = check.data_format(data_format)
        self.dilation_rate = check.wholes("dilation_rate", dilation_rate, self.rank - 2)
        self.depth_multiplier = check.whole("depth_multiplier", depth_multiplier)
        self.activation = check.activation(activation)
        self.use_bias = check.flag("use_bias", use_bias)
        self.depthwise_initializer = check.initializer("depthwise_initializer", depthwise_initializer)
        self.pointwise_initializer = check.initializer("pointwise_initializer", pointwise_initializer)
        self.bias_initializer = check.initializer("bias_initializer", bias_initializer)
        self.depthwise_regularizer = check.regularizer("depthwise_regularizer", depthwise_regularizer)
        self.pointwise_regularizer = check.regularizer("pointwise_regularizer", pointwise_regularizer)
        self.bias_regularizer = check.regularizer("bias_regularizer", bias_regularizer)
        self.activity_regularizer = check.regularizer("activity_regularizer", activity_regularizer)
        self.depthwise_constraint = check.constraint("depthwise_constraint", depthwise_constraint)
        self.pointwise_constraint = check.constraint("pointwise_constraint", pointwise_constraint)
        self.bias_constraint = check.constraint("bias_constraint", bias_constraint)
        refuse_stride_with_dilation(self.strides, self.dilation_rate)

    def infer_known(self, shape: Shape) -> Inference:
        channels, slid = depthwise(self, shape)
        middle = multiply(channels, self.depth_multiplier)
        ones = (1,) * (self.rank - 2)
        first = (*self.kernel_size, channels, self.depth_multiplier)
        second = (*ones, middle, self.filters)
        each = add(multiply(*self.kernel_size, middle), multiply(middle, self.filters))
        return Inference(
            self.join(shape, slid.sizes, check.activated(self.filters, self.activation)),
            (
                WeightSpec("depthwise_kernel", first, self.depthwise_initializer),
                WeightSpec("pointwise_kernel", second, self.pointwise_initializer),
                *bias(self, self.filters),
            ),
            multiply_adds=multiply(*slid.sizes, each),
            arithmetic=(*slid.arithmetic, self._count(channels, each)),
            window=slid.window,
        )

    def infer_unknown(self, shape: Shape) -> Inference:
        return self.infer_known(self.join(shape, *self.split(shape)))

    def _count(self, channels: Dim, product: Dim) -> Arithmetic:
        names, values = kernel_names(self.kernel_size)
        values = {**values, "channels": channels, "multiplier": self.depth_multiplier, "filters": self.filters}
        formula = f"{names}*channels*multiplier + channels*multiplier*filters"
        if not self.use_bias or isinstance(self.use_bias, Unknown):
            return Arithmetic("params", formula, values, self.use_bias or product)
        return Arithmetic("params", f"{formula} + filters", values, add(product, self.filters))


def depthwise(layer: Any, shape: Shape) -> tuple[Dim, Slid]:
    """The channels of the input, and the windows over its spatial axes."""
    sizes, channels = layer.split(shape)
    if channels is None:
        raise ShapeError(UndefinedDimension(shape, layer.channel_axis))
    return channels, slide(sizes, layer.kernel_size, layer.strides, layer.padding, layer.dilation_rate)


def bias(layer: Any, size: Dim) -> tuple[WeightSpec, ...]:
    """The bias weight, if the layer has one."""
    if isinstance(layer.use_bias, Unknown):
        size = layer.use_bias
    return (WeightSpec("bias", (size,), layer.bias_initializer),) if layer.use_bias else ()


def kernel_names(kernel_size: tuple[Dim, ...]) -> tuple[str, dict[str, Dim]]:
    """("kernel_height*kernel_width", {"kernel_height": 3, "kernel_width": 3}): a part of a formula and its values."""
    values = {f"kernel_{axis}": size for axis, size in zip(AXES[len(kernel_size)], kernel_size, strict=True)}
    return "*".join(values), values


class DepthwiseConv1D(Depthwise):
    """(steps, channels) -> (positions, channels*depth_multiplier): one window for each channel.

    >>> print(DepthwiseConv1D(3, depth_multiplier=2).infer((Shape((None, 9, 4)),)).output)
    (None, 7, 8)
    """

    rank = 3

    def __init__(
        self, kernel_size: Sizes, strides: Sizes = 1, padding: str = "valid", depth_multiplier: int = 1,
        data_format: str | None = None, dilation_rate: Sizes = 1, activation: Any = None, use_bias: bool = True,
        depthwise_initializer: Any = "glorot_uniform", bias_initializer: Any = "zeros",
        depthwise_regularizer: Any = None, bias_regularizer: Any = None, activity_regularizer: Any = None,
        depthwise_constraint: Any = None, bias_constraint: Any = None, **options: Unpack[Options],
    ) -> None:  # fmt: skip
        super().__init__(
            kernel_size, strides, padding, depth_multiplier, data_format, dilation_rate, activation, use_bias,
            depthwise_initializer, bias_initializer, depthwise_regularizer, bias_regularizer, activity_regularizer,
            depthwise_constraint, bias_constraint, **options,
        )


class DepthwiseConv2D(Depthwise):
    """(height, width, channels) -> (rows, columns, channels*depth_multiplier): one window for each channel.

    >>> print(DepthwiseConv2D(3).infer((Shape((None, 5, 7, 3)),)).output)
    (None, 3, 5, 3)
    """

    rank = 4

    def __init__(
        self, kernel_size: Sizes, strides: Sizes = (1, 1), padding: str = "valid", depth_multiplier: int = 1,
        data_format: str | None = None, dilation_rate: Sizes = (1, 1), activation: Any = None,
        use_bias: bool = True, depthwise_initializer: Any = "glorot_uniform", bias_initializer: Any = "zeros",
        depthwise_regularizer: Any = None, bias_regularizer: Any = None, activity_regularizer: Any = None,
        depthwise_constraint: Any = None, bias_constraint: Any = None, **options: Unpack[Options],
    ) -> None:  # fmt: skip
        super().__init__(
            kernel_size, strides, padding, depth_multiplier, data_format, dilation_rate, activation, use_bias,
            depthwise_initializer, bias_initializer, depthwise_regularizer, bias_regularizer, activity_regularizer,
            depthwise_constraint, bias_constraint, **options,
        )


class SeparableConv1D(Separable):
    """(steps, channels) -> (positions, filters): one window for each channel, then channels are mixed.

    >>> print(SeparableConv1D(5, 3).infer((Shape((None, 9, 4)),)).output)
    (None, 7, 5)
    """

    rank = 3

    def __init__(
        self, filters: int, kernel_size: Sizes, strides: Sizes = 1, padding: str = "valid",
        data_format: str | None = None, dilation_rate: Sizes = 1, depth_multiplier: int = 1, activation: Any = None,
        use_bias: bool = True, depthwise_initializer: Any = "glorot_uniform",
        pointwise_initializer: Any = "glorot_uniform", bias_initializer: Any = "zeros",
        depthwise_regularizer: Any = None, pointwise_regularizer: Any = None, bias_regularizer: Any = None,
        activity_regularizer: Any = None, depthwise_constraint: Any = None, pointwise_constraint: Any = None,
        bias_constraint: Any = None, **options: Unpack[Options],
    ) -> None:  # fmt: skip
        super().__init__(
            filters, kernel_size, strides, padding, data_format, dilation_rate, depth_multiplier, activation,
            use_bias, depthwise_initializer, pointwise_initializer, bias_initializer, depthwise_regularizer,
            pointwise_regularizer, bias_regularizer, activity_regularizer, depthwise_constraint,
            pointwise_constraint, bias_constraint, **options,
        )


class SeparableConv2D(Separable):
    """(height, width, channels) -> (rows, columns, filters): one window for each channel, then channels are mixed.

    Chollet (2017), "Xception: Deep Learning with Depthwise Separable Convolutions".

    >>> SeparableConv2D(5, 3).infer((Shape((None, 5, 7, 3)),)).weights[1].shape
    (1, 1, 3, 5)
    """

    rank = 4

    def __init__(
        self, filters: int, kernel_size: Sizes, strides: Sizes = (1, 1), padding: str = "valid",
        data_format: str | None = None, dilation_rate: Sizes = (1, 1), depth_multiplier: int = 1,
        activation: Any = None, use_bias: bool = True, depthwise_initializer: Any = "glorot_uniform",
        pointwise_initializer: Any = "glorot_uniform", bias_initializer: Any = "zeros",
        depthwise_regularizer: Any = None, pointwise_regularizer: Any = None, bias_regularizer: Any = None,
        activity_regularizer: Any = None, depthwise_constraint: Any = None, pointwise_constraint: Any = None,
        bias_constraint: Any = None, **options: Unpack[Options],
    ) -> None:  # fmt: skip
        super().__init__(
            filters, kernel_size, strides, padding, data_format, dilation_rate, depth_multiplier, activation,
            use_bias, depthwise_initializer, pointwise_initializer, bias_initializer, depthwise_regularizer,
            pointwise_regularizer, bias_regularizer, activity_regularizer, depthwise_constraint,
            pointwise_constraint, bias_constraint, **options,
        )
