"""The functions of keras.ops that are not in tinyseq.ops, each with what does the same."""

from __future__ import annotations

from tinyseq.did_you_mean import no_such_name
from tinyseq.layers.tensor_functions.composed import FUNCTIONS

OF_ACTIVATIONS = (
    "celu", "glu", "hard_shrink", "hard_tanh", "soft_shrink", "sparse_plus", "sparse_sigmoid", "sparsemax", "squareplus", "tanh_shrink",
    "threshold",
)  # fmt: skip
"""Activations of more arguments: tinyseq.activations has them."""
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


def not_there(module: str, name: str) -> AttributeError:
    """The error for a function that a module does not have.

    Arguments:
        module: tinyseq.ops, or one of its groups
        name: of the function
    """
    advice = {one: f"it is not computed here: {words}" for one, words in NOT_COMPUTED.items()}
    advice |= {one: f"write activations.{one}" for one in OF_ACTIVATIONS}
    return no_such_name(f"module {module!r}", name, sorted(FUNCTIONS), advice)
