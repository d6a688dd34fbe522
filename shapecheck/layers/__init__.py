"""The rules, by class name; a family's module is loaded at the first look at one of its classes.

>>> from shapecheck import layers
>>> layers.Dense(3).units
3
"""

from __future__ import annotations

from functools import lru_cache
from importlib import import_module
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    # What editors and mypy see; at run time __getattr__ below loads the one that is asked for.
    # fmt: off
    # isort: off
    from shapecheck.layers.base import Rule
    from shapecheck.layers.activation import (
        Activation as Activation, ELU as ELU, LeakyReLU as LeakyReLU, PReLU as PReLU, ReLU as ReLU,
        Softmax as Softmax, ThresholdedReLU as ThresholdedReLU,
    )
    from shapecheck.layers.attention import (
        AdditiveAttention as AdditiveAttention, Attention as Attention,
        MultiHeadAttention as MultiHeadAttention,
    )
    from shapecheck.layers.padding import (
        Cropping1D as Cropping1D,
        Cropping2D as Cropping2D,
        Cropping3D as Cropping3D,
        UpSampling1D as UpSampling1D,
        UpSampling2D as UpSampling2D,
        UpSampling3D as UpSampling3D,
        ZeroPadding1D as ZeroPadding1D,
        ZeroPadding2D as ZeroPadding2D,
        ZeroPadding3D as ZeroPadding3D,
    )
    from shapecheck.layers.convolution import Conv1D as Conv1D, Conv2D as Conv2D, Conv3D as Conv3D
    from shapecheck.layers.convolution_recurrent import (
        ConvLSTM1D as ConvLSTM1D, ConvLSTM2D as ConvLSTM2D, ConvLSTM3D as ConvLSTM3D,
    )
    from shapecheck.layers.core import (
        Identity as Identity, InputLayer as InputLayer, Lambda as Lambda, Masking as Masking,
    )
    from shapecheck.layers.dense import Dense as Dense
    from shapecheck.layers.depthwise import (
        DepthwiseConv1D as DepthwiseConv1D, DepthwiseConv2D as DepthwiseConv2D,
        SeparableConv1D as SeparableConv1D, SeparableConv2D as SeparableConv2D,
    )
    from shapecheck.layers.embedding import Embedding as Embedding
    from shapecheck.layers.images import (
        CenterCrop as CenterCrop, RandomBrightness as RandomBrightness, RandomContrast as RandomContrast,
        RandomCrop as RandomCrop, RandomFlip as RandomFlip, RandomHeight as RandomHeight,
        RandomRotation as RandomRotation, RandomTranslation as RandomTranslation, RandomWidth as RandomWidth,
        RandomZoom as RandomZoom, Resizing as Resizing,
    )
    from shapecheck.layers.merging import (
        Add as Add, Average as Average, Concatenate as Concatenate, Dot as Dot, Maximum as Maximum,
        Minimum as Minimum, Multiply as Multiply, Subtract as Subtract,
    )
    from shapecheck.layers.normalization import (
        BatchNormalization as BatchNormalization, GroupNormalization as GroupNormalization,
        LayerNormalization as LayerNormalization, UnitNormalization as UnitNormalization,
    )
    from shapecheck.layers.pooling import (
        AveragePooling1D as AveragePooling1D, AveragePooling2D as AveragePooling2D,
        AveragePooling3D as AveragePooling3D, GlobalAveragePooling1D as GlobalAveragePooling1D,
        GlobalAveragePooling2D as GlobalAveragePooling2D, GlobalAveragePooling3D as GlobalAveragePooling3D,
        GlobalMaxPooling1D as GlobalMaxPooling1D, GlobalMaxPooling2D as GlobalMaxPooling2D,
        GlobalMaxPooling3D as GlobalMaxPooling3D, MaxPooling1D as MaxPooling1D, MaxPooling2D as MaxPooling2D,
        MaxPooling3D as MaxPooling3D,
    )
    from shapecheck.layers.preprocessing import Normalization as Normalization, Rescaling as Rescaling
    from shapecheck.layers.recurrent import (
        GRU as GRU, GRUCell as GRUCell, LSTM as LSTM, LSTMCell as LSTMCell, RNN as RNN, SimpleRNN as SimpleRNN,
        SimpleRNNCell as SimpleRNNCell, StackedRNNCells as StackedRNNCells,
    )
    from shapecheck.layers.regularization import (
        ActivityRegularization as ActivityRegularization, AlphaDropout as AlphaDropout, Dropout as Dropout,
        GaussianDropout as GaussianDropout, GaussianNoise as GaussianNoise,
        SpatialDropout1D as SpatialDropout1D, SpatialDropout2D as SpatialDropout2D,
        SpatialDropout3D as SpatialDropout3D,
    )
    from shapecheck.layers.reshaping import (
        Flatten as Flatten, Permute as Permute, RepeatVector as RepeatVector, Reshape as Reshape,
    )
    from shapecheck.layers.transposed import (
        Conv1DTranspose as Conv1DTranspose, Conv2DTranspose as Conv2DTranspose,
        Conv3DTranspose as Conv3DTranspose,
    )
    from shapecheck.layers.text_preprocessing import (
        CategoryEncoding as CategoryEncoding,
        Discretization as Discretization,
        Hashing as Hashing,
        IntegerLookup as IntegerLookup,
        StringLookup as StringLookup,
        TextVectorization as TextVectorization,
    )
    from shapecheck.layers.wrappers import Bidirectional as Bidirectional, TimeDistributed as TimeDistributed
    # isort: on
    # fmt: on

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

MERGES = {name.lower(): name for name in FAMILIES["merging"]}
"""Functions that make a merging layer and call it at once: add([a, b])."""

HOME = {name: family for family, names in FAMILIES.items() for name in names}
_WORDS = {
    "MaxPool": "MaxPooling", "AvgPool": "AveragePooling", "GlobalMaxPool": "GlobalMaxPooling",
    "GlobalAvgPool": "GlobalAveragePooling", "Convolution": "Conv", "SeparableConvolution": "SeparableConv",
}  # fmt: skip
_ENDS = ("1D", "2D", "3D", "1DTranspose", "2DTranspose", "3DTranspose")
ALIASES = {other + end: word + end for other, word in _WORDS.items() for end in _ENDS if word + end in HOME}
"""Keras's other names of the same classes: MaxPool2D, Convolution2D."""
PLACES = HOME | {name: part for part, names in PARTS.items() for name in names}


@lru_cache(1000)
def find(name: str) -> type[Rule] | None:
    """The rule of that class name, or None."""
    name = ALIASES.get(name, name)
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
