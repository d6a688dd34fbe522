"""Every kind of finding: its class, whose docstring is its page, and its code."""

from __future__ import annotations

import re
import textwrap
from importlib import import_module

from shapecheck import diagnostics
from shapecheck.diagnostics.base import CODES
from shapecheck.languages import say

TYPE_CHECKING = False
if TYPE_CHECKING:
    from shapecheck.diagnostics.base import Diagnostic


def pages() -> list[type[Diagnostic]]:
    """The classes of all findings, in the order of their codes. Loads every module of shapecheck/diagnostics."""
    from pkgutil import iter_modules

    for found in iter_modules(diagnostics.__path__):
        import_module(f"shapecheck.diagnostics.{found.name}")
    return [CODES[code] for code in sorted(CODES)]


PARTS = {
    "Bad": "",
    "Good": "",
    "The sum": "sum",
    "A drawing": "drawing",
    "Which repair, and when": "repairs",
    "A question": "question",
}
"""The headings of a page, in their order, and the names of those parts in other languages; "": code, the same in every language."""


def parts(kind: type[Diagnostic]) -> dict[str, str]:
    """The parts of a page by their headings, without the indent; only those that it has."""
    text = textwrap.dedent((kind.__doc__ or "").partition("\n")[2]) + "\n"
    found = {name: re.search(rf"^{name}:\n((?:    .*\n|\n)+)", text, re.M) for name in PARTS}
    return {name: textwrap.dedent(part[1]).strip("\n") for name, part in found.items() if part}


def unknown_code(codes: list[str]) -> str:
    """The error for the first of these codes or prefixes that no finding has; "" if all are known.

    >>> unknown_code(["SC1", "SC402", "ALL"]), unknown_code(["SC102", "E101"])
    ('', 'E101 is not a code or the beginning of one; the nearest is SC101')
    """
    known = [code for page in pages() for code in (page.code, *page.formerly)]
    for code in codes:
        if code != "ALL" and not any(one.startswith(code) for one in known):
            nearest = _nearest(code, known)
            return say(
                "command", "code", "{code} is not a code or the beginning of one; the nearest is {nearest}", code=code, nearest=nearest
            )
    return ""


def _nearest(code: str, known: list[str]) -> str:
    from difflib import SequenceMatcher

    families = sorted({one[:3] for one in known})
    return max([*known, *families], key=lambda one: SequenceMatcher(None, code, one).ratio())
