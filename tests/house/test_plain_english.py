"""The word list of CONTRIBUTING: phrases of its left column that are never right are not in messages, docstrings, comments or texts."""

from __future__ import annotations

import ast
import io
import re
import tokenize
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]

INSTEAD = {
    r",\s+say\b": ("write 4, say", "for example 4"),
    r"\b(?:is|are|was|were)\s+told\b": ("the loss is told first", "is reported, is passed"),
    r"\bcannot\s+be\s+told\b": ("the shape cannot be told", "is unknown"),
    r"\b[Nn]obody\b": ("Nobody asks", "none, no user"),
    r"\bstands?\s+(?:in|at|before|behind|there|beside|alone|first)\b": ("it stands at the end", "is at, means"),
    r"\bthere\s+(?:is|are)\s+not\b(?!\s+(?:a|an|the|one|enough)\b)": ("named what there is not", "does not exist"),
    r"\bnot\s+in\s+force\b": ("the change is not in force", "has no effect"),
    r"\bno\s+kind\s+of\b": ("it is no kind of number", "is not a"),
    r"\b(?:made|makes?|written|compiled|read)\s+anew\b": ("it is made anew", "again, is created again"),
    r"\band\s+(?:its|their)\s+kin\b": ("Add and its kin", "and similar layers"),
    r"\bis\s+not\s+followed\b": ("this call is not followed", "is not supported"),
    r"\basks?\s+of\b": ("what the loss asks of it", "requires"),
    r"\bhow-manieth\b": ("at its how-manieth use", "index"),
}
"""A pattern, a sentence that it finds, and what to write."""

SOURCES = sorted(path for room in ("shapecheck", "tinyseq", "tutorials") for path in (ROOT / room).rglob("*.py"))
TEXTS = [ROOT / "README.md", ROOT / ".github" / "BENCHMARKS.md", ROOT / "tutorials" / "TEACHERS.md"]


def strings(source: str) -> Iterator[tuple[int, str]]:
    """(line, text) of every string and comment."""
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Constant) and isinstance(node.value, str):
            yield node.lineno, node.value
    for token in tokenize.generate_tokens(io.StringIO(source).readline):
        if token.type == tokenize.COMMENT:
            yield token.start[0], token.string


def found(text: str) -> list[str]:
    """The phrases of the left column in a text."""
    return [match[0] for pattern in INSTEAD for match in re.finditer(pattern, text)]


@pytest.mark.parametrize("pattern", INSTEAD)
def test_a_phrase_of_the_word_list_is_found_and_its_replacement_is_not(pattern: str) -> None:
    wrong, right = INSTEAD[pattern]
    assert re.search(pattern, wrong) and not found(right)


def test_strings_and_comments_use_the_words_of_the_right_column() -> None:
    wrong = [
        f"{path.relative_to(ROOT)}:{line}: {phrase!r}"
        for path in SOURCES
        for line, text in strings(path.read_text(encoding="utf-8"))
        for phrase in found(text)
    ]
    assert not wrong, "see Words in CONTRIBUTING:\n" + "\n".join(wrong)


@pytest.mark.parametrize("path", TEXTS, ids=lambda path: path.name)
def test_pages_use_the_words_of_the_right_column(path: Path) -> None:
    assert not found(path.read_text(encoding="utf-8"))


def test_contributing_uses_them_except_in_its_word_list() -> None:
    text = (ROOT / ".github" / "CONTRIBUTING.md").read_text(encoding="utf-8")
    assert not found(text.partition("| instead of | write |")[0])


@pytest.mark.parametrize("room", ["shapecheck"])
def test_the_first_paragraph_of_a_docstring_ends_with_its_sentence(room: str) -> None:
    documented = (ast.Module, ast.ClassDef, ast.FunctionDef, ast.AsyncFunctionDef)
    found = []
    for path in sorted((ROOT / room).rglob("*.py")):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            text = ast.get_docstring(node) if isinstance(node, documented) else None
            head, gap, _ = (text or "").partition("\n\n")
            if gap and head.rstrip()[-1:] not in (".", ":", "?", "!", ")"):
                found.append(f"{path.relative_to(ROOT)}: {head[-60:]!r}")
    assert found == []
