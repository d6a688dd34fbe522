"""tinyseq.ops.nn: functions of networks, under their names in keras.ops.nn. They are in tinyseq.ops, too."""

from __future__ import annotations

from typing import Any

from tinyseq import ops

NAMES = (
    "batch_normalization", "binary_crossentropy", "categorical_crossentropy", "celu", "ctc_decode", "depth_to_space",
    "dot_product_attention", "elu", "gelu", "glu", "hard_shrink", "hard_sigmoid", "hard_silu", "hard_swish", "hard_tanh",
    "layer_normalization", "leaky_relu", "log_sigmoid", "log_softmax", "moments", "multi_hot", "normalize", "one_hot", "psnr",
    "relu", "relu6", "rms_normalization", "selu", "sigmoid", "silu", "soft_shrink", "softmax", "softplus", "softsign",
    "space_to_depth", "sparse_categorical_crossentropy", "sparse_plus", "sparse_sigmoid", "sparsemax", "squareplus", "swish",
    "tanh_shrink", "threshold",
)  # fmt: skip
__all__ = list(NAMES)


def __getattr__(name: str) -> Any:
    if name in __all__:
        return getattr(ops, name)
    raise ops.not_there(".nn", name)
