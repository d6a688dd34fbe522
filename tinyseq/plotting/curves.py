"""How training went: a metric over the epochs, training solid, validation dashed."""

from collections.abc import Mapping, Sequence
from typing import Any

from matplotlib.axes import Axes

from tinyseq.plotting.canvas import BLACK, DARK, MIDDLE, Language, Path, Picture, save, translated
from tinyseq.plotting.fonts import families


def training_curves(
    history: Any, metric: str = "loss", path: Path | None = None, *, axes: Axes | None = None, language: Language = "en"
) -> Axes:
    """One metric of what fit() returned, or of its dictionary {name: [value an epoch]}; the best epoch is ringed.

    ValueError if there is no epoch in it, or no such metric.
    """
    values: Mapping[str, Sequence[float]] = getattr(history, "history", history)
    if not values or not all(len(curve) for curve in values.values()):
        raise ValueError("the history holds no epoch: fit(..., epochs=1) at least")
    if metric not in values:
        raise ValueError(f"the history holds {', '.join(values)}, but no {metric!r}")
    letters = {"fontfamily": families(language), "fontsize": 10}
    panel: Any = axes if axes is not None else Picture(5.6, 3.8, "training_curves").add_axes((0.14, 0.15, 0.83, 0.73))
    watched = f"val_{metric}" if f"val_{metric}" in values else metric
    _draw(panel, values, metric, language)
    note = _ring(panel, list(values[watched]), metric, language)
    panel.set_title(note, **letters)
    panel.set_xlabel(translated(language, "epoch"), **letters)
    panel.set_ylabel(translated(language, metric), **letters)
    panel.legend(prop={"family": letters["fontfamily"], "size": 10}, frameon=False)
    first, last = values[watched][0], values[watched][-1]
    alt = translated(
        language,
        "{metric} over {count} epochs: from {first:.3f} to {last:.3f}.",
        metric=metric,
        count=len(values[metric]),
        first=first,
        last=last,
    )
    panel.set_label(f"{alt} {note}")
    if path is not None:
        save(panel, path)
    drawn: Axes = panel
    return drawn


def _draw(panel: Any, values: Mapping[str, Sequence[float]], metric: str, language: Language) -> None:
    curves = [(metric, "training", MIDDLE, "-", "o"), (f"val_{metric}", "validation", DARK, "--", "s")]
    for key, label, colour, line, marker in curves:
        if key in values:
            epochs = range(1, len(values[key]) + 1)
            panel.plot(epochs, values[key], line, color=colour, marker=marker, markersize=4, label=translated(language, label))
    panel.xaxis.get_major_locator().set_params(integer=True)
    panel.tick_params(labelsize=9)
    panel.grid(alpha=0.3)
    for side in ("top", "right"):
        panel.spines[side].set_visible(False)


def _ring(panel: Any, curve: list[float], metric: str, language: Language) -> str:
    """Rings the best epoch of the curve and returns the sentence that says so."""
    lowest = "loss" in metric or "error" in metric
    best = (min if lowest else max)(curve)
    at = curve.index(best)
    panel.plot(at + 1, best, "o", markersize=12, markerfacecolor="none", markeredgecolor=BLACK)
    note = "ring: lowest {value:.3f}, epoch {epoch}" if lowest else "ring: highest {value:.3f}, epoch {epoch}"
    return translated(language, note, value=best, epoch=at + 1)
