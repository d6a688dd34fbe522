"""A student's feedback page: one HTML file without links or scripts; everything that a student wrote is escaped."""

from __future__ import annotations

import re
from html import escape

from shapecheck.languages import speaking, words
from shapecheck.teaching.texts import GRADE

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence

    from shapecheck.teaching.grading import Graded

    Phrase = Callable[..., str]

STYLE = """
body { font: 1rem/1.5 "Noto Sans", "Noto Sans Devanagari", system-ui, sans-serif; color: #000; background: #fff; }
main { max-width: 48rem; margin: 1rem auto; padding: 0 1rem; }
table { border-collapse: collapse; width: 100%; margin: .5rem 0 1rem; } caption { text-align: left; font-weight: 700; }
th, td { text-align: left; padding: .2rem .35rem; border-bottom: 1px solid #767676; vertical-align: top; overflow-wrap: break-word; }
.wide { overflow-x: auto; } li, h1, p { overflow-wrap: anywhere; }
li { margin-bottom: .5rem; } code, td { font-variant-numeric: tabular-nums; } .points { font-size: 1.4rem; font-weight: 700; }
"""


def page(one: Graded) -> str:
    """The page of a student, in the student's language.

    Arguments:
        one: what was found
    """
    language = one.language

    with speaking(language):
        problems, without = [str(why) for why in one.problems], [str(text) for text in one.without_force]

    def phrase(key: str, **values: object) -> str:
        return escape(words("grade", GRADE, language)[key].format(**values))

    body = [f"<h1>{escape(one.student)}</h1>", f'<p class="points">{phrase("points", points=one.points, of=one.of)}</p>']
    if one.file:
        body.append(f"<p>{phrase('file', file=one.file, model=one.found.get('model') or '?')}</p>")
    body += _list(phrase("problems"), map(escape, problems))
    if one.file and not one.found.get("model") and not one.found.get("error"):
        body.append(f"<p>{phrase('no_model')}</p>")
    body += _checks(one, phrase) + _rows(one, phrase)
    body += _list(phrase("findings"), (_finding(finding, phrase) for finding in one.found.get("findings", ()) if finding[0] != "note"))
    body += _list(phrase("without_force"), map(escape, without))
    return (
        f'<!doctype html>\n<html lang="{language}">\n<head>\n<meta charset="utf-8">\n<title>{escape(one.student)}</title>\n'
        f'<meta name="viewport" content="width=device-width, initial-scale=1">\n<style>{STYLE}</style>\n</head>\n<body>\n<main>\n'
        + "\n".join(body)
        + "\n</main>\n</body>\n</html>\n"
    )


def file_name(student: str, taken: set[str]) -> str:
    """The name of a student's page: letters and digits of any script, made unique; it is added to `taken`.

    >>> taken = set()
    >>> file_name("../asha", taken), file_name("asha", taken), file_name("मीना", taken)
    ('asha.html', 'asha_2.html', 'मीना.html')
    """
    stem = re.sub(r"[^\w\u0900-\u097f-]+", "_", student).strip("_")[:80] or "student"
    name, number = stem, 1
    while name.casefold() in taken:
        number += 1
        name = f"{stem}_{number}"
    taken.add(name.casefold())
    return f"{name}.html"


def _checks(one: Graded, phrase: Phrase) -> list[str]:
    rows = [
        (f'<th scope="row">{phrase("check_" + key)}</th>', phrase("yes" if holds else "no"), escape(wanted), _got(key, got, one, phrase))
        for key, holds, wanted, got in one.found.get("checks", ())
    ]
    return _table(phrase("checks"), [phrase(key) for key in ("check", "result", "expected", "found")], rows)


def _rows(one: Graded, phrase: Phrase) -> list[str]:
    rows = [
        (f'<th scope="row">{escape(row[0])}</th>', *map(escape, row[1:4]), _verdict(row[4], phrase))
        for row in one.found.get("rows", ())
    ]  # fmt: skip
    caption = phrase("table", input=one.found.get("input", ""))
    return _table(caption, [phrase(key) for key in ("layer", "class", "shape", "parameters", "verdict")], rows)


def _table(caption: str, head: list[str], rows: Sequence[tuple[str, ...]]) -> list[str]:
    """A table of escaped cells, the first of each row a header; nothing without rows."""
    if not rows:
        return []
    columns = "".join(f'<th scope="col">{text}</th>' for text in head)
    lines = [f"<tr>{first}{''.join(f'<td>{cell}</td>' for cell in rest)}</tr>" for first, *rest in rows]
    begin = f'<div class="wide" tabindex="0" role="region" aria-label="{caption}">\n<table>\n<caption>{caption}</caption>'
    return [f"{begin}\n<thead><tr>{columns}</tr></thead>\n<tbody>", *lines, "</tbody>\n</table>\n</div>"]


def _got(key: str, got: str, one: Graded, phrase: Phrase) -> str:
    """What was found; of the layers, how many have each verdict."""
    if key != "works":
        return escape(got)
    counts = one.found.get("counts", {}).items()
    return ", ".join(phrase("count_" + verdict.replace("-", "_"), count=count) for verdict, count in counts if count)


def _verdict(verdict: str, phrase: Phrase) -> str:
    return phrase("verdict_" + verdict.replace("-", "_"))


def _finding(finding: list[str], phrase: Phrase) -> str:
    severity, code, place, text, help_ = finding[0], *(escape(part) for part in finding[1:])
    return f"<strong>{phrase(severity)} {code}</strong> {place}: {text}" + (f"<br>{help_}" if help_ else "")


def _list(title: str, items: Iterable[str]) -> list[str]:
    lines = [f"<li>{item}</li>" for item in items]
    return [f"<h2>{title}</h2>\n<ul>\n" + "\n".join(lines) + "\n</ul>"] if lines else []
