"""Data of models with several inputs: what Keras refuses is found before it runs, and nothing else is."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from shapecheck import check_source
from shapecheck.report.text import table
from tests.data.several_inputs import HEADER, MODELS, scripts

KERAS: dict[str, Any] = json.loads((Path(__file__).parent.parent / "oracle" / "inputs.json").read_text("utf-8"))
NOT_TOLD = ("no names", "keys out of order")
"""Models for which Keras counts the names, or sorts them before it looks at a list: not everything is told of their data."""


def found(source: str) -> list[tuple[str, str]]:
    """Codes and words of the findings."""
    return [(one.code, one.diagnostic.message()) for one in check_source(source, "several.py").findings]


def test_every_script_is_recorded() -> None:
    assert set(scripts()) == set(KERAS)


@pytest.mark.parametrize("name", scripts())
def test_data_is_refused_where_keras_refuses_it(name: str) -> None:
    codes = [code for code, _ in found(scripts()[name])]
    if not KERAS[name]:
        assert codes == []
    elif not name.startswith(NOT_TOLD) and not name.endswith("call: fewer samples"):  # a call compares no lengths, its layers may
        missing, count, samples = (word in KERAS[name] for word in ("Missing data", "expects", "cardinality"))
        two_for_one = samples and name.startswith("one")  # Keras compares the lengths first
        assert codes[-1] == ("SC309" if missing or count or two_for_one else "SC307" if samples else "SC303")


def test_the_headline_shows_every_input() -> None:
    (file,) = check_source(HEADER + MODELS["a list"], "several.py").files
    assert table(file, file.stacks[0]).splitlines()[0] == "several.py: model (line 6)   inputs (None, 4), (None, 5)"


def use(text: str, model: str = "a list") -> list[tuple[str, str]]:
    return found(HEADER + MODELS[model] + text)


def test_the_words_name_the_inputs_and_both_numbers() -> None:
    a, b = "np.zeros((8, 4))", "np.zeros((8, 5))"
    assert use(f"model.predict([{a}, {b}, {b}])") == [("SC309", "3 arrays of data for 2 inputs (a, b)")]
    assert use(f"model.predict({{'a': {a}, 'c': {b}}})") == [("SC309", 'no data for the input "b"; the dict has the keys a, c')]
    assert use(f"model.predict([{a}, {b}[:7]])") == [("SC307", "8 samples of a, but 7 of b")]
    assert use(f"model.predict([{b}, {b}])") == [("SC303", "data (8, 5) does not fit the input (None, 4)")]
    assert use(f"model.compile(loss='mse')\nmodel.fit([{a}, {b}], np.zeros((7, 1)))") == [("SC307", "8 samples of data, but 7 of labels")]
    assert use(f"model.predict([{a}, {b}])", "one") == [("SC309", "2 arrays of data for 1 input (a)")]


def test_the_array_itself_is_marked_and_its_input_shown() -> None:
    source = HEADER + MODELS["a list"] + "model.predict({'b': np.zeros((8, 6)),\n  'a': np.zeros((8, 4))})\n"
    (finding,) = check_source(source, "several.py").findings
    assert finding.place is not None and (finding.place.line, finding.place.column) == (7, 21) and finding.name == "b"
    assert [other.place.line for other in finding.related] == [4]
    assert [(repair.title, repair.proved) for repair in finding.repairs] == [("input shape (6,)", True)]


@pytest.mark.parametrize(
    "text",
    [
        "model.predict([load('a'), np.zeros((8, 5))])",
        "model.predict(load('both'))",
        "x = [np.zeros((8, 4))]\nfor part in load('rest'):\n    x.append(part)\nmodel.predict(x)",
        "x = {}\nfor name in load('names'):\n    x[name] = np.zeros((8, 4))\nmodel.predict(x)",
        "model.predict([[np.zeros((8, 4))], np.zeros((8, 5))])",
        "model.predict([np.zeros((1, 4)), np.zeros((8, 5))])",
        "model.predict([np.zeros((load('n'), 4)), np.zeros((8, 5))])",
        "model([np.zeros((8, 4)), np.zeros((1, 5))])",
        "model.predict(list(np.zeros((2, 8, 4))))",
        "try:\n    model.predict(np.zeros((8, 4)))\nexcept ValueError:\n    pass",
    ],
)
def test_what_cannot_be_told_is_not_called_wrong(text: str) -> None:
    assert use("from elsewhere import load\n" + text) == []


def test_keras_2_goes_by_the_order_where_the_keys_name_no_input() -> None:
    source = scripts()["a list, call: another key"]
    assert [one.code for one in check_source(source, "several.py").findings] == ["SC309"]
    assert check_source(source, "several.py", dialect=2).findings == []
