"""A call as its target sees it."""

from __future__ import annotations

import _ast as ast

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    from shapecheck.reader.source import Unit


class Call:
    """A call as its target sees it: values by position and by name, the expression of each, and whether some are hidden by a *."""

    __slots__ = ("args", "hidden", "keywords", "node", "nodes", "passed", "unit")

    def __init__(self, unit: Unit, node: ast.Call) -> None:
        self.node = node
        self.unit: Unit = unit
        self.args: list[Any] = []
        self.keywords: dict[str, Any] = {}
        self.nodes: dict[int | str, Any] = {}
        self.hidden = ""
        self.passed = False  # to code that is not in the file

    def get(self, place: int, name: str, default: Any = None) -> Any:
        """An argument by position or by name."""
        if place < len(self.args):
            return self.args[place]
        return self.keywords.get(name, default)

    def node_of(self, place: int, name: str) -> Any:
        """Its expression."""
        return self.nodes.get(place, self.nodes.get(name))
