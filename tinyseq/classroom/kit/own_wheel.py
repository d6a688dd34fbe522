"""tinyseq's own wheel, made again from the installed files: a kit needs no source and no network for it.

Format: packaging.python.org/specifications/binary-distribution-format.
"""

from __future__ import annotations

import base64
import hashlib
import zipfile
from collections.abc import Iterator
from importlib import metadata
from pathlib import Path

from tinyseq.classroom.kit.download import KitRefused
from tinyseq.classroom.tutorials import LESSONS, LessonsRefused, is_lesson, source

EPOCH = (1980, 1, 1, 0, 0, 0)
"""The time of every member: the bytes do not depend on the date."""
PACKAGES = ("tinyseq", "shapecheck")
LESSONS_IN_WHEEL = f"tinyseq/classroom/{LESSONS}"
KEPT = ("METADATA", "WHEEL", "entry_points.txt")
"""Files of the .dist-info folder that are taken over; RECORD is new."""


def write(folder: Path, without_solutions: bool = False) -> Path:
    """Writes the wheel into a folder and returns its path. KitRefused if tinyseq is not installed.

    Arguments:
        folder: where it is written
        without_solutions: its lessons have no solutions and no teacher's page
    """
    try:
        installed = metadata.distribution("tinyseq")
    except metadata.PackageNotFoundError:
        help_ = "help: python -m pip install . in the working copy"
        raise KitRefused(f"tinyseq is not installed here, only its source is used\n{help_}") from None
    info = f"tinyseq-{installed.version}.dist-info"
    target = folder / f"tinyseq-{installed.version}-py3-none-any.whl"
    lines = []
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in sorted([*_modules(), *_lessons(without_solutions), *_information(installed, info)]):
            entry = zipfile.ZipInfo(name, EPOCH)
            entry.compress_type = zipfile.ZIP_DEFLATED
            archive.writestr(entry, data)
            digest = base64.urlsafe_b64encode(hashlib.sha256(data).digest()).rstrip(b"=").decode("ascii")
            lines.append(f"{name},sha256={digest},{len(data)}")
        archive.writestr(zipfile.ZipInfo(f"{info}/RECORD", EPOCH), "\n".join([*lines, f"{info}/RECORD,,", ""]))
    return target


def _modules() -> Iterator[tuple[str, bytes]]:
    """(name in the wheel, bytes) of the files of both packages, without what Python and numba wrote beside them."""
    root = Path(__file__).resolve().parents[3]
    for package in PACKAGES:
        for path in (root / package).rglob("*"):
            name = path.relative_to(root).as_posix()
            if path.is_file() and "__pycache__" not in path.parts and not name.startswith(LESSONS_IN_WHEEL):
                yield name, path.read_bytes()


def _lessons(without_solutions: bool) -> Iterator[tuple[str, bytes]]:
    try:
        folder = source()
    except LessonsRefused as refused:
        raise KitRefused(str(refused)) from None
    for path in folder.rglob("*"):
        name = path.relative_to(folder)
        if path.is_file() and is_lesson(name, without_solutions):
            yield f"{LESSONS_IN_WHEEL}/{name.as_posix()}", path.read_bytes()


def _information(installed: metadata.Distribution, info: str) -> Iterator[tuple[str, bytes]]:
    for name in KEPT:
        text = installed.read_text(name)
        if text is not None:
            yield f"{info}/{name}", text.encode("utf-8")
    for file in installed.files or ():
        if ".dist-info/licenses/" in file.as_posix():
            yield f"{info}/licenses/{file.as_posix().partition('/licenses/')[2]}", Path(str(file.locate())).read_bytes()
