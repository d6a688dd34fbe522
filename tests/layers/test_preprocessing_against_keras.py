"""The preprocessing layers against what Keras 3.15 computed: tests/oracle/record_preprocessing.py."""

import json
from pathlib import Path
from typing import Any

import numpy as np
import pytest

import tinyseq
from tests.cases import PREPROCESSED
from tests.data.preprocessing import LINES, PIXELS, Line
from tinyseq import layers

KERAS: dict[str, Any] = json.loads((Path(__file__).parents[1] / "oracle" / "preprocessing.json").read_text(encoding="utf-8"))


def made(line: Line) -> Any:
    layer = getattr(layers, line.layer)(**line.arguments)
    if line.adapt is not None:
        layer.adapt(np.array(line.adapt))
    return layer


@pytest.mark.parametrize("line", LINES, ids=[line.key for line in LINES])
def test_a_call_on_an_array_gives_the_answer_of_keras(line: Line) -> None:
    layer = made(line)
    keras = KERAS[line.key]
    ours = np.asarray(layer(np.array(line.given)))
    if ours.dtype.kind == "U":
        assert ours.tolist() == keras["output"]
    else:
        np.testing.assert_allclose(ours, np.array(keras["output"]), rtol=1e-5, atol=1e-6)
    if line.layer == "Discretization":
        np.testing.assert_allclose(layer.bin_boundaries, keras["found"], rtol=1e-5)
    elif keras["found"] is not None:
        assert layer.get_vocabulary() == keras["found"]


NUMERIC = [
    line for line in LINES if line.adapt is None and np.ndim(line.given) == 2 and line.layer != "TextVectorization"
    and np.array(line.given).dtype.kind != "U"
    and not (line.layer == "StringLookup" and line.arguments.get("invert"))
]  # fmt: skip


@pytest.mark.parametrize("line", NUMERIC, ids=[line.key for line in NUMERIC])
def test_a_model_gives_the_answer_of_keras(line: Line) -> None:
    given = np.array(line.given)
    dtype = "int64" if given.dtype.kind == "i" else "float32"
    model = tinyseq.Sequential([tinyseq.Input(given.shape[1:], dtype=dtype), made(line)])
    np.testing.assert_allclose(model.predict(given, verbose=0), np.array(KERAS[line.key]["output"]), rtol=1e-5, atol=1e-6)


def test_every_preprocessing_class_has_a_line() -> None:
    assert {line.layer for line in [*LINES, *PIXELS]} == PREPROCESSED
    assert set(KERAS) == {line.key for line in [*LINES, *PIXELS]}, "run python -m tests.oracle.record_preprocessing"


def test_a_string_layer_in_a_model_says_what_to_do() -> None:
    model = tinyseq.Sequential([tinyseq.Input((2,), dtype="int64"), layers.StringLookup(vocabulary=["a"])])
    with pytest.raises(NotImplementedError, match="call the layer on the array of strings before"):
        model.predict(np.array([[1, 2]]), verbose=0)


def test_a_category_outside_is_refused_with_both_numbers() -> None:
    with pytest.raises(ValueError, match=r"category 6 is outside of 0\.\.5: make num_tokens"):
        layers.CategoryEncoding(6)([[6]])


def test_an_adapted_layer_comes_back_from_its_config() -> None:
    lookup = layers.StringLookup()
    lookup.adapt(np.array(["b", "a", "b"]))
    again = layers.StringLookup.from_config(json.loads(json.dumps(lookup.get_config())))
    assert again.get_vocabulary() == ["[UNK]", "b", "a"]
    binned = layers.Discretization(num_bins=2)
    binned.adapt(np.arange(10.0))
    model = tinyseq.Sequential([tinyseq.Input((3,)), binned])
    again = tinyseq.models.model_from_json(model.to_json()).layers[0]
    assert list(again.bin_boundaries) == binned.bin_boundaries
    assert layers.Discretization.from_config(binned.get_config()).bin_boundaries == binned.bin_boundaries


def test_what_has_no_vocabulary_or_two_says_so() -> None:
    with pytest.raises(ValueError, match="has no vocabulary yet: call adapt"):
        layers.StringLookup()(["a"])
    with pytest.raises(ValueError, match="already has its vocabulary"):
        layers.StringLookup(vocabulary=["a"]).adapt(["a"])
    with pytest.raises(ValueError, match="'b' is not in the vocabulary"):
        layers.StringLookup(vocabulary=["a"], num_oov_indices=0)(["b"])
