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
MIB = 2**20


class Kit:
    """A kit that was made: its folder, how many wheels it has, and bytes of them."""

    def __init__(self, folder: Path, wheels: int, size: int) -> None:
        self.folder = folder
        self.wheels = wheels
        self.size = size

    def __str__(self) -> str:
        return f"{self.folder}: {self.wheels} wheels, {self.size / MIB:.0f} MiB; complete for installation without network"


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
        own_wheel.write(wheels)
        for target in targets(platform, python):
            show(f"wheels for {target.name}, Python {python} ...")
            download(roots, wheels, target)
        lacks = [f"{name} ({target.name})" for target in targets(platform, python) for name in lacking(roots, wheels, target)]
        if lacks:
            raise KitRefused(f"the wheels of {platform} contradict each other: {', '.join(lacks)}\nhelp: make one kit for each of them")
        lay_out(made / "lessons", without_solutions=without_solutions)
        make_single_file(made / "shapecheck.pyz")
        files = [*wheels.glob("*.whl")]
        _write_scripts(made, platform, python, len(files))
        if folder.exists():
            folder.rmdir()
        shutil.move(str(made), str(folder))
    return Kit(folder, len(files), sum(path.stat().st_size for path in (folder / "wheels").glob("*.whl")))


def _write_scripts(folder: Path, platform: str, python: str, count: int) -> None:
    major, minor = python.split(".")
    for name, text in scripts.FILES.items():
        path = folder / name
        path.parent.mkdir(exist_ok=True)
        filled = text.format(major=major, minor=minor, platform=platform, count=count)
        path.write_text(filled, encoding="utf-8", newline="\r\n" if name.endswith(scripts.WINDOWS) else "\n")
        if name.endswith(".sh"):
            path.chmod(0o755)
