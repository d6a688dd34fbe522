"""The quiz: its answers against real Keras and against the reader of source, one right answer each, the game, the worksheet."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
from html.parser import HTMLParser
from pathlib import Path

import pytest

from shapecheck.languages import hi, words
from shapecheck.teaching.questions import LEVELS, Smallest, question, sized, smallest
from shapecheck.teaching.quiz import play, quiz
from shapecheck.teaching.sheet import sheet
from shapecheck.teaching.texts import LAYERS, QUIZ
from tests.house.imports import ROOT
from tests.shapecheck.questions_read import differing

KERAS = json.loads((Path(__file__).parents[1] / "oracle" / "quiz.json").read_text(encoding="utf-8"))
SEEDS = 150
"""Questions of each level in the comparison with the reader; `python -m tests.shapecheck.questions_read` compares 10,000."""


@pytest.mark.parametrize("key", KERAS)
def test_keras_has_the_same_answer(key: str) -> None:
    level, seed = map(int, key.split())
    one, recorded = question(level, seed), KERAS[key]
    assert one.text == recorded["text"], "the seed makes another question: record again"
    assert one.expected == (tuple(recorded["answer"]) if isinstance(recorded["answer"], list) else recorded["answer"])


@pytest.mark.parametrize("level", LEVELS)
def test_the_answers_are_those_of_the_reader(level: int) -> None:
    assert differing(level, SEEDS) == []


def test_no_smaller_picture_works() -> None:
    for seed in range(60):
        one = question(3, seed)
        if isinstance(one, Smallest):
            assert isinstance(one.expected, int)
            assert [sized(one.stack, size).works() for size in range(1, one.expected + 1)] == [False] * (one.expected - 1) + [True]
            assert smallest(one.stack) == one.expected


@pytest.mark.parametrize(
    ("text", "right"),
    [
        ("12, 12, 8", True), ("(12, 12, 8)", True), ("(None, 12, 12, 8)", True), ("12x12x8", True), ("12 12 8", True), ("१२, १२, ८", True),
        ("12, 12", False), ("96", False), ("12, 12, 9", False), ("", None), ("large", None), ("12, 12, -8", None),
    ],
)  # fmt: skip
def test_a_shape_is_read_as_people_write_it(text: str, right: bool | None) -> None:
    one = next(one for one in (question(1, seed) for seed in range(10_000)) if one.expected == (12, 12, 8))
    assert one.answer(text).right is right


@pytest.mark.parametrize(
    ("text", "right"), [("75", True), (" 75 ", True), ("7_5", True), ("७५", True), ("750", False), ("75.0", None), ("x", None)]
)
def test_a_number_is_read_as_people_write_it(text: str, right: bool | None) -> None:
    assert quiz(1, 1).answer(text).right is right


TAUGHT = " ".join(path.read_text(encoding="utf-8") for path in sorted((ROOT / "tutorials").rglob("*.py")))


@pytest.mark.parametrize("language", ["en", "hi"])
def test_a_layer_that_no_lesson_has_is_explained_with_its_question(language: str) -> None:
    """The lessons are read, so that a layer that one of them drops needs its sentence again."""
    seen = set()
    for level in LEVELS:
        for seed in range(120):
            one = question(level, seed, language)
            kinds = {name for layer in one.stack.layers for name in re.findall(r"\b([A-Z]\w+)\(", layer.code())}
            arguments = {name for layer in one.stack.layers for name in re.findall(r"(\w+)=", layer.code())}
            for name in kinds | arguments - {"activation", "trainable", "use_bias", "padding", "strides"}:
                if not re.search(rf"\b{name}\b", TAUGHT):
                    seen.add(name)
                    assert name in " ".join(one.notes) and one.notes[0] in one.text, one.text
    assert {"UpSampling2D", "LSTM", "return_sequences", "dilation_rate", "depth_multiplier"} <= seen


def test_every_language_explains_the_same_layers() -> None:
    assert hi.QUIZ_LAYERS.keys() == LAYERS.keys()
    assert not any(re.search(r"\b(of|the|each|for)\b", text) for text in hi.QUIZ_LAYERS.values())


def test_large_numbers_may_have_commas() -> None:
    one = next(one for one in (question(3, seed) for seed in range(1000)) if one.kind == "params" and one.expected > 999)  # type: ignore[operator]
    assert one.answer(f"{one.expected:,}").right


def test_the_sum_ends_in_the_answer() -> None:
    for level in LEVELS:
        for seed in range(100):
            one = question(level, seed)
            if one.kind in ("params", "trained"):
                assert f"= {one.expected}" in "\n".join(one.why()) or f"{one.expected} / " in "\n".join(one.why()), one.text


def play_with(lines: list[str], levels: list[int], language: str = "en") -> tuple[tuple[int, int], str]:
    typed, shown = iter(lines), []

    def ask(prompt: str) -> str | None:
        shown.append(prompt)
        return next(typed, None)

    return play(levels, 5, language, ask, shown.append), "\n".join(shown)


def test_a_second_try_counts_and_a_third_is_not_offered() -> None:
    one = question(1, "5 0")
    assert play_with(["1", one.solution], [1])[0] == (1, 1)
    result, text = play_with(["1", "1", one.solution], [1])
    assert result == (0, 1)
    assert f"answer: {one.solution}" in text


def test_what_cannot_be_read_is_no_try() -> None:
    result, text = play_with(["?!", "?!", question(1, "5 0").solution], [1])
    assert result == (1, 1)
    assert "write" in text


def test_the_answer_can_be_shown_and_the_game_stopped() -> None:
    assert play_with(["?", "q"], [1, 1, 1])[0] == (0, 1)
    assert play_with([], [1, 1])[0] == (0, 0)


def test_every_language_has_every_word_with_the_same_places() -> None:
    def places(text: str) -> set[str]:
        return {part.partition("}")[0] for part in text.split("{")[1:]}

    assert hi.QUIZ.keys() == QUIZ.keys()
    for key, text in QUIZ.items():
        assert places(hi.QUIZ[key]) == places(text), key
    assert words("quiz", QUIZ, "hi") is hi.QUIZ
    assert all(any("\u0900" <= letter <= "\u097f" for letter in text) for text in hi.QUIZ.values())


@pytest.mark.parametrize("language", ["en", "hi"])
def test_the_sheet_is_one_file_without_links_in_black_and_white(language: str) -> None:
    seen: list[tuple[str, dict[str, str | None]]] = []

    class Tags(HTMLParser):
        def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
            seen.append((tag, dict(attrs)))

    text = sheet([1, 2, 3, 4, 5], 7, language)
    Tags().feed(text)
    assert [tag for tag, _ in seen].count("li") == 10
    assert not any({"src", "href", "onclick"} & attributes.keys() or tag in ("script", "link", "img") for tag, attributes in seen)
    assert {color[:3] for color in text.partition("</style>")[0].split("#")[1:]} == {"000", "fff"}
    for number, level in enumerate([1, 2, 3, 4, 5]):
        assert question(level, f"7 {number}").solution in text


def command(*words_: str, typed: str = "", **environment: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "shapecheck", *words_], input=typed, capture_output=True, text=True, encoding="utf-8", cwd=ROOT, check=False,
        env={**os.environ, "PYTHONIOENCODING": "utf-8", **environment},
    )  # fmt: skip


def test_the_command_asks_and_ends_with_the_score() -> None:
    answers = "\n".join(question(1, f"4 {number}").solution for number in range(3))
    done = command("quiz", "--level", "1", "--seed", "4", "--count", "3", typed=answers + "\n")
    assert done.returncode == 0, done.stderr
    assert "3 of 3 right" in done.stdout
    assert "python -m shapecheck quiz --seed 4 --count 3 --level 1" in done.stdout


def test_the_command_speaks_hindi_by_option_and_by_variable() -> None:
    by_option = command("quiz", "--seed", "4", "--count", "1", "--language", "hi", typed="q\n")
    by_variable = command("quiz", "--seed", "4", "--count", "1", typed="q\n", TINYSEQ_LANGUAGE="hi")
    assert by_option.returncode == by_variable.returncode == 0
    assert "प्रश्न 1 / 1" in by_option.stdout
    assert by_option.stdout == by_variable.stdout
    assert command("quiz", "--seed", "4", TINYSEQ_LANGUAGE="xx").returncode == 2


def test_a_console_without_devanagari_gets_escapes_and_no_traceback() -> None:
    done = command("quiz", "--seed", "4", "--count", "1", "--language", "hi", typed="q\n", PYTHONIOENCODING="cp1252")
    assert done.returncode == 0
    assert "\\u092a" in done.stdout
    assert done.stderr.count("PYTHONIOENCODING=utf-8") == 1 and "Traceback" not in done.stderr


def test_the_sheet_is_written_and_a_folder_that_is_not_there_is_named(tmp_path: Path) -> None:
    target = tmp_path / "sheet.html"
    done = command("quiz", "--seed", "1", "--sheet", str(target), "--language", "hi")
    assert done.returncode == 0 and f"{target.stat().st_size:,} बाइट" in done.stdout
    assert command("quiz", "--seed", "1", "--sheet", str(target)).returncode == 0
    assert target.read_text(encoding="utf-8") == sheet([1, 1, 2, 2, 3, 3, 4, 4, 5, 5], 1, "en")
    failed = command("quiz", "--sheet", str(tmp_path / "none" / "sheet.html"))
    assert failed.returncode == 2
    assert "cannot be written" in failed.stderr


def test_a_file_of_that_name_is_reached_by_its_path(tmp_path: Path) -> None:
    (tmp_path / "quiz").write_text("x = 1\n", encoding="utf-8")
    assert command(str(tmp_path / "quiz")).returncode == 0
