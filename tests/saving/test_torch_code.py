"""to_torch_code: programs read as a student would write them; PyTorch computed the same when the programs were recorded."""

from __future__ import annotations

import ast
import json
from pathlib import Path
from typing import Any

import numpy as np
import pytest

import tinyseq
from tests.saving import code_cases

RECORDED: dict[str, Any] = json.loads((Path(__file__).parents[1] / "oracle" / "torch.json").read_text("utf-8"))
RECORD = "run python -m tests.oracle.record_torch in a venv with torch and this project's dependencies"
MODELS = [pytest.param(*maker, name, id=name) for name, maker in code_cases.by_line().items()]


@pytest.mark.parametrize(("make", "which", "name"), MODELS)
def test_torch_computed_the_same_by_the_program(make: Any, which: Any, name: str) -> None:
    mark = code_cases.torch_fingerprint(make(which)[0])
    found = RECORDED.get(name)
    if found is None or found["fingerprint"] != mark:
        pytest.fail(f"not tried in torch: {name}: {RECORD}")
    assert mark.startswith("refused: ") or found["torch"] < code_cases.limit(name), found["torch"]


def test_most_layers_have_an_equivalent_and_the_others_a_reason() -> None:
    refused = code_cases.refused(RECORDED)
    assert len(refused) < 0.15 * len(RECORDED)
    assert not [name for name in refused if name.startswith(("Dense", "Conv1D", "Conv2D", "Conv3D", "Max", "Global", "Add"))]


def test_a_convnet_in_torch() -> None:
    assert code_cases.convnet(tinyseq).to_torch_code() == '''\
import torch
import torch.nn.functional as F
from torch import nn


class Net(nn.Module):
    """(batch, 28, 28, 1) -> (batch, 10): as in Keras."""

    def __init__(self):
        super().__init__()
        self.conv2d = nn.Conv2d(1, 8, 3)
        self.batch_normalization = nn.BatchNorm2d(8, eps=0.001, momentum=0.1)
        self.conv2d_1 = nn.Conv2d(8, 4, (3, 2), stride=2)
        self.dropout = nn.Dropout(0.5)
        self.dense = nn.Linear(64, 10)

    def forward(self, x):
        x = x.permute(0, 3, 1, 2)  # torch: channels first
        x = F.relu(self.conv2d(x))
        x = self.batch_normalization(x)
        x = F.max_pool2d(x, 3)
        x = F.pad(x, (0, 0, 0, 1))  # padding="same" of Keras: more at the end
        x = self.conv2d_1(x)
        x = F.leaky_relu(x, 0.1)
        x = x.permute(0, 2, 3, 1)  # Keras's order for Flatten: channels last
        x = torch.flatten(x, 1)
        x = self.dropout(x)
        x = torch.softmax(self.dense(x), -1)
        return x


model = Net()
model.eval()  # as predict() computes: no dropout, moving statistics
'''


def test_two_inputs_and_a_shared_layer_in_torch() -> None:
    assert code_cases.branches(tinyseq).to_torch_code().split("super().__init__()\n")[1] == '''\
        self.dense = nn.Linear(6, 5)
        self.dense_1 = nn.Linear(10, 10, bias=False)
        self.price = nn.Linear(10, 1)
        self.kind = nn.Linear(10, 3)

    def forward(self, left, right):
        dense = torch.tanh(self.dense(left))
        x = torch.tanh(self.dense(right))
        concatenate = torch.cat((dense, x), 1)
        x = F.gelu(self.dense_1(concatenate))
        x = x + concatenate
        price = self.price(x)
        kind = torch.softmax(self.kind(concatenate), -1)
        return price, kind


model = Net()
model.eval()  # as predict() computes: no dropout, moving statistics
'''


@pytest.mark.parametrize("weights", (".npz", ".safetensors"))
@pytest.mark.parametrize("name", code_cases.WHOLE)
def test_the_weights_beside_the_program_are_those_it_names(name: str, weights: str, tmp_path: Path) -> None:
    load = pytest.importorskip("safetensors.numpy").load_file if weights == ".safetensors" else np.load
    model, _ = code_cases.whole(name)
    text = model.to_torch_code(tmp_path / "net.py", weights=weights)
    ast.parse(text)
    assert (tmp_path / "net.py").read_text("utf-8") == text
    assert f'"net{weights}"' in text
    arrays = load(tmp_path / f"net{weights}")
    total = sum(arrays[key].size for key in arrays if not key.endswith("num_batches_tracked"))
    doubled = sum(2 * weight.shape[0] for weight in model.weights if "lstm" in weight.path and weight.name == "bias") // 2
    assert total == model.count_params() + doubled  # torch has two biases where Keras's LSTM has one


def test_what_torch_lacks_is_refused_by_name_with_the_reason(tmp_path: Path) -> None:
    model = tinyseq.Sequential([tinyseq.Input((5, 9, 2)), tinyseq.layers.ConvLSTM1D(4, 3, name="clouds")])
    with pytest.raises(ValueError, match="layer clouds: ConvLSTM1D is not written for torch: torch has no recurrent convolution"):
        model.to_torch_code(tmp_path / "net.py")
    assert not list(tmp_path.iterdir())
    with pytest.raises(ValueError, match=r"expected '\.npz'"):
        code_cases.convnet(tinyseq).to_torch_code(weights=".pt")


def test_a_class_of_yours_is_not_taken_for_keras_s_of_the_same_name(tmp_path: Path) -> None:
    class Dense(tinyseq.layers.Dense):
        """Twice what Keras's computes."""

        def forward(self, ctx: Any, x: Any) -> Any:
            return 2 * (x @ ctx.weight("kernel"))

    model = tinyseq.Sequential([tinyseq.Input((3,)), Dense(2, name="twice")])
    with pytest.raises(ValueError, match="layer twice: Dense is not written for torch: the class is yours"):
        model.to_torch_code(tmp_path / "net.py")
