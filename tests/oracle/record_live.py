"""Record models that go from a live Keras to tinyseq and back, one of every layer that computes -> live.json, live_training.json.

    python -m tests.oracle.record_live

Needs keras, a backend and this project's own dependencies in one environment. live.json holds, for each class: the names and shapes of
get_weights() in Keras's order, the greatest difference between the outputs in Keras and after from_keras, and after to_keras of our
model, whose fingerprint is beside it. live_training.json holds a trained model of each optimizer as a duck would show it, and its
weights after further steps.
"""

import json
import warnings
from typing import Any

import numpy as np

import tinyseq
from tests.cases import Case
from tests.data import live
from tests.oracle.keras_side import keras, read, write
from tests.oracle.record_files import outputs, theirs
from tests.saving import matrix


def difference(make: Any, expected: Any) -> Any:
    """The greatest difference, or what was raised."""
    try:
        return float(np.abs(make() - expected).max())
    except Exception as error:  # whatever is raised is what is recorded
        return f"{type(error).__name__}: {str(error).splitlines()[0][:200]}"


def both_ways(case: Case) -> dict[str, Any]:
    """Keras's model here, our model there."""
    print(matrix.name(case), flush=True)
    mine = matrix.ours(case)
    try:
        model = theirs(case)
    except ValueError as error:  # Equalization: "part of a cycle"
        return {"fingerprint": matrix.fingerprint(mine), "refused": str(error)}
    return {
        "weights": [[str(weight.name), list(weight.shape)] for weight in model.weights],
        "from_keras": difference(lambda: matrix.outputs(tinyseq.from_keras(model), case), outputs(model, case)),
        "fingerprint": matrix.fingerprint(mine),
        "to_keras": difference(lambda: outputs(mine.to_keras(), case), matrix.outputs(mine, case)),
    }


def recorded(before: Any, case: Case) -> Any:
    """As it was, if our file of the layer has not changed since."""
    return before if before and before["fingerprint"] == matrix.fingerprint(matrix.ours(case)) else both_ways(case)


def seen(model: Any) -> dict[str, Any]:
    """All that from_keras reads of a model."""
    text = json.loads(model.to_json())
    variables = [np.asarray(one.numpy()).tolist() for one in model.optimizer.variables]
    return {
        "config": text["config"],
        "compile": json.loads(json.dumps(model.get_compile_config())),
        "weights": [array.tolist() for array in model.get_weights()],
        "optimizer": variables,
    }


def trained(optimizer: str, options: dict[str, Any]) -> dict[str, Any]:
    """A model after three epochs, and its weights after two more."""
    model = live.network(keras)
    model.compile(getattr(keras.optimizers, optimizer)(**options), "mse", metrics=["mae"])
    x, y = live.data()
    model.fit(x, y, epochs=3, batch_size=4, shuffle=False, verbose=0)
    before = seen(model)
    model.fit(x, y, epochs=2, batch_size=4, shuffle=False, verbose=0)
    return {**before, "later": [array.tolist() for array in model.get_weights()]}


if __name__ == "__main__":
    warnings.simplefilter("ignore")
    write("live_training.json", {name: trained(optimizer, options) for name, (optimizer, options) in live.OPTIMIZERS.items()})
    before = read("live.json")
    write("live.json", {matrix.name(case): recorded(before.get(matrix.name(case)), case) for case in matrix.lines()})
