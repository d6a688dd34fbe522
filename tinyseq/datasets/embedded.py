"""The data files inside the package."""

from importlib.resources import files
from typing import Any

import numpy as np
from numpy.typing import NDArray

Array = NDArray[Any]
Split = tuple[tuple[Array, Array], tuple[Array, Array]]  # (x_train, y_train), (x_test, y_test)


def read(name: str) -> dict[str, Array]:
    """The arrays of tinyseq/datasets/files/`name` (an .npz), by name.

    Works from a zip file too; nothing is unpickled.
    """
    with (files("tinyseq.datasets") / "files" / name).open("rb") as file, np.load(file, allow_pickle=False) as archive:
        return {key: archive[key] for key in archive.files}
