"""Dotted paths of libraries: Keras under one name, and supported libraries."""

from __future__ import annotations

from functools import lru_cache

KERAS_ROOTS = (
    "tensorflow.python.keras", "tensorflow.compat.v1.keras", "tensorflow.compat.v2.keras", "tensorflow.contrib.keras",
    "tensorflow.keras", "keras.src", "keras.api", "keras._tf_keras.keras", "keras_core", "tf_keras", "tinyseq", "tf.keras",
)  # fmt: skip

FOLLOWED = ("numpy", "jax", "pandas", "sklearn", "tensorflow", "scipy", "tensorflow_datasets", "math", "cv2", "PIL", "os", "mlxtend")


@lru_cache(4096)
def canonical(path: str) -> str:
    """The path with Keras under the one name `keras`.

    >>> canonical("tensorflow.keras.layers.Dense")
    'keras.layers.Dense'
    """
    for root in KERAS_ROOTS:
        if path.startswith(root) and path[len(root) : len(root) + 1] in ("", "."):
            return "keras" + path[len(root) :]
    return path
