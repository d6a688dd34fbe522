"""Every finding there is: its class, whose docstring is its page, and its code."""

from __future__ import annotations

from shapecheck.diagnostics.base import Diagnostic

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any


def pages() -> list[Any]:
    """The classes of all findings, in the order of their codes. Loads every module of shapecheck/diagnostics."""
    from importlib import import_module
    from pkgutil import iter_modules

    import shapecheck.diagnostics as package
    names = [f"shapecheck.diagnostics.{found.name}" for found in iter_modules(package.__path__)]
    for name in (*names, "shapecheck.reader.keras.dialects"):
        import_module(name)
    found, waiting = [], [Diagnostic]
    while waiting:
        for kind in waiting.pop().__subclasses__():
            waiting.append(kind)
            if hasattr(kind, "code"):
                found.append(kind)
    return sorted(found, key=lambda page: str(page.code))


def unknown_code(codes: list[str]) -> str:
    """What is wrong with the first of these codes or beginnings of codes that no finding has; "" if all are known.

    >>> unknown_code(["SC1", "SC402", "ALL"]), unknown_code(["SC102", "E101"])
    ('', 'E101 is no code and begins none; the nearest is SC101')
    """
    known = [str(page.code) for page in pages()]
    for code in codes:
        if code != "ALL" and not any(one.startswith(code) for one in known):
            return f"{code} is no code and begins none; the nearest is {_nearest(code, known)}"
    return ""


def _nearest(code: str, known: list[str]) -> str:
    from difflib import SequenceMatcher

    families = sorted({one[:3] for one in known})
    return max([*known, *families], key=lambda one: SequenceMatcher(None, code, one).ratio())
