"""What stands behind a broken layer: found in the same run where no repair can be to blame for it."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from shapecheck import check_source
from shapecheck.__main__ import main
from shapecheck.findings import Finding
from shapecheck.report import json, text

SOURCE = """import numpy as np
import keras
from keras import layers
model = keras.Sequential([
    keras.Input((28, 28, 1)),
    layers.Conv2D(8, 5),
    layers.MaxPooling2D(4),
    layers.Conv2D(8, 7),
    layers.Flatten(),
    layers.Dense(10, activation="softmax"),
])
model.compile(loss="categorical_crossentropy")
model.fit(np.zeros((6, 28, 28, 1)), np.zeros((6, 10)))
"""


def found(*changes: str) -> list[Finding]:
    """The findings of the source after some replacements: old, new, old, new."""
    source = SOURCE
    for old, new in zip(changes[::2], changes[1::2], strict=True):
        assert old in source
        source = source.replace(old, new)
    return check_source(source, "behind.py").findings


def codes(findings: list[Finding]) -> list[tuple[str, str]]:
    return [(one.code, one.behind) for one in findings]


def test_labels_that_do_not_fit_are_found_behind_a_broken_layer_and_said_to_be() -> None:
    broken, labels = found("(6, 10)", "(6, 7)")
    assert codes([broken, labels]) == [("SC101", ""), ("SC301", "conv2d_1")]
    assert labels.place is not None and (labels.place.line, labels.place.column, labels.name) == (13, 37, "dense")
    assert broken.repairs[0].proved and "works" not in broken.repairs[0].path
    words = "after the repair of conv2d_1: dense: labels (6, 7) do not match the output (None, 10)"
    report = check_source(SOURCE.replace("(6, 10)", "(6, 7)"), "behind.py")
    short = words.replace("dense: ", "dense: SC301 ")
    assert words in text.render(report) and short in text.render(report, concise=True)
    first, second = json.document(report)["files"][0]["findings"]
    assert "behind" not in first and second["behind"] == "conv2d_1" and second["message"].startswith(words)


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        (("(6, 10)", "(6,)"), "SC301"),
        (("(6, 10)", "(5, 10)"), "SC307"),
        (('"softmax"', '"relu"'), "SC305"),
        (("Dense(10", "Dense(1", "(6, 10)", "(6, 1)"), "SC304"),
        (('"categorical_crossentropy"', '"mse"', "(6, 10)", "(6, 1)"), "SC302"),
    ],
)
def test_what_no_repair_changes_is_told(changes: tuple[str, ...], code: str) -> None:
    assert codes(found(*changes)) == [("SC101", ""), (code, "conv2d_1")]


@pytest.mark.parametrize(
    "changes",
    [
        (),
        ("(6, 28, 28, 1)", "(6, 40, 40, 1)"),  # the input may be what is wrong
        ("(6, 10)", "(6, 7, 7, 10)", "layers.Flatten(),", "layers.Dropout(0.5),"),  # an output of places: its rank may be the repair's
        ("(6, 10)))", "(6, 7)))  # shapecheck: ignore[SC301]"),
    ],
)
def test_what_a_repair_may_be_to_blame_for_is_not_told(changes: tuple[str, ...]) -> None:
    assert [one.behind for one in found(*changes) if one.code != "SC901"] == [""]


def test_units_that_a_repair_chose_are_not_held_against_the_labels() -> None:
    assert codes(found("Conv2D(8, 7)", "Conv2D(8, 3)", "Dense(10", "Dense(10 / 2")) == [("SC401", "")]


def test_two_broken_layers_are_repaired_together_and_what_is_behind_both_is_told() -> None:
    findings = found("layers.Flatten(),", 'layers.Flatten(), layers.Dense(5, activation="rellu"),', "(6, 10)", "(6, 7)")
    assert codes(findings) == [("SC101", ""), ("SC402", ""), ("SC301", "conv2d_1")]
    assert all(one.repairs[0].title.startswith("all of these together") and one.repairs[0].proved for one in findings[:2])


def test_fix_mends_the_layer_and_leaves_the_labels_to_be_told_again(tmp_path: Path, capsys: Any) -> None:
    path = tmp_path / "behind.py"
    path.write_text(SOURCE.replace("(6, 10)", "(6, 7)"), "utf-8")
    main(["--fix", str(path)])
    assert 'Conv2D(8, 7, padding="same")' in path.read_text("utf-8")
    (left,) = check_source(path.read_text("utf-8")).findings
    assert (left.code, left.behind, left.repairs[0].proved) == ("SC301", "", True)


SAVED = {
    "a file": 'model.save("m.keras")\nagain = keras.models.load_model("m.keras")\n',
    "a function": 'keras.models.save_model(model, "m.keras")\nagain = keras.saving.load_model("m.keras")\n',
    "a joined path": 'import os\nmodel.save(os.path.join("a", "m.keras"))\nagain = keras.models.load_model("a/m.keras")\n',
    "an unknown path": "path = where()\nmodel.save(path)\nagain = keras.models.load_model(path)\n",
    "a checkpoint": """model.fit(np.zeros((9, 5)), np.zeros((9, 2)), callbacks=[keras.callbacks.ModelCheckpoint("b.keras")])
again = keras.models.load_model("b.keras")
""",
    "JSON": "again = keras.models.model_from_json(model.to_json())\n",
}


@pytest.mark.parametrize("body", SAVED.values(), ids=SAVED)
def test_a_model_that_the_file_saved_has_its_layers_when_it_is_loaded(body: str) -> None:
    source = "import numpy as np\nimport keras\nmodel = keras.Sequential([keras.Input((5,)), keras.layers.Dense(2)])\n" + body
    stacks = check_source(source, "saved.py").stacks
    assert [(stack.name, stack.table.params) for stack in stacks] == [("model", 12), ("again", 12)]


def test_a_model_of_another_file_stays_unknown() -> None:
    source = 'import keras\nmodel = keras.Sequential([keras.Input((5,)), keras.layers.Dense(2)])\nmodel.save("a.keras")\n'
    stacks = check_source(source + 'again = keras.models.load_model("b.keras")\n', "saved.py").stacks
    assert "b.keras" in stacks[1].rows[0].reason and "call load_weights()" in stacks[1].rows[0].reason
