"""Record what Keras returns from models of one tensor, a list of one, and a dictionary of one -> lists.json.

    python -m tests.oracle.record_lists
"""

import json
import warnings
from typing import Any

import numpy as np

from tests.data.lists_of_one import FORMS, ends
from tests.oracle.keras_side import keras, write


def shape_of(value: Any) -> Any:
    """A tensor's sizes, in the list or dictionary that holds it."""
    if isinstance(value, dict):
        return {key: shape_of(one) for key, one in value.items()}
    if isinstance(value, list):
        return [shape_of(one) for one in value]
    return list(value.shape)


def answers(form: str) -> dict[str, Any]:
    """Of a model Dense(2) on three features."""
    one = keras.Input((3,), name="i")
    inputs, outputs = ends(form, one, keras.layers.Dense(2, name="d")(one))
    model = keras.Model(inputs, outputs)
    x = np.ones((4, 3), np.float32)
    given = {"i": x} if "dictionary" in form else x
    config = json.loads(model.to_json())["config"]
    return {
        "predict": shape_of(model.predict(given, verbose=0)),
        "predict_on_batch": shape_of(model.predict_on_batch(given)),
        "call": shape_of(model(given)),
        "output_shape": model.output_shape,
        "input_shape": model.input_shape,
        "output": shape_of(model.output),
        "input": shape_of(model.input),
        "input_layers": config["input_layers"],
        "output_layers": config["output_layers"],
    }


if __name__ == "__main__":
    warnings.simplefilter("ignore")
    write("lists.json", {form: answers(form) for form in FORMS})
