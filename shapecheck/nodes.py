"""The structure of a model, without numbers: nodes (uses of rules) and the tensors between them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence

from shapecheck.layers.base import Inference, Rule
from shapecheck.layers.core import InputLayer
from shapecheck.shapes import Shape

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any


class Node:
    """One use of a rule: its input tensors, and where in the source it is written (any object; None if unknown).

    `beside` holds the tensors that a call passes besides the input: initial_state=[h, c], mask=m. They are edges of the
    graph; the rule checks those that it knows (Rule.check_beside). `call` is the expression that calls the layer, if known;
    `inferred` what its rule made of these input shapes, if somebody asked before (a rule's arguments never change).
    """

    __slots__ = ("beside", "call", "inferred", "inputs", "origin", "rule")

    def __init__(
        self, rule: Rule, inputs: Sequence[Tensor] = (), origin: Any = None, beside: Mapping[str, Sequence[Tensor]] | None = None
    ) -> None:  # fmt: skip
        self.rule = rule
        self.inputs = tuple(inputs)
        self.origin = origin
        self.call: Any = None
        self.inferred: tuple[tuple[Shape, ...], Inference] | None = None
        self.beside = {name: tuple(tensors) for name, tensors in beside.items()} if beside else {}

    @property
    def feeds(self) -> tuple[Tensor, ...]:
        """Every tensor of the call: the inputs, then those in `beside`."""
        if not self.beside:
            return self.inputs
        return (*self.inputs, *(tensor for tensors in self.beside.values() for tensor in tensors))

    def tensor(self, port: int = 0) -> Tensor:
        """One of its output tensors."""
        return Tensor(self, port)

    def __repr__(self) -> str:
        return f"<Node {self.rule!r}>"


class Tensor:
    """An output of a node. Two tensors are equal if they are the same output of the same node."""

    __slots__ = ("node", "port")

    def __init__(self, node: Node, port: int = 0) -> None:
        self.node = node
        self.port = port

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Tensor) and self.node is other.node and self.port == other.port

    def __hash__(self) -> int:
        return hash((id(self.node), self.port))


class Structure(Rule):
    """Nodes in topological order between `inputs` and `outputs`. `nodes` holds the Input nodes too, if there are any.

    `frozen`: as a model on its own it trains nothing, whatever its layers say; inside another model its layers decide.
    """

    frozen = False
    fixed = False
    """True if it is never changed once it is made."""
    kept: Any = None
    """The shapes of its inputs and its table, of a fixed one that was propagated as it declares itself."""

    def __init__(self, inputs: Iterable[Tensor], outputs: Iterable[Tensor], name: str | None = None) -> None:
        super().__init__(name=name)
        self.inputs = tuple(inputs)
        self.outputs = tuple(outputs)
        self.nodes = reachable(self.inputs, self.outputs)

    @property
    def several_inputs(self) -> bool:  # type: ignore[override]
        """True if it takes a list of inputs."""
        return len(self.inputs) != 1

    @property
    def layers(self) -> tuple[Rule, ...]:
        """Its layers as `model.layers` lists them: those farthest from the outputs first, operations left out."""
        return tuple(rule for rule in by_depth(self) if not rule.operation)

    @property
    def children(self) -> tuple[Rule, ...]:  # type: ignore[override]
        """Its layers, each once, in order."""
        return tuple(dict.fromkeys(node.rule for node in self.nodes))


def reachable(inputs: Sequence[Tensor], outputs: Sequence[Tensor]) -> tuple[Node, ...]:
    """The nodes between inputs and outputs, each after those that feed it, in the order of a depth-first walk.

    Raises ValueError if an output depends on a node without inputs that is not among `inputs`. A node with an unseen rule may have no
    inputs: a tensor of unknown origin.
    """
    order: dict[Node, None] = {}
    starts = {tensor.node for tensor in inputs}
    for tensor in inputs:
        order.setdefault(tensor.node)
    stack = [(tensor.node, iter(tensor.node.feeds)) for tensor in reversed(outputs)]
    while stack:
        node, feeds = stack[-1]
        if node in order:
            stack.pop()
            continue
        for feed in feeds:
            if feed.node not in order:
                stack.append((feed.node, iter(feed.node.feeds)))
                break
        else:
            if not node.feeds and node not in starts and not node.rule.unseen:
                raise ValueError(f"the outputs depend on {node.rule!r}, which is not one of the inputs; add it to them")
            order[node] = None
            stack.pop()
    return tuple(order)


def by_depth(structure: Structure) -> list[Rule]:
    """Layers and operations in the order of Keras's summary: by steps to the outputs, then in the order of a walk back from them.

    Source: keras 3.15, map_graph in keras/src/ops/function.py.
    """
    order, finished = _walk_back(structure)
    depths: dict[Node, int] = {}
    steps: dict[Rule, int] = {}
    for node in reversed(finished):
        depths[node] = steps[node.rule] = max(depths.get(node, 0), steps.get(node.rule, 0))
        for feed in node.feeds:
            depths[feed.node] = max(depths.get(feed.node, 0), depths[node] + 1)
    for tensor in structure.inputs:
        if tensor.node.rule not in steps:  # an input that leads to no output
            steps[tensor.node.rule], order[tensor.node.rule] = 0, -1
    return sorted(steps, key=lambda rule: (-steps[rule], order[rule]))


def _walk_back(structure: Structure) -> tuple[dict[Rule, int], list[Node]]:
    """When a depth-first walk from the outputs first reaches each layer, and the nodes in the order in which it leaves them."""
    order: dict[Rule, int] = {}
    finished: dict[Node, None] = {}
    starts = {tensor.node for tensor in structure.inputs}
    path: list[tuple[Node | None, Iterator[Tensor]]] = [(None, iter(structure.outputs))]
    while path:
        node, feeds = path[-1]
        feed = next(feeds, None)
        if feed is None:
            path.pop()
            if node is not None:
                finished[node] = None
        elif feed.node not in finished:
            order.setdefault(feed.node.rule, len(order))
            path.append((feed.node, iter(() if feed.node in starts else feed.node.feeds)))
    return order, list(finished)


def sources(tensors: Sequence[Tensor]) -> list[Node]:
    """The Inputs that tensors depend on, in order."""
    found: dict[Node, None] = {}
    seen: set[Node] = set()
    waiting = [tensor.node for tensor in reversed(tensors)]
    while waiting:
        node = waiting.pop()
        if node in seen:
            continue
        seen.add(node)
        if not node.feeds and type(node.rule).__name__ == "InputLayer":  # a refused one, too
            found[node] = None
        waiting += [feed.node for feed in reversed(node.feeds)]
    return list(found)


def before(node: Node) -> list[Node]:
    """The chain of layers before this one, nearest first."""
    found = []
    while len(node.inputs) == 1:
        node = node.inputs[0].node
        found.append(node)
    return found


def known_input(shape: Shape) -> InputLayer:
    """An InputLayer of exactly this shape, batch axis included."""
    layer = InputLayer(batch_shape=(None,))
    object.__setattr__(layer, "batch_shape", shape.dims)
    layer.shape_accepted = shape
    return layer
