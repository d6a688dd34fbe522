"""Cells of a user's own inside RNN, built alike in Keras and in ours: each function takes the package. numpy alone."""

from __future__ import annotations

import zlib
from collections.abc import Callable
from typing import Any

import numpy as np
from numpy.typing import NDArray

BATCH, STEPS, FEATURES = 3, 5, 4


def minimal(k: Any) -> Any:
    """Keras's own example of a cell."""

    class MinimalCell(k.layers.Layer):  # type: ignore[misc,name-defined]
        def __init__(self, units: int, **options: Any) -> None:
            super().__init__(**options)
            self.units = units
            self.state_size = units

        def build(self, input_shape: Any) -> None:
            self.kernel = self.add_weight(shape=(input_shape[-1], self.units), initializer="uniform", name="kernel")
            self.recurrent_kernel = self.add_weight(shape=(self.units, self.units), initializer="uniform", name="recurrent_kernel")

        def call(self, inputs: Any, states: Any) -> Any:
            output = k.ops.matmul(inputs, self.kernel) + k.ops.matmul(states[0], self.recurrent_kernel)
            return output, [output]

    return MinimalCell


def peephole(k: Any) -> Any:
    """Two states, an output of its own size, layers inside."""

    class Peephole(k.layers.Layer):  # type: ignore[misc,name-defined]
        def __init__(self, units: int, **options: Any) -> None:
            super().__init__(**options)
            self.state_size = [units, units]
            self.output_size = 2
            self.gates = k.layers.Dense(2 * units, activation="sigmoid")
            self.new = k.layers.Dense(units, activation="tanh")
            self.out = k.layers.Dense(2)
            self.units = units

        def call(self, inputs: Any, states: Any, training: bool = False) -> Any:
            hidden, memory = states
            both = k.ops.concatenate([inputs, hidden, memory], axis=-1)
            gates = self.gates(both)
            keep, write = gates[:, : self.units], gates[:, self.units :]
            memory = keep * memory + write * self.new(both)
            hidden = k.ops.tanh(memory)
            return self.out(hidden), [hidden, memory]

    return Peephole


def one(k: Any) -> Any:
    return k.layers.RNN(minimal(k)(3))


def every_step(k: Any) -> Any:
    return k.layers.RNN(minimal(k)(3), return_sequences=True, return_state=True, go_backwards=True)


def stacked(k: Any) -> Any:
    return k.layers.RNN([minimal(k)(3), k.layers.LSTMCell(4), minimal(k)(2)])


def with_layers(k: Any) -> Any:
    return k.layers.RNN(peephole(k)(3), return_sequences=True, return_state=True)


CASES: dict[str, Callable[[Any], Any]] = {case.__name__: case for case in (one, every_step, stacked, with_layers)}


def numbers(name: str, purpose: str, shape: Any) -> NDArray[np.float32]:
    """Normal numbers of a case."""
    random = np.random.default_rng(zlib.crc32(f"{name}/{purpose}".encode()))
    return (0.5 * random.standard_normal(shape)).astype(np.float32)


def inputs(name: str) -> NDArray[np.float32]:
    return numbers(name, "inputs", (BATCH, STEPS, FEATURES))
