"""Nested structures of values: lists, tuples and dictionaries in each other, as models have them for inputs and outputs.

>>> leaves({"b": [1, 2], "a": 3})
[3, 1, 2]
>>> packed(form_of({"b": [1, 2], "a": 3}), [30, 10, 20])
{'b': [10, 20], 'a': 30}
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

Form = Any
"""A structure with None in place of each value."""


def is_nested(value: Any) -> bool:
    """Whether a value holds others."""
    return isinstance(value, (Mapping, list, tuple))


def leaves(value: Any) -> list[Any]:
    """The values one by one: those of a dictionary in the order of the sorted keys, as Keras has them."""
    if not is_nested(value):
        return [value]
    each = [value[key] for key in sorted(value)] if isinstance(value, Mapping) else value
    return [leaf for one in each for leaf in leaves(one)]


def form_of(value: Any) -> Form:
    """The structure alone."""
    return packed(value, [None] * len(leaves(value)))


def is_deep(value: Any) -> bool:
    """Whether it is more than one value, one list or one dictionary: a tuple, or a structure in a structure."""
    if not is_nested(value):
        return False
    return isinstance(value, tuple) or any(map(is_nested, value.values() if isinstance(value, Mapping) else value))


def packed(form: Form, values: Sequence[Any]) -> Any:
    """The structure with these values, in the order of `leaves`."""
    return _filled(form, iter(values))


def _filled(form: Form, values: Iterator[Any]) -> Any:
    if isinstance(form, Mapping):
        found = {key: _filled(form[key], values) for key in sorted(form)}
        return {key: found[key] for key in form}
    if not is_nested(form):
        return next(values)
    each = [_filled(one, values) for one in form]
    if isinstance(form, list):
        return each
    return type(form)(*each) if hasattr(form, "_fields") else tuple(each)


def paths(form: Form, before: tuple[Any, ...] = ()) -> list[tuple[Any, ...]]:
    """The keys and numbers that lead to each value."""
    if not is_nested(form):
        return [before]
    keys = sorted(form) if isinstance(form, Mapping) else range(len(form))
    return [path for key in keys for path in paths(form[key], (*before, key))]


def spread(what: str, form: Form, value: Any, before: tuple[Any, ...] = ()) -> list[Any]:
    """What a structure like `form` holds for each of its values, in the order of `leaves`; None where it holds nothing.

    ValueError for another structure.
    """
    if value is None:
        return [None] * len(leaves(form))
    if not is_nested(form):
        return [value]
    fits = isinstance(value, Mapping) if isinstance(form, Mapping) else isinstance(value, (list, tuple)) and len(value) == len(form)
    if not fits or (isinstance(form, Mapping) and not set(value) <= set(form)):
        place = "".join(f"[{key!r}]" for key in before)
        raise ValueError(f"{what}{place}: expected the structure {_shown(form)}: pass one value for each *")
    keys = sorted(form) if isinstance(form, Mapping) else range(len(form))
    found = [spread(what, form[key], value.get(key) if isinstance(value, Mapping) else value[key], (*before, key)) for key in keys]
    return [one for each in found for one in each]


def _shown(form: Form) -> str:
    """The structure with a * for each value."""
    if isinstance(form, Mapping):
        return "{" + ", ".join(f"{key!r}: {_shown(one)}" for key, one in form.items()) + "}"
    if not is_nested(form):
        return "*"
    inside = ", ".join(map(_shown, form))
    return f"[{inside}]" if isinstance(form, list) else f"({inside})"
