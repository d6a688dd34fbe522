"""Recurrent cells: one step, (features,) and state -> (units,) and state. They are used inside an RNN."""

from __future__ import annotations

from shapecheck.diagnostics.arguments import BadArgument
from shapecheck.diagnostics.base import ShapeError
from shapecheck.languages import Phrase, because, for_example, write
from shapecheck.layers import arguments as check
from shapecheck.layers.base import Inference, Rule, WeightSpec
from shapecheck.layers.families import known
from shapecheck.naming import Names
from shapecheck.shapes import Dim, Shape, Unknown, add, multiply

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any, ClassVar, Unpack

    from shapecheck.layers.base import Options


class Gated(Rule):
    """Common base of cells and recurrent layers: `gates` weighted sums of input and state, each of `units` values."""

    gates: ClassVar[int] = 1
    states: ClassVar[int] = 1
    """The number of state tensors: 2 for an LSTM (h and c)."""

    def __init__(
        self, *, units: int, activation: Any, use_bias: bool, kernel_initializer: Any, recurrent_initializer: Any,
        bias_initializer: Any, kernel_regularizer: Any, recurrent_regularizer: Any, bias_regularizer: Any,
        kernel_constraint: Any, recurrent_constraint: Any, bias_constraint: Any, dropout: float,
        recurrent_dropout: float, seed: int | None, **options: Unpack[Options],
    ) -> None:  # fmt: skip
        super().__init__(**options)
        self.units = check.whole("units", units)
        self.activation = check.activation(activation)
        self.use_bias = check.flag("use_bias", use_bias)
        self.kernel_initializer = check.initializer("kernel_initializer", kernel_initializer)
        self.recurrent_initializer = check.initializer("recurrent_initializer", recurrent_initializer)
        self.bias_initializer = check.initializer("bias_initializer", bias_initializer)
        self.kernel_regularizer = check.regularizer("kernel_regularizer", kernel_regularizer)
        self.recurrent_regularizer = check.regularizer("recurrent_regularizer", recurrent_regularizer)
        self.bias_regularizer = check.regularizer("bias_regularizer", bias_regularizer)
        self.kernel_constraint = check.constraint("kernel_constraint", kernel_constraint)
        self.recurrent_constraint = check.constraint("recurrent_constraint", recurrent_constraint)
        self.bias_constraint = check.constraint("bias_constraint", bias_constraint)
        self.dropout = check.number("dropout", dropout, 0, 1)
        self.recurrent_dropout = check.number("recurrent_dropout", recurrent_dropout, 0, 1)
        self.seed = seed

    @property
    def output_size(self) -> Dim:
        """The output size of a step."""
        return self.units  # type: ignore[no-any-return]

    @property
    def state_sizes(self) -> tuple[Dim, ...]:
        """The size of each tensor of the state."""
        return (self.units,) * self.states

    def specs(self, features: Dim) -> tuple[WeightSpec, ...]:
        """kernel, recurrent_kernel, bias: gates side by side in the last axis."""
        width = multiply(self.gates, self.units)
        kernel = WeightSpec("kernel", (features, width), self.kernel_initializer)
        recurrent = WeightSpec("recurrent_kernel", (self.units, width), self.recurrent_initializer)
        if isinstance(self.use_bias, Unknown):
            return kernel, recurrent, WeightSpec("bias", (self.use_bias,), self.bias_initializer)
        if not self.use_bias:
            return kernel, recurrent
        return kernel, recurrent, WeightSpec("bias", self.bias_shape(width), self.bias_initializer)

    def bias_shape(self, width: Dim) -> tuple[Dim, ...]:
        """The shape of the bias: one number for each gate and unit."""
        return (width,)

    def step_multiply_adds(self, features: Dim) -> Dim:
        """Multiply-adds of one step: gates*units*(features + units)."""
        return multiply(self.gates, self.units, add(features, self.units))


class Cell(Gated):
    """A cell used by itself: [(features,), state ...] -> [(units,), state ...]."""

    several_inputs = True

    def infer(self, inputs: tuple[Shape, ...]) -> Inference:
        shape = inputs[0]
        batch = shape.dims[0] if shape.dims else Unknown("batch", shape.why)
        outputs = (Shape((batch, self.units)),) * (1 + self.states)
        return Inference(outputs, self.specs(shape.last), self.step_multiply_adds(shape.last))


class SimpleRNNCell(Cell):
    """One step of SimpleRNN: h = activation(x . kernel + h . recurrent_kernel + bias).

    >>> SimpleRNNCell(4).specs(3)[1].shape
    (4, 4)
    """

    def __init__(
        self, units: int, activation: Any = "tanh", use_bias: bool = True,
        kernel_initializer: Any = "glorot_uniform", recurrent_initializer: Any = "orthogonal",
        bias_initializer: Any = "zeros", kernel_regularizer: Any = None, recurrent_regularizer: Any = None,
        bias_regularizer: Any = None, kernel_constraint: Any = None, recurrent_constraint: Any = None,
        bias_constraint: Any = None, dropout: float = 0.0, recurrent_dropout: float = 0.0, seed: int | None = None,
        **options: Unpack[Options],
    ) -> None:  # fmt: skip
        super().__init__(
            units=units, activation=activation, use_bias=use_bias, kernel_initializer=kernel_initializer,
            recurrent_initializer=recurrent_initializer, bias_initializer=bias_initializer,
            kernel_regularizer=kernel_regularizer, recurrent_regularizer=recurrent_regularizer,
            bias_regularizer=bias_regularizer, kernel_constraint=kernel_constraint,
            recurrent_constraint=recurrent_constraint, bias_constraint=bias_constraint, dropout=dropout,
            recurrent_dropout=recurrent_dropout, seed=seed, **options,
        )


class LSTMCell(Cell):
    """One step of LSTM: gates i, f, c, o side by side; c = f*c + i*tanh(.), h = o*tanh(c).

    >>> LSTMCell(4).specs(3)[0].shape
    (3, 16)
    """

    gates = 4
    states = 2

    def __init__(
        self, units: int, activation: Any = "tanh", recurrent_activation: Any = "sigmoid", use_bias: bool = True,
        kernel_initializer: Any = "glorot_uniform", recurrent_initializer: Any = "orthogonal",
        bias_initializer: Any = "zeros", unit_forget_bias: bool = True, kernel_regularizer: Any = None,
        recurrent_regularizer: Any = None, bias_regularizer: Any = None, kernel_constraint: Any = None,
        recurrent_constraint: Any = None, bias_constraint: Any = None, dropout: float = 0.0,
        recurrent_dropout: float = 0.0, seed: int | None = None, **options: Unpack[Options],
    ) -> None:  # fmt: skip
        super().__init__(
            units=units, activation=activation, use_bias=use_bias, kernel_initializer=kernel_initializer,
            recurrent_initializer=recurrent_initializer, bias_initializer=bias_initializer,
            kernel_regularizer=kernel_regularizer, recurrent_regularizer=recurrent_regularizer,
            bias_regularizer=bias_regularizer, kernel_constraint=kernel_constraint,
            recurrent_constraint=recurrent_constraint, bias_constraint=bias_constraint, dropout=dropout,
            recurrent_dropout=recurrent_dropout, seed=seed, **options,
        )
        self.recurrent_activation = check.activation(recurrent_activation, "recurrent_activation")
        self.unit_forget_bias = check.flag("unit_forget_bias", unit_forget_bias)


class GRUCell(Cell):
    """One step of GRU: gates z, r, h side by side; h = z*h + (1 - z)*hh.

    >>> GRUCell(4).specs(3)[2].shape
    (2, 12)
    """

    gates = 3

    def __init__(
        self, units: int, activation: Any = "tanh", recurrent_activation: Any = "sigmoid", use_bias: bool = True,
        kernel_initializer: Any = "glorot_uniform", recurrent_initializer: Any = "orthogonal",
        bias_initializer: Any = "zeros", kernel_regularizer: Any = None, recurrent_regularizer: Any = None,
        bias_regularizer: Any = None, kernel_constraint: Any = None, recurrent_constraint: Any = None,
        bias_constraint: Any = None, dropout: float = 0.0, recurrent_dropout: float = 0.0, reset_after: bool = True,
        seed: int | None = None, **options: Unpack[Options],
    ) -> None:  # fmt: skip
        super().__init__(
            units=units, activation=activation, use_bias=use_bias, kernel_initializer=kernel_initializer,
            recurrent_initializer=recurrent_initializer, bias_initializer=bias_initializer,
            kernel_regularizer=kernel_regularizer, recurrent_regularizer=recurrent_regularizer,
            bias_regularizer=bias_regularizer, kernel_constraint=kernel_constraint,
            recurrent_constraint=recurrent_constraint, bias_constraint=bias_constraint, dropout=dropout,
            recurrent_dropout=recurrent_dropout, seed=seed, **options,
        )
        self.recurrent_activation = check.activation(recurrent_activation, "recurrent_activation")
        self.reset_after = check.flag("reset_after", reset_after)

    def bias_shape(self, width: Dim) -> tuple[Dim, ...]:
        """Two rows, for input and state, if the reset gate comes after the product."""
        return (2, width) if self.reset_after else (width,)


FOREIGN = Unknown("units", because("the cell is not one of Keras's cells"))
"""The unknown size of a cell of unknown class."""


def checked_cell(argument: str, cell: Any) -> Any:
    """A cell: one of Keras, a layer class of the user, or an Unknown; not a Dense or an LSTM."""
    layer = known(type(cell).__name__) and (not hasattr(cell, "state_sizes") or hasattr(cell, "return_sequences"))
    if layer or not isinstance(cell, (Rule, Unknown)):
        raise ShapeError(BadArgument(argument, cell, Phrase("arguments", "a_cell", "a cell"), for_example(f"{argument}=LSTMCell(8)")))
    return cell


def output_size(cell: Any) -> Dim:
    """The output size of a step of any cell."""
    return getattr(cell, "output_size", FOREIGN)


class StackedRNNCells(Rule):
    """Stacked cells as one cell: the input of each is the output of the one below.

    >>> [spec.name for spec in StackedRNNCells([GRUCell(4), GRUCell(5)]).specs(3)][2:4]
    ['gru_cell/bias', 'gru_cell_1/kernel']
    """

    several_inputs = True

    def __init__(self, cells: Any, **options: Unpack[Options]) -> None:
        super().__init__(**options)
        if not isinstance(cells, (tuple, list)) or not cells:
            raise ShapeError(
                BadArgument(
                    "cells", cells, Phrase("arguments", "a_list_of_cells", "a list of cells"), write("cells=[LSTMCell(8), LSTMCell(8)]")
                )
            )
        self.cells = [checked_cell("cells", cell) for cell in cells]
        self.children = tuple(cell for cell in cells if isinstance(cell, Rule))

    @property
    def output_size(self) -> Dim:
        """The output size of the last cell."""
        return output_size(self.cells[-1])

    @property
    def state_sizes(self) -> tuple[Dim, ...]:
        """The sizes of all states, from the lowest cell up."""
        return tuple(size for cell in self.cells for size in getattr(cell, "state_sizes", (FOREIGN,)))

    def specs(self, features: Dim) -> tuple[WeightSpec, ...]:
        """The weights of all cells, each under its cell's name."""
        found, names = [], Names()
        for cell in self.cells:
            prefix = names.give(type(cell).__name__)
            own = cell.specs(features) if hasattr(cell, "specs") else (WeightSpec("cell", (FOREIGN,)),)
            for spec in own:
                found.append(WeightSpec(f"{prefix}/{spec.name}", spec.shape, spec.initializer, spec.trainable))
            features = output_size(cell)
        return tuple(found)

    def step_multiply_adds(self, features: Dim) -> Dim:
        """Multiply-adds of one step through all cells."""
        total: Dim = 0
        for cell in self.cells:
            total = add(total, cell.step_multiply_adds(features) if hasattr(cell, "specs") else FOREIGN)
            features = output_size(cell)
        return total

    def infer(self, inputs: tuple[Shape, ...]) -> Inference:
        shape = inputs[0]
        batch = shape.dims[0] if shape.dims else Unknown("batch", shape.why)
        outputs = tuple(Shape((batch, size)) for size in (self.output_size, *self.state_sizes))
        return Inference(outputs, self.specs(shape.last), self.step_multiply_adds(shape.last))
