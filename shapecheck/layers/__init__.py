"""The rules, by class name; a family's module is loaded at the first look at one of its classes.

>>> from shapecheck import layers
>>> layers.Dense(3).units
3
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from shapecheck.layers.base import Rule

FAMILIES: dict[str, tuple[str, ...]] = {
    "core": ("InputLayer", "Identity", "Masking", "Lambda"),
    "dense": ("Dense",),
    "convolution": (
        *("Conv1D", "Conv2D", "Conv3D", "DepthwiseConv1D", "DepthwiseConv2D", "SeparableConv1D", "SeparableConv2D"),
        *("Conv1DTranspose", "Conv2DTranspose", "Conv3DTranspose"),
    ),
    "pooling": (
        *("MaxPooling1D", "MaxPooling2D", "MaxPooling3D", "AveragePooling1D", "AveragePooling2D", "AveragePooling3D"),
        *("GlobalMaxPooling1D", "GlobalMaxPooling2D", "GlobalMaxPooling3D"),
        *("GlobalAveragePooling1D", "GlobalAveragePooling2D", "GlobalAveragePooling3D"),
    ),
    "reshaping": (
        *("Flatten", "Reshape", "Permute", "RepeatVector", "ZeroPadding1D", "ZeroPadding2D", "ZeroPadding3D"),
        *("Cropping1D", "Cropping2D", "Cropping3D", "UpSampling1D", "UpSampling2D", "UpSampling3D"),
    ),
    "activation": ("Activation", "ReLU", "LeakyReLU", "PReLU", "ELU", "ThresholdedReLU", "Softmax"),
    "normalization": ("BatchNormalization", "LayerNormalization", "GroupNormalization", "UnitNormalization"),
    "merging": ("Add", "Subtract", "Multiply", "Average", "Maximum", "Minimum", "Concatenate", "Dot"),
    "regularization": (
        *("Dropout", "SpatialDropout1D", "SpatialDropout2D", "SpatialDropout3D", "GaussianNoise", "GaussianDropout"),
        *("AlphaDropout", "ActivityRegularization"),
    ),
    "embedding": ("Embedding",),
    "recurrent": (
        *("SimpleRNN", "LSTM", "GRU", "RNN", "SimpleRNNCell", "LSTMCell", "GRUCell", "StackedRNNCells"),
        *("ConvLSTM1D", "ConvLSTM2D", "ConvLSTM3D"),
    ),
    "preprocessing": (
        *("Rescaling", "Normalization", "Resizing", "CenterCrop", "RandomCrop", "RandomFlip", "RandomRotation"),
        *("RandomZoom", "RandomTranslation", "RandomContrast", "RandomBrightness", "RandomWidth", "RandomHeight"),
        *("TextVectorization", "StringLookup", "IntegerLookup", "CategoryEncoding", "Discretization", "Hashing"),
    ),
    "wrappers": ("TimeDistributed", "Bidirectional"),
    "attention": ("Attention", "AdditiveAttention", "MultiHeadAttention"),
}
"""Which classes each module shapecheck.layers.FAMILY holds."""

PARTS: dict[str, tuple[str, ...]] = {
    "depthwise": ("DepthwiseConv1D", "DepthwiseConv2D", "SeparableConv1D", "SeparableConv2D"),
    "transposed": ("Conv1DTranspose", "Conv2DTranspose", "Conv3DTranspose"),
    "borders": (
        *("Cropping1D", "Cropping2D", "Cropping3D", "UpSampling1D", "UpSampling2D", "UpSampling3D"),
        *("ZeroPadding1D", "ZeroPadding2D", "ZeroPadding3D"),
    ),
    "convolution_recurrent": ("ConvLSTM1D", "ConvLSTM2D", "ConvLSTM3D"),
    "images": (
        *("CenterCrop", "RandomBrightness", "RandomContrast", "RandomCrop", "RandomFlip", "RandomHeight"),
        *("RandomRotation", "RandomTranslation", "RandomWidth", "RandomZoom", "Resizing"),
    ),
    "words": (
        *("CategoryEncoding", "Discretization", "Hashing", "IntegerLookup", "StringLookup"),
        "TextVectorization",
    ),
}
"""Classes of a family that stand in a file of their own, so that a stack loads no more than it uses."""

HOME = {name: family for family, names in FAMILIES.items() for name in names}
PLACES = HOME | {name: part for part, names in PARTS.items() for name in names}


def find(name: str) -> type[Rule] | None:
    """The rule of that class name, or None."""
    place = PLACES.get(name)
    if place is None:
        return None
    rule: type[Rule] = getattr(import_module(f"shapecheck.layers.{place}"), name)
    return rule


def elsewhere(family: str, name: str) -> type[Rule]:
    """A class of the family's module (its full name) that stands in another file."""
    if HOME.get(name) != family.rpartition(".")[2] or PLACES[name] == HOME[name]:
        raise AttributeError(f"module {family!r} has no attribute {name!r}")
    rule: type[Rule] = getattr(import_module(f"shapecheck.layers.{PLACES[name]}"), name)
    return rule


def __getattr__(name: str) -> type[Rule]:
    rule = find(name)
    if rule is None:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return rule


def __dir__() -> list[str]:
    return sorted(HOME)
