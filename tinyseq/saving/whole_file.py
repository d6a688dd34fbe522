"""Writing a file whole or not at all: beside the old one, then in its place."""

from __future__ import annotations

import os
import shutil
import stat
import tempfile
from collections.abc import Callable
from typing import IO

from shapecheck.model_files.keras_archive import ASSETS, CONFIG, METADATA, WEIGHTS
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


def write_folder(path: str, overwrite: bool, write: Callable[[str], None]) -> None:
    """Calls write(folder) on a new folder beside, and gives it the name once it is on the disk.

    An old folder of that name is set aside before and removed after; it must be one that this function wrote. Whatever fails leaves it
    whole: under its name, or, if the process is killed between both renamings, beside it, as .NAME.old.
    """
    target = os.path.realpath(path)
    parent, name = os.path.split(target)
    exists = os.path.lexists(target)
    if exists and not overwrite:
        raise FileExistsError(f"{path} exists: pass overwrite=True, or another name")
    if exists and not (os.path.isdir(target) and set(os.listdir(target)) <= MEMBERS):
        raise ValueError(f"{path} is not a folder that save(zipped=False) wrote, and is not replaced: pass another name")
    if not os.path.isdir(parent):
        raise FileNotFoundError(f"folder {parent} does not exist: create it first, os.makedirs({parent!r})")
    if not speaks():
        return
    unfinished = tempfile.mkdtemp(prefix=f".{name}.", suffix=".part", dir=parent)
    old = os.path.join(parent, f".{name}.old")
    try:
        write(unfinished)
        os.chmod(unfinished, stat.S_IMODE(os.stat(target).st_mode) if exists else 0o777 & ~_mask())
        for folder, _, _ in os.walk(unfinished):
            _sync_folder(folder)
        if exists:
            shutil.rmtree(old, ignore_errors=True)
            os.replace(target, old)
        os.replace(unfinished, target)
    except BaseException:
        if exists and not os.path.lexists(target):
            os.replace(old, target)
        shutil.rmtree(unfinished, ignore_errors=True)
        raise
    _sync_folder(parent)
    shutil.rmtree(old, ignore_errors=True)


MEMBERS = {METADATA, CONFIG, WEIGHTS, ASSETS.rstrip("/")}


def _mask() -> int:
    mask = os.umask(0)
    os.umask(mask)
    return mask


def _copy_mode(target: str, unfinished: str) -> None:
    """The rights of the old file; for a new one, those that open() would set."""
    if os.path.exists(target):
        os.chmod(unfinished, stat.S_IMODE(os.stat(target).st_mode))
    elif os.name == "posix":
        os.chmod(unfinished, 0o666 & ~_mask())


def _sync_folder(folder: str) -> None:
    """The folder's entry reaches the disk, too. Windows does this by itself, and opens no folders."""
    if os.name != "posix":
        return
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
