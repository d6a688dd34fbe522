"""Every finding has a page; its Bad example gives exactly this finding, its Good example gives nothing."""

import re
import textwrap
from importlib import import_module
from typing import Any

import pytest

from shapecheck import check_source
from shapecheck.__main__ import main
from shapecheck.cli.files import filtered
from shapecheck.languages import LANGUAGES
from shapecheck.languages import page as translated
from shapecheck.pages import PARTS, pages, parts
from shapecheck.report.json import document

HEADER = "import numpy as np\nimport keras\nfrom keras import layers\n"
PAGES: list[Any] = pages()


def example(page: Any, word: str) -> str:
    """The source below "Bad:" or "Good:" on a page."""
    text = textwrap.dedent((page.__doc__ or "").partition("\n")[2]) + "\n"
    found = re.search(rf"^{word}:\n((?:    .*\n|\n)+)", text, re.M)
    assert found, f"{page.code} has no {word} example"
    return ("" if hasattr(page, "example") else HEADER) + textwrap.dedent(found[1])


def findings(page: Any, word: str) -> list[dict[str, Any]]:
    """What the command finds in an example, with the options that the finding needs."""
    report = check_source(example(page, word), getattr(page, "example", "page.py"))
    options = getattr(page, "options", ())
    filtered(report, dict(zip(options[::2], options[1::2], strict=True)))
    return document(report)["files"][0]["findings"]


def codes(page: Any, word: str) -> list[str]:
    return [str(finding["code"]) for finding in findings(page, word)]


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.code)
def test_the_bad_example_gives_exactly_this_finding(page: Any) -> None:
    assert codes(page, "Bad") == [page.code]


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.code)
def test_the_good_example_gives_no_finding(page: Any) -> None:
    assert codes(page, "Good") == []


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.code)
def test_explain_prints_the_page(page: Any, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["--explain", page.code.lower()]) == 0
    printed = capsys.readouterr().out
    assert page.code in printed and "Bad:" in printed and "Good:" in printed


TAUGHT = (
    "SC101", "SC102", "SC103", "SC201", "SC202", "SC203", "SC204", "SC205", "SC206", "SC208", "SC301", "SC302", "SC303", "SC304", "SC305",
    "SC306", "SC307", "SC308", "SC312", "SC313", "SC401", "SC402", "SC403", "SC501",
)  # fmt: skip


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.code)
def test_every_page_says_which_repair_when_and_asks_a_question(page: Any) -> None:
    of = parts(page)
    assert len(of["Which repair, and when"].splitlines()) >= 2
    assert of["A question"].endswith(")") and " (" in of["A question"]
    assert page.family not in (1, 2, 3, 5) or "The sum" in of or "A drawing" in of


@pytest.mark.parametrize("code", TAUGHT)
def test_a_page_for_beginners_has_the_sum_a_drawing_repairs_with_when_which_and_an_exercise(code: str) -> None:
    page = next(page for page in PAGES if page.code == code)
    assert list(parts(page)) == list(PARTS), code


NUMBERS = re.compile(r"\d+")
OTHERS = [language for language in LANGUAGES if language != "en"]


@pytest.mark.parametrize("language", OTHERS)
def test_a_language_has_exactly_the_pages(language: str) -> None:
    assert set(import_module(f"shapecheck.languages.{language}_pages").PAGES) == {page.code for page in PAGES}


@pytest.mark.parametrize("language", OTHERS)
@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.code)
def test_a_page_in_another_language_has_the_parts_repairs_and_numbers_of_the_english_one(page: Any, language: str) -> None:
    english, other = parts(page), translated(language, page.code)
    assert set(other) - {"text", "drawing"} == {PARTS[name] for name in english} - {"", "drawing"}
    assert ("A drawing" in english) >= ("drawing" in other)
    repairs = english["Which repair, and when"].splitlines()
    assert len(other["repairs"].splitlines()) == len(repairs) and all(" | " in line for line in other["repairs"].splitlines())
    for name, part in (("The sum", "sum"), ("A question", "question"), ("A drawing", "drawing")):
        if part in other:
            assert sorted(NUMBERS.findall(other[part])) == sorted(NUMBERS.findall(english[name])), part
    if "A drawing" in english and "drawing" not in other:  # shown as it is: code, names and figures only
        assert not re.search(r"\b(the|is|no|of|one|you|what|to)\b", english["A drawing"]), english["A drawing"]


@pytest.mark.parametrize("language", OTHERS)
def test_explain_prints_the_page_in_another_language(language: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["--language", language, "--explain", "SC101"]) == 0
    printed = capsys.readouterr().out
    assert translated(language, "SC101")["question"] in " ".join(printed.split())
    assert "layers.Conv2D(8, 6)" in printed and "Bad:" not in printed and "A question:" not in printed


def test_no_two_findings_share_a_code() -> None:
    assert len({page.code for page in PAGES}) == len(PAGES)


def test_explaining_a_code_that_is_not_there_names_those_that_are(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["--explain", "SC999"]) == 2
    assert "SC101" in capsys.readouterr().err


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.code)
def test_the_words_of_a_finding_say_what_is_wrong_in_one_line(page: Any) -> None:
    (finding,) = findings(page, "Bad")
    message = finding["message"]
    assert message and "\n" not in message and not message.endswith(".")
