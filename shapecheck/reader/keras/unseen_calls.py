"""Calls whose result is unknown, in functional code: with tensor arguments they return a tensor of unknown shape, and the graph
continues."""

from __future__ import annotations

from shapecheck.languages import because
from shapecheck.reader.advice import cause
from shapecheck.reader.keras import functional
from shapecheck.reader.keras.paths import canonical
from shapecheck.reader.values import Array, Bound, Items, Library, Opaque, Symbol, Table
from shapecheck.shapes import Unknown

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    from shapecheck.reader.call import Call
    from shapecheck.reader.state import Reader

NO_TENSOR = frozenset({
    "shape", "int_shape", "ndim", "rank", "get_shape", "eval", "get_value", "is_keras_tensor", "is_tensor", "dtype", "print", "summary",
    "plot_model", "append", "extend", "insert", "add_loss", "add_metric", "format", "join", "index", "numpy", "get_weights", "count_params",
    "warning", "info", "debug", "save", "get_variable_shape", "Model", "isinstance", "as_list", "fit", "compile", "predict", "evaluate",
})  # fmt: skip
"""Functions and methods whose result is not a tensor."""


def unseen_call(reader: Reader, function: Any, call: Call, result: Unknown) -> Any:
    """A tensor after the tensors of the call, if the call may return one; else `result`."""
    name = _name(function)
    if not name or name in NO_TENSOR:
        return result
    if isinstance(function, Bound) and isinstance(function.owner, Symbol):
        given = unseen_method(reader, function.owner, name, call)
        return given if given is not None else result
    why = because("{why}: put a layer of Keras in its place", why=cause(result.why))
    return functional.unseen_result(reader, call, name, why) or result


def unseen_method(reader: Reader, owner: Symbol, name: str, call: Call) -> Symbol | None:
    """x.method(...)."""
    call.args = [owner, *call.args]
    return functional.unseen_result(reader, call, name, because("the result of .{name}() on a tensor is unknown", name=name))


def _name(function: Any) -> str:
    """Its name in tables; "" if it certainly returns no tensor."""
    if isinstance(function, Library):
        path = canonical(function.path)
        return "" if path.startswith("builtins.") and path != "builtins.abs" else function.last
    if isinstance(function, Bound):
        return "" if isinstance(function.owner, (Items, Table, str, tuple, Array)) else function.name
    if isinstance(function, Opaque):
        return function.last
    return function.name or "call" if isinstance(function, Unknown) else ""
