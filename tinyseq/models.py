"""Keras's other home of the models: `from tinyseq.models import Sequential`."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from tinyseq.did_you_mean import no_such_name, spelled
from tinyseq.layers.call_options import original
from tinyseq.model import Model
from tinyseq.saving.face import load_model, save_model
from tinyseq.sequential import Sequential

__all__ = ["Model", "Sequential", "clone_model", "from_keras", "load_model", "model_from_json", "save_model"]


@spelled
def model_from_json(json_string: str, custom_objects: Mapping[str, Any] | None = None) -> Any:
    """A model with fresh weights from what model.to_json() returned, ours or Keras's.

    Arguments:
        json_string: the text
        custom_objects: classes of yours by the name in the text
    """
    from tinyseq.saving.model_files import model_of_text

    return model_of_text(json_string, custom_objects)


@spelled
def from_keras(model: Any, custom_objects: Mapping[str, Any] | None = None) -> Any:
    """A model of ours with the layers, weights and trainable flags of a Keras model; compiled, and trained so far, as that is.

    Keras itself is not imported: the model is asked for get_config(), get_weights() and get_compile_config().

    >>> class Line:
    ...     def get_config(self):
    ...         dense = {"class_name": "Dense", "config": {"name": "dense", "units": 1}}
    ...         return {"name": "line", "build_input_shape": (None, 1), "layers": [dense]}
    ...     def get_weights(self):
    ...         return [[[2.0]], [1.0]]
    >>> Line.__name__ = "Sequential"
    >>> from_keras(Line()).get_weights()
    [array([[2.]], dtype=float32), array([1.], dtype=float32)]

    Arguments:
        model: a built Sequential or functional model of Keras 2 or 3
        custom_objects: classes and functions of yours, made for tinyseq, by their names in Keras
    """
    from tinyseq.saving.live_keras import from_keras

    return from_keras(model, custom_objects)


@spelled
def clone_model(model: Any, input_tensors: Any = None, clone_function: Callable[[Any], Any] | None = None) -> Any:
    """The same layers with fresh weights.

    Arguments:
        model: a Sequential or functional model
        input_tensors: of Keras, not supported: leave it out
        clone_function: clone_function(layer) -> the layer in its place; None: a layer of the same arguments
    """
    if input_tensors is not None:
        raise NotImplementedError("clone_model: input_tensors= is not supported: leave it out, then call the new model on the tensors")
    config = model.get_config()
    if clone_function is not None:
        entries = config.get("layers") or config["nodes"]
        rules = model.layers if "layers" in config else [original(node.rule) for node in model.graph.nodes]
        for entry, layer in zip(entries[len(entries) - len(rules) :], rules, strict=True):
            if "class_name" in entry and entry["class_name"] != "InputLayer":
                entry["made"] = clone_function(layer)
    return type(model).from_config(config)


def __getattr__(name: str) -> Any:
    raise no_such_name(f"module {__name__!r}", name, __all__)
