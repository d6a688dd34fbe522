"""Common code of dense and convolution layers: an activation of the output, and arguments that are refused by name.

relu is done inside the kernels, while the numbers are still in registers; every other activation runs over the output in
place. Where its slope reads the input of the activation (gelu, silu ...), that is saved during training.
"""

from __future__ import annotations

from functools import cache, lru_cache
from types import FunctionType
from typing import TYPE_CHECKING, Any

import numpy as np

from shapecheck.layers.arguments import ACTIVATIONS
from shapecheck.layers.base import Rule
from tinyseq import kernels

if TYPE_CHECKING:
    from tinyseq.engine.context import Context
    from tinyseq.engine.operator import Array, Place, Sizes

OF_OLD_FILES = ("hard_sigmoid_of_keras_2",)
"""Activations that Keras no longer has: only a file of an older version asks for them."""
KNOWN_MODULES = ("tinyseq", "keras", "tf_keras", "tensorflow")
"""Packages whose functions with the name of an activation compute that activation."""
WHOLE_AXIS = ("softmax", "log_softmax")


def activation_name(activation: Any) -> str:
    """The name of an activation argument: "linear" for None, its `__name__` for a function that is named like one."""
    name = activation if isinstance(activation, str) else getattr(activation, "__name__", "linear" if activation is None else "")
    if not computed(name) or only_named_alike(activation):
        raise NotImplementedError(f"activation={activation!r} is not computed inside a layer: {_instead(activation)}")
    return str(name)


def only_named_alike(activation: Any) -> bool:
    """True for a function that has the name of an activation and may compute something else: the user's own, or ops.gelu (by tanh)."""
    if not isinstance(activation, FunctionType):
        return False
    home = activation.__module__
    if activation.__name__ == "gelu" and home.startswith("tinyseq.layers.tensor_functions."):
        return True
    return home.partition(".")[0] not in KNOWN_MODULES


@cache
def computed(name: str) -> bool:
    """Whether a layer can apply the activation of that name to its own output."""
    return (name in ACTIVATIONS and name not in ("glu", "sparsemax", "threshold")) or name in OF_OLD_FILES


def _instead(activation: Any) -> str:
    if isinstance(activation, Rule):
        return "remove activation and put that layer after this one"
    if getattr(activation, "__name__", "") == "gelu" and only_named_alike(activation):
        return "it is the one by tanh: write activation='gelu', the exact one, or remove activation and put Lambda(ops.gelu) after it"
    if activation == "glu":
        return 'remove activation and put Activation("glu") after this layer'
    return "remove activation and put your own layer after this one"


def refuse_not_yet(layer: Rule) -> None:
    """Raises NotImplementedError for an argument that the rule accepts but the layer does not compute."""
    if hasattr(layer, "activation"):
        try:
            name = activation_name(layer.activation)
        except NotImplementedError as error:
            raise NotImplementedError(f"{layer.name}: {error}") from None
        if name in WHOLE_AXIS and getattr(layer, "data_format", None) == "channels_first":
            raise NotImplementedError(
                f'{layer.name}: activation={name!r} with data_format="channels_first" would go along the last axis, which is not that of '
                f"channels: leave it out and put Softmax(axis=1) after this layer"
            )


def saved_for(activation: Any, output: Sizes, training: bool) -> dict[str, Place]:
    """The array that `activate` keeps for `slope`."""
    name = activation_name(activation)
    if not training or name in ("linear", *WHOLE_AXIS):
        return {}
    return {"before_activation": (output, "float32")} if kernels.activation.TABLE[name].reads == "input" else {}


def activate(ctx: Context, activation: Any) -> None:
    """The activation over ctx.output, in place; relu has been done by the kernel."""
    name = activation_name(activation)
    if name in ("linear", "relu") or ctx.logits:
        return
    y = ctx.output.reshape(-1)
    if name in WHOLE_AXIS:
        features = ctx.output.shape[-1]
        ctx.call(getattr(kernels.activation, name), y, features, 1, 0, y.size // max(features, 1))
        return
    entry = kernels.activation.TABLE[name]
    if ctx.training and entry.reads == "input":
        ctx.call(kernels.copying.copy_all, ctx.output, ctx.saved("before_activation"))
    ctx.call(entry.forward, y, 0, y.size, *entry.constants)


def chosen_by_output(activation: Any) -> bool:
    """Whether the slope of an activation at a pixel follows from that pixel's output alone."""
    name = activation_name(activation)
    return name == "linear" or (name not in WHOLE_AXIS and kernels.activation.TABLE[name].reads == "output")


def slope(ctx: Context, activation: Any, gradient: Any, output: Any = None) -> Any:
    """`gradient` times the slope of the activation, in place: the gradient before the activation.

    `output`: what the activation put out there, if it is not ctx.output.
    """
    name = activation_name(activation)
    if name == "linear" or ctx.logits:
        return gradient
    g, y = gradient.reshape(-1), (ctx.output if output is None else output).reshape(-1)
    if name in WHOLE_AXIS:
        features = ctx.output.shape[-1]
        ctx.call(getattr(kernels.activation, f"{name}_gradient"), g, y, features, 1, 0, g.size // max(features, 1))
        return gradient
    entry = kernels.activation.TABLE[name]
    read = ctx.saved("before_activation").reshape(-1) if entry.reads == "input" else y
    ctx.call(entry.backward, g, read, 0, g.size, *entry.constants)
    return gradient


def fuses_relu(ctx: Context, activation: Any) -> bool:
    """True if the kernel itself applies relu."""
    return activation_name(activation) == "relu" and not ctx.logits


@lru_cache(maxsize=64)
def repeated(number: float, size: int) -> Array:
    """`size` times the same number: in place of a missing gamma or beta. The same array every time: do not write."""
    return np.full(size, number, np.float32)
