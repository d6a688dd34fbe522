"""Layers that change the size of an image: padding, cropping, upsampling."""

from __future__ import annotations

from shapecheck.diagnostics.arguments import BadArgument
from shapecheck.diagnostics.base import ShapeError
from shapecheck.diagnostics.sizes import CroppedAway
from shapecheck.languages import Phrase, for_example
from shapecheck.layers import arguments as check
from shapecheck.layers.base import Arithmetic, Inference, Window
from shapecheck.layers.windows import AXES, Spatial
from shapecheck.shapes import Dim, Shape, Unknown, add, is_size, multiply, subtract

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any, Unpack

    from shapecheck.layers.base import Options, Sizes

INTERPOLATIONS = ("nearest", "bilinear", "bicubic", "lanczos3", "lanczos5", "area")


def borders(argument: str, value: Any, axes: int) -> tuple[Any, ...]:
    """((before, after), ...) for each axis, from one integer, one for each axis, or a pair for each.

    >>> borders("padding", (1, 2), 2)
    ((1, 1), (2, 2))
    """
    if isinstance(value, Unknown):
        return ((value, value),) * axes
    pairs = _pairs(value, axes)
    if pairs is None:
        forms = Phrase("arguments", "an_integer_of_at_least_0_or", "an integer of at least 0 or a pair (before, after)")
        if axes > 1:
            forms = Phrase(
                "arguments",
                "an_integer_of_at_least_0",
                "an integer of at least 0, {axes} of them, or {axes} pairs (before, after)",
                axes=axes,
            )
        example = ((1, 1),) * axes if axes > 1 else 1
        advice = check.edit(argument, value, lambda meant: _pairs(meant, axes) is not None, for_example(f"{argument}={example}"))
        raise ShapeError(BadArgument(argument, value, forms, advice))
    return pairs


def _pairs(value: Any, axes: int) -> tuple[Any, ...] | None:
    """The intended pair for each axis; None if the value is not allowed."""
    if is_size(value):
        value = ((value, value),) * axes
    elif axes == 1 and isinstance(value, (tuple, list)) and len(value) == 2:
        value = (tuple(value),)
    elif axes == 1 and isinstance(value, list):
        value = tuple(value)
    elif isinstance(value, (tuple, list)) and len(value) == axes > 1:
        value = tuple((item, item) if is_size(item) or isinstance(item, Unknown) else item for item in value)
    good = isinstance(value, tuple) and len(value) == axes and all(_is_pair(item) for item in value)
    return tuple(tuple(item) for item in value) if good else None


def _is_pair(item: Any) -> bool:
    return (
        isinstance(item, (tuple, list))
        and len(item) == 2
        and all(isinstance(end, Unknown) or (is_size(end) and end >= 0) for end in item)
    )


class ZeroPadding(Spatial):
    """Common base of all zero paddings: size + before + after along each axis."""

    padding: Any

    def infer_known(self, shape: Shape) -> Inference:
        sizes, channels = self.split(shape)
        sums = tuple(
            Arithmetic(
                axis,
                "size + before + after",
                {"size": size, "before": before, "after": after},
                add(size, before, after),
            )
            for axis, size, (before, after) in zip(AXES[len(sizes)], sizes, self.padding, strict=True)
        )
        return moved(self, shape, sums, channels)

    def infer_unknown(self, shape: Shape) -> Inference:
        return self.infer_known(self.join(shape, *self.split(shape)))


class Cropping(Spatial):
    """Common base of all croppings: size - before - after along each axis, and at least one must be left."""

    cropping: Any
    data_format: Any = "channels_last"

    def infer_known(self, shape: Shape) -> Inference:
        sizes, channels = self.split(shape)
        sums = []
        for axis, size, (before, after) in zip(AXES[len(sizes)], sizes, self.cropping, strict=True):
            left = subtract(size, add(before, after))
            if isinstance(left, int) and left < 1:
                assert isinstance(size, int)
                raise ShapeError(CroppedAway(axis, size, before, after))
            values = {"size": size, "before": before, "after": after}
            sums.append(Arithmetic(axis, "size - before - after", values, left))
        return moved(self, shape, tuple(sums), channels)

    def infer_unknown(self, shape: Shape) -> Inference:
        return self.infer_known(self.join(shape, *self.split(shape)))


class UpSampling(Spatial):
    """Common base of all up-samplings: size*factor along each axis."""

    size: Any
    data_format: Any = "channels_last"
    reach = 1

    def infer_known(self, shape: Shape) -> Inference:
        sizes, channels = self.split(shape)
        sums = tuple(
            Arithmetic(axis, "size*factor", {"size": size, "factor": factor}, multiply(size, factor))
            for axis, size, factor in zip(AXES[len(sizes)], sizes, self.size, strict=True)
        )
        return moved(self, shape, sums, channels, self.size, self.reach)

    def infer_unknown(self, shape: Shape) -> Inference:
        return self.infer_known(self.join(shape, *self.split(shape)))


def moved(
    layer: Spatial,
    shape: Shape,
    sums: tuple[Arithmetic, ...],
    channels: Dim,
    factors: tuple[Dim, ...] = (),
    reach: int = 1,
) -> Inference:
    """An inference of these sizes: channels as they were, and each value from `reach` input pixels along an axis."""
    sizes = tuple(line.result for line in sums)
    ones = (1,) * len(sizes)
    window = Window((reach,) * len(sizes), ones, sizes, factors, padding="same")
    return Inference(layer.join(shape, sizes, channels), arithmetic=sums, window=window)


class ZeroPadding1D(ZeroPadding):
    """(steps, channels) -> longer: zeros around a sequence.

    >>> print(ZeroPadding1D(1).infer((Shape((None, 5, 3)),)).output)
    (None, 7, 3)
    """

    rank = 3

    def __init__(self, padding: Any = 1, data_format: str | None = None, **options: Unpack[Options]) -> None:
        super().__init__(**options)
        self.padding = borders("padding", padding, 1)
        self.data_format = check.data_format(data_format)


class ZeroPadding2D(ZeroPadding):
    """(height, width, channels) -> taller, wider: zeros around an image.

    >>> print(ZeroPadding2D(1).infer((Shape((None, 5, 7, 3)),)).output)
    (None, 7, 9, 3)
    """

    rank = 4

    def __init__(self, padding: Any = (1, 1), data_format: str | None = None, **options: Unpack[Options]) -> None:
        super().__init__(**options)
        self.padding = borders("padding", padding, 2)
        self.data_format = check.data_format(data_format)


class ZeroPadding3D(ZeroPadding):
    """(depth, height, width, channels) -> deeper, taller, wider: zeros around a volume.

    >>> print(ZeroPadding3D(1).infer((Shape((None, 5, 7, 6, 3)),)).output)
    (None, 7, 9, 8, 3)
    """

    rank = 5

    def __init__(
        self, padding: Any = ((1, 1), (1, 1), (1, 1)), data_format: str | None = None, **options: Unpack[Options]
    ) -> None:
        super().__init__(**options)
        self.padding = borders("padding", padding, 3)
        self.data_format = check.data_format(data_format)


class Cropping1D(Cropping):
    """(steps, channels) -> shorter: the border of a sequence is cut off.

    >>> print(Cropping1D().infer((Shape((None, 5, 3)),)).output)
    (None, 3, 3)
    """

    rank = 3

    def __init__(self, cropping: Any = (1, 1), **options: Unpack[Options]) -> None:
        super().__init__(**options)
        self.cropping = borders("cropping", cropping, 1)


class Cropping2D(Cropping):
    """(height, width, channels) -> lower, narrower: the border of an image is cut off.

    >>> print(Cropping2D(1).infer((Shape((None, 5, 7, 3)),)).output)
    (None, 3, 5, 3)
    """

    rank = 4

    def __init__(
        self, cropping: Any = ((0, 0), (0, 0)), data_format: str | None = None, **options: Unpack[Options]
    ) -> None:
        super().__init__(**options)
        self.cropping = borders("cropping", cropping, 2)
        self.data_format = check.data_format(data_format)


class Cropping3D(Cropping):
    """(depth, height, width, channels) -> smaller in depth, height and width: the border of a volume is cut off.

    >>> print(Cropping3D().infer((Shape((None, 5, 7, 6, 3)),)).output)
    (None, 3, 5, 4, 3)
    """

    rank = 5

    def __init__(
        self, cropping: Any = ((1, 1), (1, 1), (1, 1)), data_format: str | None = None, **options: Unpack[Options]
    ) -> None:
        super().__init__(**options)
        self.cropping = borders("cropping", cropping, 3)
        self.data_format = check.data_format(data_format)


class UpSampling1D(UpSampling):
    """(steps, channels) -> longer: each value `size` times.

    >>> print(UpSampling1D(2).infer((Shape((None, 5, 3)),)).output)
    (None, 10, 3)
    """

    rank = 3

    def __init__(self, size: Sizes = 2, **options: Unpack[Options]) -> None:
        super().__init__(**options)
        self.size = check.wholes("size", size, 1)


class UpSampling2D(UpSampling):
    """(height, width, channels) -> taller, wider: each value `size` times, or values in between (half-pixel centres).

    >>> print(UpSampling2D(2).infer((Shape((None, 5, 7, 3)),)).output)
    (None, 10, 14, 3)
    """

    rank = 4

    def __init__(
        self,
        size: Sizes = (2, 2),
        data_format: str | None = None,
        interpolation: str = "nearest",
        **options: Unpack[Options],
    ) -> None:
        super().__init__(**options)
        self.size = check.wholes("size", size, 2)
        self.data_format = check.data_format(data_format)
        self.interpolation = check.word("interpolation", interpolation, INTERPOLATIONS)
        self.reach = {"nearest": 1, "bilinear": 2}.get(interpolation, 4)


class UpSampling3D(UpSampling):
    """(depth, height, width, channels) -> deeper, taller, wider: each value `size` times.

    >>> print(UpSampling3D(2).infer((Shape((None, 5, 7, 6, 3)),)).output)
    (None, 10, 14, 12, 3)
    """

    rank = 5

    def __init__(self, size: Sizes = (2, 2, 2), data_format: str | None = None, **options: Unpack[Options]) -> None:
        super().__init__(**options)
        self.size = check.wholes("size", size, 3)
        self.data_format = check.data_format(data_format)
