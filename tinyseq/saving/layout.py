"""Where Keras 3 keeps each weight in a .weights.h5 file: layers/conv2d_1/vars/0.

Groups are named by class and counted by class, in the order of the layers; the layer's own name does not matter.
Source: keras 3.15, keras/src/saving/saving_lib.py.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from shapecheck.nodes import by_depth
from tinyseq.layers.call_options import original
from tinyseq.layers.core import InputLayer
from tinyseq.layers.weighted import HIDDEN, Weighted
from tinyseq.saving.config import is_model, is_sequential
from tinyseq.saving.names import numbered
from tinyseq.weights.weight import Weight

Part = tuple[str, Sequence[Weight]]


class Owned(list[Weight]):
    """The own weights of a layer of the user's, with the layer, which may say itself what is saved of it."""

    def __init__(self, layer: Any) -> None:
        super().__init__(sorted(layer._weights, key=lambda weight: not weight.trainable))  # Keras counts those that train first
        self.layer = layer


def places(model: Any) -> dict[str, Weight]:
    """Path in the file -> weight, for all weights of a built model."""
    return {
        f"{group}/vars/{number}": weight
        for group, _, weights in groups(model)
        for number, weight in enumerate(weights)
    }


def groups(model: Any, prefix: str = "") -> Iterator[tuple[str, str, Sequence[Weight]]]:
    """(group, name of the layer, its own weights), depth first."""
    layers = saved_layers(model)
    for name, layer in zip(numbered(_class_name(layer) for layer in layers), layers, strict=True):
        path = f"{prefix}layers/{name}"
        if is_model(layer):
            yield path, str(layer.name), ()
            yield from groups(layer, f"{path}/")
        else:
            for inside, weights in parts(layer):
                yield f"{path}{inside}", str(layer.name), weights


def counted_layers(model: Any, prefix: str = "") -> Iterator[tuple[str, Any]]:
    """(group, layer) for every layer that is not a model, depth first."""
    layers = saved_layers(model)
    for name, layer in zip(numbered(_class_name(layer) for layer in layers), layers, strict=True):
        path = f"{prefix}layers/{name}"
        if is_model(layer):
            yield from counted_layers(layer, f"{path}/")
        else:
            yield path, layer


def saved_layers(model: Any) -> list[Any]:
    """The layers in the order in which Keras counts them. Inputs are layers of a functional model, not of a Sequential."""
    if is_sequential(model):
        return list(model._stack)
    return list(dict.fromkeys(original(rule) for rule in by_depth(model._built_graph("layers")) if not rule.operation))


def _class_name(layer: Any) -> str:
    if is_model(layer):
        return "Sequential" if is_sequential(layer) else "Functional"
    return "InputLayer" if isinstance(layer, InputLayer) else type(layer).__name__


INSIDE = {
    **dict.fromkeys(("SimpleRNN", "LSTM", "GRU", "ConvLSTM1D", "ConvLSTM2D", "ConvLSTM3D"), ("/cell",)),
    "MultiHeadAttention": ("/query_dense", "/key_dense", "/value_dense", "/output_dense"),
    "GroupedQueryAttention": ("/_query_dense", "/_key_dense", "/_value_dense", "/_output_dense"),
}  # fmt: skip
"""Layers whose weights belong to layers inside: in equal shares, in this order."""


def parts(layer: Any) -> Iterator[Part]:
    """(path inside the layer's group, weights)."""
    kind = type(layer).__name__
    weights = list(layer.weights)
    if kind == "TimeDistributed":
        yield "", ()
        yield from _under("/layer", layer.layer, weights)
    elif kind == "Bidirectional":
        half = len(weights) // 2
        yield "", ()
        yield from _under("/forward_layer", layer.layer, weights[:half])
        yield from _under("/backward_layer", layer.layer, weights[half:])
    elif kind == "SpectralNormalization":
        yield "", weights[:2]  # the kernel is in the file twice, as Keras writes it
        yield from _under("/layer", layer.layer, [weights[0], *weights[2:]])
    elif kind == "RNN":
        yield "", ()
        yield from _under("/cell", layer.cell, weights)
    elif kind == "Pipeline":
        yield "", ()
        for name, inner in zip(numbered(_class_name(inner) for inner in layer.children), layer.children, strict=True):
            inner_parts = ((group, found) for group, _, found in groups(inner, "/")) if is_model(inner) else parts(inner)
            yield from ((f"/layers/{name}{inside}", found) for inside, found in inner_parts)
    elif kind in INSIDE and weights:
        inside = (*INSIDE[kind][:2], "/_gate_dense", *INSIDE[kind][2:]) if getattr(layer, "use_gate", False) else INSIDE[kind]
        share = len(weights) // len(inside)
        yield "", ()
        for number, path in enumerate(inside):
            yield path, weights[number * share : (number + 1) * share]
    elif getattr(type(layer), "_trace", None) is not None:
        yield from _own(layer, "", set())
    else:
        yield "", weights if type(layer).__module__.startswith("tinyseq.") else Owned(layer)


def _own(layer: Any, path: str, seen: set[int]) -> Iterator[Part]:
    """A layer with a call() of the user's own: its weights, then those of the layers in its attributes, by the attributes' names, those
    that begin with _ last, each layer once."""
    seen.add(id(layer))
    yield path, Owned(layer)
    attributes = {name: value for name, value in vars(layer).items() if name not in HIDDEN}
    for name in sorted(attributes, key=lambda one: f"~{one}" if one.startswith("_") else one):
        value = attributes[name]
        each = list(value.values()) if isinstance(value, dict) else value if isinstance(value, (list, tuple)) else None
        layers = [one for one in ([value] if each is None else each) if isinstance(one, Weighted) and id(one) not in seen]
        names = numbered(_class_name(one) for one in layers)
        for inner, number in zip(layers, names, strict=True):
            where = f"{path}/{name}" if each is None else f"{path}/{name}/{number}"
            if getattr(type(inner), "_trace", None) is not None:
                yield from _own(inner, where, seen)
                continue
            seen.add(id(inner))
            found = ((group, weights) for group, _, weights in groups(inner, "/")) if is_model(inner) else parts(inner)
            yield from ((f"{where}{inside}", weights) for inside, weights in found)


def _under(path: str, inner: Any, weights: Sequence[Weight]) -> Iterator[Part]:
    """The weights of a layer inside another one."""
    kind = type(inner).__name__
    cells = list(getattr(inner, "cells", ()) or ())
    if kind == "StackedRNNCells" and cells:
        yield path, ()
        start = 0
        for name, cell in zip(numbered(type(cell).__name__ for cell in cells), cells, strict=True):
            count = 3 if getattr(cell, "use_bias", True) else 2
            yield f"{path}/cells/{name}", weights[start : start + count]
            start += count
    elif kind in INSIDE and len(INSIDE[kind]) == 1:
        yield path, ()
        yield f"{path}{INSIDE[kind][0]}", weights
    else:
        yield path, weights
