"""The page on which a window slides: its arithmetic against shapecheck's in a real browser, its keys, its words, no link."""

from __future__ import annotations

import json
import random
import re
import shutil
import subprocess
from html import unescape
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import pytest

from shapecheck.__main__ import main
from shapecheck.languages import hi
from shapecheck.shapes import same_padding, window_output
from shapecheck.teaching.texts import WINDOW
from shapecheck.teaching.window import page

BROWSER = next(filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome", "chrome"))), None)
QUIET = [
    "--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking",
    "--disable-component-update", "--disable-sync", "--virtual-time-budget=20000",
]  # fmt: skip
browser = pytest.mark.skipif(BROWSER is None, reason="no Chromium or Chrome is installed, in which the page would run")


def run(script: str, folder: Path, language: str = "en") -> Any:
    """The value of a script's expression in the page."""
    target = folder / "page.html"
    value = f"JSON.stringify((() => {{ {script} }})())"
    tail = f"<pre id='result'></pre><script>document.getElementById('result').textContent = {value}</script>"
    target.write_text(page(language).replace("</body>", f"{tail}</body>"), encoding="utf-8")
    command = [str(BROWSER), *QUIET, f"--user-data-dir={folder / 'profile'}", "--dump-dom", target.as_uri()]
    text = subprocess.run(command, capture_output=True, encoding="utf-8", timeout=120, check=True).stdout
    found = re.search(r"<pre id=\"result\">(.*?)</pre>", text, re.S)
    assert found, text[-2000:]
    return json.loads(unescape(found[1]))


def expected(size: int, window: int, stride: int, dilation: int, padding: str) -> list[int]:
    """[positions, zeros before, zeros after, pixels never read along one axis] by shapecheck, and by counting."""
    positions = window_output(size, window, stride, padding, dilation)
    assert isinstance(positions, int)
    positions = max(positions, 0)
    before, after = same_padding(size, window, stride, dilation) if padding == "same" else (0, 0)
    read = {place * stride - before + step * dilation for place in range(positions) for step in range(window)}
    return [positions, before, after, size - len(read & {*range(size)})]


@browser
def test_ten_thousand_settings_are_computed_as_shapecheck_does(tmp_path: Path) -> None:
    draw = random.Random(7)
    settings: list[tuple[int, int, int, int, str]] = [
        (draw.randint(1, 300), draw.randint(1, 12), draw.randint(1, 9), draw.randint(1, 6), draw.choice(("valid", "same")))
        for _ in range(10_000)
    ]
    each = "one => { const f = arithmetic(...one); return [f.positions, f.before, f.after, f.unread]; }"
    found = run(f"return {json.dumps(settings)}.map({each})", tmp_path)
    assert [one for one in zip(settings, found, strict=True) if expected(*one[0]) != one[1]] == []


SET = """
function set(values) {
  for (const [id, value] of Object.entries(values)) { get(id).value = value; get(id).dispatchEvent(new Event("input")); }
}
function press(key) {
  (get("out").querySelector("td:focus") || get("out").querySelector("td.chosen"))
    .dispatchEvent(new KeyboardEvent("keydown", { key, bubbles: true, cancelable: true }));
}
const state = () => ({ sum: get("sum").textContent, facts: get("facts").textContent, product: get("product").textContent,
  out: [...get("out").rows].map(row => [...row.cells].map(one => Number(one.textContent))),
  input: [...get("in").rows].map(row => [...row.cells].map(one => one.textContent)),
  unread: get("in").querySelectorAll("td.unread").length, patch: get("in").querySelectorAll("td.patch").length,
  tabbed: get("out").querySelectorAll("td[tabindex='0']").length, focused: document.activeElement.dataset.at || "" });
"""


@browser
@pytest.mark.parametrize(("operation", "padding"), [("edge", "valid"), ("ones", "same"), ("max", "same"), ("max", "valid")])
def test_every_output_cell_is_the_sum_of_its_patch(operation: str, padding: str, tmp_path: Path) -> None:
    got = run(f'{SET} set({{ size: 7, window: 3, stride: 2, operation: "{operation}", padding: "{padding}" }}); return state();', tmp_path)
    pixels = [[(row * 7 + column * 3 + row * column) % 10 for column in range(7)] for row in range(7)]
    before = 1 if padding == "same" else 0

    def at(top: int, left: int) -> int:
        inside = {(row, column): pixels[row][column] for row in range(top, top + 3) for column in range(left, left + 3)
                  if 0 <= row < 7 and 0 <= column < 7}  # fmt: skip
        if operation == "max":
            return max(inside.values())
        return sum(value * (1 if operation == "ones" else column - left - 1) for (_, column), value in inside.items())

    count = 4 if padding == "same" else 3
    assert got["out"] == [[at(2 * row - before, 2 * column - before) for column in range(count)] for row in range(count)]
    assert got["sum"] == ("ceil(7/2) = 4" if padding == "same" else "floor((7-3)/2)+1 = 3")
    assert got["product"].endswith(f" = {got['out'][0][0]}")


@browser
def test_arrows_move_through_the_output_and_one_cell_is_in_the_tab_order(tmp_path: Path) -> None:
    keys = "".join(f'press("{key}"); seen.push(state());' for key in ("ArrowRight", "ArrowDown", "ArrowUp", "ArrowUp", "End", "Home", "a"))
    seen = run(f"{SET} const seen = []; {keys} return seen;", tmp_path)
    assert [one["focused"] for one in seen] == ["0 1", "1 1", "0 1", "0 1", "0 5", "0 0", "0 0"]
    assert all(one["tabbed"] == 1 for one in seen)


@browser
def test_pixels_that_are_never_read_are_marked_and_what_does_not_fit_says_so(tmp_path: Path) -> None:
    got = run(f"{SET} set({{ size: 8, window: 3, stride: 4 }}); return state();", tmp_path)
    assert got["unread"] == 64 - 36
    assert "Pixels that no window reads: 28." in got["facts"]
    got = run(f"{SET} set({{ size: 4, window: 5 }}); return state();", tmp_path)
    assert got["out"] == []
    assert got["sum"] == "floor((4-5)/1)+1 = 0 The window covers 5 pixels, the picture has 4: it does not fit."
    got = run(f"{SET} set({{ stride: 2, dilation: 2 }}); return state();", tmp_path, "hi")
    assert got["sum"].endswith("Keras में stride और dilation दोनों एक साथ 1 से बड़े नहीं हो सकते।")


@browser
def test_the_language_changes_by_a_button_and_every_word_is_there(tmp_path: Path) -> None:
    script = """const places = "[data-say], #operation option, #languages button";
    const say = () => [...document.querySelectorAll(places)].map(one => one.textContent);
    const first = say(); get("languages").children[1].click(); return [first, say(), document.documentElement.lang, document.title];"""
    english, hindi, language, title = run(script, tmp_path)
    assert all(english) and all(hindi)
    assert (language, title) == ("hi", hi.WINDOW["title"])
    assert {*hindi} <= {*hi.WINDOW.values(), "English"}


def test_the_page_is_whole_in_one_file() -> None:
    seen: list[tuple[str, dict[str, str | None]]] = []

    class Tags(HTMLParser):
        def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
            seen.append((tag, dict(attrs)))

    text = page("hi")
    Tags().feed(text)
    assert not [tag for tag, attributes in seen if {"src", "href"} & attributes.keys() or tag in ("link", "img", "iframe")]
    assert "http" not in text and "url(" not in text and "import" not in text
    assert 'const START = "hi";' in text
    said = {attributes["data-say"] for _, attributes in seen if attributes.get("data-say")}
    assert said <= WINDOW.keys()
    used = said | {*re.findall(r'say\("(\w+)"', text)} | {"language", "edge", "ones", "max"}
    assert used == WINDOW.keys() == hi.WINDOW.keys()


def test_the_command_writes_the_page(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["window", "--out", str(tmp_path / "w.html"), "--language", "hi"]) == 0
    assert (tmp_path / "w.html").read_text(encoding="utf-8") == page("hi")
    assert main(["window", "--out", str(tmp_path / "none" / "w.html")]) == 2
    assert "cannot be written" in capsys.readouterr().err
