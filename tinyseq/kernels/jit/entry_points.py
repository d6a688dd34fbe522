"""How a kernel is called from outside: by its *entry point*, a small function that is compiled with it.

    int64 entry_point(int64 *numbers)        calls the kernel with these numbers; returns its result, or 1 if it has none

By numba's convention a kernel's arguments are flat: an array is (0, 0, size, bytes of an item, address, *shape, *strides), a
tuple its members, None a 0. A `writer` appends these numbers, each of 64 bits, to a list. So Python calls every kernel in one way
(`call`), and a program in machine code makes the same calls without Python (kernels/runtime).

Numba's own wrapper for calls from Python is a function for each kernel, too, but a large one: it takes Python's objects apart, sizes,
strides and owners of arrays, members of named tuples, with an error path for each unexpected one. With entry points the first
prediction of the guide's net takes 5.4 s of CPU instead of 6.4, and 0.7 instead of 0.9 once all is compiled (Zen 3). A call
through numba's wrapper takes 0.7 us, by an entry point 1.5 and 0.5 for each array: the wrapper stays where Python calls in every
step (kernel.py, `often` and TINYSEQ_STEP), or where a result is not an integer.
"""

import ctypes
import struct
from array import array as machine_array
from collections.abc import Callable, Sequence
from functools import partial
from typing import Any, NamedTuple

import numpy as np
from numba import types
from numpy.typing import NDArray

from tinyseq.kernels.jit.numba_internals import (
    CompilerBase,
    DefaultPassBuilder,
    JITCodeLibrary,
    Lower,
    NativeLowering,
    ir,
    register_pass,
)
from tinyseq.kernels.runtime.calls import NO_MEMORY

INT32, INT64 = ir.IntType(32), ir.IntType(64)
ENTRY_POINT = ir.FunctionType(INT64, [INT64.as_pointer()])
FUNCTION = ctypes.CFUNCTYPE(ctypes.c_int64, ctypes.c_void_p)
"""An entry point as Python calls it, without Python's lock."""
PACKED = {types.float32: "fxxxx", types.float64: "d"}
DATA = 4
"""Place of an array's address among its numbers."""
RAISED = -(1 << 63)
"""The result of an entry point if the kernel raised an exception, which can only be that it could not allocate memory."""
INTEGERS = {int}
"""The types of tuple members that need no further check."""
LAYOUT = 1 | 2 | 0x100 | 0x400
"""Of a NumPy array's flags: C- and F-contiguous, aligned, writeable."""


# ---------------------------------------------------------------------------- when a kernel is compiled


def has_entry_point(result: Any, signature: tuple[Any, ...]) -> bool:
    """Whether a kernel with this result and these arguments has one."""
    return result in (types.none, types.boolean, types.int64) and all(map(is_flat, signature))


def is_flat(kind: Any) -> bool:
    """Whether `writer` knows this type of argument."""
    if isinstance(kind, types.BaseTuple):
        return all(map(is_flat, kind))
    return isinstance(kind, (types.Array, types.Integer, types.Boolean)) or kind in (types.float32, types.float64, types.none)


class KernelLower(Lower):
    """Numba's translation of a kernel to LLVM's language."""

    def create_cpython_wrapper(self, release_gil: bool = False) -> None:
        """An entry point in place of numba's wrapper."""
        if has_entry_point(self.fndesc.restype, self.fndesc.argtypes):
            module = self.library.create_ir_module("tinyseq.entry_point")
            write_entry_point(self.context, module, self.fndesc)
            self.library.add_ir_module(module)
        else:
            super().create_cpython_wrapper(release_gil)


@register_pass(mutates_CFG=True, analysis_only=False)
class KernelLowering(NativeLowering):
    """The step of compilation that translates by KernelLower, into a KernelLibrary."""

    _name = "kernel_lowering"

    @property
    def lowering_class(self) -> Any:
        """The lowering class."""
        return KernelLower

    def run_pass(self, state: Any) -> bool:
        """Like numba's."""
        state.library = KernelLibrary(state.targetctx.codegen(), state.func_id.func_qualname)
        state.library.enable_object_caching()
        return bool(super().run_pass(state))


class KernelLibrary(JITCodeLibrary):
    """The machine code of a kernel. Numba lets LLVM improve each function by itself first and then all of them together, which
    does the same again: without the first, the guide's five largest kernels take 3.1 s instead of 3.4 and are as fast (Zen 3)."""

    def _optimize_functions(self, ll_module: Any) -> None:
        ll_module.data_layout = self._codegen._data_layout


class KernelCompiler(CompilerBase):
    """Numba's compiler, with KernelLowering in place of its own."""

    def define_pipelines(self) -> list[Any]:
        """The steps of compilation."""
        steps = DefaultPassBuilder.define_nopython_pipeline(self.state)
        steps.passes = [(KernelLowering if step is NativeLowering else step, about) for step, about in steps.passes]
        steps.finalize()
        return [steps]


def write_entry_point(context: Any, module: Any, kernel: Any) -> None:
    """The entry point of a kernel, of which numba has the description. Numba's functions take a place for the result, one for an
    exception, and their flat arguments; they return 0 if all is well."""
    inside = context.declare_function(module, kernel)
    kind = inside.function_type
    function = ir.Function(module, ENTRY_POINT, entry_point_name(kernel))
    builder = ir.IRBuilder(function.append_basic_block())
    numbers = [builder.load(builder.gep(function.args[0], [INT32(place)])) for place in range(len(kind.args) - 2)]
    room = [builder.alloca(INT64) for _ in range(2)]  # for a result and an exception
    places = [builder.bitcast(one, wanted) for one, wanted in zip(room, kind.args[:2], strict=True)]
    arguments = [_from_number(builder, number, wanted) for number, wanted in zip(numbers, kind.args[2:], strict=True)]
    status = builder.call(inside, [*places, *arguments], attrs=("noinline",))
    value = INT64(1) if kernel.restype == types.none else _to_number(builder, builder.load(places[0]))
    builder.ret(builder.select(builder.icmp_signed("==", status, INT32(0)), value, INT64(RAISED)))


def entry_point_name(kernel: Any) -> str:
    """Its name in the kernel's library."""
    return f"tinyseq_entry_point_{kernel.llvm_func_name}"


def _from_number(builder: Any, number: Any, kind: Any) -> Any:
    """64 bits as an argument of a kernel."""
    if isinstance(kind, ir.PointerType):
        return builder.inttoptr(number, kind)
    if isinstance(kind, ir.FloatType):
        return builder.bitcast(builder.trunc(number, INT32), kind)
    if isinstance(kind, ir.DoubleType):
        return builder.bitcast(number, kind)
    return number if kind == INT64 else builder.trunc(number, kind)


def _to_number(builder: Any, value: Any) -> Any:
    """The result of a kernel as 64 bits."""
    return value if value.type == INT64 else builder.zext(value, INT64)


# ---------------------------------------------------------------------------- arguments as numbers


class ArrayFields(ctypes.Structure):
    """The first fields of a NumPy array in memory: PyArrayObject_fields in NumPy's C interface."""

    _fields_ = [("head", ctypes.c_byte * object.__basicsize__), ("data", ctypes.c_ssize_t)]


def address(array: NDArray[Any]) -> int:
    """array.ctypes.data in a fifth of the time."""
    return ArrayFields.from_address(id(array)).data  # type: ignore[no-any-return]


Numbers = list[int]
Arrays = list[tuple[int, NDArray[Any]]]
"""(place of its numbers' address, array)."""
Writer = Callable[[Any, Numbers, Arrays], None]


def writer(kind: Any) -> Writer:
    """The writer that appends an argument of that type to the numbers, and its arrays to the arrays."""
    if isinstance(kind, types.Array):
        return write_array
    if isinstance(kind, types.BaseTuple):
        if all(isinstance(one, types.Integer) for one in kind):
            return write_integers
        return partial(write_parts, [writer(one) for one in kind])
    if kind in (types.float32, types.float64):
        return lambda value, numbers, _: numbers.extend(struct.unpack("q", struct.pack(PACKED[kind], value)))
    if kind == types.none:
        return lambda _, numbers, __: numbers.append(0)
    if isinstance(kind, types.Integer):
        return lambda value, numbers, _: numbers.append(value)
    return lambda value, numbers, _: numbers.append(int(value))


def write_array(value: Any, numbers: Numbers, arrays: Arrays) -> None:
    """An array, without an owner."""
    arrays.append((len(numbers) + DATA, value))
    numbers += (0, 0, value.size, value.itemsize, address(value), *value.shape, *value.strides)


def write_parts(writers: Sequence[Writer], value: Any, numbers: Numbers, arrays: Arrays) -> None:
    """A tuple of anything."""
    for write, part in zip(writers, value, strict=True):
        write(part, numbers, arrays)


def write_integers(value: Any, numbers: Numbers, arrays: Arrays) -> None:
    """A tuple of integers."""
    numbers += value


# ---------------------------------------------------------------------------- when it is called


class Entry(NamedTuple):
    """How arguments of certain types are passed to a kernel."""

    signature: tuple[Any, ...]
    writers: tuple[Writer, ...]
    address: int
    """The address of the entry point; 0: there is none, so Python calls numba's wrapper."""
    function: Callable[[int], int]
    """The entry point."""
    result: Callable[[int], Any] | None
    """Converts the entry point's result to the kernel's; None: an integer."""


def call(kernel: Any, given: tuple[Any, ...], numbas_call: Callable[..., Any]) -> Any:
    """The kernel's result. Compiles it if necessary. MemoryError if it could not allocate memory."""
    kinds = tuple([(x.dtype, x.ndim, x.flags.num & LAYOUT) if isinstance(x, np.ndarray) else kind_of(x) for x in given])
    entry = kernel.entries.get(kinds) or entry_of(kernel, given)
    if entry.address == 0:
        return numbas_call(kernel, *given)
    numbers: Numbers = []
    arrays: Arrays = []
    for write, value in zip(entry.writers, given, strict=True):
        write(value, numbers, arrays)
    slots = machine_array("q", numbers)
    found = entry.function(slots.buffer_info()[0])
    if found == RAISED:
        raise MemoryError(NO_MEMORY)
    return found if entry.result is None else entry.result(found)


def kind_of(value: Any) -> Any:
    """A key for numba's type of an argument. Numba takes 10 us to find the type of an array, 25 us of a named tuple."""
    kind = type(value)
    if isinstance(value, np.ndarray):
        return value.dtype, value.ndim, value.flags.num & LAYOUT
    if isinstance(value, tuple):
        parts = tuple(map(type, value))
        return (kind, parts) if INTEGERS.issuperset(parts) else (kind, *map(kind_of, value))
    return kind


TYPES: dict[Any, Any] = {}
"""Numba's types of the kinds of arguments so far: of the guide's net there are 150 arguments of 20 kinds."""


def signature_for(kernel: Any, given: tuple[Any, ...], kinds: tuple[Any, ...]) -> tuple[Any, ...]:
    """Numba's types of the arguments, of these kinds."""
    for value, kind in zip(given, kinds, strict=True):
        if kind not in TYPES:
            TYPES[kind] = kernel.typeof_pyval(value)
    return tuple([TYPES[kind] for kind in kinds])


def entry_of(kernel: Any, given: tuple[Any, ...]) -> Entry:
    """The entry for these arguments; the kernel is compiled if necessary."""
    kinds = tuple(map(kind_of, given))
    if kinds not in kernel.entries:
        kernel.entries[kinds] = entry_for(kernel, signature_for(kernel, given, kinds))
    found: Entry = kernel.entries[kinds]
    return found


def entry_for(kernel: Any, signature: tuple[Any, ...]) -> Entry:
    """The entry for arguments of these types; the kernel is compiled if necessary."""
    address = entry_point(kernel, signature)
    result = kernel.overloads[signature].signature.return_type
    convert: Any = {types.none: lambda _: None, types.boolean: bool}.get(result)
    return Entry(signature, tuple(map(writer, signature)) if address else (), address, FUNCTION(address), convert)


def entry_point(kernel: Any, signature: tuple[Any, ...]) -> int:
    """The address of a kernel's entry point; 0 if it has none. The kernel is compiled, or read from disk, if necessary."""
    if signature not in kernel.overloads:
        kernel.compile(signature)
    return entry_point_of(kernel.overloads[signature])


def entry_point_of(code: Any) -> int:
    """The address of the entry point in compiled code; 0 if it has none."""
    found: int = code.library.get_pointer_to_function(entry_point_name(code.fndesc))
    return found
