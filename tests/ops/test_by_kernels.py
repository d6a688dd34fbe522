"""What of tinyseq.ops runs by kernels in each step, and what by NumPy: the list of the documentation, counted on models."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

import tinyseq as keras
from tinyseq import ops
from tinyseq.layers.tensor_functions import by_kernels
from tinyseq.layers.tensor_functions.primitive import PRIMITIVES


def _forms(names: Any, made: Any) -> dict[str, Any]:
    """By each name, the function that `made` makes of that of tinyseq.ops."""
    return {name: made(getattr(ops, name)) for name in names}


def _two(kind: str, made: Any) -> dict[str, Any]:
    return {f"{name} {kind}": one for name, one in _forms(by_kernels.BINARY, made).items()}


def _along(axis: Any) -> dict[str, Any]:
    return {f"{name} along {axis}": one for name, one in _forms(by_kernels.SUMS, lambda f: lambda x: f(x, axis=axis)).items()}


CHANNELS = np.array([1.0, 2.0, 3.0])
FORMS: dict[str, Any] = {
    **_forms((*by_kernels.UNARY, "exp", "tanh", "sigmoid", "relu", "softplus", "negative"), lambda f: f),
    **_two("of two", lambda f: lambda x: f(x, x + 1.0)),
    **_two("of channels", lambda f: lambda x: f(x, CHANNELS)),
    **_two("of rows", lambda f: lambda x: f(x[:, :1], x)),
    **_two("with a number", lambda f: lambda x: f(2.0, x)),
    **_along(1), **_along(-1), **_along((1, 2)),
    "clip": lambda x: ops.clip(x, 0.5, 1.5),
    "where": lambda x: ops.where(x, x, 2.0),
    "matmul": lambda x: ops.matmul(x, ops.transpose(x, (0, 2, 1))),
    "reshape": lambda x: ops.reshape(x, (-1, 12)),
    "variance": lambda x: ops.mean(ops.square(x - ops.mean(x, axis=-1, keepdims=True)), axis=-1),
}  # fmt: skip
BY_NUMPY: dict[str, Any] = {
    "erf": ops.erf, "power": lambda x: ops.power(x, 3), "max": lambda x: ops.max(x, axis=-1), "cumsum": lambda x: ops.cumsum(x, axis=1),
    "tile": lambda x: ops.tile(x, (1, 2, 1)), "sort": lambda x: ops.sort(x, axis=1), "sum": lambda x: ops.sum(x, axis=(1, 3)),
}  # fmt: skip


def model_of(function: Any, sizes: tuple[int, ...]) -> Any:
    x = keras.Input(sizes)
    dense = keras.layers.Dense(3, use_bias=False, kernel_initializer="identity")(x)
    model = keras.Model(x, function(dense))
    model.compile("sgd", "mse")
    return model


def stages(model: Any, sizes: tuple[int, ...]) -> int:
    """How often Python interrupts a step of training."""
    data = np.random.default_rng(0).uniform(0.5, 2.0, (4, *sizes)).astype("float32")
    model.train_on_batch(data, np.zeros(model(data).shape, "float32"))
    found: int = model._engine.statistics()["python_stages"]
    return found


@pytest.mark.parametrize("name", FORMS)
def test_these_run_by_kernels(name: str) -> None:
    sizes = (4, 5, 3) if name == "sum along (1, 2)" else (4, 3)
    assert stages(model_of(FORMS[name], sizes), sizes) == 0


@pytest.mark.parametrize("name", BY_NUMPY)
def test_these_run_by_numpy(name: str) -> None:
    sizes = (4, 5, 3) if name == "sum" else (4, 3)
    assert stages(model_of(BY_NUMPY[name], sizes), sizes) > 0


def test_every_primitive_is_in_one_list() -> None:
    told = {name for name, one in PRIMITIVES.items() if one.view or one.activation}
    told |= {*by_kernels.UNARY, *by_kernels.BINARY, *by_kernels.SUMS, "where", "matmul", "negative", "weight", "constant"}
    own = {"own function", "own cell"}  # the user's
    assert not told & set(by_kernels.BY_NUMPY)
    own |= {name for name in PRIMITIVES if name.startswith("loss_")}  # losses on tensors
    assert set(PRIMITIVES) - own == told | set(by_kernels.BY_NUMPY)
    assert len(by_kernels.BY_NUMPY) == 69
