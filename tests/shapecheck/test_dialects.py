"""Older spellings and settings: canonical where the file proves an older Keras, reported where it does not."""

from __future__ import annotations

import pytest

from shapecheck import check_source
from shapecheck.findings import FileReport

HEAD = "from keras import backend as K\nfrom keras.layers import *\nfrom keras.models import Sequential\n"


def read(text: str, dialect: int | None = None) -> FileReport:
    (file,) = check_source(HEAD + text, "old.py", dialect).files
    return file


def found(text: str, dialect: int | None = None) -> list[tuple[str, str]]:
    return [(finding.code, finding.severity) for finding in read(text, dialect).findings]


@pytest.mark.parametrize(
    ("text", "codes"),
    [
        ("m = Sequential([TextVectorization(output_mode='binary', max_tokens=5)])", []),
        ("m = Sequential([Input((5, 3)), LSTM(4, implementation=2)])", []),
        ("m = Sequential([Input((5,)), GaussianNoise(15.0)])", [("SC401", "error")]),
        ("m = Sequential([Input((5,)), GaussianNoise(1)])", []),
        ("m = Sequential([Input((5,)), Dense(3, init='uniform')])", [("SC702", "error")]),
        ("m = Sequential([Input((5,)), Dense(3, kernel_regularizer='l1_l2')])", [("SC401", "error")]),
        ("s = set()\nfor t in texts:\n    s.add(t)\nm = Sequential([Input((None, len(s))), LSTM(3)])", []),
    ],
)
def test_keras_3_is_assumed_and_takes_what_it_takes(text: str, codes: list[tuple[str, str]]) -> None:
    assert found(text) == codes


def test_noise_beyond_1_is_fine_in_an_older_keras() -> None:
    assert found("m = Sequential([Input((5,)), GaussianNoise(15.0)])", dialect=2) == []


def test_l1_l2_is_a_name_in_an_older_keras() -> None:
    assert found("m = Sequential([Input((5,)), Dense(3, kernel_regularizer='l1_l2')])", dialect=2) == []


def test_a_class_that_keras_3_lacks_is_a_finding_unless_an_older_keras_is_asked_for() -> None:
    text = "m = Sequential([Deconvolution2D(3, 3, 3, border_mode='same', input_shape=(8, 8, 3))])"
    assert ("SC703", "error") in found(text) and ("SC703", "error") in found(text, dialect=3)
    assert found(text, dialect=1) == found(f"# keras==1.2.2\n{text}") == []


def test_channels_first_set_in_a_part_that_does_not_parse_counts_for_the_whole_file() -> None:
    text = (
        "def build():\n    m = Sequential([Conv2D(8, 3, input_shape=(1, 28, 28)), MaxPooling2D()])\n    return m\n"
        "if True:\n    K.set_image_dim_ordering('th')\n    print 'x'\n"
    )
    file = read(text)
    assert file.findings == []
    assert str(file.stacks[0].rows[-1].output) == "(None, 8, 13, 13)"


def test_a_picture_that_may_be_channels_first_in_an_older_keras_is_no_error() -> None:
    text = "m = Sequential([Conv2D(8, 3, 3, input_shape=(3, 32, 32)), Conv2D(8, 3, 3)])"
    assert "error" not in {severity for _, severity in found(text, dialect=1)}
    assert "error" in {severity for _, severity in found(text, dialect=3)}


def test_what_a_third_number_of_conv2d_meant_in_keras_2_is_not_guessed() -> None:
    old = "from keras.layers.core import Dense\nm = Sequential([Input((30, 30, 1)), Conv2D(8, 3, 3), Flatten(), Dense(2)])"
    _, conv, *rest = read(old).stacks[0].rows
    assert conv.verdict == "unknown" and "Keras 2.4" in conv.reason
    assert [row.verdict for row in rest] == ["unknown", "unknown"]
    assert [str(row.output) for row in read(old.replace("Conv2D", "Convolution2D")).stacks[0].rows][1] == "(None, 28, 28, 8)"
    assert [str(row.output) for row in read(old, dialect=1).stacks[0].rows][1] == "(None, 28, 28, 8)"
    assert [str(row.output) for row in read(old, dialect=3).stacks[0].rows][1] == "(None, 10, 10, 8)"
