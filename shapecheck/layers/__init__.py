"""The rules, by class name; the file of a class is loaded at its first use. Editors read __init__.pyi.

>>> from shapecheck import layers
>>> layers.Dense(3).units
3
"""

from __future__ import annotations

from functools import lru_cache
from importlib import import_module

from shapecheck.layers.families import ALIASES as ALIASES
from shapecheck.layers.families import FAMILIES as FAMILIES
from shapecheck.layers.families import HOME as HOME
from shapecheck.layers.families import MERGES as MERGES
from shapecheck.layers.families import PLACES as PLACES

TYPE_CHECKING = False
if TYPE_CHECKING:
    from shapecheck.layers.base import Rule


@lru_cache(1000)
def find(name: str) -> type[Rule] | None:
    """The rule of that class name, or None."""
    name = ALIASES.get(name, name)
    place = PLACES.get(name)
    if place is None:
        return None
    rule: type[Rule] = getattr(import_module(f"shapecheck.layers.{place}"), name)
    return rule


def __getattr__(name: str) -> type[Rule]:
    rule = find(name)
    if rule is None:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return rule


def __dir__() -> list[str]:
    return sorted(HOME)
