"""Compare calls of the old keras.backend with what migrate writes for them -> old_backend.json.

    python -m tests.oracle.record_old_backend

tensorflow.keras.backend still has the old functions: both sides are computed on the same arrays.
"""

from typing import Any

import numpy as np
import tensorflow as tf

from shapecheck.cli.migrate import planned
from tests.oracle.keras_side import keras, write

HEAD = "from keras import backend as K\nimport keras\n"
CALLS = (
    *(f"K.{name}(x)" for name in ("abs", "exp", "log", "round", "sign", "sin", "cos", "sqrt", "square", "transpose", "zeros_like",
    "ones_like",
                                  "shape", "ndim", "sigmoid", "tanh", "softplus", "softsign", "relu", "argmax", "argmin", "softmax",
                                  "cumsum",
                                  "cumprod", "int_shape", "get_value", "eval")),
    *(f"K.{name}(x, axis=1)" for name in ("sum", "mean", "max", "min", "prod", "var", "std", "argmax", "cumsum", "softmax")),
    *(f"K.{name}(x)" for name in ("sum", "mean", "max", "min", "prod", "var", "std")),
    "K.sum(x, 1, True)", "K.mean(x, axis=-1, keepdims=True)", "K.any(x > 1, axis=0)", "K.all(x > 0)",
    *(f"K.{name}(x, z)" for name in ("maximum", "minimum", "equal", "not_equal", "greater", "greater_equal", "less", "less_equal")),
    "K.dot(x, K.transpose(z))", "K.pow(x, 2)", "K.clip(x, 0.5, 1.5)", "K.clip(x, min_value=0.5, max_value=1.5)", "K.cast(x, 'int32')",
    "K.expand_dims(x)", "K.expand_dims(x, 0)", "K.squeeze(x[:, :1], 1)", "K.concatenate([x, z])", "K.concatenate([x, z], axis=0)",
    "K.stack([x, z])", "K.stack([x, z], axis=1)", "K.reshape(x, (-1,))", "K.permute_dimensions(x, (1, 0))", "K.tile(x, (2, 1))",
    "K.repeat_elements(x, 2, axis=1)", "K.one_hot(k, 4)", "K.reverse(x, 1)", "K.gather(x, k)", "K.elu(x - 1)", "K.elu(x - 1, 0.5)",
    "K.l2_normalize(x, 1)", "K.l2_normalize(x, axis=-1)", "K.stop_gradient(x)", "K.flatten(x)", "K.arange(5)", "K.arange(1, 7, 2)",
    "K.eye(3)",
    "K.constant([1.0, 2.0])", "K.switch(x > 1, x, z)", "K.binary_crossentropy(p, q)", "K.categorical_crossentropy(p, q)",
    "K.sparse_categorical_crossentropy(k, q)", "K.maximum(K.sum(x, axis=0), 1.0)", "K.zeros((2, 3))", "K.ones((2,))",
)  # fmt: skip


def arrays() -> dict[str, Any]:
    x = np.random.default_rng(1).uniform(0.1, 2.0, (3, 4)).astype("float32")
    p = np.full((3, 4), 0.25, "float32")
    q = x / x.sum(axis=1, keepdims=True)
    return {"x": tf.constant(x), "z": tf.constant(x[::-1].copy()), "p": tf.constant(p), "q": tf.constant(q), "k": tf.constant([2, 0, 1])}


def compared(line: str) -> list[Any]:
    """[what migrate writes, whether both compute the same, to six digits]."""
    new = planned(f"{HEAD}result = {line}\n", "line.py").new
    names = arrays()
    exec(new, names)
    old = eval(line, {**arrays(), "K": tf.keras.backend})
    left, right = np.asarray(keras.ops.convert_to_numpy(old)), np.asarray(keras.ops.convert_to_numpy(names["result"]))
    return [new.rpartition("result = ")[2].strip(), left.shape == right.shape and bool(np.allclose(left, right, rtol=1e-6, atol=1e-6))]


def main() -> None:
    write("old_backend.json", {line: compared(line) for line in dict.fromkeys(CALLS)})


if __name__ == "__main__":
    main()
