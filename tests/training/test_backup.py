"""BackupAndRestore: killed at any moment and begun again, training ends with the bits of training that was not killed."""

import json
import os
import signal
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import numpy as np
import pytest

import tinyseq as keras
from tests.training import killed_fit
from tinyseq import callbacks, layers
from tinyseq.training import backup_file

ROOT = Path(__file__).parents[2]


def begun(folder: Path, kind: str, frequency: str) -> "subprocess.Popen[str]":
    command = [sys.executable, "-m", "tests.training.killed_fit", str(folder), kind, frequency]
    return subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, text=True, env={**os.environ, "PYTHONPATH": str(ROOT)})


def killed_and_resumed(folder: Path, kind: str, frequency: str, kills: int) -> int:
    """Kills the fit at growing numbers of batches until it ends; how often it was killed."""
    random, done = np.random.default_rng(kills), 0
    while True:
        process = begun(folder, kind, frequency)
        assert process.stdout is not None
        lines = 0 if done >= kills else int(random.integers(1, 9))
        for _ in range(lines):
            if not process.stdout.readline():
                break
        if done < kills:
            time.sleep(float(random.uniform(0, 0.02)))
            process.send_signal(signal.SIGKILL)
            done += 1
        process.communicate()
        if process.returncode == 0:
            return done


@pytest.mark.parametrize(("kind", "frequency"), [("arrays", "epoch"), ("arrays", "2"), ("dataset", "3"), ("steps", "2")])
def test_killed_and_resumed_training_ends_with_the_same_bits(kind: str, frequency: str, tmp_path: Path) -> None:
    whole, killed = tmp_path / "whole", tmp_path / "killed"
    whole.mkdir()
    killed.mkdir()
    killed_fit.train(whole, kind, frequency)
    assert killed_and_resumed(killed, kind, frequency, 2) == 2
    expected, found = (json.loads((folder / "end.json").read_text(encoding="utf-8")) for folder in (whole, killed))
    assert found == expected or (not found.pop("last") and found == {name: expected[name] for name in found})  # killed after the last epoch
    assert not (killed / "backup").exists()
    assert (whole / "log.csv").read_text(encoding="utf-8") == (killed / "log.csv").read_text(encoding="utf-8")


@pytest.mark.slow
def test_thirty_kills_leave_the_same_bits(tmp_path: Path) -> None:
    for kind in ("arrays", "dataset"):
        whole, killed = tmp_path / f"whole {kind}", tmp_path / f"killed {kind}"
        whole.mkdir()
        killed.mkdir()
        killed_fit.train(whole, kind, "1")
        killed_and_resumed(killed, kind, "1", 15)
        expected, found = (json.loads((folder / "end.json").read_text(encoding="utf-8")) for folder in (whole, killed))
        assert (found["weights"], found["steps"]) == (expected["weights"], expected["steps"])


def small(**options: Any) -> Any:
    model = keras.Sequential([keras.Input((2,)), layers.Dense(1)])
    model.compile("sgd", "mse", **options)
    return model


X, Y = np.ones((8, 2)), np.ones((8, 1))


class Stop(callbacks.Callback):
    """Breaks off before an epoch."""

    at = 2

    def on_epoch_begin(self, epoch: int, logs: Any = None) -> None:
        if epoch == self.at:
            raise InterruptedError


def test_it_goes_on_in_the_epoch_that_was_broken_off_and_deletes_its_folder(tmp_path: Path) -> None:
    """As Keras 3.15: stopped before epoch index 2 it resumed with history.epoch [2, 3]."""
    folder = tmp_path / "backup"
    with pytest.raises(InterruptedError):
        small().fit(X, Y, epochs=4, callbacks=[callbacks.BackupAndRestore(folder), Stop()], verbose=0)
    assert (folder / "latest.backup").exists()
    Stop.at = 99
    try:
        history = small().fit(X, Y, epochs=4, callbacks=[callbacks.BackupAndRestore(folder), Stop()], verbose=0)
    finally:
        Stop.at = 2
    assert history.epoch == [2, 3] and not folder.exists()


def test_a_backup_of_another_model_or_a_torn_one_is_refused(tmp_path: Path) -> None:
    with pytest.raises(InterruptedError):
        small().fit(X, Y, epochs=4, callbacks=[callbacks.BackupAndRestore(tmp_path), Stop()], verbose=0)
    with pytest.raises(ValueError, match="of another model or of other callbacks"):
        small().fit(X, Y, epochs=4, callbacks=[callbacks.BackupAndRestore(tmp_path)], verbose=0)
    file = tmp_path / "latest.backup"
    content = file.read_bytes()
    for torn in (content[:-1], content[:40], b"", content.replace(b"epoch", b"xpoch"), content[:-4] + b"abcd"):
        file.write_bytes(torn)
        with pytest.raises(ValueError, match="not a whole backup"):
            small().fit(X, Y, epochs=4, callbacks=[callbacks.BackupAndRestore(tmp_path), Stop()], verbose=0)


def test_a_generator_is_refused_by_name(tmp_path: Path) -> None:
    with pytest.raises(ValueError, match="x is a generator, which cannot be begun in its middle: pass arrays"):
        small().fit(((X, Y) for _ in range(2)), callbacks=[callbacks.BackupAndRestore(tmp_path)], verbose=0)

    class Shuffled(keras.utils.PyDataset):
        def __len__(self) -> int:
            return 2

        def __getitem__(self, index: int) -> Any:
            return X, Y

        def on_epoch_end(self) -> None:
            pass

    with pytest.raises(ValueError, match=r"Shuffled.on_epoch_end changes the data set.*write state\(\)"):
        small().fit(Shuffled(), callbacks=[callbacks.BackupAndRestore(tmp_path)], verbose=0)


@pytest.mark.parametrize("given", [{"backup_dir": ""}, *({"backup_dir": "b", "save_freq": n} for n in (0, "batch"))], ids=str)
def test_arguments_that_mean_nothing_are_refused(given: Any) -> None:
    with pytest.raises(ValueError, match=r"backup_dir|save_freq"):
        callbacks.BackupAndRestore(**given)


def test_a_file_returns_what_was_written(tmp_path: Path) -> None:
    table = np.arange(6, dtype=np.float32).reshape(2, 3)
    value = {"a": [1, 2.5, None, True, "x", (3, 4)], "b": table, 7: {"c": np.float32(0.1)}, "d": [float("inf"), 1 << 90]}
    path = str(tmp_path / "file")
    backup_file.write(path, value)
    found = backup_file.read(path)
    assert found["a"] == value["a"] and found["d"] == value["d"] and found[7]["c"] == np.float32(0.1) and type(found[7]["c"]) is np.float32
    np.testing.assert_array_equal(found["b"], value["b"])
    with pytest.raises(TypeError):
        backup_file.write(path, {"a": print})
    assert os.listdir(tmp_path) == ["file"]


class StopAtEnd(callbacks.Callback):
    """Breaks off at the end of an epoch, before its backup."""

    at = -1

    def on_epoch_end(self, epoch: int, logs: Any = None) -> None:
        if epoch == StopAtEnd.at:
            raise InterruptedError


@pytest.mark.parametrize("validates", [True, False], ids=["validated", "plain"])
def test_an_epoch_killed_after_its_last_batch_leaves_nothing_in_the_metrics_of_the_next(
    validates: bool, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Killed between its last batch and its end, for example while it is validated, an epoch has no batch left to make."""
    x = np.random.default_rng(1).normal(size=(8, 2)).astype(np.float32)
    options: Any = {"epochs": 5, "batch_size": 4, "shuffle": False, "verbose": 0, "validation_data": (x, Y) if validates else None}

    def history(folder: str) -> Any:
        keras.set_random_seed(1)
        kept = [StopAtEnd(), callbacks.BackupAndRestore(tmp_path / folder, 2)]
        return small(metrics=["mae"]).fit(x, Y, callbacks=kept, **options).history

    whole = history("whole")
    monkeypatch.setattr(StopAtEnd, "at", 1)
    with pytest.raises(InterruptedError):
        history("killed")
    monkeypatch.undo()
    assert history("killed") == {name: values[-4:] for name, values in whole.items()}
