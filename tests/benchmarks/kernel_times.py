"""Where a training step spends its time, kernel by kernel: `python -m tests.benchmarks.kernel_times mobile`.

Kernels are called one by one from Python, by one thread (as with TINYSEQ_STEP=1), and each call is timed with what Python does to make it
(a microsecond or so). Of every kernel the fastest of STEPS steps counts. What it prints is a step's work, not its duration: two
threads share it, and no Python lies between the calls of a program.

       ms  share  calls  kernel
    5.310    21%     88  convolve
"""

from __future__ import annotations

import sys
import time
from collections import defaultdict
from collections.abc import Callable
from typing import Any

import numpy as np

import tinyseq
from tests.benchmarks.normalized import NETS
from tinyseq.kernels.jit.kernel import EntryPointKernel, Kernel
from tinyseq.kernels.runtime import calls

STEPS = 15
BATCH = 32


class Times:
    """Seconds and calls of each kernel, in the step that runs."""

    def __init__(self) -> None:
        self.seconds: dict[str, float] = defaultdict(float)
        self.calls: dict[str, int] = defaultdict(int)
        self.least: dict[str, float] = {}

    def watch(self) -> None:
        """Times every call of a kernel from now on, nested calls from Python left out: there are none."""
        for kind in (Kernel, EntryPointKernel):
            kind.__call__ = self._timed(kind.__call__)  # type: ignore[method-assign]

    def _timed(self, call: Callable[..., Any]) -> Callable[..., Any]:
        def timed(kernel: Any, *args: Any, **named: Any) -> Any:
            begin = time.perf_counter()
            result = call(kernel, *args, **named)
            name = kernel.py_func.__name__
            self.seconds[name] += time.perf_counter() - begin
            self.calls[name] += 1
            return result

        return timed

    def end_step(self) -> None:
        """Keeps the least of each kernel."""
        for name, seconds in self.seconds.items():
            self.least[name] = min(seconds, self.least.get(name, seconds))
        self.seconds.clear()


def measure(name: str) -> Times:
    """The kernels' times in a step of that net."""
    model = NETS[name](tinyseq)
    model.compile("adam", tinyseq.losses.SparseCategoricalCrossentropy(from_logits=True))
    random = np.random.default_rng(0)
    x = random.normal(0, 1, (BATCH, *model.input_shape[1:])).astype(np.float32)
    y = random.integers(0, 10, BATCH)
    model.train_on_batch(x, y)
    times = Times()
    model.train_on_batch(x, y)
    times.watch()
    for _ in range(STEPS):
        model.train_on_batch(x, y)
        times.end_step()
    return times


def main(names: list[str]) -> None:
    """A table for each net."""
    calls.stepping = True
    tinyseq.set_num_threads(1)
    for name in names or list(NETS):
        times = measure(name)
        total = sum(times.least.values())
        print(f"{name}: {1000 * total:.2f} ms in kernels, {sum(times.calls.values()) // STEPS} calls, batch {BATCH}")
        print("       ms  share  calls  kernel")
        for kernel, seconds in sorted(times.least.items(), key=lambda item: -item[1]):
            if seconds > 0.002 * total:
                print(f"{1000 * seconds:9.3f}  {seconds / total:5.0%}  {times.calls[kernel] // STEPS:5}  {kernel}")


if __name__ == "__main__":
    main(sys.argv[1:])
