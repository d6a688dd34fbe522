"""Feature maps of a stack to scale, as inline SVG: rows and columns in one scale, channels as depth."""

from __future__ import annotations

from html import escape

from shapecheck.languages import say
from shapecheck.shapes import Shape

TYPE_CHECKING = False
if TYPE_CHECKING:
    from shapecheck.findings import Stack

LARGEST = 120.0
"""Height or width in pixels of the largest map."""
MOST_DEPTH = 36.0
GAP = 26.0
MOST_DRAWN = 60
"""Most layers drawn of one stack."""


class Box:
    """One shape as a box: `rows` x `columns` in front, `depth` behind; an axis that is not spatial has size one."""

    __slots__ = ("columns", "depth", "label", "rows", "title", "verdict")

    def __init__(self, shape: Shape, title: str, verdict: str) -> None:
        sizes = [size if isinstance(size, int) else 1 for size in shape.sizes]
        self.rows, self.columns, self.depth = 1, 1, sizes[-1] if sizes else 1
        if len(sizes) >= 3:
            self.rows, self.columns = sizes[-3], sizes[-2]
        elif len(sizes) == 2:
            self.columns = sizes[0]
        self.label = "x".join("?" if not isinstance(size, int) else str(size) for size in shape.sizes)
        self.title = title
        self.verdict = verdict


def boxes(stack: Stack) -> list[Box]:
    """A box for each layer that changes the shape; drawn with the assumed shape if only that is known."""
    found: list[Box] = []
    before: Shape | None = None
    first = stack.table.rows[0] if stack.table.rows else None
    shown = [(first, None)] if first is not None and first not in stack.rows else []
    for row, place in [*shown, *((row, place) for place, row in enumerate(stack.rows))]:
        other = stack.assumed.get(place, row) if place is not None else row
        if row is None or other is None or other.inference is None or not other.output.dims or other.output == before:
            continue
        before = other.output
        verdict = "assumed" if place in stack.assumed else row.verdict
        found.append(Box(other.output, row.name, verdict))
    return found[:MOST_DRAWN]


def drawing(stack: Stack) -> str:
    """The figure; "" if nothing has a known shape."""
    drawn = boxes(stack)
    if not drawn:
        return ""
    scale = LARGEST / max(max(box.rows, box.columns) for box in drawn)
    x, parts = 4.0, []
    floor = LARGEST + MOST_DEPTH + 8
    for box in drawn:
        width, height = max(box.columns * scale, 1.5), max(box.rows * scale, 1.5)
        deep = min(MOST_DEPTH, 2 + box.depth**0.5)
        parts.append(_box(box, x, floor - height, width, height, deep))
        x += max(width + deep, 7.0 * len(box.label)) + GAP
    names = ", ".join(f"{box.title} {box.label}" for box in drawn)
    words = say("report", "drawing", "feature maps to scale: {names}", names=names)
    caption = say(
        "report", "drawing.caption",
        "Rows and columns in one scale; depth grows with the square root of the channels. Dashed: assumed.",
    )  # fmt: skip
    return (
        f'<figure>\n<svg role="img" width="{x:.0f}" height="{floor + 34:.0f}" viewBox="0 0 {x:.0f} {floor + 34:.0f}" '
        f'aria-label="{escape(words, quote=True)}">\n' + "\n".join(parts) + "\n</svg>\n"
        f"<figcaption>{escape(caption)}</figcaption>\n</figure>"
    )


def _box(box: Box, x: float, y: float, width: float, height: float, deep: float) -> str:
    """Front, top and side of a box, and its sizes below."""
    dash = ' stroke-dasharray="3 2"' if box.verdict == "assumed" else ""
    colour = "var(--map)" if box.verdict in ("proved", "any-size") else "var(--guess)"
    d = deep * 0.7
    top = f"{x},{y} {x + d},{y - d} {x + width + d},{y - d} {x + width},{y}"
    side = f"{x + width},{y} {x + width + d},{y - d} {x + width + d},{y - d + height} {x + width},{y + height}"
    return (
        f'<g fill="{colour}" fill-opacity=".35" stroke="{colour}"{dash}><title>{escape(box.title)}: {escape(box.label)}</title>'
        f'<rect x="{x:.1f}" y="{y:.1f}" width="{width:.1f}" height="{height:.1f}"/>'
        f'<polygon points="{top}"/><polygon points="{side}"/></g>'
        f'<text x="{x:.1f}" y="{y + height + 12:.1f}">{escape(box.label)}</text>'
        f'<text x="{x:.1f}" y="{y + height + 24:.1f}">{escape(box.title)}</text>'
    )
