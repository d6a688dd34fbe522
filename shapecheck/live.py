"""A model in memory as a graph: one of tinyseq, or a Keras Sequential, recognized by its attributes; Keras is not imported.

>>> class Dense:
...     name, trainable = "out", True
...     def get_config(self): return {"units": 3, "activation": "relu"}
>>> class Sequential:
...     name, layers, input_shape = "tiny", [Dense()], (None, 4)
>>> from shapecheck.propagate import propagate
>>> propagate(graph_of(Sequential())).params
15
"""

from __future__ import annotations

from shapecheck.graph import Graph, chain
from shapecheck.layers import find
from shapecheck.layers.base import Rule, argument_names
from shapecheck.reader.keras.unseen import opaque
from shapecheck.shapes import Shape

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

WRAPPED = {"TimeDistributed": "layer", "Bidirectional": "forward_layer"}
"""The attribute with the inner layer, which the configuration contains only as a dictionary."""


def graph_of(model: Any) -> Graph:
    """The graph of a Graph, a tinyseq model or a Keras Sequential. TypeError for anything else, ValueError if it is not built."""
    if isinstance(model, Graph):
        return model
    own = getattr(model, "graph", None)
    if isinstance(own, Graph):
        return own
    if not hasattr(model, "layers"):
        raise TypeError(f"expected a graph or a model, got {type(model).__name__}; pass a Sequential")
    if type(model).__name__ != "Sequential":
        raise TypeError(f"a live {type(model).__name__} cannot be read layer by layer; check its source instead")
    try:
        shape = model.input_shape
    except (AttributeError, ValueError):
        shape = None
    if shape is None:
        raise ValueError(f"model {model.name!r} is not built: put Input(shape=...) first, or call it once")
    return chain([rule_of(layer) for layer in model.layers], input_shape=Shape(shape), name=model.name)


def rule_of(layer: Any) -> Rule:
    """The rule of a live layer, from its class name and configuration; a layer of unknown shape if there is no such rule."""
    name = type(layer).__name__
    if name == "Sequential":
        graph = graph_of(layer)
        object.__setattr__(graph, "trainable", bool(layer.trainable))
        return graph
    rule = find(name)
    if rule is None:
        return opaque(name, f"the shape of {name} is unknown", name=layer.name)
    given = {key: value for key, value in layer.get_config().items() if key in argument_names(rule) and _counts(key)}
    if name in WRAPPED:
        given["layer"] = rule_of(getattr(layer, WRAPPED[name]))
        given.pop("backward_layer", None)
    if isinstance(given.get("activation"), dict) or callable(given.get("activation")):
        given["activation"] = None
    given.pop("name", None)
    return rule(**given, name=layer.name, trainable=bool(layer.trainable))


def _counts(argument: str) -> bool:
    """Whether an argument can change shapes or counts: initializers and constraints cannot."""
    return not argument.endswith(("initializer", "regularizer", "constraint", "dtype"))
