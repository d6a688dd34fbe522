"""Spellings of Keras 1 and 2, converted before a rule sees them; under Keras 3 each is a finding with the new spelling.

Keras 3 is assumed unless the file proves an older one: a pinned version, or an import that 3 does not have.
"""

from __future__ import annotations

from shapecheck.diagnostics.arguments import UnknownKeyword
from shapecheck.diagnostics.base import Diagnostic
from shapecheck.diagnostics.calls import WrongCall
from shapecheck.diagnostics.migration import OldArgument, OldName
from shapecheck.languages import Phrase, because, write
from shapecheck.layers.base import OPTIONS, argument_names
from shapecheck.layers.families import ALIASES, HOME
from shapecheck.shapes import Unknown

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    from shapecheck.layers.base import Rule
    from shapecheck.reader.call import Call
    from shapecheck.reader.state import Reader

KERAS_1 = frozenset((
    "nb_filter", "border_mode", "subsample", "dim_ordering", "init", "W_regularizer", "b_regularizer", "nb_row", "nb_col", "atrous_rate",
    "W_constraint", "b_constraint", "bias",
))  # fmt: skip
"""Arguments that only a layer of Keras 1 has."""
CLASS_NAMES = {
    **ALIASES, "Deconvolution2D": "Conv2DTranspose", "Deconv2D": "Conv2DTranspose", "CuDNNLSTM": "LSTM", "CuDNNGRU": "GRU",
    "TextVectorizationV2": "TextVectorization",
}  # fmt: skip
"""Other names of the same class."""
OLD_ONLY = {
    "Deconvolution2D": "Conv2DTranspose", "Deconv2D": "Conv2DTranspose", "CuDNNLSTM": "LSTM", "CuDNNGRU": "GRU",
    "Merge": "Concatenate or Add", "TimeDistributedDense": "TimeDistributed(Dense(...))", "MaxoutDense": "Dense",
    "AtrousConvolution2D": "Conv2D(dilation_rate=...)", "Highway": "Dense",
}  # fmt: skip
"""Classes that Keras 3 does not have, and their replacements: a file that uses one runs an older Keras."""
OLD_KEYWORDS = {
    "nb_filter": "filters", "nb_kernel": "filters", "border_mode": "padding", "subsample": "strides", "filter_length": "kernel_size",
    "subsample_length": "strides", "dim_ordering": "data_format", "output_dim": "units", "init": "kernel_initializer",
    "W_regularizer": "kernel_regularizer", "b_regularizer": "bias_regularizer", "W_constraint": "kernel_constraint",
    "b_constraint": "bias_constraint", "bias": "use_bias", "p": "rate", "pool_length": "pool_size", "stride": "strides",
    "inner_init": "recurrent_initializer", "inner_activation": "recurrent_activation", "dropout_W": "dropout",
    "dropout_U": "recurrent_dropout", "sigma": "stddev", "atrous_rate": "dilation_rate", "kernel_dim1": "kernel_size",
    "consume_less": "", "input_length": "", "beta_init": "beta_initializer", "gamma_init": "gamma_initializer", "mode": "",
}  # fmt: skip
"""A keyword of Keras 1, and its name since Keras 2 ("" if it was removed)."""
DIM_ORDERINGS = {"tf": "channels_last", "th": "channels_first"}
GONE_IN_3 = (
    "keras.layers.core", "keras.layers.convolutional", "keras.layers.recurrent", "keras.layers.embeddings",
    "keras.layers.normalization", "keras.layers.advanced_activations", "keras.layers.pooling", "keras.layers.wrappers",
    "keras.layers.noise", "keras.layers.merge", "keras.utils.np_utils", "keras.utils.visualize_util",
    "keras.utils.vis_utils", "keras.engine", "keras.wrappers.scikit_learn", "keras.layers.local", "keras.objectives",
    "keras.backend.tensorflow_backend", "keras.preprocessing.image.ImageDataGenerator_", "keras.layers.cudnn",
    "tensorflow.contrib", "tensorflow.examples.tutorials", "tensorflow.python.keras", "keras.layers.CuDNN", "tf_keras",
    "keras.layers.experimental", "tensorflow.keras.layers.experimental", "keras.layers.containers",
)  # fmt: skip
"""Modules that Keras 3 does not have: a file that imports one runs an older Keras."""


class Dialect:
    """The version of Keras that the file is written for: `version` 3 unless something proves an older one (`evidence`)."""

    def __init__(self, version: int | None = None) -> None:
        self.fixed = version is not None
        self.version = version or 3
        self.evidence = ""
        self.data_format = "channels_last"

    def imported(self, path: str) -> None:
        """An import, as evidence."""
        path = path.replace("tensorflow.keras.layers.core", "keras.layers.core")
        if not self.fixed and self.version == 3 and path.startswith(GONE_IN_3):
            self.version, self.evidence = 2, f"it imports {path}"

    def used(self, class_name: str) -> Diagnostic | None:
        """A class that Keras 3 lacks: evidence of an older one, or a finding if Keras 3 was requested."""
        if class_name not in OLD_ONLY or self.version < 3:
            return None
        if self.fixed:
            return OldName(f"{class_name} is a class of an older Keras; Keras 3 does not have it", f"write {OLD_ONLY[class_name]}")
        self.version, self.evidence = 2, f"it uses {class_name}"
        return None

    def text(self, text: str, parsed: bool = True) -> None:
        """The file's text, for version pins; for the order of axes only what is not `parsed`: else it is read where it stands."""
        if not any(word in text for word in ("pip", "%tensorflow_version", "set_image_")):
            return
        import re

        match = re.search(r"pip3? install[^\n]*\b(tensorflow(?:-gpu|-cpu)?|keras)\s*==\s*(\d+)\.(\d+)", text)
        if match and not self.fixed:
            old = int(match[2]) < (3 if match[1] == "keras" else 2) or (match[1] != "keras" and int(match[2]) == 2 and int(match[3]) < 16)
            if old:
                self.version, self.evidence = 2, f"it pins {match[1]} {match[2]}.{match[3]}"
        if not self.fixed and "%tensorflow_version" in text and re.search(r"^\s*%tensorflow_version\s+[12]", text, re.M):
            self.version, self.evidence = 2, "it selects an old TensorFlow"
        orders = set() if parsed else set(re.findall(r"set_image_(?:dim_ordering|data_format)\(\s*[\"'](\w+)[\"']\s*\)", text))
        if orders and orders <= {"th", "channels_first"}:
            self.data_format = "channels_first"


def old_argument(argument: str, name: str, advice: str) -> OldArgument:
    """A keyword of a layer in an older spelling."""
    what = Phrase(
        "migration", "name_argument_is_a_spelling", "{name}: {argument}= is a spelling of an older Keras; Keras 3 refuses it",
        name=name, argument=argument,
    )  # fmt: skip
    return OldArgument(what, advice, argument)


def wrong_call(name: str, names: tuple[str, ...], count: int, doubled: str | None, text: str = "") -> Diagnostic:
    """What is wrong with the call of a layer."""
    if doubled:
        return WrongCall(name, Phrase("SC405", "twice", "{name} is passed twice, by position and by name", name=doubled), doubled)
    if text:
        import re

        missing = re.findall(r"'(\w+)'", text.partition("missing")[2])
        if missing:
            return WrongCall(name, Phrase("SC405", "missing", "the argument {names} is missing", names=", ".join(missing)))
        return WrongCall(name, text.rpartition("__init__() ")[2])
    return WrongCall(name, Phrase("SC405", "at_most", "takes at most {most} arguments, got {got}", most=len(names), got=count))


def is_layer(name: str) -> bool:
    """True for the name of a layer class of any Keras."""
    return name in HOME or name in CLASS_NAMES


def canonical_call(
    reader: Reader, name: str, written: str, rule: type[Rule], call: Call
) -> tuple[list[Any], dict[str, Any], dict[int | str, Any], list[Diagnostic]]:
    """Arguments in order and by name, and their expressions, in today's spelling; and findings about the old one."""
    names = argument_names(rule)
    args, keywords, nodes = list(call.args), dict(call.keywords), dict(call.nodes)
    findings: list[Diagnostic] = []
    dialect = reader.stacks.dialect
    if name in ("LSTM", "GRU", "SimpleRNN"):
        keywords.pop("implementation", None)  # accepted and ignored by every Keras
    certain = dialect.fixed or written != "Conv2D" or bool(KERAS_1 & keywords.keys())
    if dialect.version < 3 and _old_kernel(name, args, keywords, nodes) and not certain:
        rows, columns = args[1]
        call.hidden = f"{rows}, {columns} is the kernel before Keras 2.4, then kernel and strides: write kernel_size=({rows}, {columns})"
    if dialect.version < 3 and not dialect.fixed and not call.hidden:
        call.hidden = _of_keras_0(name, args)
    for old in [key for key in keywords if (key not in names and key not in OPTIONS) or key == "batch_input_shape"]:
        new = _new_spelling(name, old, names)
        if new is None:
            if old == "batch_input_shape" and dialect.version >= 3 and name != "InputLayer":
                advice: str = Phrase("migration", "input_first", "put Input(batch_shape=...) first, and remove it here")
                findings.append(old_argument(old, name, advice))
            continue
        value, node = keywords.pop(old), nodes.get(old) if not new else nodes.pop(old, None)
        if dialect.version >= 3 and old not in ("input_length",):
            advice = write(f"{new}=...") if new else Phrase("migration", "remove_it", "remove it")
            findings.append(old_argument(old, name, advice))
        if new and new not in keywords:
            keywords[new] = DIM_ORDERINGS.get(value, value) if old == "dim_ordering" and isinstance(value, str) else value
            nodes[new] = node
        elif old == "input_length" and dialect.version < 3 and "input_shape" not in keywords:
            _length(keywords, value)
    if name == "InputLayer":
        _input_layer(keywords, nodes)
    if name in ("LSTM", "GRU", "SimpleRNN") and dialect.version < 3 and "input_dim" in keywords and "input_shape" not in keywords:
        keywords["input_shape"] = (None, keywords.pop("input_dim"))
    for diagnostic in findings:
        diagnostic.argument_node = call.nodes.get(diagnostic.argument or "")  # type: ignore[attr-defined]
    return args, keywords, nodes, findings


def _length(keywords: dict[str, Any], length: Any) -> None:
    """input_length= of Keras 1 and 2: the number of steps of the input."""
    width = keywords.pop("input_dim", None) if "input_dim" in keywords and "output_dim" not in keywords else None
    keywords["input_shape"] = (length,) if width is None else (length, width)


def _input_layer(keywords: dict[str, Any], nodes: dict[int | str, Any]) -> None:
    """InputLayer(input_shape=) and batch_input_shape= are accepted by every Keras."""
    for given in ("tensor", "input_tensor"):
        if given in keywords and keywords[given] is not None and not {"shape", "batch_shape", "input_shape"} & keywords.keys():
            del keywords[given]
            keywords["shape"] = Unknown("shape", because("it is the shape of a given tensor"))
    for old, new in (("input_shape", "shape"), ("batch_input_shape", "batch_shape")):
        if old in keywords:
            keywords[new] = keywords.pop(old)
            nodes[new] = nodes.get(old)


def _new_spelling(name: str, old: str, names: tuple[str, ...]) -> str | None:
    """Today's name of a keyword; "" if it was removed, None if it is not an old spelling."""
    if old not in OLD_KEYWORDS:
        return None
    new = OLD_KEYWORDS[old]
    if name == "Embedding" and old == "init":
        new = "embeddings_initializer"
    return new if new in names or not new else None


def _of_keras_0(name: str, args: list[Any]) -> str:
    """Why the sizes of a layer as Keras wrote it before 1.0 are unknown: Dense(input_dim, output_dim), PReLU(input_shape); "" if not so."""
    if name == "Dense" and len(args) > 1 and isinstance(args[1], int) and not isinstance(args[1], bool):
        return f"the second number of Dense(features, units) is the units before Keras 1: write Dense({args[1]})"
    if name == "PReLU" and args and isinstance(args[0], tuple):
        return f"PReLU({args[0]}) names the input before Keras 1: write PReLU()"
    return ""


def _old_kernel(name: str, args: list[Any], keywords: dict[str, Any], nodes: dict[int | str, Any]) -> bool:
    """Keras 1's Convolution2D(filters, rows, columns): three integers by position (then True), or nb_row= and nb_col=."""
    if name == "Conv3D" and len(args) >= 4 and all(isinstance(size, int) for size in args[1:4]):
        args[1:4] = [tuple(args[1:4])]
        for place in range(4, len(args) + 3):
            nodes[place - 2] = nodes.pop(place, None)
        return False
    if name in ("Conv2D", "Conv2DTranspose", "SeparableConv2D"):
        new = {"strides", "padding", "data_format", "dilation_rate"} & keywords.keys()  # Keras 2 then used the third as strides
        if "nb_row" in keywords and "nb_col" in keywords:
            keywords["kernel_size"] = (keywords.pop("nb_row"), keywords.pop("nb_col"))
            nodes["kernel_size"] = nodes.get("nb_row")
        elif len(args) >= 3 and isinstance(args[1], int) and isinstance(args[2], int) and not new:
            args[1:3] = [(args[1], args[2])]
            for place in range(3, len(args) + 2):
                nodes[place - 1] = nodes.pop(place, None)
            return True
    return False


def loosened(reader: Reader, diagnostic: Diagnostic, given: dict[str, Any]) -> dict[str, Any] | None:
    """Under an older Keras, removes an argument that today's layer does not have; None if that is not the cause."""
    if isinstance(diagnostic, UnknownKeyword) and reader.stacks.dialect.version < 3 and diagnostic.argument in given:
        return {key: value for key, value in given.items() if key != diagnostic.argument}
    if reader.stacks.dialect.version < 3 and diagnostic.argument in ("units", "filters"):
        size = given.get(diagnostic.argument)
        if isinstance(size, str) and size.isdecimal() and len(size) < 9:
            return {**given, diagnostic.argument: int(size)}
        return {**given, diagnostic.argument: int(size)} if isinstance(size, float) and 1 <= size < 1e9 else None  # Keras 2 takes int(size)
    if reader.stacks.dialect.version < 3 and diagnostic.argument == "stddev" and isinstance(given.get("stddev"), (int, float)):
        return {**given, "stddev": 1.0} if given["stddev"] > 1 else None  # the bound is new in Keras 3
    if reader.stacks.dialect.version < 3 and given.get(diagnostic.argument or "") == "l1_l2":
        return {key: value for key, value in given.items() if key != diagnostic.argument}
    return None


def better(reader: Reader, name: str, diagnostic: Diagnostic) -> Diagnostic:
    """A finding with a message about an old spelling, if that is the cause."""
    if isinstance(diagnostic, UnknownKeyword) and diagnostic.argument in ("weights", "input_length", "batch_input_shape"):
        return old_argument(
            diagnostic.argument, name, Phrase("migration", "remove_it_and_set", "remove it, and set it after the layer is built")
        )
    return diagnostic
