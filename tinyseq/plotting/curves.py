"""How training went: each metric over the epochs, training solid, validation dashed."""

from collections.abc import Mapping, Sequence
from typing import Any

from tinyseq.plotting.canvas import BLUE, ORANGE, Language, Path, Picture


def training_curves(history: Any, path: Path | None = None, *, language: Language = "en") -> Picture:
    """One panel a metric, loss first. `history` is what fit() returned, or its dictionary {name: [value an epoch]}.

    ValueError if there is no epoch in it.
    """
    values: Mapping[str, Sequence[float]] = getattr(history, "history", history)
    names = [name for name in values if not name.startswith("val_")]
    names.sort(key=lambda name: name != "loss")
    if not names or not values[names[0]]:
        raise ValueError("the history holds no epoch: fit(..., epochs=1) at least")
    picture = Picture(4.6 * len(names) + 0.4, 3.8, language, "training_curves")
    layout: Any = picture.get_layout_engine()
    layout.set(w_pad=0.12)  # inches between the panels
    picture.title("Training")
    for i, name in enumerate(names):
        _panel(picture, picture.add_subplot(1, len(names), i + 1), name, values)
    return picture.saved(path)


def _panel(picture: Picture, axes: Any, name: str, values: Mapping[str, Sequence[float]]) -> None:
    best = min if "loss" in name or "error" in name else max
    curves = [(name, "training", BLUE, "-", "o"), (f"val_{name}", "validation", ORANGE, "--", "s")]
    for key, label, colour, line, marker in curves:
        if key not in values:
            continue
        curve = list(values[key])
        epochs = range(1, len(curve) + 1)
        axes.plot(epochs, curve, line, color=colour, marker=marker, markersize=4, label=picture.words(label))
        last = key
    at = list(values[last]).index(best(values[last]))
    note = "lowest {value:.3f}, epoch {epoch}" if best is min else "highest {value:.3f}, epoch {epoch}"
    axes.plot(at + 1, values[last][at], "o", markersize=11, markerfacecolor="none", markeredgecolor="black")
    axes.set_title(picture.words(note, value=values[last][at], epoch=at + 1), **picture.font(9))
    axes.set_xlabel(picture.words("epoch"), **picture.font())
    axes.set_ylabel(picture.words(name), labelpad=7, **picture.font())
    axes.xaxis.get_major_locator().set_params(integer=True)
    axes.grid(alpha=0.3)
    axes.legend(prop={"family": picture.families, "size": 9}, frameon=False)
    for side in ("top", "right"):
        axes.spines[side].set_visible(False)
