"""tinyseq.ops: functions of tensors and arrays, with the names and arguments of keras.ops.

On arrays they compute at once, by NumPy; on tensors of a model each becomes an operation of the graph, with a gradient. Inside call() of
a layer or model of your own they may be given weights, too.

    from tinyseq import ops
    ops.softmax([[1.0, 2.0]])            # an array
    y = ops.mean(x, axis=1) * 2.0        # a tensor of the model that x belongs to
"""

from __future__ import annotations

from importlib import import_module
from typing import Any

from tinyseq.did_you_mean import no_such_name
from tinyseq.layers import core  # noqa: F401  tensors get their operators there
from tinyseq.layers.tensor_functions.composed import FUNCTIONS

OF_ACTIVATIONS = (
    "celu", "glu", "hard_shrink", "hard_tanh", "soft_shrink", "sparse_plus", "sparse_sigmoid", "sparsemax", "squareplus", "tanh_shrink",
    "threshold",
)  # fmt: skip
"""Activations of more arguments: tinyseq.activations has them."""
GROUPS = ("image", "linalg", "nn", "numpy")
"""Modules with some of the functions, under Keras's names."""
NOT_COMPUTED = {
    **dict.fromkeys(("while_loop", "associative_scan"), "write ops.fori_loop or ops.scan, of a number of steps that is known"),
    "vectorized_map": "apply the function to all samples at once, or write ops.map",
    "switch": "write ops.where(condition, a, b)",
    "custom_gradient": "write a layer of your own with forward() and backward()",
    **dict.fromkeys(("conv", "depthwise_conv", "separable_conv", "conv_transpose"), "write a layer, for example layers.Conv2D(8, 3)(x)"),
    **dict.fromkeys(("max_pool", "average_pool"), "write a layer, for example layers.MaxPooling2D(2)(x)"),
    "ctc_loss": "write loss=losses.CTC() in compile",
    **dict.fromkeys(("stft", "istft"), "write layers.STFTSpectrogram"),
    **dict.fromkeys(("rfft", "irfft"), "write ops.fft((x, ops.zeros_like(x)))"),
}
"""Functions of Keras that are not here, each with what does the same."""

__all__ = sorted({*FUNCTIONS, *OF_ACTIVATIONS})


def __getattr__(name: str) -> Any:
    if name in FUNCTIONS:
        return FUNCTIONS[name]
    if name in GROUPS:
        return import_module(f"tinyseq.ops.{name}")
    if name in OF_ACTIVATIONS:
        return getattr(import_module("tinyseq.activations"), name)
    raise not_there("", name)


def not_there(group: str, name: str) -> AttributeError:
    """The error for a function that is not in this module, or not in a group of it."""
    advice = {one: f"it is not computed here: {words}" for one, words in NOT_COMPUTED.items()}
    return no_such_name(f"module {__name__ + group!r}", name, __all__, advice)


def __dir__() -> list[str]:
    return [*__all__, *GROUPS]
