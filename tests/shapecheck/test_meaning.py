"""Metrics that fit() refuses for labels that are numbers: as Keras 3.15 recorded; and warnings of training that means nothing."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from shapecheck import check_source

KERAS: dict[str, dict[str, str]] = json.loads((Path(__file__).parents[1] / "oracle" / "meaning.json").read_text("utf-8"))
HEAD = "import numpy as np\nimport keras\nfrom keras import layers\n"


def codes(body: str) -> list[str]:
    return [finding.code for finding in check_source(HEAD + body).findings]


@pytest.mark.parametrize("metric", KERAS)
def test_a_metric_is_refused_where_keras_refuses_it(metric: str) -> None:
    body = (
        "model = keras.Sequential([keras.Input((4,)), layers.Dense(10, activation='softmax')])\n"
        f"model.compile('sgd', 'sparse_categorical_crossentropy', metrics=[keras.metrics.{metric}()])\n"
    )
    assert codes(body) == (["SC310"] if KERAS[metric]["sparse_categorical_crossentropy"] else [])
    one_hot = body.replace("sparse_categorical", "categorical")
    assert ("SC318" in codes(one_hot)) is (KERAS[metric]["categorical_crossentropy"] != "" and metric == "SparseCategoricalAccuracy")


def test_accuracy_with_labels_of_two_classes_may_be_meant() -> None:
    body = (
        "model = keras.Sequential([keras.Input((4,)), layers.Dense(1)])\nmodel.compile('sgd', 'mse', metrics=['accuracy'])\n"
        "model.fit(np.zeros((50, 4)), np.random.randint(0, 2, size=50))\n"
    )
    assert codes(body) == []


def test_early_stopping_on_the_test_set_is_told_where_it_is_evaluated_on() -> None:
    body = (
        "(x, y), (x_test, y_test) = keras.datasets.boston_housing.load_data()\n"
        "model = keras.Sequential([keras.Input((13,)), layers.Dense(1)])\nmodel.compile('sgd', 'mse')\n"
        "model.fit(x, y, validation_data=(x_test, y_test), callbacks=[keras.callbacks.EarlyStopping()])\nmodel.evaluate(x_test, y_test)\n"
    )
    assert codes(body) == ["SC315"]


@pytest.mark.parametrize("end, where, advice", [
    ("layers.Dense(7, activation='softmax')", "the last layer", "write 9 units in the last layer"),
    ("layers.Dense(7), layers.Softmax()", "the layer dense", "write 9 units in the layer dense"),
    ("layers.Dense(7), layers.Dropout(0.1), layers.Activation('softmax')", "the layer dense", "write 9 units in the layer dense"),
    ("layers.Dense(7), layers.Reshape((7,)), layers.Softmax()", "the layer dense", "write 9 units in the layer dense"),
    ("layers.Dense(14), layers.Reshape((2, 7)), layers.GlobalMaxPooling1D(), layers.Softmax()", "the layer reshape",
     "make 9 the size of the output of the layer reshape"),
])  # fmt: skip
def test_the_layer_that_sets_the_number_of_outputs_is_named(end: str, where: str, advice: str) -> None:
    """A Softmax at the end has no units: SC313 said "in the last layer"."""
    source = (
        "import keras\nimport numpy as np\nfrom keras import layers\n"
        f"model = keras.Sequential([keras.Input((8,)), {end}])\nmodel.compile(loss='sparse_categorical_crossentropy')\n"
        "model.fit(np.zeros((200, 8)), np.random.randint(0, 9, size=200))\n"
    )
    (finding,) = [one for one in check_source(source).findings if one.code == "SC313"]
    assert f"{where} has 7 units" in finding.diagnostic.message() and finding.diagnostic.help() == advice
    assert all("units" not in str(repair.title) for repair in finding.repairs) is advice.startswith("make")
