"""A mistake of shapecheck itself costs one model of a file: the others are reported, and the exit code is 3."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from shapecheck import check_file, check_source, file_report
from shapecheck.__main__ import main
from shapecheck.report import text

SOURCE = """import keras
first = keras.Sequential([keras.Input((4,)), keras.layers.Dense(3)])
second = keras.Sequential([keras.Input((5,)), keras.layers.Dense(2)])
third = keras.Sequential([keras.Input((6,)), keras.layers.Conv2D(2, 3)])
"""


def fails_for_the_second(step: Any) -> Any:
    """The step, failing for the second model as long as it is not marked as unread."""

    def failing(*given: Any) -> Any:
        models = [getattr(one, "model", one) for one in given]
        if any(getattr(one, "variable", "") == "second" and not one.unread for one in models):
            raise ZeroDivisionError("on purpose")
        return step(*given)

    return failing


@pytest.mark.parametrize("step", ["_stack", "_findings"])
def test_one_model_fails_and_the_others_are_reported(step: str, monkeypatch: pytest.MonkeyPatch, tmp_path: Path, capsys: Any) -> None:
    monkeypatch.setattr(file_report, step, fails_for_the_second(getattr(file_report, step)))
    report = check_source(SOURCE, "three.py")
    assert [stack.name for stack in report.stacks] == ["first", "second", "third"]
    assert report.stacks[0].verdicts["proved"] == 1
    assert [finding.code for finding in report.findings] == ["SC201"]
    assert "internal error, please report in the model of line 3: ZeroDivisionError: on purpose" in text.render(report)
    path = tmp_path / "three.py"
    path.write_text(SOURCE, encoding="utf-8")
    assert main([str(path)]) == 3
    assert "third" in capsys.readouterr().out


def test_a_check_that_fails_in_one_model_looks_at_the_others(monkeypatch: pytest.MonkeyPatch) -> None:
    looked: list[str] = []

    def check(_: Any, stack: Any) -> list[Any]:
        if stack.name == "second":
            raise ZeroDivisionError("on purpose")
        looked.append(stack.name)
        return []

    monkeypatch.setattr(file_report, "CHECKS", (check,))
    report = check_source(SOURCE, "three.py")
    assert looked == ["first", "third"]
    assert [stack.verdicts["proved"] for stack in report.stacks] == [1, 1, 0]
    assert report.files[0].internal == 1


def test_a_statement_that_fails_leaves_the_others_read(monkeypatch: pytest.MonkeyPatch) -> None:
    def failing(*given: Any) -> Any:
        raise ZeroDivisionError("on purpose")

    monkeypatch.setattr("shapecheck.reader.python.builtins.call", failing)
    (file,) = check_source("n = len('ab')\n" + SOURCE, "three.py").files
    assert [stack.name for stack in file.stacks] == ["first", "second", "third"] and file.internal == 1
    assert file.problems[0][1].startswith("internal error, please report on line 1: ZeroDivisionError: on purpose")


def test_a_statement_that_fails_in_another_file_names_that_file(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    def failing(*given: Any) -> Any:
        raise ZeroDivisionError("on purpose")

    monkeypatch.setattr("shapecheck.reader.python.builtins.call", failing)
    (tmp_path / "sizes.py").write_text("n = len('ab')\nunits = 3\n", encoding="utf-8")
    path = tmp_path / "three.py"
    path.write_text("from sizes import units\n" + SOURCE, encoding="utf-8")
    (file,) = check_file(str(path)).files
    assert len(file.stacks) == 3
    assert file.problems[0][1].startswith(f"internal error, please report in {tmp_path / 'sizes.py'}: ZeroDivisionError: on purpose")


@pytest.mark.parametrize("layer", ["Permute(range(10**30))", "merge([a, a], mode=[1])", "merge([a, a], mode={})"])
def test_a_strange_argument_is_no_internal_error(layer: str) -> None:
    (file,) = check_source(f"from keras.layers import *\na = Input((4,))\nlayer = {layer}\n{SOURCE}", "three.py").files
    assert (file.internal, file.problems) == (0, [])
