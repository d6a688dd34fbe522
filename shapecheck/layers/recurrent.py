"""Recurrent layers: (steps, features) -> (units,), or (steps, units) with return_sequences=True."""

from __future__ import annotations

from shapecheck.diagnostics.base import ShapeError
from shapecheck.diagnostics.joins import WrongState
from shapecheck.layers import arguments as check
from shapecheck.layers.base import Arithmetic, Inference, Rule, WeightSpec
from shapecheck.layers.cells import FOREIGN, Gated, checked_cell
from shapecheck.layers.cells import GRUCell as GRUCell
from shapecheck.layers.cells import LSTMCell as LSTMCell
from shapecheck.layers.cells import SimpleRNNCell as SimpleRNNCell
from shapecheck.layers.cells import StackedRNNCells as StackedRNNCells
from shapecheck.layers.sequences import Steps
from shapecheck.shapes import Dim, Shape, add, multiply

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping
    from typing import Any, Unpack

    from shapecheck.layers.base import Options


class Recurrent(Gated, Steps):
    """Common base of SimpleRNN, LSTM and GRU."""

    def __init__(
        self, *, units: int, activation: Any, use_bias: bool, kernel_initializer: Any, recurrent_initializer: Any,
        bias_initializer: Any, kernel_regularizer: Any, recurrent_regularizer: Any, bias_regularizer: Any,
        kernel_constraint: Any, recurrent_constraint: Any, bias_constraint: Any, dropout: float,
        recurrent_dropout: float, seed: int | None, activity_regularizer: Any, return_sequences: bool,
        return_state: bool, go_backwards: bool, stateful: bool, unroll: bool, **options: Unpack[Options],
    ) -> None:  # fmt: skip
        super().__init__(
            units=units, activation=activation, use_bias=use_bias, kernel_initializer=kernel_initializer,
            recurrent_initializer=recurrent_initializer, bias_initializer=bias_initializer,
            kernel_regularizer=kernel_regularizer, recurrent_regularizer=recurrent_regularizer,
            bias_regularizer=bias_regularizer, kernel_constraint=kernel_constraint,
            recurrent_constraint=recurrent_constraint, bias_constraint=bias_constraint, dropout=dropout,
            recurrent_dropout=recurrent_dropout, seed=seed, **options,
        )
        self.activity_regularizer = check.regularizer("activity_regularizer", activity_regularizer)
        self.return_sequences = check.flag("return_sequences", return_sequences)
        self.return_state = check.flag("return_state", return_state)
        self.go_backwards = check.flag("go_backwards", go_backwards)
        self.stateful = check.flag("stateful", stateful)
        self.unroll = check.flag("unroll", unroll)

    def check_beside(self, inputs: tuple[Shape, ...], beside: Mapping[str, tuple[Shape, ...]]) -> None:
        check_states(self.state_sizes, beside.get("initial_state", ()))

    def infer_steps(self, batch: Dim, steps: Dim, shape: Shape, features: Dim) -> Inference:
        return Inference(
            self.outputs(batch, steps, (self.output_size,), tuple((size,) for size in self.state_sizes)),
            self.specs(features),
            multiply(steps, self.step_multiply_adds(features)),
            arithmetic=(self._count(features),),
            window="all",
        )

    def _count(self, features: Dim) -> Arithmetic:
        """gates*units*(features + units + 1), or + 2 for the two bias rows of a GRU."""
        specs = self.specs(features)
        total = add(*(spec.size for spec in specs))
        values = {"gates": self.gates, "units": self.units, "features": features}
        ones = 0 if not self.use_bias else len(specs[-1].shape)
        formula = "gates*units*(features + units" + (f" + {ones})" if ones else ")")
        return Arithmetic("params", formula, values, total)


def check_states(sizes: tuple[Dim, ...], given: tuple[Shape, ...]) -> None:
    """Raises ShapeError if the tensors of initial_state= do not have these widths."""
    if not given:
        return
    if len(given) != len(sizes):
        raise ShapeError(WrongState(given[0], 0, 1, len(sizes), len(given)))
    for number, (size, shape) in enumerate(zip(sizes, given, strict=True), 1):
        if not isinstance(size, int) or shape.dims is None:
            continue
        last = shape.dims[-1] if shape.dims else None
        if len(shape.dims) != 2 or (isinstance(last, int) and last != size):
            raise ShapeError(WrongState(shape, size, number, len(sizes), len(given)))


class SimpleRNN(Recurrent):
    """(steps, features) -> (units,): h = activation(x . kernel + h . recurrent_kernel + bias), step by step.

    Elman (1990), "Finding Structure in Time".

    >>> print(SimpleRNN(4, return_sequences=True).infer((Shape((None, 7, 3)),)).output)
    (None, 7, 4)
    """

    def __init__(
        self, units: int, activation: Any = "tanh", use_bias: bool = True,
        kernel_initializer: Any = "glorot_uniform", recurrent_initializer: Any = "orthogonal",
        bias_initializer: Any = "zeros", kernel_regularizer: Any = None, recurrent_regularizer: Any = None,
        bias_regularizer: Any = None, activity_regularizer: Any = None, kernel_constraint: Any = None,
        recurrent_constraint: Any = None, bias_constraint: Any = None, dropout: float = 0.0,
        recurrent_dropout: float = 0.0, return_sequences: bool = False, return_state: bool = False,
        go_backwards: bool = False, stateful: bool = False, unroll: bool = False, seed: int | None = None,
        **options: Unpack[Options],
    ) -> None:  # fmt: skip
        super().__init__(
            units=units, activation=activation, use_bias=use_bias, kernel_initializer=kernel_initializer,
            recurrent_initializer=recurrent_initializer, bias_initializer=bias_initializer,
            kernel_regularizer=kernel_regularizer, recurrent_regularizer=recurrent_regularizer,
            bias_regularizer=bias_regularizer, activity_regularizer=activity_regularizer,
            kernel_constraint=kernel_constraint, recurrent_constraint=recurrent_constraint,
            bias_constraint=bias_constraint, dropout=dropout, recurrent_dropout=recurrent_dropout,
            return_sequences=return_sequences, return_state=return_state, go_backwards=go_backwards,
            stateful=stateful, unroll=unroll, seed=seed, **options,
        )


class LSTM(Recurrent):
    """(steps, features) -> (units,): a cell c that remembers, gates i, f, c, o. return_state returns [out, h, c].

    Hochreiter & Schmidhuber (1997), "Long Short-Term Memory".

    >>> print(LSTM(4).infer((Shape((None, 7, 3)),)).output)
    (None, 4)
    """

    gates = 4
    states = 2

    def __init__(
        self, units: int, activation: Any = "tanh", recurrent_activation: Any = "sigmoid", use_bias: bool = True,
        kernel_initializer: Any = "glorot_uniform", recurrent_initializer: Any = "orthogonal",
        bias_initializer: Any = "zeros", unit_forget_bias: bool = True, kernel_regularizer: Any = None,
        recurrent_regularizer: Any = None, bias_regularizer: Any = None, activity_regularizer: Any = None,
        kernel_constraint: Any = None, recurrent_constraint: Any = None, bias_constraint: Any = None,
        dropout: float = 0.0, recurrent_dropout: float = 0.0, seed: int | None = None,
        return_sequences: bool = False, return_state: bool = False, go_backwards: bool = False,
        stateful: bool = False, unroll: bool = False, use_cudnn: Any = "auto", **options: Unpack[Options],
    ) -> None:  # fmt: skip
        super().__init__(
            units=units, activation=activation, use_bias=use_bias, kernel_initializer=kernel_initializer,
            recurrent_initializer=recurrent_initializer, bias_initializer=bias_initializer,
            kernel_regularizer=kernel_regularizer, recurrent_regularizer=recurrent_regularizer,
            bias_regularizer=bias_regularizer, activity_regularizer=activity_regularizer,
            kernel_constraint=kernel_constraint, recurrent_constraint=recurrent_constraint,
            bias_constraint=bias_constraint, dropout=dropout, recurrent_dropout=recurrent_dropout, seed=seed,
            return_sequences=return_sequences, return_state=return_state, go_backwards=go_backwards,
            stateful=stateful, unroll=unroll, **options,
        )
        self.recurrent_activation = check.activation(recurrent_activation, "recurrent_activation")
        self.unit_forget_bias = check.flag("unit_forget_bias", unit_forget_bias)
        self.use_cudnn = use_cudnn


class GRU(Recurrent):
    """(steps, features) -> (units,): gates z, r, h. reset_after=True has a bias of two rows.

    Cho et al. (2014), "Learning Phrase Representations using RNN Encoder-Decoder".

    >>> print(GRU(4).infer((Shape((None, 7, 3)),)).output)
    (None, 4)
    """

    gates = 3

    def __init__(
        self, units: int, activation: Any = "tanh", recurrent_activation: Any = "sigmoid", use_bias: bool = True,
        kernel_initializer: Any = "glorot_uniform", recurrent_initializer: Any = "orthogonal",
        bias_initializer: Any = "zeros", kernel_regularizer: Any = None, recurrent_regularizer: Any = None,
        bias_regularizer: Any = None, activity_regularizer: Any = None, kernel_constraint: Any = None,
        recurrent_constraint: Any = None, bias_constraint: Any = None, dropout: float = 0.0,
        recurrent_dropout: float = 0.0, seed: int | None = None, return_sequences: bool = False,
        return_state: bool = False, go_backwards: bool = False, stateful: bool = False, unroll: bool = False,
        reset_after: bool = True, use_cudnn: Any = "auto", **options: Unpack[Options],
    ) -> None:  # fmt: skip
        super().__init__(
            units=units, activation=activation, use_bias=use_bias, kernel_initializer=kernel_initializer,
            recurrent_initializer=recurrent_initializer, bias_initializer=bias_initializer,
            kernel_regularizer=kernel_regularizer, recurrent_regularizer=recurrent_regularizer,
            bias_regularizer=bias_regularizer, activity_regularizer=activity_regularizer,
            kernel_constraint=kernel_constraint, recurrent_constraint=recurrent_constraint,
            bias_constraint=bias_constraint, dropout=dropout, recurrent_dropout=recurrent_dropout, seed=seed,
            return_sequences=return_sequences, return_state=return_state, go_backwards=go_backwards,
            stateful=stateful, unroll=unroll, **options,
        )
        self.recurrent_activation = check.activation(recurrent_activation, "recurrent_activation")
        self.reset_after = check.flag("reset_after", reset_after)
        self.use_cudnn = use_cudnn

    def bias_shape(self, width: Dim) -> tuple[Dim, ...]:
        """Two rows, for input and state, if the reset gate comes after the product."""
        return (2, width) if self.reset_after else (width,)


class RNN(Steps):
    """(steps, features) -> (size,): a cell, or a list of stacked cells, step by step.

    >>> print(RNN([LSTMCell(4), LSTMCell(5)]).infer((Shape((None, 7, 3)),)).output)
    (None, 5)
    """

    def __init__(
        self, cell: Any, return_sequences: bool = False, return_state: bool = False, go_backwards: bool = False,
        stateful: bool = False, unroll: bool = False, zero_output_for_mask: bool = False,
        **options: Unpack[Options],
    ) -> None:  # fmt: skip
        super().__init__(**options)
        if isinstance(cell, (tuple, list)):
            cell = self.stacked(cell)
        self.cell: Any = checked_cell("cell", cell)
        self.children = (cell,) if isinstance(cell, Rule) else ()
        self.return_sequences = check.flag("return_sequences", return_sequences)
        self.return_state = check.flag("return_state", return_state)
        self.go_backwards = check.flag("go_backwards", go_backwards)
        self.stateful = check.flag("stateful", stateful)
        self.unroll = check.flag("unroll", unroll)
        self.zero_output_for_mask = check.flag("zero_output_for_mask", zero_output_for_mask)

    def stacked(self, cells: Any) -> Any:
        """A list of cells as one."""
        return StackedRNNCells(cells)

    @property
    def states(self) -> int:  # type: ignore[override]
        """How many tensors the state is made of."""
        return len(self.cell.state_sizes) if hasattr(self.cell, "state_sizes") else 1

    def check_beside(self, inputs: tuple[Shape, ...], beside: Mapping[str, tuple[Shape, ...]]) -> None:
        check_states(getattr(self.cell, "state_sizes", ()), beside.get("initial_state", ()))

    def infer_steps(self, batch: Dim, steps: Dim, shape: Shape, features: Dim) -> Inference:
        if not hasattr(self.cell, "specs"):
            outputs = self.outputs(batch, steps, (FOREIGN,), ((FOREIGN,),))
            return Inference(outputs, (WeightSpec("cell", (FOREIGN,)),), FOREIGN, window="all")
        return Inference(
            self.outputs(batch, steps, (self.cell.output_size,), tuple((size,) for size in self.cell.state_sizes)),
            self.cell.specs(features),
            multiply(steps, self.cell.step_multiply_adds(features)),
            window="all",
        )
