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


KINDS: dict[str, tuple[str, str]] = {
    "float": ("a number", "0.1"),
    "int": ("an integer", "1"),
    "bool": ("True or False", "True"),
    "str": ("a text", "'name'"),
}
"""What an annotation asks for, and an example."""


def fits(value: Any, kind: str) -> bool:
    """Whether a value is of the kind that an annotation names: numbers of any package, but no arrays and no NaN.

    >>> [fits(3, "float"), fits(3.0, "int"), fits(2.5, "int"), fits("3", "float"), fits(float("nan"), "float"), fits(1, "bool")]
    [True, True, False, False, False, True]
    """
    if kind == "str":
        return isinstance(value, str)
    if type(value).__name__ in ("bool", "bool_"):
        return kind == "bool"
    if not is_number(value) or getattr(value, "shape", ()) != ():
        return False
    number = float(value)
    return number in (0, 1) if kind == "bool" else number == number and (kind == "float" or number.is_integer())


def _quoted(value: Any, kind: str) -> bool:
    """True for "3" where 3 is meant."""
    if not isinstance(value, str) or kind not in ("int", "float"):
        return False
    try:
        return fits(float(value), kind)
    except ValueError:
        return False


def check_kinds(where: str, annotations: dict[str, Any], given: dict[str, Any]) -> None:
    """Raises for the first argument whose annotation is a plain kind (perhaps `| None`) that its value is not: TypeError, for NaN and
    fractions ValueError."""
    for name, value in given.items():
        kind, _, rest = str(annotations.get(name, "")).partition(" | ")
        if kind not in KINDS or rest not in ("", "None") or (value is None and rest) or fits(value, kind):
            continue
        if name == "seed" and getattr(value, "makes_seeds", False):
            continue
        what, example = KINDS[kind]
        edit = f"write {name}={value}, without quotes" if _quoted(value, kind) else f"for example {name}={example}"
        words = f"{where}: {name}={value!r}: expected {what}{' or None' if rest else ''}: {edit}"
        raise (ValueError if is_number(value) and getattr(value, "shape", ()) == () else TypeError)(words)
