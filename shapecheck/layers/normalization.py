"""Normalizations: (...) -> the same shape, shifted and scaled to mean 0, deviation 1 over some of its axes."""

from __future__ import annotations

from collections.abc import Sequence

from shapecheck.diagnostics.arguments import BadArgument
from shapecheck.diagnostics.base import ShapeError
from shapecheck.diagnostics.rank import UndefinedDimension
from shapecheck.diagnostics.sizes import NotDivisible
from shapecheck.languages import Phrase, for_example, write
from shapecheck.layers import arguments as check
from shapecheck.layers.activation import Elementwise
from shapecheck.layers.base import Arithmetic, Inference, WeightSpec
from shapecheck.shapes import Dim, Shape, Unknown, is_size, multiply

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any, ClassVar, Unpack

    from shapecheck.layers.base import Options


def axes_argument(value: Any) -> Any:
    """One axis, or several."""
    for axis in value if isinstance(value, (tuple, list)) else (value,):
        if not (is_size(axis) or isinstance(axis, Unknown)):
            expected = Phrase("arguments", "an_integer_or_several", "an integer, or several")
            raise ShapeError(BadArgument("axis", value, expected, for_example("axis=-1")))
    return value


class Scaled(Elementwise):
    """Common base of the normalizations with gamma (scale) and beta (center)."""

    axis: Any
    center: bool
    scale: bool
    gamma_initializer: Any
    beta_initializer: Any

    def _specs(self, shape: tuple[Dim, ...]) -> tuple[WeightSpec, ...]:
        found = []
        if self.scale:
            found.append(WeightSpec("gamma", shape, self.gamma_initializer))
        if self.center:
            found.append(WeightSpec("beta", shape, self.beta_initializer))
        return tuple(found)

    def infer_unknown(self, shape: Shape) -> Inference:
        size = shape.last if self.axis in (-1, [-1]) else Unknown("size", shape.why)
        return Inference(shape, self._specs((size,)))


def sizes_along(argument: str, axes: Any, shape: Shape) -> tuple[Dim, ...]:
    """The sizes of the named axes, in the order named. Raises if one is out of range or known at run time only."""
    assert shape.dims is not None
    found: list[Dim] = []
    for axis in axes if isinstance(axes, (tuple, list)) else (axes,):
        place = check.axis(argument, axis, shape)
        size = place if isinstance(place, Unknown) else shape.dims[place]
        if size is None:
            raise ShapeError(UndefinedDimension(shape, int(axis)))
        found.append(size)
    return tuple(found)


def count(weights: Sequence[WeightSpec], features: Dim) -> Arithmetic:
    """The arithmetic of the number of parameters: so many for each feature."""
    values = {"weights": len(weights), "features": features}
    return Arithmetic("params", "weights*features", values, multiply(len(weights), features))


class BatchNormalization(Scaled):
    """(..., channels) -> the same: each channel by the mean and variance of the batch, in training.

    Otherwise by the moving ones: moving = moving*momentum + batch*(1 - momentum), with the biased variance as Keras 3.
    Ioffe & Szegedy (2015), "Batch Normalization".

    >>> [spec.name for spec in BatchNormalization().infer((Shape((None, 7)),)).weights]
    ['gamma', 'beta', 'moving_mean', 'moving_variance']
    """

    least_rank = 2
    renamed: ClassVar[dict[str, str]] = {"synchronized": "synchronized_replicas"}
    """A layer that computes has a method `synchronized`."""

    def __init__(
        self, axis: int = -1, momentum: float = 0.99, epsilon: float = 0.001, center: bool = True, scale: bool = True,
        beta_initializer: Any = "zeros", gamma_initializer: Any = "ones", moving_mean_initializer: Any = "zeros",
        moving_variance_initializer: Any = "ones", beta_regularizer: Any = None, gamma_regularizer: Any = None,
        beta_constraint: Any = None, gamma_constraint: Any = None, renorm: bool = False, renorm_clipping: Any = None,
        renorm_momentum: float = 0.99, synchronized: bool = False, **options: Unpack[Options],
    ) -> None:  # fmt: skip
        super().__init__(**options)
        self.axis = check_axis(axis)
        self.momentum = check.number("momentum", momentum, 0, 1)
        self.epsilon = check.number("epsilon", epsilon, 0)
        self.center = check.flag("center", center)
        self.scale = check.flag("scale", scale)
        self.beta_initializer = check.initializer("beta_initializer", beta_initializer)
        self.gamma_initializer = check.initializer("gamma_initializer", gamma_initializer)
        self.moving_mean_initializer = check.initializer("moving_mean_initializer", moving_mean_initializer)
        self.moving_variance_initializer = check.initializer("moving_variance_initializer", moving_variance_initializer)
        self.beta_regularizer = check.regularizer("beta_regularizer", beta_regularizer)
        self.gamma_regularizer = check.regularizer("gamma_regularizer", gamma_regularizer)
        self.beta_constraint = check.constraint("beta_constraint", beta_constraint)
        self.gamma_constraint = check.constraint("gamma_constraint", gamma_constraint)
        self.renorm = check.flag("renorm", renorm)
        self.renorm_clipping = clipping(renorm_clipping)
        self.renorm_momentum = check.number("renorm_momentum", renorm_momentum, 0, 1)
        self.synchronized_replicas = check.flag("synchronized", synchronized)

    def infer_known(self, shape: Shape) -> Inference:
        (channels,) = sizes_along("axis", self.axis, shape)
        weights = self._specs((channels,))
        return Inference(shape, weights, arithmetic=(count(weights, channels),))

    def _specs(self, shape: tuple[Dim, ...]) -> tuple[WeightSpec, ...]:
        moving = [
            WeightSpec("moving_mean", shape, self.moving_mean_initializer, trainable=False),
            WeightSpec("moving_variance", shape, self.moving_variance_initializer, trainable=False),
        ]
        if self.renorm:
            moving.append(WeightSpec("moving_stddev", shape, self.moving_variance_initializer, trainable=False))
            moving.append(WeightSpec("renorm_mean", shape, self.moving_mean_initializer, trainable=False))
            moving.append(WeightSpec("renorm_stddev", shape, self.moving_variance_initializer, trainable=False))
        return (*super()._specs(shape), *moving)


def clipping(bounds: Any) -> Any:
    """renorm_clipping: a dictionary with rmin, rmax and dmax, or some of them."""
    if bounds is None or isinstance(bounds, Unknown):
        return bounds
    advice = write('renorm_clipping={"rmin": 0.3, "rmax": 3.0, "dmax": 5.0}')
    if not isinstance(bounds, dict) or not {*bounds} <= {"rmin", "rmax", "dmax"}:
        raise ShapeError(
            BadArgument(
                "renorm_clipping",
                bounds,
                Phrase("arguments", "a_dictionary_with_rmin", "a dictionary with rmin, rmax, dmax or some of them"),
                advice,
            )
        )
    for name in bounds:
        if bounds[name] is not None:
            check.number(f"renorm_clipping[{name!r}]", bounds[name], 0 if name == "dmax" else None)
    least, most = bounds.get("rmin"), bounds.get("rmax")
    if isinstance(least, (int, float)) and isinstance(most, (int, float)) and most < least:
        raise ShapeError(BadArgument("renorm_clipping", bounds, Phrase("arguments", "rmin_up_to_rmax", "rmin up to rmax"), advice))
    return bounds


def check_axis(axis: Any) -> Any:
    """One axis as an integer (a list of one is taken as that one)."""
    if isinstance(axis, (tuple, list)) and len(axis) == 1:
        axis = axis[0]
    if not is_size(axis) and not isinstance(axis, Unknown):
        raise ShapeError(
            BadArgument(
                "axis",
                axis,
                Phrase("arguments", "an_integer", "an integer"),
                check.edit("axis", axis, is_size, Phrase("arguments", "write_axis_1_the", "write axis=-1, the channels")),
            )
        )
    return axis


class LayerNormalization(Scaled):
    """(..., features) -> the same: each sample by its own mean and variance over `axis` (one or several).

    rms_scaling=True: only by the variance, without subtracting the mean, with gamma and without beta.
    Ba, Kiros & Hinton (2016), "Layer Normalization".

    >>> LayerNormalization(axis=[1, 2]).infer((Shape((None, 5, 7)),)).weights[0].shape
    (5, 7)
    """

    least_rank = 2

    def __init__(
        self, axis: Any = -1, epsilon: float = 0.001, center: bool = True, scale: bool = True,
        beta_initializer: Any = "zeros", gamma_initializer: Any = "ones", beta_regularizer: Any = None,
        gamma_regularizer: Any = None, beta_constraint: Any = None, gamma_constraint: Any = None,
        *, rms_scaling: bool = False, **options: Unpack[Options],
    ) -> None:  # fmt: skip
        super().__init__(**options)
        self.axis = axes_argument(axis)
        self.epsilon = check.number("epsilon", epsilon, 0)
        self.center = check.flag("center", center)
        self.scale = check.flag("scale", scale)
        self.rms_scaling = check.flag("rms_scaling", rms_scaling)
        self.beta_initializer = check.initializer("beta_initializer", beta_initializer)
        self.gamma_initializer = check.initializer("gamma_initializer", gamma_initializer)
        self.beta_regularizer = check.regularizer("beta_regularizer", beta_regularizer)
        self.gamma_regularizer = check.regularizer("gamma_regularizer", gamma_regularizer)
        self.beta_constraint = check.constraint("beta_constraint", beta_constraint)
        self.gamma_constraint = check.constraint("gamma_constraint", gamma_constraint)

    def infer_known(self, shape: Shape) -> Inference:
        sizes = sizes_along("axis", self.axis, shape)
        weights = self._specs(sizes)
        return Inference(shape, weights, arithmetic=(count(weights, multiply(*sizes)),))

    def _specs(self, shape: tuple[Dim, ...]) -> tuple[WeightSpec, ...]:
        return (WeightSpec("gamma", shape, self.gamma_initializer),) if self.rms_scaling else super()._specs(shape)


class GroupNormalization(Scaled):
    """(..., channels) -> the same: each sample by mean and variance over groups of channels and all positions.

    groups=-1: one group for each channel (instance normalization). Wu & He (2018), "Group Normalization".

    >>> print(GroupNormalization(groups=2).infer((Shape((None, 5, 7, 4)),)).output)
    (None, 5, 7, 4)
    """

    least_rank = 2

    def __init__(
        self, groups: int = 32, axis: int = -1, epsilon: float = 0.001, center: bool = True, scale: bool = True,
        beta_initializer: Any = "zeros", gamma_initializer: Any = "ones", beta_regularizer: Any = None,
        gamma_regularizer: Any = None, beta_constraint: Any = None, gamma_constraint: Any = None,
        **options: Unpack[Options],
    ) -> None:  # fmt: skip
        super().__init__(**options)
        self.groups = -1 if is_size(groups) and groups == -1 else check.whole("groups", groups)
        self.axis = check_axis(axis)
        self.epsilon = check.number("epsilon", epsilon, 0)
        self.center = check.flag("center", center)
        self.scale = check.flag("scale", scale)
        self.beta_initializer = check.initializer("beta_initializer", beta_initializer)
        self.gamma_initializer = check.initializer("gamma_initializer", gamma_initializer)
        self.beta_regularizer = check.regularizer("beta_regularizer", beta_regularizer)
        self.gamma_regularizer = check.regularizer("gamma_regularizer", gamma_regularizer)
        self.beta_constraint = check.constraint("beta_constraint", beta_constraint)
        self.gamma_constraint = check.constraint("gamma_constraint", gamma_constraint)

    def infer_known(self, shape: Shape) -> Inference:
        (channels,) = sizes_along("axis", self.axis, shape)
        if isinstance(channels, int) and isinstance(self.groups, int) and self.groups > 0 and channels % self.groups:
            raise ShapeError(NotDivisible("groups", self.groups, channels, Phrase("SC103", "channels", "channels")))
        weights = self._specs((channels,))
        return Inference(shape, weights, arithmetic=(count(weights, channels),))


class UnitNormalization(Elementwise):
    """(...) -> the same: each sample divided by its length (L2 norm) along `axis`.

    >>> print(UnitNormalization().infer((Shape((None, 5, 7)),)).output)
    (None, 5, 7)
    """

    def __init__(self, axis: Any = -1, **options: Unpack[Options]) -> None:
        super().__init__(**options)
        self.axis = axes_argument(axis)

    def infer_known(self, shape: Shape) -> Inference:
        for axis in self.axis if isinstance(self.axis, (tuple, list)) else (self.axis,):
            check.axis("axis", axis, shape)
        return Inference(shape)


class RMSNormalization(Elementwise):
    """(..., features) -> the same: each sample divided by the root of its mean square over `axis`, times a learnt scale.

    Zhang & Sennrich (2019), "Root Mean Square Layer Normalization".

    >>> RMSNormalization().infer((Shape((None, 5, 7)),)).weights[0].shape
    (7,)
    """

    least_rank = 2

    def __init__(self, axis: Any = -1, epsilon: float = 1e-6, **options: Unpack[Options]) -> None:
        super().__init__(**options)
        self.axis = axis
        self.epsilon = check.number("epsilon", epsilon, 0)

    def infer_known(self, shape: Shape) -> Inference:
        sizes = sizes_along("axis", self.axis, shape)
        weights = (WeightSpec("scale", sizes, "ones"),)
        return Inference(shape, weights, arithmetic=(count(weights, multiply(*sizes)),))

    def infer_unknown(self, shape: Shape) -> Inference:
        size = shape.last if self.axis in (-1, [-1]) else Unknown("size", shape.why)
        return Inference(shape, (WeightSpec("scale", (size,), "ones"),))
