"""Pixels that no window reads: at the end of an axis that the stride does not divide evenly, or between windows."""

from __future__ import annotations

from shapecheck.languages import Phrase, both, say
from shapecheck.layers.base import Window
from shapecheck.shapes import same_padding

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    from shapecheck.table import Row, ShapeTable


class Unread:
    """Along one axis of one layer's input: `end` pixels after the last window, `between` pixels in gaps of the stride."""

    __slots__ = ("axis", "between", "end", "row")

    def __init__(self, row: Row, axis: str, end: int, between: int) -> None:
        self.row = row
        self.axis = axis
        self.end = end
        self.between = between


def left_over(size: int, window: int, stride: int) -> int:
    """How many pixels are left after the last window that fits.

    >>> left_over(250, window=5, stride=2)
    1
    """
    return (size - window) % stride


def unread(table: ShapeTable) -> tuple[Unread, ...]:
    """The pixels of its own input that each layer leaves unread, if all sizes are known."""
    found = []
    for row in table.rows:
        for axis, size, extent, stride, positions in _axes(row):
            end = left_over(size, extent, stride) if _padding(row) == "valid" else 0
            between = max(stride - extent, 0) * (positions - 1)
            if end or between:
                found.append(Unread(row, axis, end, between))
    return tuple(found)


def _padding(row: Row) -> Any:
    window = row.inference.window if row.inference else None
    return window.padding if isinstance(window, Window) else None


def _axes(row: Row) -> list[tuple[str, int, int, int, int]]:
    """(axis, size, extent, stride, positions) of each axis a window slides along, if all are known."""
    inference = row.inference
    if inference is None or not isinstance(inference.window, Window):
        return []
    window = inference.window
    sums = [line for line in inference.arithmetic if "size" in line.values and "stride" in line.values]
    rows = []
    if len(sums) == len(window.extents) and all(factor == 1 for factor in window.factors):
        facts = zip(sums, window.extents, window.strides, window.positions, strict=True)
        for line, extent, stride, positions in facts:
            size = line.values["size"]
            if all(isinstance(fact, int) for fact in (size, extent, stride, positions)):
                rows.append((line.axis, size, extent, stride, positions))
    return rows  # type: ignore[return-value]


def never_reached(table: ShapeTable) -> dict[str, tuple[int, int]]:
    """For a chain: by axis, the first and last pixel at the end of the image that never reach the output.

    {} if all pixels reach it, or if it is unknown.
    """
    walks: dict[str, _Walk] = {}
    for row in table.rows:
        if row.inference is None or len(row.node.inputs) > 1:
            return {}
        axes = _axes(row)
        moved = isinstance(row.inference.window, Window) and any(line.axis in NAMES for line in row.inference.arithmetic)
        if (moved and not axes) or (walks and row.inference.window == "new"):
            return {}
        for axis, size, extent, stride, positions in axes:
            before = {"same": same_padding(size, extent, stride)[0], "causal": extent - 1}.get(_padding(row), 0)
            walks.setdefault(axis, _Walk(size)).step(before, extent, stride, positions)
    return {axis: (walk.end, walk.size - 1) for axis, walk in walks.items() if walk.end < walk.size}


class _Walk:
    """The positions of a chain's windows in the image, along one axis."""

    __slots__ = ("end", "jump", "sees", "size", "start")

    def __init__(self, size: int) -> None:
        self.size = self.end = size
        self.start, self.sees, self.jump = 0, 1, 1

    def step(self, before: int, extent: int, stride: int, positions: int) -> None:
        """Adds a layer with `before` pixels of padding in front."""
        self.start -= before * self.jump
        self.sees += (extent - 1) * self.jump
        self.jump *= stride
        self.end = self.start + (positions - 1) * self.jump + self.sees


NAMES = {
    "height": (Phrase("pixels", "row", "row"), Phrase("pixels", "rows", "rows")),
    "width": (Phrase("pixels", "column", "column"), Phrase("pixels", "columns", "columns")),
    "depth": (Phrase("pixels", "layer", "layer"), Phrase("pixels", "layers", "layers")),
    "steps": (Phrase("pixels", "step", "step"), Phrase("pixels", "steps", "steps")),
}
"""The unit along an axis, one and several: row, column or step."""


def notes(table: ShapeTable, names: dict[str, str] | None = None) -> list[str]:
    """The findings in words. `names` replaces a row's name ({"conv2d": "line 5"}); a row whose new name is "" is skipped."""
    groups: dict[str, list[str]] = {}
    found = unread(table)
    for row in dict.fromkeys(item.row for item in found if names is None or names.get(item.row.name, "?")):
        items = [item for item in found if item.row is row]
        parts = _together([(item.axis, item.end) for item in items if item.end])
        between = _together([(item.axis, item.between) for item in items if item.between])
        parts += [say("pixels", "between", "{pixels} between windows", pixels=part) for part in between]
        groups.setdefault(", ".join(parts), []).append((names or {}).get(row.name, row.name))
    lines = [_unread_by(who, what) for what, who in groups.items()]
    ends = never_reached(table)
    for first, last in dict.fromkeys(ends.values()):
        what = _together([(axis, last - first + 1) for axis, end in ends.items() if end == (first, last)])[0]
        lines.append(
            say(
                "pixels", "never", "the last {pixels} of the input ({first}-{last}) never reach the output",
                pixels=what, first=first, last=last,
            )
        )  # fmt: skip
    return lines


def _unread_by(layers: list[str], what: str) -> str:
    if len(layers) == 1:
        return say("pixels", "unread", "{layer} leaves {pixels} of its input unread", layer=layers[0], pixels=what)
    return say("pixels", "unread.several", "{layers} each leave {pixels} of their input unread", layers=both(layers), pixels=what)


def _together(counts: list[tuple[str, int]]) -> list[str]:
    """[("height", 3), ("width", 3)] -> ["3 rows and columns"]."""
    groups: dict[int, list[str]] = {}
    for what, count in counts:
        groups.setdefault(count, []).append(what)
    return [_counted(count, axes) for count, axes in groups.items()]


def _counted(count: int, axes: list[str]) -> str:
    words = both([str(NAMES[axis][count != 1]) for axis in axes])
    if count == 1:
        return say("pixels", "one", "one {words}", words=words)
    return say("pixels", "several", "{count} {words}", count=count, words=words)
