"""Layer classes of the file: call() is traced if it only chains layers, compute_output_shape() is evaluated; else the shape is unknown."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

from shapecheck.diagnostics.base import Diagnostic, ShapeError
from shapecheck.diagnostics.joins import SharedOnTwoWidths
from shapecheck.graph import Graph
from shapecheck.languages import because
from shapecheck.layers.base import Inference, WeightSpec
from shapecheck.nodes import Node, known_input
from shapecheck.propagate import propagate
from shapecheck.reader.code import tracing
from shapecheck.reader.keras.unseen import Hidden
from shapecheck.reader.python.functions import run
from shapecheck.reader.records import UNCLEAR, Trace
from shapecheck.reader.values import Class, Function, Instance, Items, Symbol, Traced, plain, unknown
from shapecheck.shapes import Shape, Unknown
from shapecheck.table import built_twice

TYPE_CHECKING = False
if TYPE_CHECKING:
    import ast
    from typing import Any, TypeVar

    from shapecheck.reader.state import Reader
    from shapecheck.shapes import Dim
    from shapecheck.table import Row, ShapeTable

    T = TypeVar("T")
else:
    import _ast as ast

DEEPEST = 6
"""Most nested classes that are evaluated."""
OWN_WEIGHTS = frozenset({"add_weight", "add_variable", "Variable", "add_loss", "build_from_config", "__setattr__", "setattr"})
"""Methods of a class that has weights besides those of its layers."""
OUTSIDE = frozenset({"training", "mask"})
"""Parameters of call() that Keras passes itself."""


class Raises(Exception):
    """A method certainly raises for these shapes, so nothing comes out of the layer."""


class Broken(Exception):
    """A layer in call() certainly does not accept what it is called on."""

    def __init__(self, diagnostic: Diagnostic) -> None:
        super().__init__(diagnostic.code)
        self.diagnostic = diagnostic


REFUSED = tuple(f"shapecheck.diagnostics.{name}" for name in ("arguments", "rank", "sizes", "recurrent"))
"""Modules of findings about shapes: Keras raises them in call(), too."""


class Followed(Hidden):
    """An object of a layer class of the file, with the reader that evaluates its methods.

    `separate` are the parameters of call() to which the tensors are passed one by one, () if they are passed as one argument.
    """

    reader: Reader
    made: Instance
    separate: tuple[str, ...] = ()

    def infer(self, inputs: tuple[Shape, ...]) -> Inference:
        known = all(shape.dims is not None for shape in inputs) and inputs and self.reader.steps > 1000
        if not known or self.reader.traces >= DEEPEST or (self.separate and len(self.separate) != len(inputs)):
            return super().infer(inputs)
        self.reader.traces += 1
        try:
            chained = self._tried(self._traced, inputs[0]) if len(inputs) == 1 else None
            found = chained or self._tried(self._computed, inputs) or self._tried(self._own, inputs)
            return found or (None if self.separate else self._tried(self._declared, inputs[0])) or super().infer(inputs)
        except RecursionError:
            return super().infer(inputs)
        except Broken as error:
            raise ShapeError(error.diagnostic) from None
        except Raises as error:
            why = str(error)
            return Inference(Shape(None, why=why), (WeightSpec("weights", (Unknown("weights", why),)),), Unknown("multiply-adds", why))
        finally:
            self.reader.traces -= 1

    def _tried(self, way: Callable[[Any], T | None], given: Any) -> T | None:
        """The result of one method; the object is restored afterwards, because build() may add to its lists."""
        stacks, attributes = self.reader.stacks, self.made.attributes
        before = len(stacks.models), len(stacks.findings)
        self.made.attributes = {name: _copied(value) for name, value in attributes.items()}
        try:
            return way(given)
        finally:
            self.made.attributes = attributes
            del stacks.models[before[0] :], stacks.findings[before[1] :]

    def _method(self, name: str, *args: Any) -> Any:
        """The method's result; None if the class does not define it."""

        found = self.made.of.find(name)
        if not isinstance(found, Function) or "@staticmethod" in found.defaults:
            return None
        spec = found.node.args
        given = {a.arg: unknown(a.arg) for a in (*spec.posonlyargs, *spec.args, *spec.kwonlyargs) if a.arg in OUTSIDE}
        result = run(self.reader, found, [self.made, *args], given)
        if self.reader.raised not in ("", "NotImplementedError"):
            raise Raises(because(
                "{name}.{method}() raises {raised} for this input", name=self.made.of.name, method=name, raised=self.reader.raised
            ))
        return result

    def _traced(self, shape: Shape) -> Inference | None:
        """call() on a symbolic input: a graph of layers, if that is all it is."""
        if has_own_weights(self.made.of) or isinstance(self.made.of.find("__call__"), Function):
            return None
        branches = self.reader.branches
        self._method("build", shape.dims)
        start = Node(known_input(shape)).tensor()
        try:
            end = self._method("call", Symbol(start))
        except Raises:  # perhaps only for a tensor that is not computed
            return None
        if not isinstance(end, Symbol):
            return None
        try:
            table = propagate(Graph((start,), (end.tensor,)), (shape,))
            if self.reader.branches == branches:
                _refuse(self.reader, table)
            inference = table.as_inference()
        except (ShapeError, ValueError, TypeError, AssertionError):
            return None
        return inference if inference.output.known else None

    def _computed(self, inputs: tuple[Shape, ...]) -> Inference | None:
        """build() and call() on shapes, operation by operation, with the weights that they create."""
        call = self.made.of.find("call")
        plain_layer = all(path.rpartition(".")[2] in ("Layer", "Model") for path in self.made.of.library_bases())
        if not plain_layer or not isinstance(call, Function) or isinstance(self.made.of.find("__call__"), Function):
            return None
        sizes = [shape.dims for shape in inputs]
        build = partial(self._method, "build", sizes[0] if len(sizes) == 1 else Items(sizes))
        if self.separate:
            found = self.made.of.find("build")
            wanted = [a.arg for a in found.node.args.args[1:]] if isinstance(found, Function) else []
            by_name = {f"{name}_shape": dims for name, dims in zip(self.separate, sizes, strict=True)}
            if not by_name.keys() >= set(wanted):
                return None
            build = partial(self._method, "build", *[by_name[name] for name in wanted])
        given = {name: unknown(name) for name in OUTSIDE & {a.arg for a in (*call.node.args.args, *call.node.args.kwonlyargs)}}
        result, trace = tracing.walked(self.reader, call, inputs, given, [self.made], build, self.separate)
        if trace.refused is not None and type(trace.refused[0]).__module__ in (*REFUSED, SharedOnTwoWidths.__module__):
            diagnostic, inner = trace.refused
            diagnostic.within = diagnostic.within or (inner and (inner.unit, inner.node))
            raise Broken(diagnostic)
        outputs = tracing.shapes_of(result)
        declared = self._declared(inputs[0]) if len(inputs) == 1 else None
        if not outputs or trace.unclear or UNCLEAR in self.made.attributes:
            return None
        if declared is not None and (declared.output.dims,) != tuple(shape.dims for shape in outputs):
            return None
        hidden = Unknown("multiply-adds", because("the multiply-adds of {name} are not counted", name=self.made.of.name))
        return Inference(outputs, trace.weights(self.made), hidden, window="new")

    def _own(self, inputs: tuple[Shape, ...]) -> Inference | None:
        """tinyseq's layer of one's own, with forward() in place of call(): output_shape() and the weights that build() adds."""
        computes = isinstance(self.made.of.find("forward"), Function) and not isinstance(self.made.of.find("call"), Function)
        output = self._output(inputs[0]) if computes and len(inputs) == 1 else None
        if output is None:
            return None
        outer, trace = self.reader.tracing, Trace(self.reader.branch)
        self.reader.tracing = trace
        try:
            self._method("build", inputs[0].dims)
        finally:
            self.reader.tracing = outer
        if trace.unclear or UNCLEAR in self.made.attributes:
            return None
        hidden = Unknown("multiply-adds", because("the multiply-adds of {name} are not counted", name=self.made.of.name))
        return Inference(output, trace.weights(self.made), hidden, window="new")

    def _declared(self, shape: Shape) -> Inference | None:
        """The result of compute_output_shape(), if it is known."""
        output = self._output(shape)
        if output is None:
            return None
        hidden = Unknown("weights", because("the weights of {name} are not counted", name=self.made.of.name))
        return Inference(output, (WeightSpec("weights", (hidden,)),), hidden)

    def _output(self, shape: Shape) -> Shape | None:
        """What compute_output_shape(), or tinyseq's output_shape(), returns for an input; None if it is unknown."""
        for name in ("compute_output_shape", "output_shape"):
            found = plain(self._method(name, shape.dims))
            if isinstance(found, (tuple, list)) and found:
                known = all(size is None or (isinstance(size, int) and not isinstance(size, bool)) for size in found)
                return Shape(found) if known else None
        return None


class FollowedCell(Followed):
    """An object of a cell class of the file, for RNN: its state_size is known, its call(inputs, states) is evaluated for one step."""

    state_sizes: tuple[int, ...]
    output_size: int

    def specs(self, features: Dim) -> tuple[WeightSpec, ...]:
        """The weights that build() and one call create; of unknown size if one of them is unknown."""
        hidden = (WeightSpec("cell", (Unknown("weights", because("the weights of {name} are not counted", name=self.made.of.name)),)),)
        if not isinstance(features, int) or self.reader.traces >= DEEPEST or self.reader.steps <= 1000:
            return hidden
        self.reader.traces += 1
        try:
            return self._tried(self._step, features) or hidden
        except (RecursionError, Raises):
            return hidden
        finally:
            self.reader.traces -= 1

    def _step(self, features: int) -> tuple[WeightSpec, ...] | None:
        outer, trace = self.reader.tracing, Trace(self.reader.branch)
        self.reader.tracing = trace
        states = Items([Traced((None, size)) for size in self.state_sizes])
        try:
            self._method("build", (None, features))
            result = self._method("call", Traced((None, features)), states)
        finally:
            self.reader.tracing = outer
        output = result[0] if isinstance(result, tuple) and result else result
        as_said = isinstance(output, Traced) and output.dims == (None, self.output_size)
        unclear = trace.unclear or trace.called or UNCLEAR in self.made.attributes  # Keras builds no layers inside a cell
        return None if not as_said or unclear else trace.weights(self.made)

    def step_multiply_adds(self, features: Dim) -> Dim:
        """Not counted."""
        return Unknown("multiply-adds", because("the multiply-adds of {name} are not counted", name=self.made.of.name))


def cell_sizes(made: Instance) -> tuple[tuple[int, ...], int] | None:
    """The sizes of the states and of the output of a cell, as Keras reads them from state_size and output_size; None for other layers."""
    given, output = (plain(made.attributes.get(name)) for name in ("state_size", "output_size"))
    sizes = (given,) if type(given) is int else tuple(given) if isinstance(given, (tuple, list)) else ()
    if not sizes or not all(type(size) is int and size > 0 for size in sizes) or not isinstance(made.of.find("call"), Function):
        return None
    return (sizes, output if type(output) is int else sizes[0]) if output is None or type(output) is int else None


def _refuse(reader: Reader, table: ShapeTable) -> None:
    """Raises the first thing in call() that Keras refuses, too: a layer that does not accept its input, or needs other weights for it."""
    for row in table.broken:
        if type(row.diagnostic).__module__ in REFUSED and row.diagnostic is not None:
            reader.reached.discard(row.node)  # the finding is the outer layer's
            raise Broken(_inside(row.diagnostic.copy(), row))
    for earlier, row in built_twice(table.rows):
        raise Broken(_inside(SharedOnTwoWidths(earlier.inputs[0], row.inputs[0]), row))


def _inside(diagnostic: Diagnostic, row: Row) -> Diagnostic:
    diagnostic.within = diagnostic.within or row.node.call
    return diagnostic


def _copied(value: Any) -> Any:
    return Items(value, value.nodes, value.branch) if isinstance(value, Items) and not value.why else value


def has_own_weights(kind: Class) -> bool:
    """True if a class, or a base of it in the file, may create weights itself, or has other bases than Layer or Model."""
    if kind.own_weights is None:
        kind.own_weights = _makes_weights(kind)
    return bool(kind.own_weights)


def _makes_weights(kind: Class) -> bool:
    if any(path.rpartition(".")[2] not in ("Layer", "Model") for path in kind.library_bases()):
        return True
    waiting: list[Any] = [kind.node, *(base.node for base in kind.bases if hasattr(base, "node"))]
    while waiting:
        node = waiting.pop()
        if getattr(node, "attr", getattr(node, "id", None)) in OWN_WEIGHTS:
            return True
        for field in getattr(node, "_fields", ()):
            value = getattr(node, field)
            waiting += value if isinstance(value, list) else [value] if isinstance(value, ast.AST) else []
    return False
