"""Output shapes of functions of tf., K., keras.ops and numpy on traced tensors, by their last name.

A handler takes each argument that it supports; an argument left over, or unknown, makes the result unknown (`Unclear`).
"""

from __future__ import annotations

from collections.abc import Callable

from shapecheck.languages import because
from shapecheck.reader.data import arrays
from shapecheck.reader.values import Array, Items, Traced, plain
from shapecheck.shapes import Dim, Unknown, window_output

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    from shapecheck.reader.call import Call

Dims = tuple[Dim, ...]


class OfAnySize(Unknown):
    """The value of tf.shape(x)[1] for an axis of any size, which is not the batch axis."""

    __slots__ = ()


class Unclear(Exception):
    """The function, or an argument of it, is not supported."""


class Arguments:
    """The arguments of a call, each taken once: any left over is not supported."""

    def __init__(self, call: Call, path: str) -> None:
        self.args = list(call.args)
        self.keywords = {name: value for name, value in call.keywords.items() if name not in ("name", "dtype", "seed")}
        self.path = path

    def take(self, *names: str, default: Any = ...) -> Any:
        """The next argument, by position or by one of its names."""
        if self.args:
            return self.args.pop(0)
        found = next((name for name in names if name in self.keywords), None)
        if found is None and default is ...:
            raise Unclear
        return self.keywords.pop(found) if found is not None else default

    def end(self) -> None:
        """Raises Unclear if an argument is left."""
        if self.args or self.keywords:
            raise Unclear

    def tensor(self, *names: str) -> Dims:
        """The next argument as a tensor's sizes."""
        return dims_of(self.take("x", "input", "inputs", "a", "tensor", "input_tensor", "value", *names))


def dims_of(value: Any) -> Dims:
    """The sizes of a tensor, an array of known sizes or a number."""
    if isinstance(value, Traced) and value.dims is not None:
        return value.dims
    if isinstance(value, Array) and value.dims is not None and all(isinstance(size, int) for size in value.dims):
        return value.dims
    if isinstance(value, (bool, int, float)):
        return ()
    raise Unclear


def stretched(*shapes: Dims) -> Dims:
    """The shape that all of them broadcast to. Raises Unclear if they do not match, or if it is unknown."""
    result: Dims = ()
    for shape in shapes:
        found = arrays.broadcast(result, shape)
        if found is None:
            raise Unclear
        result = found
    return result


def matmul(left: Dims, right: Dims) -> Dims:
    """The last two axes multiplied as matrices, the others broadcast."""
    if len(left) < 2 or len(right) < 2 or not _fit(left[-1], right[-2]):
        raise Unclear
    return (*stretched(left[:-2], right[:-2]), left[-2], right[-1])


def _fit(a: Dim, b: Dim) -> bool:
    return isinstance(a, int) and a == b


def _elementwise(given: Arguments) -> Dims:
    """One tensor, and numbers and words that do not change its shape."""
    dims = given.tensor("logits", "features", "v")
    rest = [*given.args, *given.keywords.values()]
    if any(isinstance(value, Array) and value.dims != () for value in rest):
        raise Unclear
    return dims


def _together(given: Arguments) -> Dims:
    """Two or three tensors, broadcast to each other."""
    shapes = [dims_of(value) for value in (*given.args, *given.keywords.values())]
    if len(shapes) < 2:
        raise Unclear
    return stretched(*shapes)


def _axes(axis: Any, rank: int) -> set[int]:
    found = plain(axis)
    places = [found] if isinstance(found, int) else found
    if not isinstance(places, (list, tuple)) or not all(isinstance(place, int) and -rank <= place < rank for place in places):
        raise Unclear
    return {place % rank for place in places}


def _reduced(given: Arguments) -> Dims:
    dims = given.tensor("input_tensor")
    axis, keep = given.take("axis", default=None), given.take("keepdims", "keep_dims", default=False)
    given.end()
    if not isinstance(keep, bool):
        raise Unclear
    gone = set(range(len(dims))) if axis is None else _axes(axis, len(dims))
    return tuple(1 if place in gone else size for place, size in enumerate(dims) if keep or place not in gone)


def _largest(given: Arguments) -> Dims:
    """argmax(x, axis): the default axis differs from library to library."""
    dims = given.tensor()
    axis = given.take("axis")
    given.end()
    gone = _axes(axis, len(dims))
    return tuple(size for place, size in enumerate(dims) if place not in gone)


def _expanded(given: Arguments) -> Dims:
    dims, axis = given.tensor(), given.take("axis")
    given.end()
    if not isinstance(axis, int) or not -len(dims) - 1 <= axis <= len(dims):
        raise Unclear
    place = axis % (len(dims) + 1)
    return (*dims[:place], 1, *dims[place:])


def _squeezed(given: Arguments) -> Dims:
    dims, axis = given.tensor(), given.take("axis")
    given.end()
    gone = _axes(axis, len(dims))
    if any(dims[place] != 1 for place in gone):
        raise Unclear
    return tuple(size for place, size in enumerate(dims) if place not in gone)


def _sizes(value: Any) -> list[Any]:
    sizes = plain(value)
    if not isinstance(sizes, (list, tuple)) or not all(isinstance(size, int) for size in sizes):
        raise Unclear
    return list(sizes)


def _reshaped(given: Arguments) -> Dims:
    """Integers and one -1, which is any size if the input has an axis of any size; first the batch size, tf.shape(x)[0]."""
    dims, target = given.tensor(), plain(given.take("shape", "newshape", "target_shape"))
    given.end()
    if not isinstance(target, (list, tuple)):
        raise Unclear
    target = list(target)
    if target[:1] == [None] and dims[:1] == (None,):
        return (None, *(None if size == -1 else size for size in _sizes(target[1:])))  # -1 beside an unknown batch, as in TensorFlow
    return _resolved(dims, target)


def _resolved(dims: Dims, target: list[Any]) -> Dims:
    """The target with its -1 replaced."""
    target = _sizes(target)
    if target.count(-1) > 1 or any(isinstance(size, Unknown) for size in dims):
        raise Unclear
    if None in dims:
        if -1 not in target:
            raise Unclear
        return tuple(None if size == -1 else size for size in target)
    total, rest = arrays.product(dims), arrays.product([size for size in target if size != -1])
    if not isinstance(total, int) or not isinstance(rest, int) or rest < 1 or total % rest or (-1 not in target and total != rest):
        raise Unclear
    return tuple(total // rest if size == -1 else size for size in target)


def _transposed(given: Arguments) -> Dims:
    dims, order = given.tensor(), given.take("perm", "axes", "pattern", default=None)
    given.end()
    places = list(range(len(dims)))[::-1] if order is None else _sizes(order)
    if sorted(places) != list(range(len(dims))):
        raise Unclear
    return tuple(dims[place] for place in places)


def _parts(value: Any) -> list[Dims]:
    if not isinstance(value, (Items, tuple)) or bool(getattr(value, "why", "")) or not value:
        raise Unclear
    return [dims_of(item) for item in value]


def _joined(given: Arguments) -> Dims:
    """concat: K.concatenate joins the last axis by default, keras.ops the first, tf.concat has no default."""
    parts = _parts(given.take("values", "tensors", "xs", "arrays"))
    usual = -1 if "backend" in given.path else 0
    axis = given.take("axis", default=... if given.path.endswith(".concat") else usual)
    given.end()
    (place,) = _axes(axis, len(parts[0]))
    if any(len(part) != len(parts[0]) for part in parts):
        raise Unclear
    sizes: list[Dim] = []
    for axis_, found in enumerate(zip(*parts, strict=True)):
        if axis_ == place:
            counts = [size for size in found if isinstance(size, int)]
            sizes.append(sum(counts) if len(counts) == len(found) else None)
            if any(isinstance(size, Unknown) for size in found):
                raise Unclear
        else:
            known = {size for size in found if isinstance(size, int)}
            if len(known) > 1 or any(isinstance(size, Unknown) for size in found):
                raise Unclear
            sizes.append(known.pop() if known else None)
    return tuple(sizes)


def _stacked(given: Arguments) -> Dims:
    parts, axis = _parts(given.take("values", "x", "arrays")), given.take("axis", default=0)
    given.end()
    if any(part != parts[0] for part in parts) or not isinstance(axis, int) or not -len(parts[0]) - 1 <= axis <= len(parts[0]):
        raise Unclear
    place = axis % (len(parts[0]) + 1)
    return (*parts[0][:place], len(parts), *parts[0][place:])


def _multiplied(given: Arguments) -> Dims:
    left, right = given.tensor("x1"), dims_of(given.take("b", "y", "x2"))
    turned = [given.take(name, default=False) for name in ("transpose_a", "transpose_b")]
    given.end()
    if not all(isinstance(turn, bool) for turn in turned) or min(len(left), len(right)) < 2:
        raise Unclear
    first, second = ((*dims[:-2], dims[-1], dims[-2]) if turn else dims for dims, turn in zip((left, right), turned, strict=True))
    return matmul(first, second)


def _dot(given: Arguments) -> Dims:
    """K.dot(x, y): the last axis of x with the last but one of y."""
    left, right = given.tensor("x1"), dims_of(given.take("y", "x2", "b"))
    given.end()
    if len(left) < 2 or len(right) != 2 or not _fit(left[-1], right[0]):
        raise Unclear
    return (*left[:-1], right[1])


def _one_hot(given: Arguments) -> Dims:
    dims, depth = given.tensor("indices"), given.take("depth", "num_classes")
    given.end()
    if not isinstance(depth, int):
        raise Unclear
    return (*dims, depth)


def _filled(given: Arguments) -> Dims:
    """zeros(shape), random_normal(shape, ...): of that shape, whatever the other arguments are."""
    sizes = plain(given.take("shape"))
    if not isinstance(sizes, (list, tuple)) or not all(size is None or isinstance(size, (int, Unknown)) for size in sizes):
        raise Unclear
    return tuple(None if isinstance(size, OfAnySize) else size for size in sizes)


def _counted(given: Arguments) -> Dims:
    """range(limit), arange(start, stop, step): its length, if all are known."""
    given.keywords = {name: value for name, value in given.keywords.items() if name != "dtype"}
    numbers = [*given.args, *(given.keywords[name] for name in ("start", "limit", "stop", "delta", "step") if name in given.keywords)]
    if 1 <= len(numbers) <= 3 and all(isinstance(number, int) for number in numbers) and numbers[2:] != [0]:
        return (len(range(*numbers)),)
    return (Unknown("size", because("it counts up to an unknown number")),)


def _resized(given: Arguments) -> Dims:
    """tf.image.resize(images, (rows, columns)); the method does not change the shape."""
    dims, sizes = given.tensor("images", "image"), _sizes(given.take("size"))
    other = {"preserve_aspect_ratio", "data_format"} & given.keywords.keys() or len(given.args) > 1
    if len(dims) not in (3, 4) or len(sizes) != 2 or other:
        raise Unclear
    return (*dims[:-3], *sizes, dims[-1])


def _patches(given: Arguments) -> Dims:
    """tf.image.extract_patches(images, sizes, strides, rates, padding): (rows, columns, window * channels)."""
    dims = given.tensor("images")
    sizes, strides, rates = (plain(given.take(name)) for name in ("sizes", "strides", "rates"))
    padding = given.take("padding")
    given.end()
    windows = [part for part in (sizes, strides, rates) if isinstance(part, (list, tuple)) and len(part) == 4]
    if len(dims) != 4 or len(windows) != 3 or padding not in ("VALID", "SAME") or not all(type(n) is int for part in windows for n in part):
        raise Unclear
    pairs = zip(*(part[1:3] for part in windows), dims[1:3], strict=True)
    rows = [window_output(size, (k - 1) * rate + 1, stride, padding.lower()) for k, stride, rate, size in pairs]
    if any(isinstance(size, int) and size < 1 for size in rows):
        raise Unclear
    return (dims[0], *rows, _times(dims[3], sizes[1] * sizes[2]))


def _to_depth(given: Arguments) -> Dims:
    dims, block = given.tensor(), given.take("block_size")
    given.end()
    if len(dims) != 4 or not isinstance(block, int) or not all(isinstance(size, int) and size % block == 0 for size in dims[1:3]):
        raise Unclear
    rows, columns, channels = dims[1:]
    return (dims[0], *[size // block for size in (rows, columns) if isinstance(size, int)], _times(channels, block * block))


def _from_depth(given: Arguments) -> Dims:
    dims, block = given.tensor(), given.take("block_size")
    given.end()
    channels = dims[-1]
    if len(dims) != 4 or not isinstance(block, int) or not isinstance(channels, int) or channels % (block * block):
        raise Unclear
    return (dims[0], _times(dims[1], block), _times(dims[2], block), channels // (block * block))


def _times(size: Dim, factor: int) -> Dim:
    if isinstance(size, Unknown):
        raise Unclear
    return None if size is None else size * factor


def _repeated(given: Arguments) -> Dims:
    dims, count, axis = given.tensor(), given.take("repeats", "rep"), given.take("axis")
    given.end()
    (place,) = _axes(axis, len(dims))
    if not isinstance(count, int):
        raise Unclear
    return (*dims[:place], _times(dims[place], count), *dims[place + 1 :])


def _tiled(given: Arguments) -> Dims:
    dims, counts = given.tensor(), _sizes(given.take("multiples", "repeats", "n"))
    given.end()
    if len(counts) != len(dims):
        raise Unclear
    return tuple(_times(size, count) for size, count in zip(dims, counts, strict=True))


def _static_shape(given: Arguments) -> Any:
    """K.int_shape(x), keras.ops.shape(x): sizes that are known now, None for those that are not."""
    return given.tensor()


def _shape(given: Arguments) -> Any:
    """tf.shape(x) and K.shape(x) are tensors: an axis of any size stays one; a value computed from another size is unknown."""
    dims = given.tensor()
    if given.path.endswith("ops.shape"):
        return dims
    why = because("a value of tf.shape()")
    batch = tuple(None if size is None else Unknown("size", why) for size in dims[:1])
    return (*batch, *(OfAnySize("size", why) if size is None else Unknown("size", why) for size in dims[1:]))


def _rank(given: Arguments) -> Any:
    return len(given.tensor())


_SAME = (
    "abs", "exp", "log", "sqrt", "square", "negative", "sign", "sin", "cos", "tan", "tanh", "sigmoid", "relu", "softmax", "softplus",
    "softsign", "elu", "selu", "gelu", "silu", "swish", "leaky_relu", "relu6", "hard_sigmoid", "log_softmax", "clip", "clip_by_value",
    "cast", "identity", "stop_gradient", "round", "floor", "ceil", "rsqrt", "reciprocal", "l2_normalize", "zeros_like", "ones_like",
    "erf", "log1p", "expm1", "convert_to_tensor", "dropout", "flip", "reverse", "cumsum", "logical_not", "is_nan", "asarray",
)  # fmt: skip
FUNCTIONS: dict[str, Callable[[Arguments], Any]] = {
    **dict.fromkeys(_SAME, _elementwise),
    **dict.fromkeys(
        ("add", "subtract", "multiply", "divide", "truediv", "true_divide", "pow", "power", "maximum", "minimum", "equal", "not_equal",
         "greater", "greater_equal", "less", "less_equal", "squared_difference", "logical_and", "logical_or", "where"), _together
    ),
    **dict.fromkeys(
        ("reduce_sum", "reduce_mean", "reduce_max", "reduce_min", "reduce_prod", "reduce_any", "reduce_all", "reduce_std",
         "reduce_variance", "reduce_logsumexp", "logsumexp", "sum", "mean", "max", "min", "prod", "std", "var", "any", "all", "amax",
         "amin"), _reduced
    ),
    "argmax": _largest, "argmin": _largest, "expand_dims": _expanded, "squeeze": _squeezed, "reshape": _reshaped,
    "transpose": _transposed, "permute_dimensions": _transposed, "concat": _joined, "concatenate": _joined, "stack": _stacked,
    "matmul": _multiplied, "dot": _dot, "one_hot": _one_hot, "resize": _resized, "space_to_depth": _to_depth,
    "depth_to_space": _from_depth, "repeat_elements": _repeated, "repeat": _repeated, "tile": _tiled, "range": _counted,
    "arange": _counted, "extract_patches": _patches,
    **dict.fromkeys(("zeros", "ones", "random_normal", "random_uniform", "normal", "uniform", "truncated_normal"), _filled),
}  # fmt: skip
"""Functions that return tensors."""
VALUES: dict[str, Callable[[Arguments], Any]] = {"int_shape": _static_shape, "shape": _shape, "ndim": _rank}
"""Functions that return sizes and numbers."""
CREATES = frozenset(name for name, handler in FUNCTIONS.items() if handler in (_filled, _counted))
"""Functions that create a tensor of a shape."""
