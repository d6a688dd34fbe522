"""Lambda functions and layer classes of the file, followed: the table is Keras's."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from shapecheck import check_source
from tests.data.own_code import texts
from tests.shapecheck.expected import main_stack

KERAS: dict[str, Any] = json.loads((Path(__file__).parent.parent / "oracle" / "own_code.json").read_text("utf-8"))
HEAD = "import tensorflow as tf\nimport keras\nfrom keras import layers, ops\nfrom keras.layers import Dense, Input, Lambda\n"
UNCERTAIN = {
    "a function that is not in the file": "strange(x)",
    "a function of a library that is not known": "tf.linalg.qr(x)",
    "an argument that is not understood": "tf.reduce_sum(x, axis=1, strange=3)",
    "an axis that cannot be told": "tf.reduce_sum(x, axis=n)",
    "tensors that do not fit": "x + tf.zeros((3, 3))",
    "a place that is not there": "x[:, 9]",
    "a slice that cannot be told": "x[:, :n]",
    "a reshape that does not come out even": "tf.reshape(x, (7, 3))",
    "one of two shapes": "x if flag else x[:, 0]",
    "an axis of 1 that is not": "tf.squeeze(x, axis=1)",
    "what another layer makes of it": "Dense(3)(x)",
}


def test_every_case_is_recorded() -> None:
    assert set(texts()) == set(KERAS)


@pytest.mark.parametrize("name", texts())
def test_the_table_is_keras_s_table(name: str) -> None:
    (file,) = check_source(texts()[name], "own.py").files
    rows = [row for row in main_stack(file).rows if row.node.inputs]
    ours = [(list(row.output.dims or ()), row.params, row.trainable_params, row.verdict) for row in rows]
    layers = [layer for layer in KERAS[name]["layers"] if layer["class"] != "InputLayer"]
    keras = [(layer["output_shape"], layer["params"], layer["trainable_params"], "proved") for layer in layers]
    assert ours == keras


@pytest.mark.parametrize("name", UNCERTAIN)
def test_a_function_that_cannot_be_followed_leaves_nothing_proved(name: str) -> None:
    source = HEAD + f"m = keras.Sequential([Input((5, 4)), Lambda(lambda x: {UNCERTAIN[name]}), Dense(2)])\n"
    rows = main_stack(check_source(source, "own.py")).rows
    assert [row.verdict for row in rows] == ["proved", "unknown", "unknown"]


CLASS = """
class Own(layers.Layer):
    def __init__(self):
        super().__init__()
        self.dense = Dense(4)

    def build(self, shape):
        self.w = self.add_weight(shape=(shape[-1], 4))

    def call(self, x, training=None):
        return self.dense(x) @ self.w

m = keras.Sequential([Input((4,)), Own(), Dense(2)])
"""
CHANGES = {
    "a weight under a condition": (
        "        self.w = ", "        if flag:\n            self.v = self.add_weight(shape=(3,))\n        self.w = "
    ),
    "a weight of unknown shape": ("(shape[-1], 4)", "(shape[-1], n)"),
    "a name first, which Keras 3 refuses": ("self.add_weight(shape=", "self.add_weight('w', shape="),
    "a layer that is called in training only": (
        "        return ", "        if training:\n            x = layers.BatchNormalization()(x)\n        return "
    ),
    "another base": ("(layers.Layer)", "(layers.Dense)"),
    "a call of its own": ("    def call", "    def __call__(self, x):\n        return x\n\n    def call"),
    "an output shape that says something else": (
        "    def call", "    def compute_output_shape(self, shape):\n        return (*shape[:-1], 9)\n\n    def call"
    ),
    "weights that may be trained or not": ("4))", "4), trainable=flag)"),
}  # fmt: skip


def test_the_class_is_counted_as_it_stands() -> None:
    rows = main_stack(check_source(HEAD + CLASS)).rows
    assert [(row.params, row.verdict) for row in rows] == [(0, "proved"), (36, "proved"), (10, "proved")]


@pytest.mark.parametrize("name", CHANGES)
def test_a_class_of_which_something_cannot_be_told_is_not_proved(name: str) -> None:
    text = CLASS.replace(*CHANGES[name])
    assert text != CLASS
    assert main_stack(check_source(HEAD + text)).rows[1].verdict == "unknown"
