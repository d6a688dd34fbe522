"""callbacks.TensorBoard: event files, read back record by record. The names are those of keras 3.15."""

from __future__ import annotations

import struct
import sys
from pathlib import Path
from typing import Any

import numpy as np
import pytest

import tinyseq as keras
from tinyseq import layers

X = np.arange(80, dtype="float32").reshape(20, 4) / 80
Y = X[:, :1]


def net() -> Any:
    keras.set_random_seed(3)
    model = keras.Sequential([keras.Input((4,)), layers.Dense(1, name="end")])
    model.compile("sgd", "mse", metrics=["mae"])
    return model


def events(folder: Path) -> list[Any]:
    """The events of the files of a folder: each record has its length, a checksum, the message, a checksum."""
    proto = pytest.importorskip("tensorboardX.proto.event_pb2")
    found = []
    for file in sorted(folder.glob("events*")):
        data, at = file.read_bytes(), 0
        while at < len(data):
            (length,) = struct.unpack("<Q", data[at : at + 8])
            found.append(proto.Event.FromString(data[at + 12 : at + 12 + length]))
            at += 16 + length
    return found


def scalars(folder: Path) -> dict[str, dict[int, float]]:
    """Name -> step -> value."""
    found: dict[str, dict[int, float]] = {}
    for event in events(folder):
        for value in event.summary.value:
            if value.WhichOneof("value") == "simple_value":
                found.setdefault(value.tag, {})[event.step] = value.simple_value
    return found


def test_what_fit_logs_is_in_the_files(tmp_path: Path) -> None:
    pytest.importorskip("tensorboardX")
    board = keras.callbacks.TensorBoard(tmp_path / "logs", write_steps_per_second=True)
    history = net().fit(X, Y, validation_data=(X, Y), batch_size=5, epochs=3, callbacks=board, verbose=0).history
    train, validation = scalars(tmp_path / "logs" / "train"), scalars(tmp_path / "logs" / "validation")
    for name in ("loss", "mae"):
        np.testing.assert_allclose(list(train[f"epoch_{name}"].values()), history[name], rtol=1e-6)
        np.testing.assert_allclose(list(validation[f"epoch_{name}"].values()), history[f"val_{name}"], rtol=1e-6)
    assert list(train["epoch_loss"]) == [0, 1, 2]
    assert list(validation["evaluation_loss_vs_iterations"]) == [4, 8, 12]
    assert train["epoch_learning_rate"][0] == pytest.approx(0.01) and train["epoch_steps_per_second"][2] > 0
    assert "batch_loss" not in train


@pytest.mark.parametrize(("freq", "steps"), [("batch", [0, 1, 2, 3, 4, 5, 6, 7]), (3, [2, 5])])
def test_values_of_batches(freq: Any, steps: list[int], tmp_path: Path) -> None:
    pytest.importorskip("tensorboardX")
    net().fit(X, Y, batch_size=5, epochs=2, callbacks=[keras.callbacks.TensorBoard(tmp_path, update_freq=freq)], verbose=0)
    assert list(scalars(tmp_path / "train")["batch_loss"]) == steps


def test_distributions_of_weights(tmp_path: Path) -> None:
    pytest.importorskip("tensorboardX")
    net().fit(X, Y, epochs=3, callbacks=[keras.callbacks.TensorBoard(tmp_path, histogram_freq=2)], verbose=0)
    found = [(value.tag, event.step, value.histo.num) for event in events(tmp_path / "train") for value in event.summary.value]
    assert [one for one in found if "histogram" in one[0]] == [
        ("end/kernel/histogram", 0, 4), ("end/bias/histogram", 0, 1), ("end/kernel/histogram", 2, 4), ("end/bias/histogram", 2, 1),
    ]  # fmt: skip


def test_files_are_whole_after_an_error(tmp_path: Path) -> None:
    pytest.importorskip("tensorboardX")

    class Stops(keras.callbacks.Callback):
        def on_epoch_end(self, epoch: int, logs: Any = None) -> None:
            if epoch == 1:
                raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        net().fit(X, Y, epochs=5, callbacks=[keras.callbacks.TensorBoard(tmp_path), Stops()], verbose=0)
    assert list(scalars(tmp_path / "train")["epoch_loss"]) == [0, 1]


NOT_WRITTEN: list[tuple[dict[str, Any], str]] = [
    ({"write_graph": True}, "write_graph=True is not written"), ({"profile_batch": (2, 4)}, "profile_batch"),
    ({"embeddings_freq": 1}, "embeddings_freq=1"),
]  # fmt: skip


@pytest.mark.parametrize(("given", "words"), NOT_WRITTEN)
def test_what_is_not_written_is_refused(given: Any, words: str) -> None:
    with pytest.raises(NotImplementedError, match=words):
        keras.callbacks.TensorBoard(**given)


@pytest.mark.parametrize("given", [{"update_freq": 0}, {"update_freq": "step"}, {"histogram_freq": -1}, {"histogram_freq": "a"}], ids=str)
def test_arguments_that_mean_nothing(given: Any) -> None:
    with pytest.raises((TypeError, ValueError), match=next(iter(given))):
        keras.callbacks.TensorBoard(**given)


def test_without_the_package_the_error_says_what_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "tensorboardX", None)
    with pytest.raises(ImportError, match=r"pip install 'tinyseq\[tensorboard\]'"):
        keras.callbacks.TensorBoard()


def test_a_progress_logger_shows_what_fit_shows_without_it(capsys: Any) -> None:
    model = net()
    model.fit(X, Y, verbose=2)
    alone = capsys.readouterr().out
    model.fit(X, Y, verbose=2, callbacks=[keras.callbacks.ProgbarLogger()])
    assert [line.split(" - ")[0] for line in capsys.readouterr().out.splitlines()] == [line.split(" - ")[0] for line in alone.splitlines()]
    model.fit(X, Y, verbose=0, callbacks=[keras.callbacks.ProgbarLogger()])
    assert capsys.readouterr().out == ""
