"""Models as plain dictionaries: what stands where, with which arguments; no weights."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from shapecheck.layers.core import InputLayer as InputRule

if TYPE_CHECKING:
    from tinyseq.functional import Functional
    from tinyseq.layers.base import Layer
    from tinyseq.sequential import Sequential

Config = dict[str, Any]


def layer_config(layer: Layer) -> Config:
    """{"class_name": ..., "config": ...} of a layer."""
    return {"class_name": type(layer).__name__, "config": layer.get_config()}


def layer_from_config(config: Config, custom: dict[str, type[Layer]] | None = None) -> Any:
    """A fresh layer or model. ValueError for a class that is not ours and not in `custom`."""
    from tinyseq import layers
    from tinyseq.functional import Functional
    from tinyseq.sequential import Sequential

    name = config["class_name"]
    models: dict[str, Any] = {"Sequential": Sequential, "Functional": Functional, "Model": Functional}
    found = models.get(name) or (custom or {}).get(name) or layers.find(name)
    if found is None:
        raise ValueError(f"there is no layer class {name!r}: pass it in custom_objects={{{name!r}: {name}}}")
    return found.from_config(config["config"])


def sequential_config(model: Sequential) -> Config:
    """Name and layers, the input first if it is known."""
    first = [model._tensors[0].node.rule] if model._tensors else []
    return {"name": model.name, "trainable": model.trainable, "layers": [layer_config(x) for x in (*first, *model.layers)]}


def sequential_from_config(config: Config) -> Sequential:
    """A fresh Sequential."""
    from tinyseq.sequential import Sequential

    model = Sequential(name=config.get("name"))
    for entry in config["layers"]:
        model.add(layer_from_config(entry))
    return model


def functional_config(model: Functional) -> Config:
    """Name, nodes in order and what feeds them: [node number, output number]."""
    graph = model._built_graph("config")
    numbers = {node: number for number, node in enumerate(graph.nodes)}
    nodes = []
    known: dict[Any, int] = {}
    for node in graph.nodes:
        entry: Config = {"inputs": [[numbers[t.node], t.port] for t in node.inputs]}
        if node.rule in known:
            entry["same_layer_as"] = known[node.rule]
        else:
            known[node.rule] = numbers[node]
            entry |= layer_config(node.rule)  # type: ignore[arg-type]
        nodes.append(entry)
    return {
        "name": model.name,
        "trainable": model.trainable,
        "nodes": nodes,
        "inputs": [numbers[t.node] for t in graph.inputs],
        "outputs": [[numbers[t.node], t.port] for t in graph.outputs],
        "listed": model._lists_outputs(),
    }


def functional_from_config(config: Config) -> Functional:
    """A fresh functional model."""
    from tinyseq.functional import Functional
    from tinyseq.layers.core import input_tensor

    layers: list[Any] = []
    tensors: list[list[Any]] = []
    for entry in config["nodes"]:
        same = entry.get("same_layer_as")
        layer = layers[same] if same is not None else layer_from_config(entry)
        layers.append(layer)
        if isinstance(layer, InputRule):
            tensors.append([input_tensor(layer)])  # type: ignore[arg-type]
            continue
        given = [tensors[number][port] for number, port in entry["inputs"]]
        result = layer(given if len(given) > 1 or layer.several_inputs else given[0])
        tensors.append(result if isinstance(result, list) else [result])
    outputs = [tensors[number][port] for number, port in config["outputs"]]
    return Functional(
        [tensors[number][0] for number in config["inputs"]],
        outputs if config["listed"] else outputs[0],
        name=config["name"],
    )


