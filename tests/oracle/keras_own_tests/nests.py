"""Functions of nested lists, tuples and dictionaries, with the names that Keras's tests use."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any


def is_nested(x: Any) -> bool:
    """Whether it is a list, tuple or dictionary."""
    return isinstance(x, (list, tuple, dict))


def flatten(x: Any) -> list[Any]:
    """Its leaves from left to right; keys of a dictionary in sorted order."""
    if isinstance(x, dict):
        return [leaf for key in sorted(x) for leaf in flatten(x[key])]
    return [leaf for one in x for leaf in flatten(one)] if is_nested(x) else [x]


def map_structure(function: Callable[..., Any], first: Any, *others: Any) -> Any:
    """The same structure with function(leaf, ...) for leaves."""
    if isinstance(first, dict):
        return {key: map_structure(function, first[key], *(other[key] for other in others)) for key in first}
    if is_nested(first):
        return type(first)(map_structure(function, *each) for each in zip(first, *others, strict=True))
    return function(first, *others)


def pack_sequence_as(structure: Any, leaves: list[Any]) -> Any:
    """The leaves in the structure."""
    rest = iter(leaves)
    return map_structure(lambda _: next(rest), structure)


def assert_same_structure(a: Any, b: Any) -> None:
    """ValueError if they are nested in different ways."""
    if is_nested(a) != is_nested(b) or (is_nested(a) and len(a) != len(b)):
        raise ValueError(f"structures differ: {a} and {b}")
    if isinstance(a, dict):
        for key in a:
            assert_same_structure(a[key], b[key])
    elif is_nested(a):
        for one, other in zip(a, b, strict=True):
            assert_same_structure(one, other)
