"""Compare every architecture with Keras's, layer by layer, with the same weights -> architectures.json.

    python -m tests.oracle.compare_architectures [NAME ...]

Needs keras, tensorflow and this project's own dependencies in one environment. Weights are those of application_weights.py; the moving
statistics come from one training pass of Keras over the pictures, so that signals keep their size to the end. For every layer: the
greatest difference of its output, as a share of that output's greatest value. Kept for each architecture: the worst layer, the end, and
how far the outputs of two pictures are apart there, as such a share: with none, nothing would be compared.
"""

import json
import sys
import time
from pathlib import Path
from typing import Any

import numpy as np

import tinyseq
from shapecheck.applications import HOME
from tests.oracle.application_weights import pictures, with_weights
from tests.oracle.keras_side import keras

RECORD = Path(__file__).parent / "architectures.json"
LARGE = {"Xception": 96, "InceptionV3": 96, "InceptionResNetV2": 96, "NASNetLarge": 96}
"""The size of pictures of those that refuse 64."""
AT_A_TIME = 40
"""Layers whose outputs are kept at once."""


def theirs(name: str, size: int) -> Any:
    """Keras's model, its moving statistics from one pass."""
    model = getattr(keras.applications, name)(weights=None, include_top=False, pooling="avg", input_shape=(size, size, 3))
    with_weights(model)
    for layer in model.layers:
        if type(layer).__name__ == "BatchNormalization":
            layer.momentum = 0.5  # a channel that hardly varies in two pictures is not divided by almost nothing
    model(pictures(size, name), training=True)
    return model


def outputs(library: Any, model: Any, layers: list[Any], x: Any) -> list[Any]:
    """What these layers of a model compute."""
    part = library.Model(model.inputs, [layer.output for layer in layers])
    found = part(x) if library is keras else part.predict(x, verbose=0, batch_size=len(x))
    return [np.asarray(one) for one in (found if isinstance(found, (list, tuple)) else [found])]


def compare(name: str) -> dict[str, Any]:
    """The worst layer and the end of one architecture."""
    size = LARGE.get(name, 64)
    model = theirs(name, size)
    ours = getattr(tinyseq.applications, name)(weights=None, include_top=False, pooling="avg", input_shape=(size, size, 3))
    ours.set_weights(model.get_weights())
    pairs = list(zip(ours.layers, model.layers, strict=True))
    shared = [(a, b) for a, b in pairs if type(a).__name__ != "InputLayer"]
    assert all(type(a).__name__ == type(b).__name__ for a, b in shared), "layers in another order"
    x, worst, end, greatest, spread = pictures(size, name), (0.0, ""), 0.0, 0.0, 0.0
    for start in range(0, len(shared), AT_A_TIME):
        part = shared[start : start + AT_A_TIME]
        found = outputs(tinyseq, ours, [a for a, _ in part], x)
        for (_, layer), mine, right in zip(part, found, outputs(keras, model, [b for _, b in part], x), strict=True):
            greatest = float(np.abs(right).max())
            end = float(np.abs(mine.reshape(right.shape) - right).max()) / max(greatest, 1e-30)
            spread = float(np.abs(right[0] - right[1]).max()) / max(greatest, 1e-30)
            worst = max(worst, (end, str(layer.name)))
    last = {"end": end, "greatest output": greatest, "spread": spread}
    return {"size": size, "layers": len(shared), "worst": worst[0], "at": worst[1], **last}


def main(names: list[str]) -> None:
    """The named ones, or those that are not recorded yet, the smallest first."""
    record = json.loads(RECORD.read_text(encoding="utf-8")) if RECORD.exists() else {}
    known = json.loads((RECORD.parent / "applications.json").read_text(encoding="utf-8"))["built"]
    params = {name: min((v["params"] for key, v in known.items() if key.startswith(f"{name}(")), default=10**9) for name in HOME}
    for name in names or sorted({one for one in HOME if hasattr(keras.applications, one)} - record.keys(), key=lambda one: params[one]):
        begin = time.process_time()
        try:
            found = compare(name)
        except Exception as error:
            print(name, type(error).__name__, str(error)[:300], flush=True)
            continue
        print(name, found, f"{time.process_time() - begin:.0f} s", flush=True)
        record = json.loads(RECORD.read_text(encoding="utf-8")) if RECORD.exists() else {}
        record[name] = found
        RECORD.write_text(json.dumps(dict(sorted(record.items())), indent=0) + "\n", encoding="utf-8")
        keras.backend.clear_session()
        tinyseq.clear_session()


if __name__ == "__main__":
    main(sys.argv[1:])
