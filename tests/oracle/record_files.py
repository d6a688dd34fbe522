"""Record what Keras writes for every layer that computes, and whether it reads what we write -> keras_files.zip, files.json.

    python -m tests.oracle.record_files

Needs keras, tensorflow and this project's own dependencies in one environment. keras_files.zip holds a model of one layer in each
format, and the outputs for the inputs of tests/data/arrays.py. files.json holds, for our own file of the same model, the greatest
difference between Keras's outputs and ours, and the fingerprint of the file that was tried.
"""

import io
import json
import tempfile
import warnings
import zipfile
from pathlib import Path
from typing import Any

import numpy as np

import tinyseq
from tests.cases import Case
from tests.data import arrays
from tests.oracle.keras_side import HERE, called, keras, layer_of, symbolic_inputs, write
from tests.saving import call_cases, matrix


def theirs(case: Case) -> Any:
    """Keras's model of the layer, with the weights of tests/data/arrays.py."""
    layer = layer_of(case)
    if case.adapt:
        layer.adapt(arrays.adaptation(case))
    inputs = symbolic_inputs(case)
    model = keras.Model(inputs, called(layer, inputs))
    if not case.adapt and layer.weights:
        names = [variable.name for variable in layer.weights]
        layer.set_weights(arrays.weights(case, names, [tuple(variable.shape) for variable in layer.weights]))
    return model


def outputs(model: Any, case: Case) -> Any:
    """What the model computes for the inputs of tests/data/arrays.py."""
    given = arrays.inputs(case)
    return np.asarray(model(given if len(given) > 1 else given[0], training=False))


def keras_files() -> None:
    """What Keras writes."""
    answers, refused = {}, {}
    with zipfile.ZipFile(HERE / "keras_files.zip", "w", zipfile.ZIP_DEFLATED) as archive, tempfile.TemporaryDirectory() as folder:
        for case in matrix.lines():
            print(case.key, flush=True)
            try:
                model = theirs(case)
            except ValueError as error:  # Equalization: "part of a cycle"
                refused |= {f"{matrix.name(case)}.{kind}": str(error) for kind in matrix.FORMATS}
                continue
            answers[matrix.name(case)] = outputs(model, case)
            for kind in matrix.FORMATS:
                path = Path(folder) / f"{matrix.name(case)}.{kind}"
                try:
                    model.save_weights(path) if kind == "weights.h5" else model.save(path)
                except Exception as error:  # whatever Keras raises is what is recorded
                    refused[path.name] = f"{type(error).__name__}: {error}"
                    continue
                archive.writestr(zipfile.ZipInfo(path.name), path.read_bytes(), zipfile.ZIP_DEFLATED)
        archive.writestr(zipfile.ZipInfo("refused.json"), json.dumps(refused), zipfile.ZIP_DEFLATED)
        content = io.BytesIO()
        np.savez_compressed(content, **answers)
        archive.writestr(zipfile.ZipInfo("outputs.npz"), content.getvalue())


def read_by_keras(case: Case) -> dict[str, Any]:
    """The greatest difference for each format, and the fingerprint of what was read."""
    model = matrix.ours(case)
    expected = matrix.outputs(model, case)
    found: dict[str, Any] = {"fingerprint": matrix.fingerprint(model)}
    for kind in matrix.FORMATS:
        path = matrix.saved(model, kind)
        try:
            if kind == "weights.h5":
                loaded = theirs(case)
                loaded.load_weights(path)
            else:
                loaded = keras.models.load_model(path)
            found[kind] = float(np.abs(outputs(loaded, case) - expected).max())
        except Exception as error:  # whatever Keras raises is what is recorded
            found[kind] = f"{type(error).__name__}: {str(error).splitlines()[0][:200]}"
    return found


def calls_read_by_keras() -> dict[str, Any]:
    """As read_by_keras, for calls that say more than their inputs."""
    found = {}
    for name, make in call_cases.CASES.items():
        model, x = make(tinyseq), call_cases.inputs()
        loaded = keras.models.load_model(matrix.saved(model, "keras"))
        apart = float(np.abs(np.asarray(loaded(x)) - model.predict(x, verbose=0)).max())
        found[f"call: {name}"] = {"fingerprint": matrix.fingerprint(model), "keras": apart}
    return found


def main() -> None:
    warnings.simplefilter("ignore")
    keras_files()
    write("files.json", {matrix.name(case): read_by_keras(case) for case in matrix.lines()} | calls_read_by_keras())


if __name__ == "__main__":
    main()
