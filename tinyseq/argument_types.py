"""Kinds of arguments: what counts as a number, whatever package it comes from."""

from __future__ import annotations

from typing import Any


def is_number(value: Any) -> bool:
    """True for what float() takes, but neither for text nor for True and False.

    >>> import numpy as np
    >>> is_number(0.5), is_number(np.float32(2)), is_number("0.5"), is_number(True)
    (True, True, False, False)
    """
    return not isinstance(value, (bool, str)) and hasattr(value, "__float__")


def is_integer(value: Any) -> bool:
    """True for what counts and indexes, but not for True and False.

    >>> import numpy as np
    >>> is_integer(3), is_integer(np.int64(3)), is_integer(3.0), is_integer(True)
    (True, True, False, False)
    """
    return not isinstance(value, bool) and hasattr(value, "__index__")
