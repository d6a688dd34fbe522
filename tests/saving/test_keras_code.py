"""to_keras_code: shapecheck reads the program, tinyseq runs it as it is, Keras ran it when it was recorded."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import numpy as np
import pytest

import shapecheck
import tinyseq
from tests.saving import code_cases

RECORDED: dict[str, Any] = json.loads((Path(__file__).parents[1] / "oracle" / "code.json").read_text("utf-8"))
RECORD = "run python -m tests.oracle.record_code in a venv with keras and this project's dependencies"
MODELS = [pytest.param(*maker, name, id=name) for name, maker in code_cases.by_class().items()]
OF_KERAS = {name: maker for name, maker in code_cases.by_line().items() if "rms_scaling=True" not in name}
"""Every line: Keras's LayerNormalization has no rms_scaling."""
EVERY = [pytest.param(*maker, id=name) for name, maker in (code_cases.by_class() | OF_KERAS).items()]
IMPORTS = "import keras\nfrom keras import layers\n"


def run(text: str) -> Any:
    """The model of a program, made by tinyseq."""
    assert text.startswith(IMPORTS)
    names: dict[str, Any] = {}
    exec(compile(text.replace(IMPORTS, "import tinyseq as keras\nfrom tinyseq import layers\n"), "net.py", "exec"), names)
    return names["model"]


def numbers(table: Any) -> list[Any]:
    """Output shapes and weights of each row, and how many of them train."""
    return [(row.outputs, [spec.shape for spec in row.weights], row.trainable_params) for row in table.rows]


@pytest.mark.parametrize(("make", "which"), EVERY)
def test_the_program_makes_the_same_model(make: Any, which: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    model, given = make(which)
    monkeypatch.chdir(tmp_path)
    text = model.to_keras_code("net.py")
    assert (tmp_path / "net.py").read_text("utf-8") == text
    again = run(text)
    for mine, theirs in zip(code_cases.outputs(again, given), code_cases.outputs(model, given), strict=True):
        np.testing.assert_array_equal(mine, theirs)
    assert [weight.shape for weight in again.trainable_weights] == [weight.shape for weight in model.trainable_weights]


@pytest.mark.parametrize(("make", "which"), EVERY)
def test_shapecheck_reads_the_program_to_the_same_table(make: Any, which: Any) -> None:
    model, _ = make(which)
    report = shapecheck.check_source(model.to_keras_code())
    assert not report.findings, report.findings
    assert numbers(report.stacks[-1].table) == numbers(model.table)


@pytest.mark.parametrize(("make", "which", "name"), MODELS)
def test_keras_computed_the_same_by_the_program(make: Any, which: Any, name: str) -> None:
    model, _ = make(which)
    found = RECORDED.get(name)
    if found is None or found["fingerprint"] != code_cases.fingerprint(model.to_keras_code()):
        pytest.fail(f"not tried in Keras: {name}: {RECORD}")
    if name == "Equalization":  # NOT_READ_BY_KERAS: no functional model of Keras holds it
        assert "is part of a cycle" in found["keras"]
        return
    assert isinstance(found["keras"], float) and found["keras"] < 1e-5, found["keras"]


def test_a_pooling_has_its_strides_unless_they_are_its_window() -> None:
    text = code_cases.steps(tinyseq).to_keras_code()
    assert "layers.MaxPooling1D(3, strides=2)," in text
    model = tinyseq.Sequential([tinyseq.Input((9, 9, 1)), tinyseq.layers.AveragePooling2D(3), tinyseq.layers.MaxPooling2D()])
    assert "layers.AveragePooling2D(3)," in model.to_keras_code() and "layers.MaxPooling2D(2)," in model.to_keras_code()


def test_two_tensors_of_one_call_have_two_names() -> None:
    lines = code_cases.handed_over(tinyseq).to_keras_code()
    assert "_, lstm_state, lstm_state_1 = layers.LSTM(3, return_state=True)(inputs)" in lines
    assert "initial_state=[lstm_state, lstm_state_1])" in lines


def test_a_program_reads_as_a_student_would_write_it() -> None:
    model = code_cases.convnet(tinyseq)
    assert model.to_keras_code() == '''\
import keras
from keras import layers

model = keras.Sequential([
    keras.Input(shape=(28, 28, 1)),
    layers.Conv2D(8, 3, activation="relu", kernel_initializer="he_normal", kernel_regularizer=keras.regularizers.L2(0.001)),
    layers.BatchNormalization(momentum=0.9),
    layers.MaxPooling2D(3),
    layers.Conv2D(4, (3, 2), strides=2, padding="same"),
    layers.LeakyReLU(negative_slope=0.1),
    layers.Flatten(),
    layers.Dropout(0.5),
    layers.Dense(10, activation="softmax"),
])
model.compile(
    optimizer=keras.optimizers.Adam(learning_rate=0.01),
    loss="sparse_categorical_crossentropy",
    metrics=["accuracy"],
)
'''


def test_what_a_program_cannot_hold_is_refused_by_name(tmp_path: Path) -> None:
    class Mine(tinyseq.layers.Layer):
        def call(self, x: Any) -> Any:
            return tinyseq.ops.abs(x)

    model = tinyseq.Sequential([tinyseq.Input((3,)), Mine(name="mine")])
    with pytest.raises(ValueError, match="layer mine: the class Mine is yours"):
        model.to_keras_code()
    with pytest.raises(ValueError, match=r"ends in \.py"):
        model.to_keras_code(tmp_path / "net.txt")
    assert not list(tmp_path.iterdir())


def test_no_file_is_overwritten_unless_that_is_meant(tmp_path: Path) -> None:
    model = code_cases.convnet(tinyseq)
    (tmp_path / "net.weights.h5").write_bytes(b"mine")
    with pytest.raises(FileExistsError):
        model.to_keras_code(tmp_path / "net.py", overwrite=False)
    assert [path.name for path in tmp_path.iterdir()] == ["net.weights.h5"]
