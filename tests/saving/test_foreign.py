"""Files of other programs, as they wrote them: TensorFlow.js and sharded weights load; the others are named, with what converts them."""

from __future__ import annotations

import io
import json
import zipfile
from pathlib import Path
from typing import Any

import numpy as np
import pytest

import tinyseq
from shapecheck import check_file
from shapecheck.model_files import recognise
from tinyseq import Input, Sequential, layers, models
from tinyseq.__main__ import main
from tinyseq.saving.mismatch import DoesNotFit

ARCHIVE = Path(__file__).parents[1] / "oracle" / "foreign.zip"
JAVASCRIPT = ("convnet-2", "sequence-2", "convnet-3", "packed-2", "half-2", "three")


@pytest.fixture
def files(tmp_path: Path) -> Path:
    with zipfile.ZipFile(ARCHIVE) as archive:
        archive.extractall(tmp_path)
    return tmp_path


def recorded(files: Path, name: str) -> dict[str, Any]:
    with np.load(io.BytesIO((files / f"{name}.npz").read_bytes())) as found:
        return dict(found)


@pytest.mark.parametrize("name", JAVASCRIPT)
def test_a_model_of_tensorflow_js_computes_what_it_did(name: str, files: Path) -> None:
    arrays = recorded(files, name)
    found = models.load_model(files / name / "model.json").predict(arrays["x"], verbose=0)
    for number, output in enumerate(found if isinstance(found, list) else [found]):
        loose = {"packed-2": 2e-2, "half-2": 2e-3}.get(name, 1e-5)  # numbers of one and two bytes
        np.testing.assert_allclose(output, arrays[f"y{number}"], rtol=loose, atol=loose)


@pytest.mark.parametrize("name", JAVASCRIPT)
def test_its_table_is_that_of_the_loaded_model(name: str, files: Path) -> None:
    path = files / name / "model.json"
    (report,) = check_file(str(path)).files
    assert report.stacks[0].table.params == models.load_model(path).count_params()
    assert dict(report.facts)["loads in tinyseq"].startswith("yes: tinyseq.models.load_model(")


def test_a_model_that_tensorflow_js_itself_wrote_computes_what_it_did(tmp_path: Path) -> None:
    """By tests/oracle/record_tensorflow_js.js: trainable weights first, then the moving statistics; names like dense_Dense1."""
    with zipfile.ZipFile(ARCHIVE.with_name("tensorflow_js.zip")) as archive:
        archive.extractall(tmp_path)
    arrays = json.loads((tmp_path / "xy.json").read_text(encoding="utf-8"))
    model = models.load_model(tmp_path / "net.json")
    np.testing.assert_allclose(model.predict(np.asarray(arrays["x"], np.float32), verbose=0), arrays["y"], rtol=1e-5, atol=1e-6)
    (report,) = check_file(str(tmp_path / "net.json")).files
    assert dict(report.facts)["written by"] == "tfjs-layers 4.22.0 on tensor_flow.js"


def test_the_command_converts_a_model_of_tensorflow_js(files: Path, capsys: pytest.CaptureFixture[str]) -> None:
    arrays = recorded(files, "convnet-2")
    assert main(["convert", str(files / "convnet-2" / "model.json"), str(files / "new.keras")]) == 0
    assert "layers" in capsys.readouterr().out
    found = models.load_model(files / "new.keras").predict(arrays["x"], verbose=0)
    np.testing.assert_allclose(found, arrays["y0"], rtol=1e-5, atol=1e-6)


def edited(path: Path, edit: Any) -> Path:
    data = json.loads(path.read_text(encoding="utf-8"))
    edit(data["weightsManifest"][0])
    path.write_text(json.dumps(data), encoding="utf-8")
    return path


EDITS = {
    "outside": (lambda group: group.update(paths=["../convnet-2/model.json"]), "weights are in files beside it"),
    "absolute": (lambda group: group.update(paths=["/etc/passwd"]), "weights are in files beside it"),
    "missing": (lambda group: group["paths"].pop(), r"have 1,000 bytes, the weights in weightsManifest 1,308"),
    "absent": (lambda group: group["paths"].append("none.bin"), "copy it to the same folder"),
    "twice": (lambda group: group["paths"].append(group["paths"][0]), "have 1,808 bytes"),
    "shape": (lambda group: group["weights"][0].update(shape=[1 << 39, 1 << 39]), "bytes, the weights in weightsManifest"),
    "negative": (lambda group: group["weights"][0].update(shape=[-4]), "has no name or shape"),
    "turned": (lambda group: group["weights"][0].update(shape=group["weights"][0]["shape"][::-1]), "does not fit model"),
    "renamed": (lambda group: group["weights"][0].update(name="other/kernel"), "does not fit model"),
    "string": (lambda group: group["weights"][0].update(dtype="string"), "holds 'string', expected one of float32"),
    "scale": (lambda group: group["weights"][0].update(quantization={"dtype": "uint8", "scale": "1", "min": 0}), "scale and min"),
    "no list": (lambda group: group.update(paths="group1-shard1of3.bin"), "not a list of files"),
}


@pytest.mark.parametrize("name", EDITS)
def test_a_list_of_weights_that_is_wrong_is_refused(name: str, files: Path) -> None:
    edit, words = EDITS[name]
    with pytest.raises((ValueError, FileNotFoundError), match=words):
        models.load_model(edited(files / "convnet-2" / "model.json", edit))


# ---------------------------------------------------------------------- sharded weights


def net() -> Any:
    return Sequential([Input((8,)), layers.Dense(40), layers.BatchNormalization(), layers.Dense(50), layers.Dense(3)])


def test_sharded_weights_load_with_the_state_of_the_optimizer(files: Path) -> None:
    arrays, model = recorded(files, "shards"), net()
    model.compile("adam", "mse")
    model.load_weights(files / "shards" / "net.weights.json")
    np.testing.assert_allclose(model.predict(arrays["x"], verbose=0), arrays["y0"], rtol=1e-5, atol=1e-6)
    assert model.optimizer.iterations == arrays["iterations"] == 1


def test_sharded_weights_of_another_model_are_refused_with_a_table(files: Path) -> None:
    other = Sequential([Input((8,)), layers.Dense(40), layers.BatchNormalization(), layers.Dense(51), layers.Dense(3)])
    before = other.get_weights()
    with pytest.raises(DoesNotFit, match=r"net.weights.json does not fit model"):
        other.load_weights(files / "shards" / "net.weights.json")
    for old, new in zip(before, other.get_weights(), strict=True):
        np.testing.assert_array_equal(old, new)


LISTS = {
    "outside": ("../net_00001.weights.h5", "weights are in files beside it"),
    "missing": ("net_00009.weights.h5", "copy it to the same folder"),
    "number": (7, "weights are in files beside it"),
    "another": ("net.weights.json", "is not an HDF5 file"),
}


@pytest.mark.parametrize("name", LISTS)
def test_a_list_of_shards_that_is_wrong_is_refused(name: str, files: Path) -> None:
    path = files / "shards" / "net.weights.json"
    data = json.loads(path.read_text(encoding="utf-8"))
    data["weight_map"]["/layers/dense/vars"] = [LISTS[name][0]]
    path.write_text(json.dumps(data), encoding="utf-8")
    with pytest.raises((ValueError, FileNotFoundError), match=LISTS[name][1]):
        net().load_weights(path)


def test_an_array_in_two_shards_is_refused(files: Path) -> None:
    folder = files / "shards"
    (folder / "net_00003.weights.h5").write_bytes((folder / "net_00001.weights.h5").read_bytes())
    with pytest.raises(ValueError, match="it is unclear which one counts"):
        net().load_weights(folder / "net.weights.json")


# ---------------------------------------------------------------------- known by their bytes

KINDS = {
    "saved_model": ("TensorFlow SavedModel", "tf_keras.models.load_model("),
    "saved_model/saved_model.pb": ("TensorFlow SavedModel", "tf_keras.models.load_model("),
    "exported": ("TensorFlow SavedModel", "save the original model as .keras"),
    "exported/saved_model.pb": ("TensorFlow SavedModel", "tf_keras"),
    "model.tflite": ("TensorFlow Lite model", "save the original Keras model"),
    "checkpoint/ckpt.index": ("part of a TensorFlow checkpoint", "ckpt').expect_partial(); model.save('model.h5')"),
    "checkpoint/ckpt.data-00000-of-00001": ("part of a TensorFlow checkpoint", "ckpt').expect_partial(); model.save('model.h5')"),
    "checkpoint/checkpoint": ("part of a TensorFlow checkpoint", "expect_partial()"),
    "frozen.pb": ("TensorFlow graph", "save the original Keras model"),
    "model.onnx": ("ONNX model", "save the original Keras model"),
    "three.pkl": ("pickle", "only if you trust where it comes from"),
    "protocol2.pkl": ("pickle", "only if you trust where it comes from"),
    "torch.pt": ("file of PyTorch", "model.set_weights"),
    "torch_old.pth": ("file of PyTorch", "model.set_weights"),
    "weights.safetensors": ("safetensors file", "model.load_weights("),
    "weights.npz": ("NumPy file", "model.load_weights("),
}


@pytest.mark.parametrize("name", KINDS)
def test_a_file_is_known_by_its_bytes_whatever_its_name(name: str, files: Path) -> None:
    kind, words = KINDS[name]
    other = files / "renamed.keras"
    if (files / name).is_file() and ".data-0" not in name:  # which is raw numbers
        other.write_bytes((files / name).read_bytes())
        assert recognise.kind_of(str(other)) == kind
    assert recognise.kind_of(str(files / name)) == kind
    with pytest.raises(ValueError, match=r".") as error:
        models.load_model(files / name)
    assert kind in str(error.value) and words in str(error.value)
    (report,) = check_file(str(files / name)).files
    (finding,) = report.findings
    assert finding.code == "SC004" and kind in finding.words and words in finding.diagnostic.help()


@pytest.mark.parametrize("name", ("old_weights.h5", "new.weights.h5", "data.h5", "shards/net.weights.json", "convnet-2.npz"))
def test_a_file_without_layers_is_no_table(name: str, files: Path) -> None:
    (report,) = check_file(str(files / name)).files
    (finding,) = report.findings
    assert finding.code == ("SC004" if name.endswith(".npz") else "SC005") and not report.stacks


YAML = "backend: tensorflow\nclass_name: Sequential\nconfig:\n  name: net\n  layers: []\nkeras_version: 2.4.0\n"
TEXTS = {
    "net.yaml": (YAML, "YAML", "yaml.safe_load(open("),
    "net.h5": ("version https://git-lfs.github.com/spec/v1\noid sha256:12\nsize 3\n", "Git LFS pointer", "git lfs pull"),
    "page.keras": ("<!DOCTYPE html>\n<html><body>404</body></html>", "web page", "download the file again"),
    "graph.json": ('{"format": "graph-model", "modelTopology": {"node": []}}', "TensorFlow.js graph model", "original Keras model"),
}


@pytest.mark.parametrize("name", TEXTS)
def test_a_text_is_known_by_its_first_lines(name: str, tmp_path: Path) -> None:
    text, kind, words = TEXTS[name]
    (tmp_path / name).write_text(text, encoding="utf-8")
    assert recognise.kind_of(str(tmp_path / name)) == kind
    with pytest.raises(ValueError, match=kind) as error:
        models.load_model(tmp_path / name)
    assert words in str(error.value)


@pytest.mark.parametrize(
    "name, data",
    [("notes.txt", b"class_name is a word"), ("data.json", b'{"x": [1, 2]}'), ("a.py", b"x = 1\n"), ("big.bin", bytes(range(256)) * 20),
     ("eight.bin", b"\x08\x01\x12"), ("list.json", b"[1, 2]"), ("empty.txt", b""), ("zeros.pb", bytes(100))],
)  # fmt: skip
def test_what_is_no_model_is_not_taken_for_one(name: str, data: bytes, tmp_path: Path) -> None:
    (tmp_path / name).write_bytes(data)
    assert recognise.kind_of(str(tmp_path / name)) == "" and not recognise.listed(str(tmp_path / name))


def test_a_folder_lists_models_and_no_data(files: Path, capsys: pytest.CaptureFixture[str]) -> None:
    from shapecheck.__main__ import main as check

    (files / "values.pkl").write_bytes(b"\x80\x04\x95" + bytes(60))
    (files / "package.json").write_text("{}", encoding="utf-8")
    assert check(["--no-config", "--format", "json", str(files)]) == 0
    listed = {Path(file["path"]).relative_to(files).as_posix(): file for file in json.loads(capsys.readouterr().out)["files"]}
    models_and_weights = {"saved_model", "exported", "model.tflite", "three.pkl", "convnet-2/model.json", "shards/net.weights.json"}
    assert models_and_weights <= listed.keys()
    assert not {"saved_model/saved_model.pb", "values.pkl", "package.json", "weights.npz", "convnet-2/group1-shard1of3.bin"} & listed.keys()
    assert listed["convnet-2/model.json"]["stacks"] and not listed["model.tflite"]["stacks"]


def test_the_names_of_functions_that_compute_are_those_of_ops() -> None:
    from shapecheck.model_files.names_of_operations import COMPUTED

    told = "write the new name into COMPUTED of shapecheck/model_files/names_of_operations.py: a file that names it loads"
    functions = {name: getattr(tinyseq.ops, name) for name in dir(tinyseq.ops) if not name.startswith("_")}
    of_tensors = {name for name, made in functions.items() if callable(made) and not getattr(made, "of_arrays", False)}
    no_nodes = {"cond", "dtype", "fori_loop", "map", "scan"}  # a file has no functions for them
    assert COMPUTED - {"getitem", "get_item"} == of_tensors - no_nodes, told
