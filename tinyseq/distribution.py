"""tinyseq.distribution: several processes that train one model together.

    import tinyseq as keras

    keras.distribution.data_parallel()          # the one line more
    ...
    model.fit(x, y, batch_size=32)

Run it with `mpiexec -n 4 python script.py`: fit then makes the steps of one process with a batch_size of 128, whose rows the four
processes share. It needs mpi4py and an MPI: `python -m pip install "tinyseq[mpi]"`. Started without mpiexec, the script runs alone.
"""

from __future__ import annotations

import os
import sys
import traceback
from collections.abc import Sequence
from itertools import pairwise
from types import TracebackType
from typing import Any

import numpy as np
from numpy.typing import NDArray

from tinyseq.engine import cores, threads
from tinyseq.engine import team as teams
from tinyseq.weights import seeds

Array = NDArray[Any]

__all__ = ["data_parallel"]


class Processes:
    """The processes of an MPI communicator, as engine/team.py needs them."""

    def __init__(self, communicator: Any, in_place: Any) -> None:
        self.communicator = communicator
        self.in_place = in_place
        self.rank: int = communicator.Get_rank()
        self.size: int = communicator.Get_size()

    def add(self, source: Array, target: Array) -> None:
        """By Allreduce."""
        same = source.ctypes.data == target.ctypes.data
        self.communicator.Allreduce(self.in_place if same else source, target)

    def gather(self, array: Array, bounds: Sequence[int]) -> None:
        """By Allgatherv, as bytes."""
        data = array.reshape(-1).view(np.uint8)
        row = data.size // len(array) if len(array) else 0
        counts = [row * (last - first) for first, last in pairwise(bounds)]
        places = [row * first for first in bounds[:-1]]
        self.communicator.Allgatherv(self.in_place, [data, counts, places, None])

    def same(self, value: Any) -> Any:
        """By bcast."""
        return self.communicator.bcast(value, root=0)

    def all_of(self, value: Any) -> list[Any]:
        """By allgather."""
        found: list[Any] = self.communicator.allgather(value)
        return found


def data_parallel() -> tuple[int, int]:
    """Shares every later fit among the processes that mpiexec started; returns (the number of this process, how many there are).

    `batch_size` samples of each process make one batch, and a step is that of one process with this batch: BatchNormalization sees all of
    it, dropout draws the same numbers. Weights, seeds and order of the samples are those of process 0, which alone prints and saves. All
    processes need the same arrays; an iterable is read by process 0, and its batches are shared. At most 8 processes share a batch.
    evaluate and predict are not shared: each process computes them alone. If a process ends with an error, so do all.
    """
    try:
        from mpi4py import MPI
    except ImportError as error:
        raise ImportError('data_parallel() needs mpi4py and an MPI: python -m pip install "tinyseq[mpi]"') from error
    world = MPI.COMM_WORLD
    if world.Get_size() > 1 and teams.present() is None:
        team = Processes(world, MPI.IN_PLACE)
        teams.form(team)
        seeds.restore(team.same(seeds.begun()))
        _share_cores(world, MPI.COMM_TYPE_SHARED)
        sys.excepthook = _aborting(world, sys.excepthook)
    return world.Get_rank(), world.Get_size()


def _share_cores(world: Any, machine: int) -> None:
    """Processes of one machine that are bound to the same cores get their share of them as threads, unless a number is set."""
    if threads.is_set() or any(os.environ.get(name) for name in cores.VARIABLES):
        return
    neighbours = world.Split_type(machine)
    mine = cores.bound()
    threads.set_num_threads(max(1, cores.usable() // neighbours.allgather(mine).count(mine)))
    neighbours.Free()


def _aborting(world: Any, before: Any) -> Any:
    """An excepthook that ends the other processes too, which would wait for this one."""

    def hook(kind: type[BaseException], error: BaseException, trace: TracebackType | None) -> None:
        print(f"process {world.Get_rank()} of {world.Get_size()} ended with an error, and so all do:", file=sys.stderr)
        try:
            before(kind, error, trace)
        except Exception:  # a hook that fails itself must not keep the other processes waiting
            traceback.print_exc()
            sys.__excepthook__(kind, error, trace)
        sys.stderr.flush()
        sys.stdout.flush()
        world.Abort(1)

    return hook
