"""Branches that come together with other sizes through their paddings (SC206): the repair makes the paddings equal."""

from __future__ import annotations

import pytest

import tinyseq
from shapecheck import check_source
from shapecheck.diagnostics.base import ShapeError
from tests.data.several_inputs import HEADER
from tinyseq import layers

MODEL = """i = keras.Input((27, 21, 3))
a = {one}(i)
a = {two}(a)
b = {other}(i)
model = keras.Model(i, {merged}([a, b]))
"""
SAME, VALID = "layers.Conv2D(4, 3, strides=2, padding='same')", "layers.Conv2D(4, 3, strides=2)"
NEXT, ONWARD = "layers.Conv2D(4, 3, padding='same')", "layers.Activation('relu')"


@pytest.mark.parametrize("merged", ["layers.add", "layers.Concatenate()", "layers.Average()"])
@pytest.mark.parametrize(
    "one, two, other, titles",
    [
        (SAME, ONWARD, VALID, ['line 7: padding="same"', 'line 5: padding="valid"']),
        (SAME, NEXT, VALID, ['line 7: padding="same"', 'line 5: padding="valid"']),
        (VALID, NEXT, "layers.MaxPooling2D(2, padding='same'), layers.Conv2D(4, 1)", ['line 5: padding="same"']),
        (VALID, NEXT, "layers.Conv2D(4, 2, strides=2, padding='same')", ['line 5: padding="same"', 'line 7: padding="valid"']),
        ("layers.Conv2D(4, 3)", "layers.Conv2D(4, 3, padding='same')", "layers.Conv2D(4, 1)", ['line 5: padding="same"']),
    ],
)
def test_equal_paddings_are_offered_and_proved(one: str, two: str, other: str, titles: list[str], merged: str) -> None:
    written = f"keras.Sequential([{other}])" if "), " in other else other
    source = HEADER + MODEL.format(one=one, two=two, other=written, merged=merged)
    (finding,) = check_source(source, "branches.py").findings
    assert finding.code == "SC206"
    assert [repair.title for repair in finding.repairs if repair.proved] == titles


def test_tinyseq_offers_them_by_the_names_of_the_layers() -> None:
    i = tinyseq.Input((27, 21, 3))
    a = layers.Conv2D(4, 3, strides=2, padding="same", name="a")(i)
    b = layers.Conv2D(4, 3, strides=2, name="b")(i)
    with pytest.raises(ShapeError) as caught:
        layers.Add()([a, b])
    assert [repair.title for repair in caught.value.repairs] == ['b: padding="same"', 'a: padding="valid"']


def test_the_filters_of_either_branch_are_offered_where_the_channels_differ() -> None:
    source = HEADER + MODEL.format(one=SAME, two=NEXT, other="layers.Conv2D(5, 3, strides=2, padding='same')", merged="layers.add")
    (finding,) = check_source(source, "branches.py").findings
    assert finding.code == "SC206"
    assert [repair.title for repair in finding.repairs if repair.proved] == ["line 7: filters=4", "line 6: filters=5"]
