"""Code of the file inside layers, evaluated on the shape of a tensor: Lambda functions, call() and build() of its classes.

The result is called proved, so every step must be supported: an unsupported operation makes the result unknown, and so do weights
of unknown shape or created under an unknown condition.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence

from shapecheck.diagnostics.base import ShapeError
from shapecheck.layers.base import Inference, WeightSpec
from shapecheck.layers.core import Lambda
from shapecheck.reader.keras import stacks
from shapecheck.reader.python.functions import run
from shapecheck.reader.records import UNCLEAR, WEIGHTS, Model, Trace
from shapecheck.reader.values import Function, Instance, Items, Table, Traced, plain, unknown
from shapecheck.shapes import Shape, Unknown

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    from shapecheck.layers.base import Rule
    from shapecheck.reader.call import Call
    from shapecheck.reader.state import Reader

DEEPEST = 6
"""Most nested traces."""


def walked(
    reader: Reader,
    function: Function,
    inputs: tuple[Shape, ...],
    given: dict[str, Any],
    first: Sequence[Any] = (),
    before: Callable[[], object] | None = None,
) -> tuple[Any, Trace]:
    """The result of a function for `first` and tensors of these shapes, and the trace; `before` runs first."""

    tensors = [Traced(shape.dims or ()) for shape in inputs]
    outer, trace = reader.tracing, Trace(reader.branch)
    reader.tracing = trace
    try:
        if before is not None:
            before()
        return run(reader, function, [*first, tensors[0] if len(tensors) == 1 else Items(tensors)], given), trace
    finally:
        reader.tracing = outer


def shapes_of(result: Any) -> tuple[Shape, ...]:
    """The shapes of a tensor, or of several; () if one is unknown."""
    items = list(result) if isinstance(result, (tuple, Items)) and not getattr(result, "why", "") else [result]
    shapes = tuple(Shape(item.dims) for item in items if isinstance(item, Traced))
    return shapes if len(shapes) == len(items) and all(shape.known for shape in shapes) else ()


def layer(reader: Reader, trace: Trace, owner: Any, given: Any) -> Any:
    """layer(x) while code is evaluated: the output's shape; the inference is added to the trace."""
    items = list(given) if isinstance(given, (Items, tuple)) and not getattr(given, "why", "") else [given]
    if not items or not all(isinstance(item, Traced) for item in items):
        return unknown("tensor", "the input of a layer is unknown")
    inputs = tuple(Shape(item.dims) for item in items)
    rule = stacks.as_rule(reader, owner, inputs[0]) if isinstance(owner, Model) else owner.rule
    try:
        inference = rule.infer(inputs)
    except (ShapeError, ValueError, TypeError, AssertionError):
        return unknown("tensor", "a layer inside does not accept this tensor")
    if reader.branch != trace.branch and inference.weights:
        trace.unclear = "whether a layer inside is called is unknown"
    reader.news()
    trace.called[id(rule)] = (rule, inference)
    outputs = [Traced(shape.dims) if shape.dims is not None else unknown("tensor", shape.why) for shape in inference.outputs]
    return outputs[0] if len(outputs) == 1 else Items(outputs)


def add_weight(reader: Reader, owner: Instance, call: Call) -> Any:
    """self.add_weight(shape=...): a tensor of that shape. Before Keras 3 the name could come first; Keras 3 refuses that."""
    args, named = list(call.args), dict(call.keywords)
    if args and (args[0] is None or isinstance(args[0], str)) and reader.stacks.dialect.version < 3:
        args.pop(0)
    sizes = plain(args[0] if args else named.get("shape", ()))
    sizes = (sizes,) if isinstance(sizes, int) else sizes
    trainable = named.get("trainable", True)
    known = isinstance(sizes, (tuple, list)) and all(isinstance(size, int) for size in sizes) and isinstance(trainable, bool)
    here = reader.tracing.branch if reader.tracing is not None else ()
    if not known or len(args) > 3 or call.hidden or reader.branch != here:
        owner.attributes[UNCLEAR] = "the weights that it creates are unknown"
        return unknown("weight", "its shape is unknown")
    name = named.get("name")
    spec = WeightSpec(name if isinstance(name, str) else "weight", tuple(sizes), trainable=trainable)
    reader.news()
    owner.attributes[WEIGHTS] = (*owner.attributes.get(WEIGHTS, ()), spec)
    return Traced(sizes)


class FollowedLambda(Lambda):
    """Lambda(function) with a function of the file."""

    reader: Reader
    code: Function

    def infer(self, inputs: tuple[Shape, ...]) -> Inference:
        usual = super().infer(inputs)
        known = self.given_output_shape is None and all(shape.known for shape in inputs) and self.reader.steps > 1000
        if not known or self.reader.lambdas >= DEEPEST:
            return usual
        self.reader.lambdas += 1
        try:
            result, trace = walked(self.reader, self.code, inputs, _given(self.given_arguments))
        except RecursionError:
            return usual
        finally:
            self.reader.lambdas -= 1
        outputs = shapes_of(result)
        if not outputs or trace.unclear or trace.called or len(outputs) != 1:
            return usual
        return Inference(outputs, (), Unknown("multiply-adds", "a Lambda runs your own code"), window="new")


FollowedLambda.__name__ = FollowedLambda.__qualname__ = "Lambda"


def _given(arguments: Any) -> dict[str, Any]:
    return dict(arguments) if isinstance(arguments, (dict, Table)) else {}


def followed_lambda(reader: Reader, rule: Rule, function: Any) -> Rule:
    """The Lambda with its function evaluated, if the function is in the file."""
    if not isinstance(function, Function):
        return rule
    followed = FollowedLambda.__new__(FollowedLambda)
    followed.__dict__.update(rule.__dict__)
    followed.reader, followed.code = reader, function
    return followed
