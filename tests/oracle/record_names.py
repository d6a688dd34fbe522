"""Record every public name and every argument of every public callable of Keras -> shapecheck/migration/recorded_*.py.

    python -m tests.oracle.record_names

Two tables, because they differ: `keras`, and `tensorflow.keras`, which keeps some names of Keras 2.
"""

import importlib
import inspect
import pkgutil
import textwrap
import types
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from tests.oracle.keras_side import keras

ROOM = Path(__file__).parents[2] / "shapecheck" / "migration"
SKIPPED = {"src", "version"}
PROBES = (
    "no_such_argument", "input_shape", "input_dim", "batch_shape", "batch_input_shape", "input_length", "weights", "lr", "decay",
    "input_dtype", "sparse", "ragged", "tensor", "create_graph", "save_freq", "period", "implementation", "activity_regularizer",
)  # fmt: skip
"""Keywords tried on classes that take **kwargs; the first tells whether such a class takes everything."""
SAMPLES: dict[str, Any] = {
    "units": 3, "filters": 2, "kernel_size": 2, "pool_size": 2, "rate": 0.5, "n": 2, "target_shape": (2, 2), "dims": (1, 2), "padding": 1,
    "cropping": 1, "stddev": 0.5, "axes": 1, "num_heads": 2, "key_dim": 2, "head_dim": 4, "num_query_heads": 2, "num_key_value_heads": 1,
    "input_dim": 4, "output_dim": 2, "function": abs, "height": 4, "width": 4, "factor": 0.5, "target_height": 4, "target_width": 4,
    "num_bins": 3, "height_factor": 0.1, "width_factor": 0.1, "equation": "ab,bc->ac", "output_shape": (3,),
    "theta": 1.0, "seed": 1, "max_value": 2.0, "num_classes": 3, "num_tokens": 4,
    "bin_boundaries": [0.0, 1.0], "offset": 0.0, "alpha": 0.5, "feature_space": None, "size": 2, "value": 1.0, "fn": abs,
    "output_size": 2, "max_number": 3, "shape": (3,), "cells": [], "frame_step": 4,
    "initial_learning_rate": 0.1, "decay_steps": 10, "decay_rate": 0.5, "boundaries": [1], "values": [1.0, 0.5],
}  # fmt: skip
"""Arguments that a class needs, by name."""

HOW_NAMES = """
Written by `python -m tests.oracle.record_names`, which says how. A module's text holds a word for each name: `name`, or
`name(first,second)` for what can be called (* as in Python, ** for any keyword), or `name=path` for another name of the same
thing. TENSORFLOW holds the modules that differ there, PRIVATE the modules that are left of tensorflow.python.keras (""), and the names
of the upper ones ("*": of itself).
"""
HOW_MEMBERS = """
Written by `python -m tests.oracle.record_names`. A class's text holds the public classes that it inherits from, a colon, and its own
members, in the words of recorded_names.py. TENSORFLOW_CLASSES holds those that differ there.
"""


def modules(root: types.ModuleType) -> Iterator[tuple[str, types.ModuleType]]:
    """("layers", keras.layers) and so on, the root as ""; those that only an import brings in are imported."""
    waiting = [("", root)]
    while waiting:
        path, module = waiting.pop()
        yield path, module
        packages = {found.name for found in pkgutil.iter_modules(getattr(module, "__path__", []))} - SKIPPED
        for name in sorted({*vars(module), *packages} - SKIPPED):
            value = getattr(module, name, None)
            if value is None and name in packages:
                value = importlib.import_module(f"{module.__name__}.{name}")
            public = isinstance(value, types.ModuleType) and not name.startswith("_")
            if public and value.__name__.startswith("keras.") and not value.__name__.startswith("keras.src"):
                waiting.append((f"{path}.{name}".lstrip("."), value))


def arguments(function: Any, bound: bool) -> tuple[list[str], bool]:
    """Names in order, with * before those by keyword only and *name for the rest; and whether it takes **kwargs."""
    try:
        given = list(inspect.signature(function).parameters.values())[bound:]
    except (ValueError, TypeError):
        return ["*"], True
    names: list[str] = []
    for one in given:
        if one.kind is one.KEYWORD_ONLY and not any(name.startswith("*") for name in names):
            names.append("*")
        if one.kind is not one.VAR_KEYWORD:
            names.append(f"*{one.name}" if one.kind is one.VAR_POSITIONAL else one.name)
    return names, any(one.kind is one.VAR_KEYWORD for one in given)


def constructor(kind: type) -> list[str]:
    """The arguments of a class, those of its bases included where it passes **kwargs on to them; ** if it takes any name."""
    first = next((base for base in kind.__mro__ if "__init__" in vars(base) and base is not object), None)
    own, passed_on = arguments(vars(first)["__init__"], True) if first else ([], False)
    if not passed_on:
        return own
    behind: list[str] = []
    for base in kind.__mro__[kind.__mro__.index(first) + 1 :]:
        if passed_on and "__init__" in vars(base) and base is not object:
            more, passed_on = arguments(vars(base)["__init__"], True)
            behind += [name for name in more if not name.startswith("*") and name not in (*own, *behind)]
    more = taken(kind, own, behind)
    return [*own, *["*"] * (bool(more) and "*" not in own and more != ["**"]), *more]


def taken(kind: type, own: list[str], behind: list[str]) -> list[str]:
    """What else a class takes by keyword, tried: its bases' arguments and PROBES; with ** where it takes any, or cannot be made."""
    needed = {
        one.name: SAMPLES.get(one.name)
        for one in list(inspect.signature(kind).parameters.values())
        if one.default is one.empty and one.kind in (one.POSITIONAL_OR_KEYWORD, one.KEYWORD_ONLY)
    }
    if "layer" in needed or "cell" in needed:
        needed.update({name: keras.layers.LSTM(2) if name == "layer" else keras.layers.LSTMCell(2) for name in needed})
    found = []
    try:
        kind(**needed)
    except Exception:
        return [*behind, "**"]
    for name in dict.fromkeys([*PROBES, *behind]):
        if name in own or name in needed:
            continue
        value = {"input_dim": 3, "input_length": 3, "lr": 0.1, "decay": 0.1, "period": 1}.get(name, (3, 4) if name in PROBES else None)
        try:
            kind(**needed, **{name: value})
        except Exception as error:
            if name not in behind or (isinstance(error, TypeError) and "multiple values" in str(error)):
                continue  # it is not taken; any other error is about the value
        if name == PROBES[0]:
            return [*behind, "**"]
        found.append(name)
    return found


def members(kind: type) -> dict[str, str]:
    """The public methods, with their arguments, and attributes that a class defines itself."""
    found = {}
    for name, value in vars(kind).items():
        if name.startswith("_"):
            continue
        function = value.__func__ if isinstance(value, (staticmethod, classmethod)) else value
        if inspect.isfunction(function):
            names, more = arguments(function, not isinstance(value, staticmethod))
            found[name] = f"{name}({','.join(names + ['**'] * more)})"
        elif not inspect.isclass(value):
            found[name] = name
    return found


def entry(name: str, value: Any) -> str:
    """`name`, or `name(first,second)` for what can be called."""
    if inspect.isclass(value):
        return f"{name}({','.join(constructor(value))})"
    if callable(value):
        names, more = arguments(value, False)
        return f"{name}({','.join(names + ['**'] * more)})"
    return name


def table(root: types.ModuleType) -> tuple[dict[str, list[str]], dict[str, type]]:
    """For every module its entries; and every public class by its longest path. A name met before is `name=path`."""
    found: dict[str, list[str]] = {}
    home: dict[int, str] = {}
    classes: dict[str, type] = {}
    all_modules = sorted(modules(root), key=lambda one: (-one[0].count("."), one[0] == "", one[0]))
    for path, module in all_modules:
        entries = []
        for name, value in sorted(vars(module).items()):
            if name.startswith("_") or name in SKIPPED or isinstance(value, types.ModuleType):
                continue
            mark = id(value) if callable(value) else 0
            if mark in home:
                entries.append(f"{name}={home[mark]}")
                continue
            if mark:
                home[mark] = f"{path}.{name}".lstrip(".")
            if inspect.isclass(value):
                classes[home[mark]] = value
            entries.append(entry(name, value))
        found[path] = entries
    return dict(sorted(found.items())), classes


def inherited(classes: dict[str, type]) -> dict[str, str]:
    """For every class: `Base1 Base2: member member(first,second)`, with the next public bases; private ones are folded in."""
    known = {kind: path for path, kind in classes.items()}
    result = {}
    for path, kind in sorted(classes.items()):
        own: dict[str, str] = {}
        bases: list[str] = []
        covered: set[type] = set()
        for base in kind.__mro__:
            if base is object or base in covered:
                continue
            if base is not kind and base in known:
                bases.append(known[base])
                covered.update(base.__mro__)
                continue
            if base.__module__.startswith("keras"):
                own = {**members(base), **own}
        result[path] = f"{' '.join(bases)}: {' '.join(own[name] for name in sorted(own))}"
    return result


def own_names(path: str) -> list[str]:
    """The public classes, functions and numbers of a module that is left of tensorflow.python.keras."""
    module = importlib.import_module(path.removesuffix(".*"))
    return sorted(
        name for name, value in vars(module).items() if not name.startswith("_") and not isinstance(value, types.ModuleType)
    )


def literal(name: str, content: dict[str, str]) -> str:
    """The source of a dict of long texts, wrapped."""
    lines = [f"{name}: dict[str, str] = {{"]
    for key, text in content.items():
        wrapped = textwrap.wrap(text, 136, break_long_words=False, break_on_hyphens=False)
        if len(wrapped) < 2:
            lines.append(f'    "{key}": "{text}",')
        else:
            lines += [f'    "{key}": """', *wrapped, '""",']
    return "\n".join([*lines, "}"])


def main() -> None:
    import tensorflow as tf

    keras_names, keras_classes = table(keras)
    tensorflow_names, tensorflow_classes = table(importlib.import_module(tf.keras.__name__))
    ours = {path: " ".join(entries) for path, entries in keras_names.items()}
    theirs = {path: " ".join(entries) for path, entries in tensorflow_names.items()}
    only_theirs = {path: text for path, text in theirs.items() if ours.get(path) != text}
    assert ours.keys() <= theirs.keys(), ours.keys() - theirs.keys()
    kinds = inherited(keras_classes)
    more_kinds = {path: text for path, text in inherited(tensorflow_classes).items() if kinds.get(path) != text}
    names = f"Every public name and argument of Keras {keras.__version__}, and of tensorflow.keras of TensorFlow {tf.__version__}."
    versions = f'VERSION = "{keras.__version__}"\nTENSORFLOW_VERSION = "{tf.__version__}"\n'
    private = importlib.import_module("tensorflow.python.keras")
    left = " ".join(
        sorted(
            found.name.removeprefix("tensorflow.python.keras.") for found in pkgutil.walk_packages(private.__path__,
            f"{private.__name__}.")
        )
    )
    names_of = {name: " ".join(own_names(f"{private.__name__}.{name}".rstrip("."))) for name in ("*", *left.split()) if "." not in name}
    tables = {"KERAS": ours, "TENSORFLOW": only_theirs, "PRIVATE": {"": left, **names_of}}
    write("recorded_names.py", f"{names}\n{HOW_NAMES}", versions, tables)
    write("recorded_members.py", f"The members of every public class of Keras {keras.__version__}.\n{HOW_MEMBERS}", "",
          {"CLASSES": kinds, "TENSORFLOW_CLASSES": more_kinds})  # fmt: skip


def write(name: str, words: str, head: str, content: dict[str, dict[str, str]]) -> None:
    """A module of data."""
    body = "\n".join(literal(part, texts) for part, texts in content.items())
    (ROOM / name).write_text(f'"""{words}"""\n\n# ruff: noqa: E501\n\n{head}{body}\n', encoding="utf-8")


if __name__ == "__main__":
    main()
