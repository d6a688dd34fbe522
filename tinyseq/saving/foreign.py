"""Files and folders of other programs, known by their bytes: refused with what converts them."""

from __future__ import annotations

import os

from shapecheck.languages import because
from shapecheck.model_files import recognise


def refuse_foreign(path: str, allowed: tuple[str, ...] = ()) -> None:
    """Raises ValueError for a file that is not one of Keras (or of the kinds in `allowed`), and says what it is and how to convert it."""
    if not os.path.exists(path):
        return
    kind = recognise.kind_of(path)
    if kind in recognise.RECIPES and kind not in allowed:
        name, what, recipe = recognise.advice(kind, path)
        raise ValueError(because("{path}: {name}, {what}: {recipe}", path=path, name=name, what=what, recipe=recipe))
    if os.path.isdir(path) and not kind:
        raise ValueError(f"{path} is a folder, not a file: pass the .keras or .h5 file in it")
