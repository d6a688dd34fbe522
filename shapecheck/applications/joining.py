"""Rules that can be called on tensors like Keras's layers: what an architecture connects when only shapes are needed."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial

from shapecheck.diagnostics.base import ShapeError
from shapecheck.graph import Graph
from shapecheck.languages import because
from shapecheck.layers import find, operations, residual
from shapecheck.layers.base import Inference, Rule
from shapecheck.layers.core import InputLayer
from shapecheck.naming import Names
from shapecheck.nodes import Node, Tensor, known_input, sources
from shapecheck.shapes import Dim, Shape

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any


class RuleLayers:
    """Every layer by its Keras name: RuleLayers().Conv2D(64, 3, name="first")(x).

    Layers without a name get the next one of their kind from `names`, in the order in which they are made. `origin` is
    put on every node. Layers with the same arguments are made, and for the same shapes inferred, once and copied.
    """

    def __init__(self, names: Names | None = None, origin: Any = None) -> None:
        self.names = names or Names()
        self.origin = origin
        self.made: dict[Any, Rule] = {}
        self.inferred: dict[tuple[Rule, tuple[Shape, ...]], Inference] = {}

    def __getattr__(self, name: str) -> Any:
        rule = residual.LAYERS.get(name) or find(name)
        if rule is None:
            raise AttributeError(f"there is no layer {name}")
        return partial(self._made, rule)

    def _made(self, rule_class: type[Rule], *arguments: Any, name: str | None = None, **options: Any) -> Caller:
        name = self.names.give(rule_class.__name__) if name is None else name
        key = (rule_class, *map(_typed, arguments), *((word, _typed(value)) for word, value in options.items()))
        try:
            first = self.made.get(key)
        except TypeError:  # a list among the arguments
            return Caller(self, rule_class(*arguments, name=name, **options))
        if first is None:
            first = self.made[key] = rule_class(*arguments, name=name, **options)
            return Caller(self, first, None if first.children else first)
        if first.children:  # of a wrapper, each has its own
            return Caller(self, rule_class(*arguments, name=name, **options))
        return Caller(self, _again(first, name), first)

    def Input(self, shape: Sequence[Dim]) -> Joined:
        """The tensor (None, *shape) for data that will be fed."""
        layer = self._made(InputLayer, shape=tuple(shape))
        return Joined(self, Node(layer.rule, (), self.origin), layer.rule.infer(()).output)

    def tensor(self, tensor: Tensor, accepted: Shape) -> Joined:
        """A tensor of another graph, to continue from."""
        return Joined(self, tensor.node, accepted, tensor.port)

    def Sequential(self, callers: Sequence[Caller], name: str) -> Caller:
        """A stack of layers as one layer."""
        first = tensor = Tensor(Node(known_input(Shape(None, why=because("what {name} is called on is not known", name=name)))))
        for caller in callers:
            tensor = Tensor(Node(caller.rule, (tensor,), self.origin))
        return Caller(self, Graph((first,), (tensor,), name))

    def Model(self, inputs: Sequence[Joined], output: Joined, name: str) -> Graph:
        """Everything between. It never changes, so its table is kept where it is used as a layer."""
        made = Graph(inputs, (output,), name)
        made.fixed = not any(node.rule.children for node in made.nodes)  # what is frozen in a model inside is part of its inference
        return made

    def sources(self, tensor: Tensor) -> list[Tensor]:
        """The inputs that a tensor depends on."""
        return [node.tensor() for node in sources([tensor])]


class Joined(Tensor):
    """A tensor between connected rules; `shape` holds its sizes, batch axis first."""

    __slots__ = ("accepted", "layers")

    def __init__(self, layers: RuleLayers, node: Node, accepted: Shape, port: int = 0) -> None:
        super().__init__(node, port)
        self.layers = layers
        self.accepted = accepted

    @property
    def shape(self) -> tuple[Dim, ...]:
        """Its sizes."""
        assert self.accepted.dims is not None
        return self.accepted.dims

    def __add__(self, other: Any) -> Joined:
        return self._operation(operations.Add, other)

    def __mul__(self, other: Any) -> Joined:
        return self._operation(operations.Multiply, other)

    def _operation(self, kind: type[operations.Operation], other: Any) -> Joined:
        if isinstance(other, Joined):
            return self.layers._made(kind)([self, other])
        return self.layers._made(kind, other)(self)


class Caller:
    """A layer that can be called on one tensor or on a list of them. `first`: the first layer that was made with its arguments."""

    __slots__ = ("first", "layers", "rule")

    def __init__(self, layers: RuleLayers, rule: Rule, first: Rule | None = None) -> None:
        self.layers = layers
        self.rule = rule
        self.first = first

    def __call__(self, inputs: Joined | list[Joined]) -> Joined:
        """A new tensor. Raises ShapeError, placed at the layer, if the shapes do not fit."""
        given = inputs if isinstance(inputs, list) else [inputs]
        try:
            shapes = tuple([tensor.accepted for tensor in given])
            inference = self._inferred(shapes)
        except ShapeError as error:
            raise error.at(str(self.rule.name)) from None
        node = Node(self.rule, given, self.layers.origin)
        if not self.rule.children:
            node.inferred = (shapes, inference)
        return Joined(self.layers, node, inference.output)

    def _inferred(self, shapes: tuple[Shape, ...]) -> Inference:
        """What the rule makes of the shapes; the same for every layer with the same arguments."""
        if self.first is None:
            return self.rule.infer(shapes)
        key = (self.first, shapes)
        known = self.layers.inferred.get(key)
        if known is None:
            known = self.layers.inferred[key] = self.rule.infer(shapes)
        return known


def _typed(value: Any) -> Any:
    """The value beside its type: 1 and True are equal, and mean different arguments."""
    return type(value), value


def _again(first: Rule, name: str) -> Rule:
    """Another layer with the arguments of the first, which have been checked."""
    made: Rule = object.__new__(type(first))
    made.__dict__.update(first.__dict__)
    made.__dict__["name"] = name
    return made
