"""Optimizers that use a whole weight matrix, or all steps: Adafactor, Lamb, Muon, ScheduleFreeAdamW."""

from __future__ import annotations

import math
import re
from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from tinyseq.training.moments import Moments
from tinyseq.training.optimizer import Optimizer
from tinyseq.training.optimizer_arguments import check_epsilon, check_portion, check_share

Array = NDArray[Any]
F32 = np.float32


class Adafactor(Optimizer):
    """Adam whose mean squares of a matrix are kept as a mean of each row and of each column. Shazeer & Stern (2018).

    Arguments:
        beta_2_decay: the mean squares keep 1 - step^beta_2_decay in each step: a number below 0
        epsilon_1: added to the squared gradients
        epsilon_2: the least size of a weight, to which steps are relative
        clip_threshold: the greatest root mean square of a step
        relative_step: True: the rate is at most 1/sqrt(step)
    """

    shaped = True
    slots = ("r", "c")

    def __init__(
        self,
        learning_rate: Any = 0.001,
        beta_2_decay: float = -0.8,
        epsilon_1: float = 1e-30,
        epsilon_2: float = 1e-3,
        clip_threshold: float = 1.0,
        relative_step: bool = True,
        **options: Any,
    ) -> None:
        super().__init__(learning_rate, **options)
        check_epsilon("Adafactor", epsilon_1=epsilon_1, epsilon_2=epsilon_2)
        self.beta_2_decay = beta_2_decay
        self.epsilon_1 = epsilon_1
        self.epsilon_2 = epsilon_2
        self.clip_threshold = clip_threshold
        self.relative_step = relative_step

    def _start_of(self, variable: Any, p: Array) -> list[Array]:
        if p.ndim < 2:
            return [np.zeros_like(p)]
        return [np.zeros(p.shape[:-1], np.float32), np.zeros((*p.shape[:-2], p.shape[-1]), np.float32)]

    def update_weight(self, variable: Any, g: Array, kept: list[Array], rate: float) -> None:
        p = variable.value
        most = 1 / math.sqrt(self.step)
        size = max(self.epsilon_2, _root_mean_square(p)) * min(rate, most)
        stays = F32(1 - float(self.step) ** self.beta_2_decay)
        squares = g * g + F32(self.epsilon_1)
        for place, found in zip(kept, [squares] if p.ndim < 2 else [squares.mean(-1), squares.mean(-2)], strict=True):
            place *= stays
            place += (1 - stays) * found
        if p.ndim < 2:
            spread = kept[0]
        else:
            rows, columns = kept
            spread = (rows / rows.mean(-1, keepdims=True))[..., None] * columns[..., None, :]
        step = g / np.sqrt(spread)
        p -= F32(size) * step / F32(max(1.0, _root_mean_square(step) / self.clip_threshold))


def _root_mean_square(x: Array) -> float:
    return math.sqrt(float(np.mean(np.square(x))))


class Lamb(Moments):
    """Adam whose steps have the length of the weight, times the rate. You et al. (2020)."""

    shaped = True
    slots = ("momentum", "velocity")

    def update_weight(self, variable: Any, g: Array, kept: list[Array], rate: float) -> None:
        p, (m, v) = variable.value, kept
        m += (g - m) * F32(1 - self.beta_1)
        v += (g * g - v) * F32(1 - self.beta_2)
        first, second = m / F32(1 - self.beta_1**self.step), v / F32(1 - self.beta_2**self.step)
        step = first / (np.sqrt(second) + F32(self.epsilon))
        size, length = float(np.linalg.norm(p)), float(np.linalg.norm(step))
        p -= F32((size / length if size > 0 and length > 0 else 1.0) * rate) * step


class Muon(Optimizer):
    """Matrices: steps along the momentum with all its singular values close to 1. Everything else: AdamW. Jordan et al. (2024).

    Arguments:
        adam_beta_1: of AdamW: how much of the mean of the gradients stays in each step
        adam_beta_2: of AdamW: how much of the mean of their squares stays
        adam_weight_decay: of AdamW, in place of weight_decay
        epsilon: keeps AdamW's division finite: a small number above 0
        exclude_layers: patterns (re.search) of the paths of weights that AdamW changes
        exclude_embeddings: True: AdamW changes embeddings
        muon_a: factor of x in the step x -> a x + b x x'x + c x x'x x'x
        muon_b: factor of its third power
        muon_c: factor of its fifth power
        adam_lr_ratio: AdamW's rate, as a share of the rate
        momentum: how much of the momentum stays in each step
        ns_steps: how often the step above is made
        nesterov: True: the gradient counts as if the momentum had been applied already
        rms_rate: the root mean square of a step, times the rate; None: steps are not scaled
    """

    shaped = True
    slots = ("momentum", "velocity")

    def __init__(
        self,
        learning_rate: Any = 0.001,
        adam_beta_1: float = 0.9,
        adam_beta_2: float = 0.999,
        adam_weight_decay: float | None = 0.004,
        epsilon: float = 1e-7,
        weight_decay: float | None = 0.004,
        exclude_layers: Sequence[str] | None = None,
        exclude_embeddings: bool = True,
        muon_a: float = 3.4445,
        muon_b: float = -4.7750,
        muon_c: float = 2.0315,
        adam_lr_ratio: float = 1,
        momentum: float = 0.95,
        ns_steps: int = 5,
        nesterov: bool = True,
        rms_rate: float | None = 0.2,
        **options: Any,
    ) -> None:
        super().__init__(learning_rate, weight_decay, **options)
        check_share("Muon", adam_beta_1=adam_beta_1, adam_beta_2=adam_beta_2)
        check_portion("Muon", momentum=momentum)
        check_epsilon("Muon", epsilon=epsilon)
        self.adam_beta_1 = adam_beta_1
        self.adam_beta_2 = adam_beta_2
        self.adam_weight_decay = adam_weight_decay
        self.epsilon = epsilon
        self.exclude_layers = list(exclude_layers or ())
        self.exclude_embeddings = exclude_embeddings
        self.muon_a = muon_a
        self.muon_b = muon_b
        self.muon_c = muon_c
        self.adam_lr_ratio = adam_lr_ratio
        self.momentum = momentum
        self.ns_steps = ns_steps
        self.nesterov = nesterov
        self.rms_rate = rms_rate

    def _by_adam(self, variable: Any) -> bool:
        embedding = self.exclude_embeddings and "embedding" in variable.path.lower()
        return len(variable.shape) != 2 or embedding or any(re.search(one, variable.path) for one in self.exclude_layers)

    def _start_of(self, variable: Any, p: Array) -> list[Array]:
        return [np.zeros_like(p) for _ in range(2 if self._by_adam(variable) else 1)]

    def _decay_of(self, variable: Any) -> float:
        return float((self.adam_weight_decay if self._by_adam(variable) else self.weight_decay) or 0)

    def update_weight(self, variable: Any, g: Array, kept: list[Array], rate: float) -> None:
        p, m = variable.value, kept[0]
        if len(kept) == 2:
            v, t = kept[1], self.step
            m += (g - m) * F32(1 - self.adam_beta_1)
            v += (g * g - v) * F32(1 - self.adam_beta_2)
            alpha = rate * self.adam_lr_ratio * math.sqrt(1 - self.adam_beta_2**t) / (1 - self.adam_beta_1**t)
            p -= F32(alpha) * m / (np.sqrt(v) + F32(self.epsilon))
            return
        m *= F32(self.momentum)
        m += g
        step = self._orthogonal(g + F32(self.momentum) * m if self.nesterov else m)
        rows, columns = p.shape
        size = 1.0 if self.rms_rate is None else self.rms_rate * math.sqrt(max(rows, columns))
        p -= F32(rate * size) * step

    def _orthogonal(self, x: Array) -> Array:
        """Newton and Schulz's iteration: singular values near 1, the same directions."""
        turned = x.shape[0] > x.shape[1]
        x = x.T if turned else x
        x = x / (np.linalg.norm(x) + F32(1e-7))
        for _ in range(self.ns_steps):
            square = x @ x.T
            x = F32(self.muon_a) * x + (F32(self.muon_b) * square + F32(self.muon_c) * square @ square) @ x
        return x.T if turned else x


class ScheduleFreeAdamW(Optimizer):
    """AdamW whose weights are means of all steps so far, so that the rate needs no schedule. Defazio et al. (2024).

    Arguments:
        beta_1: how far the gradient is taken from the mean towards the last step, above 0
        beta_2: how much of the mean of squares stays in each step, from 0 to below 1
        epsilon: keeps the division finite: a small number above 0
        warmup_steps: steps in which the rate grows to the full one
    """

    slots = ("momentum", "velocity")

    def __init__(
        self,
        learning_rate: Any = 0.0025,
        beta_1: float = 0.9,
        beta_2: float = 0.999,
        epsilon: float = 1e-8,
        warmup_steps: int = 0,
        **options: Any,
    ) -> None:
        super().__init__(learning_rate, **options)
        if not 0 < beta_1 <= 1:
            raise ValueError(f"ScheduleFreeAdamW: beta_1={beta_1}: expected a number above 0 and at most 1, for example beta_1=0.9")
        check_share("ScheduleFreeAdamW", beta_2=beta_2)
        check_epsilon("ScheduleFreeAdamW", epsilon=epsilon)
        self.beta_1 = beta_1
        self.beta_2 = beta_2
        self.epsilon = epsilon
        self.warmup_steps = warmup_steps

    def start(self, slot: str, p: Array) -> Array:
        return p.copy() if slot == "momentum" else np.zeros_like(p)

    def update(self, p: Array, g: Array, kept: list[Array], rate: float) -> None:
        z, v = kept
        t = self.step
        rate *= min(t / self.warmup_steps, 1.0) if self.warmup_steps else 1.0
        beta = F32(self.beta_1)
        mean = (p - (1 - beta) * z) / beta
        v += (g * g - v) * F32(1 - self.beta_2)
        z -= F32(rate) * g / (np.sqrt(v / F32(1 - self.beta_2**t)) + F32(self.epsilon))
        mean = F32(1 - 1 / t) * mean + F32(1 / t) * z
        p[...] = (1 - beta) * z + beta * mean
