"""Which repaired scripts of tests/oracle/trained_mutants.py run in Keras: they build a model and train one step -> trained.json.

    python -m tests.shapecheck.trained > sources.json                     our repairs as texts
    python -m tests.oracle.record_trained < sources.json > verdicts.json  what Keras says to each (needs Keras)
    python -m tests.shapecheck.trained sources.json verdicts.json         both -> tests/oracle/trained.json

A verdict is "" for a script that runs to its end, else the exception's type and message. For our own texts only: they run.
"""

import contextlib
import json
import re
import sys
import warnings
from typing import Any

from tests.oracle.keras_side import keras


def verdict(source: str) -> str:
    """Runs one script; its model must have made a step."""
    keras.backend.clear_session()
    keras.utils.set_random_seed(5)
    names: dict[str, Any] = {}
    try:
        with contextlib.redirect_stdout(sys.stderr):
            exec(source, names)
    except Exception as error:  # the type is what is recorded
        return f"{type(error).__name__}: {re.sub(chr(27) + r'.[0-9;]*m', '', str(error))[:160]}"
    steps = int(names["model"].optimizer.iterations)
    return "" if steps else "no step was made"


if __name__ == "__main__":
    warnings.simplefilter("ignore")
    sources = json.load(sys.stdin)
    found = []
    for number, source in enumerate(sources):
        found.append(verdict(source))
        if number % 20 == 0:
            print(f"{number} of {len(sources)}", file=sys.stderr, flush=True)
    json.dump(found, sys.stdout, indent=1)
