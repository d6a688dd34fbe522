"""--explain CODE: explain a finding."""

from __future__ import annotations

import sys
import textwrap

from shapecheck.cli import console
from shapecheck.languages import current, page, say
from shapecheck.pages import PARTS, pages, parts

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping

    from shapecheck.diagnostics.base import Diagnostic

WIDTH = 100


def explain(code: str) -> int:
    """Prints the page and returns the exit code, 2 if no finding has this code."""
    kind = next((kind for kind in pages() if code.upper() in (kind.code, *kind.formerly)), None)
    if kind is None:
        print(say("explain", "unknown", "no finding has the code {code}; the codes are:", code=code), file=sys.stderr)
        for known in pages():
            print(f"  {known.code}  {_first(known)}", file=sys.stderr)
        return 2
    translated = page(current(), kind.code)
    console.write(_in_words(kind, translated) if translated else f"{kind.code} {kind.__name__}\n\n{_english(kind)}")
    return 0


def _first(kind: type[Diagnostic]) -> str:
    """The first sentence of a page."""
    translated = page(current(), kind.code)
    return (translated["text"] if translated else kind.__doc__ or "").partition("\n")[0]


def _english(kind: type[Diagnostic]) -> str:
    first, _, rest = (kind.__doc__ or "").partition("\n")
    return f"{first}\n{textwrap.dedent(rest).rstrip()}"


def _in_words(kind: type[Diagnostic], translated: Mapping[str, str]) -> str:
    """The page in another language: its examples are those of the English one, and its drawing where that has no words."""
    of = parts(kind)
    heads = {
        "Bad": say("explain", "bad", "Bad:"),
        "Good": say("explain", "good", "Good:"),
        "The sum": say("explain", "sum", "The sum:"),
        "A drawing": say("explain", "drawing", "A drawing:"),
        "Which repair, and when": say("explain", "repairs", "Which repair, and when:"),
        "A question": say("explain", "question", "A question:"),
    }
    found = [f"{kind.code} {kind.__name__}", "\n\n".join(textwrap.fill(text, WIDTH) for text in translated["text"].split("\n\n"))]
    for name, part in PARTS.items():
        if name in of:
            words = translated.get(part, "") if part else ""
            body = _repairs(words) if part == "repairs" else _filled(words) if part in ("sum", "question") else words or of[name]
            found.append(f"{heads[name]}\n{textwrap.indent(body, '    ')}")
    return "\n\n".join(found)


def _filled(words: str) -> str:
    return "\n".join(textwrap.fill(line, WIDTH - 4) for line in words.split("\n"))


def _repairs(words: str) -> str:
    """Each edit, and below it when to choose it."""
    pairs = [line.partition(" | ") for line in words.split("\n")]
    return "\n".join(f"{edit}\n    {when}" for edit, _, when in pairs)
