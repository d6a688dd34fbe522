"""Code of the file inside layers, evaluated on the shape of a tensor: Lambda functions, call() and build() of its classes.

The result is called proved, so every step must be supported: an unsupported operation makes the result unknown, and so do weights
of unknown shape or created under an unknown condition.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence

from shapecheck.diagnostics.base import ShapeError
from shapecheck.diagnostics.joins import SharedOnTwoWidths
from shapecheck.languages import because
from shapecheck.layers import arguments as check
from shapecheck.layers.base import Inference, WeightSpec
from shapecheck.layers.core import Lambda
from shapecheck.reader.keras import stacks
from shapecheck.reader.python.functions import run
from shapecheck.reader.records import UNCLEAR, WEIGHTS, Model, Trace
from shapecheck.reader.values import Bound, Function, Instance, Items, Library, Table, Traced, plain, unknown
from shapecheck.shapes import Shape, Unknown
from shapecheck.table import other_weights

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
    separate: Sequence[str] = (),
) -> tuple[Any, Trace]:
    """The result of a function for `first` and tensors of these shapes, and the trace; `before` runs first.

    The tensors are one argument, or with `separate` one for each of these parameters.
    """

    tensors = [Traced(shape.dims or ()) for shape in inputs]
    outer, trace = reader.tracing, Trace(reader.branch)
    reader.tracing = trace
    try:
        if before is not None:
            before()
        if separate:
            return run(reader, function, list(first), {**given, **dict(zip(separate, tensors, strict=True))}), trace
        return run(reader, function, [*first, tensors[0] if len(tensors) == 1 else Items(tensors)], given), trace
    finally:
        reader.tracing = outer


def shapes_of(result: Any) -> tuple[Shape, ...]:
    """The shapes of a tensor, or of several; () if one is unknown."""
    items = list(result) if isinstance(result, (tuple, Items)) and not getattr(result, "why", "") else [result]
    shapes = tuple(Shape(item.dims) for item in items if isinstance(item, Traced))
    return shapes if len(shapes) == len(items) and all(shape.known for shape in shapes) else ()


def layer(reader: Reader, trace: Trace, owner: Any, given: Any, call: Call | None = None) -> Any:
    """layer(x) while code is evaluated: the output's shape; the inference is added to the trace."""
    items = list(given) if isinstance(given, (Items, tuple)) and not getattr(given, "why", "") else [given]
    if not items or not all(isinstance(item, Traced) for item in items):
        return unknown("tensor", because("the input of a layer is unknown"))
    inputs = tuple(Shape(item.dims) for item in items)
    rule = stacks.as_rule(reader, owner, inputs[0]) if isinstance(owner, Model) else owner.rule
    try:
        inference = rule.infer(inputs)
    except ShapeError as error:
        if reader.branch == trace.branch and trace.refused is None:
            trace.refused = error.diagnostic.copy(), call
        return unknown("tensor", because("a layer inside does not accept this tensor"))
    except (ValueError, TypeError, AssertionError):
        return unknown("tensor", because("a layer inside does not accept this tensor"))
    earlier = trace.called.get(id(rule))
    if earlier is not None and reader.branch == trace.branch and trace.refused is None and other_weights(earlier[1], inference):
        trace.refused = SharedOnTwoWidths(earlier[2][0], inputs[0]), call
    if reader.branch != trace.branch and inference.weights:
        trace.unclear = because("whether a layer inside is called is unknown")
    reader.news()
    trace.called.setdefault(id(rule), (rule, inference, inputs))
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
    if reader.tracing is not None and reader.branch == here and reader.stacks.dialect.version >= 3 and not call.hidden:
        _whole_sizes(reader.tracing, sizes, call)
    if not known or len(args) > 3 or call.hidden or reader.branch != here:
        owner.attributes[UNCLEAR] = because("the weights that it creates are unknown")
        return unknown("weight", because("its shape is unknown"))
    name = named.get("name")
    spec = WeightSpec(name if isinstance(name, str) else "weight", tuple(sizes), trainable=trainable)
    reader.news()
    owner.attributes[WEIGHTS] = (*owner.attributes.get(WEIGHTS, ()), spec)
    return Traced(sizes)


def _whole_sizes(trace: Trace, sizes: Any, call: Call) -> None:
    """add_weight(shape=(8, 4.0)): Keras refuses a size that is no whole number."""
    broken = next((size for size in sizes if type(size) is float), None) if isinstance(sizes, (tuple, list)) else None
    if broken is not None and trace.refused is None:
        try:
            check.whole("shape", broken)
        except ShapeError as error:
            trace.refused = error.diagnostic, call


class FollowedLambda(Lambda):
    """Lambda(function) with a function of the file; with an output_shape= of the file, that determines the shape, as in Keras."""

    reader: Reader
    code: Any
    shaping: Any = None

    def infer(self, inputs: tuple[Shape, ...]) -> Inference:
        usual = super().infer(inputs)
        own = self.given_output_shape is None or self.shaping is not None
        known = own and all(shape.known for shape in inputs) and self.reader.steps > 1000
        if not known or self.reader.lambdas >= DEEPEST:
            return usual
        self.reader.lambdas += 1
        try:
            outputs = self._outputs(inputs)
        except RecursionError:
            return usual
        finally:
            self.reader.lambdas -= 1
        if len(outputs) != 1:
            return usual
        return Inference(outputs, (), Unknown("multiply-adds", because("a Lambda runs your own code")), window="new")

    def computed(self, inputs: tuple[Shape, ...]) -> Shape | None:
        """The shape that the function returns, whatever output_shape says; None if it is unknown."""
        if not inputs or not all(shape.known for shape in inputs) or self.reader.steps <= 1000 or self.reader.lambdas >= DEEPEST:
            return None
        branches = self.reader.branches
        outputs = self._run(inputs)
        return outputs[0] if len(outputs) == 1 and self.reader.branches == branches else None

    def _outputs(self, inputs: tuple[Shape, ...]) -> tuple[Shape, ...]:
        if self.shaping is not None and self.reader.stacks.dialect.version >= 3:
            return self._declared(inputs)  # Keras 3 takes it as it is; Keras 2 runs the function
        return self._run(inputs) or (self._declared(inputs) if self.shaping is not None else ())

    def _declared(self, inputs: tuple[Shape, ...]) -> tuple[Shape, ...]:
        sizes = [shape.dims for shape in inputs]
        found = plain(run(self.reader, self.shaping, [sizes[0] if len(sizes) == 1 else Items(sizes)], {}))
        whole = isinstance(found, (tuple, list)) and all(size is None or type(size) is int for size in found)
        return (Shape(found),) if whole and found else ()

    def _run(self, inputs: tuple[Shape, ...]) -> tuple[Shape, ...]:
        if isinstance(self.code, Library):
            return inputs if len(inputs) == 1 else ()
        function = self.code.function if isinstance(self.code, Bound) else self.code
        if not isinstance(function, Function):
            return ()
        first = [self.code.owner] if isinstance(self.code, Bound) and "@staticmethod" not in function.defaults else []
        result, trace = walked(self.reader, function, inputs, _given(self.given_arguments), first)
        return () if trace.unclear or trace.called else shapes_of(result)


FollowedLambda.__name__ = FollowedLambda.__qualname__ = "Lambda"


def _given(arguments: Any) -> dict[str, Any]:
    return dict(arguments) if isinstance(arguments, (dict, Table)) else {}


def followed_lambda(reader: Reader, rule: Rule, function: Any, output_shape: Any = None) -> Rule:
    """The Lambda with its function evaluated, if the function is in the file or keeps the shape."""
    method = isinstance(function, Bound) and function.function is not None
    keeps = isinstance(function, Library) and function.last == "preprocess_input" and ".applications" in function.path
    shaping = output_shape if isinstance(output_shape, Function) else None
    if not (isinstance(function, Function) or method or keeps) and shaping is None:
        return rule
    followed = FollowedLambda.__new__(FollowedLambda)
    followed.__dict__.update(rule.__dict__)
    followed.reader, followed.code, followed.shaping = reader, function, shaping
    return followed
