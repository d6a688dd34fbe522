"""Where Keras 3 keeps each weight in a .weights.h5 file: layers/conv2d_1/vars/0.

Groups are named by class and counted by class, in the order of the layers; the layer's own name does not matter.
Source: keras 3.15, keras/src/saving/saving_lib.py.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import suppress
from typing import Any

from shapecheck.nodes import by_depth
from tinyseq.layers.call_options import original
from tinyseq.layers.core import InputLayer
from tinyseq.layers.weighted import HIDDEN, Weighted
from tinyseq.saving.config import is_model, is_sequential
from tinyseq.saving.names import numbered
from tinyseq.saving.own_classes import OURS, has_call, kept_as_class
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


def groups(model: Any, prefix: str = "", as_class: bool = True) -> Iterator[tuple[str, str, Sequence[Weight]]]:
    """(group, name of the layer, its own weights), depth first.

    Arguments:
        model: a built model
        prefix: of the groups
        as_class: a model with a call() of its own has its layers by the names of its attributes; False: as a functional model
    """
    if as_class and has_call(model):
        for path, weights in _own(model, "", set()):
            yield f"{prefix}{path[1:]}".rstrip("/"), str(getattr(weights, "layer", model).name), weights
        return
    layers = saved_layers(model)
    for name, layer in zip(numbered(_class_name(layer) for layer in layers), layers, strict=True):
        path = f"{prefix}layers/{name}"
        if is_model(layer):
            yield path, str(layer.name), ()
            yield from groups(layer, f"{path}/")
        else:
            for inside, weights in parts(layer):
                yield f"{path}{inside}", str(layer.name), weights


def other_groups(model: Any) -> dict[tuple[int, ...], list[str]]:
    """All groups by which a layer of a model with a call() of its own can be reached, by the ids of its weights: several attributes, or
    properties, may name one layer."""
    found: dict[tuple[int, ...], list[str]] = {}
    for path, weights in _own(model, "", set(), every=True) if has_call(model) else ():
        if weights:
            found.setdefault(tuple(map(id, weights)), []).append(path[1:])
    return found


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
        if kept_as_class(layer):
            return type(layer).__name__
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
    elif _is_followed(layer):
        yield from _own(layer, "", set())
    else:
        yield "", weights if type(layer).__module__.startswith("tinyseq.") else Owned(layer)


def _is_followed(layer: Any) -> bool:
    return getattr(type(layer), "_trace", None) is not None or has_call(layer)


def _own(layer: Any, path: str, seen: set[int], every: bool = False) -> Iterator[Part]:
    """A layer or model with a call() of the user's own: its weights, then those of the layers in its attributes, by the attributes'
    names, those that begin with _ last, each layer once (`every`: under every name)."""
    seen.add(id(layer))
    yield path, Owned(layer)
    for name, value in _attributes(layer):
        yield from _in_attribute(value, f"{path}/{name}", {*seen} if every else seen, every)


def _attributes(layer: Any) -> list[tuple[str, Any]]:
    """What Keras looks through: attributes and properties of the user's classes, and `layers` of a model, in their order."""
    found = {name: value for name, value in vars(layer).items() if name not in HIDDEN}
    if has_call(layer):
        found["layers"] = layer.layers
    for kind in type(layer).__mro__:
        for name, value in vars(kind).items():
            if isinstance(value, property) and not getattr(value.fget, "__module__", "").startswith((*OURS, "builtins")):
                with suppress(Exception):  # as Keras does: it is the user's code
                    found.setdefault(name, getattr(layer, name))
    return sorted(found.items(), key=lambda pair: f"~{pair[0]}" if pair[0].startswith("_") else pair[0])


def _in_attribute(value: Any, path: str, seen: set[int], every: bool) -> Iterator[Part]:
    """The layers in a value: one, or those in a list, tuple or dictionary, also inside others (container, container_1)."""
    if isinstance(value, Weighted):
        if id(value) not in seen:
            yield from _one(value, path, seen, every)
        return
    if not isinstance(value, (list, tuple, dict)) or id(value) in seen:
        return
    seen.add(id(value))
    inside = [one for one in (value.values() if isinstance(value, dict) else value) if isinstance(one, (Weighted, list, tuple, dict))]
    for one, name in zip(inside, numbered(_class_name(one) if isinstance(one, Weighted) else "container" for one in inside), strict=True):
        yield from _in_attribute(one, f"{path}/{name}", {*seen} if every else seen, every)


def _one(layer: Any, path: str, seen: set[int], every: bool) -> Iterator[Part]:
    if _is_followed(layer):
        yield from _own(layer, path, seen, every)
        return
    seen.add(id(layer))
    found = ((group, weights) for group, _, weights in groups(layer, "/")) if is_model(layer) else parts(layer)
    yield from ((f"{path}{inside}", weights) for inside, weights in found)


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
