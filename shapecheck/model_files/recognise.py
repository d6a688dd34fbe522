"""What a file or folder is, by its bytes: a model of Keras, or of another program, with the commands that convert it.

HDF5 89 48 44 46 0D 0A 1A 0A      zip 50 4B 03 04      TensorFlow Lite "TFL3" at byte 4
pickle 80 02..05      safetensors: length of a JSON header, 8 bytes, then "{"      NumPy 93 "NUMPY"
SavedModel and ONNX: protocol buffers, told apart by the numbers of their fields
TensorFlow checkpoint: 57 FB 80 8B 24 75 47 DB at the end of its index
"""

from __future__ import annotations

import os
import stat

from shapecheck.languages import Phrase, because

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import IO

HEAD = 4096
"""Bytes that are read to recognise a file."""
KERAS, HDF5, JSON, TENSORFLOW_JS, SHARDS = "Keras 3 model", "HDF5 file", "model as JSON", "TensorFlow.js model", "sharded weights"
READ = (KERAS, HDF5, JSON, TENSORFLOW_JS, SHARDS)
"""The kinds that are read here."""
ENDINGS = (".keras", ".h5", ".hdf5", ".weights.json", ".tflite", ".onnx", ".pb", ".pkl", ".pickle", ".pt", ".pth", ".safetensors")
"""How the names of model files end: an empty or replaced file of such a name is reported, too."""

KINDS = {
    KERAS: because("Keras 3 model"),
    HDF5: because("HDF5 file"),
    JSON: because("model as JSON"),
    TENSORFLOW_JS: because("TensorFlow.js model"),
    SHARDS: because("sharded weights"),
}
"""What a report calls them."""

SAVED_MODEL_RECIPE = because(
    "if Keras 2 saved it: {install}, then {code}; one written by Keras 3's export() has no layers: save the original model as .keras",
    install="python -m pip install tensorflow tf_keras",
    code="python -c \"import tf_keras; tf_keras.models.load_model({path!r}).save('model.h5')\"",
)
CHECKPOINT_RECIPE = because(
    "in the program that built the model: {code} (with tf_keras)",
    code="model.load_weights({prefix!r}).expect_partial(); model.save('model.h5')",
)
YAML_RECIPE = because(
    "{install}, then {code}",
    install="python -m pip install pyyaml",
    code="python -c \"import json, yaml; json.dump(yaml.safe_load(open({path!r})), open('model.json', 'w'))\"",
)
PICKLE_RECIPE = because(
    "only if you trust where it comes from, in an environment with its Keras: {code}",
    code="python -c \"import pickle; pickle.load(open({path!r}, 'rb')).save('model.keras')\"",
)
TORCH_RECIPE = because(
    "build the same layers here, read the file with {load}, then {code}:"
    " a convolution's kernel is transposed with (2, 3, 1, 0), a Linear's with .T",
    load="torch.load(..., weights_only=True)",
    code="model.set_weights([...])",
)
ORIGINAL = because("save the original Keras model: {code}", code="model.save('model.keras')")
WEIGHTS = because("build the model, then {code}", code="model.load_weights({path!r})")
OPERATIONS, ONLY_WEIGHTS = because("operations without layers"), because("weights without layers")
RECIPES = {
    "TensorFlow SavedModel": (because("the file is a TensorFlow SavedModel"), because("a program rather than layers"), SAVED_MODEL_RECIPE),
    "TensorFlow graph": (because("the file is a TensorFlow graph"), OPERATIONS, ORIGINAL),
    "TensorFlow.js graph model": (because("the file is a TensorFlow.js graph model"), OPERATIONS, ORIGINAL),
    "part of a TensorFlow checkpoint": (because("the file is part of a TensorFlow checkpoint"), ONLY_WEIGHTS, CHECKPOINT_RECIPE),
    "TensorFlow Lite model": (because("the file is a TensorFlow Lite model"), OPERATIONS, ORIGINAL),
    "ONNX model": (because("the file is an ONNX model"), OPERATIONS, ORIGINAL),
    "YAML": (
        because("the file is YAML"), because("a form that Keras no longer reads, because reading it could run code"), YAML_RECIPE,
    ),
    "pickle": (because("the file is a pickle"), because("which runs code when it is loaded"), PICKLE_RECIPE),
    "file of PyTorch": (because("the file is a file of PyTorch"), ONLY_WEIGHTS, TORCH_RECIPE),
    "safetensors file": (because("the file is a safetensors file"), ONLY_WEIGHTS, WEIGHTS),
    "NumPy file": (because("the file is a NumPy file"), because("arrays without layers"), WEIGHTS),
    "Git LFS pointer": (
        because("the file is a Git LFS pointer"), because("a note of where the file is, in place of the file"),
        because("{install}, then {code}", install="git lfs install", code="git lfs pull"),
    ),
    "web page": (
        because("the file is a web page"), because("probably the error page of a download"),
        because("download the file again, and look at its size"),
    ),
    "empty": (because("the file is empty"), because("zero bytes"), because("copy or download it again")),
    "zip archive": (
        because("the file is a zip archive"), because("without {first} and {second}", first="config.json", second="model.weights.h5"),
        because("unpack it, and pass the model file in it"),
    ),
}  # fmt: skip
"""Kinds that are not read here: how they are called, what they are, and what converts them."""
CERTAIN = ("TensorFlow SavedModel", "part of a TensorFlow checkpoint", "TensorFlow Lite model", "ONNX model", "file of PyTorch",
           "TensorFlow.js graph model", "safetensors file", "YAML", *READ)  # fmt: skip
"""Kinds that are models whatever their name is; the others may be data: in a folder they are listed only if their name is a model's."""


def advice(kind: str, path: str) -> tuple[str, str, str]:
    """How a file of that kind is called ("the file is an ONNX model"), what it is, and what converts it."""
    name, what, recipe = RECIPES[kind]
    return name, what, with_path(recipe, path)


def with_path(recipe: Phrase, path: str) -> Phrase:
    """The recipe for this file."""
    prefix = path.rpartition(".data-")[0] or path.removesuffix(".index")
    facts = {name: str(text).replace("{path!r}", repr(path)).replace("{prefix!r}", repr(prefix)) for name, text in recipe.said.items()}
    return recipe.changed(**facts)


def kind_of(path: str) -> str:
    """What a file or folder is; "" if nothing known. OSError if it cannot be read."""
    mode = os.stat(path).st_mode
    if stat.S_ISDIR(mode):
        return "TensorFlow SavedModel" if any(os.path.isfile(os.path.join(path, name)) for name in SAVED_MODEL) else ""
    if not stat.S_ISREG(mode):
        return ""
    with open(path, "rb") as file:
        return kind_of_bytes(file.read(HEAD), path, file, os.fstat(file.fileno()).st_size)


def listed(path: str) -> bool:
    """Whether a file or folder is shown in the list of a folder: models, and files with the name of a model."""
    try:
        kind = kind_of(path)
        if kind == "pickle":
            with open(path, "rb") as file:
                return b"keras" in file.read(HEAD)
    except (OSError, ValueError):
        return False
    return kind in CERTAIN or (bool(kind) and path.endswith(ENDINGS))


SAVED_MODEL = ("saved_model.pb", "saved_model.pbtxt")
PICKLED = (b"\x80\x02", b"\x80\x03", b"\x80\x04\x95", b"\x80\x05\x95")
AFTER_PROTOCOL = b"c]}()NKGX\x8a\x8cU(qI"
"""Bytes with which a pickle of protocol 2 or 3 goes on."""


def kind_of_bytes(head: bytes, path: str, file: IO[bytes], size: int) -> str:
    """What a file is, from its first bytes; `file` is read further where those are not enough."""
    name = os.path.basename(path)
    if not head:
        return "empty" if name.endswith(ENDINGS) else ""
    if head.startswith(b"\x89HDF\r\n\x1a\n"):
        return HDF5
    if head.startswith((b"PK\x03\x04", b"PK\x05\x06")):
        return _zip(file, size, name)
    if head[4:8] == b"TFL3":
        return "TensorFlow Lite model"
    if head.startswith(b"\x93NUMPY"):
        return "NumPy file"
    if head.startswith(b"\x80\x02\x8a\nl\xfc\x9cF\xf9 j\xa8P\x19."):
        return "file of PyTorch"
    if head.startswith(PICKLED) and (head[1] >= 4 or head[2:3] in AFTER_PROTOCOL):
        return "pickle"
    if head.startswith((b"\x08", b"\x0a", b"\x12")):
        found = _protocol_buffer(file, size)
        if found:
            return found
    if head[8:9] == b"{" and 8 < int.from_bytes(head[:8], "little") + 8 <= size and head[8:].lstrip(b"{ \n\r\t")[:1] in (b'"', b"}"):
        return "safetensors file"
    return _checkpoint(head, name, file, size) or _text(head, name)


def _zip(file: IO[bytes], size: int, name: str) -> str:
    """By the names of the members, which are at the end of the file."""
    file.seek(max(0, size - (1 << 16)))
    end = file.read(1 << 16)
    if b"config.json" in end and (b"model.weights.h5" in end or name.endswith(".keras")):
        return KERAS
    if b"data.pkl" in end:
        return "file of PyTorch"
    if b".npy" in end or name.endswith(".npz"):  # one without arrays is empty
        return "NumPy file"
    return KERAS if name.endswith(".keras") else "zip archive"


ONNX_FIELDS = {1: 0, 2: 2, 3: 2, 4: 2, 5: 0, 6: 2, 7: 2, 8: 2, 14: 2, 20: 2, 25: 2, 26: 2}
"""Numbers and wire types of the fields of a ModelProto. 7: the graph. Source: onnx.proto of ONNX 1.20."""
MOST_FIELDS = 2000


def _protocol_buffer(file: IO[bytes], size: int) -> str:
    """ONNX, SavedModel or GraphDef, by the fields of the outermost message; "" for anything else."""
    fields: list[tuple[int, int]] = []
    at = 0
    while at < size and len(fields) < MOST_FIELDS:
        key, at = _varint(file, at)
        number, wire = key >> 3, key & 7
        if at < 0 or wire not in (0, 2):
            return ""
        value, at = _varint(file, at)
        if at < 0:
            return ""
        at += value if wire == 2 else 0
        fields.append((number, wire))
    if at > size or (at < size and len(fields) < MOST_FIELDS):
        return ""
    numbers = {number for number, _ in fields}
    if fields[:1] == [(1, 0)] and numbers == {1, 2} and all(wire == 2 for number, wire in fields if number == 2):
        return "TensorFlow SavedModel"
    if 7 in numbers and (1, 0) in fields and all(ONNX_FIELDS.get(number) == wire for number, wire in fields):
        return "ONNX model"
    graph = fields[:1] == [(1, 2)] and numbers <= {1, 2, 3, 4} and numbers & {2, 4}
    return "TensorFlow graph" if graph else ""


def _varint(file: IO[bytes], at: int) -> tuple[int, int]:
    """A number and the place behind it; a place below 0 if there is none."""
    file.seek(at)
    value = 0
    for number, byte in enumerate(file.read(10)):
        value |= (byte & 127) << 7 * number
        if byte < 128:
            return value, at + number + 1
    return 0, -1


def _checkpoint(head: bytes, name: str, file: IO[bytes], size: int) -> str:
    part = "part of a TensorFlow checkpoint"
    if head.startswith(b"model_checkpoint_path:"):
        return part
    file.seek(max(0, size - 8))
    if file.read(8) == b"\x57\xfb\x80\x8b\x24\x75\x47\xdb":
        return part
    return part if ".data-0" in name and os.path.exists(file.name.rpartition(".data-")[0] + ".index") else ""


def _text(head: bytes, name: str) -> str:
    start = head.lstrip(b"\xef\xbb\xbf \t\r\n")
    if start.startswith(b"version https://git-lfs"):
        return "Git LFS pointer"
    if start[:9].lower() in (b"<!doctype", b"<html>\n", b"<html>\r\n") or start[:5].lower() == b"<html":
        return "web page" if name.endswith(ENDINGS) else ""
    if start.startswith(b"{"):
        return _json(start, name)
    if start.startswith((b"backend:", b"class_name:", b"config:", b"keras_version:", b"!!python")) and b"class_name:" in head:
        return "YAML"
    return ""


def _json(start: bytes, name: str) -> str:
    """A JSON object by the keys near its beginning."""
    if name.endswith(".ipynb"):
        return ""
    if b'"modelTopology"' in start or b'"weightsManifest"' in start:
        graph = b'"graph-model"' in start or (b'"modelTopology"' in start and b'"node"' in start[:400])
        return "TensorFlow.js graph model" if graph else TENSORFLOW_JS
    if b'"weight_map"' in start and b'"metadata"' in start:
        return SHARDS
    return JSON if b'"class_name"' in start else ""
