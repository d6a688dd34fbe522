"""A folder of wheels: what each is and requires, which a target can install, and whether the set is complete."""

from __future__ import annotations

import zipfile
from collections.abc import Iterable, Iterator
from email.parser import HeaderParser
from pathlib import Path

from packaging.requirements import Requirement
from packaging.tags import compatible_tags, cpython_tags
from packaging.utils import NormalizedName, canonicalize_name, parse_wheel_filename
from packaging.version import Version

from tinyseq.classroom.kit.targets import Target


class Wheel:
    """A wheel: name, version, tags of its file name, and its requirements."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self.name, self.version, _, self.tags = parse_wheel_filename(path.name)
        with zipfile.ZipFile(path) as archive:
            member = next(name for name in archive.namelist() if name.endswith(".dist-info/METADATA") and name.count("/") == 1)
            text = archive.read(member).decode("utf-8")
        self.requires = [Requirement(line) for line in HeaderParser().parsestr(text).get_all("Requires-Dist") or ()]

    def needs(self, target: Target, extras: Iterable[str]) -> Iterator[Requirement]:
        """What it requires on a target, with these extras."""
        for requirement in self.requires:
            marker = requirement.marker
            if marker is None or any(marker.evaluate({**target.environment, "extra": extra}) for extra in ("", *extras)):
                yield requirement


def fitting(folder: Path, target: Target) -> dict[NormalizedName, list[Wheel]]:
    """The wheels of a folder that a target can install, by name, the newest first."""
    major, minor = (int(number) for number in target.python.split("."))
    own = cpython_tags((major, minor), platforms=target.platforms)
    tags = {*own, *compatible_tags((major, minor), f"cp{major}{minor}", target.platforms)}
    found: dict[NormalizedName, list[Wheel]] = {}
    for path in sorted(folder.glob("*.whl")):
        wheel = Wheel(path)
        if wheel.tags & tags:
            found.setdefault(wheel.name, []).append(wheel)
    for wheels in found.values():
        wheels.sort(key=lambda wheel: wheel.version, reverse=True)
    return found


def wanted(
    roots: Iterable[Requirement], there: dict[NormalizedName, list[Wheel]], target: Target
) -> dict[NormalizedName, list[Requirement]]:
    """Everything that the roots require on a target, as far as wheels are there: each name with all that is asked of it."""
    asked: dict[NormalizedName, list[Requirement]] = {}
    followed: set[tuple[NormalizedName, str]] = set()
    waiting = list(roots)
    while waiting:
        requirement = waiting.pop()
        name = canonicalize_name(requirement.name)
        if str(requirement) not in map(str, asked.setdefault(name, [])):
            asked[name].append(requirement)
        for extra in ("", *sorted(requirement.extras)):
            if (name, extra) not in followed and name in there:
                followed.add((name, extra))
                waiting += there[name][0].needs(target, [extra] if extra else ())
    return asked


def lacking(roots: Iterable[Requirement], folder: Path, target: Target) -> dict[NormalizedName, list[Requirement]]:
    """What is missing in a folder so that a target can install the roots from it alone: {} if the set is complete."""
    there = fitting(folder, target)
    asked = wanted(roots, there, target)
    return {name: all_ for name, all_ in asked.items() if not (name in there and satisfied(there[name][0].version, all_))}


def satisfied(version: Version, requirements: Iterable[Requirement]) -> bool:
    """True if a version is one that all requirements allow."""
    return all(requirement.specifier.contains(version, prereleases=True) for requirement in requirements)
