"""A model's structure in JSON, as Keras 3 writes it in config.json: layers, their arguments, and what feeds them."""

from __future__ import annotations

import inspect
from collections.abc import Mapping
from types import FunctionType
from typing import Any

import numpy as np

from shapecheck.layers.arguments import ACTIVATIONS
from shapecheck.layers.families import PUBLIC
from shapecheck.migration.tables import arguments as keras_arguments
from shapecheck.nodes import Node, by_depth
from tinyseq.layers import residual
from tinyseq.layers.base import Layer
from tinyseq.layers.call_options import original
from tinyseq.layers.core import InputLayer
from tinyseq.layers.fused import only_named_alike
from tinyseq.registered import get_registered_name
from tinyseq.saving.config import is_model, is_sequential
from tinyseq.saving.operations import WRITTEN
from tinyseq.saving.own_classes import has_call, kept_as_class, own_method
from tinyseq.saving.write_calls import call_json
from tinyseq.training import losses, schedules
from tinyseq.training.loss import Loss
from tinyseq.training.metric import Metric
from tinyseq.training.optimizer import Optimizer
from tinyseq.weights import constraints, initializers, regularizers

Json = Any

MODULES: tuple[tuple[type, str], ...] = (
    (initializers.Initializer, "keras.initializers"),
    (regularizers.L1L2, "keras.regularizers"),
    (constraints.Constraint, "keras.constraints"),
    (schedules.LearningRateSchedule, "keras.optimizers.schedules"),
    (Optimizer, "keras.optimizers"),
    (Loss, "keras.losses"),
    (Metric, "keras.metrics"),
    (Layer, "keras.layers"),
)
"""The base class of each kind, and Keras's module."""


INSIDE = ("layer", "backward_layer", "cell", "cells", "layers")
"""Arguments that are layers."""
UNWRAPPED = {"UpSampling1D": ("size",), "ZeroPadding1D": ("padding",), "Cropping1D": ("cropping",)}
"""Arguments of layers of one axis that Keras takes without a list around them."""


class CannotSave(ValueError):
    """An object that could not be loaded again."""


def model_json(model: Any, as_class: bool = True) -> dict[str, Json]:
    """A model as an object. CannotSave for what Keras could not build again.

    One of a registered class is written as that class, unless `as_class` is False; any other as the Sequential or functional model that
    it is.
    """
    if as_class and kept_as_class(model):
        return _of_class(model)
    if is_sequential(model):
        return _object("keras", "Sequential", _sequential(model))
    graph = model._built_graph("config")
    return {**_object("keras.src.models.functional", "Functional", _functional(model, graph)), "registered_name": "Functional"}


def _of_class(model: Any) -> dict[str, Json]:
    """A model of a registered class: its arguments, and for which inputs it was built."""
    kind = type(model)
    where = f"model {model.name}"
    if own_method(kind, "get_config") or has_call(model):
        config = keras_config(model, "", where)
    else:
        config = _sequential(model) if is_sequential(model) else _functional(model, model._built_graph("config"))
    entry = _object(kind.__module__, kind.__name__, config, _registered(kind))
    if has_call(model) and model.built:
        entry["build_config"] = {"input_shape": model._shapes_to_build()}
    return entry


def _object(module: str, name: str, config: dict[str, Json], registered: str | None = None) -> dict[str, Json]:
    return {"module": module, "class_name": name, "config": config, "registered_name": registered}


def _sequential(model: Any) -> dict[str, Json]:
    layers = [layer_json(layer) for layer in model._stack]
    config: dict[str, Json] = {"name": model.name, "trainable": bool(model.trainable), "dtype": "float32"}
    if model._tensors:
        first = model._tensors[0]
        layers.insert(0, _input_json(first.node.rule, first.shape))
        config["build_input_shape"] = list(first.shape)
    return {**config, "layers": layers}


def layer_json(layer: Any) -> dict[str, Json]:
    """A layer, or a model that is one, as an object."""
    if is_model(layer):
        return model_json(layer)
    if isinstance(layer, InputLayer):
        return _input_json(layer, layer.shape_accepted.dims)
    name = PUBLIC.get(type(layer).__name__, type(layer).__name__)
    ours = type(layer).__module__.startswith("tinyseq.")
    where = f"layer {layer.name}"
    config = keras_config(layer, f"keras.layers.{name}" if ours else "", where)
    for key in INSIDE:
        inner = getattr(layer, key, None)
        if hasattr(inner, "get_config"):
            config[key] = layer_json(inner)
        elif key in ("cells", "layers") and key in config and isinstance(inner, (list, tuple)):
            config[key] = [layer_json(cell) for cell in inner]
    for key in UNWRAPPED.get(name, ()):
        if isinstance(config.get(key), list) and len(config[key]) == 1:
            config[key] = config[key][0]
    if type(layer) in residual.MODULES:
        return _object(residual.MODULES[type(layer)], name, config, name)
    if ours:
        return _object("keras.layers", name, config)
    return _object(type(layer).__module__, name, config, _registered(type(layer)))


def _registered(kind: type) -> str:
    """The name by which a file finds a class of the user's."""
    found = get_registered_name(kind)
    return found if ">" in found else f"Custom>{found}"


def _input_json(layer: Any, dims: Any) -> dict[str, Json]:
    config = {"batch_shape": list(dims), "dtype": str(layer.dtype or "float32"), "sparse": False, "ragged": False, "name": layer.name}
    return _object("keras.layers", "InputLayer", config)


# ---------------------------------------------------------------------- functional models


def _functional(model: Any, graph: Any) -> dict[str, Json]:
    """Layers in Keras's order, each with its calls: the tensors by the layer, the number of its call, and the number of the output."""
    calls: dict[Any, list[Node]] = {}
    for node in graph.nodes:
        calls.setdefault(original(node.rule), []).append(node)
    numbers = {
        node: number + (1 if is_model(rule) and not is_sequential(rule) else 0)
        for rule, nodes in calls.items()
        for number, node in enumerate(nodes)
    }
    layers = []
    for rule in dict.fromkeys(map(original, by_depth(graph))):
        if getattr(rule, "operation", False):
            layers.append(_operation(rule, calls[rule], numbers))
            continue
        entry = layer_json(rule)
        nodes = [] if isinstance(rule, InputLayer) else [call_json(node, lambda one: _tensor(one, numbers)) for node in calls[rule]]
        layers.append({**entry, "name": rule.name, "inbound_nodes": nodes})
    return {
        "name": model.name,
        "trainable": bool(model.trainable),
        "layers": layers,
        "input_layers": model._like_inputs([_place(tensor, numbers) for tensor in graph.inputs]),
        "output_layers": model._like_outputs([_place(tensor, numbers) for tensor in graph.outputs]),
    }


def _operation(rule: Any, calls: list[Node], numbers: Mapping[Node, int]) -> dict[str, Json]:
    """An operation with its calls: tensors and numbers in the order of the arguments."""
    name = WRITTEN.get(rule.function)
    plain = all(hasattr(a, "number") or isinstance(a, (int, float)) for a in rule.template)
    if name is None or not plain:
        raise CannotSave(f"operation {rule.name}: {rule.function}(...) cannot be saved: write that part of the model with layers")
    nodes = []
    for node in calls:
        arguments = [_tensor(node.inputs[a.number], numbers) if hasattr(a, "number") else a for a in rule.template]
        nodes.append({"args": arguments, "kwargs": {}})
    found = _object("keras.src.ops.numpy", name, {"name": rule.name}, name)
    return {**found, "name": rule.name, "inbound_nodes": nodes}


def _place(tensor: Any, numbers: Mapping[Node, int]) -> list[Json]:
    return [tensor.node.rule.name, numbers[tensor.node], tensor.port]


def _tensor(tensor: Any, numbers: Mapping[Node, int]) -> dict[str, Json]:
    place = _place(tensor, numbers)
    return {
        "class_name": "__keras_tensor__",
        "config": {"shape": list(tensor.shape), "dtype": str(tensor.dtype), "keras_history": place},
    }


# ---------------------------------------------------------------------- arguments


def keras_config(value: Any, path: str, where: str) -> dict[str, Json]:
    """get_config() in JSON, without those arguments that Keras does not have and that are at their default.

    `path` is Keras's name of the class; "" for a class of the user's, whose arguments are all kept.
    """
    config = {key: one for key, one in value.get_config().items() if not key.startswith("_") and key != "batch_input_shape"}
    known = keras_arguments(path) if path else None
    if known is None:
        return {key: to_json(one, f"{where}, {key}") for key, one in config.items()}
    name = type(value).__name__
    defaults = {key: one.default for key, one in inspect.signature(type(value)).parameters.items()}
    extra = {key for key in config if key not in known}
    for key in extra:
        if key != "trainable" and config[key] is not None and config[key] != defaults.get(key):
            raise CannotSave(f"{where}: {name}({key}={config[key]!r}) cannot be saved: Keras's {name} has no {key}: leave it out")
    return {key: to_json(one, f"{where}, {key}") for key, one in config.items() if key not in extra}


def to_json(value: Any, where: str) -> Json:
    """A value in JSON, as Keras 3 writes it. CannotSave for what Keras could not read."""
    if value is None or isinstance(value, (bool, int, float, str)):
        return value
    if isinstance(value, np.generic):
        return value.item()
    if isinstance(value, (list, tuple)):
        return [to_json(one, where) for one in value]
    if isinstance(value, Mapping):
        return {str(key): to_json(one, f"{where}[{key!r}]") for key, one in value.items()}
    if isinstance(value, Layer):
        return layer_json(value)
    for kind, module in MODULES:
        if isinstance(value, kind):
            return _part(value, module, where)
    if isinstance(value, losses.LossFunction) or _is_activation(value):
        return str(value.__name__)
    if isinstance(value, FunctionType) and get_registered_name(value) != value.__name__:
        name = get_registered_name(value)
        return {"module": "builtins", "class_name": "function", "config": name, "registered_name": "function"}
    if isinstance(value, np.ndarray):
        return {"class_name": "__numpy__", "config": {"value": value.tolist(), "dtype": str(value.dtype)}}
    what = f"the function {value.__name__}" if hasattr(value, "__name__") else f"a {type(value).__name__}"
    raise CannotSave(f"{where}: {what} cannot be written to a file: use a name, a number, or an object of tinyseq")


def _is_activation(value: Any) -> bool:
    """A function that layers take as the activation of its name: then a file has the name."""
    return isinstance(value, FunctionType) and value.__name__ in ACTIVATIONS and not only_named_alike(value)


def _part(value: Any, module: str, where: str) -> dict[str, Json]:
    """An initializer, a loss, an optimizer ... as an object."""
    name = type(value).__name__
    ours = type(value).__module__.startswith("tinyseq.")
    config = keras_config(value, f"{module}.{name}" if ours else "", where)
    return _object(module, name, config) if ours else _object(type(value).__module__, name, config, _registered(type(value)))
