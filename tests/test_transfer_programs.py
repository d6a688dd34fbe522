"""The programs of transfer_programs.py run on tinyseq: every model has Keras's layers, parameters, trained ones and outputs."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import numpy as np
import pytest

import tinyseq as keras
from tests.transfer_programs import HEAD, PROGRAMS, REFUSED
from tinyseq.applications import building

RECORDED = json.loads((Path(__file__).parent / "oracle" / "transfer.json").read_text(encoding="utf-8"))
OURS = HEAD.replace("import keras", "import tinyseq as keras").replace("from keras", "from tinyseq")


@pytest.fixture(autouse=True)
def without_stored_weights(monkeypatch: pytest.MonkeyPatch) -> None:
    """They would be downloaded, and change no number of parameters."""
    monkeypatch.setattr(building, "stored", lambda name, given: "left out")
    monkeypatch.setattr(keras.Model, "load_weights", lambda self, path: None)


def run(source: str) -> dict[str, Any]:
    """The program's variables."""
    keras.clear_session()
    names: dict[str, Any] = {}
    exec(OURS + source, names)
    return names


ACCEPTED = "the input of a stack that nobody called"
"""Here the layers of a stack have an output once its input is known, as in the guide."""


@pytest.mark.parametrize("name", PROGRAMS)
def test_every_model_counts_as_in_keras(name: str) -> None:
    models = run(PROGRAMS[name])
    found = {
        variable: {
            "layers": len(model.layers),
            "params": sum(weight.size for weight in model.weights),
            "trainable": sum(weight.size for weight in model.trainable_weights),
            "outputs": [list(tensor.shape) for tensor in model.outputs],
        }
        for variable, model in models.items()
        if isinstance(model, keras.Model)
    }
    assert found == RECORDED[name]
    for variable, facts in found.items():
        assert models[variable].table.trainable_params == facts["trainable"], variable


@pytest.mark.parametrize("name", sorted(set(REFUSED) - {ACCEPTED}))
def test_what_keras_refuses_is_refused(name: str) -> None:
    with pytest.raises((ValueError, TypeError, AttributeError)):
        run(REFUSED[name])


def test_preprocess_input_on_a_tensor_computes_what_it_does_on_an_array() -> None:
    x = np.random.default_rng(1).integers(0, 256, (2, 5, 4, 3)).astype(np.float32)
    for family in ("vgg16", "mobilenet_v2", "densenet", "efficientnet"):
        prepare = getattr(keras.applications, family).preprocess_input
        inputs = keras.Input((5, 4, 3))
        model = keras.Model(inputs, keras.layers.Activation("linear")(prepare(inputs)))
        assert np.allclose(model.predict(x), prepare(x), atol=1e-5), family


def test_what_is_opened_inside_a_frozen_base_trains_in_the_model_around_it() -> None:
    """The usual way to fine-tune: base.trainable = False, then its last layers opened. Which weights move: as in Keras 3.15."""
    base = keras.Sequential([keras.Input((4,)), keras.layers.Dense(3), keras.layers.Dense(2)])
    base.trainable = False
    base.layers[-1].trainable = True
    model = keras.Sequential([base, keras.layers.Dense(1)])
    assert base.trainable_weights == [] and len(model.trainable_weights) == 4
    model.compile("sgd", "mse")
    before = model.get_weights()
    model.fit(np.ones((8, 4)), np.zeros((8, 1)), epochs=2, verbose=0)
    moved = [not np.array_equal(old, new) for old, new in zip(before, model.get_weights(), strict=True)]
    assert moved == [False, False, True, True, True, True]
