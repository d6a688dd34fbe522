"""+, -, *, [] and NumPy's functions of tensors between layers: loaded at the first of them."""

from __future__ import annotations

from tinyseq.layers.merging import Add, Multiply, Subtract
from tinyseq.layers.symbolic import JOINS, OPERATORS
from tinyseq.layers.tensor_functions.composed import FUNCTIONS, getitem

OPERATORS.update({**FUNCTIONS, "getitem": getitem})
JOINS.update(Add=Add, Subtract=Subtract, Multiply=Multiply)
