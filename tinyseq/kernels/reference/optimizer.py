"""Optimizer steps of one weight by definition, float64: (weight, state ...) -> (weight, state ...)."""

import math


def momentum_reference(
    p: float, g: float, m: float, rate: float, momentum: float, nesterov: bool
) -> tuple[float, float]:
    """m = momentum m - rate g; p += m, or p += momentum m - rate g."""
    m = momentum * m - rate * g
    return (p + momentum * m - rate * g if nesterov else p + m), m


def adam_reference(
    p: float, g: float, m: float, v: float, step: int, rate: float, beta_1: float, beta_2: float, epsilon: float
) -> tuple[float, float, float]:
    """Kingma & Ba (2015), with epsilon as in the last lines of section 2."""
    m, v = beta_1 * m + (1 - beta_1) * g, beta_2 * v + (1 - beta_2) * g * g
    alpha = rate * math.sqrt(1 - beta_2**step) / (1 - beta_1**step)
    return p - alpha * m / (math.sqrt(v) + epsilon), m, v


def rmsprop_reference(
    p: float, g: float, v: float, mean: float, m: float, rate: float, rho: float, epsilon: float, momentum: float,
    centered: bool,
) -> tuple[float, float, float, float]:  # fmt: skip
    """v, mean: running means of g^2 and g; m = momentum m + rate g / sqrt(v - mean^2 + epsilon); p -= m."""
    v, mean = rho * v + (1 - rho) * g * g, rho * mean + (1 - rho) * g
    m = momentum * m + rate * g / math.sqrt(v - (mean * mean if centered else 0) + epsilon)
    return p - m, v, mean, m
