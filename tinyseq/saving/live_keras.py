"""Models of a Keras that is running, here and there: from_keras reads what any Keras model tells of itself; to_keras needs Keras."""

from __future__ import annotations

import json
import os
import sys
import tempfile
import warnings
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from tinyseq.registered import known
from tinyseq.saving import keras_file, optimizer_state
from tinyseq.saving.compile_config import compile_again
from tinyseq.saving.config import is_model
from tinyseq.saving.mismatch import side_by_side
from tinyseq.saving.model_files import STARTS_ANEW, model_of_text, parts_of
from tinyseq.saving.vocabularies import Learnt, fill

Array = NDArray[Any]
Json = Any

FORMS = ("Sequential", "Functional")
"""Models that consist of their configuration; any other class has code of its own."""


def from_keras(model: Any, custom_objects: Mapping[str, Any] | None = None) -> Any:
    """A model of ours, out of what a Keras model says of itself."""
    form = _form(model)
    config = plain(model.get_config())
    fill(config, _learnt(model))
    text = json.dumps({"class_name": form, "config": config, "keras_version": version_of(model)})
    made = model_of_text(text, custom_objects)
    if not made.built:
        raise ValueError(f"from_keras: {made.name} has no input shape yet: build it in Keras first, for example model.build((None, 4))")
    _set_weights(model, made)
    settings = plain(model.get_compile_config()) if hasattr(model, "get_compile_config") else None
    if settings and compile_again(made, settings, known(custom_objects)) and not _optimizer_state(model.optimizer, made):
        warnings.warn(f"from_keras: {made.name}: {STARTS_ANEW}", stacklevel=3)
    return made


def _form(model: Any) -> str:
    """Sequential or Functional. TypeError for what is not a Keras model, or has a call() of its own."""
    if is_model(model):
        raise TypeError(f"from_keras: {model.name} is a model of tinyseq already: use it as it is")
    if not (hasattr(model, "get_config") and hasattr(model, "get_weights")):
        raise TypeError(f"from_keras: expected a Keras model, got {type(model).__name__}, which has no get_config() or no get_weights()")
    name = type(model).__name__
    if name not in (*FORMS, "Model"):
        raise TypeError(
            f"from_keras: {name} is a class of its own, whose call() cannot be read: pass a Sequential or a functional model, "
            f"for example keras.Model(inputs, outputs)"
        )
    return "Sequential" if name == "Sequential" else "Functional"


def version_of(model: Any) -> str:
    """Of the Keras that made a model; it is loaded, as the model lives."""
    package: Any = sys.modules.get(type(model).__module__.partition(".")[0])
    version = getattr(package, "__version__", "3")
    return version if isinstance(version, str) else "3"


def plain(value: Any) -> Json:
    """A configuration as JSON has it: tuples are lists, arrays are objects, NumPy's numbers are numbers."""
    if isinstance(value, Mapping):
        return {str(key): plain(one) for key, one in value.items()}
    if isinstance(value, (list, tuple)):
        return [plain(one) for one in value]
    if isinstance(value, np.generic):
        return value.item()
    if isinstance(value, np.ndarray):
        return {"class_name": "__numpy__", "config": {"value": value.tolist(), "dtype": str(value.dtype)}}
    if value is None or isinstance(value, (bool, int, float, str)):
        return value
    if hasattr(value, "get_config"):
        return {"class_name": type(value).__name__, "config": plain(value.get_config())}
    return getattr(value, "__name__", None) or str(value)


def _learnt(model: Any) -> Learnt:
    """The vocabularies of the lookups in a live model, by their places in it."""

    def found(_: str, name: str, config: Json) -> dict[str, Json]:
        for layer in _lookups(model):
            if str(layer.name) == name and layer.vocabulary_size() > 0:
                return _vocabulary(layer, config)
        return {}

    return found


def _lookups(model: Any) -> Iterator[Any]:
    for layer in getattr(model, "layers", ()):
        if hasattr(layer, "get_vocabulary"):
            yield layer
        yield from _lookups(layer)


def _vocabulary(layer: Any, config: Json) -> dict[str, Json]:
    tokens = [one.item() if isinstance(one, np.generic) else one for one in layer.get_vocabulary(include_special_tokens=False)]
    return {"vocabulary": tokens}


def _set_weights(theirs: Any, ours: Any) -> None:
    """All of them. DoesNotFit, with a table, if number or shapes differ."""
    arrays = [np.asarray(array, np.float32) for array in theirs.get_weights()]
    if [array.shape for array in arrays] != [weight.shape for weight in ours.weights]:
        left = [(weight.path, weight.shape) for weight in ours.weights]
        names = [str(getattr(weight, "path", None) or weight.name) for weight in getattr(theirs, "weights", ())]
        names = names if len(names) == len(arrays) else [f"weight {number}" for number in range(len(arrays))]
        right = [(name, array.shape) for name, array in zip(names, arrays, strict=True)]
        raise side_by_side(left, right, str(ours.name), "get_weights() of Keras's model", live=True)
    ours.set_weights(arrays)


def _optimizer_state(optimizer: Any, model: Any) -> bool:
    """What Keras's optimizer remembers. False if it cannot be read; True if it was, or if there is nothing yet."""
    mine = model.optimizer
    variables = getattr(optimizer, "variables", ())
    variables = list(variables() if callable(variables) else variables)
    iterations = np.asarray(getattr(optimizer, "iterations", 0))
    if not variables or not int(iterations):
        return True
    if not optimizer_state.known(mine):
        return False
    arrays: Sequence[Array] = [np.asarray(one.numpy() if hasattr(one, "numpy") else one) for one in variables]
    if optimizer_state.restore(mine, model.trainable_weights, arrays):
        return True
    named = [(str(getattr(one, "name", "")), array) for one, array in zip(variables, arrays, strict=True)]
    return optimizer_state.restore_by_name(mine, model.trainable_weights, named)


def to_keras(model: Any, custom_objects: Mapping[str, Any] | None = None) -> Any:
    """The model in Keras, by way of a file: see Files.to_keras."""
    try:
        import keras
    except ModuleNotFoundError as error:
        raise ModuleNotFoundError(
            "to_keras() needs Keras 3, which is not installed: python -m pip install keras tensorflow. Without it, "
            "model.save('model.keras') writes the file that Keras loads"
        ) from error
    major = str(keras.__version__).partition(".")[0]
    if major.isdigit() and int(major) < 3:
        raise ValueError(f"to_keras() needs Keras 3, this is {keras.__version__}: python -m pip install -U keras")
    with tempfile.TemporaryDirectory() as folder:
        path = os.path.join(folder, "model.keras")
        with open(path, "wb") as file:
            keras_file.write(file, *parts_of(model, as_class=False))
        return keras.models.load_model(path, custom_objects=dict(custom_objects or {}))
