"""Record what Keras's fit() says of each metric with both kinds of class labels -> meaning.json: "" or the exception's type.

    python -m tests.oracle.record_meaning
"""

from __future__ import annotations

from typing import Any

import numpy as np

from tests.oracle.keras_side import keras, write

METRICS = (
    "Accuracy", "BinaryAccuracy", "CategoricalAccuracy", "SparseCategoricalAccuracy", "Precision", "Recall", "AUC", "F1Score",
    "TruePositives",
    "FalseNegatives", "TopKCategoricalAccuracy", "MeanSquaredError",
)  # fmt: skip


def verdict(metric: str, loss: str, y: Any) -> str:
    """One step of a ten-class model with this metric."""
    model = keras.Sequential([keras.Input((4,)), keras.layers.Dense(10, activation="softmax")])
    model.compile("sgd", loss, metrics=[getattr(keras.metrics, metric)()])
    try:
        model.fit(np.zeros((32, 4), np.float32), y, batch_size=32, verbose=0)
    except Exception as error:  # the type is what is recorded
        return type(error).__name__
    return ""


if __name__ == "__main__":
    numbers = np.arange(32) % 10
    one_hot = np.eye(10, dtype=np.float32)[numbers]
    found = {
        metric: {
            "sparse_categorical_crossentropy": verdict(metric, "sparse_categorical_crossentropy", numbers),
            "categorical_crossentropy": verdict(metric, "categorical_crossentropy", one_hot),
        }
        for metric in METRICS
    }
    write("meaning.json", found)
