"""ONNX Runtime: all its optimizations, input and output bound to memory so that a call copies nothing."""

from __future__ import annotations

from typing import Any

from tests.benchmarks import channels_first
from tests.benchmarks.cases import Case, Contender, Make
from tests.benchmarks.onnx_model import model_bytes


def variants(case: Case) -> dict[str, Make]:
    """One way."""
    if case.net.over_steps:
        return {}
    return {"ONNX Runtime": predict}


def predict(case: Case) -> Contender:
    """The output."""
    import onnxruntime

    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads, options.inter_op_num_threads = case.threads, 1
    options.graph_optimization_level = onnxruntime.GraphOptimizationLevel.ORT_ENABLE_ALL
    options.log_severity_level = 3
    session = onnxruntime.InferenceSession(model_bytes(case), options, providers=["CPUExecutionProvider"])
    binding = session.io_binding()
    x = onnxruntime.OrtValue.ortvalue_from_numpy(channels_first.images(case.x))
    binding.bind_ortvalue_input("x", x)
    y = onnxruntime.OrtValue.ortvalue_from_shape_and_type(session.get_outputs()[0].shape, "float32")
    binding.bind_ortvalue_output("y", y)

    def run() -> None:
        session.run_with_iobinding(binding)

    def result() -> Any:
        run()
        return channels_first.channels_last(y.numpy())

    return Contender(run, result)
