"""What public files write, kind by kind: models that are loaded again, data sets of TensorFlow, Keras 1's merge, code inside layers."""

from __future__ import annotations

import pytest

from shapecheck import check_source
from shapecheck.report.json import render as render_json
from shapecheck.report.text import render as render_text

HEAD = """import os
import numpy as np
import tensorflow as tf
import keras
from keras import layers
from keras.models import load_model
"""
NET = "net = keras.Sequential([keras.Input((4,)), layers.Dense(3)])\n"
FOLDS = "from sklearn.model_selection import KFold\nfor fold, (a, b) in enumerate(KFold(5).split(x)):\n    "

LOADED = {
    "another spelling of the path": NET + 'net.save("best.keras")\nagain = load_model("./best.keras")\n',
    "the folder in a variable": NET + 'net.save(folder + "/best.keras")\nagain = load_model(os.path.join(folder, "best.keras"))\n',
    "a number of a loop": FOLDS + NET + '    net.save(f"./m_{fold + 1}.h5")\n    again = load_model("m_{}.h5".format(fold + 1))\n',
    "a number of a loop, the old way": FOLDS + NET + '    net.save("m_%s.h5" % fold)\n    again = load_model("m_%d.h5" % fold)\n',
    "the best of a fit": FOLDS + NET + '    best = keras.callbacks.ModelCheckpoint(f"m{fold}.h5")\n'
    '    net.fit(x, y, callbacks=[best])\n    again = load_model(f"./m{fold}.h5")\n',
}


@pytest.mark.parametrize("text", LOADED.values(), ids=LOADED.keys())
def test_a_model_is_loaded_from_where_the_file_saved_it(text: str) -> None:
    again = check_source(HEAD + 'folder = os.environ["MODELS"]\n' + text, "model.py").stacks[-1]
    assert [(str(row.output), row.verdict) for row in again.rows] == [("(None, 4)", "proved"), ("(None, 3)", "proved")]


OTHERS = {
    "another file": NET + 'net.save("best.keras")\nagain = load_model("last.keras")\n',
    "another number": FOLDS + NET + '    net.save(f"m_{fold + 1}.h5")\n    again = load_model(f"m_{fold}.h5")\n',
    "another folder": NET + 'net.save(f"{folder}/best.h5")\nagain = load_model(f"{os.environ[0]}/best.h5")\n',
}


@pytest.mark.parametrize("text", OTHERS.values(), ids=OTHERS.keys())
def test_a_model_of_another_file_stays_unknown(text: str) -> None:
    again = check_source(HEAD + 'folder = os.environ["MODELS"]\n' + text, "model.py").stacks[-1]
    assert [row.verdict for row in again.rows] != ["proved", "proved"]
    assert "which is not read here" in (again.rows[-1].reason or "")


SUBWORDS = """import tensorflow_datasets as tfds
data, info = tfds.load("imdb_reviews/subwords8k", with_info=True, as_supervised=True)
encoder = info.features["text"].encoder
net = keras.Sequential([layers.Embedding(encoder.vocab_size, 16), layers.GlobalAveragePooling1D(), layers.Dense(1)])
net.fit(data["train"].padded_batch(16))
"""
PICTURES = """import tensorflow_datasets as tfds
def prepared(sample):
    return tf.image.resize(sample["image"], (32, 24)) / 255.0, sample["label"]
data = tfds.load("cats_vs_dogs", split="train").map(prepared).batch(8)
net = keras.Sequential([layers.Conv2D(4, 3), layers.Flatten(), layers.Dense(2)])
net.fit(data)
"""
CLASSES = """import tensorflow_datasets as tfds
data, info = tfds.load("food101", with_info=True)
net = keras.Sequential([keras.Input((6,)), layers.Dense(info.features["label"].num_classes)])
"""


@pytest.mark.parametrize(
    ("text", "output", "parameters"),
    [(SUBWORDS, "(None, 1)", 8185 * 16 + 17), (PICTURES, "(None, 2)", 112 + 30 * 22 * 4 * 2 + 2), (CLASSES, "(None, 101)", 707)],
    ids=["a known vocabulary", "samples as dicts", "the number of classes"],
)
def test_data_sets_of_tensorflow(text: str, output: str, parameters: int) -> None:
    (stack,) = check_source(HEAD + text, "model.py").stacks
    assert (str(stack.rows[-1].output), stack.table.params) == (output, parameters)
    assert {row.verdict for row in stack.rows} == {"proved"}


# Keras 1.2: merge(inputs, mode="sum", concat_axis=-1, dot_axes=-1); its shapes by its own get_output_shape_for
MERGED = {
    'merge([a, b], mode="concat", concat_axis=1)': "(None, 10)", "merge([a, b])": "(None, 5)", 'merge([a, b], "mul")': "(None, 5)",
    'merge([a, b], mode="dot", dot_axes=1)': "(None, 1)", 'merge([a, b], mode="cos", dot_axes=1)': "(None, 1)",
    'merge([a, b], mode="ave", name="both")': "(None, 5)", 'merge(inputs=[a, b], mode="max")': "(None, 5)",
}  # fmt: skip


@pytest.mark.parametrize("call", MERGED)
def test_merge_of_keras_1(call: str) -> None:
    head = "from keras.layers import Input, merge\nfrom keras.models import Model\na = Input((5,))\nb = Input((5,))\n"
    (stack,) = check_source(f"{head}m = Model([a, b], {call})\n", "model.py").stacks
    assert (str(stack.rows[-1].output), stack.rows[-1].verdict) == (MERGED[call], "proved")


PATCHES = """class Patches(layers.Layer):
    def __init__(self, size):
        super().__init__()
        self.size = size
    def call(self, images):
        rows = tf.shape(images)[0]
        window = [1, self.size, self.size, 1]
        found = tf.image.extract_patches(images=images, sizes=window, strides=window, rates=[1, 1, 1, 1], padding="VALID")
        return tf.reshape(found, [rows, -1, found.shape[-1]])
a = keras.Input((72, 60, 3))
net = keras.Model(a, Patches(6)(a))
"""
ENCODED = PATCHES.replace("net =", """class Encoder(layers.Layer):
    def __init__(self, count, size):
        super().__init__()
        self.count = count
        self.projection = layers.Dense(size)
        self.places = layers.Embedding(count, size)
    def call(self, x):
        return self.projection(x) + self.places(tf.range(start=0, limit=self.count, delta=1))
net =""").replace("Patches(6)(a)", "Encoder(120, 16)(Patches(6)(a))")
HEADS = """class Split(layers.Layer):
    def call(self, x):
        x = tf.reshape(x, (tf.shape(x)[0], -1, 4, 8))
        return tf.transpose(x, perm=[0, 2, 1, 3])
a = keras.Input((10, 32))
net = keras.Model(a, Split()(a))
"""
SCALED = """class Net:
    def scaled(self, x):
        return tf.cast(x, tf.float32) / 255.0
    def build(self):
        return keras.Sequential([keras.Input((28, 28, 1)), layers.Lambda(self.scaled)])
Net().build()
"""
DECLARED = """def distance(pair):
    return foreign(*pair)
def shape_of_distance(shapes):
    first, second = shapes
    return (first[0], 1)
a, b = keras.Input((5,)), keras.Input((5,))
net = keras.Model([a, b], layers.Lambda(distance, output_shape=shape_of_distance)([a, b]))
"""
PREPARED = """from keras.applications.resnet50 import preprocess_input
a = keras.Input((7, 7, 3))
net = keras.Model(a, layers.Lambda(preprocess_input)(a))
"""
CODE = {  # recorded from Keras 3.15 with TensorFlow
    "patches": (PATCHES, "(None, None, 108)"), "encoded patches": (ENCODED, "(None, 120, 16)"),
    "heads": (HEADS, "(None, 4, None, 8)"), "a method": (SCALED, "(None, 28, 28, 1)"),
    "a declared shape": (DECLARED, "(None, 1)"), "a function of Keras": (PREPARED, "(None, 7, 7, 3)"),
}  # fmt: skip


@pytest.mark.parametrize(("text", "output"), CODE.values(), ids=CODE.keys())
def test_code_inside_layers(text: str, output: str) -> None:
    (stack,) = check_source(HEAD + text, "model.py").stacks
    assert (str(stack.rows[-1].output), stack.rows[-1].verdict) == (output, "proved")


def test_a_reshape_by_another_axis_of_any_size_stays_unknown() -> None:
    text = HEADS.replace("tf.shape(x)[0]", "tf.shape(x)[1]").replace("(10, 32)", "(None, 32)")
    (stack,) = check_source(HEAD + text, "model.py").stacks
    assert stack.rows[-1].verdict == "unknown"


def test_names_of_several_star_imports() -> None:
    text = """from keras.models import *
from keras.layers import *
from keras.utils import *
a = Input((5,))
m = Model(a, concatenate([a, Dense(3)(a)]))
labels = to_categorical([0, 1, 2], 3)
"""
    (stack,) = check_source(text, "model.py").stacks
    assert (str(stack.rows[-1].output), stack.rows[-1].verdict) == ("(None, 8)", "proved")


COUNTED = {
    "a dict comprehension": "codes = {letter: number for number, letter in enumerate('abcde')}\nn = len(codes) + codes['c']",
    "a set comprehension": "n = len({number % 7 for number in range(30)})",
    "a set": "n = len({'a', 'b', 'a', 'c', 'd', 'e', 'f', 'g'})",
    "labels in a list": "labels = []\nfor i in range(2, 7):\n    labels.append(i)\nn = keras.utils.to_categorical(labels).shape[1]",
    "a wrapped environment": "import gym\nenv = gym.wrappers.Monitor(gym.make('Taxi-v3'), 'out')\nn = env.unwrapped.action_space.n + 1",
}


@pytest.mark.parametrize("text", COUNTED.values(), ids=COUNTED.keys())
def test_numbers_that_the_file_determines(text: str) -> None:
    (stack,) = check_source(f"{HEAD}{text}\nnet = keras.Sequential([keras.Input((4,)), layers.Dense(n)])\n", "model.py").stacks
    assert (str(stack.rows[-1].output), stack.rows[-1].verdict) == ("(None, 7)", "proved")


OPEN = ("n = len({a, b})", "n = len({x: 1 for x in open('a')})", "n = keras.utils.to_categorical([0, q]).shape[1]")


@pytest.mark.parametrize("text", OPEN)
def test_numbers_that_it_does_not(text: str) -> None:
    (stack,) = check_source(f"{HEAD}{text}\nnet = keras.Sequential([keras.Input((4,)), layers.Dense(n)])\n", "model.py").stacks
    assert stack.rows[-1].verdict == "any-size"


def test_a_stack_names_the_class_of_its_object() -> None:
    text = """class Net(keras.Model):
    def __init__(self, units):
        super().__init__()
        self.dense = layers.Dense(units)
    def call(self, x):
        return self.dense(x)
net = Net(3)
net.build((None, 4))
"""
    report = check_source(HEAD + text, "model.py")
    (stack,) = report.stacks
    place = stack.class_place
    assert stack.place is not None and place is not None
    assert (stack.place.line, place.line) == (13, 7)
    assert "net (line 13; class Net, line 7)" in render_text(report)
    assert '"class_line": 7' in render_json(report)


FOREIGN = """import foreign
a, b = keras.Input((4,)), keras.Input((4,))
both = [a, b]
mixed = foreign.mix(both)[0]
net = keras.Model([a, b], layers.Dense(2)(mixed))
"""


def test_a_list_of_tensors_passed_to_another_library_makes_a_tensor() -> None:
    (stack,) = check_source(HEAD + FOREIGN, "model.py").stacks
    assert [row.class_name for row in stack.rows if not row.is_input] == ["mix", "GetItem", "Dense"]
    place = "put a layer of Keras in its place, or for the layers behind it"
    assert stack.rows[-1].reason == f"foreign.mix() is not in the file: {place}: write `# shapecheck: mixed = (None, 30)` below line 10"
    declared = FOREIGN.replace("[0]\n", "[0]\n# shapecheck: mixed = (None, 7)\n")
    (stack,) = check_source(HEAD + declared, "model.py").stacks
    assert (str(stack.rows[-1].output), stack.rows[-1].params, stack.rows[-1].verdict) == ("(None, 2)", 16, "proved")


def test_an_unknown_layer_of_a_stack_is_to_be_replaced() -> None:
    text = "import foreign\nlast = foreign.Layer()\nnet = keras.Sequential([keras.Input((4,)), last, layers.Dense(3)])\n"
    (stack,) = check_source(HEAD + text, "model.py").stacks
    assert stack.rows[1].reason == "foreign.Layer() is not in the file (line 8): put a layer of Keras in its place"


OLD = "from keras.layers.convolutional import Convolution2D, MaxPooling2D\n"  # a module that Keras 3 does not have
UNET = OLD + """from keras.layers import Input, merge
from keras.models import Model
a = Input((8, 32, 32))
b = Convolution2D(4, 3, 3, border_mode="same")(a)
c = MaxPooling2D((2, 2))(b)
d = MaxPooling2D((2, 2))(c)
e = MaxPooling2D((2, 2))(d)
f = MaxPooling2D((2, 2))(e)
net = Model(a, merge([f, f], mode="concat", concat_axis=1))
"""


def test_an_old_file_that_only_fits_with_channels_first_is_read_so() -> None:
    report = check_source(UNET, "model.py").files[0]
    (stack,) = report.stacks
    assert (str(stack.rows[-1].output), stack.table.params) == ("(None, 8, 2, 2)", 8 * 9 * 4 + 4)
    assert not [finding for finding in report.findings if not finding.code.startswith("SC7")]


def test_an_error_in_both_orders_stays() -> None:
    report = check_source(UNET.replace("(8, 32, 32)", "(8, 9, 32)"), "model.py").files[0]
    assert [finding.code for finding in report.findings if not finding.code.startswith("SC7")] == ["SC101"]


RIGHT = {  # all of these run in the Keras that the file proves
    "units as text, tf.keras 2.15": "import tensorflow.keras.layers.experimental\n"
    "net = keras.Sequential([keras.Input((4,)), layers.Dense('3')])\n",
    "three numbers of a 3D kernel, Keras 2.2": OLD + "from keras.layers import Convolution3D\n"
    "net = keras.Sequential([Convolution3D(4, 3, 3, 3, input_shape=(8, 8, 8, 1))])\n",
    "features and units, Keras 0.3": OLD + "net = keras.Sequential()\nnet.add(layers.Dense(4, 3, init='uniform'))\n",
    "a picture of any mode": "from PIL import Image\nfrom keras.utils import img_to_array\n"
    "x = img_to_array(Image.open('a.png').resize((8, 9)))[None]\n"
    "net = keras.Sequential([keras.Input((9, 8, 3)), layers.Flatten()])\nnet.predict(x)\n",
    "CIFAR with channels first": "keras.backend.set_image_data_format('channels_first')\n"
    "(x, y), _ = keras.datasets.cifar10.load_data()\n"
    "net = keras.Sequential([keras.Input((3, 32, 32)), layers.Conv2D(2, 3), layers.Flatten(), layers.Dense(10)])\nnet.predict(x)\n",
    "labels of a generator in predict()": "from keras.src.legacy.preprocessing.image import ImageDataGenerator\n"
    "flow = ImageDataGenerator().flow_from_directory('test', (8, 8), classes=['test'])\n"
    "net = keras.Sequential([keras.Input((8, 8, 3)), layers.Flatten(), layers.Dense(5)])\n"
    "net.compile(loss='categorical_crossentropy')\nnet.predict(flow)\n",
    "None until someone passes it": "def build(classes=None):\n"
    "    return keras.Sequential([keras.Input((4,)), layers.Dense(classes)])\n",
}


@pytest.mark.parametrize("text", RIGHT.values(), ids=RIGHT.keys())
def test_no_error_where_keras_accepts_it(text: str) -> None:
    findings = check_source(HEAD + text, "model.py").findings
    assert [finding.words for finding in findings if not finding.code.startswith("SC7")] == []


def test_none_as_a_size_that_is_passed_is_an_error() -> None:
    text = RIGHT["None until someone passes it"] + "build()\n"
    assert [finding.code for finding in check_source(HEAD + text, "model.py").findings] == ["SC401"]


REPORTS = {  # public bug reports in other words; what Keras 3.15 says was recorded with TensorFlow
    "a U-Net over arrays": ("""import tensorflow as tf
picture = tf.Variable(np.zeros((1, 68, 68, 3), "float32"))
first = layers.Conv2D(8, 3)(layers.Conv2D(8, 3)(picture))
second = layers.Conv2D(16, 3)(layers.Conv2D(16, 3)(layers.MaxPooling2D(2)(first)))
both = layers.concatenate([layers.Conv2DTranspose(8, 2, strides=2)(second), first], axis=3)
""", ["SC206"]),
    "labels for each branch of one output": ("""a, b = keras.Input((20,)), keras.Input((20,))
net = keras.Model([a, b], layers.Concatenate()([layers.Dense(10, "softmax")(a), layers.Dense(10, "softmax")(b)]))
net.compile(loss="categorical_crossentropy")
x, y = np.zeros((9, 20)), np.zeros((9, 10))
net.fit([x, x], [y, y])
""", ["SC309"]),
    "two targets of a regression": ("""from sklearn.datasets import make_regression
x, y = make_regression(100, 9, n_informative=9, n_targets=2)
net = keras.Sequential([keras.Input((9,)), layers.Dense(2)])
net.compile(loss="mse")
net.fit(x, y)
""", []),
    "features without steps": ("""x, y = np.zeros((100, 9)), np.zeros((100, 2))
net = keras.Sequential([keras.Input((None, 9)), layers.LSTM(32), layers.Dense(2)])
net.compile(loss="mse")
net.fit(x, y)
""", ["SC303"]),
    "a residual of another width": ("""a = keras.Input((64, 32))
b = layers.LayerNormalization()(a + layers.Dense(64)(layers.Dense(128)(a)))
net = keras.Model(a, layers.Dense(2)(b))
""", ["SC206"]),
    "an operator that stretches": ("""a, b = keras.Input((8, 8, 16)), keras.Input((16,))
net = keras.Model([a, b], layers.Flatten()(a * b[:, None, None]))
""", []),
}  # fmt: skip


@pytest.mark.parametrize(("text", "codes"), REPORTS.values(), ids=REPORTS.keys())
def test_bug_reports(text: str, codes: list[str]) -> None:
    assert [finding.code for finding in check_source(HEAD + text, "model.py").findings] == codes


def test_a_step_for_each_sample_is_offered() -> None:
    text, _ = REPORTS["features without steps"]
    (finding,) = check_source(HEAD + text, "model.py").findings
    assert [repair.title for repair in finding.repairs if repair.proved] == ["line 10: x[:, None], one step for each sample"]


def test_the_error_of_an_operator_is_at_the_operator() -> None:
    text, _ = REPORTS["a residual of another width"]
    (finding,) = check_source(HEAD + text, "model.py").findings
    assert finding.place is not None and (finding.place.line, finding.place.column) == (8, 33)


def test_a_model_around_a_network_of_another_library() -> None:
    text = """import nets
net = nets.Big(weights=None)
model = keras.Model(net.input, layers.Dense(3)(net.output))
"""
    (stack,) = check_source(HEAD + text, "model.py").stacks
    reasons = {row.reason for row in stack.rows}
    assert reasons == {"nets.Big() is not in the file (line 8): write that model with the layers of Keras in this file"}
    assert "(..., 3)" in [str(row.output) for row in stack.rows]


def test_a_number_inside_a_shape_is_to_be_written() -> None:
    text = "net = keras.Sequential([keras.Input((len(os.environ['WORDS']), 3)), layers.Dense(2)])\n"
    (stack,) = check_source(HEAD + text, "model.py").stacks
    assert stack.rows[0].reason == "os.environ['WORDS'] is unknown (line 7): write its value in shape="


def test_a_list_that_grows_in_an_unknown_loop_names_what_it_runs_over() -> None:
    text = """columns = os.environ["COLUMNS"]
inputs = []
for column in columns:
    inputs.append(keras.Input((1,)))
model = keras.Model(inputs, layers.Dense(2)(layers.Concatenate()(inputs)))
"""
    (stack,) = check_source(HEAD + text, "model.py").stacks
    assert "write `# shapecheck: columns = ['a', 'b']` above line 9" in (stack.rows[0].reason or "")
    (stack,) = check_source(HEAD + text.replace("for", "# shapecheck: columns = ['a', 'b', 'c']\nfor"), "model.py").stacks
    assert {row.verdict for row in stack.rows} == {"proved"} and stack.table.params == 8


REFUSED = {
    "a layer that is part of no model": ("x = layers.Reshape((7, 3))(keras.Input((5, 4)))\n", ["SC205"]),
    "one behind it is not reported too": ("x = layers.Reshape((7, 3))(keras.Input((5, 4)))\ny = layers.LSTM(2)(x)\n", ["SC205"]),
    "two of one graph": ("i = keras.Input((5,))\nx = layers.LSTM(2)(i)\ny = layers.Conv1D(2, 3)(i)\n", ["SC501", "SC201"]),
    "a name before the shape of a weight": (
        "class Own(layers.Layer):\n    def build(self, shape):\n        self.w = self.add_weight('w', shape=(shape[-1], 4))\n", ["SC704"],
    ),
    "an argument that a function does not have": ("y = keras.ops.matmul(np.ones((2, 3)), np.ones((4, 3)), transpose_b=True)\n", ["SC711"]),
    "states of one direction for both": (
        "i = keras.Input((5, 4))\nh = keras.Input((6,))\ny = layers.Bidirectional(layers.LSTM(6))(i, initial_state=[h, h])\n"
        "model = keras.Model([i, h], y)\n", ["SC504"],
    ),
}  # fmt: skip


@pytest.mark.parametrize("text, codes", REFUSED.values(), ids=REFUSED.keys())
def test_what_keras_refuses_is_found_outside_of_models_too(text: str, codes: list[str]) -> None:
    """Source: keras 3.15, by running it; 34 public reports, written anew."""
    errors = [finding.code for finding in check_source(HEAD + text, "model.py").findings if finding.severity == "error"]
    assert sorted(errors) == sorted(codes)


ACCEPTED = {
    "a layer in a try": "try:\n    x = layers.Reshape((7, 3))(keras.Input((5, 4)))\nexcept ValueError:\n    x = None\n",
    "a layer in an if": "if os.environ.get('A'):\n    x = layers.Reshape((7, 3))(keras.Input((5, 4)))\n",
    "a layer in a function that nobody calls": "def f(n=3):\n    return layers.Reshape((7, n))(keras.Input((5, 4)))\n",
    "the name of a weight by its name": (
        "class Own(layers.Layer):\n    def build(self, shape):\n        self.w = self.add_weight((shape[-1], 4), name='w')\n"
    ),
    "states of both directions": (
        "i = keras.Input((5, 4))\nh = keras.Input((6,))\ny = layers.Bidirectional(layers.LSTM(6))(i, initial_state=[h, h, h, h])\n"
        "model = keras.Model([i, h], y)\n"
    ),
}


@pytest.mark.parametrize("text", ACCEPTED.values(), ids=ACCEPTED.keys())
def test_what_does_not_certainly_run_or_is_right_is_no_error(text: str) -> None:
    assert [finding.code for finding in check_source(HEAD + text, "model.py").findings if finding.severity == "error"] == []


FIRST = 'keras.config.set_image_data_format("channels_first")\n'
LAST = 'keras.backend.set_image_data_format("channels_last")\n'
ORDERED = {
    "set before": (FIRST + "m = keras.Sequential([keras.Input((3, 32, 32)), layers.Conv2D(8, 3)])\n", ["(None, 8, 30, 30)"]),
    "set between": (
        "m = keras.Sequential([keras.Input((32, 32, 3)), layers.Conv2D(8, 3)])\n" + FIRST
        + "n = keras.Sequential([keras.Input((3, 32, 32)), layers.Conv2D(8, 3)])\n", ["(None, 30, 30, 8)", "(None, 8, 30, 30)"],
    ),
    "set back": (
        FIRST + "m = keras.Sequential([keras.Input((3, 32, 32)), layers.Conv2D(8, 3)])\n" + LAST
        + "n = keras.Sequential([keras.Input((32, 32, 3)), layers.Conv2D(8, 3)])\n", ["(None, 8, 30, 30)", "(None, 30, 30, 8)"],
    ),
    "asked": (
        FIRST + 'size = (3, 32, 32) if keras.config.image_data_format() == "channels_first" else (32, 32, 3)\n'
        "m = keras.Sequential([keras.Input(size), layers.Conv2D(8, 3)])\n", ["(None, 8, 30, 30)"],
    ),
}  # fmt: skip


@pytest.mark.parametrize("text, shapes", ORDERED.values(), ids=ORDERED.keys())
def test_the_order_of_axes_holds_for_the_layers_made_after_it_is_set(text: str, shapes: list[str]) -> None:
    """Source: keras 3.15, by running these."""
    stacks = check_source(HEAD + text, "model.py").stacks
    assert [str(stack.rows[-1].output) for stack in stacks] == shapes and {stack.rows[-1].verdict for stack in stacks} == {"proved"}


def test_an_order_of_axes_that_keras_does_not_know_is_an_error() -> None:
    (finding,) = check_source(HEAD + 'keras.config.set_image_data_format("NCHW")\n', "model.py").findings
    assert finding.code == "SC402" and "NCHW" in finding.words and finding.severity == "error"


NUMBERS = {
    "X.max()": "a value computed from data: write its value for units=",
    "X.max() + 1": "a value computed from data: write its value for units=",
    "len(set(X))": "classes is unknown: write its value for units=",
}


@pytest.mark.parametrize("written, reason", NUMBERS.items())
def test_an_unknown_number_says_where_its_value_goes(written: str, reason: str) -> None:
    text = f"X = np.load('x.npy')\nnet = keras.Sequential([keras.Input((5,)), layers.Dense({written})])\n"
    (stack,) = check_source(HEAD + text, "model.py").stacks
    assert stack.rows[1].reason == reason
