"""Optimizers under Keras's names and with its formulas. One step: clip, decay, update, moving average, count.

The formulas of SGD, Adam and RMSprop are kernels (tinyseq/kernels/optimizer.py); the rarer ones are numpy.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from tinyseq.engine import threads
from tinyseq.training import schedules
from tinyseq.training.formulas import near, snake_case

Array = NDArray[Any]
F32 = np.float32

UNIT = 1 << 17
"""Numbers that one task updates."""


class Optimizer:
    """Changes weights by their gradients. `iterations` counts the steps done; `slots` name the arrays kept for a weight."""

    slots: tuple[str, ...] = ()

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
            raise ValueError(f"{kind}: has no argument {next(iter(options))!r}")
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

    @property
    def learning_rate(self) -> Any:
        """The rate of the next step, a number; set it to a number or a schedule."""
        return self._schedule(self.iterations) if self._schedule is not None else self._rate

    @learning_rate.setter
    def learning_rate(self, value: Any) -> None:
        if isinstance(value, schedules.LearningRateSchedule):
            self._schedule = value
            return
        if isinstance(value, (str, bool)) or not hasattr(value, "__float__") or not float(value) >= 0:
            raise ValueError(f"learning_rate={value!r}: expected a number of at least 0 or a schedule: write 0.001, say")
        if self._schedule is not None:
            raise TypeError("this optimizer's learning rate follows a schedule: make a new optimizer with a number")
        self._rate = float(value)

    # ------------------------------------------------------------------ one step

    def apply(self, gradients: Sequence[Any], variables: Sequence[Any]) -> None:
        """One step: weights change in place, gradients may. `variables` are Weights."""
        if len(gradients) != len(variables):
            raise ValueError(f"got {len(gradients)} gradients for {len(variables)} weights: pass one for each")
        flat = [np.ascontiguousarray(gradient, np.float32).reshape(-1) for gradient in gradients]
        flat = self._clipped(flat)
        rate = float(self.learning_rate)
        self._before(rate)
        tasks: list[Callable[[], None]] = []
        for gradient, variable in zip(flat, variables, strict=True):
            p = variable.value.reshape(-1)
            kept = self._arrays(variable, p)
            tasks += [self._task(p, gradient, kept, rate, a) for a in range(0, p.size, UNIT)]
        threads.run(tasks)
        for variable in variables:
            variable.version += 1
            if self.use_ema:
                self._average(variable)
        self.iterations += 1

    def _task(self, p: Array, g: Array, kept: list[Array], rate: float, start: int) -> Callable[[], None]:
        stop = start + UNIT

        def task() -> None:
            piece = p[start:stop]
            if self.weight_decay:
                from tinyseq.kernels.optimizer import decay

                decay(piece, F32(self.weight_decay * rate))
            self.update(piece, g[start:stop], [array[start:stop] for array in kept], rate)

        return task

    def update(self, p: Array, g: Array, kept: list[Array], rate: float) -> None:
        """The formula, on flat float32 pieces, in place; `kept` in the order of `slots`."""
        raise NotImplementedError(f"{type(self).__name__} has no update(p, g, kept, rate): write it")

    def _before(self, rate: float) -> None:
        """What the formula needs once a step."""

    def _arrays(self, variable: Any, p: Array) -> list[Array]:
        found = self._kept.get(id(variable))
        if found is None or found[0] is not variable:
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
        """After training: weights become their moving averages, if use_ema says so."""
        for variable in variables if self.use_ema and not self.ema_overwrite_frequency else ():
            if id(variable) in self._averages:
                variable.assign(self._averages[id(variable)])

    # ------------------------------------------------------------------ copies

    def get_config(self) -> dict[str, Any]:
        """The arguments that make it again."""
        from inspect import signature

        config = {}
        for name in (*signature(type(self)).parameters, *signature(Optimizer).parameters):
            if name != "options" and hasattr(self, name):
                config[name] = getattr(self, name)
        if self._schedule is not None:
            config["learning_rate"] = self._schedule
        return config

    def __getstate__(self) -> dict[str, Any]:
        return {**self.__dict__, "_kept": list(self._kept.values()), "_averages": {}}

    def __setstate__(self, state: dict[str, Any]) -> None:
        kept = state.pop("_kept")
        self.__dict__.update(state, _kept={id(variable): (variable, arrays) for variable, arrays in kept})

    def __repr__(self) -> str:
        return f"<{type(self).__name__} learning_rate={self.learning_rate}, iterations={self.iterations}>"


def _norm(gradients: Sequence[Array]) -> float:
    return math.sqrt(sum(float(np.dot(g, g)) for g in gradients))


def _scaled(g: Array, limit: float, norm: float) -> Array:
    return g * F32(limit / norm) if norm > limit else g


class SGD(Optimizer):
    """p -= rate g, with momentum m = momentum m - rate g, p += m."""

    def __init__(self, learning_rate: Any = 0.01, momentum: float = 0.0, nesterov: bool = False, **options: Any) -> None:
        super().__init__(learning_rate, **options)
        if not 0 <= momentum <= 1:
            raise ValueError(f"`momentum` must be a float between [0, 1]. Received: momentum={momentum}")
        self.momentum = momentum
        self.nesterov = nesterov
        self.slots = ("momentum",) if momentum else ()

    def update(self, p: Array, g: Array, kept: list[Array], rate: float) -> None:
        from tinyseq.kernels import optimizer as kernels

        if not self.momentum:
            kernels.sgd(p, g, F32(rate))
        else:
            kernels.sgd_momentum(p, g, kept[0], F32(rate), F32(self.momentum), self.nesterov)


class Adam(Optimizer):
    """Kingma & Ba (2015), with epsilon hat: p -= rate sqrt(1-b2^t)/(1-b1^t) m / (sqrt(v) + epsilon)."""

    slots: tuple[str, ...] = ("m", "v")

    def __init__(
        self,
        learning_rate: Any = 0.001,
        beta_1: float = 0.9,
        beta_2: float = 0.999,
        epsilon: float = 1e-7,
        amsgrad: bool = False,
        **options: Any,
    ) -> None:
        super().__init__(learning_rate, **options)
        self.beta_1 = beta_1
        self.beta_2 = beta_2
        self.epsilon = epsilon
        self.amsgrad = amsgrad
        self.slots = ("m", "v", "most") if amsgrad else ("m", "v")

    def _bias(self, rate: float) -> float:
        t = self.iterations + 1
        return rate * math.sqrt(1 - self.beta_2**t) / (1 - self.beta_1**t)

    def update(self, p: Array, g: Array, kept: list[Array], rate: float) -> None:
        from tinyseq.kernels import optimizer as kernels

        run: Any = kernels.adam_amsgrad if self.amsgrad else kernels.adam
        run(p, g, *kept, F32(self._bias(rate)), F32(self.beta_1), F32(self.beta_2), F32(self.epsilon))


class AdamW(Adam):
    """Adam with decoupled weight decay. Loshchilov & Hutter (2019)."""

    def __init__(
        self,
        learning_rate: Any = 0.001,
        weight_decay: float = 0.004,
        beta_1: float = 0.9,
        beta_2: float = 0.999,
        epsilon: float = 1e-7,
        amsgrad: bool = False,
        **options: Any,
    ) -> None:
        super().__init__(learning_rate, beta_1, beta_2, epsilon, amsgrad, weight_decay=weight_decay, **options)


class RMSprop(Optimizer):
    """p -= rate g / sqrt(v + epsilon), v the running mean of g^2; centered: less the square of the running mean of g."""

    slots = ("v",)

    def __init__(
        self,
        learning_rate: Any = 0.001,
        rho: float = 0.9,
        momentum: float = 0.0,
        epsilon: float = 1e-7,
        centered: bool = False,
        **options: Any,
    ) -> None:
        super().__init__(learning_rate, **options)
        self.rho = rho
        self.momentum = momentum
        self.epsilon = epsilon
        self.centered = centered
        self.slots = ("v", *(("mean",) if centered else ()), *(("momentum",) if momentum else ()))

    def update(self, p: Array, g: Array, kept: list[Array], rate: float) -> None:
        from tinyseq.kernels import optimizer as kernels

        if not self.centered and not self.momentum:
            kernels.rmsprop(p, g, kept[0], F32(rate), F32(self.rho), F32(self.epsilon))
            return
        mean = kept[1] if self.centered else _EMPTY
        moving = kept[-1] if self.momentum else _EMPTY
        kernels.rmsprop_full(p, g, kept[0], mean, moving, F32(rate), F32(self.rho), F32(self.epsilon), F32(self.momentum))


_EMPTY = np.empty(0, np.float32)


class Adagrad(Optimizer):
    """a += g^2; p -= rate g / sqrt(a + epsilon). Duchi et al. (2011)."""

    slots = ("a",)

    def __init__(
        self, learning_rate: Any = 0.001, initial_accumulator_value: float = 0.1, epsilon: float = 1e-7, **options: Any
    ) -> None:
        super().__init__(learning_rate, **options)
        self.initial_accumulator_value = initial_accumulator_value
        self.epsilon = epsilon

    def start(self, slot: str, p: Array) -> Array:
        return np.full_like(p, self.initial_accumulator_value)

    def update(self, p: Array, g: Array, kept: list[Array], rate: float) -> None:
        kept[0] += g * g
        p -= F32(rate) * g / np.sqrt(kept[0] + F32(self.epsilon))


class Adadelta(Optimizer):
    """Steps scaled by the running means of g^2 and of the squared steps. Zeiler (2012)."""

    slots = ("gradient", "step")

    def __init__(self, learning_rate: Any = 0.001, rho: float = 0.95, epsilon: float = 1e-7, **options: Any) -> None:
        super().__init__(learning_rate, **options)
        self.rho = rho
        self.epsilon = epsilon

    def update(self, p: Array, g: Array, kept: list[Array], rate: float) -> None:
        rho, epsilon = F32(self.rho), F32(self.epsilon)
        squares, steps = kept
        squares *= rho
        squares += (1 - rho) * g * g
        step = -np.sqrt(steps + epsilon) * g / np.sqrt(squares + epsilon)
        steps *= rho
        steps += (1 - rho) * step * step
        p += F32(rate) * step


class Adamax(Optimizer):
    """Adam with the greatest |g| in place of sqrt(v). Kingma & Ba (2015), section 7.1."""

    slots = ("m", "u")

    def __init__(
        self, learning_rate: Any = 0.001, beta_1: float = 0.9, beta_2: float = 0.999, epsilon: float = 1e-7, **options: Any
    ) -> None:
        super().__init__(learning_rate, **options)
        self.beta_1 = beta_1
        self.beta_2 = beta_2
        self.epsilon = epsilon

    def update(self, p: Array, g: Array, kept: list[Array], rate: float) -> None:
        m, u = kept
        m += (g - m) * F32(1 - self.beta_1)
        np.maximum(F32(self.beta_2) * u, np.abs(g), out=u)
        p -= F32(rate / (1 - self.beta_1 ** (self.iterations + 1))) * m / (u + F32(self.epsilon))


class Nadam(Adamax):
    """Adam with Nesterov's momentum. Dozat (2016)."""

    slots = ("m", "v")

    def __init__(
        self, learning_rate: Any = 0.001, beta_1: float = 0.9, beta_2: float = 0.999, epsilon: float = 1e-7, **options: Any
    ) -> None:
        super().__init__(learning_rate, beta_1, beta_2, epsilon, **options)
        self._product = 1.0
        self._factors = (0.0, 0.0, 1.0, 1.0)

    def _before(self, rate: float) -> None:
        t = self.iterations + 1
        now = self.beta_1 * (1 - 0.5 * 0.96**t)
        then = self.beta_1 * (1 - 0.5 * 0.96 ** (t + 1))
        self._product *= now
        self._factors = (now, then, self._product, self._product * then)

    def update(self, p: Array, g: Array, kept: list[Array], rate: float) -> None:
        now, then, product, next_product = self._factors
        m, v = kept
        m += (g - m) * F32(1 - self.beta_1)
        v += (g * g - v) * F32(1 - self.beta_2)
        first = F32(then / (1 - next_product)) * m + F32((1 - now) / (1 - product)) * g
        second = v / F32(1 - self.beta_2 ** (self.iterations + 1))
        p -= F32(rate) * first / (np.sqrt(second) + F32(self.epsilon))


class Lion(Optimizer):
    """p -= rate sign(beta_1 m + (1 - beta_1) g). Chen et al. (2023)."""

    slots = ("m",)

    def __init__(self, learning_rate: Any = 0.001, beta_1: float = 0.9, beta_2: float = 0.99, **options: Any) -> None:
        super().__init__(learning_rate, **options)
        if not 0 < beta_1 <= 1:
            raise ValueError(f"beta_1={beta_1}: must be between ]0, 1]")
        self.beta_1 = beta_1
        self.beta_2 = beta_2

    def update(self, p: Array, g: Array, kept: list[Array], rate: float) -> None:
        m = kept[0]
        p -= F32(rate) * np.sign(m * F32(self.beta_1) + g * F32(1 - self.beta_1))
        m *= F32(self.beta_2)
        m += g * F32(1 - self.beta_2)


class Ftrl(Optimizer):
    """Follow the regularized leader. McMahan et al. (2013), algorithm 1, with shrinkage."""

    slots = ("a", "linear")

    def __init__(
        self,
        learning_rate: Any = 0.001,
        learning_rate_power: float = -0.5,
        initial_accumulator_value: float = 0.1,
        l1_regularization_strength: float = 0.0,
        l2_regularization_strength: float = 0.0,
        l2_shrinkage_regularization_strength: float = 0.0,
        beta: float = 0.0,
        **options: Any,
    ) -> None:
        super().__init__(learning_rate, **options)
        self.learning_rate_power = learning_rate_power
        self.initial_accumulator_value = initial_accumulator_value
        self.l1_regularization_strength = l1_regularization_strength
        self.l2_regularization_strength = l2_regularization_strength
        self.l2_shrinkage_regularization_strength = l2_shrinkage_regularization_strength
        self.beta = beta

    def start(self, slot: str, p: Array) -> Array:
        return np.full_like(p, self.initial_accumulator_value) if slot == "a" else np.zeros_like(p)

    def update(self, p: Array, g: Array, kept: list[Array], rate: float) -> None:
        a, linear = kept
        power, l1 = -self.learning_rate_power, F32(self.l1_regularization_strength)
        l2 = F32(self.l2_regularization_strength + self.beta / (2 * rate))
        new = a + g * g
        linear += g + F32(2 * self.l2_shrinkage_regularization_strength) * p - (new**power - a**power) / F32(rate) * p
        curve = new**power / F32(rate) + 2 * l2
        p[...] = (np.clip(linear, -l1, l1) - linear) / curve
        a[...] = new


CLASSES: dict[str, type[Optimizer]] = {
    cls.__name__: cls for cls in (SGD, Adam, AdamW, RMSprop, Adagrad, Adadelta, Adamax, Nadam, Lion, Ftrl)
}


def get(identifier: Any) -> Optimizer:
    """An optimizer from a name (any case), a class, a config or an optimizer. ValueError for an unknown name."""
    by_name = {name.lower(): cls for name, cls in CLASSES.items()}
    if isinstance(identifier, Optimizer):
        return identifier
    if isinstance(identifier, str) and identifier.lower() in by_name:
        return by_name[identifier.lower()]()
    if isinstance(identifier, type) and issubclass(identifier, Optimizer):
        return identifier()
    if isinstance(identifier, dict) and str(identifier.get("class_name", "")).lower() in by_name:
        return by_name[str(identifier["class_name"]).lower()](**identifier.get("config", {}))
    raise ValueError(f"Could not interpret optimizer identifier: {identifier!r}{near(identifier, by_name)}")
