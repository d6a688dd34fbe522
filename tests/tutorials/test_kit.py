"""The kit for a class: markers of the target, completeness, its own wheel, its scripts; no network is used."""

from __future__ import annotations

import os
import subprocess
import sys
import venv
import zipfile
from importlib import metadata
from pathlib import Path
from typing import Any

import pytest
from packaging.markers import Marker
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


@pytest.mark.parametrize(("light", "taken"), [("<2", "both-1"), ("<1", "both-2"), ("", "both-2")])
def test_a_lighter_version_is_taken_if_there_is_one_that_the_requirements_allow(
    registry: Path, monkeypatch: pytest.MonkeyPatch, light: str, taken: str
) -> None:
    monkeypatch.setattr(download, "LIGHT", {"both": light})
    folder = registry / "wheels"
    folder.mkdir()
    (target,) = targets("linux", "3.12")
    download.download([Requirement("both<3")], folder, target)
    assert [path.name for path in folder.iterdir()] == [f"{taken}-py3-none-any.whl"]


def test_a_lighter_version_that_a_later_wheel_does_not_allow_is_replaced(registry: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(download, "LIGHT", {"both": "<2"})
    folder = registry / "wheels"
    folder.mkdir()
    (target,) = targets("linux", "3.12")
    download.download([Requirement("both"), *ROOTS], folder, target)
    assert [path.name for path in folder.glob("both-*")] == ["both-2-py3-none-any.whl"], "books needs both>=2"
    assert lacking(ROOTS, folder, target) == {}


def test_a_large_kit_names_its_largest_wheels() -> None:
    wheels = {f"wheel{size}-1-py3-none-any.whl": size * 10**6 for size in range(1, 8)}
    assert str(making.Kit(Path("kit"), wheels, 160 * 10**6)).splitlines() == [
        "kit: 7 wheels, 160.0 MB; complete for installation without network"
    ]
    line = str(making.Kit(Path("kit"), wheels, 160 * 10**6 + 1)).splitlines()[1]
    assert line.startswith("more than 160 MB; the largest are wheel7-1-py3-none-any.whl 7.0, wheel6-1-py3-none-any.whl 6.0, ")


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
    monkeypatch.setattr(own_wheel, "write", lambda folder, without_solutions: folder)
    with pytest.raises(KitRefused, match="not-there"):
        making.kit(registry / "kit", "linux", "3.12", show=str)
    assert [path.name for path in registry.iterdir()] == ["registry"]


def test_a_kit_is_whole(registry: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(making, "ROOTS", ("root[tutorials]",))
    monkeypatch.setattr(own_wheel, "write", lambda folder, without_solutions: folder)
    made = making.kit(registry / "kit", "macosx", "3.12", without_solutions=True, show=str)
    assert len(made.wheels) == 6, "both kinds of Mac"
    folder = registry / "kit"
    assert made.size == sum(path.stat().st_size for path in folder.rglob("*") if path.is_file())
    shells = {"install.py", "install.sh", "install.cmd", "install.ps1", "start.sh", "start.cmd"}
    assert {path.name for path in folder.iterdir()} == shells | {"wheels", "lessons", "shapecheck.pyz", "python", "README.txt"}
    assert not (folder / "lessons" / "solutions").exists()
    assert b"\r\n" in (folder / "install.cmd").read_bytes() and b"\r" not in (folder / "install.sh").read_bytes()
    assert os.name == "nt" or all(path.stat().st_mode & 0o111 == 0o111 for path in folder.glob("*.sh"))
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


def test_without_solutions_the_own_wheel_has_none_either(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(metadata, "distribution", lambda name: Installed())
    (tmp_path / "all").mkdir()
    with zipfile.ZipFile(own_wheel.write(tmp_path / "all")) as whole, zipfile.ZipFile(own_wheel.write(tmp_path, True)) as archive:
        left_out = {*whole.namelist()} - {*archive.namelist()}
        lessons = [name for name in archive.namelist() if name.startswith("tinyseq/classroom/lessons/")]
    assert left_out and all("/lessons/solutions/" in name or "/lessons/TEACHERS" in name for name in left_out)
    assert "tinyseq/classroom/lessons/glossary.json" in lessons
    assert not [name for name in lessons if "solution" in name or "TEACHER" in name]


def test_the_linux_kit_is_for_laptops_with_glibc_2_28(tmp_path: Path) -> None:
    wheel(tmp_path, "numpy-2-cp312-cp312-manylinux_2_27_x86_64.manylinux_2_28_x86_64.whl")
    wheel(tmp_path, "debugpy-1-cp312-cp312-manylinux_2_34_x86_64.whl")
    assert [*fitting(tmp_path, targets("linux", "3.12")[0])] == ["numpy"]


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


def test_install_py_installs_the_roots_from_the_wheels_alone_and_calls_the_doctor(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    major, minor = sys.version_info[:2]
    script = tmp_path / "install.py"
    script.write_text(scripts.INSTALL_PY.format(major=major, minor=minor), encoding="utf-8")
    calls: list[list[str]] = []
    monkeypatch.setattr(subprocess, "run", lambda command, check: calls.append(command))
    monkeypatch.setattr(venv, "create", lambda folder, with_pip, clear: calls.append([str(folder)]))
    exec(compile(script.read_text(encoding="utf-8"), str(script), "exec"), {"__file__": str(script)})
    made, pip, doctor = calls
    assert made == [str(tmp_path / "venv")]
    assert pip[0] == doctor[0] and Path(pip[0]).is_relative_to(tmp_path / "venv")
    assert pip[1:4] == ["-m", "pip", "install"] and "--no-index" in pip
    assert pip[pip.index("--find-links") + 1 :] == [str(tmp_path / "wheels"), *making.ROOTS]
    assert doctor[1:] == ["-m", "tinyseq", "doctor"]
    assert making.ROOTS == ("tinyseq[tutorials]", "jupyterlab")


def test_the_start_scripts_open_the_folder_of_the_lessons() -> None:
    assert [scripts.FILES[name].splitlines()[-1].rpartition("-m ")[2] for name in ("start.sh", "start.cmd")] == ["jupyter lab lessons"] * 2


def test_pip_is_asked_for_wheels_of_the_target_only(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[list[str]] = []

    def run(command: list[str], **_: Any) -> Any:
        asked.append(command)
        return subprocess.CompletedProcess(command, 1, "", "WARNING: slow\nERROR: No matching distribution found for deep\n")

    monkeypatch.setattr(subprocess, "run", run)
    (target,) = targets("macosx_arm64", "3.12")
    with pytest.raises(KitRefused, match=r"^pip has no wheels for macosx_arm64, Python 3\.12: ERROR: No matching distribution"):
        download.download([Requirement("deep>=2")], tmp_path, target)
    (command,) = asked
    assert command[1:4] == ["-m", "pip", "download"] and command[-1] == "deep>=2"
    assert {"--no-deps", "--only-binary=:all:"} <= {*command}
    after = {word: command[place + 1] for place, word in enumerate(command[:-1])}
    assert (after["--python-version"], after["--implementation"], after["--dest"]) == ("3.12", "cp", str(tmp_path))
    platforms = [command[place + 1] for place, word in enumerate(command) if word == "--platform"]
    assert platforms == target.platforms and "macosx_11_0_arm64" in platforms


def test_wheels_of_two_targets_that_contradict_each_other_refuse_the_kit(registry: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(making, "ROOTS", ("both<2",))
    monkeypatch.setattr(own_wheel, "write", lambda folder, without_solutions: folder)
    monkeypatch.setattr(making, "download", lambda roots, folder, target: None)
    with pytest.raises(KitRefused, match=r"contradict each other: both \(macosx_arm64\), both \(macosx_x86_64\)"):
        making.kit(registry / "kit", "macosx", "3.12", show=str)
    assert not (registry / "kit").exists()


@pytest.mark.parametrize(
    ("platform", "words"),
    [
        ("win_amd64", "nt win32 Windows AMD64"),
        ("macosx_arm64", "posix darwin Darwin arm64"),
        ("macosx_x86_64", "posix darwin Darwin x86_64"),
        ("linux", "posix linux Linux x86_64"),
        ("linux_aarch64", "posix linux Linux aarch64"),
    ],
)
def test_markers_see_what_python_says_on_the_target(platform: str, words: str) -> None:
    (target,) = targets(platform, "3.12")
    names = ("os_name", "sys_platform", "platform_system", "platform_machine")
    for name, word in zip(names, words.split(), strict=True):
        assert Marker(f'{name} == "{word}"').evaluate(target.environment), name
    assert Marker('implementation_name == "cpython" and python_version == "3.12"').evaluate(target.environment)
