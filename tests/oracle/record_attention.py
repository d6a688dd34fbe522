"""Record what Keras computes for the calls of tests/data/attention.py -> attention.npz.

    python -m tests.oracle.record_attention

Outputs, and the gradients of sum(output * g) with respect to inputs and weights, in float32 as TensorFlow gives them.
"""

from typing import Any

import numpy as np
import tensorflow as tf

from tests.data.attention import LINES, Line
from tests.oracle.keras_side import HERE, PUBLIC, keras

MULTI = ("MultiHeadAttention", "GroupedQueryAttention")


def called(layer: Any, line: Line, inputs: list[Any]) -> list[Any]:
    """The outputs as a list. MultiHeadAttention of this version takes a query's mask from the tensor only: no line has one."""
    options = {name: value for name, value in line.options.items() if not isinstance(value, tuple)}
    masks = line.masks()
    if line.layer in MULTI:
        found = layer(*inputs, **options, **masks)
    else:
        listed = [masks.get("query_mask"), masks.get("value_mask")] if masks else None
        found = layer(inputs, mask=listed, **options)
    return list(found) if isinstance(found, (tuple, list)) else [found]


def answered(line: Line) -> dict[str, Any]:
    """Everything of one line by name."""
    layer = getattr(keras.layers, PUBLIC.get(line.layer, line.layer))(**line.arguments)
    inputs = [tf.constant(array) for array in line.arrays()]
    called(layer, line, inputs)
    layer.set_weights(line.weights([tuple(weight.shape) for weight in layer.weights]))
    with tf.GradientTape() as tape:
        tape.watch(inputs)
        outputs = called(layer, line, inputs)
        gradients = line.gradients([tuple(output.shape) for output in outputs])
        loss = tf.add_n([tf.reduce_sum(y * g) for y, g in zip(outputs, gradients, strict=True)])
    variables = [weight.value for weight in layer.trainable_weights]
    found = tape.gradient(loss, inputs + variables, unconnected_gradients="zero")
    answers = {f"output {i}": output for i, output in enumerate(outputs)}
    answers |= {f"input {i}": gradient for i, gradient in enumerate(found[: len(inputs)])}
    answers |= {f"weight {i}": gradient for i, gradient in enumerate(found[len(inputs) :])}
    return {f"{line.key}: {name}": np.asarray(value, np.float32) for name, value in answers.items()}


def main() -> None:
    everything: dict[str, Any] = {}
    for line in LINES:
        everything |= answered(line)
    np.savez_compressed(HERE / "attention.npz", **everything)


if __name__ == "__main__":
    main()
