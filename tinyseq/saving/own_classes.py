"""Models of the user's own classes: which are saved by the class's name, and which as the Sequential or functional model that they are."""

from __future__ import annotations

import inspect
from collections.abc import Iterator
from typing import Any

from tinyseq.registered import get_registered_name
from tinyseq.saving.config import is_sequential

OURS = ("tinyseq.", "shapecheck.")


def has_call(model: Any) -> bool:
    """Whether it is a model with a call() of the user's own."""
    return bool(getattr(type(model), "_followed", False))


def kept_as_class(model: Any) -> bool:
    """Whether a model is saved by its class's name: a registered one that makes its layers itself, without words that only its file has."""
    kind = type(model)
    if get_registered_name(kind) == kind.__name__:
        return False
    if has_call(model):
        return not any(getattr(layer, "vocabulary_size", None) is not None for layer in _inside(model))
    return is_sequential(model) or own_method(kind, "get_config") or takes_ends(kind)


def own_method(kind: type, name: str) -> bool:
    """Whether a class of the user's defines the method."""
    owner = next((base for base in kind.__mro__ if name in vars(base)), kind)
    return not owner.__module__.startswith(OURS)


def takes_ends(kind: type) -> bool:
    """Whether a class of functional models is made of inputs and outputs, as Functional itself."""
    known = inspect.signature(kind).parameters
    return {"inputs", "outputs"} <= known.keys()


def _inside(layer: Any) -> Iterator[Any]:
    for child in layer.children:
        yield child
        yield from _inside(child)
