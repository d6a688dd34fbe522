"""Convolutions: (batch, *spatial, channels) -> (batch, *positions, filters).

Depthwise and separable ones are in depthwise.py, transposed ones in transposed.py.
"""

from __future__ import annotations

from shapecheck.diagnostics.base import ShapeError
from shapecheck.diagnostics.rank import UndefinedDimension
from shapecheck.diagnostics.sizes import NotDivisible
from shapecheck.languages import Phrase
from shapecheck.layers import arguments as check
from shapecheck.layers.base import Inference
from shapecheck.layers.windows import Spatial, count, kernel_and_bias, refuse_stride_with_dilation, slide
from shapecheck.shapes import Shape, combine, multiply

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any, Unpack

    from shapecheck.layers.base import Options, Sizes


class Convolution(Spatial):
    """Common base of all convolutions; `rank` fixes how many axes there are.

    output = activation(sum over window and channels of input . kernel + bias), cross-correlation as everywhere in deep
    learning. Sizes as in Dumoulin & Visin (2016), "A guide to convolution arithmetic".
    """

    causal = False

    def __init__(
        self, filters: int, kernel_size: Sizes, strides: Sizes, padding: str, data_format: str | None,
        dilation_rate: Sizes, groups: int, activation: Any, use_bias: bool, kernel_initializer: Any,
        bias_initializer: Any, kernel_regularizer: Any, bias_regularizer: Any, activity_regularizer: Any,
        kernel_constraint: Any, bias_constraint: Any, **options: Unpack[Options],
    ) -> None:  # fmt: skip
        super().__init__(**options)
        self.filters = check.whole("filters", filters)
        self.kernel_size = check.wholes("kernel_size", kernel_size, self.rank - 2)
        self.strides = check.wholes("strides", strides, self.rank - 2)
        self.padding = check.word("padding", padding, (*check.PADDINGS, "causal") if self.causal else check.PADDINGS)
        self.data_format = check.data_format(data_format)
        self.dilation_rate = check.wholes("dilation_rate", dilation_rate, self.rank - 2)
        self.groups = check.whole("groups", groups)
        self.activation = check.activation(activation)
        self.use_bias = check.flag("use_bias", use_bias)
        self.kernel_initializer = check.initializer("kernel_initializer", kernel_initializer)
        self.bias_initializer = check.initializer("bias_initializer", bias_initializer)
        self.kernel_regularizer = check.regularizer("kernel_regularizer", kernel_regularizer)
        self.bias_regularizer = check.regularizer("bias_regularizer", bias_regularizer)
        self.activity_regularizer = check.regularizer("activity_regularizer", activity_regularizer)
        self.kernel_constraint = check.constraint("kernel_constraint", kernel_constraint)
        self.bias_constraint = check.constraint("bias_constraint", bias_constraint)
        refuse_stride_with_dilation(self.strides, self.dilation_rate)
        if isinstance(self.filters, int) and isinstance(self.groups, int) and self.filters % self.groups:
            raise ShapeError(NotDivisible("groups", self.groups, self.filters, Phrase("SC103", "filters", "filters")))

    def infer_known(self, shape: Shape) -> Inference:
        sizes, channels = self.split(shape)
        if channels is None:
            raise ShapeError(UndefinedDimension(shape, self.channel_axis))
        if isinstance(channels, int) and isinstance(self.groups, int) and channels % self.groups:
            raise ShapeError(NotDivisible("groups", self.groups, channels, Phrase("SC103", "input_channels", "input channels")))
        slid = slide(sizes, self.kernel_size, self.strides, self.padding, self.dilation_rate)
        depth = combine(lambda c, g: c // g, channels, self.groups)
        return Inference(
            self.join(shape, slid.sizes, check.activated(self.filters, self.activation)),
            kernel_and_bias(self, (*self.kernel_size, depth, self.filters), self.filters),
            multiply_adds=multiply(*slid.sizes, *self.kernel_size, depth, self.filters),
            arithmetic=(*slid.arithmetic, count(self.kernel_size, depth, self.filters, self.use_bias)),
            window=slid.window,
        )

    def infer_unknown(self, shape: Shape) -> Inference:
        return self.infer_known(self.join(shape, *self.split(shape)))


class Conv1D(Convolution):
    """(steps, channels) -> (positions, filters): a window slides along a sequence.

    padding="causal" looks only backwards: the output at t depends on inputs up to t.

    >>> print(Conv1D(4, 3, padding="causal").infer((Shape((None, 9, 5)),)).output)
    (None, 9, 4)
    """

    rank = 3
    causal = True

    def __init__(
        self, filters: int, kernel_size: Sizes, strides: Sizes = 1, padding: str = "valid",
        data_format: str | None = None, dilation_rate: Sizes = 1, groups: int = 1, activation: Any = None,
        use_bias: bool = True, kernel_initializer: Any = "glorot_uniform", bias_initializer: Any = "zeros",
        kernel_regularizer: Any = None, bias_regularizer: Any = None, activity_regularizer: Any = None,
        kernel_constraint: Any = None, bias_constraint: Any = None, **options: Unpack[Options],
    ) -> None:  # fmt: skip
        super().__init__(
            filters, kernel_size, strides, padding, data_format, dilation_rate, groups, activation, use_bias,
            kernel_initializer, bias_initializer, kernel_regularizer, bias_regularizer, activity_regularizer,
            kernel_constraint, bias_constraint, **options,
        )


class Conv2D(Convolution):
    """(height, width, channels) -> (rows, columns, filters): a window slides over an image.

    >>> print(Conv2D(32, 5, strides=2).infer((Shape((None, 250, 250, 3)),)).output)
    (None, 123, 123, 32)
    """

    rank = 4

    def __init__(
        self, filters: int, kernel_size: Sizes, strides: Sizes = (1, 1), padding: str = "valid",
        data_format: str | None = None, dilation_rate: Sizes = (1, 1), groups: int = 1, activation: Any = None,
        use_bias: bool = True, kernel_initializer: Any = "glorot_uniform", bias_initializer: Any = "zeros",
        kernel_regularizer: Any = None, bias_regularizer: Any = None, activity_regularizer: Any = None,
        kernel_constraint: Any = None, bias_constraint: Any = None, **options: Unpack[Options],
    ) -> None:  # fmt: skip
        super().__init__(
            filters, kernel_size, strides, padding, data_format, dilation_rate, groups, activation, use_bias,
            kernel_initializer, bias_initializer, kernel_regularizer, bias_regularizer, activity_regularizer,
            kernel_constraint, bias_constraint, **options,
        )


class Conv3D(Convolution):
    """(depth, height, width, channels) -> (layers, rows, columns, filters): a window slides through a volume.

    >>> print(Conv3D(4, 3).infer((Shape((None, 5, 7, 6, 3)),)).output)
    (None, 3, 5, 4, 4)
    """

    rank = 5

    def __init__(
        self, filters: int, kernel_size: Sizes, strides: Sizes = (1, 1, 1), padding: str = "valid",
        data_format: str | None = None, dilation_rate: Sizes = (1, 1, 1), groups: int = 1, activation: Any = None,
        use_bias: bool = True, kernel_initializer: Any = "glorot_uniform", bias_initializer: Any = "zeros",
        kernel_regularizer: Any = None, bias_regularizer: Any = None, activity_regularizer: Any = None,
        kernel_constraint: Any = None, bias_constraint: Any = None, **options: Unpack[Options],
    ) -> None:  # fmt: skip
        super().__init__(
            filters, kernel_size, strides, padding, data_format, dilation_rate, groups, activation, use_bias,
            kernel_initializer, bias_initializer, kernel_regularizer, bias_regularizer, activity_regularizer,
            kernel_constraint, bias_constraint, **options,
        )
