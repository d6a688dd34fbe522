"""The wheels of a kit, downloaded by pip for another system until nothing is missing."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path

from packaging.requirements import Requirement
from packaging.specifiers import SpecifierSet
from packaging.utils import NormalizedName

from tinyseq.classroom.kit.targets import Target
from tinyseq.classroom.kit.wheels import fitting, lacking

ROUNDS = 30
"""How often pip is asked: each round has the requirements of the wheels of the one before."""
LIGHT = {
    "babel": "<2.17",  # 1.4 MB
    "debugpy": "<1.8.15",  # 2.2 MB: newer ones have no compiled wheel for targets.GLIBC
    "jedi": "<0.20",  # 3.3 MB: type stubs for completion
    "jupyterlab": "<4.6",  # 5.8 MB
    "pyfive": "<1.3",  # 9.6 MB: numcodecs, for one checksum
}
"""Packages whose newer versions are larger, for nothing that a lesson uses: versions that are taken if the requirements allow them."""


class KitRefused(Exception):
    """The kit cannot be made; the argument says why and what helps."""


def download(roots: Sequence[Requirement], folder: Path, target: Target) -> None:
    """Fills a folder with all wheels that `roots` need on a target. KitRefused if one cannot be had.

    A version that a later wheel does not allow is replaced by one that all allow.
    """
    for _ in range(ROUNDS):
        missing = lacking(roots, folder, target)
        if not missing:
            return
        there = fitting(folder, target)
        for name in missing:
            for wheel in there.get(name, ()):
                wheel.path.unlink()
        lines = [_line(name, requirements) for name, requirements in missing.items()]
        light = [_line(name, requirements, LIGHT.get(name, "")) for name, requirements in missing.items()]
        try:
            _fetch(light, folder, target)
        except KitRefused:
            if light == lines:
                raise
            _fetch(lines, folder, target)
    raise KitRefused(f"no set of versions was found for {target.name}: {', '.join(lacking(roots, folder, target))} do not agree")


def _line(name: NormalizedName, requirements: Sequence[Requirement], light: str = "") -> str:
    """One requirement that asks what all of them ask, and `light`."""
    specifiers = [*(str(requirement.specifier) for requirement in requirements), light]
    specifier = SpecifierSet(",".join(filter(None, specifiers)))
    return f"{name}{specifier}"


def _fetch(lines: Sequence[str], folder: Path, target: Target) -> None:
    platforms = [word for platform in target.platforms for word in ("--platform", platform)]
    command = [sys.executable, "-m", "pip", "download", "--quiet", "--disable-pip-version-check", "--no-deps", "--only-binary=:all:",
               "--implementation", "cp", "--python-version", target.python, *platforms, "--dest", str(folder), *lines]  # fmt: skip
    done = subprocess.run(command, capture_output=True, text=True, encoding="utf-8", errors="replace", check=False)
    if done.returncode:
        why = [line for line in done.stderr.splitlines() if line.startswith("ERROR")] or done.stderr.splitlines()[-1:]
        what = f"pip has no wheels for {target.name}, Python {target.python}: {' '.join(why)}"
        raise KitRefused(f"{what}\nhelp: make the kit where there is a network")
