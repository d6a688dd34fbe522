"""Wrappers: a layer used at every step, or in both directions."""

from __future__ import annotations

from collections.abc import Mapping

from shapecheck.diagnostics.arguments import BadArgument
from shapecheck.diagnostics.base import ShapeError
from shapecheck.diagnostics.rank import WrongRank
from shapecheck.languages import Phrase, because, for_example
from shapecheck.layers import arguments as check
from shapecheck.layers.base import Inference, OneInput, Rule, WeightSpec, Window
from shapecheck.layers.families import known
from shapecheck.layers.recurrent import check_states
from shapecheck.naming import snake_case
from shapecheck.shapes import Dim, Shape, Unknown, add, multiply

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any, ClassVar, Unpack

    from shapecheck.layers.base import Options

COLOURS = (1, 3, 4)
"""Last axes of pictures: where there is one, the axis that is missing is that of the steps."""
MERGE_MODES = ("concat", "sum", "mul", "ave")


def wrapped(argument: str, layer: Any, example: str) -> Any:
    """A layer (not a class, not a number), or an Unknown."""
    if isinstance(layer, (Rule, Unknown)):
        return layer
    advice = for_example(example)
    if isinstance(layer, type):
        advice = Phrase("arguments", "write_layer_an_instance", "write {layer}(...), an instance", layer=layer.__name__)
    raise ShapeError(BadArgument(argument, layer, Phrase("arguments", "a_layer", "a layer"), advice))


class TimeDistributed(OneInput):
    """(steps, ...) -> (steps, ...): the same layer, with the same weights, at every step.

    >>> from shapecheck.layers import Dense
    >>> print(TimeDistributed(Dense(3)).infer((Shape((None, 7, 5)),)).output)
    (None, 7, 3)
    """

    least_rank = 3

    def __init__(self, layer: Any, **options: Unpack[Options]) -> None:
        super().__init__(**options)
        self.layer = wrapped("layer", layer, "TimeDistributed(Dense(8))")
        self.children = (layer,) if isinstance(layer, Rule) else ()

    def infer_known(self, shape: Shape) -> Inference:
        assert shape.dims is not None
        batch, steps, *sizes = shape.dims
        if isinstance(self.layer, Unknown):
            return Inference(Shape(None, why=self.layer.why), *_cannot_tell(self.layer.why))
        try:
            inner = self.layer.infer((Shape((batch, *sizes)),))
        except ShapeError as error:
            raise self._of_all_steps(error, shape) from None
        outputs = tuple(_with_steps(output, steps) for output in inner.outputs)
        macs = multiply(steps, inner.multiply_adds)
        return Inference(outputs, inner.weights, macs, inner.arithmetic, _with_axis(inner.window, steps))

    def _of_all_steps(self, error: ShapeError, shape: Shape) -> ShapeError:
        """A rank that the layer inside does not take, as that of the input with its steps."""
        problem = error.diagnostic
        if not isinstance(problem, WrongRank) or shape.dims is None or problem.at_least:
            return error
        advice = problem.advice
        if len(shape.dims) == problem.expected and shape.dims[-1] in COLOURS:  # the steps were taken for a part of one sample
            right = Shape((None, *shape.sizes))
            advice = Phrase(
                "arguments",
                "add_the_time_axis",
                "add the time axis: an input shape of {right}, or the number of steps instead of None",
                right=right,
            )
        return ShapeError(WrongRank(shape, problem.expected + 1, advice=advice))

    def infer_unknown(self, shape: Shape) -> Inference:
        if isinstance(self.layer, Unknown):
            return Inference(Shape(None, why=self.layer.why), *_cannot_tell(self.layer.why))
        inner = self.layer.infer((shape,))
        steps = Unknown("steps", shape.why)
        macs = multiply(steps, inner.multiply_adds) if inner.multiply_adds != 0 else 0
        return Inference(tuple(_with_steps(output, steps) for output in inner.outputs), inner.weights, macs)

    def rank_advice(self, shape: Shape) -> str:
        return Phrase(
            "arguments",
            "it_expects_steps_write",
            "it expects (steps, ...): write return_sequences=True in the recurrent layer before it, or remove it",
        )


def _cannot_tell(why: str) -> tuple[tuple[WeightSpec, ...], Dim]:
    """Unknown weights and multiply-adds of a wrapped layer."""
    unknown = Unknown("?", why)
    return (WeightSpec("layer", (unknown,)),), unknown


def _with_steps(shape: Shape, steps: Dim) -> Shape:
    return shape if shape.dims is None else Shape((shape.dims[0], steps, *shape.dims[1:]))


def _with_axis(window: Any, steps: Dim) -> Any:
    """The window with the steps axis first: each step sees only itself."""
    if not isinstance(window, Window):
        return None if window is None else "new"
    ends = ((1, *window.extents), (1, *window.strides), (steps, *window.positions), (1, *window.factors))
    return Window(*ends, padding=window.padding)


class SpectralNormalization(Rule):
    """The layer inside, whose kernel is divided by its greatest singular value before each training step.

    Miyato et al. (2018). The value is approached by power_iterations; vector_u keeps where they are.

    >>> from shapecheck.layers import Dense
    >>> [spec.name for spec in SpectralNormalization(Dense(3)).infer((Shape((None, 5)),)).weights]
    ['kernel', 'vector_u', 'bias']
    """

    def __init__(self, layer: Any, power_iterations: int = 1, **options: Unpack[Options]) -> None:
        super().__init__(**options)
        self.layer = wrapped("layer", layer, "SpectralNormalization(Dense(8))")
        self.power_iterations = check.whole("power_iterations", power_iterations)
        self.children = (layer,) if isinstance(layer, Rule) else ()

    def infer(self, inputs: tuple[Shape, ...]) -> Inference:
        if isinstance(self.layer, Unknown):
            return Inference(Shape(None, why=self.layer.why), *_cannot_tell(self.layer.why))
        inner: Inference = self.layer.infer(inputs)
        if not inner.weights and any(shape.dims is None for shape in inputs):
            return inner
        normed = next((spec for spec in inner.weights if spec.name in ("kernel", "embeddings")), None)
        if normed is None:
            name = type(self.layer).__name__
            expected = Phrase("arguments", "a_layer_with_a_kernel", "a layer with a kernel or a table of embeddings")
            advice = Phrase("arguments", "write_without_the_wrapper", "write {layer} without the wrapper", layer=name)
            raise ShapeError(BadArgument("layer", name, expected, advice))
        start = {"class_name": "TruncatedNormal", "config": {"mean": 0.0, "stddev": 0.02}}
        vector = WeightSpec("vector_u", (1, normed.shape[-1] if normed.shape else 1), start, trainable=False)
        weights = (normed, vector, *(spec for spec in inner.weights if spec is not normed))  # Keras's order
        return Inference(inner.outputs, weights, inner.multiply_adds, inner.arithmetic, inner.window)


class Bidirectional(Rule):
    """(steps, features) -> (2*units,): a recurrent layer forwards, a copy of it backwards, their outputs merged.

    merge_mode: "concat" (side by side), "sum", "mul", "ave", or None (two outputs). Schuster & Paliwal (1997).

    >>> from shapecheck.layers import LSTM
    >>> print(Bidirectional(LSTM(3)).infer((Shape((None, 7, 5)),)).output)
    (None, 6)
    """

    renamed: ClassVar[dict[str, str]] = {"weights": "initial_weights"}

    def __init__(
        self,
        layer: Any,
        merge_mode: str | None = "concat",
        weights: Any = None,
        backward_layer: Any = None,
        **options: Unpack[Options],
    ) -> None:
        super().__init__(**options)
        self.layer = self._recurrent("layer", layer)
        self.merge_mode = None if merge_mode is None else check.word("merge_mode", merge_mode, MERGE_MODES)
        self.initial_weights = weights
        self.backward_layer = None if backward_layer is None else self._recurrent("backward_layer", backward_layer)
        self.children = tuple(rule for rule in (self.layer, self.backward_layer) if isinstance(rule, Rule))
        if self.declared_input is None and isinstance(layer, Rule):
            self.declared_input = layer.declared_input

    @staticmethod
    def _recurrent(argument: str, layer: Any) -> Any:
        layer = wrapped(argument, layer, "Bidirectional(LSTM(8))")
        if known(type(layer).__name__) and not hasattr(layer, "return_sequences"):
            expected = Phrase("arguments", "a_recurrent_layer_lstm", "a recurrent layer (LSTM, GRU, SimpleRNN, RNN)")
            raise ShapeError(
                BadArgument(
                    argument,
                    layer,
                    expected,
                    Phrase("arguments", "write_bidirectional_lstm_8", "write Bidirectional(LSTM(8)), or remove it"),
                )
            )
        return layer

    def check_beside(self, inputs: tuple[Shape, ...], beside: Mapping[str, tuple[Shape, ...]]) -> None:
        other = self.backward_layer or self.layer
        if hasattr(self.layer, "state_sizes") and hasattr(other, "state_sizes"):
            check_states((*self.layer.state_sizes, *other.state_sizes), beside.get("initial_state", ()))

    def infer(self, inputs: tuple[Shape, ...]) -> Inference:
        other = self.backward_layer or self.layer
        if not hasattr(self.layer, "return_sequences") or not isinstance(other, Rule):
            why = because("the wrapped layer is not one of Keras's layers")
            return Inference(Shape(None, why=why), *_cannot_tell(why))
        half = (len(inputs) - 1) // 2
        forward = self.layer.infer((inputs[0], *inputs[1 : 1 + half]))
        backward = other.infer((inputs[0], *inputs[1 + half :]))
        weights = (*_named("forward", self.layer, forward), *_named("backward", other, backward))
        macs = add(forward.multiply_adds, backward.multiply_adds)
        outputs = (*self._merged(forward.output, backward.output), *forward.outputs[1:], *backward.outputs[1:])
        return Inference(outputs, weights, macs, forward.arithmetic, forward.window)

    def _merged(self, forward: Shape, backward: Shape) -> tuple[Shape, ...]:
        if self.merge_mode is None:
            return forward, backward
        if isinstance(self.merge_mode, Unknown):
            return (Shape(None, why=self.merge_mode.why),)
        if self.merge_mode != "concat":
            return (forward,)
        last = add(forward.last, backward.last)
        return (Shape(None, last, forward.why) if forward.dims is None else Shape((*forward.dims[:-1], last)),)


def _named(direction: str, layer: Rule, inference: Inference) -> tuple[WeightSpec, ...]:
    prefix = f"{direction}_{snake_case(type(layer).__name__)}"
    return tuple(
        WeightSpec(f"{prefix}/{spec.name}", spec.shape, spec.initializer, spec.trainable) for spec in inference.weights
    )


class Pipeline(Rule):
    """(...) -> (...): layers one after the other, as one layer.

    >>> from shapecheck.layers import Rescaling, CenterCrop
    >>> print(Pipeline([Rescaling(1 / 255), CenterCrop(4, 5)]).infer((Shape((None, 5, 7, 3)),)).output)
    (None, 4, 5, 3)
    """

    def __init__(self, layers: Any, **options: Unpack[Options]) -> None:
        super().__init__(**options)
        if not isinstance(layers, (tuple, list, Unknown)) or (isinstance(layers, (tuple, list)) and not layers):
            raise ShapeError(
                BadArgument(
                    "layers",
                    layers,
                    Phrase("arguments", "a_list_of_layers", "a list of layers"),
                    for_example("Pipeline([Rescaling(1 / 255)])"),
                )
            )
        listed = layers if isinstance(layers, (tuple, list)) else ()
        self.layers: Any = [wrapped("layers", layer, "Pipeline([Rescaling(1 / 255)])") for layer in listed] if listed else layers
        self.children = tuple(layer for layer in listed if isinstance(layer, Rule))

    def infer(self, inputs: tuple[Shape, ...]) -> Inference:
        unseen = self.layers if isinstance(self.layers, Unknown) else next((x for x in self.layers if isinstance(x, Unknown)), None)
        if unseen is not None:
            return Inference(Shape(None, why=unseen.why), *_cannot_tell(unseen.why))
        shapes, weights, macs = inputs, list[WeightSpec](), list[Dim]()
        for layer in self.layers:
            found = layer.infer(shapes)
            shapes, weights = found.outputs, [*weights, *found.weights]
            macs.append(found.multiply_adds)
        return Inference(shapes, tuple(weights), add(*macs), window="new")
