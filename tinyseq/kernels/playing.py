"""Calls of kernels noted once and made again, one after the other, without Python in between.

A kernel called from Python finds out what each argument is, lets go of Python's lock, computes, and takes the lock again.
Two threads that do so a hundred times in a step stand in each other's way: a thread that finds the lock taken goes to
sleep, and to be woken takes longer than many a kernel (guide's convnet, 8 pictures, 2 threads: 40 sleeps a step each).
The calls of a model are the same again and again, though; only the caller's arrays lie elsewhere. So the engine notes them:

    with noting() as calls:      # see noting.py
        layer.forward(...)
    bound = [bind(*call) for call in calls]
    play(*packed(bound), 0, len(bound), 1)   # the same calls again, from one loop of machine code

What a kernel gets by numba's convention is flat: an array is (0, 0, size, bytes of an item, address, *shape, *strides), a
tuple its members, None a 0. `bind` writes these numbers down, each in 64 bits. A small function for each kind of signature
(`door`) takes them from there and calls the kernel.
"""

from __future__ import annotations

import struct
from collections.abc import Iterable
from typing import Any, NamedTuple

import numpy as np
from llvmlite import ir
from numba import config, types
from numba.core.compiler_lock import global_compiler_lock
from numba.core.registry import cpu_target
from numba.extending import intrinsic
from numpy.typing import NDArray

from tinyseq.kernels.compile import kernel
from tinyseq.kernels.simd import arguments

INT32, INT64 = ir.IntType(32), ir.IntType(64)
DOOR = ir.FunctionType(INT64, [INT64.as_pointer()])
DATA = 4
"""Where an array's address stands among its numbers."""


class Bound(NamedTuple):
    """A call: kernel and signature, the numbers (the kernel's address first), (place among them, array) of arrays, and
    whether it is made only if the call before gave 0 (noting.unless; the address may then be 0 as yet)."""

    kernel: Any
    signature: tuple[Any, ...]
    result: Any
    numbers: list[int]
    arrays: list[tuple[int, NDArray[Any]]]
    conditional: bool

    @property
    def made(self) -> tuple[Any, ...]:
        """What two calls that are the same have in common."""
        return self.kernel, self.signature, tuple(self.numbers), self.conditional


def can_play() -> bool:
    """False where kernels are not compiled, or are to raise IndexError: that takes Python."""
    return not (getattr(config, "DISABLE_JIT", 0) or getattr(config, "BOUNDSCHECK", 0))


def bind(function: Any, given: tuple[Any, ...], conditional: bool) -> Bound | None:
    """A call as it was noted, to be made again; None if it cannot be (its arguments or its result are of other kinds)."""
    signature = tuple([function.typeof_pyval(value) for value in given])
    code = function.overloads.get(signature)
    result = types.none if code is None else code.signature.return_type
    if (code is None and not conditional) or result not in (types.none, types.int64):
        return None
    numbers = [0 if code is None else address_of(code)]
    arrays: list[tuple[int, NDArray[Any]]] = []
    for kind, value in zip(signature, given, strict=True):
        if not flatten(kind, value, numbers, arrays):
            return None
    return Bound(function, signature, result, numbers, arrays, conditional)


def address_of(code: Any) -> int:
    """Where a compiled kernel begins."""
    found: int = code.library.get_pointer_to_function(code.fndesc.llvm_func_name)
    return found


def compiled(function: Any, signature: tuple[Any, ...]) -> int:
    """The address of a kernel that has perhaps not been needed before."""
    if signature not in function.overloads:
        function.compile(signature)
    return address_of(function.overloads[signature])


def flatten(kind: Any, value: Any, numbers: list[int], arrays: list[tuple[int, NDArray[Any]]]) -> bool:
    """Appends one argument; False if it is of a kind that is not known here."""
    if isinstance(kind, types.Array):
        arrays.append((len(numbers) + DATA, value))
        numbers += [0, 0, value.size, value.itemsize, value.ctypes.data, *value.shape, *value.strides]
    elif isinstance(kind, types.BaseTuple):
        return all(flatten(one, part, numbers, arrays) for one, part in zip(kind, value, strict=True))
    elif isinstance(kind, (types.Integer, types.Boolean)):
        numbers.append(int(value))
    elif kind in (types.float32, types.float64):
        numbers += struct.unpack("q", struct.pack("fxxxx" if kind == types.float32 else "d", value))
    elif kind == types.none:
        numbers.append(0)
    else:
        return False
    return True


_doors: dict[str, tuple[int, Any]] = {}
"""(address, the library that must stay) by the LLVM type of the kernel."""


@global_compiler_lock  # type: ignore[untyped-decorator]
def door(result: Any, signature: tuple[Any, ...]) -> int:
    """The address of `int64 door(int64 *numbers)`, which calls the kernel at numbers[0] with the others.

    It gives what the kernel gives, 1 if that is nothing, -1 if the kernel raised an exception.
    """
    context = cpu_target.target_context
    kind = context.call_conv.get_function_type(result, signature)
    key = f"{result} {kind}"
    if key not in _doors:
        library = context.codegen().create_library("tinyseq.door")
        module = library.create_ir_module("tinyseq.door")
        name = f"tinyseq_door_{len(_doors)}"
        function = ir.Function(module, DOOR, name)
        builder = ir.IRBuilder(function.append_basic_block())
        numbers = [builder.load(builder.gep(function.args[0], [INT32(place)])) for place in range(len(kind.args) - 1)]
        room = [builder.alloca(INT64, 4) for _ in range(2)]  # for a result and an exception
        places = [builder.bitcast(one, wanted) for one, wanted in zip(room, kind.args[:2], strict=True)]
        given = [_as(builder, number, wanted) for number, wanted in zip(numbers[1:], kind.args[2:], strict=True)]
        status = builder.call(builder.inttoptr(numbers[0], kind.as_pointer()), [*places, *given])
        value = INT64(1) if result == types.none else builder.load(room[0])
        builder.ret(builder.select(builder.icmp_signed("==", status, INT32(0)), value, INT64(-1)))
        library.add_ir_module(module)
        library.finalize()
        _doors[key] = library.get_pointer_to_function(name), library
    return _doors[key][0]


def _as(builder: Any, number: Any, kind: Any) -> Any:
    """64 bits as what a kernel takes."""
    if isinstance(kind, ir.PointerType):
        return builder.inttoptr(number, kind)
    if isinstance(kind, ir.FloatType):
        return builder.bitcast(builder.trunc(number, INT32), kind)
    if isinstance(kind, ir.DoubleType):
        return builder.bitcast(number, kind)
    return number if kind == INT64 else builder.trunc(number, kind)


@intrinsic  # type: ignore[untyped-decorator]
def call(typing: Any, function: Any, numbers: Any, start: Any) -> Any:
    """function(&numbers[start]), where function is the address of a door."""

    def generate(context: Any, builder: Any, signature: Any, values: Any) -> Any:
        address, data, start = arguments(context, builder, signature, values)
        return builder.call(builder.inttoptr(address, DOOR.as_pointer()), [builder.gep(data, [start])])

    return types.int64(types.int64, numbers, types.int64), generate


@kernel
def play(calls: NDArray[np.int64], numbers: NDArray[np.int64], first: int, last: int, done: int) -> int:
    """Makes calls first..last-1, rows of `calls`: (address of the door, where in `numbers` its own begin, conditional?).

    `done`: what the call before gave. Returns `last`; or i, if call i is to be made but its kernel has no address yet; or
    -1 - i, if call i raised an exception.
    """
    for i in range(first, last):
        if calls[i, 2] != 0:
            if done != 0:
                continue
            if numbers[calls[i, 1]] == 0:
                return i
        done = call(calls[i, 0], numbers, calls[i, 1])
        if done < 0:
            return -1 - i
    return last


def packed(bound: Iterable[Bound]) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """(calls, numbers) as `play` takes them."""
    calls: list[tuple[int, int, int]] = []
    numbers: list[int] = []
    for one in bound:
        calls.append((door(one.result, one.signature), len(numbers), int(one.conditional)))
        numbers += one.numbers
    return np.array(calls, np.int64).reshape(-1, 3), np.array(numbers, np.int64)
