"""Rarely used optimizers: numpy formulas on flat float32 arrays, in place."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from tinyseq.training.moments import Moments
from tinyseq.training.optimizer import Optimizer
from tinyseq.training.optimizer_arguments import check_epsilon, check_portion

Array = NDArray[Any]
F32 = np.float32


class Adagrad(Optimizer):
    """a += g^2; p -= rate g / sqrt(a + epsilon). Duchi et al. (2011).

    Arguments:
        initial_accumulator_value: where the sum of squares starts, from 0 on
        epsilon: keeps the division finite: a small number above 0
    """

    slots = ("a",)

    def __init__(
        self, learning_rate: Any = 0.001, initial_accumulator_value: float = 0.1, epsilon: float = 1e-7, **options: Any
    ) -> None:
        super().__init__(learning_rate, **options)
        check_epsilon("Adagrad", initial_accumulator_value=initial_accumulator_value, epsilon=epsilon)
        self.initial_accumulator_value = initial_accumulator_value
        self.epsilon = epsilon

    def start(self, slot: str, p: Array) -> Array:
        return np.full_like(p, self.initial_accumulator_value)

    def update(self, p: Array, g: Array, kept: list[Array], rate: float) -> None:
        kept[0] += g * g
        p -= F32(rate) * g / np.sqrt(kept[0] + F32(self.epsilon))


class Adadelta(Optimizer):
    """Steps scaled by the running means of g^2 and of the squared steps. Zeiler (2012).

    Arguments:
        rho: the share of both means that is kept in each step, from 0 to 1
        epsilon: keeps the division finite: a small number above 0
    """

    slots = ("gradient", "step")

    def __init__(self, learning_rate: Any = 0.001, rho: float = 0.95, epsilon: float = 1e-7, **options: Any) -> None:
        super().__init__(learning_rate, **options)
        check_portion("Adadelta", rho=rho)
        check_epsilon("Adadelta", epsilon=epsilon)
        self.rho = rho
        self.epsilon = epsilon

    def update(self, p: Array, g: Array, kept: list[Array], rate: float) -> None:
        rho, epsilon = F32(self.rho), F32(self.epsilon)
        squares, steps = kept
        squares *= rho
        squares += F32(1 - self.rho) * g * g
        step = -np.sqrt(steps + epsilon) * g / np.sqrt(squares + epsilon)
        steps *= rho
        steps += F32(1 - self.rho) * step * step
        p += F32(rate) * step


class Adamax(Moments):
    """Adam with the greatest |g| in place of sqrt(v). Kingma & Ba (2015), section 7.1.

    Arguments:
        beta_2: the share of the greatest gradient that is kept in each step, from 0 to below 1
    """

    slots = ("m", "u")

    def update(self, p: Array, g: Array, kept: list[Array], rate: float) -> None:
        m, u = kept
        m += (g - m) * F32(1 - self.beta_1)
        np.maximum(F32(self.beta_2) * u, np.abs(g), out=u)
        p -= F32(rate / (1 - self.beta_1**self.step)) * m / (u + F32(self.epsilon))


class Nadam(Moments):
    """Adam with Nesterov's momentum. Dozat (2016)."""

    slots = ("m", "v")

    def __init__(
        self, learning_rate: Any = 0.001, beta_1: float = 0.9, beta_2: float = 0.999, epsilon: float = 1e-7, **options: Any
    ) -> None:
        super().__init__(learning_rate, beta_1, beta_2, epsilon, **options)
        self._product = 1.0
        self._factors = (0.0, 0.0, 1.0, 1.0)
        self._schedule_decay = 1.0
        """How fast the momentum grows to beta_1. 1 as in Keras 3; in Keras 1 and 2 it was 0.004, or what their file says."""

    def _momentum(self, step: int) -> float:
        return float(self.beta_1 * (1 - 0.5 * 0.96 ** (step * self._schedule_decay)))

    def _before(self, rate: float) -> None:
        now, then = self._momentum(self.step), self._momentum(self.step + 1)
        self._product *= now
        self._factors = (now, then, self._product, self._product * then)

    def update(self, p: Array, g: Array, kept: list[Array], rate: float) -> None:
        now, then, product, next_product = self._factors
        m, v = kept
        m += (g - m) * F32(1 - self.beta_1)
        v += (g * g - v) * F32(1 - self.beta_2)
        first = F32(then / (1 - next_product)) * m + F32((1 - now) / (1 - product)) * g
        second = v / F32(1 - self.beta_2**self.step)
        p -= F32(rate) * first / (np.sqrt(second) + F32(self.epsilon))


class Lion(Optimizer):
    """p -= rate sign(beta_1 m + (1 - beta_1) g). Chen et al. (2023).

    Arguments:
        beta_1: how much of the mean counts in the step, the rest is the gradient; above 0, at most 1
        beta_2: the share of the mean of the gradients that is kept in each step, from 0 to 1
    """

    slots = ("m",)

    def __init__(self, learning_rate: Any = 0.001, beta_1: float = 0.9, beta_2: float = 0.99, **options: Any) -> None:
        super().__init__(learning_rate, **options)
        if not 0 < beta_1 <= 1:
            raise ValueError(f"Lion: beta_1={beta_1}: must be above 0 and at most 1, for example beta_1=0.9")
        check_portion("Lion", beta_2=beta_2)
        self.beta_1 = beta_1
        self.beta_2 = beta_2

    def update(self, p: Array, g: Array, kept: list[Array], rate: float) -> None:
        m = kept[0]
        p -= F32(rate) * np.sign(m * F32(self.beta_1) + g * F32(1 - self.beta_1))
        m *= F32(self.beta_2)
        m += g * F32(1 - self.beta_2)


class Ftrl(Optimizer):
    """Follow the regularized leader. McMahan et al. (2013), algorithm 1, with shrinkage.

    Arguments:
        learning_rate_power: how the rate falls with the sum of squares, 0 or less
        initial_accumulator_value: where the sum of squares starts, from 0 on
        l1_regularization_strength: factor of sum|w|, from 0 on
        l2_regularization_strength: factor of sum w^2, from 0 on
        l2_shrinkage_regularization_strength: factor of sum w^2 in the gradient alone, from 0 on
        beta: added to the square root of the sum of squares, from 0 on
    """

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
        signs = {
            "initial_accumulator_value": initial_accumulator_value, "learning_rate_power": -learning_rate_power,
            "l1_regularization_strength": l1_regularization_strength, "l2_regularization_strength": l2_regularization_strength,
            "l2_shrinkage_regularization_strength": l2_shrinkage_regularization_strength,
        }  # fmt: skip
        for name, value in signs.items():
            if value < 0:
                wanted = "zero or less, for example -0.5" if name == "learning_rate_power" else "zero or more, for example 0.1"
                raise ValueError(f"Ftrl: `{name}` needs to be {wanted}, got {abs(value) if name == 'learning_rate_power' else value}")
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
