"""Record small files of other programs and other forms -> foreign.zip.

    python -m tests.oracle.record_foreign FOLDER

FOLDER holds the unpacked wheel of tensorflowjs 4.22.0. Needs keras, tensorflow, tf_keras, torch, onnx and safetensors. Models of
TensorFlow.js have inputs and outputs beside them (NAME.npz), so has the one with sharded weights.
"""

from __future__ import annotations

import io
import os
import pickle
import sys
import tempfile
import types
import zipfile
from pathlib import Path
from typing import Any

os.environ.setdefault("KERAS_BACKEND", "tensorflow")
os.environ["TF_CPP_MIN_LOG_LEVEL"] = "3"

import h5py
import keras
import numpy as np
import onnx
import safetensors.numpy
import tensorflow as tf
import tf_keras
import torch

HERE = Path(__file__).parent
RANDOM = np.random.RandomState(5)


def tensorflow_js(folder: str) -> Any:
    """The converter, without what its package loads besides."""
    for name in ("tensorflowjs", "tensorflowjs.converters"):
        package = types.ModuleType(name)
        package.__path__ = [os.path.join(folder, *name.split("."))]
        sys.modules[name] = package
    from tensorflowjs.converters import keras_h5_conversion

    return keras_h5_conversion


def convnet(k: Any) -> Any:
    """Convolutions, batch statistics, a model inside."""
    L = k.layers
    inner = k.Sequential([L.Conv2D(4, 3, activation="relu", input_shape=(10, 10, 3)), L.BatchNormalization()], name="inner")
    return k.Sequential([inner, L.SeparableConv2D(5, 3), L.MaxPooling2D(2), L.Flatten(), L.Dense(3, activation="softmax")], name="net")


def sequence(k: Any) -> Any:
    """Recurrent layers in both directions."""
    L = k.layers
    x = k.Input((7, 3))
    y = L.Bidirectional(L.LSTM(4, return_sequences=True))(x)
    return k.Model(x, [L.Dense(2)(L.GRU(5)(y)), L.TimeDistributed(L.Dense(2))(y)])


def with_statistics(made: Any) -> Any:
    """Every weight a number that none has by default."""
    made.set_weights([RANDOM.uniform(0.2, 0.8, weight.shape).astype("float32") for weight in made.get_weights()])
    return made


def javascript(converter: Any, keep: Any, folder: str) -> None:
    """Models for TensorFlow.js: of Keras 2 and 3, packed and not, in one file and in several."""
    for name, k, make, packing, shard in (
        ("convnet-2", tf_keras, convnet, None, 500), ("sequence-2", tf_keras, sequence, None, 1 << 22),
        ("convnet-3", keras, convnet, None, 1 << 22), ("packed-2", tf_keras, convnet, {"uint8": True}, 300),
        ("half-2", tf_keras, convnet, {"float16": True}, 1 << 22),
    ):  # fmt: skip
        made = with_statistics(make(k))
        x = RANDOM.rand(4, *made.input_shape[1:]).astype("float32")
        path = os.path.join(folder, f"{name}.h5")
        made.save(path)
        topology, groups = converter.h5_merged_saved_model_to_tfjs_format(path)
        into = os.path.join(folder, name)
        os.makedirs(into)
        converter.write_artifacts(topology, groups, into, packing, weight_shard_size_bytes=shard)
        for file in sorted(os.listdir(into)):
            keep(f"{name}/{file}", Path(into, file).read_bytes())
        keep(f"{name}.npz", arrays(x=x, **{f"y{i}": y for i, y in enumerate(as_list(made.predict(x, verbose=0)))}))
    made = with_statistics(convnet(keras))
    path = os.path.join(folder, "three.keras")
    made.save(path)
    with zipfile.ZipFile(path) as archive:
        import json

        archive.extract("model.weights.h5", folder)
        parts = [json.loads(archive.read(name)) for name in ("metadata.json", "config.json")]
    topology, groups = converter.h5_v3_merged_saved_model_to_tfjs_format(os.path.join(folder, "model.weights.h5"), *parts)
    into = os.path.join(folder, "three")
    os.makedirs(into)
    converter.write_artifacts(topology, groups, into)
    x = RANDOM.rand(4, 10, 10, 3).astype("float32")
    for file in sorted(os.listdir(into)):
        keep(f"three/{file}", Path(into, file).read_bytes())
    keep("three.npz", arrays(x=x, y0=made.predict(x, verbose=0)))


def as_list(value: Any) -> list[Any]:
    return value if isinstance(value, list) else [value]


def arrays(**values: Any) -> bytes:
    content = io.BytesIO()
    np.savez_compressed(content, **values)
    return content.getvalue()


def shards(keep: Any, folder: str) -> None:
    """Weights that Keras 3 spreads over several files, with what the optimizer remembers."""
    L = keras.layers
    layers = [keras.Input((8,)), L.Dense(40), L.BatchNormalization(), L.Dense(50), L.Dense(3)]
    made = keras.Sequential(layers, name="net")
    made.compile("adam", "mse")
    x = RANDOM.rand(16, 8).astype("float32")
    made.fit(x, np.ones((16, 3)), verbose=0)
    into = os.path.join(folder, "shards")
    os.makedirs(into)
    made.save_weights(os.path.join(into, "net.weights.json"), max_shard_size=0.000008)
    for file in sorted(os.listdir(into)):
        keep(f"shards/{file}", Path(into, file).read_bytes())
    keep("shards.npz", arrays(x=x, y0=made.predict(x, verbose=0), iterations=np.asarray(int(made.optimizer.iterations))))


def other_programs(keep: Any, folder: str) -> None:
    """One file of each."""
    made = tf_keras.Sequential([tf_keras.layers.Dense(3, input_shape=(4,))])
    into = os.path.join(folder, "saved_model")
    made.save(into, save_format="tf")
    keep("saved_model/saved_model.pb", Path(into, "saved_model.pb").read_bytes())
    exported = os.path.join(folder, "exported")
    three = keras.Sequential([keras.Input((4,)), keras.layers.Dense(3)])
    three.export(exported, verbose=False)
    keep("exported/saved_model.pb", Path(exported, "saved_model.pb").read_bytes())
    keep("model.tflite", tf.lite.TFLiteConverter.from_keras_model(made).convert())
    made.save_weights(os.path.join(folder, "ckpt"), save_format="tf")
    for file in ("ckpt.index", "ckpt.data-00000-of-00001", "checkpoint"):
        keep(f"checkpoint/{file}", Path(folder, file).read_bytes())
    function = tf.function(lambda x: made(x)).get_concrete_function(tf.TensorSpec((1, 4)))
    keep("frozen.pb", function.graph.as_graph_def().SerializeToString())
    value = onnx.helper.make_tensor_value_info
    graph = onnx.helper.make_graph(
        [onnx.helper.make_node("Relu", ["x"], ["y"])], "g", [value("x", 1, [1, 4])], [value("y", 1, [1, 4])]
    )
    keep("model.onnx", onnx.helper.make_model(graph, producer_name="someone").SerializeToString())
    keep("weights.safetensors", safetensors.numpy.save({"kernel": np.ones((4, 3), np.float32)}))
    keep("weights.npz", arrays(kernel=np.ones((4, 3), np.float32)))
    keep("three.pkl", pickle.dumps(three))
    keep("protocol2.pkl", pickle.dumps({"keras": [1, 2]}, protocol=2))
    for name, new in (("torch.pt", True), ("torch_old.pth", False)):
        torch.save(torch.nn.Linear(4, 3).state_dict(), os.path.join(folder, name), _use_new_zipfile_serialization=new)
        keep(name, Path(folder, name).read_bytes())
    with h5py.File(os.path.join(folder, "data.h5"), "w") as file:
        file["x"] = np.ones(3)
    keep("data.h5", Path(folder, "data.h5").read_bytes())
    made.save_weights(os.path.join(folder, "old_weights.h5"))
    keep("old_weights.h5", Path(folder, "old_weights.h5").read_bytes())
    three.save_weights(os.path.join(folder, "new.weights.h5"))
    keep("new.weights.h5", Path(folder, "new.weights.h5").read_bytes())


def main() -> None:
    """Everything into one archive."""
    with tempfile.TemporaryDirectory() as folder, zipfile.ZipFile(HERE / "foreign.zip", "w", zipfile.ZIP_DEFLATED) as archive:

        def keep(name: str, data: bytes) -> None:
            archive.writestr(zipfile.ZipInfo(name, (1980, 1, 1, 0, 0, 0)), data, zipfile.ZIP_DEFLATED, 9)

        javascript(tensorflow_js(sys.argv[1]), keep, folder)
        shards(keep, folder)
        other_programs(keep, folder)


if __name__ == "__main__":
    main()
