"""The roofline (Williams, Waterman & Patterson, 2009): what each row reaches, and what its machine would let it.

A row that computes little for each byte is held back by memory (the slope), one that computes much by the multiply-adds (the
flat part). Bytes are counted as if no array stayed in a cache, operations as the definition does them: so a row whose data
stay in a cache, or that Winograd's method computes, may stand above a roof.
"""

from __future__ import annotations

import math
from typing import Any

from matplotlib.axes import Axes
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure
from matplotlib.lines import Line2D

from tests.benchmarks.report.colours import BLACK, GREY, PALE, kind
from tests.benchmarks.report.figures import Figures, figures, head
from tests.benchmarks.report.labels import place

NOTE = (
    "Operations as in the definition (Winograd's method does fewer; max-pooling: comparisons), bytes as "
    "if each layer's arrays went once\nbetween memory and processor: what stays in a cache, or is done by Winograd's method, may "
    "stand above a roof."
)


def roofline(run: dict[str, Any], threads: int | None = None) -> Figure:
    """The chart for one number of threads, the highest if none is given."""
    rows = [row for row in figures(run) if row.rate]
    threads = threads or max(row.threads for row in rows)
    rows = [row for row in rows if row.threads == threads]
    figure = Figure(figsize=(12.5, 8.2), dpi=110, facecolor="white")
    FigureCanvasAgg(figure)
    axes = figure.add_axes((0.06, 0.155, 0.58, 0.755))
    roofs(axes, rows)
    points = [(row.intensity or 0.0, (row.rate or 0.0) / 1e9) for row in rows]
    colours = [kind(row)[1] for row in rows]
    axes.scatter([x for x, _ in points], [y for _, y in points], c=colours, s=30, zorder=4, edgecolors="white", linewidths=0.7)
    place(axes, points, [str(number) for number in range(1, len(rows) + 1)], colours, 8)
    legend(figure, axes, rows)
    figure.text(0.06, 0.945, f"Roofline of tinyseq, {threads} thread{'s' * (threads > 1)}", fontsize=14, color=BLACK)
    figure.text(0.06, 0.92, head(run), fontsize=8, color=GREY)
    figure.text(0.06, 0.02, NOTE, fontsize=8, color=GREY, linespacing=1.4)
    return figure


def roofs(axes: Axes, rows: list[Figures]) -> None:
    """Axes and the two measured limits."""
    flops, bandwidth = rows[0].peaks["flops"] / 1e9, rows[0].peaks["bandwidth"] / 1e9
    ridge = flops / bandwidth
    left = min(row.intensity or 1.0 for row in rows) / 2
    right = max(2 * max(row.intensity or 1.0 for row in rows), 4 * ridge)
    bottom = min(*((row.rate or 1.0) / 1e9 for row in rows), left * bandwidth) / 1.5
    axes.set(xscale="log", yscale="log", xlim=(left, right), ylim=(bottom, 2.6 * max(flops, *((row.rate or 0) / 1e9 for row in rows))))
    axes.plot([left, ridge, right], [left * bandwidth, flops, flops], color=BLACK, linewidth=1.6, zorder=3)
    axes.annotate(
        f"{flops:.0f} GFLOP/s: multiply-adds, measured", (ridge, flops), (4, 5), textcoords="offset points", ha="right",
        fontsize=8.5, color=BLACK,
    )  # fmt: skip
    middle = (left * ridge) ** 0.5  # pooling stands further left, convolutions right of the ridge
    axes.annotate(
        f"{bandwidth:.0f} GB/s: memory, measured", (middle, middle * bandwidth), (-2, 8), textcoords="offset points", fontsize=8.5,
        color=BLACK, rotation=slope(axes), rotation_mode="anchor",
    )  # fmt: skip
    axes.set_xlabel("operations for each byte", fontsize=10)
    axes.set_ylabel("GFLOP/s", fontsize=10)
    axes.grid(True, which="major", color=PALE, linewidth=0.7, zorder=0)
    for axis in (axes.xaxis, axes.yaxis):
        axis.set_major_formatter(lambda value, _: f"{value:g}")
    for side in ("top", "right"):
        axes.spines[side].set_visible(False)


def slope(axes: Axes) -> float:
    """Degrees of a line that grows as its x does."""
    (x0, y0), (x1, y1) = axes.transData.transform([(1, 1), (10, 10)])
    return math.degrees(math.atan2(y1 - y0, x1 - x0))


def legend(figure: Figure, axes: Axes, rows: list[Figures]) -> None:
    """The colours in the picture, the numbers beside it."""
    kinds = dict(kind(row) for row in rows)
    marks = [Line2D([], [], color=colour, marker="o", linestyle="", label=words) for words, colour in kinds.items()]
    axes.legend(handles=marks, loc="lower right", fontsize=8.5, frameon=True, facecolor="white", edgecolor=PALE)
    step = min(0.023, 0.76 / max(len(rows), 1))
    for number, row in enumerate(rows, 1):
        y = 0.905 - step * (number - 1)
        figure.text(0.672, y, str(number), fontsize=8, ha="right", va="center", color=BLACK)
        figure.add_artist(Line2D([0.68], [y], color=kind(row)[1], marker="o", markersize=5))
        figure.text(0.688, y, row.row, fontsize=8, va="center", color=BLACK)
