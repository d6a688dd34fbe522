"""LeNet5, DigitNet and MiniXception: their published sizes, and DigitNet's answers as torch computes them from the original weights."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from shapecheck import check_source
from shapecheck.applications import OWN, find
from shapecheck.applications.joining import RuleLayers
from shapecheck.diagnostics.base import ShapeError
from shapecheck.propagate import propagate
from tests.oracle.convert_digit_net import pictures
from tinyseq import applications, datasets

RECORD: dict[str, Any] = json.loads((Path(__file__).parent / "oracle" / "digit_net.json").read_text(encoding="utf-8"))
PARAMETERS = {"LeNet5": 61_706, "DigitNet": 390_410, "MiniXception": 58_423}
"""LeNet-5 as it is usually rebuilt; the other two as their authors' files hold them."""


@pytest.mark.parametrize("name", OWN)
def test_it_has_as_many_weights_as_published_in_both_packages(name: str) -> None:
    rules = find(name)
    assert rules is not None
    table = propagate(rules.build(RuleLayers(), weights=None))
    model = getattr(applications, name)(weights=None)
    assert model.count_params() == table.params == PARAMETERS[name]
    assert model.output_shape == (None, 7 if name == "MiniXception" else 10)
    features = getattr(applications, name)(weights=None, include_top=False, pooling="avg")
    assert features.output_shape == (None, {"LeNet5": 16}.get(name, 128))


def test_digit_net_answers_as_the_original_does() -> None:
    logits = np.array(RECORD["logits"])
    expected = np.exp(logits - logits.max(axis=1, keepdims=True))
    expected /= expected.sum(axis=1, keepdims=True)
    found = applications.DigitNet(weights="mnist").predict(pictures()[..., None])
    assert np.abs(found - expected).max() < 1e-3  # rounded to float16: 2e-4
    assert len({int(digit) for digit in expected.argmax(axis=1)}) >= 6


def test_rounding_the_weights_to_float16_changed_no_answer_on_the_5000_digits_that_it_was_probably_trained_on() -> None:
    right = {key.split()[-1]: value for key, value in RECORD.items() if key.startswith("right")}
    assert right["float16"] == right["float32"] == 4985


def test_it_reads_our_own_digits_which_it_was_not_trained_on() -> None:
    """8x8 digits of other writers, enlarged: far from what it knows, and far above guessing."""
    (_, _), (x, y) = datasets.digits.load_data()
    x = np.pad((x.astype(np.float32) * 255 / 16).repeat(3, axis=1).repeat(3, axis=2), ((0, 0), (2, 2), (2, 2)))
    found = applications.DigitNet(weights="mnist").predict(x[..., None]).argmax(axis=1)
    assert (found == y).mean() > 0.6


def test_without_its_top_it_reads_pictures_of_any_size_and_its_features_are_those_of_the_whole() -> None:
    base = applications.DigitNet(weights="mnist", include_top=False)
    whole = applications.DigitNet(weights="mnist")
    x = pictures()[..., None].astype(np.float32)
    features = base.predict(x)
    dense = whole.get_layer("dense1").get_weights()
    by_hand = np.maximum(features.reshape(16, -1) @ dense[0] + dense[1], 0)
    last = whole.get_layer("predictions").get_weights()
    assert np.array_equal((by_hand @ last[0] + last[1]).argmax(axis=1), whole.predict(x).argmax(axis=1))
    assert applications.DigitNet(weights="mnist", include_top=False, input_shape=(None, 40, 1)).output_shape == (None, None, 5, 128)


@pytest.mark.parametrize(
    ("options", "words"),
    [
        ({"weights": "imagenet"}, 'write weights="mnist", or weights=None'),
        ({"input_shape": (28, 28, 3)}, "1 channel"),
        ({"input_shape": (32, 32, 1)}, "the stored top reads 28x28 pictures"),
        ({"classes": 12}, "the stored top has 10 classes"),
        ({"weights": None, "input_shape": (4, 4, 1)}, "at least 8 x 8 pixels"),
        ({"weights": None, "input_shape": (None, 28, 1)}, "the top needs known sizes"),
        ({"input_shape": (28, 28)}, "three sizes"),
        ({"wieghts": None}, "wieghts"),
    ],
)
def test_arguments_that_do_not_fit_are_refused(options: dict[str, Any], words: str) -> None:
    with pytest.raises(ShapeError) as caught:
        applications.DigitNet(**options)
    assert words in str(caught.value)


def test_a_file_that_puts_a_head_on_it_is_proved() -> None:
    (file,) = check_source(
        "import tinyseq as keras\nfrom tinyseq import layers\n"
        'base = keras.applications.DigitNet(weights="mnist", include_top=False)\nbase.trainable = False\n'
        "model = keras.Sequential([base, layers.Flatten(), layers.Dense(10)])\n"
    ).files
    (base, model) = file.stacks
    assert (base.table.params, model.table.params, model.table.trainable_params) == (92_672, 104_202, 11_530)
    assert {row.verdict for row in model.rows} == {"proved"} and not file.findings
