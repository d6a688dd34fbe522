"""What might help a finding, before it is proved."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from shapecheck.repairs.edits import Edit


class Candidate:
    """What might help: a title, its edits (one that is None spoils it), and sizes to show, if they are known already."""

    __slots__ = ("edits", "path", "title")

    def __init__(self, title: str, edits: Iterable[Edit | None], path: str = "") -> None:
        found = list(edits)
        self.title = title
        self.edits: list[Edit] = [edit for edit in found if edit is not None] if None not in found else []
        self.path = path
