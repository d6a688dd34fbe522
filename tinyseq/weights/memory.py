"""The available memory, and an error that names the need before anything is allocated."""

from __future__ import annotations

import ctypes
import math
import os
import sys
from typing import Any

import numpy as np
from numpy.typing import NDArray

from shapecheck.memory import human
from tinyseq.kernels.alignment import aligned, aligned_bytes

CHECKED_FROM = 64 << 20
"""Bytes below which a need is not checked (the check reads a file)."""


def require(needed: int, purpose: str) -> None:
    """Raises MemoryError if `needed` bytes are not available, before they are allocated."""
    if needed < CHECKED_FROM:
        return
    there = available()
    if there is not None and needed > there:
        raise MemoryError(
            f"{purpose} needs {human(needed)} of memory, {human(there)} are available: reduce the batch or the layer, or use a machine "
            f"with more memory"
        )


def available() -> int | None:
    """Bytes available without swapping, within the limit of a container; None if the system does not report it."""
    found = [limit for limit in (_of_system(), _of_container()) if limit is not None]
    return min(found) if found else None


def _of_system() -> int | None:
    if sys.platform == "linux":
        return _from_meminfo()
    if sys.platform == "win32":
        return _from_windows()
    try:
        return os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES")
    except (ValueError, OSError):
        return None


def _from_meminfo() -> int | None:
    try:
        with open("/proc/meminfo", encoding="ascii") as file:
            for line in file:
                if line.startswith("MemAvailable:"):
                    return 1024 * int(line.split()[1])
    except OSError:
        pass
    return None


def _from_windows() -> int | None:
    class Status(ctypes.Structure):
        """MEMORYSTATUSEX of the Windows API."""

        _fields_ = (
            ("length", ctypes.c_ulong), ("load", ctypes.c_ulong), ("total", ctypes.c_ulonglong),
            ("available", ctypes.c_ulonglong), ("rest", ctypes.c_ulonglong * 5),
        )  # fmt: skip

    status = Status()
    status.length = ctypes.sizeof(Status)
    if not ctypes.windll.kernel32.GlobalMemoryStatusEx(ctypes.byref(status)):  # type: ignore[attr-defined,unused-ignore]
        return None
    return int(status.available)


def _from_file(path: str) -> int | None:
    try:
        with open(path, encoding="ascii") as file:
            text = file.read().strip()
    except OSError:
        return None
    return int(text) if text.isdigit() else None


def _of_container() -> int | None:
    """Linux control groups, version 2 and 1."""
    for limit, usage in (
        ("/sys/fs/cgroup/memory.max", "/sys/fs/cgroup/memory.current"),
        ("/sys/fs/cgroup/memory/memory.limit_in_bytes", "/sys/fs/cgroup/memory/memory.usage_in_bytes"),
    ):
        most, used = _from_file(limit), _from_file(usage)
        if most is not None and used is not None:
            return max(most - used, 0)
    return None


def empty(shape: tuple[int, ...], dtype: Any = np.float32) -> NDArray[Any]:
    """Like np.empty, from a multiple of 64 bytes on: a vector that crosses a cache line costs two accesses."""
    kind = np.dtype(dtype)
    made: NDArray[Any] = aligned_bytes(math.prod(shape) * kind.itemsize).view(kind).reshape(shape)
    return made


def floats(sizes: dict[str, int]) -> dict[str, NDArray[np.float32]]:
    """Arrays of so many float32, each from a multiple of 64 bytes on; content is garbage."""
    return {name: aligned(size) for name, size in sizes.items()}
