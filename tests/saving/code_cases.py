"""Models that are written as programs: one of each layer that computes, and some that join many. Used by a recorder and by tests."""

from __future__ import annotations

import hashlib
import re
import tempfile
from collections.abc import Callable
from typing import Any

import numpy as np

from shapecheck.layers.families import PLACES
from tests.cases import CASES, COMPUTED, Case
from tests.saving import matrix
from tinyseq.saving.write_config import CannotSave


def convnet(keras: Any) -> Any:
    """A stack for pictures, compiled."""
    layers = keras.layers
    model = keras.Sequential([
        keras.Input(shape=(28, 28, 1)),
        layers.Conv2D(8, 3, activation="relu", kernel_initializer="he_normal", kernel_regularizer=keras.regularizers.L2(0.001)),
        layers.BatchNormalization(momentum=0.9),
        layers.MaxPooling2D(3),
        layers.Conv2D(4, (3, 2), strides=2, padding="same"),
        layers.LeakyReLU(negative_slope=0.1),
        layers.Flatten(),
        layers.Dropout(0.5),
        layers.Dense(10, activation="softmax"),
    ])  # fmt: skip
    model.compile(keras.optimizers.Adam(learning_rate=0.01), "sparse_categorical_crossentropy", metrics=["accuracy"])
    return model


def branches(keras: Any) -> Any:
    """Two inputs, a shared layer, a skip connection, two named outputs."""
    layers = keras.layers
    left, right = keras.Input((6,), name="left"), keras.Input((6,), name="right")
    shared = layers.Dense(5, activation="tanh")
    both = layers.Concatenate()([shared(left), shared(right)])
    x = layers.Dense(10, activation="gelu", use_bias=False)(both)
    x = layers.Add()([x, both])
    first = layers.Dense(1, name="price")(x)
    model = keras.Model([left, right], [first, layers.Dense(3, activation="softmax", name="kind")(both)], name="branches")
    model.compile("sgd", loss={"price": "mse", "kind": "categorical_crossentropy"})
    return model


def sentences(keras: Any) -> Any:
    """Recurrent layers with states, attention, an operation."""
    layers = keras.layers
    start = keras.Input((7, 4))
    x, state, _ = layers.LSTM(3, return_sequences=True, return_state=True)(start)
    y = layers.Bidirectional(layers.GRU(2, return_sequences=True))(x)
    y = layers.LayerNormalization()(y)
    y = layers.GlobalAveragePooling1D()(y)
    y = layers.Concatenate()([y, state])
    return keras.Model(start, layers.Dense(2)(y) * 2 + x[:, 0, :2])


def nested(keras: Any) -> Any:
    """A frozen base in a stack."""
    layers = keras.layers
    inner = keras.Input((12, 12, 3))
    x = layers.SeparableConv2D(4, 3, padding="same", activation="relu")(inner)
    base = keras.Model(inner, layers.GlobalAveragePooling2D()(x), name="base")
    base.trainable = False
    rescaled = layers.Rescaling(1 / 127.5, offset=-1.0)
    return keras.Sequential([keras.Input((12, 12, 3)), rescaled, base, layers.Dense(1, activation="sigmoid")])


def handed_over(keras: Any) -> Any:
    """Two tensors of one call go into the next one: states of an encoder, outputs of an inner model."""
    layers = keras.layers
    inner = keras.Input((3,))
    gates = keras.Model(inner, [layers.Dense(4, activation="tanh")(inner), layers.Dense(4, activation="sigmoid")(inner)], name="gates")
    start = keras.Input((5, 2))
    _, state, cell = layers.LSTM(3, return_state=True)(start)
    x = layers.LSTM(3)(start, initial_state=[state, cell])
    left, right = gates(x)
    return keras.Model(start, layers.Subtract()([left, right]))


def numbers(keras: Any) -> Any:
    """Operations of a tensor and a number, on either side."""
    start = keras.Input((4,))
    x = keras.layers.Dense(4)(start)
    limited = keras.ops.maximum(0.1, keras.ops.minimum(x, 0.7))
    return keras.Model(start, (limited - -3.0) / keras.ops.power(-2.0, limited * 0 + 2))


def steps(keras: Any) -> Any:
    """A sum at every step, and windows that overlap: strides that are another pooling's default."""
    layers = keras.layers
    scaled = layers.TimeDistributed(layers.Rescaling(0.5, offset=1.0))
    pooled = layers.MaxPooling1D(3, strides=2)
    return keras.Sequential([keras.Input((7, 4)), scaled, pooled, layers.GRU(2)])


MAKERS = (convnet, branches, sentences, nested, handed_over, numbers, steps)
WHOLE: dict[str, Callable[[Any], Any]] = {make.__name__: make for make in MAKERS}
"""By name: make(keras) with weights of its own."""


def filled(model: Any) -> Any:
    """The same weights in every process."""
    random = np.random.default_rng(8)
    model.set_weights([random.uniform(0.05, 0.5, array.shape).astype(np.float32) for array in model.get_weights()])
    return model


def inputs(model: Any, samples: int = 3) -> Any:
    """Random arrays for a model of WHOLE."""
    random = np.random.default_rng(9)
    made = [random.normal(size=(samples, *tensor.shape[1:])).astype(np.float32) for tensor in model.inputs]
    return made if len(made) > 1 else made[0]


def outputs(model: Any, given: Any) -> list[Any]:
    """What it predicts, as a list of arrays."""
    found = model.predict(given, verbose=0)
    return [np.asarray(one) for one in (found if isinstance(found, list) else [found])]


def whole(name: str) -> tuple[Any, Any]:
    """Our model of WHOLE, and inputs."""
    import tinyseq

    model = filled(WHOLE[name](tinyseq))
    return model, inputs(model)


def lines() -> list[Case]:
    """Every line of tests/cases.py that computes and takes numbers."""
    able = COMPUTED - matrix.LEFT_OUT.keys()
    found = [case for case in CASES if case.compute and case.known and case.layer in able and not _not_computed(case)]
    return list({case.key: case for case in found}.values())


AUGMENTING = {name for name, part in PLACES.items() if part in ("images", "image_colours", "image_places", "augmenting")}
"""Layers that change images by a draw or by their histogram: code of other libraries has its own."""


def refused(recorded: dict[str, Any]) -> list[str]:
    """The lines of a record whose layer was refused, without those in AUGMENTING."""
    return [name for name, found in recorded.items()
            if found["fingerprint"].startswith("refused: ") and name.partition("(")[0] not in AUGMENTING]  # fmt: skip


def _not_computed(case: Case) -> bool:
    """It takes strings, or its rule is known and it does not compute with channels first."""
    turned = case.layer.startswith("SpatialDropout") and case.arguments.get("data_format") == "channels_first"
    return turned or case.dtype == "string"


def single(case: Case) -> tuple[Any, Any]:
    """Our model of one layer, and inputs."""
    from tests.data import arrays

    given = arrays.inputs(case)
    return matrix.ours(case), given if len(given) > 1 else given[0]


Maker = tuple[Callable[[Any], tuple[Any, Any]], Any]
"""A function and its argument: it makes a model of ours, and inputs."""


def by_line() -> dict[str, Maker]:
    """The models of WHOLE and of every line, by name."""
    return {name: (whole, name) for name in WHOLE} | {case.key: (single, case) for case in lines()}


def by_class() -> dict[str, Maker]:
    """The models of WHOLE and of one line for each class, by name."""
    return {name: (whole, name) for name in WHOLE} | {matrix.name(case): (single, case) for case in matrix.lines()}


def limit(name: str) -> float:
    """How far the outputs of two libraries may be apart."""
    cancelling = "Conv2D(filters=17, kernel_size=3, padding='same', activation='tanh') on (9, 7, 19)"
    return 1e-4 if name == cancelling else 1e-5  # tanh of sums of 171 numbers, which cancel out: float32 rounds them so


def fingerprint(text: str) -> str:
    """Of a program."""
    return hashlib.sha256(text.encode()).hexdigest()[:16]


def torch_fingerprint(model: Any) -> str:
    """Of the torch program and the arrays beside it; the reason, if it is refused."""
    from tinyseq.saving.torch_code.write import TorchProgram

    try:
        program = TorchProgram(model)
    except CannotSave as error:
        return f"refused: {re.sub(r'layer [a-z0-9_]+', 'layer', str(error))}"
    mark = hashlib.sha256(program.text("net.npz").encode())
    for name, array in sorted(program.state.items()):
        mark.update(f"{name}{array.shape}".encode() + np.ascontiguousarray(array).tobytes())
    return mark.hexdigest()[:16]


def apart(found: list[Any], expected: list[Any]) -> float:
    """The greatest difference, divided by the greatest output if that is above 1; 1e9 if a shape differs."""
    if [one.shape for one in found] != [one.shape for one in expected]:
        return 1e9
    pairs = list(zip(found, expected, strict=True))
    return max(float(np.abs(a - b).max() / max(1.0, np.abs(b).max())) if a.size else 0.0 for a, b in pairs)


def onnx_fingerprint(model: Any) -> str:
    """Of the ONNX graph and its constants; the reason, if it is refused."""
    from tinyseq.saving.onnx_export.write import onnx_graph

    try:
        graph, inputs, outputs = onnx_graph(model)
    except CannotSave as error:
        return f"refused: {re.sub(r'layer [a-z0-9_]+', 'layer', str(error))}"
    order: dict[str, str] = {}
    for name in [one.name for one in inputs] + [name for op in graph.ops for name in (*op.inputs, *op.outputs)]:
        order.setdefault(name, f"t{len(order)}")
    mark = hashlib.sha256()
    for op in graph.ops:
        names = [[order[name] if name else "" for name in part] for part in (op.inputs, op.outputs)]
        mark.update(f"{op.kind}{names}{sorted(op.attributes.items())}".encode())
    for name, array in sorted(graph.constants.items(), key=lambda item: order[item[0]]):
        mark.update(f"{order[name]}{array.shape}{array.dtype}".encode() + np.ascontiguousarray(array).tobytes())
    mark.update(str([(one.shape, one.dtype) for one in (*inputs, *outputs)]).encode())
    return mark.hexdigest()[:16]


def by_onnx_runtime(model: Any, given: Any) -> list[Any]:
    """Writes the file, checks it, runs it."""
    import onnxruntime  # type: ignore[import-not-found,unused-ignore]

    with tempfile.TemporaryDirectory() as folder:
        path = f"{folder}/model.onnx"
        model.to_onnx(path)
        session = onnxruntime.InferenceSession(path, providers=["CPUExecutionProvider"])
    kinds = {"tensor(float)": "float32", "tensor(int32)": "int32", "tensor(int64)": "int64"}
    arrays = given if isinstance(given, list) else [given]
    fed = {one.name: np.asarray(array, kinds[one.type]) for one, array in zip(session.get_inputs(), arrays, strict=True)}
    return list(session.run(None, fed))
