"""How many axes an input has that declares no shape: as many as the first layer requires that takes only one number of them."""

from __future__ import annotations

from shapecheck.graph import Graph
from shapecheck.layers.base import Rule
from shapecheck.layers.core import InputLayer
from shapecheck.nodes import Node
from shapecheck.shapes import Shape, Unknown

AS_MANY = frozenset({
    "Activation", "AlphaDropout", "BatchNormalization", "Dense", "Dropout", "ELU", "GaussianDropout", "GaussianNoise", "Identity",
    "LayerNormalization", "LeakyReLU", "Masking", "Normalization", "PReLU", "ReLU", "RandomBrightness", "RandomContrast", "RandomFlip",
    "RandomRotation", "RandomTranslation", "RandomZoom", "Rescaling", "Softmax",
})  # fmt: skip
"""Layers whose output has as many axes as their input."""


def open_inputs(graph: Graph) -> dict[Rule, Shape]:
    """For each input of unknown rank a shape of unknown sizes, if a layer behind it requires a rank."""
    found: dict[Rule, Shape] = {}
    for tensor in graph.inputs:
        rule = tensor.node.rule
        if isinstance(rule, InputLayer) and rule.shape_accepted.dims is None:
            rank = _required(graph, tensor.node)
            if rank is not None and rank >= 2:
                why = rule.shape_accepted.why
                found[rule] = Shape((None, *(Unknown("size", why) for _ in range(rank - 1))), why=why)
    return found


def _required(graph: Graph, node: Node) -> int | None:
    """The rank of a node's output that the layers behind it require; None if it is unknown."""
    readers: dict[int, list[Node]] = {}
    for other in graph.nodes:
        if len(other.inputs) == 1:
            readers.setdefault(id(other.inputs[0].node), []).append(other)
    waiting, seen = [(node, 0)], set()
    while waiting:
        made, less = waiting.pop()
        if id(made) in seen:
            continue
        seen.add(id(made))
        further = []
        for reader in readers.get(id(made), ()):
            name = reader.rule.class_name if type(reader.rule).__module__.startswith("shapecheck.layers.") else ""
            if name in AS_MANY or name == "Embedding":
                further.append((reader, less + (name == "Embedding")))
            elif (rank := _of(reader.rule)) is not None:
                return rank - less
        waiting.extend(reversed(further))
    return None


def _of(rule: Rule | Graph) -> int | None:
    """The rank of the input of a layer or model."""
    if isinstance(rule, Graph):
        return _required(rule, rule.inputs[0].node) if len(rule.inputs) == 1 else None
    if not type(rule).__module__.startswith("shapecheck.layers."):
        return None
    inner = getattr(rule, "layer", None)
    rank = getattr(type(inner if isinstance(inner, Rule) else rule), "rank", None)
    if not isinstance(rank, int):
        return None
    return rank + 1 if rule.class_name == "TimeDistributed" else rank
