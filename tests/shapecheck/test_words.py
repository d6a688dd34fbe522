"""Names of losses, metrics and optimizers: what Keras takes is known, and what is not known finds the name that was meant."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from shapecheck.did_you_mean import likely, words_of
from shapecheck.known_names import LOSSES, METRICS, OPTIMIZERS, known_loss, known_optimizer
from tinyseq.training import losses, metrics, optimizers

KERAS = json.loads((Path(__file__).parent.parent / "oracle" / "words.json").read_text(encoding="utf-8"))


def test_what_keras_takes_is_known() -> None:
    assert all(map(known_loss, KERAS["losses"])) and all(map(known_optimizer, KERAS["optimizers"]))
    assert {"_".join(words_of(name)) for name in KERAS["metrics"]} == METRICS


def test_no_name_is_known_that_keras_does_not_take() -> None:
    assert set(KERAS["losses"]) >= LOSSES
    assert {name.lower() for name in KERAS["optimizers"]} == OPTIMIZERS


def test_what_tinyseq_takes_is_known() -> None:
    assert all(map(known_loss, losses.NAMES)) and all(map(known_optimizer, optimizers.CLASSES.keys() - {*optimizers.BY_OBJECT_ONLY}))
    assert {"_".join(words_of(name)) for name in metrics.CLASSES} <= METRICS


@pytest.mark.parametrize("name", ["Mse", "BinaryCrossEntropy", "binarycrossentropy", "Binary_Crossentropy", "cce", "rmse", "", "loss", "é"])
def test_what_no_keras_takes_is_not_known(name: str) -> None:
    assert not known_loss(name) and name not in KERAS["losses"]


@pytest.mark.parametrize("name", sorted(LOSSES))
def test_a_name_without_one_letter_finds_the_name(name: str) -> None:
    """Short ones are too near to each other: "mse" and "msle"."""
    for place in range(len(name)) if len(name) > 8 else ():
        assert likely(name[:place] + name[place + 1 :], LOSSES)[0] == name


@pytest.mark.parametrize("given", ["", "_", "  ", "mse" * 100_000, "(" * 300, "ü" * 10, "\\", "a|b"])
def test_any_text_gets_an_answer(given: str) -> None:
    assert isinstance(likely(given, LOSSES), list)
