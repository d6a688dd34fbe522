"""ConvNeXt: a ResNet with the habits of a transformer: large windows, few normalizations, gelu.

Liu et al. (2022), "A ConvNet for the 2020s", fig. 4, table 9 and section 3.
"""

from __future__ import annotations

from types import SimpleNamespace

from shapecheck.applications.architecture import COMMON, Architecture, pooled

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

EPSILON = 1e-6
LAYER_SCALE = 1e-6
"""The start value of each channel's scale: Touvron et al. (2021), "Going deeper with Image Transformers", section 2."""
MEANS = [0.485 * 255, 0.456 * 255, 0.406 * 255]
VARIANCES = [(0.229 * 255) ** 2, (0.224 * 255) ** 2, (0.225 * 255) ** 2]
"""Of ImageNet's channels, from 0 to 255."""
ARGUMENTS = {"include_top": True, "include_preprocessing": True, **{k: v for k, v in COMMON.items() if k not in ("include_top", "name")}}


def convnext(layers: Any, x: Any, given: SimpleNamespace) -> Any:
    """(rows, columns, 3) -> (rows/32, columns/32, the last width)."""
    name = given.name
    if given.include_preprocessing and given.input_shape[2] == 3:
        x = layers.Normalization(mean=MEANS, variance=VARIANCES, name=f"{name}_prestem_normalization")(x)
    steps = [stem(layers, given.widths[0], name)]
    steps += [halving(layers, width, number, name) for number, width in enumerate(given.widths[1:])]
    for stage, (step, width, count) in enumerate(zip(steps, given.widths, given.blocks, strict=True)):
        x = step(x)
        for number in range(count):
            x = block(layers, x, width, f"{name}_stage_{stage}_block_{number}")
    return x


def stem(layers: Any, width: int, name: str) -> Any:
    """Each patch of 4x4 pixels becomes one position."""
    convolution = layers.Conv2D(width, kernel_size=4, strides=4, name=f"{name}_stem_conv")
    normalization = layers.LayerNormalization(epsilon=EPSILON, name=f"{name}_stem_layernorm")
    return layers.Sequential([convolution, normalization], name=f"{name}_stem")


def halving(layers: Any, width: int, number: int, name: str) -> Any:
    """Each patch of 2x2 positions becomes one."""
    normalization = layers.LayerNormalization(epsilon=EPSILON, name=f"{name}_downsampling_layernorm_{number}")
    convolution = layers.Conv2D(width, kernel_size=2, strides=2, name=f"{name}_downsampling_conv_{number}")
    return layers.Sequential([normalization, convolution], name=f"{name}_downsampling_block_{number}")


def block(layers: Any, x: Any, width: int, name: str) -> Any:
    """A window of 7 on each channel, four times the channels and back, scaled by channel, added to its input."""
    before = x
    x = layers.Conv2D(width, kernel_size=7, padding="same", groups=width, name=f"{name}_depthwise_conv")(x)
    x = layers.LayerNormalization(epsilon=EPSILON, name=f"{name}_layernorm")(x)
    x = layers.Dense(4 * width, name=f"{name}_pointwise_conv_1")(x)
    x = layers.Activation("gelu", name=f"{name}_gelu")(x)
    x = layers.Dense(width, name=f"{name}_pointwise_conv_2")(x)
    x = layers.LayerScale(LAYER_SCALE, width, name=f"{name}_layer_scale")(x)
    return before + layers.Activation("linear", name=f"{name}_identity")(x)


def head(layers: Any, x: Any, given: SimpleNamespace) -> Any:
    """The averages, normalized, and the classes; also normalized without a top."""
    if not given.include_top:
        return layers.LayerNormalization(epsilon=EPSILON)(pooled(layers, x, given))
    x = layers.GlobalAveragePooling2D(name=f"{given.name}_head_gap")(x)
    x = layers.LayerNormalization(epsilon=EPSILON, name=f"{given.name}_head_layernorm")(x)
    return layers.Dense(given.classes, activation=given.classifier_activation, name=f"{given.name}_head_dense")(x)


def architecture(size: str, blocks: tuple[int, ...], widths: tuple[int, ...]) -> Architecture:
    """Blocks and channels of the four stages."""
    return Architecture(
        convnext, f"convnext_{size}", arguments=ARGUMENTS, head=head, file_by_name=True, blocks=blocks, widths=widths
    )  # fmt: skip


ConvNeXtTiny = architecture("tiny", (3, 3, 9, 3), (96, 192, 384, 768))
ConvNeXtSmall = architecture("small", (3, 3, 27, 3), (96, 192, 384, 768))
ConvNeXtBase = architecture("base", (3, 3, 27, 3), (128, 256, 512, 1024))
ConvNeXtLarge = architecture("large", (3, 3, 27, 3), (192, 384, 768, 1536))
ConvNeXtXLarge = architecture("xlarge", (3, 3, 27, 3), (256, 512, 1024, 2048))
