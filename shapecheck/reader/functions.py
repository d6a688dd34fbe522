"""Functions of numpy, pandas, scikit-learn, TensorFlow and keras.utils, each by its dotted path, on shapes."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from shapecheck.reader.values import unknown

if TYPE_CHECKING:
    from shapecheck.reader.calls import Call
    from shapecheck.reader.interpreter import Interpreter


def call(self: Interpreter, path: str, call: Call) -> Any:
    """What a library function gives; unknown for those that are not followed."""
    return unknown(path.rpartition(".")[2], f"what {path}() gives cannot be told")
