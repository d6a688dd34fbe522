"""An architecture of shapecheck as a model: the same function joins tinyseq's layers. Stored weights are read into it."""

from __future__ import annotations

import inspect
import json
from collections.abc import Callable
from functools import cache
from importlib.resources import files
from types import SimpleNamespace
from typing import Any

import numpy as np

from shapecheck.applications import OWN, find
from shapecheck.layers.residual import LAYERS
from shapecheck.nodes import sources
from tinyseq import layers
from tinyseq.datasets.download import DownloadError, cache_folder, get_file
from tinyseq.datasets.embedded import read
from tinyseq.layers import residual
from tinyseq.layers.core import Input, input_tensor
from tinyseq.models import Model, Sequential

DEFAULT_ROWS = {"MobileNet": (128, 160, 192, 224), "MobileNetV2": (96, 128, 160, 192, 224)}
"""Picture sizes for which there are stored weights; for any other the last."""


class ComputingLayers:
    """tinyseq's layers by their names, as an architecture asks for them."""

    Input = staticmethod(Input)

    def __getattr__(self, name: str) -> Any:
        return getattr(residual, name) if name in LAYERS else getattr(layers, name)

    def Sequential(self, stack: list[Any], name: str) -> Any:
        """Layers as one."""
        return Sequential(stack, name=name)

    def Model(self, inputs: list[Any], output: Any, name: str) -> Any:
        """The functional model."""
        kind: Any = Model  # Model(inputs, outputs) makes a functional model
        return kind(inputs[0] if len(inputs) == 1 else inputs, output, name=name)

    def sources(self, tensor: Any) -> list[Any]:
        """The inputs that a tensor depends on."""
        return [input_tensor(node.rule) for node in sources([tensor])]  # type: ignore[arg-type]


def make(name: str) -> Callable[..., Any]:
    """Keras's function of that name, with its arguments."""
    architecture = find(name)
    assert architecture is not None

    def build(*arguments: Any, **keywords: Any) -> Any:
        given = architecture.given(arguments, keywords)
        model = architecture.join(ComputingLayers(), given)
        if given.weights == given.__dict__.get("stored", ...):
            set_shipped(model)
        elif given.weights is not None:
            model.load_weights(stored(name, given) if given.weights == "imagenet" else given.weights)
        return model

    parameters = [
        inspect.Parameter(key, inspect.Parameter.POSITIONAL_OR_KEYWORD, default=value) for key, value in architecture.arguments.items()
    ]
    build.__name__ = build.__qualname__ = name
    build.__doc__ = (OWN_DOCUMENTATION if name in OWN else DOCUMENTATION).format(name=name, about=ABOUT.get(name))
    vars(build)["__signature__"] = inspect.Signature(parameters)
    return build


DOCUMENTATION = """{name} as Keras 3 builds it: layers, their names, and their parameters.

Arguments (others as in keras.applications.{name}):
    include_top: True: with the Dense layer for ImageNet's 1000 classes; False: features
    weights: None: fresh; "imagenet": Keras's own file, from its cache folder or downloaded, its hash checked; or the path of a file
    input_tensor: a tensor to start from, in place of a new Input
    input_shape: (rows, columns, channels) of a picture
    pooling: without top: None: features as they are; "avg" or "max": one number for each channel
    classes: how many classes the top has; classifier_activation: of the top

Raises ShapeError where Keras refuses the arguments, and DownloadError, which says where the file belongs, without a network.
"""


OWN_DOCUMENTATION = """{about}

Arguments (named as in keras.applications):
    include_top: True: with its Dense layers; False: features
    weights: None: fresh; the path of a file; of DigitNet also "mnist", which are inside the package
    input_tensor: a tensor to start from, in place of a new Input
    input_shape: (rows, columns, channels) of a picture
    pooling: without top: None: features as they are; "avg" or "max": one number for each channel
    classes: how many classes the top has; classifier_activation: of the top

Raises ShapeError if the arguments do not fit each other.
"""
ABOUT = {
    "DigitNet": "A convnet that reads handwritten digits: 28x28 grey pictures, white ink from 0 to 255 on black; 390,410 weights.",
    "LeNet5": "LeNet-5 (1998) for 28x28 grey pictures and ten classes; 61,706 weights.",
    "MiniXception": "A small Xception for 64x64 grey pictures and seven classes; 58,423 weights.",
}


def set_shipped(model: Any) -> None:
    """The weights inside the package, by the names of their layers: kernel and bias, stored as float16."""
    arrays = read("digit_net.npz")
    for layer in model.layers:
        if layer.weights:
            layer.set_weights([arrays[f"{layer.name}_{weight.name}"].astype(np.float32) for weight in layer.weights])


@cache
def _files() -> dict[str, dict[str, list[str | None]]]:
    text = (files("tinyseq.applications") / "weight_files.json").read_text(encoding="utf-8")
    found: dict[str, dict[str, list[str | None]]] = json.loads(text)
    return found


def stored(name: str, given: SimpleNamespace) -> Any:
    """The path of Keras's own file. Without a known hash it is read from the cache folder, never downloaded."""
    entry = _files()[_variant(name, given)]["top" if given.include_top else "no top"]
    file, origin, file_hash = (str(entry[0]), str(entry[1]), entry[2])
    if file_hash is None:
        target = cache_folder() / "models" / file
        if not target.is_file():
            raise DownloadError(
                f"{name}: Keras states no hash for {file}, and tinyseq downloads nothing unchecked: put a copy from {origin} at {target}"
            )
        return target
    return get_file(file, origin, file_hash, cache_subdir="models")


def _variant(name: str, given: SimpleNamespace) -> str:
    """The line of weight_files.json. ValueError for a width or size of which Keras has no weights."""
    if name in DEFAULT_ROWS:
        rows = given.input_shape[0] if given.input_shape else None
        sizes = DEFAULT_ROWS[name]
        key = f"{name} ({given.alpha:g}, {rows if rows in sizes else sizes[-1]})"
    elif name.startswith("MobileNetV3"):
        key = f"{name} ({given.alpha:g}{', minimalistic' if given.minimalistic else ''})"
    else:
        key = name
    if key not in _files():
        known = sorted(found.partition("(")[2].partition(",")[0].rstrip(")") for found in _files() if found.startswith(f"{name} "))
        raise ValueError(
            f'{name}: alpha={given.alpha}: there are ImageNet weights for {", ".join(dict.fromkeys(known))}: use one, or weights=None'
        )
    return key
