"""The number of threads: environment variables as joblib sets them, bound cores, limits of control groups."""

from __future__ import annotations

import math
import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.house.imports import ROOT
from tinyseq.engine import cores


@pytest.fixture(autouse=True)
def no_variables(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in cores.VARIABLES:
        monkeypatch.delenv(name, raising=False)


@pytest.mark.parametrize(
    ("variables", "expected"),
    [
        ({"TINYSEQ_NUM_THREADS": "3", "NUMBA_NUM_THREADS": "5", "OMP_NUM_THREADS": "7"}, 3),
        ({"NUMBA_NUM_THREADS": "5", "OMP_NUM_THREADS": "7"}, 5),
        ({"OMP_NUM_THREADS": "7"}, 7),
        ({"OMP_NUM_THREADS": "4,2"}, 4),
        ({"OMP_NUM_THREADS": "", "NUMBA_NUM_THREADS": " 2 "}, 2),
        ({"OMP_NUM_THREADS": "many", "NUMBA_NUM_THREADS": "0"}, -1),
    ],
)
def test_variables_count_in_this_order(variables: dict[str, str], expected: int, monkeypatch: pytest.MonkeyPatch) -> None:
    for name, text in variables.items():
        monkeypatch.setenv(name, text)
    assert cores.budget() == (cores.usable() if expected < 0 else expected)


@pytest.mark.parametrize("text", ["0", "-1", "two", "1.5"])
def test_our_own_variable_must_be_a_positive_integer(text: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TINYSEQ_NUM_THREADS", text)
    with pytest.raises(ValueError, match=f"TINYSEQ_NUM_THREADS must be a positive integer, got '{text}'"):
        cores.budget()


def written(root: Path, files: dict[str, str]) -> Path:
    for name, text in files.items():
        path = root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
    return root


@pytest.mark.parametrize(
    ("files", "expected"),
    [
        ({}, math.inf),
        ({"proc/self/cgroup": "0::/\n"}, math.inf),
        ({"proc/self/cgroup": "0::/\n", "sys/fs/cgroup/cpu.max": "150000 100000\n"}, 1.5),
        ({"proc/self/cgroup": "0::/\n", "sys/fs/cgroup/cpu.max": "max 100000\n"}, math.inf),
        ({"proc/self/cgroup": "0::/a/b\n", "sys/fs/cgroup/a/cpu.max": "50000 100000\n", "sys/fs/cgroup/a/b/cpu.max": "max 100000"}, 0.5),
        (
            {"proc/self/cgroup": "3:cpu,cpuacct:/job\n0::/\n", "sys/fs/cgroup/cpu,cpuacct/job/cpu.cfs_quota_us": "400000\n",
             "sys/fs/cgroup/cpu,cpuacct/job/cpu.cfs_period_us": "100000\n"}, 4.0,
        ),
        (
            {"proc/self/cgroup": "3:cpu:/\n", "sys/fs/cgroup/cpu/cpu.cfs_quota_us": "-1\n",
             "sys/fs/cgroup/cpu/cpu.cfs_period_us": "100000\n"}, math.inf,
        ),
    ],
)  # fmt: skip
def test_the_least_limit_of_all_control_groups_counts(files: dict[str, str], expected: float, tmp_path: Path) -> None:
    assert cores.quota(written(tmp_path, files)) == expected


@pytest.mark.parametrize(("limit", "expected"), [(0.3, 1), (1.5, 2), (math.inf, 5), (99.0, 5)])
def test_threads_are_at_most_the_limit_rounded_up(limit: float, expected: int, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(cores, "quota", lambda: limit)
    monkeypatch.setattr(cores, "bound", lambda: [0, 1, 2, 3, 4])
    assert cores.budget() == expected


@pytest.mark.skipif(not hasattr(os, "sched_setaffinity"), reason="this system does not bind processes to cores")
def test_a_process_bound_to_one_core_has_one_thread() -> None:
    core = min(os.sched_getaffinity(0))
    code = f"import os; os.sched_setaffinity(0, [{core}]); import tinyseq; print(tinyseq.get_num_threads())"
    done = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=True, encoding="utf-8")
    assert done.stdout.strip() == "1"
