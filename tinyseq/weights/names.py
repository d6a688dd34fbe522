"""Automatic names of this process: dense, dense_1, ... counted by class."""

from __future__ import annotations

import threading

from shapecheck.naming import Names

_names = Names()
_lock = threading.Lock()


def give(class_name: str) -> str:
    """The next automatic name for a class."""
    with _lock:
        return _names.give(class_name)


def clear_session(free_memory: bool = True) -> None:
    """Makes automatic names count from the beginning again.

    Arguments:
        free_memory: accepted for compatibility with Keras, no effect
    """
    global _names
    with _lock:
        _names = Names()
