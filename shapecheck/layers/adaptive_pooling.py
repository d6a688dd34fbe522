"""Adaptive pooling: (batch, *spatial, channels) -> (batch, *output_size, channels), whatever the spatial sizes are."""

from __future__ import annotations

from shapecheck.layers import arguments as check
from shapecheck.layers.base import Arithmetic, Inference, Window
from shapecheck.layers.windows import AXES, Spatial
from shapecheck.shapes import Dim, Shape, exact, is_size

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Unpack

    from shapecheck.layers.base import Options, Sizes


class AdaptivePooling(Spatial):
    """Common base: output i of n sees the input from floor(i*size/n) up to ceil((i+1)*size/n)."""

    kind: str

    def __init__(self, output_size: Sizes, data_format: str | None = None, **options: Unpack[Options]) -> None:
        super().__init__(**options)
        self.output_size = check.wholes("output_size", output_size, self.rank - 2)
        self.data_format = check.data_format(data_format)

    def infer_known(self, shape: Shape) -> Inference:
        sizes, channels = self.split(shape)
        lines = tuple(
            Arithmetic(axis, f"{self.kind} over output_size parts of size", {"output_size": parts, "size": size}, parts)
            for axis, parts, size in zip(AXES[len(sizes)], self.output_size, sizes, strict=True)
        )
        return Inference(self.join(shape, self.output_size, channels), arithmetic=lines, window=self._window(sizes))

    def infer_unknown(self, shape: Shape) -> Inference:
        return self.infer_known(self.join(shape, *self.split(shape)))

    def _window(self, sizes: tuple[Dim, ...]) -> Window | str:
        """Windows side by side, if the parts are equal."""
        parts = tuple(_part(size, count) for size, count in zip(sizes, self.output_size, strict=True))
        return "new" if None in parts else Window(parts, parts, tuple(self.output_size))


def _part(size: Dim, count: Dim) -> int | None:
    if is_size(size) and is_size(count) and size % count == 0:
        part: int = exact(size) // exact(count)
        return part
    return None


class AdaptiveMaxPooling1D(AdaptivePooling):
    """(steps, features) -> (output_size, features): the largest value of each part.

    >>> print(AdaptiveMaxPooling1D(3).infer((Shape((None, 7, 5)),)).output)
    (None, 3, 5)
    """

    rank = 3
    kind = "max"


class AdaptiveMaxPooling2D(AdaptivePooling):
    """(height, width, channels) -> (*output_size, channels): the largest value of each part.

    >>> print(AdaptiveMaxPooling2D((2, 4)).infer((Shape((None, 5, 7, 3)),)).output)
    (None, 2, 4, 3)
    """

    rank = 4
    kind = "max"


class AdaptiveMaxPooling3D(AdaptivePooling):
    """(depth, height, width, channels) -> (*output_size, channels): the largest value of each part.

    >>> print(AdaptiveMaxPooling3D(2).infer((Shape((None, 5, 7, 6, 3)),)).output)
    (None, 2, 2, 2, 3)
    """

    rank = 5
    kind = "max"


class AdaptiveAveragePooling1D(AdaptivePooling):
    """(steps, features) -> (output_size, features): the mean of each part.

    >>> print(AdaptiveAveragePooling1D(3).infer((Shape((None, 7, 5)),)).output)
    (None, 3, 5)
    """

    rank = 3
    kind = "mean"


class AdaptiveAveragePooling2D(AdaptivePooling):
    """(height, width, channels) -> (*output_size, channels): the mean of each part.

    >>> print(AdaptiveAveragePooling2D((2, 4)).infer((Shape((None, None, None, 3)),)).output)
    (None, 2, 4, 3)
    """

    rank = 4
    kind = "mean"


class AdaptiveAveragePooling3D(AdaptivePooling):
    """(depth, height, width, channels) -> (*output_size, channels): the mean of each part.

    >>> print(AdaptiveAveragePooling3D(2).infer((Shape((None, 5, 7, 6, 3)),)).output)
    (None, 2, 2, 2, 3)
    """

    rank = 5
    kind = "mean"
