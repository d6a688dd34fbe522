"""The layer that sets the last axis of a tensor, and the edit that gives it another size."""

from __future__ import annotations

from shapecheck.reader.source import Position, expression
from shapecheck.repairs.candidates.base import Candidate
from shapecheck.repairs.candidates.titles import placed
from shapecheck.repairs.edits import Change, set_argument
from shapecheck.table import keeps_width

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    from shapecheck.findings import Stack
    from shapecheck.repairs.edits import Edit

NAMES = ("units", "filters")
"""Arguments that set the last axis."""


def with_width(stack: Stack, position: int, size: int) -> Candidate | None:
    """The output of a layer with `size` values on its last axis: set where it is made, behind layers that keep it."""
    node = stack.rows[position].node
    while node in stack.nodes:
        place = stack.nodes.index(node)
        row, origin = stack.rows[place], stack.origins[place]
        name = next((name for name in NAMES if isinstance(getattr(row.node.rule, name, None), int)), "")
        if name and not getattr(row.node.rule, "nested", False):
            return Candidate(placed(origin.where, f"{name}={size}"), [set_argument(origin, name, str(size))])
        inner = getattr(row.node.rule, "layer", None)
        name = next((name for name in NAMES if isinstance(getattr(inner, name, None), int)), "")
        if name:
            return _inside(row.node.rule, origin, name, size)
        if not keeps_width(row):
            return None
        node = node.inputs[0].node
    return None


def _inside(wrapper: Any, origin: Any, name: str, size: int) -> Candidate | None:
    """The layer inside TimeDistributed, or Bidirectional, which puts two outputs side by side."""
    if type(wrapper).__name__ == "Bidirectional" and getattr(wrapper, "merge_mode", "") == "concat":
        if size % 2:
            return None
        size //= 2
    edit: Edit | None
    if isinstance(origin, Position):
        edit = Change(origin, "set inside", "layer", name, str(size))
    else:
        call: Any = expression(origin.arguments.get("layer"))
        found = next((keyword.value for keyword in getattr(call, "keywords", ()) if keyword.arg == name), None)
        found = found or next(iter(getattr(call, "args", ())), None)
        edit = (origin.unit.place(found), str(size)) if found is not None else None
    return Candidate(placed(origin.where, f"{name}={size}"), [edit])
