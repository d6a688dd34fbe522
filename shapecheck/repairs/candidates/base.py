"""Candidate repairs, before they are proved; and which function yields candidates for which kind of finding."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator

from shapecheck.diagnostics.base import Diagnostic
from shapecheck.findings import FileReport, Finding
from shapecheck.repairs.edits import Change

TYPE_CHECKING = False
if TYPE_CHECKING:
    from shapecheck.repairs.edits import Edit, TextEdit


class Candidate:
    """A candidate repair: a title, its edits (not usable if one is None), and sizes to show if they are known already."""

    __slots__ = ("edits", "path", "title")

    def __init__(self, title: str, edits: Iterable[Edit | None], path: str = "") -> None:
        found = list(edits)
        self.title = title
        self.edits: list[Edit] = [edit for edit in found if edit is not None] if None not in found else []
        self.path = path

    @property
    def text_edits(self) -> list[TextEdit]:
        """Its edits of source text; all edits of a candidate for a source file are of this kind."""
        return [edit for edit in self.edits if isinstance(edit, tuple)]

    @property
    def changes(self) -> list[Change]:
        """Its edits of a model in memory."""
        return [edit for edit in self.edits if isinstance(edit, Change)]


Mending = Callable[[FileReport, Finding], Iterator[Candidate]]
"""Candidate edits for a finding, the likeliest first."""
MENDINGS: dict[type[Diagnostic], Mending] = {}
IN_MEMORY: set[type[Diagnostic]] = set()
"""Kinds of findings whose candidates change rules; all other candidates change words in a source text."""


def mends(*kinds: type[Diagnostic], in_memory: bool = False) -> Callable[[Mending], Mending]:
    """Registers the function below as yielding candidates for findings of these kinds; `in_memory`: also for a model without source."""

    def registered(function: Mending) -> Mending:
        MENDINGS.update(dict.fromkeys(kinds, function))
        if in_memory:
            IN_MEMORY.update(kinds)
        return function

    return registered
