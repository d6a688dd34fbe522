"""Known architectures: each is defined once, as a function that connects layers, whatever the layers are.

`find("Xception")` is the architecture of that Keras name. `build(layers, ...)` takes Keras's arguments and a namespace of
layers: shapecheck's rules (joining.RuleLayers), or layers that compute. A family's file is loaded at its first use.

>>> from shapecheck.applications.joining import RuleLayers
>>> graph = find("MobileNet").build(RuleLayers(), input_shape=(64, 64, 3), weights=None, include_top=False)
>>> graph.name, len(graph.layers), graph.layers[-1].name
('mobilenet_1.00_64', 86, 'conv_pw_13_relu')
"""

from __future__ import annotations

from importlib import import_module

TYPE_CHECKING = False
if TYPE_CHECKING:
    from shapecheck.applications.architecture import Architecture

FAMILIES: dict[str, tuple[str, ...]] = {
    "vgg": ("VGG16", "VGG19"),
    "inception_v3": ("InceptionV3",),
    "inception_resnet_v2": ("InceptionResNetV2",),
    "resnet": ("ResNet50", "ResNet101", "ResNet152", "ResNet50V2", "ResNet101V2", "ResNet152V2"),
    "xception": ("Xception",),
    "mobilenet": ("MobileNet",),
    "mobilenet_v2": ("MobileNetV2",),
    "mobilenet_v3": ("MobileNetV3Small", "MobileNetV3Large"),
    "densenet": ("DenseNet121", "DenseNet169", "DenseNet201"),
    "nasnet": ("NASNetMobile", "NASNetLarge"),
    "efficientnet": tuple(f"EfficientNetB{number}" for number in range(8)),
    "efficientnet_v2": (*(f"EfficientNetV2B{number}" for number in range(4)), *(f"EfficientNetV2{size}" for size in "SML")),
    "convnext": tuple(f"ConvNeXt{size}" for size in ("Tiny", "Small", "Base", "Large", "XLarge")),
}
"""Which architectures each module shapecheck.applications.FAMILY contains, by their names in Keras."""
HOME = {name: family for family, names in FAMILIES.items() for name in names}

OWN = {"DigitNet": "small", "LeNet5": "small", "MiniXception": "small"}
"""Those of tinyseq.applications that Keras does not have."""


def find(name: str) -> Architecture | None:
    """The architecture of that name, or None."""
    home = HOME.get(name) or OWN.get(name)
    if home is None:
        return None
    found: Architecture = getattr(import_module(f"shapecheck.applications.{home}"), name)
    found.label = name
    return found
