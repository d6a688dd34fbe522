"""Record Keras on the programs of nested_models.py.

    python -m tests.oracle.record_nested      (where keras is installed)
"""

from __future__ import annotations

import json
from pathlib import Path

import keras

from tests.oracle import nested_models

TARGET = Path(__file__).with_name("nested.json")


def main() -> None:
    """All cases."""
    names = nested_models.cases(None, None, None)
    found = {
        "outputs": {name: nested_models.run(keras, name) for name in names},
        "inputs": nested_models.inputs(keras)[1],
        "call": nested_models.shapes(nested_models.Caller.made(keras).predict(nested_models.X, verbose=0)),
    }
    TARGET.write_text(json.dumps(found, indent=0) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
