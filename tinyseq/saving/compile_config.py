"""The settings of compile() in JSON, and back."""

from __future__ import annotations

import warnings
from collections.abc import Mapping
from typing import Any

from shapecheck.model_files.bounded_json import short
from tinyseq.registered import get_registered_name
from tinyseq.saving.own_classes import own_method
from tinyseq.saving.read_config import Custom, value_of
from tinyseq.saving.write_config import to_json
from tinyseq.training.optimizers import Nadam

Json = Any

KEPT = ("optimizer", "loss", "loss_weights", "metrics", "weighted_metrics")


def compile_json(model: Any) -> dict[str, Json] | None:
    """The arguments of compile(); None before it. CannotSave for values that Keras could not read."""
    compiled = model._compilation
    if compiled is None:
        return None
    given = {**compiled.arguments, "optimizer": compiled.optimizer}
    found = {key: to_json(_named(given.get(key)), f"compile({key}=)") for key in KEPT}
    return {**found, "run_eagerly": False, "steps_per_execution": compiled.steps_per_execution, "jit_compile": False}


def compile_settings(model: Any) -> dict[str, Json] | None:
    """What a file keeps of compile(): of a model's class that defines get_compile_config(), what that returns."""
    if own_method(type(model), "get_compile_config"):
        found = model.get_compile_config()
        return None if found is None else to_json(found, f"{model.name}.get_compile_config()")
    return compile_json(model)


def _named(value: Any) -> Any:
    """A function of the user's is written as its name: load_model takes it in custom_objects."""
    if isinstance(value, Mapping):
        return {key: _named(one) for key, one in value.items()}
    if isinstance(value, (list, tuple)):
        return [_named(one) for one in value]
    if isinstance(value, type):
        return get_registered_name(value)
    if type(value).__name__ == "function" and not value.__module__.startswith("tinyseq."):
        name = get_registered_name(value)
        return {"module": "builtins", "class_name": "function", "config": name, "registered_name": name}
    return value


def compile_again(model: Any, config: Json, custom: Custom) -> bool:
    """compile() with the settings of a file. If that fails, a warning says so, and the model does not change."""
    kind = type(model)
    own = own_method(kind, "compile_from_config")
    if not isinstance(config, dict) or not (own or config.get("optimizer", config.get("optimizer_config"))):
        return False
    if own:
        model.compile_from_config(config)
        return bool(model.compiled)
    if own_method(kind, "compile"):
        words = f"write {kind.__name__}.get_compile_config and compile_from_config, or call model.compile(...)"
        warnings.warn(
            f"`compile()` was not called as part of model loading because the model's `compile()` method is custom: {words}", stacklevel=4
        )
        return False
    try:
        settings = _settings(config, custom)
        model.compile(**settings)
    except (ValueError, TypeError, NotImplementedError, KeyError) as error:
        warnings.warn(
            f"{model.name} is loaded; its settings of compile() are not: {error}. Call model.compile(...)", stacklevel=4
        )
        return False
    return True


def _settings(config: dict[str, Any], custom: Custom) -> dict[str, Any]:
    optimizer = config.get("optimizer") or config.get("optimizer_config")
    made = value_of(_optimizer(optimizer), custom, "optimizers")
    if isinstance(made, Nadam):
        made._schedule_decay = _schedule_decay(optimizer)
    return {
        "optimizer": made,
        "loss": _known_functions(value_of(_old_loss(config.get("loss")), custom, "losses"), custom),
        "loss_weights": config.get("loss_weights"),
        "metrics": _known_functions(_metrics(config.get("metrics"), custom), custom),
        "weighted_metrics": _known_functions(_metrics(config.get("weighted_metrics"), custom), custom),
        "steps_per_execution": config.get("steps_per_execution") or 1,
    }


def _optimizer(value: Json) -> Json:
    """Keras 1 and 2: lr, and a decay that is a schedule of its own today."""
    if not isinstance(value, dict) or not isinstance(value.get("config"), dict):
        return value
    config = dict(value["config"])
    if "lr" in config:
        config["learning_rate"] = config.pop("lr")
    decay = config.pop("decay", 0.0)
    if value.get("class_name") == "Nadam":
        config.pop("schedule_decay", None)
    elif decay and not isinstance(config.get("learning_rate"), dict):
        config["learning_rate"] = {
            "class_name": "InverseTimeDecay",
            "config": {"initial_learning_rate": config["learning_rate"], "decay_steps": 1, "decay_rate": decay},
        }
    name = str(value.get("class_name", "")).rsplit(">", 1)[-1]
    return {**value, "class_name": {"Sgd": "SGD", "RMSProp": "RMSprop"}.get(name, name), "config": config}


def _schedule_decay(optimizer: Json) -> float:
    """Of a Nadam: "schedule_decay" until Keras 2.3, "decay" until 2.12; Keras 3 has none."""
    config = optimizer["config"]
    found = config.get("schedule_decay", config.get("decay", 1.0))
    if isinstance(found, bool) or not isinstance(found, (int, float)) or not 0 <= found <= 1:
        raise ValueError(f"Nadam: its schedule_decay in the file is {short(found)}, expected a number from 0 to 1: the file is damaged")
    return float(found)


def _old_loss(value: Json) -> Json:
    """Keras 2 wraps a loss function in LossFunctionWrapper."""
    if isinstance(value, list):
        return [_old_loss(one) for one in value]
    if isinstance(value, dict) and value.get("class_name") == "LossFunctionWrapper":
        return value.get("config", {}).get("fn")
    return value


def _metrics(value: Json, custom: Custom) -> Any:
    """Keras 2 wraps a metric function in MeanMetricWrapper, and lists one list for each output."""
    if isinstance(value, list):
        found = [_metrics(one, custom) for one in value if one is not None]
        return found[0] if len(found) == 1 and isinstance(found[0], list) else found
    if isinstance(value, dict) and value.get("class_name") == "MeanMetricWrapper":
        config = value.get("config", {})
        return config.get("name") if config.get("name") in ("accuracy", "acc") else value_of(config.get("fn", config.get("name")), custom)
    return value_of(value, custom, "metrics")


def _known_functions(value: Any, custom: Custom) -> Any:
    """Names of the user's functions are replaced by the entries of custom_objects."""
    if isinstance(value, list):
        return [_known_functions(one, custom) for one in value]
    if isinstance(value, dict):
        return {key: _known_functions(one, custom) for key, one in value.items()}
    return custom.get(value, value) if isinstance(value, str) else value
