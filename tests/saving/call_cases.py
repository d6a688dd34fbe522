"""Models whose calls say more than their inputs: options, masks, states, training=. Built by ours and, for the recording, by Keras."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

STEPS, FEATURES = 6, 8


def inputs() -> Any:
    return np.random.default_rng(0).random((3, STEPS, FEATURES), np.float32)


def causal(k: Any) -> Any:
    x = k.Input((STEPS, FEATURES))
    return k.Model(x, k.layers.MultiHeadAttention(2, 4)(x, x, use_causal_mask=True))


def scores(k: Any) -> Any:
    x = k.Input((STEPS, FEATURES))
    return k.Model(x, k.layers.MultiHeadAttention(2, 4)(x, x, return_attention_scores=True)[1])


def looking_back(k: Any) -> Any:
    x = k.Input((STEPS, FEATURES))
    return k.Model(x, k.layers.Attention()([x, x], use_causal_mask=True))


def states(k: Any) -> Any:
    x = k.Input((STEPS, FEATURES))
    _, hidden, carry = k.layers.LSTM(4, return_state=True)(x)
    return k.Model(x, k.layers.LSTM(4)(x, initial_state=[hidden, carry]))


def masked(k: Any) -> Any:
    x = k.Input((STEPS, FEATURES))
    return k.Model(x, k.layers.GRU(3)(k.layers.Masking(0.5)(x)))


def frozen_base(k: Any) -> Any:
    base = k.Sequential([k.Input((STEPS, FEATURES)), k.layers.Dense(4), k.layers.BatchNormalization()])
    x = k.Input((STEPS, FEATURES))
    return k.Model(x, k.layers.Dense(2)(base(x, training=False)))


def used_twice(k: Any) -> Any:
    """One layer, called plainly and with an option: its weights are there once."""
    x, layer = k.Input((STEPS, FEATURES)), k.layers.MultiHeadAttention(2, 4)
    return k.Model(x, k.layers.Add()([layer(x, x), layer(x, x, use_causal_mask=True)]))


CASES: dict[str, Callable[[Any], Any]] = {
    case.__name__: case for case in (causal, scores, looking_back, states, masked, frozen_base, used_twice)
}
