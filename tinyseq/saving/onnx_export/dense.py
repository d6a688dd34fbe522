"""Dense, Embedding, encodings, and layers that compute nothing after training."""

from __future__ import annotations

import numpy as np

from tinyseq.saving.onnx_export.activations import activated
from tinyseq.saving.onnx_export.graph import WRITERS, Use, Value, writes


@writes("Dense")
def dense(use: Use) -> Value:
    """MatMul, Add"""
    y = use.graph.op("MatMul", use.keras(use.x), use.weight("kernel"))
    y = use.graph.op("Add", y, use.weight("bias")) if "bias" in use.weights else y
    return activated(use, Value(y, use.output), use.config["activation"])


@writes("EinsumDense")
def einsum_dense(use: Use) -> Value:
    """Einsum, Add"""
    y = use.graph.op("Einsum", use.keras(use.x), use.weight("kernel"), equation=use.config["equation"])
    y = use.graph.op("Add", y, use.weight("bias")) if "bias" in use.weights else y
    return activated(use, Value(y, use.output), use.config["activation"])


@writes("Embedding")
def embedding(use: Use) -> Value:
    """Gather"""
    if use.config["mask_zero"]:
        raise use.refuse("the operators after it take no masks: mask_zero=False")
    places = use.graph.op("Cast", use.keras(use.x), to="int64")
    return Value(use.graph.op("Gather", use.weight("embeddings"), places, axis=0), use.output)


@writes(
    "Identity", "ActivityRegularization", "Dropout", "AlphaDropout", "GaussianNoise", "GaussianDropout",
    "SpatialDropout1D", "SpatialDropout2D", "SpatialDropout3D",
    "RandomBrightness", "RandomContrast", "RandomFlip", "RandomRotation", "RandomTranslation", "RandomZoom",
)  # fmt: skip
def identity(use: Use) -> Value:
    """Nothing, after training."""
    return use.x


@writes("CategoryEncoding")
def category_encoding(use: Use) -> Value:
    """OneHot, and the greatest or the sum over a row."""
    graph, mode = use.graph, use.config["output_mode"]
    if len(use.inputs) > 1 or mode not in ("one_hot", "multi_hot", "count"):
        raise use.refuse(f"output_mode={mode!r} with weights is not written")
    places = graph.op("Cast", use.keras(use.x), to="int64")
    depth = graph.ints(int(use.config["num_tokens"]))
    hot = graph.op("OneHot", places, depth, graph.constant(np.asarray([0, 1], np.float32), "off_on"), axis=-1)
    rank = len(use.x.shape)
    if mode == "one_hot":
        last = use.x.shape[-1] == 1 and len(use.output) == rank
        return Value(graph.op("Squeeze", hot, graph.ints(rank - 1)) if last else hot, use.output)
    kind = "ReduceMax" if mode == "multi_hot" else "ReduceSum"
    return Value(graph.op(kind, hot, graph.ints(rank - 1), keepdims=0), use.output)


@writes("Discretization")
def discretization(use: Use) -> Value:
    """How many edges a number reaches."""
    graph = use.graph
    if use.config["output_mode"] != "int":
        raise use.refuse('only output_mode="int" is written')
    edges = graph.constant(np.asarray(use.layer.bin_boundaries, np.float32), f"{use.layer.name}_edges")
    reached = graph.op("GreaterOrEqual", graph.op("Unsqueeze", use.keras(use.x), graph.ints(-1)), edges)
    return Value(graph.op("ReduceSum", graph.op("Cast", reached, to="int64"), graph.ints(-1), keepdims=0), use.output, dtype="int64")


WRITERS.refuses({
    **dict.fromkeys(("STFTSpectrogram", "MelSpectrogram"), "spectrograms are not written: compute them before the model"),
    "SpectralNormalization": "its kernel is divided in training only: export the layer inside it",
    "Masking": "ONNX's operators take no masks",
    "Lambda": "its function is yours",
    **dict.fromkeys(("Hashing", "IntegerLookup", "StringLookup", "TextVectorization"), "ONNX itself has no tables: do it before the model"),
    **dict.fromkeys(("ConvLSTM1D", "ConvLSTM2D", "ConvLSTM3D"), "ONNX has no recurrent convolution"),
})
