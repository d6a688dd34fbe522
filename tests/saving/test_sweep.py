"""The sweep of damaged files in its small form, and that it notices what a load may not do."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="the sweep reads /proc")

ROOT = Path(__file__).parents[2]
PLANTED = """
import os, sys
from tests.saving import sweep

def too_long():
    while True:
        pass

def program(): raise ValueError(os.system("true"))
def foreign_file(): raise ValueError(open("/etc/passwd").read(1) and "refused")
def foreign_code(): exec(compile("1", "/elsewhere/code.py", "exec"))
def no_sentence(): raise TypeError("'int' object is not subscriptable")
def crash(): raise KeyError("config")
def refused(): raise ValueError("model.keras: has no config.json: the file is damaged")
def loaded(): pass

sweep.SECONDS = 0.2
sweep.KINDS = ()
sweep.prepare()
for planted in (too_long, program, foreign_file, foreign_code, no_sentence, crash, refused, loaded):
    sweep.attempt = lambda *_: planted()
    print(sweep.outcome("keras", b"", "/nowhere")[:22])
"""


def run(*arguments: str, folder: Path) -> subprocess.CompletedProcess[str]:
    environment = {**os.environ, "PYTHONPATH": str(ROOT)}
    return subprocess.run([sys.executable, *arguments], capture_output=True, text=True, check=False, env=environment, cwd=folder)


def test_two_hundred_damaged_files_load_or_are_refused_with_a_sentence(tmp_path: Path) -> None:
    """The large form: python -m tests.saving.sweep --count 1000000."""
    ran = run("-m", "tests.saving.sweep", "--count", "200", "--processes", "1", "--seed", "1", "--out", "sweep.json", folder=tmp_path)
    found = json.loads((tmp_path / "sweep.json").read_text(encoding="utf-8"))
    assert ran.returncode == 0 and not found["faults"], found["faults"] or ran.stderr
    assert found["mutants"] == 200 and found["past the container"] > 0.7


def test_the_sweep_notices_what_a_load_may_not_do(tmp_path: Path) -> None:
    ran = run("-c", PLANTED, folder=tmp_path)
    assert ran.stdout.splitlines() == [
        "fault: TooSlow: 0.2 s ", "fault: executed: os.sy", "fault: opened: '/etc/p", "fault: ran code of /el", "fault: no sentence: Ty",
        "fault: KeyError: 'conf", "refused", "loaded",
    ], ran.stderr  # fmt: skip
