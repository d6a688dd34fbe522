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
    found += [Case("ConvLSTM1D", {"filters": 3, "kernel_size": 3, "dilation_rate": 2, "return_sequences": True}, [(4, 9, 2)])]
    found += [Case("ConvLSTM1D", {"filters": 3, "kernel_size": 4, "padding": "same", "strides": 2}, [(3, 9, 2), (5, 3), (5, 3)])]
    more = {
        "return_sequences": True,
        "return_state": True,
        "go_backwards": True,
        "activation": "relu",
        "recurrent_activation": "hard_sigmoid",
    }
    found += [Case("ConvLSTM2D", {"filters": 3, "kernel_size": (2, 3), "padding": "same", **more}, [(3, 5, 4, 2)])]
    found += [Case("LSTM", {"units": 1}, [(1, 1)]), Case("GRU", {"units": 1, "use_bias": False}, [(1, 1)])]
    return found


def _sequential(*make: Callable[[Any], Any]) -> Callable[[Any], Any]:
    """A stack; each function makes a layer (or the Input) of `keras`."""
    return lambda keras: keras.Sequential([one(keras) for one in make])


def _words(k: Any) -> Any:
    return k.Input((6,), dtype="int32")


def _vectors(k: Any) -> Any:
    return k.Input((6, 3))


def _embedded(k: Any) -> Any:
    return k.layers.Embedding(9, 5, mask_zero=True)


def _masking(k: Any) -> Any:
    return k.layers.Masking()


def _states(keras: Any) -> Any:
    """Encoder and decoder: states go out of one LSTM and into another."""
    first, second = keras.Input((5, 3)), keras.Input((4, 2))
    _, h, c = keras.layers.LSTM(6, return_state=True)(first)
    outputs = keras.layers.LSTM(6, return_sequences=True)(second, initial_state=[h, c])
    return keras.Model([first, second], [keras.layers.Dense(3)(outputs), h])


def _both_states(keras: Any) -> Any:
    """States of both directions, through Bidirectional twice."""
    first, second = keras.Input((5, 3)), keras.Input((4, 2))
    _, *states = keras.layers.Bidirectional(keras.layers.GRU(4, return_state=True))(first)
    outputs = keras.layers.Bidirectional(keras.layers.GRU(4, return_sequences=True), merge_mode="ave")(second, initial_state=states)
    return keras.Model([first, second], outputs)


def _given_mask(keras: Any) -> Any:
    """A mask that is an input of its own."""
    x, words = keras.Input((6, 3)), keras.Input((6,), dtype="int32")
    other = keras.layers.Embedding(9, 4, mask_zero=True)(words)
    joined = keras.layers.Concatenate()([other, other])
    added = keras.layers.Add()([joined, keras.layers.Concatenate()([other, other])])
    back = keras.layers.GRU(5, return_sequences=True, go_backwards=True)(added)
    return keras.Model([x, words], [keras.layers.GlobalAveragePooling1D()(added), keras.layers.LSTM(4)(x), back])


def _end_to_end(keras: Any) -> Any:
    """Steps of two sequences, one of them masked, behind each other."""
    x, y = keras.Input((6, 3)), keras.Input((4, 3))
    one, other = keras.layers.Masking()(x), keras.layers.Masking()(y)
    return keras.Model([x, y], keras.layers.GRU(5)(keras.layers.Concatenate(axis=1)([one, other])))


BLANK = ((0, 3), (0, 4), (0, 5), (1, 0), (1, 2), (1, 5), (2, 0), (2, 1), (2, 2), (2, 3), (2, 4), (2, 5))
"""Zeros at the end, here and there, and throughout."""
PARTLY = BLANK[:6]

NETS: list[Net] = [
    *(
        Net(
            f"Masking, {name}, sequences",
            _sequential(_vectors, _masking, lambda k, n=name: getattr(k.layers, n)(4, return_sequences=True)),
            [(6, 3)],
            blank=BLANK,
        )
        for name in ("SimpleRNN", "LSTM", "GRU")
    ),
    *(
        Net(
            f"Masking, {name}",
            _sequential(_vectors, _masking, lambda k, n=name: getattr(k.layers, n)(4, activation="relu")),
            [(6, 3)],
            blank=BLANK,
        )
        for name in ("SimpleRNN", "LSTM", "GRU")
    ),
    Net(
        "Embedding, LSTM backwards", _sequential(_words, _embedded, lambda k: k.layers.LSTM(4, go_backwards=True)), [((6,), 9)], blank=BLANK
    ),
    Net(
        "Masking, GRU with the reset before",
        _sequential(_vectors, _masking, lambda k: k.layers.GRU(4, reset_after=False, return_sequences=True, go_backwards=True)),
        [(6, 3)],
        blank=BLANK,
    ),
    Net(
        "Embedding, Bidirectional twice",
        _sequential(
            _words,
            _embedded,
            lambda k: k.layers.Bidirectional(k.layers.LSTM(4, return_sequences=True)),
            lambda k: k.layers.Bidirectional(k.layers.GRU(3), merge_mode="mul"),
        ),
        [((6,), 9)],
        blank=BLANK,
    ),
    Net(
        "Masking, stacked cells backwards",
        _sequential(
            _vectors,
            _masking,
            lambda k: k.layers.RNN(
                [k.layers.LSTMCell(4), k.layers.GRUCell(3), k.layers.SimpleRNNCell(5)], go_backwards=True, return_sequences=True
            ),
        ),
        [(6, 3)],
        blank=BLANK,
    ),
    Net(
        "Masking, zeros where masked",
        _sequential(_vectors, _masking, lambda k: k.layers.RNN(k.layers.LSTMCell(4), zero_output_for_mask=True, return_sequences=True)),
        [(6, 3)],
        blank=BLANK,
    ),
    Net(
        "masked loss and metrics",
        _sequential(
            _words,
            _embedded,
            lambda k: k.layers.LSTM(4, return_sequences=True),
            lambda k: k.layers.Dropout(0.5),
            lambda k: k.layers.TimeDistributed(k.layers.Dense(5, activation="softmax")),
        ),
        [((6,), 9)],
        "sparse_categorical_crossentropy",
        ("accuracy",),
        PARTLY,
    ),
    Net(
        "masked squares",
        _sequential(_vectors, _masking, lambda k: k.layers.GRU(4, return_sequences=True), lambda k: k.layers.Dense(2)),
        [(6, 3)],
        "mse",
        ("mae",),
        PARTLY,
    ),
    Net(
        "Embedding, GlobalAveragePooling1D",
        _sequential(_words, _embedded, lambda k: k.layers.GlobalAveragePooling1D()),
        [((6,), 9)],
        blank=PARTLY,
    ),
    Net(
        "TimeDistributed, Conv1D, LSTM",
        _sequential(
            lambda k: k.Input((4, 7, 3)),
            lambda k: k.layers.TimeDistributed(k.layers.Conv1D(5, 3, activation="relu")),
            lambda k: k.layers.TimeDistributed(k.layers.GlobalMaxPooling1D()),
            lambda k: k.layers.LSTM(4),
        ),
        [(4, 7, 3)],
    ),
    Net(
        "TimeDistributed, a model",
        _sequential(
            lambda k: k.Input((4, 7, 3)),
            lambda k: k.layers.TimeDistributed(k.Sequential([k.Input((7, 3)), k.layers.GRU(4), k.layers.Dense(2)])),
            lambda k: k.layers.Flatten(),
        ),
        [(4, 7, 3)],
    ),
    Net(
        "ConvLSTM1D twice",
        _sequential(
            lambda k: k.Input((6, 5, 2)),
            lambda k: k.layers.ConvLSTM1D(3, 3, return_sequences=True),
            lambda k: k.layers.Bidirectional(k.layers.ConvLSTM1D(2, 2), merge_mode="sum"),
        ),
        [(6, 5, 2)],
    ),
    Net("encoder and decoder", _states, [(5, 3), (4, 2)]),
    Net("states of both directions", _both_states, [(5, 3), (4, 2)]),
    Net("masks joined", _given_mask, [(6, 3), ((6,), 9)], blank=PARTLY),
    Net("masks end to end", _end_to_end, [(6, 3), (4, 3)], blank=BLANK),
]
