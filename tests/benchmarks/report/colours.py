"""Colours that are told apart with any colour vision, Okabe & Ito (2008), and what they stand for in both charts."""

from __future__ import annotations

from tests.benchmarks.report.figures import Figures

BLUE, ORANGE, GREEN, PURPLE, SKY, YELLOW, BLACK = "#0072B2", "#D55E00", "#009E73", "#CC79A7", "#56B4E9", "#B59B00", "#222222"
GREY, PALE = "#8A8A8A", "#DDDDDD"

KINDS: tuple[tuple[str, str, str], ...] = (
    ("train step", "training step of a net", ORANGE), ("predict", "prediction of a net", BLUE),
    ("weight gradient", "layer, weight gradient", PURPLE), ("input gradient", "layer, input gradient", GREEN),
    ("max-pool", "max-pooling", YELLOW), ("forward", "layer, forward", SKY),
)  # fmt: skip
"""(a word in the row's name, what it is, colour); the first that fits."""


def kind(row: Figures) -> tuple[str, str]:
    """(what the row is, its colour)."""
    return next(((words, colour) for word, words, colour in KINDS if word in row.row), ("other", BLACK))
