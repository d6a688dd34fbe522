"""Record Keras's Multiply, Maximum and Minimum of inputs with masks, and their gradients: tests/oracle/masked_merging.npz.

    python -m tests.oracle.record_masked_merging
"""

from pathlib import Path

import numpy as np

from tests.oracle.keras_side import keras

FILE = Path(__file__).parent / "masked_merging.npz"
NAMES = ("Multiply", "Maximum", "Minimum")
MASKED = ((1, 0, 0), (0, 1, 0), (0, 0, 1), (1, 1, 0), (1, 1, 1))


def main() -> None:
    """Three inputs of 3 samples, 4 steps, 2 features; steps of 0 are left out where the input has a mask."""
    import tensorflow as tf

    random = np.random.default_rng(0)
    x = random.normal(size=(3, 3, 4, 2)).astype("float32")
    x[0, :, 1] = x[1, :, 2] = x[2, 1] = x[:, 0, 3] = 0
    weight = random.normal(size=(3, 4, 2)).astype("float32")
    kept = {"x": x, "weight": weight}
    for name in NAMES:
        for masked in MASKED:
            inputs = [keras.Input((4, 2)) for _ in masked]
            given = [keras.layers.Masking()(i) if has else i for i, has in zip(inputs, masked, strict=True)]
            model = keras.Model(inputs, getattr(keras.layers, name)()(given))
            tensors = [tf.constant(one) for one in x]
            with tf.GradientTape() as tape:
                tape.watch(tensors)
                y = model(tensors)
                total = tf.reduce_sum(y * weight)
            key = f"{name} {masked}"
            kept[key] = y.numpy()
            kept[f"{key} gradients"] = np.stack([g.numpy() for g in tape.gradient(total, tensors)])
    np.savez_compressed(FILE, **kept)


if __name__ == "__main__":
    main()
