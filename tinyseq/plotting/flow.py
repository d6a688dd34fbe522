"""How feature maps shrink through a model: a box for each layer, its face to scale; branches are drawn one above the other."""

import math
from collections.abc import Sequence
from typing import Any

from matplotlib.axes import Axes

from shapecheck.table import Row, ShapeTable
from tinyseq.plotting.canvas import BLACK, DARK, MIDDLE, WHITE, Language, Path, Sheet, save

FACE = 1.0  # inches that the largest height takes
COLUMN, LANE, TOP = 1.35, 2.35, 0.95
KINDS = (
    ("data that come in", WHITE, ""),
    ("without parameters", MIDDLE, "//"),
    ("with parameters (their number is above)", DARK, ""),
)


def shape_flow(table: Any, path: Path | None = None, *, axes: Axes | None = None, language: Language = "en") -> Axes:
    """Draw a ShapeTable, or a model that has one (`model.table`). Faces are to scale, (height, width); vectors are bars.

    A layer that does not fit is a cross; layers after it are only outlined.
    """
    rows = _table(table).rows
    places = _places(rows)
    columns = 1 + max(column for column, _ in places.values())
    lanes = 1 + max(lane for _, lane in places.values())
    width = max(COLUMN * columns + 0.2, 7.6)
    sheet = Sheet(axes, width, TOP + LANE * lanes + 0.35, language, "shape_flow")
    sheet.title(sheet.words("How the picture shrinks: squares and rectangles to scale, bars not"))
    scale = FACE / max((max(_face(row)) for row in rows if _face(row)), default=1)
    left = (width - COLUMN * columns) / 2
    middles = {node: (left + COLUMN * (column + 0.5), TOP + LANE * lane + 0.75) for node, (column, lane) in places.items()}
    for row in rows:
        for tensor in row.node.inputs:
            if tensor.node in middles:
                _arrow(sheet, middles[tensor.node], middles[row.node])
    for row in rows:
        _draw(sheet, row, *middles[row.node], scale, low=places[row.node][0] % 2 == 1)
    _legend(sheet)
    drawn = sheet.finished(_alt(sheet, rows))
    if path is not None:
        save(drawn, path)
    return drawn


def _table(source: Any) -> ShapeTable:
    table = source if isinstance(source, ShapeTable) else getattr(source, "table", None)
    table = table() if callable(table) else table
    if not isinstance(table, ShapeTable):
        raise TypeError(f"shape_flow draws a ShapeTable or a built model, got {type(source).__name__}")
    return table


def _places(rows: Sequence[Row]) -> dict[Any, tuple[int, int]]:
    """(column, lane) of each node: as far from the input as its longest path, in the first free lane.

    A node keeps the lane of its first input if possible; a shortcut over other columns needs no lane, its arrow bends.
    """
    places: dict[Any, tuple[int, int]] = {}
    taken: set[tuple[int, int]] = set()
    for row in rows:
        sources = [places[tensor.node] for tensor in row.node.inputs if tensor.node in places]
        column = 1 + max((column for column, _ in sources), default=-1)
        lane = min((lane for _, lane in sources), default=0)
        while (column, lane) in taken:
            lane += 1
        taken.add((column, lane))
        places[row.node] = column, lane
    return places


def _face(row: Row) -> tuple[int, ...]:
    """(height, width) of an image, (length, 1) of a sequence, () of a vector or an unknown shape."""
    sizes = row.output.dims[1:-1] if row.output.dims else ()
    whole = tuple(size for size in sizes if isinstance(size, int))
    return () if len(whole) != len(sizes) or not whole else (*whole, 1)[:2]


def _size(row: Row) -> str:
    return "x".join(map(str, row.output.dims[1:])) if row.output.dims else "?"


def _arrow(sheet: Sheet, start: tuple[float, float], end: tuple[float, float]) -> None:
    """A line behind the boxes; one that skips columns in its own lane bends over them."""
    far = end[0] - start[0] > 1.5 * COLUMN and start[1] == end[1]
    style = {"arrowstyle": "-", "color": BLACK, "linewidth": 1.2, "connectionstyle": "arc3,rad=-0.35" if far else "arc3"}
    sheet.axes.annotate("", xy=end, xytext=start, arrowprops={**style, "shrinkA": 0, "shrinkB": 0}, zorder=0.5)


def _draw(sheet: Sheet, row: Row, x: float, y: float, scale: float, low: bool) -> None:
    """One layer around (x, y): its box, under it class and size, above it the number of its parameters."""
    label, size = row.class_name.replace("InputLayer", "Input"), _size(row)
    if row.verdict in ("broken", "not-reached"):
        _failed(sheet, row, x, y)
        size = sheet.words("does not fit" if row.verdict == "broken" else "not reached")
    else:
        height, width = [max(size * scale, 0.05) for size in _face(row)] or [_bar(row.output.last), 0.12]
        kind = KINDS[0] if label == "Input" else KINDS[2] if row.params else KINDS[1]
        sheet.area(x - width / 2, y - height / 2, width, height, kind[1], kind[2])
        if row.params and isinstance(row.params, int):
            sheet.text(x, y - FACE / 2 - 0.12, f"{row.params:,}", ha="center")
    sheet.text(x, y + FACE / 2 + (0.55 if low else 0.13), f"{label}\n{size}", 9, ha="center", va="top", linespacing=1.25)


def _bar(last: Any) -> float:
    """Height of a vector: not to scale, grows with the logarithm of its length."""
    return min(0.1 + 0.07 * math.log2(1 + last), FACE) if isinstance(last, int) else 0.3


def _failed(sheet: Sheet, row: Row, x: float, y: float) -> None:
    sheet.area(x - 0.3, y - 0.3, 0.6, 0.6, "none", linestyle="--")
    if row.verdict == "broken":
        for ends in ((-0.3, 0.3), (0.3, -0.3)):
            sheet.axes.plot([x - 0.3, x + 0.3], [y + ends[0], y + ends[1]], color=DARK, linewidth=2.5)


def _legend(sheet: Sheet) -> None:
    left = 0.25
    for text, colour, hatch in KINDS:
        said = sheet.words(text)
        sheet.area(left, sheet.height - 0.32, 0.2, 0.2, colour, hatch)
        sheet.text(left + 0.28, sheet.height - 0.22, said)
        left += 0.6 + 0.075 * len(said)


def _alt(sheet: Sheet, rows: Sequence[Row]) -> str:
    fine = "{layer} {size}, {params:,} parameters" if sheet.language == "en" else "{layer} {size}, {params:,} पैरामीटर"
    said = []
    for row in rows:
        label = row.class_name.replace("InputLayer", "Input")
        if row.verdict in ("broken", "not-reached"):
            said.append(f"{label} {sheet.words('does not fit' if row.verdict == 'broken' else 'not reached')}")
        else:
            said.append(fine.format(layer=label, size=_size(row), params=row.params if isinstance(row.params, int) else 0))
    return "; ".join(said) + "."
