"""Work handed to a helper thread that waits in machine code, so that neither needs Python's lock for it.

A helper that waits for Python's queue must take the lock to look into it, and if the caller has it by then, goes to sleep
and is woken 20 to 100 us later. Here the helper looks at its `mail` instead, an array of numbers, and what it finds there is
the call of a kernel as entry_points.py has it: (the address of an entry point, the address of its numbers).

    caller                                   helper
    offer(mail, job, entry_point, numbers)   serve(mail, rung, looks): takes the job if it is still offered,
    ... its own share ...                    makes the call, says that it is done, and waits for more
    settle(mail, job)

A caller never waits for a helper that has not begun: what is still on offer at the end, it takes back. So a helper that
sleeps, or whose core another program has, costs nothing but its help. `offer` tells whether the helper is awake; to wake it
is Python's business (engine/threads.py).
"""

from typing import Any

import numpy as np
from numba import types
from numba.extending import intrinsic
from numpy.typing import NDArray

from tinyseq.kernels.jit.entry_points import ENTRY_POINT
from tinyseq.kernels.jit.kernel import kernel
from tinyseq.kernels.matrix.simd import INDICES
from tinyseq.kernels.runtime.atomics import read_now, swap_now, write_now
from tinyseq.kernels.runtime.spin_wait import TURN, give_way, number_of_core, pause_now, wait

Mail = NDArray[np.int64]

OFFER, CALL, NUMBERS, CORE, BELL, DONE, AWAKE = 0, 1, 2, 3, 4, 8, 16
"""Places in the mail, by who writes them in different lines of the cache: the number of the job on offer, negative once it is
taken; its entry point; its numbers; the caller's core; how often Python had work; the last job done; 1 while the helper looks."""


@intrinsic  # type: ignore[untyped-decorator]
def call_at(typing: Any, entry_point: Any, numbers: Any) -> Any:
    """entry_point(numbers), both given as addresses."""

    def generate(context: Any, builder: Any, signature: Any, values: Any) -> Any:
        entry_point, numbers = values
        return builder.call(builder.inttoptr(entry_point, ENTRY_POINT.as_pointer()), [builder.inttoptr(numbers, INDICES)])

    return types.int64(types.int64, types.int64), generate


@kernel(often=True)
def offer(mail: Mail, job: int, entry_point: int, numbers: int) -> bool:
    """Puts job number `job` (> 0, another each time) on offer. True if the helper is awake."""
    mail[CALL] = entry_point
    mail[NUMBERS] = numbers
    mail[CORE] = number_of_core()
    write_now(mail, OFFER, job)
    return read_now(mail, AWAKE) != 0  # type: ignore[no-any-return]


@kernel(often=True)
def settle(mail: Mail, job: int) -> bool:
    """Takes the offer back, or, if it was taken, waits until it is done. True if the helper had a share."""
    if swap_now(mail, OFFER, job, 0) or read_now(mail, OFFER) != -job:  # not taken, or not even offered
        return False
    looks = 0
    while read_now(mail, DONE) != job:
        looks += 1
        wait(looks)
    return True


@kernel(part=True)
def take(mail: Mail) -> bool:
    """Makes the call that is on offer, if there is one."""
    job = read_now(mail, OFFER)
    if job <= 0 or not swap_now(mail, OFFER, job, -job):
        return False
    call_at(mail[CALL], mail[NUMBERS])
    write_now(mail, DONE, job)
    return True


@kernel(often=True)
def serve(mail: Mail, rung: int, looks: int) -> int:
    """Takes offered work until the bell is no longer `rung`, which means that Python has work, or nothing came for `looks` looks of
    about 25 ns: -1. Or the number of this thread's core, if that is its caller's, too, who has something on offer."""
    write_now(mail, AWAKE, 1)
    look, called = 0, False
    while look < looks and not called:
        look += 1
        pause_now()
        if read_now(mail, OFFER) > 0:
            if mail[CORE] == number_of_core() >= 0:
                break
            if take(mail):
                look = 0
        called = read_now(mail, BELL) != rung
        if look % TURN == TURN - 1:
            give_way()
    write_now(mail, AWAKE, 0)
    if read_now(mail, OFFER) > 0 and mail[CORE] == number_of_core() >= 0:
        return mail[CORE]  # type: ignore[no-any-return]
    if not called:
        take(mail)  # offered after the last look, when this thread still counted as awake
    return -1
