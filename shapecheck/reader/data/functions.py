"""Functions of numpy, scikit-learn, TensorFlow, pandas and keras.utils on shapes, by their last name."""

from __future__ import annotations

import math

from shapecheck.diagnostics.arguments import UnknownWord
from shapecheck.diagnostics.meaning import ScaledBeforeSplit, TooFewColumns
from shapecheck.languages import because
from shapecheck.reader.data import arrays, pictures, series
from shapecheck.reader.python import texts
from shapecheck.reader.source import Origin
from shapecheck.reader.values import Array, Items, NumpyInt, Table, plain, unknown
from shapecheck.shapes import Dim, Unknown

ORDERS = ("channels_first", "channels_last", "th", "tf")
"""Words for the order of axes; the last two are those of Keras 1."""
TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import Any

    from shapecheck.reader.call import Call
    from shapecheck.reader.state import Reader


def call(reader: Reader, path: str, call: Call) -> Any:
    """The result of a library function; unknown if it is not supported."""
    parts = path.split(".")
    root, last = parts[0], parts[-1]
    if root == "keras" and last in ("image_data_format", "backend"):
        return reader.stacks.dialect.data_format if last == "image_data_format" else unknown("backend")
    if root == "keras" and last in ("set_image_data_format", "set_image_dim_ordering") and (call.args or call.keywords):
        given = call.args[0] if call.args else next(iter(call.keywords.values()))
        known = not isinstance(given, Unknown)
        certain = reader.stacks.dialect.version >= 3 and not (reader.branch or reader.guarded)
        if isinstance(given, str) and given.lower() not in ORDERS and certain:
            reader.stacks.findings.append((UnknownWord("data_format", given, ORDERS[:2]), Origin(call.unit, call.node), None))
            return None
        reader.stacks.dialect.data_format = (
            "channels_first" if known and given in ("th", "channels_first") else "channels_last" if known else given
        )
        return None
    if root == "keras" and last == "image_dim_ordering":
        return "th" if reader.stacks.dialect.data_format == "channels_first" else "tf"
    if root == "math":
        return _math(last, call)
    if path == "os.path.join" and call.args and len(call.args) < 20 and not call.hidden:
        return _path(call.args)
    if root == "sklearn" or root == "mlxtend":
        from shapecheck.reader.data import sklearn

        if last == "train_test_split":
            _scaled(reader, call)
        return sklearn.call(parts, call)
    if root == "pandas":
        return _pandas(reader, last, call)
    if root == "cv2":
        return pictures.cv2(last, call)
    if root == "PIL" and (made := pictures.pil(last, call)) is not None:
        return made
    if root in ("keras", "tensorflow", "tensorflow_datasets"):
        from shapecheck.reader.data import pipelines

        made = pipelines.call(reader, parts, call)
        if made is not None:
            return made
    if root == "numpy" and len(parts) == 3 and parts[1] == "random":
        return _random(last, call)
    if root == "tensorflow" and len(parts) == 3 and parts[1] == "random":
        given = call.get(0, "shape")
        return filled(given, "float") if last in ("normal", "uniform", "truncated_normal") else unknown(last)
    handler = _FUNCTIONS.get(last)
    if last == "to_categorical" and root == "keras":
        _counted(reader, call)
    if handler is not None and not call.hidden and root in ("numpy", "tensorflow", "keras", "jax"):
        return handler(call)
    if last in ("load_data", "to_categorical"):
        return arrays.hidden(because("it is unknown"))
    return unknown(last, because("the result of {path}() is unknown", path=path))


def _path(parts: list[Any]) -> Any:
    """os.path.join(folder, name)."""
    if all(isinstance(part, str) for part in parts):
        return "/".join(part.rstrip("/") for part in parts)[:1000]
    found: list[Any] = []
    for part in parts:
        found += ["/", part] if found else [part]
    return texts.joined(found) if all(isinstance(part, (str, Unknown)) for part in parts) else unknown("path")


def _scaled(reader: Reader, call: Call) -> None:
    """Rows that a scaler was fitted on are split: once for each scaler."""
    for given in call.args:
        if isinstance(given, Array) and given.scaled is not None:
            unit, node, scaler = given.scaled
            reader.stacks.findings.append((ScaledBeforeSplit(scaler, call.node.lineno), Origin(unit, node), None))


def _counted(reader: Reader, call: Call) -> None:
    """to_categorical() with fewer columns than there are classes."""
    given, count = call.get(0, "x", call.keywords.get("y")), call.get(1, "num_classes")
    classes = given.classes if isinstance(given, Array) and given.dtype == "int" else None
    if isinstance(count, int) and classes is not None and 0 < count < classes and not reader.guarded:
        reader.stacks.findings.append((TooFewColumns(count, classes), Origin(call.unit, call.node), None))


def filled(shape: Any, dtype: str) -> Array:
    """An array created from a shape: np.zeros, np.random.rand ..."""
    sizes = plain(shape)
    sizes = sizes if isinstance(sizes, (tuple, list)) else (sizes,)
    if isinstance(shape, Unknown) or not all(isinstance(s, (int, Unknown)) for s in sizes):
        return arrays.hidden(getattr(shape, "why", "") or because("its shape is unknown"))
    return Array(sizes, dtype)


def _filled(dtype: str) -> Callable[[Call], Any]:
    return lambda call: filled(call.get(0, "shape"), dtype)


def _random(last: str, call: Call) -> Any:
    if last in ("rand", "randn"):
        return filled(tuple(call.args), "float")
    if last in ("random", "random_sample", "standard_normal", "sample"):
        return filled(call.get(0, "size"), "float") if call.args or call.keywords else unknown("number")
    places = {"randint": 2, "normal": 2, "uniform": 2, "choice": 1, "binomial": 2, "random_integers": 2, "poisson": 1}
    if last in places:
        size = call.get(places[last], "size")
        if size is None:
            return unknown("number")
        made = filled(size, "int" if last in ("randint", "binomial", "random_integers") else "float")
        if last == "randint":
            _spanned(made, call)
        return made
    if last == "permutation":
        given = call.get(0, "x")
        return Array((given,), "int") if isinstance(given, (int, Unknown)) else arrays.of(given)
    return None if last in ("seed", "shuffle") else unknown(last)


def _spanned(made: Any, call: Call) -> None:
    """randint(low, high, size): the numbers from low to high - 1, if so many are drawn that each occurs (wrong once in e^10)."""
    low, high = call.get(0, "low"), call.get(1, "high")
    low, high = (0, low) if high is None else (low, high)
    if isinstance(low, int) and isinstance(high, int) and isinstance(made, Array) and made.dims:
        rows = made.dims[0]
        if isinstance(rows, int) and rows >= 10 * (high - low) > 0:
            made.span = (low, high - 1)


def _like(call: Call) -> Any:
    given = arrays.of(call.get(0, "a"))
    return Array(given.dims, given.dtype, why=given.why)


def _same(call: Call) -> Any:
    given = pictures.opened(arrays.of(call.get(0, "a", call.keywords.get("x"))))
    made = given.like(given.dims)
    made.last = given.last
    return made


def _array(call: Call) -> Any:
    return pictures.opened(arrays.of(call.get(0, "object", call.keywords.get("value"))))


def _reshape(call: Call) -> Any:
    target = call.get(1, "newshape", call.keywords.get("shape"))
    return arrays.reshape(arrays.of(call.get(0, "a", call.keywords.get("tensor"))), target)


def _expand(call: Call) -> Any:
    given, axis = arrays.of(call.get(0, "a", call.keywords.get("input"))), call.get(1, "axis")
    if given.dims is None or not isinstance(axis, int) or not -len(given.dims) - 1 <= axis <= len(given.dims):
        return arrays.hidden(given.why or because("its axis is unknown"))
    place = axis if axis >= 0 else len(given.dims) + 1 + axis
    return given.like((*given.dims[:place], 1, *given.dims[place:]))


def _parts(value: Any) -> list[Array] | None:
    items = list(value) if isinstance(value, (Items, tuple)) and not getattr(value, "why", "") else None
    return [arrays.of(item) for item in items] if items else None


def _concatenate(call: Call) -> Any:
    axis = call.get(1, "axis", 0)
    return concatenate(_parts(call.get(0, "arrays", call.keywords.get("values"))), axis)


def concatenate(parts: list[Array] | None, axis: Any) -> Array:
    """The sizes along one axis added up."""
    if not parts or not isinstance(axis, int) or any(part.dims is None for part in parts):
        return arrays.hidden(because("one of its parts is unknown"))
    first = parts[0].dims
    assert first is not None
    if any(len(part.dims or ()) != len(first) for part in parts) or not -len(first) <= axis < len(first):
        return arrays.hidden(because("the parts do not fit together"))
    place = axis % len(first)
    total: Dim = 0
    for part in parts:
        size = (part.dims or ())[place]
        known = isinstance(total, int) and isinstance(size, int)
        total = total + size if known else Unknown("rows", because("the size of a part is unknown"))  # type: ignore[operator]
    return Array((*first[:place], total, *first[place + 1 :]), parts[0].dtype)


def _vstack(call: Call) -> Any:
    parts = _parts(call.get(0, "tup"))
    return concatenate(
        [Array((1, *p.dims), p.dtype) if p.dims is not None and len(p.dims) == 1 else p for p in parts] if parts else None, 0
    )


def _hstack(call: Call) -> Any:
    parts = _parts(call.get(0, "tup"))
    one = bool(parts) and parts is not None and parts[0].dims is not None and len(parts[0].dims) == 1
    return concatenate(parts, 0 if one else 1)


def _stack(call: Call) -> Any:
    parts, axis = _parts(call.get(0, "arrays", call.keywords.get("values"))), call.get(1, "axis", 0)
    if not parts or parts[0].dims is None or not isinstance(axis, int):
        return arrays.hidden(because("one of its parts is unknown"))
    place = axis if axis >= 0 else len(parts[0].dims) + 1 + axis
    return Array((*parts[0].dims[:place], len(parts), *parts[0].dims[place:]), parts[0].dtype)


def _arange(call: Call) -> Any:
    if call.args and all(isinstance(arg, int) for arg in call.args) and len(call.args) <= 3:
        try:
            made = arrays.of(range(*call.args))
            return made if made.dims and made.dims[0] else Array((0,), "int")
        except (ValueError, OverflowError):
            return arrays.hidden("arange")
    return Array((Unknown("size", because("the length of arange() is unknown")),))


def _repeat(call: Call) -> Any:
    """numpy.repeat(a, n): every number n times; along an axis that axis is n times as long."""
    given, count, axis = arrays.of(call.get(0, "a")), call.get(1, "repeats"), call.get(2, "axis")
    if given.dims is None or not (axis is None or (isinstance(axis, int) and -len(given.dims) <= axis < len(given.dims))):
        return arrays.hidden(given.why or because("its axis is unknown"))
    dims = list(given.dims) if axis is not None else [arrays.product(given.dims)]
    place = 0 if axis is None else axis % len(dims)
    size = dims[place]
    dims[place] = size * count if isinstance(size, int) and type(count) is int else Unknown("rows", because("how often is unknown"))
    return given.like(dims)


def _tile(call: Call) -> Any:
    """numpy.tile(a, n) or (n, m): the array n times along its axes, the last ones if there are fewer numbers."""
    given, counts = arrays.of(call.get(0, "A", call.keywords.get("input"))), plain(call.get(1, "reps", call.keywords.get("multiples")))
    counts = [counts] if type(counts) is int else list(counts) if isinstance(counts, (tuple, list)) else []
    if given.dims is None or not counts or not all(type(count) is int for count in counts):
        return arrays.hidden(given.why or because("how often is unknown"))
    rank = max(len(counts), len(given.dims))
    sizes = [1] * (rank - len(given.dims)) + list(given.dims)
    times = [1] * (rank - len(counts)) + counts
    return given.like([size * count if isinstance(size, int) else size if count == 1 else Unknown("size", because("how often is unknown"))
                       for size, count in zip(sizes, times, strict=True)])  # fmt: skip


def _linspace(call: Call) -> Any:
    count = call.get(2, "num", 50)
    return Array((count if isinstance(count, (int, Unknown)) else Unknown("size"),), "float")


def _categorical(call: Call) -> Any:
    """to_categorical(y, n): one more axis of n; without n, the number of classes, if known."""
    given = arrays.of(call.get(0, "x", call.keywords.get("y")))
    count = call.get(1, "num_classes", call.keywords.get("nb_classes", call.keywords.get("depth")))
    size: Dim = count if isinstance(count, (int, Unknown)) and not isinstance(count, bool) else given.classes
    if size is None and given.span is not None and given.span[0] >= 0:
        size = given.span[1] + 1
    if size is None:
        size = _labelled(call.get(0, "x", call.keywords.get("y")))
    if given.dims is None:
        made = arrays.hidden(given.why)
        made.last = size if isinstance(size, int) else None
        return made
    dims = given.dims[:-1] if len(given.dims) > 1 and given.dims[-1] == 1 else given.dims
    return Array((*dims, size), "float")


def _labelled(given: Any) -> Dim:
    """How many classes to_categorical() finds in a list: one more than its largest number."""
    if isinstance(given, (Items, tuple)) and given and not getattr(given, "why", "") and all(type(item) is int for item in given):
        return max(given) + 1 if min(given) >= 0 else Unknown("classes", because("a label is below 0"))
    return Unknown("classes", because("the number of classes in the labels is unknown"))


def _one_hot(call: Call) -> Any:
    given, depth = arrays.of(call.get(0, "indices")), call.get(1, "depth")
    if given.dims is None or not isinstance(depth, (int, Unknown)):
        return arrays.hidden(given.why)
    return Array((*given.dims, depth), "float")


def _eye(call: Call) -> Any:
    rows = call.get(0, "N")
    return Array((rows, rows), "float") if isinstance(rows, (int, Unknown)) else arrays.hidden("eye")


def _transpose(call: Call) -> Any:
    return arrays.transpose(arrays.of(call.get(0, "a")), call.get(1, "axes", call.keywords.get("perm")))


def _split(call: Call) -> Any:
    given, count, axis = arrays.of(call.get(0, "ary")), call.get(1, "indices_or_sections"), call.get(2, "axis", 0)
    if given.dims is None or not isinstance(axis, int) or not isinstance(count, int) or not 0 < count < 100:
        return unknown("split")
    size = given.dims[axis] if -len(given.dims) <= axis < len(given.dims) else None
    part: Dim = size // count if isinstance(size, int) else Unknown("rows")
    dims = [part if place == axis % len(given.dims) else dim for place, dim in enumerate(given.dims)]
    return Items([Array(dims, given.dtype) for _ in range(count)])


def _reduced(name: str) -> Callable[[Call], Any]:
    return lambda call: arrays.reduce(arrays.of(call.get(0, "a")), call.get(1, "axis"), call.get(2, "keepdims") is True, name)


def _squeeze(call: Call) -> Any:
    return arrays.squeeze(arrays.of(call.get(0, "a")), call.get(1, "axis"))


def _unique(call: Call) -> Any:
    given = arrays.of(call.get(0, "ar"))
    return Array((given.classes if given.classes is not None else Unknown("classes"),), given.dtype)


def _prod(call: Call) -> Any:
    sizes = plain(call.get(0, "a"))
    if isinstance(sizes, (tuple, list)) and sizes and all(isinstance(s, int) for s in sizes):
        number = arrays.product(tuple(sizes))
        return NumpyInt(number) if isinstance(number, int) and number.bit_length() < 63 else number
    return unknown("prod", next((s.why for s in sizes if isinstance(s, Unknown)), "") if isinstance(sizes, (tuple, list)) else "")


def _pad_sequences(call: Call) -> Any:
    """pad_sequences(x, maxlen): (rows, maxlen)."""
    given, length = call.get(0, "sequences"), call.get(1, "maxlen")
    rows = given.dims[0] if isinstance(given, Array) and given.dims else Unknown("rows", because("the number of sequences is unknown"))
    longest = length if isinstance(length, (int, Unknown)) else Unknown("maxlen", because("the length of the longest sequence is unknown"))
    return Array((rows, longest), "int")


def _math(name: str, call: Call) -> Any:
    small = all(isinstance(arg, (int, float)) and abs(arg) < 1e6 for arg in call.args)
    if small and name in ("ceil", "floor", "sqrt", "log", "log2", "log10", "exp", "pow", "sin", "cos", "prod"):
        try:
            return getattr(math, name)(*call.args)
        except (ValueError, TypeError, OverflowError):
            return unknown(name)
    return unknown(name, next((arg.why for arg in call.args if isinstance(arg, Unknown)), ""))


def _resize(call: Call) -> Any:
    """tf.image.resize(image, (rows, columns))."""
    given, size = call.get(0, "images"), plain(call.get(1, "size"))
    sizes = size if isinstance(size, (tuple, list)) and len(size) == 2 else ()
    known = sizes and all(isinstance(side, (int, Unknown)) for side in sizes) and "preserve_aspect_ratio" not in call.keywords
    if not isinstance(given, Array) or given.dims is None or len(given.dims) not in (3, 4) or not known:
        return arrays.hidden(because("the size after resizing is unknown"))
    return Array((*given.dims[:-3], *sizes, given.dims[-1]), "float")


def _decoded(call: Call) -> Any:
    """tf.io.decode_jpeg(contents, channels): rows, columns and channels of one picture."""
    channels = call.get(1, "channels", 0)
    sides = [Unknown(name, pictures.SIZE_OF_FILE) for name in ("rows", "columns")]
    known = isinstance(channels, int) and channels > 0
    grey = because("whether the image is grey or coloured is in its file")
    return Array((*sides, channels if known else Unknown("channels", grey)), "int")


def _read(call: Call) -> Any:
    """tf.io.read_file(name): one text of bytes."""
    return Array((), "str")


def _round(name: str) -> Callable[[Call], Any]:
    def rounded(call: Call) -> Any:
        given = call.get(0, "x")
        if isinstance(given, (int, float)):
            found = _math(name, call)
            return float(found) if isinstance(found, int) else found
        return _same(call) if isinstance(given, Array) else unknown(name)

    return rounded


WIDTH_ONLY = frozenset({
    "sep", "delimiter", "header", "names", "dtype", "encoding", "na_values", "nrows", "low_memory", "engine", "index_col", "verbose",
    "keep_default_na", "thousands", "decimal", "comment", "skipinitialspace", "converters", "chunksize",
})  # fmt: skip
"""Keywords of read_csv() that leave the columns as the first line has them, index_col less one; of others the width is unknown."""


def _columns(reader: Reader, call: Call) -> int | None:
    """How many columns read_csv() returns, if the file is beside and its first line tells."""
    path, index = call.get(0, "filepath_or_buffer"), call.keywords.get("index_col")
    separator = call.get(1, "sep", call.keywords.get("delimiter", ","))
    plain_call = len(call.args) <= 2 and not call.hidden and call.keywords.keys() <= WIDTH_ONLY and "chunksize" not in call.keywords
    if reader.beside is None or not isinstance(path, str) or not plain_call or not isinstance(separator, str) or len(separator) != 1:
        return None
    count = reader.beside.columns(path, separator)
    if count is None or not (index in (None, False) or (isinstance(index, (int, str)) and not isinstance(index, bool))):
        return None
    return count - (index not in (None, False) or 0)


def _pandas(reader: Reader, last: str, call: Call) -> Any:
    if last in ("read_csv", "read_excel", "read_table"):
        names = call.keywords.get("names")
        why = series.in_file(call, because("the number of columns"))
        width: Dim = len(names) if isinstance(names, Items) and not names.why else Unknown("columns", why)
        counted = _columns(reader, call) if last == "read_csv" and isinstance(width, Unknown) else None
        width = width if counted is None else counted
        return Array((Unknown("rows", why), width))
    if last == "get_dummies":
        given = call.get(0, "data")
        rows = given.dims[0] if isinstance(given, Array) and given.dims else Unknown("rows")
        classes = given.classes if isinstance(given, Array) else None
        unseen = Unknown("classes", because("the number of values in the column is unknown"))
        return Array((rows, classes if classes is not None else unseen))
    if last in ("DataFrame", "Series"):
        given = call.get(0, "data")
        if isinstance(given, Table) and given and not given.why:
            columns = {str(name): arrays.of(column) for name, column in given.items()}
            first = next(iter(columns.values()))
            made = Array((first.dims[0] if first.dims else Unknown("rows"), len(given)))
            made.columns = columns
            return made
        return arrays.of(given)
    return unknown(last, because("the result of pandas.{last}() is unknown", last=last))


_SAME = [
    "asarray",
    "ascontiguousarray",
    "float32",
    "float64",
    "int32",
    "int64",
    "uint8",
    "cast",
    "convert_to_tensor",
    "constant",
    "identity",
    "normalize",
    "flip",
    "fliplr",
    "flipud",
    "log",
    "exp",
    "sqrt",
    "abs",
    "sin",
    "cos",
    "tanh",
    "square",
    "clip",
    "nan_to_num",
    "roll",
    "maximum",
    "minimum",
    "Variable",
    "copy",
    "stop_gradient",
]
_FUNCTIONS: dict[str, Any] = {
    **dict.fromkeys(_SAME, _same),
    "load": series.load, "loadtxt": series.loadtxt, "genfromtxt": series.loadtxt,
    "array": _array, "zeros": _filled("float"), "ones": _filled("float"), "empty": _filled("float"), "full": _filled(""),
    "fill": _filled(""), "zeros_like": _like, "ones_like": _like, "reshape": _reshape, "expand_dims": _expand,
    "concatenate": _concatenate, "concat": _concatenate, "vstack": _vstack, "row_stack": _vstack, "hstack": _hstack,
    "stack": _stack, "arange": _arange, "repeat": _repeat, "tile": _tile,
    "decode_jpeg": _decoded, "decode_png": _decoded, "decode_bmp": _decoded, "read_file": _read, "linspace": _linspace,
    "to_categorical": _categorical, "one_hot": _one_hot,
    "eye": _eye, "transpose": _transpose, "split": _split, "array_split": _split, "squeeze": _squeeze, "unique": _unique,
    "prod": _prod, "pad_sequences": _pad_sequences, "resize": _resize, "ceil": _round("ceil"), "floor": _round("floor"),
    **{name: _reduced(name) for name in ("argmax", "argmin", "mean", "sum", "max", "min", "amax",
                                              "amin", "std", "median", "reduce_mean", "reduce_sum", "reduce_max")},
}  # fmt: skip
