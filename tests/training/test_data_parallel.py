"""fit by several processes of mpiexec equals fit by one process with the batch of all."""

from __future__ import annotations

import importlib.util
import os
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import numpy as np
import pytest

import tinyseq
from tests.house.imports import ROOT
from tinyseq import distribution

BESIDE = Path(sys.executable).parent / "mpiexec"
MPIEXEC = str(BESIDE) if BESIDE.exists() else shutil.which("mpiexec")
needs_mpi = pytest.mark.skipif(
    MPIEXEC is None or importlib.util.find_spec("mpi4py") is None,
    reason="no mpiexec, or no mpi4py: python -m pip install mpi4py mpich",
)


def run(*command: str, processes: int = 0, check: bool = True) -> subprocess.CompletedProcess[str]:
    """A module of the tests, by so many processes of mpiexec, or (0) by one without it."""
    start = [str(MPIEXEC), "-n", str(processes)] if processes else []
    done = subprocess.run(
        [*start, sys.executable, "-m", *command], cwd=ROOT, capture_output=True, text=True, encoding="utf-8", timeout=300, check=False,
        env={**os.environ, "PYTHONPATH": str(ROOT), "TINYSEQ_NUM_THREADS": "1"},
    )  # fmt: skip
    assert not check or done.returncode == 0, done.stdout + done.stderr
    return done


def arrays(path: Path) -> dict[str, Any]:
    with np.load(path) as file:
        return dict(file)


@needs_mpi
@pytest.mark.parametrize(("net", "processes"), [("convolutions", 2), ("convolutions", 3), ("recurrent", 2), ("tiny", 2), ("whole", 2)])
def test_several_processes_train_as_one_with_the_batch_of_all(net: str, processes: int, tmp_path: Path) -> None:
    done = run("tests.training.shared_fit", net, str(tmp_path / "together"), processes=processes)
    run("tests.training.shared_fit", net, str(tmp_path / "alone"), "--alone", str(processes))
    alone = arrays(tmp_path / "alone0.npz")
    groups = []
    for rank in range(processes):
        found = arrays(tmp_path / f"together{rank}.npz")
        groups += list(found.pop("groups"))
        for name, expected in alone.items():
            if name != "groups":
                np.testing.assert_allclose(found[name], expected, rtol=1e-6, atol=1e-6, err_msg=f"{name} of process {rank}")
    assert done.stdout.count("Epoch 1/2") == 1, done.stdout
    if net in ("tiny", "whole"):
        why = "it is too little work" if net == "tiny" else "centred needs all of its samples at once"
        assert f"every process computes each batch of {16 * processes} samples alone: {why}" in done.stdout
        assert groups == [0] * processes
    else:
        assert sorted(groups) == list(alone["groups"]), "each group is computed by one process"
        assert len(groups) > 1


@needs_mpi
def test_a_lost_process_ends_the_job_and_training_goes_on_from_the_backup(tmp_path: Path) -> None:
    for name in ("whole", "broken"):
        (tmp_path / name).mkdir()
    run("tests.training.lost_process", "nothing", str(tmp_path / "whole"), processes=2)
    lost = run("tests.training.lost_process", "killed", str(tmp_path / "broken"), processes=2, check=False)
    assert lost.returncode != 0
    assert not list((tmp_path / "broken").glob("end*.npz"))
    model = tinyseq.models.load_model(tmp_path / "broken" / "model.keras")
    assert model.predict(np.zeros((2, 24, 24, 3), np.float32)).shape == (2, 5)
    run("tests.training.lost_process", "nothing", str(tmp_path / "broken"), processes=2)
    for rank in range(2):
        whole, resumed = (arrays(tmp_path / name / f"end{rank}.npz") for name in ("whole", "broken"))
        assert int(resumed.pop("epochs")) == 2
        assert int(whole.pop("epochs")) == 3
        for name, expected in whole.items():
            np.testing.assert_array_equal(resumed[name], expected)
    assert (tmp_path / "broken" / "log.csv").read_text(encoding="utf-8") == (tmp_path / "whole" / "log.csv").read_text(encoding="utf-8")


@needs_mpi
@pytest.mark.parametrize(
    ("what", "words"),
    [
        ("error", "ValueError: something went wrong here"),
        ("other data", "process 1 has other data than process 0 (the same shapes, other numbers): pass the same arrays in every process"),
    ],
)
def test_an_error_of_one_process_ends_all(what: str, words: str, tmp_path: Path) -> None:
    done = run("tests.training.lost_process", what, str(tmp_path), processes=2, check=False)
    assert done.returncode != 0
    assert words in done.stderr
    assert "ended with an error, and so all do" in done.stderr


class World:
    """A communicator of three processes that keeps what it is told."""

    def __init__(self) -> None:
        self.aborted: list[int] = []

    def Get_rank(self) -> int:
        return 1

    def Get_size(self) -> int:
        return 3

    def Abort(self, code: int) -> None:
        self.aborted.append(code)


def test_all_end_although_the_hook_before_fails(capsys: pytest.CaptureFixture[str]) -> None:
    def fails(*error: Any) -> None:
        raise RuntimeError("this hook is broken")

    world, error = World(), ValueError("something went wrong here")
    distribution._aborting(world, fails)(ValueError, error, None)
    assert world.aborted == [1]
    shown = capsys.readouterr().err
    assert "process 1 of 3 ended with an error, and so all do:" in shown
    assert "RuntimeError: this hook is broken" in shown
    assert "ValueError: something went wrong here" in shown


@needs_mpi
@pytest.mark.parametrize("what", ["stop", "stream", "unseeded"])
def test_processes_stay_together(what: str, tmp_path: Path) -> None:
    run("tests.training.lost_process", what, str(tmp_path), processes=2)
    first, second = (arrays(tmp_path / f"end{rank}.npz") for rank in range(2))
    assert int(first["epochs"]) == (2 if what == "stop" else 3)
    for name, expected in first.items():
        np.testing.assert_array_equal(second[name], expected)
