"""Folders whose files no other user can have written: files loaded from there may run code.

POSIX: the folder and each folder above it belong to this user or to root, and neither group nor others can write there. Above the
folder, a sticky bit is enough (/tmp): entries then belong to their creators. Links on the way must obey the same rule.
Windows: a folder in the user's own profile.
"""

import os
import stat
import sys
import tempfile
from functools import cache
from pathlib import Path

OTHERS = stat.S_IWGRP | stat.S_IWOTH


@cache
def problem(folder: Path) -> str:
    """Why machine code cannot be stored in a folder; empty if it can. It is created if necessary, for this user only."""
    try:
        make(folder)
        reason = public(folder)
        if not reason:
            with tempfile.TemporaryFile(dir=folder):
                return ""
        return reason
    except OSError as error:
        return str(error)


def make(folder: Path) -> None:
    """Creates the folder and its missing parents, for this user only, whatever the umask."""
    if not folder.exists():
        make(folder.parent)
        folder.mkdir(mode=0o700, exist_ok=True)


def public(folder: Path) -> str:
    """Who else can write to a folder; empty if no other user can."""
    if sys.platform == "win32":
        profile = Path.home().resolve()
        return "" if folder.resolve().is_relative_to(profile) else f"{folder} is outside of {profile}, where others may write"
    for path in (folder.absolute(), folder.resolve()):
        for place in (path, *path.parents):
            found = place.lstat()
            if not belongs(found):
                return f"{place} belongs to another user"
            sticky = place != path and found.st_mode & stat.S_ISVTX
            if found.st_mode & OTHERS and not sticky and not stat.S_ISLNK(found.st_mode):
                return f"other users can write to {place}: chmod go-w {place}"
    return ""


def is_own(found: os.stat_result) -> bool:
    """Whether an opened file belongs to this user or root, and no other user can write to it."""
    return sys.platform == "win32" or (belongs(found) and not found.st_mode & OTHERS)


def belongs(found: os.stat_result) -> bool:
    """Whether a file or folder belongs to this user or to root."""
    return sys.platform == "win32" or found.st_uid in (0, os.geteuid())
