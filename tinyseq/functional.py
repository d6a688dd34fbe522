"""Functional: a model given by its input and output tensors."""

from __future__ import annotations

from typing import Any

from shapecheck.graph import Graph
from shapecheck.layers.base import Rule
from shapecheck.layers.core import InputLayer as InputRule
from tinyseq.did_you_mean import spelled
from tinyseq.layers.symbolic import SymbolicTensor
from tinyseq.model import Model


class Functional(Model):
    """A model given by its input and output tensors: any directed acyclic graph between them."""

    @spelled
    def __init__(self, inputs: Any = None, outputs: Any = None, name: str | None = None, trainable: bool = True) -> None:
        ins, outs = _tensors("inputs", inputs), _tensors("outputs", outputs)
        for tensor in ins:
            if not isinstance(tensor.node.rule, InputRule):
                raise ValueError(
                    f"inputs must be tensors that Input(...) or model.inputs gave, got the output of {tensor.node.rule.name}: "
                    f"start at an Input"
                )
        graph = Graph(ins, outs, name)
        super().__init__(name, trainable)
        self._graph = graph
        self._listed = isinstance(outputs, (list, tuple))
        _unique_names(graph)
        if not trainable:
            self.trainable = False

    def arguments(self) -> dict[str, Any]:
        return {}

    def _lists_outputs(self) -> bool:
        return self._listed

    def get_config(self) -> dict[str, Any]:
        from tinyseq.saving.config import functional_config

        return functional_config(self)

    @classmethod
    def from_config(cls, config: dict[str, Any]) -> Any:
        from tinyseq.saving.config import functional_from_config

        return functional_from_config(config)


def _tensors(what: str, value: Any) -> list[SymbolicTensor]:
    values = list(value.values()) if isinstance(value, dict) else list(value) if isinstance(value, (list, tuple)) else [value]
    if isinstance(value, dict) and what == "outputs":
        raise TypeError("outputs: a dictionary of outputs is not computed: pass a list")
    if not values:
        raise ValueError(f"{what} is empty: pass at least one tensor, for example {what}=Input(shape=(4,))")
    for item in values:
        if not isinstance(item, SymbolicTensor):
            raise TypeError(
                f"{what}: expected tensors that Input(...) or a layer gave, got {type(item).__name__}: call layers on an "
                f"Input(shape=...) first"
            )
    return values


def _unique_names(graph: Graph) -> None:
    seen: dict[str, Rule] = {}
    for rule in graph.children:
        other = seen.setdefault(str(rule.name), rule)
        if other is not rule:
            raise ValueError(
                f"All layers of a model should have unique names. Name '{rule.name}' stands for two layers: pass another name="
            )
