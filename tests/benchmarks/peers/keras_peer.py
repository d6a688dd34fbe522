"""Keras on TensorFlow: predict_on_batch and train_on_batch."""

from __future__ import annotations

from functools import partial
from typing import Any

from tests.benchmarks.cases import Case, Contender, Make, losses
from tests.benchmarks.keras_style import compiled
from tests.benchmarks.peers.tensorflow_peer import tensorflow


def variants(case: Case) -> dict[str, Make]:
    """With XLA and without: which one is faster depends on the net. One layer alone is TensorFlow's own row."""
    if len(case.net.parts) == 1:  # a net that is built by a function has none
        return {}
    return {"Keras (TF)": partial(contender, jit=False), "Keras (XLA)": partial(contender, jit=True)}


def contender(case: Case, jit: bool) -> Contender:
    """The *_on_batch call."""
    tensorflow(case.threads)
    import keras

    model = compiled(keras, case.net, case.weights, jit_compile=jit)
    same = model if case.net.comparable is case.net else compiled(keras, case.net.comparable, case.weights, jit_compile=jit)
    if case.task == "predict":
        return Contender(lambda: model.predict_on_batch(case.x), lambda: model.predict_on_batch(case.x))

    def step() -> Any:
        same.reset_metrics()  # else the loss that comes back is the mean of all steps so far
        return same.train_on_batch(case.x, case.y)

    return Contender(lambda: model.train_on_batch(case.x, case.y), lambda: losses(step))
