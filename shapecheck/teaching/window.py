"""The window page: one HTML file that shows how a window slides, for a double click, without a server or a network."""

from __future__ import annotations

import json
from importlib.resources import files

from shapecheck.languages import LANGUAGES, words
from shapecheck.teaching.texts import WINDOW


def page(language: str = "en") -> str:
    """The page, with the words of every language in it.

    Arguments:
        language: the one that it begins with
    """
    text = files("shapecheck.teaching").joinpath("window.html").read_text(encoding="utf-8")
    spoken = {name: dict(words("window", WINDOW, name)) for name in LANGUAGES}
    data = json.dumps(spoken, ensure_ascii=False).replace("<", "\\u003c")
    return text.replace("const WORDS = {};", f"const WORDS = {data};").replace('const START = "en";', f'const START = "{language}";')
