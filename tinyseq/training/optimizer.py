"""The step of every optimizer: clip, decay, update, moving average, constraints, count."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from functools import partial
from inspect import signature
from types import FunctionType
from typing import Any

import numpy as np
from numpy.typing import NDArray

from tinyseq.argument_types import check_kinds
from tinyseq.did_you_mean import of_kinds
from tinyseq.documented import complete
from tinyseq.engine import threads
from tinyseq.kernels.runtime.calls import AtOnce, Calls, steps_in_python
from tinyseq.training import gradient_checks, optimizer_arguments, regularization, schedules
from tinyseq.training.clipping import clipped
from tinyseq.training.formulas import snake_case
from tinyseq.training.optimizer_memory import Remembering
from tinyseq.training.weight_decay import Decaying

Array = NDArray[Any]
F32 = np.float32

UNIT = 1 << 17
"""Floats that one task updates, and for which a thread started by Python pays off."""
RATES = ("_rate", "_rate_written")
"""Attributes that change from step to step."""


class Update:
    """The update of some weights by kernels, for the engine's program. `key`: all that the calls depend on."""

    def __init__(self, optimizer: Optimizer, variables: Sequence[Any], key: tuple[Any, ...]) -> None:
        self.optimizer = optimizer
        self.variables = variables
        self.key = key

    def tasks(self, gradients: Mapping[int, Array]) -> list[Callable[[Calls], None]]:
        """Tasks that are independent of each other; gradients by the weights' ids."""
        each = [gradients[id(variable)].reshape(-1) for variable in self.variables]
        return self.optimizer._tasks(each, self.variables)


class Optimizer(Remembering, Decaying):
    """Updates weights by their gradients. `iterations` counts the steps; `slots` are the names of the arrays kept for a weight.

    Arguments:
        learning_rate: the size of a step: a number of at least 0, a schedule (tinyseq.optimizers.schedules), or a function without
            arguments
        weight_decay: weights shrink by this share, times the learning rate, in each step; None: they do not
        clipnorm: the greatest norm of the gradient of one weight; None: any
        clipvalue: the greatest magnitude of one value of a gradient; None: any
        global_clipnorm: the greatest norm of all gradients together; None: any
        use_ema: True: keep a moving average of each weight, and set the weight to it after training
        ema_momentum: the share of the average that is kept in each step, from 0 to 1
        ema_overwrite_frequency: put the averages in place every so many steps too; None: after training only
        loss_scale_factor: apply() divides gradients by it, which are those of the loss times this factor (scale_loss); in fit, where
            numbers are float32, both are left out
        gradient_accumulation_steps: weights change once in so many steps, by the mean of their gradients; None: in each
        name: its name; None: derived from the class name
    """

    def __init_subclass__(cls, **options: Any) -> None:
        super().__init_subclass__(**options)
        complete(cls)
        if isinstance(own := vars(cls).get("__init__"), FunctionType):
            type.__setattr__(cls, "__init__", of_kinds(own))

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
        check_kinds(kind, Optimizer.__init__.__annotations__, {
            "use_ema": use_ema, "ema_overwrite_frequency": ema_overwrite_frequency, "name": name,
        })  # fmt: skip
        optimizer_arguments.refuse_unknown(kind, learning_rate, options, self._argument_names)
        optimizer_arguments.check(kind, {
            "weight_decay": weight_decay, "clipnorm": clipnorm, "clipvalue": clipvalue, "global_clipnorm": global_clipnorm,
            "use_ema": use_ema, "ema_momentum": ema_momentum, "ema_overwrite_frequency": ema_overwrite_frequency,
            "loss_scale_factor": loss_scale_factor, "gradient_accumulation_steps": gradient_accumulation_steps,
        })  # fmt: skip
        self.name = name or snake_case(kind)
        self.weight_decay = weight_decay
        self.clipnorm = clipnorm
        self.clipvalue = clipvalue
        self.global_clipnorm = global_clipnorm
        self.use_ema = use_ema
        self.ema_momentum = ema_momentum
        self.ema_overwrite_frequency = ema_overwrite_frequency
        self.loss_scale_factor = loss_scale_factor
        self.gradient_accumulation_steps = gradient_accumulation_steps
        self._made = 0
        self._schedule = None
        self._rate = 0.0
        self.learning_rate = learning_rate
        self._kept = {}
        self._averages = {}
        self._built_for = []
        self._undecayed = ()
        self._make_room()

    def _make_room(self) -> None:
        """Attributes that are not copied with an optimizer."""
        self._rates = np.zeros(2, np.float32)
        """The rates of this step for kernels: the learning rate, and that of the decay."""
        self._rate_written: float | None = None
        """The learning rate for which they were computed."""

    def _argument_names(self) -> list[str]:
        both = (*signature(type(self)).parameters, *signature(Optimizer).parameters)
        return [name for name in dict.fromkeys(both) if name != "options"]

    # ------------------------------------------------------------------ one step

    def update_of(self, variables: Sequence[Any]) -> Update | None:
        """The update for the engine's program; None if it needs Python (clipping, a formula in NumPy)."""
        if self._by_python or steps_in_python():
            return None
        kept = [id(array) for variable in variables for array in (variable.value, *self._arrays(variable))]
        return Update(self, variables, (id(self), *self._constants(), self._undecayed, *kept))

    @property
    def _by_python(self) -> bool:
        clips = self.clipnorm is not None or self.clipvalue is not None or self.global_clipnorm is not None
        by_kernels = type(self).update is Optimizer.update and type(self).tell is not Optimizer.tell
        return clips or not by_kernels or bool(self.gradient_accumulation_steps)

    def apply_gradients(self, grads_and_vars: Iterable[tuple[Any, Any]]) -> int:
        """One step from pairs (gradient, weight); returns how many were made.

        Arguments:
            grads_and_vars: pairs (gradient, weight), as zip(gradients, weights) makes them
        """
        pairs = list(grads_and_vars)
        self.apply([gradient for gradient, _ in pairs], [variable for _, variable in pairs])
        return self._made

    def apply(
        self, grads: Sequence[Any], trainable_variables: Sequence[Any] | None = None, finish: Callable[[], None] | None = None,
        told: bool = False,
    ) -> None:  # fmt: skip
        """One step: weights change in place, gradients may change too. ValueError (and nothing changes) if a gradient does not fit its
        weight.

        Arguments:
            grads: an array for each weight; None for one without a gradient
            trainable_variables: the weights; None: those of build()
            finish: the rest of the engine's step
            told: that holds the update
        """
        if not len(grads):
            return
        variables = self._weights_for(grads, trainable_variables)
        if finish is None:
            grads, variables = self._checked(grads, variables)
        rate = self._current_rate()
        if finish is not None and told:
            self._before(rate)
            self._write_rates(rate)
            finish()
        else:
            self._apply_by_python(grads, variables, rate, finish)
        for variable in variables:
            variable.version += 1
            if self.use_ema:
                self._average(variable)
        regularization.constrain(variables)
        self._made += 1

    def _apply_by_python(self, grads: Sequence[Any], variables: Sequence[Any], rate: float, finish: Callable[[], None] | None) -> None:
        flat = self._accumulated([np.ascontiguousarray(g, np.float32).reshape(-1) for g in grads], variables)
        if flat is not None:
            flat = clipped(flat, self.clipvalue, self.clipnorm, self.global_clipnorm)
            self._before(rate)
            self._write_rates(rate)
        if finish is not None:
            finish()
        if flat is not None:
            tasks = [partial(task, AtOnce()) for task in self._tasks(flat, variables)]
            threads.run_all(tasks, sum(p.size for p in flat) > UNIT)

    def _weights_for(self, grads: Sequence[Any], variables: Sequence[Any] | None) -> list[Any]:
        if variables is None and not self._built_for:
            raise ValueError(f"{self.name}: got gradients without weights: pass both, or call build(weights) first")
        found = list(self._built_for if variables is None else variables)
        if len(grads) != len(found):
            raise ValueError(f"got {len(grads)} gradients for {len(found)} weights: pass one for each")
        return found

    def _checked(self, grads: Sequence[Any], variables: Sequence[Any]) -> tuple[list[Any], list[Any]]:
        """Gradients that fit their weights, not scaled, and these weights."""
        gradients, found = gradient_checks.fitting(self.name, grads, variables)
        scale = F32(self._scale())
        return [np.asarray(g, np.float32) / scale if scale != 1 else g for g in gradients], found

    def _scale(self) -> float:
        return self.loss_scale_factor or 1.0

    def scale_loss(self, loss: Any) -> Any:
        """The loss times loss_scale_factor.

        Arguments:
            loss: a number
        """
        return loss * self._scale()

    def _tasks(self, gradients: Sequence[Array], variables: Sequence[Any]) -> list[Callable[[Calls], None]]:
        """Of UNIT numbers each."""
        if self.shaped:
            return [partial(self._shaped_task, v, g) for g, v in zip(gradients, variables, strict=True)]
        return [
            partial(self._task, variable.value.reshape(-1), gradient, self._arrays(variable), start, self._decays(variable))
            for gradient, variable in zip(gradients, variables, strict=True)
            for start in range(0, gradient.size, UNIT)
        ]

    def _task(self, p: Array, g: Array, kept: list[Array], start: int, decays: bool, calls: Calls) -> None:
        stop = start + UNIT
        piece, slots = p[start:stop], [array[start:stop] for array in kept]
        if decays:
            from tinyseq.kernels.optimizer import decay

            calls.call(decay, piece, self._rates)
        if type(self).update is Optimizer.update:
            self.tell(calls, piece, g[start:stop], slots, self._rates)
        else:
            self.update(piece, g[start:stop], slots, self._rate_written)  # type: ignore[arg-type]

    def _shaped_task(self, variable: Any, g: Array, calls: Calls) -> None:
        p, rate = variable.value, self._rate_written or 0.0
        if self._decays(variable):
            p -= p * F32(self._decay_of(variable) * rate)
        self.update_weight(variable, g.reshape(variable.shape), self._arrays(variable), rate)

    def _constants(self) -> tuple[Any, ...]:
        """What the calls of a step depend on, besides arrays and `_rates`."""
        return tuple([value for name, value in self.__dict__.items() if isinstance(value, (float, bool)) and name not in RATES])

    def _write_rates(self, rate: float) -> None:
        self._rate_written = rate
        self._rates[:] = self._factor(rate), (self.weight_decay or 0) * rate

    def _rates_for(self, rate: float) -> Array:
        """The rates for kernels: those of the step, or a separate array for a subclass whose `update` passes another rate."""
        return self._rates if rate == self._rate_written else np.array([self._factor(rate), 0], np.float32)

    def _factor(self, rate: float) -> float:
        """The factor of a step for kernels, for this learning rate."""
        return rate

    def update(self, p: Array, g: Array, kept: list[Array], rate: float) -> None:
        """The formula, on flat float32 pieces, in place; `kept` in the order of `slots`."""
        self.tell(AtOnce(), p, g, kept, self._rates_for(rate))

    def update_weight(self, variable: Any, g: Array, kept: list[Array], rate: float) -> None:
        """The formula of a `shaped` optimizer, on a whole weight, in place."""
        raise NotImplementedError(f"{type(self).__name__} has no update_weight(variable, g, kept, rate): write it")

    def tell(self, calls: Calls, p: Array, g: Array, kept: list[Array], rates: Array) -> None:
        """The same by kernels, which read the learning rate, and that of the decay, from `rates`."""
        raise NotImplementedError(f"{type(self).__name__} has no update(p, g, kept, rate): write it")

    def _before(self, rate: float) -> None:
        """Computes what the formula needs once for each step."""

    # ------------------------------------------------------------------ copies

    def get_config(self) -> dict[str, Any]:
        """The arguments that create it again."""
        config = {name: getattr(self, name) for name in self._argument_names() if hasattr(self, name)}
        config["learning_rate"] = self._rate if self._schedule is None else schedules.serialize(self._schedule)
        return config

    @classmethod
    def from_config(cls, config: dict[str, Any]) -> Any:
        """A new optimizer with these arguments.

        Arguments:
            config: what get_config returned
        """
        rate = config.get("learning_rate")
        return cls(**{**config, "learning_rate": schedules.deserialize(rate)} if isinstance(rate, dict) else config)

    def __repr__(self) -> str:
        return f"<{type(self).__name__} learning_rate={float(self.learning_rate)}, iterations={int(self.iterations)}>"
