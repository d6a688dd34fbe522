"""Record what Keras's image layers draw and make of the lines of tests/data/image_changes.py -> image_changes.json.

    python -m tests.oracle.record_image_changes
"""

from typing import Any

import numpy as np
import tensorflow as tf

from tests.data.image_changes import LINES, Line
from tests.oracle.keras_side import keras, write

JITTER = ("brightness", "contrast", "saturation", "hue")


def plain(value: Any) -> Any:
    """Draws as JSON: arrays as lists with their dtype."""
    if isinstance(value, dict):
        return {key: plain(one) for key, one in value.items() if key != "seed"}
    if isinstance(value, (list, tuple)):
        return [plain(one) for one in value]
    if value is None or isinstance(value, (str, int)):
        return value
    array = np.asarray(value)
    if array.dtype == bool and array.size > 20:
        return {"bits": np.packbits(array).tolist(), "shape": list(array.shape)}
    return {"array": array.tolist(), "dtype": str(array.dtype)}


def jittered(layer: Any, images: Any) -> tuple[Any, Any]:
    """RandomColorJitter draws while it changes: its layers one by one, in its order."""
    draws = {}
    for name in JITTER:
        part = getattr(layer, f"random_{name}")
        draws[name] = part.get_random_transformation(images)
        images = part.transform_images(images, draws[name])
    return draws, images


def answer(line: Line) -> Any:
    """The draws and the output."""
    keras.utils.set_random_seed(len(line.key))
    layer = getattr(keras.layers, line.layer)(**line.arguments)
    images = tf.constant(line.images())
    if line.layer == "RandomColorJitter":
        draws, output = jittered(layer, images)
        return {"draws": plain(draws), "output": plain(output)}
    draws = layer.get_random_transformation(images, training=True)
    if line.layer == "RandomElasticTransform":
        draws["seed"] = [3, 5]
        kept = keras.src.backend.tensorflow.image.draw_seed
        keras.src.backend.tensorflow.image.draw_seed = lambda seed: tf.constant(seed)
        size = images.shape[:3]
        draws["steps"] = [tf.random.stateless_normal(size, seed=[3, 5])] * 2
        output = layer.transform_images(images, draws)
        keras.src.backend.tensorflow.image.draw_seed = kept
    else:
        output = layer.transform_images(images, draws, training=True)
    return {"draws": plain(draws), "output": plain(output)}


def main() -> None:
    write("image_changes.json", {line.key: answer(line) for line in LINES})


if __name__ == "__main__":
    main()
