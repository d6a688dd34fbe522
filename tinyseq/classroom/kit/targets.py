"""The systems that a kit can be for: tags of their wheels, and the environment that markers of requirements ask about.

pip evaluates markers (; sys_platform == "win32") for the system it runs on, so for another system the kit evaluates them itself.
Names of platforms: PEP 425, 600 (manylinux) and packaging.python.org/specifications/platform-compatibility-tags.
"""

from __future__ import annotations

import platform

from packaging.tags import mac_platforms

MACOS = (12, 0)
"""The oldest macOS of the laptops: its wheels also run on newer ones."""
GLIBC = 28
"""The oldest glibc of the laptops, 2.28 (Debian 10, Ubuntu 20.04): the newest numpy and llvmlite need it too."""


class Target:
    """One system, processor and Python: `platforms` are the tags of wheels that fit, the best first; `environment` is for markers."""

    def __init__(self, name: str, platforms: list[str], environment: dict[str, str], python: str) -> None:
        self.name = name
        self.platforms = platforms
        self.python = python
        version = {"python_version": python, "python_full_version": f"{python}.0"}
        python_itself = {"implementation_name": "cpython", "platform_python_implementation": "CPython"}
        unknown = {"implementation_version": f"{python}.0", "platform_release": "", "platform_version": ""}
        self.environment = {**environment, **version, **python_itself, **unknown}


def _linux(machine: str) -> list[str]:
    named = {17: "manylinux2014", 12: "manylinux2010", 5: "manylinux1"} if machine == "x86_64" else {17: "manylinux2014"}
    found = []
    for minor in range(GLIBC, 4, -1):
        found += [f"manylinux_2_{minor}_{machine}", *([f"{named[minor]}_{machine}"] if minor in named else [])]
    return [*found, f"linux_{machine}"]


def _windows() -> tuple[list[str], dict[str, str]]:
    return ["win_amd64"], {"os_name": "nt", "sys_platform": "win32", "platform_system": "Windows", "platform_machine": "AMD64"}


def _unix(system: str, platform: str, machine: str, tags: list[str]) -> tuple[list[str], dict[str, str]]:
    return tags, {"os_name": "posix", "sys_platform": platform, "platform_system": system, "platform_machine": machine}


SYSTEMS = {
    "win_amd64": _windows(),
    "macosx_arm64": _unix("Darwin", "darwin", "arm64", [*mac_platforms(MACOS, "arm64")]),
    "macosx_x86_64": _unix("Darwin", "darwin", "x86_64", [*mac_platforms(MACOS, "x86_64")]),
    "linux": _unix("Linux", "linux", "x86_64", _linux("x86_64")),
    "linux_aarch64": _unix("Linux", "linux", "aarch64", _linux("aarch64")),
}
"""Platform -> tags of wheels, and environment."""
PLATFORMS = (*SYSTEMS, "macosx")
"""What --platform takes; macosx is both kinds of Mac in one kit."""


def targets(platform: str, python: str) -> list[Target]:
    """The targets of a platform, of which macosx has two.

    Arguments:
        platform: one of PLATFORMS
        python: the version of Python, for example "3.12"

    >>> [target.name for target in targets("macosx", "3.12")]
    ['macosx_arm64', 'macosx_x86_64']
    """
    names = ["macosx_arm64", "macosx_x86_64"] if platform == "macosx" else [platform]
    return [Target(name, *SYSTEMS[name], python) for name in names]


def here() -> str:
    """The platform of this computer. ValueError for one that no kit is for."""
    machine = {"AMD64": "x86_64", "arm64": "arm64"}.get(platform.machine(), platform.machine())
    known = {("Windows", "x86_64"): "win_amd64", ("Darwin", "arm64"): "macosx_arm64", ("Darwin", "x86_64"): "macosx_x86_64",
             ("Linux", "x86_64"): "linux", ("Linux", "aarch64"): "linux_aarch64"}  # fmt: skip
    name = known.get((platform.system(), machine))
    if name is None:
        raise ValueError(f"no kit is made for {platform.system()} on {platform.machine()}: choose --platform {', '.join(PLATFORMS)}")
    return name
