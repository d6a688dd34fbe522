"""to_onnx: ONNX Runtime computed the same when the graphs were recorded; where it is installed, it does now."""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import Any

import numpy as np
import pytest

import tinyseq
from tests.saving import code_cases
from tinyseq.saving.onnx_export.write import onnx_graph

RECORDED: dict[str, Any] = json.loads((Path(__file__).parents[1] / "oracle" / "onnx.json").read_text("utf-8"))
RECORD = "run python -m tests.oracle.record_onnx in a venv with onnx, onnxruntime and this project's dependencies"
MODELS = [pytest.param(*maker, name, id=name) for name, maker in code_cases.by_line().items()]


@pytest.mark.parametrize(("make", "which", "name"), MODELS)
def test_onnx_runtime_computed_the_same(make: Any, which: Any, name: str) -> None:
    mark = code_cases.onnx_fingerprint(make(which)[0])
    found = RECORDED.get(name)
    if found is None or found["fingerprint"] != mark:
        pytest.fail(f"not tried in ONNX Runtime: {name}: {RECORD}")
    assert mark.startswith("refused: ") or found["onnx"] < code_cases.limit(name), found["onnx"]


def test_few_layers_are_refused() -> None:
    assert len(code_cases.refused(RECORDED)) <= 30  # eleven of them lines of spectrograms and SpectralNormalization


@pytest.mark.parametrize("name", code_cases.WHOLE)
def test_onnx_runtime_computes_the_same_where_it_is_installed(name: str) -> None:
    pytest.importorskip("onnx")
    pytest.importorskip("onnxruntime")
    model, given = code_cases.whole(name)
    assert code_cases.apart(code_cases.by_onnx_runtime(model, given), code_cases.outputs(model, given)) < 1e-5


def test_channels_are_turned_once_before_convolutions_and_once_after_them() -> None:
    graph, inputs, outputs = onnx_graph(code_cases.convnet(tinyseq))
    assert [op.kind for op in graph.ops] == [
        "Transpose", "Conv", "Relu", "BatchNormalization", "MaxPool", "Conv", "LeakyRelu", "Transpose", "Flatten", "MatMul", "Add",
        "Softmax", "Identity",
    ]  # fmt: skip
    assert [one.name for one in inputs] == ["input_layer"] or inputs[0].name.startswith("input_layer_")
    assert outputs[0].shape == (None, 10)


def test_names_of_inputs_and_outputs_are_those_of_the_model() -> None:
    _, inputs, outputs = onnx_graph(code_cases.branches(tinyseq))
    assert [one.name for one in inputs] == ["left", "right"]
    assert [one.name for one in outputs] == ["price", "kind"]


def test_what_onnx_lacks_is_refused_by_name_with_the_reason(tmp_path: Path) -> None:
    model = tinyseq.Sequential([tinyseq.Input((5, 9, 2)), tinyseq.layers.ConvLSTM1D(4, 3, name="clouds")])
    with pytest.raises(ValueError, match="layer clouds: ConvLSTM1D is not written to ONNX: ONNX has no recurrent convolution"):
        model.to_onnx(tmp_path / "model.onnx")
    with pytest.raises(ValueError, match=r"as \.onnx"):
        code_cases.convnet(tinyseq).to_onnx(tmp_path / "model.pb")
    assert not list(tmp_path.iterdir())


def test_without_onnx_a_sentence_says_what_to_install(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setitem(sys.modules, "onnx", None)
    with pytest.raises(ModuleNotFoundError, match=r'pip install "tinyseq\[onnx\]"'):
        code_cases.convnet(tinyseq).to_onnx(tmp_path / "model.onnx")
    assert not list(tmp_path.iterdir())


def test_the_weights_are_in_the_graph() -> None:
    model, _ = code_cases.whole("branches")
    graph, _, _ = onnx_graph(model)
    kernel = model.layers[2].get_weights()[0]
    assert any(array.shape == kernel.shape and np.array_equal(array, kernel) for array in graph.constants.values())


def test_a_class_of_yours_is_not_taken_for_keras_s_of_the_same_name(tmp_path: Path) -> None:
    class Dense(tinyseq.layers.Dense):
        """Twice what Keras's computes."""

        def forward(self, ctx: Any, x: Any) -> Any:
            return 2 * (x @ ctx.weight("kernel"))

    model = tinyseq.Sequential([tinyseq.Input((3,)), Dense(2, name="twice")])
    with pytest.raises(ValueError, match="layer twice: Dense is not written to ONNX: the class is yours"):
        model.to_onnx(tmp_path / "model.onnx")
