"""The undocumented parts of numba and llvmlite that we use, checked when this module is imported.

Such names may change in any version. So the version must be one that was tested (OLDEST to NEWEST, the bounds in pyproject.toml), and
each name must exist with the arguments that we pass (`EXPECTED`). If not, a warning says so once, and PLAIN_NUMBA is true:
kernels are then compiled by plain `njit`, from plain loops, without entry points, programs and disk cache. That is slower,
but right. TINYSEQ_PLAIN_NUMBA=1 in the environment chooses the same.

llvmlite's reference lists `ir` and `binding`. They are here because its versions follow numba's, and typed pointers will leave them.
"""

import inspect
import os
import re
from typing import Any
from warnings import warn

import numba
from numba import config

OLDEST, NEWEST = (0, 60), (0, 68)
"""Versions of numba that the tests run with: as `numba>=0.60,<0.69` in pyproject.toml."""


__all__ = [
    "BOUNDS_CHECKED", "JIT_DISABLED", "PLAIN_NUMBA", "PLAIN_TWINS", "CPUDispatcher", "CompileResult", "CompilerBase",
    "DefaultPassBuilder", "JITCodeLibrary", "Listener", "Lower", "NativeLowering", "NullCache", "array_data", "binding", "cgutils",
    "dumps", "get_host_cpu_features", "ir", "no_value", "register", "register_pass", "runtime_functions", "unliteral",
]  # fmt: skip


class Absent:
    """Replaces a name in plain mode, where definitions mention it but nothing uses it: its attributes, results and subclasses are
    Absent too."""

    def __init__(self, *_: Any, **__: Any) -> None: ...

    def __getattr__(self, name: str) -> Any:
        if name.startswith("__"):
            raise AttributeError(name)
        return Absent()

    def __call__(self, *_: Any, **__: Any) -> Any:
        return Absent()


FORCED = os.environ.get("TINYSEQ_PLAIN_NUMBA", "0") not in ("", "0")
missing = ""
try:
    if FORCED:
        raise ImportError("not wanted")
    from llvmlite import binding, ir
    from numba.core import cgutils
    from numba.core.base import BaseContext
    from numba.core.caching import NullCache
    from numba.core.codegen import JITCodeLibrary, get_host_cpu_features
    from numba.core.compiler import CompilerBase, CompileResult, DefaultPassBuilder
    from numba.core.compiler_machinery import register_pass
    from numba.core.event import Listener, register
    from numba.core.lowering import Lower
    from numba.core.registry import CPUDispatcher
    from numba.core.runtime._nrt_python import c_helpers as runtime_functions
    from numba.core.serialize import dumps
    from numba.core.typed_passes import NativeLowering
    from numba.core.types.misc import unliteral

    EXPECTED: dict[tuple[Any, str], str] = {
        (BaseContext, "declare_function"): "self module fndesc",
        (BaseContext, "get_abi_sizeof"): "self ty",
        (BaseContext, "get_data_type"): "self ty",
        (BaseContext, "get_dummy_value"): "self",
        (BaseContext, "make_array"): "self typ",
        (CPUDispatcher, "__init__"): "self py_func locals targetoptions pipeline_class",
        (CPUDispatcher, "_compilation_chain_init_hook"): "self",
        (CPUDispatcher, "compile"): "self sig",
        (CPUDispatcher, "get_call_template"): "self args kws",
        (CPUDispatcher, "typeof_pyval"): "self val",
        (CompileResult, "_reduce"): "self",
        (CompilerBase, "define_pipelines"): "self",
        (DefaultPassBuilder, "define_nopython_pipeline"): "state name",
        (JITCodeLibrary, "_optimize_functions"): "self ll_module",
        (JITCodeLibrary, "add_ir_module"): "self ir_module",
        (JITCodeLibrary, "create_ir_module"): "self name",
        (JITCodeLibrary, "enable_object_caching"): "self",
        (JITCodeLibrary, "get_pointer_to_function"): "self name",
        (Lower, "create_cpython_wrapper"): "self release_gil",
        (NullCache, "load_overload"): "self sig target_context",
        (NullCache, "save_overload"): "self sig cres",
        (NativeLowering, "run_pass"): "self state",
        (cgutils, "for_range"): "builder count start intp",
        (cgutils, "get_or_insert_function"): "module fnty name",
        (cgutils, "pointer_add"): "builder ptr offset return_type",
    }
except (ImportError, AttributeError) as error:
    EXPECTED = {}
    missing = str(error)


def problem() -> str:
    """What differs from the expected names, as text; empty if nothing."""
    version = tuple(int(re.match(r"\d*", part)[0] or 0) for part in numba.__version__.split(".")[:2])  # type: ignore[index]
    if version > NEWEST:
        return f"numba {numba.__version__} is newer than {NEWEST[0]}.{NEWEST[1]}, the newest that this tinyseq was tested with"
    if version < OLDEST:
        return f"numba {numba.__version__} is older than {OLDEST[0]}.{OLDEST[1]}, the oldest that this tinyseq was tested with"
    if missing:
        return f"numba {numba.__version__} lacks something that tinyseq needs ({missing})"
    for (owner, name), arguments in EXPECTED.items():
        found = getattr(owner, name, None)
        if found is None:
            return f"numba {numba.__version__} has no {owner.__name__}.{name}"
        if " ".join(inspect.signature(found).parameters) != arguments:
            return f"numba {numba.__version__} has a {owner.__name__}.{name} that differs from the one tinyseq expects"
    return ""


PLAIN_NUMBA = FORCED
"""Whether kernels are compiled by plain njit."""
if not FORCED and problem():
    PLAIN_NUMBA = True
    warn(
        f"{problem()}: kernels are compiled by numba's plain njit, again in each process. Results are right, but slower; for full "
        f'speed: pip install "numba>={OLDEST[0]}.{OLDEST[1]},<{NEWEST[0]}.{NEWEST[1] + 1}"',
        RuntimeWarning,
        stacklevel=2,
    )
if PLAIN_NUMBA:
    absent: Any = Absent()
    binding = cgutils = get_host_cpu_features = ir = register = register_pass = runtime_functions = unliteral = dumps = absent
    CPUDispatcher = CompileResult = CompilerBase = DefaultPassBuilder = JITCodeLibrary = Listener = Lower = absent
    NativeLowering = NullCache = absent

JIT_DISABLED = bool(getattr(config, "DISABLE_JIT", 0))
BOUNDS_CHECKED = bool(getattr(config, "BOUNDSCHECK", 0))
PLAIN_TWINS = JIT_DISABLED or BOUNDS_CHECKED or PLAIN_NUMBA
"""Whether kernels call the plain twins of functions that are written in LLVM's language, and Python calls each kernel. Such
functions run only compiled, and check no bounds."""


def array_data(context: Any, builder: Any, kind: Any, value: Any) -> Any:
    """In an intrinsic: the pointer to the first element of an array."""
    return context.make_array(kind)(context, builder, value).data


def no_value(context: Any) -> Any:
    """In an intrinsic: what a function without a result returns."""
    return context.get_dummy_value()
