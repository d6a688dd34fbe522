"""How fast programs compute: a race on a scale of factors, and the roofline of a machine with the programs under it.

Williams, Waterman & Patterson (2009), "Roofline: an insightful visual performance model for multicore architectures", CACM 52(4): a program
that does so many operations for each byte of main memory is at most as fast as memory delivers bytes, and as the processor computes.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
from matplotlib.axes import Axes
from matplotlib.ticker import FuncFormatter, NullLocator

from tinyseq.plotting.canvas import BLACK, MIDDLE, Language, Path, Picture, save, translated
from tinyseq.plotting.fonts import families

MARKERS = "osD^vP*X"
GAP = 0.075
"""Of the height of the axes: the least distance of two labels."""


def race(
    paces: Mapping[str, float], title: str = "", path: Path | None = None, *, axes: Axes | None = None, language: Language = "en"
) -> Axes:
    """A bar for each name: its pace, on a scale of tens (each mark is ten times the one before), and the factor to the first pace.

    Arguments:
        paces: {name: thousand millions of multiply-adds in a second}; the first one is the measure of the others
        title: is written above
        path: a file to write
        axes: where to draw; None: a new picture
        language: "en" or "hi"
    """
    checked(paces)
    letters: dict[str, Any] = {"fontfamily": families(language), "fontsize": 10}
    height = 1.15 + 0.45 * len(paces)
    panel: Any = axes if axes is not None else Picture(6.6, height, "race").add_axes((0.24, 0.62 / height, 0.56, 1 - 1.02 / height))
    first, values = next(iter(paces.values())), list(paces.values())
    low = 10 ** np.floor(np.log10(min(values)) - 0.5)
    for place, pace in enumerate(values):
        panel.barh(place, pace - low, 0.62, left=low, color=MIDDLE)
        times = translated(language, "{factor} times", factor=f"{float(f'{pace / first:.3g}'):,.6g}")
        panel.text(1.02, place, times, va="center", transform=panel.get_yaxis_transform(), **letters)
    panel.set_xscale("log")
    panel.set_xlim(low, 2 * max(values))
    panel.set_yticks(range(len(paces)), list(paces), **letters)
    panel.invert_yaxis()
    plain_numbers(panel.xaxis)
    unit = translated(language, "GMAC/s: thousand million multiply-adds in a second")
    panel.set_xlabel(unit, **letters)
    panel.set_title(title, **letters)
    for side in ("top", "right"):
        panel.spines[side].set_visible(False)
    said = "; ".join(f"{name}: {pace:.3g} GMAC/s" for name, pace in paces.items())
    return finished(panel, f"{title}. {unit}. {said}.".removeprefix(". "), path)


def roofline(
    paces: Mapping[str, tuple[float, float]], peak: float, bandwidth: float, path: Path | None = None, *, axes: Axes | None = None,
    language: Language = "en",
) -> Axes:  # fmt: skip
    """The roof of a machine, and each program as a point: multiply-adds for each byte to the right, its pace upwards.

    Arguments:
        paces: {name: (multiply-adds for each byte of memory, thousand millions of them in a second)}
        peak: the flat roof: thousand millions of multiply-adds in a second
        bandwidth: the slope: thousand millions of bytes in a second
        path: a file to write
        axes: where to draw; None: a new picture
        language: "en" or "hi"
    """
    checked({**{name: min(point) for name, point in paces.items()}, "peak": peak, "bandwidth": bandwidth})
    letters: dict[str, Any] = {"fontfamily": families(language), "fontsize": 10}
    panel: Any = axes if axes is not None else Picture(6.6, 4.4, "roofline").add_axes((0.12, 0.14, 0.84, 0.72))
    ridge, speeds = peak / bandwidth, [pace for _, pace in paces.values()]
    left = min(ridge, *(x for x, _ in paces.values())) / 4
    right = max(ridge, *(x for x, _ in paces.values())) * 1000
    bottom, top = min(min(speeds), left * bandwidth) / 3, max(peak, *speeds) * 4
    panel.set(xscale="log", yscale="log", xlim=(left, right), ylim=(bottom, top))
    roof = [(left, left * bandwidth), (ridge, peak), (right, peak)]
    across, height = [x for x, _ in roof], [y for _, y in roof]
    panel.fill_between(across, height, top, facecolor="white", edgecolor=MIDDLE, hatch="///", linewidth=0)
    panel.plot(across, height, color=BLACK, linewidth=2.5)
    heights = spread([(np.log(pace / bottom)) / np.log(top / bottom) for pace in speeds])
    for (name, (x, pace)), marker, level in zip(paces.items(), MARKERS * len(paces), heights, strict=False):
        panel.plot([x], [pace], marker, color=BLACK, markersize=8, markerfacecolor="white", markeredgewidth=1.8, zorder=4)
        to = (np.log(x / left) / np.log(right / left) + 0.09, level)
        line = {"arrowstyle": "-", "color": BLACK, "linewidth": 0.8, "shrinkB": 5}
        box = {"facecolor": "white", "edgecolor": "none", "pad": 0.8}
        panel.annotate("", (x, pace), to, textcoords="axes fraction", arrowprops=line)
        panel.text(*to, f"{name}: {pace:.3g}", va="center", transform=panel.transAxes, bbox=box, zorder=5, **letters)
    for axis in (panel.xaxis, panel.yaxis):
        plain_numbers(axis)
    panel.set_xlabel(translated(language, "multiply-adds for each byte of memory"), **letters)
    panel.set_ylabel(translated(language, "GMAC/s"), **letters)
    words = "roof: at most {peak:.3g} GMAC/s, and {bandwidth:.3g} GB/s of memory\nhatched: above the roof"
    note = translated(language, words, peak=peak, bandwidth=bandwidth)
    panel.set_title(note, **letters)
    said = "; ".join(
        translated(language, "{name}: {pace:.3g} GMAC/s with {x:.3g} for each byte", name=name, pace=pace, x=x)
        for name, (x, pace) in paces.items()
    )
    return finished(panel, f"{note}. {said}.".replace("\n", "; "), path)


def checked(values: Mapping[str, float]) -> None:
    """Raises ValueError unless all are positive numbers, which a scale of factors needs."""
    if not values:
        raise ValueError("there is nothing to draw: pass {name: pace}")
    for name, value in values.items():
        if not 0 < value < float("inf"):
            raise ValueError(f"{name!r} must be a positive number, got {value!r}: a scale of factors has no 0")


def spread(levels: Sequence[float]) -> list[float]:
    """Heights of labels, in the same order, at least GAP apart, as near to `levels` as that allows.

    >>> spread([0.5, 0.5])
    [0.4625, 0.5375]
    """
    order = sorted(range(len(levels)), key=lambda i: levels[i])
    groups: list[tuple[float, list[int]]] = []  # (its middle, its labels from below)
    for i in order:
        groups.append((levels[i], [i]))
        while len(groups) > 1 and groups[-1][0] - groups[-2][0] < GAP * (len(groups[-1][1]) + len(groups[-2][1])) / 2:
            (upper, above), (lower, below) = groups.pop(), groups.pop()
            groups.append(((upper * len(above) + lower * len(below)) / (len(above) + len(below)), below + above))
    found = {i: middle + GAP * (k - (len(group) - 1) / 2) for middle, group in groups for k, i in enumerate(group)}
    return [found[i] for i in range(len(levels))]


def plain_numbers(axis: Any) -> None:
    """Writes 0.01 and 1000 at the ticks instead of powers of ten."""
    axis.set_minor_locator(NullLocator())
    axis.set_major_formatter(FuncFormatter(lambda value, _: f"{value:g}"))
    axis.set_tick_params(labelsize=9)


def finished(panel: Any, alt: str, path: Path | None) -> Axes:
    """The axes with their alternative text, written to a file if one is named."""
    panel.set_label(alt)
    if path is not None:
        save(panel, path)
    drawn: Axes = panel
    return drawn
