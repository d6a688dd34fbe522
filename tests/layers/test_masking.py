"""Which layers pass the mask of their input on, as Keras recorded it (record_masking.py), and that later layers see it."""

from __future__ import annotations

import json
import warnings
from pathlib import Path
from typing import Any

import numpy as np
import pytest

import tinyseq
from tests.data.computing import layer_class
from tinyseq import layers
from tinyseq.engine.operator import Operator

KERAS: dict[str, bool] = json.loads((Path(__file__).parents[1] / "oracle" / "masking.json").read_text(encoding="utf-8"))
OTHERWISE = {"Embedding", "Dot"}
"""Embedding makes a mask if mask_zero; Keras's Dot says that it supports masks and returns none."""


def passes(layer: Any) -> bool:
    """Whether a mask goes through the class, or through the layers that it puts in its place."""
    return bool(layer.supports_masking) or layer.inside is not Operator.inside


@pytest.mark.parametrize("name", [name for name in KERAS if layer_class(name) is not None and name not in OTHERWISE])
def test_a_layer_passes_masks_on_if_keras_does(name: str) -> None:
    kind = layer_class(name)
    if KERAS[name]:
        assert passes(kind), f"{name} destroys masks, Keras's does not"
    else:
        assert not kind.supports_masking, f"{name} passes masks on, Keras's does not"


@pytest.mark.parametrize("name", ["Dropout", "SpatialDropout1D", "GaussianNoise", "GaussianDropout", "AlphaDropout"])
def test_padding_stays_padding_behind_dropout(name: str) -> None:
    model = tinyseq.Sequential([
        tinyseq.Input((6,), dtype="int32"), layers.Embedding(5, 3, mask_zero=True), getattr(layers, name)(0.5), layers.LSTM(4),
    ])  # fmt: skip
    short, padded = np.array([[1, 2, 3]]), np.array([[1, 2, 3, 0, 0, 0]])
    with warnings.catch_warnings():
        warnings.simplefilter("error")  # no mask is destroyed
        outputs = model(padded)
        lstm = model.layers[-1](model.layers[0](short))
    np.testing.assert_allclose(outputs, lstm, atol=1e-6)
