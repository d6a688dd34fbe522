"""The functions of tinyseq.ops, with Keras's names and arguments, out of primitives: so each works on arrays and on tensors."""

from __future__ import annotations

import builtins
import itertools
import math
from collections.abc import Callable
from typing import Any

import numpy as np

from tinyseq.layers.symbolic import SymbolicTensor
from tinyseq.layers.tensor_functions.calling import apply, is_symbolic
from tinyseq.layers.tensor_functions.elementwise import BINARY, COMPARED, STEPS, UNARY
from tinyseq.layers.tensor_functions.movement import packed
from tinyseq.weights.weight import Weight


def _unary(name: str, words: str) -> Callable[[Any], Any]:
    def function(x: Any) -> Any:
        return apply(name, x)

    function.__name__ = function.__qualname__ = name
    function.__doc__ = f"{words}\n\nArguments:\n    x: a tensor or array"
    return function


def _binary(name: str, words: str) -> Callable[[Any, Any], Any]:
    def function(x1: Any, x2: Any) -> Any:
        return apply(name, x1, x2)

    function.__name__ = function.__qualname__ = name
    function.__doc__ = f"{words}\n\nArguments:\n    x1: a tensor, array or number\n    x2: another, of a shape that fits by broadcasting"
    return function


FUNCTIONS: dict[str, Callable[..., Any]] = {
    name: _unary(name, f"{name} of each number.") for name in (*UNARY, *STEPS) if name not in ("sigmoid", "relu")
}
FUNCTIONS |= {name: _binary(name, f"{name} of each pair of numbers.") for name in (*BINARY, *COMPARED)}


def public(function: Callable[..., Any]) -> Callable[..., Any]:
    """A function of tinyseq.ops."""
    FUNCTIONS[function.__name__.rstrip("_")] = function
    return function


def shape_of(x: Any) -> tuple[Any, ...]:
    """Sizes; None for one known only at run time."""
    return tuple(x.shape) if hasattr(x, "shape") else np.shape(x)


def axes_of(axis: Any) -> Any:
    """As primitives keep it: a list for several."""
    return list(axis) if isinstance(axis, (tuple, list)) else axis


# ---------------------------------------------------------------------- reductions


def _reduction(name: str, words: str) -> None:
    def function(x: Any, axis: Any = None, keepdims: bool = False) -> Any:
        return apply(name, x, axes_of(axis), keepdims)

    function.__name__ = function.__qualname__ = name
    described = "    x: a tensor or array\n    axis: an axis or several; None: all\n    keepdims: True: keep them, with size 1"
    function.__doc__ = f"{words}\n\nArguments:\n{described}"
    FUNCTIONS[name] = function


for _name, _words in {
    "sum": "The sum along axes.", "mean": "The mean along axes.", "max": "The greatest along axes.", "min": "The least along axes.",
    "prod": "The product along axes.", "any": "Whether one along axes is not 0.", "all": "Whether all along axes are not 0.",
    "argmax": "The place of the greatest along an axis.", "argmin": "The place of the least along an axis.",
}.items():  # fmt: skip
    _reduction(_name, _words)
FUNCTIONS |= {"amax": FUNCTIONS["max"], "amin": FUNCTIONS["min"], "absolute": FUNCTIONS["abs"], "true_divide": FUNCTIONS["divide"]}
FUNCTIONS |= {"remainder": FUNCTIONS["mod"]}
_F = FUNCTIONS


@public
def var(x: Any, axis: Any = None, keepdims: bool = False) -> Any:
    """The variance along axes, of the numbers as they are (not of a sample).

    Arguments:
        x: a tensor or array
        axis: an axis or several; None: all
        keepdims: True: keep them, with size 1
    """
    return _F["mean"](_F["square"](_F["subtract"](x, _F["mean"](x, axis, True))), axis, keepdims)


@public
def std(x: Any, axis: Any = None, keepdims: bool = False) -> Any:
    """The root of the variance along axes.

    Arguments:
        x: a tensor or array
        axis: an axis or several; None: all
        keepdims: True: keep them, with size 1
    """
    return _F["sqrt"](var(x, axis, keepdims))


@public
def moments(x: Any, axes: Any, keepdims: bool = False, synchronized: bool = False) -> Any:
    """(mean, variance) along axes.

    Arguments:
        x: a tensor or array
        axes: an axis or several
        keepdims: True: keep them, with size 1
        synchronized: of several machines; changes nothing here
    """
    return _F["mean"](x, axes, keepdims), var(x, axes, keepdims)


@public
def logsumexp(x: Any, axis: Any = None, keepdims: bool = False) -> Any:
    """log of the sum of exp along axes, without overflow.

    Arguments:
        x: a tensor or array
        axis: an axis or several; None: all
        keepdims: True: keep them, with size 1
    """
    most = apply("stop_gradient", _F["max"](x, axis, True))
    found = _F["add"](_F["log"](_F["sum"](_F["exp"](_F["subtract"](x, most)), axis, True)), most)
    if keepdims:
        return found
    axes = list(range(len(shape_of(x)))) if axis is None else axes_of(axis)
    return apply("squeeze", found, axes)


@public
def norm(x: Any, ord: Any = None, axis: Any = None, keepdims: bool = False) -> Any:
    """The length of vectors along an axis: the root of the sum of squares, or another order.

    Arguments:
        x: a tensor or array
        ord: None or 2: the usual length; 1: the sum of absolute values; math.inf: the greatest
        axis: an axis or several; None: all
        keepdims: True: keep them, with size 1
    """
    if ord in (None, 2, "fro", "euclidean"):
        return _F["sqrt"](_F["sum"](_F["square"](x), axis, keepdims))
    if ord == 1:
        return _F["sum"](_F["abs"](x), axis, keepdims)
    if ord == math.inf:
        return _F["max"](_F["abs"](x), axis, keepdims)
    if isinstance(ord, (int, float)) and ord > 0:
        return _F["power"](_F["sum"](_F["power"](_F["abs"](x), ord), axis, keepdims), 1 / ord)
    raise ValueError(f"ops.norm: ord={ord!r} is not computed: take 1, 2, math.inf or another positive number")


@public
def normalize(x: Any, axis: Any = -1, order: int = 2, epsilon: float = 1e-7) -> Any:
    """x divided by its length along an axis.

    Arguments:
        x: a tensor or array
        axis: an axis or several
        order: of the length, 2: the usual one
        epsilon: the least length by which is divided
    """
    if order == 2:
        return _F["multiply"](x, _F["minimum"](_F["rsqrt"](_F["sum"](_F["square"](x), axis, True)), 1 / epsilon))
    return _F["divide"](x, _F["maximum"](norm(x, order, axis, True), epsilon))


@public
def cumsum(x: Any, axis: Any = None, dtype: Any = None) -> Any:
    """Running sums along an axis.

    Arguments:
        x: a tensor or array
        axis: the axis; None: of all numbers in a row
        dtype: kind of numbers; None: as they are
    """
    return apply("cumsum", x if dtype is None else cast(x, dtype), axis)


@public
def sort(x: Any, axis: int = -1) -> Any:
    """Numbers in order along an axis.

    Arguments:
        x: a tensor or array
        axis: the axis
    """
    return apply("sort", x, axis)


@public
def argsort(x: Any, axis: int = -1) -> Any:
    """The places of the numbers in order along an axis.

    Arguments:
        x: a tensor or array
        axis: the axis
    """
    return apply("argsort", x, axis)


@public
def count_nonzero(x: Any, axis: Any = None) -> Any:
    """How many along axes are not 0.

    Arguments:
        x: a tensor or array
        axis: an axis or several; None: all
    """
    return apply("count_nonzero", x, axes_of(axis))


# ---------------------------------------------------------------------- products


@public
def matmul(x1: Any, x2: Any) -> Any:
    """The product of matrices, or of stacks of them.

    Arguments:
        x1: (..., rows, depth)
        x2: (..., depth, columns)
    """
    return apply("matmul", x1, x2)


@public
def einsum(subscripts: str, *operands: Any) -> Any:
    """Sums of products by indices: "bij,bjk->bik".

    Arguments:
        subscripts: letters for the axes of each operand, and of the result
        operands: tensors or arrays
    """
    return apply("einsum", subscripts, *operands)


@public
def dot(x1: Any, x2: Any) -> Any:
    """The last axis of x1 with the last but one of x2.

    Arguments:
        x1: a tensor or array
        x2: another
    """
    left, right = len(shape_of(x1)), len(shape_of(x2))
    if left == 0 or right == 0:
        return _F["multiply"](x1, x2)
    return tensordot(x1, x2, [[left - 1], [builtins.max(right - 2, 0)]])


@public
def tensordot(x1: Any, x2: Any, axes: Any = 2) -> Any:
    """Products summed over some axes of both.

    Arguments:
        x1: a tensor or array
        x2: another
        axes: so many last axes of x1 with first ones of x2; or two lists of axes
    """
    left, right = len(shape_of(x1)), len(shape_of(x2))
    if isinstance(axes, int):
        axes = [list(range(left - axes, left)), list(range(axes))]
    first, second = ([axis % rank for axis in ([a] if isinstance(a, int) else a)] for a, rank in zip(axes, (left, right), strict=True))
    letters = "abcdefghijklmnopqrstuvwxyz"
    a, b = list(letters[:left]), list(letters[left : left + right])
    for i, j in zip(first, second, strict=True):
        b[j] = a[i]
    rest = [a[i] for i in range(left) if i not in first] + [b[j] for j in range(right) if j not in second]
    return einsum(f"{''.join(a)},{''.join(b)}->{''.join(rest)}", x1, x2)


@public
def outer(x1: Any, x2: Any) -> Any:
    """All products of two vectors.

    Arguments:
        x1: a tensor or array
        x2: another
    """
    return _F["multiply"](reshape(x1, (-1, 1)), reshape(x2, (1, -1)))


@public
def vdot(x1: Any, x2: Any) -> Any:
    """The sum of all products.

    Arguments:
        x1: a tensor or array
        x2: another, of as many numbers
    """
    return _F["sum"](_F["multiply"](reshape(x1, (-1,)), reshape(x2, (-1,))))


# ---------------------------------------------------------------------- movement


@public
def reshape(x: Any, newshape: Any) -> Any:
    """The same numbers in another shape.

    Arguments:
        x: a tensor or array
        newshape: sizes; -1: as many as are left over; None for the batch
    """
    sizes = [newshape] if isinstance(newshape, int) else list(newshape)
    if None in sizes and -1 not in sizes:
        sizes[sizes.index(None)] = -1
    if None in sizes:
        raise ValueError(f"ops.reshape: newshape={tuple(newshape)}: only one size may be left open, write -1 for the batch")
    return apply("reshape", x, sizes)


@public
def transpose(x: Any, axes: Any = None) -> Any:
    """The axes in another order.

    Arguments:
        x: a tensor or array
        axes: the order; None: reversed
    """
    order = list(range(len(shape_of(x))))[::-1] if axes is None else [axis % len(shape_of(x)) for axis in axes]
    return apply("transpose", x, order)


@public
def swapaxes(x: Any, axis1: int, axis2: int) -> Any:
    """Two axes exchanged.

    Arguments:
        x: a tensor or array
        axis1: one axis
        axis2: the other
    """
    order = list(range(len(shape_of(x))))
    order[axis1], order[axis2] = order[axis2], order[axis1]
    return apply("transpose", x, order)


@public
def moveaxis(x: Any, source: Any, destination: Any) -> Any:
    """Axes at other places, the others in their order.

    Arguments:
        x: a tensor or array
        source: an axis or several
        destination: where they go
    """
    rank = len(shape_of(x))
    froms, tos = ([a % rank for a in ([axis] if isinstance(axis, int) else axis)] for axis in (source, destination))
    order = [axis for axis in range(rank) if axis not in froms]
    for to, start in sorted(zip(tos, froms, strict=True)):
        order.insert(to, start)
    return apply("transpose", x, order)


@public
def expand_dims(x: Any, axis: Any) -> Any:
    """A new axis of size 1.

    Arguments:
        x: a tensor or array
        axis: where it is in the result; or several
    """
    return apply("expand_dims", x, axes_of(axis))


@public
def squeeze(x: Any, axis: Any = None) -> Any:
    """Without axes of size 1.

    Arguments:
        x: a tensor or array
        axis: which; None: all of size 1
    """
    if axis is None:
        axis = [place for place, size in enumerate(shape_of(x)) if size == 1]
    return apply("squeeze", x, axes_of(axis))


@public
def concatenate(xs: Any, axis: int = -1) -> Any:
    """Side by side along an axis.

    Arguments:
        xs: a list of tensors or arrays
        axis: the axis
    """
    return apply("concatenate", axis, *xs)


@public
def stack(x: Any, axis: int = 0) -> Any:
    """Along a new axis.

    Arguments:
        x: a list of tensors or arrays of one shape
        axis: where the new axis is
    """
    return apply("concatenate", axis, *(expand_dims(one, axis) for one in x))


@public
def unstack(x: Any, num: int | None = None, axis: int = 0) -> Any:
    """A list of what is along an axis, without that axis.

    Arguments:
        x: a tensor or array
        num: how many; None: the size of the axis
        axis: the axis
    """
    size = shape_of(x)[axis] if num is None else num
    if size is None:
        raise ValueError(f"ops.unstack: axis {axis} has no known size: pass num=")
    return [take(x, i, axis) for i in range(size)]


@public
def split(x: Any, indices_or_sections: Any, axis: int = 0) -> Any:
    """A list of parts along an axis.

    Arguments:
        x: a tensor or array
        indices_or_sections: so many equal parts, or where the cuts are
        axis: the axis
    """
    size, rank = shape_of(x)[axis], len(shape_of(x))
    if isinstance(indices_or_sections, int):
        if size is None or size % indices_or_sections:
            raise ValueError(f"ops.split: axis {axis} of size {size} does not fall into {indices_or_sections} equal parts")
        cuts = list(range(0, size + 1, size // indices_or_sections))
    else:
        cuts = [0, *(int(cut) for cut in indices_or_sections), size]
    before = (slice(None),) * (axis % rank)
    return [getitem(x, (*before, slice(a, b))) for a, b in itertools.pairwise(cuts)]


def getitem(x: Any, key: Any) -> Any:
    """x[key]."""
    if not is_symbolic(x):
        return np.asarray(x)[key]
    return apply("getitem", x, packed(key))


@public
def slice_(inputs: Any, start_indices: Any, shape: Any) -> Any:
    """A part of that shape.

    Arguments:
        inputs: a tensor or array
        start_indices: where it begins on each axis
        shape: its sizes
    """
    return getitem(inputs, tuple(slice(start, start + size) for start, size in zip(start_indices, shape, strict=True)))


@public
def take(x: Any, indices: Any, axis: Any = None) -> Any:
    """What is at these places along an axis.

    Arguments:
        x: a tensor or array
        indices: whole numbers
        axis: the axis; None: of all numbers in a row
    """
    if isinstance(indices, int) and axis is not None:
        rank = len(shape_of(x))
        return getitem(x, (*(slice(None),) * (axis % rank), indices))
    return apply("take", x, indices, axis)


@public
def take_along_axis(x: Any, indices: Any, axis: int = -1) -> Any:
    """For each place along an axis, what is at the place that `indices` names.

    Arguments:
        x: a tensor or array
        indices: whole numbers, of the shape of the result
        axis: the axis
    """
    return apply("take_along_axis", x, indices, axis)


@public
def pad(x: Any, pad_width: Any, mode: str = "constant", constant_values: Any = None) -> Any:
    """With numbers around.

    Arguments:
        x: a tensor or array
        pad_width: a number, (before, after), or such a pair for each axis
        mode: "constant", "reflect", "symmetric" or "edge"
        constant_values: the number for "constant"; None: 0
    """
    rank = len(shape_of(x))
    pairs = np.broadcast_to(np.asarray(pad_width), (rank, 2)).tolist()
    return apply("pad", x, pairs, mode, 0 if constant_values is None else constant_values)


@public
def repeat(x: Any, repeats: Any, axis: Any = None) -> Any:
    """Each number (or row along an axis) several times.

    Arguments:
        x: a tensor or array
        repeats: how often
        axis: the axis; None: of all numbers in a row
    """
    return apply("repeat", x, repeats, axis)


@public
def tile(x: Any, repeats: Any) -> Any:
    """The whole several times along each axis.

    Arguments:
        x: a tensor or array
        repeats: how often along each axis
    """
    return apply("tile", x, axes_of(repeats))


@public
def flip(x: Any, axis: Any = None) -> Any:
    """Backwards along axes.

    Arguments:
        x: a tensor or array
        axis: an axis or several; None: all
    """
    return apply("flip", x, axes_of(axis))


@public
def roll(x: Any, shift: Any, axis: Any = None) -> Any:
    """Shifted along an axis; what falls out comes back at the beginning.

    Arguments:
        x: a tensor or array
        shift: by how much
        axis: the axis; None: of all numbers in a row
    """
    return apply("roll", x, axes_of(shift), axes_of(axis))


@public
def broadcast_to(x: Any, shape: Any) -> Any:
    """Repeated to a shape.

    Arguments:
        x: a tensor or array
        shape: sizes
    """
    return apply("broadcast_to", x, list(shape))


@public
def ravel(x: Any) -> Any:
    """All numbers in a row.

    Arguments:
        x: a tensor or array
    """
    return reshape(x, (-1,))


@public
def tril(x: Any, k: int = 0) -> Any:
    """The lower triangle, 0 elsewhere.

    Arguments:
        x: a tensor or array
        k: the diagonal where it ends
    """
    return apply("tril", x, k)


@public
def triu(x: Any, k: int = 0) -> Any:
    """The upper triangle, 0 elsewhere.

    Arguments:
        x: a tensor or array
        k: the diagonal where it begins
    """
    return apply("triu", x, k)


@public
def diagonal(x: Any, offset: int = 0, axis1: int = 0, axis2: int = 1) -> Any:
    """The diagonal of two axes.

    Arguments:
        x: a tensor or array
        offset: how far from the main diagonal; only 0 for tensors
        axis1: one axis
        axis2: the other
    """
    if not is_symbolic(x):
        return np.diagonal(np.asarray(x), offset, axis1, axis2)
    if offset:
        raise NotImplementedError("ops.diagonal: offset= is not computed for tensors: leave it out")
    letters = list("abcdefghijklmnop"[: len(shape_of(x))])
    letters[axis2] = letters[axis1]
    rest = [letter for letter in dict.fromkeys(letters) if letter != letters[axis1]]
    return einsum(f"{''.join(letters)}->{''.join(rest)}{letters[axis1]}", x)


# ---------------------------------------------------------------------- kinds and choices


@public
def cast(x: Any, dtype: Any) -> Any:
    """The same numbers as another dtype.

    Arguments:
        x: a tensor or array
        dtype: its name, "float32", "int32" or "bool"
    """
    return apply("cast", x, np.dtype(dtype).name)


@public
def where(condition: Any, x1: Any = None, x2: Any = None) -> Any:
    """x1 where the condition holds, x2 elsewhere.

    Arguments:
        condition: truth values
        x1: a tensor, array or number
        x2: another
    """
    if x1 is None or x2 is None:
        raise ValueError("ops.where: pass x1 and x2: where(condition, x1, x2); places alone have no shape that is known before")
    return apply("where", condition, x1, x2)


@public
def clip(x: Any, x_min: Any, x_max: Any) -> Any:
    """Numbers held between two bounds.

    Arguments:
        x: a tensor or array
        x_min: the least
        x_max: the greatest
    """
    return _F["minimum"](_F["maximum"](x, x_min), x_max)


@public
def divide_no_nan(x1: Any, x2: Any) -> Any:
    """x1 / x2, and 0 where x2 is 0.

    Arguments:
        x1: a tensor, array or number
        x2: another
    """
    zero = _F["equal"](x2, 0)
    return where(zero, 0.0, _F["divide"](x1, where(zero, 1.0, x2)))


@public
def squared_difference(x1: Any, x2: Any) -> Any:
    """(x1 - x2)^2.

    Arguments:
        x1: a tensor, array or number
        x2: another
    """
    return _F["square"](_F["subtract"](x1, x2))


@public
def stop_gradient(variable: Any) -> Any:
    """The same numbers; no gradient goes through.

    Arguments:
        variable: a tensor or array
    """
    return apply("stop_gradient", variable)


@public
def one_hot(x: Any, num_classes: int, axis: int = -1, dtype: Any = None, sparse: bool = False) -> Any:
    """1 at the place that each number names, 0 elsewhere.

    Arguments:
        x: whole numbers
        num_classes: how many places
        axis: where the new axis is
        dtype: kind of numbers; None: float32
        sparse: of Keras, not computed: leave it out
    """
    if sparse:
        raise NotImplementedError("ops.one_hot: sparse=True is not computed: leave it out")
    return apply("one_hot", x, num_classes, axis, np.dtype(dtype or "float32").name)


@public
def zeros_like(x: Any, dtype: Any = None) -> Any:
    """0 in the same shape.

    Arguments:
        x: a tensor or array
        dtype: kind of numbers; None: as x
    """
    return apply("zeros_like", x) if dtype is None else cast(apply("zeros_like", x), dtype)


@public
def ones_like(x: Any, dtype: Any = None) -> Any:
    """1 in the same shape.

    Arguments:
        x: a tensor or array
        dtype: kind of numbers; None: as x
    """
    return apply("ones_like", x) if dtype is None else cast(apply("ones_like", x), dtype)


@public
def full_like(x: Any, fill_value: Any, dtype: Any = None) -> Any:
    """A number in the same shape.

    Arguments:
        x: a tensor or array
        fill_value: the number
        dtype: kind of numbers; None: as x
    """
    return _F["add"](zeros_like(x, dtype), fill_value)


@public
def shape(x: Any) -> Any:
    """Sizes; None for one known only at run time.

    Arguments:
        x: a tensor or array
    """
    return shape_of(x)


@public
def ndim(x: Any) -> int:
    """How many axes.

    Arguments:
        x: a tensor or array
    """
    return len(shape_of(x))


@public
def size(x: Any) -> Any:
    """How many numbers; None if that is known only at run time.

    Arguments:
        x: a tensor or array
    """
    sizes = shape_of(x)
    return None if None in sizes else math.prod(sizes)


@public
def convert_to_tensor(x: Any, dtype: Any = None, sparse: Any = None) -> Any:
    """An array (tensors stay tensors).

    Arguments:
        x: a tensor, array, list or number
        dtype: kind of numbers; None: float32 for fractions, int32 for whole numbers in lists
        sparse: of Keras, not computed: leave it out
    """
    if sparse:
        raise NotImplementedError("convert_to_tensor: sparse=True is not computed: leave it out")
    if isinstance(x, SymbolicTensor):
        return x if dtype is None else cast(x, dtype)
    if isinstance(x, Weight) and is_symbolic(x):
        return _F["add"](x, 0.0)
    found = np.asarray(x.value if isinstance(x, Weight) else x)
    if dtype is not None:
        return found.astype(dtype)
    return found if isinstance(x, np.ndarray) else found.astype({"f": "float32", "i": "int32"}.get(found.dtype.kind, found.dtype))


@public
def convert_to_numpy(x: Any) -> Any:
    """A NumPy array.

    Arguments:
        x: an array
    """
    return np.asarray(x)


@public
def is_tensor(x: Any) -> bool:
    """Whether it is a tensor or an array.

    Arguments:
        x: anything
    """
    return isinstance(x, (SymbolicTensor, np.ndarray))


@public
def zeros(shape: Any, dtype: Any = None) -> Any:
    """An array of 0.

    Arguments:
        shape: sizes
        dtype: kind of numbers; None: float32
    """
    return np.zeros(shape, dtype or "float32")


@public
def ones(shape: Any, dtype: Any = None) -> Any:
    """An array of 1.

    Arguments:
        shape: sizes
        dtype: kind of numbers; None: float32
    """
    return np.ones(shape, dtype or "float32")


@public
def full(shape: Any, fill_value: Any, dtype: Any = None) -> Any:
    """An array of one number.

    Arguments:
        shape: sizes
        fill_value: the number
        dtype: kind of numbers; None: float32
    """
    return np.full(shape, fill_value, dtype or "float32")


@public
def eye(N: int, M: int | None = None, k: int = 0, dtype: Any = None) -> Any:
    """A matrix with 1 on a diagonal.

    Arguments:
        N: rows
        M: columns; None: as many
        k: which diagonal
        dtype: kind of numbers; None: float32
    """
    return np.eye(N, M, k, dtype or "float32")


@public
def arange(start: Any, stop: Any = None, step: Any = None, dtype: Any = None) -> Any:
    """Numbers in a row: arange(stop), or from start to stop by step.

    Arguments:
        start: the first; alone: where it stops, from 0
        stop: where it stops, not included
        step: from one to the next; None: 1
        dtype: kind of numbers; None: int32, float32 for fractions
    """
    found = np.arange(start) if stop is None else np.arange(start, stop, 1 if step is None else step)
    return found.astype(dtype or ("float32" if found.dtype.kind == "f" else "int32"))


@public
def linspace(start: Any, stop: Any, num: int = 50, endpoint: bool = True, retstep: bool = False, dtype: Any = None) -> Any:
    """Numbers at equal distances.

    Arguments:
        start: the first
        stop: the last
        num: how many
        endpoint: False: leave the last out
        retstep: of Keras, not computed: leave it out
        dtype: kind of numbers; None: float32
    """
    if retstep:
        raise NotImplementedError("ops.linspace: retstep=True is not computed: leave it out")
    return np.linspace(start, stop, num, endpoint).astype(dtype or "float32")


# ---------------------------------------------------------------------- activations


@public
def sigmoid(x: Any) -> Any:
    """1 / (1 + exp(-x)).

    Arguments:
        x: a tensor or array
    """
    return apply("sigmoid", x)


@public
def relu(x: Any) -> Any:
    """max(x, 0).

    Arguments:
        x: a tensor or array
    """
    return apply("relu", x)


@public
def relu6(x: Any) -> Any:
    """min(max(x, 0), 6).

    Arguments:
        x: a tensor or array
    """
    return clip(x, 0.0, 6.0)


@public
def leaky_relu(x: Any, negative_slope: float = 0.2) -> Any:
    """x above 0, negative_slope x below.

    Arguments:
        x: a tensor or array
        negative_slope: the slope below 0
    """
    return where(_F["greater"](x, 0), x, _F["multiply"](x, negative_slope))


@public
def elu(x: Any, alpha: float = 1.0) -> Any:
    """x above 0, alpha (exp(x) - 1) below.

    Arguments:
        x: a tensor or array
        alpha: the limit below 0
    """
    return where(_F["greater"](x, 0), x, _F["multiply"](_F["expm1"](_F["minimum"](x, 0.0)), alpha))


@public
def selu(x: Any) -> Any:
    """elu, scaled so that mean and variance stay (Klambauer et al. 2017).

    Arguments:
        x: a tensor or array
    """
    return _F["multiply"](elu(x, 1.6732632423543772), 1.0507009873554805)


@public
def softsign(x: Any) -> Any:
    """x / (1 + |x|).

    Arguments:
        x: a tensor or array
    """
    return _F["divide"](x, _F["add"](_F["abs"](x), 1.0))


@public
def silu(x: Any) -> Any:
    """x sigmoid(x).

    Arguments:
        x: a tensor or array
    """
    return _F["multiply"](x, sigmoid(x))


FUNCTIONS["swish"] = silu


@public
def log_sigmoid(x: Any) -> Any:
    """log(sigmoid(x)).

    Arguments:
        x: a tensor or array
    """
    return _F["negative"](_F["softplus"](_F["negative"](x)))


@public
def hard_sigmoid(x: Any) -> Any:
    """relu6(x + 3) / 6.

    Arguments:
        x: a tensor or array
    """
    return _F["divide"](relu6(_F["add"](x, 3.0)), 6.0)


@public
def hard_silu(x: Any) -> Any:
    """x hard_sigmoid(x).

    Arguments:
        x: a tensor or array
    """
    return _F["multiply"](x, hard_sigmoid(x))


FUNCTIONS["hard_swish"] = hard_silu


@public
def gelu(x: Any, approximate: bool = True) -> Any:
    """x times the normal distribution at x (Hendrycks & Gimpel 2016).

    Arguments:
        x: a tensor or array
        approximate: True: by tanh, as Keras's function does; False: by erf
    """
    if not approximate:
        return _F["multiply"](x, _F["multiply"](_F["add"](_F["erf"](_F["multiply"](x, math.sqrt(0.5))), 1.0), 0.5))
    cubic = _F["multiply"](_F["add"](x, _F["multiply"](_F["power"](x, 3), 0.044715)), math.sqrt(2 / math.pi))
    return _F["multiply"](_F["multiply"](x, 0.5), _F["add"](_F["tanh"](cubic), 1.0))


@public
def softmax(x: Any, axis: Any = -1) -> Any:
    """exp(x) / the sum of exp(x) along an axis.

    Arguments:
        x: a tensor or array
        axis: an axis or several
    """
    return _F["exp"](log_softmax(x, axis))


@public
def log_softmax(x: Any, axis: Any = -1) -> Any:
    """log of softmax along an axis.

    Arguments:
        x: a tensor or array
        axis: an axis or several
    """
    return _F["subtract"](x, logsumexp(x, axis, True))


@public
def binary_crossentropy(target: Any, output: Any, from_logits: bool = False) -> Any:
    """-(t log p + (1 - t) log(1 - p)), number by number.

    Arguments:
        target: 0, 1 or between
        output: probabilities, or what sigmoid makes them of
        from_logits: True: output is before sigmoid
    """
    if from_logits:
        return _F["add"](_F["subtract"](relu(output), _F["multiply"](output, target)), _F["softplus"](_F["negative"](_F["abs"](output))))
    p = clip(output, 1e-7, 1 - 1e-7)
    left = _F["multiply"](target, _F["log"](p))
    return _F["negative"](_F["add"](left, _F["multiply"](_F["subtract"](1.0, target), _F["log"](_F["subtract"](1.0, p)))))


@public
def categorical_crossentropy(target: Any, output: Any, from_logits: bool = False, axis: int = -1) -> Any:
    """-sum of t log p along an axis.

    Arguments:
        target: a probability for each class
        output: probabilities, or what softmax makes them of
        from_logits: True: output is before softmax
        axis: the axis of the classes
    """
    if from_logits:
        logs = log_softmax(output, axis)
    else:
        logs = _F["log"](clip(_F["divide"](output, _F["sum"](output, axis, True)), 1e-7, 1 - 1e-7))
    return _F["negative"](_F["sum"](_F["multiply"](target, logs), axis))


@public
def sparse_categorical_crossentropy(target: Any, output: Any, from_logits: bool = False, axis: int = -1) -> Any:
    """-log p of the class that each target names.

    Arguments:
        target: whole numbers
        output: probabilities, or what softmax makes them of
        from_logits: True: output is before softmax
        axis: the axis of the classes
    """
    classes = shape_of(output)[axis]
    if len(shape_of(target)) == len(shape_of(output)):
        target = squeeze(target, axis)
    return categorical_crossentropy(one_hot(target, classes, axis), output, from_logits, axis)

