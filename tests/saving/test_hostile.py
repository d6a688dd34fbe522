"""Files that nobody vouches for: each is a valid file and one attack, and is refused with a sentence, in bounded time and memory."""

from __future__ import annotations

import io
import json
import struct
import sys
import time
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import h5py
import numpy as np
import pytest

from shapecheck import check_file
from tinyseq import Input, Model, Sequential, layers, models
from tinyseq.saving.hdf5_read import DamagedFile


def model() -> Any:
    return Sequential([Input((6,)), layers.Dense(5, name="first"), layers.Dense(3, name="second")])


def members(path: Path) -> dict[str, bytes]:
    model().save(path)
    with zipfile.ZipFile(path) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


def packed(path: Path, content: dict[str, bytes], method: int = zipfile.ZIP_STORED) -> Path:
    with zipfile.ZipFile(path, "w", method) as archive:
        for name, data in content.items():
            archive.writestr(name, data)
    return path


def edited(path: Path, edit: Callable[[Any], None]) -> Path:
    """The file with another config.json."""
    content = members(path)
    config = json.loads(content["config.json"])
    edit(config)
    return packed(path, {**content, "config.json": json.dumps(config).encode()})


def with_weights(path: Path, edit: Callable[[Any], None]) -> Path:
    """The file with other weights."""
    content = members(path)
    data = io.BytesIO(content["model.weights.h5"])
    with h5py.File(data, "r+") as file:
        edit(file)
    return packed(path, {**content, "model.weights.h5": data.getvalue()})


def layer(config: Any, number: int = 1) -> Any:
    return config["config"]["layers"][number]


KERNEL = "layers/dense/vars/0"


def replaced(file: Any, **options: Any) -> None:
    del file[KERNEL]
    file.create_dataset(KERNEL, **options)


def external_link(file: Any) -> None:
    del file[KERNEL]
    file[KERNEL] = h5py.ExternalLink("/etc/passwd", "/x")


def soft_link(file: Any) -> None:
    del file[KERNEL]
    file[KERNEL] = h5py.SoftLink("/layers/dense/vars/1")


def soft_group(file: Any) -> None:
    file.move("layers/dense", "hidden")
    file["layers/dense"] = h5py.SoftLink("/hidden")


def virtual(file: Any) -> None:
    del file[KERNEL]
    layout = h5py.VirtualLayout((6, 5), "f4")
    layout[:] = h5py.VirtualSource("/etc/passwd", "x", (6, 5))
    file.create_virtual_dataset(KERNEL, layout)


def bomb(file: Any) -> None:
    replaced(file, data=np.zeros((1 << 24,), np.float32), chunks=(1 << 20,), compression="gzip", compression_opts=9)


def lambda_code(config: Any) -> None:
    body = {"class_name": "__lambda__", "config": {"code": "4wEAAAA=", "defaults": None, "closure": None}}
    config["config"]["layers"].insert(1, {"class_name": "Lambda", "config": {"name": "evil", "function": body}})


def module_import(config: Any) -> None:
    layer(config).update(module="os", class_name="system", registered_name=None, config={"command": "touch /tmp/executed"})


def function_import(config: Any) -> None:
    layer(config)["config"]["activation"] = {
        "module": "builtins", "class_name": "function", "config": "exec", "registered_name": "function",
    }  # fmt: skip


def saved_model_layer(config: Any) -> None:
    layer(config).update(class_name="TFSMLayer", config={"filepath": "/tmp/evil", "name": "t"})


def torch_layer(config: Any) -> None:
    layer(config).update(class_name="TorchModuleWrapper", config={"module": "gASV", "name": "t"})


def huge(config: Any) -> None:
    layer(config)["config"]["units"] = 10**10


def vocabulary(config: Any) -> None:
    layer(config).update(class_name="StringLookup", config={"name": "words", "vocabulary": "/etc/passwd"})


def url(config: Any) -> None:
    layer(config).update(class_name="StringLookup", config={"name": "words", "vocabulary": "http://127.0.0.1:9/x"})


def private_initializer(config: Any) -> None:
    layer(config)["config"]["kernel_initializer"] = {"module": "os", "class_name": "__import__", "config": {"name": "os"}}


CONFIGS: dict[str, tuple[Callable[[Any], None], str]] = {
    "lambda": (lambda_code, "is a Lambda, whose code in the file is not run"),
    "module": (module_import, "class 'system' is not known"),
    "function": (function_import, "exec"),
    "saved model": (saved_model_layer, "class 'TFSMLayer' is not known"),
    "torch": (torch_layer, "class 'TorchModuleWrapper' is not known"),
    "units": (huge, "does not fit model"),
    "vocabulary": (vocabulary, "vocabulary='/etc/passwd', a path or an address from which it would be read"),
    "url": (url, "vocabulary='http://127.0.0.1:9/x', a path or an address"),
    "initializer": (private_initializer, "class '__import__' is not known"),
    "no layers": (lambda config: config["config"].pop("layers"), "expected a list of layers"),
    "a number": (lambda config: config["config"].update(layers=7), "expected a list of layers"),
    "negative": (lambda config: layer(config)["config"].update(units=-5), "units"),
    "nested list": (lambda config: layer(config)["config"].update(units=[[5]]), "units"),
}


@pytest.mark.parametrize("name", CONFIGS)
def test_a_hostile_configuration_is_refused(name: str, tmp_path: Path) -> None:
    edit, says = CONFIGS[name]
    path = edited(tmp_path / "model.keras", edit)
    with pytest.raises(ValueError, match=says):
        models.load_model(path)
    assert not Path("/tmp/executed").exists()


WEIGHTS: dict[str, tuple[Callable[[Any], None], str]] = {
    "external link": (external_link, "damaged|link"),
    "soft link": (soft_link, "is a link to another place"),
    "soft group": (soft_group, "is a link to another place"),
    "virtual": (virtual, "put together from other data sets"),
    "external storage": (
        lambda file: replaced(file, shape=(6, 5), dtype="f4", external=[("/etc/passwd", 0, 120)]),
        "keeps its numbers in another file",
    ),
    "bomb": (bomb, "does not fit model"),
    "transposed": (lambda file: replaced(file, data=np.zeros((5, 6), np.float32)), "does not fit model"),
    "text": (lambda file: replaced(file, data=np.full((6, 5), b"x")), "expected numbers"),
    "objects": (lambda file: replaced(file, shape=(6, 5), dtype=h5py.string_dtype()), "expected numbers"),
    "lzf": (lambda file: replaced(file, data=np.zeros((6, 5), np.float32), compression="lzf"), "filter other than gzip"),
    "missing": (lambda file: file.pop(KERNEL), "does not fit model"),
    "a group": (lambda file: (file.pop(KERNEL), file.create_group(KERNEL)), "."),
    "one more": (lambda file: file.create_dataset("layers/dense/vars/2", data=np.zeros(3)), "does not fit model"),
}


@pytest.mark.parametrize("name", WEIGHTS)
def test_hostile_weights_are_refused(name: str, tmp_path: Path) -> None:
    edit, says = WEIGHTS[name]
    path = with_weights(tmp_path / "model.keras", edit)
    with pytest.raises(ValueError, match=says):
        models.load_model(path)


@pytest.mark.parametrize("edit", (lambda file: None, lambda file: replaced(file, data=np.ones((6, 5), np.float16), compression="gzip")))
def test_the_same_file_without_an_attack_loads(edit: Any, tmp_path: Path) -> None:
    assert models.load_model(with_weights(tmp_path / "model.keras", edit)).count_params() == 53


def test_containers_are_refused_that_are_not_a_models(tmp_path: Path) -> None:
    content = members(tmp_path / "model.keras")
    path = tmp_path / "attack.keras"
    for name in ("../escape", "/etc/escape", "assets/words.txt", "model.weights.npz"):
        with pytest.raises(DamagedFile, match="a model has"):
            models.load_model(packed(path, {**content, name: b"x"}))
    with pytest.raises(DamagedFile, match=r"has no config.json"):
        models.load_model(packed(path, {"model.weights.h5": b"x"}))
    with pytest.raises(DamagedFile, match=r"not plausible|are read"):
        models.load_model(packed(path, {**content, "config.json": b" " * (200 << 20)}, zipfile.ZIP_DEFLATED))
    with pytest.raises(DamagedFile, match="a key is there twice"):
        models.load_model(packed(path, {**content, "config.json": b'{"class_name": "Sequential", "class_name": "Functional"}'}))
    with pytest.raises(DamagedFile, match="nested too deeply"):
        models.load_model(packed(path, {**content, "config.json": b"[" * 200_000}))
    twice = zipfile.ZipFile(path, "w")
    with pytest.warns(UserWarning, match="Duplicate"):
        for name, data in (*content.items(), ("config.json", b"{}")):
            twice.writestr(name, data)
    twice.close()
    with pytest.raises(DamagedFile, match="a member twice"):
        models.load_model(path)
    broken = bytearray((tmp_path / "model.keras").read_bytes())
    broken[broken.index(b'"units": 5') + 9] ^= 1
    path.write_bytes(broken)
    with pytest.raises(DamagedFile, match="checksum is wrong"):
        models.load_model(path)


def test_attributes_of_another_kind_are_as_if_they_were_not_there(tmp_path: Path) -> None:
    path = tmp_path / "model.h5"
    model().save(path)
    with h5py.File(path, "r+") as file:
        for name in ("keras_version", "backend"):
            file.attrs[name] = np.arange(3)
    assert models.load_model(path).count_params() == 53
    (found,) = check_file(str(path)).files
    assert found.stacks[0].table.params == 53 and not found.internal


HEADERS = ("{'descr': '<f4', 'shape': ", "{'descr': [], 'fortran_order': 1, 'shape': (3,)}", "{(1,): 2, 'a': 3}", "[" * 900)


@pytest.mark.parametrize("header", HEADERS)
def test_an_array_with_a_damaged_header_is_refused(header: str, tmp_path: Path) -> None:
    one, path = model(), tmp_path / "w.npz"
    one.save_weights(path)
    with zipfile.ZipFile(path) as archive:
        content = {name: archive.read(name) for name in archive.namelist()}
    first = next(iter(content))
    packed(path, {**content, first: b"\x93NUMPY\x01\x00" + struct.pack("<H", len(header)) + header.encode()})
    with pytest.raises(ValueError, match=r"is not an array .*: the file is damaged"):
        one.load_weights(path)


def test_calls_that_no_keras_writes_are_refused_by_the_name_of_their_layer(tmp_path: Path) -> None:
    start = Input((4,), name="start")
    Model(start, layers.Dense(3, name="first")(start)).save(tmp_path / "a.keras")
    with zipfile.ZipFile(tmp_path / "a.keras") as archive:
        content = {name: archive.read(name) for name in archive.namelist()}
    config = json.loads(content["config.json"])
    node = config["config"]["layers"][1]["inbound_nodes"][0]
    tensor = node["args"][0]
    for given, ours, theirs in (
        (["picture"], "layer first: its call in the file has no tensor", "layer first: its call in the file has no tensor"),
        ([tensor, tensor], "first: takes one input, got a list of 2", "layer first: takes 1 input, the file passes 2"),
    ):
        node["args"] = given
        path = packed(tmp_path / "b.keras", {**content, "config.json": json.dumps(config).encode()})
        with pytest.raises(ValueError, match=ours):
            models.load_model(path)
        (found,) = check_file(str(path)).files
        assert theirs in found.findings[0].words


@pytest.mark.skipif(sys.platform == "win32", reason="POSIX files")
def test_devices_and_pipes_are_refused(tmp_path: Path) -> None:
    import os

    os.mkfifo(tmp_path / "pipe.keras")
    for path, what in ((tmp_path / "pipe.keras", "a pipe"), (tmp_path, "a folder")):
        with pytest.raises(ValueError, match=what):
            models.load_model(path)
    with pytest.raises(ValueError, match="a device"):
        models.load_model("/dev/zero")


def test_safetensors_with_hostile_headers_are_refused(tmp_path: Path) -> None:
    one = model()
    path = tmp_path / "w.safetensors"
    one.save_weights(path)
    data = path.read_bytes()
    size = struct.unpack("<Q", data[:8])[0]
    header = data[8 : 8 + size].decode()
    attacks = {
        "twice": header.replace('"dense.bias"', '"dense.kernel"'),
        "overflow": header.replace("[6,5]", f"[{2**62},{2**62}]"),
        "outside": header.replace('"data_offsets":[0,', '"data_offsets":[99999999,'),
    }
    for name, text in attacks.items():
        assert text != header, name
        path.write_bytes(struct.pack("<Q", len(text)) + text.encode() + data[8 + size :])
        with pytest.raises(ValueError, match=r"safetensors|does not fit"):
            one.load_weights(path)


def mutants(data: bytes, seed: int, count: int) -> Any:
    """Copies with a few bytes changed, a piece cut out, or a piece doubled."""
    random = np.random.default_rng(seed)
    for _ in range(count):
        changed = bytearray(data)
        kind = random.integers(0, 4)
        at = int(random.integers(0, len(changed)))
        if kind == 0:
            del changed[at : at + int(random.integers(1, 64))]
        elif kind == 1:
            changed[at:at] = changed[at : at + int(random.integers(1, 64))]
        else:
            for _ in range(int(random.integers(1, 6))):
                changed[int(random.integers(0, len(changed)))] = int(random.integers(0, 256))
        yield bytes(changed)


@pytest.mark.parametrize("kind", ("keras", "h5", "weights.h5", "npz", "safetensors"))
def test_damaged_files_are_refused_or_load_and_nothing_else(kind: str, tmp_path: Path) -> None:
    """Zips are packed anew with right checksums, so that what is inside is reached."""
    one = model()
    path = tmp_path / f"model.{kind}"
    one.save(path) if kind in ("keras", "h5") else one.save_weights(path)
    data = path.read_bytes()
    inside = members(path) if kind == "keras" else {}
    member = "config.json"
    loaded = 0
    for number, mutant in enumerate(mutants(data if kind != "keras" else inside["config.json"], 3, 150)):
        if kind == "keras":
            member = "config.json" if number % 2 else "model.weights.h5"
            mutant = mutant if number % 2 else next(mutants(inside["model.weights.h5"], number, 1))
            packed(path, {**inside, member: mutant})
        else:
            path.write_bytes(mutant)
        start = time.process_time()
        try:
            models.load_model(path) if kind in ("keras", "h5") else one.load_weights(path)
            loaded += 1
        except (ValueError, NotImplementedError, TypeError) as error:
            assert str(error)
        assert time.process_time() - start < 5
    assert loaded > 0
