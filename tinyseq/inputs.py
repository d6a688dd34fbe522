"""Checks the arrays that a caller passes to a model, once; kernels trust them."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from shapecheck.diagnostics.base import ShapeError
from shapecheck.diagnostics.labels import DataMismatch
from shapecheck.graph import Graph
from shapecheck.propagate import exchanged, of_rank
from shapecheck.shapes import Shape
from tinyseq.engine.strings import are_strings, numbered, texts
from tinyseq.error_repairs import of_data

Array = NDArray[Any]


class Entry:
    """One input of a model: its name, the shape it accepts, the dtype it computes with, and the model's graph."""

    __slots__ = ("dtype", "graph", "name", "of_strings", "rank", "shape", "sizes", "where")

    def __init__(self, where: str, name: str, shape: Shape, dtype: str, graph: Graph | None = None, of_strings: bool = False) -> None:
        self.where = where
        self.of_strings = of_strings
        self.graph = graph
        self.name = name
        self.shape = shape
        self.dtype = np.dtype(dtype)
        dims = shape.dims
        assert dims is not None
        self.rank = len(dims)
        self.sizes = dims[1:] if all(isinstance(dim, int) for dim in dims[1:]) and dims[0] is None else None

    def take(self, value: Any) -> Array:
        """The value as a C-contiguous array of the right dtype. ValueError or TypeError if it cannot be."""
        if (
            type(value) is np.ndarray
            and value.dtype is self.dtype
            and not self.of_strings
            and value.shape[1:] == self.sizes
            and value.flags.c_contiguous
            and len(value)
        ):
            return value
        return converted(self.look(value), self.dtype, self.where)

    def look_all(self, value: Any) -> Array:
        """Like `look`, for all data: any number of samples, also where a batch has a fixed one."""
        return self.look(value, whole=False)

    def look(self, value: Any, whole: bool = True) -> Array:
        """Like `take`, but without conversion: big data is converted batch by batch. `whole`: it is one batch."""
        array = numbered_strings(value, self.where) if self.of_strings else numbers(value, self.where)
        sizes = taken_shape(array.shape, self, whole)
        return array if sizes == array.shape else array.reshape(sizes)


def converted(array: Array, dtype: Any, where: str) -> Array:
    """The array for the engine. ValueError for NaN and infinity if indices are needed."""
    if np.dtype(dtype).kind == "i" and array.dtype.kind == "f" and not np.isfinite(array).all():
        raise ValueError(f"{where}: contains NaN or infinity, but indices are needed: replace them, for example x = np.nan_to_num(x)")
    return np.ascontiguousarray(array, dtype)


def numbered_strings(value: Any, where: str) -> Array:
    """An array of strings, or of bytes in UTF-8, as an array of their numbers. TypeError for anything else."""
    if isinstance(value, (str, bytes)) or value is None:
        raise TypeError(f"{where}: expected an array of strings, got {type(value).__name__}: write [{value!r}]")
    array = value if type(value) is np.ndarray and are_strings(value) else numbered(texts(where, value))
    if array.ndim == 0:
        raise ValueError(f"{where}: expected an array of strings with a batch axis, got one string: write x[None] or [x]")
    return array


def numbers(value: Any, where: str) -> Array:
    """An array of numbers. TypeError for strings and objects, ValueError for ragged lists and scalars."""
    if isinstance(value, (str, bytes)) or value is None:
        raise TypeError(f"{where}: expected an array of numbers, got {type(value).__name__}: pass a numpy array")
    try:
        array = np.asarray(value)
    except ValueError as error:
        raise ValueError(
            f"{where}: the rows of this list differ in length, so it is not an array ({error}): pad them to one length"
        ) from error
    if array.dtype.kind == "O" and _columns_of_numbers(value):
        array = np.asarray(value.to_numpy("float64", na_value=np.nan))
    if array.dtype.kind not in "fiub":
        raise TypeError(
            f"{where}: expected numbers, got an array of dtype {array.dtype} and shape {array.shape}: {_dtype_advice(array)}"
        )
    if array.ndim == 0:
        raise ValueError(f"{where}: expected an array with a batch axis, got the single number {value!r}: write x[None] or [x]")
    return array


def _columns_of_numbers(value: Any) -> bool:
    """Whether it is a table as in pandas with columns of numbers and truth values, of which NumPy alone makes an array of objects."""
    if not hasattr(value, "dtypes") or not hasattr(value, "to_numpy"):
        return False
    kinds = value.dtypes if hasattr(value.dtypes, "__iter__") else [value.dtypes]
    return all(getattr(kind, "kind", "O") in "fiub" for kind in kinds)


def _dtype_advice(array: Array) -> str:
    """A conversion that works for this array, tried on its first value."""
    if array.dtype.kind == "c":
        return "take its real part, or its absolute value"
    if array.dtype.kind == "O" and not array.ndim:
        return f"pass a numpy array, not {type(array.item()).__name__}"
    first = array.reshape(-1)[:1]
    try:
        np.asarray(first, np.float32)
    except (TypeError, ValueError):
        if array.dtype.kind == "O" and not isinstance(first[0], (str, bytes)):
            return f"pass an array of numbers, this one contains {type(first[0]).__name__}"
        return "number the different values first: values, x = np.unique(x, return_inverse=True)"
    return _first_text(array) or "convert it, for example with np.asarray(x, dtype='float32')"


def _first_text(array: Array) -> str:
    """Of objects: the first that is no number, where it is, and what to do; "" if there is none."""
    if array.dtype.kind != "O":
        return ""
    for place, value in np.ndenumerate(array):
        try:
            float(value)
        except (TypeError, ValueError):
            where = "[" + ", ".join(map(str, place)) + "]"
            if value is None:
                return f"{where} is None: fill it with a number, for example 0.0"
            column = f" (column {place[1]})" if array.ndim == 2 else ""
            return f"{where} is {value!r}{column}: number the values of that column, or make 0 and 1 of them (pandas.get_dummies)"
    return ""


def taken_shape(shape: tuple[int, ...], entry: Entry, whole: bool = True) -> tuple[Any, ...]:
    """The shape as the input accepts it, with a last axis of 1 added or dropped. Raises for a wrong rank or size, or an empty batch."""
    accepted = entry.shape
    assert accepted.dims is not None
    given = Shape(shape)
    sizes = shape if len(shape) == entry.rank else of_rank(shape, accepted.dims)
    if len(sizes) != entry.rank:
        raise _refused(given, entry)
    for axis, (want, got) in enumerate(zip(accepted.dims, sizes, strict=True)):
        if got == 0:
            what = "no samples" if axis == 0 else f"a size of 0 on axis {axis}"
            raise ValueError(f"{entry.where}: got {what} (shape {shape}): pass at least 1")
        if isinstance(want, int) and want != got and (axis or whole):
            raise _refused(given, entry)
    return sizes


def _refused(given: Shape, entry: Entry) -> ShapeError:
    refusal = ShapeError(DataMismatch(given, entry.shape), entry.where)
    if entry.graph is None:
        return refusal
    names = [str(tensor.node.rule.name) for tensor in entry.graph.inputs]
    return of_data(refusal, entry.graph, given, names.index(entry.name))


def each(entries: Sequence[Entry], values: Sequence[Any], take: Callable[[Entry, Any], Array]) -> list[Array]:
    """The array for each input. A ShapeError names the two values that are swapped, if that explains it."""
    taken: list[Array] = []
    try:
        for entry, value in zip(entries, values, strict=True):
            taken.append(take(entry, value))
    except ShapeError as error:
        if isinstance(error.diagnostic, DataMismatch):
            given = [getattr(value, "shape", None) for value in values]
            pair = exchanged(given, [entry.shape for entry in entries], len(taken))
            error.diagnostic.swapped = tuple(entries[place].name for place in pair)
        raise
    return taken


def split_inputs(value: Any, names: Sequence[str], where: str) -> list[Any]:
    """One value for each input, from an array, a list, a tuple or a dictionary by input name."""
    if isinstance(value, Mapping):
        missing = [name for name in names if name not in value]
        if missing:
            raise ValueError(f"{where}: no data for input {missing[0]!r}: pass a dictionary with the keys {', '.join(names)}")
        return [value[name] for name in names]
    if len(names) == 1:
        if isinstance(value, (list, tuple)) and len(value) == 1 and getattr(value[0], "ndim", 0) > 1:
            return [value[0]]
        if isinstance(value, (list, tuple)) and len(value) > 1 and all(getattr(item, "ndim", 0) > 1 for item in value):
            raise ValueError(f"{where}: has 1 input, got a list of {len(value)} arrays: pass one array, np.stack(x) perhaps")
        return [value]
    if not isinstance(value, (list, tuple)) or len(value) != len(names):
        got = f"{len(value)} of them" if isinstance(value, (list, tuple)) else type(value).__name__
        raise ValueError(f"{where}: has {len(names)} inputs ({', '.join(names)}), got {got}: pass a list of {len(names)} arrays")
    return list(value)


def same_length(arrays: Sequence[Any], kinds: Sequence[str]) -> int:
    """The number of samples that all arrays have."""
    sizes = [len(array) for array in arrays]
    if len(set(sizes)) > 1:
        listed = " ".join(f"'{kind}' sizes: {size}" for kind, size in zip(kinds, sizes, strict=True))
        advice = f"cut them to {min(sizes)}" if min(sizes) else "pass the same number of each"
        raise ValueError(
            f"Data cardinality is ambiguous. Make sure all arrays contain the same number of samples. {listed}: {advice}"
        )
    return sizes[0]
