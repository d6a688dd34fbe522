"""A model as a short Keras program, which a student would have written: arguments that differ from the defaults, few names.

Sequential where the model is one, else the functional form: `x = layers.Dense(4)(x)`; a tensor that is used later has a name of its own.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from shapecheck.layers.families import PUBLIC
from tinyseq.layers.core import InputLayer
from tinyseq.saving.code_text import Names, literal, write_program
from tinyseq.saving.compile_config import compile_json
from tinyseq.saving.config import is_model, is_sequential
from tinyseq.saving.keras_arguments import arguments, value
from tinyseq.saving.keras_calls import Calls
from tinyseq.saving.names import automatic, base_name
from tinyseq.saving.weight_files import save_weights
from tinyseq.saving.write_config import CannotSave

Json = Any

LONGEST = 110
"""Characters of a line with several arguments."""
RESERVED = ("keras", "layers", "model", "x", "inputs", "outputs")


def keras_code(model: Any, path: Any = None, overwrite: bool = True) -> str:
    """The program; see Files.to_keras_code."""
    model._require_built()
    return write_program(
        path, ".weights.h5", overwrite, lambda weights: KerasProgram(model, weights).text, lambda beside: save_weights(model, beside)
    )


class KerasProgram:
    """The lines of a program that builds a model.

    Arguments:
        model: a built model
        weights: the name of the file from which it loads its weights; None: fresh weights
    """

    def __init__(self, model: Any, weights: str | None) -> None:
        settings = compile_json(model)
        self.kept = _texts(settings)
        """Names that compile() uses: these are written even if they are automatic."""
        self.names = Names(RESERVED)
        self.before: list[str] = []
        """Inner models, each before the one that it is in."""
        self._within_frozen = False
        body = self._model(model, "model")
        lines = ["import keras", "from keras import layers", "", *self.before, *body, *_frozen(model, "model"), *_compiled(settings)]
        if weights is not None:
            lines += ["", f"model.load_weights({literal(weights)})  # run this in the folder of that file"]
        self.text = "\n".join(lines) + "\n"

    def _model(self, model: Any, variable: str) -> list[str]:
        before, self._within_frozen = self._within_frozen, self._within_frozen or not model.trainable
        lines = self._sequential(model, variable) if is_sequential(model) else self._functional(model, variable)
        self._within_frozen = before
        return lines

    def _sequential(self, model: Any, variable: str) -> list[str]:
        entries = [self.input(model._tensors[0].node.rule, model._tensors[0].shape)] if model._tensors else []
        entries += [self.layer(layer) for layer in model._stack]
        name = self._name(model)
        return [f"{variable} = keras.Sequential([", *(f"    {entry}," for entry in entries), f"]{', ' + name if name else ''})"]

    def _functional(self, model: Any, variable: str) -> list[str]:
        graph = model._built_graph("code")
        calls = Calls(self, graph)
        name = self._name(model)
        inputs = model._like_inputs([calls.of(tensor) for tensor in graph.inputs])
        outputs = model._like_outputs([calls.of(tensor) for tensor in graph.outputs])
        given = [_shown(inputs), _shown(outputs), *([name] if name else [])]
        return [*calls.lines, f"{variable} = keras.Model({', '.join(given)})"]

    def _name(self, thing: Any) -> str:
        """name="..." unless Keras would find such a name itself."""
        name = str(thing.name)
        return "" if automatic(thing) and name not in self.kept else f"name={literal(name)}"

    def give(self, layer: Any, ending: str = "") -> str:
        """A variable named after a layer."""
        return self.names.give(base_name(layer) + ending)

    def input(self, layer: Any, dims: Any) -> str:
        """keras.Input(shape=(28, 28, 1))"""
        given = [f"shape={literal(tuple(dims[1:]))}" if dims[0] is None else f"batch_shape={literal(tuple(dims))}"]
        dtype, name = str(layer.dtype or "float32"), str(layer.name)
        given += [f"dtype={literal(dtype)}"] if dtype != "float32" else []
        given += [] if re.fullmatch(r"(input_layer|input)(_\d+)?", name) else [f"name={literal(name)}"]
        return f"keras.Input({', '.join(given)})"

    def layer(self, layer: Any) -> str:
        """layers.Dense(4, activation="relu"), or the variable of an inner model, whose lines come before."""
        if isinstance(layer, InputLayer):
            return self.input(layer, layer.shape_accepted.dims)
        if is_model(layer):
            variable = self.give(layer)
            lines = [*self._model(layer, variable), *_frozen(layer, variable), ""]
            self.before += lines
            return variable
        kind = type(layer)
        if not kind.__module__.startswith("tinyseq."):
            raise CannotSave(f"layer {layer.name}: the class {kind.__name__} is yours: a program for Keras needs it as a Keras layer")
        name = self._name(layer)
        given = [one for one in arguments(layer) if not (self._within_frozen and one == "trainable=False")]
        return f"layers.{PUBLIC.get(kind.__name__, kind.__name__)}({', '.join([*given, *([name] if name else [])])})"


def _texts(value: Json) -> set[str]:
    """Every text in the settings of compile(), keys too."""
    if isinstance(value, Mapping):
        return {str(key) for key in value} | {text for one in value.values() for text in _texts(one)}
    if isinstance(value, list):
        return {text for one in value for text in _texts(one)}
    return {value} if isinstance(value, str) else set()


def _shown(names: Any) -> str:
    """Variables as they are passed: one, a list, or a dictionary."""
    if isinstance(names, Mapping):
        return f"{{{', '.join(f'{literal(key)}: {name}' for key, name in names.items())}}}"
    return f"[{', '.join(names)}]" if isinstance(names, list) else str(names)


def _frozen(model: Any, variable: str) -> list[str]:
    """A model that is frozen as a whole; single layers say it in their arguments."""
    return [] if model.trainable else [f"{variable}.trainable = False"]


COMPILED = ("optimizer", "loss", "loss_weights", "metrics", "weighted_metrics")


def _compiled(settings: Json) -> list[str]:
    """The call of compile(), if there was one."""
    given = [f"{key}={value(one)}" for key, one in (settings or {}).items() if key in COMPILED and one is not None]
    line = f"model.compile({', '.join(given)})"
    if len(line) > LONGEST:
        return ["model.compile(", *(f"    {one}," for one in given), ")"]
    return [line] if given else []
