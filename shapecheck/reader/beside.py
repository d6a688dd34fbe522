"""Files beside the file that is checked: found for what it imports, and parsed. They are read, never run, and bounded in number and size.

A module is looked for as Python would: in the folder of the file, from there on upwards where the folders are packages, and, because
scripts are often started from above, in the folders above that have it.
"""

from __future__ import annotations

import _ast as ast
import os
import sys

from shapecheck.reader.source import ELSEWHERE, Unit, parse, read_text

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

MOST_FILES = 40
"""Files beside one file that are read."""
MOST_BYTES = 300_000
"""Longest one of them."""
MOST_TEXT = 1_000_000
"""Characters of all of them together."""
FIRST_LINE = 65_536
"""Longest first line of a table, in bytes."""
HIGHEST = 3
"""Folders above that of the file where a module is looked for."""


class Beside:
    """The files beside one file: at most so many, each parsed once. `seen` holds what was found by its real path."""

    ends = False
    """Whether an import or a call that ends the program ends what is read, as it ends what is run."""

    def __init__(self, file: str) -> None:
        self.file = file
        folder = os.path.dirname(os.path.abspath(file))
        self.folders = [folder]
        while len(self.folders) <= HIGHEST and _may_hold_code(os.path.dirname(self.folders[-1])):
            self.folders.append(os.path.dirname(self.folders[-1]))
        self.left = MOST_TEXT
        self.seen: dict[str, Unit | None] = {}

    def find(self, name: str, level: int, importer: str) -> str:
        """The path of a module's file, or of its folder; "" if there is none beside."""
        parts = name.split(".") if name else []
        if level == 0 and (not parts or parts[0] in ELSEWHERE or parts[0] in sys.stdlib_module_names):
            return ""
        for folder in self._starts(level, importer):
            path = os.path.join(folder, *parts)
            for candidate in (f"{path}.py", os.path.join(path, "__init__.py")) if parts else (os.path.join(path, "__init__.py"),):
                if os.path.isfile(candidate):
                    return candidate if _inside(candidate, folder) else ""
            if os.path.isdir(path) and (not parts or _inside(path, folder)):
                return path
        return ""

    def _starts(self, level: int, importer: str) -> Iterator[str]:
        """Where to look: for `from ..nets` one folder above that of the importing file."""
        if not level:
            yield from self.folders
            return
        folder = os.path.dirname(os.path.abspath(importer))
        for _ in range(min(level - 1, HIGHEST)):
            folder = os.path.dirname(folder)
        highest = self.folders[-1]
        if level - 1 <= HIGHEST and (folder + os.sep).startswith(highest + os.sep):
            yield folder

    def unit(self, path: str) -> Unit | None:
        """The parsed file; None if it is too large or unreadable, or exceeds the number of files."""
        real = os.path.realpath(path)
        if real not in self.seen:
            self.seen[real] = self._parsed(path) if len(self.seen) < MOST_FILES else None
        return self.seen[real]

    def columns(self, path: str, separator: str) -> int | None:
        """How many columns a table has, by the first line of its file; None if there is no such file beside."""
        if not path.endswith((".csv", ".tsv", ".txt")) or os.path.isabs(path):
            return None
        for folder in self.folders:
            candidate = os.path.normpath(os.path.join(folder, path))
            if os.path.isfile(candidate):
                return _fields(candidate, separator) if _inside(candidate, self.folders[-1]) else None
        return None

    def makes_models(self, units: Iterable[Unit]) -> bool:
        """Whether one of the files that these import, or that those import, may make a model."""
        waiting, known = list(units), set()
        while waiting:
            unit = waiting.pop()
            for statement in unit.statements:
                for name, level in _imported(statement):
                    path = self.find(name, level, unit.file)
                    other = self.unit(path) if path.endswith(".py") and path not in known else None
                    known.add(path)
                    if other is not None:
                        if may_make_models(other.text):
                            return True
                        waiting.append(other)
        return False

    def _parsed(self, path: str) -> Unit | None:
        try:
            with open(path, "rb") as file:
                data = file.read(MOST_BYTES + 1)
        except OSError:
            return None
        self.left -= len(data)
        if len(data) > MOST_BYTES or self.left < 0:
            return None
        unit = Unit(path, read_text(data))
        parse([unit])
        return unit


def may_make_models(text: str) -> bool:
    """False for a text without any word that a model is made with."""
    return any(word in text for word in ("equential", "keras", "Model", ".add("))


def _imported(statement: ast.stmt) -> Iterator[tuple[str, int]]:
    """The modules that a statement imports, and the dots before their names."""
    if isinstance(statement, ast.Import):
        for alias in statement.names:
            yield alias.name, 0
    elif isinstance(statement, ast.ImportFrom):
        yield statement.module or "", statement.level
        for alias in statement.names:
            yield f"{statement.module}.{alias.name}" if statement.module else alias.name, statement.level


def _fields(path: str, separator: str) -> int | None:
    """The fields of a file's first line; None if it is too long."""
    import csv

    try:
        with open(path, "rb") as file:
            head = file.read(FIRST_LINE)
    except OSError:
        return None
    line, end, _ = head.partition(b"\n")
    if not end or line.count(b'"') % 2 or b"\0" in line:
        return None
    rows = list(csv.reader([read_text(line).rstrip("\r")], delimiter=separator))
    return len(rows[0]) if rows and rows[0] else None


def _may_hold_code(folder: str) -> bool:
    """Not the root of a disk, a home or a place for what is temporary: what lies there belongs to others."""
    parent = os.path.dirname(folder)
    return parent not in (folder, "") and os.path.dirname(parent) != parent and folder != os.path.expanduser("~")


def _inside(path: str, folder: str) -> bool:
    """Whether a file is in the folder, also once links are followed."""
    return os.path.realpath(path).startswith(os.path.realpath(folder) + os.sep)
