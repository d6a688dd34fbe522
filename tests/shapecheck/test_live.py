"""A model in memory gives the same table as its source."""

from __future__ import annotations

from typing import Any

import pytest

import shapecheck
import tinyseq as keras
from shapecheck.graph import chain
from shapecheck.layers import find
from shapecheck.report import text
from shapecheck.shapes import Shape
from tinyseq import layers

CONV: Any = find("Conv2D")
SOURCE = """
import keras
from keras import layers
model = keras.Sequential([
    keras.Input((9, 7, 3)),
    layers.Conv2D(4, 3, strides=2, padding="same", activation="relu"),
    layers.BatchNormalization(),
    layers.Flatten(),
    layers.Dense(5),
])
"""


def rows(report: shapecheck.Report) -> list[tuple[object, ...]]:
    """(class, output, parameters, trainable ones) of every layer but the Input."""
    table = report.stacks[0].table
    return [(row.class_name, row.output.dims, row.params, row.trainable_params) for row in table.rows[1:]]


def test_a_sequential_gives_the_table_of_its_source() -> None:
    model = keras.Sequential(
        [
            keras.Input((9, 7, 3)), layers.Conv2D(4, 3, strides=2, padding="same", activation="relu"),
            layers.BatchNormalization(), layers.Flatten(), layers.Dense(5),
        ]
    )  # fmt: skip
    assert rows(shapecheck.check(model)) == rows(shapecheck.check_source(SOURCE))


def test_what_is_no_model_is_refused() -> None:
    with pytest.raises(TypeError, match="pass a Sequential"):
        shapecheck.check(3)


def test_a_graph_that_breaks_gets_proved_repairs() -> None:
    rules = [CONV(4, 5), CONV(4, 3)]
    (finding,) = shapecheck.check(chain(rules, input_shape=Shape((None, 6, 6, 1)))).findings
    assert (finding.code, finding.name) == ("SC101", "conv2d_1")
    assert [repair.title for repair in finding.repairs] == [
        'padding="same" on conv2d_1 only', 'padding="same" on both Conv2D', "input of at least 7x7", "conv2d_1: kernel_size=2"
    ]  # fmt: skip
    assert "works" in text.render(shapecheck.check(chain(rules, input_shape=Shape((None, 6, 6, 1)))))
