"""Words in other languages: one module for each, named by its code (hi.py), with the same keys as the English words.

English stays where it is used, with its key: `say` is a sentence now, `Phrase` one that is put into words when it is printed (facts of
findings are such: a baseline compares their English). A key is a room, the code of a finding or a part of the program, and a name in it.
Each form of a sentence is a whole template with a key of its own ("message", "message.dropped"): pieces cannot be joined, because the
order of words differs between languages.
"""

from __future__ import annotations

import os
from contextvars import ContextVar
from errno import errorcode
from importlib import import_module

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from types import TracebackType
    from typing import Any

LANGUAGES = ("en", "hi")
VARIABLE = "TINYSEQ_LANGUAGE"
"""The environment variable that chooses a language where no option does."""

_spoken: list[str] = []
"""The language that this process has chosen with `speak`, if it has; else the environment variable chooses."""
_within: ContextVar[str] = ContextVar("language", default="")
"""The language of the `speaking` block that this thread or task is in."""


def chosen(option: str | None = None) -> str:
    """The language of an option, else of the environment variable, else English. Raises ValueError for one that is not there."""
    name = option or os.environ.get(VARIABLE) or "en"
    if name not in LANGUAGES:
        place = "--language" if option else VARIABLE
        raise ValueError(f"{place} {name}: no words in this language; choose {' or '.join(LANGUAGES)}")
    return name


def current() -> str:
    """The language in which the program speaks now. A warning, and English, if the environment variable names an unknown one."""
    if inner := _within.get():
        return inner
    if _spoken:
        return _spoken[-1]
    try:
        return chosen()
    except ValueError as wrong:
        from warnings import warn

        warn(str(wrong), stacklevel=2)
        return "en"


class speaking:
    """`with speaking("hi"):` everything in the block is said in this language; other threads keep theirs."""

    def __init__(self, language: str) -> None:
        self.language = language

    def __enter__(self) -> None:
        self._before = _within.set(self.language)

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        _within.reset(self._before)


def speak(language: str) -> None:
    """From now on, in this process, everything is said in this language."""
    _spoken[:] = [language]


def say(room: str, name: str, english: str, /, **facts: object) -> str:
    """The sentence in the current language, with its facts.

    Arguments:
        room: the code of a finding, or a part of the program
        name: of the sentence in its room; another form of it has another name: "message.dropped"
        english: the English template, as of str.format
        facts: what the template names

    >>> say("SC316", "help", "add .batch(32) to the dataset")
    'add .batch(32) to the dataset'
    """
    return _put(room, name, english, facts)


def _put(room: str, name: str, english: str, facts: Mapping[str, object]) -> str:
    language = current()
    return (english if language == "en" else _template(language, room, name, english)).format(**facts)


class Phrase(str):
    """A text of which each print is in the language of that moment: an English str that knows its key and its facts.

    `str(phrase)`, f"{phrase}" and a template with it are translated; compared, searched or joined, it is the English text.

    >>> Phrase("arguments", "whole", "an integer of at least {least}", least=2)
    'an integer of at least 2'
    """

    __slots__ = ("english", "name", "room", "said")
    room: str
    name: str
    english: str
    said: Mapping[str, object]

    def __new__(cls, room: str, name: str, english: str, /, **facts: object) -> Phrase:
        """As `say`."""
        return _phrase(room, name, english, facts)

    def changed(self, **facts: object) -> Phrase:
        """The same sentence with other facts."""
        return _phrase(self.room, self.name, self.english, {**self.said, **facts})

    def __str__(self) -> str:
        return _put(self.room, self.name, self.english, self.said)

    def __format__(self, how: str) -> str:
        return format(str(self), how)

    def __reduce__(self) -> tuple[object, ...]:
        return _phrase, (self.room, self.name, self.english, self.said)


def because(english: str, /, **facts: object) -> Phrase:
    """Why something is unknown: a Phrase whose key is its English template.

    >>> because("the result of {name}() is unknown", name="load")
    'the result of load() is unknown'
    """
    return _phrase("reasons", english, english, facts)


def _phrase(room: str, name: str, english: str, facts: dict[str, Any]) -> Phrase:
    """Thousands are made for a file: its facts that are phrases are put in as they are, in English."""
    if facts:
        plain = facts
        for key, value in facts.items():
            if type(value) is Phrase:
                plain = {**plain, key: str.__str__(value)}
        made = str.__new__(Phrase, english.format(**plain))
    else:
        made = str.__new__(Phrase, english)
    made.room, made.name, made.english, made.said = room, name, english, facts
    return made


SYSTEM = {
    "ENOENT": Phrase("system", "ENOENT", "No such file or directory"),
    "EACCES": Phrase("system", "EACCES", "Permission denied"),
    "EPERM": Phrase("system", "EPERM", "Operation not permitted"),
    "EISDIR": Phrase("system", "EISDIR", "Is a directory"),
    "ENOTDIR": Phrase("system", "ENOTDIR", "Not a directory"),
    "ENOSPC": Phrase("system", "ENOSPC", "No space left on device"),
    "EROFS": Phrase("system", "EROFS", "Read-only file system"),
    "ENAMETOOLONG": Phrase("system", "ENAMETOOLONG", "File name too long"),
    "ELOOP": Phrase("system", "ELOOP", "Too many levels of symbolic links"),
    "EIO": Phrase("system", "EIO", "Input/output error"),
    "EEXIST": Phrase("system", "EEXIST", "File exists"),
}
"""Errors of the system by their names in errno."""


PACKED = "phrase"


def packed(value: Any) -> Any:
    """Plain data in which each Phrase is an object that JSON can hold."""
    if isinstance(value, Phrase):
        return {PACKED: [value.room, value.name, value.english, {name: packed(fact) for name, fact in value.said.items()}]}
    if isinstance(value, dict):
        return {name: packed(one) for name, one in value.items()}
    return [packed(one) for one in value] if isinstance(value, (list, tuple)) else value


def unpacked(value: Any) -> Any:
    """What was `packed`.

    >>> unpacked(packed({"why": because("{name} is unknown", name="x")}))["why"].said
    {'name': 'x'}
    """
    if isinstance(value, dict) and value.keys() == {PACKED}:
        room, name, english, facts = value[PACKED]
        return _phrase(room, name, english, unpacked(facts))
    if isinstance(value, dict):
        return {name: unpacked(one) for name, one in value.items()}
    return [unpacked(one) for one in value] if isinstance(value, list) else value


def system(error: OSError) -> str:
    """What the system says of an error, as a Phrase where it is in SYSTEM.

    >>> system(FileNotFoundError(2, "No such file or directory"))
    'No such file or directory'
    """
    own = error.strerror or str(error) or type(error).__name__
    return SYSTEM.get(errorcode.get(error.errno or 0, ""), own)


def write(code: str) -> Phrase:
    """The advice to write this code."""
    return Phrase("advice", "write", "write {code}", code=code)


def used(code: str) -> Phrase:
    """The advice to use this code."""
    return Phrase("advice", "use", "use {code}", code=code)


def for_example(code: str) -> Phrase:
    """The advice to write code such as this."""
    return Phrase("advice", "example", "for example, write {code}", code=code)


def words(room: str, english: Mapping[str, str], language: str) -> Mapping[str, str]:
    """The words of a part of the program, keyed as `english` is.

    Arguments:
        room: the name of the part, for example "quiz"
        english: its English words
        language: a code of LANGUAGES
    """
    return english if language == "en" else _tables(language)[room]


def page(language: str, code: str) -> Mapping[str, str]:
    """The page of a finding in another language, by parts: text, sum, drawing, repairs, question. Empty for English."""
    if language == "en":
        return {}
    found: Mapping[str, Mapping[str, str]] = import_module(f"shapecheck.languages.{language}_pages").PAGES
    return found.get(code, {})


def _tables(language: str) -> Mapping[str, Mapping[str, str]]:
    tables: Mapping[str, Mapping[str, str]] = import_module(f"shapecheck.languages.{language}").WORDS
    return tables


def _template(language: str, room: str, name: str, english: str) -> str:
    """A template of a language; English where that language lacks it, which a test forbids."""
    return _tables(language).get(room, {}).get(name, english)


AXES = {
    "batch": Phrase("axes", "batch", "batch"),
    "depth": Phrase("axes", "depth", "depth"),
    "height": Phrase("axes", "height", "height"),
    "width": Phrase("axes", "width", "width"),
    "channels": Phrase("axes", "channels", "channels"),
    "steps": Phrase("axes", "steps", "steps"),
    "features": Phrase("axes", "features", "features"),
}


def axis_name(name: str) -> str:
    """The name of an axis in the current language; a name that is not in AXES unchanged."""
    return str(AXES.get(name, name))


def both(items: Sequence[str]) -> str:
    """a; a and b; a, b and c.

    >>> both(["conv2d", "conv2d_1", "dense"])
    'conv2d, conv2d_1 and dense'
    """
    *others, last = items
    return say("lists", "and", "{others} and {last}", others=", ".join(others), last=last) if others else last


def either(items: Sequence[str]) -> str:
    """a; a or b; a, b or c.

    >>> either(["valid", "same"])
    'valid or same'
    """
    *others, last = items
    return say("lists", "or", "{others} or {last}", others=", ".join(others), last=last) if others else last


def arrays(count: int) -> str:
    """1 array, 3 arrays."""
    return say("counts", "array", "1 array") if count == 1 else say("counts", "arrays", "{count} arrays", count=count)


def inputs(count: int) -> str:
    """1 input, 3 inputs."""
    return say("counts", "input", "1 input") if count == 1 else say("counts", "inputs", "{count} inputs", count=count)


def outputs(count: int) -> str:
    """1 output, 3 outputs."""
    return say("counts", "output", "1 output") if count == 1 else say("counts", "outputs", "{count} outputs", count=count)


def units(count: int) -> str:
    """1 unit, 3 units."""
    return say("counts", "unit", "1 unit") if count == 1 else say("counts", "units", "{count} units", count=count)


def files(count: int) -> str:
    """1 file, 3 files."""
    return say("counts", "file", "1 file") if count == 1 else say("counts", "files", "{count} files", count=count)


def severities(name: str, count: int) -> str:
    """1 error, 2 warnings, 3 notes."""
    if name == "error":
        return say("counts", "error", "1 error") if count == 1 else say("counts", "errors", "{count} errors", count=count)
    if name == "warning":
        return say("counts", "warning", "1 warning") if count == 1 else say("counts", "warnings", "{count} warnings", count=count)
    return say("counts", "note", "1 note") if count == 1 else say("counts", "notes", "{count} notes", count=count)


def columns(text: str) -> int:
    """How many columns of a terminal a text takes: none for a combining sign, two for a wide one.

    >>> columns("help"), columns("कर्नेल"), columns("形")
    (4, 4, 2)
    """
    if text.isascii():
        return len(text)
    from unicodedata import category, east_asian_width

    signs = (letter for letter in text if category(letter) not in ("Mn", "Mc", "Me", "Cf"))
    return sum(2 if east_asian_width(letter) in "WF" else 1 for letter in signs)


def padded(text: str, width: int) -> str:
    """The text with blanks after it, up to `width` columns."""
    return text + " " * (width - columns(text))


def pushed(text: str, width: int) -> str:
    """The text with blanks before it, up to `width` columns."""
    return " " * (width - columns(text)) + text


def fitting(text: str, width: int) -> int:
    """How many characters of a text fit into `width` columns, at least one letter with its signs.

    >>> fitting("window", 3), fitting("खिड़की", 2)
    (3, 4)
    """
    if text.isascii():
        return max(1, min(width, len(text)))
    most = 1
    for end in range(1, len(text) + 1):
        if columns(text[:end]) > width:
            break
        most = end
    while most < len(text) and columns(text[most]) == 0:
        most += 1
    return most
