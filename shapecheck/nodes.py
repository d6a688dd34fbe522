"""What feeds what, with no numbers in it: nodes (uses of rules), the tensors between them, and the structure they make."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from shapecheck.layers.base import Rule
from shapecheck.layers.core import InputLayer
from shapecheck.shapes import Shape

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any


class Node:
    """One use of a rule: which tensors go in, and where in the source it was written (anything; None if unknown)."""

    __slots__ = ("inputs", "origin", "rule")

    def __init__(self, rule: Rule, inputs: Sequence[Tensor] = (), origin: Any = None) -> None:
        self.rule = rule
        self.inputs = tuple(inputs)
        self.origin = origin

    def tensor(self, port: int = 0) -> Tensor:
        """One of its outputs."""
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
    """Nodes in topological order between `inputs` and `outputs`. `nodes` holds the Input nodes too, if there are any."""

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
    def children(self) -> tuple[Rule, ...]:  # type: ignore[override]
        """Its layers, each once, in order."""
        return tuple(dict.fromkeys(node.rule for node in self.nodes))


def reachable(inputs: Sequence[Tensor], outputs: Sequence[Tensor]) -> tuple[Node, ...]:
    """The nodes between inputs and outputs, each after those that feed it, in the order of a depth-first walk.

    Raises ValueError if an output depends on a node without inputs that is not among `inputs`.
    """
    order: dict[Node, None] = {}
    starts = {tensor.node for tensor in inputs}
    for tensor in inputs:
        order.setdefault(tensor.node)
    stack = [(tensor.node, iter(tensor.node.inputs)) for tensor in reversed(outputs)]
    while stack:
        node, feeds = stack[-1]
        if node in order:
            stack.pop()
            continue
        for feed in feeds:
            if feed.node not in order:
                stack.append((feed.node, iter(feed.node.inputs)))
                break
        else:
            if not node.inputs and node not in starts:
                raise ValueError(f"the outputs depend on {node.rule!r}, which is not among the inputs: add it to them")
            order[node] = None
            stack.pop()
    return tuple(order)


def before(node: Node) -> list[Node]:
    """The layers that lead to this one in a line, nearest first."""
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
