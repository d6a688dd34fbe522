"""How a kernel is called from outside: through its *door*, a small function that is compiled with it.

    int64 door(int64 *numbers)        calls the kernel with these numbers; gives its result, or 1 if it has none

What a kernel gets by numba's convention is flat: an array is (0, 0, size, bytes of an item, address, *shape, *strides), a
tuple its members, None a 0. A `writer` writes these numbers down, each in 64 bits; the door takes them from there. So Python
calls a kernel by one address (`enter`), and what Python called once, machine code calls again (replay.py).

Numba's own way of calling from Python is a function for each kernel, too, which takes Python's objects apart: sizes, strides
and owners of every array, each member of named tuples, and what is to be done if one of them is not so. With doors the first
prediction of the guide's net takes 5.4 s of CPU instead of 6.4, and 0.7 instead of 0.9 once all is compiled (Zen 3). Numba's way
takes 1 us, a door 6 to 30: it stays where Python calls in every step (compile.kernel), or where a result is no integer.
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
from tinyseq.kernels.runtime.recording import NO_MEMORY

INT32, INT64 = ir.IntType(32), ir.IntType(64)
DOOR = ir.FunctionType(INT64, [INT64.as_pointer()])
CALLED = ctypes.CFUNCTYPE(ctypes.c_int64, ctypes.c_void_p)
"""A door as Python calls it, without Python's lock."""
PACKED = {types.float32: "fxxxx", types.float64: "d"}
DATA = 4
"""Where an array's address stands among its numbers."""
RAISED = -(1 << 63)
"""What a door gives if the kernel raised an exception, which can only be that there is no memory."""
INTEGERS = {int}
"""The kinds of a tuple's members that need no closer look."""
LAYOUT = 1 | 2 | 0x100 | 0x400
"""Of a NumPy array's flags: C- and F-contiguous, aligned, writeable."""


# ---------------------------------------------------------------------------- when a kernel is compiled


def has_door(result: Any, signature: tuple[Any, ...]) -> bool:
    """Whether such a kernel gets a door."""
    return result in (types.none, types.boolean, types.int64) and all(map(is_flat, signature))


def is_flat(kind: Any) -> bool:
    """Whether `writer` knows this kind of argument."""
    if isinstance(kind, types.BaseTuple):
        return all(map(is_flat, kind))
    return isinstance(kind, (types.Array, types.Integer, types.Boolean)) or kind in (types.float32, types.float64, types.none)


class WithDoor(Lower):
    """Numba's translation of a kernel to LLVM's language."""

    def create_cpython_wrapper(self, release_gil: bool = False) -> None:
        """A door, where numba makes its own way of calling from Python."""
        if has_door(self.fndesc.restype, self.fndesc.argtypes):
            module = self.library.create_ir_module("tinyseq.door")
            write_door(self.context, module, self.fndesc)
            self.library.add_ir_module(module)
        else:
            super().create_cpython_wrapper(release_gil)


@register_pass(mutates_CFG=True, analysis_only=False)
class LoweringWithDoor(NativeLowering):
    """The step of compilation that makes it."""

    _name = "native_lowering_with_door"

    @property
    def lowering_class(self) -> Any:
        """What translates."""
        return WithDoor

    def run_pass(self, state: Any) -> bool:
        """As numba's, into our kind of library."""
        state.library = Library(state.targetctx.codegen(), state.func_id.func_qualname)
        state.library.enable_object_caching()
        return bool(super().run_pass(state))


class Library(JITCodeLibrary):
    """The machine code of a kernel. Numba lets LLVM improve each function by itself first and then all of them together, which
    does the same again: without the first, the guide's five largest kernels take 3.1 s instead of 3.4 and are as fast (Zen 3)."""

    def _optimize_functions(self, module: Any) -> None:
        module.data_layout = self._codegen._data_layout


class CompilerWithDoors(CompilerBase):
    """Numba's compiler, with that step in place of its own."""

    def define_pipelines(self) -> list[Any]:
        """The steps of compilation."""
        steps = DefaultPassBuilder.define_nopython_pipeline(self.state)
        steps.passes = [(LoweringWithDoor if step is NativeLowering else step, about) for step, about in steps.passes]
        steps.finalize()
        return [steps]


def write_door(context: Any, module: Any, kernel: Any) -> None:
    """The door of a kernel, of which numba gives the description."""
    inside = context.declare_function(module, kernel)
    kind = inside.function_type
    function = ir.Function(module, DOOR, name_of_door(kernel))
    builder = ir.IRBuilder(function.append_basic_block())
    numbers = [builder.load(builder.gep(function.args[0], [INT32(place)])) for place in range(len(kind.args) - 2)]
    room = [builder.alloca(INT64) for _ in range(2)]  # for a result and an exception
    places = [builder.bitcast(one, wanted) for one, wanted in zip(room, kind.args[:2], strict=True)]
    given = [_as(builder, number, wanted) for number, wanted in zip(numbers, kind.args[2:], strict=True)]
    status = builder.call(inside, [*places, *given], attrs=("noinline",))
    value = INT64(1) if kernel.restype == types.none else _as_number(builder, builder.load(places[0]))
    builder.ret(builder.select(builder.icmp_signed("==", status, INT32(0)), value, INT64(RAISED)))


def name_of_door(kernel: Any) -> str:
    """What it is called in the kernel's library."""
    return f"tinyseq_door_{kernel.llvm_func_name}"


def _as(builder: Any, number: Any, kind: Any) -> Any:
    """64 bits as what a kernel takes."""
    if isinstance(kind, ir.PointerType):
        return builder.inttoptr(number, kind)
    if isinstance(kind, ir.FloatType):
        return builder.bitcast(builder.trunc(number, INT32), kind)
    if isinstance(kind, ir.DoubleType):
        return builder.bitcast(number, kind)
    return number if kind == INT64 else builder.trunc(number, kind)


def _as_number(builder: Any, value: Any) -> Any:
    """What a kernel gives as 64 bits."""
    return value if value.type == INT64 else builder.zext(value, INT64)


# ---------------------------------------------------------------------------- when it is called


def address_of_door(code: Any) -> int:
    """Where the door of a compiled kernel begins; 0 if it has none."""
    found: int = code.library.get_pointer_to_function(name_of_door(code.fndesc))
    return found


Numbers = list[int]
Arrays = list[tuple[int, NDArray[Any]]]
"""(place of its numbers' address, array)."""
Writer = Callable[[Any, Numbers, Arrays], None]


def writer(kind: Any) -> Writer:
    """What appends an argument of that kind to the numbers, and the arrays in it to the arrays."""
    if isinstance(kind, types.Array):
        return write_array
    if isinstance(kind, types.BaseTuple):
        if all(isinstance(one, types.Integer) for one in kind):
            return write_integers
        return partial(write_parts, [writer(one) for one in kind])
    if kind in (types.float32, types.float64):
        return lambda value, numbers, _: numbers.extend(struct.unpack("q", struct.pack(PACKED[kind], value)))
    return lambda value, numbers, _: numbers.append(0 if value is None else int(value))


def write_array(value: Any, numbers: Numbers, arrays: Arrays) -> None:
    """An array, owned by nobody."""
    arrays.append((len(numbers) + DATA, value))
    numbers += (0, 0, value.size, value.itemsize, value.ctypes.data, *value.shape, *value.strides)


def write_parts(writers: Sequence[Writer], value: Any, numbers: Numbers, arrays: Arrays) -> None:
    """A tuple of anything."""
    for write, part in zip(writers, value, strict=True):
        write(part, numbers, arrays)


def write_integers(value: Any, numbers: Numbers, arrays: Arrays) -> None:
    """A tuple of integers."""
    numbers += value


class Entry(NamedTuple):
    """How arguments of certain kinds enter a kernel."""

    writers: tuple[Writer, ...]
    door: Callable[[int], int] | None
    """None: by numba's own way."""
    result: Any


def enter(kernel: Any, given: tuple[Any, ...], numbas_way: Callable[..., Any]) -> Any:
    """The kernel's result. It is compiled if need be. MemoryError if it could get no memory."""
    kinds = tuple(map(kind_of, given))
    entry = kernel.entries.get(kinds)
    if entry is None:
        entry = kernel.entries[kinds] = opened(kernel, given)
    if entry.door is None:
        return numbas_way(kernel, *given)
    numbers: Numbers = []
    arrays: Arrays = []
    for write, value in zip(entry.writers, given, strict=True):
        write(value, numbers, arrays)
    slots = machine_array("q", numbers)
    found = entry.door(slots.buffer_info()[0])
    if found == RAISED:
        raise MemoryError(NO_MEMORY)
    return None if entry.result == types.none else found != 0 if entry.result == types.boolean else found


def kind_of(value: Any) -> Any:
    """What decides numba's type of an argument. Numba takes 10 us to tell that of an array, 25 us of a named tuple."""
    kind = type(value)
    if isinstance(value, np.ndarray):
        return value.dtype, value.ndim, value.flags.num & LAYOUT
    if isinstance(value, tuple):
        parts = tuple(map(type, value))
        return (kind, parts) if INTEGERS.issuperset(parts) else (kind, *map(kind_of, value))
    return kind


def compiled(kernel: Any, signature: tuple[Any, ...]) -> int:
    """The address of the door of a kernel that has perhaps not been needed before: it is compiled, or read from disk."""
    if signature not in kernel.overloads:
        kernel.compile(signature)
    return address_of_door(kernel.overloads[signature])


def opened(kernel: Any, given: tuple[Any, ...]) -> Entry:
    """The entry for such arguments."""
    signature = tuple([kernel.typeof_pyval(value) for value in given])
    address = compiled(kernel, signature)
    door = CALLED(address) if address else None
    return Entry(tuple(map(writer, signature)) if address else (), door, kernel.overloads[signature].signature.return_type)
