"""Records what Keras says to each script of tests/data/own_functions.py: "ok", or the name of the exception.

usage: KERAS_BACKEND=tensorflow python -m tests.oracle.record_own_functions     (keras, tensorflow, scikit-learn)
"""

from __future__ import annotations

import importlib
import json
import os
import tempfile
from pathlib import Path

from tests.data.own_functions import HEAD, SCRIPTS

PATH = Path(__file__).with_name("own_functions.json")


def outcome(name: str, text: str, answer: Path) -> str:
    """What a script does in a process of its own: what it registers would be known to the next one."""
    child = os.fork()
    if not child:
        try:
            exec(compile(HEAD + text, name, "exec"), {"__name__": "script"})
            answer.write_text("ok", encoding="utf-8")
        except Exception as error:
            answer.write_text(type(error).__name__, encoding="utf-8")
        os._exit(0)
    os.waitpid(child, 0)
    return answer.read_text(encoding="utf-8")


def main() -> None:
    for needed in ("tensorflow", "keras", "sklearn"):
        importlib.import_module(needed)
    with tempfile.TemporaryDirectory() as folder:
        os.chdir(folder)
        found = {name: outcome(name, text, Path(folder, f"{place}.txt")) for place, (name, text) in enumerate(SCRIPTS.items())}
        os.chdir(PATH.parent)
    PATH.write_text(json.dumps(found, indent=1) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
