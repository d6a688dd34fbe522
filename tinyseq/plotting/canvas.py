"""The canvas of every picture: Axes measured in inches, words in English or Hindi, and an alternative text.

Three greys of light tell areas apart, also in print and for any colour vision: WHITE, MIDDLE and DARK are at least 3:1 from one another.
"""

import io
import os
import sys
import textwrap
from collections.abc import Sequence
from importlib import import_module
from itertools import count
from typing import Any, Literal

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.patches import Rectangle
from numpy.typing import ArrayLike

from tinyseq.plotting.fonts import families
from tinyseq.plotting.words import HINDI

Path = str | os.PathLike[str]
Language = Literal["en", "hi"]

WHITE, MIDDLE, DARK, BLACK = "#FFFFFF", "#2F93CF", "#6B2B00", "#222222"
SMALLEST = 9.0
"""Smallest font size in points, readable from the last row of a classroom."""

FOLDER = "tinyseq-pictures"
"""Where `show` writes outside a notebook, in the folder in which Python was started."""
_number = count(1)


class Picture(Figure):
    """A matplotlib Figure without pyplot, width and height in inches, which a notebook shows with its alternative text."""

    def __init__(self, width: float, height: float, name: str = "picture") -> None:
        super().__init__(figsize=(width, height), dpi=110, facecolor="white")
        self.name = name

    def _repr_mimebundle_(self, **_: Any) -> tuple[dict[str, Any], dict[str, Any]]:
        """What a notebook shows: the image and its alternative text."""
        file = io.BytesIO()
        self.savefig(file, format="png", metadata={"Software": None})
        alt = " ".join(filter(None, map(alt_text, self.axes)))
        return {"image/png": file.getvalue(), "text/plain": alt}, {"image/png": {"alt": alt}}


def translated(language: str, text: str, **values: Any) -> str:
    """`text` in "en" or "hi" (English if Hindi lacks it), with {names} filled in."""
    if language not in ("en", "hi"):
        raise ValueError(f'language must be "en" or "hi", got {language!r}')
    return (HINDI.get(text, text) if language == "hi" else text).format(**values)


def alt_text(axes: Axes) -> str:
    """The alternative text of the picture on these axes; "" for axes that this package did not draw on."""
    return str(axes.get_label())


def show(axes: Axes) -> None:
    """In a notebook: the picture under the cell. In a script: written to tinyseq-pictures/; prints the file's name and what it shows."""
    figure: Any = axes.figure
    if "ipykernel" in sys.modules:
        import_module("IPython.display").display(figure)
        return
    os.makedirs(FOLDER, exist_ok=True)
    path = os.path.join(FOLDER, f"{next(_number):02d}_{getattr(figure, 'name', 'picture')}.png")
    save(axes, path)
    print("picture:", path)
    print(f"({alt_text(axes)})")


def save(axes: Axes, path: Path) -> None:
    """Writes the figure of these axes: .png, .svg or .pdf. OSError if that can't be done."""
    figure: Any = axes.figure
    figure.savefig(os.fspath(path))


class Sheet:
    """Axes as a sheet of paper: inches from the left and from the top. Without `axes`, a new picture of that size.

    On axes of another size all lengths are scaled equally, but not the letters.
    """

    def __init__(self, axes: Axes | None, width: float, height: float, language: Language, name: str) -> None:
        self.language = language
        self.families = families(language)
        self.words("")  # an unknown language is refused before anything is drawn
        self.axes: Any = axes if axes is not None else Picture(width, height, name).add_axes((0, 0, 1, 1))
        self.width, self.height = width, height
        self.axes.set_axis_off()
        self._measure()

    def _measure(self) -> None:
        self.axes.set(xlim=(0, self.width), ylim=(self.height, 0), aspect="equal")

    def words(self, text: str, **values: Any) -> str:
        """`text` in the picture's language, with {names} filled in."""
        return translated(self.language, text, **values)

    def text(self, x: float, y: float, said: str, size: float = SMALLEST + 0.5, **more: Any) -> None:
        """Writes at (x, y); `more` as for matplotlib's text."""
        self.axes.text(x, y, said, **{"fontfamily": self.families, "fontsize": size, "color": BLACK, "va": "center", **more})

    def title(self, said: str) -> None:
        """One or two lines over the whole sheet."""
        lines = [line for part in said.splitlines() for line in textwrap.wrap(part, int(self.width * 10))]
        self.text(self.width / 2, 0.36, "\n".join(lines), 11.5, ha="center")

    def image(
        self, values: ArrayLike, box: tuple[float, float, float, float], cmap: str = "gray", span: Sequence[float] | None = None
    ) -> None:
        """An array as an image in a box (left, top, width, height); `span`: the values that are darkest and brightest."""
        left, top, width, height = box
        array = np.asarray(values)
        low, high = span if span is not None else (float(array.min()), float(array.max()))
        self.axes.imshow(array, cmap=cmap, vmin=low, vmax=high, interpolation="nearest", extent=(left, left + width, top + height, top))
        self.axes.add_patch(Rectangle((left, top), width, height, fill=False, edgecolor=BLACK, linewidth=0.6))
        self._measure()

    def area(self, left: float, top: float, width: float, height: float, colour: str, hatch: str = "", **more: Any) -> None:
        """A rectangle; the hatch tells it apart where the colour is lost."""
        line = {"edgecolor": WHITE if colour == DARK and hatch else BLACK, "linewidth": 0.6, **more}
        self.axes.add_patch(Rectangle((left, top), width, height, facecolor=colour, hatch=hatch, **line))

    def finished(self, alt: str) -> Axes:
        """The axes, with what they show in words."""
        self.axes.set_label(alt)
        axes: Axes = self.axes
        return axes
