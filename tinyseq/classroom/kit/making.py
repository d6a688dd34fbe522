"""`python -m tinyseq kit DIR`: makes the folder, or says why it cannot."""

from __future__ import annotations

import shutil
import sys
import tempfile
from collections.abc import Callable
from pathlib import Path

from packaging.requirements import Requirement

from shapecheck.single_file import make as make_single_file
from tinyseq.classroom.kit import own_wheel, scripts
from tinyseq.classroom.kit.download import KitRefused, download
from tinyseq.classroom.kit.targets import here, targets
from tinyseq.classroom.kit.wheels import lacking
from tinyseq.classroom.tutorials import lay_out

ROOTS = ("tinyseq[tutorials]", "jupyterlab")
"""What install.py installs."""
MB = 10**6
LARGE = 160 * MB
"""A kit above this names its largest wheels."""


class Kit:
    """A kit that was made: its folder, its wheels by name with their bytes, and the bytes of the whole folder."""

    def __init__(self, folder: Path, wheels: dict[str, int], size: int) -> None:
        self.folder = folder
        self.wheels = wheels
        self.size = size

    def __str__(self) -> str:
        line = f"{self.folder}: {len(self.wheels)} wheels, {self.size / MB:.1f} MB; complete for installation without network"
        if self.size <= LARGE:
            return line
        largest = sorted(self.wheels.items(), key=lambda wheel: -wheel[1])[:5]
        return f"{line}\nmore than {LARGE // MB} MB; the largest are {', '.join(f'{name} {size / MB:.1f}' for name, size in largest)}"


def kit(
    folder: Path,
    platform: str | None = None,
    python: str | None = None,
    without_solutions: bool = False,
    show: Callable[[str], object] = print,
) -> Kit:
    """Makes a kit. KitRefused if the folder is in use or a wheel cannot be had: then no folder is left.

    Arguments:
        folder: where; it must not exist, or be empty
        platform: win_amd64, macosx, macosx_arm64, macosx_x86_64, linux, linux_aarch64; None: this computer's
        python: its version, for example "3.12"; None: that of this Python
        without_solutions: for students, without solutions and teacher's page
        show: prints a line of progress
    """
    if folder.exists() and (not folder.is_dir() or any(folder.iterdir())):
        raise KitRefused(f"{folder} exists already and is not empty\nhelp: name another folder")
    platform = platform or here()
    python = python or f"{sys.version_info[0]}.{sys.version_info[1]}"
    roots = [Requirement(root) for root in ROOTS]
    folder.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=folder.parent) as scratch:
        made = Path(scratch) / "kit"
        wheels = made / "wheels"
        wheels.mkdir(parents=True)
        own_wheel.write(wheels, without_solutions)
        for target in targets(platform, python):
            show(f"wheels for {target.name}, Python {python} ...")
            download(roots, wheels, target)
        lacks = [f"{name} ({target.name})" for target in targets(platform, python) for name in lacking(roots, wheels, target)]
        if lacks:
            raise KitRefused(f"the wheels of {platform} contradict each other: {', '.join(lacks)}\nhelp: make one kit for each of them")
        lay_out(made / "lessons", without_solutions=without_solutions)
        make_single_file(made / "shapecheck.pyz")
        sizes = {path.name: path.stat().st_size for path in wheels.glob("*.whl")}
        _write_scripts(made, platform, python, len(sizes))
        if folder.exists():
            folder.rmdir()
        shutil.move(str(made), str(folder))
    return Kit(folder, sizes, sum(path.stat().st_size for path in folder.rglob("*") if path.is_file()))


def _write_scripts(folder: Path, platform: str, python: str, count: int) -> None:
    major, minor = python.split(".")
    for name, text in scripts.FILES.items():
        path = folder / name
        path.parent.mkdir(exist_ok=True)
        filled = text.format(major=major, minor=minor, platform=platform, count=count)
        path.write_text(filled, encoding="utf-8", newline="\r\n" if name.endswith(scripts.WINDOWS) else "\n")
        if name.endswith(".sh"):
            path.chmod(0o755)
