"""The names of all layers: the classes of each family, their files, and other names of them."""

from __future__ import annotations

FAMILIES: dict[str, tuple[str, ...]] = {
    "core": ("InputLayer", "Identity", "Masking", "Lambda"),
    "dense": ("Dense", "EinsumDense"),
    "convolution": (
        *("Conv1D", "Conv2D", "Conv3D", "DepthwiseConv1D", "DepthwiseConv2D", "SeparableConv1D", "SeparableConv2D"),
        *("Conv1DTranspose", "Conv2DTranspose", "Conv3DTranspose"),
    ),
    "pooling": (
        *("MaxPooling1D", "MaxPooling2D", "MaxPooling3D", "AveragePooling1D", "AveragePooling2D", "AveragePooling3D"),
        *("GlobalMaxPooling1D", "GlobalMaxPooling2D", "GlobalMaxPooling3D"),
        *("GlobalAveragePooling1D", "GlobalAveragePooling2D", "GlobalAveragePooling3D"),
        *("AdaptiveMaxPooling1D", "AdaptiveMaxPooling2D", "AdaptiveMaxPooling3D"),
        *("AdaptiveAveragePooling1D", "AdaptiveAveragePooling2D", "AdaptiveAveragePooling3D"),
    ),
    "reshaping": (
        *("Flatten", "Reshape", "Permute", "RepeatVector", "ZeroPadding1D", "ZeroPadding2D", "ZeroPadding3D"),
        *("Cropping1D", "Cropping2D", "Cropping3D", "UpSampling1D", "UpSampling2D", "UpSampling3D"),
    ),
    "activation": ("Activation", "ReLU", "LeakyReLU", "PReLU", "ELU", "ThresholdedReLU", "Softmax"),
    "normalization": ("BatchNormalization", "LayerNormalization", "GroupNormalization", "UnitNormalization", "RMSNormalization"),
    "merging": ("Add", "Subtract", "Multiply", "Average", "Maximum", "Minimum", "Concatenate", "Dot"),
    "regularization": (
        *("Dropout", "SpatialDropout1D", "SpatialDropout2D", "SpatialDropout3D", "GaussianNoise", "GaussianDropout"),
        *("AlphaDropout", "ActivityRegularization"),
    ),
    "embedding": ("Embedding", "ReversibleEmbedding"),
    "recurrent": (
        *("SimpleRNN", "LSTM", "GRU", "RNN", "SimpleRNNCell", "LSTMCell", "GRUCell", "StackedRNNCells"),
        *("ConvLSTM1D", "ConvLSTM2D", "ConvLSTM3D"),
    ),
    "preprocessing": (
        *("Rescaling", "Normalization", "Resizing", "CenterCrop", "RandomCrop", "RandomFlip", "RandomRotation"),
        *("RandomZoom", "RandomTranslation", "RandomContrast", "RandomBrightness", "RandomWidth", "RandomHeight"),
        *("TextVectorization", "StringLookup", "IntegerLookup", "CategoryEncoding", "Discretization", "Hashing"),
        *("HashedCrossing", "STFTSpectrogram", "MelSpectrogram"),
        *("AutoContrast", "Equalization", "ContrastLimitedAdaptiveHistogramEqualization", "Solarization"),
        *("RandomGrayscale", "RandomHue", "RandomSaturation", "RandomInvert", "RandomPosterization"),
        *("RandomColorDegeneration", "RandomColorJitter"),
        *("RandomSharpness", "RandomGaussianBlur", "RandomErasing", "RandomShear", "RandomPerspective"),
        *("RandomElasticTransform", "MixUp", "CutMix", "RandAugment", "AugMix", "MaxNumBoundingBoxes"),
    ),
    "wrappers": ("TimeDistributed", "Bidirectional", "Pipeline", "SpectralNormalization"),
    "attention": ("Attention", "AdditiveAttention", "MultiHeadAttention", "GroupedQueryAttention"),
}
"""Which classes each module shapecheck.layers.FAMILY holds."""

PARTS: dict[str, tuple[str, ...]] = {
    "adaptive_pooling": (
        *("AdaptiveMaxPooling1D", "AdaptiveMaxPooling2D", "AdaptiveMaxPooling3D"),
        *("AdaptiveAveragePooling1D", "AdaptiveAveragePooling2D", "AdaptiveAveragePooling3D"),
    ),
    "grouped_attention": ("GroupedQueryAttention",),
    "einsum": ("EinsumDense",),
    "crossing": ("HashedCrossing",),
    "spectrograms": ("STFTSpectrogram", "MelSpectrogram"),
    "depthwise": ("DepthwiseConv1D", "DepthwiseConv2D", "SeparableConv1D", "SeparableConv2D"),
    "transposed": ("Conv1DTranspose", "Conv2DTranspose", "Conv3DTranspose"),
    "padding": (
        *("Cropping1D", "Cropping2D", "Cropping3D", "UpSampling1D", "UpSampling2D", "UpSampling3D"),
        *("ZeroPadding1D", "ZeroPadding2D", "ZeroPadding3D"),
    ),
    "convolution_recurrent": ("ConvLSTM1D", "ConvLSTM2D", "ConvLSTM3D"),
    "images": (
        *("CenterCrop", "RandomBrightness", "RandomContrast", "RandomCrop", "RandomFlip", "RandomHeight"),
        *("RandomRotation", "RandomTranslation", "RandomWidth", "RandomZoom", "Resizing"),
    ),
    "image_colours": (
        *("AutoContrast", "Equalization", "ContrastLimitedAdaptiveHistogramEqualization", "Solarization"),
        *("RandomGrayscale", "RandomHue", "RandomSaturation", "RandomInvert", "RandomPosterization"),
        *("RandomColorDegeneration", "RandomColorJitter"),
    ),
    "augmenting": ("RandAugment", "AugMix", "MaxNumBoundingBoxes"),
    "image_places": (
        *("RandomSharpness", "RandomGaussianBlur", "RandomErasing", "RandomShear", "RandomPerspective"),
        *("RandomElasticTransform", "MixUp", "CutMix"),
    ),
    "text_preprocessing": (
        *("CategoryEncoding", "Discretization", "Hashing", "IntegerLookup", "StringLookup"),
        "TextVectorization",
    ),
}
"""Classes of a family in a separate file, so that a stack loads only what it uses."""

MERGES = {name.lower(): name for name in FAMILIES["merging"]}
"""Functions that create a merging layer and call it: add([a, b])."""

HOME = {name: family for family, names in FAMILIES.items() for name in names}
_WORDS = {
    "MaxPool": "MaxPooling", "AvgPool": "AveragePooling", "GlobalMaxPool": "GlobalMaxPooling",
    "GlobalAvgPool": "GlobalAveragePooling", "Convolution": "Conv", "SeparableConvolution": "SeparableConv",
}  # fmt: skip
_ENDS = ("1D", "2D", "3D", "1DTranspose", "2DTranspose", "3DTranspose")
ALIASES = {other + end: word + end for other, word in _WORDS.items() for end in _ENDS if word + end in HOME}
PUBLIC = {"GroupedQueryAttention": "GroupQueryAttention"}
"""Classes that keras.layers has under another name than their own only."""
ALIASES |= {public: name for name, public in PUBLIC.items()}
"""Keras's other names of the same classes: MaxPool2D, Convolution2D."""
PLACES = HOME | {name: part for part, names in PARTS.items() for name in names}


def known(name: str) -> bool:
    """True for the class name of a layer of Keras, or another name of one."""
    return ALIASES.get(name, name) in HOME
