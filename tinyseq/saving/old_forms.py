"""What files of older versions mean here beyond names: an activation that Keras no longer has, and dtypes that are computed otherwise."""

from __future__ import annotations

import warnings
from typing import Any

import numpy as np

from shapecheck.model_files import old_forms


class OldActivation:
    """An activation that Keras no longer has, as a function by whose name a kernel is found."""

    __name__ = "hard_sigmoid_of_keras_2"

    def __call__(self, x: Any) -> Any:
        return np.clip(0.2 * np.asarray(x, np.float32) + np.float32(0.5), 0, 1)

    def __repr__(self) -> str:
        return self.__name__


HARD_SIGMOID = OldActivation()
"""0.2 x + 0.5 between 0 and 1; Keras 3 computes (x + 3) / 6 under the same name."""


class Dialect(old_forms.Dialect):
    """Who wrote a file; its hard sigmoid is computed as that version did."""

    hard_sigmoid: Any = HARD_SIGMOID


def say_dtype(dtype: str | None, where: str, dialect: Dialect) -> None:
    """Other policies are computed in float32, and that is said once for each in a file."""
    if dtype is None or dtype in dialect.said or dtype.startswith(("int", "uint", "bool", "string")):
        return
    dialect.said.add(dtype)
    warnings.warn(f"{where} was saved with dtype {dtype!r}: tinyseq computes it in float32", stacklevel=2)
