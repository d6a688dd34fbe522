"""The public names of the installed Keras, read from its files: which name of keras.src is which public one."""

from __future__ import annotations

import re
from functools import lru_cache
from importlib.metadata import distribution
from pathlib import Path

EXPORT = re.compile(r"^from (keras\.src[\w.]*) import \(?\s*(\w+)(?: as (\w+))?,?\s*\)?$", re.M)


def folder() -> Path:
    """The folder of the installed package `keras`, found without importing it."""
    return Path(str(distribution("keras").locate_file("keras")))


@lru_cache(1)
def exports() -> dict[tuple[str, str], list[str]]:
    """(module of keras.src, name) -> its public paths, for example ("keras.src.layers.core.dense", "Dense") -> ["keras.layers.Dense"]."""
    found: dict[tuple[str, str], list[str]] = {}
    for file in sorted(folder().rglob("__init__.py")):
        inside = file.parent.relative_to(folder()).parts
        if inside[:1] in (("src",), ("_tf_keras",)):
            continue
        for module, name, public in EXPORT.findall(file.read_text(encoding="utf-8")):
            found.setdefault((module, name), []).append(".".join(("keras", *inside, public or name)))
    return found


@lru_cache(1)
def public_paths() -> frozenset[str]:
    """All public paths."""
    return frozenset(path for paths in exports().values() for path in paths)


def public_of(module: str, name: str) -> list[str]:
    """The public paths of a name of a module of Keras; [] for a private one.

    Packages pass names on from their modules: keras.src.layers.Dense is keras.src.layers.core.dense.Dense.
    """
    if not module.startswith("keras.src"):
        return [path for path in (f"{module}.{name}",) if path in public_paths()]
    direct = exports().get((module, name))
    if direct:
        return direct
    inside = [paths for (home, what), paths in exports().items() if what == name and home.startswith(module + ".")]
    room = module.removeprefix("keras.src").lstrip(".").split(".")[0]
    each = [path for paths in inside for path in paths]
    return sorted(each, key=lambda path: not path.startswith(f"keras.{room}."))
