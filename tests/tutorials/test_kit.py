"""The kit for a class: markers of the target, completeness, its own wheel, its scripts; no network is used."""

from __future__ import annotations

import subprocess
import sys
import zipfile
from importlib import metadata
from pathlib import Path
from typing import Any

import pytest
from packaging.requirements import Requirement
from packaging.utils import parse_wheel_filename

from tests.house.imports import ROOT
from tinyseq.classroom.kit import download, making, own_wheel, scripts
from tinyseq.classroom.kit.download import KitRefused
from tinyseq.classroom.kit.targets import PLATFORMS, SYSTEMS, here, targets
from tinyseq.classroom.kit.wheels import fitting, lacking


def wheel(folder: Path, file: str, *requires: str) -> Path:
    """A wheel without code."""
    name, version, _, _ = parse_wheel_filename(file)
    path = folder / file
    with zipfile.ZipFile(path, "w") as archive:
        text = "\n".join([f"Name: {name}", f"Version: {version}", *(f"Requires-Dist: {one}" for one in requires), "", ""])
        archive.writestr(f"{name}-{version}.dist-info/METADATA", text)
    return path


ROOT_WHEEL = (
    "root-1-py3-none-any.whl", 'winonly>=2; sys_platform == "win32"', 'maconly; platform_system == "Darwin"',
    'old; python_version < "3.12"', 'books[all]; extra == "tutorials"', 'never; extra == "test"', "both<3",
)  # fmt: skip
ROOTS = [Requirement("root[tutorials]")]


def index(folder: Path) -> dict[str, list[Path]]:
    """Wheels that a registry would have."""
    folder.mkdir()
    files = [
        ROOT_WHEEL, ("winonly-2-cp312-cp312-win_amd64.whl", "deep"), ("winonly-2-cp313-cp313-win_amd64.whl", "deep"),
        ("winonly-3-cp312-cp312-win_arm64.whl",),
        ("maconly-1-cp311-abi3-macosx_11_0_arm64.whl",), ("maconly-1-cp311-abi3-macosx_10_12_x86_64.whl",),
        ("old-1-py3-none-any.whl",), ("books-1-py3-none-any.whl", 'pages; extra == "all"', "both>=2"), ("pages-1-py2.py3-none-any.whl",),
        ("both-1-py3-none-any.whl",), ("both-2-py3-none-any.whl",), ("both-3-py3-none-any.whl",), ("deep-1-py3-none-any.whl",),
    ]  # fmt: skip
    found: dict[str, list[Path]] = {}
    for file, *requires in files:
        path = wheel(folder, file, *requires)
        found.setdefault(parse_wheel_filename(file)[0], []).append(path)
    return found


@pytest.fixture
def registry(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """pip download, from a folder: the newest wheel that fits the target and the specifier."""
    known = index(tmp_path / "registry")

    def fetch(lines: list[str], folder: Path, target: Any) -> None:
        for line in lines:
            requirement = Requirement(line)
            fits = fitting(tmp_path / "registry", target).get(requirement.name, [])  # type: ignore[call-overload]
            chosen = next((one for one in fits if one.version in requirement.specifier), None)
            if chosen is None:
                raise KitRefused(f"no wheel of {line}")
            (folder / chosen.path.name).write_bytes(chosen.path.read_bytes())

    assert known
    monkeypatch.setattr(download, "_fetch", fetch)
    return tmp_path


@pytest.mark.parametrize(
    ("platform", "python", "names"),
    [
        ("win_amd64", "3.12", "books-1 both-2 deep-1 pages-1 root-1 winonly-2"),
        ("win_amd64", "3.13", "books-1 both-2 deep-1 pages-1 root-1 winonly-2"),
        ("linux", "3.11", "books-1 both-2 old-1 pages-1 root-1"),
        ("macosx_arm64", "3.12", "books-1 both-2 maconly-1 pages-1 root-1"),
        ("macosx_x86_64", "3.13", "books-1 both-2 maconly-1 pages-1 root-1"),
    ],
)
def test_requirements_are_those_of_the_target_not_of_this_computer(registry: Path, platform: str, python: str, names: str) -> None:
    folder = registry / "wheels"
    folder.mkdir()
    (target,) = targets(platform, python)
    download.download(ROOTS, folder, target)
    assert " ".join("-".join(path.name.split("-")[:2]) for path in sorted(folder.iterdir())) == names
    assert lacking(ROOTS, folder, target) == {}


def test_a_version_that_a_later_wheel_does_not_allow_is_replaced(registry: Path) -> None:
    folder = registry / "wheels"
    folder.mkdir()
    (target,) = targets("linux", "3.12")
    download.download([Requirement("both"), *ROOTS], folder, target)
    assert [path.name for path in folder.glob("both-*")] == ["both-2-py3-none-any.whl"]


def test_every_wheel_that_is_taken_out_is_missed(registry: Path) -> None:
    folder = registry / "wheels"
    folder.mkdir()
    (target,) = targets("win_amd64", "3.12")
    download.download(ROOTS, folder, target)
    for path in [*folder.iterdir()]:
        data = path.read_bytes()
        path.unlink()
        assert [*lacking(ROOTS, folder, target)] == [path.name.partition("-")[0]]
        path.write_bytes(data)
    (other,) = targets("win_amd64", "3.13")
    assert [*lacking(ROOTS, folder, other)] == ["winonly"], "a wheel of another Python does not fit"


def test_what_cannot_be_had_refuses_the_kit_and_leaves_nothing(registry: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(making, "ROOTS", ("root[tutorials]", "not-there"))
    monkeypatch.setattr(own_wheel, "write", lambda folder: folder)
    with pytest.raises(KitRefused, match="not-there"):
        making.kit(registry / "kit", "linux", "3.12", show=str)
    assert [path.name for path in registry.iterdir()] == ["registry"]


def test_a_kit_is_whole(registry: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(making, "ROOTS", ("root[tutorials]",))
    monkeypatch.setattr(own_wheel, "write", lambda folder: folder)
    made = making.kit(registry / "kit", "macosx", "3.12", without_solutions=True, show=str)
    assert made.wheels == 6, "both kinds of Mac"
    folder = registry / "kit"
    shells = {"install.py", "install.sh", "install.cmd", "install.ps1", "start.sh", "start.cmd"}
    assert {path.name for path in folder.iterdir()} == shells | {"wheels", "lessons", "shapecheck.pyz", "python", "README.txt"}
    assert not (folder / "lessons" / "solutions").exists()
    assert b"\r\n" in (folder / "install.cmd").read_bytes() and b"\r" not in (folder / "install.sh").read_bytes()
    assert subprocess.run(["sh", "-n", str(folder / "install.sh")], check=True).returncode == 0
    assert "3.12" in (folder / "install.ps1").read_text(encoding="utf-8")
    compile((folder / "install.py").read_text(encoding="utf-8"), "install.py", "exec")
    assert all(len(text.splitlines()) <= 20 for name, text in scripts.FILES.items() if name.startswith("install"))
    done = subprocess.run([sys.executable, str(folder / "shapecheck.pyz"), "--version"], capture_output=True, text=True, check=True)
    assert done.stdout.startswith("shapecheck ")
    with pytest.raises(KitRefused, match="not empty"):
        making.kit(folder, "linux", "3.12")


def test_install_py_refuses_another_python(tmp_path: Path) -> None:
    (tmp_path / "install.py").write_text(scripts.INSTALL_PY.format(major=3, minor=99), encoding="utf-8")
    done = subprocess.run([sys.executable, str(tmp_path / "install.py")], capture_output=True, text=True, check=False)
    assert done.returncode == 1
    assert "This kit is for Python 3.99" in done.stderr
    assert not (tmp_path / "venv").exists()


class Installed:
    """As importlib.metadata sees an installation."""

    version = "0.1.0"
    files = ()

    def read_text(self, name: str) -> str | None:
        texts = {
            "METADATA": "Metadata-Version: 2.4\nName: tinyseq\nVersion: 0.1.0\nRequires-Dist: numpy>=2.0\n",
            "WHEEL": "Wheel-Version: 1.0\nRoot-Is-Purelib: true\nTag: py3-none-any\n",
        }
        return texts.get(name)


def test_the_own_wheel_has_every_module_lesson_and_a_true_record(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(metadata, "distribution", lambda name: Installed())
    path = own_wheel.write(tmp_path)
    with zipfile.ZipFile(path) as archive:
        names = {*archive.namelist()}
        record = archive.read("tinyseq-0.1.0.dist-info/RECORD").decode("utf-8")
    modules = {path.relative_to(ROOT).as_posix() for package in ("tinyseq", "shapecheck") for path in (ROOT / package).rglob("*.py")}
    assert modules <= names
    assert "tinyseq/classroom/lessons/00_what_one_number_is_hi.ipynb" in names
    assert not [name for name in names if "__pycache__" in name or name.endswith((".nbi", ".nbc"))]
    assert {line.partition(",")[0] for line in record.splitlines()} == names
    folder = tmp_path / "installed"
    pip = [sys.executable, "-m", "pip", "install", "--quiet", "--no-index", "--no-deps"]
    subprocess.run([*pip, "--target", str(folder), str(path)], check=True)
    assert (folder / "shapecheck" / "__main__.py").read_bytes() == (ROOT / "shapecheck" / "__main__.py").read_bytes()


def test_a_copy_that_is_not_installed_says_so(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def missing(name: str) -> None:
        raise metadata.PackageNotFoundError(name)

    monkeypatch.setattr(metadata, "distribution", missing)
    with pytest.raises(KitRefused, match="not installed"):
        own_wheel.write(tmp_path)


def test_wheels_for_all_macs_before_apples_processors_fit_them_too(tmp_path: Path) -> None:
    wheel(tmp_path, "tornado-6-cp39-abi3-macosx_10_9_universal2.whl")
    wheel(tmp_path, "numpy-2-cp312-cp312-macosx_14_0_arm64.whl")
    (apple,), (intel,) = targets("macosx_arm64", "3.12"), targets("macosx_x86_64", "3.12")
    assert [*fitting(tmp_path, apple)] == [*fitting(tmp_path, intel)] == ["tornado"], "and one for macOS 14 does not fit macOS 12"


def test_this_computer_has_a_platform() -> None:
    assert here() in PLATFORMS
    assert {target.name for platform in PLATFORMS for target in targets(platform, "3.12")} == SYSTEMS.keys()
