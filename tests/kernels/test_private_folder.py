"""Machine code that somebody else may have written is never loaded: it is a pickle, which may do anything."""

import hashlib
import os
import pickle
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.house.imports import ROOT
from tinyseq.kernels.jit import disk_cache, private_folder
from tinyseq.kernels.jit.numba_internals import PLAIN_TWINS

posix = pytest.mark.skipif(sys.platform == "win32", reason="owner and mode are POSIX")
root = pytest.mark.skipif(sys.platform == "win32" or os.geteuid() != 0, reason="only root can be several users")
compiled = pytest.mark.skipif(PLAIN_TWINS, reason="nothing is kept")

NOBODY, SOMEBODY = 65534, 54321


@pytest.fixture
def folder() -> Iterator[Path]:
    """A folder of our own that other users can reach."""
    with tempfile.TemporaryDirectory() as name:
        Path(name).chmod(0o755)
        yield Path(name).resolve()


@posix
@pytest.mark.parametrize("mode, allowed", [(0o700, True), (0o755, True), (0o775, False), (0o757, False), (0o777, False), (0o1777, False)])
def test_nobody_else_can_write_to_the_folder(mode: int, allowed: bool, folder: Path) -> None:
    folder.chmod(mode)
    assert (private_folder.public(folder) == "") == allowed


@posix
@pytest.mark.parametrize("mode, allowed", [(0o755, True), (0o775, False), (0o777, False), (0o1777, True)])
def test_nobody_else_can_exchange_the_folder(mode: int, allowed: bool, folder: Path) -> None:
    """With a sticky bit, as /tmp has it, only the owner renames what is in it."""
    inside = folder / "a" / "b"
    inside.mkdir(parents=True, mode=0o700)
    folder.chmod(mode)
    assert (private_folder.public(inside) == "") == allowed


@root
def test_every_folder_on_the_way_belongs_to_this_user_or_root(folder: Path) -> None:
    inside = folder / "a" / "b"
    inside.mkdir(parents=True)
    os.chown(folder / "a", NOBODY, NOBODY)
    assert private_folder.public(inside) == f"{folder / 'a'} belongs to another user"
    os.chown(folder / "a", 0, 0)
    assert private_folder.public(inside) == ""


@root
def test_a_link_of_another_user_is_not_followed(folder: Path) -> None:
    """It could point elsewhere tomorrow."""
    (folder / "real").mkdir(mode=0o700)
    (folder / "link").symlink_to(folder / "real")
    assert private_folder.public(folder / "link") == ""
    os.chown(folder / "link", NOBODY, NOBODY, follow_symlinks=False)
    assert private_folder.public(folder / "link") == f"{folder / 'link'} belongs to another user"


@posix
def test_a_folder_is_made_for_this_user_only_whatever_the_umask(folder: Path) -> None:
    before = os.umask(0)
    try:
        private_folder.make(folder / "a" / "b")
    finally:
        os.umask(before)
    assert [path.stat().st_mode & 0o777 for path in (folder / "a", folder / "a" / "b")] == [0o700, 0o700]


def test_on_windows_the_users_profile_is_private(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "platform", "win32")
    monkeypatch.setattr(Path, "home", lambda: tmp_path / "Users" / "me")
    assert private_folder.public(tmp_path / "Users" / "me" / "AppData" / "Local" / "tinyseq") == ""
    assert "outside of" in private_folder.public(tmp_path / "Python311" / "Lib" / "site-packages" / "__pycache__")


# ---------------------------------------------------------------------- files

PROGRAM = """
import os, sys, warnings
sys.path.insert(0, {folder!r})
import mine
from tinyseq.kernels.jit.kernel import kernel
{change}
with warnings.catch_warnings(record=True) as heard:
    warnings.simplefilter("always")
    print(mine.more(0))
print(*[str(one.message) for one in heard])
"""


def run(source: Path, change: str = "", **variables: str) -> list[str]:
    """The lines that a fresh process prints which calls a kernel; `change` comes before the call."""
    program = PROGRAM.format(folder=str(source), change=change)
    environment = {**os.environ, "PYTHONPATH": str(ROOT), "NUMBA_DEBUG_CACHE": "1", "NUMBA_CACHE_DIR": "", **variables}
    return subprocess.run(
        [sys.executable, "-c", program], env=environment, capture_output=True, encoding="utf-8", check=True
    ).stdout.splitlines()


@pytest.fixture
def source(folder: Path) -> Path:
    """A folder with a kernel."""
    (folder / "source").mkdir(mode=0o755)
    lines = "from tinyseq.kernels.jit.kernel import kernel\n@kernel\ndef more(x: int) -> int:\n    return x + 1\n"
    (folder / "source" / "mine.py").write_text(lines, "utf-8")
    return folder / "source"


class Mark:
    """A pickle that makes a folder when it is loaded."""

    def __init__(self, mark: Path) -> None:
        self.mark = str(mark)

    def __reduce__(self) -> Any:
        return os.mkdir, (self.mark,)


def attack(kept: Path, mark: Path) -> None:
    """Exchanges what is in a file of the cache, with the right stamp and digest."""
    size = 2 * disk_cache.DIGEST
    content = kept.read_bytes()[disk_cache.DIGEST : size] + pickle.dumps(Mark(mark))
    kept.write_bytes(hashlib.sha256(content).digest() + content)


@compiled
@posix
def test_a_file_that_others_can_write_is_not_loaded(source: Path, folder: Path) -> None:
    """The same file is loaded, and leaves its mark, if nobody else could have written it: that is what the modes guard."""
    cache, mark = folder / "cache", folder / "mark"
    run(source, NUMBA_CACHE_DIR=str(cache))
    [kept] = cache.rglob("mine.more-*.nbc")
    assert kept.stat().st_mode & 0o777 == 0o600
    attack(kept, mark)
    kept.chmod(0o666)
    log = run(source, NUMBA_CACHE_DIR=str(cache))
    assert "1" in log
    assert not mark.exists()
    attack(kept, mark)
    kept.chmod(0o600)
    with pytest.raises(subprocess.CalledProcessError):  # what comes out of this pickle is no compiled function
        run(source, NUMBA_CACHE_DIR=str(cache))
    assert mark.exists()


@compiled
@posix
def test_a_folder_that_others_can_write_is_not_used_and_it_says_so(source: Path, folder: Path) -> None:
    cache, mark = folder / "cache", folder / "mark"
    run(source, NUMBA_CACHE_DIR=str(cache))
    [kept] = cache.rglob("mine.more-*.nbc")
    attack(kept, mark)
    cache.chmod(0o777)
    log = run(source, NUMBA_CACHE_DIR=str(cache))
    assert not mark.exists()
    assert log[-1] == f"NUMBA_CACHE_DIR is not used: other users can write to {cache}: chmod go-w {cache}"
    assert "1" in log
    assert any("saved to" in line and str(source / "__pycache__") in line for line in log)


BECOME = """
import numba
numba.njit(lambda x: x + 1)(1)  # loads the compiler, which may lie where the user cannot read
os.setgroups([])
os.setgid({user})
os.setuid({user})
os.environ["HOME"] = {home!r}
"""


@compiled
@root
def test_an_unprivileged_user_keeps_code_where_only_they_can_write(source: Path, folder: Path) -> None:
    """Not beside root's source, nor in somebody else's folder; each process compiles anew, and says so, if there is no other."""
    mine, theirs = folder / "mine", folder / "theirs"
    for home, user in ((mine, NOBODY), (theirs, SOMEBODY)):
        home.mkdir(mode=0o777)
        home.chmod(0o777 if home == theirs else 0o700)
        os.chown(home, user, user)
    for home, kept in ((mine, True), (theirs, False)):
        for time in range(2):
            log = run(source, BECOME.format(user=NOBODY, home=str(home)), XDG_CACHE_HOME=str(home))
            assert "1" in log
            assert ("cannot be stored" in log[-1]) != kept, log
            assert any("loaded from" in line and str(home) in line for line in log) == (kept and time == 1)
    assert not list(theirs.rglob("*.nbc"))
    assert not list(source.rglob("*.nbc"))


@compiled
@root
def test_root_does_not_load_what_a_user_has_kept(source: Path, folder: Path) -> None:
    home = folder / "mine"
    home.mkdir(mode=0o700)
    os.chown(home, NOBODY, NOBODY)
    run(source, BECOME.format(user=NOBODY, home=str(home)), XDG_CACHE_HOME=str(home))
    assert list(home.rglob("*.nbc"))
    assert not any("loaded from" in line for line in run(source, NUMBA_CACHE_DIR=str(home)))
