"""Pictures side by side: digits with a line under each, and the page of a classifier's mistakes."""

from collections.abc import Sequence
from typing import Any

import numpy as np
from matplotlib.axes import Axes
from numpy.typing import ArrayLike, NDArray

from tinyseq.plotting.canvas import Language, Path, Sheet, save

SIDE, STEP = 1.1, 1.42  # inches: of an image, and from one to the next
CELL = 0.34  # inches: of a cell that holds a number


def pictures(
    images: Sequence[ArrayLike],
    captions: Sequence[str],
    title: str = "",
    path: Path | None = None,
    *,
    numbers: bool = False,
    axes: Axes | None = None,
    language: Language = "en",
) -> Axes:
    """Images side by side, one caption over each; `numbers` writes the value into every cell (small images only).

    Each has its own scale of greys, white = its lowest value, black = its largest. ValueError if there is not a caption for each.
    """
    arrays = [np.asarray(image).squeeze() for image in images]
    if not arrays or len(arrays) != len(captions) or any(array.ndim not in (2, 3) for array in arrays):
        raise ValueError(f"a caption for each image (rows, columns), got {len(arrays)} images and {len(captions)} captions")
    sides = [CELL * array.shape[1] if numbers else 1.7 for array in arrays]
    heights = [side * array.shape[0] / array.shape[1] for side, array in zip(sides, arrays, strict=True)]
    steps = [max(side, 0.078 * len(caption)) + 0.3 for side, caption in zip(sides, captions, strict=True)]
    top = 0.95 if title else 0.5
    width = max(sum(steps) + 0.3, 0.11 * len(title) + 0.6)
    sheet = Sheet(axes, width, top + max(heights) + 0.2, language, "pictures")
    if title:
        sheet.title(title)
    left = 0.3
    for array, caption, side, high, step in zip(arrays, captions, sides, heights, steps, strict=True):
        middle = left + (step - 0.3) / 2
        sheet.text(middle, top - 0.16, caption, 9.5, ha="center")
        sheet.image(array, (middle - side / 2, top, side, high), "gray_r")
        if numbers:
            _numbers(sheet, array, middle - side / 2, top, CELL)
        left += step
    said = [f"{caption.replace(chr(10), ' ')}: {_span(array)}" for array, caption in zip(arrays, captions, strict=True)]
    return _finished(sheet, f"{title}. {'; '.join(said)}.".lstrip(". "), path)


def mistakes(
    images: ArrayLike,
    labels: ArrayLike,
    probabilities: ArrayLike,
    path: Path | None = None,
    *,
    classes: Sequence[str] | None = None,
    limit: int = 18,
    axes: Axes | None = None,
    language: Language = "en",
) -> Axes:
    """The wrong answers, the most certain ones first, at most `limit`.

    images: (n, rows, columns) or (n, rows, columns, 1 or 3). labels: (n,) integers. probabilities: (n, classes), rows
    adding up to 1 (what a softmax gives). classes: a name for each label. ValueError if the lengths differ.
    """
    x, true, chance = np.asarray(images), np.asarray(labels).reshape(-1), np.asarray(probabilities)
    if not len(x) == len(true) == len(chance) or chance.ndim != 2:
        raise ValueError(f"images, labels and probabilities belong together row by row, got {x.shape}, {true.shape}, {chance.shape}")
    said = chance.argmax(axis=1)
    certainty = chance.max(axis=1)
    wrong = np.flatnonzero(said != true)
    order = wrong[np.argsort(-certainty[wrong], kind="stable")][:limit]
    across = min(6, max(len(order), 1))
    down = max(-(-len(order) // across), 1)
    sheet = Sheet(axes, max(across * STEP + 0.3, 6.4), 0.8 + down * 1.85, language, "mistakes")
    title = _title(sheet, len(wrong), len(x))
    sheet.title(title)
    name = (lambda label: classes[label]) if classes else str
    listed = []
    for place, i in enumerate(order):
        left, top = 0.3 + (place % across) * STEP, 1.25 + (place // across) * 1.85
        answer = sheet.words("model: {said} ({chance:.0%})", said=name(int(said[i])), chance=certainty[i])
        truth = sheet.words("right: {said} ({chance:.0%})", said=name(int(true[i])), chance=chance[i, true[i]])
        sheet.text(left, top - 0.24, f"{answer}\n{truth}", 9, linespacing=1.2)
        sheet.image(x[i].squeeze(), (left, top, SIDE, SIDE), "gray_r")
        listed.append(f"{answer}, {truth}")
    return _finished(sheet, "; ".join([title, *listed]) + ".", path)


def _title(sheet: Sheet, wrong: int, count: int) -> str:
    if not wrong:
        return sheet.words("None of {count} wrong", count=count)
    return sheet.words(
        "{wrong} of {count} wrong ({rate:.1%} right); first those of which the model was most certain",
        wrong=wrong,
        count=count,
        rate=1 - wrong / count,
    )


def _numbers(sheet: Sheet, array: NDArray[Any], left: float, top: float, cell: float) -> None:
    """Each value in its cell, in white where the cell is dark."""
    low, high = float(array.min()), float(array.max())
    for (row, column), value in np.ndenumerate(array):
        dark = high > low and (value - low) / (high - low) > 0.5
        sheet.text(left + (column + 0.5) * cell, top + (row + 0.5) * cell, f"{value:g}", 9, ha="center", color="white" if dark else "black")


def _span(array: NDArray[Any]) -> str:
    """Its shape and range of values: 8x8, 0 ... 16."""
    return f"{'x'.join(map(str, array.shape))}, {array.min():.4g} ... {array.max():.4g}"


def _finished(sheet: Sheet, alt: str, path: Path | None) -> Axes:
    drawn = sheet.finished(alt)
    if path is not None:
        save(drawn, path)
    return drawn
