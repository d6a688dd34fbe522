"""%load_ext shapecheck in IPython: cells are checked before they run, in the order of execution."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from IPython.core.interactiveshell import InteractiveShell
from IPython.utils.capture import capture_output


@pytest.fixture
def shell() -> Iterator[InteractiveShell]:
    made = InteractiveShell.instance()
    made.run_line_magic("load_ext", "shapecheck")
    yield made
    made.run_line_magic("unload_ext", "shapecheck")
    InteractiveShell.clear_instance()


def run(shell: Any, cell: str) -> tuple[Any, list[str], list[str]]:
    """The result of a cell, the texts shown, and the HTML shown."""
    with capture_output() as shown:
        result = shell.run_cell(cell, store_history=True)
    texts = [output.data["text/plain"] for output in shown.outputs]
    return result, texts, [output.data.get("text/html", "") for output in shown.outputs]


def test_a_cell_is_checked_before_it_runs_with_those_before(shell: Any) -> None:
    assert run(shell, "from tinyseq import Sequential, Input, layers\nran = []")[1] == []
    assert run(shell, "%time model = Sequential([Input((8, 8, 1)), layers.Conv2D(4, 3)])")[1] == []
    result, texts, html = run(shell, "ran.append(1); model.add(layers.Conv2D(4, 7))  # <b>")
    assert result.error_in_exec is not None, "the cell runs in any case"
    (text,) = texts
    assert text.startswith("error[SC101]: conv2d_1: a window of 7 does not fit an input of height 6\n  --> In.ipynb:cell 3:1:43")
    assert "help: " in text
    assert html[0].startswith("<pre") and "&lt;b&gt;" in html[0]
    assert run(shell, "ran")[0].result == [1]
    assert run(shell, "ran")[1] == [], "a finding is shown once"


def test_repairs_are_searched_once_and_again_where_the_stack_is_used_in_another_way(shell: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    searched = []
    monkeypatch.setattr("shapecheck.repairs.proofs._repair", lambda report, finding, *others: searched.append(finding.code) or 1)
    run(shell, "from tinyseq import Sequential, Input, layers\nimport numpy as np")
    run(shell, "m = Sequential([Input((8, 8, 1)), layers.Conv2D(4, 9), layers.Flatten(), layers.Dense(3)])")
    assert searched == ["SC101"]
    run(shell, "x = 1")
    run(shell, "y = 1")
    assert searched == ["SC101"], "nothing has changed for this stack"
    run(shell, "m.compile(loss='mse', optimizer='sgd')")
    assert searched == ["SC101"] * 2, "a repair may show that the loss is wrong"


def test_what_a_repair_brings_to_light_in_a_later_cell_is_shown_there(shell: Any) -> None:
    run(shell, "from tinyseq import Sequential, Input, layers\nimport numpy as np")
    assert len(run(shell, "m = Sequential([Input((8, 8, 1)), layers.Conv2D(4, 9), layers.Flatten(), layers.Dense(3)])")[1]) == 1
    assert run(shell, "m.compile(loss='mse', optimizer='sgd')")[1] == []
    (text,) = run(shell, "m.fit(np.zeros((6, 8, 8, 1)), np.zeros((5, 3)))")[1]
    assert "after the repair of conv2d: 6 samples of data, but 5 of labels" in text


def test_the_order_is_that_of_execution_not_of_the_page(shell: Any) -> None:
    run(shell, "from tinyseq import Sequential, Input, layers\nsize = 3")
    assert run(shell, "m = Sequential([Input((8, 8, 1)), layers.Conv2D(4, size)])")[1] == []
    run(shell, "size = 9")
    assert len(run(shell, "m = Sequential([Input((8, 8, 1)), layers.Conv2D(4, size)])")[1]) == 1


def test_magics_syntax_errors_and_silent_cells_are_no_obstacle(shell: Any) -> None:
    for cell in ("", "   ", "x = (", "%%html\n<p>", "!true", "?int"):
        assert run(shell, cell)[1] == [] or cell.startswith(("%%html", "?"))
    run(shell, "from tinyseq import Sequential, Input, layers")
    with capture_output() as shown:
        shell.run_cell("y = 1; m = Sequential([Input((8, 8, 1)), layers.Conv2D(4, 9)])", store_history=False)
    assert shell.user_ns["y"] == 1
    assert not shown.outputs, "what a program runs in the shell is not the user's cell"


def test_it_can_be_loaded_twice_and_unloaded(shell: Any) -> None:
    shell.run_line_magic("reload_ext", "shapecheck")
    run(shell, "from tinyseq import Sequential, Input, layers")
    assert len(run(shell, "m = Sequential([Input((8, 8, 1)), layers.Conv2D(4, 9)])")[1]) == 1
    shell.run_line_magic("unload_ext", "shapecheck")
    assert run(shell, "m = Sequential([Input((8, 8, 1)), layers.Conv2D(4, 10)])")[1] == []


def test_tables_and_models_show_themselves(shell: Any) -> None:
    run(shell, "from tinyseq import Sequential, Input, layers")
    result, _, _ = run(shell, "Sequential([Input((8, 8, 1)), layers.Conv2D(4, 3)])")
    assert "<table" in shell.display_formatter.format(result.result)[0]["text/html"]
