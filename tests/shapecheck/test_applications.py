"""The known networks of keras.applications: shapes and parameter counts as Keras 3.15 reports them."""

from __future__ import annotations

import pytest

from shapecheck import check_source

HEAD = "import keras\nfrom keras import layers\n"

MEASURED = {
    "VGG16": (14714688, 14714688, "(None, 10, 9, 512)"),
    "ResNet50": (23587712, 23534592, "(None, 11, 10, 2048)"),
    "MobileNet": (3228864, 3206976, "(None, 10, 9, 1024)"),
    "DenseNet121": (7037504, 6953856, "(None, 10, 9, 1024)"),
    "EfficientNetB3": (10783535, 10696232, "(None, 11, 10, 1536)"),
    "InceptionV3": (21802784, 21768352, "(None, 9, 8, 2048)"),
    "Xception": (20861480, 20806952, "(None, 11, 10, 2048)"),
    "NASNetMobile": (4269716, 4232978, "(None, 11, 10, 1056)"),
}
"""For pictures of 331 x 299 x 3, without top: parameters, those trained, output."""


@pytest.mark.parametrize("network", MEASURED)
def test_a_network_without_its_top_has_the_measured_shape_and_counts(network: str) -> None:
    text = f"b = keras.applications.{network}(include_top=False, input_shape=(331, 299, 3))\nm = keras.Sequential([b, layers.Flatten()])\n"
    (stack,) = check_source(HEAD + text).stacks
    row = stack.rows[0]
    assert (row.params, row.trainable_params, str(row.output)) == MEASURED[network]
    assert [row.verdict for row in stack.rows] == ["proved", "proved"]


def test_a_frozen_network_has_nothing_to_train_and_an_opened_one_is_not_counted() -> None:
    text = HEAD + "b = keras.applications.VGG16(include_top=False, input_shape=(64, 64, 3))\n{}\nm = keras.Sequential([b])\n"
    (frozen,) = check_source(text.format("b.trainable = False")).stacks
    (opened,) = check_source(text.format("for l in b.layers[:4]:\n    l.trainable = False")).stacks
    assert (frozen.rows[0].params, frozen.rows[0].trainable_params) == (14714688, 0)
    assert not isinstance(opened.rows[0].params, int)


@pytest.mark.parametrize("more", ["alpha=0.5", "input_shape=(64, 64, 4), weights=None", "input_tensor=t"])
def test_a_network_that_is_not_the_ordinary_one_is_not_counted(more: str) -> None:
    text = f"b = keras.applications.MobileNetV2(include_top=False, {more})\nm = keras.Sequential([b])\n"
    (stack,) = check_source(HEAD + text).stacks
    assert not isinstance(stack.rows[0].params, int)


def test_with_its_top_a_dense_layer_is_added() -> None:
    (stack,) = check_source(HEAD + "m = keras.Sequential([keras.applications.ResNet50()])\n").stacks
    assert (stack.rows[0].params, str(stack.rows[0].output)) == (25636712, "(None, 1000)")
