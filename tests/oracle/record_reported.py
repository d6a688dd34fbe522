"""Record Keras on the programs of reported_training.py.

    python -m tests.oracle.record_reported      (where keras is installed)
"""

from __future__ import annotations

import json
from pathlib import Path

import keras

from tests.oracle import reported_training

TARGET = Path(__file__).with_name("reported.json")

if __name__ == "__main__":
    found = {case.__name__: reported_training.run(keras, case) for case in reported_training.CASES}
    TARGET.write_text(json.dumps(found, indent=0) + "\n", encoding="utf-8")
