"""Start values of weights. Names and formulas are Keras's; the random numbers differ.

fan_in, fan_out of a kernel (..., in, out): receptive field * in, receptive field * out. Sources: Glorot & Bengio (2010),
eq. 16; He et al. (2015), eq. 10; LeCun et al. (1998), section 4.6; Saxe et al. (2014) for orthogonal.
"""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from tinyseq.argument_types import check_kinds
from tinyseq.did_you_mean import Spelled, attributes_of
from tinyseq.weights.seeds import SeedGenerator
from tinyseq.weights.windows import window_values

__all__ = [
    "STFT",
    "Constant",
    "GlorotNormal",
    "GlorotUniform",
    "HeNormal",
    "HeUniform",
    "Identity",
    "Initializer",
    "LecunNormal",
    "LecunUniform",
    "Ones",
    "Orthogonal",
    "RandomNormal",
    "RandomUniform",
    "TruncatedNormal",
    "VarianceScaling",
    "Zeros",
    "deserialize",
    "get",
    "serialize",
]  # fmt: skip

Array = NDArray[Any]
Shape = tuple[int, ...]

TRUNCATED_DEVIATION = 0.87962566103423978
"""Standard deviation of a unit normal truncated at 2."""


class Initializer(Spelled):
    """Fills an array; `seed` given: the same numbers at every use."""

    seed: int | None = None

    def fill(self, array: Array, random: np.random.Generator) -> None:
        """Writes the start values into a float32 array."""
        raise NotImplementedError(f"{type(self).__name__}: define __call__(self, shape, dtype=None), which returns an array of that shape")

    def __call__(self, shape: Any, dtype: Any = None) -> Array:
        """A new float32 array of that shape."""
        array = np.empty((shape,) if isinstance(shape, int) else tuple(shape), np.float32)
        self.fill(array, np.random.default_rng(_numbers(self.seed)))
        return array

    def get_config(self) -> dict[str, Any]:
        """The arguments that create it again."""
        return dict(self.__dict__)

    @classmethod
    def from_config(cls, config: dict[str, Any]) -> Any:
        """A new one with these arguments.

        Arguments:
            config: what get_config returned
        """
        return cls(**config)

    def __repr__(self) -> str:
        return f"{type(self).__name__}({', '.join(f'{k}={v!r}' for k, v in self.__dict__.items())})"


class Constant(Initializer):
    """The same number everywhere, or the numbers of an array.

    Arguments:
        value: a number, or an array of the weight's shape
    """

    def __init__(self, value: Any = 0.0) -> None:
        check_kinds("Constant", {"value": "float"}, {"value": value} if np.ndim(value) == 0 else {})
        self.value = value if np.ndim(value) == 0 else np.asarray(value, np.float32)

    def fill(self, array: Array, random: np.random.Generator) -> None:
        if np.shape(self.value) not in ((), array.shape):
            raise ValueError(f"Constant: value has the shape {np.shape(self.value)}, the weight {array.shape}: pass an array of that shape")
        array[...] = self.value


class STFT(Initializer):
    """Kernels (frame_length, 1, bins) that compute one part of a Fourier transform: cos or -sin of 2 pi t f / n, times a window.

    Arguments:
        side: "real" or "imag"
        window: "hann", "hamming", "blackman" ..., an array (frame_length,), or None for none
        scaling: by what the window is divided: "density" its length, "spectrum" its sum; None: nothing
        periodic: True: the window is one period, without its last value
    """

    def __init__(self, side: str = "real", window: Any = "hann", scaling: str | None = "density", periodic: bool = False) -> None:
        if side not in ("real", "imag"):
            raise ValueError(f"side={side!r}: expected 'real' or 'imag'")
        if scaling not in (None, "density", "spectrum"):
            raise ValueError(f"scaling={scaling!r}: expected 'density', 'spectrum' or None")
        if isinstance(window, str):
            window_values(window, 1, periodic)
        self.side = side
        self.window = window
        self.scaling = scaling
        self.periodic = periodic

    def fill(self, array: Array, random: np.random.Generator) -> None:
        length, _, bins = array.shape
        time, frequency = np.arange(length)[:, None], np.arange(bins)
        turns = (frequency / np.float32(2 * (bins - 1) or 1)).astype(np.float32)  # in float32 in this order, as Keras computes it
        angles = np.float32(-2) * time.astype(np.float32) * turns * np.float32(np.pi)
        parts = np.cos(angles) if self.side == "real" else np.sin(angles)
        weights = window_values(self.window, length, self.periodic).astype(np.float32)
        scale = {None: 1.0, "density": np.sqrt(np.sum(weights**2)), "spectrum": np.sum(np.abs(weights))}[self.scaling]
        array[:, 0] = parts if self.window is None else parts * weights[:, None] / np.float32(scale)


class Zeros(Initializer):
    """0 everywhere."""

    def fill(self, array: Array, random: np.random.Generator) -> None:
        array.fill(0)


class Ones(Initializer):
    """1 everywhere."""

    def fill(self, array: Array, random: np.random.Generator) -> None:
        array.fill(1)


class RandomUniform(Initializer):
    """Uniform in [minval, maxval).

    Arguments:
        minval: the least number
        maxval: numbers stay below it
        seed: None: from the layer's own seed; an int: the same numbers at every use; a SeedGenerator: new ones
    """

    def __init__(self, minval: float = -0.05, maxval: float = 0.05, seed: int | None = None) -> None:
        self.minval = minval
        self.maxval = maxval
        self.seed = seed

    def fill(self, array: Array, random: np.random.Generator) -> None:
        _uniform(array, random, self.minval, self.maxval)


class RandomNormal(Initializer):
    """Normal with this mean and standard deviation.

    Arguments:
        mean: their mean
        stddev: their standard deviation, from 0 on
        seed: None: from the layer's own seed; an int: the same numbers at every use; a SeedGenerator: new ones
    """

    def __init__(self, mean: float = 0.0, stddev: float = 0.05, seed: int | None = None) -> None:
        self.mean = mean
        self.stddev = stddev
        self.seed = seed

    def fill(self, array: Array, random: np.random.Generator) -> None:
        random.standard_normal(out=array, dtype=np.float32)
        array *= self.stddev
        array += self.mean


class TruncatedNormal(RandomNormal):
    """Normal; values more than two standard deviations away are drawn again."""

    def fill(self, array: Array, random: np.random.Generator) -> None:
        _truncated(array, random)
        array *= self.stddev
        array += self.mean


class VarianceScaling(Initializer):
    """Random numbers of variance scale/fan.

    Arguments:
        scale: factor of the variance, above 0
        mode: what the variance is divided by: "fan_in", "fan_out" or "fan_avg", their mean
        distribution: "uniform", "truncated_normal" or "untruncated_normal"
        seed: None: from the layer's own seed; an int: the same numbers at every use; a SeedGenerator: new ones
    """

    MODES = ("fan_in", "fan_out", "fan_avg")
    DISTRIBUTIONS = ("uniform", "truncated_normal", "untruncated_normal")

    def __init__(
        self, scale: float = 1.0, mode: str = "fan_in", distribution: str = "truncated_normal", seed: int | None = None
    ) -> None:
        if scale <= 0:
            raise ValueError(f"scale={scale!r}: expected a number above 0, for example scale=1.0")
        if mode not in self.MODES:
            raise ValueError(f"mode={mode!r}: expected one of {', '.join(self.MODES)}")
        distribution = "truncated_normal" if distribution == "normal" else distribution
        if distribution not in self.DISTRIBUTIONS:
            raise ValueError(f"distribution={distribution!r}: expected one of {', '.join(self.DISTRIBUTIONS)}")
        self.scale = scale
        self.mode = mode
        self.distribution = distribution
        self.seed = seed

    def fill(self, array: Array, random: np.random.Generator) -> None:
        fan_in, fan_out = fans(array.shape)
        fan = {"fan_in": fan_in, "fan_out": fan_out, "fan_avg": (fan_in + fan_out) / 2}[self.mode]
        variance = self.scale / max(1.0, fan)
        if self.distribution == "uniform":
            limit = math.sqrt(3 * variance)
            _uniform(array, random, -limit, limit)
        elif self.distribution == "truncated_normal":
            _truncated(array, random)
            array *= math.sqrt(variance) / TRUNCATED_DEVIATION
        else:
            random.standard_normal(out=array, dtype=np.float32)
            array *= math.sqrt(variance)


class _Scaled(VarianceScaling):
    """A VarianceScaling with a name."""

    settings: tuple[float, str, str]

    def __init__(self, seed: int | None = None) -> None:
        super().__init__(*self.settings, seed=seed)

    def get_config(self) -> dict[str, Any]:
        return {"seed": self.seed}


class GlorotUniform(_Scaled):
    """Uniform in +-sqrt(6/(fan_in + fan_out))."""

    settings = (1.0, "fan_avg", "uniform")


class GlorotNormal(_Scaled):
    """Truncated normal of variance 2/(fan_in + fan_out)."""

    settings = (1.0, "fan_avg", "truncated_normal")


class HeUniform(_Scaled):
    """Uniform in +-sqrt(6/fan_in)."""

    settings = (2.0, "fan_in", "uniform")


class HeNormal(_Scaled):
    """Truncated normal of variance 2/fan_in."""

    settings = (2.0, "fan_in", "truncated_normal")


class LecunUniform(_Scaled):
    """Uniform in +-sqrt(3/fan_in)."""

    settings = (1.0, "fan_in", "uniform")


class LecunNormal(_Scaled):
    """Truncated normal of variance 1/fan_in."""

    settings = (1.0, "fan_in", "truncated_normal")


class ForgetOpen(Initializer):
    """The bias of an LSTM with unit_forget_bias=True: ones for the forget gate, the second of four, `others` for the other gates.

    Jozefowicz et al. (2015), "An empirical exploration of recurrent network architectures".
    """

    def __init__(self, others: Any = "zeros") -> None:
        self.others = others

    def fill(self, array: Array, random: np.random.Generator) -> None:
        others, units = get(self.others), array.shape[-1] // 4
        if isinstance(others, Initializer):
            others.fill(array, random)
        else:
            array[...] = others(array.shape)
        array[..., units : 2 * units] = 1


class Orthogonal(Initializer):
    """Rows or columns of length 1 at right angles, times gain: Q of the QR decomposition of a normal matrix.

    Arguments:
        gain: factor of all numbers
        seed: None: from the layer's own seed; an int: the same numbers at every use; a SeedGenerator: new ones
    """

    def __init__(self, gain: float = 1.0, seed: int | None = None) -> None:
        self.gain = gain
        self.seed = seed

    def fill(self, array: Array, random: np.random.Generator) -> None:
        if array.ndim < 2:
            raise ValueError(f"orthogonal needs at least 2 axes, got the shape {array.shape}: use glorot_uniform")
        rows, columns = math.prod(array.shape[:-1]), array.shape[-1]
        q, r = np.linalg.qr(random.standard_normal((max(rows, columns), min(rows, columns))))
        q *= np.where(np.diag(r) < 0, -1.0, 1.0)  # makes the decomposition unique, and so the distribution uniform
        array[...] = self.gain * (q.T if rows < columns else q).reshape(array.shape)


class Identity(Initializer):
    """Ones on the diagonal, times gain; 2 axes.

    Arguments:
        gain: factor of all numbers
    """

    def __init__(self, gain: float = 1.0) -> None:
        self.gain = gain

    def fill(self, array: Array, random: np.random.Generator) -> None:
        if array.ndim != 2:
            raise ValueError(f"identity needs 2 axes, got the shape {array.shape}: use glorot_uniform")
        array[...] = self.gain * np.eye(*array.shape)


def fans(shape: Shape) -> tuple[float, float]:
    """(fan_in, fan_out) of a weight.

    >>> fans((5, 5, 3, 32))
    (75, 800)
    """
    if len(shape) < 2:
        return (shape[0], shape[0]) if shape else (1, 1)
    field = math.prod(shape[:-2])
    return field * shape[-2], field * shape[-1]


def _uniform(array: Array, random: np.random.Generator, low: float, high: float) -> None:
    random.random(out=array, dtype=np.float32)
    array *= high - low
    array += low


def _truncated(array: Array, random: np.random.Generator) -> None:
    random.standard_normal(out=array, dtype=np.float32)
    flat = array.reshape(-1)
    bad = np.flatnonzero(np.abs(flat) > 2)
    while bad.size:
        flat[bad] = random.standard_normal(bad.size, dtype=np.float32)
        bad = bad[np.abs(flat[bad]) > 2]


CLASSES: dict[str, type[Initializer]] = {
    "constant": Constant,
    "zeros": Zeros,
    "zero": Zeros,
    "ones": Ones,
    "one": Ones,
    "random_uniform": RandomUniform,
    "uniform": RandomUniform,
    "random_normal": RandomNormal,
    "normal": RandomNormal,
    "truncated_normal": TruncatedNormal,
    "variance_scaling": VarianceScaling,
    "glorot_uniform": GlorotUniform,
    "glorot_normal": GlorotNormal,
    "he_uniform": HeUniform,
    "he_normal": HeNormal,
    "lecun_uniform": LecunUniform,
    "lecun_normal": LecunNormal,
    "orthogonal": Orthogonal,
    "identity": Identity,
    "stft": STFT,
}

_BY_CLASS_NAME = {cls.__name__: cls for cls in CLASSES.values()} | {
    "OrthogonalInitializer": Orthogonal,
    "IdentityInitializer": Identity,
}


def get(identifier: Any) -> Any:
    """An initializer from a name, a class, a config dictionary, an array, a function of a shape, or an initializer itself; None is none."""
    if isinstance(identifier, Initializer) or identifier is None:
        return identifier
    if isinstance(identifier, np.ndarray):
        return Constant(identifier)
    if isinstance(identifier, str):
        found = CLASSES.get(identifier) or _BY_CLASS_NAME.get(identifier)
        if found is not None:
            return found()
    elif isinstance(identifier, dict) and identifier.get("class_name") in _BY_CLASS_NAME:
        return _BY_CLASS_NAME[identifier["class_name"]](**identifier.get("config", {}))
    elif isinstance(identifier, type) and issubclass(identifier, Initializer):
        return identifier()
    elif callable(identifier):
        return identifier
    raise ValueError(f"Could not interpret initializer identifier: {identifier!r}: use one of {', '.join(CLASSES)}")


def serialize(initializer: Any) -> dict[str, Any]:
    """An initializer as a dictionary of its class and arguments.

    Arguments:
        initializer: an initializer
    """
    name = type(initializer).__name__
    return {"module": "keras.initializers", "class_name": name, "config": initializer.get_config(), "registered_name": None}


def deserialize(config: Any, custom_objects: dict[str, Any] | None = None) -> Any:
    """An initializer from what serialize returned.

    Arguments:
        config: the dictionary, or a name
        custom_objects: initializers of your own by name
    """
    own = (custom_objects or {}).get(config["class_name"] if isinstance(config, dict) else config)
    if own is None:
        return get(config)
    return own(**config.get("config", {})) if isinstance(config, dict) else own()


def fill(array: Array, identifier: Any, seed: tuple[int, ...], counted: tuple[int, int] | None = None) -> None:
    """Start values for a weight, from its own seed (from the initializer's, if it has one). `counted`: its fan_in and fan_out, where
    they do not follow from its last two axes."""
    initializer = Zeros() if identifier is None else get(identifier)
    if counted is not None and isinstance(initializer, VarianceScaling):
        array = array.reshape(counted)
    if type(initializer).__call__ is not Initializer.__call__:  # a function, or a class of the user's with Keras's __call__
        values = np.asarray(initializer(array.shape), np.float32)
        if values.shape != array.shape:
            raise ValueError(f"an initializer must return the shape {array.shape}, got {values.shape}")
        array[...] = values
        return
    own = getattr(initializer, "seed", None)
    initializer.fill(array, np.random.default_rng(seed if own is None else _numbers(own)))


def _numbers(seed: Any) -> Any:
    """A seed as NumPy takes it: the next one of a SeedGenerator."""
    return seed.next() if isinstance(seed, SeedGenerator) else seed


if not TYPE_CHECKING:  # so that mypy still reports names that do not exist
    _missing = attributes_of(__name__)

    def __getattr__(name: str) -> Any:
        found = CLASSES.get(name) or _BY_CLASS_NAME.get(name)  # Keras's other names: initializers.glorot_uniform()
        return _missing(name) if found is None else found
