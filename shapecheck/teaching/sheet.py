"""A worksheet to print: questions with room for answers, and a page of solutions. Black and white, A4, one file without links."""

from __future__ import annotations

from html import escape

from shapecheck.languages import words
from shapecheck.teaching.questions import question
from shapecheck.teaching.texts import QUIZ

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Sequence

    from shapecheck.teaching.questions import Question

STYLE = """
@page { size: A4; margin: 18mm; }
body { font: 11pt/1.45 "Noto Sans", "Noto Sans Devanagari", system-ui, sans-serif; color: #000; background: #fff; }
main { max-width: 174mm; margin: 1rem auto; padding: 0 .8rem; }
@media print { main { padding: 0; margin: 0 auto; } }
h1 { font-size: 18pt; margin: 0 0 .3rem; } h2 { font-size: 18pt; }
header p { display: flex; gap: 2rem; margin: 0 0 1rem; }
header span { flex: 1; border-bottom: 1px solid #000; padding-top: 1.2rem; }
ol { padding-left: 1.6rem; } li { break-inside: avoid; margin-bottom: 1.1rem; padding-left: .3rem; } li::marker { font-weight: 700; }
pre { font: 10pt/1.4 "Noto Sans Mono", ui-monospace, monospace; margin: .2rem 0; white-space: pre-wrap; overflow-wrap: break-word; }
li p { margin: .4rem 0 0; } ul { list-style: none; margin: 0; padding-left: 1rem; } ul li { margin: 0; padding: 0; }
.line { border-bottom: 1px solid #000; height: 1.6rem; }
section.solutions { break-before: page; } section.solutions pre { font-size: 8pt; } section.solutions p { margin: 0; font-weight: 700; }
"""


def sheet(levels: Sequence[int], seed: int, language: str) -> str:
    """The worksheet as HTML.

    Arguments:
        levels: the level of each question
        seed: of all questions: those of a quiz with the same seed
        language: of the words
    """
    say = words("quiz", QUIZ, language)
    asked = [question(level, f"{seed} {number}", language) for number, level in enumerate(levels)]
    questions = "\n".join(f'<li>{_question(one)}<div class="line"></div></li>' for one in asked)
    answers = "\n".join(f"<li><pre>{escape(chr(10).join(one.why()))}</pre></li>" for one in asked)
    title = escape(say["sheet"])
    lines = f"<p><span>{escape(say['name'])}</span><span>{escape(say['date'])}</span></p>"
    return (
        f'<!doctype html>\n<html lang="{language}">\n<head>\n<meta charset="utf-8">\n<title>{title}</title>\n'
        f'<meta name="viewport" content="width=device-width, initial-scale=1">\n<style>{STYLE}</style>\n</head>\n<body>\n<main>\n'
        f"<header><h1>{title}</h1>{lines}</header>\n<ol>\n{questions}\n</ol>\n"
        f'<section class="solutions">\n<h2>{escape(say["solutions"])} ({seed})</h2>\n<ol>\n{answers}\n</ol>\n</section>\n'
        "</main>\n</body>\n</html>\n"
    )


def _question(one: Question) -> str:
    choices = "".join(f"<li>{escape(choice)}</li>" for choice in one.lettered)
    stack = escape("\n".join(one.drawn()))
    notes = "".join(f"<p><small>{escape(note)}</small></p>" for note in one.notes)
    return f"<pre>{stack}</pre>{notes}<p>{escape(one.asked)}</p>" + (f"<ul>{choices}</ul>" if choices else "")
