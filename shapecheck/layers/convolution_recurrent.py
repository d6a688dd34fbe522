"""Recurrent layers whose products are convolutions: (steps, *spatial, channels) -> (*positions, filters)."""

from __future__ import annotations

from shapecheck.diagnostics.base import ShapeError
from shapecheck.diagnostics.rank import UndefinedDimension
from shapecheck.layers import arguments as check
from shapecheck.layers.base import Inference, WeightSpec
from shapecheck.layers.sequences import Steps
from shapecheck.layers.windows import refuse_stride_with_dilation, slide
from shapecheck.shapes import Dim, Shape, Unknown, add, multiply

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any, Unpack

    from shapecheck.layers.base import Options, Sizes


class ConvLSTM(Steps):
    """Common base of the convolutional LSTMs: the products of an LSTM are convolutions; the state's keep its size.

    Shi et al. (2015), "Convolutional LSTM Network".
    """

    states = 2

    def __init__(
        self, filters: int, kernel_size: Sizes, strides: Sizes, padding: str,
        data_format: str | None, dilation_rate: Sizes, activation: Any,
        recurrent_activation: Any, use_bias: bool, kernel_initializer: Any,
        recurrent_initializer: Any, bias_initializer: Any, unit_forget_bias: bool,
        kernel_regularizer: Any, recurrent_regularizer: Any, bias_regularizer: Any,
        activity_regularizer: Any, kernel_constraint: Any, recurrent_constraint: Any,
        bias_constraint: Any, dropout: float, recurrent_dropout: float, seed: int | None,
        return_sequences: bool, return_state: bool, go_backwards: bool,
        stateful: bool, **options: Unpack[Options],
    ) -> None:  # fmt: skip
        super().__init__(**options)
        axes = self.rank - 3
        self.filters = check.whole("filters", filters)
        self.kernel_size = check.wholes("kernel_size", kernel_size, axes)
        self.strides = check.wholes("strides", strides, axes)
        self.padding = check.word("padding", padding, check.PADDINGS)
        self.data_format = check.data_format(data_format)
        self.dilation_rate = check.wholes("dilation_rate", dilation_rate, axes)
        self.activation = check.activation(activation)
        self.recurrent_activation = check.activation(recurrent_activation, "recurrent_activation")
        self.use_bias = check.flag("use_bias", use_bias)
        self.kernel_initializer = check.initializer("kernel_initializer", kernel_initializer)
        self.recurrent_initializer = check.initializer("recurrent_initializer", recurrent_initializer)
        self.bias_initializer = check.initializer("bias_initializer", bias_initializer)
        self.unit_forget_bias = check.flag("unit_forget_bias", unit_forget_bias)
        self.kernel_regularizer = check.regularizer("kernel_regularizer", kernel_regularizer)
        self.recurrent_regularizer = check.regularizer("recurrent_regularizer", recurrent_regularizer)
        self.bias_regularizer = check.regularizer("bias_regularizer", bias_regularizer)
        self.activity_regularizer = check.regularizer("activity_regularizer", activity_regularizer)
        self.kernel_constraint = check.constraint("kernel_constraint", kernel_constraint)
        self.recurrent_constraint = check.constraint("recurrent_constraint", recurrent_constraint)
        self.bias_constraint = check.constraint("bias_constraint", bias_constraint)
        self.dropout = check.number("dropout", dropout, 0, 1)
        self.recurrent_dropout = check.number("recurrent_dropout", recurrent_dropout, 0, 1)
        self.seed = seed
        self.return_sequences = check.flag("return_sequences", return_sequences)
        self.return_state = check.flag("return_state", return_state)
        self.go_backwards = check.flag("go_backwards", go_backwards)
        self.stateful = check.flag("stateful", stateful)
        refuse_stride_with_dilation(self.strides, self.dilation_rate)

    @property
    def unroll(self) -> bool:
        """Never unrolled."""
        return False

    def infer_steps(self, batch: Dim, steps: Dim, shape: Shape, features: Dim) -> Inference:
        first = self.data_format == "channels_first"
        if shape.dims is None or isinstance(self.data_format, Unknown):
            sizes: tuple[Dim, ...] = (Unknown("size", shape.why),) * (self.rank - 3)
            channels = features if not first and shape.dims is None else Unknown("channels", shape.why)
        else:
            sizes = shape.dims[3:] if first else shape.dims[2:-1]
            channels = shape.dims[2 if first else -1]
        if channels is None:
            raise ShapeError(UndefinedDimension(shape, 2 if first else -1))
        slid = slide(sizes, self.kernel_size, self.strides, self.padding, self.dilation_rate)
        place = (self.filters, *slid.sizes) if first else (*slid.sizes, self.filters)
        macs = multiply(steps, *slid.sizes, *self.kernel_size, add(channels, self.filters), 4, self.filters)
        outputs = self.outputs(batch, steps, place, (place, place))
        return Inference(outputs, self._specs(channels), macs, slid.arithmetic, "new")

    def _specs(self, channels: Dim) -> tuple[WeightSpec, ...]:
        width = multiply(4, self.filters)
        kernel = WeightSpec("kernel", (*self.kernel_size, channels, width), self.kernel_initializer)
        shape = (*self.kernel_size, self.filters, width)
        recurrent = WeightSpec("recurrent_kernel", shape, self.recurrent_initializer)
        if isinstance(self.use_bias, Unknown):
            return kernel, recurrent, WeightSpec("bias", (self.use_bias,), self.bias_initializer)
        bias = (WeightSpec("bias", (width,), self.bias_initializer),) if self.use_bias else ()
        return (kernel, recurrent, *bias)


class ConvLSTM1D(ConvLSTM):
    """(steps, positions, channels) -> (positions, filters): an LSTM over sequences.

    >>> print(ConvLSTM1D(4, 3).infer((Shape((None, 5, 9, 2)),)).output)
    (None, 7, 4)
    """

    rank = 4

    def __init__(
        self, filters: int, kernel_size: Sizes, strides: Sizes = 1, padding: str = "valid",
        data_format: str | None = None, dilation_rate: Sizes = 1, activation: Any = "tanh",
        recurrent_activation: Any = "sigmoid", use_bias: bool = True, kernel_initializer: Any = "glorot_uniform",
        recurrent_initializer: Any = "orthogonal", bias_initializer: Any = "zeros", unit_forget_bias: bool = True,
        kernel_regularizer: Any = None, recurrent_regularizer: Any = None, bias_regularizer: Any = None,
        activity_regularizer: Any = None, kernel_constraint: Any = None, recurrent_constraint: Any = None,
        bias_constraint: Any = None, dropout: float = 0.0, recurrent_dropout: float = 0.0, seed: int | None = None,
        return_sequences: bool = False, return_state: bool = False, go_backwards: bool = False,
        stateful: bool = False, **options: Unpack[Options],
    ) -> None:  # fmt: skip
        super().__init__(
            filters, kernel_size, strides, padding, data_format, dilation_rate, activation, recurrent_activation,
            use_bias, kernel_initializer, recurrent_initializer, bias_initializer, unit_forget_bias,
            kernel_regularizer, recurrent_regularizer, bias_regularizer, activity_regularizer, kernel_constraint,
            recurrent_constraint, bias_constraint, dropout, recurrent_dropout, seed, return_sequences, return_state,
            go_backwards, stateful, **options,
        )


class ConvLSTM2D(ConvLSTM):
    """(steps, height, width, channels) -> (height, width, filters): an LSTM over images.

    >>> print(ConvLSTM2D(4, 3).infer((Shape((None, 5, 7, 9, 2)),)).output)
    (None, 5, 7, 4)
    """

    rank = 5

    def __init__(
        self, filters: int, kernel_size: Sizes, strides: Sizes = 1, padding: str = "valid",
        data_format: str | None = None, dilation_rate: Sizes = 1, activation: Any = "tanh",
        recurrent_activation: Any = "sigmoid", use_bias: bool = True, kernel_initializer: Any = "glorot_uniform",
        recurrent_initializer: Any = "orthogonal", bias_initializer: Any = "zeros", unit_forget_bias: bool = True,
        kernel_regularizer: Any = None, recurrent_regularizer: Any = None, bias_regularizer: Any = None,
        activity_regularizer: Any = None, kernel_constraint: Any = None, recurrent_constraint: Any = None,
        bias_constraint: Any = None, dropout: float = 0.0, recurrent_dropout: float = 0.0, seed: int | None = None,
        return_sequences: bool = False, return_state: bool = False, go_backwards: bool = False,
        stateful: bool = False, **options: Unpack[Options],
    ) -> None:  # fmt: skip
        super().__init__(
            filters, kernel_size, strides, padding, data_format, dilation_rate, activation, recurrent_activation,
            use_bias, kernel_initializer, recurrent_initializer, bias_initializer, unit_forget_bias,
            kernel_regularizer, recurrent_regularizer, bias_regularizer, activity_regularizer, kernel_constraint,
            recurrent_constraint, bias_constraint, dropout, recurrent_dropout, seed, return_sequences, return_state,
            go_backwards, stateful, **options,
        )


class ConvLSTM3D(ConvLSTM):
    """(steps, depth, height, width, channels) -> (depth, height, width, filters): an LSTM over volumes.

    >>> print(ConvLSTM3D(4, 3).infer((Shape((None, 2, 5, 7, 6, 3)),)).output)
    (None, 3, 5, 4, 4)
    """

    rank = 6

    def __init__(
        self, filters: int, kernel_size: Sizes, strides: Sizes = 1, padding: str = "valid",
        data_format: str | None = None, dilation_rate: Sizes = 1, activation: Any = "tanh",
        recurrent_activation: Any = "sigmoid", use_bias: bool = True, kernel_initializer: Any = "glorot_uniform",
        recurrent_initializer: Any = "orthogonal", bias_initializer: Any = "zeros", unit_forget_bias: bool = True,
        kernel_regularizer: Any = None, recurrent_regularizer: Any = None, bias_regularizer: Any = None,
        activity_regularizer: Any = None, kernel_constraint: Any = None, recurrent_constraint: Any = None,
        bias_constraint: Any = None, dropout: float = 0.0, recurrent_dropout: float = 0.0, seed: int | None = None,
        return_sequences: bool = False, return_state: bool = False, go_backwards: bool = False,
        stateful: bool = False, **options: Unpack[Options],
    ) -> None:  # fmt: skip
        super().__init__(
            filters, kernel_size, strides, padding, data_format, dilation_rate, activation, recurrent_activation,
            use_bias, kernel_initializer, recurrent_initializer, bias_initializer, unit_forget_bias,
            kernel_regularizer, recurrent_regularizer, bias_regularizer, activity_regularizer, kernel_constraint,
            recurrent_constraint, bias_constraint, dropout, recurrent_dropout, seed, return_sequences, return_state,
            go_backwards, stateful, **options,
        )
