"""help() describes every argument of what users call."""

from __future__ import annotations

import inspect
from collections.abc import Iterator
from importlib import import_module
from typing import Any

import pytest

from shapecheck import layers as rules
from tests.house.public_names import MODULES
from tinyseq.documented import described

METHODS = (
    "compile", "fit", "evaluate", "predict", "train_on_batch", "test_on_batch", "predict_on_batch", "save_weights", "load_weights",
    "to_keras", "to_keras_code", "to_torch_code", "to_onnx", "to_json", "save",
    "summary", "get_layer", "add_weight", "set_weights", "build", "__call__", "from_config", "add", "pop",
)  # fmt: skip
LAYERS = "tinyseq.layers"


def called() -> Iterator[Any]:
    """What users call, by name: of every module, and the methods of models."""
    layers = import_module(LAYERS)
    yield from (pytest.param(getattr(layers, name), id=f"{LAYERS}.{name}") for name in sorted(rules.PLACES))
    for module in MODULES:
        home = import_module(module)
        for name in sorted(getattr(home, "__all__", ())) if module not in (LAYERS, "tinyseq", "tinyseq.plotting") else ():
            found = getattr(home, name)
            if inspect.isfunction(found) or (isinstance(found, type) and name != "Model"):
                yield pytest.param(found, id=f"{module}.{name}")
    model = import_module("tinyseq").Sequential
    for name in METHODS:
        yield pytest.param(getattr(model, name), id=f"Sequential.{name}")


@pytest.mark.parametrize("function", list(called()))
def test_every_argument_is_described(function: Any) -> None:
    doc = inspect.getdoc(function) or ""
    signature = inspect.signature(function.__init__ if isinstance(function, type) else function)
    plain = ("self", "args", "kwargs", "options", "identifier", "y_true", "y_pred")
    names = [name for name in signature.parameters if name not in plain]
    bare = [name for name in names if name not in described(doc) and f"`{name}`" not in doc]
    assert not bare, f"write {bare[0]}: ... under Arguments: in its docstring"
