"""What is offered for data that does not fit (SC303), and for a model that does not fit behind another (SC203): only what can work."""

from __future__ import annotations

import numpy as np
import pytest

import tinyseq
from shapecheck import check_source
from shapecheck.diagnostics.base import ShapeError
from shapecheck.findings import Finding
from tests.data.several_inputs import HEADER, MODELS
from tinyseq import layers


def one(text: str) -> Finding:
    (finding,) = check_source(HEADER + text, "offered.py").findings
    return finding


STACK = "model = keras.Sequential([keras.Input({input}), {layers}])\nmodel.predict(np.zeros({data}))\n"
OFFERED = [
    ((8, 8), "layers.Conv1D(4, 3)", (2, 8, 8, 3), "pass data of shape (None, 8, 8)"),
    ((32,), "layers.Dense(3)", (10, 31), "declare Input(shape=(31,)), or pass data of shape (None, 32)"),
    ((28, 28, 1), "layers.Conv2D(4, 3)", (2, 28, 28, 3), "declare Input(shape=(28, 28, 3)), or pass data of shape (None, 28, 28, 1)"),
    ((2, 6), "layers.Dense(3)", (5, 3, 4), "declare Input(shape=(3, 4)), or reshape the data to (None, 2, 6)"),
    ((8, 8, 3), "layers.Conv2D(4, 3)", (2, 8, 8), "pass data of shape (None, 8, 8, 3)"),
    ((8, 8, 3), "layers.Conv2D(4, 9, padding='same'), layers.Reshape((256,))", (2, 9, 8, 3), "pass data of shape (None, 8, 8, 3)"),
    ((12,), "layers.Dense(3)", (5, 3, 4), "write x.reshape(-1, 12): each sample flat"),
]


@pytest.mark.parametrize("sizes, inside, data, advice", OFFERED)
def test_only_shapes_that_the_layers_take_and_reshapes_that_keep_the_samples_are_offered(
    sizes: tuple[int, ...], inside: str, data: tuple[int, ...], advice: str
) -> None:
    assert one(STACK.format(input=sizes, layers=inside, data=data)).diagnostic.help() == advice
    model = tinyseq.Sequential([tinyseq.Input(sizes), *eval(f"[{inside}]", {"layers": layers})])
    with pytest.raises(ShapeError) as caught:
        model.predict(np.zeros(data))
    assert caught.value.diagnostic.help() == advice
    assert ("input shape" in str(caught.value)) == ("declare" in advice) or "write" in advice


SWAPPED = "the data of a and b is swapped: exchange the two"


@pytest.mark.parametrize("given", ["[np.zeros((8, 5)), np.ones((8, 4))]", "{'b': np.ones((8, 4)), 'a': np.zeros((8, 5))}"])
def test_two_inputs_in_the_wrong_order_are_told_apart_and_exchanged(given: str) -> None:
    finding = one(MODELS["a list"] + f"model.predict({given})\n")
    assert (finding.code, finding.diagnostic.help()) == ("SC303", SWAPPED)
    assert [(repair.title, repair.proved) for repair in finding.repairs] == [("line 7: a and b exchanged", True)]
    assert sorted(text for _, text in finding.repairs[0].edits) == ["np.ones((8, 4))", "np.zeros((8, 5))"]


def test_what_fits_neither_input_is_not_called_swapped() -> None:
    assert "swapped" not in one(MODELS["a list"] + "model.predict([np.zeros((8, 5)), np.zeros((8, 5))])\n").diagnostic.help()


def test_tinyseq_says_that_two_inputs_are_swapped() -> None:
    a, b = tinyseq.Input((4,), name="a"), tinyseq.Input((5,), name="b")
    model = tinyseq.Model([a, b], layers.Dense(1)(layers.Concatenate()([a, b])))
    for call in (model, model.predict):
        with pytest.raises(ShapeError) as caught:
            call([np.zeros((8, 5)), np.zeros((8, 4))])
        assert caught.value.diagnostic.help() == SWAPPED and SWAPPED in str(caught.value)
        with pytest.raises(ShapeError) as caught:
            call([np.zeros((8, 4)), np.zeros((8, 6))])
        assert caught.value.diagnostic.help() == "declare Input(shape=(6,)), or pass data of shape (None, 5)"


@pytest.mark.parametrize(
    "given, inside, advice",
    [
        ("(2,)", "layers.Dense(4)", "declare Input(shape=(2,)) in it, or make the layer before it return (None, 10)"),
        (
            "(2,)", "layers.Dense(4), layers.Reshape((4, 1))",
            "declare Input(shape=(2,)) in it, or make the layer before it return (None, 10)",
        ),
        ("(2,)", "layers.Reshape((5, 2))", "make the layer before it return (None, 10)"),
    ],
)
def test_between_two_models_there_is_no_data_to_reshape(given: str, inside: str, advice: str) -> None:
    text = f"inner = keras.Sequential([keras.Input((10,)), {inside}])\nmodel = keras.Sequential([keras.Input({given}), inner])\n"
    finding = one(text)
    assert (finding.code, finding.diagnostic.help()) == ("SC203", advice)
