"""Records what Keras builds from the programs of tests/any_size.py with sizes in them: output shape and parameters, or null if it refuses.

    python -m tests.oracle.record_any_size
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from tests.any_size import PROGRAMS, source

SIZES = (1, 2, 3, 5, 17, 28, 64, 97)


def built(text: str) -> Any:
    """The output shape and the number of parameters of `model`; None if Keras refuses."""
    import keras

    keras.backend.clear_session()
    names: dict[str, Any] = {}
    try:
        exec(text, names)
        model = names["model"]
        return [list(model.output_shape), model.count_params()]
    except (ValueError, TypeError, ZeroDivisionError):
        return None


def record() -> None:
    """Writes any_size.json."""
    found: dict[str, dict[str, Any]] = {}
    for name, (least, body) in PROGRAMS.items():
        tried = sorted({*SIZES, least, max(least - 1, 1), least + 1})
        found[name] = {str(size): built(source(body, size)) for size in tried}
    Path(__file__).with_name("any_size.json").write_text(json.dumps(found, indent=1) + "\n", encoding="utf-8")


if __name__ == "__main__":
    record()
