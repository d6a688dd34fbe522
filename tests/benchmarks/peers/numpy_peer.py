"""NumPy alone, as many teaching frameworks do it: layers over BLAS, cross-entropy, Adam. Also what everybody is compared with."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from typing import Any

import numpy as np

from tests.benchmarks.cases import BETA1, BETA2, EPSILON, RATE, Case, Contender, Make, losses
from tests.benchmarks.models import Array, Conv, Dense, Flatten, GlobalMax, Net, Pool
from tests.benchmarks.peers import numpy_layers as layers


def variants(case: Case) -> dict[str, Make]:
    """One way. Its threads are those of BLAS, set in the environment (process.py)."""
    if case.net.over_steps:
        return {}
    return {"NumPy": contender}


def contender(case: Case) -> Contender:
    """Any of the tasks."""
    weights = [weight.copy() for weight in case.weights]
    stack = list(layers_of(case.net, iter(weights)))

    def forward() -> Array:
        x = case.x
        for layer in stack:
            x = layer.forward(x)
        return x

    if case.task == "predict":
        return Contender(forward, forward)
    if case.task == "train":
        step = Training(stack, weights, forward, case.y).step
        return Contender(step, lambda: losses(step))
    forward()
    (layer,) = stack
    run = layer.kernel_gradient if case.task == "weight gradient" else layer.input_gradient
    return Contender(lambda: run(case.dy), lambda: run(case.dy))


def layers_of(net: Net, weights: Iterator[Array]) -> Iterator[Any]:
    """The net's layers."""
    for part in net.parts:
        match part:
            case Conv(_, _, stride, relu):
                yield layers.Conv(next(weights), next(weights), relu, stride)
            case Dense(_, relu):
                yield layers.Dense(next(weights), next(weights), relu)
            case Pool(window):
                yield layers.Pool(window)
            case GlobalMax():
                yield layers.GlobalMax()
            case Flatten():
                yield layers.Flatten()


class Training:
    """Cross-entropy on logits and Adam, Kingma & Ba (2015), the form at the end of section 2."""

    def __init__(self, stack: Sequence[Any], weights: list[Array], forward: Callable[[], Array], labels: Any) -> None:
        self.stack, self.weights, self.forward, self.labels = stack, weights, forward, labels
        self.trained = [layer for layer in stack if isinstance(layer, layers.Dense)]
        self.first = [np.zeros_like(weight) for weight in weights]
        self.second = [np.zeros_like(weight) for weight in weights]
        self.count = 0

    def step(self) -> float:
        """The loss before the step."""
        logits = self.forward()
        probabilities = np.exp(logits - logits.max(1, keepdims=True))
        probabilities /= probabilities.sum(1, keepdims=True)
        right = np.arange(len(logits)), self.labels
        loss = float(-np.log(probabilities[right]).mean())
        probabilities[right] -= 1
        self.apply(self.backward(probabilities / np.float32(len(logits))))
        return loss

    def backward(self, gradient: Array) -> list[Array]:
        """The gradients of all weights, in their order."""
        found: list[Array] = []
        for layer in reversed(self.stack):
            gradient = layer.before_activation(gradient)
            if layer in self.trained:
                found = [layer.kernel_gradient(gradient), layer.bias_gradient(gradient), *found]
            if layer is self.trained[0]:
                break
            gradient = layer.input_gradient(gradient)
        return found

    def apply(self, gradients: list[Array]) -> None:
        """One step of Adam."""
        self.count += 1
        rate = np.float32(RATE * np.sqrt(1 - BETA2**self.count) / (1 - BETA1**self.count))
        for weight, m, v, g in zip(self.weights, self.first, self.second, gradients, strict=True):
            m += np.float32(1 - BETA1) * (g - m)
            v += np.float32(1 - BETA2) * (g * g - v)
            weight -= rate * m / (np.sqrt(v) + np.float32(EPSILON))
