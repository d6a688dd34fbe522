"""Arrays that end where readable memory ends: a kernel that reads or writes one float too far crashes the test run."""

import ctypes
import mmap
import sys
from typing import Any

import numpy as np
from numpy.typing import NDArray

PAGE = mmap.PAGESIZE
_kept: list[mmap.mmap] = []
"""Mappings stay until the process ends: numpy does not keep them alive while a kernel holds a bare address."""


def guarded(values: Any) -> NDArray[np.float32]:
    """A copy of the array, of its shape, whose last float is the last one before a page that cannot be touched."""
    array = np.ascontiguousarray(values, np.float32)
    if not sys.platform.startswith("linux"):
        return array.copy()
    pages = -(-max(array.nbytes, 1) // PAGE)
    memory = mmap.mmap(-1, (pages + 1) * PAGE)
    _kept.append(memory)
    address = ctypes.addressof(ctypes.c_char.from_buffer(memory))
    forbidden = ctypes.CDLL(None, use_errno=True).mprotect(ctypes.c_void_p(address + pages * PAGE), PAGE, 0)
    assert forbidden == 0, "mprotect"
    copy = np.frombuffer(memory, np.float32, array.size, pages * PAGE - array.nbytes).reshape(array.shape)
    copy[...] = array
    return copy


def garbage(*shape: int) -> NDArray[np.float32]:
    """Guarded memory full of NaN: what scratch and outputs hold before a call."""
    return guarded(np.full(shape, np.nan, np.float32))
