"""Products of matrices and vectors, triangles and diagonals."""

from __future__ import annotations

import builtins
from typing import Any

import numpy as np

from tinyseq.layers.tensor_functions.calling import apply, is_symbolic
from tinyseq.layers.tensor_functions.composed.along_axes import sum_
from tinyseq.layers.tensor_functions.composed.registry import public, shape_of
from tinyseq.layers.tensor_functions.composed.shapes import reshape
from tinyseq.layers.tensor_functions.movement import packed


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
        return apply("multiply", x1, x2)
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
    return apply("multiply", reshape(x1, (-1, 1)), reshape(x2, (1, -1)))


@public
def vdot(x1: Any, x2: Any) -> Any:
    """The sum of all products.

    Arguments:
        x1: a tensor or array
        x2: another, of as many numbers
    """
    return sum_(apply("multiply", reshape(x1, (-1,)), reshape(x2, (-1,))))


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


def _square(x: Any, offset: int, axis1: int, axis2: int) -> Any:
    """The part of x in which the diagonal begins in the corner and ends in the opposite one."""
    down, across = shape_of(x)[axis1], shape_of(x)[axis2]
    if down is None or across is None:
        if offset or down is not across:
            raise ValueError(f"ops.diagonal: offset={offset} of shape {shape_of(x)}: axes {axis1} and {axis2} need a known size")
        return x
    top, left = max(-offset, 0), max(offset, 0)
    size = min(down - top, across - left)
    if size < 1:
        raise ValueError(f"ops.diagonal: offset={offset} of shape {shape_of(x)} leaves no diagonal: choose one nearer to 0")
    if (down, across) == (size, size):
        return x
    key = [slice(None)] * len(shape_of(x))
    key[axis1], key[axis2] = slice(top, top + size), slice(left, left + size)
    return apply("getitem", x, packed(tuple(key)))


@public
def diagonal(x: Any, offset: int = 0, axis1: int = 0, axis2: int = 1) -> Any:
    """The diagonal of two axes.

    Arguments:
        x: a tensor or array
        offset: how far from the main diagonal, to the right; of tensors both axes need a known size
        axis1: one axis
        axis2: the other
    """
    if not is_symbolic(x):
        return np.diagonal(np.asarray(x), offset, axis1, axis2)
    x = _square(x, offset, axis1, axis2)
    letters = list("abcdefghijklmnop"[: len(shape_of(x))])
    letters[axis2] = letters[axis1]
    rest = [letter for letter in dict.fromkeys(letters) if letter != letters[axis1]]
    return einsum(f"{''.join(letters)}->{''.join(rest)}{letters[axis1]}", x)
