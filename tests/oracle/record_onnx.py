"""Record what ONNX Runtime computes from files of to_onnx -> onnx.json: for each model how far its outputs are from tinyseq's.

    python -m tests.oracle.record_onnx

Needs onnx, onnxruntime and this project's own dependencies in one environment. onnx.checker has checked every file. The difference
is divided by the greatest output, if that is above 1. A layer that is refused is recorded with the reason.
"""

import warnings
from typing import Any

from tests.oracle.recorded import read, write
from tests.saving import code_cases


def recorded(before: Any, model: Any, given: Any) -> Any:
    """As it was, if the graph has not changed since."""
    mark = code_cases.onnx_fingerprint(model)
    if mark.startswith("refused: "):
        return {"fingerprint": mark}
    if before and before["fingerprint"] == mark:
        return before
    return {"fingerprint": mark, "onnx": code_cases.apart(code_cases.by_onnx_runtime(model, given), code_cases.outputs(model, given))}


if __name__ == "__main__":
    warnings.simplefilter("ignore")
    before = read("onnx.json")
    models = {name: make(which) for name, (make, which) in code_cases.by_line().items()}
    write("onnx.json", {name: recorded(before.get(name), *model) for name, model in models.items()})
