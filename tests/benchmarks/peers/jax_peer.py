"""JAX: jitted functions of weights and data, channels last. Threads: set in the environment before it starts (process.py).

Convolutions are compiled without YNNPACK, which JAX 0.10 uses by itself: 8 images of 123x123x32 with 32 filters take 120 ms
of processor time with it and 25 ms without.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from functools import cache
from typing import Any

from tests.benchmarks.cases import BETA1, BETA2, EPSILON, RATE, Case, Contender, Make, losses
from tests.benchmarks.models import Conv, Dense, Flatten, GlobalMax, Net, Pool, Recurrent, Words
from tests.benchmarks.normalized import Built


def variants(case: Case) -> dict[str, Make]:
    """One way: jit."""
    makers: dict[str, Make] = {"predict": predict, "train": train}
    return {"JAX": makers.get(case.task, gradient)}


def forward(net: Net | Built, weights: list[Any], x: Any) -> Any:
    """The net's output."""
    import jax
    from jax import numpy as jnp

    if isinstance(net, Built):
        from tests.benchmarks.peers.normalized_jax import predicted

        return predicted(net, weights, x)
    values = iter(weights)
    for part in net.parts:
        match part:
            case Conv(_, _, stride, relu):
                names = ("NHWC", "HWIO", "NHWC")
                x = jax.lax.conv_general_dilated(x, next(values), (stride, stride), "VALID", dimension_numbers=names)
                x = x + next(values)
                x = jax.nn.relu(x) if relu else x
            case Dense(_, relu):
                x = x @ next(values) + next(values)
                x = jax.nn.relu(x) if relu else x
            case Pool(window):
                sizes = (1, window, window, 1)
                x = jax.lax.reduce_window(x, -jnp.inf, jax.lax.max, sizes, sizes, "VALID")
            case GlobalMax():
                x = x.max((1, 2))
            case Flatten():
                x = x.reshape(x.shape[0], -1)
            case Words():
                x = next(values)[x]
            case Recurrent():
                ways = [_walked(part, [next(values) for _ in range(3)], x, back) for back in ((False, True) if part.both else (False,))]
                x = jnp.concatenate(ways, -1)
    return x


def _walked(part: Recurrent, weights: list[Any], x: Any, back: bool) -> Any:
    """One direction: the product of the input for all steps at once, then a scan."""
    import jax
    from jax import numpy as jnp

    kernel, state, bias = weights
    outside, inside = (bias, 0.0) if part.kind == "LSTM" else bias
    products = jnp.swapaxes(x @ kernel + outside, 0, 1)
    zeros = jnp.zeros((x.shape[0], part.units))

    def lstm(before: Any, z: Any) -> Any:
        h, c = before
        i, f, g, o = jnp.split(z + h @ state, 4, -1)
        c = jax.nn.sigmoid(f) * c + jax.nn.sigmoid(i) * jnp.tanh(g)
        h = jax.nn.sigmoid(o) * jnp.tanh(c)
        return (h, c), h if part.sequences else None

    def gru(before: Any, product: Any) -> Any:
        (h,) = before
        (a, b, d), (z, r, g) = jnp.split(product, 3, -1), jnp.split(h @ state + inside, 3, -1)
        z, r = jax.nn.sigmoid(a + z), jax.nn.sigmoid(b + r)
        h = z * h + (1 - z) * jnp.tanh(d + r * g)
        return (h,), h if part.sequences else None

    begin = (zeros, zeros) if part.kind == "LSTM" else (zeros,)
    last, steps = jax.lax.scan(lstm if part.kind == "LSTM" else gru, begin, products, reverse=back)
    return jnp.swapaxes(steps, 0, 1) if part.sequences else last[0]


@cache
def without_ynnpack() -> dict[str, str]:
    """The option for jit, if this version has it."""
    import jax

    option = {"xla_cpu_experimental_ynn_fusion_type": ""}
    try:
        jax.jit(lambda x: x + 1, compiler_options=option)(1.0)
    except jax.errors.JaxRuntimeError:
        return {}
    return option


def jit(net: Net | Built, function: Callable[..., Any], **options: Any) -> Any:
    """The function compiled in the way that suits the net."""
    import jax

    convolves = len(net.shape) >= 3
    return jax.jit(function, compiler_options=without_ynnpack() if convolves else None, **options)


def _contender(net: Net | Built, function: Callable[..., Any], *arguments: Any) -> Contender:
    """Waits for the result: a call of JAX returns before it is there."""
    import jax
    import numpy as np

    jitted, given = jit(net, function), jax.device_put(arguments)
    return Contender(lambda: jitted(*given).block_until_ready(), lambda: np.asarray(jitted(*given)))


def predict(case: Case) -> Contender:
    """The output."""
    return _contender(case.net, lambda weights, x: forward(case.net, weights, x), case.weights, case.x)


def gradient(case: Case) -> Contender:
    """One of the two gradients of one layer; XLA leaves out what is not needed of forward."""
    import jax

    of_weights = case.task == "weight gradient"

    def pulled_back(weights: list[Any], x: Any, dy: Any) -> Any:
        _, back = jax.vjp(lambda weights, x: forward(case.net, weights, x), weights, x)
        by_weights, by_x = back(dy)
        return by_weights[0] if of_weights else by_x

    return _contender(case.net, pulled_back, case.weights, case.x, case.dy)


def train(case: Case) -> Contender:
    """Forward, cross-entropy, backward and Adam in one function; the old weights' memory is given to the new ones."""
    if isinstance(case.net, Built):
        from tests.benchmarks.peers.normalized_jax import step as built

        run, same = built(case), replace(case, net=case.net.comparable)
        return Contender(run, lambda: losses(run if same.net is case.net else built(same)))
    import jax
    from jax import numpy as jnp

    def loss_of(weights: list[Any], x: Any, y: Any) -> Any:
        scores = jax.nn.log_softmax(forward(case.net, weights, x))
        return -jnp.take_along_axis(scores, y[:, None], 1).mean()

    def step(state: Any, x: Any, y: Any) -> Any:
        weights, first, second, count = state
        loss, gradients = jax.value_and_grad(loss_of)(weights, x, y)
        count = count + 1
        rate = RATE * jnp.sqrt(1 - BETA2**count) / (1 - BETA1**count)
        first = [BETA1 * m + (1 - BETA1) * g for m, g in zip(first, gradients, strict=True)]
        second = [BETA2 * v + (1 - BETA2) * g * g for v, g in zip(second, gradients, strict=True)]
        weights = [w - rate * m / (jnp.sqrt(v) + EPSILON) for w, m, v in zip(weights, first, second, strict=True)]
        return loss, (weights, first, second, count)

    jitted = jit(case.net, step, donate_argnums=0)
    zeros = [0 * weight for weight in case.weights]
    state = jax.device_put((case.weights, zeros, zeros, 0.0))
    x, y = jax.device_put((case.x, case.y.astype("int32")))

    def run() -> float:
        nonlocal state
        loss, state = jitted(state, x, y)
        jax.block_until_ready(state)
        return float(loss)

    return Contender(run, lambda: losses(run))
