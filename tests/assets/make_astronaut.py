"""Make tinyseq/datasets/files/astronaut.npz from the photograph inside scikit-image's wheel.

    python tests/assets/make_astronaut.py     needs scikit-image 0.26.0 (not a dependency of tinyseq)

The 512 x 512 photograph of Eileen Collins (NASA, public domain) is cut to its middle 500 x 500 pixels and every 2 x 2
block is averaged: 250 x 250, the size that the Keras guide's convnet takes.
"""

from pathlib import Path

import numpy as np
from numpy.typing import NDArray

TARGET = Path(__file__).parents[2] / "tinyseq" / "datasets" / "files" / "astronaut.npz"


def halved(photograph: NDArray[np.uint8]) -> NDArray[np.uint8]:
    """(512, 512, 3) -> (250, 250, 3): the middle 500 x 500, each 2 x 2 block averaged (halves round to even)."""
    middle = photograph[6:506, 6:506].astype(np.float64)
    blocks = middle.reshape(250, 2, 250, 2, 3)  # (rows, i, columns, j, channels)
    return np.rint(blocks.mean(axis=(1, 3))).astype(np.uint8)


def main() -> None:
    from skimage.data import astronaut

    np.savez_compressed(TARGET, image=halved(astronaut()))
    print(TARGET.name, TARGET.stat().st_size, "bytes")


if __name__ == "__main__":
    main()
