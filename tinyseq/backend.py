"""The part of Keras's backend module that scripts use."""

from __future__ import annotations

from tinyseq.engine.naming import clear_session

__all__ = ["clear_session", "epsilon", "floatx"]


def epsilon() -> float:
    """What keeps logarithms and divisions finite."""
    return 1e-7


def floatx() -> str:
    """The dtype of weights and values."""
    return "float32"
