"""Labels and losses of models with several outputs: what Keras refuses is found before it runs, and nothing else is."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from shapecheck import check_source
from tests.data.several_inputs import HEADER
from tests.data.several_outputs import MODELS, scripts

KERAS: dict[str, Any] = json.loads((Path(__file__).parent.parent / "oracle" / "outputs.json").read_text("utf-8"))


def found(source: str) -> list[tuple[str, str]]:
    """Codes and words of the findings."""
    return [(one.code, one.diagnostic.message()) for one in check_source(source, "several.py").findings]


def test_every_script_is_recorded() -> None:
    assert set(scripts()) == set(KERAS)


def not_told(name: str) -> bool:
    """Where Keras counts the names, sorts the keys before it looks at a list, or has an odd number of losses: not everything is told."""
    return name.startswith(("no names", "keys out of order")) or any(f", {loss}:" in name for loss in ("a alone", "None for b", "three"))


@pytest.mark.parametrize("name", scripts())
def test_labels_are_refused_where_keras_refuses_them(name: str) -> None:
    errors = [one.code for one in check_source(scripts()[name], "several.py").findings if one.severity == "error"]
    if not KERAS[name]:
        assert errors == []
    elif errors or not not_told(name):
        structure = any(word in KERAS[name] for word in ("structures", "KeyError", "TypeError", "Expected keys"))
        loss = "SC321" in errors and ("no names" in name or any(f", {loss}:" in name for loss in ("three", "another key")))
        codes = ("SC309",) if structure else ("SC307", "SC309") if "cardinality" in KERAS[name] else ("SC301",)
        assert loss or errors[0] in codes, KERAS[name]


def use(text: str, model: str = "a list") -> list[tuple[str, str]]:
    return found(HEADER + "from elsewhere import load\n" + MODELS[model] + text)


A, B, X = "np.zeros((8, 3))", "np.zeros((8, 1))", "np.zeros((8, 4))"
LIST = "model.compile(loss=['categorical_crossentropy', 'mse'])\n"


def test_the_words_name_the_outputs_and_both_numbers() -> None:
    assert use(f"{LIST}model.fit({X}, [{A}])") == [("SC309", "1 array of labels for 2 outputs (a, b)")]
    missing = f"{LIST}model.fit({X}, {{'a': {A}, 'c': {B}}})"
    assert use(missing) == [("SC309", 'no labels for the output "b"; the dict has the keys a, c')]
    assert use(f"model.compile(loss={{'a': 'mse'}})\nmodel.fit({X}, [{A}, {B}])") == [
        ("SC309", 'no loss for the output "b"; the dict has the keys a')
    ]
    assert use(f"{LIST}model.fit({X}, [{A}, {B}[:7]])") == [("SC307", "8 samples of data, but 7 of labels")]
    wrong = 'labels (8, 5) do not match the output (None, 3) for loss "categorical_crossentropy"'
    assert use(f"{LIST}model.fit({X}, [np.zeros((8, 5)), {B}])") == [("SC301", wrong)]
    assert use(f"{LIST}model.evaluate({X}, (np.zeros((8, 5)), {B}))") == [("SC301", wrong)]


def test_the_labels_themselves_are_marked_and_the_layer_of_their_output_is_repaired() -> None:
    source = HEADER + MODELS["a list"] + LIST + f"model.fit({X}, {{'b': {B},\n  'a': np.zeros((8, 5))}})\n"
    (finding,) = check_source(source, "several.py").findings
    assert finding.place is not None and (finding.place.line, finding.place.column) == (10, 8) and finding.name == "a"
    assert [other.place.line for other in finding.related] == [5]
    assert [(repair.title, repair.proved) for repair in finding.repairs] == [("line 5: units=5", True)]


@pytest.mark.parametrize("losses", ["['categorical_crossentropy', 'mse']", "{'b': 'mse', 'a': 'categorical_crossentropy'}"])
def test_the_loss_of_one_output_alone_is_exchanged(losses: str) -> None:
    source = HEADER + MODELS["a list"] + f"model.compile(loss={losses})\nmodel.fit({X}, [np.zeros(8, dtype='int32'), {B}])\n"
    (finding,) = check_source(source, "several.py").findings
    repair = finding.repairs[0]
    assert repair.title == 'line 8: loss="sparse_categorical_crossentropy"' and repair.proved
    ((place, text),) = repair.edits
    line = source.splitlines()[place.line - 1]
    assert line[place.column - 1 : place.end_column - 1] == "'categorical_crossentropy'" and text == '"sparse_categorical_crossentropy"'


def test_each_last_activation_is_held_against_its_own_loss() -> None:
    last = {"a": "layers.Dense(3, activation='sigmoid', name='a')(i)", "b": "layers.Dense(1, activation='softmax', name='b')(i)"}
    source = HEADER + f"i = keras.Input((4,))\nmodel = keras.Model(i, {{'p': {last['a']},\n 'q': {last['b']}}})\n"
    found = check_source(source + "model.compile(loss={'q': 'binary_crossentropy', 'p': 'categorical_crossentropy'})\n").findings
    assert [(one.code, one.place and one.place.line, one.name) for one in found] == [("SC305", 5, "a"), ("SC304", 6, "b")]
    fine = source.replace("sigmoid", "softmax").replace("(1, activation='softmax'", "(1, activation='sigmoid'")
    assert not check_source(fine + "model.compile(loss={'q': 'binary_crossentropy', 'p': 'categorical_crossentropy'})\n").findings


@pytest.mark.parametrize(
    "text",
    [
        f"{LIST}model.fit({X}, [load('a'), {B}])",
        f"{LIST}model.fit({X}, load('both'))",
        f"y = [{A}]\nfor part in load('rest'):\n    y.append(part)\n{LIST}model.fit({X}, y)",
        f"y = {{}}\nfor name in load('names'):\n    y[name] = {A}\n{LIST}model.fit({X}, y)",
        f"model.compile(loss=load('losses'))\nmodel.fit({X}, [{A}])",
        f"model.compile(loss=[load('loss'), 'mse'])\nmodel.fit({X}, [np.zeros((8, 5)), {B}])",
        f"model.compile(loss=['mse', None])\nmodel.fit({X}, {A})",
        f"model.compile(loss=[None, 'mse'])\nmodel.fit({X}, [{B}])",
        f"def own(t, p):\n    return load('it')\nmodel.compile(loss=[own, 'mse'])\nmodel.fit({X}, [np.zeros(8), {B}])",
        f"model.compile(loss='mse')\nmodel.fit({X}, [{A}, np.zeros((8, load('n')))])",
        f"{LIST}try:\n    model.fit({X}, {A})\nexcept ValueError:\n    pass",
        f"{LIST}model.fit(load('generator'))",
        f"model.fit({X}, {A})",
        f"model.compile(loss={{}})\nmodel.fit({X}, [{A}, {B}])",
    ],
)
def test_what_cannot_be_told_is_not_called_wrong(text: str) -> None:
    assert use(text) == []


def test_keras_2_lets_losses_and_labels_be_missing() -> None:
    source = HEADER + MODELS["a list"] + f"model.compile(loss={{'a': 'categorical_crossentropy'}})\nmodel.fit({X}, {{'a': {A}}})\n"
    assert [one.code for one in check_source(source, "several.py").findings] == ["SC309"]
    assert check_source(source, "several.py", dialect=2).findings == []
