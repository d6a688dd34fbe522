"""What a tensor or array is, and how it becomes another kind: shape, cast, convert_to_tensor."""

from __future__ import annotations

import math
from typing import Any

import numpy as np

from tinyseq.layers.symbolic import SymbolicTensor
from tinyseq.layers.tensor_functions.calling import apply, is_symbolic
from tinyseq.layers.tensor_functions.composed.open_sizes import OpenSize, is_open, sizes_of
from tinyseq.layers.tensor_functions.composed.registry import public, shape_of
from tinyseq.weights.weight import Weight


@public
def shape(x: Any) -> Any:
    """Sizes; None for one known only at run time. In call() the number of samples is an OpenSize, which ops take as a size.

    Arguments:
        x: a tensor or array
    """
    return sizes_of(x)


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
def cast(x: Any, dtype: Any) -> Any:
    """The same numbers as another dtype.

    Arguments:
        x: a tensor or array
        dtype: its name, "float32", "int32" or "bool"; of tensors, fractions are float32 and whole numbers int64 whatever it is
    """
    if isinstance(x, OpenSize):
        return x if np.dtype(dtype).kind in "iu" else x.counted()
    if not is_symbolic(x):
        return np.asarray(x).astype(dtype)
    return apply("cast", x, np.dtype(dtype).name)


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
    if is_open(x):
        return x if isinstance(x, OpenSize) else np.array(x, dtype=object)
    if isinstance(x, SymbolicTensor):
        return x if dtype is None else cast(x, dtype)
    if isinstance(x, Weight) and is_symbolic(x):
        return apply("add", x, 0.0)
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
def array(x: Any, dtype: Any = None) -> Any:
    """An array of numbers (tensors stay tensors).

    Arguments:
        x: a tensor, array, list or number
        dtype: kind of numbers; None: float32 for fractions, int32 for whole numbers in lists
    """
    return convert_to_tensor(x, dtype)
