"""steps_per_execution: callbacks are called around so many batches. Numbers of batches as keras 3.15 counts them."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

import tinyseq as keras
from tinyseq import layers

X = np.arange(400, dtype="float32").reshape(100, 4) / 400
Y = X[:, :3]


class Heard(keras.callbacks.Callback):
    """Writes down the batches that it is told of."""

    def __init__(self) -> None:
        self.events: list[tuple[str, int]] = []
        self.outputs: list[int] = []

    def on_train_batch_begin(self, batch: int, logs: Any = None) -> None:
        self.events.append(("begin", batch))

    def on_train_batch_end(self, batch: int, logs: Any = None) -> None:
        self.events.append(("end", batch))

    def on_test_batch_end(self, batch: int, logs: Any = None) -> None:
        self.events.append(("test", batch))

    def on_predict_batch_end(self, batch: int, logs: Any = None) -> None:
        self.outputs.append(len(logs["outputs"]))


def net(every: Any) -> Any:
    keras.set_random_seed(3)
    model = keras.Sequential([keras.Input((4,)), layers.Dense(3)])
    model.compile("sgd", "mse", steps_per_execution=every)
    return model


def test_callbacks_are_called_once_for_so_many_batches() -> None:
    heard = Heard()
    net(3).fit(X, Y, batch_size=16, epochs=1, callbacks=[heard], verbose=0)  # 7 batches
    assert heard.events == [("begin", 0), ("end", 2), ("begin", 3), ("end", 5), ("begin", 6), ("end", 8)]


def test_evaluate_and_predict_too() -> None:
    model, heard = net(4), Heard()
    model.evaluate(X, Y, batch_size=16, callbacks=[heard], verbose=0)
    assert heard.events == [("test", 3), ("test", 7)]
    outputs = model.predict(X, batch_size=16, callbacks=[heard])
    assert heard.outputs == [64, 36] and outputs.shape == (100, 3)


@pytest.mark.parametrize("every", [2, 5, 100, "auto"])
def test_no_number_changes(every: Any) -> None:
    found = []
    for size in (1, every):
        model = net(size)  # sets the seed
        found.append((model.fit(X, Y, batch_size=16, epochs=2, verbose=0).history, model.get_weights()))
    assert found[0][0] == found[1][0]
    for a, b in zip(found[0][1], found[1][1], strict=True):
        np.testing.assert_array_equal(a, b)


def test_the_line_of_an_epoch_counts_batches(capsys: Any) -> None:
    net(3).fit(X, Y, batch_size=16, epochs=1, verbose=2)
    assert "7/7 - " in capsys.readouterr().out


@pytest.mark.parametrize("freq", [2, 3])
def test_a_checkpoint_counts_batches_and_not_calls(freq: int, tmp_path: Any) -> None:
    """12 batches of one epoch in executions of 3: Keras's ModelCheckpoint counts 3 with each, so it saves 4 times."""
    saved: list[int] = []

    class Counted(keras.callbacks.ModelCheckpoint):
        def _save(self, epoch: int, logs: Any) -> None:
            saved.append(epoch)

    counted = Counted(str(tmp_path / "a.weights.h5"), save_weights_only=True, save_freq=freq)
    net(3).fit(X[:96], Y[:96], batch_size=8, callbacks=[counted], verbose=0)
    assert len(saved) == 4


def test_a_backup_is_written_with_each_execution_that_passes_its_number(tmp_path: Any) -> None:
    """12 batches in executions of 3, a backup after every 2 batches: it is due at 2, 4 ..., and no execution ends at 2 or 4."""
    written: list[int] = []

    class Counted(keras.callbacks.BackupAndRestore):
        def _write(self, epoch: int, step: int, logs: Any) -> None:
            written.append(step)

    net(3).fit(X[:96], Y[:96], batch_size=8, callbacks=[Counted(str(tmp_path), save_freq=2)], verbose=0)
    assert written == [3, 6, 9, 12, 0]  # 0: the epoch is done


def test_it_is_kept_in_a_file(tmp_path: Any) -> None:
    net(7).save(str(tmp_path / "net.keras"))
    assert keras.models.load_model(str(tmp_path / "net.keras"))._compilation.steps_per_execution == 7
