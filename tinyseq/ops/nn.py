"""tinyseq.ops.nn: functions of networks, under their names in keras.ops.nn. They are in tinyseq.ops, too."""

from __future__ import annotations

from typing import Any

from tinyseq.layers.tensor_functions.composed import FUNCTIONS
from tinyseq.ops.absent import not_there

NAMES = (
    "batch_normalization", "binary_crossentropy", "categorical_crossentropy", "ctc_decode", "depth_to_space",
    "dot_product_attention", "elu", "gelu", "hard_sigmoid", "hard_silu", "hard_swish",
    "layer_normalization", "leaky_relu", "log_sigmoid", "log_softmax", "moments", "multi_hot", "normalize", "one_hot", "psnr",
    "relu", "relu6", "rms_normalization", "selu", "sigmoid", "silu", "softmax", "softplus", "softsign",
    "space_to_depth", "sparse_categorical_crossentropy", "swish",

)  # fmt: skip
__all__ = list(NAMES)


def __getattr__(name: str) -> Any:
    if name in __all__:
        return FUNCTIONS[name]
    raise not_there(__name__, name)
