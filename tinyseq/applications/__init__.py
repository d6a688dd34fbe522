"""Known architectures, to Keras's parameters and names: Xception, ResNet50, MobileNetV2 and 37 more; LeNet5, DigitNet, MiniXception.

    base = applications.Xception(weights="imagenet", include_top=False, pooling="avg")

Which layers an architecture has is written once, in shapecheck/applications; here they are layers that compute. As in Keras, each
family is also a module: `from tinyseq.applications.xception import Xception, preprocess_input, decode_predictions`.
"""

from __future__ import annotations

import sys
from types import ModuleType
from typing import Any

from shapecheck.applications import FAMILIES, HOME, OWN
from tinyseq.applications import imagenet
from tinyseq.applications.building import make
from tinyseq.did_you_mean import no_such_name

MODULES = {
    **{family: names for family, names in FAMILIES.items() if family not in ("vgg", "resnet")},
    "vgg16": ("VGG16",),
    "vgg19": ("VGG19",),
    "resnet": ("ResNet50", "ResNet101", "ResNet152"),
    "resnet50": ("ResNet50",),
    "resnet_v2": ("ResNet50V2", "ResNet101V2", "ResNet152V2"),
}
"""Keras's modules, and the architectures in each."""

__all__ = [*HOME, *OWN, *MODULES]


def _module(family: str, names: tuple[str, ...]) -> ModuleType:
    """tinyseq.applications.FAMILY, as a module that can be imported from."""
    module = ModuleType(f"{__name__}.{family}", f"{', '.join(names)}; preprocess_input and decode_predictions for their pictures.")
    for name in names:
        setattr(module, name, make(name))
    vars(module).update(
        preprocess_input=imagenet.preprocessor(family),
        decode_predictions=imagenet.decode_predictions,
        __all__=[*names, "decode_predictions", "preprocess_input"],
    )
    return module


for _family, _names in MODULES.items():
    _made = _module(_family, _names)
    sys.modules[_made.__name__] = globals()[_family] = _made
    globals().update({name: vars(_made)[name] for name in _names})

globals().update({name: make(name) for name in OWN})


def __getattr__(name: str) -> Any:
    raise no_such_name(f"module {__name__!r}", name, __all__)
