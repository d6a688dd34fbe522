"""Regularization: (...) -> the same shape; noise in training, nothing at inference."""

from __future__ import annotations

from shapecheck.diagnostics.arguments import BadArgument
from shapecheck.diagnostics.base import ShapeError
from shapecheck.languages import Phrase, for_example
from shapecheck.layers import arguments as check
from shapecheck.layers.activation import Elementwise
from shapecheck.layers.windows import spatial_advice
from shapecheck.shapes import Shape, Unknown, is_size

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any, Unpack

    from shapecheck.layers.base import Options


def _noise_shape(value: Any) -> Any:
    """None, or a tuple of integers of at least 1 and None."""
    if value is None or isinstance(value, Unknown):
        return value
    sizes = tuple(value) if isinstance(value, (tuple, list)) else (0,)
    if not all(size is None or isinstance(size, Unknown) or (is_size(size) and size >= 1) for size in sizes):
        words = Phrase("arguments", "integers_of_at_least", "integers of at least 1 and None, one for each axis")
        raise ShapeError(BadArgument("noise_shape", value, words, for_example("noise_shape=(None, 1, None)")))
    return sizes


class Dropout(Elementwise):
    """(...) -> (...): in training each value is zero with probability `rate`, the others are divided by 1 - rate.

    noise_shape: which axes are dropped together (1) and which separately (None). Srivastava et al. (2014).

    >>> print(Dropout(0.5).infer((Shape((None, 7)),)).output)
    (None, 7)
    """

    def __init__(
        self, rate: float, noise_shape: Any = None, seed: int | None = None, **options: Unpack[Options]
    ) -> None:
        super().__init__(**options)
        self.rate = check.number("rate", rate, 0, 1)
        self.noise_shape = _noise_shape(noise_shape)
        self.seed = seed


class SpatialDropout(Elementwise):
    """Common base of the spatial dropouts: whole channels are dropped. Tompson et al. (2015)."""

    def rank_advice(self, shape: Shape) -> str:
        assert self.rank is not None
        return spatial_advice(shape, self.rank)


class SpatialDropout1D(SpatialDropout):
    """(steps, channels) -> the same: whole channels of a sequence are dropped.

    >>> print(SpatialDropout1D(0.3).infer((Shape((None, 5, 3)),)).output)
    (None, 5, 3)
    """

    rank = 3

    def __init__(self, rate: float, seed: int | None = None, **options: Unpack[Options]) -> None:
        super().__init__(**options)
        self.rate = check.number("rate", rate, 0, 1)
        self.seed = seed


class SpatialDropout2D(SpatialDropout):
    """(height, width, channels) -> the same: whole channels of an image are dropped.

    >>> print(SpatialDropout2D(0.3).infer((Shape((None, 5, 7, 3)),)).output)
    (None, 5, 7, 3)
    """

    rank = 4

    def __init__(
        self, rate: float, data_format: str | None = None, seed: int | None = None, **options: Unpack[Options]
    ) -> None:
        super().__init__(**options)
        self.rate = check.number("rate", rate, 0, 1)
        self.data_format = check.data_format(data_format)
        self.seed = seed


class SpatialDropout3D(SpatialDropout):
    """(depth, height, width, channels) -> the same: whole channels of a volume are dropped.

    >>> print(SpatialDropout3D(0.3).infer((Shape((None, 5, 7, 6, 3)),)).output)
    (None, 5, 7, 6, 3)
    """

    rank = 5

    def __init__(
        self, rate: float, data_format: str | None = None, seed: int | None = None, **options: Unpack[Options]
    ) -> None:
        super().__init__(**options)
        self.rate = check.number("rate", rate, 0, 1)
        self.data_format = check.data_format(data_format)
        self.seed = seed


class GaussianNoise(Elementwise):
    """(...) -> (...): in training, normal noise of deviation `stddev` is added. Keras accepts 0 to 1.

    >>> print(GaussianNoise(0.3).infer((Shape((None, 7)),)).output)
    (None, 7)
    """

    def __init__(self, stddev: float, seed: int | None = None, **options: Unpack[Options]) -> None:
        super().__init__(**options)
        self.stddev = check.number("stddev", stddev, 0, 1)
        self.seed = seed


class GaussianDropout(Elementwise):
    """(...) -> (...): in training, multiplied by normal noise of mean 1 and variance rate/(1 - rate).

    >>> print(GaussianDropout(0.3).infer((Shape((None, 7)),)).output)
    (None, 7)
    """

    def __init__(self, rate: float, seed: int | None = None, **options: Unpack[Options]) -> None:
        super().__init__(**options)
        self.rate = check.number("rate", rate, 0, 1)
        self.seed = seed


class AlphaDropout(Elementwise):
    """(...) -> (...): dropout that keeps mean and variance of SELU activations. Klambauer et al. (2017).

    >>> print(AlphaDropout(0.1).infer((Shape((None, 7)),)).output)
    (None, 7)
    """

    def __init__(
        self, rate: float, noise_shape: Any = None, seed: int | None = None, **options: Unpack[Options]
    ) -> None:
        super().__init__(**options)
        self.rate = check.number("rate", rate, 0, 1)
        self.noise_shape = _noise_shape(noise_shape)
        self.seed = seed


class ActivityRegularization(Elementwise):
    """(...) -> (...): unchanged; l1*sum|x| + l2*sum(x*x) is added to the loss.

    >>> print(ActivityRegularization(l2=0.01).infer((Shape((None, 7)),)).output)
    (None, 7)
    """

    def __init__(self, l1: float = 0.0, l2: float = 0.0, **options: Unpack[Options]) -> None:
        super().__init__(**options)
        self.l1 = check.number("l1", l1, 0)
        self.l2 = check.number("l2", l2, 0)
