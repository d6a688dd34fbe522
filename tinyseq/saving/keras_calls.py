"""The calls of a functional model as lines of a Keras program: x = layers.Dense(4)(x)."""

from __future__ import annotations

from typing import Any

from shapecheck.nodes import Node, Tensor
from tinyseq.layers.call_options import original
from tinyseq.layers.core import InputLayer
from tinyseq.saving.code_text import OPERATORS, index, infix, literal
from tinyseq.saving.config import is_model
from tinyseq.saving.operations import WRITTEN
from tinyseq.saving.write_calls import call_json
from tinyseq.saving.write_config import CannotSave


class Expression(str):
    """Source in the place of a tensor."""


class Calls:
    """The lines of a graph, and the variable of each tensor.

    Arguments:
        program: writes layers and finds names
        graph: of the model
    """

    def __init__(self, program: Any, graph: Any) -> None:
        self.program = program
        self.lines: list[str] = []
        self._variables: dict[Tensor, str] = {}
        self._layers: dict[Any, str] = {}
        """Layers that are called more than once, and inner models."""
        self._graph = graph
        nodes = list(graph.nodes)
        self._uses: dict[Tensor, list[int]] = {}
        for number, node in enumerate(nodes):
            for tensor in node.feeds:
                self._uses.setdefault(tensor, []).append(number)
        self._called: dict[Any, int] = {}
        for node in nodes:
            self._called[original(node.rule)] = self._called.get(original(node.rule), 0) + 1
        for number, node in enumerate(nodes):
            self._write(node, number)

    def of(self, tensor: Tensor) -> str:
        """The variable that holds a tensor."""
        return self._variables[tensor]

    def _write(self, node: Node, number: int) -> None:
        layer: Any = original(node.rule)
        if isinstance(layer, InputLayer):
            made = self.program.layer(layer)
            name = "inputs" if len(self._graph.inputs) == 1 else self.program.give(layer)
            self._variables[node.tensor()] = name
            self.lines.append(f"{name} = {made}")
            return
        made = self._operation(node) if getattr(layer, "operation", False) else self._call(node, layer)
        targets = ", ".join(self._name(node, port, number, layer) for port in range(self._ports(node)))
        self.lines.append(f"{targets} = {made}")

    def _ports(self, node: Node) -> int:
        inputs: list[Any] = list(node.inputs)
        return len(node.rule.infer(tuple(tensor.shape_accepted for tensor in inputs)).outputs)

    def _name(self, node: Node, port: int, number: int, layer: Any) -> str:
        """x for a node's one tensor that only the next line uses, outputs for the model's one output, _ for an unused one, else the layer's
        name."""
        needed = {one.port: one for one in (*self._uses, *self._graph.outputs) if one.node is node}
        tensor = needed.get(port, node.tensor(port))
        uses = self._uses.get(tensor, [])
        if tensor in self._graph.outputs:
            only = len(self._graph.outputs) == 1 and not uses
            name = "outputs" if only else self.program.give(layer)
        else:
            alone = len(needed) == 1 and uses == [number + 1]
            name = "_" if not uses else "x" if alone else self.program.give(layer, "_state" if port else "")
        self._variables[tensor] = name
        return name

    def _call(self, node: Node, layer: Any) -> str:
        if self._called[layer] > 1 or is_model(layer):
            if layer not in self._layers:
                made = self.program.layer(layer)
                variable = made if is_model(layer) else self.program.give(layer, "_layer")
                if not is_model(layer):
                    self.lines.append(f"{variable} = {made}")
                self._layers[layer] = variable
            callee = self._layers[layer]
        else:
            callee = self.program.layer(layer)
        call = call_json(node, lambda tensor: Expression(self.of(tensor)))
        given = [_source(one) for one in call["args"]] + [f"{key}={_source(one)}" for key, one in call["kwargs"].items()]
        return f"{callee}({', '.join(given)})"

    def _operation(self, node: Node) -> str:
        """a + b, x[:, 0], keras.ops.exp(x)"""
        rule: Any = node.rule
        given = [self.of(node.inputs[one.number]) if hasattr(one, "number") else one for one in rule.template]
        if rule.function == "getitem":
            return f"{given[0]}[{index(given[1])}]"
        values = [literal(one) if isinstance(one, (int, float)) else one for one in given]
        if rule.function not in WRITTEN or not all(isinstance(one, str) for one in values):
            raise CannotSave(f"operation {rule.name}: {rule.function}(...) is not written as a program: write that part with layers")
        if rule.function in OPERATORS and len(values) == 2:
            return infix(rule.function, *values)
        return f"keras.ops.{rule.function}({', '.join(values)})"


def _source(value: Any) -> str:
    """Tensors by their variables, lists of them, and plain values."""
    if isinstance(value, Expression):
        return str(value)
    if isinstance(value, list):
        return f"[{', '.join(map(_source, value))}]"
    return literal(value)
