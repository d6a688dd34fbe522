"""An error in a notebook: the user's line and ten lines of message, not the way through our files. Asked of a real IPython."""

from __future__ import annotations

import re

import nbformat
import pytest
from IPython.core.interactiveshell import InteractiveShell
from nbclient import NotebookClient
from nbclient.exceptions import CellExecutionError

HEAD = "import numpy as np\nimport tinyseq as keras\nfrom tinyseq import layers; keras.backend.clear_session()\n"
CELLS = {
    "a window too large": (
        "model = keras.Sequential([keras.Input((28, 28, 1))])\n"
        "for filters in (8, 16, 32):\n"
        "    model.add(layers.Conv2D(filters, 3))\n"
        "    model.add(layers.MaxPooling2D(2))\n"
        "model.add(layers.Conv2D(64, 3))",
        "line 8: model.add(layers.Conv2D(64, 3))",
    ),
    "labels of another width": (
        'model = keras.Sequential([keras.Input((8,)), layers.Dense(10, activation="softmax")])\n'
        'model.compile(loss="categorical_crossentropy")\n'
        "model.fit(np.zeros((4, 8)), np.zeros((4, 6)), verbose=0)",
        "line 6: model.fit(np.zeros((4, 8)), np.zeros((4, 6)), verbose=0)",
    ),
    "an argument": ("def net():\n    return layers.Dense(-3)\nnet()", "line 5: return layers.Dense(-3)"),
    "a functional model": (
        "x = keras.Input((28, 28))\ny = layers.Conv2D(8, 3)(x)",
        "line 5: y = layers.Conv2D(8, 3)(x)",
    ),
}


def shown(source: str, capsys: pytest.CaptureFixture[str]) -> list[str]:
    """What an IPython shell prints of a cell that fails, without colours."""
    shell = InteractiveShell()
    shell.colors = "nocolor"
    result = shell.run_cell(HEAD + source)
    assert not result.success
    printed = capsys.readouterr()
    return re.sub(r"\x1b\[[0-9;]*m", "", printed.out + printed.err).strip().splitlines()


@pytest.mark.parametrize("name", CELLS)
def test_a_shell_shows_the_users_line_and_at_most_thirteen_lines(name: str, capsys: pytest.CaptureFixture[str]) -> None:
    source, first = CELLS[name]
    lines = shown(source, capsys)
    assert lines[0] == first
    assert len(lines) <= 13 and lines[1].startswith("ShapeError: ") and lines[-1].startswith("more: python -m shapecheck --explain SC")
    assert not any("tinyseq/" in line or "shapecheck/" in line for line in lines)


def test_a_shell_shows_why_the_sum_the_path_and_what_works(capsys: pytest.CaptureFixture[str]) -> None:
    text = "\n".join(shown(CELLS["a window too large"][0], capsys))
    assert "why:  max_pooling2d_2, max_pooling2d_1 and 1 more already shrank the input to height 1; " in text
    assert "sum:  floor((1 - 3)/1) + 1 = -1" in text and "path: 28 -> 26 -> 13 -> 11 -> 5 -> 3 -> 1 -> -1" in text
    assert "works" in text


@pytest.mark.slow
def test_a_notebook_stores_the_same_lines() -> None:
    source, first = CELLS["a window too large"]
    book = nbformat.v4.new_notebook(cells=[nbformat.v4.new_code_cell(HEAD + source)])
    with pytest.raises(CellExecutionError):
        NotebookClient(book, timeout=120, kernel_name="python3").execute()
    (output,) = [one for one in book.cells[0].outputs if one.output_type == "error"]
    text = "\n".join(output.traceback).splitlines()
    assert output.ename == "ShapeError" and text[0] == first and len(text) <= 13
