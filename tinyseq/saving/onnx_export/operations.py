"""Operations between layers: a + b, x[:, 0], exp(x)."""

from __future__ import annotations

from typing import Any

import numpy as np

from tinyseq.saving.onnx_export.graph import Use, Value, writes
from tinyseq.saving.onnx_export.shaping import LARGEST, cut

FUNCTIONS = {
    "abs": "Abs", "add": "Add", "divide": "Div", "exp": "Exp", "log": "Log", "matmul": "MatMul", "maximum": "Max", "minimum": "Min",
    "multiply": "Mul", "negative": "Neg", "power": "Pow", "relu": "Relu", "sigmoid": "Sigmoid", "sqrt": "Sqrt", "subtract": "Sub",
    "tanh": "Tanh",
}  # fmt: skip


@writes("Operation")
def operation(use: Use) -> Value:
    """By its function; refused with its name if it is not one of these."""
    rule, graph = use.layer, use.graph
    values: list[Any] = [use.keras(use.inputs[one.number]) if hasattr(one, "number") else one for one in rule.template]
    if rule.function == "getitem":
        return Value(_item(use, values[0], values[1]), use.output)
    names = [graph.number(float(one)) if isinstance(one, (int, float)) else one for one in values]
    if rule.function == "square":
        return Value(graph.op("Mul", names[0], names[0]), use.output)
    if not all(isinstance(one, str) for one in names) or rule.function not in FUNCTIONS:
        raise use.refuse(f"{rule.function}(...) is not written: write that part with layers")
    return Value(graph.op(FUNCTIONS[rule.function], *names), use.output)


def _item(use: Use, x: str, key: Any) -> str:
    """x[...] by Slice, and Squeeze for whole numbers."""
    keys = [key] if not isinstance(key, (list, tuple)) or (key and key[0] in ("slice", "ellipsis")) else list(key)
    rank = len(use.x.shape)
    if ["ellipsis"] in [list(one) if isinstance(one, (list, tuple)) else one for one in keys]:
        place = next(number for number, one in enumerate(keys) if isinstance(one, (list, tuple)) and one[0] == "ellipsis")
        keys[place : place + 1] = [["slice", None, None, None]] * (rank - len(keys) + 1)
    starts, stops, places, steps, gone = [], [], [], [], []
    for axis, one in enumerate(keys):
        if isinstance(one, (int, np.integer)):
            starts.append(int(one))
            stops.append(int(one) + 1 if one != -1 else LARGEST)
            steps.append(1)
            gone.append(axis)
        elif isinstance(one, (list, tuple)) and one[0] == "slice":
            start, stop, step = one[1:]
            step = 1 if step is None else int(step)
            starts.append((0 if step > 0 else -1) if start is None else int(start))
            stops.append((LARGEST if step > 0 else -LARGEST) if stop is None else int(stop))
            steps.append(step)
        else:
            raise use.refuse("an index of this kind is not written")
        places.append(axis)
    y = cut(use, x, starts, stops, places, steps)
    return use.graph.op("Squeeze", y, use.graph.ints(*gone)) if gone else y
