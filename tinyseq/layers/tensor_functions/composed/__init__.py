"""The functions of tinyseq.ops, with Keras's names and arguments, out of primitives: so each works on arrays and on tensors."""

from tinyseq.layers.tensor_functions.composed import (  # noqa: F401  each puts its functions into FUNCTIONS
    activations,
    along_axes,
    conversion,
    creation,
    crossentropy,
    fourier,
    linear_algebra,
    networks,
    number_by_number,
    of_arrays,
    parts,
    pictures,
    shapes,
    statistics,
    updating,
)
from tinyseq.layers.tensor_functions.composed.parts import getitem
from tinyseq.layers.tensor_functions.composed.registry import FUNCTIONS

__all__ = ["FUNCTIONS", "getitem"]
