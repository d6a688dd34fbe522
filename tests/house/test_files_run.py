"""How many files a reader meets who follows one run: those in which a function is called, once everything is loaded."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from tests.house.imports import ROOT

COUNT = """
import sys
from pathlib import Path
{prepare}
def work():
    {work}
work()
files = set()
def look(frame, event, argument):
    if event == "call" and frame.f_code.co_name != "<module>":
        files.add(frame.f_code.co_filename)
sys.setprofile(look)
work()
sys.setprofile(None)
for file in sorted(files):
    if Path(file).is_relative_to({root!r}):
        print("ran", Path(file).relative_to({root!r}).as_posix())
"""
BROKEN = "from keras import Sequential, Input, layers\nmodel = Sequential([Input((4, 4, 3)), layers.Conv2D(8, 6)])\n"
RUNS = {
    "a broken file is checked": (
        "from shapecheck.__main__ import main",
        "main(['--no-config', sys.argv[1]])",
        "shapecheck/",
        65,
    ),
}
"""What is prepared, what runs, which files count, and how many there may be (four for old spellings, two for a language)."""


@pytest.mark.parametrize("name", RUNS)
def test_a_run_goes_through_few_files(name: str, tmp_path: Path) -> None:
    (tmp_path / "model.py").write_text(BROKEN, encoding="utf-8")
    prepare, work, folder, most = RUNS[name]
    code = COUNT.format(prepare=prepare, work=work, root=str(ROOT))
    run = subprocess.run([sys.executable, "-c", code, str(tmp_path / "model.py")], capture_output=True, text=True, check=True, cwd=ROOT)
    files = [line.removeprefix("ran ") for line in run.stdout.splitlines() if line.startswith(f"ran {folder}")]
    assert 20 < len(files) <= most, files


@pytest.mark.parametrize("package", ["shapecheck"])
def test_the_median_file_is_short(package: str) -> None:
    lengths = sorted(len(path.read_text(encoding="utf-8").splitlines()) for path in (ROOT / package).rglob("*.py"))
    assert lengths[len(lengths) // 2] <= 150
