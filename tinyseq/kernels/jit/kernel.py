"""The one decorator that turns a plain Python function over arrays and integers into machine code.

`nogil`: other threads run meanwhile. `error_model="numpy"`: a division by zero returns inf or NaN as in IEEE 754, and
raises no exception. Compilation waits for the first call: a kernel that is only needed in training costs nothing in prediction.

The machine code is kept on disk for the next process: see disk_cache.py.
"""

from collections.abc import Callable
from inspect import signature
from typing import Any, ParamSpec, TypeVar, cast, overload

from numba import njit

from tinyseq.kernels.jit.disk_cache import cache_of, note
from tinyseq.kernels.jit.entry_points import Entry, KernelCompiler, call
from tinyseq.kernels.jit.interrupts import defer_interrupt
from tinyseq.kernels.jit.numba_internals import JIT_DISABLED, PLAIN_NUMBA, CPUDispatcher, unliteral
from tinyseq.kernels.runtime.calls import steps_in_python

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

    `part`: a part of other kernels, separate only for readability: it is compiled where it is called, never alone
    (the first prediction of a convnet needs 5.1 s of CPU if all parts are also compiled alone, 3.8 otherwise; Zen 4).

    `often`: Python calls it in every step, so that microseconds count: numba makes its own wrapper for Python, and no entry point
    (entry_points.py). With TINYSEQ_STEP=1 Python calls every kernel in every step, so all have that wrapper.

    Never use flags that exclude NaN or inf ("nnan", "ninf"): they must be propagated.
    """
    options = {"nogil": True, "error_model": "numpy", "fastmath": set(fastmath) if fastmath else False}

    def compiled(function: Callable[P, R]) -> Callable[P, R]:
        if PLAIN_NUMBA or JIT_DISABLED:
            return cast(Callable[P, R], njit(**options)(function))
        note(function.__code__.co_filename)
        function.__signature__ = signature(function)  # type: ignore[attr-defined]  # numba looks twice
        kind = Kernel if often or steps_in_python() else EntryPointKernel
        return cast(Callable[P, R], kind(function, {}, {**OPTIONS, **options, "inline": "always" if part else "never"}))

    return compiled if function is None else compiled(function)


OPTIONS = {"nopython": True, "no_cfunc_wrapper": True, "no_rewrites": True}
"""Kernels are not called from C and have no whole-array expressions, which `rewrites` would merge: numba need not handle
either (a first prediction of the guide's net: 3.85 s of CPU, not 4.0)."""


class Kernel(CPUDispatcher):
    """A compiled function, called from Python by numba's own wrapper."""

    looked_for_cache = False

    def compile(self, sig: Any) -> Any:
        """Like numba's, with our cache; Ctrl-C is deferred, because numba would turn it into another error."""
        with defer_interrupt():
            if not self.looked_for_cache:
                self._cache = cache_of(self.py_func, type(self).__name__)
                self.looked_for_cache = True
            return super().compile(sig)

    def get_call_template(self, args: Any, kws: Any) -> Any:
        """How another kernel calls this one: like numba's, but without separate code for each constant. f(x, 0) and f(x, 1)
        would otherwise be compiled separately for `Literal[int](0)` and `Literal[int](1)`."""
        return super().get_call_template(tuple(map(unliteral, args)), {name: unliteral(kind) for name, kind in kws.items()})

    def _compilation_chain_init_hook(self) -> None:
        """Numba searches the metadata of everything that is installed for extensions here (16 ms with 140 packages): kernels use
        no types of extensions. A compilation searches anyway."""


class EntryPointKernel(Kernel):
    """A kernel with an entry point, by which Python and programs in machine code call it."""

    def __init__(self, function: Any, locals: dict[str, Any], targetoptions: dict[str, Any]) -> None:
        super().__init__(function, locals, targetoptions, pipeline_class=KernelCompiler)
        self.entries: dict[Any, Entry] = {}
        """By the kinds of the arguments."""

    def __call__(self, *args: Any, **named: Any) -> Any:
        if named:
            args = in_order(self.py_func, args, named)
        return call(self, args, CPUDispatcher.__call__)


def in_order(function: Any, args: tuple[Any, ...], named: dict[str, Any]) -> tuple[Any, ...]:
    """All arguments by position. Kernels have no default values."""
    names = function.__code__.co_varnames[: function.__code__.co_argcount]
    if {*names[len(args) :]} != {*named}:
        raise TypeError(f"{function.__name__}() takes {', '.join(names)}; got {len(args)} by position, and {', '.join(named)}")
    return (*args, *[named[name] for name in names[len(args) :]])
