"""Public reports of surprising numbers in training, rebuilt: tinyseq finds what Keras 3.15 finds."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import numpy as np
import pytest

import tinyseq
from tests.oracle import reported_training

RECORDED = json.loads((Path(__file__).parents[1] / "oracle" / "reported.json").read_text(encoding="utf-8"))


def close(ours: Any, theirs: Any) -> None:
    assert type(ours) is type(theirs)
    if isinstance(theirs, dict):
        assert sorted(ours) == sorted(theirs)
        for key, one in theirs.items():
            close(ours[key], one)
    elif isinstance(theirs, list):
        assert len(ours) == len(theirs)
        for mine, other in zip(ours, theirs, strict=True):
            close(mine, other)
    elif isinstance(theirs, float):
        np.testing.assert_allclose(ours, theirs, rtol=2e-5, atol=2e-6)
    else:
        assert ours == theirs


@pytest.mark.parametrize("case", reported_training.CASES, ids=lambda case: case.__name__)
def test_the_numbers_are_those_of_keras(case: Any) -> None:
    close(reported_training.run(tinyseq, case), RECORDED[case.__name__])
