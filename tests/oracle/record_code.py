"""Record what programs written by to_keras_code compute in Keras -> code.json: the greatest difference to tinyseq for each model.

    python -m tests.oracle.record_code

Needs keras, a backend and this project's own dependencies in one environment.
"""

import os
import tempfile
import warnings
from pathlib import Path
from typing import Any

import numpy as np

from tests.oracle.keras_side import read, write
from tests.saving import code_cases


def run(text: str) -> dict[str, Any]:
    """What a program leaves behind."""
    names: dict[str, Any] = {}
    exec(compile(text, "net.py", "exec"), names)
    return names


def by_keras(model: Any, given: Any) -> Any:
    """Fingerprint of the program, and how far its outputs are from ours."""
    expected = code_cases.outputs(model, given)
    with tempfile.TemporaryDirectory() as folder:
        text = model.to_keras_code(Path(folder) / "net.py")
        os.chdir(folder)
        try:
            made = run(text)["model"]
            found = code_cases.outputs(made, given)
            apart: Any = max(float(np.abs(a - b).max()) for a, b in zip(found, expected, strict=True))
        except Exception as error:  # whatever is raised is what is recorded
            apart = f"{type(error).__name__}: {str(error).splitlines()[0][:200]}"
        os.chdir("/")
    return {"fingerprint": code_cases.fingerprint(model.to_keras_code()), "keras": apart}


def recorded(before: Any, model: Any, given: Any) -> Any:
    """As it was, if the program has not changed since."""
    if before and before["fingerprint"] == code_cases.fingerprint(model.to_keras_code()):
        return before
    return by_keras(model, given)


if __name__ == "__main__":
    warnings.simplefilter("ignore")
    before = read("code.json")
    models = {name: make(which) for name, (make, which) in code_cases.by_class().items()}
    write("code.json", {name: recorded(before.get(name), *model) for name, model in models.items()})
