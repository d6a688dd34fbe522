"""Functions of arrays only, by NumPy: their results have no shape that is known before, or no gradient here. Tensors are refused."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any

import numpy as np

from tinyseq.layers.symbolic import SymbolicTensor
from tinyseq.layers.tensor_functions.calling import is_symbolic
from tinyseq.layers.tensor_functions.composed.registry import public
from tinyseq.weights.variable import NoNumbers

Array = Any  # a numpy array: its operators have no useful types


class OfArrays(NoNumbers, NotImplementedError):
    """A function of arrays was called with a tensor of a model; where a layer's code is followed, its line is named."""


def _arrays(function: Callable[..., Any]) -> Callable[..., Any]:
    """Refuses tensors of a model, and says so: a file that names the function does not load."""
    name = function.__name__.rstrip("_")

    @wraps(function)
    def checked(*arguments: Any, **options: Any) -> Any:
        if any(is_symbolic(one) for one in (*arguments, *options.values())):
            raise OfArrays(
                f"ops.{name} of a tensor of a model is not computed: compute it of arrays, before the model or of what predict returns"
            )
        return function(*arguments, **options)

    checked.of_arrays = True  # type: ignore[attr-defined]
    return public(checked)


def _narrow(found: Any) -> Any:
    """float32 for float64, int32 for int64, as Keras has them."""
    array = np.asarray(found)
    return array.astype({"float64": "float32", "int64": "int32"}.get(array.dtype.name, array.dtype))


@public
def dtype(x: Any) -> str:
    """The name of its kind of numbers.

    Arguments:
        x: a tensor or array
    """
    return str(x.dtype) if isinstance(x, SymbolicTensor) or hasattr(x, "dtype") else _narrow(x).dtype.name


@public
def identity(n: int, dtype: Any = None) -> Array:
    """A square matrix with 1 on the diagonal.

    Arguments:
        n: rows and columns
        dtype: kind of numbers; None: float32
    """
    return np.identity(n, dtype or "float32")


@public
def empty(shape: Any, dtype: Any = None) -> Array:
    """An array that is to be filled; 0 here.

    Arguments:
        shape: sizes
        dtype: kind of numbers; None: float32
    """
    return np.zeros(shape, dtype or "float32")


@public
def tri(N: int, M: int | None = None, k: int = 0, dtype: Any = None) -> Array:
    """1 on and below a diagonal.

    Arguments:
        N: rows
        M: columns; None: as many
        k: which diagonal
        dtype: kind of numbers; None: float32
    """
    return np.tri(N, M, k, dtype or "float32")


@public
def logspace(start: Any, stop: Any, num: int = 50, endpoint: bool = True, base: float = 10, dtype: Any = None) -> Array:
    """Powers with exponents at equal distances.

    Arguments:
        start: the first exponent
        stop: the last
        num: how many
        endpoint: False: leave the last out
        base: of the powers
        dtype: kind of numbers; None: float32
    """
    return np.logspace(start, stop, num, endpoint, base).astype(dtype or "float32")


@_arrays
def meshgrid(*x: Any, indexing: str = "xy") -> list[Array]:
    """Coordinates of a grid, an array for each axis.

    Arguments:
        x: vectors
        indexing: "xy": rows are the second vector; "ij": the first
    """
    return [_narrow(one) for one in np.meshgrid(*x, indexing=indexing)]  # type: ignore[call-overload]


@_arrays
def bincount(x: Any, weights: Any = None, minlength: int = 0, sparse: bool = False) -> Array:
    """How often each whole number from 0 on is there.

    Arguments:
        x: whole numbers, in a row
        weights: what each counts; None: 1
        minlength: the least number of counts
        sparse: of Keras, not computed: leave it out
    """
    if sparse:
        raise NotImplementedError("ops.bincount: sparse=True is not computed: leave it out")
    return _narrow(np.bincount(np.asarray(x), None if weights is None else np.asarray(weights), minlength))


@_arrays
def digitize(x: Any, bins: Any) -> Array:
    """The number of the bin of each number.

    Arguments:
        x: an array
        bins: rising bounds
    """
    return _narrow(np.digitize(x, bins))


@_arrays
def searchsorted(sorted_sequence: Any, values: Any, side: str = "left") -> Array:
    """Where values belong in rising numbers.

    Arguments:
        sorted_sequence: rising numbers
        values: an array
        side: "left": before equal ones; "right": behind them
    """
    return _narrow(np.searchsorted(sorted_sequence, values, side))  # type: ignore[call-overload]


@_arrays
def nonzero(x: Any) -> tuple[Array, ...]:
    """Where numbers are not 0: places along each axis.

    Arguments:
        x: an array
    """
    return tuple(_narrow(one) for one in np.nonzero(x))


@_arrays
def diag(x: Any, k: int = 0) -> Array:
    """A matrix with these numbers on a diagonal; of a matrix that diagonal.

    Arguments:
        x: a vector or matrix
        k: which diagonal
    """
    return np.diag(np.asarray(x), k)


@_arrays
def histogram(x: Any, bins: Any = 10, range: Any = None) -> tuple[Array, Array]:
    """(how many numbers are in each bin, the bounds of the bins).

    Arguments:
        x: an array
        bins: how many, or their bounds
        range: (least, greatest); None: those of x
    """
    counts, bounds = np.histogram(x, bins, range)
    return _narrow(counts), _narrow(bounds)


@_arrays
def inv(x: Any) -> Array:
    """The inverse of matrices.

    Arguments:
        x: (..., n, n)
    """
    return _narrow(np.linalg.inv(x))


@_arrays
def det(x: Any) -> Array:
    """The determinant of matrices.

    Arguments:
        x: (..., n, n)
    """
    return _narrow(np.linalg.det(x))


@_arrays
def solve(a: Any, b: Any) -> Array:
    """x with a x = b.

    Arguments:
        a: (..., n, n)
        b: (..., n) or (..., n, m)
    """
    a, b = np.asarray(a), np.asarray(b)
    found = np.linalg.solve(a, b[..., None])[..., 0] if b.ndim == a.ndim - 1 else np.linalg.solve(a, b)
    return _narrow(found)


@_arrays
def cholesky(x: Any, upper: bool = False) -> Array:
    """L with L L^T = x.

    Arguments:
        x: (..., n, n), symmetric and positive
        upper: True: the transpose of L
    """
    found = np.linalg.cholesky(x)
    return _narrow(np.swapaxes(found, -1, -2) if upper else found)


@_arrays
def svd(x: Any, full_matrices: bool = True, compute_uv: bool = True) -> Any:
    """(u, s, v) with u diag(s) v = x, or s alone.

    Arguments:
        x: (..., m, n)
        full_matrices: False: only as many columns as there are singular values
        compute_uv: False: s alone
    """
    found: Any = np.linalg.svd(x, full_matrices, compute_uv)  # type: ignore[call-overload]
    return tuple(_narrow(one) for one in found) if compute_uv else _narrow(found)


@_arrays
def qr(x: Any, mode: str = "reduced") -> tuple[Array, Array]:
    """(q, r) with q r = x, q orthogonal, r a triangle.

    Arguments:
        x: (..., m, n)
        mode: "reduced" or "complete"
    """
    q, r = np.linalg.qr(x, mode)  # type: ignore[call-overload]
    return _narrow(q), _narrow(r)


@_arrays
def eigh(x: Any) -> tuple[Array, Array]:
    """(eigenvalues, eigenvectors) of symmetric matrices.

    Arguments:
        x: (..., n, n)
    """
    values, vectors = np.linalg.eigh(x)
    return _narrow(values), _narrow(vectors)


@_arrays
def ctc_decode(
    inputs: Any, sequence_lengths: Any, strategy: str = "greedy", beam_width: int = 100, top_paths: int = 1, merge_repeated: bool = True,
    mask_index: int = 0,
) -> tuple[Array, Array]:  # fmt: skip
    """The most probable label of each step without repetitions and blanks: ((1, samples, most), (samples, 1)), -1 behind the end.

    Arguments:
        inputs: (samples, steps, classes), scores of the classes
        sequence_lengths: (samples,) how many steps count
        strategy: "greedy"; beam search is not computed
        beam_width: of beam search
        top_paths: of beam search
        merge_repeated: False: equal neighbours stay
        mask_index: the number of the blank
    """
    if strategy != "greedy" or top_paths != 1:
        raise NotImplementedError(f"ops.ctc_decode: strategy={strategy!r}, top_paths={top_paths}: only strategy='greedy' is computed")
    scores = np.asarray(inputs)
    best = scores.argmax(-1)
    inside = np.arange(scores.shape[1])[None] < np.asarray(sequence_lengths).reshape(-1, 1)
    again = np.zeros(best.shape, bool)
    again[:, 1:] = merge_repeated & (best[:, 1:] == best[:, :-1])
    kept = inside & ~again & (best != mask_index)
    rows = np.full(best.shape, -1, np.int32)
    for row, (labels, mask) in enumerate(zip(best, kept, strict=True)):
        rows[row, : mask.sum()] = labels[mask]
    total = np.where(inside, scores.max(-1), 0).sum(-1, keepdims=True)
    return rows[None], -total.astype(np.float32)


