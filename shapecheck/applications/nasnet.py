"""NASNet-A: two cells, normal and reduction, whose connections were found by search; each cell sees the two cells before it.

Zoph et al. (2018), "Learning Transferable Architectures for Scalable Image Recognition", fig. 4: NASNet-A (4 @ 1056) and
(6 @ 4032).
"""

from __future__ import annotations

from collections.abc import Sequence
from types import SimpleNamespace

from shapecheck.applications.architecture import Architecture, classifier
from shapecheck.applications.blocks import halving_padding
from shapecheck.applications.refusals import image_shape
from shapecheck.diagnostics.arguments import ConflictingArguments
from shapecheck.diagnostics.base import ShapeError
from shapecheck.languages import Phrase

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

ARGUMENTS = {
    "input_shape": None, "include_top": True, "weights": "imagenet", "input_tensor": None, "pooling": None, "classes": 1000,
    "classifier_activation": "softmax",
}  # fmt: skip


def nasnet(layers: Any, x: Any, given: SimpleNamespace) -> Any:
    """(rows, columns, 3) -> (rows/32, columns/32, filters): a stem, then three groups of normal cells with a reduction cell between
    them."""
    width, count = given.penultimate_filters // 24, given.cells
    x = layers.Conv2D(
        given.stem_filters, (3, 3), strides=(2, 2), padding="valid", use_bias=False, name="stem_conv1", kernel_initializer="he_normal"
    )(x)  # fmt: skip
    x = normalized(layers, x, "stem_bn1")
    x, before = reduction_cell(layers, x, None, width // 4, "stem_1")
    x, before = reduction_cell(layers, x, before, width // 2, "stem_2")
    for stage in range(3):
        if stage:
            x, reduced = reduction_cell(layers, x, before, width * 2**stage, f"reduce_{stage * count}")
            before = before if given.skips_reduction else reduced
        for number in range(count):
            x, before = normal_cell(layers, x, before, width * 2**stage, str(stage * count + number + (stage > 0)))
    return layers.Activation("relu")(x)


def normalized(layers: Any, x: Any, name: str) -> Any:
    """Normalized, with a slow moving average."""
    return layers.BatchNormalization(axis=-1, momentum=0.9997, epsilon=1e-3, name=name)(x)


def mixed(layers: Any, x: Any, width: int, name: str) -> Any:
    """A 1x1 convolution without bias."""
    return layers.Conv2D(width, (1, 1), padding="same", use_bias=False, kernel_initializer="he_normal", name=name)(x)


def narrowed(layers: Any, x: Any, width: int, kind: str, name: str) -> Any:
    """ReLU, projected to `width` channels, normalized."""
    x = mixed(layers, layers.Activation("relu")(x), width, f"{kind}_conv_1_{name}")
    return normalized(layers, x, f"{kind}_bn_1_{name}")


def separable(layers: Any, x: Any, width: int, window: int, name: str, stride: int = 1) -> Any:
    """Twice: ReLU, separable convolution, normalized; the first with the stride."""
    x = layers.Activation("relu")(x)
    if stride == 2:
        x = layers.ZeroPadding2D(padding=halving_padding(x, window), name=f"separable_conv_1_pad_{name}")(x)
    for number, padding in ((1, "valid" if stride == 2 else "same"), (2, "same")):
        if number == 2:
            x = layers.Activation("relu")(x)
        strides = (stride, stride) if number == 1 else (1, 1)
        x = layers.SeparableConv2D(
            width, (window, window), strides=strides, padding=padding, use_bias=False, name=f"separable_conv_{number}_{name}"
        )(x)  # fmt: skip
        x = normalized(layers, x, f"separable_conv_{number}_bn_{name}")
    return x


def adjusted(layers: Any, before: Any, x: Any, width: int, name: str) -> Any:
    """The output of the cell before last, with the sizes of x and `width` channels (appendix A.4)."""
    if before is None:
        return x
    if before.shape[-2] != x.shape[-2]:
        before = layers.Activation("relu", name=f"adjust_relu_1_{name}")(before)
        left = every_second(layers, before, width, name, 1)
        shifted = layers.ZeroPadding2D(padding=((0, 1), (0, 1)))(before)
        shifted = layers.Cropping2D(cropping=((1, 0), (1, 0)))(shifted)
        right = every_second(layers, shifted, width, name, 2)
        return normalized(layers, layers.Concatenate(axis=-1)([left, right]), f"adjust_bn_{name}")
    if before.shape[-1] != width:
        before = mixed(layers, layers.Activation("relu")(before), width, f"adjust_conv_projection_{name}")
        return normalized(layers, before, f"adjust_bn_{name}")
    return before


def every_second(layers: Any, x: Any, width: int, name: str, number: int) -> Any:
    """Every second row and column, with half the channels."""
    x = layers.AveragePooling2D((1, 1), strides=(2, 2), padding="valid", name=f"adjust_avg_pool_{number}_{name}")(x)
    return mixed(layers, x, width // 2, f"adjust_conv_{number}_{name}")


def normal_cell(layers: Any, x: Any, before: Any, width: int, name: str) -> tuple[Any, Any]:
    """Fig. 4, left: five sums of two branches, side by side. Also returns the second input of the next cell."""
    p = adjusted(layers, before, x, width, name)
    h = narrowed(layers, x, width, "normal", name)

    def convolved(of: Any, window: int, place: str) -> Any:
        return separable(layers, of, width, window, f"normal_{place}_{name}")

    def averaged(of: Any, place: str) -> Any:
        return layers.AveragePooling2D((3, 3), strides=(1, 1), padding="same", name=f"normal_{place}_{name}")(of)

    def added(number: int, *terms: Any) -> Any:
        return layers.Add(name=f"normal_add_{number}_{name}")(list(terms))

    x1 = added(1, convolved(h, 5, "left1"), convolved(p, 3, "right1"))
    x2 = added(2, convolved(p, 5, "left2"), convolved(p, 3, "right2"))
    x3 = added(3, averaged(h, "left3"), p)
    x4 = added(4, averaged(p, "left4"), averaged(p, "right4"))
    x5 = added(5, convolved(h, 3, "left5"), h)
    return layers.Concatenate(axis=-1, name=f"normal_concat_{name}")([p, x1, x2, x3, x4, x5]), x


def reduction_cell(layers: Any, x: Any, before: Any, width: int, name: str) -> tuple[Any, Any]:
    """Fig. 4, right: as a normal cell, at half the rows and columns."""
    p = adjusted(layers, before, x, width, name)
    h = narrowed(layers, x, width, "reduction", name)
    padded = layers.ZeroPadding2D(padding=halving_padding(h, 3), name=f"reduction_pad_1_{name}")(h)

    def convolved(of: Any, window: int, place: str, stride: int = 2) -> Any:
        return separable(layers, of, width, window, f"reduction_{place}_{name}", stride)

    def halved(kind: Any, place: str) -> Any:
        return kind((3, 3), strides=(2, 2), padding="valid", name=f"reduction_{place}_{name}")(padded)

    def added(word: str, *terms: Any) -> Any:
        return layers.Add(name=f"reduction_{word}_{name}")(list(terms))

    x1 = added("add_1", convolved(h, 5, "left1"), convolved(p, 7, "right1"))
    x2 = added("add_2", halved(layers.MaxPooling2D, "left2"), convolved(p, 7, "right2"))
    x3 = added("add3", halved(layers.AveragePooling2D, "left3"), convolved(p, 5, "right3"))
    x4 = layers.AveragePooling2D((3, 3), strides=(1, 1), padding="same", name=f"reduction_left4_{name}")(x1)
    x4 = layers.Add()([x2, x4])
    x5 = added("add4", convolved(x1, 3, "left4", stride=1), halved(layers.MaxPooling2D, "right5"))
    return layers.Concatenate(axis=-1, name=f"reduction_concat_{name}")([x2, x3, x4, x5]), x


def prepare(self: Architecture, given: SimpleNamespace) -> Sequence[Any]:
    """The input's shape: the connections depend on it, so stored weights need known sizes."""
    if isinstance(given.input_shape, tuple) and None in given.input_shape and given.weights == "imagenet":
        side = self.size
        facts = (
            "input_shape",
            given.input_shape,
            "weights",
            "imagenet",
            Phrase("architectures", "stored_weights_need_known", "stored weights need known sizes"),
        )
        fixes = (("input_shape", f"({side}, {side}, 3)"), ("weights", "None"))
        raise ShapeError(
            ConflictingArguments(
                *facts,
                Phrase("architectures", "write_input_shape_right_or", "write input_shape={right}, or weights=None", right=(side, side, 3)),
                fixes,
            )
        )
    if given.mobile and not given.include_top and given.input_shape is None:
        given.input_shape = (self.size, self.size, 3)
    return image_shape(given, self.size, self.least_size)


def architecture(name: str, size: int, cells: int, penultimate_filters: int, stem_filters: int) -> Architecture:
    """NASNet-A (cells @ penultimate_filters)."""
    mobile = name == "nasnet_mobile"
    return Architecture(
        nasnet, name, size=size, arguments=ARGUMENTS, head=classifier(average=None), prepare=prepare,
        decisive=("input_shape", "input_tensor"), mobile=mobile, cells=cells, penultimate_filters=penultimate_filters,
        stem_filters=stem_filters, skips_reduction=not mobile,
    )  # fmt: skip


NASNetMobile = architecture("nasnet_mobile", 224, cells=4, penultimate_filters=1056, stem_filters=32)
NASNetLarge = architecture("nasnet_large", 331, cells=6, penultimate_filters=4032, stem_filters=96)
