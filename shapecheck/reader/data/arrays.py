"""Arrays as shapes: indexing, broadcasting, reshaping and other operations on data before fit()."""

from __future__ import annotations

from shapecheck.languages import because
from shapecheck.reader.values import Array, Bound, Items, Number, Offset, Table, distance, is_constant, number_kind, plain, unknown
from shapecheck.shapes import Dim, Unknown

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Sequence
    from typing import Any

    from shapecheck.reader.call import Call

NOTHING = Array(None, why=because("the shape of the array is unknown"))
DTYPES = {"float": "float", "int": "int", "uint": "int", "bool": "bool", "str": "str"}


def hidden(why: str) -> Array:
    """An array of unknown rank."""
    return Array(None, why=why)


def attribute(owner: Array, name: str) -> Any:
    """a.shape, a.T, a.values, frame.column ..."""
    if name == "shape":
        return owner.dims if owner.dims is not None else Unknown("shape", owner.why or because("the shape of the array is unknown"))
    if name == "T":
        return Array(None if owner.dims is None else owner.dims[::-1], owner.dtype)
    if name == "ndim":
        return len(owner.dims) if owner.dims is not None else unknown("ndim")
    if name == "size" and owner.dims is not None and all(isinstance(d, int) for d in owner.dims):
        return product(owner.dims)
    if name in ("values", "iloc", "loc", "str", "dt", "data", "numpy"):
        return owner if name != "numpy" else Bound(owner, name)
    if name == "columns" and owner.dims is not None and len(owner.dims) == 2:
        return Array((owner.dims[1],), "str")
    if name == "index" and owner.dims:
        return Array((owner.dims[0],))
    return Bound(owner, name)


def product(dims: Sequence[Dim]) -> Dim:
    """The number of values."""
    total = 1
    for dim in dims:
        if not isinstance(dim, int):
            return Unknown("size", getattr(dim, "why", ""))
        total *= dim
    return total


def arithmetic(left: Any, right: Any, op: Any) -> Array:
    """left op right with numpy's broadcasting."""
    kinds = [side.dtype for side in (left, right) if isinstance(side, Array)]
    division = type(op).__name__ == "Div" or isinstance(left, float) or isinstance(right, float)
    dtype = "float" if division else kinds[0] if len(set(kinds)) == 1 else ""
    if type(op).__name__ in ("Eq", "NotEq", "Lt", "LtE", "Gt", "GtE"):
        dtype = "bool"
    first, second = (_dims(side) for side in (left, right))
    if first is None or second is None:
        return hidden(because("it is computed from an unknown value"))
    dims = broadcast(first, second)
    if dims is None:
        return hidden(because("the shapes of the arrays do not match"))
    made = Array(dims, dtype)
    if type(op).__name__ == "Mod" and type(right) is int and right > 0 and isinstance(left, Array) and left.dtype == "int" and left.span:
        made.span = (0, right - 1) if left.span[1] - left.span[0] + 1 >= right else None
    return made


def _dims(value: Any) -> tuple[Dim, ...] | None:
    if isinstance(value, Array):
        return value.dims
    return () if isinstance(value, (int, float, bool)) else None


def broadcast(left: Sequence[Dim], right: Sequence[Dim]) -> tuple[Dim, ...] | None:
    """The shape that two shapes broadcast to; None if they do not match."""
    rank = max(len(left), len(right))
    one = (1,) * (rank - len(left)) + tuple(left)
    two = (1,) * (rank - len(right)) + tuple(right)
    result: list[Dim] = []
    for a, b in zip(one, two, strict=True):
        if 1 in (a, b):
            result.append(b if a == 1 else a)
        elif isinstance(a, int) and isinstance(b, int):
            if a != b:
                return None
            result.append(a)
        else:  # a number beside any size stays; any size beside an unknown one is unknown
            result.append(next((size for size in (a, b) if isinstance(size, int)), b if a is None else a))
    return tuple(result)


def index(owner: Array, key: Any) -> Any:
    """owner[key]: integers drop an axis, slices shorten it, None adds one, ... fills up, an array or a mask selects rows."""
    if owner.dims is None and owner.source == "table" and isinstance(key, tuple) and len(key) == 2:
        why = because("the content of the file is unknown")
        return index(Array((Unknown("rows", why), Unknown("columns", why)), "float"), key)
    if owner.dims is None:
        return hidden(owner.why)
    if isinstance(key, str) or (isinstance(key, Items) and len(key) and all(isinstance(item, str) for item in key)):
        return _columns(owner, owner.dims, key)
    keys = list(key) if isinstance(key, tuple) else [key]
    if any(item is Ellipsis for item in keys):
        place = next(place for place, item in enumerate(keys) if item is Ellipsis)
        fill = len(owner.dims) - sum(1 for item in keys if item is not None and item is not Ellipsis)
        keys[place : place + 1] = [slice(None)] * max(fill, 0)
    dims: list[Dim] = []
    axis = 0
    fancy = sum(1 for item in keys if isinstance(item, (Array, Items)))
    if fancy > 1:
        return hidden(because("it is indexed with several arrays"))
    for item in keys:
        if item is None:
            dims.append(1)
            continue
        if axis >= len(owner.dims):
            return hidden(because("it has fewer axes than the index names"))
        size = owner.dims[axis]
        axis += 1
        if isinstance(item, slice):
            dims.append(cut(size, item, axis > 1))
        elif isinstance(item, Array):
            if item.dims is None or (item.dtype == "bool" and len(item.dims) != 1):
                return hidden(because("the index is unknown"))
            dims += [Unknown("rows", because("a mask selects them"))] if item.dtype == "bool" else list(item.dims)
        elif isinstance(item, Items):
            dims.append(Unknown("rows", item.why) if item.why else len(item))
        elif isinstance(item, Offset):
            continue  # i + 1: a number
        elif isinstance(item, Unknown) and axis == 1 and len(keys) == 1:
            return _unknown_pick(owner, item)
        elif not isinstance(item, int):
            return hidden(because("the index is unknown"))
    dims += owner.dims[axis:]
    if not dims:
        return Number("value", because("a value of an array"), owner.dtype)
    return _rows(owner, dims)


def _columns(owner: Array, dims: tuple[Dim, ...], key: Any) -> Array:
    """frame["a"], or frame[["a", "b"]]."""
    if isinstance(key, str):
        if len(dims) < 2:
            return hidden(because("a column of an unknown frame"))
        made: Array = (owner.columns or {}).get(key, Array(dims[:1])).copy()
        made.source = key
        return made
    if len(dims) != 2 or key.why:
        return hidden(because("columns of an unknown frame"))
    made = Array((dims[0], len(key)), owner.dtype)
    if owner.columns is not None and all(name in owner.columns for name in key):
        made.columns = {name: owner.columns[name] for name in key}
    return made


def _rows(owner: Array, dims: list[Dim]) -> Array:
    """Some numbers of an array. Few rows of labels may miss classes, and the least and the largest number; after a mask it is unknown."""
    made = owner.like(dims)
    if dims[:1] == list((owner.dims or ())[:1]):
        return made
    rows = dims[0] if isinstance(dims[0], int) else 0
    if owner.classes is not None and rows < 50 * owner.classes:
        made.classes = None
    if owner.span is not None and rows < 10 * (owner.span[1] - owner.span[0] + 1):
        made.span = None
    return made


def _unknown_pick(owner: Array, key: Unknown) -> Array:
    """a[i] for an unknown i: one row if i is a number, several if it is an array; the rank is unknown."""
    return hidden(key.why or because("the index is unknown"))


def cut(size: Dim, key: slice, columns: bool = False) -> Dim:
    """The size of a slice of an axis. Of unknown columns (`columns`) it selects as many as it names: table[:, 1:31] is 30 wide."""
    parts = (key.start, key.stop, key.step)
    if parts == (None, None, None):
        return size
    length = distance(key.start, key.stop) if key.step is None else None
    if length is not None and length > 0:
        return length  # x[i - 60:i]
    if not all(part is None or (isinstance(part, int) and not isinstance(part, bool)) for part in parts) or key.step == 0:
        why = next((part.why for part in parts if isinstance(part, Unknown)), "")
        return Unknown("rows", why or because("the bounds of the slice are unknown"))
    if isinstance(size, int):
        return len(range(*key.indices(min(size, 1 << 60))))
    if key.start is None and key.step in (None, -1) and key.stop is None:
        return size
    if columns and isinstance(key.stop, int) and key.step in (None, 1) and 0 <= (key.start or 0) < key.stop:
        return key.stop - (key.start or 0)
    return Unknown("rows", getattr(size, "why", "") or because("the number of rows before the slice is unknown"))


def reshape(owner: Array, target: Any) -> Array:
    """owner.reshape(target), with -1 replaced if the rest is known."""
    target = plain(target)
    sizes = list(target) if isinstance(target, (tuple, list)) else [target]
    for place, size in enumerate(sizes):
        if not isinstance(size, (int, Unknown)) and size is not None:
            return hidden(because("the target of the reshape is unknown"))
        if size is None:
            sizes[place] = Unknown("size", because("it is only known at run time"))
    if isinstance(target, Unknown):
        return hidden(target.why)
    if -1 in [size for size in sizes if isinstance(size, int)]:
        total = product(owner.dims) if owner.dims is not None else Unknown("size", owner.why)
        rest = product([size for size in sizes if size != -1])
        solved: Dim = Unknown("size", because("it is the rest of the total"))
        if isinstance(total, int) and isinstance(rest, int) and rest > 0 and total % rest == 0:
            solved = total // rest
        elif owner.dims is not None and len(sizes) > 1:
            solved = _remaining(owner.dims, sizes)
        sizes = [solved if size == -1 else size for size in sizes]
    return owner.like(sizes)


def _remaining(dims: tuple[Dim, ...], sizes: list[Any]) -> Dim:
    """(?, 28, 28) to (-1, 784) or (n, -1): the unknown number of rows stays, the other axes are multiplied."""
    place = sizes.index(-1)
    if place and len(sizes) == 2 and sizes[0] is dims[0]:
        return product(dims[1:])
    return Unknown("rows", because("it is the rest of the total"))


METHOD_SAME = frozenset(
    [
        "astype",
        "copy",
        "fillna",
        "sort_values",
        "reset_index",
        "shuffle",
        "round",
        "clip",
        "replace",
        "abs",
        "tolist",
        "to_numpy",
        "numpy",
        "toarray",
        "todense",
        "as_matrix",
        "map",
        "apply",
        "ffill",
        "bfill",
        "interpolate",
        "rename",
        "sort_index",
        "set_index",
        "cpu",
        "detach",
        "float",
        "squeeze_",
        "byteswap",
        "newbyteorder",
        "transform_",
    ]
)


def method(owner: Array, name: str, call: Call) -> Any:
    """a.reshape(...), a.astype(...), a.mean(axis=0), frame.drop(...) ..."""
    if name == "reshape":
        return reshape(owner, call.args[0] if len(call.args) == 1 else tuple(call.args)) if call.args else hidden("reshape")
    if name == "astype":
        made = owner.copy()
        made.dtype, made.source = kind(call.get(0, "dtype")), ""
        return made
    if name in METHOD_SAME:
        made = owner.copy()
        made.source = ""
        return made
    if name in ("flatten", "ravel"):
        return owner.like((product(owner.dims),) if owner.dims is not None else (Unknown("size", owner.why),))
    if name == "transpose":
        return transpose(owner, call.args[0] if len(call.args) == 1 else tuple(call.args) or None)
    if name in ("mean", "sum", "max", "min", "std", "argmax", "argmin", "prod", "any", "all", "median", "var"):
        return reduce(owner, call.get(0, "axis"), call.keywords.get("keepdims") is True, name)
    if name == "squeeze":
        return squeeze(owner, call.get(0, "axis"))
    if name in ("drop", "pop") and owner.dims is not None and len(owner.dims) == 2:
        return _drop(owner, name, call)
    if name in ("sample", "dropna", "drop_duplicates", "head", "tail", "query") and owner.dims:
        return Array((Unknown("rows", because("{name}() keeps an unknown number of them", name=name)), *owner.dims[1:]), owner.dtype)
    if name in ("unique", "nunique"):
        return Array((Unknown("classes"),)) if name == "unique" else unknown("nunique")
    if name == "get_shape" or name == "as_list":
        return owner.dims if owner.dims is not None else unknown("shape")
    return hidden(because("the result of .{name}() is unknown", name=name))


def _drop(owner: Array, name: str, call: Call) -> Any:
    assert owner.dims is not None
    if name == "pop":
        if isinstance(owner.dims[1], int):
            owner.dims = (owner.dims[0], owner.dims[1] - 1)
        column = call.args[0] if call.args else None
        if owner.columns is not None and isinstance(column, str) and column in owner.columns:
            owner.columns = dict(owner.columns)
            return owner.columns.pop(column)
        owner.columns = None
        return Array(owner.dims[:1])
    columns = call.keywords.get("columns", call.args[0] if call.args and (call.get(1, "axis") in (1, "columns")) else None)
    count = 1 if isinstance(columns, str) else len(columns) if isinstance(columns, Items) and not columns.why else None
    width = owner.dims[1]
    rest: Dim = Unknown("columns", because("an unknown number was dropped"))
    if isinstance(width, int) and count is not None:
        rest = width - count
    made = Array((owner.dims[0], rest), owner.dtype)
    names = [columns] if isinstance(columns, str) else list(columns) if isinstance(columns, Items) else []
    if owner.columns is not None and names and all(isinstance(name, str) and name in owner.columns for name in names):
        made.columns = {name: column for name, column in owner.columns.items() if name not in names}
    return made


def kind(value: Any) -> str:
    """The kind of a dtype: "float", "int", "bool", "str"; "" for another one."""
    name = value if isinstance(value, str) else getattr(value, "last", "") or getattr(value, "path", "")
    name = str(name).rpartition(".")[2]
    return next((found for start, found in DTYPES.items() if name.startswith(start)), "")


def transpose(owner: Array, order: Any) -> Array:
    """The axes in another order; reversed if none is passed."""
    if owner.dims is None:
        return owner
    order = plain(order)
    if order is None:
        return Array(owner.dims[::-1], owner.dtype)
    if isinstance(order, (tuple, list)) and sorted(map(str, order)) == sorted(map(str, range(len(owner.dims)))):
        return Array([owner.dims[axis] for axis in order], owner.dtype)
    return hidden(because("the new order of its axes is unknown"))


def reduce(owner: Array, axis: Any, keep: bool, name: str) -> Any:
    """One axis, several or all are reduced."""
    dtype = "int" if name.startswith("arg") else owner.dtype
    if axis is None or (owner.dims is not None and len(owner.dims) == 1 and axis == 0):
        if name in ("max", "amax", "reduce_max") and owner.classes is not None and owner.dtype == "int":
            return owner.classes - 1  # labels are counted from 0
        return Number(name, because("a value computed from data"), dtype)
    if owner.dims is None or isinstance(axis, Unknown):
        return hidden(because("it is computed from an unknown value"))
    axes = plain(axis)
    places = [axes] if isinstance(axes, int) else list(axes) if isinstance(axes, (tuple, list)) else []
    if not places or not all(isinstance(p, int) and -len(owner.dims) <= p < len(owner.dims) for p in places):
        return hidden(because("its axis is unknown"))
    gone = {p % len(owner.dims) for p in places}
    dims = [1 if place in gone else dim for place, dim in enumerate(owner.dims) if keep or place not in gone]
    return Array(dims, dtype) if dims else Number(name, because("a value computed from data"), dtype)


def squeeze(owner: Array, axis: Any) -> Array:
    """Without axes of size 1."""
    if not owner.dims or any(not isinstance(dim, int) for dim in owner.dims[1:]):
        return hidden(because("which axes have size 1 is unknown"))
    if isinstance(axis, int) and -len(owner.dims) <= axis < len(owner.dims):
        place = axis % len(owner.dims)
        return Array(owner.dims[:place] + owner.dims[place + 1 :], owner.dtype)
    if not isinstance(owner.dims[0], int):
        return hidden(because("which axes have size 1 is unknown"))
    return Array([dim for dim in owner.dims if dim != 1], owner.dtype)


def of(value: Any, depth: int = 0) -> Array:
    """np.array(value): lists of lists, numbers, arrays."""
    if isinstance(value, Array):
        return value
    if isinstance(value, Items) and value.each is not None:
        item = of(value.each, depth + 1) if depth < 6 else NOTHING
        if item.dims is not None:
            rows = Unknown("rows", because("how many were added is unknown")) if value.rounds is None else value.rounds
            return Array((rows, *item.dims), item.dtype)
    if isinstance(value, (Items, tuple)) and not getattr(value, "why", ""):
        if not len(value):
            return Array((0,))
        first = of(value[0], depth + 1) if depth < 6 else NOTHING
        rest = value[-1] if len(value) > 1 else None
        if first.dims is None or (rest is not None and of(rest, depth + 1).dims != first.dims):
            return hidden(because("its items are unknown"))
        return _constants(value, Array((len(value), *first.dims), first.dtype))
    if isinstance(value, range):
        made = Array((min(len(value[: 1 << 60]), 1 << 60),), "int")
        made.span = (min(value[0], value[-1]), max(value[0], value[-1])) if value else None
        return made
    if isinstance(value, bool):
        return Array((), "bool")
    if isinstance(value, (int, float)):
        return Array((), "int" if isinstance(value, int) else "float")
    if isinstance(value, str):
        return Array((), "str")
    number = number_kind(value)
    if number is not None:
        return Array((), number)
    return hidden(getattr(value, "why", "") or ("a table" if isinstance(value, Table) else because("its items are unknown")))


def _constants(items: Any, made: Array) -> Array:
    """A list of texts: how many different ones there are; of whole numbers: the smallest and the largest."""
    if len(made.dims or ()) == 1 and all(map(is_constant, items)):
        if made.dtype == "str":
            made.classes = len(set(items))
        elif made.dtype == "int" and all(type(item) is int for item in items):
            made.span = (min(items), max(items))
    return made
