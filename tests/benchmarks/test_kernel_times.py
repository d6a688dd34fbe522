"""The table of kernels that a training step calls."""

import subprocess
import sys

import pytest

from tinyseq.kernels.jit.numba_internals import PLAIN_TWINS


@pytest.mark.skipif(PLAIN_TWINS, reason="kernels have no entry points to time")
def test_the_kernels_of_a_step_are_listed_with_their_time_and_calls() -> None:
    run = subprocess.run([sys.executable, "-m", "tests.benchmarks.kernel_times", "mlp"], capture_output=True, text=True, check=True)
    title, _, *rows = run.stdout.splitlines()
    calls = {row.split()[3]: int(row.split()[2]) for row in rows}
    assert title.startswith("mlp: ") and title.endswith("batch 32")
    assert calls["moments"] == calls["bounded_gradient_moments"] == 2, "one for each of its normalizations"
    assert sum(float(row.split()[0]) for row in rows) <= float(title.split()[1]) + 0.01, "rounded"
