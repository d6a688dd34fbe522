"""Record what Keras's preprocessing layers compute for the lines of tests/data/preprocessing.py -> preprocessing.json.

    python -m tests.oracle.record_preprocessing
"""

from typing import Any

import numpy as np
import tensorflow as tf

from tests.data.preprocessing import LINES, PIXELS, Line, given_of, images
from tests.oracle.keras_side import keras, write


def plain(value: Any) -> Any:
    """A tensor as nested lists, bytes as str."""
    array = np.asarray(value)
    return [plain(item) for item in array] if array.ndim else _one(array.item())


def _one(value: Any) -> Any:
    return value.decode() if isinstance(value, bytes) else round(value, 7) if isinstance(value, float) else value


def answer(line: Line) -> Any:
    """The output, and the vocabulary or the boundaries that adapt() found."""
    layer = getattr(keras.layers, line.layer)(**line.arguments)
    if line.adapt is not None:
        layer.adapt(np.array(line.adapt))
    found = getattr(layer, "bin_boundaries", None) if line.layer == "Discretization" else None
    found = layer.get_vocabulary() if hasattr(layer, "get_vocabulary") else found
    return {"output": plain(layer(given_of(line))), "found": None if found is None else plain(found)}


def pixels(line: Line) -> Any:
    """The output and the gradient of its sum of squares."""
    layer = getattr(keras.layers, line.layer)(**line.arguments)
    x = tf.constant(images(line))
    with tf.GradientTape() as tape:
        tape.watch(x)
        y = layer(x)
        loss = tf.reduce_sum(y * y)
    return {"output": plain(y), "gradient": plain(tape.gradient(loss, x))}


def main() -> None:
    write("preprocessing.json", {line.key: answer(line) for line in LINES} | {line.key: pixels(line) for line in PIXELS})


if __name__ == "__main__":
    main()
