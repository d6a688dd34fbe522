"""Files and folders of other programs, known by their names and first bytes: refused with what converts them."""

from __future__ import annotations

import os

IN_KERAS = "load it where it was made, and save it there: model.save('model.keras')"


def refuse_foreign(path: str) -> None:
    """Raises ValueError for a file that is not one of Keras, and says what it is and how to convert it."""
    if os.path.isdir(path):
        _refuse_folder(path)
    elif os.path.isfile(path):
        _refuse_file(path)


def _refuse_folder(path: str) -> None:
    if os.path.exists(os.path.join(path, "saved_model.pb")):
        raise ValueError(
            f"{path} is a TensorFlow SavedModel, a program rather than layers: {IN_KERAS} (Keras 2: tf_keras.models.load_model)"
        )
    if os.path.exists(os.path.join(path, "model.json")):
        raise ValueError(f"{path} is a TensorFlow.js model: convert it with tensorflowjs_converter --input_format=tfjs_layers_model")
    raise ValueError(f"{path} is a folder, not a file: pass the .keras or .h5 file in it")


def _refuse_file(path: str) -> None:
    with open(path, "rb") as file:
        head = file.read(64)
    name = os.path.basename(path)
    if ".data-0" in name or name.endswith(".index") or name == "checkpoint":
        raise ValueError(f"{path} is part of a TensorFlow checkpoint: build the model in TensorFlow, load it there, and save it as .keras")
    if head[4:8] == b"TFL3":
        raise ValueError(f"{path} is a TensorFlow Lite model, which has no layers: save the original Keras model")
    if head[:2] in (b"\x80\x02", b"\x80\x03", b"\x80\x04", b"\x80\x05") and not name.endswith(".safetensors"):
        raise ValueError(f"{path} is a pickle, which runs code when it is loaded: {IN_KERAS}")
    if head.startswith(b"PK\x03\x04") and b"/data.pkl" in head:
        raise ValueError(f"{path} is a file of PyTorch: its weights are set with model.set_weights(...), layer by layer")
    if head.lstrip().startswith((b"backend:", b"class_name:")):
        raise ValueError(f"{path} is YAML, which Keras no longer writes: load it with Keras 2.5 or older and save it as .h5")
