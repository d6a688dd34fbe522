"""The nets and layers of newer.py in JAX, channels last."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from tests.benchmarks.newer import DEPTH, FILTERS, HEADS
from tests.benchmarks.normalized import Built

AXES = {4: ("NHWC", "HWIO", "NHWC"), 5: ("NDHWC", "DHWIO", "NDHWC")}


def output(net: Built, weights: list[Any], x: Any) -> Any:
    """The output."""
    makers = {"unet": unet, "attention": attention, "transposed": transposed, "volume": convolved}
    return makers[net.kind](iter(weights), x)


def convolved(values: Iterator[Any], x: Any) -> Any:
    """padding="same", stride 1."""
    import jax

    kernel, bias = next(values), next(values)
    return jax.lax.conv_general_dilated(x, kernel, (1,) * (x.ndim - 2), "SAME", dimension_numbers=AXES[x.ndim]) + bias


def transposed(values: Iterator[Any], x: Any) -> Any:
    """By 2, of windows of 2 or 4: a convolution of x with a zero between its pixels, by the kernel turned by half a turn."""
    import jax

    kernel, bias = next(values), next(values)
    around = [(kernel.shape[0] // 2, kernel.shape[0] // 2)] * 2 if kernel.shape[0] == 4 else [(1, 1)] * 2
    turned = kernel[::-1, ::-1].swapaxes(2, 3)
    return jax.lax.conv_general_dilated(x, turned, (1, 1), around, lhs_dilation=(2, 2), dimension_numbers=AXES[4]) + bias


def unet(values: Iterator[Any], x: Any) -> Any:
    """Down, and up again."""
    import jax
    from jax import numpy as jnp

    def twice(x: Any) -> Any:
        return jax.nn.relu(convolved(values, jax.nn.relu(convolved(values, x))))

    skips = []
    for _ in FILTERS[:-1]:
        skips.append(twice(x))
        x = jax.lax.reduce_window(skips[-1], -jnp.inf, jax.lax.max, (1, 2, 2, 1), (1, 2, 2, 1), "VALID")
    x = twice(x)
    for skip in reversed(skips):
        x = twice(jnp.concatenate([transposed(values, x), skip], -1))
    return convolved(values, x)


def attention(values: Iterator[Any], x: Any) -> Any:
    """Heads side by side."""
    import jax
    from jax import numpy as jnp

    query, key, value = (jnp.einsum("ntf,fhd->nthd", x, next(values)) + next(values) for _ in range(3))
    weights = jax.nn.softmax(jnp.einsum("nthd,nshd->nhts", query, key) / DEPTH**0.5)
    mixed = jnp.einsum("nhts,nshd->nthd", weights, value)
    assert mixed.shape[2] == HEADS
    return jnp.einsum("nthd,hdf->ntf", mixed, next(values)) + next(values)
