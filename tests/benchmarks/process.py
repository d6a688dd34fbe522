"""Processes: each number of threads is measured in its own, because not every framework can change it later."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
import tempfile
import threading
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

from tests.benchmarks.messages import MARK

ROOT = Path(__file__).resolve().parents[2]


def environment(threads: int) -> dict[str, str]:
    """This process's environment with the number of threads, for those that read it there, and with quiet frameworks."""
    count = str(threads)
    names = ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS", "NUMBA_NUM_THREADS", "TINYSEQ_NUM_THREADS")
    found = {**os.environ, **dict.fromkeys(names, count)}
    found["NPROC"] = count  # XLA's pool in JAX
    found.pop("PYTHONDONTWRITEBYTECODE", None)  # what pip installs has its byte code: a checkout shall have it too
    if threads == 1:
        found["XLA_FLAGS"] = f"{os.environ.get('XLA_FLAGS', '')} --xla_cpu_multi_thread_eigen=false".strip()
    quiet = {"TF_CPP_MIN_LOG_LEVEL": "3", "KERAS_BACKEND": "tensorflow", "JAX_PLATFORMS": "cpu", "CUDA_VISIBLE_DEVICES": "-1"}
    alone = {
        "TORCHINDUCTOR_COMPILE_THREADS": "1",  # else a pool of compilers stays and takes the cores
        "CI": "true",  # else OpenVINO forks a process that sends a message over the network
    }
    path = os.pathsep.join([str(ROOT), *filter(None, [os.environ.get("PYTHONPATH")])])
    return {**found, **quiet, **alone, "PYTHONPATH": path}


class Worker:
    """A process `python -m MODULE` that is given a job as JSON on its standard input and prints results, line by line."""

    def __init__(self, module: str, job: Mapping[str, Any], environment: Mapping[str, str]) -> None:
        self.errors = tempfile.TemporaryFile("w+", encoding="utf-8", errors="replace")  # noqa: SIM115  read when it has ended
        self.process = subprocess.Popen(
            [sys.executable, "-m", module], stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=self.errors,
            env=dict(environment), text=True, encoding="utf-8", errors="replace",
        )  # fmt: skip
        assert self.process.stdin is not None
        json.dump(job, self.process.stdin)
        self.process.stdin.close()

    def __enter__(self) -> Worker:
        return self

    def __exit__(self, *_: object) -> None:
        assert self.process.stdout is not None
        self.process.kill()
        self.process.wait()
        self.process.stdout.close()
        self.errors.close()

    def results(self, patience: float) -> Iterator[Any]:
        """Each result as it comes. A worker that says nothing for `patience` seconds is ended."""
        assert self.process.stdout is not None
        timer = self._timer(patience)
        try:
            for line in self.process.stdout:
                if line.startswith(MARK):
                    timer.cancel()
                    yield json.loads(line[len(MARK) :])
                    timer = self._timer(patience)
        finally:
            timer.cancel()
            self.process.wait()

    def _timer(self, patience: float) -> threading.Timer:
        timer = threading.Timer(patience, self.process.kill)
        timer.daemon = True
        timer.start()
        return timer

    def last_words(self) -> str:
        """How it ended: its exit status, and the last exception (or else the last line) of its error output."""
        self.errors.seek(0)
        lines = [line.strip() for line in self.errors if line.strip()]
        errors = [line for line in lines if re.match(r"[\w.]*(Error|Exception)\b", line)]
        return f"no result, exit status {self.process.wait()}" + "".join(f", {line[:200]}" for line in [*lines[-1:], *errors[-1:]][-1:])


def in_order(names: Sequence[str], threads: int, options: Mapping[str, Any], patience: float) -> Iterator[tuple[str, Any]]:
    """(row, its record) of rows measured in one process one after the other; a process that dies costs only the row at which
    it dies, whose record is then its last words, and the next one goes on behind it."""
    left = list(names)
    while left:
        todo = {"rows": left, "threads": threads, **options}
        with Worker("tests.benchmarks.worker", todo, environment(threads)) as worker:
            for result in worker.results(patience):
                yield left.pop(0), result
            if left:
                yield left.pop(0), worker.last_words()
