"""Types of arguments: which values are numbers, from any package."""

from __future__ import annotations

from typing import Any


def is_number(value: Any) -> bool:
    """True for anything that float() accepts, except strings and booleans.

    >>> import numpy as np
    >>> is_number(0.5), is_number(np.float32(2)), is_number("0.5"), is_number(True)
    (True, True, False, False)
    """
    return not isinstance(value, (bool, str)) and hasattr(value, "__float__")


def is_integer(value: Any) -> bool:
    """True for integers of any package, except booleans.

    >>> import numpy as np
    >>> is_integer(3), is_integer(np.int64(3)), is_integer(3.0), is_integer(True)
    (True, True, False, False)
    """
    return not isinstance(value, bool) and hasattr(value, "__index__")
