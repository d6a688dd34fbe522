"""The one decorator that turns a plain Python function over arrays and integers into machine code.

`nogil`: other threads run meanwhile. `error_model="numpy"`: a division by zero gives inf or NaN as in IEEE 754, not an
exception. Compilation waits for the first call: a kernel that is only needed in training costs nothing in prediction.

The machine code is kept on disk for the next process: see disk_cache.py.
"""

import inspect
from collections.abc import Callable
from functools import wraps
from pathlib import Path
from typing import Any, ParamSpec, TypeVar, cast, overload

from numba import config, njit

from tinyseq.kernels.jit.disk_cache import Cache, Locator, stamp
from tinyseq.kernels.jit.entry_points import CompilerWithDoors, Entry, enter
from tinyseq.kernels.jit.interrupts import held
from tinyseq.kernels.jit.numba_internals import PLAIN_NUMBA, CPUDispatcher, unliteral
from tinyseq.kernels.runtime.recording import notes

P = ParamSpec("P")
R = TypeVar("R")
Flags = frozenset[str] | set[str]


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

    `often`: Python calls it in every step, so that microseconds count: it gets numba's way of calling, not a door (entry_points.py).

    Nobody calls kernels from C, and no kernel has whole-array expressions, which `rewrites` would merge: numba need not look
    for either (a first prediction of the guide's net: 3.85 s of CPU, not 4.0).

    Never relax what assumes NaN or inf away ("nnan", "ninf"): they must come out as they went in.
    """

    def compiled(function: Callable[P, R]) -> Callable[P, R]:
        if PLAIN_NUMBA:
            return cast(
                Callable[P, R], njit(nogil=True, error_model="numpy", fastmath=set(fastmath) if fastmath else False)(function)
            )
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
    """As numba's, but called through its door, and its calls are noted where somebody wants to make them again (recording.py)."""

    entries: dict[Any, Entry] | None
    """By the kinds of its arguments; None: it is called as numba's."""

    def __call__(self, *args: Any, **named: Any) -> Any:
        if named:
            args = inspect.signature(self.py_func).bind(*args, **named).args
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
        return template(tuple(unliteral(a) for a in args), {name: unliteral(a) for name, a in kws.items()})

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
