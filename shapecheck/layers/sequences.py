"""Common code of layers that iterate over steps: (batch, steps, ...) -> the last output, or all of them."""

from __future__ import annotations

from shapecheck.diagnostics.base import ShapeError
from shapecheck.diagnostics.rank import InputMismatch, UndefinedDimension, WrongInputCount, WrongRank
from shapecheck.diagnostics.recurrent import BatchNotFixed, NoSteps, StepsNotFixed
from shapecheck.languages import Phrase
from shapecheck.layers.base import Inference, Rule
from shapecheck.shapes import Dim, Shape, Unknown

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any, ClassVar


class Steps(Rule):
    """A recurrent rule of one input, or of input and initial states. Subclasses define `infer_steps`."""

    rank: ClassVar[int] = 3
    states: ClassVar[int]
    return_sequences: Any
    return_state: Any
    stateful: Any
    unroll: Any

    def infer_steps(self, batch: Dim, steps: Dim, shape: Shape, features: Dim) -> Inference:
        """`infer` for the right rank; `shape` is the whole input, perhaps of unknown rank."""
        raise NotImplementedError

    def infer(self, inputs: tuple[Shape, ...]) -> Inference:
        shape = inputs[0]
        if len(inputs) not in (1, 1 + self.states):
            raise ShapeError(
                WrongInputCount(
                    len(inputs), Phrase("arguments", "1_input_or_1", "1 input, or 1 and {states} initial states", states=self.states)
                )
            )
        if shape.dims is None:
            unknown = Unknown("size", shape.why)
            return self.infer_steps(unknown, unknown, shape, shape.last)
        if len(shape.dims) != self.rank:
            if len(shape.dims) == 2 and self.rank == 3:
                raise ShapeError(NoSteps(shape))
            raise ShapeError(WrongRank(shape, self.rank, advice=self._rank_advice(shape), axes=self.axes_read()))
        batch, steps = shape.dims[:2]
        if batch is None and self.stateful is True:
            raise ShapeError(BatchNotFixed(shape))
        if steps is None and self.unroll is True:
            raise ShapeError(StepsNotFixed(shape))
        if shape.last is None and self.rank == 3:
            raise ShapeError(UndefinedDimension(shape))
        inference = self.infer_steps(batch, steps, shape, shape.last)
        self._check_states(inference, inputs)
        return inference

    def axes_read(self) -> tuple[str, ...]:
        """The names of the axes that it reads, batch included."""
        space = {3: ("features",), 4: ("steps", "channels"), 5: ("height", "width", "channels")}.get(self.rank)
        return ("batch", "steps", *space) if space is not None else ()

    def _check_states(self, inference: Inference, inputs: tuple[Shape, ...]) -> None:
        """Initial states have the size of the states: that of the recurrent kernel's first axis."""
        kernels = [spec for spec in inference.weights if spec.name.endswith("recurrent_kernel")]
        if len(inputs) == 1 or self.rank != 3 or len(kernels) != 1:
            return
        want = kernels[0].shape[0]
        for given in inputs[1:]:
            if given.rank == 2 and isinstance(want, int) and isinstance(given.last, int) and given.last != want:
                raise ShapeError(InputMismatch(Shape((None, want)), given, 1))

    def _rank_advice(self, shape: Shape) -> str:
        assert shape.dims is not None
        sizes = shape.dims[1:]
        if len(shape.dims) == self.rank + 1 and self.rank == 3:
            right = Shape(sizes[1:])
            return Phrase(
                "arguments",
                "remove_the_batch_axis",
                "remove the batch axis from the input shape ({right}), or put Reshape or TimeDistributed(Flatten()) before it",
                right=right,
            )
        if len(shape.dims) == self.rank - 1:
            example = Shape((10, *sizes))
            return Phrase(
                "arguments", "add_the_steps_axis", "add the steps axis in front, for example an input shape of {example}", example=example
            )
        return Phrase("arguments", "it_expects_count_axes", "it expects {count} axes without the batch, steps first", count=self.rank - 1)

    def outputs(
        self, batch: Dim, steps: Dim, place: tuple[Dim, ...], states: tuple[tuple[Dim, ...], ...]
    ) -> tuple[Shape, ...]:
        """The output (all steps, or the last), and the states if return_state."""
        if isinstance(self.return_sequences, Unknown):
            first = Shape(None, place[-1], self.return_sequences.why)
        else:
            first = Shape((batch, steps, *place) if self.return_sequences else (batch, *place))
        if not self.return_state or isinstance(self.return_state, Unknown):
            return (first,)
        return (first, *(Shape((batch, *sizes)) for sizes in states))
