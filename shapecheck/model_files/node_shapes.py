"""Shapes while a graph is made of a file: what the rules infer from call to call, and what the file says where a rule is unknown."""

from __future__ import annotations

from contextlib import suppress

from shapecheck.diagnostics.base import ShapeError
from shapecheck.languages import because
from shapecheck.layers.core import Lambda
from shapecheck.nodes import Node, Tensor
from shapecheck.reader.keras.unseen import Hidden
from shapecheck.shapes import Shape

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    Json = Any


def outputs_of(node: Node) -> list[Tensor]:
    """The output tensors of a node, as many as its rule infers for its inputs; one if they do not fit."""
    again(node)
    return [node.tensor(port) for port in range(len(node.inferred[1].outputs) if node.inferred else 1)]


def again(node: Node) -> None:
    """Notes what the rule of a node infers, for the layers after it; nothing if its inputs do not fit."""
    node.inferred = None
    shapes = tuple(_shape(tensor) for tensor in node.inputs)
    with suppress(ShapeError, ValueError, TypeError, AssertionError):  # propagate finds it again, and reports it
        node.inferred = shapes, node.rule.infer(shapes)


def _shape(tensor: Tensor) -> Shape:
    found = tensor.node.inferred[1].outputs if tensor.node.inferred else ()
    return found[tensor.port] if tensor.port < len(found) else Shape(None, why=because("a layer before it does not fit"))


def declare(rule: Any, shape: list[Any] | None) -> None:
    """The output shape of a layer whose code is unknown, as the file has it."""
    if shape is None or len(shape) < 1:
        return
    if isinstance(rule, Hidden) and rule.declared_output is None:
        rule.declared_output = Shape(tuple(shape))
    elif isinstance(rule, Lambda) and rule.given_output_shape is None:
        rule.__dict__["given_output_shape"] = tuple(shape[1:])


def built_shape(entry: Json) -> list[Any] | None:
    """The input shape that a layer was built with, which Keras 3 writes beside its configuration."""
    built = entry.get("build_config") if isinstance(entry, dict) else None
    shape = built.get("input_shape") if isinstance(built, dict) else None
    return shape if isinstance(shape, list) and are_sizes(shape) else None


def are_sizes(shape: list[Any]) -> bool:
    """Whether these are the sizes of a shape, None for one that is not known."""
    return bool(shape) and all(size is None or (isinstance(size, int) and not isinstance(size, bool) and size > 0) for size in shape)
