"""Which of some repaired scripts build in Keras: a JSON list of source texts on stdin -> a JSON list of verdicts.

    python -m tests.oracle.record_repairs < sources.json > verdicts.json

Each text runs in a namespace of its own and is expected to leave a Sequential called `model`. A verdict has "builds",
and the table of tests/oracle/record_stacks.py or the exception's type and message. For our own texts only: they run.
"""

import contextlib
import json
import re
import sys
import warnings
from typing import Any

from tests.oracle.keras_side import keras
from tests.oracle.record_stacks import table


def verdict(source: str) -> dict[str, Any]:
    """Run one script; its model must be built, for a stack without an input proves nothing."""
    keras.backend.clear_session()
    names: dict[str, Any] = {}
    try:
        with contextlib.redirect_stdout(sys.stderr):
            exec(source, names)
    except Exception as error:  # the type is what is recorded
        message = re.sub(r"\x1b\[[0-9;]*m", "", str(error))[:160]
        return {"builds": False, "type": type(error).__name__, "message": message}
    model = names.get("model")
    if not getattr(model, "built", False):
        return {"builds": False, "type": "NotBuilt", "message": "the script leaves no built model"}
    return {"builds": True, "layers": table(model)}


if __name__ == "__main__":
    warnings.simplefilter("ignore")
    json.dump([verdict(source) for source in json.load(sys.stdin)], sys.stdout, indent=1)
