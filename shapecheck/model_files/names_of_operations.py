"""Functions as nodes of a graph: what Keras 3 writes of keras.ops, and tf.keras of tf functions, by the names of keras.ops."""

from __future__ import annotations

from itertools import pairwise

from shapecheck.languages import because
from shapecheck.model_files.bounded_json import short

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

KERAS_3 = "keras.src.ops."
"""Keras's modules of operations begin so."""
OF_KERAS_2 = ("TFOpLambda", "SlicingOpLambda")

NAMES_OF_KERAS_3 = {
    "absolute": "abs", "true_divide": "divide", "re_lu": "relu", "true_div": "divide", "batch_norm": "batch_normalization",
    "layer_norm": "layer_normalization", "rmsnorm": "rms_normalization", "rgbto_grayscale": "rgb_to_grayscale",
}  # fmt: skip
"""Operation classes whose function has another name than the class in small letters."""

NAMES_OF_TENSORFLOW = {
    "__operators__.add": "add", "__operators__.getitem": "getitem", "add": "add", "concat": "concatenate", "expand_dims": "expand_dims",
    "math.abs": "abs", "math.add": "add", "math.divide": "divide", "math.exp": "exp", "math.log": "log", "math.maximum": "maximum",
    "math.minimum": "minimum", "math.multiply": "multiply", "math.negative": "negative", "math.pow": "power",
    "math.reduce_max": "max", "math.reduce_mean": "mean", "math.reduce_min": "min", "math.reduce_sum": "sum", "math.sigmoid": "sigmoid",
    "math.sqrt": "sqrt", "math.square": "square", "math.subtract": "subtract", "math.tanh": "tanh", "math.truediv": "divide",
    "linalg.matmul": "matmul", "nn.relu": "relu", "nn.softmax": "softmax", "reshape": "reshape", "squeeze": "squeeze",
    "transpose": "transpose",
}  # fmt: skip
"""tf functions that a functional model of tf.keras may hold."""
KEYWORDS_OF_TENSORFLOW = {"keepdims": "keepdims", "axis": "axis", "perm": "axes", "shape": "newshape"}


COMPUTED = frozenset({
    "abs", "absolute", "add", "all", "amax", "amin", "any", "append", "arange", "arccos", "arccosh", "arcsin", "arcsinh",
    "arctan", "arctan2", "arctanh", "argmax", "argmin", "argsort", "array", "average", "batch_normalization",
    "binary_crossentropy", "broadcast_to", "cast", "categorical_crossentropy", "ceil", "clip", "concatenate",
    "convert_to_numpy", "convert_to_tensor", "cos", "cosh", "count_nonzero", "crop_images", "cumprod", "cumsum",
    "depth_to_space", "diagonal", "diff", "divide", "divide_no_nan", "dot", "dot_product_attention", "einsum", "elu", "empty",
    "equal", "erf", "exp", "exp2", "expand_dims", "expm1", "extract_patches", "eye", "fft", "fft2", "flip", "floor",
    "floor_divide", "full", "full_like", "gelu", "get_item", "getitem", "greater", "greater_equal", "hard_sigmoid", "hard_silu",
    "hard_swish", "hstack", "hypot", "identity", "ifft2", "in_top_k", "inner", "is_tensor", "isclose", "isfinite", "isinf",
    "isnan", "layer_normalization", "leaky_relu", "less", "less_equal", "linspace", "log", "log10", "log1p", "log2",
    "log_sigmoid", "log_softmax", "logaddexp", "logical_and", "logical_not", "logical_or", "logical_xor", "logspace",
    "logsumexp", "matmul", "max", "maximum", "mean", "median", "min", "minimum", "mod", "moments", "moveaxis", "multi_hot",
    "multiply", "nan_to_num", "ndim", "negative", "norm", "normalize", "not_equal", "one_hot", "ones", "ones_like", "outer",
    "pad", "pad_images", "power", "prod", "psnr", "ptp", "quantile", "ravel", "reciprocal", "relu", "relu6", "remainder",
    "repeat", "reshape", "rgb_to_grayscale", "rms_normalization", "roll", "round", "rsqrt", "scatter", "scatter_update",
    "segment_max", "segment_min", "segment_sum", "select", "selu", "shape", "sigmoid", "sign", "silu", "sin", "sinh", "size",
    "slice", "slice_update", "softmax", "softplus", "softsign", "sort", "space_to_depth", "sparse_categorical_crossentropy",
    "split", "sqrt", "square", "squared_difference", "squeeze", "stack", "std", "stop_gradient", "subtract", "sum", "swapaxes",
    "swish", "take", "take_along_axis", "tan", "tanh", "tensordot", "tile", "top_k", "trace", "transpose", "tri", "tril",
    "triu", "true_divide", "trunc", "unstack", "var", "vdot", "vstack", "where", "zeros", "zeros_like",
})  # fmt: skip
"""Functions that tinyseq computes of tensors."""
ADVICE = because("write that part of the model with layers, and load its weights")
CLASSES_OF_KERAS_3 = {"abs": "Absolute", "getitem": "GetItem"}


def class_of(function: str) -> str:
    """Keras's class of a function: expand_dims -> ExpandDims."""
    return CLASSES_OF_KERAS_3.get(function) or "".join(word.capitalize() for word in function.split("_")) or "Operation"


def is_operation(entry: Any) -> bool:
    """True for a node that is a function, not a layer."""
    return str(entry.get("module", "")).startswith(KERAS_3) or entry.get("class_name") in OF_KERAS_2


def named(entry: Any) -> tuple[str, dict[str, Any], str]:
    """The function's name in keras.ops, its fixed arguments, and what messages call it. ValueError for a tf function without one."""
    found = entry.get("config")
    config = found if isinstance(found, dict) else {}
    if entry["class_name"] in OF_KERAS_2:
        function = str(config.get("function"))
        name = NAMES_OF_TENSORFLOW.get(function, "")
        if not name:
            raise unsupported(f"tf.{function}")
        return name, {}, f"tf.{function}"
    name = _in_words(entry["class_name"])
    fixed = {key: value for key, value in config.items() if key not in ("name", "trainable") and value is not None}
    if not isinstance(fixed.get("dtype", ""), str):  # a policy, not the argument of cast
        del fixed["dtype"]
    return NAMES_OF_KERAS_3.get(name, name), fixed, because("operation {name}", name=entry["class_name"])


def _in_words(name: str) -> str:
    """ExpandDims -> expand_dims, ReLU -> re_lu... as Keras names the function of an operation's class.

    >>> [_in_words(name) for name in ("ExpandDims", "Add", "LogSoftmax", "Conv2DTranspose")]
    ['expand_dims', 'add', 'log_softmax', 'conv2_dtranspose']
    """
    letters = [name[:1]]
    for before, letter in pairwise(name):
        lower = before.isascii() and (before.islower() or before.isdigit())
        letters.append(f"_{letter}" if lower and letter.isascii() and letter.isupper() else letter)
    return "".join(letters).lower()


def unsupported(where: str) -> ValueError:
    """The error for a function that cannot be followed."""
    return ValueError(because("{where} in the file is not supported: {advice}", where=where, advice=ADVICE))


def arguments_of_tensorflow(arguments: list[Any], keywords: dict[str, Any]) -> tuple[list[Any], dict[str, Any]]:
    """The arguments of a tf function as keras.ops names them."""
    given = {KEYWORDS_OF_TENSORFLOW.get(key, key): value for key, value in keywords.items() if key not in ("name", "dtype")}
    others = [given.pop(key) for key in ("y", "slice_spec", "b", "exponent") if key in given]
    return [*arguments, *others], given


def index(value: Any) -> Any:
    """An index out of JSON: slices are objects (Keras 3) or dictionaries of start, stop and step (Keras 2)."""
    if isinstance(value, (list, tuple)):
        return tuple(index(one) for one in value)
    if isinstance(value, dict):
        inner = value.get("config") if value.get("class_name") == "__slice__" else value
        if isinstance(inner, dict) and inner.keys() <= {"start", "stop", "step"}:
            return slice(inner.get("start"), inner.get("stop"), inner.get("step"))
        if value.get("class_name") == "__ellipsis__":
            return Ellipsis
        raise ValueError(because("an index in the file is {value}: it is not supported", value=short(value)))
    return value
