"""Where machine code is kept, when it is made anew, and how often a kernel is compiled."""

import os
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from tinyseq.kernels.jit import disk_cache, private_folder
from tinyseq.kernels.jit.numba_internals import JIT_DISABLED, PLAIN_NUMBA

pytestmark = pytest.mark.numba_bounds
compiled = pytest.mark.skipif(JIT_DISABLED or PLAIN_NUMBA, reason="nothing is kept")
HERE = Path(disk_cache.__file__).parent


def test_a_kernels_stamp_covers_the_files_that_it_imports(tmp_path: Path) -> None:
    folder = shutil.copytree(HERE.parent, tmp_path / "kernels", ignore=shutil.ignore_patterns("__pycache__"))
    product = folder / "matrix" / "matmul.py"
    imported = {path.relative_to(folder).as_posix() for path in disk_cache.imported(product, set())}
    assert {"matrix/matmul.py", "matrix/register_tile.py", "matrix/simd.py", "jit/kernel.py"} <= imported
    assert "losses/crossentropy.py" not in imported
    before = disk_cache.stamp(product)
    simd = folder / "matrix" / "simd.py"
    simd.write_text(simd.read_text("utf-8") + "\n# changed\n", "utf-8")
    disk_cache.stamp.cache_clear()
    disk_cache.source.cache_clear()
    assert disk_cache.stamp(product) != before


@compiled
def test_without_a_place_in_the_package_code_is_kept_in_the_users_folder(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:  # fmt: skip
    disk_cache.folder_for.cache_clear()
    monkeypatch.setattr(disk_cache.config, "CACHE_DIR", "", raising=False)
    monkeypatch.setattr(disk_cache, "user_cache", lambda: tmp_path)
    monkeypatch.setattr(private_folder, "problem", lambda folder: "" if tmp_path in folder.parents else "read-only")
    cache = disk_cache.cache_of(private_folder.make, "Kernel")
    assert isinstance(cache, disk_cache.DiskCache)
    assert tmp_path in Path(cache.cache_path).parents
    disk_cache.folder_for.cache_clear()
    monkeypatch.setattr(private_folder, "problem", lambda folder: "read-only")
    with pytest.warns(RuntimeWarning, match=r"cannot be stored in .* \(read-only\)"):
        assert not isinstance(disk_cache.cache_of(private_folder.make, "Kernel"), disk_cache.DiskCache)
    disk_cache.folder_for.cache_clear()


@pytest.mark.parametrize("platform", ["linux", "darwin", "win32"])
def test_an_empty_variable_does_not_put_code_into_the_working_folder(platform: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """XDG: unset or empty means the default. `tinyseq/kernels` here would stand in the way of the package."""
    for name in ("XDG_CACHE_HOME", "LOCALAPPDATA"):
        monkeypatch.setenv(name, "")
    monkeypatch.setattr(sys, "platform", platform)
    assert disk_cache.user_cache().is_absolute()


PROGRAM = """
import numpy as np
from tinyseq.kernels import dense
from tinyseq.kernels.convolution import direct as convolution
from tinyseq.kernels.convolution.geometry import Geometry
x, w, y = np.ones((3, 4), np.float32), np.ones((4, 5), np.float32), np.empty((3, 5), np.float32)
dense.forward(x, dense.pack_forward(w), None, y, True, 0, 3)
dense.bias_gradient(y, np.zeros(5, np.float32))
assert (y == 4).all()
"""


def run(program: str, folder: Path) -> str:
    """What a fresh process prints that keeps its machine code in `folder`."""
    environment = {**os.environ, "NUMBA_CACHE_DIR": str(folder), "NUMBA_DEBUG_CACHE": "1"}
    command = [sys.executable, "-c", program]
    return subprocess.run(command, env=environment, capture_output=True, encoding="utf-8", check=True).stdout


@compiled
def test_code_of_one_process_serves_the_next_and_constants_do_not_multiply_it(tmp_path: Path) -> None:
    logs = [run(PROGRAM, tmp_path) for _ in range(2)]
    assert "data saved" in logs[0]
    assert "data saved" not in logs[1]
    assert "data loaded" in logs[1]
    assert len(list(tmp_path.glob("*/matmul.multiply_planes-*.nbc"))) == 1


PREDICT = """
import sys
from importlib import metadata
import numpy as np
import tinyseq
from tinyseq import layers
stack = [layers.Conv2D(32, 3), layers.Conv2D(32, 3, strides=2), layers.MaxPooling2D(2), layers.GlobalMaxPooling2D(), layers.Dense(5)]
model = tinyseq.Sequential([tinyseq.Input((20, 20, 3)), *stack])
entry_points = metadata.entry_points
metadata.entry_points = lambda *_, **__: print("searched for extensions") or entry_points()
model.predict(np.ones((2, 20, 20, 3), np.float32), verbose=0)
print(len([name for name in sys.modules if name.split(".")[0] == "numba"]))
"""


@compiled
def test_finished_code_is_used_without_loading_the_compiler(tmp_path: Path) -> None:
    """0.1 s of each start, 0.2 s where SciPy is installed."""
    first, second = (run(PREDICT, tmp_path).splitlines() for _ in range(2))
    assert "searched for extensions" in first
    assert "searched for extensions" not in second
    assert int(second[-1]) < int(first[-1]) - 10, "modules of numba"


@compiled
def test_finished_code_and_code_that_is_missing_serve_one_call(tmp_path: Path) -> None:
    run(PROGRAM, tmp_path)
    for path in tmp_path.glob("*/matmul.multiply_planes-*"):
        path.unlink()
    log = run(PROGRAM, tmp_path)
    assert "data loaded" in log
    assert "data saved" in log


def emptied(kept: bytes) -> bytes:
    return b""


def cut_short(kept: bytes) -> bytes:
    return kept[: len(kept) // 2]


def other(kept: bytes) -> bytes:
    return bytes(range(256)) * (len(kept) // 256 + 1)


def with_zeros(kept: bytes) -> bytes:
    return kept[: len(kept) // 2] + bytes(64) + kept[len(kept) // 2 + 64 :]


def with_another_bit(kept: bytes) -> bytes:
    """Where neither pickle nor LLVM notices."""
    place = len(kept) * 9 // 20
    return kept[:place] + bytes([kept[place] ^ 1]) + kept[place + 1 :]


@compiled
@pytest.mark.parametrize("damage", [emptied, cut_short, other, with_zeros, with_another_bit])
def test_what_is_damaged_is_compiled_anew_and_kept_instead(damage: Callable[[bytes], bytes], tmp_path: Path) -> None:
    folder = tmp_path / "kept"
    run(SMALL.format(folder=str(made(tmp_path))), folder)
    for path in folder.rglob("mine.more-*.nbc"):
        path.write_bytes(damage(path.read_bytes()))
    logs = [run(SMALL.format(folder=str(tmp_path)), folder) for _ in range(2)]
    assert [log.splitlines()[-1] for log in logs] == ["1", "1"]
    assert "data saved" in logs[0]
    assert "data saved" not in logs[1]
    assert "data loaded" in logs[1]


@compiled
def test_on_a_full_disk_it_is_done_without(tmp_path: Path) -> None:
    """Told once for all kernels."""
    program = FULL.format(folder=str(made(tmp_path)))
    assert run(program, tmp_path / "kept").splitlines()[-2:] == ["1 2", "compiled kernels cannot be stored, 1"]


SMALL = """
import sys
sys.path.insert(0, {folder!r})
import mine
print(mine.more(0))
"""
FULL = """
import sys, warnings
sys.path.insert(0, {folder!r})
import mine
from tinyseq.kernels.jit import disk_cache
def full(*_):
    raise OSError(28, "No space left on device")
disk_cache.write = full
with warnings.catch_warnings(record=True) as heard:
    warnings.simplefilter("always")
    print(mine.more(0), mine.more_still(0))
    print(str(heard[0].message)[:33] + ",", len(heard))
"""


def made(folder: Path) -> Path:
    """A folder with a module of two kernels."""
    source = "from tinyseq.kernels.jit.kernel import kernel\n"
    for number, name in enumerate(("more", "more_still"), 1):
        source += f"@kernel\ndef {name}(x: int) -> int:\n    return x + {number}\n"
    (folder / "mine.py").write_text(source, "utf-8")
    return folder


CHANGING = """
from pathlib import Path
import sys
sys.path.insert(0, {folder!r})
import mine
Path(mine.__file__).write_text(Path(mine.__file__).read_text("utf-8").replace("+ 1", "+ 20"), "utf-8")
print(mine.more(0))
"""


@compiled
def test_code_of_a_file_that_changes_before_its_first_call_is_not_taken_for_the_new_files(tmp_path: Path) -> None:
    source = "from tinyseq.kernels.jit.kernel import kernel\n@kernel\ndef more(x: int) -> int:\n    return x + 1\n"
    (tmp_path / "mine.py").write_text(source, "utf-8")
    program = CHANGING.format(folder=str(tmp_path))
    assert [run(program, tmp_path / "kept").splitlines()[-1] for _ in range(2)] == ["1", "20"]


def test_a_kernel_of_a_file_elsewhere_is_compiled_anew_when_those_it_uses_change(tmp_path: Path) -> None:
    """Else the tests of the tile would run the tile of last time."""
    source = tmp_path / "mine.py"
    source.write_text("from tinyseq.kernels.matrix import register_tile\nfrom tinyseq.kernels.matrix.matmul import multiply\n", "utf-8")
    found = {path.name for path in disk_cache.imported(source, set())}
    assert {"mine.py", "register_tile.py", "simd.py", "matmul.py", "transposing.py"} <= found
