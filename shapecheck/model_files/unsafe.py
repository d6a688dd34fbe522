"""What in a configuration would run code, or open a path or an address, in a loader that trusts the file."""

from __future__ import annotations

import sys

from shapecheck.diagnostics.model_files import UnsafeCode
from shapecheck.languages import Phrase

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator
    from typing import Any

    from shapecheck.diagnostics.base import Diagnostic

    Json = Any

REBUILD = Phrase("SC001", "help.rebuild", "rebuild that part with layers")
CLASSES = {
    "TFSMLayer": (
        Phrase("SC001", "message.folder", "a TFSMLayer loads a TensorFlow program from a folder that the file names"),
        Phrase("SC001", "help.convert", "convert the model that it was made of"),
    ),
    "TorchModuleWrapper": (
        Phrase("SC001", "message.torch", "a TorchModuleWrapper contains a pickle, which runs code when it is loaded"), REBUILD,
    ),
    "JaxLayer": (Phrase("SC001", "message.jax", "a JaxLayer contains functions of JAX as code"), REBUILD),
    "FlaxLayer": (Phrase("SC001", "message.flax", "a FlaxLayer contains a pickle, which runs code when it is loaded"), REBUILD),
}  # fmt: skip
LOOKUPS = ("StringLookup", "IntegerLookup", "TextVectorization", "IndexLookup")
MOST = 50
"""Findings of this kind of one file."""


def unsafe_parts(config: Json) -> list[tuple[Diagnostic, str]]:
    """Each unsafe part with the name of its layer."""
    found: list[tuple[Diagnostic, str]] = []
    seen: set[tuple[str, str]] = set()
    for diagnostic, name in _walk(config):
        if (diagnostic.message(), name) not in seen and len(found) < MOST:
            seen.add((diagnostic.message(), name))
            found.append((diagnostic, name))
    return found


def _walk(config: Json) -> Iterator[tuple[UnsafeCode, str]]:
    """By a list of what is left, because a file may be nested deeper than Python's stack."""
    waiting: list[tuple[Json, str]] = [(config, "")]
    while waiting:
        value, layer = waiting.pop()
        if isinstance(value, list):
            waiting += [(one, layer) for one in reversed(value) if isinstance(one, (dict, list))]
        if not isinstance(value, dict):
            continue
        inner = value.get("config")
        if isinstance(inner, dict) and isinstance(inner.get("name"), str) and not isinstance(value.get("layers"), list):
            layer = inner["name"]
        yield from _of(value, inner if isinstance(inner, dict) else {}, layer)
        waiting += [(one, layer) for one in reversed(value.values()) if isinstance(one, (dict, list))]


def _of(value: dict[str, Any], inner: dict[str, Any], layer: str) -> Iterator[tuple[UnsafeCode, str]]:
    name, module = value.get("class_name"), value.get("module")
    if not isinstance(name, str):
        return
    advice = Phrase(
        "SC001", "help.function",
        "write the function in your program, and pass it: load_model(..., custom_objects={{{layer!r}: f}})", layer=layer,
    )  # fmt: skip
    if name == "Lambda" and isinstance(inner.get("function"), list) and inner.get("function_type") != "function":
        what = Phrase("SC001", "message.lambda", "a Lambda contains Python's machine code, which a loader that trusts the file runs")
        yield UnsafeCode(what, advice), layer
    elif name == "__lambda__":
        what = Phrase(
            "SC001", "message.function", "a function is in the file as Python's machine code, which a loader that trusts the file runs"
        )
        yield UnsafeCode(what, advice), layer
    elif name in CLASSES:
        yield UnsafeCode(*CLASSES[name]), layer
    elif _of_python(module) and not (module == "builtins" and name == "function"):
        what = Phrase(
            "SC001", "message.module", "the class {name!r} is of the module {module}, which is Python's own and no part of a model",
            name=name, module=module,
        )  # fmt: skip
        yield UnsafeCode(what, Phrase("SC001", "help.module", "do not load it where it would be imported")), layer
    vocabulary = inner.get("vocabulary")
    if name in LOOKUPS and isinstance(vocabulary, str) and vocabulary:
        what = Phrase(
            "SC001", "message.vocabulary", "a {name} reads its vocabulary from {path!r} when it is loaded", name=name, path=vocabulary[:60]
        )
        yield UnsafeCode(what, Phrase("SC001", "help.vocabulary", "save it with the list of its words")), layer


def _of_python(module: Json) -> bool:
    return isinstance(module, str) and module.partition(".")[0] in sys.stdlib_module_names
