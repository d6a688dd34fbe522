"""The arguments of a layer, an optimizer or an initializer as source: those that differ from the defaults."""

from __future__ import annotations

import inspect
from collections.abc import Mapping
from typing import Any

from shapecheck.layers.families import PUBLIC
from tinyseq import layers as all_layers
from tinyseq.saving.code_text import literal
from tinyseq.saving.names import snake
from tinyseq.saving.write_config import MODULES, CannotSave, layer_json, to_json
from tinyseq.training import losses, metrics, optimizers, schedules
from tinyseq.weights import constraints, initializers, regularizers

Json = Any

SIZES = {"kernel_size", "strides", "pool_size", "dilation_rate", "size", "padding", "cropping"}
"""Arguments of which one number means the same along every axis."""
ALWAYS = ("pool_size", "l1", "l2")
"""First arguments that are written even at their default."""
HOMES: dict[str, Any] = {
    "keras.initializers": initializers, "keras.regularizers": regularizers, "keras.constraints": constraints,
    "keras.optimizers.schedules": schedules, "keras.optimizers": optimizers, "keras.losses": losses, "keras.metrics": metrics,
    "keras.layers": all_layers,
}  # fmt: skip
"""Where our class of an object is."""


def arguments(layer: Any) -> list[str]:
    """['32', '3', 'activation="relu"']: what the layer needs by position, then what differs from the defaults."""
    config = layer_json(layer)["config"]
    fresh = _defaults(type(layer), config)
    changed = {key: one for key, one in config.items() if key not in ("name", "dtype") and (key not in fresh or fresh[key] != one)}
    if layer.trainable:
        changed.pop("trainable", None)
    return _written(type(layer), changed, config)


def _written(kind: type, changed: Mapping[str, Json], config: Mapping[str, Json]) -> list[str]:
    """Arguments without a default by position, and the first one of a pooling and its like."""
    names = list(inspect.signature(kind).parameters)
    always = [name for name in _always(kind) if name in config]
    leading = always or [name for name in names[:1] if name in SIZES and name in changed]
    given = [_argument(name, config[name]) for name in leading]
    others = sorted((key for key in changed if key not in leading), key=lambda key: names.index(key) if key in names else len(names))
    return [*given, *(f"{key}={_argument(key, changed[key])}" for key in others)]


def _needed(kind: type) -> list[str]:
    parameters = inspect.signature(kind).parameters.values()
    return [one.name for one in parameters if one.default is one.empty and one.kind not in (one.VAR_KEYWORD, one.VAR_POSITIONAL)]


def _always(kind: type) -> list[str]:
    """What is written even at its default: arguments that have none, or the first one of a pooling and the like."""
    return _needed(kind) or [name for name in list(inspect.signature(kind).parameters)[:1] if name in ALWAYS]


def _defaults(kind: Any, config: Mapping[str, Json]) -> dict[str, Json]:
    """The configuration of an object that was passed only what is always written; of a wrapper its signature's defaults.

    So the default strides of a pooling are those of its own window.
    """
    needed = {name: config[name] for name in _always(kind) if name in config}
    signature = {key: one.default for key, one in inspect.signature(kind).parameters.items() if one.default is not one.empty}
    if any(isinstance(one, (Mapping, list)) and _holds_objects(one) for one in needed.values()):
        return signature
    plain = {name: tuple(one) if isinstance(one, list) else one for name, one in needed.items()}
    if issubclass(kind, all_layers.Layer):
        try:
            found: dict[str, Json] = layer_json(kind(**plain, name="fresh"))["config"]
        except ValueError:  # CategoryEncoding needs one of two arguments that both have a default
            return signature
        return found
    return {key: to_json(one, kind.__name__) for key, one in kind(**plain).get_config().items()}


def _holds_objects(value: Json) -> bool:
    if isinstance(value, Mapping):
        return "class_name" in value
    return isinstance(value, list) and any(map(_holds_objects, value))


def _argument(key: str, one: Json) -> str:
    return value(_one_number(one) if key in SIZES else one)


def _one_number(sizes: Json) -> Json:
    """[3, 3] -> 3, [[1, 1], [1, 1]] -> 1; others as they are."""
    if isinstance(sizes, list) and sizes:
        inner = [_one_number(one) for one in sizes]
        return inner[0] if all(isinstance(one, int) and one == inner[0] for one in inner) else inner
    return sizes


def value(one: Json) -> str:
    """JSON as source: objects are made, lists are tuples unless they hold objects."""
    if isinstance(one, Mapping) and "class_name" in one:
        return _object(one)
    if isinstance(one, Mapping):
        return f"{{{', '.join(f'{literal(key)}: {value(inner)}' for key, inner in one.items())}}}"
    if isinstance(one, list):
        return f"[{', '.join(map(value, one))}]" if _is_list(one) else f"({', '.join(map(value, one))}{',' * (len(one) == 1)})"
    return literal(one)


def _is_list(values: list[Json]) -> bool:
    return not values or any(isinstance(one, (str, Mapping)) for one in values)


def _object(one: Mapping[str, Json]) -> str:
    """An initializer, optimizer, layer ... : by its name if it is all default, else with its arguments."""
    name, config = str(one["class_name"]), one.get("config") or {}
    if name == "__numpy__":
        return value(config["value"])
    homes = [key for key, home in HOMES.items() if hasattr(home, name) and one.get("module") in (None, key)]
    if not homes:
        raise CannotSave(f"{name} cannot be written as a program: use an object of tinyseq's own")
    module = homes[0]
    kind: Any = getattr(HOMES[module], name)
    fresh = _defaults(kind, config)
    changed = {key: inner for key, inner in config.items() if key not in ("name", "dtype", "trainable") and fresh.get(key) != inner}
    if config.get("trainable") is False:
        changed["trainable"] = False
    if not changed and module in ("keras.initializers", "keras.losses", "keras.optimizers") and not _needed(kind):
        return literal(name.lower() if module == "keras.optimizers" else snake(name))
    short = "layers" if module == "keras.layers" else module
    return f"{short}.{PUBLIC.get(name, name)}({', '.join(_written(kind, changed, config))})"


assert all(module in HOMES for _, module in MODULES), "every kind of object has a home"
