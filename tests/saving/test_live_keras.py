"""from_keras of what Keras models said of themselves when they were recorded, and to_keras as it was tried there."""

from __future__ import annotations

import io
import json
import sys
import zipfile
from pathlib import Path
from typing import Any

import numpy as np
import pytest

import tinyseq
from tests.cases import Case
from tests.data import arrays, live
from tests.saving import matrix
from tests.saving.test_files_against_keras import LINES, close, written_by_keras

ORACLE = Path(__file__).parents[1] / "oracle"
RECORD = "run python -m tests.oracle.record_live in a venv with keras and this project's dependencies"
TRIED: dict[str, Any] = json.loads((ORACLE / "live.json").read_text("utf-8"))
TRAINED: dict[str, Any] = json.loads((ORACLE / "live_training.json").read_text("utf-8"))


class Variable:
    """Of Keras's optimizer."""

    def __init__(self, value: Any) -> None:
        self.value = value

    def numpy(self) -> Any:
        return np.asarray(self.value)


class KerasOptimizer:
    def __init__(self, values: list[Any]) -> None:
        self.variables = [Variable(value) for value in values]
        self.iterations = self.variables[0].numpy()


class KerasModel:
    """Looks like a model of Keras: what it says of itself."""

    def __init__(self, config: Any, weights: list[Any], settings: Any = None, optimizer: Any = None) -> None:
        self.config, self.arrays, self.settings = config, weights, settings
        self.optimizer = KerasOptimizer(optimizer) if optimizer is not None else None

    def get_config(self) -> Any:
        return self.config

    def get_weights(self) -> Any:
        return self.arrays

    def get_compile_config(self) -> Any:
        return self.settings or {}


class Functional(KerasModel):
    """The name that Keras's class has."""


def like_keras(case: Case) -> Functional:
    archive, _ = written_by_keras()
    with zipfile.ZipFile(io.BytesIO(archive.read(f"{matrix.name(case)}.keras"))) as inside:
        config = json.loads(inside.read("config.json"))["config"]
    names = [name for name, _ in TRIED[matrix.name(case)]["weights"]]
    shapes = [tuple(shape) for _, shape in TRIED[matrix.name(case)]["weights"]]
    return Functional(config, list(arrays.weights(case, names, shapes)))


@pytest.mark.parametrize("case", LINES)
def test_a_live_model_of_keras_becomes_one_of_ours(case: Case) -> None:
    if matrix.name(case) not in TRIED:
        pytest.fail(f"not recorded: {matrix.name(case)}: {RECORD}")
    tried = TRIED[matrix.name(case)]
    if "refused" in tried:
        assert matrix.name(case) in matrix.NOT_READ_BY_KERAS
        return
    assert isinstance(tried["from_keras"], float) and tried["from_keras"] < 2e-5, tried["from_keras"]
    if case.adapt:
        return  # what adapt() learnt is in its arrays, which tests of files compare
    model = tinyseq.from_keras(like_keras(case))
    assert close(matrix.outputs(model, case), written_by_keras()[1][matrix.name(case)])


@pytest.mark.parametrize("case", LINES)
def test_keras_computed_the_same_after_to_keras(case: Case) -> None:
    tried = TRIED.get(matrix.name(case))
    if tried is None or tried["fingerprint"] != matrix.fingerprint(matrix.ours(case)):
        pytest.fail(f"not tried in Keras: {matrix.name(case)}: {RECORD}")
    if "refused" in tried:
        assert matrix.name(case) in matrix.NOT_READ_BY_KERAS
        return
    assert isinstance(tried["to_keras"], float) and tried["to_keras"] < 2e-5, tried["to_keras"]


@pytest.mark.parametrize("name", live.OPTIMIZERS)
def test_training_goes_on_where_keras_stopped(name: str) -> None:
    seen = TRAINED[name]
    model = tinyseq.from_keras(Functional(seen["config"], [np.asarray(one) for one in seen["weights"]], seen["compile"], seen["optimizer"]))
    assert [layer.trainable for layer in model.layers] == [True, False, True, True]
    assert model.optimizer.iterations == 6
    x, y = live.data()
    model.fit(x, y, epochs=2, batch_size=4, shuffle=False, verbose=0)
    for now, later in zip(model.get_weights(), seen["later"], strict=True):
        np.testing.assert_allclose(now, np.asarray(later, np.float32), rtol=2e-4, atol=2e-5)


def test_weights_that_do_not_fit_are_shown_side_by_side() -> None:
    seen = TRAINED["sgd"]
    weights = [np.asarray(one) for one in seen["weights"]]
    weights[2] = weights[2][:-1]
    with pytest.raises(ValueError, match=r"(?s)does not fit model 'net'.*model +Keras\n.*--> +2 .*\(4, 4\) +weight 2 \(3, 4\)"):
        tinyseq.from_keras(Functional(seen["config"], weights))


def test_what_has_a_call_of_its_own_is_refused_by_name() -> None:
    class Net(KerasModel):
        pass

    with pytest.raises(TypeError, match="Net is a class of its own"):
        tinyseq.from_keras(Net({}, []))
    with pytest.raises(TypeError, match="expected a Keras model, got int"):
        tinyseq.from_keras(3)
    with pytest.raises(TypeError, match="net is a model of tinyseq already"):
        tinyseq.from_keras(live.network(tinyseq))


def test_an_adapted_vocabulary_is_taken_from_the_layer() -> None:
    class Lookup:
        name = "ages"

        def vocabulary_size(self) -> int:
            return 4

        def get_vocabulary(self, include_special_tokens: bool) -> list[Any]:
            assert not include_special_tokens
            return [np.int64(1), np.int64(5), np.int64(7)]

    class Sequential(KerasModel):
        layers = [Lookup()]  # noqa: RUF012

    config = {"name": "s", "build_input_shape": (None, 3), "layers": [
        {"class_name": "InputLayer", "config": {"batch_shape": (None, 3), "dtype": "int64", "name": "i"}},
        {"class_name": "IntegerLookup", "config": {"name": "ages", "output_mode": "multi_hot", "vocabulary": None}},
    ]}  # fmt: skip
    model = tinyseq.from_keras(Sequential(config, []))
    assert model.predict(np.array([[1, 2, 7]]), verbose=0).tolist() == [[1, 1, 0, 1]]


def test_without_keras_a_sentence_says_what_to_do(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "keras", None)
    with pytest.raises(ModuleNotFoundError, match=r"pip install keras tensorflow\. Without it, model\.save"):
        live.network(tinyseq).to_keras()
