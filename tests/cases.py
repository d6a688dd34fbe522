"""One line a layer case: which layer, with which arguments, on which input shapes. Data only.

The recording scripts build these lines in Keras, the tests build them in ours, and both sides meet in the recorded
files of tests/oracle. Shapes leave the batch out; None is a size that is known only at run time. Sizes differ from
each other and do not divide evenly. A layer as an argument is written as data: {"layer": ("Dense", {"units": 3})}.
"""

from dataclasses import dataclass
from typing import Any

Sizes = tuple[int | None, ...]

SEQUENCES = frozenset(
    """SimpleRNN LSTM GRU RNN TimeDistributed Bidirectional Masking Pipeline
    ConvLSTM1D ConvLSTM2D ConvLSTM3D SimpleRNNCell LSTMCell GRUCell StackedRNNCells""".split()  # noqa: SIM905
)
"""Classes that tinyseq computes and that tests/layers/test_recurrent.py holds against Keras."""

PREPROCESSED = frozenset(
    """CategoryEncoding Discretization Hashing HashedCrossing IntegerLookup StringLookup TextVectorization CenterCrop Resizing
    RandomBrightness RandomContrast RandomCrop RandomFlip RandomRotation RandomTranslation RandomZoom""".split()  # noqa: SIM905
)
"""Classes that tinyseq computes and that tests/layers/test_preprocessing_against_keras.py holds against Keras."""

IMAGE_CHANGES = frozenset(
    """AutoContrast Equalization ContrastLimitedAdaptiveHistogramEqualization Solarization RandomGrayscale RandomHue RandomSaturation
    RandomInvert RandomPosterization RandomColorDegeneration RandomColorJitter RandomSharpness RandomGaussianBlur RandomErasing RandomShear
    RandomPerspective RandomElasticTransform MixUp CutMix RandAugment AugMix MaxNumBoundingBoxes""".split()  # noqa: SIM905
)
"""Classes that tinyseq computes and that tests/layers/test_image_changes_against_keras.py holds against Keras."""

# The classes that tinyseq computes; the others have a rule only.
COMPUTED = SEQUENCES | PREPROCESSED | IMAGE_CHANGES | frozenset(
    """Dense Activation ReLU LeakyReLU PReLU ELU Softmax Conv1D Conv2D Conv1DTranspose Conv2DTranspose Conv3D
    Conv3DTranspose DepthwiseConv1D DepthwiseConv2D
    SeparableConv1D SeparableConv2D MaxPooling1D MaxPooling2D AveragePooling1D AveragePooling2D GlobalMaxPooling1D GlobalMaxPooling2D
    GlobalAveragePooling1D GlobalAveragePooling2D MaxPooling3D AveragePooling3D GlobalMaxPooling3D
    GlobalAveragePooling3D Flatten Reshape Permute RepeatVector ZeroPadding1D
    ZeroPadding2D ZeroPadding3D Cropping1D Cropping2D Cropping3D UpSampling1D UpSampling2D UpSampling3D Dropout SpatialDropout1D
    SpatialDropout2D SpatialDropout3D GaussianNoise GaussianDropout AlphaDropout BatchNormalization
    LayerNormalization Rescaling Normalization Embedding ReversibleEmbedding
    Add Subtract Multiply Average Maximum Minimum Concatenate
    AdaptiveMaxPooling1D AdaptiveMaxPooling2D AdaptiveMaxPooling3D AdaptiveAveragePooling1D AdaptiveAveragePooling2D
    AdaptiveAveragePooling3D EinsumDense STFTSpectrogram MelSpectrogram SpectralNormalization
    Attention AdditiveAttention Identity Dot ActivityRegularization GroupNormalization UnitNormalization RMSNormalization""".split()  # noqa: SIM905
)


@dataclass(frozen=True)
class Case:
    """A line of the table. `training` adds a call with training=True, `adapt` is how many rows to adapt on."""

    layer: str
    arguments: dict[str, Any]
    inputs: list[Sizes]
    compute: bool = True
    training: bool = False
    adapt: int = 0
    dtype: str = "float32"
    batch: int | None = None

    @property
    def key(self) -> str:
        """Conv2D(filters=4, kernel_size=3) on (5, 7, 3): the name of the case in tests and recorded files."""
        arguments = ", ".join(f"{name}={_text(value)}" for name, value in self.arguments.items())
        batch = f" in batches of {self.batch}" if self.batch else ""
        return f"{self.layer}({arguments}) on {', '.join(map(str, self.inputs))}{batch}"

    @property
    def known(self) -> bool:
        """Whether all sizes are numbers."""
        return all(size is not None for shape in self.inputs for size in shape)

    @property
    def by_torch(self) -> bool:
        """Whether Keras computes this line on PyTorch: TensorFlow has no convolutions of channels first on a CPU."""
        return self.arguments.get("data_format") == "channels_first"

    @property
    def computed(self) -> bool:
        """Whether tinyseq computes this line and forward and gradients are held against compute.npz (others: record_recurrent.py,
        record_preprocessing.py)."""
        return self.compute and self.known and self.layer in COMPUTED - SEQUENCES - PREPROCESSED - IMAGE_CHANGES


def _text(value: Any) -> str:
    """As repr, but functions by name and layers written as data without quotes: Dense(units=3)."""
    if isinstance(value, tuple) and len(value) == 2 and isinstance(value[1], dict):
        return f"{value[0]}({', '.join(f'{k}={_text(v)}' for k, v in value[1].items())})"
    if isinstance(value, list):
        return f"[{', '.join(map(_text, value))}]"
    return value.__name__ if callable(value) else repr(value)


DENSE = [
    Case("Dense", {"units": 5}, [(7,)]),
    Case("Dense", {"units": 1}, [(3,)]),
    Case("Dense", {"units": 4, "use_bias": False}, [(7,)]),
    Case("Dense", {"units": 4, "activation": "relu"}, [(9,)]),
    Case("Dense", {"units": 6, "activation": "softmax"}, [(5,)]),
    Case("Dense", {"units": 6, "activation": "sigmoid", "use_bias": False}, [(5,)]),
    Case("Dense", {"units": 3, "activation": "tanh"}, [(4, 5)]),
    Case("Dense", {"units": 3}, [(2, 3, 5, 7)]),
    Case("Dense", {"units": 37, "activation": "relu"}, [(67,)]),
    Case("Dense", {"units": 3}, [(None, 5)]),
    Case("Dense", {"units": 3}, [(None, None, 6)]),
    Case("Dense", {"units": 3, "kernel_regularizer": "l2"}, [(4,)], compute=False),
    Case("Dense", {"units": 3, "kernel_initializer": "he_normal", "bias_initializer": "ones"}, [(4,)]),
]
EINSUM = [
    Case("EinsumDense", {"equation": equation, "output_shape": output, **more}, [shape])
    for equation, output, shape, more in (
        ("ab,bc->ac", 6, (5,), {"bias_axes": "c"}),
        ("ab,bc->ac", (6,), (5,), {"activation": "relu"}),
        ("abc,cd->abd", (None, 6), (7, 5), {"bias_axes": "d", "activation": "gelu"}),
        ("abc,cd->abd", (None, 6), (None, 5), {"bias_axes": "d"}),
        ("...x,xy->...y", 6, (7, 5), {"bias_axes": "y", "activation": "softmax"}),
        ("...x,xy->...y", 6, (5,), {}),
        ("...x,xy->...y", (6,), (2, 3, 5), {"bias_axes": "y", "activation": "silu"}),
        ("abc,cde->abde", (None, 2, 3), (4, 5), {"bias_axes": "de"}),
        ("abde,dec->abc", (None, 7), (4, 2, 3), {"bias_axes": "c"}),
        ("abc,bcd->abd", (4, 6), (4, 5), {"bias_axes": "bd"}),
        ("abc,cb->acb", (5, 4), (4, 5), {}),
        ("abc,bd->adc", (6, None), (4, 5), {"bias_axes": "d"}),
        ("abc,bd->acd", (5, 6), (4, 5), {"bias_axes": "cd"}),
        ("ab...,bc->ac...", (6,), (4, 3, 5), {"bias_axes": "c"}),
        ("abc,cd->ad", 6, (4, 5), {"bias_axes": "d", "activation": "tanh"}),
    )
]

ACTIVATION = [
    *(
        Case("Activation", {"activation": name}, [(5, 7)])
        for name in """relu leaky_relu relu6 softmax celu elu selu softplus softsign squareplus
        soft_shrink sparse_plus silu swish gelu tanh tanh_shrink sigmoid sparse_sigmoid exponential
        hard_sigmoid hard_silu hard_swish hard_tanh hard_shrink linear mish log_softmax
        log_sigmoid""".split()  # noqa: SIM905
    ),
    Case("Activation", {"activation": "glu"}, [(5, 6)]),
    Case("Activation", {"activation": "glu"}, [(10,)]),
    Case("Activation", {"activation": "softmax"}, [(3, 5, 7)]),
    Case("Activation", {"activation": "relu"}, [(None, None, 3)]),
    Case("ReLU", {}, [(5, 7)]),
    Case("ReLU", {"max_value": 1.5}, [(5, 7, 3)]),
    Case("ReLU", {"negative_slope": 0.25}, [(5, 7)]),
    Case("ReLU", {"max_value": 2.0, "negative_slope": 0.1, "threshold": 0.5}, [(5, 7)]),
    Case("LeakyReLU", {}, [(5, 7)]),
    Case("LeakyReLU", {"negative_slope": 0.05}, [(None, 7)]),
    Case("LeakyReLU", {"negative_slope": 0.05}, [(11,)]),
    Case("PReLU", {}, [(7,)]),
    Case("PReLU", {}, [(4, 5, 3)]),
    Case("PReLU", {"shared_axes": [1, 2]}, [(4, 5, 3)]),
    Case("PReLU", {"shared_axes": [1]}, [(4, 3)]),
    Case("PReLU", {"shared_axes": [1, 2]}, [(None, None, 3)]),
    Case("ELU", {}, [(5, 7)]),
    Case("ELU", {"alpha": 0.4}, [(5, 7)]),
    Case("Softmax", {}, [(5, 7)]),
    Case("Softmax", {"axis": 1}, [(5, 7)]),
    Case("Softmax", {"axis": [1, 2]}, [(5, 7, 3)], compute=False),
]

CONVOLUTION = [
    Case("Conv1D", {"filters": 4, "kernel_size": 3}, [(7, 5)]),
    Case("Conv1D", {"filters": 4, "kernel_size": 4, "strides": 3}, [(11, 2)]),
    Case("Conv1D", {"filters": 4, "kernel_size": 3, "strides": 2, "padding": "same"}, [(8, 5)]),
    Case("Conv1D", {"filters": 4, "kernel_size": 2, "strides": 3, "padding": "SAME"}, [(10, 5)]),
    Case("Conv1D", {"filters": 4, "kernel_size": 3, "dilation_rate": 2, "padding": "causal"}, [(9, 5)]),
    Case("Conv1D", {"filters": 4, "kernel_size": 4, "strides": 2, "padding": "causal"}, [(9, 5)]),
    Case("Conv1D", {"filters": 4, "kernel_size": 3, "dilation_rate": 3}, [(11, 5)]),
    Case("Conv1D", {"filters": 6, "kernel_size": 3, "groups": 2, "activation": "relu"}, [(9, 4)]),
    Case("Conv1D", {"filters": 4, "kernel_size": 4, "dilation_rate": 2, "padding": "same"}, [(9, 5)]),
    Case("Conv1D", {"filters": 6, "kernel_size": 3, "groups": 3, "strides": 2, "padding": "same"}, [(10, 3)]),
    Case("Conv1D", {"filters": 6, "kernel_size": (3,), "strides": (2,), "use_bias": False}, [(9, 4)]),
    Case("Conv1D", {"filters": 4, "kernel_size": 3}, [(None, 5)]),
    Case("Conv1D", {"filters": 4, "kernel_size": 3, "padding": "causal"}, [(None, 5)]),
    Case("Conv1D", {"filters": 4, "kernel_size": 3, "data_format": "channels_first"}, [(5, 11)]),
    Case("Conv2D", {"filters": 4, "kernel_size": 3}, [(5, 7, 3)]),
    Case("Conv2D", {"filters": 5, "kernel_size": (2, 3), "strides": (2, 3)}, [(7, 11, 2)]),
    Case("Conv2D", {"filters": 4, "kernel_size": 3, "strides": 2, "padding": "same"}, [(6, 9, 3)]),
    Case("Conv2D", {"filters": 4, "kernel_size": 2, "strides": 3, "padding": "same"}, [(7, 8, 3)]),
    Case("Conv2D", {"filters": 4, "kernel_size": (3, 4), "strides": (1, 2), "padding": "same"}, [(5, 8, 3)]),
    Case("Conv2D", {"filters": 4, "kernel_size": 5, "strides": 2, "activation": "relu"}, [(11, 13, 3)]),
    Case("Conv2D", {"filters": 4, "kernel_size": 3, "dilation_rate": 2}, [(7, 9, 3)]),
    Case("Conv2D", {"filters": 4, "kernel_size": 3, "dilation_rate": (2, 3), "padding": "same"}, [(7, 9, 3)]),
    Case("Conv2D", {"filters": 6, "kernel_size": 3, "groups": 2}, [(5, 7, 4)]),
    Case("Conv2D", {"filters": 6, "kernel_size": 3, "groups": 3, "strides": 2, "padding": "same"}, [(5, 7, 3)]),
    Case("Conv2D", {"filters": 8, "kernel_size": (3, 2), "groups": 4, "dilation_rate": (2, 1), "padding": "same"}, [(6, 7, 8)]),
    Case("Conv2D", {"filters": 4, "kernel_size": 4, "strides": (3, 1), "padding": "same"}, [(8, 5, 2)]),
    Case("Conv2D", {"filters": 4, "kernel_size": 1}, [(5, 7, 3)]),
    Case("Conv2D", {"filters": 4, "kernel_size": 1, "strides": 2, "padding": "same", "use_bias": False}, [(5, 7, 3)]),
    Case("Conv2D", {"filters": 17, "kernel_size": 3, "padding": "same", "activation": "tanh"}, [(9, 7, 19)]),
    Case("Conv2D", {"filters": 33, "kernel_size": 3, "activation": "relu"}, [(14, 13, 16)]),
    Case("Conv2D", {"filters": 2, "kernel_size": (5, 7)}, [(5, 7, 3)]),
    Case("Conv2D", {"filters": 4, "kernel_size": [3, 2], "strides": [2, 1]}, [(5, 7, 3)]),
    Case("Conv2D", {"filters": 4, "kernel_size": 7, "padding": "same"}, [(4, 3, 2)]),
    Case("Conv2D", {"filters": 4, "kernel_size": 3}, [(None, None, 3)]),
    Case("Conv2D", {"filters": 4, "kernel_size": 3, "strides": 2, "padding": "same"}, [(None, 9, 3)]),
    Case("Conv2D", {"filters": 4, "kernel_size": 3, "data_format": "channels_first"}, [(3, 5, 7)]),
    *(
        Case("Conv2D", {"filters": 6, "kernel_size": (3, 2), "padding": "same", "data_format": "channels_first", **more}, [(4, 6, 7)])
        for more in ({"strides": 2, "activation": "relu"}, {"dilation_rate": (1, 2), "groups": 2}, {"activation": "gelu"})
    ),
    Case("Conv1D", {"filters": 4, "kernel_size": 3, "padding": "causal", "data_format": "channels_first"}, [(5, 11)]),
    Case("Conv3D", {"filters": 4, "kernel_size": 2, "strides": (1, 2, 1), "data_format": "channels_first"}, [(3, 5, 7, 6)]),
    Case("DepthwiseConv1D", {"kernel_size": 3, "depth_multiplier": 2, "data_format": "channels_first"}, [(4, 9)]),
    Case("DepthwiseConv2D", {"kernel_size": 3, "depth_multiplier": 2, "strides": 2, "data_format": "channels_first"}, [(3, 5, 7)]),
    Case("SeparableConv1D", {"filters": 5, "kernel_size": 3, "padding": "same", "data_format": "channels_first"}, [(4, 9)]),
    Case("SeparableConv2D", {"filters": 5, "kernel_size": 3, "activation": "relu", "data_format": "channels_first"}, [(4, 6, 7)]),
    Case("Conv1DTranspose", {"filters": 4, "kernel_size": 3, "strides": 2, "padding": "same", "data_format": "channels_first"}, [(3, 7)]),
    Case("Conv2DTranspose", {"filters": 4, "kernel_size": (4, 2), "strides": 2, "data_format": "channels_first"}, [(3, 5, 7)]),
    Case("Conv3DTranspose", {"filters": 4, "kernel_size": 2, "strides": 2, "data_format": "channels_first"}, [(2, 3, 5, 4)]),
    Case("Conv3D", {"filters": 4, "kernel_size": 3}, [(5, 7, 6, 3)]),
    Case("Conv3D", {"filters": 4, "kernel_size": (1, 2, 3), "strides": (1, 2, 2), "padding": "same"}, [(5, 7, 9, 3)]),
    Case("Conv3D", {"filters": 4, "kernel_size": 2, "dilation_rate": 2, "groups": 2}, [(5, 7, 6, 4)]),
    Case("Conv3D", {"filters": 4, "kernel_size": 3, "data_format": "channels_first"}, [(3, 5, 7, 6)]),
    Case("Conv3D", {"filters": 17, "kernel_size": 3, "padding": "same", "activation": "relu"}, [(4, 7, 6, 18)]),
    Case("Conv3D", {"filters": 5, "kernel_size": (3, 1, 2), "padding": "same", "activation": "silu", "use_bias": False}, [(5, 4, 6, 3)]),
    Case("Conv3D", {"filters": 4, "kernel_size": (2, 3, 4), "strides": (2, 3, 1)}, [(6, 7, 5, 3)]),
    Case("Conv3D", {"filters": 6, "kernel_size": 3, "dilation_rate": (2, 1, 3), "padding": "same"}, [(6, 5, 7, 2)]),
    Case("Conv3D", {"filters": 4, "kernel_size": 3}, [(None, 7, None, 3)]),
    Case("DepthwiseConv1D", {"kernel_size": 3}, [(9, 4)]),
    Case("DepthwiseConv1D", {"kernel_size": 3, "depth_multiplier": 2, "padding": "same", "strides": 2}, [(9, 4)]),
    Case("DepthwiseConv1D", {"kernel_size": 3, "use_bias": False, "dilation_rate": 2}, [(None, 4)]),
    Case("DepthwiseConv1D", {"kernel_size": 4, "dilation_rate": 2, "padding": "same", "activation": "tanh"}, [(9, 3)]),
    Case("DepthwiseConv2D", {"kernel_size": 3}, [(5, 7, 3)]),
    Case("DepthwiseConv2D", {"kernel_size": (3, 2), "depth_multiplier": 2, "activation": "relu"}, [(5, 7, 3)]),
    Case("DepthwiseConv2D", {"kernel_size": 3, "strides": 2, "padding": "same"}, [(6, 9, 3)]),
    Case("DepthwiseConv2D", {"kernel_size": 3, "dilation_rate": 2, "use_bias": False}, [(7, 9, 3)]),
    Case("DepthwiseConv2D", {"kernel_size": 3, "strides": (1, 2)}, [(5, 7, 3)]),
    Case("DepthwiseConv2D", {"kernel_size": (2, 4), "dilation_rate": (2, 1), "padding": "same"}, [(6, 7, 3)]),
    Case("DepthwiseConv2D", {"kernel_size": 2, "strides": 3, "depth_multiplier": 2}, [(8, 9, 2)]),
    Case("DepthwiseConv2D", {"kernel_size": 3, "depth_multiplier": 3, "padding": "same"}, [(5, 7, 11)]),
    Case("DepthwiseConv2D", {"kernel_size": 3}, [(None, None, 3)]),
    Case("DepthwiseConv2D", {"kernel_size": 3, "data_format": "channels_first"}, [(3, 5, 7)]),
    Case("SeparableConv1D", {"filters": 5, "kernel_size": 3}, [(9, 4)]),
    Case("SeparableConv1D", {"filters": 5, "kernel_size": 3, "depth_multiplier": 2, "padding": "same"}, [(None, 4)]),
    Case("SeparableConv1D", {"filters": 5, "kernel_size": 3, "strides": 2, "use_bias": False}, [(9, 4)]),
    Case("SeparableConv1D", {"filters": 5, "kernel_size": 2, "strides": 2, "padding": "same", "depth_multiplier": 2}, [(9, 3)]),
    Case("SeparableConv1D", {"filters": 3, "kernel_size": 3, "dilation_rate": 2, "padding": "same"}, [(8, 4)]),
    Case("SeparableConv2D", {"filters": 5, "kernel_size": 3}, [(5, 7, 3)]),
    Case("SeparableConv2D", {"filters": 5, "kernel_size": (2, 3), "depth_multiplier": 2}, [(5, 7, 3)]),
    Case("SeparableConv2D", {"filters": 5, "kernel_size": 3, "strides": 2, "padding": "same"}, [(6, 9, 3)]),
    Case("SeparableConv2D", {"filters": 5, "kernel_size": 3, "dilation_rate": 2, "activation": "relu"}, [(7, 9, 3)]),
    Case("SeparableConv2D", {"filters": 4, "kernel_size": 3, "use_bias": False}, [(5, 7, 3)]),
    Case("SeparableConv2D", {"filters": 4, "kernel_size": 3, "dilation_rate": (1, 2), "padding": "same"}, [(5, 8, 3)]),
    Case("SeparableConv2D", {"filters": 4, "kernel_size": 3}, [(None, None, 3)]),
    Case("Conv1DTranspose", {"filters": 4, "kernel_size": 3}, [(7, 5)]),
    Case("Conv1DTranspose", {"filters": 4, "kernel_size": 3, "strides": 2}, [(7, 5)]),
    Case("Conv1DTranspose", {"filters": 4, "kernel_size": 2, "strides": 3}, [(7, 5)]),
    Case("Conv1DTranspose", {"filters": 4, "kernel_size": 3, "strides": 2, "padding": "same"}, [(None, 5)]),
    Case("Conv1DTranspose", {"filters": 4, "kernel_size": 5, "strides": 3, "padding": "same"}, [(7, 5)]),
    Case("Conv1DTranspose", {"filters": 4, "kernel_size": 3, "strides": 2, "output_padding": 1}, [(7, 5)]),
    Case("Conv1DTranspose", {"filters": 4, "kernel_size": 3, "dilation_rate": 2}, [(7, 5)]),
    Case("Conv1DTranspose", {"filters": 6, "kernel_size": 4, "padding": "same", "activation": "gelu"}, [(7, 5)]),
    Case("Conv1DTranspose", {"filters": 4, "kernel_size": 3, "dilation_rate": 3, "padding": "same", "use_bias": False}, [(9, 5)]),
    Case("Conv2DTranspose", {"filters": 4, "kernel_size": 3}, [(5, 7, 3)]),
    Case("Conv2DTranspose", {"filters": 4, "kernel_size": 3, "strides": 2}, [(5, 7, 3)]),
    Case("Conv2DTranspose", {"filters": 4, "kernel_size": 2, "strides": 3}, [(5, 7, 3)]),
    Case("Conv2DTranspose", {"filters": 4, "kernel_size": (4, 5), "strides": (2, 3), "padding": "same"}, [(5, 7, 3)]),
    Case("Conv2DTranspose", {"filters": 4, "kernel_size": 3, "strides": 2, "output_padding": 1}, [(5, 7, 3)]),
    Case(
        "Conv2DTranspose",
        {"filters": 4, "kernel_size": 3, "strides": 2, "padding": "same", "output_padding": 1},
        [(5, 7, 3)],
    ),
    Case("Conv2DTranspose", {"filters": 4, "kernel_size": 3, "use_bias": False}, [(None, None, 3)]),
    Case("Conv2DTranspose", {"filters": 4, "kernel_size": 3, "dilation_rate": 2}, [(5, 7, 3)]),
    Case("Conv2DTranspose", {"filters": 5, "kernel_size": 4, "strides": 2, "padding": "same", "activation": "relu"}, [(5, 7, 11)]),
    Case("Conv2DTranspose", {"filters": 17, "kernel_size": 2, "strides": 2, "activation": "tanh"}, [(5, 7, 19)]),
    Case("Conv2DTranspose", {"filters": 19, "kernel_size": 3, "padding": "same", "activation": "relu"}, [(12, 9, 17)]),
    Case("Conv2DTranspose", {"filters": 4, "kernel_size": (2, 3), "dilation_rate": (3, 2), "padding": "same"}, [(6, 7, 3)]),
    Case("Conv2DTranspose", {"filters": 4, "kernel_size": (2, 1), "strides": (1, 3), "use_bias": False}, [(6, 5, 3)]),
    Case("Conv2DTranspose", {"filters": 4, "kernel_size": 5, "strides": (2, 3), "output_padding": (0, 2)}, [(4, 5, 3)]),
    Case(
        "Conv2DTranspose",
        {"filters": 4, "kernel_size": (4, 3), "strides": (3, 2), "padding": "same", "output_padding": (2, 0)},
        [(4, 5, 3)],
    ),
    Case("Conv2DTranspose", {"filters": 4, "kernel_size": 3, "data_format": "channels_first"}, [(3, 5, 7)]),
    Case("Conv3DTranspose", {"filters": 4, "kernel_size": 3, "strides": 2}, [(3, 5, 4, 2)]),
    Case("Conv3DTranspose", {"filters": 4, "kernel_size": 2, "strides": (1, 2, 3), "padding": "same"}, [(3, 5, 4, 2)]),
    Case("Conv3DTranspose", {"filters": 17, "kernel_size": (3, 2, 4), "strides": 2, "padding": "same"}, [(3, 4, 5, 18)]),
    Case("Conv3DTranspose", {"filters": 3, "kernel_size": 3, "strides": (2, 1, 3), "output_padding": (1, 0, 2)}, [(3, 4, 2, 5)]),
    Case("Conv3DTranspose", {"filters": 3, "kernel_size": 2, "use_bias": False, "activation": "tanh"}, [(3, 4, 2, 5)]),
]

POOLING = [
    Case("MaxPooling1D", {}, [(7, 3)]),
    Case("MaxPooling1D", {"pool_size": 3, "strides": 2}, [(8, 3)]),
    Case("MaxPooling1D", {"pool_size": 3, "strides": 2, "padding": "same"}, [(8, 3)]),
    Case("MaxPooling1D", {"pool_size": 2, "strides": 3}, [(None, 3)]),
    Case("MaxPooling1D", {"pool_size": 2, "data_format": "channels_first"}, [(3, 7)]),
    Case("AveragePooling1D", {"pool_size": 2}, [(7, 3)]),
    Case("AveragePooling1D", {"pool_size": 3, "strides": 2, "padding": "same"}, [(8, 3)]),
    Case("AveragePooling1D", {"pool_size": 4, "strides": 1}, [(None, 3)]),
    Case("AveragePooling1D", {"pool_size": 4, "strides": 1, "padding": "same"}, [(9, 3)]),
    Case("MaxPooling2D", {}, [(5, 7, 3)]),
    Case("MaxPooling2D", {"pool_size": (2, 3), "strides": (1, 2)}, [(5, 8, 3)]),
    Case("MaxPooling2D", {"pool_size": 3, "strides": 2, "padding": "same"}, [(6, 9, 3)]),
    Case("MaxPooling2D", {"pool_size": 2, "strides": 3}, [(7, 9, 3)]),
    Case("MaxPooling2D", {"pool_size": 3, "padding": "same"}, [(None, 8, 3)]),
    Case("MaxPooling2D", {"pool_size": [3, 2], "padding": "same"}, [(7, 8, 19)]),
    Case("MaxPooling2D", {"pool_size": 2, "data_format": "channels_first"}, [(3, 5, 7)]),
    Case("MaxPooling2D", {"pool_size": 3, "strides": 2, "padding": "same", "data_format": "channels_first"}, [(3, 5, 7)]),
    Case("AveragePooling1D", {"pool_size": 2, "data_format": "channels_first"}, [(3, 7)]),
    Case("AveragePooling2D", {"pool_size": (2, 3), "strides": (2, 1), "data_format": "channels_first"}, [(3, 5, 7)]),
    Case("AveragePooling3D", {"pool_size": 2, "data_format": "channels_first"}, [(3, 5, 7, 6)]),
    Case("GlobalMaxPooling1D", {"data_format": "channels_first", "keepdims": True}, [(3, 7)]),
    Case("GlobalAveragePooling1D", {"data_format": "channels_first"}, [(3, 7)]),
    Case("GlobalMaxPooling3D", {"data_format": "channels_first"}, [(3, 5, 7, 6)]),
    Case("GlobalAveragePooling3D", {"data_format": "channels_first", "keepdims": True}, [(3, 5, 7, 6)]),
    Case("AveragePooling2D", {"pool_size": 2}, [(5, 7, 3)]),
    Case("AveragePooling2D", {"pool_size": (3, 2), "strides": (2, 1), "padding": "same"}, [(6, 9, 3)]),
    Case("AveragePooling2D", {"pool_size": 3, "strides": 2}, [(8, 9, 3)]),
    Case("AveragePooling2D", {"pool_size": 5, "strides": 1, "padding": "same"}, [(3, 4, 2)]),
    Case("AveragePooling2D", {"pool_size": 2}, [(None, None, 3)]),
    Case("MaxPooling3D", {}, [(5, 7, 6, 3)]),
    Case("MaxPooling3D", {"pool_size": (1, 2, 3), "strides": 2, "padding": "same"}, [(5, 7, 9, 3)]),
    Case("MaxPooling3D", {"pool_size": 2, "data_format": "channels_first"}, [(3, 5, 7, 6)]),
    Case("MaxPooling3D", {"pool_size": 3, "strides": (1, 2, 2), "padding": "same"}, [(4, 5, 7, 19)]),
    Case("MaxPooling3D", {"pool_size": (3, 2, 2), "strides": (2, 1, 3)}, [(6, 5, 7, 3)]),
    Case("AveragePooling3D", {"pool_size": (3, 2, 3), "strides": (2, 1, 2), "padding": "same"}, [(5, 4, 7, 19)]),
    Case("AveragePooling3D", {"pool_size": 3, "strides": 2}, [(6, 5, 7, 2)]),
    Case("AveragePooling3D", {"pool_size": (1, 2, 2)}, [(5, 7, 9, 3)]),
    Case("AveragePooling3D", {"pool_size": 3, "padding": "same"}, [(None, 7, 9, 3)]),
    *(Case(f"Global{kind}Pooling1D", {}, [(7, 3)]) for kind in ("Max", "Average")),
    *(Case(f"Global{kind}Pooling1D", {"keepdims": True}, [(7, 3)]) for kind in ("Max", "Average")),
    *(Case(f"Global{kind}Pooling1D", {}, [(None, 3)]) for kind in ("Max", "Average")),
    *(Case(f"Global{kind}Pooling2D", {}, [(5, 7, 3)]) for kind in ("Max", "Average")),
    *(Case(f"Global{kind}Pooling2D", {"keepdims": True}, [(5, 7, 3)]) for kind in ("Max", "Average")),
    *(Case(f"Global{kind}Pooling2D", {}, [(None, None, 3)]) for kind in ("Max", "Average")),
    Case("GlobalMaxPooling2D", {"data_format": "channels_first"}, [(3, 5, 7)]),
    Case("GlobalAveragePooling2D", {"data_format": "channels_first", "keepdims": True}, [(3, 5, 7)]),
    *(Case(f"Global{kind}Pooling3D", {}, [(5, 7, 6, 3)]) for kind in ("Max", "Average")),
    Case("GlobalMaxPooling3D", {"keepdims": True}, [(5, None, 6, 3)]),
    Case("GlobalAveragePooling3D", {"keepdims": True}, [(2, 5, 6, 19)]),
    *(
        Case(f"Adaptive{kind}Pooling{len(shape) - 1}D", {"output_size": size}, [shape])
        for kind in ("Max", "Average")
        for size, shape in (
            (3, (7, 5)), ((4,), (4, 3)), (5, (3, 2)), ((2, 4), (5, 7, 3)), (3, (6, 9, 4)), (2, (5, 7, 6, 3)),
            ((2, 3, 4), (3, 5, 6, 2)),
        )
    ),
    *(Case(f"Adaptive{kind}Pooling2D", {"output_size": (2, 3)}, [(None, None, 3)]) for kind in ("Max", "Average")),
    *(Case(f"Adaptive{kind}Pooling1D", {"output_size": 3, "data_format": "channels_first"}, [(2, 7)]) for kind in ("Max", "Average")),
    *(
        Case(f"Adaptive{kind}Pooling2D", {"output_size": size, "data_format": "channels_first"}, [(4, 5, 7)])
        for kind in ("Max", "Average")
        for size in ((2, 3), (1, 9))  # one part as large as the axis: there TensorFlow crashes
    ),
    *(
        Case(f"Adaptive{kind}Pooling3D", {"output_size": 2, "data_format": "channels_first"}, [(2, 3, 5, 4)])
        for kind in ("Max", "Average")
    ),
]

NORMALIZATION = [
    Case("BatchNormalization", {}, [(7,)], training=True),
    Case("BatchNormalization", {}, [(5, 3)], training=True),
    Case("BatchNormalization", {}, [(5, 7, 3)], training=True),
    Case("BatchNormalization", {"momentum": 0.6, "epsilon": 0.1}, [(5, 7, 3)], training=True),
    Case("BatchNormalization", {"center": False}, [(5, 4)], training=True),
    Case("BatchNormalization", {"scale": False}, [(5, 7, 3)], training=True),
    Case("BatchNormalization", {"center": False, "scale": False}, [(6,)], training=True),
    Case("BatchNormalization", {"axis": 1}, [(5, 7, 3)], training=True),
    Case("BatchNormalization", {"axis": 1}, [(4, 3)], training=True),
    Case("BatchNormalization", {}, [(None, None, 3)]),
    Case("LayerNormalization", {}, [(7,)]),
    Case("LayerNormalization", {}, [(5, 7, 3)]),
    Case("LayerNormalization", {"epsilon": 0.05}, [(4, 9)]),
    Case("LayerNormalization", {"axis": [1, 2]}, [(5, 7)]),
    Case("LayerNormalization", {"axis": [-1, 1]}, [(5, 7, 3)], compute=False),
    Case("LayerNormalization", {"axis": 1}, [(5, 7)]),
    Case("LayerNormalization", {"center": False}, [(5, 7)]),
    Case("LayerNormalization", {"scale": False}, [(5, 7)]),
    Case("LayerNormalization", {"scale": False, "rms_scaling": True}, [(5, 7)]),
    Case("LayerNormalization", {"rms_scaling": True, "axis": 1, "epsilon": 0.02}, [(5, 7)]),
    Case("BatchNormalization", {"renorm": True}, [(5, 3)], training=True),
    Case(
        "BatchNormalization",
        {"renorm": True, "renorm_clipping": {"rmin": 0.9, "rmax": 1.2, "dmax": 0.4}, "momentum": 0.8, "renorm_momentum": 0.7},
        [(5, 7, 3)],
        training=True,
    ),
    Case("BatchNormalization", {"renorm": True, "scale": False, "axis": 1, "epsilon": 0.05}, [(4, 3)], training=True),
    Case("LayerNormalization", {}, [(None, 6)]),
    Case("GroupNormalization", {"groups": 2}, [(5, 7, 4)]),
    Case("GroupNormalization", {"groups": -1}, [(5, 6)]),
    Case("GroupNormalization", {"groups": 3, "scale": False}, [(None, None, 6)]),
    Case("GroupNormalization", {"groups": 1, "center": False}, [(8,)]),
    Case("GroupNormalization", {"groups": 2, "axis": 1}, [(4, 5, 7)]),
    Case("GroupNormalization", {"groups": 3, "scale": False, "epsilon": 0.04}, [(5, 7, 6)]),
    Case("GroupNormalization", {"groups": 2, "axis": 2}, [(5, 6, 3)]),
    Case("UnitNormalization", {}, [(5, 7)]),
    Case("UnitNormalization", {"axis": [1, 2]}, [(5, 7, 3)]),
    Case("UnitNormalization", {"axis": 1}, [(5, 7)]),
    Case("RMSNormalization", {}, [(5, 7)]),
    Case("RMSNormalization", {"axis": [2, 3], "epsilon": 0.03}, [(5, 7, 3)]),
    Case("RMSNormalization", {"axis": [1, 2]}, [(5, 7)]),
    Case("RMSNormalization", {}, [(None, 6)]),
]

RESHAPING = [
    Case("Flatten", {}, [(5, 7, 3)]),
    Case("Flatten", {}, [(7,)]),
    Case("Flatten", {}, [()]),
    Case("Flatten", {}, [(None, 7)]),
    Case("Flatten", {}, [(None, None, 3)]),
    Case("Flatten", {"data_format": "channels_first"}, [(3, 5, 7)]),
    Case("Reshape", {"target_shape": (7, 6)}, [(3, 14)]),
    Case("Reshape", {"target_shape": (-1,)}, [(3, 5, 2)]),
    Case("Reshape", {"target_shape": (5, -1, 2)}, [(60,)]),
    Case("Reshape", {"target_shape": [2, 3]}, [(6,)]),
    Case("Reshape", {"target_shape": (-1, 2)}, [(None, 4)]),
    Case("Reshape", {"target_shape": (6, -1)}, [(None, 4)]),
    Case("Reshape", {"target_shape": ()}, [(1,)], compute=False),
    Case("Permute", {"dims": (2, 1)}, [(5, 7)]),
    Case("Permute", {"dims": (3, 1, 2)}, [(5, 7, 3)]),
    Case("Permute", {"dims": [1, 3, 2]}, [(None, 7, 3)]),
    Case("RepeatVector", {"n": 4}, [(5,)]),
    Case("RepeatVector", {"n": 1}, [(3,)]),
    Case("ZeroPadding1D", {}, [(5, 3)]),
    Case("ZeroPadding1D", {"padding": (2, 3)}, [(5, 3)]),
    Case("ZeroPadding1D", {"padding": 2}, [(None, 3)]),
    Case("ZeroPadding2D", {}, [(5, 7, 3)]),
    Case("ZeroPadding2D", {"padding": (1, 2)}, [(5, 7, 3)]),
    Case("ZeroPadding2D", {"padding": ((0, 1), (2, 3))}, [(5, 7, 3)]),
    Case("ZeroPadding2D", {"padding": 3}, [(None, 7, 3)]),
    Case("ZeroPadding2D", {"padding": 1, "data_format": "channels_first"}, [(3, 5, 7)]),
    Case("ZeroPadding3D", {}, [(5, 7, 6, 3)]),
    Case("ZeroPadding3D", {"padding": ((1, 0), (2, 3), (0, 4))}, [(5, 7, None, 3)]),
    Case("Cropping1D", {}, [(5, 3)]),
    Case("Cropping1D", {"cropping": (0, 3)}, [(8, 3)]),
    Case("Cropping1D", {"cropping": 2}, [(None, 3)]),
    Case("Cropping2D", {}, [(5, 7, 3)]),
    Case("Cropping2D", {"cropping": 2}, [(5, 7, 3)]),
    Case("Cropping2D", {"cropping": (1, 2)}, [(5, 7, 3)]),
    Case("Cropping2D", {"cropping": ((0, 1), (2, 0))}, [(5, 7, 3)]),
    Case("Cropping2D", {"cropping": 1}, [(None, 7, 3)]),
    Case("Cropping2D", {"cropping": 1, "data_format": "channels_first"}, [(3, 5, 7)]),
    Case("Cropping3D", {}, [(5, 7, 6, 3)]),
    Case("Cropping3D", {"cropping": ((1, 0), (2, 3), (0, 4))}, [(5, 7, 6, 3)]),
    Case("UpSampling1D", {}, [(5, 3)]),
    Case("UpSampling1D", {"size": 3}, [(None, 3)]),
    Case("UpSampling1D", {"size": 3}, [(4, 3)]),
    Case("UpSampling2D", {}, [(5, 7, 3)]),
    Case("UpSampling2D", {"size": (3, 2)}, [(4, 5, 3)]),
    Case("UpSampling2D", {"size": 2, "interpolation": "bilinear"}, [(4, 5, 3)]),
    Case("UpSampling2D", {"size": (3, 4), "interpolation": "bilinear"}, [(3, 5, 2)]),
    Case("UpSampling2D", {"size": (4, 2), "interpolation": "bicubic"}, [(3, 5, 2)]),
    Case("UpSampling2D", {"size": (2, 4), "interpolation": "lanczos3"}, [(8, 3, 2)]),
    Case("UpSampling2D", {"size": (3, 2), "interpolation": "lanczos5"}, [(5, 13, 2)]),
    Case("UpSampling2D", {"size": (2, 3), "interpolation": "area"}, [(3, 5, 2)], compute=False),
    Case("UpSampling2D", {}, [(None, 7, 3)]),
    Case("UpSampling2D", {"size": 3, "data_format": "channels_first"}, [(3, 5, 7)]),
    Case("UpSampling2D", {"size": 2, "interpolation": "bilinear", "data_format": "channels_first"}, [(3, 5, 7)]),
    Case("UpSampling3D", {"size": (1, 2, 3), "data_format": "channels_first"}, [(2, 3, 5, 4)]),
    Case("ZeroPadding1D", {"padding": (2, 1), "data_format": "channels_first"}, [(3, 7)]),
    Case("ZeroPadding3D", {"padding": ((1, 0), (2, 3), (0, 4)), "data_format": "channels_first"}, [(2, 3, 5, 4)]),
    Case("Cropping3D", {"cropping": ((1, 0), (2, 1), (0, 2)), "data_format": "channels_first"}, [(2, 3, 5, 4)]),
    Case("SpatialDropout2D", {"rate": 0.3, "data_format": "channels_first"}, [(3, 5, 7)]),
    Case("UpSampling3D", {}, [(5, 7, 6, 3)]),
    Case("UpSampling3D", {"size": (1, 2, 3)}, [(5, None, 6, 3)]),
    Case("UpSampling3D", {"size": (3, 1, 2)}, [(2, 5, 3, 4)]),
]

MERGING = [
    *(
        Case(name, {}, shapes)
        for name in ("Add", "Multiply", "Average", "Maximum", "Minimum")
        for shapes in ([(5, 3), (5, 3)], [(5, 3), (5, 3), (5, 3)], [(5, 3), (5, 1)], [(4, 5, 3), (1, 1, 3)])
    ),
    Case("Subtract", {}, [(5, 3), (5, 3)]),
    Case("Subtract", {}, [(5, 3), (5, 1)]),
    Case("Add", {}, [(None, 3), (None, 3)]),
    Case("Add", {}, [(5, 3), (3,)], compute=False),
    Case("Multiply", {}, [(None, None, 3), (1, 1, 3)]),
    Case("Concatenate", {}, [(5, 3), (5, 4)]),
    Case("Concatenate", {"axis": 1}, [(5, 3), (2, 3), (4, 3)]),
    Case("Concatenate", {"axis": -2}, [(5, 7, 3), (5, 2, 3)]),
    Case("Concatenate", {}, [(None, 3), (None, 4)]),
    Case("Concatenate", {"axis": 1}, [(None, 3), (5, 3)]),
    Case("Dot", {"axes": 1}, [(5,), (5,)]),
    Case("Dot", {"axes": 1}, [(5, 3), (5, 4)]),
    Case("Dot", {"axes": (2, 1)}, [(7, 5), (5, 4)]),
    Case("Dot", {"axes": -1, "normalize": True}, [(7, 5), (4, 5)]),
    Case("Dot", {"axes": 1, "normalize": True}, [(6,), (6,)]),
    Case("Dot", {"axes": (2, 1)}, [(3, 5, 2), (5, 4)]),
    Case("Dot", {"axes": (1, 3)}, [(7, 4), (2, 3, 7)]),
]

REGULARIZATION = [
    Case("Dropout", {"rate": 0.4}, [(7,)]),
    Case("Dropout", {"rate": 0}, [(5, 7)], training=True),
    Case("Dropout", {"rate": 0.5, "noise_shape": (None, 1, 3)}, [(5, 3)], compute=False),
    Case("Dropout", {"rate": 0.5}, [(None, 3)]),
    Case("SpatialDropout1D", {"rate": 0.3}, [(5, 3)]),
    Case("SpatialDropout2D", {"rate": 0.3}, [(5, 7, 3)]),
    Case("SpatialDropout3D", {"rate": 0.3}, [(5, 7, 6, 3)]),
    Case("GaussianNoise", {"stddev": 0.3}, [(5, 7)]),
    Case("GaussianDropout", {"rate": 0.3}, [(5, 7)]),
    Case("AlphaDropout", {"rate": 0.3}, [(5, 7)]),
    Case("ActivityRegularization", {"l1": 0.01, "l2": 0.02}, [(5, 7)]),
]

EMBEDDING = [
    Case("Embedding", {"input_dim": 11, "output_dim": 3}, [(7,)], dtype="int32"),
    Case("Embedding", {"input_dim": 11, "output_dim": 5}, [(4, 3)], dtype="int32"),
    Case("Embedding", {"input_dim": 11, "output_dim": 3}, [()], dtype="int32"),
    Case("Embedding", {"input_dim": 11, "output_dim": 3}, [(None,)], dtype="int32"),
    Case("Embedding", {"input_dim": 11, "output_dim": 3, "mask_zero": True}, [(7,)], dtype="int32", compute=False),
    Case("Embedding", {"input_dim": 11, "output_dim": 3}, [(6,)]),
    Case("ReversibleEmbedding", {"input_dim": 11, "output_dim": 3}, [(7,)], dtype="int32"),
    Case("ReversibleEmbedding", {"input_dim": 11, "output_dim": 5, "tie_weights": False}, [(4, 3)], dtype="int32", compute=False),
]

RECURRENT = [
    *(Case(name, {"units": 4}, [(7, 3)]) for name in ("SimpleRNN", "LSTM", "GRU")),
    *(Case(name, {"units": 4, "use_bias": False}, [(7, 3)]) for name in ("SimpleRNN", "LSTM", "GRU")),
    *(Case(name, {"units": 4, "return_sequences": True}, [(None, 3)]) for name in ("SimpleRNN", "LSTM", "GRU")),
    *(Case(name, {"units": 4, "return_state": True}, [(7, 3)]) for name in ("SimpleRNN", "LSTM", "GRU")),
    *(
        Case(name, {"units": 5, "return_sequences": True, "return_state": True, "go_backwards": True}, [(6, 2)])
        for name in ("SimpleRNN", "LSTM", "GRU")
    ),
    *(Case(name, {"units": 4, "stateful": True}, [(7, 3)], batch=2) for name in ("SimpleRNN", "LSTM", "GRU")),
    Case("LSTM", {"units": 4, "unit_forget_bias": False, "activation": "relu", "dropout": 0.2}, [(7, 3)]),
    Case("LSTM", {"units": 4, "unroll": True, "recurrent_dropout": 0.2}, [(7, 3)]),
    Case("GRU", {"units": 4, "reset_after": False}, [(7, 3)]),
    Case("GRU", {"units": 4, "reset_after": False, "use_bias": False}, [(7, 3)]),
    Case("RNN", {"cell": ("LSTMCell", {"units": 4})}, [(7, 3)]),
    Case("RNN", {"cell": ("SimpleRNNCell", {"units": 4})}, [(6, 3)]),
    Case("RNN", {"cell": ("SimpleRNNCell", {"units": 4}), "return_sequences": True}, [(None, 3)]),
    Case("RNN", {"cell": ("GRUCell", {"units": 4}), "return_state": True}, [(7, 3)]),
    Case("RNN", {"cell": [("LSTMCell", {"units": 4}), ("LSTMCell", {"units": 5})]}, [(7, 3)]),
    Case(
        "RNN",
        {"cell": ("StackedRNNCells", {"cells": [("GRUCell", {"units": 4}), ("GRUCell", {"units": 5})]})},
        [(7, 3)],
    ),
    Case("ConvLSTM1D", {"filters": 4, "kernel_size": 3}, [(5, 9, 2)]),
    Case("ConvLSTM1D", {"filters": 4, "kernel_size": 3, "padding": "same", "return_sequences": True}, [(5, 9, 2)]),
    Case("ConvLSTM2D", {"filters": 4, "kernel_size": 3}, [(5, 7, 9, 2)]),
    Case("ConvLSTM2D", {"filters": 4, "kernel_size": (2, 3), "return_sequences": True}, [(None, 7, 9, 2)]),
    Case("ConvLSTM2D", {"filters": 4, "kernel_size": 3, "padding": "same", "return_state": True}, [(5, 7, 9, 2)]),
    Case("ConvLSTM2D", {"filters": 4, "kernel_size": 3, "strides": 2, "use_bias": False}, [(5, 7, 9, 2)]),
    Case("ConvLSTM2D", {"filters": 4, "kernel_size": 3, "data_format": "channels_first"}, [(5, 2, 7, 9)], compute=False),
    Case("ConvLSTM3D", {"filters": 4, "kernel_size": 3}, [(2, 5, 7, 6, 3)]),
]

PREPROCESSING = [
    Case("Rescaling", {"scale": 0.25}, [(5, 7)]),
    Case("Rescaling", {"scale": 2.0, "offset": -0.5}, [(5, 7, 3)]),
    Case("Normalization", {}, [(5,)], adapt=13),
    Case("Normalization", {}, [(4, 3)], adapt=13),
    Case("Normalization", {"axis": None}, [(4, 3)], adapt=13),
    Case("Normalization", {"axis": 1}, [(4, 3)], adapt=13),
    Case("Normalization", {"mean": 0.5, "variance": 2.0}, [(4, 3)]),
    Case("Normalization", {"mean": [1.0, 2.0, 3.0], "variance": [4.0, 0.5, 1.0], "invert": True}, [(4, 3)]),
    Case("Resizing", {"height": 4, "width": 9}, [(5, 7, 3)]),
    Case("Resizing", {"height": 4, "width": 9, "crop_to_aspect_ratio": True}, [(None, None, 3)]),
    Case("Resizing", {"height": 4, "width": 9, "data_format": "channels_first"}, [(3, 5, 7)]),
    Case("CenterCrop", {"height": 4, "width": 5}, [(5, 7, 3)]),
    Case("CenterCrop", {"height": 4, "width": 5}, [(None, None, 1)]),
    Case("RandomFlip", {}, [(5, 7, 3)]),
    Case("RandomFlip", {"mode": "horizontal"}, [(None, None, 3)]),
    Case("RandomRotation", {"factor": 0.1}, [(5, 7, 3)]),
    Case("RandomZoom", {"height_factor": 0.2}, [(5, 7, 3)]),
    Case("RandomTranslation", {"height_factor": 0.1, "width_factor": 0.2}, [(5, 7, 3)]),
    Case("RandomContrast", {"factor": 0.2}, [(5, 7, 3)]),
    Case("RandomBrightness", {"factor": 0.2}, [(5, 7, 3)]),
    Case("RandomCrop", {"height": 3, "width": 4}, [(5, 7, 3)]),
    Case("AutoContrast", {}, [(5, 7, 3)]),
    Case("Equalization", {}, [(5, 7, 2)]),
    Case("Equalization", {"data_format": "channels_first", "bins": 64}, [(3, None, 7)]),
    Case("ContrastLimitedAdaptiveHistogramEqualization", {}, [(5, 7, 3)]),
    Case("Solarization", {"threshold_factor": 0.5}, [(5, 7, 3)]),
    Case("RandomGrayscale", {}, [(5, 7, 3)]),
    Case("RandomGrayscale", {}, [(5, 7, 1)]),
    Case("RandomHue", {"factor": 0.2}, [(None, None, 3)]),
    Case("RandomHue", {"factor": 0.3}, [(5, 7, 3)]),
    Case("RandomSaturation", {"factor": 0.2}, [(5, 7, 3)]),
    Case("RandomInvert", {}, [(5, 7, 3)]),
    Case("RandomPosterization", {"factor": 4}, [(5, 7, 3)]),
    Case("RandomColorDegeneration", {"factor": 0.3}, [(5, 7, 3)]),
    Case("RandomColorJitter", {"hue_factor": 0.1}, [(5, 7, 3)]),
    Case("RandomSharpness", {"factor": 0.3}, [(5, 7, 3)]),
    Case("RandomGaussianBlur", {}, [(5, 7, 3)]),
    Case("RandomErasing", {}, [(5, 7, 3)]),
    Case("RandomShear", {"x_factor": 0.2}, [(5, 7, 3)]),
    Case("RandomPerspective", {}, [(5, 7, 3)]),
    Case("RandomElasticTransform", {}, [(5, 7, 3)]),
    Case("MixUp", {}, [(5, 7, 3)]),
    Case("CutMix", {}, [(5, 7, 3)]),
    Case("RandAugment", {}, [(5, 7, 3)]),
    Case("AugMix", {}, [(5, 7, 3)]),
    Case("MaxNumBoundingBoxes", {"max_number": 4}, [(5, 7, 3)]),
    Case("TextVectorization", {}, [(1,)], dtype="string"),
    Case("TextVectorization", {"max_tokens": 50, "output_sequence_length": 7}, [()], dtype="string"),
    Case(
        "TextVectorization",
        {"output_mode": "multi_hot", "max_tokens": 9, "pad_to_max_tokens": True},
        [(1,)],
        dtype="string",
    ),
    Case("StringLookup", {"vocabulary": ["a", "b", "c"]}, [(4,)], dtype="string"),
    Case("StringLookup", {"vocabulary": ["a", "b", "c"], "output_mode": "one_hot"}, [(1,)], dtype="string"),
    Case("IntegerLookup", {"vocabulary": [3, 5, 7]}, [(4,)], dtype="int32"),
    Case("CategoryEncoding", {"num_tokens": 6, "output_mode": "one_hot"}, [(1,)], dtype="int32"),
    Case("CategoryEncoding", {"num_tokens": 6}, [(4,)], dtype="int32"),
    Case("Discretization", {"bin_boundaries": [0.0, 1.0, 2.0]}, [(4,)]),
    Case("Hashing", {"num_bins": 5}, [(4,)], dtype="string"),
    Case("Hashing", {"num_bins": 5}, [(3,)], dtype="int32"),
    Case("HashedCrossing", {"num_bins": 5}, [(1,), (1,)], dtype="int32"),
    Case("HashedCrossing", {"num_bins": 7, "output_mode": "one_hot"}, [(1,), (1,)], dtype="int32"),
    *(Case("STFTSpectrogram", {"mode": mode, "frame_length": 8, "frame_step": 3}, [(29, 2)]) for mode in ("log", "psd", "angle", "stft")),
    Case("STFTSpectrogram", {"mode": "magnitude", "frame_length": 7, "fft_length": 16, "padding": "same", "expand_dims": True}, [(30, 3)]),
    Case("STFTSpectrogram", {"mode": "imag", "frame_length": 8, "window": "hamming", "periodic": True, "scaling": "spectrum"}, [(29, 1)]),
    Case("STFTSpectrogram", {"mode": "real", "frame_length": 6, "frame_step": 6, "window": None, "padding": "same"}, [(29, 2)]),
    Case("STFTSpectrogram", {"frame_length": 8, "data_format": "channels_first", "expand_dims": True}, [(2, 29)], compute=False),
    Case("STFTSpectrogram", {"frame_length": 8, "data_format": "channels_first"}, [(2, 29)], compute=False),
    Case(
        "MelSpectrogram",
        {
            "fft_length": 64, "sequence_length": 50, "sequence_stride": 16, "num_mel_bins": 5, "window": "hamming", "power_to_db": False,
            "mag_exp": 1.0, "max_freq": 3000.0,
        },
        [(200,)],
    ),
    Case("MelSpectrogram", {"fft_length": 64, "sequence_stride": 20, "num_mel_bins": 9, "sampling_rate": 800}, [(150,)]),
]

WRAPPERS = [
    Case("Pipeline", {"layers": [("Rescaling", {"scale": 0.5}), ("Dense", {"units": 3})]}, [(5,)]),
    Case("TimeDistributed", {"layer": ("Dense", {"units": 3})}, [(7, 5)]),
    Case("TimeDistributed", {"layer": ("Dense", {"units": 3})}, [(None, 5)]),
    Case("TimeDistributed", {"layer": ("Conv2D", {"filters": 4, "kernel_size": 3})}, [(2, 5, 7, 3)]),
    Case("TimeDistributed", {"layer": ("Flatten", {})}, [(4, 5, 7, 3)]),
    Case("TimeDistributed", {"layer": ("LSTM", {"units": 3})}, [(4, 5, 2)]),
    Case("TimeDistributed", {"layer": ("BatchNormalization", {})}, [(4, 5, 2)]),
    *(
        Case("Bidirectional", {"layer": ("LSTM", {"units": 3}), "merge_mode": mode}, [(7, 5)])
        for mode in ("concat", "sum", "mul", "ave", None)
    ),
    Case("Bidirectional", {"layer": ("GRU", {"units": 3, "return_sequences": True})}, [(None, 5)]),
    Case("Bidirectional", {"layer": ("GRU", {"units": 3, "return_sequences": True}), "merge_mode": None}, [(7, 5)]),
    Case("Bidirectional", {"layer": ("LSTM", {"units": 3, "return_state": True})}, [(7, 5)]),
    Case(
        "Bidirectional",
        {"layer": ("SimpleRNN", {"units": 3}), "backward_layer": ("SimpleRNN", {"units": 3, "go_backwards": True})},
        [(7, 5)],
    ),
    Case("TimeDistributed", {"layer": ("Bidirectional", {"layer": ("LSTM", {"units": 3})})}, [(4, 5, 2)]),
    Case("SpectralNormalization", {"layer": ("Dense", {"units": 3})}, [(7, 5)], training=True),
    Case("SpectralNormalization", {"layer": ("Conv2D", {"filters": 4, "kernel_size": 3}), "power_iterations": 3}, [(5, 7, 3)], True, True),
    Case("SpectralNormalization", {"layer": ("Embedding", {"input_dim": 7, "output_dim": 4})}, [(5,)], compute=False, dtype="int32"),
]

CORE = [
    Case("Identity", {}, [(5, None)]),
    Case("Identity", {}, [(5, 7)]),
    Case("Masking", {"mask_value": 0.0}, [(7, 3)]),
    Case("Masking", {}, [(None, 3)]),
    Case("Lambda", {"function": abs}, [(5, 7)]),
    Case("Lambda", {"function": abs, "output_shape": (4,)}, [(5, 7)]),
]

ATTENTION = [
    Case("Attention", {}, [(4, 8), (6, 8)]),
    Case("Attention", {"use_scale": True, "score_mode": "concat"}, [(4, 8), (6, 5), (6, 8)]),
    Case("AdditiveAttention", {}, [(4, 8), (6, 8)]),
    Case("AdditiveAttention", {"use_scale": False}, [(None, 8), (6, 8)]),
    Case("Attention", {"use_scale": True}, [(5, 7), (3, 7)]),
    Case("MultiHeadAttention", {"num_heads": 2, "key_dim": 3}, [(4, 8), (6, 5)]),
    Case("MultiHeadAttention", {"num_heads": 3, "key_dim": 5, "value_dim": 2, "use_bias": False}, [(4, 8), (6, 5), (6, 7)]),
    Case("MultiHeadAttention", {"num_heads": 2, "key_dim": 3, "output_shape": 9}, [(None, 8), (None, 8)]),
    Case("GroupedQueryAttention", {"head_dim": 3, "num_query_heads": 4, "num_key_value_heads": 2}, [(4, 8), (6, 8)]),
    Case(
        "GroupedQueryAttention",
        {"head_dim": 2, "num_query_heads": 6, "num_key_value_heads": 2, "use_bias": False, "use_gate": True},
        [(None, 8), (None, 8)],
    ),
]

CASES = [
    *DENSE,
    *EINSUM,
    *ACTIVATION,
    *CONVOLUTION,
    *POOLING,
    *NORMALIZATION,
    *RESHAPING,
    *MERGING,
    *REGULARIZATION,
    *EMBEDDING,
    *RECURRENT,
    *PREPROCESSING,
    *WRAPPERS,
    *CORE,
    *ATTENTION,
]
