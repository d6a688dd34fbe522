"""Writing a file whole or not at all: beside the old one, then in its place."""

from __future__ import annotations

import os
import stat
import tempfile
from collections.abc import Callable
from typing import IO

from tinyseq.engine.team import speaks

NO_FILE = (
    (stat.S_ISDIR, "a folder"),
    (stat.S_ISFIFO, "a pipe"),
    (stat.S_ISCHR, "a device"),
    (stat.S_ISBLK, "a device"),
    (stat.S_ISSOCK, "a socket"),
)


def check_target(path: str, overwrite: bool) -> str:
    """The file that will be written, links followed. Raises if it exists and may not be replaced, or if there is no such folder."""
    target = os.path.realpath(path)
    if os.path.exists(target) and speaks():
        _refuse_what_is_no_file(path, os.stat(target).st_mode)
        if not overwrite:
            raise FileExistsError(f"{path} exists: pass overwrite=True, or another name")
    folder = os.path.dirname(target)
    if not os.path.isdir(folder):
        raise FileNotFoundError(f"folder {folder} does not exist: create it first, os.makedirs({folder!r})")
    return target


def check_source(path: str, advice: str) -> None:
    """Raises unless `path` is a regular file that exists."""
    if not os.path.exists(path):
        raise FileNotFoundError(f"{path} does not exist: {advice}")
    _refuse_what_is_no_file(path, os.stat(path).st_mode)


def _refuse_what_is_no_file(path: str, mode: int) -> None:
    for test, what in NO_FILE:
        if test(mode):
            raise ValueError(f"{path} is {what}, not a file: pass the path of a file")


def write_whole(target: str, write: Callable[[IO[bytes]], None]) -> None:
    """Calls write(file) on a new file in the same folder, and puts it in the place of `target` once it is on the disk.

    Whatever fails before (an error, a full disk, a killed process) leaves the old file as it was. Of several processes that train
    together the first one writes.
    """
    if not speaks():
        return
    folder = os.path.dirname(target)
    handle, unfinished = tempfile.mkstemp(prefix=f".{os.path.basename(target)}.", suffix=".part", dir=folder)
    try:
        with os.fdopen(handle, "w+b") as file:
            write(file)
            file.flush()
            os.fsync(file.fileno())
        _copy_mode(target, unfinished)
        os.replace(unfinished, target)
    except BaseException:
        if os.path.exists(unfinished):
            os.remove(unfinished)
        raise
    _sync_folder(folder)


def _copy_mode(target: str, unfinished: str) -> None:
    """The rights of the old file; for a new one, those that open() would set."""
    if os.path.exists(target):
        os.chmod(unfinished, stat.S_IMODE(os.stat(target).st_mode))
    elif os.name == "posix":
        mask = os.umask(0)
        os.umask(mask)
        os.chmod(unfinished, 0o666 & ~mask)


def _sync_folder(folder: str) -> None:
    """The folder's entry reaches the disk, too. Windows does this by itself, and opens no folders."""
    if os.name != "posix":
        return
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
