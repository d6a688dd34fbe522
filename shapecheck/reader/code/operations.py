"""Operations on symbolic tensors that are not layers: x + y, x[:, 0], keras.ops.mean(x, axis=1), K.int_shape(x)."""

from __future__ import annotations

from collections.abc import Callable

from shapecheck.diagnostics.base import ShapeError
from shapecheck.diagnostics.joins import TensorFlowOnSymbol
from shapecheck.diagnostics.rank import MergeMismatch
from shapecheck.languages import because
from shapecheck.layers import find
from shapecheck.layers.base import Inference
from shapecheck.nodes import Node, sources
from shapecheck.reader.advice import cause
from shapecheck.reader.call import Call
from shapecheck.reader.code import tensors
from shapecheck.reader.code.tensor_functions import FUNCTIONS, VALUES
from shapecheck.reader.code.tracing import shapes_of
from shapecheck.reader.keras.inferred import shape_of
from shapecheck.reader.keras.unseen import Hidden, named_class, with_advice
from shapecheck.reader.source import Origin
from shapecheck.reader.values import Items, Layer, Symbol, Traced, unknown
from shapecheck.shapes import Shape

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    from shapecheck.reader.state import Reader


TAKES_ANYTHING = frozenset({"is_tensor", "print", "function", "name_scope", "device", "is_symbolic_tensor", "get_static_value"})
"""TensorFlow functions that do not convert their argument into a TensorFlow tensor."""


class Operation(Hidden):
    """An operation on tensors, without weights, whose shape `compute` returns for traced tensors."""

    compute: Callable[[list[Any]], Any]
    stretches = False
    """Whether it is an operator between its tensors, which must broadcast to each other."""

    def infer(self, inputs: tuple[Shape, ...]) -> Inference:
        if self.stretches:
            _stretched(inputs)
        if all(shape.dims is not None for shape in inputs):
            outputs = shapes_of(self.compute([Traced(shape.dims or ()) for shape in inputs]))
            if outputs:
                return Inference(outputs, (), 0, window="new")
        before = next((shape.why for shape in inputs if shape.dims is None), "")
        why = before if before and not self.advice else with_advice(cause(before) or self.why, self.advice)
        return Inference(self.declared_output or Shape(None, why=why), (), 0, window="new")


def _stretched(inputs: tuple[Shape, ...]) -> None:
    """Raises ShapeError if two tensors do not broadcast to each other, as NumPy does it: from the last axis on."""
    left, right = (shape.dims or () for shape in inputs)
    for a, b in zip(reversed(left), reversed(right), strict=False):
        if isinstance(a, int) and isinstance(b, int) and a != b and 1 not in (a, b):
            advice = "make the last axes equal: add a Dense, or a Conv with window 1, with as many units or filters before the operator"
            raise ShapeError(MergeMismatch(inputs, f"{a} and {b} do not match", advice))


def _symbol(reader: Reader, name: str, why: str, symbols: list[Symbol], compute: Callable[[list[Any]], Any], origin: Any = None) -> Symbol:
    rule: Operation = named_class(Operation, name)()
    rule.why, rule.compute = why, compute
    return Symbol(reader.node(Node(rule, [symbol.tensor for symbol in symbols], origin)).tensor())


def same(reader: Reader, name: str, owner: Symbol) -> Symbol:
    """-x and similar operators: a tensor of the same shape."""
    return _symbol(reader, name, "", [owner], lambda inputs: inputs[0])


def arithmetic(reader: Reader, left: Any, right: Any, op: Any) -> Any:
    """left op right: a layer if Keras has one for it, else an operation."""
    symbols = [side for side in (left, right) if isinstance(side, Symbol)]
    if len(symbols) == 2 and type(op).__name__ == "Add" and len({str(shape_of(reader, side.tensor)) for side in symbols}) == 1:
        rule: Any = find("Add")
        return Symbol(reader.node(Node(rule(), [side.tensor for side in symbols])).tensor())

    def compute(inputs: list[Any]) -> Any:
        rest = list(inputs)
        first, second = (rest.pop(0) if isinstance(side, Symbol) else side for side in (left, right))
        return tensors.arithmetic(first, second, op)

    made = _symbol(reader, type(op).__name__, because("arithmetic between these tensors is not supported"), symbols, compute)
    made.tensor.node.rule.stretches = len(symbols) == 2 and type(op).__name__ != "MatMult"
    return made


def index(reader: Reader, owner: Symbol, key: Any) -> Any:
    """x[...]."""
    why = because("this slice of a tensor is not supported")
    return _symbol(reader, "GetItem", why, [owner], lambda inputs: tensors.index(inputs[0], key))


def concerned(reader: Reader, path: str, call: Call) -> bool:
    """True for a function on symbolic tensors that is one of tensor_functions.py, or that Keras 3 refuses."""
    last = path.rpartition(".")[2]
    known = last in VALUES or last in FUNCTIONS or path.startswith("tensorflow.")
    return known and bool(_symbols([*call.args, *call.keywords.values()]))


def function(reader: Reader, path: str, call: Call) -> Any:
    """Its result: sizes directly, a tensor as an operation."""
    symbols = _symbols([*call.args, *call.keywords.values()])
    last = path.rpartition(".")[2]
    refused = path.startswith("tensorflow.") and last[:1].islower() and last not in TAKES_ANYTHING
    refused = refused and not reader.stacks.in_call
    if refused and reader.stacks.dialect.version >= 3 and sources([symbol.tensor for symbol in symbols]):
        problem = TensorFlowOnSymbol(path)
        problem.origin = Origin(call.unit, call.node)
        reader.stacks.findings.append((problem, problem.origin, None))

    def compute(inputs: list[Any]) -> Any:
        rest = list(inputs)
        again = Call(reader.unit, call.node)
        again.args = [_replaced(argument, rest) for argument in call.args]
        again.keywords = {name: _replaced(argument, rest) for name, argument in call.keywords.items()}
        again.hidden = call.hidden
        return tensors.call(path, again)

    if last in VALUES:
        shapes = [shape_of(reader, symbol.tensor) for symbol in symbols]
        known = all(shape.dims is not None for shape in shapes)
        return compute([Traced(shape.dims or ()) for shape in shapes]) if known else unknown(last, shapes[0].why)
    origin = Layer(None, last, Origin(call.unit, call.node))
    why = because("the shape analysis does not support {path}() of these shapes", path=path)
    return _symbol(reader, last, why, symbols, compute, origin)


def _symbols(values: list[Any]) -> list[Symbol]:
    """The symbolic tensors among arguments, also in lists, in order."""
    found = []
    for value in values:
        inside = list(value) if isinstance(value, (Items, tuple)) else [value]
        found += [item for item in inside if isinstance(item, Symbol)]
    return found


def _replaced(value: Any, rest: list[Any]) -> Any:
    if isinstance(value, Symbol):
        return rest.pop(0)
    if isinstance(value, (Items, tuple)) and any(isinstance(item, Symbol) for item in value):
        return Items([rest.pop(0) if isinstance(item, Symbol) else item for item in value])
    return value
