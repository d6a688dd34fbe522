"""Shapes of symbolic tensors and of models' results on data: inferred once for each reading and cached on its reader."""

from __future__ import annotations

from shapecheck.diagnostics.base import ShapeError
from shapecheck.languages import because
from shapecheck.shapes import Dim, Shape

TYPE_CHECKING = False
if TYPE_CHECKING:
    from shapecheck.layers.base import Rule
    from shapecheck.nodes import Node, Tensor
    from shapecheck.reader.state import Reader


def shape_of(reader: Reader, tensor: Tensor) -> Shape:
    """The shape of a symbolic tensor; unknown if a layer before it is broken."""
    waiting = [tensor.node]
    while waiting:
        node = waiting[-1]
        missing = [feed.node for feed in node.feeds if feed.node not in reader.shapes] if node not in reader.shapes else []
        waiting += missing
        if not missing:
            waiting.pop()
            _infer(reader, node)
    return _port(reader.shapes[tensor.node], tensor.port)


def _infer(reader: Reader, node: Node) -> None:
    """Keeps the shapes of a node whose inputs are known."""
    if node in reader.shapes:
        return
    inputs = tuple(_port(reader.shapes[feed.node], feed.port) for feed in node.inputs)
    try:
        reader.shapes[node] = node.rule.infer(inputs).outputs
    except (ShapeError, ValueError, TypeError, AssertionError):
        reader.shapes[node] = (Shape(None, why=because("a layer before it is broken")),)
        reader.broken.add(node)


def _port(shapes: tuple[Shape, ...], port: int) -> Shape:
    return shapes[port] if port < len(shapes) else Shape(None, why=because("a layer before it does not have this output"))


def ports(reader: Reader, node: Node) -> int:
    """The number of outputs of a node, at least one."""
    shape_of(reader, node.tensor())
    return max(1, len(reader.shapes[node]))


def output_dims(reader: Reader, rule: Rule, dims: tuple[Dim, ...]) -> tuple[Dim, ...] | None:
    """The output sizes of a model for data of these sizes; cached, because a loop needs them in every iteration."""
    if (rule, dims) not in reader.outputs:
        reader.outputs[rule, dims] = rule.infer((Shape(dims),)).output.dims
    return reader.outputs[rule, dims]
