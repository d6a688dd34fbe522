"""The programs of .github/PROCESSES.md run as they are printed, and each trial has the same bits alone and among others."""

from __future__ import annotations

import ast
import importlib.util
import os
import re
import runpy
import subprocess
import sys
from pathlib import Path

import pytest

from tests.house.imports import ROOT

PAGE = (ROOT / ".github" / "PROCESSES.md").read_text(encoding="utf-8")
BLOCKS = re.findall(r"```python\n(.*?)```", PAGE, flags=re.DOTALL)
SINGLE, SWEEP, SEARCH = BLOCKS


def needs(*names: str) -> pytest.MarkDecorator:
    missing = [name for name in names if importlib.util.find_spec(name) is None]
    return pytest.mark.skipif(bool(missing), reason=f"not installed: {', '.join(missing)}")


def run(folder: Path, source: str) -> str:
    (folder / "program.py").write_text(source, encoding="utf-8")
    done = subprocess.run(
        [sys.executable, "program.py"], cwd=folder, capture_output=True, text=True, encoding="utf-8", timeout=300, check=False,
        env={**os.environ, "PYTHONPATH": str(ROOT)},
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    return done.stdout


@needs("mpi4py")
def test_the_shared_training_runs_alone_too(tmp_path: Path) -> None:
    assert "Epoch 2/2" in run(tmp_path, SINGLE)


@needs("joblib")
def test_each_trial_of_the_sweep_has_the_bits_that_it_has_alone(tmp_path: Path) -> None:
    lines = [line.split() for line in run(tmp_path, SWEEP).splitlines()]
    assert len(lines) == 8
    trial = runpy.run_path(str(tmp_path / "program.py"), run_name="sweep")["trial"]
    for seed, rate, accuracy in (lines[7], lines[2]):
        assert trial(int(seed), float(rate)) == ast.literal_eval(accuracy)
    assert max(float(accuracy) for *_, accuracy in lines) > 0.85


@needs("joblib")
def test_workers_of_joblib_have_their_share_of_the_cores(tmp_path: Path) -> None:
    source = (
        "import joblib, os, tinyseq\n\ndef threads(_):\n    return tinyseq.get_num_threads()\n\n"
        "if __name__ == '__main__':\n"
        "    for name in ('TINYSEQ_NUM_THREADS', 'NUMBA_NUM_THREADS', 'OMP_NUM_THREADS'):\n        os.environ.pop(name, None)\n"
        "    with joblib.parallel_config('loky', n_jobs=2, inner_max_num_threads=3):\n"
        "        print(*joblib.Parallel()(joblib.delayed(threads)(i) for i in range(4)))\n"
        "    print(*joblib.Parallel(n_jobs=2)(joblib.delayed(threads)(i) for i in range(4)), joblib.cpu_count())\n"
    )
    first, second = run(tmp_path, source).splitlines()
    assert first.split() == ["3"] * 4
    *shares, cores = map(int, second.split())
    assert shares == [max(1, cores // 2)] * 4


@needs("joblib", "optuna")
def test_the_best_trial_of_the_search_has_the_bits_that_it_has_alone(tmp_path: Path) -> None:
    assert "the same alone: True" in run(tmp_path, SEARCH)
