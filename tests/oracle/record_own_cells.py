"""Record what Keras computes for the cells of tests/data/own_cells.py -> own_cells.json.

    python -m tests.oracle.record_own_cells

All outputs, and the gradients of the sum of output * g with respect to the input and the weights, in Keras's order.
"""

from typing import Any

import numpy as np
import tensorflow as tf

from tests.data.own_cells import CASES, inputs, numbers
from tests.oracle.keras_side import keras, write


def answer(name: str) -> dict[str, Any]:
    layer, x = CASES[name](keras), tf.constant(inputs(name))
    layer(x)
    layer.set_weights([numbers(name, f"weight {i}", tuple(weight.shape)) for i, weight in enumerate(layer.weights)])
    with tf.GradientTape() as tape:
        tape.watch(x)
        found = layer(x)
        outputs = list(found) if isinstance(found, (list, tuple)) else [found]
        loss = tf.add_n([tf.reduce_sum(y * numbers(name, f"gradient {i}", tuple(y.shape))) for i, y in enumerate(outputs)])
    gradients = tape.gradient(loss, [x, *(weight.value for weight in layer.trainable_weights)])
    return {"outputs": [np.asarray(y).tolist() for y in outputs], "gradients": [np.asarray(g).tolist() for g in gradients]}


def main() -> None:
    write("own_cells.json", {name: answer(name) for name in CASES})


if __name__ == "__main__":
    main()
