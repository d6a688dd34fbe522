"""Which layers are saved and loaded: one line of tests/cases.py for each class that computes, as a model of that layer alone."""

from __future__ import annotations

import hashlib
import json
import tempfile
from pathlib import Path
from typing import Any

import numpy as np

from tests.cases import CASES, COMPUTED, Case
from tests.data import arrays

FORMATS = ("keras", "h5", "weights.h5")
APART = ("MultiHeadAttention", "GroupedQueryAttention")
"""Classes that are called layer(query, value); tests/data/attention.py holds what they compute."""

LEFT_OUT: dict[str, str] = {
    **dict.fromkeys(("StringLookup", "TextVectorization"), "it takes strings: tests/saving/test_lookups.py has its files"),
    "RandomCrop": "Keras 3.15 returns whole images at inference, which do not have the size that it declares",
}
"""Classes that no file holds, each with the reason."""
CELLS = {"SimpleRNNCell", "LSTMCell", "GRUCell", "StackedRNNCells"}
"""Classes that are saved inside an RNN."""
NOT_READ_BY_KERAS = {
    "RandomShear": "Keras refuses the negative x_factor that it writes itself",
    "Equalization": "Keras makes no functional model with it: its output is its input there",
}


def name(case: Case) -> str:
    """The class that a line stands for: of an RNN, its cell's."""
    cell = case.arguments.get("cell")
    inner: str = cell[0] if case.layer == "RNN" and isinstance(cell, tuple) else ""
    return inner or case.layer


def lines() -> list[Case]:
    """The first computed line of each class, and one that is adapted for those that adapt."""
    found: dict[str, Case] = {}
    for case in CASES:
        turned = case.arguments.get("data_format") == "channels_first"  # TensorFlow's CPU lacks some of them
        words = case.dtype == "string"
        if case.compute and case.known and not turned and not words and name(case) in {*COMPUTED, *APART} - LEFT_OUT.keys():
            better = case.adapt and not found.get(name(case), case).adapt
            if name(case) not in found or better:
                found[name(case)] = case
    return list(found.values())


def ours(case: Case) -> Any:
    """Our model of the layer, with the weights of tests/data/arrays.py."""
    import tinyseq

    tensors = [tinyseq.Input(shape, batch_size=case.batch, dtype=case.dtype) for shape in case.inputs]
    layer = made((case.layer, case.arguments))
    if case.adapt:
        layer.adapt(arrays.adaptation(case))
    apart = case.layer in APART
    several = len(tensors) > 1 or layer.several_inputs
    inputs = tensors if len(tensors) > 1 else tensors[0]
    model = tinyseq.Model(inputs, layer(*tensors) if apart else layer(tensors if several else tensors[0]))
    if not case.adapt and layer.weights:
        values = arrays.weights(case, [weight.name for weight in layer.weights], [weight.shape for weight in layer.weights])
        for weight, value in zip(layer.weights, values, strict=True):
            weight.assign(value)
    return model


def made(value: Any) -> Any:
    """("Dense", {"units": 3}) -> our layers.Dense(units=3), also within a list; anything else as it is."""
    import tinyseq

    if isinstance(value, list):
        return [made(item) for item in value]
    if isinstance(value, tuple) and len(value) == 2 and isinstance(value[1], dict):
        name, arguments = value
        return getattr(tinyseq.layers, name)(**{key: made(item) for key, item in arguments.items()})
    return value


def outputs(model: Any, case: Case) -> Any:
    """What the model computes for the inputs of tests/data/arrays.py."""
    given = arrays.inputs(case)
    return np.asarray(model.predict(given if len(given) > 1 else given[0], verbose=0, batch_size=arrays.BATCH))


def fingerprint(model: Any) -> str:
    """Of the structure that we write, and of where each weight is put; automatic names left out of it."""
    from tinyseq.saving.layout import groups

    names = {model.name: "model", **{str(layer.name): f"layer{number}" for number, layer in enumerate(model.layers)}}
    text = json.dumps(_renamed(json.loads(model.to_json()), names), sort_keys=True)
    places = [(group, [weight.shape for weight in weights]) for group, _, weights in groups(model)]
    return hashlib.sha256((text + json.dumps(places)).encode()).hexdigest()[:16]


def _renamed(value: Any, names: dict[str, str], key: str = "") -> Any:
    """Names of layers, and nothing that happens to be spelled as one."""
    if isinstance(value, dict):
        return {key: _renamed(one, names, key) for key, one in value.items()}
    if isinstance(value, list):
        return [_renamed(one, names, key) for one in value]
    if key == "name" and isinstance(value, str):
        return names.get(value, "inside")
    return names.get(value, value) if key in ("keras_history", "input_layers", "output_layers") else value


def saved(model: Any, kind: str) -> Path:
    """A file of the model in a new folder."""
    path = Path(tempfile.mkdtemp()) / f"model.{kind}"
    if kind == "weights.h5":
        model.save_weights(path)
    else:
        model.save(path)
    return path
