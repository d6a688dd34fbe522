"""Other consoles and other default encodings: what is printed must never stop a program."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.house.imports import ROOT

BROKEN = "from keras import Sequential, Input, layers\n# तालिका\nmodel = Sequential([Input((4, 4, 3)), layers.Conv2D(8, 6, name='बड़ा')])\n"
SUMMARY = (
    "import tinyseq as keras\n"
    "model = keras.Sequential([keras.Input((4, 4, 3)), keras.layers.Conv2D(8, 2), keras.layers.Flatten()])\n"
    "model.summary()\n"
    "model.summary(style='wide')\n"
)


@pytest.mark.parametrize("encoding", ["cp1252", "ascii", "utf-8"])
@pytest.mark.parametrize("command", [["-m", "shapecheck", "मॉडल.py"], ["-c", SUMMARY]], ids=["shapecheck", "summary"])
def test_every_console_gets_its_output(encoding: str, command: list[str], tmp_path: Path) -> None:
    (tmp_path / "मॉडल.py").write_text(BROKEN, encoding="utf-8")
    environment = {**os.environ, "PYTHONIOENCODING": encoding, "PYTHONPATH": str(ROOT)}
    strict = ["-X", "warn_default_encoding", "-W", "error::EncodingWarning"]
    run = subprocess.run([sys.executable, *strict, *command], capture_output=True, cwd=tmp_path, env=environment)
    assert run.returncode == (1 if "shapecheck" in command else 0), run.stderr.decode(encoding, "replace")
    assert b"Traceback" not in run.stderr
    assert (b"SC101" if "shapecheck" in command else b"conv2d") in run.stdout
