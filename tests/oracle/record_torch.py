"""Record what programs written by to_torch_code compute in PyTorch -> torch.json: for each model how far its outputs are from tinyseq's.

    python -m tests.oracle.record_torch

Needs torch and this project's own dependencies in one environment. The difference is divided by the greatest output, if that is above 1.
A layer that is refused is recorded with the reason.
"""

import os
import tempfile
import warnings
from pathlib import Path
from typing import Any

import numpy as np
import torch

from tests.oracle.recorded import read, write
from tests.saving import code_cases


def by_torch(model: Any, given: Any) -> float:
    """Runs the program in a folder of its own."""
    expected = code_cases.outputs(model, given)
    names: dict[str, Any] = {}
    with tempfile.TemporaryDirectory() as folder:
        text = model.to_torch_code(Path(folder) / "net.py")
        os.chdir(folder)
        exec(compile(text, "net.py", "exec"), names)
        os.chdir("/")
    tensors = [torch.from_numpy(np.ascontiguousarray(one)) for one in (given if isinstance(given, list) else [given])]
    with torch.no_grad():
        found = names["model"](*tensors)
    return code_cases.apart([one.numpy() for one in (found if isinstance(found, tuple) else [found])], expected)


def recorded(before: Any, model: Any, given: Any) -> Any:
    """As it was, if the program has not changed since."""
    mark = code_cases.torch_fingerprint(model)
    if mark.startswith("refused: "):
        return {"fingerprint": mark}
    return before if before and before["fingerprint"] == mark else {"fingerprint": mark, "torch": by_torch(model, given)}


if __name__ == "__main__":
    warnings.simplefilter("ignore")
    before = read("torch.json")
    models = {name: make(which) for name, (make, which) in code_cases.by_line().items()}
    write("torch.json", {name: recorded(before.get(name), *model) for name, model in models.items()})
