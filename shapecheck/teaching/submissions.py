"""The submissions in a folder: one student for each entry, a file or a folder of files; no link is followed."""

from __future__ import annotations

import os
import stat

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

ENDINGS = (".py", ".ipynb")
MOST_FILES = 50
"""Files of one student that are read."""
SKIPPED = frozenset({"__pycache__", ".ipynb_checkpoints", ".git", "venv", ".venv"})


class Submission:
    """The files of one student; `problems` name what is not read, and why."""

    def __init__(self, student: str) -> None:
        self.student = student
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
        one = Submission(os.path.splitext(entry.name)[0] if not entry.is_dir(follow_symlinks=False) else entry.name)
        if problem:
            if not entry.name.endswith(ENDINGS) and not entry.is_symlink():
                continue
            one.problems.append(f"{entry.name}: {problem}")
        elif entry.is_dir(follow_symlinks=False):
            try:
                _fill(one, entry.path)
            except OSError as error:
                one.problems.append(f"{os.path.relpath(error.filename or entry.path, folder)}: {error.strerror}")
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


def _fill(one: Submission, folder: str) -> None:
    for entry in _within(folder):
        name = os.path.relpath(entry.path, folder)
        problem = _problem(entry)
        if problem:
            one.problems.append(f"{name}: {problem}")
        elif entry.name.endswith(ENDINGS):
            if len(one.files) == MOST_FILES:
                one.problems.append(f"only the first {MOST_FILES} files are read")
                return
            one.files.append(entry.path)


def _within(folder: str) -> Iterator[os.DirEntry[str]]:
    """The files of a folder and of the folders in it; a folder that is a link is listed, not entered."""
    with os.scandir(folder) as entries:
        listed = sorted(entries, key=lambda entry: entry.name)
    for entry in listed:
        if entry.name in SKIPPED:
            continue
        if entry.is_dir(follow_symlinks=False):
            yield from _within(entry.path)
        else:
            yield entry


def _problem(entry: os.DirEntry[str]) -> str:
    """Why an entry is not read, "" if it is."""
    if entry.is_symlink():
        return "a link: links are not read"
    mode = entry.stat(follow_symlinks=False).st_mode
    return "" if stat.S_ISREG(mode) or stat.S_ISDIR(mode) else "not a file"
