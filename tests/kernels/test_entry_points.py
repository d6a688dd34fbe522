"""What Python hands to a kernel arrives there through its entry point, and what the kernel gives comes back."""

from pathlib import Path
from typing import Any

import numpy as np
import pytest

from tests.kernels import called_kernels as kernels
from tests.kernels.called_kernels import Mixed, Pair
from tinyseq.kernels.jit import entry_points
from tinyseq.kernels.runtime.calls import steps_in_python

pytestmark = pytest.mark.numba_bounds
compiled = pytest.mark.skipif(steps_in_python(), reason="there are no entry points")
NUMBERS = np.arange(12, dtype=np.float32).reshape(3, 4)
READ_ONLY = NUMBERS.copy()
READ_ONLY.flags.writeable = False


@pytest.mark.parametrize("factor", [0.1, np.float32(0.5), 7, np.int64(7)])
@pytest.mark.parametrize("x", [NUMBERS, NUMBERS[::2, ::-1], NUMBERS.T, READ_ONLY, NUMBERS.astype(np.int64), NUMBERS.astype(np.float64)[1:]])
def test_every_kind_of_argument_arrives(x: Any, factor: Any) -> None:
    out, mixed = np.zeros(10), Mixed(NUMBERS[1], Pair(8, -9), 2.5)
    kernels.gather(out, x, Pair(3, -4), mixed, True, factor, None, -(1 << 40))
    expected = [x[0, 0] + 10 * x[-1, -1], 3, -4, NUMBERS[1, 0], -9, 2.5, 1, factor, 1, -(1 << 40)]
    assert out.tolist() == [float(number) for number in expected]


def test_what_a_kernel_gives_comes_back() -> None:
    numbers = np.array([-1, 5])
    assert kernels.first(numbers) == -1
    assert kernels.first(np.array([np.iinfo(np.int64).max])) == np.iinfo(np.int64).max
    assert kernels.is_first(numbers, -1) is True
    assert kernels.is_first(numbers, number=2) is False
    assert kernels.half(numbers) == -0.5
    assert kernels.first_often(numbers) == -1


@compiled
def test_only_who_needs_it_has_numbas_way_of_being_called() -> None:
    """It takes LLVM a sixth of a first prediction's time."""
    kernels.first(NUMBERS[0])
    kernels.first_often(NUMBERS[0])
    kernels.half(NUMBERS[0])
    for kernel, has in ((kernels.first, False), (kernels.first_often, True), (kernels.half, True)):
        for code in kernel.overloads.values():  # type: ignore[attr-defined]
            assert bool(code.library.get_pointer_to_function(code.fndesc.llvm_cpython_wrapper_name)) == has
            assert bool(entry_points.entry_point_of(code)) != has


def test_arrays_of_other_kinds_are_not_taken_for_each_other(tmp_path: Path) -> None:
    """A memory-mapped array is one of a class of its own."""
    for kind in (np.float32, np.int64, np.uint8, np.float64):
        mapped = np.memmap(tmp_path / np.dtype(kind).name, kind, "w+", shape=(3,))
        mapped[:] = 7
        assert kernels.first(mapped) == 7
        assert kernels.first(np.asarray(mapped)) == 7


def test_nor_are_those_inside_a_named_tuple() -> None:
    for kind in (np.float32, np.int64, np.uint8, np.float64):
        out = np.zeros(10)
        kernels.gather(out, NUMBERS, Pair(1, 2), Mixed(np.array([7, 8], kind), Pair(3, 4), 0.5), False, 1.5, None, 0)
        assert out[3] == 7


@compiled
def test_a_kernel_that_gets_no_memory_says_so() -> None:
    with pytest.raises(MemoryError, match="reduce the batch"):
        kernels.too_much(1 << 58)
    assert kernels.too_much(3) == 3


def test_arguments_may_be_named() -> None:
    """In any order; a wrong name is refused with the right ones."""
    numbers = np.array([3, 5])
    assert kernels.is_first(number=3, x=numbers) is True
    with pytest.raises(TypeError, match=r"x, number|missing argument|unexpected keyword"):
        kernels.is_first(numbers, value=3)  # type: ignore[call-arg]
