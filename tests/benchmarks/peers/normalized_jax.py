"""The nets of normalized.py in JAX."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from tests.benchmarks.cases import BETA1, BETA2, EPSILON, RATE, Case
from tests.benchmarks.normalized import Built, operations
from tests.benchmarks.peers import newer_jax

MOMENTUM = 0.99
NAMES = ("NHWC", "HWIO", "NHWC")


def predicted(net: Built, weights: list[Any], x: Any) -> Any:
    """The output."""
    return output(net, weights, x, None)[0]


def output(net: Built, weights: list[Any], x: Any, key: Any) -> tuple[Any, list[Any]]:
    """The output, and the weights with new averages; `key`: in training, what Dropout draws from."""
    import jax
    from jax import numpy as jnp

    if net.kind != "normalized":
        return newer_jax.output(net, weights, x), weights
    values, found = [x], list(weights)
    for number, (kind, inputs, _, options) in enumerate(operations(net)):
        mine = [weights[place] for place in options["weights"]]
        a = values[inputs[0]]
        if kind in ("Conv2D", "DepthwiseConv2D"):
            a = _convolve(a, mine[0], options["strides"], kind == "DepthwiseConv2D")
        elif kind == "Dense":
            a = a @ mine[0] + mine[1]
        elif kind == "BatchNormalization":
            a, kept = _normalized(a, mine, options["epsilon"], key is not None)
            for place, array in zip(options["weights"], kept, strict=True):
                found[place] = array
        elif kind == "ReLU":
            a = jax.nn.relu(a)
        elif kind == "Add":
            a = a + values[inputs[1]]
        elif kind == "GlobalAveragePooling2D":
            a = a.mean((1, 2))
        elif key is not None and options["rate"]:  # Dropout
            share = 1 - options["rate"]
            a = jnp.where(jax.random.bernoulli(jax.random.fold_in(key, number), share, a.shape), a / share, 0)
        values.append(a)
    return values[-1], found


def _convolve(x: Any, kernel: Any, strides: tuple[int, int], depthwise: bool) -> Any:
    import jax

    groups = x.shape[-1] if depthwise else 1
    kernel = kernel.reshape(*kernel.shape[:2], 1, groups) if depthwise else kernel
    return jax.lax.conv_general_dilated(x, kernel, strides, "SAME", dimension_numbers=NAMES, feature_group_count=groups)


def _normalized(x: Any, weights: list[Any], epsilon: float, training: bool) -> tuple[Any, list[Any]]:
    import jax

    gamma, beta, mean, variance = weights
    if training:
        axes = tuple(range(x.ndim - 1))
        now, spread = x.mean(axes), x.var(axes)
        kept = [gamma, beta, *(jax.lax.stop_gradient(MOMENTUM * a + (1 - MOMENTUM) * b) for a, b in ((mean, now), (variance, spread)))]
        mean, variance = now, spread
    else:
        kept = weights
    return (x - mean) * (gamma * jax.lax.rsqrt(variance + epsilon)) + beta, kept


def step(case: Case) -> Callable[[], float]:
    """Forward, cross-entropy, backward and Adam in one function; the old weights' memory is given to the new ones."""
    import jax
    from jax import numpy as jnp

    from tests.benchmarks.peers.jax_peer import jit

    net: Any = case.net
    listed = operations(net) if net.kind == "normalized" else ()
    fixed = {place for kind, _, _, options in listed if kind == "BatchNormalization" for place in options["weights"][2:]}
    learns = [place not in fixed for place in range(len(case.weights))]

    def loss_of(weights: list[Any], x: Any, y: Any, key: Any) -> Any:
        scores, kept = output(net, weights, x, key)
        return -jnp.take_along_axis(jax.nn.log_softmax(scores), y[..., None], -1).mean(), kept

    def stepped(state: Any, x: Any, y: Any) -> Any:
        weights, first, second, count, key = state
        key, drawn = jax.random.split(key)
        (loss, kept), gradients = jax.value_and_grad(loss_of, has_aux=True)(weights, x, y, drawn)
        count = count + 1
        rate = RATE * jnp.sqrt(1 - BETA2**count) / (1 - BETA1**count)
        first = [BETA1 * m + (1 - BETA1) * g for m, g in zip(first, gradients, strict=True)]
        second = [BETA2 * v + (1 - BETA2) * g * g for v, g in zip(second, gradients, strict=True)]
        moved = zip(learns, kept, first, second, strict=True)
        weights = [w - rate * m / (jnp.sqrt(v) + EPSILON) if learn else w for learn, w, m, v in moved]
        return loss, (weights, first, second, count, key)

    jitted = jit(net, stepped, donate_argnums=0)
    zeros = [0 * weight for weight in case.weights]
    state = jax.device_put((case.weights, zeros, [0 * weight for weight in case.weights], 0.0, jax.random.key(0)))
    x, y = jax.device_put((case.x, case.y.astype("int32")))

    def run() -> float:
        nonlocal state
        loss, state = jitted(state, x, y)
        jax.block_until_ready(state)
        return float(loss)

    return run
