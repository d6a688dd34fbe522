"""The table of the command line: everything in 80 columns, in plain ASCII, with the figures of the guide."""

from __future__ import annotations

from pathlib import Path

import pytest

from shapecheck import check_source
from shapecheck.report import panel, text

CASES = sorted((Path(__file__).parent / "cases").glob("*.txt"))
GUIDE = """import keras
from keras import layers
model = keras.Sequential()
model.add(keras.Input(shape=(250, 250, 3)))
model.add(layers.Conv2D(32, 5, strides=2, activation="relu"))
model.add(layers.Conv2D(32, 3, activation="relu"))
model.add(layers.MaxPooling2D(3))
model.summary()
model.add(layers.Conv2D(32, 3, activation="relu"))
model.add(layers.GlobalMaxPooling2D())
model.add(layers.Dense(10))
"""


@pytest.mark.parametrize("path", CASES, ids=lambda path: path.stem)
def test_tables_of_the_cases_fit_80_columns(path: Path) -> None:
    (file,) = check_source(path.read_text(encoding="utf-8"), "case.py").files
    for stack in file.stacks:
        drawn = panel.render(file, stack)
        assert max(map(len, drawn.splitlines())) <= 80
        assert drawn.isascii()


def test_the_table_shows_arguments_sums_and_what_stays_unread() -> None:
    (file,) = check_source(GUIDE, "guide.py").files
    lines = panel.render(file, file.stacks[0]).splitlines()
    assert lines[0] == "guide.py: model (line 3)   input (None, 250, 250, 3)"
    assert lines[2].split() == ["5", "Conv2D", "32", "5x5", "/2", "(None,123,123,32)", "floor((250-5)/2)+1", "2,432", "36.3M", "5"]
    assert lines[5].strip() == "-- 11,680 params at summary() on line 8 --"
    assert "note: line 5 and line 7 each leave one row and column of their input unread" in lines


def test_very_wide_rows_go_on_below() -> None:
    source = "import keras\nm = keras.Sequential([keras.Input((111111, 222222, 333333, 4)), keras.layers.Conv3D(44444, (3, 5, 7))])\n"
    (file,) = check_source(source, "wide.py").files
    assert max(map(len, panel.render(file, file.stacks[0]).splitlines())) <= 80


def test_a_row_wider_than_all_columns_at_their_least_goes_on_below() -> None:
    source = (
        "import keras\nm = keras.Sequential([keras.Input((9111111, 9222222, 9333333, 4)), "
        "keras.layers.Conv3D(44444, (1111111, 2222222, 3333333))])\n"
    )
    (file,) = check_source(source, "wide.py").files
    drawn = panel.render(file, file.stacks[0]).splitlines()
    assert max(map(len, drawn)) <= 80
    assert "1,111,111x2,222,222x3,333,333" in "".join(line.rpartition(" ")[2] for line in drawn)


def test_a_concise_finding_is_one_line_with_its_layer() -> None:
    source = "import keras\nm = keras.Sequential([keras.Input((4, 4, 3)), keras.layers.Conv2D(2, 5)])\n"
    first, last = text.render(check_source(source, "m.py"), concise=True).splitlines()
    assert first.startswith("m.py:2:") and ": conv2d: SC101 " in first
    assert last.startswith("Found 1 error")


LONG = "a_name_that_nobody_would_write_but_a_program_did_" * 4


def test_no_name_of_the_users_makes_a_table_wider_than_80_columns() -> None:
    source = (
        f"import keras\nfrom keras import layers\nclass {LONG.title()}(layers.Layer):\n    def call(self, x): return x\n"
        f"{LONG} = keras.Sequential([keras.Input((8, 8, 3)), {LONG.title()}(name='{LONG}'), layers.Conv2D(3, 3, name='{'x' * 200}'),\n"
        f"layers.Conv2D(3, 30, name='{'y' * 99}'), layers.Dense(3, name='z' * 99)], name='{LONG}')\n"
    )
    (file,) = check_source(source, "model.py").files
    (stack,) = file.stacks
    lines = text.table(file, stack).splitlines()
    assert max(map(len, lines)) <= 80
    assert LONG in "".join(line.strip() for line in lines[:6])


def test_a_path_stays_whole_for_those_who_click_on_it() -> None:
    path = f"folder/{LONG}.py"
    (file,) = check_source(f"import keras\n{LONG} = keras.Sequential([keras.Input((8,)), keras.layers.Dense(3)])\n", path).files
    first, *others = text.table(file, file.stacks[0]).splitlines()
    assert first == f"{path}:"
    assert max(map(len, others)) <= 80
