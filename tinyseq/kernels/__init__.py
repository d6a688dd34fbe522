"""Kernels: how a layer is computed. Arrays, integers, outputs and scratch are arguments. Imports numpy and numba only.

    jit/          from a plain Python function to machine code, and the cache of it on disk
    runtime/      a program's calls without Python, on several threads
    matrix/       SIMD registers, the register tile, products of matrices
    convolution/ pooling/ normalization/ elementwise/ movement/ losses/ recurrent/ and dense, embedding, optimizer: the families
    reference/    every formula again in plain loops and float64, for the tests

Numba takes a third of a second to load, so a family's kernels are loaded at the first use of them:

    from tinyseq import kernels
    kernels.windows.max_pool(...)      # kernels/pooling/windows.py
"""

from importlib import import_module
from types import ModuleType

ROOMS = {
    "activation": "elementwise", "bounds": "elementwise", "direct": "convolution", "depthwise": "convolution", "volume": "convolution",
    "volume_winograd": "convolution",
    "winograd": "convolution", "gradient_before_pooling": "convolution.before_pooling",
    "batch_normalization": "normalization", "batch_statistics": "normalization", "layer_normalization": "normalization",
    "strided_winograd": "convolution", "phase_winograd": "convolution", "copying": "movement", "dropout": "elementwise",
    "math": "elementwise", "merging": "elementwise", "preprocessing": "elementwise", "reshaping": "movement", "smooth": "elementwise",
    "resampling": "movement", "transposing": "movement",
    "products": "matrix", "penalty": "elementwise", "row_scaling": "normalization", "group_normalization": "normalization",
    "batch_renormalization": "normalization",
    "lstm": "recurrent", "gru": "recurrent", "stepwise": "recurrent", "elements": "recurrent", "walking": "recurrent",
    "step_products": "recurrent", "masks": "recurrent", "images": "recurrent", "wrapping": "recurrent", "matmul": "matrix",
    "spectrum": "elementwise", "functions": "elementwise",
    "philox": "elementwise", "piecewise": "elementwise", "strided_copy": "movement", "windows": "pooling", "adaptive": "pooling",
}  # fmt: skip
"""The folders of the modules that layers use by name only."""


def __getattr__(name: str) -> ModuleType:
    if name.startswith("_"):
        raise AttributeError(name)
    path = f"tinyseq.kernels.{ROOMS[name]}.{name}" if name in ROOMS else f"tinyseq.kernels.{name}"
    try:
        found = import_module(path)
    except ModuleNotFoundError as missing:
        if missing.name != path:
            raise
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}") from None
    globals()[name] = found  # this function is not called again for it
    return found
