"""The numbers of lesson 6 are those that tests/tutorials/devanagari.py recorded, and they say what the lesson says."""

from __future__ import annotations

import ast
import json
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from tests.tutorials import devanagari
from tests.tutorials.form import code
from tests.tutorials.notebooks import FOLDER, read
from tinyseq.plotting import interval

RECORD: dict[str, Any] = json.loads(devanagari.RECORD.read_text(encoding="utf-8"))
LISTS = {"pretrained": "pretrained frozen", "random_base": "random frozen", "scratch": "from scratch", "opened": "fine-tuned"}
"""The lesson's names, and those of the record."""


def accuracies(arm: str) -> list[float]:
    """The test accuracy of each seed."""
    return [seed[arm]["test"] for seed in RECORD["seeds"].values()]


def lists(source: Path) -> dict[str, list[float]]:
    """The lists of numbers that a lesson assigns."""
    found = {}
    for text in code(read(source)):
        for node in ast.walk(ast.parse(text)):
            if isinstance(node, ast.Assign) and isinstance(node.targets[0], ast.Name) and node.targets[0].id in LISTS:
                found[node.targets[0].id] = ast.literal_eval(node.value)
    return found


def test_ten_seeds_were_recorded_of_every_arm_each_with_the_same_rates() -> None:
    assert list(RECORD["seeds"]) == [str(seed) for seed in devanagari.SEEDS] and len(devanagari.SEEDS) == 10
    for seed in RECORD["seeds"].values():
        assert list(seed) == [*devanagari.ARMS, "its own answer"]
        for name in devanagari.ARMS:
            assert seed[name]["rate"] in devanagari.RATES and 1 <= seed[name]["epoch"] <= devanagari.EPOCHS


@pytest.mark.parametrize("name", ["06_transfer.py", "06_transfer_hi.py"])
def test_the_lesson_shows_the_recorded_numbers(name: str) -> None:
    assert lists(FOLDER / name) == {here: accuracies(there) for here, there in LISTS.items()}


def test_the_gain_of_ten_pairs_is_at_least_eight_points_and_its_interval_lies_above_zero() -> None:
    """By hand: the mean difference, and 2.262 standard errors (Student's t, nine degrees of freedom)."""
    gain = np.array(accuracies("pretrained frozen")) - np.array(accuracies("from scratch"))
    half = 2.262 * gain.std(ddof=1) / np.sqrt(10)
    assert gain.mean() >= 0.08 and gain.mean() - half > 0
    assert interval(list(gain)) == pytest.approx((gain.mean(), gain.mean() - half, gain.mean() + half))


def test_the_learnt_weights_are_what_helps() -> None:
    against_random = np.array(accuracies("pretrained frozen")) - np.array(accuracies("random frozen"))
    assert interval(list(against_random))[1] > 0
    assert max(accuracies("its own answer")) < min(accuracies("pretrained frozen"))


def test_a_run_of_the_experiment_keeps_the_best_epoch_on_validation(monkeypatch: pytest.MonkeyPatch) -> None:
    """One arm, two rates, few epochs: what is tested is the epoch that was best on validation, not the last one."""
    monkeypatch.setattr(devanagari, "RATES", (0.01, 1e-7))
    monkeypatch.setattr(devanagari, "EPOCHS", 4)
    (x, y), test = devanagari.datasets.devanagari.load_data()
    x, test = x[..., None], (test[0][:100, ..., None], test[1][:100])
    found = devanagari.arm("pretrained frozen", 1, ((x[:100], y[:100]), (x[600:700], y[600:700]), test))
    assert found["rate"] == 0.01 and 1 <= found["epoch"] <= 4 and found["validation"] > 0.6 and found["test"] > 0.4
