"""What a call of a model returns has the form in which its outputs were passed; an image data format that is unknown stays so."""

from __future__ import annotations

from typing import Any

import pytest

import shapecheck

MODEL = """
import keras, os
from keras import layers
x = keras.Input((8,))
h = layers.Dense(4)(x)
one, two, three = layers.Dense(3)(h), layers.Dense(2)(h), layers.Dense(1)(h)
inner = keras.Model(x, {outputs})
found = inner(x)
outer = keras.Model(x, layers.Dense(7)({taken}))
"""
FORMS = {
    ("{'a': one, 'b': two}", "found['b']"): 2,
    ("{'b': two, 'a': one}", "found['a']"): 3,
    ("[one, {'c': [two, three]}]", "found[1]['c'][1]"): 1,
    ("{'a': (one, two), 'b': three}", "found['a'][0]"): 3,
    ("{'a': one, 'b': two}", "inner.output['a']"): 3,
    ("{'a': three}", "found['a']"): 1,
}
"""The outputs of a model, what is taken of its call, and its last axis: Keras 3.15 finds the same (16 + 7 weights of that Dense)."""


def _tables(source: str) -> Any:
    return shapecheck.check_source(source).stacks


@pytest.mark.parametrize(("outputs", "taken"), FORMS)
def test_an_output_is_found_where_the_model_has_it(outputs: str, taken: str) -> None:
    row = _tables(MODEL.replace("{outputs}", outputs).replace("{taken}", taken))[1].table.rows[-1]
    assert row.params == FORMS[outputs, taken] * 7 + 7


IMAGES = """
import keras, os
{choice}
model = keras.Sequential([keras.Input((3, 32, 32)), keras.layers.Conv2D(8, 3), keras.layers.MaxPooling2D(), keras.layers.Flatten()])
"""


@pytest.mark.parametrize("call", ["keras.config.set_image_data_format", "keras.backend.set_image_data_format"])
@pytest.mark.parametrize("way", ["('channels_first')", "(data_format='channels_first')", "(order)"])
def test_channels_first_counts_for_layers_made_afterwards(call: str, way: str) -> None:
    stack = _tables(IMAGES.format(choice=f"order = 'channels_first'\n{call}{way}"))[0]
    assert stack.table.rows[-1].output.dims == (None, 8 * 15 * 15)


def test_an_unknown_data_format_is_no_error_of_the_layers() -> None:
    report = shapecheck.check_source(IMAGES.format(choice="keras.config.set_image_data_format(os.environ['ORDER'])"))
    assert [finding for finding in report.findings if finding.severity == "error"] == []
    assert report.stacks[0].table.rows[1].verdict == "unknown"
