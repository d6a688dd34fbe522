"""Names of classes and arguments in files of older versions of Keras, and their meaning today."""

from __future__ import annotations

from shapecheck.languages import Phrase, because
from shapecheck.migration.old_arguments import BY_CLASS, LAYERS

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    Json = Any


class Dialect:
    """Who wrote a file: Keras's major version, and the backend it ran on.

    Arguments:
        version: "2.15.0"; None: not said
        backend: "tensorflow", "theano" ...; None: not said
    """

    hard_sigmoid: Any = "hard_sigmoid"
    """What the activation of that name is before Keras 3: 0.2 x + 0.5 between 0 and 1, where Keras 3 computes (x + 3) / 6."""

    def __init__(self, version: str | None = None, backend: str | None = None) -> None:
        self.version = version
        self.said: set[str] = set()
        """The dtypes of which a warning has been given."""
        self.backend = backend
        first = (version or "3").split(".")[0]
        self.major = int(first) if first.isdecimal() and len(first) < 3 else 3


CLASSES = {
    "AtrousConvolution2D": "Conv2D", "BatchNormalizationV1": "BatchNormalization", "BatchNormalizationV2": "BatchNormalization",
    "Convolution1D": "Conv1D", "Convolution2D": "Conv2D", "Convolution3D": "Conv3D", "Convolution2DTranspose": "Conv2DTranspose",
    "CuDNNGRU": "GRU", "CuDNNLSTM": "LSTM", "Deconvolution2D": "Conv2DTranspose", "Deconvolution3D": "Conv3DTranspose",
    "GRUV1": "GRU", "GRUV2": "GRU", "LSTMV1": "LSTM", "LSTMV2": "LSTM",
    "SeparableConvolution2D": "SeparableConv2D", "SyncBatchNormalization": "BatchNormalization",
}  # fmt: skip
"""Layers under the names of older versions."""

PARTS = {"TruncatedNormalV2": "TruncatedNormal", "GlorotUniformV2": "GlorotUniform", "L1L2V2": "L1L2", "Adam_V2": "Adam"}
"""Initializers and the like."""

INITIALS = {"init": "kernel_initializer", "inner_init": "recurrent_initializer"}

_OF_ITS_KERNEL = ("groups", "kernel_initializer", "kernel_regularizer", "kernel_constraint")
OF_THE_CONVOLUTION = {
    "DepthwiseConv1D": (*_OF_ITS_KERNEL, "filters"), "DepthwiseConv2D": (*_OF_ITS_KERNEL, "filters"),
    "SeparableConv1D": _OF_ITS_KERNEL, "SeparableConv2D": _OF_ITS_KERNEL,
}  # fmt: skip
"""Keras 2 also writes the arguments of the convolution that these layers are made of; they mean nothing."""

HARMLESS = {
    "autocast", "batch_size", "build_config", "consume_less", "fused", "implementation", "input_axes", "input_dim", "input_dtype",
    "input_length", "jit_compile", "is_legacy_optimizer", "output_axes", "reset_after", "shared_object_id", "synchronized", "unroll",
    "use_cudnn", "vocabulary_size",
}  # fmt: skip
"""Arguments that change no number here, whatever they are."""

NEUTRAL: dict[str, Any] = {
    "activity_regularizer": None, "adjustment": None, "data_format": "channels_last", "decay": 0.0, "groups": 1, "mode": 0, "renorm": False,
    "weights": None, "keepdims": False, "clip_norm": None, "loss_scale_factor": None,
    "gradient_accumulation_steps": None, "oov_method": "floormod",
}  # fmt: skip
"""Arguments that change nothing at this value."""


def layer(name: str, config: dict[str, Any], dialect: Dialect) -> tuple[str, dict[str, Any]]:
    """Class and arguments in today's names."""
    found = dict(config)
    if name == "Merge":
        return merge(found)
    cudnn = name.startswith("CuDNN")
    if name == "AtrousConvolution2D" and "atrous_rate" in found:
        found["dilation_rate"] = found.pop("atrous_rate")
    name = CLASSES.get(name, name)
    if cudnn:
        found.update(activation="tanh", recurrent_activation="sigmoid")
    if name == "GRU":
        found.setdefault("reset_after", cudnn)
    if dialect.major < 2:
        found = _keras_1(name, found)
    if dialect.major < 3:
        for key in ("activation", "recurrent_activation"):
            if found.get(key) == "hard_sigmoid":
                found[key] = dialect.hard_sigmoid
    for key in OF_THE_CONVOLUTION.get(name, ()):
        found.pop(key, None)
    if name == "BatchNormalization" and isinstance(found.get("axis"), list):
        axes = found["axis"]
        found["axis"] = axes[0] if len(axes) == 1 else axes
    if name == "LeakyReLU" and "alpha" in found:
        found["negative_slope"] = found.pop("alpha")
    return name, found


def _keras_1(name: str, config: dict[str, Any]) -> dict[str, Any]:
    """Keras 1's arguments in today's names."""
    if "nb_row" in config:
        config["kernel_size"] = [config.pop("nb_row"), config.pop("nb_col", 1)]
    found: dict[str, Any] = {}
    config.pop("forget_bias_init", None)  # how the weights start: they are read
    for key, value in config.items():
        value = _keras_1_value(value)
        new = BY_CLASS.get((name, key)) or ("" if name == "Embedding" and key == "output_dim" else LAYERS.get(key, ""))
        if isinstance(new, Phrase) or not new:
            new = key
        if key == "dim_ordering":
            value = {"th": "channels_first", "tf": "channels_last"}.get(value, value)
        found[new] = value
    if name == "Dropout" and "p" in found:
        found["rate"] = found.pop("p")
    for size, classes in (("kernel_size", ("Conv1D",)), ("pool_size", ("MaxPooling1D", "AveragePooling1D"))):
        if name in classes and isinstance(found.get(size), int):
            found[size] = [found[size]]
    return found


WORDS_OF_KERAS_1 = {"one": "ones", "zero": "zeros", "normal": "random_normal", "uniform": "random_uniform"}
REGULARIZERS_OF_KERAS_1 = ("L1L2Regularizer", "WeightRegularizer", "ActivityRegularizer")


def _keras_1_value(value: Json) -> Json:
    """A regularizer is {"name", "l1", "l2"}, an initializer a word."""
    if isinstance(value, dict) and value.get("name") in REGULARIZERS_OF_KERAS_1:
        return {"class_name": "L1L2", "config": {"l1": value.get("l1", 0.0), "l2": value.get("l2", 0.0)}}
    return WORDS_OF_KERAS_1.get(value, value) if isinstance(value, str) else value


MERGES = {"concat": "Concatenate", "sum": "Add", "mul": "Multiply", "ave": "Average", "max": "Maximum", "dot": "Dot"}


def merge(config: dict[str, Any]) -> tuple[str, dict[str, Any]]:
    """Keras 1's Merge in today's layers."""
    mode = config.get("mode")
    if mode not in MERGES:
        raise ValueError(
            because("layer {name}: Merge(mode={mode!r}) is of Keras 1 and has no layer today", name=config.get("name"), mode=mode)
        )
    found = {"name": config.get("name"), "trainable": config.get("trainable", True)}
    if mode == "concat":
        found["axis"] = config.get("concat_axis", -1)
    if mode == "dot":
        found["axes"] = config.get("dot_axes", -1)
    return MERGES[mode], found


def changes_nothing(name: str, key: str, value: Json) -> bool:
    """True for arguments of other versions that this layer can do without."""
    if key in HARMLESS or value in (None, False):
        return True
    return key in NEUTRAL and NEUTRAL[key] == value
