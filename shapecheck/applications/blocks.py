"""Small calculations that several architectures use."""

from __future__ import annotations

from shapecheck.diagnostics.arguments import BadArgument
from shapecheck.diagnostics.base import ShapeError
from shapecheck.languages import Phrase, for_example
from shapecheck.shapes import Dim, Unknown

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

SCALED_NORMAL = {
    "class_name": "VarianceScaling",
    "config": {"scale": 2.0, "mode": "fan_out", "distribution": "truncated_normal"},
}
"""Kernels of both EfficientNets: He et al. (2015), "Delving Deep into Rectifiers", eq. 14, by the outputs."""
SCALED_UNIFORM = {
    "class_name": "VarianceScaling",
    "config": {"scale": 1 / 3, "mode": "fan_out", "distribution": "uniform"},
}
"""Kernel of the last Dense layer of both EfficientNets."""


ZERO = {"class_name": "Constant", "config": {"value": 0.0}}
"""Bias of the last Dense layer of EfficientNetV2, as Keras writes it."""


def divisible(width: float, divisor: int = 8) -> int:
    """The nearest multiple of `divisor`, at least `divisor`, and at most a tenth below `width`.

    Howard et al. (2019), "Searching for MobileNetV3", code: channels that hardware likes.

    >>> divisible(16 * 0.35), divisible(24 * 0.75), divisible(11.5)
    (8, 24, 16)
    """
    nearest = max(divisor, int(width + divisor / 2) // divisor * divisor)
    return nearest + divisor if nearest < 0.9 * width else nearest


def halving_padding(x: Any, window: int) -> tuple[tuple[Dim, Dim], tuple[Dim, Dim]]:
    """Zeros (top, bottom), (left, right) so that a window with stride 2 and no padding halves the image.

    An even side gets one less before than after; a side known only at run time counts as even.
    """
    rows, columns = x.shape[1:3]
    half = window // 2
    if rows is None:
        return (half - 1, half), (half - 1, half)
    return (_before(rows, half), half), (_before(columns, half), half)


def _before(size: Dim, half: int) -> Dim:
    if isinstance(size, Unknown):
        return size
    if size is None:
        expected = Phrase("architectures", "rows_and_columns_that", "rows and columns that are both known, or both None")
        raise ShapeError(BadArgument("input_shape", (None,), expected, for_example("input_shape=(None, None, 3)")))
    return half - 1 + size % 2


def squeezed(layers: Any, x: Any, narrow: int, width: int, prefix: str) -> Any:
    """Each channel times a factor from 0 to 1, computed from all channels' averages through `narrow` channels.

    Hu et al. (2018), "Squeeze-and-Excitation Networks", section 3, as both EfficientNets write it.
    """
    factor = layers.GlobalAveragePooling2D(name=f"{prefix}se_squeeze")(x)
    factor = layers.Reshape((1, 1, width), name=f"{prefix}se_reshape")(factor)
    options = {"padding": "same", "kernel_initializer": SCALED_NORMAL}
    factor = layers.Conv2D(narrow, 1, activation="swish", name=f"{prefix}se_reduce", **options)(factor)
    factor = layers.Conv2D(width, 1, activation="sigmoid", name=f"{prefix}se_expand", **options)(factor)
    return layers.Multiply(name=f"{prefix}se_excite")([x, factor])
