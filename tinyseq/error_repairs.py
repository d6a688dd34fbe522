"""Repairs in an error message: those of shapecheck, each proved on the refused graph when the error is printed. Rules are

created again with another argument and propagated; the model and its layers are not changed.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING

from shapecheck.checks.losses import judge
from shapecheck.diagnostics.base import ShapeError
from shapecheck.diagnostics.labels import DataMismatch
from shapecheck.graph import Graph
from shapecheck.layers.base import Rule
from shapecheck.nodes import Node, Tensor, before
from shapecheck.propagate import mismatch

if TYPE_CHECKING:
    from shapecheck.findings import Repair
    from shapecheck.repairs.live import Accepts, Outside
    from shapecheck.shapes import Shape
    from shapecheck.table import ShapeTable


class Look:
    """Searches repairs of an error in a graph, when called. `outside`: the loss or the shape of the data, which `accepts` checks."""

    __slots__ = ("accepts", "diagnostic", "graph", "node", "outside")

    def __init__(
        self, error: ShapeError, graph: Graph, node: Node | None = None, outside: Outside | None = None, accepts: Accepts | None = None
    ) -> None:
        self.diagnostic = error.diagnostic
        self.graph = graph
        self.node = node
        self.outside = outside
        self.accepts = accepts

    def __call__(self) -> tuple[str, list[Repair]]:
        """The sizes on the way to the layer, and the repairs."""
        from shapecheck.repairs.live import answered

        return answered(self.graph, self.diagnostic, self.node, self.outside, self.accepts)


def explained(error: ShapeError, layer: Rule, tensors: Sequence[Tensor]) -> ShapeError:
    """The error of a layer that does not fit after these tensors, with the layers before it and repairs."""
    node = Node(layer, tensors)
    error.diagnostic.follows([(str(other.rule.name), other.rule) for other in before(node)])
    return error.offering(Look(error, _graph(node), node))


def at_node(error: ShapeError, graph: Graph, node: Node) -> ShapeError:
    """The error of one node of a graph, with repairs."""
    return error.offering(Look(error, graph, node))


def followed(error: ShapeError, layers: Iterable[object]) -> ShapeError:
    """The error of a layer in a list whose rest is known too: repairs must work for all layers."""
    look = error.look
    if isinstance(look, Look):
        tensor = look.graph.outputs[0]
        for layer in layers:
            if not isinstance(layer, Rule) or layer.several_inputs:
                return error
            tensor = Node(layer, (tensor,)).tensor()
        look.graph = Graph(look.graph.inputs, (tensor,))
    return error


def of_data(error: ShapeError, graph: Graph, given: Shape, at: int = 0) -> ShapeError:
    """The error of data that input `at` does not accept: the data with another axis, or another input shape."""
    from shapecheck.repairs.live import declarable

    def fits(table: ShapeTable, outside: Outside) -> bool:
        return mismatch(table.rows[0].output, outside["data"]) is None

    assert isinstance(error.diagnostic, DataMismatch)
    error.diagnostic.declarable = declarable(graph, given, at)
    return error.offering(Look(error, graph, None, {"data": given}, fits))


def of_labels(error: ShapeError, graph: Graph, labels: Shape, loss: str) -> ShapeError:
    """The error of labels that do not match an output: another number of units, or another loss."""
    def fits(table: ShapeTable, outside: Outside) -> bool:
        return judge(table.outputs[0], labels, outside["loss"]) is None

    return error.offering(Look(error, graph, None, {"loss": loss}, fits))


def _graph(node: Node) -> Graph:
    """All nodes before a node, and the node itself."""
    waiting, starts = [node], dict[Node, None]()
    seen = set()
    while waiting:
        one = waiting.pop()
        if one not in seen:
            seen.add(one)
            waiting += [tensor.node for tensor in one.inputs]
            if not one.inputs:
                starts[one] = None
    return Graph([start.tensor() for start in starts], [node.tensor()])
