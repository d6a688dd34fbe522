"""The one decorator that turns a plain Python function over arrays and integers into machine code.

`nogil`: other threads run meanwhile. `error_model="numpy"`: a division by zero gives inf or NaN as in IEEE 754, not an
exception. Compilation waits for the first call: a kernel that is only needed in training costs nothing in prediction.

The machine code is kept on disk for the next process: beside the source, or, where that folder is read-only, in the
user's cache folder (NUMBA_CACHE_DIR wins over both). Numba itself asks only whether the kernel's own file has changed;
ours also asks for the files that it imports, because their code is compiled into it, and compares contents, not times,
so that a cache copied to a like machine is used. Code for another kind of CPU is never taken: Numba keys it by CPU.
"""

import hashlib
import os
import re
import sys
import tempfile
from collections.abc import Callable
from functools import cache, wraps
from pathlib import Path
from typing import Any, ParamSpec, TypeVar, cast, overload

from numba import config, njit, types
from numba.core.caching import CompileResultCacheImpl, FunctionCache
from numba.core.registry import CPUDispatcher
from numba.core.runtime import rtsys

from tinyseq.kernels.doors import CompilerWithDoors, Entry, enter
from tinyseq.kernels.held import held
from tinyseq.kernels.noting import notes

P = ParamSpec("P")
R = TypeVar("R")
Flags = frozenset[str] | set[str]
FOLDER = Path(__file__).parent


@overload
def kernel(function: Callable[P, R], /) -> Callable[P, R]: ...
@overload
def kernel(
    *, fastmath: Flags | None = None, part: bool = False, often: bool = False
) -> Callable[[Callable[P, R]], Callable[P, R]]: ...
def kernel(function: Any = None, /, *, fastmath: Flags | None = None, part: bool = False, often: bool = False) -> Any:
    """Compile a function when it is first called. `fastmath`: LLVM flags to relax, such as {"contract"}.

    `part`: a part of other kernels that stands apart only to be read: it is compiled where it is called, never for itself
    (the first prediction of a convnet needs 5.1 s of CPU if all parts are compiled for themselves first, 3.8 so; Zen 4).

    `often`: Python calls it in every step, so that microseconds count: it gets numba's way of calling, not a door (doors.py).

    Nobody calls kernels from C, and no kernel has whole-array expressions, which `rewrites` would merge: numba need not look
    for either (a first prediction of the guide's net: 3.85 s of CPU, not 4.0).

    Never relax what assumes NaN or inf away ("nnan", "ninf"): they must come out as they went in.
    """

    def compiled(function: Callable[P, R]) -> Callable[P, R]:
        own: Any = {} if often or getattr(config, "BOUNDSCHECK", None) else {"pipeline_class": CompilerWithDoors}
        dispatcher: Any = njit(
            nogil=True, error_model="numpy", fastmath=set(fastmath) if fastmath else False, inline="always" if part else "never",
            no_cfunc_wrapper=True, no_rewrites=True, **own,
        )(function)  # fmt: skip
        if not getattr(config, "DISABLE_JIT", 0):
            stamp(Path(function.__code__.co_filename))  # now, when Python reads the file too: it may change before the first call
            dispatcher.get_call_template = one_signature(dispatcher.get_call_template)
            dispatcher.compile = whole(kept(dispatcher))
            dispatcher._compilation_chain_init_hook = nothing
            dispatcher.__class__ = Kernel
            dispatcher.entries = {} if own else None
        return cast(Callable[P, R], dispatcher)

    return compiled if function is None else compiled(function)


class Kernel(CPUDispatcher):
    """As numba's, but called through its door, and its calls are noted where somebody wants to make them again (noting.py)."""

    entries: dict[Any, Entry] | None
    """By the kinds of its arguments; None: it is called as numba's."""

    def __call__(self, *args: Any) -> Any:
        if notes.calls is not None:
            notes.calls.append((self, args, False))
        if self.entries is None:
            return CPUDispatcher.__call__(self, *args)
        return enter(self, args, CPUDispatcher.__call__)


def one_signature(template: Callable[..., Any]) -> Callable[..., Any]:
    """How numba chooses the code for a call from another kernel, but without a code of its own for each constant.

    f(x, 0) and f(x, 1) would otherwise be compiled anew for `Literal[int](0)` and `Literal[int](1)`.
    """

    def choose(args: Any, kws: Any) -> Any:
        return template(tuple(types.unliteral(a) for a in args), {name: types.unliteral(a) for name, a in kws.items()})

    return choose


def kept(dispatcher: Any) -> Callable[[Any], Any]:
    """Numba's compile, with the cache on disk, which is looked for at the first call: most kernels are never called."""
    compile_one, function = dispatcher.compile, dispatcher.py_func

    @wraps(compile_one)
    def from_disk(signature: Any) -> Any:
        if not isinstance(dispatcher._cache, Cache) and Locator.from_function(function, function.__code__.co_filename):
            dispatcher._cache = Cache(function)  # without a folder to write in: compiled anew in every process
        return compile_one(signature)

    return from_disk


def nothing() -> None:
    """In place of numba's search for extensions at a kernel's first call, in the metadata of everything that is installed
    (16 ms with 140 packages): kernels take no types of others. A compilation searches all the same."""


def whole(compile_one: Callable[P, R]) -> Callable[P, R]:
    """Numba's compile, which Ctrl-C does not cut in two: numba would make some other error of it."""

    @wraps(compile_one)
    def undisturbed(*args: P.args, **kwargs: P.kwargs) -> R:
        with held():
            return compile_one(*args, **kwargs)

    return undisturbed


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


class Cache(FunctionCache):
    """Numba's cache of one function, with our place and stamp."""

    _impl_class = CacheFiles

    def load_overload(self, sig: Any, target_context: Any) -> Any:
        """As numba's, which first loads all that its compiler knows of Python, NumPy and, if installed, SciPy: 0.1 to 0.2 s
        in each process. Finished code needs none of it, and a compilation loads it for itself."""
        rtsys.initialize(target_context)
        with self._guard_against_spurious_io_errors():
            return self._load_overload(sig, target_context)


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
    line = r"^from tinyseq\.kernels(?:\.([\w.]+))? import (.+)$"
    found = []
    for module, things in re.findall(line, source(file).decode("utf-8"), re.MULTILINE):
        for name in [module] if module else re.findall(r"\w+", things):
            beside = file.parent / f"{name}.py"
            path = beside if beside.exists() else FOLDER / f"{name}.py"
            if path.exists():
                found.append(path)
    return found


@cache
def source(file: Path) -> bytes:
    """What a file held when it was first read: many stamps cover the same file."""
    return file.read_bytes()
