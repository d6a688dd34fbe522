"""A model out of the JSON that Keras 1, 2 or 3 wrote: layers by their names among ours, never by a module named in the file."""

from __future__ import annotations

import inspect
from collections.abc import Mapping
from typing import Any

import numpy as np

from tinyseq import layers as all_layers
from tinyseq.layers import residual
from tinyseq.layers.base import Layer
from tinyseq.layers.core import InputLayer
from tinyseq.saving import old_forms
from tinyseq.saving.config import MODELS
from tinyseq.saving.names import short
from tinyseq.saving.operations import function_of, is_operation
from tinyseq.saving.read_graph import Graph
from tinyseq.training import losses, metrics, optimizers, schedules
from tinyseq.weights import constraints, initializers, regularizers

Json = Any
Custom = Mapping[str, Any]

KINDS: dict[str, tuple[Any, Any]] = {
    "initializers": (initializers, initializers.Initializer),
    "regularizers": (regularizers, regularizers.L1L2),
    "constraints": (constraints, constraints.Constraint),
    "schedules": (schedules, schedules.LearningRateSchedule),
    "optimizers": (optimizers, optimizers.Optimizer),
    "losses": (losses, losses.Loss),
    "metrics": (metrics, metrics.Metric),
}
"""By the last word of Keras's module: where ours are, and their base class."""

ENDINGS = {"_initializer": "initializers", "_regularizer": "regularizers", "_constraint": "constraints"}
MODEL_CLASSES = ("Sequential", "Functional", "Model")


class UnknownClass(ValueError):
    """A class in a file that is neither ours nor in custom_objects."""

    def __init__(self, name: str, where: str) -> None:
        super().__init__(f"{where}: class {name!r} is not known: pass it, load_model(..., custom_objects={{{name!r}: {name}}})")
        self.class_name = name


def model_from_json(config: Json, custom: Custom, dialect: old_forms.Dialect) -> Any:
    """A model, built if its input is known, with fresh weights. The ValueError says which layer cannot be created, and why."""
    if not isinstance(config, dict) or not isinstance(config.get("class_name"), str):
        raise ValueError(f"the file's configuration is not a model: it is {short(config)}")
    made = _layer(config, custom, dialect)
    if not isinstance(made, tuple(MODELS.values())):
        raise ValueError(f"the file holds a {config['class_name']}, expected a Sequential or functional model")
    return made


def _layer(entry: Json, custom: Custom, dialect: old_forms.Dialect) -> Any:
    """A layer or a model from its object."""
    if not isinstance(entry, dict) or not isinstance(entry.get("class_name"), str):
        raise ValueError(f"a layer of the file is {short(entry)}, expected class_name and config: the file is damaged")
    name, config = entry["class_name"], entry.get("config")
    registered = str(entry.get("registered_name") or name).rsplit(">", 1)[-1]
    own = custom.get(str(entry.get("registered_name"))) or custom.get(registered) or custom.get(name)
    if own is not None and name != "Lambda":
        return _own(own, config, custom)
    if name == "Sequential":
        return _sequential(config, custom, dialect)
    if name in MODEL_CLASSES or (isinstance(config, dict) and "input_layers" in config and "layers" in config):
        return _functional(config, custom, dialect)
    if is_operation(entry):
        return function_of(entry)
    if not isinstance(config, dict):
        raise ValueError(f"layer {name}: its configuration is {short(config)}, expected a dictionary: the file is damaged")
    if name == "Lambda":
        return _lambda(config, custom)
    name, config = old_forms.layer(name, config, dialect)
    if name == "InputLayer":
        return _input(config)
    cls = all_layers.find(name) or residual.find(entry.get("module"), name)
    if cls is None:
        raise UnknownClass(name, f"layer {config.get('name', '?')}")
    return _construct(cls, name, config, custom, dialect)


def _own(maker: Any, config: Json, custom: Custom) -> Any:
    """A layer of the user's: from_config of their class, or what they passed itself."""
    if not isinstance(maker, type):
        return maker
    plain = {key: value for key, value in value_of(config or {}, custom).items() if key != "dtype"}
    return maker.from_config(plain) if hasattr(maker, "from_config") else maker(**plain)


def _lambda(config: dict[str, Any], custom: Custom) -> Any:
    """A Lambda's code is never run: the caller passes the function."""
    name = str(config.get("name"))
    found = custom.get(name)
    if found is None:
        raise ValueError(
            f"layer {name} is a Lambda, whose code in the file is not run: pass its function, "
            f"load_model(..., custom_objects={{{name!r}: f}})"
        )
    if isinstance(found, Layer):
        return found
    cls: Any = all_layers.find("Lambda")
    shape = config.get("output_shape")
    return cls(found, output_shape=tuple(shape) if isinstance(shape, list) else None, name=name)


def _input(config: dict[str, Any]) -> Any:
    dims = config.get("batch_shape") or config.get("batch_input_shape")
    if not isinstance(dims, list):
        raise ValueError(f"input {config.get('name')}: its shape is {short(dims)}, expected a list: the file is damaged")
    for key in ("sparse", "ragged", "optional"):
        if config.get(key):
            raise ValueError(f"input {config.get('name')}: {key}=True is not supported: save the model with dense inputs")
    return InputLayer(batch_shape=tuple(dims), dtype=_dtype(config.get("dtype")), name=config.get("name"))


def _dtype(value: Json) -> str | None:
    """The name of a dtype or policy. float32 is None: what layers compute in."""
    if isinstance(value, dict):
        inner = value.get("config")
        value = inner.get("name") if isinstance(inner, dict) else None
    return None if value in (None, "float32") else str(value)


# ---------------------------------------------------------------------- models


def _sequential(config: Json, custom: Custom, dialect: old_forms.Dialect) -> Any:
    entries = config if isinstance(config, list) else config.get("layers") if isinstance(config, dict) else None
    if not isinstance(entries, list):
        raise ValueError(f"a Sequential's configuration is {short(config)}, expected a list of layers: the file is damaged")
    options = config if isinstance(config, dict) else {}
    model = MODELS["Sequential"](name=options.get("name"))
    for entry in entries:
        model.add(_layer(entry, custom, dialect))
    shape = options.get("build_input_shape")
    if not model.built and isinstance(shape, list) and model.layers:
        model.build(tuple(shape))
    if options.get("trainable") is False:
        model.trainable = False
    return model


def _functional(config: Json, custom: Custom, dialect: old_forms.Dialect) -> Any:
    if not isinstance(config, dict) or not isinstance(config.get("layers"), list):
        raise ValueError(f"a model's configuration is {short(config)}, expected its layers: the file is damaged")
    graph = Graph(config, lambda entry: _layer(entry, custom, dialect), lambda value: value_of(value, custom))
    inputs, outputs = graph.ends()
    if dialect.major < 3:  # lists of one are how Keras 1 and 2 write one
        inputs, outputs = (end[0] if isinstance(end, list) and len(end) == 1 else end for end in (inputs, outputs))
    model = MODELS["Functional"](inputs, outputs, name=config.get("name"))
    if config.get("trainable") is False:
        model.trainable = False
    return model


# ---------------------------------------------------------------------- arguments


def _construct(cls: Any, name: str, config: dict[str, Any], custom: Custom, dialect: old_forms.Dialect) -> Any:
    """cls(**config): layers inside made, objects made, arguments of other versions left out if they change nothing."""
    where = f"layer {config.get('name', name)}"
    known = set(inspect.signature(cls).parameters) | {"name", "trainable", "batch_input_shape"}
    options = {}
    for key, value in config.items():
        if key == "dtype":
            old_forms.say_dtype(_dtype(value), where, dialect)
        elif key in known:
            options[key] = _argument(key, value, custom, dialect)
        elif not old_forms.changes_nothing(name, key, value):
            raise ValueError(f"{where}: {name}({key}={short(value)}) is in the file and is not supported: save the model without it")
    shape = options.pop("batch_input_shape", None)
    if shape is not None:
        options["input_shape"] = tuple(shape)[1:]
        if shape[0] is not None:
            options["batch_size"] = shape[0]
    return getattr(cls, "from_arguments", cls)(**options)


def _argument(key: str, value: Json, custom: Custom, dialect: old_forms.Dialect) -> Any:
    """One argument of a layer."""
    if isinstance(value, dict) and key in ("layer", "forward_layer", "backward_layer", "cell"):
        return _layer(value, custom, dialect)
    if isinstance(value, list) and key == "cells":
        return [_layer(one, custom, dialect) for one in value]
    kind = next((found for ending, found in ENDINGS.items() if key.endswith(ending)), "")
    made = value_of(value, custom, kind)
    return tuple(made) if isinstance(made, list) and all(not isinstance(one, (dict, list)) for one in made) else made


def value_of(value: Json, custom: Custom, kind: str = "") -> Any:
    """A value from JSON: objects become initializers, losses and so on. `kind`: a key of KINDS, if only that is possible."""
    if isinstance(value, list):
        return [value_of(one, custom, kind) for one in value]
    if not isinstance(value, dict):
        return value
    name, config = value.get("class_name"), value.get("config")
    if not isinstance(name, str):
        return {key: value_of(one, custom, kind) for key, one in value.items()}
    if name == "function":
        function = config if isinstance(config, str) else value.get("registered_name")
        return custom.get(str(function), function)
    if name in ("__slice__", "__ellipsis__"):
        return value
    if name == "__numpy__" and isinstance(config, dict):
        return np.asarray(config.get("value"), np.dtype(str(config.get("dtype", "float32"))))
    if name == "__tuple__":
        return tuple(value_of(value.get("items", []), custom, kind))
    if name in ("DTypePolicy", "Policy"):
        return _dtype(value)
    if name in custom:
        return _own(custom[name], config, custom)
    return _part(value, name, config or {}, custom, kind)


def _part(value: dict[str, Any], name: str, config: Json, custom: Custom, kind: str) -> Any:
    """An initializer, loss, optimizer ... by its class's name."""
    section = str(value.get("module") or "").rsplit(".", 1)[-1]
    for wanted in (kind, section) if kind or section in KINDS else tuple(KINDS):
        module, base = KINDS.get(wanted, (None, None))
        found = getattr(module, old_forms.PARTS.get(name, name), None) if module is not None and not name.startswith("_") else None
        if isinstance(found, type) and issubclass(found, base):
            return _made(found, config, custom, wanted)
    raise UnknownClass(name, f"{kind or section or 'the file'}")


def _made(cls: Any, config: Json, custom: Custom, kind: str) -> Any:
    if not isinstance(config, dict):
        raise ValueError(f"{cls.__name__}: its configuration is {short(config)}, expected a dictionary: the file is damaged")
    known = _parameters(cls)
    options = {}
    for key, value in config.items():
        if key in known:
            options[key] = value_of(value, custom, "schedules" if key == "learning_rate" else "")
        elif key != "dtype" and not old_forms.changes_nothing(cls.__name__, key, value):
            raise ValueError(f"{cls.__name__}({key}={short(value)}) is in the file and is not supported: compile the model again")
    return cls(**options)


def _parameters(cls: type) -> set[str]:
    """The names that a class takes, including those of its bases by **options."""
    names: set[str] = set()
    for base in cls.__mro__:
        init: Any = base.__dict__.get("__init__")
        if init is None or base is object:
            continue
        parameters = inspect.signature(init).parameters
        names |= {key for key, one in parameters.items() if key != "self" and one.kind is not one.VAR_KEYWORD}
        if not any(one.kind is one.VAR_KEYWORD for one in parameters.values()):
            break
    return names

