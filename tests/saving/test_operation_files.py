"""Files of Keras whose nodes are operations load, and compute what Keras computed (tests/oracle/record_operation_files.py, ops.npz)."""

import json
import zipfile
from pathlib import Path

import numpy as np
import pytest

import tinyseq as keras
from shapecheck.model_files.names_of_operations import COMPUTED, named
from tests.data import ops_lines

ORACLE = Path(__file__).parents[1] / "oracle"
with zipfile.ZipFile(ORACLE / "operation_files.zip") as archive:
    FILES = {entry.comment.decode(): archive.read(entry).decode() for entry in archive.infolist()}
with np.load(ORACLE / "ops.npz") as recorded:
    VALUES = {line: recorded[f"{line}: value"] for line in FILES}
ACTIVATIONS = "Celu Glu HardShrink HardTanh SoftShrink SparsePlus SparseSigmoid Squareplus TanhShrink Threshold"
OTHERS = {*ACTIVATIONS.split(), "Resize"}
"""Classes that have no function in tinyseq.ops."""


def _nodes(line: str) -> list[dict[str, object]]:
    return [layer for layer in json.loads(FILES[line])["config"]["layers"] if layer["module"].startswith("keras.src.ops")]


def _is_computed(line: str) -> bool:
    return not any(node["class_name"] in OTHERS for node in _nodes(line))


@pytest.mark.parametrize("line", [line for line in FILES if _is_computed(line)])
def test_a_file_with_operations_computes_the_numbers_of_keras(line: str) -> None:
    model = keras.models.model_from_json(FILES[line])
    arrays = [ops_lines.arrays()[name] for name in ops_lines.used(line)]
    found = np.asarray(model(arrays if len(arrays) > 1 else arrays[0]), np.float64)
    np.testing.assert_allclose(found, VALUES[line].astype(np.float64), rtol=1e-4, atol=1e-5)


@pytest.mark.parametrize("line", [line for line in FILES if not _is_computed(line)])
def test_a_file_with_another_operation_is_refused_by_its_name(line: str) -> None:
    with pytest.raises(ValueError, match=r"operation \w+ in the file is not supported: write that part of the model with layers"):
        keras.models.model_from_json(FILES[line])


def test_shapecheck_knows_the_same_operations() -> None:
    for line in FILES:
        for node in _nodes(line):
            assert (named(node)[0] in COMPUTED) == (node["class_name"] not in OTHERS), node["class_name"]
    assert len(FILES) > 230


def test_operations_of_several_outputs_and_of_several_parts_have_names_of_their_own() -> None:
    """Keras's file of the median beside sort, and of both parts of a split: their own names, and other ones for what they consist of."""
    def node(cls: str, name: str, config: dict[str, object], of: str) -> dict[str, object]:
        tensor = {"class_name": "__keras_tensor__", "config": {"shape": [None, 4, 5], "dtype": "float32", "keras_history": [of, 0, 0]}}
        return {
            "module": "keras.src.ops.numpy", "class_name": cls, "config": {"name": name, **config}, "registered_name": cls, "name": name,
            "inbound_nodes": [{"args": [tensor], "kwargs": {}}],
        }  # fmt: skip

    file = json.loads(FILES["ops.median(x, axis=1)"])
    config = file["config"]
    config["layers"] += [node("Sort", "sort", {"axis": 1}, "x"), node("Split", "split", {"indices_or_sections": 2, "axis": 1}, "x")]
    config["output_layers"] = [["median", 0, 0], ["sort", 0, 0], ["split", 0, 0], ["split", 0, 1]]
    model = keras.models.model_from_json(json.dumps(file))
    x = ops_lines.arrays()["x"]
    expected = [np.median(x, axis=1), np.sort(x, axis=1), x[:, :2], x[:, 2:]]
    for one, other in zip(model(x), expected, strict=True):
        np.testing.assert_allclose(np.asarray(one), other, rtol=1e-6)
    assert [tensor.node.rule.name for tensor in model.outputs][1:3] == ["sort", "split"]
    assert {node.rule.name for node in model._graph.nodes} >= {"median.sort", "sort", "split.getitem"}
