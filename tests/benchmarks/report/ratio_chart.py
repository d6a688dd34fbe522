"""All ratios in one picture: a line for each row, the best peer named, the others as small points."""

from __future__ import annotations

from typing import Any

from matplotlib.axes import Axes
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure
from matplotlib.lines import Line2D

from tests.benchmarks.report.colours import BLACK, BLUE, GREY, ORANGE, PALE
from tests.benchmarks.report.figures import Figures, figures, head

INCHES = 0.255
"""Height of a row."""
FAR = 30.0
"""Ratios above stand at the edge."""
MARGIN_TOP, MARGIN_BOTTOM = 1.4, 0.75


def ratio_chart(run: dict[str, Any]) -> Figure:
    """Rows from top to bottom as in the table; for the highest number of threads, fewer ones hollow."""
    rows = [row for row in figures(run) if row.ratio]
    most = max(row.threads for row in rows)
    names = list(dict.fromkeys(row.row for row in rows if row.threads == most))
    height = MARGIN_TOP + MARGIN_BOTTOM + INCHES * len(names)
    figure = Figure(figsize=(12.5, height), dpi=110, facecolor="white")
    FigureCanvasAgg(figure)
    axes = figure.add_axes((0.335, MARGIN_BOTTOM / height, 0.5, INCHES * len(names) / height))
    heights = {name: len(names) - place for place, name in enumerate(names)}
    for row in rows:
        if row.row in heights:
            (points if row.threads == most else hollow)(axes, row, heights[row.row])
    frame(axes, names, [min(ratio, FAR) for row in rows for ratio in row.ratios.values()])
    best = {row.row: row for row in rows if row.threads == most}
    for name, y in heights.items():
        text = f"{best[name].ratio:.2f}  {best[name].best_peer}"
        axes.annotate(text, (1, y), (10, 0), xycoords=("axes fraction", "data"), textcoords="offset points", va="center", fontsize=8.5)
    words(figure, axes, run, most, height, len({row.threads for row in rows}) > 1)
    return figure


def points(axes: Axes, row: Figures, y: float) -> None:
    """The best peer, and the others small."""
    ratio = row.ratio or 1.0
    axes.plot([1, min(ratio, FAR)], [y, y], color=colour(ratio), linewidth=1.4, zorder=2, solid_capstyle="butt")
    others = list(row.ratios.values())[1:]
    near, far = [other for other in others if other <= FAR], [other for other in others if other > FAR]
    axes.plot(near, [y] * len(near), "o", color=GREY, markersize=3, alpha=0.8, zorder=3)
    axes.plot([FAR] * bool(far), [y] * bool(far), ">", color=GREY, markersize=4, zorder=3)
    axes.plot([min(ratio, FAR)], [y], "o", color=colour(ratio), markersize=6.5, zorder=5)


def hollow(axes: Axes, row: Figures, y: float) -> None:
    """The best peer with fewer threads."""
    ratio = row.ratio or 1.0
    axes.plot([min(ratio, FAR)], [y], "o", markersize=6.5, markerfacecolor="white", markeredgecolor=colour(ratio), zorder=4)


def colour(ratio: float) -> str:
    """Blue where we are faster."""
    return BLUE if ratio >= 1 else ORANGE


def frame(axes: Axes, names: list[str], ratios: list[float]) -> None:
    """Scale, the line at 1, the rows' names."""
    axes.set(xscale="log", xlim=(min(0.5, *ratios) / 1.2, max(2.0, *ratios) * 1.1), ylim=(0.4, len(names) + 0.6))
    left, right = axes.get_xlim()
    ticks = [tick for power in range(-3, 4) for digit in (1, 2, 5) if left <= (tick := digit * 10.0**power) <= right]
    axes.set_xticks(ticks, [f"{value:g}" for value in ticks], fontsize=9)
    axes.set_xticks([], minor=True)
    axes.set_yticks(range(len(names), 0, -1), names, fontsize=8.5)
    axes.tick_params(axis="y", length=0)
    axes.grid(True, axis="x", color=PALE, linewidth=0.7, zorder=0)
    axes.axvline(1, color=BLACK, linewidth=1.2, zorder=1)
    for side in ("top", "right", "left"):
        axes.spines[side].set_visible(False)
    axes.set_xlabel("peer's time over ours: above 1 tinyseq is faster (logarithmic)", fontsize=9.5)


def words(figure: Figure, axes: Axes, run: dict[str, Any], most: int, height: float, several: bool) -> None:
    """Title, machine, legend."""
    figure.text(0.02, 1 - 0.32 / height, "tinyseq against the best peer of each row", fontsize=14, color=BLACK)
    figure.text(0.02, 1 - 0.56 / height, head(run), fontsize=8, color=GREY)
    figure.text(0.845, 1 - (MARGIN_TOP - 0.12) / height, "ratio and best peer", fontsize=8.5, color=GREY)
    plural = f"{most} thread{'s' * (most > 1)}"
    marks = [
        Line2D([], [], color=BLUE, marker="o", markersize=6.5, linewidth=1.4, label=f"best peer, {plural}: tinyseq faster"),
        Line2D([], [], color=ORANGE, marker="o", markersize=6.5, linewidth=1.4, label="peer faster"),
        Line2D([], [], color=GREY, marker="o", markersize=2.8, linestyle="", label=f"other peers, {plural} (triangle: above {FAR:g})"),
    ]
    if several:
        fewer = {"markerfacecolor": "white", "markersize": 6.5, "linestyle": "", "label": "best peer, fewer threads"}
        marks.insert(2, Line2D([], [], color=BLUE, marker="o", **fewer))  # type: ignore[arg-type]
    figure.legend(
        handles=marks, loc="center left", bbox_to_anchor=(0.012, 1 - 0.9 / height), ncols=4, fontsize=8.5,
        frameon=False, handletextpad=0.5, columnspacing=1.4,
    )  # fmt: skip
