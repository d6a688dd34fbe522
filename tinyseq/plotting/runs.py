"""Results of several runs side by side: a bar for each way of training, with the interval in which its mean most likely is."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
from matplotlib.axes import Axes

from tinyseq.plotting.canvas import BLACK, MIDDLE, Language, Path, Picture, save, translated
from tinyseq.plotting.fonts import families

STUDENT = (
    12.71, 4.303, 3.182, 2.776, 2.571, 2.447, 2.365, 2.306, 2.262, 2.228, 2.201, 2.179, 2.160, 2.145, 2.131, 2.120, 2.110, 2.101, 2.093,
    2.086,
)  # fmt: skip
"""The 97.5 % quantiles of Student's t distribution for 1, 2 ... 20 degrees of freedom; for more the normal distribution's 1.96 is near."""


def interval(values: Sequence[float]) -> tuple[float, float, float]:
    """(mean, low, high): the 95 % confidence interval of the mean of a few runs, by Student's t. ValueError for fewer than two runs.

    >>> interval([1.0, 2.0, 3.0])
    (2.0, -0.484..., 4.484...)
    """
    runs = np.asarray(values, np.float64)
    if runs.ndim != 1 or len(runs) < 2:
        raise ValueError(f"an interval needs at least two runs, got {runs.shape}")
    factor = STUDENT[len(runs) - 2] if len(runs) - 1 <= len(STUDENT) else 1.96
    mean, half = float(runs.mean()), float(factor * runs.std(ddof=1) / np.sqrt(len(runs)))
    return mean, mean - half, mean + half


def runs(
    values: Mapping[str, Sequence[float]], title: str = "", path: Path | None = None, *, axes: Axes | None = None, language: Language = "en"
) -> Axes:
    """A bar for each name: the mean of its runs, shares from 0 to 1; a line for the 95 % interval of the mean, a dot for each run.

    Arguments:
        values: {name: results of the runs}
        title: is written above
        path: a file to write
        axes: where to draw; None: a new picture
        language: "en" or "hi"
    """
    if not values:
        raise ValueError("there are no runs: pass {name: [result, result, ...]}")
    found = {name: interval(results) for name, results in values.items()}
    letters = {"fontfamily": families(language), "fontsize": 10}
    height = 1.05 + 0.55 * len(found)
    panel: Any = axes if axes is not None else Picture(6.6, height, "runs").add_axes((0.32, 0.58 / height, 0.58, 1 - 0.95 / height))
    for place, (name, (mean, low, high)) in enumerate(found.items()):
        panel.barh(place, mean, 0.62, color=MIDDLE)
        panel.errorbar(mean, place + 0.1, xerr=[[mean - low], [high - mean]], color=BLACK, capsize=4, linewidth=2)
        panel.plot(values[name], [place - 0.17] * len(values[name]), "o", color=BLACK, markersize=4, markerfacecolor="white")
        panel.text(1.02, place, f"{mean:.0%}", va="center", transform=panel.get_yaxis_transform(), **letters)
    panel.set_yticks(range(len(found)), list(found), **letters)
    panel.invert_yaxis()
    panel.set_xlim(0, 1)
    panel.set_xticks([0, 0.25, 0.5, 0.75, 1.0], ["0", "25 %", "50 %", "75 %", "100 %"], fontsize=9)
    note = translated(language, "bar: mean; line: its 95 % interval; dots: single runs")
    panel.set_xlabel(note, **letters)
    panel.set_title(title, **letters)
    for side in ("top", "right"):
        panel.spines[side].set_visible(False)
    said = "; ".join(f"{name}: {mean:.1%} ({low:.1%} ... {high:.1%})" for name, (mean, low, high) in found.items())
    panel.set_label(f"{title}. {note}. {said}.".removeprefix(". "))
    if path is not None:
        save(panel, path)
    drawn: Axes = panel
    return drawn
