"""Draw a line of Hindi and give its pixels; `python -m tests.plotting.devanagari` writes the reference picture anew.

Look at the reference before you commit it: the vowel sign of नि stands before its consonant, the त of वृत्ति is
doubled by a half letter, and त्रु is one shape.
"""

import io
from pathlib import Path

import numpy as np
from matplotlib.image import imread
from numpy.typing import NDArray

from tinyseq.plotting.canvas import Picture
from tinyseq.plotting.fonts import families

TEXT = "निवृत्ति त्रुटि"
REFERENCE = Path(__file__).with_name("nivritti_truti.png")


def drawn(text: str) -> NDArray[np.float64]:
    """-> (rows, columns): darkness from 0 (paper) to 1 (ink), cut to the ink's columns; every text on the same rows."""
    picture = Picture(5, 1)
    picture.text(0.05, 0.4, text, fontfamily=families("hi"), fontsize=30)
    file = io.BytesIO()
    picture.savefig(file, format="png", dpi=100)
    file.seek(0)
    ink = 1.0 - imread(file, format="png")[:, :, :3].mean(axis=2).astype(np.float64)
    columns = np.flatnonzero(ink.max(axis=0) > 0.05)
    return ink[:, columns[0] : columns[-1] + 1]


def main() -> None:
    from matplotlib.image import imsave

    imsave(REFERENCE, 1 - drawn(TEXT), cmap="gray", vmin=0, vmax=1)


if __name__ == "__main__":
    main()
