"""Models as plain dictionaries: layers, their arguments and connections; no weights."""

from __future__ import annotations

from typing import Any

from tinyseq import layers
from tinyseq.layers.base import Layer
from tinyseq.layers.wrapper import MAKERS
from tinyseq.registered import LOADERS

Config = dict[str, Any]

MODELS: dict[str, Any] = {}
"""The classes of models, registered by model.py and sequential.py, which import this file."""


def load_models() -> None:
    """From here on MODELS has them."""
    for load in LOADERS:
        load()


def is_model(value: Any) -> bool:
    """True for a Sequential or functional model, False for a layer."""
    return isinstance(value, tuple(MODELS.values())) and not getattr(value, "operation", False)


def is_sequential(value: Any) -> bool:
    """True for a Sequential."""
    return "Sequential" in MODELS and isinstance(value, MODELS["Sequential"])


def layer_config(layer: Layer) -> Config:
    """{"class_name": ..., "config": ...} of a layer."""
    return {"class_name": type(layer).__name__, "config": layer.get_config()}


def layer_from_config(config: Config, custom: dict[str, type[Layer]] | None = None) -> Any:
    """A fresh layer or model. ValueError for a class that is neither built in nor in `custom`."""
    if "made" in config:
        return config["made"]
    name = config["class_name"]
    found = MODELS.get(name) or (custom or {}).get(name) or layers.find(name)
    if found is None:
        raise ValueError(f"unknown layer class {name!r}: pass it in custom_objects={{{name!r}: {name}}}")
    return found.from_config(config["config"])


MAKERS["models"] = layer_from_config


def each_output(result: Any) -> list[Any]:
    """What a call returned, one by one: of a dictionary in the order of the sorted keys."""
    if isinstance(result, dict):
        return [result[key] for key in sorted(result)]
    return list(result) if isinstance(result, (list, tuple)) else [result]
