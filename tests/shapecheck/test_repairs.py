"""Repairs: what is offered as proved builds in Keras, with our table; what only moves an error says so; --fix writes it."""

import json
from pathlib import Path

import pytest

from shapecheck import check_file, check_source
from shapecheck.__main__ import main
from shapecheck.findings import Finding
from shapecheck.repairs.edits import applied
from tests.shapecheck.expected import main_stack
from tests.shapecheck.repaired import ORACLE, broken, key, mutants, repaired

KERAS = json.loads((ORACLE / "repairs.json").read_text("utf-8"))
BROKEN = broken()
SHRINKS = """import keras
from keras import layers
model = keras.Sequential()
model.add(keras.Input(shape=(32, 32, 3)))
model.add(layers.Conv2D(32, 5, strides=2, activation="relu"))
model.add(layers.Conv2D(32, 3, activation="relu"))
model.add(layers.MaxPooling2D(3))
model.add(layers.Conv2D(32, 3, activation="relu"))
model.add(layers.Conv2D(32, 3, activation="relu"))
model.add(layers.MaxPooling2D(3))
model.add(layers.GlobalMaxPooling2D())
model.add(layers.Dense(10))
"""
FLOOR = 340
"""Of the 401 mutants with an error, so many get a proved repair."""


def only(source: str, name: str = "stack.py") -> Finding:
    (finding,) = check_source(source, name).findings
    return finding


@pytest.mark.parametrize("name", BROKEN)
def test_every_repair_offered_as_proved_builds_in_keras_with_our_table(name: str) -> None:
    for title, text in repaired(BROKEN[name]):
        assert key(text) in KERAS, f"{title} is not recorded: see tests/shapecheck/repaired.py"
        rows = [row for row in main_stack(check_source(text, "stack.py").files[0]).rows if row.node.inputs]
        assert [[list(row.output), row.params, row.trainable_params] for row in rows] == KERAS[key(text)], title


def test_the_recording_covers_many_broken_stacks_and_holds_nothing_that_keras_refuses() -> None:
    assert sum(any(True for _ in repaired(source)) for source in mutants().values()) >= FLOOR
    assert not [verdict for verdict in KERAS.values() if isinstance(verdict, str)]


def test_a_shrunken_image_gets_the_repairs_that_work_and_hears_of_the_one_that_does_not() -> None:
    repairs = {repair.title: (repair.proved, repair.path) for repair in only(SHRINKS).repairs}
    assert repairs["line 5: strides=1"] == (True, "32 28 26 8 6 4 1")
    assert repairs['padding="same" on all four Conv2D'] == (True, "32 16 16 5 5 5 1")
    assert repairs["input of at least 49x49"] == (True, "49 23 21 7 5 3 1   (48 fails on line 10)")
    proved, path = repairs['padding="same" on line 9 only']
    assert not proved and path.startswith("moves the error to line 10")


@pytest.mark.parametrize(
    "layer, repair",
    [
        ("layers.Conv2D(4, '3')", "line 3: kernel_size=3"),
        ("layers.Conv2D(4, ('3', 5))", "line 3: kernel_size=(3, 5)"),
        ("layers.Conv2D(4, 3, strides=2.0)", "line 3: strides=2"),
        ("layers.MaxPooling2D((n / 2, n / 3))", "line 3: pool_size=(n // 2, n // 3)"),
        ("layers.ZeroPadding2D(((1, '1'), (1, 1)))", "line 3: padding=((1, 1), (1, 1))"),
        ("layers.Dropout(15.0)", "line 3: rate=0.15"),
        ("layers.Dense(2.5)", None),
    ],
)
def test_numbers_written_as_text_or_as_floats_get_the_integers_that_are_meant(layer: str, repair: str | None) -> None:
    source = f"import keras; from keras import layers\nn = 6\nkeras.Sequential([keras.Input(shape=(28, 28, 1)), {layer}])\n"
    assert [one.title for one in only(source).repairs if one.proved] == [repair] * (repair is not None)


def test_the_smallest_input_is_the_smallest() -> None:
    repair = next(repair for repair in only(SHRINKS).repairs if "input of" in repair.title)
    text = applied(SHRINKS, repair.edits) or ""
    assert "shape=(49, 49, 3)" in text and not check_source(text).findings
    assert check_source(text.replace("49, 49", "48, 48")).findings


def test_a_finding_shows_where_the_image_starts_who_spent_it_the_sum_and_the_path() -> None:
    finding = only(SHRINKS)
    assert {other.place.line: other.text for other in finding.related} == {
        4: "the image starts at 32x32",
        5: "32 -> 14: most pixels are removed here",
    }
    assert dict(finding.facts) == {
        "why": 'max_pooling2d and conv2d already shrank the input to height 2; without padding="same" the whole window must fit',
        "sum": "floor((2 - 3)/1) + 1 = 0",
        "path": "32 -> 14 -> 12 -> 4 -> 2 -> 0",
    }
    assert finding.lines == (4, 5, 6, 7, 8, 9)


def test_layers_behind_an_error_are_shown_as_assumed_under_the_first_repair() -> None:
    stack = check_source(SHRINKS, "stack.py").stacks[0]
    assert [str(row.output) for row in stack.assumed.values()] == ["(None, 4, 4, 32)", "(None, 1, 1, 32)", "(None, 32)", "(None, 10)"]
    assert all(stack.rows[place].verdict in ("broken", "not-reached") for place in stack.assumed)


@pytest.mark.parametrize(
    "before, after",
    [
        ("Conv2D(8, (9))", 'Conv2D(8, (9), padding="same")'),
        ("Conv2D(8, 9,)", 'Conv2D(8, 9, padding="same",)'),
        ("Conv2D(8, 9, # wide\n )", 'Conv2D(8, 9, padding="same", # wide\n )'),
        ("Conv2D(8, 9, padding='valid')", 'Conv2D(8, 9, padding="same")'),
        ("Conv2D(8, 9, 1, 'valid')", 'Conv2D(8, 9, 1, "same")'),
        ("Conv2D(filters=8, **{'kernel_size': 9})", 'Conv2D(filters=8, **{\'kernel_size\': 9}, padding="same")'),
    ],
)
def test_an_argument_is_set_whatever_the_call_looks_like(before: str, after: str) -> None:
    head = "import keras\nfrom keras.layers import *\nm = keras.Sequential([Input((5, 5, 3)), "
    finding = only(f"{head}{before}])\n")
    texts = [applied(f"{head}{before}])\n", repair.edits) for repair in finding.repairs if repair.proved]
    assert f"{head}{after}])\n" in texts


def test_a_repair_that_contradicts_the_data_is_not_proved() -> None:
    source = SHRINKS.replace("import keras", "import numpy as np\nimport keras", 1) + "model.predict(np.zeros((2, 32, 32, 3)))\n"
    finding = only(source)
    assert not any(repair.proved for repair in finding.repairs if "input of" in repair.title)
    assert any(repair.proved for repair in finding.repairs)


WHOLE_NUMBERS = """import numpy as np
import keras
from keras import layers
model = keras.Sequential([keras.Input((8,)), layers.Dense(16), layers.Dense(10, activation="{}")])
model.compile("adam", "{}")
model.fit(np.zeros((100, 8)), np.zeros({}))
"""


@pytest.mark.parametrize("shape", ["(100, 1)", "(100,)"])
def test_labels_that_are_whole_numbers_get_the_sparse_loss(shape: str, tmp_path: Path) -> None:
    source = WHOLE_NUMBERS.format("softmax", "categorical_crossentropy", shape)
    assert [repair.title for repair in only(source).repairs] == ['line 5: loss="sparse_categorical_crossentropy"']
    path = tmp_path / "model.py"
    path.write_text(source, "utf-8")
    main(["--fix", str(path)])
    assert path.read_text("utf-8") == source.replace('"categorical', '"sparse_categorical') and main([str(path)]) == 0


@pytest.mark.parametrize(
    ("activation", "loss", "code"),
    [
        ("softmax", "binary_crossentropy", "SC304"),
        ("softmax", "mse", "SC304"),
        ("sigmoid", "categorical_crossentropy", "SC306"),
        ("sigmoid", "binary_crossentropy", ""),
    ],
)
def test_a_repair_that_brings_another_warning_is_not_offered(activation: str, loss: str, code: str) -> None:
    source = WHOLE_NUMBERS.format(activation, loss, "(100, 1)")
    after = {one.code for one in check_source(source.replace("Dense(10", "Dense(1")).findings}
    assert after == ({code} if code else set())
    found = next(one for one in check_source(source).findings if one.code in ("SC301", "SC302"))
    assert any("units=1" in repair.title for repair in found.repairs) is (code == "")


def test_softmax_on_one_unit_under_the_loss_of_classes_gets_both_of_the_pair_that_learns() -> None:
    source = WHOLE_NUMBERS.format("softmax", "categorical_crossentropy", "(100, 1)").replace("Dense(10", "Dense(1")
    titles = [repair.title for repair in only(source).repairs]
    assert titles == ['line 4: activation="sigmoid", line 5: loss="binary_crossentropy"']
    assert [repair.title for repair in only(source.replace("categorical_crossentropy", "mse")).repairs] == [titles[0].partition(",")[0]]


def test_a_warning_that_a_broken_stack_only_hid_is_no_fault_of_its_repair() -> None:
    finding, hidden = check_source(f"{SHRINKS}model.compile(loss='categorical_crossentropy')\n").findings
    assert (hidden.code, hidden.behind) == ("SC305", "conv2d_3")
    repair = next(repair for repair in finding.repairs if repair.proved)
    text = applied(SHRINKS, repair.edits) or ""
    assert [one.code for one in check_source(f"{text}model.compile(loss='categorical_crossentropy')\n").findings] == ["SC305"]


@pytest.mark.parametrize(
    "good",
    [
        "Sequential([Input((224, 224, 3)), Conv2D(64, 7, 2), Conv2D(32, 8, 4), Conv2D(32, 1, 1)])",
        "Sequential([Input((224, 224, 3)), Conv2D(64, kernel_size=16, strides=16)])",
        "Sequential([Input((3, 40, 40)), Flatten(), Dense(3)])",
        "Sequential([Input((8, 8, 3)), Conv2D(4, 3, padding='same'), Dense(2, activation='softmax')])",
        "Sequential([Input((4,)), Dense(3, input_shape=(4,))])",
    ],
)
def test_what_is_meant_gives_no_warning(good: str) -> None:
    assert check_source(f"from keras import Sequential, Input\nfrom keras.layers import *\nmodel = {good}\n").findings == []


def test_a_layer_class_of_the_file_may_stand_twice() -> None:
    source = (
        "import keras\nclass Block(keras.layers.Layer):\n    def call(self, x):\n        return x\n"
        "block = Block()\nmodel = keras.Sequential([keras.Input((4,)), block, block])\n"
    )
    assert check_source(source).findings == []


def test_fix_writes_the_chosen_repair_and_diff_only_shows_it(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = tmp_path / "bad.py"
    path.write_text(SHRINKS, "utf-8")
    assert main(["--diff", str(path)]) == 1
    assert '+model.add(layers.Conv2D(32, 5, strides=1, activation="relu"))' in capsys.readouterr().out
    assert path.read_text("utf-8") == SHRINKS
    main(["--fix", "2", str(path)])
    assert path.read_text("utf-8").count('padding="same"') == 4
    assert main([str(path)]) == 0


def test_arguments_that_no_layer_takes_are_found_behind_a_broken_layer_too(tmp_path: Path) -> None:
    path = tmp_path / "bad.py"
    path.write_text(SHRINKS + 'model.add(layers.Flatten())\nmodel.add(layers.Dense(9, activation="rellu"))\n', "utf-8")
    (file,) = check_file(str(path)).files
    assert [(one.code, one.name) for one in file.findings] == [("SC101", "conv2d_3"), ("SC402", "dense_1")]
    assert [row.verdict for row in file.stacks[0].rows][-3:] == ["not-reached", "not-reached", "broken"]
    main(["--fix", str(path)])  # both together: neither alone is proved
    assert main([str(path)]) == 0


@pytest.mark.parametrize("stopped", [KeyboardInterrupt, OSError])
def test_a_fix_that_is_stopped_leaves_the_file_as_it_was(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, stopped: type[BaseException]
) -> None:
    path = tmp_path / "stack.py"
    path.write_text(SHRINKS, "utf-8")
    path.chmod(0o640)

    def stop(*_: object) -> None:
        raise stopped

    with monkeypatch.context() as patch:
        patch.setattr("os.replace", stop)
        assert main(["--fix", str(path)]) == (130 if stopped is KeyboardInterrupt else 1)
    assert path.read_text("utf-8") == SHRINKS and [entry.name for entry in tmp_path.iterdir()] == ["stack.py"]
    main(["--fix", str(path)])
    assert path.read_text("utf-8") != SHRINKS and path.stat().st_mode & 0o777 == 0o640


def test_fix_repairs_several_stacks_of_a_file_at_once(tmp_path: Path) -> None:
    path = tmp_path / "two.py"
    path.write_text(
        "import keras\nfrom keras import layers\n"
        "a = keras.Sequential([keras.Input(shape=(5, 5, 3)), layers.Conv2D(8, 9)])\n"
        "b = keras.Sequential([keras.Input(shape=(4,)), layers.Dense(8, activation='rleu')])\n",
        "utf-8",
    )
    main(["--fix", str(path)])
    assert main([str(path)]) == 0


def test_fix_changes_the_cell_of_a_notebook_and_nothing_else(tmp_path: Path) -> None:
    cells = [
        {"cell_type": "markdown", "metadata": {}, "source": ["# नमस्ते"]},
        {"cell_type": "code", "metadata": {}, "outputs": [], "execution_count": 3, "source": ["%matplotlib inline\n", "import keras"]},
        {
            "cell_type": "code",
            "metadata": {},
            "outputs": [],
            "execution_count": None,
            "source": ["from keras.layers import *\n", "m = keras.Sequential([Input((4,)),\n", "  Dense(3, activation='rleu')])"],
        },
    ]
    path = tmp_path / "book.ipynb"
    path.write_text(json.dumps({"cells": cells, "metadata": {}, "nbformat": 4, "nbformat_minor": 5}), "utf-8")
    main(["--fix", str(path)])
    after = json.loads(path.read_text("utf-8"))["cells"]
    assert after[:2] == cells[:2]
    assert after[2]["source"] == [*cells[2]["source"][:2], '  Dense(3, activation="relu")])']  # type: ignore[index]
