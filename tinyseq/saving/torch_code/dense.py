"""Dense and Embedding, and layers that compute nothing after training."""

from __future__ import annotations

import numpy as np

from tinyseq.saving.code_text import literal
from tinyseq.saving.torch_code.activations import activated
from tinyseq.saving.torch_code.use import WRITERS, Use, Value, writes


@writes("Dense")
def dense(use: Use) -> Value:
    """nn.Linear keeps its kernel as (outputs, inputs)."""
    kernel = use.weights["kernel"]
    state = {"weight": kernel.T}
    if "bias" in use.weights:
        state["bias"] = use.weights["bias"]
    options = "" if "bias" in use.weights else ", bias=False"
    module = use.module(f"nn.Linear({kernel.shape[0]}, {kernel.shape[1]}{options})", state)
    return activated(use, Value(f"{module}({use.as_keras(use.x)})", use.outputs[0]), use.config["activation"])


@writes("EinsumDense")
def einsum_dense(use: Use) -> Value:
    """torch.einsum with the same letters."""
    kernel, equation = use.weights["kernel"], use.config["equation"]
    name = use.module(f"nn.Parameter(torch.zeros({literal(kernel.shape)}))", {"": kernel}, "_kernel")
    text = f'torch.einsum("{equation}", {use.as_keras(use.x)}, {name})'
    if "bias" in use.weights:
        bias = use.weights["bias"]
        text += f" + {use.module(f'nn.Parameter(torch.zeros({literal(bias.shape)}))', {'': bias}, '_bias')}"
    return activated(use, Value(text, use.outputs[0]), use.config["activation"])


@writes("Embedding")
def embedding(use: Use) -> Value:
    """nn.Embedding"""
    table = use.weights["embeddings"]
    if use.config["mask_zero"]:
        raise use.refuse("torch's layers take no masks: mask_zero=False")
    module = use.module(f"nn.Embedding({table.shape[0]}, {table.shape[1]})", {"weight": table})
    return Value(f"{module}({use.as_keras(use.x)}.long())", use.outputs[0])


@writes("Dropout")
def dropout(use: Use) -> Value:
    """nn.Dropout"""
    if use.config.get("noise_shape") is not None:
        raise use.refuse("torch's dropout has no noise_shape")
    module = use.module(f"nn.Dropout({use.config['rate']})", {})
    return Value(f"{module}({use.x.text})", use.x.shape, use.x.first)


@writes("AlphaDropout")
def alpha_dropout(use: Use) -> Value:
    """nn.AlphaDropout"""
    if use.config.get("noise_shape") is not None:
        raise use.refuse("torch's dropout has no noise_shape")
    module = use.module(f"nn.AlphaDropout({use.config['rate']})", {})
    return Value(f"{module}({use.x.text})", use.x.shape, use.x.first)


@writes("SpatialDropout1D", "SpatialDropout2D", "SpatialDropout3D")
def spatial_dropout(use: Use) -> Value:
    """nn.Dropout1d, 2d, 3d: whole channels."""
    first = use.config.get("data_format") == "channels_first"
    x = use.as_keras(use.x) if first else use.channels_first(use.x)
    module = use.module(f"nn.Dropout{type(use.layer).__name__[-2]}d({use.config['rate']})", {})
    return Value(f"{module}({x})", use.x.shape, not first)


@writes("GaussianNoise")
def gaussian_noise(use: Use) -> Value:
    """torch has no such layer, and one line for it."""
    text = _twice(use)
    return Value(f"({text} + {use.config['stddev']} * torch.randn_like({text}) if self.training else {text})", use.x.shape, use.x.first)


@writes("GaussianDropout")
def gaussian_dropout(use: Use) -> Value:
    """Times numbers around 1."""
    text = _twice(use)
    rate = use.config["rate"]
    deviation = (rate / (1 - rate)) ** 0.5
    return Value(f"({text} * (1 + {deviation!r} * torch.randn_like({text})) if self.training else {text})", use.x.shape, use.x.first)


def _twice(use: Use) -> str:
    """A variable that holds the input."""
    if use.x.text.isidentifier():
        return use.x.text
    use.line(f"x = {use.x.text}")
    return "x"


@writes("Identity", "ActivityRegularization")
def identity(use: Use) -> Value:
    """Nothing is computed."""
    return use.x


@writes("Discretization")
def discretization(use: Use) -> Value:
    """torch.bucketize"""
    if use.config["output_mode"] != "int":
        raise use.refuse('only output_mode="int" is written')
    edges = use.buffer(np.asarray(use.layer.bin_boundaries, np.float32), "_edges")
    return Value(f"torch.bucketize({use.as_keras(use.x)}, {edges}, right=True)", use.outputs[0])


WRITERS.refuses({
    "Masking": "torch's layers take no masks",
    **dict.fromkeys(
        ("Hashing", "IntegerLookup", "StringLookup", "TextVectorization", "CategoryEncoding"),
        "torch has no such layer: do it where the data are made",
    ),
    **dict.fromkeys(
        ("RandomBrightness", "RandomContrast", "RandomCrop", "RandomFlip", "RandomRotation", "RandomTranslation", "RandomZoom"),
        "torch itself has none: torchvision.transforms does it where the data are made",
    ),
    **dict.fromkeys(("ConvLSTM1D", "ConvLSTM2D", "ConvLSTM3D"), "torch has no recurrent convolution"),
})
