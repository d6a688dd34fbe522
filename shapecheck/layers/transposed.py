"""Transposed convolutions: (batch, *positions, channels) -> (batch, *spatial, filters), a convolution backwards."""

from __future__ import annotations

from shapecheck.diagnostics.arguments import ConflictingArguments
from shapecheck.diagnostics.base import ShapeError
from shapecheck.diagnostics.rank import UndefinedDimension
from shapecheck.languages import Phrase
from shapecheck.layers import arguments as check
from shapecheck.layers.base import Arithmetic, Inference, Window
from shapecheck.layers.windows import AXES, Spatial, count, extent, kernel_and_bias, refuse_stride_with_dilation
from shapecheck.shapes import Dim, Shape, Unknown, combine, multiply

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any, Unpack

    from shapecheck.layers.base import Options, Sizes


class Transposed(Spatial):
    """Common base of all transposed convolutions: the gradient of a convolution that would map output to input."""

    def __init__(
        self, filters: int, kernel_size: Sizes, strides: Sizes, padding: str, output_padding: Sizes | None,
        data_format: str | None, dilation_rate: Sizes, activation: Any, use_bias: bool, kernel_initializer: Any,
        bias_initializer: Any, kernel_regularizer: Any, bias_regularizer: Any, activity_regularizer: Any,
        kernel_constraint: Any, bias_constraint: Any, **options: Unpack[Options],
    ) -> None:  # fmt: skip
        super().__init__(**options)
        axes = self.rank - 2
        self.filters = check.whole("filters", filters)
        self.kernel_size = check.wholes("kernel_size", kernel_size, axes)
        self.strides = check.wholes("strides", strides, axes)
        self.padding = check.word("padding", padding, check.PADDINGS)
        extra = None if output_padding is None else check.wholes("output_padding", output_padding, axes, least=0)
        self.output_padding = extra
        self.data_format = check.data_format(data_format)
        self.dilation_rate = check.wholes("dilation_rate", dilation_rate, axes)
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
        self._check_output_padding()

    def _check_output_padding(self) -> None:
        """Below the stride; and with padding="same", a size that the forward convolution maps back (else TensorFlow
        fails at run time, although the symbolic shape exists)."""
        for extra, stride, window in zip(self.output_padding or (), self.strides, self.kernel_size, strict=False):
            if not isinstance(extra, int) or not isinstance(stride, int):
                continue
            if extra >= stride:
                raise self._conflict(
                    "strides",
                    Phrase("arguments", "it_must_be_below", "it must be below the stride"),
                    Phrase("arguments", "remove", "remove {code}", code="output_padding"),
                )
            if self.padding == "same" and isinstance(window, int) and not 1 <= window % 2 + extra <= stride:
                why = Phrase(
                    "arguments", "with_padding_same_no", 'with padding="same" no convolution maps such an output back to the input'
                )
                raise self._conflict("kernel_size", why, Phrase("arguments", "remove", "remove {code}", code="output_padding"))

    def _conflict(self, other: str, why: str, advice: str) -> ShapeError:
        facts = ("output_padding", self.output_padding, other, getattr(self, other))
        return ShapeError(ConflictingArguments(*facts, why, advice))

    def infer_known(self, shape: Shape) -> Inference:
        sizes, channels = self.split(shape)
        if channels is None:
            raise ShapeError(UndefinedDimension(shape, self.channel_axis))
        sums = tuple(self._along(i, size) for i, size in enumerate(sizes))
        outputs = tuple(line.result for line in sums)
        weights = kernel_and_bias(self, (*self.kernel_size, self.filters, channels), self.filters)
        return Inference(
            self.join(shape, outputs, check.activated(self.filters, self.activation)),
            weights,
            multiply_adds=multiply(*sizes, *self.kernel_size, channels, self.filters),
            arithmetic=(*sums, count(self.kernel_size, channels, self.filters, self.use_bias)),
            window=self._window(outputs),
        )

    def infer_unknown(self, shape: Shape) -> Inference:
        return self.infer_known(self.join(shape, *self.split(shape)))

    def _along(self, i: int, size: Dim) -> Arithmetic:
        window = extent(self.kernel_size[i], self.dilation_rate[i])
        stride: Dim = self.strides[i]
        more: Dim = self.output_padding[i] if self.output_padding else None
        values = {"size": size, "window": window, "stride": stride, "more": more}
        axis = AXES[self.rank - 2][i]
        if isinstance(self.padding, Unknown):
            return Arithmetic(axis, "size*stride", values, self.padding)
        if self.padding == "same" and self.output_padding is None:
            return Arithmetic(axis, "size*stride", values, multiply(size, stride))
        if self.output_padding is None:
            result = combine(lambda n, k, s: (n - 1) * s + max(k, s), size, window, stride)
            return Arithmetic(axis, "(size-1)*stride + max(window, stride)", values, result)
        if self.padding == "same":
            result = combine(lambda n, k, s, m: (n - 1) * s + k % 2 + m, size, window, stride, more)
            return Arithmetic(axis, "(size-1)*stride + window%2 + more", values, result)
        result = combine(lambda n, k, s, m: (n - 1) * s + k + m, size, window, stride, more)
        return Arithmetic(axis, "(size-1)*stride + window + more", values, result)

    def _window(self, outputs: tuple[Dim, ...]) -> Window:
        """Each output lies under ceil(extent/stride) inputs at most; then the axis is stretched by the stride."""
        reach = tuple(
            combine(lambda k, s: -(-k // s), extent(k, d), s)
            for k, d, s in zip(self.kernel_size, self.dilation_rate, self.strides, strict=True)
        )
        return Window(reach, (1,) * len(outputs), outputs, factors=self.strides, padding="same")


class Conv1DTranspose(Transposed):
    """(steps, channels) -> (longer, filters): stretches a sequence.

    >>> print(Conv1DTranspose(4, 3, strides=2).infer((Shape((None, 7, 5)),)).output)
    (None, 15, 4)
    """

    rank = 3

    def __init__(
        self, filters: int, kernel_size: Sizes, strides: Sizes = 1, padding: str = "valid",
        output_padding: Sizes | None = None, data_format: str | None = None, dilation_rate: Sizes = 1,
        activation: Any = None, use_bias: bool = True, kernel_initializer: Any = "glorot_uniform",
        bias_initializer: Any = "zeros", kernel_regularizer: Any = None, bias_regularizer: Any = None,
        activity_regularizer: Any = None, kernel_constraint: Any = None, bias_constraint: Any = None,
        **options: Unpack[Options],
    ) -> None:  # fmt: skip
        super().__init__(
            filters, kernel_size, strides, padding, output_padding, data_format, dilation_rate, activation,
            use_bias, kernel_initializer, bias_initializer, kernel_regularizer, bias_regularizer,
            activity_regularizer, kernel_constraint, bias_constraint, **options,
        )


class Conv2DTranspose(Transposed):
    """(rows, columns, channels) -> (height, width, filters): stretches an image.

    Its kernel is (height, width, filters, channels): the forward convolution's, as stored.

    >>> print(Conv2DTranspose(4, 3, strides=2, padding="same").infer((Shape((None, 5, 7, 3)),)).output)
    (None, 10, 14, 4)
    """

    rank = 4

    def __init__(
        self, filters: int, kernel_size: Sizes, strides: Sizes = (1, 1), padding: str = "valid",
        output_padding: Sizes | None = None, data_format: str | None = None, dilation_rate: Sizes = (1, 1),
        activation: Any = None, use_bias: bool = True, kernel_initializer: Any = "glorot_uniform",
        bias_initializer: Any = "zeros", kernel_regularizer: Any = None, bias_regularizer: Any = None,
        activity_regularizer: Any = None, kernel_constraint: Any = None, bias_constraint: Any = None,
        **options: Unpack[Options],
    ) -> None:  # fmt: skip
        super().__init__(
            filters, kernel_size, strides, padding, output_padding, data_format, dilation_rate, activation,
            use_bias, kernel_initializer, bias_initializer, kernel_regularizer, bias_regularizer,
            activity_regularizer, kernel_constraint, bias_constraint, **options,
        )


class Conv3DTranspose(Transposed):
    """(layers, rows, columns, channels) -> (depth, height, width, filters): stretches a volume.

    >>> print(Conv3DTranspose(4, 3, strides=2).infer((Shape((None, 3, 5, 4, 2)),)).output)
    (None, 7, 11, 9, 4)
    """

    rank = 5

    def __init__(
        self, filters: int, kernel_size: Sizes, strides: Sizes = (1, 1, 1), padding: str = "valid",
        data_format: str | None = None, output_padding: Sizes | None = None, dilation_rate: Sizes = (1, 1, 1),
        activation: Any = None, use_bias: bool = True, kernel_initializer: Any = "glorot_uniform",
        bias_initializer: Any = "zeros", kernel_regularizer: Any = None, bias_regularizer: Any = None,
        activity_regularizer: Any = None, kernel_constraint: Any = None, bias_constraint: Any = None,
        **options: Unpack[Options],
    ) -> None:  # fmt: skip
        super().__init__(
            filters, kernel_size, strides, padding, output_padding, data_format, dilation_rate, activation,
            use_bias, kernel_initializer, bias_initializer, kernel_regularizer, bias_regularizer,
            activity_regularizer, kernel_constraint, bias_constraint, **options,
        )
