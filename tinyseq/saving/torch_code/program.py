"""The lines of a torch program: a class for each model, its modules, its forward(), and the arrays of its weights."""

from __future__ import annotations

from typing import Any

import numpy as np

from shapecheck.nodes import Node, Tensor
from tinyseq.layers.call_options import original
from tinyseq.layers.calling import Forced
from tinyseq.layers.core import InputLayer
from tinyseq.saving.code_text import Names, literal
from tinyseq.saving.config import is_model
from tinyseq.saving.names import base_name, snake
from tinyseq.saving.torch_code.use import Array, Use, Value, as_keras, write
from tinyseq.saving.write_config import CannotSave

RESERVED = ("self", "x", "torch", "nn", "F", "np", "model", "weights", "training", "forward", "eval", "train", "parameters", "modules",
            "steps", "state", "cell", "scores")  # fmt: skip


class ModuleClass:
    """A model as a class.

    Arguments:
        program: where inner classes go
        model: a built model
        name: of the class
        path: of its weights in the state of the whole: "" or "base."
    """

    def __init__(self, program: Any, model: Any, name: str, path: str = "") -> None:
        self.program = program
        self.path = path
        self.state: dict[str, Array] = {}
        self.made: list[str] = []
        """Lines of __init__."""
        self.lines: list[str] = []
        """Lines of forward()."""
        self._names = Names(RESERVED)
        """Variables of forward()."""
        self._attributes = Names(RESERVED)
        self._modules: dict[tuple[Any, str], str] = {}
        self._graph: Any = model._built_graph("code")
        self._values: dict[Tensor, Value] = {}
        self._uses: dict[Tensor, list[int]] = {}
        nodes = list(self._graph.nodes)
        for number, node in enumerate(nodes):
            for tensor in node.feeds:
                self._uses.setdefault(tensor, []).append(number)
        arguments = [self._input(tensor, nodes) for tensor in self._graph.inputs]
        for number, node in enumerate(nodes):
            if not isinstance(node.rule, InputLayer):
                self._write(node, number)
        results = [as_keras(self.lines, self._values[tensor]) for tensor in self._graph.outputs]
        packed = model._packed(results)
        shown = f"{{{', '.join(f'{key!r}: {one}' for key, one in packed.items())}}}" if isinstance(packed, dict) else ", ".join(results)
        shapes = [tuple("batch" if size is None else size for size in tensor.shape) for tensor in (*model.inputs, *model.outputs)]
        taken, made = shapes[: len(arguments)], shapes[len(arguments) :]
        doc = f"{', '.join(map(_sizes, taken))} -> {', '.join(map(_sizes, made))}: as in Keras."
        self.text = [
            f"class {name}(nn.Module):",
            f'    """{doc}"""',
            "",
            "    def __init__(self):",
            "        super().__init__()",
            *(f"        {line}" for line in self.made),
            "",
            f"    def forward(self, {', '.join(arguments)}):",
            *(f"        {line}" for line in self.lines),
            f"        return {shown}",
        ]

    def _input(self, tensor: Tensor, nodes: list[Node]) -> str:
        """The name of an argument of forward(): x if only the first layer uses it."""
        first = next((number for number, node in enumerate(nodes) if not isinstance(node.rule, InputLayer)), None)
        alone = len(self._graph.inputs) == 1
        only = alone and self._uses.get(tensor, []) == [first] and tensor not in self._graph.outputs
        name = "x" if only else self._names.give("inputs" if alone else base_name(tensor.node.rule))
        self._values[tensor] = Value(name, tensor.shape_accepted.dims)  # type: ignore[attr-defined]
        return name

    def _write(self, node: Node, number: int) -> None:
        rule: Any = node.rule
        layer = original(rule)
        if isinstance(rule, Forced):
            raise CannotSave(f"layer {layer.name}: a call with training={rule.forced} is not written for torch: leave training= out")
        if "mask" in node.beside:
            raise CannotSave(f"layer {layer.name}: a call with mask= is not written for torch, whose layers take none: leave it out")
        inputs = [Value(one.text, one.shape, one.first) for one in (self._values[tensor] for tensor in node.feeds)]
        fed: list[Any] = list(node.inputs)
        shapes = [shape.dims for shape in rule.infer(tuple(tensor.shape_accepted for tensor in fed)).outputs]
        use = Use(self, layer, node, inputs, shapes)
        values = self._inner(use) if is_model(layer) else write(use)
        needed = {one.port: one for one in (*self._uses, *self._graph.outputs) if one.node is node}
        for port, value in enumerate(values):
            if port not in needed:
                continue
            named = is_model(layer) and len(values) > 1  # by _inner
            target = value.text if named else self._target(needed[port], number, layer, len(needed) == 1)
            if target != value.text:
                self.lines.append(f"{target} = {value.text}")
            self._values[needed[port]] = Value(target, value.shape, value.first)

    def _target(self, tensor: Tensor, number: int, layer: Any, alone: bool) -> str:
        """The variable of an output: x for a node's one tensor that only the next line or the end uses, else the layer's name."""
        uses = self._uses.get(tensor, [])
        last = tensor in self._graph.outputs
        if alone and (len(self._graph.outputs) == 1 and not uses if last else uses == [number + 1]):
            return "x"
        return self._names.give(base_name(layer) + ("_state" if tensor.port else ""))

    def _inner(self, use: Use) -> list[Value]:
        """The call of an inner model, a class of its own."""
        layer = use.layer
        attribute, new = self._attribute(layer)
        if new:
            name = self.program.class_name(layer)
            inner = ModuleClass(self.program, layer, name, f"{self.path}{attribute}.")
            self.program.classes.append(inner.text)
            self.state.update(inner.state)
            self.made.append(f"self.{attribute} = {name}()")
        given = ", ".join(use.as_keras(value) for value in use.inputs)
        call = f"self.{attribute}({given})"
        if len(use.outputs) == 1:
            return [Value(call, use.outputs[0])]
        names = [self._names.give(f"{base_name(layer)}_{number}") for number in range(len(use.outputs))]
        self.lines.append(f"{', '.join(names)} = {call}")
        return [Value(name, shape) for name, shape in zip(names, use.outputs, strict=True)]

    def module(self, layer: Any, source: str, state: dict[str, Array], ending: str = "") -> str:
        """self.dense: one line of __init__, once for each layer, and its arrays."""
        attribute, new = self._attribute(layer, ending)
        if new:
            self.made.append(f"self.{attribute} = {source}")
            for name, array in state.items():
                self.state[f"{self.path}{attribute}{'.' if name else ''}{name}"] = np.ascontiguousarray(array)
        return f"self.{attribute}"

    def buffer(self, layer: Any, array: Array, ending: str) -> str:
        """self.mean: one line of __init__, an array beside the parameters."""
        attribute, new = self._attribute(layer, ending)
        if new:
            self.made.append(f'self.register_buffer("{attribute}", torch.zeros({literal(array.shape)}))')
            self.state[f"{self.path}{attribute}"] = np.ascontiguousarray(array)
        return f"self.{attribute}"

    def _attribute(self, layer: Any, ending: str = "") -> tuple[str, bool]:
        """The attribute of a layer or of one of its parts, and whether it is new."""
        new = (layer, ending) not in self._modules
        if new:
            self._modules[layer, ending] = self._attributes.give(base_name(layer) + ending)
        return self._modules[layer, ending], new


def _sizes(shape: tuple[Any, ...]) -> str:
    return f"({', '.join(map(str, shape))})"


class TorchProgram:
    """The whole program.

    Arguments:
        model: a built model
    """

    def __init__(self, model: Any) -> None:
        self.classes: list[list[str]] = []
        self._class_names = Names(("Net", "F", "nn"))
        self._helpers: list[str] = []
        net = ModuleClass(self, model, "Net")
        self.classes.append(net.text)
        self.state = net.state

    def class_name(self, layer: Any) -> str:
        """A class named after an inner model: base -> Base."""
        return self._class_names.give("".join(word[:1].upper() + word[1:] for word in snake(base_name(layer)).split("_")))

    def helper(self, source: str) -> None:
        """A function before the classes, once."""
        if source not in self._helpers:
            self._helpers.append(source)

    def text(self, weights: str | None) -> str:
        """The source; `weights` is the name of the file that it loads."""
        body = [line for part in self.classes for line in ("", "", *part)]
        helpers = [line for one in self._helpers for line in ("", "", *one.strip().split("\n"))]
        code = "\n".join([*helpers, *body])
        imports = ["import torch"] if "torch." in code or (weights or "").endswith(".npz") else []
        imports += ["import torch.nn.functional as F"] if "F." in code else []
        imports += ["from torch import nn"]
        before, load = [], []
        if weights is not None and weights.endswith(".npz"):
            before = ["import numpy as np"]
            load = [
                f'weights = np.load("{weights}")  # run this in the folder of that file',
                "model.load_state_dict({name: torch.from_numpy(weights[name]) for name in weights.files})",
            ]
        elif weights is not None:
            imports += ["from safetensors.torch import load_file"]
            load = [f'model.load_state_dict(load_file("{weights}"))  # run this in the folder of that file']
        end = ["model = Net()", *load, "model.eval()  # as predict() computes: no dropout, moving statistics"]
        return "\n".join([*before, *imports, code, "", "", *end]) + "\n"
