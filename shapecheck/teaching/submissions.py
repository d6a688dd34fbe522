"""The submissions in a folder: one student for each entry, a file or a folder of files; no link is followed."""

from __future__ import annotations

import os
import stat

from shapecheck.languages import because, system

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

ENDINGS = (".py", ".ipynb")
MOST_FILES = 50
"""Files of one student that are read."""
MOST_ENTRIES = 5000
"""Files of any kind in one student's folder that are looked at."""
DEEPEST = 20
"""Folders in folders that are looked into."""
SHOWN = 3
"""Names of files that are not read, in a sentence."""
DEEP = because("too deep, not looked into")
SKIPPED = frozenset({"__pycache__", ".ipynb_checkpoints", ".git", "venv", ".venv"})


class Submission:
    """The files of one student; `folder` is the student's own, "" for a single file; `problems` name what is not read, and why."""

    def __init__(self, student: str, folder: str = "") -> None:
        self.student = student
        self.folder = folder
        self.files: list[str] = []
        self.problems: list[str] = []


def submissions(folder: str) -> list[Submission]:
    """One for each entry of the folder, by name: asha.py, ravi.ipynb, meena/. Raises OSError if it cannot be listed."""
    found = []
    with os.scandir(folder) as entries:
        listed = sorted(entries, key=lambda entry: entry.name)
    for entry in listed:
        if entry.name.startswith(".") or entry.name in SKIPPED:
            continue
        problem = _problem(entry)
        own = entry.is_dir(follow_symlinks=False)
        one = Submission(entry.name, entry.path) if own else Submission(os.path.splitext(entry.name)[0])
        if problem:
            if not entry.name.endswith(ENDINGS) and not entry.is_symlink():
                continue
            one.problems.append(because("{name}: {why}", name=entry.name, why=problem))
        elif own:
            try:
                _fill(one)
            except OSError as error:
                one.problems.append(because("{name}: {why}", name=os.path.relpath(error.filename or entry.path, folder), why=system(error)))
        elif entry.name.endswith(ENDINGS):
            one.files.append(entry.path)
        else:
            continue
        found.append(one)
    return found


def others(folder: str) -> list[str]:
    """Files of the folder that are no submission, by name: neither .py nor .ipynb."""
    with os.scandir(folder) as entries:
        return sorted(entry.name for entry in entries if entry.is_file(follow_symlinks=False) and not entry.name.endswith(ENDINGS))


def _fill(one: Submission) -> None:
    unread: list[str] = []
    for count, entry in enumerate(_within(one)):
        name = os.path.relpath(entry.path, one.folder)
        problem = _problem(entry)
        if count == MOST_ENTRIES:
            one.problems.append(because("only the first {count:,} files of any kind are looked at", count=MOST_ENTRIES))
            break
        if problem:
            one.problems.append(because("{name}: {why}", name=name, why=problem))
        elif not entry.name.endswith(ENDINGS):
            unread.append(name)
        elif len(one.files) < MOST_FILES:
            one.files.append(entry.path)
        else:
            one.problems.append(because("only the first {count} files are read", count=MOST_FILES))
            break
    if not one.files and not one.problems:
        names = f"{', '.join(unread[:SHOWN])}{', ...' if len(unread) > SHOWN else ''}"
        nothing = because("no .py or .ipynb file")
        one.problems.append(because("no .py or .ipynb file, only {names}", names=names) if unread else nothing)


def _within(one: Submission) -> Iterator[os.DirEntry[str]]:
    """The files of a student's folder, then those of each folder in it; a folder that is a link is listed, not entered."""
    waiting = [(one.folder, 0)]
    while waiting:
        folder, depth = waiting.pop()
        with os.scandir(folder) as entries:
            listed = sorted(entries, key=lambda entry: entry.name)
        folders = []
        for entry in listed:
            if entry.name in SKIPPED:
                continue
            if not entry.is_dir(follow_symlinks=False):
                yield entry
            elif depth < DEEPEST:
                folders.append((entry.path, depth + 1))
            else:
                one.problems.append(because("{name}: {why}", name=os.path.relpath(entry.path, one.folder), why=DEEP))
        waiting += reversed(folders)


def _problem(entry: os.DirEntry[str]) -> str:
    """Why an entry is not read, "" if it is."""
    if entry.is_symlink():
        return because("a link: links are not read")
    mode = entry.stat(follow_symlinks=False).st_mode
    return "" if stat.S_ISREG(mode) or stat.S_ISDIR(mode) else because("not a file")
