"""What stands at the top of the repository, and what must not stand anywhere."""

from __future__ import annotations

import re
import subprocess
import tomllib
from importlib.metadata import version

import pytest

from tests.house.imports import ROOT, imported, modules


def test_the_wheel_holds_both_packages_under_one_name() -> None:
    settings = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    assert settings["project"]["name"] == "tinyseq"
    assert settings["tool"]["hatch"]["build"]["targets"]["wheel"]["packages"] == ["tinyseq", "shapecheck"]
    assert all((ROOT / package / "py.typed").exists() for package in ("tinyseq", "shapecheck"))


def test_every_lower_bound_holds_here() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    for requirement in project["dependencies"]:
        name, bound = re.fullmatch(r"([a-z0-9]+)>=([0-9.]+)(?:,.*)?", requirement).groups()  # type: ignore[union-attr]
        assert numbers(version(name)) >= numbers(bound), requirement


def numbers(text: str) -> tuple[int, ...]:
    """2.0.1 -> (2, 0, 1); what follows the numbers is left out."""
    return tuple(int(part) for part in re.match(r"[0-9.]+", text)[0].strip(".").split("."))  # type: ignore[index]


def test_the_top_level_holds_the_packages_their_tests_and_tutorials_and_nothing_else() -> None:
    listed = subprocess.run(["git", "ls-files"], cwd=ROOT, capture_output=True, text=True, encoding="utf-8", check=False)
    if listed.returncode:
        pytest.skip("not a checkout")
    top = {line.partition("/")[0] for line in listed.stdout.splitlines()}
    plain = {name for name in top if not name.startswith(".")}
    assert plain == {"pyproject.toml", "README.md", "LICENSE", "tinyseq", "shapecheck", "tests", "tutorials"}


def test_every_package_that_is_required_is_imported() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    required = {re.split(r"[<>=!~ \[]", line)[0] for line in project["dependencies"]}
    used = {name.split(".")[0] for package in ("tinyseq", "shapecheck") for _, tree in modules(package) for name in imported(tree)}
    assert required <= used
