"""Kinds of faults from public reports: generators, data frames, labels, own layers, states, unpacking.

What Keras does with each was found by running it (3.15, TensorFlow); the sources here are shortened.
"""

import pytest

from shapecheck import check_source

HEAD = "import numpy as np\nimport keras\nfrom keras import layers, ops\n"
"""Three lines: the first line of a case is line 4."""
DENSE = """
model = keras.Sequential([keras.Input((3,)), layers.Dense(2)])
model.compile('sgd', 'mse')
"""


def found(text: str) -> list[tuple[str, int]]:
    """The codes and lines of what is wrong."""
    return [(one.code, one.place.line) for one in check_source(HEAD + text.lstrip("\n"), "model.py").findings if one.place is not None]


def said(text: str) -> str:
    return "\n".join(one.words for one in check_source(HEAD + text.lstrip("\n"), "model.py").findings)


# generators, PyDataset, tf.data


@pytest.mark.parametrize(
    "body, codes",
    [
        ("    while True:\n        yield np.zeros((8, 3)), np.zeros((8, 2))", []),
        ("    while True:\n        yield np.zeros(3), np.zeros(2)", ["SC303", "SC307"]),  # one sample, not a batch
        ("    while True:\n        yield np.zeros((8, 4)), np.zeros((8, 2))", ["SC303"]),
        ("    for i in range(5):\n        yield np.zeros((8, 3)), np.zeros((8, 5))", ["SC301"]),
        ("    while True:\n        yield np.zeros((8, 3)), np.zeros((8, 2)), np.ones(8)", []),
        ("    while True:\n        x = []\n        for row in open('a'):\n            x.append([1.0, 2.0])\n"
         "        yield np.array(x), np.zeros((8, 2))", ["SC303"]),
        ("    while True:\n        if np.random.rand() > 0.5:\n            yield np.zeros((8, 4)), np.zeros((8, 2))\n"
         "        yield np.zeros((8, 3)), np.zeros((8, 2))", []),  # one of two: unknown
        ("    yield from other()", []),
    ],
)  # fmt: skip
def test_what_a_generator_yields_is_compared(body: str, codes: list[str]) -> None:
    text = f"def rows():\n{body}\n{DENSE.strip()}\nmodel.fit(rows(), steps_per_epoch=2)\n"
    assert sorted(code for code, _ in found(text)) == codes


def test_a_generator_of_other_things_is_no_data() -> None:
    """What it yields can be used as before."""
    pairs = "def pairs():\n    for name in ['a', 'b']:\n        yield name, 3\n"
    assert said(DENSE + pairs + "for name, size in pairs():\n    print(name)\n") == ""


ROWS = """
class Rows(keras.utils.PyDataset):
    def __init__(self, x, y, size, **more):
        super().__init__(**more)
        self.x, self.y, self.size = x, y, size
    def __len__(self):
        return len(self.x) // self.size
    def __getitem__(self, i):
        low = i * self.size
        return {item}
"""


@pytest.mark.parametrize(
    "item, codes",
    [
        ("self.x[low:low + self.size], self.y[low:low + self.size]", []),
        ("self.x[None, low:low + self.size], self.y[low:low + self.size]", ["SC303", "SC307"]),
        ("np.array([self.x[k] for k in range(low, low + self.size)]), self.y[low:low + self.size, :1]", ["SC302"]),
    ],
)
def test_batches_of_a_dataset_class_are_compared(item: str, codes: list[str]) -> None:
    use = "model.fit(Rows(np.zeros((64, 3)), np.zeros((64, 2)), 8))\n"
    assert [code for code, _ in found(ROWS.format(item=item) + DENSE + use)] == codes


TENSORS = "import tensorflow as tf\n"


@pytest.mark.parametrize(
    "shapes, codes",
    [
        ("output_signature=(tf.TensorSpec((3,), tf.float32), tf.TensorSpec((2,), tf.float32))", []),
        ("output_signature=(tf.TensorSpec(shape=(4,), dtype=tf.float32), tf.TensorSpec((2,), tf.float32))", ["SC303"]),
        ("output_types=(tf.float32, tf.float32), output_shapes=([3], [5])", ["SC301"]),
        ("output_types=(tf.float32, tf.float32), output_shapes=(tf.TensorShape([4]), tf.TensorShape([2]))", ["SC303"]),
        ("output_types=(tf.float32, tf.float32)", ["SC303"]),  # as the generator yields them
    ],
)
def test_shapes_of_a_dataset_from_a_generator(shapes: str, codes: list[str]) -> None:
    text = f"{TENSORS}def rows():\n    yield np.zeros(4), np.zeros(2)\ndata = tf.data.Dataset.from_generator(rows, {shapes}).batch(8)\n"
    assert [code for code, _ in found(text + DENSE + "model.fit(data)\n")] == codes


def test_keys_of_a_data_frame_in_a_dataset() -> None:
    text = """
import tensorflow as tf
import pandas as pd
frame = pd.DataFrame({'age': np.zeros(90), 'height': np.zeros(90), 'ill': np.zeros(90)})
y = frame.pop('ill')
data = tf.data.Dataset.from_tensor_slices((dict(frame), y)).batch(9)
a, b = keras.Input((1,), name='age'), keras.Input((1,), name='mass')
model = keras.Model([a, b], layers.Dense(1)(layers.Concatenate()([a, b])))
model.compile('sgd', 'mse')
model.fit(data)
"""
    assert found(text) == [("SC309", 12)]
    assert found(text.replace("mass", "height")) == []


def test_columns_of_a_data_frame() -> None:
    text = """
import pandas as pd
frame = pd.DataFrame({'a': np.zeros(90), 'b': np.zeros(90), 'c': np.zeros(90)})
frame['d'] = frame['a'] + 1
x, y = frame.drop(columns=['d']), frame['d']
model = keras.Sequential([keras.Input((4,)), layers.Dense(1)])
model.compile('sgd', 'mse')
model.fit(x, y)
"""
    assert found(text) == [("SC303", 10)]
    assert found(text.replace("Input((4,))", "Input((3,))")) == []


def test_texts_vectorized_one_by_one_are_not_batched() -> None:
    text = """
import tensorflow as tf
words = tf.data.Dataset.from_tensor_slices((['a b', 'c'] * 20, [0, 1] * 20))
encoder = layers.TextVectorization(max_tokens=50, output_sequence_length=9)
words = words.map(lambda text, label: (encoder(text), label))
model = keras.Sequential([keras.Input((9,)), layers.Embedding(50, 4), layers.Flatten(), layers.Dense(1)])
model.compile('sgd', 'mse')
model.fit(words)
"""
    assert found(text) == [("SC316", 10)]
    assert found(text.replace("fit(words)", "fit(words.batch(8))")) == []


# numbers, labels


def test_single_values_collected_in_a_loop_are_one_number_for_each_sample() -> None:
    text = """
series = np.random.rand(900, 3)
x, y = [], []
for i in range(len(series) - 30):
    x.append(series[i:i + 30, :])
    y.append(series[i + 30, 2])
model = keras.Sequential([keras.Input((30, 3)), layers.LSTM(4), layers.Dense(3)])
model.compile('sgd', 'mse')
model.fit(np.array(x), np.array(y), batch_size={size})
"""
    assert found(text.format(size=16)) == [("SC301", 11)]
    assert found(text.format(size=1)) == [("SC302", 11)]  # one number for three outputs, in batches of one
    assert found(text.format(size=16).replace("Dense(3)", "Dense(1)")) == []


def test_one_hot_labels_made_in_a_comprehension() -> None:
    text = """
tags = keras.utils.pad_sequences([[1, 2], [2]] * 30, maxlen=8)
y = [keras.utils.to_categorical(row, num_classes=3) for row in tags]
model = keras.Sequential([keras.Input((8,)), layers.Embedding(9, 4), layers.LSTM(5), layers.Dense(3, activation='softmax')])
model.compile('sgd', 'categorical_crossentropy')
model.fit(np.zeros((60, 8)), np.array(y))
"""
    assert found(text) == [("SC301", 8)]
    assert found(text.replace("LSTM(5)", "LSTM(5, return_sequences=True)")) == []


CLASSES = """
from sklearn.preprocessing import LabelEncoder
y = {y}
model = keras.Sequential([keras.Input((3,)), layers.Dense({units}, activation='softmax')])
model.compile('sgd', '{loss}')
model.fit(np.zeros((120, 3)), y)
"""


@pytest.mark.parametrize(
    "y, units, loss",
    [
        ("keras.utils.to_categorical(LabelEncoder().fit_transform(['a', 'b', 'c', 'd'] * 30))", 4, "categorical_crossentropy"),
        ("np.repeat(np.arange(12), 10)", 12, "sparse_categorical_crossentropy"),
        ("np.tile(np.arange(12), 10)", 12, "sparse_categorical_crossentropy"),
        ("np.arange(120) % 5", 5, "sparse_categorical_crossentropy"),
        ("np.array([0, 1, 2, 3, 4, 5] * 20)", 6, "sparse_categorical_crossentropy"),
        ("keras.utils.to_categorical(np.repeat(np.arange(12), 10))", 12, "categorical_crossentropy"),
    ],
)
def test_classes_of_labels_that_the_file_makes(y: str, units: int, loss: str) -> None:
    assert found(CLASSES.format(y=y, units=units, loss=loss)) == []
    assert [code for code, _ in found(CLASSES.format(y=y, units=units - 1, loss=loss))] in (["SC301"], ["SC313"])


def test_a_slice_may_miss_classes() -> None:
    """The first rows of sorted labels contain only some of them, and a remainder of few numbers not every rest."""
    assert found(CLASSES.format(y="np.array([0, 1, 2] * 40) % 9", units=3, loss="sparse_categorical_crossentropy")) == []
    assert found(CLASSES.format(y="np.repeat(np.arange(40), 30)[:120]", units=5, loss="sparse_categorical_crossentropy")) == []


# layers of the file

NORM = """
class Twice(layers.Layer):
    def __init__(self):
        super().__init__()
        self.first, self.second = layers.Conv2D(8, 1), layers.Conv2D({filters}, 1)
        self.norm = layers.BatchNormalization()
    def call(self, x):
        return self.norm(self.second(self.norm(self.first(x))))
x = keras.Input((6, 6, 3))
model = keras.Model(x, Twice()(x))
"""


def test_a_layer_inside_called_on_two_widths() -> None:
    assert found(NORM.format(filters=4)) == [("SC421", 10)]
    assert found(NORM.format(filters=8)) == []


def test_what_a_layer_inside_refuses_is_told_once_where_it_is_called() -> None:
    text = """
class Head(layers.Layer):
    def __init__(self):
        super().__init__()
        self.pool, self.out = layers.GlobalMaxPooling2D(), layers.Dense(2)
    def call(self, x{more}):
        {test}return self.out(self.pool(x))
        return x
x = keras.Input((6, 3))
model = keras.Model(x, Head()(x))
"""
    assert found(text.format(more="", test="")) == [("SC201", 9)]
    assert found(text.format(more="", test="").replace("Input((6, 3))", "Input((6, 6, 3))")) == []


def test_sizes_of_weights_are_whole_numbers() -> None:
    text = """
class Half(layers.Layer):
    def build(self, shape):
        self.w = self.add_weight(shape=(shape[-1], shape[-1] {op} 2), name='w')
    def call(self, x):
        return ops.matmul(x, self.w)
x = keras.Input((8,))
model = keras.Model(x, Half()(x))
"""
    assert found(text.format(op="/")) == [("SC401", 6)]
    assert found(text.format(op="//")) == []


def test_tensors_passed_one_by_one() -> None:
    """Shapes and numbers of weights as Keras has them."""
    text = """
class Cross(layers.Layer):
    def __init__(self, units):
        super().__init__()
        self.q, self.k = layers.Dense(units), layers.Dense(units)
    def call(self, x, context):
        return ops.matmul(self.q(x), ops.transpose(self.k(context), (0, 2, 1)))
class Shift(layers.Layer):
    def build(self, x_shape, y_shape):
        self.w = self.add_weight(shape=(x_shape[-1], y_shape[-1]), name='w')
    def call(self, x, y):
        return ops.matmul(x, self.w) + y
a, b, c = keras.Input((5, 8)), keras.Input((7, 6)), keras.Input((5, 3))
one = keras.Model([a, b], Cross(16)(a, context=b))
two = keras.Model([a, c], Shift()(a, c))
"""
    one, two = check_source(HEAD + text.lstrip("\n"), "model.py").stacks
    assert (one.table.params, str(one.rows[-1].output)) == (256, "(None, 5, 7)")
    assert (two.table.params, str(two.rows[-1].output)) == (24, "(None, 5, 3)")


def test_data_goes_into_one_argument_of_call() -> None:
    text = """
class Pair(keras.Model):
    def __init__(self):
        super().__init__()
        self.out = layers.Dense(2)
    def call(self, {parameters}):
        {begin}return self.out(ops.concatenate([x, y], axis=1))
model = Pair()
model.compile('sgd', 'mse')
model.fit([np.zeros((8, 3)), np.zeros((8, 4))], np.zeros((8, 2)))
"""
    assert ("SC405", 12) in found(text.format(parameters="x, y", begin=""))
    assert found(text.format(parameters="inputs, training=False", begin="x, y = inputs\n        ")) == []


def test_output_shape_of_a_lambda_against_its_function() -> None:
    text = "x = keras.Input((64,))\ny = layers.Lambda(lambda t: ops.sum(t, axis=1, keepdims=True), output_shape={shape})(x)\n"
    text += "m = keras.Model(x, y)\n"
    assert found(text.format(shape="(64,)")) == [("SC430", 5)]
    assert found(text.format(shape="(1,)")) == []
    assert found(text.format(shape="(64,)").replace("ops.sum", "mine")) == []  # a function that is not in the file


# recurrent layers


@pytest.mark.parametrize(
    "targets, layer, codes",
    [
        ("y, h", "LSTM(4, return_sequences=True)", ["SC429"]),
        ("y, h, c", "LSTM(4, return_state=True)", []),
        ("y, h", "LSTM(4, return_state=True)", ["SC429"]),
        ("y, h", "GRU(4, return_state=True)", []),
        ("y, h, c", "Bidirectional(layers.LSTM(4, return_state=True))", ["SC429"]),
        ("y, fh, fc, bh, bc", "Bidirectional(layers.LSTM(4, return_state=True))", []),
        ("y, *states", "LSTM(4, return_state=True)", []),
        ("y, z", "Dense(4)", ["SC429"]),
    ],
)
def test_outputs_unpacked_into_names(targets: str, layer: str, codes: list[str]) -> None:
    text = f"x = keras.Input((10, 8))\n{targets} = layers.{layer}(x)\n"
    assert [code for code, _ in found(text)] == codes


def test_a_cell_of_the_file_is_followed() -> None:
    """Shapes and numbers of weights as Keras 3.15 has them; layers inside a cell are built by nobody before the first data."""
    text = """
class Cell(layers.Layer):
    def __init__(self, units, **more):
        super().__init__(**more)
        self.units, self.state_size = units, {state}
    def build(self, shape):
        self.k = self.add_weight(shape=(shape[-1], self.units), name='k')
        self.r = self.add_weight(shape=(self.units, self.units), name='r')
        {more}
    def call(self, inputs, states):
        h = ops.matmul({inputs}, self.k) + ops.matmul(states[0], self.r)
        return h, [h] * len(states)
x = keras.Input((None, 5))
model = keras.Model(x, layers.Dense(2)(layers.RNN(Cell(32))(x)))
"""
    (stack,) = check_source(HEAD + text.lstrip("\n").format(state="units", more="", inputs="inputs"), "model.py").stacks
    assert (stack.table.params, [str(row.output) for row in stack.rows[1:]]) == (1250, ["(None, 32)", "(None, 2)"])
    unclear = [("units", "", "mine(inputs)"), ("sizes(units)", "", "inputs"), ("units", "self.d = layers.Dense(3)", "self.d(inputs)")]
    for state, more, inputs in unclear:
        (stack,) = check_source(HEAD + text.lstrip("\n").format(state=state, more=more, inputs=inputs), "model.py").stacks
        assert not isinstance(stack.table.params, int)


@pytest.mark.parametrize("layer", ["LSTM(4, stateful=True)", "GRU(4, stateful=True)", "Bidirectional(layers.LSTM(4, stateful=True))"])
@pytest.mark.parametrize(
    "call, batch",
    [
        ("fit(x(64), y(64), batch_size=16)", None),
        ("fit(x(64), y(64))", 32),
        ("fit(x(64), y(64), batch_size=8)", 8),
        ("fit(x(70), y(70), batch_size=16)", 6),
        ("fit(x(64), y(64), batch_size=16, validation_split=0.25)", None),
        ("fit(x(64), y(64), batch_size=16, validation_split=0.2)", 3),
        ("fit(x(64), y(64), batch_size=16, validation_data=(x(10), y(10)))", 10),
        ("fit(x(64), y(64), batch_size=16, validation_data=(x(20), y(20)), validation_steps=1)", None),
        ("fit(x(64), y(64), batch_size=16, validation_split=0.25, validation_batch_size=8)", 8),
        ("fit(x(70), y(70), batch_size=16, steps_per_epoch=4)", None),
        ("predict(x(32), 16)", None),
        ("evaluate(x(32), y(32), 16)", None),
        ("predict(x(1))", 1),
        ("predict(x(16))", None),
        ("predict(x(32), batch_size=16)", None),
        ("train_on_batch(x(8), y(8))", 8),
    ],
)
def test_batches_of_a_stateful_layer(layer: str, call: str, batch: int | None) -> None:
    """Keras 3.15 raises exactly where a batch is named here."""
    data = "x, y = (lambda n: np.zeros((n, 5, 3))), (lambda n: np.zeros((n, 1)))\n"
    text = f"{data}model = keras.Sequential([keras.Input(batch_shape=(16, 5, 3)), layers.{layer}, layers.Dense(1)])\n"
    text += f"model.compile('sgd', 'mse')\nmodel.{call}\n"
    assert [code for code, _ in found(text)] == ([] if batch is None else ["SC505"])
    assert batch is None or f"a batch of {batch}" in said(text)
    assert found(text.replace(", stateful=True", "")) == []


# repairs


@pytest.mark.parametrize(
    "text, titles",
    [
        ("a, b = keras.Input((9,)), keras.Input((5, 3))\nm = keras.Model([a, b], layers.add([layers.Dense(8)(a), layers.LSTM(4)(b)]))\n",
         ["line 5: units=8", "line 5: units=4"]),
        ("m = keras.Sequential([keras.Input((3,)), layers.Dense(10), layers.Activation('softmax')])\n"
         "m.compile('sgd', 'categorical_crossentropy')\nm.fit(np.zeros((8, 3)), np.zeros((8, 4)))\n", ["line 4: units=4"]),
        ("m = keras.Sequential([keras.Input((6, 3)), layers.TimeDistributed(layers.Dense(6))])\n"
         "m.compile('sgd', 'mse')\nm.fit(np.zeros((8, 6, 3)), np.zeros((8, 6, 1)))\n", ["line 4: units=1"]),
        ("m = keras.Sequential([keras.Input((6, 3)), layers.Bidirectional(layers.LSTM(4, return_sequences=True)), layers.Dense(2)])\n"
         "m.compile('sgd', 'mse')\nm.fit(np.zeros((8, 6, 3)), np.zeros((8, 2)))\n",
         ["line 4: without return_sequences", "Flatten() before line 4"]),
    ],
)  # fmt: skip
def test_the_width_is_set_where_it_is_made(text: str, titles: list[str]) -> None:
    (finding,) = check_source(HEAD + text, "model.py").findings
    assert [repair.title for repair in finding.repairs if repair.proved] == titles


@pytest.mark.parametrize(
    "net, layer, titles",
    [
        ("layers.Dense(5), layers.PReLU(), layers.Softmax()", "dense", ["line 4: units=6"]),
        ("layers.Reshape((2, 2)), layers.Conv1D(5, 1), layers.GlobalMaxPooling1D(), layers.Softmax()", "conv1d", ["line 4: filters=6"]),
        ("layers.Dense(5), layers.EinsumDense('ab,bc->ac', output_shape=5), layers.Softmax()", "einsum_dense", []),
        ("layers.Reshape((2, 2)), layers.Dense(5), layers.TimeDistributed(layers.Dense(5)), layers.GlobalMaxPooling1D()",
         "time_distributed", ["line 4: units=6"]),
        ("layers.Reshape((2, 2)), layers.Bidirectional(layers.LSTM(2))", "last", ["line 4: units=3"]),
        ("layers.Reshape((2, 2)), layers.Dense(3), layers.Bidirectional(layers.LSTM(3), merge_mode='sum')", "last", ["line 4: units=6"]),
    ],
)  # fmt: skip
def test_the_layer_that_sets_how_many_classes_there_are(net: str, layer: str, titles: list[str]) -> None:
    text = f"m = keras.Sequential([keras.Input((4,)), {net}])\nm.compile('sgd', 'sparse_categorical_crossentropy')\n"
    (finding,) = check_source(HEAD + text + "m.fit(np.zeros((60, 4)), np.array([0, 1, 2, 3, 4, 5] * 10))\n", "model.py").findings
    assert finding.code == "SC313" and f" {layer} " in finding.diagnostic.message().replace("last layer", "last ")
    assert [repair.title for repair in finding.repairs if repair.proved] == titles


def test_an_odd_width_is_not_made_of_two_halves() -> None:
    text = "m = keras.Sequential([keras.Input((6, 3)), layers.Bidirectional(layers.LSTM(4))])\n"
    text += "m.compile('sgd', 'mse')\nm.fit(np.zeros((8, 6, 3)), np.zeros((8, {})))\n"
    (odd,), (even,) = (check_source(HEAD + text.format(size), "model.py").findings for size in (5, 6))
    assert ([one.title for one in odd.repairs], [one.title for one in even.repairs]) == ([], ["line 4: units=3"])


def test_one_hot_rows_are_no_input_of_an_embedding() -> None:
    text = "x = keras.Input((72, 90))\nm = keras.Model(x, layers.LSTM(8)(layers.Embedding(90, 20)(x)))\n"
    (finding,) = check_source(HEAD + text, "model.py").findings
    assert finding.code == "SC201" and "of shape (steps,)" in finding.diagnostic.help()
