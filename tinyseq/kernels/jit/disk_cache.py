"""Machine code kept on disk for the next process.

It is kept beside the source, or, where that folder is read-only, in the user's cache folder (NUMBA_CACHE_DIR wins over both). Numba
itself asks only whether the kernel's own file has changed; ours also asks for the files that it imports, because their code is
compiled into it, and compares contents, not times, so that a cache copied to a like machine is used. Code for another kind of CPU
is never taken: Numba keys it by CPU. What is damaged is compiled anew.
"""

import hashlib
import os
import re
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from functools import cache
from io import BytesIO
from pathlib import Path
from typing import Any
from warnings import warn

from numba import config

from tinyseq.kernels.jit.numba_internals import CompileResultCacheImpl, FunctionCache, IndexDataCacheFile, rtsys

FOLDER = Path(__file__).parents[1]
"""Where the kernels' source files are: a kernel imports no other."""


class Locator:
    """Where the machine code of one function is kept, and what its source was. Numba calls these five methods."""

    def __init__(self, function: Any, file: str, folder: Path) -> None:
        self._py_file = file
        self._line = function.__code__.co_firstlineno
        self._folder = folder

    @classmethod
    def from_function(cls, function: Any, file: str) -> "Locator | None":
        """The first folder that can be written to; None: keep nothing."""
        source = Path(file)
        own = hashlib.sha256(str(source.parent).encode()).hexdigest()[:16]  # two checkouts do not share a folder
        wanted: str = getattr(config, "CACHE_DIR", "")
        chosen = [Path(wanted) / f"tinyseq_{own}"] if wanted else []
        for folder in [*chosen, source.parent / "__pycache__", user_cache() / own]:
            if source.exists() and can_write(folder):
                return cls(function, file, folder)
        return None

    def ensure_cache_path(self) -> None:
        self._folder.mkdir(parents=True, exist_ok=True)

    def get_cache_path(self) -> str:
        return str(self._folder)

    def get_source_stamp(self) -> str:
        checked = "checked" if getattr(config, "BOUNDSCHECK", 0) else ""  # numba itself does not tell these apart
        return stamp(Path(self._py_file)) + checked

    def get_disambiguator(self) -> str:
        return str(self._line)


class CacheFiles(CompileResultCacheImpl):
    """Numba's way of writing machine code, with our place and stamp."""

    _locator_classes = [Locator]  # noqa: RUF012


class Damaged(Exception):
    """A file does not hold what was written."""


class Files(IndexDataCacheFile):
    """Numba's files, behind whose last byte a digest stands: machine code with a wrong byte in it could do anything. Numba reads
    no further than its own last byte."""

    @contextmanager
    def _open_for_write(self, filepath: str) -> Iterator[BytesIO]:
        content = BytesIO()
        yield content
        with super()._open_for_write(filepath) as file:
            file.write(content.getvalue() + hashlib.sha256(content.getvalue()).digest())

    def _load_index(self) -> Any:
        check(Path(self._index_path))
        return super()._load_index()

    def _load_data(self, name: str) -> Any:
        check(Path(self._data_path(name)))
        return super()._load_data(name)


def check(file: Path) -> None:
    """Raises Damaged if the file is not followed by its digest. One that is not there is numba's business."""
    kept = file.read_bytes() if file.exists() else None
    size = hashlib.sha256().digest_size
    if kept is not None and hashlib.sha256(kept[:-size]).digest() != kept[-size:]:
        raise Damaged(file)


class Cache(FunctionCache):
    """Numba's cache of one function, with our place and stamp. What cannot be read is compiled anew, and kept instead."""

    _impl_class = CacheFiles

    def __init__(self, function: Any) -> None:
        super().__init__(function)
        self._cache_file: Any = Files(self._cache_path, self._impl.filename_base, self._impl.locator.get_source_stamp())

    def load_overload(self, sig: Any, target_context: Any) -> Any:
        """As numba's, which first loads all that its compiler knows of Python, NumPy and, if installed, SciPy: 0.1 to 0.2 s
        in each process. Finished code needs none of it, and a compilation loads it for itself."""
        rtsys.initialize(target_context)
        try:
            with self._guard_against_spurious_io_errors():
                return self._load_overload(sig, target_context)
        except Damaged:
            with suppress(OSError):  # then it cannot be kept, and save_overload says so
                self._cache_file.flush()
            return None

    def save_overload(self, sig: Any, data: Any) -> None:
        """As numba's; on a disk that is full, it is done without."""
        try:
            super().save_overload(sig, data)
        except OSError as error:
            not_kept(str(self._cache_path), str(error))


@cache
def not_kept(folder: str, why: str) -> None:
    """Tells it, once in a process."""
    warn(f"compiled kernels cannot be kept in {folder} ({why}): each process compiles them anew", RuntimeWarning, stacklevel=2)


@cache
def can_write(folder: Path) -> bool:
    """Whether files can be made there; makes the folder if need be."""
    try:
        folder.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryFile(dir=folder):
            return True
    except OSError:
        return False


def user_cache() -> Path:
    """The user's folder for what can be made again. A variable that is empty counts as not set."""
    if sys.platform == "win32":
        return Path(os.environ.get("LOCALAPPDATA") or Path.home() / "AppData" / "Local") / "tinyseq" / "kernels"
    if sys.platform == "darwin":
        return Path.home() / "Library" / "Caches" / "tinyseq" / "kernels"
    return Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache") / "tinyseq" / "kernels"


@cache
def stamp(file: Path) -> str:
    """A digest of this file and of the kernel files that it imports."""
    return hashlib.sha256(b"".join(source(path) for path in sorted(imported(file, set())))).hexdigest()


def imported(file: Path, found: set[Path]) -> set[Path]:
    """`file`, wherever it lies, the kernel files that it imports, theirs, and so on."""
    found.add(file)
    for path in neighbours(file):
        if path not in found:
            imported(path, found)
    return found


@cache
def neighbours(file: Path) -> list[Path]:
    """The kernel files that a file itself imports: `from tinyseq.kernels.x import y`."""
    line = r"^from tinyseq\.kernels((?:\.\w+)*) import (\([^)]+\)|.+)$"
    folder = next((parent for parent in file.parents if parent.name == "kernels"), FOLDER)
    found = []
    for module, things in re.findall(line, source(file).decode("utf-8"), re.MULTILINE):
        home = folder.joinpath(*module.split(".")[1:])
        places = [home.with_suffix(".py")] if module else []
        found += [path for path in [*places, *(home / f"{name}.py" for name in re.findall(r"\w+", things))] if path.exists()]
    return found


@cache
def source(file: Path) -> bytes:
    """What a file held when it was first read: many stamps cover the same file."""
    return file.read_bytes()
