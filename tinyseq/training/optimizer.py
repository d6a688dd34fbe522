"""What every optimizer does in one step: clip, decay, update, moving average, count."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence
from functools import partial
from inspect import signature
from typing import Any

import numpy as np
from numpy.typing import NDArray

from tinyseq.argument_types import is_number
from tinyseq.did_you_mean import meant
from tinyseq.documented import complete
from tinyseq.engine import threads
from tinyseq.kernels.runtime.calls import AtOnce, Calls, steps_in_python
from tinyseq.training import schedules
from tinyseq.training.formulas import snake_case

Array = NDArray[Any]
F32 = np.float32

UNIT = 1 << 17
"""Numbers that one task updates, and that are worth a thread that Python starts."""
RATES = ("_rate", "_rate_written")
"""Attributes that change from step to step."""


class Update:
    """The update of some weights by kernels, for the engine's program. `key`: on what the calls depend."""

    def __init__(self, optimizer: Optimizer, variables: Sequence[Any], key: tuple[Any, ...]) -> None:
        self.optimizer = optimizer
        self.variables = variables
        self.key = key

    def tasks(self, gradients: Mapping[int, Array]) -> list[Callable[[Calls], None]]:
        """Tasks that are independent of each other; gradients by the weights' ids."""
        each = [gradients[id(variable)].reshape(-1) for variable in self.variables]
        return self.optimizer._tasks(each, self.variables)


class Optimizer:
    """Changes weights by their gradients. `iterations` counts the steps done; `slots` name the arrays kept for a weight.

    Arguments:
        learning_rate: how far a step goes: a number from 0 on, or a schedule (tinyseq.optimizers.schedules)
        weight_decay: weights shrink by this share, times the learning rate, in each step; None: they do not
        clipnorm: the greatest norm of the gradient of one weight; None: any
        clipvalue: the greatest magnitude of one number of a gradient; None: any
        global_clipnorm: the greatest norm of all gradients together; None: any
        use_ema: True: keep a moving average of each weight, and put it in place after training
        ema_momentum: how much of the average stays in each step, from 0 to 1
        ema_overwrite_frequency: put the averages in place every so many steps; None: after training only
        loss_scale_factor: of Keras, not computed: leave it out
        gradient_accumulation_steps: of Keras, not computed: leave it out
        name: its name; None: made from the class's name
    """

    slots: tuple[str, ...] = ()
    by_kernels: bool = False
    """`update` calls kernels and nothing else."""

    def __init_subclass__(cls, **options: Any) -> None:
        super().__init_subclass__(**options)
        complete(cls)

    def __init__(
        self,
        learning_rate: Any = 0.001,
        weight_decay: float | None = None,
        clipnorm: float | None = None,
        clipvalue: float | None = None,
        global_clipnorm: float | None = None,
        use_ema: bool = False,
        ema_momentum: float = 0.99,
        ema_overwrite_frequency: int | None = None,
        loss_scale_factor: float | None = None,
        gradient_accumulation_steps: int | None = None,
        name: str | None = None,
        **options: Any,
    ) -> None:
        kind = type(self).__name__
        if "lr" in options:
            raise ValueError(f"{kind}: lr= is the old name: write learning_rate={options['lr']!r}")
        if options:
            unknown = next(iter(options))
            raise ValueError(f"{kind}: has no argument {unknown!r}: {meant(unknown, self._argument_names())}")
        if sum(value is not None for value in (clipnorm, clipvalue, global_clipnorm)) > 1:
            raise ValueError(
                "Only one of `clipnorm`, `clipvalue` and `global_clipnorm` can be set. Received: "
                f"clipnorm={clipnorm}, clipvalue={clipvalue}, global_clipnorm={global_clipnorm}"
            )
        for argument, value in (
            ("loss_scale_factor", loss_scale_factor),
            ("gradient_accumulation_steps", gradient_accumulation_steps),
        ):
            if value is not None:
                raise NotImplementedError(f"{kind}: {argument}={value!r} is not computed: leave it out")
        self.name = name or snake_case(kind)
        self.weight_decay = weight_decay
        self.clipnorm = clipnorm
        self.clipvalue = clipvalue
        self.global_clipnorm = global_clipnorm
        self.use_ema = use_ema
        self.ema_momentum = ema_momentum
        self.ema_overwrite_frequency = ema_overwrite_frequency
        self.iterations = 0
        self._schedule: schedules.LearningRateSchedule | None = None
        self._rate = 0.0
        self.learning_rate = learning_rate
        self._kept: dict[int, tuple[Any, list[Array]]] = {}
        self._averages: dict[int, Array] = {}
        self._make_room()

    def _make_room(self) -> None:
        """What is not copied with an optimizer."""
        self._rates = np.zeros(2, np.float32)
        """Of this step, as kernels take them: the rate, and that of the decay."""
        self._rate_written: float | None = None
        """For which learning rate."""

    def _argument_names(self) -> list[str]:
        both = (*signature(type(self)).parameters, *signature(Optimizer).parameters)
        return [name for name in dict.fromkeys(both) if name != "options"]

    @property
    def learning_rate(self) -> Any:
        """The rate of the next step, a number; set it to a number or a schedule."""
        return self._schedule(self.iterations) if self._schedule is not None else self._rate

    @learning_rate.setter
    def learning_rate(self, value: Any) -> None:
        if isinstance(value, schedules.LearningRateSchedule):
            self._schedule = value
            return
        if not is_number(value) or not float(value) >= 0:
            raise ValueError(f"learning_rate={value!r}: expected a number of at least 0 or a schedule, for example 0.001")
        if self._schedule is not None:
            raise TypeError("this optimizer's learning rate follows a schedule: make a new optimizer with a number")
        self._rate = float(value)

    # ------------------------------------------------------------------ one step

    def update_of(self, variables: Sequence[Any]) -> Update | None:
        """What the engine's program is told of a step; None if Python has a part in it (clipping, a formula in NumPy)."""
        clips = self.clipnorm is not None or self.clipvalue is not None or self.global_clipnorm is not None
        by_kernels = type(self).update is Optimizer.update and type(self).tell is not Optimizer.tell
        if clips or not by_kernels or steps_in_python():
            return None
        kept = [id(array) for variable in variables for array in (variable.value, *self._arrays(variable))]
        return Update(self, variables, (id(self), *self._constants(), *kept))

    def apply(
        self, gradients: Sequence[Any], variables: Sequence[Any], finish: Callable[[], None] | None = None, told: bool = False
    ) -> None:  # fmt: skip
        """One step: weights change in place, gradients may. `variables` are Weights. `finish`: the rest of the engine's step; if that
        was `told` the update, it is made there."""
        if len(gradients) != len(variables):
            raise ValueError(f"got {len(gradients)} gradients for {len(variables)} weights: pass one for each")
        rate = float(self.learning_rate)
        if finish is not None and told:
            self._before(rate)
            self._write_rates(rate)
            finish()
        else:
            flat = self._clipped([np.ascontiguousarray(gradient, np.float32).reshape(-1) for gradient in gradients])
            self._before(rate)
            self._write_rates(rate)
            if finish is not None:
                finish()
            tasks = [partial(task, AtOnce()) for task in self._tasks(flat, variables)]
            threads.run_all(tasks, sum(p.size for p in flat) > UNIT)
        for variable in variables:
            variable.version += 1
            if self.use_ema:
                self._average(variable)
        self.iterations += 1

    def _tasks(self, gradients: Sequence[Array], variables: Sequence[Any]) -> list[Callable[[Calls], None]]:
        """Of UNIT numbers each."""
        return [
            partial(self._task, variable.value.reshape(-1), gradient, self._arrays(variable), start)
            for gradient, variable in zip(gradients, variables, strict=True)
            for start in range(0, gradient.size, UNIT)
        ]

    def _task(self, p: Array, g: Array, kept: list[Array], start: int, calls: Calls) -> None:
        stop = start + UNIT
        piece, slots = p[start:stop], [array[start:stop] for array in kept]
        if self.weight_decay:
            from tinyseq.kernels.optimizer import decay

            calls.call(decay, piece, self._rates)
        if type(self).update is Optimizer.update:
            self.tell(calls, piece, g[start:stop], slots, self._rates)
        else:
            self.update(piece, g[start:stop], slots, self._rate_written)  # type: ignore[arg-type]

    def _constants(self) -> tuple[Any, ...]:
        """What a step's calls depend on, beside arrays and `_rates`."""
        return tuple([value for name, value in self.__dict__.items() if isinstance(value, (float, bool)) and name not in RATES])

    def _write_rates(self, rate: float) -> None:
        self._rate_written = rate
        self._rates[:] = self._factor(rate), (self.weight_decay or 0) * rate

    def _rates_for(self, rate: float) -> Array:
        """What kernels take: the step's own, or, for a subclass whose `update` hands on another rate, an array for that."""
        return self._rates if rate == self._rate_written else np.array([self._factor(rate), 0], np.float32)

    def _factor(self, rate: float) -> float:
        """What kernels multiply a step with, for this learning rate."""
        return rate

    def update(self, p: Array, g: Array, kept: list[Array], rate: float) -> None:
        """The formula, on flat float32 pieces, in place; `kept` in the order of `slots`."""
        self.tell(AtOnce(), p, g, kept, self._rates_for(rate))

    def tell(self, calls: Calls, p: Array, g: Array, kept: list[Array], rates: Array) -> None:
        """The same by kernels, which find in `rates` the learning rate, and that of the decay."""
        raise NotImplementedError(f"{type(self).__name__} has no update(p, g, kept, rate): write it")

    def _before(self, rate: float) -> None:
        """What the formula needs once a step."""

    def _arrays(self, variable: Any) -> list[Array]:
        found = self._kept.get(id(variable))
        if found is None or found[0] is not variable:
            p = variable.value.reshape(-1)
            found = self._kept[id(variable)] = (variable, [self.start(slot, p) for slot in self.slots])
        return found[1]

    def start(self, slot: str, p: Array) -> Array:
        """The first value of a slot."""
        return np.zeros_like(p)

    def _clipped(self, gradients: list[Array]) -> list[Array]:
        if self.clipvalue is not None:
            return [np.clip(g, -self.clipvalue, self.clipvalue) for g in gradients]
        if self.clipnorm is not None:
            return [_scaled(g, self.clipnorm, _norm([g])) for g in gradients]
        if self.global_clipnorm is not None:
            whole = _norm(gradients)
            return [_scaled(g, self.global_clipnorm, whole) for g in gradients]
        return gradients

    def _average(self, variable: Any) -> None:
        found = self._averages.get(id(variable))
        if found is None:
            self._averages[id(variable)] = variable.value.copy()
            return
        keep = 1.0 if self.iterations == 0 else self.ema_momentum
        found *= F32(keep)
        found += F32(1 - keep) * variable.value
        every = self.ema_overwrite_frequency
        if every and (self.iterations + 1) % every == 0:
            variable.assign(found)

    def finalize(self, variables: Sequence[Any]) -> None:
        """After training: weights become their moving averages, if use_ema is set."""
        for variable in variables if self.use_ema and not self.ema_overwrite_frequency else ():
            if id(variable) in self._averages:
                variable.assign(self._averages[id(variable)])

    # ------------------------------------------------------------------ copies

    def get_config(self) -> dict[str, Any]:
        """The arguments that make it again."""
        config = {name: getattr(self, name) for name in self._argument_names() if hasattr(self, name)}
        if self._schedule is not None:
            config["learning_rate"] = self._schedule
        return config

    def __getstate__(self) -> dict[str, Any]:
        state = {**self.__dict__, "_kept": list(self._kept.values()), "_averages": {}}
        del state["_rates"], state["_rate_written"]
        return state

    def __setstate__(self, state: dict[str, Any]) -> None:
        kept = state.pop("_kept")
        self.__dict__.update(state, _kept={id(variable): (variable, arrays) for variable, arrays in kept})
        self._make_room()

    def __repr__(self) -> str:
        return f"<{type(self).__name__} learning_rate={self.learning_rate}, iterations={self.iterations}>"


def _norm(gradients: Sequence[Array]) -> float:
    return math.sqrt(sum(float(np.dot(g, g)) for g in gradients))


def _scaled(g: Array, limit: float, norm: float) -> Array:
    return g * F32(limit / norm) if norm > limit else g
