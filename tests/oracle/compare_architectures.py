"""Compare every architecture with Keras's, layer by layer, with the same weights -> architectures.json.

    python -m tests.oracle.compare_architectures [NAME ...]

Needs keras, tensorflow and this project's own dependencies in one environment. Weights are those of application_weights.py; the moving
statistics come from one training pass of Keras over the pictures, so that signals keep their size to the end. What that pass draws by
chance (dropped branches) is seeded: the same command gives the same record.

The truth is Keras in float64 with these weights. For every layer the greatest error of its output, as a share of the truth's greatest
value: ours, and that of Keras in float32. Kept for each architecture: both errors at the worst layer of each and at the end, the median
over all layers of ours divided by Keras's, and how far the outputs of two pictures are apart at the end, as such a share: with none,
nothing would be compared.
"""

import json
import statistics
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
SEED = 12
LEAST = 1e-7
"""An error below this is float32's spacing: a ratio to it would say nothing."""


def built(library: Any, name: str, size: int) -> Any:
    """The architecture without its top."""
    return getattr(library.applications, name)(weights=None, include_top=False, pooling="avg", input_shape=(size, size, 3))


def theirs(name: str, size: int) -> Any:
    """Keras's model in float32, its moving statistics from one pass."""
    keras.utils.set_random_seed(SEED)
    model = built(keras, name, size)
    with_weights(model)
    for layer in model.layers:
        if type(layer).__name__ == "BatchNormalization":
            layer.momentum = 0.5  # a channel that hardly varies in two pictures is not divided by almost nothing
    model(pictures(size, name), training=True)
    return model


def exact(name: str, size: int, weights: list[Any]) -> Any:
    """Keras's model in float64 with these weights."""
    before = keras.config.dtype_policy()
    keras.config.set_floatx("float64")
    keras.config.set_dtype_policy("float64")
    try:
        model = built(keras, name, size)
    finally:
        keras.config.set_floatx("float32")
        keras.config.set_dtype_policy(before)
    model.set_weights(weights)
    for layer in model.layers:
        if type(layer).__name__ == "Normalization":
            layer.finalize_state()
    return model


def outputs(library: Any, model: Any, layers: list[Any], x: Any) -> list[Any]:
    """What these layers of a model compute."""
    part = library.Model(model.inputs, [layer.output for layer in layers])
    found = part(x) if library is keras else part.predict(x, verbose=0, batch_size=len(x))
    return [np.asarray(one) for one in (found if isinstance(found, (list, tuple)) else [found])]


def errors(name: str) -> tuple[list[dict[str, Any]], int]:
    """For every layer its name, both errors, the truth's greatest value and the spread; and the size of the pictures."""
    size = LARGE.get(name, 64)
    single = theirs(name, size)
    weights = single.get_weights()
    double = exact(name, size, weights)
    ours = built(tinyseq, name, size)
    ours.set_weights(weights)
    del weights
    triples = list(zip(ours.layers, single.layers, double.layers, strict=True))
    shared = [three for three in triples if type(three[0]).__name__ != "InputLayer"]
    assert all(len({type(one).__name__ for one in three}) == 1 for three in shared), "layers in another order"
    x, found = pictures(size, name), []
    for start in range(0, len(shared), AT_A_TIME):
        mine, its, true = zip(*shared[start : start + AT_A_TIME], strict=True)
        computed = (outputs(tinyseq, ours, mine, x), outputs(keras, single, its, x), outputs(keras, double, true, x.astype(np.float64)))
        for layer, a, b, right in zip(its, *computed, strict=True):
            assert right.dtype == np.float64, layer.name
            greatest = max(float(np.abs(right).max()), 1e-30)
            apart = [float(np.abs(one.reshape(right.shape) - right).max()) / greatest for one in (a, b)]
            spread = float(np.abs(right[0] - right[1]).max()) / greatest
            found.append({"layer": str(layer.name), "ours": apart[0], "keras": apart[1], "greatest": greatest, "spread": spread})
    return found, size


def compare(name: str) -> dict[str, Any]:
    """The worst layers, the middle and the end of one architecture."""
    found, size = errors(name)
    worst = {who: max(found, key=lambda one: one[who]) for who in ("ours", "keras")}
    median = statistics.median(max(one["ours"], LEAST) / max(one["keras"], LEAST) for one in found)
    end = found[-1]
    return {
        "size": size, "layers": len(found), "worst": worst["ours"]["ours"], "at": worst["ours"]["layer"],
        "keras worst": worst["keras"]["keras"], "keras at": worst["keras"]["layer"], "end": end["ours"], "keras end": end["keras"],
        "median ratio": round(median, 2), "greatest output": end["greatest"], "spread": end["spread"],
    }  # fmt: skip


def main(names: list[str]) -> None:
    """The named ones, or those that are not recorded yet, the smallest first."""
    record = json.loads(RECORD.read_text(encoding="utf-8")) if RECORD.exists() else {}
    known = json.loads((RECORD.parent / "applications.json").read_text(encoding="utf-8"))["built"]
    params = {name: min((v["params"] for key, v in known.items() if key.startswith(f"{name}(")), default=10**9) for name in HOME}
    missing = [one for one in HOME if hasattr(keras.applications, one) and "keras worst" not in record.get(one, {})]
    for name in names or sorted(missing, key=lambda one: params[one]):
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
