"""Interleaved timing: every contender takes its turn in each round, so that a machine that slows down slows down for all.

A turn is calls for TURN seconds, at least one; each is timed by itself, and a turn gives the median of its calls. What one
contender leaves running (threads of PyTorch, TensorFlow and others spin for a while after a call) is waited for before the
next turn, and the calls of its first WARM seconds, at least one, do not count: they find their data gone from the caches,
and threads that slept while another contender's were spinning are at first put on one core by the system, although the
other is free.
"""

from __future__ import annotations

import random
import statistics
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

TURN = 0.1
"""Seconds of a turn."""
WARM = 0.15
"""Seconds of calls before those that are timed."""
SLOW = 4.0
"""A contender that takes so many times the fastest one's time takes part in the first rounds only."""
CALLS = 2000
"""At most so many calls in a turn."""
SETTLED = 2e-4
"""Seconds of processor time in a millisecond of sleep, below which nothing runs any more."""


@dataclass
class Times:
    """What was measured of one contender: the median of each turn, the fastest call of all, processor time by wall time."""

    turns: list[float] = field(default_factory=list)
    best: float = float("inf")
    busy: float = 0.0
    spent: float = 0.0

    @property
    def median(self) -> float:
        """Seconds of a call."""
        return statistics.median(self.turns)

    @property
    def cores(self) -> float:
        """How many cores were busy on average."""
        return self.busy / self.spent if self.spent else 0.0

    def turn(self, call: Callable[[], object]) -> None:
        """Takes one turn."""
        settle()
        for_seconds(call, WARM)
        busy, begin = time.process_time(), time.perf_counter()
        seconds = for_seconds(call, TURN)
        self.spent += time.perf_counter() - begin
        self.busy += time.process_time() - busy
        self.turns.append(statistics.median(seconds))
        self.best = min(self.best, *seconds)


def for_seconds(call: Callable[[], object], wanted: float) -> list[float]:
    """Seconds of each call that begins within `wanted` seconds; of one at least, of CALLS at most."""
    seconds: list[float] = []
    end = time.perf_counter() + wanted
    while len(seconds) < CALLS:
        start = time.perf_counter()
        if seconds and start > end:
            break
        call()
        seconds.append(time.perf_counter() - start)
    return seconds


def settle(patience: float = 0.1) -> None:
    """Waits until no thread of this process runs, `patience` seconds at most."""
    end = time.perf_counter() + patience
    while time.perf_counter() < end:
        before = time.process_time()
        time.sleep(0.001)
        if time.process_time() - before < SETTLED:
            return


def interleaved(calls: Mapping[str, Callable[[], object]], seconds: float, least: int = 3, most: int = 40) -> dict[str, Times]:
    """Rounds over all contenders for about `seconds`: at least `least`, at most `most`; the order changes with the round."""
    times = {name: Times() for name in calls}
    order, shuffle, end = list(calls), random.Random(0).shuffle, time.perf_counter() + seconds
    for done in range(most):
        if done >= least and time.perf_counter() > end:
            break
        shuffle(order)
        fastest = min((found.best for found in times.values()), default=0.0)
        for name in order:
            if done < least or times[name].best < SLOW * fastest:
                times[name].turn(calls[name])
    return times
