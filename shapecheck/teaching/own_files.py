"""The files that a student's file imports: read inside the student's own folder only. No link is followed, no comment has force there."""

from __future__ import annotations

import os
import sys

from shapecheck.languages import because
from shapecheck.reader.beside import Beside
from shapecheck.reader.source import ELSEWHERE
from shapecheck.teaching.comments import taken_out
from shapecheck.teaching.submissions import SHOWN

TYPE_CHECKING = False
if TYPE_CHECKING:
    from shapecheck.reader.source import Unit


ALWAYS = ("keras", "tensorflow", "tf_keras", "tinyseq", "numpy")
"""Libraries that a file that makes a model loads, also where it does not name them."""
AT_START = frozenset(sys.builtin_module_names) | {
    "abc", "codecs", "encodings", "genericpath", "io", "ntpath", "os", "posixpath", "site", "stat", "zipimport",
}  # fmt: skip
"""Modules that Python loads before the script: no file beside it hides them."""


class OwnFiles(Beside):
    """The files beside one file of a student. `without_force`: comments for shapecheck in them; `not_read`: which are not read."""

    ends = True

    def __init__(self, file: str, folder: str) -> None:
        """
        Arguments:
            file: the file that is marked
            folder: the student's folder, in which it is; "": it has none, and imports no file
        """
        super().__init__(file)
        self.folder = os.path.abspath(folder) if folder else ""
        self.folders = [path for path in self.folders if folder and (path + os.sep).startswith(self.folder + os.sep)]
        self.without_force: list[str] = []
        self.not_read: list[str] = []
        self.read: list[tuple[str, list[Unit]]] = []
        """Those that are read, by their names."""
        self.hides = next(filter(None, map(self._hiding, ALWAYS)), "")
        """A file that Python imports in place of the library of that name: keras.py beside train.py."""
        self._found: dict[tuple[str, int, str], str] = {}

    def find(self, name: str, level: int, importer: str) -> str:
        """As for any file; "" for a path with a link in it."""
        key = (name, level, os.path.dirname(importer) if level else "")
        if key not in self._found:
            path = super().find(name, level, importer) if self.folders else ""
            self._found[key] = path if path and not self._linked(path) else ""
            if level == 0 and not path:
                self.hides = self.hides or self._hiding(name.partition(".")[0])
        return self._found[key]

    def _hiding(self, name: str) -> str:
        """The student's file of a library's name, "" if there is none: Python looks in the folder of the script before its own."""
        if not self.folder or (name not in ELSEWHERE and name not in sys.stdlib_module_names) or name in AT_START:
            return ""
        for folder in dict.fromkeys((os.path.dirname(os.path.abspath(self.file)), self.folder)):
            for path in (os.path.join(folder, f"{name}.py"), os.path.join(folder, name, "__init__.py")):
                if os.path.lexists(path):
                    return self.named(path)
        return ""

    def columns(self, path: str, separator: str) -> int | None:
        """None: sizes of data come from the file that is marked, not from a table that a student hands in."""
        return None

    def named(self, path: str) -> str:
        """The path inside the student's folder."""
        return os.path.relpath(path, self.folder)

    def _linked(self, path: str) -> bool:
        return os.path.realpath(path) != os.path.join(os.path.realpath(self.folder), self.named(os.path.abspath(path)))

    def unit(self, path: str) -> Unit | None:
        """As for any file; what is too much to read is in `not_read`."""
        unit = super().unit(path)
        if unit is None and self.named(path) not in self.not_read:
            self.not_read.append(self.named(path))
        return unit

    def problem(self) -> str:
        """The imported files that are not read, in a sentence; "" if all are."""
        if not self.not_read:
            return ""
        names, count = ", ".join(self.not_read[:SHOWN]), len(self.not_read) - SHOWN
        if count > 0:
            return because("imported, but not read: {names} and {count} more: too large, or too many files", names=names, count=count)
        return because("imported, but not read: {names}: too large, or too many files", names=names)

    def _parsed(self, path: str) -> Unit | None:
        unit = super()._parsed(path)
        if unit is not None:
            name = self.named(path)
            self.without_force += [because("{file}, {text}", file=name, text=comment) for comment in taken_out(unit)]
            self.read.append((self.named(path), [unit]))
        return unit
