"""What stands at the top of the repository, and what must not stand anywhere."""

from __future__ import annotations

import re
import tomllib

from tests.house.imports import ROOT, imported, modules


def test_the_wheel_holds_both_packages_under_one_name() -> None:
    settings = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    assert settings["project"]["name"] == "tinyseq"
    assert settings["tool"]["hatch"]["build"]["targets"]["wheel"]["packages"] == ["tinyseq", "shapecheck"]
    assert all((ROOT / package / "py.typed").exists() for package in ("tinyseq", "shapecheck"))


def test_every_lower_bound_is_written_down() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    assert all(">=" in requirement for requirement in project["dependencies"])


def test_every_package_that_is_required_is_imported() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    required = {re.split(r"[<>=!~ \[]", line)[0] for line in project["dependencies"]}
    used = {name.split(".")[0] for package in ("tinyseq", "shapecheck") for _, tree in modules(package) for name in imported(tree)}
    assert required <= used
