"""Machine code on disk for later processes. It is

stored beside the source or, if that folder is not private or not writable, in the user's cache folder; NUMBA_CACHE_DIR takes
precedence. One file
for each function and signature:

    SHA-256 of what follows | stamp of the sources | what numba needs to load the machine code, pickled

Numba's own cache checks only whether the kernel's own file has changed. The stamp also covers the files that it imports, because
their code is compiled into it, and it compares contents, not times, so that a cache copied to a similar machine is used. Code
for another kind of CPU has another name. Damaged or outdated files are compiled again and replaced.

Loading a pickle can run any code, so only files that no other user can write are read: see private_folder.py.
"""

import hashlib
import os
import pickle
import re
import sys
import tempfile
from functools import cache
from io import BytesIO
from pathlib import Path
from typing import Any
from warnings import warn

import numba
from numba import config

from tinyseq.kernels.jit import private_folder
from tinyseq.kernels.jit.numba_internals import BOUNDS_CHECKED, CompileResult, NullCache, binding, dumps, runtime_functions

FOLDER = Path(__file__).parents[1]
"""The folder of the kernels' source files: a kernel imports no others."""
IMPORT = re.compile(rb"^from tinyseq\.kernels((?:\.\w+)*) import (\([^)]+\)|.+)$", re.MULTILINE)
NAME = re.compile(rb"\w+")
DIGEST = hashlib.sha256().digest_size


class DiskCache(NullCache):
    """The cache of one function, with numba's interface."""

    def __init__(self, function: Any, kind: str, folder: Path) -> None:
        self.function = function
        self.kind = kind
        self.folder = folder
        self.stamp = stamp(Path(function.__code__.co_filename))

    @property
    def cache_path(self) -> str:
        """The folder, for numba's statistics."""
        return str(self.folder)

    def load_overload(self, sig: Any, target_context: Any) -> Any:
        """The compiled function, or None. Numba's own cache first loads all that its compiler knows of Python, NumPy and, if
        installed, SciPy: 0.1 to 0.2 s in each process. Compiled code needs none of it, and a compilation loads it itself."""
        link_runtime()
        file = self._file(sig, target_context.codegen())
        reduced = read(file, self.stamp)
        if reduced is None:
            return None
        result = CompileResult._rebuild(target_context, *Unpickler(BytesIO(reduced)).load())
        if tuple(result.signature.args) != tuple(sig):  # a type of the same name
            return None
        log("loaded from", file)
        return result

    def save_overload(self, sig: Any, data: Any) -> None:
        """Stores the compiled code, except on a full disk."""
        if data.library.has_dynamic_globals:  # addresses in this process
            return
        file = self._file(sig, data.codegen)
        try:
            write(file, self.stamp + dumps(data._reduce()))
            log("saved to", file)
        except OSError as error:
            warn_not_kept(str(self.folder), str(error))

    def _file(self, signature: Any, codegen: Any) -> Path:
        """The file for a signature on this CPU. Line and closure distinguish functions of one name."""
        code = self.function.__code__
        closure = tuple(cell.cell_contents for cell in self.function.__closure__ or ())
        key = repr((numba.__version__, self.kind, signature, codegen.magic_tuple(), BOUNDS_CHECKED)).encode() + code.co_code
        digest = hashlib.sha256(key + (dumps(closure) if closure else b"")).hexdigest()[:16]
        name = re.sub("[<>]", "", self.function.__qualname__)
        return self.folder / f"{Path(code.co_filename).stem}.{name}-{code.co_firstlineno}.{sys.implementation.cache_tag}.{digest}.nbc"


@cache
def link_runtime() -> None:
    """Makes numba's runtime known by the names that machine code calls. Numba also compiles a library of it then (25 ms, Zen 4), which
    only a compilation needs."""
    for name, address in runtime_functions.items():
        binding.add_symbol(name if name.startswith("_") else f"NRT_{name}", address)


class Unpickler(pickle.Unpickler):
    """Takes the classes of a kernel's arguments from loaded modules: it imports none."""

    def find_class(self, module: str, name: str) -> Any:
        """The class or function of that name."""
        found = getattr(sys.modules.get(module), name, None)
        return super().find_class(module, name) if found is None else found


def cache_of(function: Any, kind: str) -> NullCache:
    """Where the machine code of a function is stored: in the first private folder. `kind`: how it is called from outside (kernel.py)."""
    source = Path(function.__code__.co_filename)
    folder = folder_for(source.parent) if source.exists() else None
    return DiskCache(function, kind, folder) if folder else NullCache()


@cache
def folder_for(source: Path) -> Path | None:
    """The folder for machine code of the files in a source folder; None, with a warning, if nothing can be stored."""
    own = hashlib.sha256(str(source).encode()).hexdigest()[:16]  # two checkouts do not share a folder
    wanted: str = getattr(config, "CACHE_DIR", "")
    if wanted:
        chosen = Path(wanted) / f"tinyseq_{own}"
        if why := private_folder.problem(chosen):
            warn(f"NUMBA_CACHE_DIR is not used: {why}", RuntimeWarning, stacklevel=2)
        else:
            return chosen
    why = ""
    for folder in (source / "__pycache__", user_cache() / own):
        why = private_folder.problem(folder)
        if not why:
            return folder
    warn_not_kept(str(user_cache()), why)
    return None


def read(file: Path, stamp: bytes) -> bytes | None:
    """The stored code; None if there is none, it is damaged or outdated, or another user may have written it."""
    try:
        with file.open("rb") as opened:
            content = opened.read() if private_folder.is_own(os.fstat(opened.fileno())) else b""
    except OSError:
        return None
    whole = content[:DIGEST] == hashlib.sha256(content[DIGEST:]).digest()
    return content[DIGEST + len(stamp) :] if whole and content.startswith(stamp, DIGEST) else None


def write(file: Path, content: bytes) -> None:
    """Writes all or nothing, readable and writable only for this user."""
    number, name = tempfile.mkstemp(dir=file.parent, prefix=file.name)
    try:
        with open(number, "wb") as opened:
            opened.write(hashlib.sha256(content).digest() + content)
        os.replace(name, file)
    except OSError as error:
        os.unlink(name)
        if not (sys.platform == "win32" and isinstance(error, PermissionError)):  # another process has just replaced it, or is reading it
            raise


def log(what: str, file: Path) -> None:
    """Logs with NUMBA_DEBUG_CACHE=1, as numba does."""
    if getattr(config, "DEBUG_CACHE", 0):
        print(f"[cache] data {what} {str(file)!r}")


@cache
def warn_not_kept(folder: str, why: str) -> None:
    """Once in a process for each reason."""
    warn(f"compiled kernels cannot be stored in {folder} ({why}): each process compiles them again", RuntimeWarning, stacklevel=2)


def user_cache() -> Path:
    """The user's cache folder. An empty variable counts as not set."""
    if sys.platform == "win32":
        return Path(os.environ.get("LOCALAPPDATA") or Path.home() / "AppData" / "Local") / "tinyseq" / "kernels"
    if sys.platform == "darwin":
        return Path.home() / "Library" / "Caches" / "tinyseq" / "kernels"
    return Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache") / "tinyseq" / "kernels"


@cache
def note(file: str) -> None:
    """Takes the stamp of a file when its kernels are defined, because it may change before their first call."""
    stamp(Path(file))


@cache
def stamp(file: Path) -> bytes:
    """A digest of this file and of the kernel files that it imports."""
    return hashlib.sha256(b"".join(source(path) for path in sorted(imported(file, set())))).digest()


def imported(file: Path, found: set[Path]) -> set[Path]:
    """`file`, the kernel files that it imports, and so on."""
    found.add(file)
    for path in neighbours(file):
        if path not in found:
            imported(path, found)
    return found


@cache
def neighbours(file: Path) -> list[Path]:
    """The kernel files that a file itself imports: `from tinyseq.kernels.x import y`."""
    folder = str(next((parent for parent in file.parents if parent.name == "kernels"), FOLDER))
    found = []
    for module, things in IMPORT.findall(source(file)):
        home = os.path.join(folder, *module.decode().split(".")[1:])
        places = [home] if module else []
        places += [os.path.join(home, name.decode()) for name in NAME.findall(things)]
        found += [Path(f"{place}.py") for place in places if os.path.exists(f"{place}.py")]
    return found


@cache
def source(file: Path) -> bytes:
    """The content of a file when it was first read: many stamps cover the same file."""
    return file.read_bytes()
