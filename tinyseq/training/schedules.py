"""Learning rates that change with the number of steps done; `schedule(0)` is the rate of the first step."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from tinyseq.did_you_mean import Spelled, attributes_of


class LearningRateSchedule(Spelled):
    """schedule(step) -> rate."""

    def __call__(self, step: int) -> float:
        raise NotImplementedError(f"{type(self).__name__} has no __call__(step): write it")

    def get_config(self) -> dict[str, Any]:
        """The arguments that create it again."""
        return dict(self.__dict__)

    @classmethod
    def from_config(cls, config: dict[str, Any]) -> Any:
        """A new schedule with these arguments.

        Arguments:
            config: what get_config returned
        """
        return cls(**config)


class ExponentialDecay(LearningRateSchedule):
    """initial * decay_rate^(step/decay_steps); staircase: whole steps only.

    Arguments:
        initial_learning_rate: the rate of the first step
        decay_steps: steps, above 0, in which the rate falls by decay_rate
        decay_rate: the factor
        staircase: True: the rate falls after each decay_steps steps; False: gradually in each step
        name: its name
    """

    def __init__(
        self,
        initial_learning_rate: float,
        decay_steps: int,
        decay_rate: float,
        staircase: bool = False,
        name: str = "ExponentialDecay",
    ) -> None:
        _positive("decay_steps", decay_steps)
        self.initial_learning_rate = initial_learning_rate
        self.decay_steps = decay_steps
        self.decay_rate = decay_rate
        self.staircase = staircase
        self.name = name

    def _power(self, step: int) -> float:
        power = step / self.decay_steps
        return math.floor(power) if self.staircase else power

    def __call__(self, step: int) -> float:
        return float(self.initial_learning_rate * self.decay_rate ** self._power(step))


class InverseTimeDecay(ExponentialDecay):
    """initial / (1 + decay_rate * step/decay_steps)"""

    def __call__(self, step: int) -> float:
        return self.initial_learning_rate / (1 + self.decay_rate * self._power(step))


class PiecewiseConstantDecay(LearningRateSchedule):
    """values[i] up to and including boundaries[i], the last value after that.

    Arguments:
        boundaries: the last step of each rate, increasing
        values: the rates, one more than boundaries
        name: its name
    """

    def __init__(self, boundaries: Sequence[int], values: Sequence[float], name: str = "PiecewiseConstant") -> None:
        if len(boundaries) != len(values) - 1:
            raise ValueError(
                f"got {len(boundaries)} boundaries and {len(values)} values: pass one value more than boundaries"
            )
        self.boundaries = list(boundaries)
        self.values = list(values)
        self.name = name

    def __call__(self, step: int) -> float:
        for boundary, value in zip(self.boundaries, self.values, strict=False):
            if step <= boundary:
                return float(value)
        return float(self.values[-1])


class PolynomialDecay(LearningRateSchedule):
    """(initial - end) * (1 - step/decay_steps)^power + end

    Arguments:
        initial_learning_rate: the rate of the first step
        decay_steps: steps, above 0, until end_learning_rate
        end_learning_rate: the last rate
        power: 1: linear
        cycle: True: start again, each time over more steps
        name: its name
    """

    def __init__(
        self,
        initial_learning_rate: float,
        decay_steps: int,
        end_learning_rate: float = 0.0001,
        power: float = 1.0,
        cycle: bool = False,
        name: str = "PolynomialDecay",
    ) -> None:
        _positive("decay_steps", decay_steps)
        self.initial_learning_rate = initial_learning_rate
        self.decay_steps = decay_steps
        self.end_learning_rate = end_learning_rate
        self.power = power
        self.cycle = cycle
        self.name = name

    def __call__(self, step: int) -> float:
        length = self.decay_steps
        if self.cycle:
            length *= max(1, math.ceil(step / self.decay_steps))
        else:
            step = min(step, length)
        span = self.initial_learning_rate - self.end_learning_rate
        return float(span * (1 - step / length) ** self.power + self.end_learning_rate)


class CosineDecay(LearningRateSchedule):
    """After a linear warm-up: half a cosine from the top down to alpha times the top. Loshchilov & Hutter (2017).

    Arguments:
        initial_learning_rate: the rate of the first step
        decay_steps: steps, above 0, of the half cosine
        alpha: the last rate, as a share of the top
        name: its name
        warmup_target: the top, reached after warmup_steps; None: no warm-up
        warmup_steps: steps of the warm-up
    """

    def __init__(
        self,
        initial_learning_rate: float,
        decay_steps: int,
        alpha: float = 0.0,
        name: str = "CosineDecay",
        warmup_target: float | None = None,
        warmup_steps: int = 0,
    ) -> None:
        _positive("decay_steps", decay_steps)
        self.initial_learning_rate = initial_learning_rate
        self.decay_steps = decay_steps
        self.alpha = alpha
        self.name = name
        self.warmup_target = warmup_target
        self.warmup_steps = warmup_steps

    def __call__(self, step: int) -> float:
        top = self.initial_learning_rate
        if self.warmup_target is not None:
            if step < self.warmup_steps:
                return top + (self.warmup_target - top) * step / self.warmup_steps
            step, top = step - self.warmup_steps, self.warmup_target
        part = min(step, self.decay_steps) / self.decay_steps
        return top * ((1 - self.alpha) * (1 + math.cos(math.pi * part)) / 2 + self.alpha)


class CosineDecayRestarts(LearningRateSchedule):
    """Cosines one after the other, each t_mul times as long and starting m_mul times as high.

    Arguments:
        initial_learning_rate: the rate of the first step
        first_decay_steps: steps, above 0, of the first half cosine
        t_mul: how many times as long each next one is
        m_mul: how many times as high each next one starts
        alpha: the last rate of each, as a share of its top
        name: its name
    """

    def __init__(
        self,
        initial_learning_rate: float,
        first_decay_steps: int,
        t_mul: float = 2.0,
        m_mul: float = 1.0,
        alpha: float = 0.0,
        name: str = "SGDRDecay",
    ) -> None:
        _positive("first_decay_steps", first_decay_steps)
        self.initial_learning_rate = initial_learning_rate
        self.first_decay_steps = first_decay_steps
        self.t_mul = t_mul
        self.m_mul = m_mul
        self.alpha = alpha
        self.name = name

    def __call__(self, step: int) -> float:
        part = step / self.first_decay_steps
        if self.t_mul == 1:
            restarts, part = math.floor(part), part - math.floor(part)
        else:
            restarts = math.floor(math.log(1 - part * (1 - self.t_mul)) / math.log(self.t_mul))
            before = (1 - self.t_mul**restarts) / (1 - self.t_mul)
            part = (part - before) / self.t_mul**restarts
        cosine = 0.5 * self.m_mul**restarts * (1 + math.cos(math.pi * part))
        return self.initial_learning_rate * ((1 - self.alpha) * cosine + self.alpha)


def serialize(learning_rate_schedule: Any) -> Any:
    """A schedule as {"class_name", "config"}; a function as it is.

    Arguments:
        learning_rate_schedule: a schedule
    """
    if not isinstance(learning_rate_schedule, LearningRateSchedule):
        return learning_rate_schedule
    return {"class_name": type(learning_rate_schedule).__name__, "config": learning_rate_schedule.get_config()}


def deserialize(config: Any, custom_objects: dict[str, Any] | None = None) -> Any:
    """A schedule from what serialize returned.

    Arguments:
        config: {"class_name", "config"}
        custom_objects: schedules of your own by name
    """
    name = config.get("class_name", "")
    cls = (custom_objects or {}).get(name) or globals().get(name)
    if not isinstance(cls, type) or not issubclass(cls, LearningRateSchedule):
        raise ValueError(f"Could not interpret schedule identifier: {name!r}: pass custom_objects={{{name!r}: ...}}")
    return cls.from_config(config.get("config", {}))


def _positive(name: str, value: float) -> None:
    if value <= 0:
        raise ValueError(f"{name}={value}: expected a number above 0")


if not TYPE_CHECKING:  # so that mypy still reports names that do not exist
    __getattr__ = attributes_of(__name__)
