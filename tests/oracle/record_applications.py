"""Record every layer of Keras's known architectures -> applications.json, for the cases of tests/application_cases.py.

    python -m tests.oracle.record_applications [--show "MobileNet(alpha=0.25, weights=None)"]

Nothing is computed: weights have shapes and no numbers (PyTorch's meta device). No file of stored weights is read: its name
is recorded, and it holds weights of the shapes of the first model that asks for it. A case holds the model's name, how many
layers it has, parameters, those that are trained, the output's shape, checksums of its rows (application_rows.py), and what
is left when it is cut at three layers. What Keras refuses goes into "refused", with its message. With --show the rows of one
case are printed.
"""

import os
import sys
from typing import Any

os.environ["KERAS_BACKEND"] = "torch"
os.environ["KERAS_TORCH_DEVICE"] = "meta"

import inspect
import json
import warnings
from math import prod
from pathlib import Path

import keras
from keras.src import backend
from keras.src.applications import nasnet
from keras.src.utils import file_utils, naming

from tests.application_cases import NETWORKS, Case, cases, key, refused
from tests.oracle.application_rows import ARGUMENTS, SCALING, checksums

HERE = Path(__file__).parent
FILES: list[str] = []
"""Stored weights that were asked for."""
STORED: dict[str, list[tuple[int, ...]]] = {}
"""The shapes in each file of stored weights."""
READ_ONLY = False
"""Whether all files are known by now."""


class ExceptTheName:
    """keras.src.backend, which calls itself TensorFlow: NASNetMobile refuses PyTorch, for a fault in computing."""

    def __getattr__(self, name: str) -> Any:
        return (lambda: "tensorflow") if name == "backend" else getattr(backend, name)


def get_file(fname: str, *_: Any, **__: Any) -> str:
    """Instead of a download."""
    FILES.append(fname)
    if READ_ONLY and fname not in STORED:
        raise ValueError(f"there is no file {fname}")
    return fname


def load_weights(model: Any, fname: str) -> None:
    """Instead of reading: as many weights of the same shapes."""
    shapes = [tuple(weight.shape) for weight in model.weights]
    if STORED.setdefault(fname, shapes) != shapes:
        raise ValueError(f"the weights of {fname} have other shapes")


nasnet.backend = ExceptTheName()
file_utils.get_file = get_file
keras.models.Model.load_weights = load_weights


def build(network: str, case: Case) -> Any:
    """The Keras model of one case; layers are counted anew."""
    keras.utils.clear_session(free_memory=False)
    FILES.clear()
    arguments = dict(case)
    if "input_tensor" in case:
        kind, shape = case["input_tensor"]
        tensor = keras.Input(shape)
        arguments["input_tensor"] = keras.layers.Rescaling(1 / 255)(tensor) if kind == "Rescaling" else tensor
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        return getattr(keras.applications, network)(**arguments)


def count(weights: list[Any]) -> int:
    """How many numbers they hold."""
    return sum(prod(weight.shape) for weight in weights)


def rows(model: Any) -> list[list[Any]]:
    """Name, class, output shape, parameters, trained ones, what feeds it, and what it was told, for every layer and operation."""
    found = []
    for operation in model._operations:
        node = operation._inbound_nodes[0] if len(operation._inbound_nodes) == 1 else operation._inbound_nodes[-1]
        inputs = [] if node.is_input else [tensor._keras_history.operation.name for tensor in node.input_tensors]
        weights, trained = getattr(operation, "weights", []), getattr(operation, "trainable_weights", [])
        shape = list(node.output_tensors[0].shape)
        found.append([operation.name, type(operation).__name__, shape, count(weights), count(trained), inputs, told(operation)])
    return found


def told(operation: Any) -> Any:
    """The arguments on which the numbers depend that a layer computes; the layers of a stack inside."""
    if hasattr(operation, "layers"):
        return [[layer.name, type(layer).__name__, told(layer)] for layer in operation.layers]
    config = operation.get_config() if hasattr(operation, "weights") else {}
    return {name: plain(config[name]) for name in ARGUMENTS if name in config}


def plain(value: Any) -> Any:
    """A value as JSON holds it: an initializer by its name and what it scales by, one axis as a number."""
    if isinstance(value, dict):
        numbers = [value["config"][name] for name in SCALING if name in value["config"]]
        return [naming.to_snake_case(value["class_name"]), *numbers]
    if isinstance(value, (list, tuple)):
        return [plain(item) for item in value]
    return value.tolist() if hasattr(value, "tolist") else value


def cuts(model: Any) -> list[list[Any]]:
    """The model up to a quarter, a half and three quarters of its layers: name, output shape, layers, parameters."""
    found = []
    for part in (1, 2, 3):
        layer = model.layers[len(model.layers) * part // 4]
        cut = keras.Model(model.inputs, layer.output)
        found.append([layer.name, list(layer.output.shape), len(cut.layers), count(cut.weights)])
    return found


def recorded(network: str, case: Case) -> dict[str, Any]:
    """What Keras makes of one case."""
    model = build(network, case)
    answer = {
        "name": model.name,
        "layers": len(model.layers),
        "params": count(model.weights),
        "trainable": count(model.trainable_weights),
        "output": list(model.output_shape),
        "rows": checksums(rows(model)),
        "cuts": cuts(model),
    }
    return {**answer, "file": FILES[0]} if FILES else answer


def verdict(network: str, case: Case) -> str:
    """Keras's message, or "" if it takes the arguments."""
    try:
        build(network, case)
    except Exception as error:  # whatever it is: its message is recorded
        return " ".join(f"{type(error).__name__}: {error}".split())[:160]
    return ""


def signature(network: str) -> dict[str, Any]:
    """The arguments, in order, with their defaults."""
    return {name: argument.default for name, argument in inspect.signature(getattr(keras.applications, network)).parameters.items()}


def lines(entries: dict[str, Any]) -> str:
    """One entry a line, so that a new recording reads well as a diff."""
    return "{\n" + ",\n".join(f"{json.dumps(name)}: {json.dumps(value)}" for name, value in entries.items()) + "\n}"


def main() -> None:
    if "--show" in sys.argv:
        wanted = sys.argv[-1]
        for network in NETWORKS:
            for case in cases(network):
                if key(network, case) == wanted:
                    print(*rows(build(network, case)), sep="\n")
        return
    built = {}
    for network in NETWORKS:
        for case in cases(network):
            built[key(network, case)] = recorded(network, case)
        print(network, file=sys.stderr)
    global READ_ONLY
    READ_ONLY = True
    no = {key(network, case): verdict(network, case) for network in NETWORKS for case in refused(network)}
    parts = {"signatures": {network: signature(network) for network in NETWORKS}, "built": built, "refused": no}
    text = ",\n".join(f"{json.dumps(name)}: {lines(entries)}" for name, entries in parts.items())
    (HERE / "applications.json").write_text("{" + text + "}\n", encoding="utf-8")


if __name__ == "__main__":
    main()
