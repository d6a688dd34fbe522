"""Record Keras's output shape, weights and counts of every line of tests/cases.py -> layers.json.

    python -m tests.oracle.record_layers

The lines of tests/data/refused.py go into refused.json with what Keras says: the exception's type and the stage (argument,
shape, run), or "accepts" where Keras takes the line in silence.
"""

import re
from typing import Any

from tests.cases import CASES, Case
from tests.data.refused import REFUSED
from tests.oracle.keras_side import called, keras, layer_of, symbolic_inputs, write


def weight(variable: Any, layer: Any) -> dict[str, Any]:
    """Name, path within the layer, shape and whether it trains."""
    path = variable.path.removeprefix(layer.name + "/")
    return {
        "name": variable.name,
        "path": path,
        "shape": list(variable.shape),
        "trainable": any(variable is other for other in layer.trainable_weights),
    }


def recorded(case: Case) -> dict[str, Any]:
    """What Keras answers to one line."""
    layer = layer_of(case)
    inputs = symbolic_inputs(case)
    outputs = called(layer, inputs)
    flat = outputs if isinstance(outputs, (list, tuple)) else [outputs]
    return {
        "outputs": [list(tensor.shape) for tensor in flat],
        "dtype": str(flat[0].dtype),
        "weights": [weight(variable, layer) for variable in layer.weights],
        "params": layer.count_params(),
        "trainable": sum(int(keras.ops.size(variable)) for variable in layer.trainable_weights),
    }


def plain(error: Exception) -> str:
    """The first 200 characters of Keras's message, without colours and without places on a disk."""
    return re.sub(r"\x1b\[[0-9;]*m", "", str(error)).split("device")[0][:200]


def verdict(case: Case) -> dict[str, Any]:
    """Where Keras stops at a line that ought to be refused, or that it does not."""
    stage = "argument"
    keras.utils.clear_session()  # so that names of layers in messages do not count the lines before
    try:
        layer = layer_of(case)
        stage = "shape"
        inputs = symbolic_inputs(case)
        layer(inputs)
        stage = "run"
        arrays = [keras.ops.ones((2, *(size or 2 for size in shape)), dtype=case.dtype) for shape in case.inputs]
        result = layer(arrays if isinstance(inputs, list) else arrays[0])
        if 0 in result.shape:
            return {"accepts": True, "type": None, "stage": None, "message": f"gives an array of shape {result.shape}"}
    except Exception as error:  # the type is what is recorded
        return {"accepts": False, "type": type(error).__name__, "stage": stage, "message": plain(error)}
    return {"accepts": True, "type": None, "stage": None, "message": ""}


def main() -> None:
    answers = {}
    for case in CASES:
        try:
            answers[case.key] = recorded(case)
        except Exception as error:
            raise SystemExit(f"{case.key}: {type(error).__name__}: {error}") from error
    write("layers.json", answers)
    write("refused.json", {case.key: verdict(case) for case in REFUSED})


if __name__ == "__main__":
    main()
