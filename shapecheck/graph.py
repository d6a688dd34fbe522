"""Graphs of rules: a model's structure, which is itself a rule, and stacks as graphs."""

from __future__ import annotations

from collections.abc import Iterable

from shapecheck.diagnostics.rank import InputMismatch
from shapecheck.languages import because
from shapecheck.layers.base import Inference, Rule
from shapecheck.layers.core import InputLayer
from shapecheck.nodes import Node, Structure, known_input
from shapecheck.propagate import propagate, takes
from shapecheck.shapes import Shape

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any


class Graph(Structure):
    """A model's structure as a rule: inside another graph it is one layer."""

    forced: bool | None = None
    """True, False: it was called with training=True or False; None: with neither."""
    in_training: Graph | None = None
    """What it is in training, if its code behaves otherwise then."""

    def infer(self, inputs: tuple[Shape, ...]) -> Inference:
        """As one layer of another graph: computes an inner table and returns its totals."""
        table = self.kept[1] if self.kept is not None and self.kept[0] == inputs else propagate(self, inputs)
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
        first = Node(known_input(declared or Shape(None, why=because("no input shape is declared"))))
    tensor = first.tensor()
    for rule, place in zip(rules, places, strict=True):
        tensor = Node(rule, (tensor,), place).tensor()
    return Graph((first.tensor(),), (tensor,), name)
