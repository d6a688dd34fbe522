"""Record what Keras does with registered classes and functions: names, look-ups in scopes, and a file that holds them.

    python -m tests.oracle.record_registered      (where keras is installed)
"""

from __future__ import annotations

import base64
import json
import tempfile
from pathlib import Path
from typing import Any

import keras
import numpy as np

TARGET = Path(__file__).with_name("registered.json")


def main() -> None:
    """One model with a registered layer, which holds another, a registered activation in a Lambda, and a registered loss."""

    @keras.saving.register_keras_serializable(package="shop")
    class Scaled(keras.layers.Layer):
        def __init__(self, inner: Any = None, factor: float = 2.0, **options: Any) -> None:
            super().__init__(**options)
            self.inner, self.factor = keras.saving.deserialize_keras_object(inner), factor

        def build(self, input_shape: Any) -> None:
            self.inner.build(input_shape)

        def call(self, x: Any) -> Any:
            return self.inner(x) * self.factor

        def compute_output_shape(self, input_shape: Any) -> Any:
            return (*input_shape[:-1], 3)

        def get_config(self) -> dict[str, Any]:
            return {**super().get_config(), "factor": self.factor, "inner": keras.saving.serialize_keras_object(self.inner)}

    @keras.saving.register_keras_serializable("shop", "twice")
    def double(x: Any) -> Any:
        return 2 * x

    @keras.saving.register_keras_serializable()
    def own_error(t: Any, p: Any) -> Any:
        return keras.ops.mean(keras.ops.abs(t - p), axis=-1)

    keras.utils.set_random_seed(4)
    inner = keras.saving.serialize_keras_object(keras.layers.Dense(3, kernel_initializer=keras.initializers.RandomNormal(stddev=0.5)))
    model = keras.Sequential([keras.Input((4,)), Scaled(inner, 3.0), keras.layers.Lambda(double)])
    model.compile("sgd", loss=own_error)
    x = np.random.default_rng(5).normal(size=(5, 4)).astype("float32")
    y = np.ones((5, 3), "float32")
    with tempfile.TemporaryDirectory() as folder:
        model.save(f"{folder}/m.keras")
        file = Path(folder, "m.keras").read_bytes()
    found = {
        "names": [keras.saving.get_registered_name(one) for one in (Scaled, double, own_error, main)],
        "file": base64.b64encode(file).decode(),
        "x": x.tolist(),
        "predicted": model.predict(x, verbose=0).tolist(),
        "loss": model.evaluate(x, y, verbose=0),
    }
    TARGET.write_text(json.dumps(found, indent=0) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
