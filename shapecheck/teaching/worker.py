"""Files marked in another process, which is stopped if one takes too long or ends it: `python -m shapecheck.teaching.worker`.

The process gets the expectations once, then for each file a line of JSON [path, student's folder, language], and answers with a line each.
"""

from __future__ import annotations

import json
import os
import queue
import subprocess
import sys
import threading
from contextlib import suppress

from shapecheck.languages import because, packed, unpacked
from shapecheck.teaching.expectations import Expectations
from shapecheck.teaching.marking import marked

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator
    from typing import Any

SECONDS = 2.0
"""The longest that one file may take."""
STARTING = 60.0
"""The longest that the process may take to start."""
READY = "ready"
"""The first line of the process."""


class Worker:
    """Marks files one by one; a file that takes longer than SECONDS, or ends the process, gets an error, and a new process starts."""

    def __init__(self, expected: Expectations, seconds: float = SECONDS) -> None:
        """
        Arguments:
            expected: what is expected of each file
            seconds: the longest that one file may take
        """
        self._table = json.dumps(expected.table)
        self.seconds = seconds
        self._process: subprocess.Popen[str] | None = None
        self._lines: queue.Queue[str] = queue.Queue()

    def mark(self, path: str, folder: str = "", language: str = "en") -> dict[str, Any]:
        """What `marked` finds in the file, or {"error": ...}."""
        if self._process is None:
            self._start()
        assert self._process is not None and self._process.stdin is not None
        try:
            self._process.stdin.write(json.dumps([path, folder, language]) + "\n")
            self._process.stdin.flush()
            line = self._lines.get(timeout=self.seconds)
        except queue.Empty:
            self.close()
            return {"error": because("reading it takes longer than {seconds:g} s", seconds=self.seconds)}
        except OSError:
            line = ""
        if not line:
            self.close()
            return {"error": because("it cannot be read: reading it ended the process")}
        found: dict[str, Any] = unpacked(json.loads(line))
        return found

    def close(self) -> None:
        """Ends the process."""
        if self._process is not None:
            self._process.kill()
            self._process.communicate()
            self._process = None

    def _start(self) -> None:
        root = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
        places = [root, *filter(None, [os.environ.get("PYTHONPATH", "")])]
        self._process = subprocess.Popen(
            [sys.executable, "-P", "-m", "shapecheck.teaching.worker"],
            stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, encoding="utf-8",
            env={**os.environ, "PYTHONPATH": os.pathsep.join(places), "PYTHONIOENCODING": "utf-8"},
        )  # fmt: skip
        self._lines = queue.Queue()
        threading.Thread(target=_copied, args=(self._process, self._lines), daemon=True).start()
        assert self._process.stdin is not None
        with suppress(BrokenPipeError):  # it ended: its first line says so
            self._process.stdin.write(self._table + "\n")
            self._process.stdin.flush()
        if self._lines.get(timeout=STARTING).strip() != READY:
            self.close()
            raise RuntimeError(f"the process that reads the files did not start: try {sys.executable} -P -m shapecheck.teaching.worker")


def _copied(process: subprocess.Popen[str], lines: queue.Queue[str]) -> None:
    """Copies the lines of a process to a queue, and "" at their end."""
    assert process.stdout is not None
    for line in process.stdout:
        lines.put(line)
    lines.put("")


def main() -> None:
    """The other process."""
    for line in _answers(sys.stdin.readline):
        sys.stdout.write(line + "\n")
        sys.stdout.flush()


def _answers(ask: Any) -> Iterator[str]:
    expected = Expectations(json.loads(ask()))
    yield READY
    while line := ask():
        try:
            path, folder, language = json.loads(line)
            yield json.dumps(packed(marked(path, expected, folder, language)))
        except Exception as error:
            yield json.dumps(packed({"error": because(
                "internal error, please report: {kind}: {error}", kind=type(error).__name__, error=str(error)
            )}))  # fmt: skip


if __name__ == "__main__":
    main()
