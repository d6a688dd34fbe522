"""Automatic layer names: dense, dense_1, conv2d, max_pooling2d ... as Keras counts them."""

from __future__ import annotations

from functools import lru_cache

SMALL, CAPITALS = frozenset("abcdefghijklmnopqrstuvwxyz"), frozenset("ABCDEFGHIJKLMNOPQRSTUVWXYZ")
IRREGULAR = {"InputLayer": "input_layer", "Model": "functional", "Graph": "functional"}


@lru_cache(1000)
def snake_case(class_name: str) -> str:
    """The class name in Keras's snake case.

    >>> [snake_case(name) for name in ("Conv2D", "MaxPooling2D", "ReLU", "PReLU", "LSTM", "Conv2DTranspose")]
    ['conv2d', 'max_pooling2d', 're_lu', 'p_re_lu', 'lstm', 'conv2d_transpose']
    """
    if class_name in IRREGULAR:
        return IRREGULAR[class_name]
    name = "".join(letter for letter in class_name if letter == "_" or letter.isalnum())
    words = ""
    for before, letter, after in zip(" " + name, name, name[1:] + " ", strict=False):
        begins = letter in CAPITALS and (after in SMALL or before in SMALL)
        words += f"_{letter}" if begins and words else letter
    return words.lower()


class Names:
    """Counters of one process or one file: the first of a kind has no number, then _1, _2, ..."""

    def __init__(self) -> None:
        self._next: dict[str, int] = {}

    def give(self, class_name: str) -> str:
        """The next automatic name for a class."""
        stem = snake_case(class_name)
        number = self._next.get(stem, 0)
        self._next[stem] = number + 1
        return f"{stem}_{number}" if number else stem
