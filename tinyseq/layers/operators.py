"""+, -, *, [] and NumPy's functions of tensors between layers: loaded at the first of them."""

from __future__ import annotations

from functools import partial
from typing import Any

from tinyseq.layers.merging import Add, Multiply, Subtract
from tinyseq.layers.symbolic import JOINS, OPERATORS
from tinyseq.layers.tensor_functions.composed import FUNCTIONS, getitem
from tinyseq.layers.tensor_functions.operation import Slot


def _joining(layer: Any, function: str) -> Any:
    """A layer that computes x + y, and counts as the operation that it is in Keras: `model.layers` omits it, files have its function."""
    made = layer()
    made.operation, made.function, made.template = True, function, (Slot(0), Slot(1))
    return made


OPERATORS.update({**FUNCTIONS, "getitem": getitem})
JOINS.update(
    Add=partial(_joining, Add, "add"),
    Subtract=partial(_joining, Subtract, "subtract"),
    Multiply=partial(_joining, Multiply, "multiply"),
)
