"""A model out of the JSON that Keras 1, 2 or 3 wrote: layers by their names among ours, never by a module named in the file."""

from __future__ import annotations

import inspect
import re
from collections.abc import Collection, Mapping
from typing import Any

import numpy as np

from shapecheck.model_files.bounded_json import DamagedFile, short
from shapecheck.model_files.configuration import Configuration, UnknownClass, dtype_name
from shapecheck.model_files.old_forms import PARTS, changes_nothing
from tinyseq import activations
from tinyseq import layers as all_layers
from tinyseq.layers import residual
from tinyseq.layers.base import Layer
from tinyseq.layers.core import InputLayer, input_tensor
from tinyseq.saving.config import MODELS, each_output, load_models
from tinyseq.saving.old_forms import Dialect, say_dtype
from tinyseq.saving.operations import function_of, keep_names
from tinyseq.saving.own_classes import has_call, own_method, takes_ends
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


def model_from_json(config: Json, custom: Custom, dialect: Dialect) -> Any:
    """A model, built if its input is known, with fresh weights. The ValueError says which layer cannot be created, and why."""
    if not isinstance(config, dict) or not isinstance(config.get("class_name"), str):
        raise ValueError(f"the file's configuration is not a model: it is {short(config)}")
    try:
        made = Layers(custom, dialect).layer(config)
    except RecursionError as error:
        raise DamagedFile("the file's models are nested too deeply: it is damaged") from error
    except (TypeError, KeyError, AttributeError, IndexError, OverflowError) as error:
        if custom:  # perhaps of a class that the caller passed
            raise
        raise DamagedFile(f"the file's configuration is not one of Keras ({type(error).__name__}: {short(str(error), 200)})") from error
    if not isinstance(made, tuple(MODELS.values())) and not has_call(made):
        raise ValueError(f"the file holds a {config['class_name']}, expected a Sequential or functional model")
    return made


class Layers(Configuration):
    """Layers that compute, and tensors between them."""

    def __init__(self, custom: Custom, dialect: Dialect) -> None:
        load_models()
        self.custom = custom
        self.dialect: Dialect = dialect

    def own(self, entry: Json) -> Any:
        name = entry["class_name"]
        registered = str(entry.get("registered_name") or name).rsplit(">", 1)[-1]
        maker = self.custom.get(str(entry.get("registered_name"))) or self.custom.get(registered) or self.custom.get(name)
        if maker is None:
            return None
        maker = _of_layers(maker, name)
        config = entry.get("config")
        of_ours = isinstance(maker, type) and issubclass(maker, tuple(MODELS.values())) and not own_method(maker, "from_config")
        if of_ours and isinstance(config, dict) and "layers" in config:
            return self._sequential(config, maker) if issubclass(maker, MODELS["Sequential"]) else self._functional(config, maker)
        made = _own(maker, config, self.custom)
        if has_call(made) and not made.built:
            _build(made, entry.get("build_config"))
        return made

    def find(self, name: str, module: Any) -> Any:
        return all_layers.find(name) or residual.find(module, name)

    def arguments_of(self, cls: Any) -> Collection[str]:
        return inspect.signature(cls).parameters

    def construct(self, cls: Any, name: str, options: dict[str, Any]) -> Any:
        return getattr(cls, "from_arguments", cls)(**options)

    def dtype(self, name: str | None, where: str) -> None:
        say_dtype(name, where, self.dialect)

    def activation(self, name: str) -> Any:
        return self.custom.get(name, name)

    def value(self, value: Json, kind: str = "") -> Any:
        return value_of(value, self.custom, kind)

    def lambda_layer(self, config: dict[str, Any]) -> Any:
        """A Lambda's code is never run: the caller passes the function."""
        name = str(config.get("name"))
        written = config.get("function")
        named = isinstance(written, dict) and written.get("class_name") != "__lambda__"
        found = self.custom.get(name) or (value_of(written, self.custom) if named else None)
        if not callable(found):
            raise ValueError(
                f"layer {name} is a Lambda, whose code in the file is not run: pass its function, "
                f"load_model(..., custom_objects={{{name!r}: f}})"
            )
        if isinstance(found, Layer):
            return found
        cls: Any = all_layers.find("Lambda")
        shape = config.get("output_shape")
        return cls(found, output_shape=tuple(shape) if isinstance(shape, list) else None, name=name)

    def operation(self, entry: Json) -> Any:
        return function_of(entry)

    def input(self, dims: list[Json], dtype: str | None, name: Any) -> Any:
        return InputLayer(batch_shape=tuple(dims), dtype=dtype, name=name)

    def chain(self, options: dict[str, Any], entries: list[Json], kind: Any = None) -> Any:
        model = (kind or MODELS["Sequential"])(name=options.get("name"))
        for entry in entries:
            model.add(self.layer(entry))
        shape = options.get("build_input_shape")
        if not model.built and isinstance(shape, list) and model.layers:
            model.build(tuple(shape))
        if options.get("trainable") is False:
            model.trainable = False
        return model

    def join(self, config: dict[str, Any], inputs: Any, outputs: Any, kind: Any = None) -> Any:
        if kind is not None and not takes_ends(kind):
            words = "is made of other arguments than inputs and outputs, and has neither get_config nor from_config: write both"
            raise ValueError(f"{kind.__name__} {words}")
        model = (kind or MODELS["Functional"])(inputs=inputs, outputs=outputs, name=config.get("name"))
        if config.get("trainable") is False:
            model.trainable = False
        return model

    def start(self, layer: Any) -> Any:
        return input_tensor(layer) if isinstance(layer, InputLayer) else None

    def call(self, name: str, layer: Any, arguments: list[Any], keywords: dict[str, Any]) -> list[Any]:
        if type(layer).__name__ == "Pipeline" and keywords.get("training") is True:
            keywords = {key: value for key, value in keywords.items() if key != "training"}  # Keras's default, which predict() overrides
        outputs = each_output(layer(*arguments, **keywords))
        if not isinstance(layer, Layer):
            keep_names(outputs, name, [arguments, keywords])
        return outputs


def _build(model: Any, config: Json) -> None:
    """Builds a model of the user's for the inputs that the file names; does nothing if it names none."""
    shape = config.get("input_shape") if isinstance(config, dict) else None
    if shape is None:
        shape = config.get("shapes_dict") if isinstance(config, dict) else None
    if isinstance(shape, dict) and len(shape) == 1 and next(iter(shape)).endswith("_shape"):
        shape = next(iter(shape.values()))
    if shape is None:
        return
    several = isinstance(shape, list) and bool(shape) and isinstance(shape[0], list)
    sizes = shape.values() if isinstance(shape, dict) else shape if several else [shape]
    if not all(isinstance(one, list) and all(size is None or type(size) is int for size in one) for one in sizes):
        raise DamagedFile(f"{model.name}: build_config has the input_shape {short(shape)}, expected sizes: the file is damaged")
    model.build({name: tuple(one) for name, one in shape.items()} if isinstance(shape, dict) else shape)


def _of_layers(maker: Any, name: str) -> Any:
    """What was registered or passed under a layer's name, if it is a class of layers or a layer.

    ValueError for anything else: a function in a layer's place would be called with the arguments that the file writes.
    """
    layers = (Layer, *MODELS.values())
    if isinstance(maker, layers) or (isinstance(maker, type) and issubclass(maker, layers)):
        return maker
    what = "class" if isinstance(maker, type) else "function" if callable(maker) else type(maker).__name__
    own = getattr(maker, "__name__", short(maker))
    raise ValueError(
        f"the file has {short(name)} where a layer is expected, and under that name the {what} {own} is registered or passed, which is no "
        f"layer: it is not called. Pass a class of layers: custom_objects={{{name!r}: MyLayer}}"
    )


def _own(maker: Any, config: Json, custom: Custom) -> Any:
    """A layer of the user's: from_config of their class, or what they passed itself."""
    if not isinstance(maker, type):
        return maker
    plain = value_of(config or {}, custom)
    if not isinstance(plain, dict):
        raise ValueError(f"{maker.__name__}: its configuration is {short(config)}, expected a dictionary: the file is damaged")
    plain.pop("dtype", None)
    return maker.from_config(plain) if hasattr(maker, "from_config") else maker(**plain)


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
        return _function(config if isinstance(config, str) else value.get("registered_name"), custom)
    if name in ("__slice__", "__ellipsis__"):
        return value
    if name in ("__numpy__", "__tensor__") and isinstance(config, dict):
        return _array(config)
    if name == "__tuple__":
        return tuple(value_of(value.get("items", []), custom, kind))
    if name in ("DTypePolicy", "Policy"):
        return dtype_name(value)
    section = str(value.get("module") or "").rsplit(".", 1)[-1]
    own = custom.get(str(value.get("registered_name"))) or custom.get(name)
    if own is not None:
        return _own(_of_layers(own, name) if section == "layers" else own, config, custom)
    if not kind and (section == "layers" or name in MODELS or (isinstance(config, dict) and {"layers", "input_layers"} <= config.keys())):
        return Layers(custom, Dialect("3")).layer(value)
    return _part(value, name, config or {}, custom, kind)


def _array(config: dict[str, Any]) -> Any:
    """An array of numbers or texts. A dtype that says more ("999999999f4", "U999999999") would be as large as it says."""
    dtype = str(config.get("dtype", "float32"))
    if re.fullmatch(r"[<>]?U\d+", dtype):
        return np.asarray(config.get("value"), np.str_)
    if not re.fullmatch(r"[<>]?[a-z]+\d{0,3}", dtype):
        raise ValueError(f"an array of the file has the dtype {short(dtype)}, expected one such as float32: the file is damaged")
    return np.asarray(config.get("value"), dtype)


def _function(name: Any, custom: Custom) -> Any:
    """A function of the user's by its name, `package>name` or, unless Keras has one of that name, the last part of it; else the name."""
    own = custom.get(str(name))
    of_keras = any(name in module.__all__ for module in (activations, losses, metrics))
    if own is None and not of_keras and ">" not in str(name):  # Keras up to 3.6 wrote registered functions without the package
        own = next((one for key, one in custom.items() if key.endswith(f">{name}")), None)
    return name if own is None else own


def _part(value: dict[str, Any], name: str, config: Json, custom: Custom, kind: str) -> Any:
    """An initializer, loss, optimizer ... by its class's name."""
    section = str(value.get("module") or "").rsplit(".", 1)[-1]
    for wanted in (kind, section) if kind or section in KINDS else tuple(KINDS):
        module, base = KINDS.get(wanted, (None, None))
        found = getattr(module, PARTS.get(name, name), None) if module is not None and not name.startswith("_") else None
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
        elif key != "dtype" and not changes_nothing(cls.__name__, key, value):
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

