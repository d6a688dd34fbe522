"""Functions as nodes of a graph: made of what a file names, and what we write for ours."""

from __future__ import annotations

import operator
from collections.abc import Callable
from typing import Any

from shapecheck.model_files import names_of_operations as names
from tinyseq import ops

Json = Any

WRITTEN = {
    "abs": "Absolute", "add": "Add", "divide": "Divide", "exp": "Exp", "log": "Log", "matmul": "Matmul", "maximum": "Maximum",
    "minimum": "Minimum", "multiply": "Multiply", "negative": "Negative", "not_equal": "NotEqual", "power": "Power", "sqrt": "Sqrt",
    "square": "Square", "subtract": "Subtract", "tanh": "Tanh",
}  # fmt: skip
"""Operations of ours whose arguments are those of Keras's class, in the same order."""


JOINING: dict[str, Callable[[Any, Any], Any]] = {"add": operator.add, "subtract": operator.sub, "multiply": operator.mul}
"""What a program writes as x + y: of two tensors, it runs by the kernels of the layer Add."""


def function_of(entry: Json) -> Callable[..., Any]:
    """A function of tensors with the arguments of the file. ValueError for one that we do not have."""
    name, fixed, where = names.named(entry)
    inner = _called(name, fixed, where)
    if entry["class_name"] not in names.OF_KERAS_2:
        return inner

    def call(*arguments: Any, **keywords: Any) -> Any:
        given, others = names.arguments_of_tensorflow(list(arguments), keywords)
        return inner(*given, **others)

    return call


def _called(name: str, fixed: dict[str, Any], where: str) -> Callable[..., Any]:
    if name in ("getitem", "get_item"):
        return lambda x, key: x[names.index(key)]
    if name in JOINING and not fixed:
        return lambda x1, x2: JOINING[name](x1, x2)
    found = getattr(ops, name) if name in dir(ops) else None
    if found is None:
        raise names.unsupported(where)
    return lambda *arguments, **keywords: found(*arguments, **fixed, **keywords)
