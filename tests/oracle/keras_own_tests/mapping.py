"""A package `keras` that is tinyseq: Keras's own test files import it and so test tinyseq.

A name is looked up in stand_ins.py (what tests need of private modules to make data and compare), then among the public names of tinyseq
under the same path. What neither has is a class that raises Absent, with the public path, or Private at its first use, so that a file
with one such name still loads.
"""

from __future__ import annotations

import sys
from collections.abc import Iterator, Sequence
from importlib import import_module
from importlib.abc import Loader, MetaPathFinder
from importlib.machinery import ModuleSpec, SourceFileLoader
from importlib.util import spec_from_loader
from pathlib import Path
from types import ModuleType
from typing import Any

from tests.oracle.keras_own_tests import keras_names

ELSEWHERE = ("models", "utils", "layers", "ops", "backend", "losses", "metrics", "optimizers", "callbacks", "initializers")
"""Modules of tinyseq that are searched for a public name that is in another module of Keras."""


LOADED = ("keras.src.backend.common.backend_utils",)
"""Modules of Keras that tests compute their expected numbers with: loaded as they are."""


class Absent(Exception):
    """tinyseq has no such public name."""


class Private(Exception):
    """Keras has no such public name."""


class Lacking(type):
    """A class in place of a name that tinyseq does not have; any use but to derive from it raises."""

    def __call__(cls, *arguments: Any, **options: Any) -> Any:
        raise cls.reason(cls.path)  # type: ignore[attr-defined]

    def __getattr__(cls, name: str) -> Any:
        if name.startswith("__"):
            raise AttributeError(name)
        return lacking(f"{cls.path}.{name}", cls.reason)  # type: ignore[attr-defined]

    def __enter__(cls) -> Any:
        cls()

    def __exit__(cls, *_: object) -> None: ...

    def __iter__(cls) -> Iterator[Any]:
        return iter(())

    def __or__(cls, other: Any) -> Any:
        return cls


def lacking(path: str, reason: type[Exception]) -> Any:
    """The class for one missing name."""
    return Lacking(path.rsplit(".", 1)[-1], (), {"path": path, "reason": reason})


def of_tinyseq(path: str) -> Any:
    """What tinyseq has under a public path of Keras. AttributeError if it has none."""
    import tinyseq

    found: Any = tinyseq
    try:
        for part in path.split(".")[1:]:
            found = getattr(found, part)
        return found
    except AttributeError:
        name = path.rsplit(".", 1)[-1]
        for room in ELSEWHERE:
            module = getattr(tinyseq, room)
            if hasattr(module, name):
                return getattr(module, name)
        raise


class Mapped(ModuleType):
    """One module of the package `keras`."""

    def __getattr__(self, name: str) -> Any:
        if name.startswith("__"):
            raise AttributeError(name)
        value = self._find(name)
        setattr(self, name, value)
        return value

    def _find(self, name: str) -> Any:
        from tests.oracle.keras_own_tests import stand_ins

        own = stand_ins.find(self.__name__, name)
        if own is not stand_ins.NOTHING:
            return own
        inside = f"{self.__name__}.{name}"
        if _is_module(inside) and (self.__name__, name) not in keras_names.exports():
            return import_module(inside)  # keras.src.backend is a module, although keras.config.backend is a function
        publics = keras_names.public_of(self.__name__, name)
        for path in publics:
            try:
                return of_tinyseq(path)
            except AttributeError:
                continue
        if _is_module(inside):
            return import_module(inside)
        return lacking(publics[0], Absent) if publics else lacking(f"{self.__name__}.{name}", Private)


def _file_of(module: str) -> Path:
    return keras_names.folder().joinpath(*module.split(".")[1:])


def _is_module(module: str) -> bool:
    path = _file_of(module)
    return path.is_dir() or path.with_suffix(".py").is_file()


class MappedLoader(Loader):
    """Makes an empty module whose names are looked up when they are used."""

    def create_module(self, spec: ModuleSpec) -> ModuleType:
        module = Mapped(spec.name)
        module.__path__ = []
        return module

    def exec_module(self, module: ModuleType) -> None: ...


class Finder(MetaPathFinder):
    """Finds `keras` and all its modules: the files *_test.py and LOADED are Keras's own, every other module is mapped."""

    def find_spec(self, name: str, path: Sequence[str] | None = None, target: ModuleType | None = None) -> ModuleSpec | None:
        if name.split(".")[0] != "keras" or not _is_module(name):
            return None
        if name.endswith("_test") or name in LOADED:
            file = str(_file_of(name).with_suffix(".py"))
            return spec_from_loader(name, SourceFileLoader(name, file))
        return spec_from_loader(name, MappedLoader(), is_package=True)


def install() -> None:
    """`import keras` means tinyseq from now on; no test is skipped for its backend."""
    conftest: Any = ModuleType("conftest")
    conftest.skip_if_backend = lambda *_: lambda test: test
    sys.modules["conftest"] = conftest
    sys.meta_path.insert(0, Finder())
