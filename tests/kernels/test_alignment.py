"""Blocks of memory: where they begin, and in which pages they are."""

import re
from pathlib import Path

import numpy as np
import pytest

from tinyseq.kernels import alignment
from tinyseq.kernels.alignment import ADVICE, HUGE, LINE, aligned_bytes

SMAPS = Path("/proc/self/smaps")


@pytest.mark.parametrize("count", [1, 1000, HUGE - 1, HUGE, 2 * HUGE + 12345])
def test_a_block_begins_at_a_cache_line_and_can_be_written(count: int) -> None:
    block = aligned_bytes(count)
    assert block.size == count
    assert block.ctypes.data % LINE == 0
    block[...] = 7
    assert int(block.astype(np.int64).sum()) == 7 * count


@pytest.mark.skipif(ADVICE is None, reason="this system is not asked for huge pages")
def test_a_large_block_is_in_huge_pages_but_for_its_end() -> None:
    block = aligned_bytes(2 * HUGE + 12345)
    assert block.ctypes.data % HUGE == 0
    if SMAPS.exists() and "hg" in (huge := flags(block.ctypes.data)):  # a kernel without huge pages has no such flag
        assert "hg" in flags(block.ctypes.data + 2 * HUGE - 1)
        assert "hg" not in flags(block.ctypes.data + 2 * HUGE), f"the end has {huge}: memory behind it would be used"


def flags(address: int) -> list[str]:
    """What Linux says of the memory at an address."""
    within = False
    for line in SMAPS.read_text(encoding="ascii").splitlines():
        if found := re.match(r"([0-9a-f]+)-([0-9a-f]+) ", line):
            within = int(found[1], 16) <= address < int(found[2], 16)
        elif within and line.startswith("VmFlags:"):
            return line.split()[1:]
    raise LookupError(f"nothing is mapped at {address:x}")


def test_a_block_lives_as_long_as_a_view_of_it() -> None:
    part = aligned_bytes(3 * HUGE)[HUGE:].view(np.float32)
    part[...] = 1
    assert part.sum() == part.size


@pytest.mark.skipif(ADVICE is None, reason="this system is not asked for huge pages")
def test_no_room_is_a_memory_error() -> None:
    with pytest.raises(MemoryError, match="cannot be mapped"):
        alignment.mapped(1 << 60, ADVICE or 0)
