"""Record what Keras computes for the lines of tests/data/ops_lines.py -> ops.npz.

    python -m tests.oracle.record_ops

Values, their dtypes' kinds, and the gradients of sum(value * g) with respect to the tensors in the line, by TensorFlow.
"""

from typing import Any

import numpy as np
import tensorflow as tf

from tests.data import ops_lines
from tests.oracle.keras_side import HERE, keras


def main() -> None:
    everything: dict[str, Any] = {}
    for line in ops_lines.LINES:
        given = {name: tf.constant(array) for name, array in ops_lines.arrays().items()}
        watched = [given[name] for name in ops_lines.used(line)]
        with tf.GradientTape() as tape:
            tape.watch(watched)
            value = eval(line, {"ops": keras.ops, "activations": keras.activations}, given)  # our own lines
            loss = tf.reduce_sum(tf.cast(value, "float32") * ops_lines.gradient(tuple(value.shape)))
        everything[f"{line}: value"] = np.asarray(value)
        found = tape.gradient(loss, watched, unconnected_gradients="zero")
        for name, change in zip(ops_lines.used(line), found, strict=True):
            everything[f"{line}: {name}"] = np.asarray(tf.convert_to_tensor(change))
    np.savez_compressed(HERE / "ops.npz", **everything)


if __name__ == "__main__":
    main()
