"""What every finding has: a code, a severity, facts, and words made of them; and the exception that carries one."""

from __future__ import annotations

from collections.abc import Sequence
from typing import ClassVar


class Diagnostic:
    """One thing that is wrong, as facts; `message()` and `help()` word them late.

    A subclass names its facts in `__init__`, its page in the docstring (what, why, Bad, Good) and its `code`.
    `argument` names the argument of the layer that is to blame, where there is one: carets point at it.
    """

    code: ClassVar[str]
    severity: ClassVar[str] = "error"
    argument: str | None = None

    def message(self) -> str:
        """What is wrong, with both numbers, in one line without a full stop."""
        raise NotImplementedError

    def help(self) -> str:
        """One edit that works, in the imperative; "" if there is none."""
        return ""

    def follows(self, layers: Sequence[tuple[str, object]]) -> None:
        """Told once a graph is known: names and rules of the layers before, nearest first. Words may become exact."""

    def __str__(self) -> str:
        return f"{self.code} {self.message()}"


class ShapeError(ValueError):
    """A finding raised where the user's call stands: in a rule, in `add`, in `fit`.

    `diagnostic` holds the facts, `layer` the layer's name as the table prints it.
    """

    def __init__(self, diagnostic: Diagnostic, layer: str | None = None) -> None:
        self.diagnostic = diagnostic
        self.layer = layer
        super().__init__(diagnostic, layer)

    def at(self, layer: str) -> ShapeError:
        """The same finding, placed at a layer."""
        return type(self)(self.diagnostic, self.layer or layer)

    def __str__(self) -> str:
        place = f"{self.layer}: " if self.layer else ""
        advice = self.diagnostic.help()
        return f"{place}{self.diagnostic}" + (f"\nhelp: {advice}" if advice else "")
