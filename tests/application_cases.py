"""Known architectures and the arguments with which they are compared with Keras, one entry a case.

`input_tensor` is written as the shapes-to-be of an Input ("Input", shape), or of an Input with a layer behind it
("Rescaling", shape): tests and the recording script make the tensor.
"""

from __future__ import annotations

from typing import Any

NETWORKS = (
    "VGG16", "VGG19", "ResNet50", "ResNet101", "ResNet152", "ResNet50V2", "ResNet101V2", "ResNet152V2", "InceptionV3",
    "InceptionResNetV2", "Xception", "MobileNet", "MobileNetV2", "MobileNetV3Small", "MobileNetV3Large", "DenseNet121",
    "DenseNet169", "DenseNet201", "NASNetMobile", "NASNetLarge", "EfficientNetB0", "EfficientNetB1", "EfficientNetB2",
    "EfficientNetB3", "EfficientNetB4", "EfficientNetB5", "EfficientNetB6", "EfficientNetB7", "EfficientNetV2B0",
    "EfficientNetV2B1", "EfficientNetV2B2", "EfficientNetV2B3", "EfficientNetV2S", "EfficientNetV2M", "EfficientNetV2L",
    "ConvNeXtTiny", "ConvNeXtSmall", "ConvNeXtBase", "ConvNeXtLarge", "ConvNeXtXLarge",
)  # fmt: skip
LEAST = {"InceptionV3": 75, "InceptionResNetV2": 75, "Xception": 71}
"""Smallest side, where it is not 32."""

Case = dict[str, Any]

FIRST_OF_FAMILY = {
    "VGG16", "ResNet50", "ResNet50V2", "InceptionV3", "InceptionResNetV2", "Xception", "MobileNet", "MobileNetV2",
    "MobileNetV3Small", "MobileNetV3Large", "DenseNet121", "NASNetMobile", "NASNetLarge", "EfficientNetB0", "EfficientNetV2B0",
    "EfficientNetV2S", "ConvNeXtTiny",
}  # fmt: skip
"""These are compared with all arguments, the others of their families with the sizes, the top and the stored weights."""

OWN: dict[str, tuple[Case, ...]] = {
    "MobileNet": (
        *({"alpha": alpha, "weights": None, "input_shape": (192, 192, 3)} for alpha in (0.25, 0.5, 0.75, 1.4)),
        {"alpha": 0.5, "include_top": False, "input_shape": (128, 128, 3)},
        {"alpha": 0.5, "include_top": False, "input_shape": (100, 128, 3)},
        {"depth_multiplier": 2, "weights": None},
        {"dropout": 0.5, "weights": None},
    ),
    "MobileNetV2": (
        *({"alpha": alpha, "weights": None, "input_shape": (96, 96, 3)} for alpha in (0.35, 0.5, 0.75, 1.3, 1.4)),
        {"alpha": 0.35, "include_top": False, "input_shape": (96, 96, 3)},
        {"alpha": 1.4, "include_top": False, "input_shape": (111, 96, 3)},
        {"input_tensor": ("Input", (96, 96, 3)), "include_top": False},
        {"input_tensor": ("Input", (97, 130, 3)), "input_shape": (97, 130, 3), "include_top": False},
    ),
    "MobileNetV3Small": (
        {"alpha": 0.75, "weights": None},
        {"alpha": 0.75, "include_top": False, "input_shape": (131, 97, 3)},
        {"alpha": 1.5, "weights": None},
        {"minimalistic": True, "weights": None},
        {"minimalistic": True, "include_top": False, "input_shape": (131, 97, 3)},
        {"dropout_rate": 0, "weights": None, "classes": 3},
        {"include_preprocessing": False, "weights": None},
        {"input_shape": (64, 48, 1), "weights": None, "include_preprocessing": False},
    ),
    "MobileNetV3Large": (
        {"alpha": 0.75, "include_top": False, "input_shape": (131, 97, 3)},
        {"alpha": 1.5, "weights": None},
        {"minimalistic": True, "weights": None},
        {"dropout_rate": 0, "weights": None, "classes": 3},
        {"include_preprocessing": False, "weights": None},
    ),
    "EfficientNetV2B0": (
        {"include_preprocessing": False, "weights": None},
        {"name": "efficientnetv2-s", "weights": None, "include_top": False, "input_shape": (64, 64, 3)},
    ),
    "EfficientNetV2S": ({"include_preprocessing": False, "weights": None, "include_top": False},),
    "ConvNeXtTiny": ({"include_preprocessing": False, "weights": None},),
}
"""What only some architectures take."""


def cases(network: str) -> list[Case]:
    """The arguments with which a network is built."""
    least = LEAST.get(network, 32)
    short: list[Case] = [
        {"weights": None},
        {},
        {"include_top": False},
        {"include_top": False, "weights": None, "input_shape": (least, least, 3)},
        {"include_top": False, "weights": None, "input_shape": (131, 97, 3)},
        {"include_top": False, "weights": None, "input_shape": (224, 160, 3), "pooling": "avg"},
    ]
    if network not in FIRST_OF_FAMILY:
        return short
    named = {"name": "base"} if not network.startswith("EfficientNetV2") else {}
    return [
        *short,
        {"include_top": False, "weights": None, "input_shape": (None, None, 3), "pooling": "max"},
        {"include_top": False, "weights": None, "pooling": "average", **named},
        {"weights": None, "classes": 7, "input_shape": (128, 144, 3), "classifier_activation": None, **named},
        {"weights": None, "classes": 2, "input_shape": (130, 130, 1), "pooling": "max"},
        {"include_top": False, "weights": None, "input_shape": (96, 96, 4), "classes": 10},
        {"include_top": False, "weights": None, "input_tensor": ("Input", (120, 161, 3))},
        {"include_top": False, "weights": None, "input_tensor": ("Rescaling", (120, 161, 3)), "pooling": "avg"},
        {"include_top": False, "weights": None, "input_tensor": ("Rescaling", (None, None, 3))},
        *OWN.get(network, ()),
    ]


REFUSED_OWN: dict[str, tuple[Case, ...]] = {
    "MobileNet": (
        {"depth_multiplier": 2, "include_top": False},
        {"alpha": 0.3, "include_top": False},
        {"alpha": 1.4},
    ),
    "MobileNetV2": (
        {"alpha": 0.25, "include_top": False},
        {"input_tensor": ("Input", (96, 96, 3)), "input_shape": (128, 128, 3), "include_top": False},
        {"input_shape": (224, None, 3), "include_top": False, "weights": None},
    ),
    "MobileNetV3Small": (
        {"alpha": 0.5, "include_top": False},
        {"alpha": 0.75, "minimalistic": True},
        {"input_tensor": ("Input", (96, 96, 3)), "input_shape": (128, 128, 3), "include_top": False},
    ),
    "NASNetMobile": ({"input_shape": (None, None, 3), "include_top": False},),
    "EfficientNetB0": ({"name": "base", "include_top": False},),
    "EfficientNetV2B0": ({"name": "base", "weights": None}, {"name": "efficientnetv2-b1", "include_top": False}),
    "ConvNeXtTiny": ({"name": "base", "include_top": False}, {"name": "my_convnext_tiny"}),
}


def refused(network: str) -> list[Case]:
    """Arguments that Keras refuses, or that one may take for such."""
    least = LEAST.get(network, 32)
    return [
        {"include_top": False, "weights": None, "input_shape": (least - 1, 224, 3)},
        {"include_top": False, "input_shape": (224, least - 1, 3)},
        {"include_top": False, "weights": None, "input_shape": (1, 1, 3)},
        {"classes": 10},
        {"classes": 10, "include_top": False},
        {"input_shape": (200, 200, 3)},
        {"input_shape": [224, 224, 3]},
        {"input_shape": (224, 224, 3)},
        {"input_shape": (224, 224, 1), "include_top": False},
        {"input_shape": (224, 224), "include_top": False, "weights": None},
        {"input_shape": (1, 224, 224, 3), "include_top": False},
        {"input_shape": (None, None, 3), "weights": None},
        {"weights": "imagnet"},
        {"classifier_activation": "relu"},
        {"classifier_activation": "linear"},
        {"classifier_activation": "relu", "weights": None},
        {"include_top": False, "weights": None, "input_tensor": ("Input", (8, 8, 3))},
        {"include_top": False, "input_tensor": ("Input", (96, 96, 1))},
        {"input_size": (224, 224, 3), "weights": None},
        *REFUSED_OWN.get(network, ()),
    ]


def key(network: str, case: Case) -> str:
    """A case in one line: MobileNet(alpha=0.25, weights=None)."""
    return f"{network}({', '.join(f'{name}={value!r}' for name, value in case.items())})"
