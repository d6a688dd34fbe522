"""Functions as nodes of a graph: made of what a file names, and what we write for ours."""

from __future__ import annotations

import inspect
import operator
from collections.abc import Callable
from typing import Any

from shapecheck.model_files import names_of_operations as names
from shapecheck.naming import Names
from tinyseq import ops
from tinyseq.layers.symbolic import SymbolicTensor

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
    if name in JOINING and not fixed.keys() - {"dtype"}:
        return lambda x1, x2: JOINING[name](x1, x2)
    found = getattr(ops, name) if name in dir(ops) else None
    if found is None:
        raise names.unsupported(where)
    parameters = inspect.signature(found).parameters
    own = {key: value for key, value in fixed.items() if key != "dtype" or "dtype" in parameters}

    def call(*arguments: Any, **keywords: Any) -> Any:
        """The tensors take the places that the fixed arguments leave: BatchNorm has its axis, and is called with (x, mean, variance)."""
        named, rest, given = {**own, **keywords}, list(arguments), []
        for parameter in parameters.values():
            if not rest or parameter.kind is not parameter.POSITIONAL_OR_KEYWORD:
                break
            given.append(named.pop(parameter.name) if parameter.name in named else rest.pop(0))
        return found(*given, *rest, **named)

    return call


def keep_names(outputs: list[Any], name: str, given: Any) -> None:
    """An operation has the name that it has in the file. What it consists of, and its other outputs, begin with that name: so a file may
    have sort and median, and both parts of split.

    Arguments:
        outputs: what the operation returned
        name: its name in the file
        given: its arguments, tensors and others
    """
    before = {tensor.node for tensor in _tensors(given)}
    waiting = [output.node for output in outputs if isinstance(output, SymbolicTensor)]
    first, seen, inner = waiting[:1], set(before), Names()
    while waiting:
        node = waiting.pop(0)
        if node in seen or not getattr(node.rule, "operation", False):
            continue
        seen.add(node)
        waiting += [tensor.node for tensor in node.inputs]
        own = name if node in first else f"{name}.{inner.give(getattr(node.rule, 'function', 'part'))}"
        object.__setattr__(node.rule, "name", own)


def _tensors(value: Any) -> list[SymbolicTensor]:
    """The tensors in arguments, also in lists and dictionaries."""
    if isinstance(value, SymbolicTensor):
        return [value]
    inside = value.values() if isinstance(value, dict) else value if isinstance(value, (list, tuple)) else ()
    return [tensor for one in inside for tensor in _tensors(one)]
