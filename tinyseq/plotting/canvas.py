"""The figure that every picture is drawn on: shows itself in a notebook, saves itself, speaks English or Hindi."""

import io
import os
import sys
import textwrap
from importlib import import_module
from itertools import count
from typing import Any, Literal

from matplotlib.axes import Axes
from matplotlib.figure import Figure

from tinyseq.plotting.fonts import families
from tinyseq.plotting.words import HINDI

Path = str | os.PathLike[str]
Language = Literal["en", "hi"]

# Okabe & Ito (2008), "Color universal design": told apart with any colour vision.
BLUE, ORANGE, GREEN, PURPLE, SKY, YELLOW, BLACK = (
    "#0072B2",
    "#D55E00",
    "#009E73",
    "#CC79A7",
    "#56B4E9",
    "#F0E442",
    "#222222",
)
GREY, PALE = "#8A8A8A", "#E6E6E6"

FOLDER = "tinyseq-pictures"
"""Where `show` writes outside a notebook, in the folder in which Python was started."""
_number = count(1)


class Picture(Figure):
    """A matplotlib Figure without pyplot.

    width, height in inches; `words` translates, `font` has the letters. `name`: what the file is called that `show` writes.
    """

    def __init__(self, width: float, height: float, language: Language = "en", name: str = "picture") -> None:
        if language not in ("en", "hi"):
            raise ValueError(f'language must be "en" or "hi", got {language!r}')
        super().__init__(figsize=(width, height), dpi=110, facecolor="white", layout="constrained")
        self.language = language
        self.families = families(language)
        self.name = name

    def words(self, text: str, **values: Any) -> str:
        """`text` in the picture's language (English if Hindi lacks it), with {names} filled in."""
        return (HINDI.get(text, text) if self.language == "hi" else text).format(**values)

    def font(self, size: float = 10, **more: Any) -> dict[str, Any]:
        """Keyword arguments for any matplotlib text of this picture."""
        return {"fontfamily": self.families, "fontsize": size, **more}

    def title(self, text: str, **values: Any) -> None:
        """One line (or more, if long) over the whole picture."""
        wide = int(self.get_figwidth() * 11)
        self.suptitle("\n".join(textwrap.wrap(self.words(text, **values), wide)), **self.font(12))

    def bare(self, axes: Axes) -> None:
        """No ticks and no frame: the axes hold an image."""
        axes.set_xticks([])
        axes.set_yticks([])
        for spine in axes.spines.values():
            spine.set_visible(False)

    def saved(self, path: Path | None) -> "Picture":
        """Write the picture to `path`, if one is given. OSError if that can't be done."""
        if path is not None:
            self.savefig(os.fspath(path))
        return self

    def show(self, warn: bool = True) -> None:
        """In a notebook: under the cell. In a script: written to tinyseq-pictures/, and where it is printed. `warn` is matplotlib's."""
        if "ipykernel" in sys.modules:
            import_module("IPython.display").display(self)
            return
        os.makedirs(FOLDER, exist_ok=True)
        path = os.path.join(FOLDER, f"{next(_number):02d}_{self.name}.png")
        self.saved(path)
        print("picture:", path)

    def _repr_png_(self) -> bytes:
        """What a notebook shows."""
        file = io.BytesIO()
        self.savefig(file, format="png")
        return file.getvalue()
