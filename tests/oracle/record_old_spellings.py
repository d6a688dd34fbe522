"""Run one-line programs, most of them in the spelling of an older Keras, in Keras 3 -> old_spellings.json.

    python -m tests.oracle.record_old_spellings

old_spellings.txt holds the lines. Of each: "ok", "warning: ..." where Keras says that something is deprecated or ignored, or the error.
"""

import contextlib
import io
import os
import tempfile
import warnings
from pathlib import Path
from typing import Any

import tensorflow as tf

from tests.oracle.keras_side import HERE, keras, write

HEAD = """import numpy as np
import keras
import tensorflow as tf
from keras import layers
X, y = np.zeros((8, 4)), np.zeros((8, 3))
m = keras.Sequential([keras.Input((4,)), layers.Dense(3, activation="softmax")])
"""
SAYS = ("deprecated", "no longer supported", "has been renamed", "Use `")


def outcome(line: str) -> str:
    """What Keras answers."""
    names: dict[str, Any] = {}
    exec(HEAD, names)
    with warnings.catch_warnings(record=True) as said, contextlib.redirect_stdout(io.StringIO()):
        warnings.simplefilter("always")
        try:
            exec(line, names)
        except Exception as error:
            return f"error: {type(error).__name__}"
    found = [str(one.message).partition("\n")[0] for one in said if any(word in str(one.message) for word in SAYS)]
    return f"warning: {found[0]}" if found else "ok"


def main() -> None:
    assert tf.keras.__version__ == keras.__version__
    lines = Path(HERE, "old_spellings.txt").read_text("utf-8").splitlines()
    with tempfile.TemporaryDirectory() as folder:
        os.chdir(folder)
        found = {line: outcome(line) for line in lines}
    write("old_spellings.json", found)


if __name__ == "__main__":
    main()
