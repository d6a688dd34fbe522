"""MNN: converted from the ONNX file by its own converter, in float32 ("precision": "high")."""

from __future__ import annotations

import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Any

import numpy as np

from tests.benchmarks import channels_first
from tests.benchmarks.cases import Case, Contender, Make
from tests.benchmarks.onnx_model import model_bytes


def variants(case: Case) -> dict[str, Make]:
    """One way."""
    return {} if case.net.over_steps else {"MNN": predict}


def converted(case: Case, folder: Path) -> str:
    """The path of the model in MNN's format. RuntimeError with what the converter said if it made none."""
    given, made = folder / "net.onnx", folder / "net.mnn"
    given.write_bytes(model_bytes(case))
    words = ["-m", "MNN.tools.mnnconvert", "-f", "ONNX", "--modelFile", str(given), "--MNNModel", str(made), "--bizCode", "net"]
    ran = subprocess.run([sys.executable, *words], capture_output=True, text=True)
    if not made.exists():
        raise RuntimeError(f"MNN's converter: {(ran.stderr or ran.stdout).strip()[-200:]}")
    return str(made)


def predict(case: Case) -> Contender:
    """The output."""
    import MNN

    with tempfile.TemporaryDirectory() as folder:
        net = MNN.Interpreter(converted(case, Path(folder)))
    session = net.createSession({"backend": "CPU", "numThread": case.threads, "precision": "high"})
    given, made = net.getSessionInput(session), net.getSessionOutput(session)
    x = np.ascontiguousarray(channels_first.images(case.x))
    order = MNN.Tensor_DimensionType_Caffe
    host = MNN.Tensor(x.shape, MNN.Halide_Type_Float, x, order)

    def run() -> None:
        given.copyFrom(host)
        net.runSession(session)

    def result() -> Any:
        run()
        shape = made.getShape()
        found = MNN.Tensor(shape, MNN.Halide_Type_Float, np.zeros(shape, np.float32), order)
        made.copyToHostTensor(found)
        return channels_first.channels_last(np.array(found.getNumpyData()).reshape(shape).copy())

    return Contender(run, result)
