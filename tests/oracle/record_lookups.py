"""Record files of adapted lookups that Keras writes, and whether it reads ours -> lookups.zip.

    python -m tests.oracle.record_lookups

Needs keras, tensorflow and this project's own dependencies in one environment. Beside each file are Keras's outputs; read.json holds the
greatest difference of the outputs after Keras has loaded our file of the same layer.
"""

import io
import json
import tempfile
import zipfile
from pathlib import Path
from typing import Any

import numpy as np

import tinyseq
from tests.data import lookups
from tests.oracle.keras_side import keras
from tests.oracle.recorded import HERE


def given(name: str) -> Any:
    """The input as Keras takes it: strings only as a tensor."""
    import tensorflow as tf

    return tf.constant(lookups.ask(name))


if __name__ == "__main__":
    read = {}
    with zipfile.ZipFile(HERE / "lookups.zip", "w", zipfile.ZIP_DEFLATED) as archive, tempfile.TemporaryDirectory() as folder:
        for name in lookups.CASES:
            path = Path(folder) / f"{name}.keras"
            model = lookups.model(keras, name)
            model.save(path)
            archive.writestr(zipfile.ZipInfo(path.name), path.read_bytes(), zipfile.ZIP_DEFLATED)
            outputs = io.BytesIO()
            np.savez_compressed(outputs, *(np.asarray(one) for one in model(given(name))))
            archive.writestr(zipfile.ZipInfo(f"{name}.npz"), outputs.getvalue(), zipfile.ZIP_DEFLATED)
            ours = lookups.model(tinyseq, name)
            ours.save(path)
            pairs = zip(keras.models.load_model(path)(given(name)), ours.predict(lookups.ask(name), verbose=0), strict=True)
            read[name] = max(float(np.abs(np.asarray(theirs) - mine).max()) for theirs, mine in pairs)
        archive.writestr(zipfile.ZipInfo("read.json"), json.dumps(read))
