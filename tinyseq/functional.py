"""What a functional model is made of: its tensors, checked, and its nodes as a plain dictionary and back."""

from __future__ import annotations

import warnings
from collections.abc import Mapping
from typing import Any

from shapecheck.graph import Graph
from shapecheck.layers.base import Rule
from tinyseq.layers.call_options import original
from tinyseq.layers.calling import Forced
from tinyseq.layers.core import InputLayer, input_tensor
from tinyseq.layers.symbolic import SymbolicTensor
from tinyseq.nests import is_nested, leaves
from tinyseq.saving.config import Config, each_output, layer_config, layer_from_config


def checked_tensors(what: str, value: Any) -> list[SymbolicTensor]:
    """The tensors one by one, out of lists and dictionaries in each other; those of a dictionary in the order of the sorted keys."""
    _text_keys(what, value)
    values = leaves(value)
    if not values:
        raise ValueError(f"{what} is empty: pass at least one tensor, for example {what}=Input(shape=(4,))")
    for item in values:
        if not isinstance(item, SymbolicTensor):
            raise TypeError(
                f"{what}: expected tensors from Input(...) or a layer, got {type(item).__name__}: call layers on an "
                f"Input(shape=...) first"
            )
    return values


def _text_keys(what: str, value: Any) -> None:
    if isinstance(value, Mapping):
        wrong = [key for key in value if not isinstance(key, str)]
        if wrong:
            raise TypeError(f"{what}: the key {wrong[0]!r} is no text: write it as {str(wrong[0])!r}")
    for one in (value.values() if isinstance(value, Mapping) else value) if is_nested(value) else ():
        _text_keys(what, one)


def warn_of_other_names(inputs: Any) -> None:
    """Warns of keys that are not the names of their inputs."""
    for key, tensor in inputs.items() if isinstance(inputs, Mapping) else ():
        if is_nested(tensor):
            continue
        name = tensor.node.rule.name
        if key != name:
            warnings.warn(
                f"inputs: the key {key!r} is of the input named {name!r}, and data are looked up by the name: "
                f"write Input(..., name={key!r})",
                stacklevel=4,
            )


def require_unique_names(graph: Graph) -> None:
    """ValueError if two layers have one name."""
    seen: dict[str, Rule] = {}
    for rule in map(original, graph.children):
        other = seen.setdefault(str(rule.name), rule)
        if other is not rule:
            raise ValueError(
                f"All layers of a model should have unique names. Two layers are named '{rule.name}': pass another name="
            )


def nodes_config(graph: Graph) -> Config:
    """Nodes in order, each with its layer and its inputs as [node number, output number]; inputs and outputs of the graph."""
    numbers = {node: number for number, node in enumerate(graph.nodes)}
    nodes = []
    known: dict[Any, int] = {}
    for node in graph.nodes:
        entry: Config = {"inputs": [[numbers[t.node], t.port] for t in node.inputs]}
        if "mask" in node.beside:
            entry["mask"] = [[numbers[t.node], t.port] for t in node.beside["mask"]]
        layer = original(node.rule)
        if layer in known:
            entry["same_layer_as"] = known[layer]
        else:
            known[layer] = numbers[node]
            entry |= layer_config(layer)
        if layer is not node.rule:
            entry |= _call_of(node.rule)
        nodes.append(entry)
    return {
        "nodes": nodes,
        "inputs": [numbers[t.node] for t in graph.inputs],
        "outputs": [[numbers[t.node], t.port] for t in graph.outputs],
    }


def _call_of(rule: Any) -> Config:
    """What a call says besides its inputs: training=, a causal mask ..."""
    found: Config = {}
    if isinstance(rule, Forced):
        found["training"], rule = rule.forced, rule._original
    if getattr(rule, "call_inputs", ()):
        found["call"] = {"inputs": list(rule.call_inputs), "options": dict(rule.call_options)}
    return found


def tensors_from(config: Config) -> tuple[list[Any], list[Any]]:
    """Input and output tensors of fresh layers, connected as nodes_config() wrote."""
    layers: list[Any] = []
    tensors: list[list[Any]] = []
    for entry in config["nodes"]:
        same = entry.get("same_layer_as")
        layer = layers[same] if same is not None else layer_from_config(entry)
        layers.append(layer)
        if isinstance(layer, InputLayer):
            tensors.append([input_tensor(layer)])
            continue
        given = [tensors[number][port] for number, port in entry["inputs"]]
        if "call" in entry:
            call = entry["call"]
            result = layer.call_with(dict(zip(call["inputs"], given, strict=True)), call["options"], entry.get("training"))
        else:
            masks = [tensors[number][port] for number, port in entry.get("mask", ())]
            listed = given if len(given) > 1 or layer.several_inputs else given[0]
            result = layer(listed, mask=masks or None, training=entry.get("training"))
        tensors.append(each_output(result))
    outputs = [tensors[number][port] for number, port in config["outputs"]]
    return [tensors[number][0] for number in config["inputs"]], outputs


def by_key(keys: list[str] | None, tensors: list[Any], otherwise: Any) -> Any:
    """A dictionary in the order of the keys, if there are keys."""
    found = dict(zip(sorted(keys), tensors, strict=True)) if keys else {}
    return {key: found[key] for key in keys} if keys else otherwise
