"""Pooling: (batch, *spatial, channels) -> (batch, *positions, channels), or (batch, channels) for the global ones."""

from __future__ import annotations

from shapecheck.layers import arguments as check
from shapecheck.layers.base import Arithmetic, Inference, Window
from shapecheck.layers.windows import AXES, Spatial, slide
from shapecheck.shapes import Shape, Unknown

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Unpack

    from shapecheck.layers.base import Options, Sizes


class Pooling(Spatial):
    """Common base of all sliding pools. strides=None means the pool's own size: windows side by side.

    Under padding="same" a maximum ignores the padding, an average divides by the number of real pixels.
    """

    def __init__(
        self, pool_size: Sizes, strides: Sizes | None, padding: str, data_format: str | None,
        **options: Unpack[Options],
    ) -> None:  # fmt: skip
        super().__init__(**options)
        self.pool_size = check.wholes("pool_size", pool_size, self.rank - 2)
        self.strides = self.pool_size if strides is None else check.wholes("strides", strides, self.rank - 2)
        self.padding = check.word("padding", padding, check.PADDINGS)
        self.data_format = check.data_format(data_format)

    def infer_known(self, shape: Shape) -> Inference:
        sizes, channels = self.split(shape)
        slid = slide(sizes, self.pool_size, self.strides, self.padding, argument="pool_size")
        return Inference(self.join(shape, slid.sizes, channels), arithmetic=slid.arithmetic, window=slid.window)

    def infer_unknown(self, shape: Shape) -> Inference:
        return self.infer_known(self.join(shape, *self.split(shape)))


class GlobalPooling(Spatial):
    """Common base of all global pools: one number for each channel, whatever the spatial sizes."""

    kind: str

    def __init__(self, data_format: str | None = None, keepdims: bool = False, **options: Unpack[Options]) -> None:
        super().__init__(**options)
        self.data_format = check.data_format(data_format)
        self.keepdims = check.flag("keepdims", keepdims)

    def infer_known(self, shape: Shape) -> Inference:
        sizes, channels = self.split(shape)
        ones = (1,) * len(sizes)
        if isinstance(self.keepdims, Unknown):
            output = Shape(None, why=self.keepdims.why)
        else:
            output = self.join(shape, ones if self.keepdims else (), channels)
        formula = f"{self.kind} over " + " x ".join(AXES[len(sizes)])
        values = dict(zip(AXES[len(sizes)], sizes, strict=True))
        arithmetic = Arithmetic("channels", formula, values, channels)
        return Inference(output, arithmetic=(arithmetic,), window=Window(sizes, ones, ones))

    def infer_unknown(self, shape: Shape) -> Inference:
        return self.infer_known(self.join(shape, *self.split(shape)))


class MaxPooling1D(Pooling):
    """(steps, features) -> (positions, features): the largest value under each window.

    >>> print(MaxPooling1D(2).infer((Shape((None, 7, 3)),)).output)
    (None, 3, 3)
    """

    rank = 3

    def __init__(
        self, pool_size: Sizes = 2, strides: Sizes | None = None, padding: str = "valid",
        data_format: str | None = None, **options: Unpack[Options],
    ) -> None:  # fmt: skip
        super().__init__(
            pool_size, strides, padding, data_format, **options,
        )


class MaxPooling2D(Pooling):
    """(height, width, channels) -> (rows, columns, channels): the largest value under each window.

    >>> print(MaxPooling2D(2).infer((Shape((None, 5, 7, 3)),)).output)
    (None, 2, 3, 3)
    """

    rank = 4

    def __init__(
        self, pool_size: Sizes = (2, 2), strides: Sizes | None = None, padding: str = "valid",
        data_format: str | None = None, **options: Unpack[Options],
    ) -> None:  # fmt: skip
        super().__init__(
            pool_size, strides, padding, data_format, **options,
        )


class MaxPooling3D(Pooling):
    """(depth, height, width, channels) -> (layers, rows, columns, channels): the largest value under each window.

    >>> print(MaxPooling3D(2).infer((Shape((None, 5, 7, 6, 3)),)).output)
    (None, 2, 3, 3, 3)
    """

    rank = 5

    def __init__(
        self, pool_size: Sizes = (2, 2, 2), strides: Sizes | None = None, padding: str = "valid",
        data_format: str | None = None, **options: Unpack[Options],
    ) -> None:  # fmt: skip
        super().__init__(
            pool_size, strides, padding, data_format, **options,
        )


class AveragePooling1D(Pooling):
    """(steps, features) -> (positions, features): the mean under each window.

    >>> print(AveragePooling1D(2).infer((Shape((None, 7, 3)),)).output)
    (None, 3, 3)
    """

    rank = 3

    def __init__(
        self, pool_size: Sizes = 2, strides: Sizes | None = None, padding: str = "valid",
        data_format: str | None = None, **options: Unpack[Options],
    ) -> None:  # fmt: skip
        super().__init__(
            pool_size, strides, padding, data_format, **options,
        )


class AveragePooling2D(Pooling):
    """(height, width, channels) -> (rows, columns, channels): the mean under each window.

    >>> print(AveragePooling2D(2).infer((Shape((None, 5, 7, 3)),)).output)
    (None, 2, 3, 3)
    """

    rank = 4

    def __init__(
        self, pool_size: Sizes = (2, 2), strides: Sizes | None = None, padding: str = "valid",
        data_format: str | None = None, **options: Unpack[Options],
    ) -> None:  # fmt: skip
        super().__init__(
            pool_size, strides, padding, data_format, **options,
        )


class AveragePooling3D(Pooling):
    """(depth, height, width, channels) -> (layers, rows, columns, channels): the mean under each window.

    >>> print(AveragePooling3D(2).infer((Shape((None, 5, 7, 6, 3)),)).output)
    (None, 2, 3, 3, 3)
    """

    rank = 5

    def __init__(
        self, pool_size: Sizes = (2, 2, 2), strides: Sizes | None = None, padding: str = "valid",
        data_format: str | None = None, **options: Unpack[Options],
    ) -> None:  # fmt: skip
        super().__init__(
            pool_size, strides, padding, data_format, **options,
        )


class GlobalMaxPooling1D(GlobalPooling):
    """(steps, features) -> (features,): the largest value of each channel.

    >>> print(GlobalMaxPooling1D().infer((Shape((None, 7, 3)),)).output)
    (None, 3)
    """

    rank = 3
    kind = "max"


class GlobalMaxPooling2D(GlobalPooling):
    """(height, width, channels) -> (channels,): the largest value of each channel.

    >>> print(GlobalMaxPooling2D().infer((Shape((None, 5, 7, 3)),)).output)
    (None, 3)
    """

    rank = 4
    kind = "max"


class GlobalMaxPooling3D(GlobalPooling):
    """(depth, height, width, channels) -> (channels,): the largest value of each channel.

    >>> print(GlobalMaxPooling3D().infer((Shape((None, 5, 7, 6, 3)),)).output)
    (None, 3)
    """

    rank = 5
    kind = "max"


class GlobalAveragePooling1D(GlobalPooling):
    """(steps, features) -> (features,): the mean of each channel.

    >>> print(GlobalAveragePooling1D().infer((Shape((None, 7, 3)),)).output)
    (None, 3)
    """

    rank = 3
    kind = "mean"


class GlobalAveragePooling2D(GlobalPooling):
    """(height, width, channels) -> (channels,): the mean of each channel.

    >>> print(GlobalAveragePooling2D().infer((Shape((None, 5, 7, 3)),)).output)
    (None, 3)
    """

    rank = 4
    kind = "mean"


class GlobalAveragePooling3D(GlobalPooling):
    """(depth, height, width, channels) -> (channels,): the mean of each channel.

    >>> print(GlobalAveragePooling3D().infer((Shape((None, 5, 7, 6, 3)),)).output)
    (None, 3)
    """

    rank = 5
    kind = "mean"
