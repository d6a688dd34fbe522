"""Optimizers of two running means: of the gradients, and of their sizes."""

from __future__ import annotations

from typing import Any

from tinyseq.training.optimizer import Optimizer
from tinyseq.training.optimizer_arguments import check_epsilon, check_share


class Moments(Optimizer):
    """An optimizer that keeps two running means, as Adam does.

    Arguments:
        beta_1: the share of the mean of the gradients that is kept in each step, from 0 to below 1
        beta_2: the share of the mean of their squares that is kept, from 0 to below 1
        epsilon: keeps the division finite: a small number above 0
    """

    def __init__(
        self, learning_rate: Any = 0.001, beta_1: float = 0.9, beta_2: float = 0.999, epsilon: float = 1e-7, **options: Any
    ) -> None:
        super().__init__(learning_rate, **options)
        check_share(type(self).__name__, beta_1=beta_1, beta_2=beta_2)
        check_epsilon(type(self).__name__, epsilon=epsilon)
        self.beta_1 = beta_1
        self.beta_2 = beta_2
        self.epsilon = epsilon
