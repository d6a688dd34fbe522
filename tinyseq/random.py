"""tinyseq.random: random numbers under Keras's names, as NumPy draws them: other numbers than Keras's, of the same distributions.

An integer `seed` draws the same numbers at every call, a SeedGenerator new ones, None those of set_random_seed. Outside of call() the
functions return arrays; in call() of a layer or model of your own normal(), uniform() and dropout() are drawn anew for each batch,
in training and in prediction.

>>> normal((2, 3), seed=1).shape, bool((normal((2,), seed=1) == normal((2,), seed=1)).all())
((2, 3), True)
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from tinyseq import layers
from tinyseq.did_you_mean import attributes_of
from tinyseq.layers.drawing import drawn, follows
from tinyseq.layers.symbolic import SymbolicTensor
from tinyseq.weights.initializers import TruncatedNormal
from tinyseq.weights.seeds import SeedGenerator, checked_seed, next_seed

__all__ = [
    "SeedGenerator", "beta", "binomial", "categorical", "dropout", "gamma", "normal", "randint", "shuffle", "truncated_normal", "uniform",
]  # fmt: skip

Array = NDArray[Any]
Sizes = Sequence[int]


def _generator(what: str, seed: Any) -> np.random.Generator:
    seed = checked_seed(f"random.{what}", seed)
    if isinstance(seed, SeedGenerator):
        return np.random.default_rng(seed.next())
    return np.random.default_rng(next_seed() if seed is None else seed)


def _sizes(what: str, shape: Any) -> tuple[int, ...]:
    try:
        sizes = tuple(int(size) for size in shape)
    except TypeError:
        raise TypeError(f"random.{what}: shape={shape!r}: expected sizes, for example shape=(2, 3)") from None
    if min(sizes, default=1) < 0:
        raise ValueError(f"random.{what}: shape={sizes}: expected sizes of at least 0, for example shape=(2, 3)")
    return sizes


def _outside(what: str) -> None:
    """Raises in a call() that is followed: numbers drawn there would be the same for every batch."""
    if follows():
        raise NotImplementedError(f"random.{what} in call() is not computed: make it of random.uniform or random.normal")


def normal(shape: Sizes, mean: Any = 0.0, stddev: Any = 1.0, dtype: Any = None, seed: Any = None) -> Any:
    """Normal numbers.

    Arguments:
        shape: sizes; in call() the first is the batch, ops.shape(x)[0]
        mean: their mean
        stddev: their standard deviation
        dtype: None: float32
        seed: an integer, a SeedGenerator or None
    """
    tensor = drawn("normal", "normal", shape, checked_seed("random.normal", seed))
    if tensor is not None:
        return tensor * stddev + mean
    return _generator("normal", seed).normal(mean, stddev, _sizes("normal", shape)).astype(dtype or "float32")


def uniform(shape: Sizes, minval: Any = 0.0, maxval: Any = 1.0, dtype: Any = None, seed: Any = None) -> Any:
    """Uniform numbers in [minval, maxval).

    Arguments:
        shape: sizes; in call() the first is the batch, ops.shape(x)[0]
        minval: the least
        maxval: the upper end, which is left out
        dtype: None: float32; an integer dtype: whole numbers
        seed: an integer, a SeedGenerator or None
    """
    whole = dtype is not None and np.dtype(dtype).kind in "iu"
    tensor = drawn("uniform", "uniform", shape, checked_seed("random.uniform", seed))
    if tensor is not None:
        if whole:
            raise NotImplementedError(f"random.uniform(dtype={dtype!r}) in call() is not computed: write ops.floor of uniform numbers")
        return tensor * (maxval - minval) + minval
    random, sizes = _generator("uniform", seed), _sizes("uniform", shape)
    if whole:
        return random.integers(int(minval), int(maxval), sizes).astype(dtype)
    return random.uniform(minval, maxval, sizes).astype(dtype or "float32")


def truncated_normal(shape: Sizes, mean: float = 0.0, stddev: float = 1.0, dtype: Any = None, seed: Any = None) -> Array:
    """Normal numbers, those further than two deviations from the mean drawn again.

    Arguments:
        shape: sizes
        mean: the mean before cutting
        stddev: the standard deviation before cutting
        dtype: None: float32
        seed: an integer, a SeedGenerator or None
    """
    _outside("truncated_normal")
    found = np.empty(_sizes("truncated_normal", shape), np.float32)
    TruncatedNormal(mean, stddev).fill(found, _generator("truncated_normal", seed))
    return found.astype(dtype or "float32")


def randint(shape: Sizes, minval: int, maxval: int, dtype: Any = "int32", seed: Any = None) -> Array:
    """Whole numbers from minval to maxval - 1.

    Arguments:
        shape: sizes
        minval: the least
        maxval: the upper end, which is left out
        dtype: an integer dtype
        seed: an integer, a SeedGenerator or None
    """
    _outside("randint")
    if np.dtype(dtype).kind not in "iu":
        raise ValueError(f"random.randint: dtype={dtype!r}: expected an integer dtype, for example dtype='int32'")
    return _generator("randint", seed).integers(int(minval), int(maxval), _sizes("randint", shape)).astype(dtype)


def categorical(logits: Any, num_samples: int, dtype: Any = "int32", seed: Any = None) -> Array:
    """(batch, classes) -> (batch, num_samples): classes, drawn with the probabilities softmax(logits).

    Arguments:
        logits: logarithms of probabilities, not normalised
        num_samples: how many are drawn for each row
        dtype: an integer dtype
        seed: an integer, a SeedGenerator or None
    """
    _outside("categorical")
    rows = np.asarray(logits, np.float64)
    if rows.ndim != 2:
        raise ValueError(f"random.categorical: logits have the shape {rows.shape}: expected (batch, classes), for example logits[None]")
    gumbel = _generator("categorical", seed).gumbel(size=(len(rows), int(num_samples), rows.shape[1]))
    found: Array = (rows[:, None, :] + gumbel).argmax(-1).astype(dtype)
    return found


def dropout(inputs: Any, rate: float, noise_shape: Any = None, seed: Any = None) -> Any:
    """The inputs, some of them 0 and the others divided by 1 - rate.

    Arguments:
        inputs: an array; in call() a tensor
        rate: the fraction that is dropped, in [0, 1)
        noise_shape: None for an axis of the size of the inputs, 1 for one that is dropped together
        seed: an integer, a SeedGenerator or None
    """
    if isinstance(inputs, SymbolicTensor):
        return layers.Dropout(rate, noise_shape=noise_shape, seed=seed)(inputs, training=True)
    if not 0 <= rate < 1:
        raise ValueError(f"random.dropout: rate={rate}: expected a fraction in [0, 1), for example rate=0.5")
    x = np.asarray(inputs, np.float32)
    drawn_as = x.shape if noise_shape is None else [s if n is None else n for s, n in zip(x.shape, noise_shape, strict=True)]
    keep = _generator("dropout", seed).random(drawn_as) >= rate
    return np.where(keep, x / np.float32(1 - rate), np.float32(0))


def shuffle(x: Any, axis: int = 0, seed: Any = None) -> Array:
    """A copy of the array whose entries along one axis are in random order.

    Arguments:
        x: an array
        axis: the axis
        seed: an integer, a SeedGenerator or None
    """
    _outside("shuffle")
    return _generator("shuffle", seed).permutation(np.asarray(x), axis=axis)


def gamma(shape: Sizes, alpha: Any, dtype: Any = None, seed: Any = None) -> Array:
    """Numbers of the gamma distribution of scale 1.

    Arguments:
        shape: sizes
        alpha: its shape parameter
        dtype: None: float32
        seed: an integer, a SeedGenerator or None
    """
    _outside("gamma")
    return _generator("gamma", seed).gamma(np.asarray(alpha), size=_sizes("gamma", shape)).astype(dtype or "float32")


def beta(shape: Sizes, alpha: Any, beta: Any, dtype: Any = None, seed: Any = None) -> Array:
    """Numbers of the beta distribution.

    Arguments:
        shape: sizes
        alpha: its first parameter
        beta: its second parameter
        dtype: None: float32
        seed: an integer, a SeedGenerator or None
    """
    _outside("beta")
    return _generator("beta", seed).beta(np.asarray(alpha), np.asarray(beta), _sizes("beta", shape)).astype(dtype or "float32")


def binomial(shape: Sizes, counts: Any, probabilities: Any, dtype: Any = None, seed: Any = None) -> Array:
    """How many of `counts` trials succeed.

    Arguments:
        shape: sizes
        counts: how many trials
        probabilities: of success
        dtype: None: float32
        seed: an integer, a SeedGenerator or None
    """
    _outside("binomial")
    random, sizes = _generator("binomial", seed), _sizes("binomial", shape)
    return random.binomial(np.asarray(counts, np.int64), np.asarray(probabilities), sizes).astype(dtype or "float32")


if not TYPE_CHECKING:  # so that mypy still reports names that do not exist
    __getattr__ = attributes_of(__name__)
