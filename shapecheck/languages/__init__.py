"""Words in other languages: one module for each, named by its code (hi.py), with the same keys as the English words.

English stays where it is used; `words(room, english, language)` are the words of one part of the program in one language.
"""

from __future__ import annotations

import os
from importlib import import_module

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping

LANGUAGES = ("en", "hi")
VARIABLE = "TINYSEQ_LANGUAGE"
"""The environment variable that chooses a language where no option does."""


def chosen(option: str | None = None) -> str:
    """The language of an option, else of the environment variable, else English. Raises ValueError for one that is not there."""
    name = option or os.environ.get(VARIABLE) or "en"
    if name not in LANGUAGES:
        place = "--language" if option else VARIABLE
        raise ValueError(f"{place} {name}: no words in this language; choose {' or '.join(LANGUAGES)}")
    return name


def words(room: str, english: Mapping[str, str], language: str) -> Mapping[str, str]:
    """The words of a part of the program, keyed as `english` is.

    Arguments:
        room: the name of the part, for example "quiz"
        english: its English words
        language: a code of LANGUAGES
    """
    if language == "en":
        return english
    translated: Mapping[str, str] = import_module(f"shapecheck.languages.{language}").WORDS[room]
    return translated
