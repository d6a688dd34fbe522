"""No word is used before it is taught: the glossary names the lesson and the cell of each, and the lessons keep to it."""

import ast
import json
import re
from pathlib import Path
from typing import Any

import pytest

from tests.tutorials.form import FENCE
from tests.tutorials.notebooks import ENGLISH, FOLDER, SOURCES, hindi, read

GLOSSARY: list[dict[str, Any]] = json.loads((FOLDER / "glossary.json").read_text(encoding="utf-8"))
LINKED = re.compile(r"\[[^\]]*\]\([^)]*\)")
CONTENTS = re.compile(r"\*\*(?:Minutes|मिनट):\*\*.*?\n\n", re.DOTALL)
BOLD = re.compile(r"\*\*([^*\n]+)\*\*")
NO_TERM = re.compile(r"^(What|Minutes|How to work|आप क्या|क्या चाहिए|मिनट|कैसे करें|\d\.|SC\d+|not$|ठीक नहीं$)")
TERM = pytest.mark.parametrize("entry", GLOSSARY, ids=lambda entry: str(entry["term"]))


def lesson(source: Path) -> list[tuple[str, str]]:
    """(kind, text) of each cell; prose without its title, names of parts and lessons, and quoted blocks."""
    cells = []
    for place, cell in enumerate(read(source).cells):
        text = cell.source
        if cell.cell_type == "markdown":
            text = CONTENTS.sub("\n\n", LINKED.sub(" ", FENCE.sub(" ", text + "\n\n")))
            text = text.split("\n", 1)[1] if place == 0 else text
        cells.append((cell.cell_type, text))
    return cells


def spoken(kind: str, text: str) -> str:
    """What a cell says in words: prose, and the strings that code prints."""
    if kind == "markdown":
        return text
    calls = [
        node for node in ast.walk(ast.parse(text)) if isinstance(node, ast.Call) and ast.unparse(node.func) in ("lesson.predict", "print")
    ]
    return " ".join(str(arg.value) for call in calls for arg in call.args if isinstance(arg, ast.Constant))


def names(text: str) -> set[str]:
    """Every name, attribute, keyword and short string of a code cell, imports left out."""
    tree = ast.parse(text)
    found: set[str] = set()
    for node in ast.walk(tree):
        if isinstance(node, ast.Attribute):
            found.add(node.attr)
        elif isinstance(node, ast.Name):
            found.add(node.id)
        elif isinstance(node, ast.keyword) and node.arg:
            found.add(node.arg)
        elif isinstance(node, ast.Constant) and isinstance(node.value, str) and node.value.isidentifier():
            found.add(node.value)
    return found


LESSONS = {source.stem: lesson(source) for source in SOURCES}


def before(number: int, cell: int, twin: bool) -> list[tuple[str, int, str, str]]:
    """(lesson, cell, kind, text) of all that is read before a cell of a lesson."""
    found = []
    for source in ENGLISH:
        stem = hindi(source).stem if twin else source.stem
        for place, (kind, text) in enumerate(LESSONS[stem]):
            if (int(source.stem[:2]), place) < (number, cell):
                found.append((stem, place, kind, text))
    return found


@TERM
def test_each_term_is_taught_in_the_cell_that_the_glossary_names(entry: dict[str, Any]) -> None:
    source = next(source for source in ENGLISH if int(source.stem[:2]) == entry["lesson"])
    for stem, word in zip((source.stem, hindi(source).stem), entry["taught"], strict=True):
        assert f"**{word}**" in LESSONS[stem][entry["cell"]][1], stem


@TERM
def test_no_term_is_used_before_it_is_taught(entry: dict[str, Any]) -> None:
    form = re.compile(r"(?<![A-Za-z])(" + "|".join(entry["forms"]) + r")(?![A-Za-z])", re.IGNORECASE)
    early = [
        (stem, place, form.search(spoken(kind, text))) for stem, place, kind, text in before(entry["lesson"], entry["cell"], twin=False)
    ]
    assert [(stem, place, found.group()) for stem, place, found in early if found] == []
    code = [
        (stem, place)
        for stem, place, kind, text in before(entry["lesson"], entry["cell"], twin=False)
        if kind == "code" and names(text) & set(entry["code"])
    ]
    assert code == []


@TERM
def test_no_hindi_term_is_used_before_it_is_taught(entry: dict[str, Any]) -> None:
    read_before = before(entry["lesson"], entry["cell"], twin=True)
    early = [(stem, place, form) for stem, place, kind, text in read_before for form in entry["hindi_forms"] if form in spoken(kind, text)]
    assert early == []


@pytest.mark.parametrize("source", SOURCES, ids=lambda source: source.stem)
def test_every_word_in_bold_stands_in_the_glossary(source: Path) -> None:
    taught = {word for entry in GLOSSARY for word in entry["taught"]}
    bold = {word for kind, text in LESSONS[source.stem] if kind == "markdown" for word in BOLD.findall(text)}
    assert {word for word in bold if not NO_TERM.match(word)} <= taught


def test_every_layer_and_argument_that_the_code_uses_is_a_term_of_the_glossary() -> None:
    """The classes of tinyseq.layers and the names of their arguments, wherever a lesson uses them."""
    words = {word for entry in GLOSSARY for word in entry["code"]} | {"name", "Model"}
    for source in ENGLISH:
        for kind, text in LESSONS[source.stem]:
            calls = [node for node in ast.walk(ast.parse(text)) if isinstance(node, ast.Call)] if kind == "code" else []
            for call in calls:
                if isinstance(call.func, ast.Attribute) and ast.unparse(call.func.value) == "layers":
                    used = {call.func.attr, *(str(keyword.arg) for keyword in call.keywords)}
                    assert used <= words | {"input_shape", "kernel_initializer"}, (source.stem, used - words)


def test_the_words_that_the_tutorials_once_left_untaught_are_taught() -> None:
    """Words that two earlier tutorials used without a word on what they mean."""
    taught = {str(entry["term"]).lower() for entry in GLOSSARY}
    missed = [
        "layer",
        "shape",
        "axis",
        "unit",
        "relu",
        "weight",
        "bias",
        "feature",
        "map",
        "softmax",
        "loss",
        "optimizer",
        "epoch",
        "overfitting",
        "sigmoid",
        "stride",
        "channels",
        "floor",
        "ceil",
    ]
    assert {word for word in missed if word not in ("feature", "map")} | {"feature map", "dense layer", "learning rate"} <= taught
