"""Optimizers under Keras's names and with its formulas; SGD, Adam and RMSprop by kernels (tinyseq/kernels/optimizer.py)."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from shapecheck.known_names import OPTIMIZERS
from tinyseq.did_you_mean import attributes_of, not_known
from tinyseq.kernels.runtime.calls import Calls
from tinyseq.training import schedules
from tinyseq.training.large_optimizers import Adafactor, Lamb, Muon, ScheduleFreeAdamW
from tinyseq.training.moments import Moments
from tinyseq.training.optimizer import Optimizer
from tinyseq.training.optimizer_arguments import check_epsilon, check_portion
from tinyseq.training.rare_optimizers import Adadelta, Adagrad, Adamax, Ftrl, Lion, Nadam
from tinyseq.training.wrapping_optimizers import LossScaleOptimizer, MultiOptimizer, OptimizerMap, serialize

__all__ = [
    "SGD", "Adadelta", "Adafactor", "Adagrad", "Adam", "AdamW", "Adamax", "Ftrl", "Lamb", "Lion", "LossScaleOptimizer",
    "MultiOptimizer", "Muon", "Nadam", "Optimizer", "OptimizerMap", "RMSprop", "ScheduleFreeAdamW", "deserialize", "get",
    "schedules", "serialize",
]  # fmt: skip

Array = NDArray[Any]
F32 = np.float32


class SGD(Optimizer):
    """p -= rate g, with momentum m = momentum m - rate g, p += m.

    Arguments:
        momentum: the share of the previous step that is added, from 0 to 1
        nesterov: True: the gradient is used as if the momentum had been applied already
    """

    def __init__(self, learning_rate: Any = 0.01, momentum: float = 0.0, nesterov: bool = False, **options: Any) -> None:
        super().__init__(learning_rate, **options)
        if not 0 <= momentum <= 1:
            raise ValueError(f"`momentum` must be a float between [0, 1]. Received: momentum={momentum}")
        self.momentum = momentum
        self.nesterov = nesterov
        self.slots = ("momentum",) if momentum else ()

    def tell(self, calls: Calls, p: Array, g: Array, kept: list[Array], rates: Array) -> None:
        from tinyseq.kernels import optimizer as kernels

        if not self.momentum:
            calls.call(kernels.sgd, p, g, rates)
        else:
            calls.call(kernels.sgd_momentum, p, g, kept[0], rates, F32(self.momentum), self.nesterov)


class Adam(Moments):
    """Kingma & Ba (2015), with epsilon hat: p -= rate sqrt(1-b2^t)/(1-b1^t) m / (sqrt(v) + epsilon).

    Arguments:
        amsgrad: True: divide by the greatest mean of squares so far
    """

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
        super().__init__(learning_rate, beta_1, beta_2, epsilon, **options)
        self.amsgrad = amsgrad
        self.slots = ("m", "v", "most") if amsgrad else ("m", "v")

    def _factor(self, rate: float) -> float:
        t = self.step
        return rate * math.sqrt(1 - self.beta_2**t) / (1 - self.beta_1**t)

    def tell(self, calls: Calls, p: Array, g: Array, kept: list[Array], rates: Array) -> None:
        from tinyseq.kernels import optimizer as kernels

        run: Any = kernels.adam_amsgrad if self.amsgrad else kernels.adam
        calls.call(run, p, g, *kept, rates, F32(1 - self.beta_1), F32(1 - self.beta_2), F32(self.epsilon))


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
        if weight_decay is None:
            raise ValueError("AdamW: weight_decay=None: argument `weight_decay` must be a number, for example 0.004; or use Adam")


class RMSprop(Optimizer):
    """p -= rate g / sqrt(v + epsilon), v the running mean of g^2; centered: less the square of the running mean of g.

    Arguments:
        rho: the share of the mean of the squared gradients that is kept in each step, from 0 to 1
        momentum: the share of the previous step that is added, from 0 to 1
        epsilon: keeps the division finite: a small number above 0
        centered: True: divide by the standard deviation, without the mean of the gradients
    """

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
        check_portion("RMSprop", rho=rho, momentum=momentum)
        check_epsilon("RMSprop", epsilon=epsilon)
        self.rho = rho
        self.momentum = momentum
        self.epsilon = epsilon
        self.centered = centered
        self.slots = ("v", *(("mean",) if centered else ()), *(("momentum",) if momentum else ()))

    def tell(self, calls: Calls, p: Array, g: Array, kept: list[Array], rates: Array) -> None:
        from tinyseq.kernels import optimizer as kernels

        if not self.centered and not self.momentum:
            calls.call(kernels.rmsprop, p, g, kept[0], rates, F32(self.rho), F32(1 - self.rho), F32(self.epsilon))
            return
        mean = kept[1] if self.centered else _EMPTY
        moving = kept[-1] if self.momentum else _EMPTY
        constants = F32(self.rho), F32(1 - self.rho), F32(self.epsilon), F32(self.momentum)
        calls.call(kernels.rmsprop_full, p, g, kept[0], mean, moving, rates, *constants)


_EMPTY = np.empty(0, np.float32)


CLASSES: dict[str, type[Optimizer]] = {
    cls.__name__: cls
    for cls in (
        SGD, Adam, AdamW, RMSprop, Adagrad, Adadelta, Adamax, Nadam, Lion, Ftrl, Adafactor, Lamb, Muon, ScheduleFreeAdamW,
        LossScaleOptimizer, MultiOptimizer,
    )
}  # fmt: skip
BY_OBJECT_ONLY = ("Lamb", "LossScaleOptimizer", "MultiOptimizer")
"""Optimizers that Keras does not accept as text."""


def get(identifier: Any) -> Optimizer:
    """An optimizer from a name (any case), a class, a config or an optimizer. ValueError for an unknown name."""
    by_name = {name.lower(): cls for name, cls in CLASSES.items() if name not in BY_OBJECT_ONLY}
    if isinstance(identifier, Optimizer):
        return identifier
    if isinstance(identifier, str) and identifier.lower() in by_name:
        return by_name[identifier.lower()]()
    if isinstance(identifier, type) and issubclass(identifier, Optimizer):
        return identifier()
    if isinstance(identifier, dict) and "class_name" in identifier:
        found: Optimizer = deserialize(identifier)
        return found
    raise not_known("optimizer", identifier, by_name, OPTIMIZERS - by_name.keys(), "write 'adamw' or 'adam'")


def deserialize(config: Any, custom_objects: dict[str, Any] | None = None) -> Any:
    """An optimizer from what serialize returned.

    Arguments:
        config: {"class_name", "config"}
        custom_objects: optimizers of your own by name
    """
    known: dict[str, Any] = {name.lower(): cls for name, cls in {**CLASSES, **(custom_objects or {})}.items()}
    name = str(config.get("class_name", ""))
    if name.lower() not in known:
        raise not_known("optimizer", name, known, OPTIMIZERS - known.keys(), "write 'adamw' or 'adam'")
    return known[name.lower()].from_config(config.get("config", {}))


if not TYPE_CHECKING:  # so that mypy still reports names that do not exist
    __getattr__ = attributes_of(__name__)
