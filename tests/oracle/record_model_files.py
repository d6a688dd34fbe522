"""Record models that Keras 3 saves, and its own rows of them -> model_files.zip, model_files.json.

    python -m tests.oracle.record_model_files

The rows are those of keras_files.zip, too. Shapes and counts are Keras's; nothing of this project is used.
"""

from __future__ import annotations

import json
import os
import tempfile
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

os.environ.setdefault("KERAS_BACKEND", "tensorflow")
os.environ["TF_CPP_MIN_LOG_LEVEL"] = "3"

import keras
from keras import layers as L

HERE = Path(__file__).parent
MODELS: dict[str, Callable[[], Any]] = {}


def model(make: Callable[[], Any]) -> Callable[[], Any]:
    """One of the recorded models."""
    MODELS[make.__name__] = make
    return make


@model
def pictures() -> Any:
    return keras.Sequential([
        keras.Input((40, 50, 3)), L.Rescaling(1 / 255), L.RandomFlip(), L.RandomRotation(0.1), L.RandomZoom(0.2),
        L.RandomTranslation(0.1, 0.1), L.RandomContrast(0.1), L.RandomBrightness(0.1), L.RandomCrop(32, 36), L.CenterCrop(30, 31),
        L.Resizing(20, 24), L.Conv2D(4, 3), L.GlobalAveragePooling2D(), L.Dense(3),
    ])  # fmt: skip


@model
def cells() -> Any:
    stacked = L.StackedRNNCells([L.LSTMCell(4), L.GRUCell(5), L.SimpleRNNCell(6)])
    return keras.Sequential([keras.Input((7, 3)), L.RNN(stacked, return_sequences=True), L.RNN(L.GRUCell(3)), L.Dense(2)])


@model
def both_directions() -> Any:
    return keras.Sequential([
        keras.Input((7, 12, 12, 3)), L.TimeDistributed(L.Conv2D(4, 3, strides=2)), L.TimeDistributed(L.Flatten()),
        L.Bidirectional(L.LSTM(5, return_sequences=True)), L.Bidirectional(L.GRU(4), merge_mode="sum"), L.Dense(2),
    ])  # fmt: skip


@model
def words() -> Any:
    text = keras.Input((1,), dtype="string", name="text")
    known = L.TextVectorization(output_mode="int", output_sequence_length=9, vocabulary=["one", "two", "three"])(text)
    x = L.Embedding(12, 6, mask_zero=True)(known)
    return keras.Model(text, L.Dense(1)(L.LSTM(4)(x)))


@model
def lookups() -> Any:
    word, number, value = keras.Input((1,), dtype="string"), keras.Input((1,), dtype="int64"), keras.Input((1,))
    joined = L.Concatenate()([
        L.StringLookup(vocabulary=["a", "b"], output_mode="one_hot")(word), L.Hashing(5, output_mode="one_hot")(number),
        L.IntegerLookup(vocabulary=[3, 7, 9], output_mode="multi_hot")(number),
        L.CategoryEncoding(4, output_mode="one_hot")(L.Discretization(bin_boundaries=[0.0, 1.0, 2.0])(value)),
        L.Normalization(mean=1.0, variance=2.0)(value),
    ])  # fmt: skip
    return keras.Model([word, number, value], L.Dense(2)(joined))


@model
def crossed() -> Any:
    a, b = keras.Input((1,), dtype="string"), keras.Input((1,), dtype="string")
    return keras.Model([a, b], L.HashedCrossing(6, output_mode="one_hot")((a, b)))


@model
def nested() -> Any:
    inner = keras.Sequential([keras.Input((6,)), L.Dense(5, activation="relu"), L.BatchNormalization()], name="inner")
    shared = L.Dense(6, name="shared")
    first, second = keras.Input((6,), name="first"), keras.Input((6,), name="second")
    joined = L.Concatenate()([inner(shared(first)), inner(shared(second))])
    return keras.Model([first, second], [L.Dense(3, name="left")(joined), L.Dense(2, name="right")(joined)])


@model
def twice_nested() -> Any:
    x = keras.Input((8, 8, 3))
    small = keras.Model(x, L.Conv2D(4, 3, padding="same")(x), name="small")
    y = keras.Input((8, 8, 3))
    middle = keras.Model(y, L.Add()([small(y), L.Conv2D(4, 1)(y)]), name="middle")
    return keras.Sequential([keras.Input((8, 8, 3)), middle, L.Flatten(), L.Dense(2)])


@model
def operations() -> Any:
    x = keras.Input((6, 8))
    y = keras.ops.mean(x * 2.0 + 1.0, axis=1, keepdims=True)
    z = keras.ops.concatenate([x - y, keras.ops.relu(x)], axis=-1)[:, 1:4]
    return keras.Model(x, L.Dense(2)(keras.ops.reshape(z, (-1, 48)) / 3.0))


@model
def scores() -> Any:
    x = keras.Input((6, 8))
    y, looked = L.MultiHeadAttention(2, 4)(x, x, return_attention_scores=True)
    return keras.Model(x, [L.LayerNormalization()(y + x), looked])


@model
def attentions() -> Any:
    x, y = keras.Input((6, 8)), keras.Input((5, 8))
    ends = [L.Attention(use_scale=True)([x, y]), L.AdditiveAttention()([x, y]), L.GroupQueryAttention(4, 4, 2)(x, y)]
    return keras.Model([x, y], ends)


@model
def states() -> Any:
    x = keras.Input((6, 8))
    _, hidden, carry = L.LSTM(4, return_state=True)(x)
    return keras.Model(x, L.LSTM(4, return_sequences=True)(x, initial_state=[hidden, carry]))


@model
def named_ends() -> Any:
    a, b = keras.Input((4,), name="a"), keras.Input((5,), name="b")
    joined = L.Concatenate()([a, b])
    return keras.Model({"a": a, "b": b}, {"sum": L.Dense(1, name="sum")(joined), "product": L.Dense(2, name="product")(joined)})


@model
def frozen_base() -> Any:
    base = keras.Sequential([keras.Input((12, 12, 3)), L.Conv2D(4, 3), L.BatchNormalization(), L.ReLU()], name="base")
    base.trainable = False
    x = keras.Input((12, 12, 3))
    return keras.Model(x, L.Dense(2)(L.GlobalMaxPooling2D()(base(x, training=False))))


@model
def unet() -> Any:
    x = keras.Input((32, 32, 1))
    down = L.Conv2D(4, 3, padding="same", activation="relu")(x)
    low = L.SeparableConv2D(6, 3, padding="same")(L.MaxPooling2D()(down))
    up = L.Conv2DTranspose(4, 3, strides=2, padding="same")(low)
    other = L.UpSampling2D(interpolation="bilinear")(low)
    return keras.Model(x, L.Conv2D(1, 1, activation="sigmoid")(L.Concatenate()([down, up, other])))


@model
def volumes() -> Any:
    return keras.Sequential([
        keras.Input((12, 14, 16, 2)), L.ZeroPadding3D(1), L.Conv3D(3, 3), L.MaxPooling3D(2), L.AveragePooling3D(2, padding="same"),
        L.Cropping3D(((0, 1), (0, 0), (1, 0))), L.UpSampling3D(2), L.Conv3DTranspose(2, 2), L.SpatialDropout3D(0.2), L.GlobalMaxPooling3D(),
    ])  # fmt: skip


@model
def volume_average() -> Any:
    return keras.Sequential([keras.Input((6, 6, 6, 2)), L.Conv3D(3, (1, 2, 3), dilation_rate=1), L.GlobalAveragePooling3D()])


@model
def sequences() -> Any:
    return keras.Sequential([
        keras.Input((40, 3)), L.ZeroPadding1D(2), L.Conv1D(4, 3, padding="causal", dilation_rate=2), L.DepthwiseConv1D(3),
        L.SeparableConv1D(5, 3), L.MaxPooling1D(2), L.AveragePooling1D(2), L.Cropping1D(1), L.UpSampling1D(3), L.SpatialDropout1D(0.1),
        L.Conv1DTranspose(4, 2, strides=2), L.Masking(), L.SimpleRNN(3, return_sequences=True), L.GlobalMaxPooling1D(),
    ])  # fmt: skip


@model
def sequence_average() -> Any:
    return keras.Sequential([
        keras.Input((None, 3)), L.GRU(4, return_sequences=True), L.GlobalAveragePooling1D(), L.RepeatVector(3), L.Permute((2, 1)),
    ])  # fmt: skip


@model
def planes() -> Any:
    return keras.Sequential([
        keras.Input((30, 40, 3)), L.ZeroPadding2D((1, 2)), L.DepthwiseConv2D(3, depth_multiplier=2), L.PReLU(shared_axes=(1, 2)),
        L.Cropping2D(2), L.AveragePooling2D((2, 3)), L.SpatialDropout2D(0.1), L.UnitNormalization(), L.GroupNormalization(2),
        L.Reshape((-1, 6)),
        L.LeakyReLU(), L.ELU(), L.Softmax(), L.Flatten(), L.ActivityRegularization(0.1), L.GaussianNoise(0.1), L.GaussianDropout(0.1),
        L.AlphaDropout(0.1), L.Activation("gelu"), L.Dropout(0.2), L.Dense(3),
    ])  # fmt: skip


@model
def merges() -> Any:
    x, y = keras.Input((4, 6)), keras.Input((4, 6))
    kinds = (L.Add, L.Subtract, L.Multiply, L.Average, L.Maximum, L.Minimum)
    ends = [kind()([x, y]) for kind in kinds]
    return keras.Model([x, y], [L.Concatenate(axis=1)(ends), L.Dot(axes=2)([x, y]), L.RMSNormalization()(x), L.Identity()(y)])


@model
def films() -> Any:
    return keras.Sequential([
        keras.Input((5, 12, 12, 2)), L.ConvLSTM2D(3, 3, return_sequences=True), L.ConvLSTM2D(2, 3, padding="same"), L.Flatten(),
    ])  # fmt: skip


@model
def other_films() -> Any:
    x, y = keras.Input((4, 9, 2)), keras.Input((3, 6, 6, 6, 1))
    return keras.Model([x, y], [L.ConvLSTM1D(3, 3)(x), L.ConvLSTM3D(2, 2)(y)])


@model
def channels_first() -> Any:
    first = {"data_format": "channels_first"}
    return keras.Sequential([
        keras.Input((3, 20, 22)), L.Conv2D(4, 3, **first), L.MaxPooling2D(2, **first), L.BatchNormalization(axis=1), L.Flatten(**first),
        L.Dense(2),
    ])  # fmt: skip


@model
def half_precision() -> Any:
    return keras.Sequential([keras.Input((8,)), L.Dense(4, dtype="mixed_float16"), L.Dense(2, dtype="float32")])


@model
def regularized() -> Any:
    options = {
        "kernel_initializer": keras.initializers.HeNormal(seed=3), "kernel_regularizer": keras.regularizers.L1L2(0.1, 0.2),
        "kernel_constraint": keras.constraints.MaxNorm(2), "bias_initializer": keras.initializers.Constant(0.5),
    }  # fmt: skip
    made = keras.Sequential([keras.Input((8,)), L.Dense(4, **options), L.EinsumDense("ab,bc->ac", output_shape=5, bias_axes="c")])
    rate = keras.optimizers.schedules.CosineDecay(0.1, 10)
    made.compile(keras.optimizers.Adam(rate), keras.losses.Huber(), [keras.metrics.MeanSquaredError()])
    return made


@model
def siamese() -> Any:
    net = keras.Sequential([keras.Input((10, 10, 1)), L.Conv2D(3, 3, activation="relu"), L.Flatten(), L.Dense(4)], name="net")
    a, b = keras.Input((10, 10, 1)), keras.Input((10, 10, 1))
    return keras.Model([a, b], L.Dense(1)(keras.ops.abs(net(a) - net(b))))


@model
def batched() -> Any:
    return keras.Sequential([keras.Input(batch_shape=(4, 7, 3)), L.LSTM(4, stateful=True), L.Dense(2)])


@model
def transfer() -> Any:
    base = keras.applications.MobileNetV2((64, 64, 3), alpha=0.35, include_top=False, weights=None)
    base.trainable = False
    return keras.Sequential([keras.Input((64, 64, 3)), base, L.GlobalAveragePooling2D(), L.Dense(3, activation="softmax")])


@model
def adapted() -> Any:
    bins = L.Discretization(num_bins=4, output_mode="one_hot")
    bins.adapt([[1.0], [2.0], [3.0], [4.0], [5.0], [6.0]])
    return keras.Sequential([keras.Input((1,)), bins])


@model
def pipelines() -> Any:
    inner = keras.Sequential([keras.Input((4, 5)), L.Dense(6)])
    layers = [inner, L.Pipeline([L.Dense(3)]), L.Bidirectional(L.LSTM(4)), L.BatchNormalization(), L.Dense(2), L.Dense(3)]
    x = keras.Input((4, 5))
    return keras.Model(x, L.Pipeline(layers)(x))


@model
def equalized() -> Any:
    return keras.Sequential([keras.Input((4, 9, 7, 3)), L.TimeDistributed(L.Equalization())])


def application(name: str) -> Callable[[], Any]:
    """One of Keras's networks, small where that exists."""
    return lambda: getattr(keras.applications, name)(input_shape=(96, 96, 3), include_top=False, weights=None)


NOT_READ_BY_KERAS = ("RandomShear.keras",)
"""Files of keras_files.zip that Keras itself does not load: it refuses the negative x_factor that it writes."""
AS_JSON = {name: application(name) for name in ("EfficientNetB0", "ConvNeXtTiny", "InceptionResNetV2", "NASNetMobile", "Xception")}


def rows(made: Any) -> dict[str, Any]:
    """Keras's rows, operations on tensors included: name, class, shapes of the outputs, parameters."""
    found = []
    for layer in made.layers if isinstance(made, keras.Sequential) else made.operations:
        shapes = [list(tensor.shape) for tensor in keras.tree.flatten(layer.output)]
        found.append([layer.name, type(layer).__name__, shapes, layer.count_params() if getattr(layer, "built", False) else 0])
    trainable = sum(int(weight.shape.num_elements()) for weight in made.trainable_weights)
    return {"rows": found, "params": made.count_params(), "trainable": trainable}


def main() -> None:
    """Each model saved, and its rows."""
    recorded: dict[str, Any] = {}
    target = HERE / "model_files.zip"
    with tempfile.TemporaryDirectory() as folder, zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED, compresslevel=9) as archive:

        def keep(name: str, data: bytes) -> None:
            archive.writestr(zipfile.ZipInfo(name, (1980, 1, 1, 0, 0, 0)), data, zipfile.ZIP_DEFLATED, 9)

        for name, make in MODELS.items():
            keras.utils.clear_session(free_memory=False)
            made = make()
            path = Path(folder, f"{name}.keras")
            made.save(path)
            recorded[path.name] = rows(made)
            if name == "transfer":
                keep(f"{name}.json", made.to_json().encode())
                recorded[f"{name}.json"] = recorded.pop(path.name)
            else:
                keep(path.name, path.read_bytes())
        for name, make in AS_JSON.items():
            keras.utils.clear_session(free_memory=False)
            made = make()
            keep(f"{name}.json", made.to_json().encode())
            recorded[f"{name}.json"] = rows(made)
        with zipfile.ZipFile(HERE / "keras_files.zip") as others:
            for name in others.namelist():
                if name.endswith(".keras") and name not in NOT_READ_BY_KERAS:
                    path = Path(folder, name)
                    path.write_bytes(others.read(name))
                    recorded[name] = rows(keras.models.load_model(path, safe_mode=False, compile=False))
    text = ",\n".join(f"{json.dumps(name)}: {json.dumps(one)}" for name, one in sorted(recorded.items()))
    (HERE / "model_files.json").write_text(f"{{\n{text}\n}}\n", encoding="utf-8")


if __name__ == "__main__":
    main()
