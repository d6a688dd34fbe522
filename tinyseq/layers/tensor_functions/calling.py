"""Applying a primitive: at once on arrays, as a node of the graph on tensors."""

from __future__ import annotations

from contextvars import ContextVar
from typing import Any

import numpy as np

from tinyseq.layers import calling
from tinyseq.layers.calling import batched
from tinyseq.layers.symbolic import SymbolicTensor
from tinyseq.layers.tensor_functions import elementwise, movement, products, reductions
from tinyseq.layers.tensor_functions.operation import Operation, Slot
from tinyseq.layers.tensor_functions.primitive import PRIMITIVES, Primitive, filled_in, narrowed
from tinyseq.weights.weight import Weight

FAMILIES = elementwise, reductions, products, movement
ANCHOR: ContextVar[SymbolicTensor | None] = ContextVar("the first tensor of the call that is traced", default=None)
Primitive("weight", lambda x: x, None)
Primitive("constant", lambda x, value: value, None)


def apply(name: str, *arguments: Any) -> Any:
    """The primitive of these arguments: an array, or a tensor if one of them is a tensor (or a weight, while a call is traced)."""
    anchor = ANCHOR.get()
    tensors = [a for a in arguments if isinstance(a, SymbolicTensor)]
    if not tensors and not (anchor is not None and any(isinstance(a, Weight) for a in arguments)):
        filled = filled_in(PRIMITIVES[name], arguments)
        if name != "einsum":  # which begins with letters
            require_numbers(name, arguments[0])
        with np.errstate(all="ignore"):
            return narrowed(PRIMITIVES[name].compute(*filled), filled)
    given: list[SymbolicTensor] = []
    template: list[Any] = []
    for argument in arguments:
        if isinstance(argument, Weight):
            argument = tensor_of(argument, tensors[0] if tensors else anchor)
        if isinstance(argument, SymbolicTensor):
            template.append(Slot(len(given)))
            given.append(argument)
        else:
            template.append(argument)
    template = [narrow(a) for a in filled_in(PRIMITIVES[name], template)]
    operation = Operation(name, template, [not batched(tensor) for tensor in given])
    return calling.connect(operation, given)


def require_numbers(name: str, x: Any) -> None:
    """TypeError for what NumPy takes as objects or text, and would compute with in silence."""
    if not isinstance(x, (np.ndarray, list, tuple)) and not hasattr(x, "assign"):
        kind = np.asarray(x).dtype.kind
        if kind not in "biufc":
            raise TypeError(f"ops.{name}: expected numbers, an array or a tensor, got {type(x).__name__}: pass for example [1.0, 2.0]")


def narrow(argument: Any) -> Any:
    """A constant as a graph keeps it: float32."""
    wide = isinstance(argument, np.ndarray) and argument.dtype == np.float64
    return argument.astype(np.float32) if wide else argument


def tensor_of(weight: Weight, anchor: Any) -> SymbolicTensor:
    """A weight as a tensor of the graph that `anchor` belongs to."""
    found: SymbolicTensor = calling.connect(Operation("weight", [Slot(0)], [False], weight), [anchor])
    return found


def as_tensor(value: Any) -> SymbolicTensor:
    """A weight or an array as a tensor of the call that is traced now."""
    anchor = ANCHOR.get()
    if isinstance(value, Weight):
        return tensor_of(value, anchor)
    array = np.asarray(value)
    array = array.astype(np.float32 if array.dtype.kind in "bf" else np.int64)
    found: SymbolicTensor = calling.connect(Operation("constant", [Slot(0), array], [False]), [anchor])  # type: ignore[list-item]
    return found


def is_symbolic(*values: Any) -> bool:
    """Whether one of the values is a tensor, or a weight while a call is traced."""
    return any(isinstance(v, SymbolicTensor) or (isinstance(v, Weight) and ANCHOR.get() is not None) for v in values)
