"""Shapes that comments declare: `# shapecheck: x_train = (None, 30)` is read, used and compared with what the code proves."""

from __future__ import annotations

import json

import pytest

from shapecheck import check_source
from shapecheck.findings import FileReport

HEAD = "import numpy as np\nimport pandas as pd\nimport keras\nfrom keras import layers\n"
STACK = "model = keras.Sequential([layers.Dense(4, input_shape=(x.shape[1],)), layers.Dense(2)])\n"


def report(source: str, path: str = "declared.py") -> FileReport:
    return check_source(HEAD + source, path).files[0]


def verdicts(file: FileReport) -> list[dict[str, int]]:
    return [{kind: count for kind, count in stack.verdicts.items() if count} for stack in file.stacks]


PLACES = {
    "on the line of the assignment": 'x = np.load("x.npy")  # shapecheck: x = (None, 30)\n' + STACK,
    "right above it": '# shapecheck: x = (None, 30)\nx = np.load("x.npy")\n' + STACK,
    "right below it": 'x = np.load("x.npy")\n# shapecheck: x = (None, 30)\n' + STACK,
    "in the first line of the file": '# shapecheck: x = (None, 30)\n\nimport os\nx = np.load("x.npy")\n' + STACK,
    "right above the model": 'x = np.load("x.npy")\nprint(x)\n# shapecheck: x = (None, 30)\n' + STACK,
    "between two assignments of one name": 'x = np.load("x.npy")\n# shapecheck: x = (None, 5, 6)\nx = x.reshape(-1, 30)\n' + STACK,
    "behind a call over several lines": 'x = np.load(\n    "x.npy"\n)  # shapecheck: x = (None, 30)\n' + STACK,
    "where the name comes from another file": "# shapecheck: x = (None, 30)\nfrom loading import x\n" + STACK,
    "where the name is not in the file": "# shapecheck: x = (None, 30)\n" + STACK,
}


@pytest.mark.parametrize("source", PLACES.values(), ids=PLACES)
def test_a_declared_shape_is_used_wherever_the_comment_is(source: str) -> None:
    file = report(source)
    assert [str(stack.input_shape) for stack in file.stacks] == ["(None, 30)"]
    assert (verdicts(file), file.findings) == ([{"proved": 2}], [])


def test_a_parameter_is_declared_on_the_line_of_its_function() -> None:
    source = """def build(units, width):  # shapecheck: units = 7; width = 5
    return keras.Sequential([keras.Input((width,)), layers.Dense(units)])
"""
    file = report(source)
    assert (verdicts(file), str(file.stacks[0].table.rows[-1].output)) == ([{"proved": 1}], "(None, 7)")


def test_a_comment_in_a_body_that_is_indented_stays_in_it() -> None:
    source = """def build():
    x = np.load("x.npy")
    # shapecheck: x = (None, 30)
    model = keras.Sequential([layers.Dense(4, input_shape=(x.shape[1],))])
    return model
build()
"""
    assert verdicts(report(source)) == [{"proved": 1}]


def test_numbers_attributes_and_items_are_declared_too() -> None:
    source = """import settings
options = settings.load()
# shapecheck: options.units = 7
# shapecheck: options["rate"] = 0.5
# shapecheck: words = 900
words = settings.count()
model = keras.Sequential([
    keras.Input((12,)), layers.Embedding(words, options.units), layers.Dropout(options["rate"]), layers.Flatten()
])
"""
    file = report(source)
    assert (verdicts(file), str(file.stacks[0].table.rows[-1].output)) == ([{"proved": 3}], "(None, 84)")


def test_a_dataset_is_declared_as_its_data_and_labels() -> None:
    source = """from loading import pictures
train = pictures()  # shapecheck: train = ((None, 28, 28, 1), (None, 4))
model = keras.Sequential([layers.Flatten(), layers.Dense(3, activation="softmax")])
model.compile(loss="categorical_crossentropy")
model.fit(train)
"""
    file = report(source)
    assert str(file.stacks[0].input_shape) == "(None, 28, 28, 1)"
    assert [finding.code for finding in file.findings] == ["SC301"]


def test_cells_of_a_notebook_declare_for_each_other() -> None:
    cells = ["# shapecheck: x = (None, 30)", "%matplotlib inline\nimport keras\nfrom keras import layers", 'x = load("x.npy")', STACK]
    book = {"cells": [{"cell_type": "code", "source": cell} for cell in cells], "nbformat": 4}
    file = check_source(json.dumps(book), "book.ipynb").files[0]
    assert (verdicts(file), file.findings) == ([{"proved": 2}], [])


def test_a_declared_shape_takes_part_in_every_check() -> None:
    source = """x = np.load("x.npy")  # shapecheck: x = (None, 30)
model = keras.Sequential([keras.Input((20,)), layers.Dense(2)])
model.compile(loss="mse")
model.fit(x, x)
"""
    assert "SC303" in [finding.code for finding in report(source).findings]


def test_known_sizes_stay_and_unknown_ones_are_filled_in() -> None:
    source = """frame = pd.read_csv("a.csv")
x = np.zeros((60, 5, 6)).reshape(-1, 30)
# shapecheck: x = (None, 30)
x2 = frame.values[:50]  # shapecheck: x2 = (None, 30)
model = keras.Sequential([keras.Input((30,)), layers.Dense(30)])
model.compile(loss="mse")
model.fit(x, x2)
"""
    assert report(source).findings == []


CONTRADICTED = {
    "another size": ("x = np.zeros((60, 8))  # shapecheck: x = (None, 30)\n", "(60, 8)"),
    "another rank": ("x = np.zeros((60, 8))  # shapecheck: x = (None, 8, 1)\n", "(60, 8)"),
    "another number": ("n = 5  # shapecheck: n = 6\n", "5"),
    "a number for an array": ("x = np.zeros((60, 8))  # shapecheck: x = 8\n", "(60, 8)"),
    "another tensor": ("x = keras.Input((8,))  # shapecheck: x = (None, 9)\n", "(None, 8)"),
    "another tuple": ("sizes = (28, 28, 1)  # shapecheck: sizes = (28, 28, 3)\n", "1"),
    "a layer": ("x = layers.Dense(3)  # shapecheck: x = (None, 9)\n", "layer"),
}


@pytest.mark.parametrize(("source", "proved"), CONTRADICTED.values(), ids=CONTRADICTED)
def test_what_the_code_proves_goes_before_the_comment(source: str, proved: str) -> None:
    (finding,) = report(source + "model = keras.Sequential([keras.Input((8,)), layers.Dense(2)])\n").findings
    assert (finding.code, finding.severity, finding.place and finding.place.line) == ("SC903", "warning", 5)
    assert proved in finding.words


@pytest.mark.parametrize("text", ["x is 3", "x = (None, n)", "x == (None, 3)", "(None, 3)", "x = y = 3", "x = (1.5, 2)", "ignroe", "x = ("])
def test_a_comment_that_is_not_understood_is_a_finding(text: str) -> None:
    file = report(f"model = keras.Sequential([keras.Input((8,)), layers.Dense(2)])  # shapecheck: {text}\n")
    (finding,) = file.findings
    assert finding.code == "SC904" and finding.place is not None
    assert (finding.place.line, finding.place.column, verdicts(file)) == (5, 65, [{"proved": 1}])


def test_a_comment_for_a_name_without_a_value_names_the_nearest() -> None:
    (finding,) = report('# shapecheck: x_trian = (None, 8)\nx_train = np.load("x.npy")\n' + STACK.replace("x.shape[1]", "8")).findings
    assert (finding.code, finding.diagnostic.help()) == ("SC905", "write x_train instead of x_trian")


def test_text_in_strings_declares_nothing() -> None:
    assert report('text = "# shapecheck: x = (None, 3)"\n"""\n# shapecheck: foo\n"""\nmodel = keras.Sequential()\n').findings == []
