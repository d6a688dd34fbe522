"""shapecheck.pyz: one file, standard library only, on any Python, and in a browser's Python."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from shapecheck.single_file import make

GOOD = "from keras import Sequential, Input, layers\nmodel = Sequential([Input((28, 28, 1)), layers.Conv2D(8, 3)])\n"


@pytest.fixture(scope="module")
def archive(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return make(tmp_path_factory.mktemp("pyz") / "shapecheck.pyz")


def test_the_archive_checks_a_file_in_an_isolated_python(archive: Path, tmp_path: Path) -> None:
    (tmp_path / "model.py").write_text(GOOD, encoding="utf-8")
    command = [sys.executable, "-I", "-S", str(archive), "--format", "json", "model.py"]
    run = subprocess.run(command, capture_output=True, text=True, cwd=tmp_path, encoding="utf-8")
    assert run.returncode == 0, run.stderr
    (stack,) = json.loads(run.stdout)["files"][0]["stacks"]
    assert stack["layers"][-1]["output_shape"] == [None, 26, 26, 8]


def test_making_it_twice_gives_the_same_bytes(archive: Path, tmp_path: Path) -> None:
    assert make(tmp_path / "again.pyz").read_bytes() == archive.read_bytes()


PYODIDE = """
const { loadPyodide } = require("pyodide");
const fs = require("fs");
(async () => {
  const python = await loadPyodide();
  python.FS.writeFile("/shapecheck.pyz", fs.readFileSync(process.argv[2]));
  python.FS.writeFile("/model.py", process.argv[3]);
  console.log(python.runPython(`
import sys, io, contextlib
sys.path.insert(0, "/shapecheck.pyz")
from shapecheck.__main__ import main
out = io.StringIO()
with contextlib.redirect_stdout(out):
    code = main(["--format", "json", "/model.py"])
assert code == 0, out.getvalue()
out.getvalue()
`));
})();
"""


def test_it_runs_in_pyodide(archive: Path, tmp_path: Path) -> None:
    node, modules = shutil.which("node"), os.environ.get("PYODIDE_NODE_MODULES", "")
    if node is None or not (Path(modules) / "pyodide").exists():
        pytest.skip("needs Node.js, and PYODIDE_NODE_MODULES naming the folder with npm's pyodide")
    (tmp_path / "run.js").write_text(PYODIDE, encoding="utf-8")
    environment = {**os.environ, "NODE_PATH": modules}
    command = [node, "run.js", str(archive), GOOD]
    run = subprocess.run(command, capture_output=True, text=True, cwd=tmp_path, env=environment, encoding="utf-8")
    assert run.returncode == 0, run.stderr
    (stack,) = json.loads(run.stdout)["files"][0]["stacks"]
    assert stack["layers"][-1]["output_shape"] == [None, 26, 26, 8]
