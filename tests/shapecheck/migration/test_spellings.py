"""Four hundred one-line programs: an error where Keras 3.15 refuses one, a warning where it warns, nothing where it is content."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from shapecheck import check_source
from shapecheck.cli.migrate import planned
from shapecheck.migration import tables
from shapecheck.migration.old_backend import FUNCTIONS
from shapecheck.migration.old_names import MODULES, NAMES, TENSORFLOW_NAMES

ORACLE = Path(__file__).parents[2] / "oracle"
OUTCOMES: dict[str, str] = json.loads((ORACLE / "old_spellings.json").read_text("utf-8"))
HEAD = """import numpy as np
import keras
import tensorflow as tf
from keras import layers
X, y = np.zeros((8, 4)), np.zeros((8, 3))
m = keras.Sequential([keras.Input((4,)), layers.Dense(3, activation="softmax")])
"""


def severity(line: str) -> str:
    found = {one.severity for one in check_source(f"{HEAD}{line}\n", "line.py").findings}
    return "error" if "error" in found else "warning" if "warning" in found else "ok"


@pytest.mark.parametrize("line", OUTCOMES)
def test_the_severity_is_what_keras_does(line: str) -> None:
    assert severity(line) == OUTCOMES[line].partition(":")[0]


@pytest.mark.parametrize("old", NAMES)
def test_an_old_name_is_gone_and_its_new_one_is_there(old: str) -> None:
    assert old.startswith("optimizers.legacy.") or not tables.has(f"keras.{old}")
    assert not NAMES[old] or tables.has(f"keras.{NAMES[old]}")


@pytest.mark.parametrize("old", TENSORFLOW_NAMES)
def test_tensorflow_keras_lacks_what_keras_has(old: str) -> None:
    assert not tables.has(f"tensorflow.keras.{old}") and tables.has(f"tensorflow.keras.{TENSORFLOW_NAMES[old]}")


def test_modules_of_today_are_modules() -> None:
    assert all(tables.is_module(f"keras.{new}") for new in MODULES.values() if new)


@pytest.mark.parametrize("old", FUNCTIONS)
def test_a_function_of_the_backend_takes_the_arguments_that_it_is_given(old: str) -> None:
    function, *given = FUNCTIONS[old].split()
    assert not tables.has(f"keras.backend.{old}")
    if "{" not in function:
        known = tables.arguments(f"keras.{function}") or ()
        assert {part.partition("=")[0].rpartition(":")[2] for part in given} <= set(known)


BACKEND: dict[str, tuple[str, bool]] = json.loads((ORACLE / "old_backend.json").read_text("utf-8"))
"""What migrate wrote for a call of the old backend, and whether it computed the same (tests/oracle/record_old_backend.py)."""


@pytest.mark.parametrize("line", BACKEND)
def test_a_call_of_the_old_backend_computes_the_same_after_it(line: str) -> None:
    new, same = BACKEND[line]
    head = "from keras import backend as K\nimport keras\nresult = "
    assert same and planned(f"{head}{line}\n", "line.py").new == f"{head}{new}\n"
