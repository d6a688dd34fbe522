"""The page of mistakes: what a classifier got wrong, what it said, what was true, how certain it was."""

from collections.abc import Sequence

import numpy as np
from numpy.typing import ArrayLike

from tinyseq.plotting.canvas import Language, Path, Picture


def mistakes(
    images: ArrayLike,
    labels: ArrayLike,
    probabilities: ArrayLike,
    path: Path | None = None,
    *,
    classes: Sequence[str] | None = None,
    limit: int = 24,
    language: Language = "en",
) -> Picture:
    """The wrong answers, the most certain first, at most `limit`.

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
    across = min(8, max(len(order), 4))
    down = max(-(-len(order) // across), 1)
    picture = Picture(1.25 * across + 0.3, 1.75 * down + 0.8, language, "mistakes")
    if not len(wrong):
        picture.title("None of {count} wrong", count=len(x))
        return picture.saved(path)
    rate = 1 - len(wrong) / len(x)
    picture.title("{wrong} of {count} wrong ({rate:.1%} right), the most certain first", wrong=len(wrong), count=len(x), rate=rate)
    name = (lambda label: classes[label]) if classes else str
    for place, i in enumerate(order):
        axes = picture.add_subplot(down, across, place + 1)
        axes.imshow(x[i].squeeze(), cmap="gray_r", interpolation="nearest")
        text = picture.words(
            "says {predicted} ({probability:.0%})\nis {true} ({chance:.0%})",
            predicted=name(int(said[i])),
            probability=certainty[i],
            true=name(int(true[i])),
            chance=chance[i, true[i]],
        )
        axes.set_title(text, **picture.font(8))
        axes.set_xticks([])
        axes.set_yticks([])
    return picture.saved(path)
