"""The step of every optimizer: clip, decay, update, moving average, constraints, count."""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from functools import partial
from inspect import signature
from types import FunctionType
from typing import Any

import numpy as np
from numpy.typing import NDArray

from tinyseq.argument_types import check_kinds, is_integer, is_number
from tinyseq.did_you_mean import meant, of_kinds
from tinyseq.documented import complete
from tinyseq.engine import threads
from tinyseq.kernels.runtime.calls import AtOnce, Calls, steps_in_python
from tinyseq.training import regularization, schedules
from tinyseq.training.formulas import snake_case
from tinyseq.training.optimizer_state import Kept, Linked, Rate, Steps
from tinyseq.training.user_warning import say

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


class Optimizer:
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

    slots: tuple[str, ...] = ()
    by_kernels: bool = False
    """`update` calls kernels and nothing else."""
    shaped: bool = False
    """The formula needs a weight as a whole, in its shape: `update_weight` takes the place of `update`."""

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
        if "lr" in options:
            raise ValueError(f"{kind}: lr= is the old name: write learning_rate={options['lr']!r}")
        if "decay" in options:
            raise ValueError(
                f"{kind}: decay= is of Keras 2, where the rate fell to learning_rate / (1 + decay * step): write "
                f"{kind}(optimizers.schedules.InverseTimeDecay({learning_rate!r}, 1, {options['decay']!r}))"
            )
        if options:
            unknown = next(iter(options))
            raise ValueError(f"{kind}: has no argument {unknown!r}: {meant(unknown, self._argument_names())}")
        if sum(value is not None for value in (clipnorm, clipvalue, global_clipnorm)) > 1:
            raise ValueError(
                "Only one of `clipnorm`, `clipvalue` and `global_clipnorm` can be set. Received: "
                f"clipnorm={clipnorm}, clipvalue={clipvalue}, global_clipnorm={global_clipnorm}"
            )
        for argument, value in (
            ("weight_decay", weight_decay), ("clipnorm", clipnorm), ("clipvalue", clipvalue), ("global_clipnorm", global_clipnorm),
            ("loss_scale_factor", loss_scale_factor),
        ):  # fmt: skip
            if value is not None and (not is_number(value) or not float(value) >= 0):
                raise ValueError(f"{kind}: {argument}={value!r}: expected a number from 0 on, for example {argument}=0.01")
        if gradient_accumulation_steps and (not is_integer(gradient_accumulation_steps) or gradient_accumulation_steps < 2):
            raise ValueError(
                f"{kind}: `gradient_accumulation_steps` must be an integer >= 2, got {gradient_accumulation_steps!r}: for example 4"
            )
        if use_ema:
            _check_average(ema_momentum, ema_overwrite_frequency)
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
        """Calls of apply."""
        self._schedule: schedules.LearningRateSchedule | Callable[[], Any] | None = None
        self._rate = 0.0
        self.learning_rate = learning_rate
        self._kept: dict[int, Kept] = {}
        self._averages: dict[int, Array] = {}
        """Moving averages, by the weights' ids."""
        self._built_for: list[Any] = []
        self._undecayed: tuple[Any, ...] = ()
        """Weights, and patterns of names, that do not decay."""
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
            flat = self._clipped(flat)
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
        """Gradients that fit their weights, and these weights. Kernels trust them."""
        for gradient, variable in zip(grads, variables, strict=True):
            if not hasattr(variable, "version") or variable.dtype != "float32":
                what = f"a variable of {variable.dtype}" if hasattr(variable, "version") else type(variable).__name__
                raise TypeError(f"{self.name}: expected float32 weights, got {what}: pass for example model.trainable_weights")
            if gradient is not None and np.shape(gradient) != variable.shape:
                raise ValueError(
                    f"{variable.path}: the gradient has shape {np.shape(gradient)}, the weight {variable.shape}: pass gradients in the "
                    f"order of the weights"
                )
        pairs = [(g, v) for g, v in zip(grads, variables, strict=True) if g is not None]
        if not pairs:
            raise ValueError("No gradients provided for any variable: pass an array for each weight")
        if len(pairs) < len(grads):
            missing = [v.path for g, v in zip(grads, variables, strict=True) if g is None]
            say(f"Gradients do not exist for variables {missing}: they stay as they are")
        scale = F32(self._scale())
        return [np.asarray(g, np.float32) / scale if scale != 1 else g for g, _ in pairs], [v for _, v in pairs]

    def _scale(self) -> float:
        return self.loss_scale_factor or 1.0

    def scale_loss(self, loss: Any) -> Any:
        """The loss times loss_scale_factor.

        Arguments:
            loss: a number
        """
        return loss * self._scale()

    def _accumulated(self, gradients: list[Array], variables: Sequence[Any]) -> list[Array] | None:
        """The means of so many steps' gradients, or None while they are gathered."""
        steps = self.gradient_accumulation_steps
        if not steps:
            return gradients
        last = (self._made + 1) % steps == 0
        found = []
        for gradient, variable in zip(gradients, variables, strict=True):
            kept = self._kept_of(variable)
            if kept.accumulated is None:
                kept.accumulated = np.zeros(gradient.size, np.float32)
            kept.accumulated += gradient
            if last:
                found.append(kept.accumulated / F32(steps))
                kept.accumulated[...] = 0
        return found if last else None

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

    def _decay_of(self, variable: Any) -> float:
        return float(self.weight_decay or 0)

    def _decays(self, variable: Any) -> bool:
        """Whether this weight shrinks in each step."""
        if not self._decay_of(variable):
            return False
        return not any(
            re.search(one, variable.name) or re.search(one, variable.path) if isinstance(one, str) else one is variable
            for one in self._undecayed
        )

    def exclude_from_weight_decay(self, var_list: Sequence[Any] | None = None, var_names: Sequence[str] | None = None) -> None:
        """Weights that do not decay.

        Arguments:
            var_list: weights
            var_names: patterns (re.search) of their names: "bias"
        """
        if self._made:
            raise ValueError("`exclude_from_weight_decay()` can only be configured before the first step: call it after the constructor")
        self._undecayed = (*self._undecayed, *(var_list or ()), *(var_names or ()))

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

    # ------------------------------------------------------------------ what it keeps

    def build(self, variables: Sequence[Any]) -> None:
        """Makes what it keeps for these weights, and the weights those of apply(gradients).

        Arguments:
            variables: weights
        """
        self._built_for = list(variables)
        for variable in self._built_for:
            self._kept_of(variable)

    @property
    def built(self) -> bool:
        """True once it keeps something of weights."""
        return bool(self._kept)

    def _kept_of(self, variable: Any) -> Kept:
        found = self._kept.get(id(variable))
        if found is None or found.variable is not variable:
            p = variable.value if self.shaped else variable.value.reshape(-1)
            found = self._kept[id(variable)] = Kept(variable, self._start_of(variable, p))
        return found

    def _start_of(self, variable: Any, p: Array) -> list[Array]:
        return [self.start(slot, p) for slot in self.slots]

    def _arrays(self, variable: Any) -> list[Array]:
        return self._kept_of(variable).arrays

    def start(self, slot: str, p: Array) -> Array:
        """The first value of a slot."""
        return np.zeros_like(p)

    @property
    def variables(self) -> list[Any]:
        """All its state: the steps made, the learning rate, and what it keeps of each weight, in its shape."""
        found = [Linked("iteration", lambda: np.int64(self._made), lambda value: setattr(self, "_made", int(value)))]
        if self._schedule is None:
            found.append(Linked("learning_rate", lambda: F32(self._rate), lambda value: setattr(self, "_rate", float(value))))
        for kept in self._kept.values():
            slots = dict(zip(self.slots, kept.arrays, strict=False))
            more = {"average": self._averages.get(id(kept.variable)), "gradient_accumulator": kept.accumulated}
            for name, array in {**slots, **more}.items():
                if array is not None:
                    shape = kept.variable.shape if array.size == kept.variable.size else array.shape
                    view = array.reshape(shape)
                    label = f"{kept.variable.path.replace('/', '_')}_{name}"
                    found.append(Linked(label, lambda view=view: view, lambda value, view=view: np.copyto(view, value)))  # type: ignore[misc]
        return found

    def state(self, variables: Sequence[Any]) -> dict[str, Any]:
        """All that the next step depends on besides weights: numbers and arrays, for `restore_state`.

        Arguments:
            variables: the model's weights
        """
        numbers = {name: value for name, value in self.__dict__.items() if _is_plain(value) and name not in ("_rate_written",)}
        kept = [self._kept.get(id(variable)) for variable in variables]
        arrays = [None if one is None else [one.arrays, one.accumulated, self._averages.get(id(one.variable))] for one in kept]
        return {"numbers": numbers, "kept": arrays, "inner": [one.state(variables) for one in self._inner(variables)]}

    def restore_state(self, variables: Sequence[Any], state: dict[str, Any]) -> None:
        """Goes on from a `state`.

        Arguments:
            variables: the model's weights, in the same order
            state: what `state` returned
        """
        self.__dict__.update(state["numbers"])
        for variable, found in zip(variables, state["kept"], strict=True):
            if found is not None:
                kept = self._kept_of(variable)
                for mine, array in zip(kept.arrays, found[0], strict=True):
                    mine[...] = array
                kept.accumulated = found[1]
                if found[2] is not None:
                    self._averages[id(variable)] = found[2]
        for inner, one in zip(self._inner(variables), state["inner"], strict=True):
            inner.restore_state(variables, one)

    def _inner(self, variables: Sequence[Any]) -> list[Optimizer]:
        """Optimizers inside."""
        return []

    def _clipped(self, gradients: list[Array]) -> list[Array]:
        if self.clipvalue:
            return [np.clip(g, -self.clipvalue, self.clipvalue) for g in gradients]
        if self.clipnorm:
            return [_scaled(g, self.clipnorm, _norm([g])) for g in gradients]
        if self.global_clipnorm:
            whole = _norm(gradients)
            return [_scaled(g, self.global_clipnorm, whole) for g in gradients]
        return gradients

    def _average(self, variable: Any) -> None:
        """Updates the moving average of a weight, and at times sets the weight to it."""
        average = self._averages.setdefault(id(self._kept_of(variable).variable), variable.value.copy())
        keep = F32(self.ema_momentum if self.step > 1 else 0)
        average *= keep
        average += (1 - keep) * variable.value
        every = self.ema_overwrite_frequency
        if every and self.step % every == 0:
            variable.assign(average)

    def finalize(self, variables: Sequence[Any]) -> None:
        """After training: weights become their moving averages, if use_ema is set."""
        for variable in variables if self.use_ema else ():
            if id(variable) in self._averages:
                variable.assign(self._averages[id(variable)])

    def finalize_variable_values(self, var_list: Sequence[Any]) -> None:
        """Like finalize.

        Arguments:
            var_list: weights
        """
        self.finalize(var_list)

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

    def __getstate__(self) -> dict[str, Any]:
        averages = [(kept.variable, self._averages[name]) for name, kept in self._kept.items() if name in self._averages]
        state = {**self.__dict__, "_kept": list(self._kept.values()), "_averages": averages}
        del state["_rates"], state["_rate_written"]
        return state

    def __setstate__(self, state: dict[str, Any]) -> None:
        kept, averages = state.pop("_kept"), state.pop("_averages")
        self.__dict__.update(state, _kept={id(one.variable): one for one in kept}, _averages={id(v): array for v, array in averages})
        self._make_room()

    def __repr__(self) -> str:
        return f"<{type(self).__name__} learning_rate={float(self.learning_rate)}, iterations={int(self.iterations)}>"


def _is_plain(value: Any) -> bool:
    return isinstance(value, (bool, int, float, str)) or (isinstance(value, tuple) and all(is_number(one) for one in value))


def _check_average(momentum: Any, every: Any) -> None:
    if not is_number(momentum) or not 0 <= momentum <= 1:
        raise ValueError(f"`ema_momentum` must be in the range [0, 1], got {momentum!r}: for example ema_momentum=0.99")
    if every and (not is_integer(every) or every < 1):
        raise ValueError(f"`ema_overwrite_frequency` must be an integer >= 1 or None, got {every!r}: for example 100")


def _norm(gradients: Sequence[Array]) -> float:
    return math.sqrt(sum(float(np.dot(g, g)) for g in gradients))


def _scaled(g: Array, limit: float, norm: float) -> Array:
    return g * F32(limit / norm) if norm > limit else g
