"""to_torch_code: the program, and its weights beside it."""

from __future__ import annotations

from typing import Any

from tinyseq.saving import npz_weights, safetensors_weights
from tinyseq.saving.code_text import write_program
from tinyseq.saving.torch_code import (  # the writers register themselves
    activations,
    attention,
    convolution,
    dense,
    merging,
    normalization,
    operations,
    pooling,
    recurrent,
    shaping,
)
from tinyseq.saving.torch_code.program import TorchProgram

WRITERS = (activations, attention, convolution, dense, merging, normalization, operations, pooling, recurrent, shaping)
ENDINGS = (".npz", ".safetensors")


def torch_code(model: Any, path: Any = None, overwrite: bool = True, weights: str = ".npz") -> str:
    """The program; see Files.to_torch_code."""
    model._require_built()
    if weights not in ENDINGS:
        raise ValueError(f"weights={weights!r}: expected '.npz' (needs NumPy only) or '.safetensors'")
    program = TorchProgram(model)
    return write_program(path, weights, overwrite, program.text, lambda beside: _save(program.state, beside, overwrite))


def _save(state: dict[str, Any], path: str, overwrite: bool) -> None:
    """The arrays under torch's names."""
    if path.endswith(".safetensors"):
        safetensors_weights.write_arrays(state, path, overwrite, {"format": "pt"})
    else:
        npz_weights.write_arrays(state, path, overwrite)
