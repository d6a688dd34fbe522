"""Findings left out on purpose, budgets, settings, and the outputs for machines and pages."""

import re
import xml.etree.ElementTree as ElementTree
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import pytest

from shapecheck import check_source
from shapecheck.__main__ import main
from shapecheck.cli.settings import amount
from shapecheck.report import page, sarif

HEADER = "import keras\nfrom keras import layers\n"
TYPO = HEADER + 'model = keras.Sequential([keras.Input(shape=(4,)), layers.Dense(3, activation="rleu")])'
WIDE = HEADER + "model = keras.Sequential([keras.Input(shape=(5, 5, 3)), layers.Conv2D(8, 9)])\n"
GOOD = HEADER + "model = keras.Sequential([keras.Input(shape=(784,)), layers.Dense(512)])\n"


def codes(source: str) -> list[str]:
    return [finding.code for finding in check_source(source, "a.py").findings]


@pytest.mark.parametrize("comment", ["# shapecheck: ignore", "# shapecheck: ignore[SC402]", "# noqa  # shapecheck: ignore[SC1, SC4]"])
def test_a_comment_on_the_line_leaves_the_finding_out(comment: str) -> None:
    assert codes(f"{TYPO}  {comment}\n") == []


def test_a_comment_for_another_code_leaves_the_finding_and_is_reported_itself() -> None:
    assert sorted(codes(f"{TYPO}  # shapecheck: ignore[SC101]\n")) == ["SC402", "SC901"]


def test_the_words_in_a_string_are_no_comment() -> None:
    assert codes(f'{TYPO}; note = "# shapecheck: ignore"\n') == ["SC402"]


def test_a_comment_counts_on_every_line_of_the_call() -> None:
    source = TYPO.replace("layers.Dense(3, ", "layers.Dense(\n  3,  # shapecheck: ignore[SC402]\n  ")
    assert codes(source + "\n") == []


def test_a_baseline_admits_the_findings_of_today_and_none_of_tomorrow(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    source, baseline = tmp_path / "a.py", tmp_path / "baseline.json"
    source.write_text(TYPO + "\n", "utf-8")
    assert main([str(source)]) == 1
    assert main(["--baseline", str(baseline), str(source)]) == 0
    source.write_text("# moved one line down\n" + TYPO + "\n", "utf-8")
    assert main(["--baseline", str(baseline), str(source)]) == 0
    source.write_text(TYPO + "\n" + WIDE, "utf-8")
    assert main(["--baseline", str(baseline), str(source)]) == 1
    capsys.readouterr()
    main(["--format", "concise", "--baseline", str(baseline), str(source)])
    out = capsys.readouterr().out
    assert "SC101" in out and "SC402" not in out


@pytest.mark.parametrize(
    "options, code",
    [
        (["--max-params", "401_920"], 0),
        (["--max-params", "401,919"], 1),
        (["--max-memory", "1MB"], 1),
        (["--max-memory", "2MB"], 0),
    ],
)
def test_a_budget_is_kept_up_to_its_last_parameter(options: list[str], code: int, tmp_path: Path) -> None:
    source = tmp_path / "a.py"
    source.write_text(GOOD, "utf-8")
    assert main([*options, str(source)]) == code


def test_amounts_are_read_with_decimal_and_binary_units() -> None:
    assert [amount(text) for text in ("10k", "1.5MiB", "2_000", "3 GB", "much")] == [10_000, 1_572_864, 2000, 3_000_000_000, None]


def test_settings_of_pyproject_count_unless_the_command_line_says_otherwise(tmp_path: Path) -> None:
    (tmp_path / "pyproject.toml").write_text('[tool.shapecheck]\nignore = ["SC4"]\nexclude = ["old.py"]\n', "utf-8")
    (tmp_path / "a.py").write_text(TYPO + "\n", "utf-8")
    (tmp_path / "old.py").write_text(WIDE, "utf-8")
    assert main([str(tmp_path)]) == 0
    assert main(["--no-config", str(tmp_path)]) == 1
    assert main(["--ignore", "SC9", str(tmp_path)]) == 1


def test_a_setting_that_does_not_exist_is_named(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "pyproject.toml").write_text('[tool.shapecheck]\nselekt = ["SC4"]\n', "utf-8")
    (tmp_path / "a.py").write_text(GOOD, "utf-8")
    assert main([str(tmp_path / "a.py")]) == 2
    assert "selekt" in capsys.readouterr().err


def test_sarif_names_rule_place_and_proved_fixes_of_a_finding() -> None:
    (run,) = sarif.document(check_source(WIDE, "dir name/a.py"))["runs"]
    (result,) = run["results"]
    where = result["locations"][0]["physicalLocation"]
    column = WIDE.splitlines()[2].index("9)") + 1
    assert where["artifactLocation"]["uri"] == "dir%20name/a.py"
    assert where["region"] == {"startLine": 3, "startColumn": column, "endLine": 3, "endColumn": column + 1}
    assert run["tool"]["driver"]["rules"][result["ruleIndex"]]["id"] == result["ruleId"] == "SC101"
    texts = [change["insertedContent"]["text"] for fix in result["fixes"] for change in fix["artifactChanges"][0]["replacements"]]
    assert ', padding="same"' in texts


class Tags(HTMLParser):
    """Open tags in order, and every address."""

    def __init__(self) -> None:
        super().__init__()
        self.open: list[str] = []
        self.addresses: list[str] = []

    def handle_starttag(self, tag: str, attrs: Any) -> None:
        self.addresses += [value for name, value in attrs if name in ("src", "href")]
        if tag not in ("meta", "rect", "polygon"):
            self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        if tag not in ("rect", "polygon"):
            assert self.open.pop() == tag


def test_the_page_is_whole_loads_nothing_and_escapes_what_it_read() -> None:
    text = page.render(check_source(WIDE.replace("layers.Conv2D(8, 9)", "layers.Conv2D(8, 9, name='<b>')"), "<a>.py"))
    tags = Tags()
    tags.feed(text)
    assert tags.open == [] and tags.addresses == []
    assert "<b>" not in text and "&lt;b&gt;" in text and "http" not in text and "<script" not in text


def test_maps_are_drawn_to_scale() -> None:
    source = HEADER + "model = keras.Sequential([keras.Input(shape=(40, 20, 3)), layers.MaxPooling2D(2), layers.Flatten()])\n"
    text = page.render(check_source(source, "a.py"))
    drawing = re.search(r"<svg.*?</svg>", text, re.S)
    assert drawing
    boxes = list(ElementTree.fromstring(drawing[0]).iter("rect"))
    sizes = [(float(box.attrib["width"]), float(box.attrib["height"])) for box in boxes]
    assert sizes[:2] == [(60.0, 120.0), (30.0, 60.0)]


def test_diff_tells_what_an_edit_did(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    old, new = tmp_path / "old.py", tmp_path / "new.py"
    old.write_text(GOOD, "utf-8")
    new.write_text(GOOD.replace("512", "10"), "utf-8")
    assert main(["diff", str(old), str(new)]) == 0
    assert "params 401,920 -> 7,850 (-394,070)" in capsys.readouterr().out
    new.write_text(TYPO + "\n", "utf-8")
    assert main(["diff", str(old), str(new)]) == 1
    assert "SC402" in capsys.readouterr().out
