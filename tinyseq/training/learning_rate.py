"""The learning rate of an optimizer, and how many steps it has made."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from tinyseq.argument_types import is_number
from tinyseq.training import schedules
from tinyseq.training.optimizer_state import Rate, Steps


class Paced:
    """The part of an optimizer that counts steps, and follows a number, a schedule or a function as its rate."""

    gradient_accumulation_steps: int | None
    _made: int
    """Calls of apply."""
    _rate: float
    _schedule: schedules.LearningRateSchedule | Callable[[], Any] | None

    @property
    def iterations(self) -> Any:
        """How often weights were changed."""
        return Steps.of(self, self._made // (self.gradient_accumulation_steps or 1))

    @iterations.setter
    def iterations(self, value: int) -> None:
        self._made = int(value) * (self.gradient_accumulation_steps or 1)

    @property
    def step(self) -> int:
        """The number of the step that is being made: 1, 2 ..."""
        return self._made // (self.gradient_accumulation_steps or 1) + 1

    def _current_rate(self) -> float:
        if self._schedule is None:
            return self._rate
        if isinstance(self._schedule, schedules.LearningRateSchedule):
            return float(self._schedule(self._made))
        return float(self._schedule())

    @property
    def learning_rate(self) -> Any:
        """The rate of the next step, a number; set it to a number or a schedule, or assign() to it."""
        return Rate.of(self, self._current_rate())

    @learning_rate.setter
    def learning_rate(self, value: Any) -> None:
        if isinstance(value, schedules.LearningRateSchedule) or (callable(value) and not is_number(value)):
            self._schedule = value
            return
        if not is_number(value) or not float(value) >= 0:
            raise ValueError(
                f"learning_rate={value!r}: expected a number of at least 0, a schedule, or a function, for example 0.001"
            )
        if self._schedule is not None:
            raise TypeError("this optimizer's learning rate follows a schedule: create a new optimizer with a number")
        self._rate = float(value)
