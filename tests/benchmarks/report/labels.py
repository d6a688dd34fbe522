"""Short labels beside points, none on another, none on a point, and no line of one through another."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence

from matplotlib.axes import Axes
from matplotlib.text import Text
from matplotlib.transforms import Bbox

Point = tuple[float, float]
POINT = 5.0
"""Pixels from a point's middle that a label keeps free."""
NEAR = 14.0
"""A label farther off than so many pixels gets a line to its point."""


def place(axes: Axes, points: Sequence[Point], words: Sequence[str], colours: Sequence[str], size: float) -> list[Text]:
    """One label a point, as near as there is room; `colours` are those of the lines from far ones. The axes must have their
    limits and place already."""
    renderer = axes.figure.canvas.get_renderer()  # type: ignore[attr-defined, unused-ignore]
    middles: list[Point] = [tuple(axes.transData.transform(point)) for point in points]
    taken = [Bbox.from_bounds(x - POINT, y - POINT, 2 * POINT, 2 * POINT) for x, y in middles]
    free, lines, labels = len(middles), list[tuple[Point, Point]](), []
    for middle, word, colour in zip(middles, words, colours, strict=True):
        label = axes.text(0, 0, word, fontsize=size, ha="center", va="center", transform=None, zorder=5)
        for x, y in around(middle):
            label.set_position((x, y))
            box = label.get_window_extent(renderer).padded(1)
            crossed = any(crosses(middle, (x, y), other) for other in taken[free:])
            covers = any(box.overlaps(other) for other in taken) or any(crosses(*line, box) for line in lines)
            if not crossed and not covers and _inside(axes.bbox, box):
                break
        taken.append(box)
        labels.append(label)
        if math.dist((x, y), middle) > NEAR:
            lines.append((middle, (x, y)))
            (x0, y0), (x1, y1) = axes.transData.inverted().transform([middle, (x, y)])
            axes.plot([x0, x1], [y0, y1], color=colour, linewidth=0.7, zorder=2, scalex=False, scaley=False)
            label.set_bbox({"facecolor": "white", "edgecolor": "none", "pad": 0.6})
    return labels


def around(middle: Point) -> Iterator[Point]:
    """Places at growing distance, to the right first."""
    for ring in range(1, 14):
        radius = 4 + 9.0 * ring
        for turn in sorted(range(16), key=lambda turn: min(turn, 16 - turn)):
            angle = 2 * math.pi * turn / 16
            yield middle[0] + radius * math.cos(angle), middle[1] + radius * math.sin(angle)


def crosses(start: Point, end: Point, box: Bbox) -> bool:
    """Whether the line from start to end goes through the box."""
    steps = [step / 20 for step in range(21)]
    return any(box.contains(start[0] + t * (end[0] - start[0]), start[1] + t * (end[1] - start[1])) for t in steps)


def _inside(outer: Bbox, inner: Bbox) -> bool:
    return bool(outer.x0 <= inner.x0 and inner.x1 <= outer.x1 and outer.y0 <= inner.y0 and inner.y1 <= outer.y1)
