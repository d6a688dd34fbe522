"""How feature maps shrink through a model: a box for each layer, its face to scale, its depth the number of
channels.
"""

import math
from typing import Any

from matplotlib.patches import Polygon, Rectangle

from shapecheck.table import Row, ShapeTable
from tinyseq.plotting.canvas import BLACK, BLUE, GREEN, GREY, ORANGE, PALE, PURPLE, SKY, YELLOW, Language, Path, Picture

COLOURS = {"Input": PALE, "Conv": SKY, "Pool": ORANGE, "Dense": GREEN, "Norm": YELLOW, "Drop": PURPLE}
TALLEST = 100.0  # units of the drawing that the largest height takes
GAP = 16.0


def shape_flow(table: Any, path: Path | None = None, *, language: Language = "en") -> Picture:
    """Draw a ShapeTable, or a model that has one (`model.table`). Faces are to scale, (height, width); vectors are
    bars.

    A layer that does not fit is drawn as a cross with its reason; layers behind it are outlined only.
    """
    rows = _table(table).rows
    scale = TALLEST / max((max(_face(row)) for row in rows if _face(row)), default=1)
    picture = Picture(max(1.05 * len(rows) + 1.0, 5.0), 4.2, language, "shape_flow")
    picture.title("How the picture shrinks (squares to scale, depth = channels, blue = parameters)")
    axes = picture.add_subplot()
    left = 0.0
    for place, row in enumerate(rows):
        left += max(_draw(picture, axes, row, left, scale, low=place % 2 == 1), 30.0) + GAP
    axes.set_xlim(-GAP - 10, left + 10)
    axes.set_ylim(-56, TALLEST + 30)
    axes.set_aspect("equal")
    axes.set_axis_off()
    return picture.saved(path)


def _table(source: Any) -> ShapeTable:
    table = source if isinstance(source, ShapeTable) else getattr(source, "table", None)
    table = table() if callable(table) else table
    if not isinstance(table, ShapeTable):
        raise TypeError(f"shape_flow draws a ShapeTable or a built model, got {type(source).__name__}")
    return table


def _face(row: Row) -> tuple[int, ...]:
    """(height, width) of an image, (length, 1) of a sequence, () of a vector or of what is not known."""
    sizes = row.output.dims[1:-1] if row.output.dims else ()
    whole = tuple(size for size in sizes if isinstance(size, int))
    return () if len(whole) != len(sizes) or not whole else (*whole, 1)[:2]


def _draw(picture: Picture, axes: Any, row: Row, left: float, scale: float, low: bool) -> float:
    """One layer at x = left, every other one named `low`er, so that names do not touch; returns how wide it is."""
    height, width = [size * scale for size in _face(row)] or [_bar(row.output.last), 4.0]
    depth = 2.0 + 1.6 * math.log2(1 + (row.output.last if isinstance(row.output.last, int) else 0)) if _face(row) else 0.0
    bottom = (TALLEST - height) / 2
    label, sizes = row.class_name.replace("InputLayer", "Input"), "x".join(map(str, row.output.dims[1:])) if row.output.dims else "?"
    if row.verdict in ("broken", "not-reached"):
        _draw_failed(picture, axes, row, left)
        sizes = picture.words("broken" if row.verdict == "broken" else "not reached")
        width = depth = 20.0
    else:
        colour = next((c for word, c in COLOURS.items() if word in label), SKY if _face(row) else GREEN)
        _box(axes, left, bottom, width, height, depth, colour)
    middle = left + (width + depth) / 2
    axes.text(middle, -32 if low else -6, f"{label}\n{sizes}", ha="center", va="top", **picture.font(9))
    if row.params and isinstance(row.params, int):
        axes.text(middle, TALLEST + 20, f"{row.params:,}", ha="center", color=BLUE, **picture.font(9))
    return width + depth


def _bar(last: Any) -> float:
    """Height of a vector: not to scale with the images, grows with the logarithm of its length."""
    return 8.0 + 7.0 * math.log2(1 + last) if isinstance(last, int) else 20.0


def _box(axes: Any, left: float, bottom: float, width: float, height: float, depth: float, colour: str) -> None:
    lift = depth * 0.6
    top = [(left, bottom + height), (left + width, bottom + height)]
    top += [(left + width + depth, bottom + height + lift), (left + depth, bottom + height + lift)]
    side = [(left + width, bottom), (left + width + depth, bottom + lift)]
    side += [(left + width + depth, bottom + height + lift), (left + width, bottom + height)]
    for corners in (top, side):
        axes.add_patch(Polygon(corners, facecolor=colour, edgecolor=BLACK, linewidth=0.6, alpha=0.6))
    axes.add_patch(Rectangle((left, bottom), width, height, facecolor=colour, edgecolor=BLACK, linewidth=0.8))


def _draw_failed(picture: Picture, axes: Any, row: Row, left: float) -> None:
    axes.add_patch(Rectangle((left, TALLEST / 2 - 20), 40, 40, linestyle="--", edgecolor=GREY, facecolor="none"))
    if row.verdict == "broken":
        for x, y in (([left, left + 40], [30, 70]), ([left, left + 40], [70, 30])):
            axes.plot(x, y, color=ORANGE, linewidth=2)
