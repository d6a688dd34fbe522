"""A student's first two recurrent networks learn: characters of a text, and whether a sentence praises or blames."""

import contextlib
import io
from typing import Any

import numpy as np

import tinyseq as keras
from tinyseq import layers


def text() -> str:
    """The Zen of Python, which every Python ships (importing it prints it)."""
    with contextlib.redirect_stdout(io.StringIO()):
        import this
    return "".join(this.d.get(letter, letter) for letter in this.s)


def test_a_character_lstm_learns_what_comes_next() -> None:
    keras.utils.set_random_seed(1)
    letters = sorted(set(text()))
    codes = np.array([letters.index(letter) for letter in text()])
    x = np.lib.stride_tricks.sliding_window_view(codes, 20)[:-1].copy()
    y = codes[20:]
    model = keras.Sequential(
        [keras.Input((20,)), layers.Embedding(len(letters), 16), layers.LSTM(64), layers.Dense(len(letters), activation="softmax")]
    )
    model.compile(keras.optimizers.Adam(0.01), "sparse_categorical_crossentropy", metrics=["accuracy"])
    shares = np.bincount(y) / len(y)
    by_letters_alone = float(-(shares[shares > 0] * np.log(shares[shares > 0])).sum())
    history = model.fit(x, y, batch_size=64, epochs=12, verbose=0).history
    assert history["loss"][0] > 0.8 * by_letters_alone
    assert history["loss"][-1] < 0.75 * by_letters_alone  # 0.67: what came before says more than how frequent a letter is


WORDS = "the a film plot music was is very not good great fine bad dull poor".split()  # noqa: SIM905
GOOD, BAD = ("good", "great", "fine"), ("bad", "dull", "poor")


def sentences(count: int, seed: int) -> tuple[Any, Any]:
    """Word numbers from 1 on, 0 behind the end; 1 for praise. "not" turns a word round, so that word counts do not suffice."""
    random, x, y = np.random.default_rng(seed), np.zeros((count, 10), np.int64), np.zeros(count, np.int64)
    for row in range(count):
        praise, turned = random.integers(0, 2, 2)
        word = random.choice(GOOD if praise else BAD)
        found = [random.choice(["the", "a"]), random.choice(["film", "plot", "music"]), random.choice(["was", "is"])]
        found += ["very"] * random.integers(0, 4) + ["not"] * turned + ["very"] * random.integers(0, 2) + [word]
        x[row, : len(found)] = [1 + WORDS.index(one) for one in found]
        y[row] = praise ^ turned
    return x, y


def test_a_bidirectional_lstm_tells_praise_from_blame() -> None:
    keras.utils.set_random_seed(2)
    model = keras.Sequential(
        [
            keras.Input((10,)),
            layers.Embedding(1 + len(WORDS), 8, mask_zero=True),
            layers.Bidirectional(layers.LSTM(12, return_sequences=True)),
            layers.Bidirectional(layers.LSTM(8)),
            layers.Dense(1, activation="sigmoid"),
        ]
    )
    model.compile(keras.optimizers.Adam(0.02), "binary_crossentropy", metrics=["accuracy"])
    model.fit(*sentences(600, 1), batch_size=32, epochs=8, verbose=0)
    _, accuracy = model.evaluate(*sentences(200, 2), verbose=0)
    assert accuracy > 0.97
