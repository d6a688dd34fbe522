"""Calls of imported names: a dispatch on the canonical dotted path."""

from __future__ import annotations

from shapecheck.languages import because
from shapecheck.reader.code import operations, tensors
from shapecheck.reader.data import functions
from shapecheck.reader.keras import dialects, functional, layers, models
from shapecheck.reader.keras.paths import FOLLOWED, canonical
from shapecheck.reader.python import builtins
from shapecheck.reader.values import Library, Opaque, Table, unknown
from shapecheck.shapes import Unknown

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    from shapecheck.reader.call import Call
    from shapecheck.reader.state import Reader

OBJECTS = ("optimizers", "losses", "metrics", "callbacks", "initializers", "regularizers", "constraints", "activations", "schedules")
"""Modules of Keras whose classes are kept as objects with their arguments."""
KNOWN = frozenset({"argparse", "types", "absl", "gym", "gymnasium", "keras_tuner", "kerastuner", "scikeras", "easydict", "munch"})
"""Libraries whose objects hold numbers that the file determines (reader/data/known_objects.py)."""
STANDARD = ("copy", "itertools", "collections", "pathlib")
LOWER = "abcdefghijklmnopqrstuvwxyz"
DIGITS, SIGNS, SPACE = "0123456789", "!\"#$%&'()*+,-./:;<=>?@[\\]^_`{|}~", " \t\n\r\x0b\x0c"
CHARACTERS = {
    "ascii_letters": LOWER + LOWER.upper(), "ascii_lowercase": LOWER, "ascii_uppercase": LOWER.upper(), "digits": DIGITS,
    "hexdigits": DIGITS + "abcdefABCDEF", "octdigits": "01234567", "punctuation": SIGNS,
    "printable": DIGITS + LOWER + LOWER.upper() + SIGNS + SPACE, "whitespace": SPACE,
}  # fmt: skip
"""Constants of the module `string`, whose import takes 4 ms because it loads re."""
VALUES = {"math.pi": 3.141592653589793, "numpy.pi": 3.141592653589793, "math.e": 2.718281828459045, "numpy.e": 2.718281828459045,
          "numpy.newaxis": None, "tensorflow.newaxis": None,
          **{f"string.{name}": text for name, text in CHARACTERS.items()}}  # fmt: skip
"""Names with a known value."""


def constant(path: str) -> Any:
    """A name of a library as a value, a number if it is one."""
    return VALUES[path] if path in VALUES else Library(path)


def call(reader: Reader, function: Library, call: Call) -> Any:
    """The result of calling a library's function or class."""
    path = canonical(function.path)
    root, _, rest = path.partition(".")
    if root in ("six", "past"):  # six.moves.range, past.builtins.xrange
        root, rest = "builtins", path.rpartition(".")[2].removeprefix("x")
    tensorial = (root in ("tensorflow", "keras", "numpy", "jax") and ".layers." not in path) or path == "builtins.abs"
    if tensorial and reader.tracing is not None and root != "builtins" and tensors.concerned(path, call):
        return tensors.call(path, call)
    symbolic = tensorial and reader.tracing is None and reader.stacks.symbolic and root not in ("numpy", "jax")
    if symbolic and operations.concerned(reader, path, call):
        return operations.function(reader, path, call)
    if root == "builtins":
        return builtins.call(reader, rest, call)
    if root == "keras":
        return keras(reader, path, call)
    if path == "functools.partial":
        return builtins.partial(call)
    if root in FOLLOWED:
        return functions.call(reader, path, call)
    if root in STANDARD:
        return builtins.standard(reader, path, call)
    last = path.rpartition(".")[2]
    if root in KNOWN or last.startswith("DEFINE_"):
        from shapecheck.reader.data import known_objects

        return known_objects.call(reader, path, call)
    reader.passed_on(call)
    return unknown(last, because("{path}() is not in the file", path=path))


def keras(reader: Reader, path: str, call: Call) -> Any:
    """Sequential, Model, Input, layers, and the objects and data around them."""
    parts = path.split(".")
    last = parts[-1]
    if last == "Sequential":
        return models.sequential(reader, call)
    if last in ("Model", "Functional") and "applications" not in parts:
        return functional.model(reader, call)
    if last == "save_model":
        models.saved(reader, call.get(0, "model"), call.get(1, "filepath"))
    if last in models.LOADED:
        return models.loaded(reader, last, call)
    if last == "Input":
        return layers.input_tensor(reader, call)
    if "datasets" in parts:
        from shapecheck.reader.data.datasets import keras as data_set

        order = reader.stacks.dialect.data_format
        if isinstance(order, Unknown) and "cifar" in path:
            return unknown("the data", order.why)
        return data_set(path, call, order == "channels_first")
    if "applications" in parts:
        from shapecheck.reader.keras.applications import call as application

        return application(reader, parts, call)
    if any(part in OBJECTS for part in parts[1:-1]):
        return Opaque(path, call.args, call.keywords)
    if last in ("KerasClassifier", "KerasRegressor"):
        from shapecheck.reader.data.known_objects import wrapped

        return wrapped(reader, path, call)
    if last == "get_custom_objects":
        return reader.stacks.custom
    if last.lower().replace("_", "") == "customobjectscope":
        given = call.get(0, "objects", call.keywords.get("custom_objects"))
        reader.stacks.custom.update(given if isinstance(given, Table) else {})
    if last in ("get", "deserialize"):
        return unknown(last, because("{path}() is not supported", path=path))
    if "layers" in parts or len(parts) == 2 or dialects.is_layer(last):
        made = layers.keras(reader, last, call)
        if made is not None:
            return made
    return functions.call(reader, path, call)
