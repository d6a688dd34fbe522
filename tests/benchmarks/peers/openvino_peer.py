"""OpenVINO: one stream for the shortest answer, and float32 like everybody else (by itself it may take bfloat16)."""

from __future__ import annotations

from typing import Any

import numpy as np

from tests.benchmarks import channels_first
from tests.benchmarks.cases import Case, Contender, Make
from tests.benchmarks.onnx_model import model_bytes


def variants(case: Case) -> dict[str, Make]:
    """One way."""
    if case.net.over_steps:
        return {}
    return {"OpenVINO": predict}


def predict(case: Case) -> Contender:
    """The output."""
    import openvino

    core = openvino.Core()
    options = {
        "INFERENCE_NUM_THREADS": case.threads, "NUM_STREAMS": 1, "PERFORMANCE_HINT": "LATENCY",
        "INFERENCE_PRECISION_HINT": "f32",
    }  # fmt: skip
    compiled = core.compile_model(core.read_model(model_bytes(case)), "CPU", options)
    request = compiled.create_infer_request()
    x = np.ascontiguousarray(channels_first.images(case.x))
    request.set_input_tensor(openvino.Tensor(x, shared_memory=True))

    def run() -> Any:
        request.infer()
        return x  # held here: the tensor only points to its memory

    def result() -> Any:
        run()
        return channels_first.channels_last(np.array(request.get_output_tensor().data))

    return Contender(run, result)
