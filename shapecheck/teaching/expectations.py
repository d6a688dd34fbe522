"""What a class's models must be: the file expect.toml of `shapecheck grade`, read and checked."""

from __future__ import annotations

import tomllib
from fnmatch import fnmatchcase

from shapecheck.did_you_mean import likely
from shapecheck.languages import LANGUAGES, because
from shapecheck.layers import PLACES, find

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping
    from typing import Any

KEYS = {
    "model": because("the name of the variable that holds the model; without it the last one that is trained, else the last one"),
    "input": because('the shape of the input without the batch axis, for example [28, 28, 1]; "any" for a size that may be any'),
    "output": because("the shape of the output without the batch axis, for example [10]"),
    "layers": because("layer classes that must be used, or a table of how often at least: {{Conv2D = 2}}"),
    "forbidden": because("layer classes that must not be used"),
    "max_params": because("the most parameters"),
    "min_params": because("the fewest parameters"),
    "max_macs": because("the most multiply-adds of one sample"),
    "warnings": because("how many warnings are allowed; without it they cost nothing"),
    "dialect": because("the Keras version of the code: 1, 2 or 3 (3)"),
    "points": because("a table of the points of a check (each 1): {{output = 3}}"),
    "languages": because('a table of the feedback\'s language by student, with * and ?: {{"asha*" = "hi"}}'),
}
"""The keys of the file."""
CHECKS = ("works", "input", "output", "layers", "forbidden", "max_params", "min_params", "max_macs", "warnings")
"""What can earn points, in the order of the report. "works": every layer is proved and there is no error."""


class Wrong(ValueError):
    """The file cannot be used; the argument says where and why."""


class Expectations:
    """What is expected. `checks` are those that are asked for, `points` their points."""

    def __init__(self, table: Mapping[str, Any]) -> None:
        """Raises Wrong."""
        for key in table:
            if key not in KEYS:
                raise Wrong(
                    because("no key {key!r}{perhaps}; the keys are {names}", key=key, perhaps=_perhaps(key, KEYS), names=", ".join(KEYS))
                )
        self.table = dict(table)
        self.model = _text(table, "model")
        self.input = _shape(table, "input")
        self.output = _shape(table, "output")
        self.layers = _layers(table, "layers")
        self.forbidden = tuple(_layers(table, "forbidden"))
        self.limits = {key: _count(table, key) for key in ("max_params", "min_params", "max_macs", "warnings") if key in table}
        self.dialect = _count(table, "dialect") if "dialect" in table else 3
        if self.dialect not in (1, 2, 3):
            raise Wrong(because("dialect = {dialect}: expected 1, 2 or 3", dialect=self.dialect))
        self.checks = tuple(key for key in CHECKS if key == "works" or key in table)
        self.points = dict.fromkeys(self.checks, 1) | _points(table, self.checks)
        self.languages = _languages(table)

    def language(self, student: str, usual: str) -> str:
        """The language of a student's feedback: that of the first pattern that fits the name."""
        return next((language for pattern, language in self.languages.items() if fnmatchcase(student, pattern)), usual)


def read(text: str) -> Expectations:
    """The expectations of a TOML text. Raises Wrong.

    >>> read('output = [10]\\nlayers = ["Conv2D"]').checks
    ('works', 'output', 'layers')
    """
    try:
        return Expectations(tomllib.loads(text))
    except tomllib.TOMLDecodeError as error:
        raise Wrong(because("no TOML: {error}", error=error)) from None


def _perhaps(name: str, known: Mapping[str, object]) -> str:
    found = likely(name, known)
    return because(": perhaps {name!r}", name=found[0]) if found else ""


def _text(table: Mapping[str, Any], key: str) -> str:
    value = table.get(key, "")
    if not isinstance(value, str):
        raise Wrong(because('{key} = {value!r}: expected text, for example {key} = "model"', key=key, value=value))
    return value


def _count(table: Mapping[str, Any], key: str) -> int:
    value = table[key]
    if not isinstance(value, int) or isinstance(value, bool) or value < 0:
        raise Wrong(because("{key} = {value!r}: expected a whole number of at least 0", key=key, value=value))
    return value


def _shape(table: Mapping[str, Any], key: str) -> tuple[int | None, ...] | None:
    if key not in table:
        return None
    value = table[key]
    if not isinstance(value, list) or not all(size == "any" or (type(size) is int and size > 0) for size in value):
        raise Wrong(
            because("{key} = {value!r}: expected sizes without the batch axis, for example {key} = [28, 28, 1]", key=key, value=value)
        )
    return tuple(None if size == "any" else size for size in value)


def _layers(table: Mapping[str, Any], key: str) -> dict[str, int]:
    value = table.get(key, [])
    counts = dict.fromkeys(value, 1) if isinstance(value, list) and all(isinstance(name, str) for name in value) else value
    if not isinstance(counts, dict) or not all(type(count) is int and count > 0 for count in counts.values()):
        raise Wrong(because('{key} = {value!r}: expected class names, for example {key} = ["Conv2D"]', key=key, value=value))
    for name in counts:
        if find(name) is None:
            raise Wrong(because("{key}: no layer class {name!r}{perhaps}", key=key, name=name, perhaps=_perhaps(name, PLACES)))
    return counts


def _points(table: Mapping[str, Any], checks: tuple[str, ...]) -> dict[str, int]:
    value = table.get("points", {})
    if not isinstance(value, dict):
        raise Wrong(because("points = {value!r}: expected a table, for example points = {{output = 3}}", value=value))
    for key in value:
        if key not in checks:
            raise Wrong(because("points: {key!r} is not checked; checked are {names}", key=key, names=", ".join(checks)))
        _count(value, key)
    return value


def _languages(table: Mapping[str, Any]) -> dict[str, str]:
    value = table.get("languages", {})
    if not isinstance(value, dict) or not all(name in LANGUAGES for name in value.values()):
        raise Wrong(
            because(
                'languages = {value!r}: expected a table of {names}, for example languages = {{"asha*" = "hi"}}',
                value=value,
                names=" and ".join(LANGUAGES),
            )
        )
    return value
