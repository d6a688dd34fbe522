"""The pre-commit hook: runs from the repository as it is cloned, with nothing installed."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

from tests.house.imports import ROOT


def test_the_hook_checks_files_with_nothing_installed(tmp_path: Path) -> None:
    text = "from keras import Sequential, Input, layers\nmodel = Sequential([Input((4, 4, 3)), layers.Conv2D(8, 6)])\n"
    (tmp_path / "model.py").write_text(text, encoding="utf-8")
    entry = next(
        line.split(": ", 1)[1]
        for line in (ROOT / ".pre-commit-hooks.yaml").read_text(encoding="utf-8").splitlines()
        if line.strip().startswith("entry")
    )
    command = [sys.executable, "-I", "-S", str(ROOT / entry), "model.py"]
    run = subprocess.run(command, capture_output=True, text=True, encoding="utf-8", cwd=tmp_path)
    assert run.returncode == 1, run.stderr
    assert "SC101" in run.stdout
