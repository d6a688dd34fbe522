"""Tensors inside layers of the file: the shapes that tf., K. and keras.ops functions return, if certain.

A `Traced` is a tensor while call(), build() or a Lambda's function is evaluated. Unlike for data (functions.py), an unsupported
argument makes the result unknown, because a shape from here is called proved.
"""

from __future__ import annotations

from shapecheck.languages import because
from shapecheck.reader.code.tensor_functions import CREATES, FUNCTIONS, VALUES, Arguments, Unclear, dims_of, matmul, stretched
from shapecheck.reader.data import arrays
from shapecheck.reader.values import Bound, Items, Traced, unknown

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    from shapecheck.reader.call import Call
    from shapecheck.shapes import Dim


def traced(value: Any) -> bool:
    """True for a traced tensor, or a list of values with one."""
    return isinstance(value, Traced) or (isinstance(value, (Items, tuple)) and any(isinstance(item, Traced) for item in value))


def concerned(path: str, call: Call) -> bool:
    """True for a function that gets a traced tensor, or creates one."""
    return path.rpartition(".")[2] in CREATES or any(map(traced, (*call.args, *call.keywords.values())))


def activation(function: Any, call: Call) -> Any:
    """The result of keras.activations.get(...) called on a tensor: the same shape, unless it is glu."""
    if "glu" in function.args or len(call.args) != 1 or not isinstance(call.args[0], Traced):
        return unknown("activation", because("the shape analysis does not support this function"))
    return call.args[0]


def call(path: str, call: Call) -> Any:
    """The result of a library function for traced tensors; unknown if it is not in tensor_functions.py."""
    last = path.rpartition(".")[2]
    if (last not in FUNCTIONS and last not in VALUES) or call.hidden or path.startswith("numpy.random"):
        return unknown(last, because("the shape analysis does not support {path}()", path=path))
    try:
        given = Arguments(call, path)
        return Traced(FUNCTIONS[last](given)) if last in FUNCTIONS else VALUES[last](given)
    except Unclear:
        return unknown(last, because("the shape analysis does not support {path}() of these shapes", path=path))


def arithmetic(left: Any, right: Any, op: Any) -> Any:
    """left op right."""
    try:
        first, second = dims_of(left), dims_of(right)
        return Traced(matmul(first, second) if type(op).__name__ == "MatMult" else stretched(first, second))
    except Unclear:
        return unknown("tensor", because("arithmetic between these tensors is not supported"))


def index(owner: Traced, key: Any) -> Any:
    """x[:, 0], x[..., None]: numbers, slices, None and Ellipsis only."""
    keys = list(key) if isinstance(key, tuple) else [key]
    rest = list(owner.dims or ())
    if Ellipsis in keys:
        place = keys.index(Ellipsis)
        named = sum(1 for item in keys if item is not None and item is not Ellipsis)
        keys[place : place + 1] = [slice(None)] * max(len(rest) - named, 0)
    dims: list[Dim] = []
    for item in keys:
        if item is None:
            dims.append(1)
            continue
        size = rest.pop(0) if rest else 0
        if isinstance(item, slice):
            dims.append(arrays.cut(size, item))
        elif not isinstance(item, int) or (isinstance(size, int) and not -size <= item < size):
            return unknown("tensor", because("indexed with an unsupported or out-of-range index"))
    return Traced((*dims, *rest))


def attribute(owner: Traced, name: str) -> Any:
    """x.shape and x.ndim."""
    if name == "shape":
        return owner.dims
    return len(owner.dims or ()) if name == "ndim" else Bound(owner, name)


def method(owner: Traced, name: str) -> Any:
    """x.get_shape()."""
    return owner.dims if name in ("get_shape", "as_list") else unknown(name, because("the result of .{name}() is unknown", name=name))
