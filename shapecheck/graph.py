"""What feeds what, with no numbers in it: tensors between nodes, and a graph of them, which is itself a layer."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from shapecheck.layers.base import Inference, Rule
from shapecheck.layers.core import InputLayer
from shapecheck.nodes import Node, Tensor, known_input, reachable
from shapecheck.shapes import Shape


class Graph(Rule):
    """Nodes in topological order between `inputs` and `outputs`: a model's structure; inside another graph, one layer.

    `nodes` holds the Input nodes too, if the graph has any.
    """

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

    def infer(self, inputs: tuple[Shape, ...]) -> Inference:
        """As one layer of another graph: a table is made inside, its totals go out."""
        from shapecheck.diagnostics.rank import InputMismatch
        from shapecheck.propagate import propagate, takes

        table = propagate(self, inputs)
        for row in table.broken:
            if isinstance(row.diagnostic, InputMismatch) and not row.node.inputs:
                row.diagnostic.declarable = takes(self, inputs)
        return table.as_inference()


def chain(rules: Iterable[Rule], origins: Iterable[Any] = (), input_shape: Shape | None = None, name: str | None = None) -> Graph:
    """A stack as a graph. The input is a written InputLayer, else `input_shape`, else what the first rule declares,
    else a shape of unknown rank."""
    rules = list(rules)
    places = list(origins) or [None] * len(rules)
    if rules and isinstance(rules[0], InputLayer):
        first = Node(rules.pop(0), (), places.pop(0))
    else:
        declared = input_shape or (rules[0].declared_input if rules else None)
        first = Node(known_input(declared or Shape(None, why="no input shape is given")))
    tensor = first.tensor()
    for rule, place in zip(rules, places, strict=True):
        tensor = Node(rule, (tensor,), place).tensor()
    return Graph((first.tensor(),), (tensor,), name)

