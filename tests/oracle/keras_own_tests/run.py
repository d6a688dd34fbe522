"""Run Keras's own tests on tinyseq and record each result.

    python -m tests.oracle.keras_own_tests.run [FOLDER OR FILE ...]      (from the repository's top, where keras is installed)

Each item is recorded in keras_own_tests.json beside the other recordings: "passed", or the reason why not.
"""

from __future__ import annotations

import contextlib
import importlib
import json
import os
import re
import signal
import sys
import traceback
import unittest
from collections import Counter
from pathlib import Path
from typing import Any

from tests.oracle.keras_own_tests import keras_names, mapping, stand_ins
from tests.oracle.keras_own_tests.kinds import kind_of

FOLDERS = (
    "activations", "callbacks", "constraints", "initializers", "layers", "losses", "metrics", "models", "optimizers", "regularizers",
    "trainers/trainer_test.py", "saving/saving_api_test.py", "saving/saving_lib_test.py", "legacy/saving",
)  # fmt: skip
"""The folders of keras/src whose tests are of the public API: all their items count."""
RECORD = Path(__file__).parent.parent / "keras_own_tests.json"
SECONDS = 30
"""For one item."""


class TooLong(Exception):
    """An item took longer than SECONDS."""


def _alarm(*_: Any) -> None:
    raise TooLong(f"more than {SECONDS} s")


def _skip_of(test: unittest.TestCase) -> str | None:
    """The reason of a pytest mark that skips the test."""
    method = getattr(test, test._testMethodName)
    marks = [*getattr(type(test), "pytestmark", []), *getattr(method, "pytestmark", [])]
    for mark in marks:
        if mark.name == "skip" or (mark.name == "skipif" and mark.args and mark.args[0]):
            return str(mark.kwargs.get("reason", "skipped"))
    return None


def reason_of(error: BaseException) -> str:
    """What kind of failure, its error, and the last line of tinyseq's and of the test's files on its way."""
    frames = traceback.extract_tb(error.__traceback__)
    own = [f"{Path(f.filename).name}:{f.name}" for f in frames if "/tinyseq/" in f.filename or "/shapecheck/" in f.filename]
    test = [f.lineno for f in frames if f.filename.endswith("_test.py")]
    text = re.sub(r"0x[0-9a-f]{6,}", "0x...", re.sub(r"(/[\w.+-]+)+/", "", " ".join(str(error).split())))
    return f"{type(error).__name__}: {text[:160]} [{own[-1] if own else '-'}; line {test[-1] if test else '-'}]"


class Result(unittest.TestResult):
    """Keeps one string for each item."""

    def __init__(self) -> None:
        super().__init__()
        self.kept: dict[str, str] = {}

    @staticmethod
    def key(test: Any) -> str:
        return f"{type(test).__name__}.{test._testMethodName}"

    def addSuccess(self, test: Any) -> None:
        words = getattr(test, "own_words", None)
        self.kept[self.key(test)] = "passed" if words is None else "own words: " + " ".join(words.split())[:200]

    def addSkip(self, test: Any, reason: str) -> None:
        self.kept[self.key(test)] = f"skipped: {reason}"

    def addFailure(self, test: Any, err: Any) -> None:
        self.addError(test, err)

    def addError(self, test: Any, err: Any) -> None:
        if hasattr(test, "_testMethodName"):
            skipped = type(err[1]).__name__ == "Skipped"
            self.kept[self.key(test)] = f"skipped: {err[1]}" if skipped else reason_of(err[1])

    def addSubTest(self, test: Any, subtest: Any, err: Any) -> None:
        if err is not None:
            self.addError(test, err)


def items_of(file: str) -> dict[str, str]:
    """Run one file of tests in this process."""
    signal.signal(signal.SIGALRM, _alarm)
    if file == "trainers/trainer_test.py":
        stand_ins.NAME[0] = "tensorflow"  # it loads only with the name of one of Keras's backends
    if "/image_preprocessing/" in file:
        stand_ins.draw_always()
    module = importlib.import_module("keras.src." + file.removesuffix(".py").replace("/", "."))
    result = Result()
    for one in _flat(unittest.defaultTestLoader.loadTestsFromModule(module)):
        if type(one).__module__ != module.__name__:
            continue
        why = _skip_of(one)
        if why is not None:
            result.addSkip(one, why)
            continue
        signal.alarm(SECONDS)
        try:
            one.run(result)
        except TooLong as error:
            result.kept[Result.key(one)] = reason_of(error)
        finally:
            signal.alarm(0)
    return result.kept


def _flat(suite: Any) -> list[Any]:
    return [one for each in suite for one in _flat(each)] if isinstance(suite, unittest.TestSuite) else [suite]


def _load() -> None:
    """What every file needs, so that a fork of this process begins at once."""
    mapping.install()
    for name in ("keras.src.testing", "tinyseq.kernels", "pytest", "tensorflow"):
        with contextlib.suppress(ImportError):
            importlib.import_module(name)


def _in_a_fork(file: str) -> dict[str, str]:
    """The items of one file, run in a process of their own: its death or state harms no other file."""
    reader, writer = os.pipe()
    child = os.fork()
    if child == 0:
        os.close(reader)
        silent = os.open(os.devnull, os.O_WRONLY)
        os.dup2(silent, 1)
        os.dup2(silent, 2)
        try:
            found = items_of(file)
        except BaseException as error:
            found = {"the file": "does not load: " + reason_of(error)}
        with os.fdopen(writer, "w") as pipe:
            json.dump(found, pipe)
        os._exit(0)
    os.close(writer)
    with os.fdopen(reader) as pipe:
        text = pipe.read()
    _, status = os.waitpid(child, 0)
    return json.loads(text) if text else {"the file": f"its process died: {status}"}


def files(wanted: list[str]) -> list[str]:
    """The files of tests of folders and files of keras/src."""
    top = keras_names.folder() / "src"
    found = [file for one in wanted for file in ([top / one] if one.endswith(".py") else sorted((top / one).rglob("*_test.py")))]
    return [str(file.relative_to(top)) for file in found]


def main(arguments: list[str]) -> None:
    """Run, record, and print a line for each file."""
    os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")
    record: dict[str, dict[str, str]] = {}
    names = files(arguments or list(FOLDERS))
    _load()
    for file in names:
        items = _in_a_fork(file)
        record = json.loads(RECORD.read_text(encoding="utf-8")) if RECORD.exists() else {}
        record[file] = {item: kind_of(f"{file} {item}", reason) for item, reason in sorted(items.items())}
        RECORD.write_text(json.dumps(dict(sorted(record.items())), indent=0) + "\n", encoding="utf-8")
        print(f"{sum(v == 'passed' for v in items.values()):5} of {len(items):4}  {file}", flush=True)
    every = [reason for items in record.values() for reason in items.values()]
    print(Counter("passed" if one == "passed" else one.split(":")[0] for one in every).most_common())


if __name__ == "__main__":
    main(sys.argv[1:])
