"""Recurrent layers in small nets, as data for both sides: make(keras) builds the same net with Keras and with tinyseq."""

import zlib
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

import numpy as np
from numpy.typing import NDArray

from tests.cases import SEQUENCES as FAMILY
from tests.cases import Case

__all__ = ["FAMILY", "NETS", "Net", "inputs_of", "long_cases", "weights_of"]


@dataclass(frozen=True)
class Net:
    """A net by name. `inputs`: shapes without the batch; (sizes, n) for whole numbers below n."""

    key: str
    make: Callable[[Any], Any]
    inputs: list[Any]
    loss: str | None = None
    metrics: tuple[str, ...] = ()
    blank: tuple[tuple[int, int], ...] = field(default=())
    """(sample, step) where the inputs are 0."""

    def targets(self, shape: Any) -> NDArray[Any]:
        """Of the first output."""
        random = np.random.default_rng(zlib.crc32(f"{self.key}/targets".encode()))
        if self.loss == "sparse_categorical_crossentropy":
            return random.integers(0, shape[-1], shape[:-1])
        return random.standard_normal(shape).astype(np.float32)


BATCH = 4


def inputs_of(net: Net) -> list[NDArray[Any]]:
    """Arrays for the inputs, with zeros where the net says so."""
    random = np.random.default_rng(zlib.crc32(f"{net.key}/inputs".encode()))
    found: list[NDArray[Any]] = []
    for shape in net.inputs:
        if isinstance(shape[0], tuple):
            array: NDArray[Any] = random.integers(1, shape[1], (BATCH, *shape[0])).astype(np.int32)
        else:
            array = random.standard_normal((BATCH, *shape)).astype(np.float32)
        if array.ndim > 1:
            for n, t in net.blank:
                array[n, t % array.shape[1]] = 0
        found.append(array)
    return found


def weights_of(net: Net, shapes: list[tuple[int, ...]]) -> list[NDArray[np.float32]]:
    """Small numbers."""
    random = np.random.default_rng(zlib.crc32(f"{net.key}/weights".encode()))
    return [(0.4 * random.standard_normal(shape)).astype(np.float32) for shape in shapes]


def long_cases() -> list[Case]:
    """50 steps, and arguments that the lines of tests/cases.py do not have."""
    found = [Case(name, {"units": 9}, [(50, 6)]) for name in ("SimpleRNN", "LSTM", "GRU")]
    names = ("relu", "linear", "hard_sigmoid", "softsign", "gelu")
    found += [Case("SimpleRNN", {"units": 5, "activation": name, "return_sequences": True}, [(4, 3)]) for name in names]
    for name in ("LSTM", "GRU"):
        found += [Case(name, {"units": 5, "activation": "relu", "recurrent_activation": "hard_sigmoid"}, [(6, 3)])]
        found += [Case(name, {"units": 5, "activation": "softsign", "recurrent_activation": "gelu", "return_sequences": True}, [(5, 3)])]
        found += [Case(name, {"units": 33, "return_sequences": True}, [(5, 35)])]
        found += [Case(name, {"units": 5}, [(6, 3), *((5,),) * (1 if name == "GRU" else 2)])]
        found += [Case(name, {"units": 4, "stateful": True, "return_sequences": True, "go_backwards": True}, [(5, 3)], batch=3)]
    found += [Case("GRU", {"units": 5, "reset_after": False, "return_sequences": True, "return_state": True}, [(6, 3)])]
    found += [Case("GRU", {"units": 5, "reset_after": False, "activation": "gelu", "go_backwards": True}, [(6, 3), (5,)])]
    found += [Case("LSTM", {"units": 1}, [(1, 1)]), Case("GRU", {"units": 1, "use_bias": False}, [(1, 1)])]
    return found


NETS: list[Net] = []
