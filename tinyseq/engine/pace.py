"""Pace: whether several threads are faster than one at the moment, from how long steps take and how late threads join.

On a busy machine they may not be: at each gate all wait for the one whose core another program has. After late joins the step
falls back to one thread, if that is faster, and now and then tries several again. Numbers do not depend on it.
"""

from __future__ import annotations

NAP = 1e-4
"""Seconds of a sleep at a gate: kernels/runtime/spin_wait.py."""
LATE = 0.05
"""A step is late if its threads slept at gates for this share of its time ..."""
NAPS = 2
"""... and at least so often."""
PATIENCE = 3
"""Late steps in a row after which one thread is tried; a step in time makes up for half a late one."""
TRIAL = 4
"""Steps by one thread that are compared with those before; not the first of them, which finds half of its numbers in the other
core's cache."""
SHORTEST, LONGEST = 16, 256
"""Steps until the other way is tried again: doubled each time that it has not become better."""


class Pace:
    """Of one program. Python threads that share it may lose a count of each other: that costs speed at most."""

    def __init__(self) -> None:
        self.late = 0
        """Late steps so far."""
        self.fallbacks = 0
        """How often one thread was found to be faster."""
        self.alone = False
        """One thread computes the next step."""
        self._score = 0
        """2 for each late step, less 1 for each in time."""
        self._together = self._seconds = 0.0
        """Seconds of a step by several threads, on average; of all steps of a trial."""
        self._steps = 0
        """Since the last change between one and several."""
        self._calm = 0
        """Steps by several threads after a trial that one lost: nobody counts late ones."""
        self._period = SHORTEST

    def ended(self, alone: bool, seconds: float, naps: int) -> None:
        """A step by one thread, or by several that slept `naps` times at gates."""
        if alone != self.alone:
            return  # another Python thread has changed it meanwhile
        self._steps += 1
        if alone:
            self._ended_alone(seconds)
        else:
            self._ended_together(seconds, naps)

    def _ended_together(self, seconds: float, naps: int) -> None:
        self._together = 0.75 * self._together + 0.25 * seconds if self._together else seconds
        is_late = naps >= NAPS and naps * NAP > LATE * seconds
        self.late += is_late
        self._score = max(0, self._score + (2 if is_late else -1)) if self._steps > self._calm else 0
        if self._score >= 2 * PATIENCE:
            self._change(True)
        elif self._score == 0 and self._steps > LONGEST:
            self._period = SHORTEST

    def _ended_alone(self, seconds: float) -> None:
        if 1 < self._steps <= 1 + TRIAL:
            self._seconds += seconds
        if self._steps == 1 + TRIAL:
            if self._seconds < TRIAL * self._together:
                self.fallbacks += 1
            else:
                self._change(False, self._period)
        elif self._steps == 1 + TRIAL + self._period:
            self._change(False)

    def _change(self, alone: bool, calm: int = 0) -> None:
        self.alone, self._calm = alone, calm
        self._score, self._steps, self._seconds = 0, 0, 0.0
        if not alone:
            self._together = 0.0
            self._period = min(2 * self._period, LONGEST)
