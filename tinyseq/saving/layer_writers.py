"""The functions that write layers in another language, by the names of the classes."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, Generic, Protocol, TypeVar

from tinyseq.saving.write_config import CannotSave


class LayerUse(Protocol):
    """One use of a layer in a model."""

    layer: Any

    def refuse(self, why: str) -> CannotSave:
        """The error that names the layer and the reason."""


U = TypeVar("U", bound=LayerUse)
V = TypeVar("V")


class LayerWriters(Generic[U, V]):
    """What writes each class. `U` is what a writer sees of a layer, `V` a value that it returns, alone or in a list.

    Arguments:
        unknown: why a class without a writer is refused
    """

    def __init__(self, unknown: str) -> None:
        self.unknown = unknown
        self._functions: dict[str, Callable[[U], V | list[V]]] = {}
        self._refused: dict[str, str] = {}

    def writes(self, *classes: str) -> Callable[[Callable[[U], Any]], Callable[[U], Any]]:
        """Registers a function as the writer of these classes."""

        def register(function: Callable[[U], Any]) -> Callable[[U], Any]:
            self._functions.update(dict.fromkeys(classes, function))
            return function

        return register

    def refuses(self, reasons: Mapping[str, str]) -> None:
        """Says for each class why the other language has nothing like it."""
        self._refused.update(reasons)

    def write(self, use: U) -> list[V]:
        """The values of one use. CannotSave for a layer without a writer."""
        kind = type(use.layer).__name__
        if not type(use.layer).__module__.startswith("tinyseq."):
            raise use.refuse("the class is yours")
        if kind not in self._functions:
            raise use.refuse(self._refused.get(kind, self.unknown))
        found = self._functions[kind](use)
        return found if isinstance(found, list) else [found]
