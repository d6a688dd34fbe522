"""The frozen base of a plan: the operations before everything that training changes. Their outputs are the same in every step.

In the guide's second blueprint that is the whole base model: a step then begins at its outputs, and computes the new layers only.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from typing import Any

from tinyseq.engine.operator import written_by_user
from tinyseq.engine.penalty import Penalty


def frozen_base(plan: Any) -> list[Any]:
    """The operations of a plan whose outputs are the same in every step of its training; [] if no frozen layer is among them, or if
    they cannot be computed apart from the rest."""
    fixed = fixed_operations(plan.ops, plan.inputs, plan.mode.trained, plan.mode.frozen or ())
    there = {tensor for op in fixed for tensor in op.outputs}
    rest = others(plan, fixed)
    batch = plan.shapes[plan.inputs[0]][0]
    apart = all(plan.shapes[tensor][:1] == (batch,) and tensor not in plan.unbatched for tensor in border(fixed, plan.inputs, rest))
    return fixed if apart and rest and not plan.masks and not there.intersection(plan.outputs) else []


def keep_part(plan: Any, part: str) -> None:
    """Leaves only the frozen base in a plan ("base"), or only what comes after it ("rest")."""
    fixed = frozen_base(plan)
    rest = others(plan, fixed)
    between = border(fixed, plan.inputs, rest)
    if part == "base":
        plan.ops, plan.outputs = fixed, between
    else:
        plan.ops, plan.inputs = rest, between


def others(plan: Any, taken: Sequence[Any]) -> list[Any]:
    """The operations of a plan that are not in `taken`."""
    ids = {id(op) for op in taken}
    return [op for op in plan.ops if id(op) not in ids]


def fixed_operations(ops: Sequence[Any], inputs: Iterable[int], changing: Collection[int], frozen: Collection[int]) -> list[Any]:
    """The operations whose outputs follow from the inputs alone, in the order of the plan.

    Arguments:
        ops: those of a plan, traced
        inputs: the tensors that the caller passes
        changing: the ids of the weights that train
        frozen: the ids of the layers that are frozen
    """
    known = set(inputs)
    found: list[Any] = []
    for op in ops:
        if known.issuperset(op.inputs) and _repeats(op, changing, frozen):
            known.update(op.outputs)
            found.append(op)
    return found if any(op.weights and id(op.layer) in frozen for op in found) else []


def _repeats(op: Any, changing: Collection[int], frozen: Collection[int]) -> bool:
    """Whether an operation has the same output in each step of a training, if its inputs are the same."""
    layer = op.layer
    if any(id(weight) in changing for weight in op.weights) or layer.fixes_batch or not layer.shardable:
        return False
    if layer.synchronized(True) and id(layer) not in frozen:
        return False  # its moving statistics change
    return not ((layer.random and op.training) or isinstance(layer, Penalty) or _in_python(op))


def _in_python(op: Any) -> bool:
    """Whether a user's own forward computes it, which may do anything."""
    return not op.view and written_by_user(op.layer, "forward")


def border(fixed: Sequence[Any], inputs: Sequence[int], rest: Sequence[Any]) -> tuple[int, ...]:
    """The tensors that the rest reads: outputs of the fixed operations, and inputs that it reads itself."""
    there = [*inputs, *(tensor for op in fixed for tensor in op.outputs)]
    read = {tensor for op in rest for tensor in op.inputs}
    return tuple(tensor for tensor in there if tensor in read)
