"""The layers, by class name; a family's module is loaded at the first use of one of its classes.

A class with a shape rule but no computation yet can be used too: its shapes and weights are right, and computing raises an
error.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import cache
from importlib import import_module
from importlib.util import find_spec
from typing import Any

from shapecheck import layers as rules
from shapecheck.layers.arguments import ACTIVATIONS
from tinyseq.did_you_mean import MissingName, says_when_called
from tinyseq.engine.operator import Buffers
from tinyseq.layers.base import CALL_WRITTEN, Layer
from tinyseq.layers.core import Input, InputLayer
from tinyseq.layers.symbolic import LOADERS
from tinyseq.layers.wrapper import MAKERS

__all__ = ["Buffers", "Input", "InputLayer", "Layer"]

_made: dict[str, type[Layer]] = {}
_CALLED = {
    "activation": "layers.Activation",
    "dense": "layers.Dense",
    "embedding": "layers.Embedding",
    "normalization": "layers.Normalization or layers.BatchNormalization",
}
"""Families whose name differs from one of their classes only by case: `layers.dense(10)` finds the module once it is loaded."""


PARTS = {
    "depthwise": ("DepthwiseConv1D", "DepthwiseConv2D", "SeparableConv1D", "SeparableConv2D"),
    "own_function": ("Lambda",),
    "padding": ("Cropping1D", "Cropping2D", "Cropping3D", "ZeroPadding1D", "ZeroPadding2D", "ZeroPadding3D"),
    "tensor_functions.operation": ("Operation",),
    "transposed": ("Conv1DTranspose", "Conv2DTranspose"),
    "upsampling": ("UpSampling1D", "UpSampling2D", "UpSampling3D"),
    "volume_pooling": ("AveragePooling3D", "MaxPooling3D"),
    "volumes": ("Conv3D", "Conv3DTranspose"),
}
"""Classes of a family in a module of their own, so that a model loads only what it uses."""
PLACES = {name: part for part, names in PARTS.items() for name in names}


APART = {"ReversibleEmbedding": "reversible_embedding", "SpectralNormalization": "spectral"}
"""Classes whose module here is another than that of their rule."""


def find(name: str) -> type[Layer] | None:
    """The layer class of that name, or None."""
    name = rules.ALIASES.get(name, name)
    if name in _made:
        return _made[name]
    family = PLACES.get(name) or rules.HOME.get(name)
    if family is None:
        return None
    place, found = APART.get(name) or rules.PLACES.get(name), None  # an Operation has no rule
    if place is not None and place != family and find_spec(f"tinyseq.layers.{place}") is not None:
        found = getattr(import_module(f"tinyseq.layers.{place}"), name, None)
    if found is None and find_spec(f"tinyseq.layers.{family}") is not None:
        module = import_module(f"tinyseq.layers.{family}")
        found = getattr(module, name, None)
        if family in _CALLED:
            says_when_called(module, _CALLED[family])
    _made[name] = found or _by_rule_only(name)
    return _made[name]


def _of_config(config: dict[str, Any]) -> Any:
    """A layer of the package, of {"class_name": ..., "config": ...}."""
    found = find(config["class_name"])
    if found is None:
        raise ValueError(f"unknown layer class {config['class_name']!r}: make the layer inside yourself")
    return found.from_config(config["config"])


MAKERS["layers"] = _of_config


def _follow_call(kind: type[Layer]) -> None:
    """A class of the user's own that writes call(): only for such classes the code is loaded that follows it."""
    if not kind.__module__.startswith("tinyseq."):
        from tinyseq.layers.traced import adopt

        adopt(kind)


def _load_operators() -> None:
    import tinyseq.layers.operators  # noqa: F401  registers them


CALL_WRITTEN.append(_follow_call)
LOADERS.append(_load_operators)


def _by_rule_only(name: str) -> type[Layer]:
    """A layer with shapes and weights; Layer.forward reports that it does not compute."""
    rule = rules.find(name)
    assert rule is not None
    return type(name, (rule, Layer), {"__module__": __name__, "__doc__": rule.__doc__, "check_compute": _of_keras_2})


def _of_keras_2(layer: Any) -> None:
    """RandomWidth and RandomHeight: Keras 3 has neither."""
    kind = type(layer).__name__
    raise NotImplementedError(f"{layer.name}: {kind} is of Keras 2 only, and its output has another size in each step: write RandomZoom")


@cache
def _joining(name: str) -> Callable[..., Any]:
    """The function add(inputs), concatenate(inputs, axis=-1) and similar: creates the merging layer and calls it."""

    def join(inputs: Any, *arguments: Any, **options: Any) -> Any:
        if name == "dot" and not arguments:
            options.setdefault("axes", -1)
        return __getattr__(rules.MERGES[name])(*arguments, **options)(inputs)

    join.__name__ = join.__qualname__ = name
    join.__doc__ = f"{rules.MERGES[name]}(...)(inputs), at once."
    return join


def __getattr__(name: str) -> Any:
    if name in rules.MERGES:
        return _joining(name)
    found = find(name)
    if found is None:
        raise MissingName(f"module {__name__!r}", name, __dir__, _advice)
    return found


NOT_THERE = {
    **dict.fromkeys(("JaxLayer", "FlaxLayer"), "it runs code of JAX: write call() of a Layer with tinyseq.ops"),
    "TorchModuleWrapper": "it runs a module of PyTorch: write its layers with tinyseq.layers",
    "TFSMLayer": "it runs a graph of TensorFlow: save that model as .keras and write models.load_model(path)",
}
"""Layers of Keras that are not here, each with the reason."""


def _advice() -> dict[str, str]:
    """The advice for an activation that is not a layer, and for layers that Keras 3 does not have."""
    from shapecheck.reader.keras.dialects import OLD_ONLY

    layers = {name.lower() for name in rules.HOME}
    words = {word: f"write Activation({word!r})" for word in ACTIVATIONS if word.replace("_", "") not in layers}
    words |= NOT_THERE
    return words | {old: f"write {new}" for old, new in OLD_ONLY.items() if new != "Dense"}  # Highway and MaxoutDense are not activations


def __dir__() -> list[str]:
    return sorted({*rules.HOME, *rules.MERGES, *__all__})
