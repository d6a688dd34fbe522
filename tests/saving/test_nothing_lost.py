"""A save that cannot end leaves the old file whole: on a full disk, in a folder that may not be written, in a killed program."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Sequence
from pathlib import Path

import pytest

from tests.saving import kills

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="POSIX limits and signals")

SAVE = """
import os, sys, tempfile
from pathlib import Path
from tests.saving.kills import KINDS, large, store
folder = Path(sys.argv[1])
old, new = large(int(sys.argv[2]), 0.0), large(int(sys.argv[3]), 1.0)
if sys.argv[4:] == ["as nobody"]:
    with tempfile.TemporaryDirectory() as other:
        for kind in KINDS:  # imports what it needs, which this user perhaps may not read
            store(old, f"{other}/model.{kind}")
    os.setgid(65534)
    os.setuid(65534)
for kind in KINDS:
    path = folder / f"model.{kind}"
    if not path.exists():
        store(old, str(path))
    before = path.read_bytes()
    try:
        store(new, str(path))
    except OSError as error:
        print(kind, error.errno, path.read_bytes() == before, sorted(os.listdir(folder)) == [path.name] or len(os.listdir(folder)))
    if sys.argv[4:] == ["remove"]:
        path.unlink()
"""


def namespaces() -> bool:
    """Whether this user may mount in a namespace of its own (many containers forbid it)."""
    if shutil.which("unshare") is None:
        return False
    return subprocess.run(["unshare", "-rm", "true"], capture_output=True, check=False).returncode == 0


def lines(command: Sequence[str]) -> list[list[str]]:
    environment = {**os.environ, "PYTHONPATH": str(Path(__file__).parents[2])}
    run = subprocess.run(command, capture_output=True, text=True, check=False, env=environment)
    assert run.returncode == 0, run.stderr
    return [line.split() for line in run.stdout.splitlines()]


def test_a_full_disk_leaves_the_old_file(tmp_path: Path) -> None:
    if not namespaces():
        pytest.skip("a small disk needs unshare and mount")
    script = 'mount -t tmpfs -o size=3m none "$1" && exec "$2" -c "$3" "$1" 1 4 remove'
    found = lines(["unshare", "-rm", "sh", "-c", script, "sh", str(tmp_path), sys.executable, SAVE])
    assert found == [[kind, "28", "True", "True"] for kind in kills.KINDS]


def test_a_folder_that_may_not_be_written_leaves_the_old_file() -> None:
    with tempfile.TemporaryDirectory() as other:  # pytest's own folders are closed to other users
        os.chmod(other, 0o755)
        folder = Path(other, "models")
        folder.mkdir()
        for kind in kills.KINDS:
            kills.store(kills.large(1, 0.0), str(folder / f"model.{kind}"))
        folder.chmod(0o555)
        try:
            found = lines([sys.executable, "-c", SAVE, str(folder), "1", "1", *(["as nobody"] if os.geteuid() == 0 else [])])
        finally:
            folder.chmod(0o755)
    assert found == [[kind, "13", "True", "5"] for kind in kills.KINDS]


def test_saves_killed_inside_the_write_leave_a_whole_file(tmp_path: Path) -> None:
    """The large form: python -m tests.saving.kills --count 50 --megabytes 100."""
    found = kills.run(5, 12, 3, tmp_path)
    assert found["kills"] == 5 and found["the old file is there, whole"] + found["the new file is there, whole"] == 5
    assert found["inside the write"] >= 1
