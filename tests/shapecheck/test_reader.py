"""What people write, and what the reader makes of it."""

from __future__ import annotations

import json
from typing import Any

import pytest

from shapecheck import check_source
from shapecheck.findings import Stack

HEAD = """
import numpy as np
import keras
from keras import layers
from keras.layers import Conv2D, Dense, Dropout, Flatten, MaxPooling2D
from keras.models import Sequential
"""


def stacks(text: str, head: str = HEAD) -> list[Stack]:
    return check_source(head + text, "model.py").stacks


def outputs(text: str, head: str = HEAD) -> list[str]:
    """The output shapes of the only stack."""
    (stack,) = stacks(text, head)
    return [str(row.output) for row in stack.rows]


DENSE = ["(None, 3)", "(None, 2)"]


@pytest.mark.parametrize(
    "text",
    [
        "m = Sequential([Dense(3, input_shape=(4,)), Dense(2)])",
        "m = Sequential()\nm.add(Dense(3, input_dim=4))\nm.add(Dense(2))",
        "ls = [Dense(3, input_shape=[4])]\nls.append(Dense(2))\nm = Sequential(ls)",
        "m = Sequential([Dense(3, input_shape=(4,))] + [Dense(2)] * 1)",
        "m = Sequential([Dense(n, **({'input_shape': (4,)} if n == 3 else {})) for n in (3, 2)])",
        "def build(a, b=2):\n    m = Sequential()\n    m.add(Dense(a, input_shape=(4,)))\n    m.add(Dense(b))\n    return m\nm = build(3)",
        "def block(units):\n    return [Dense(units)]\nm = Sequential([Dense(3, input_shape=(4,)), *block(2)])",
        "class Net:\n    def __init__(self, n):\n        self.model = Sequential()\n        self.model.add(Dense(n, input_shape=(4,)))\n"
        "        self.model.add(Dense(n - 1))\nNet(3)",
        "class Net(Sequential):\n    def __init__(self):\n        super().__init__()\n        self.add(Dense(3, input_shape=(4,)))\n"
        "        self.add(Dense(2))\nNet()",
        "from functools import partial\nD = partial(Dense, activation='relu')\nm = Sequential([D(3, input_shape=(4,)), D(2)])",
        "D = keras.layers.Dense\nm = Sequential([D(3, input_shape=(4,)), D(2)])",
        "n = 5\nn = n - 2\nm = Sequential([Dense(n, input_shape=(4,)), Dense(n // 3 * 2)])",
        "c = {'sizes': [3, 2]}\nm = Sequential()\nfor i, s in enumerate(c['sizes']):\n"
        "    m.add(Dense(s, input_shape=(4,)) if i == 0 else Dense(s))",
        "with strategy.scope():\n    m = Sequential([Dense(3, input_shape=(4,)), Dense(2)])",
        "m = Sequential([Dense(3, input_shape=(4,)), Dense(2), Dense(9)])\nm.pop()",
        "x = np.zeros((10, 4))\nm = Sequential([Dense(3), Dense(2)])\nm.compile(loss='mse')\nm.fit(x, np.zeros((10, 2)))",
        "x = np.zeros((10, 4))\nm = Sequential([Dense(3, input_shape=x.shape[1:]), Dense(2)])",
        "m = Sequential([Dense(3), Dense(2)])\nm.build((None, 4))",
    ],
)
def test_every_way_of_writing_gives_the_same_stack(text: str) -> None:
    (stack,) = [stack for stack in stacks(text) if len(stack.rows) == 2]
    assert [str(row.output) for row in stack.rows] == DENSE
    assert stack.table.params == 4 * 3 + 3 + 3 * 2 + 2
    assert stack.verdicts["proved"] == 2


@pytest.mark.parametrize(
    "head",
    [
        "from tensorflow import keras\nfrom tensorflow.keras import layers\n",
        "import tensorflow as tf\nkeras = tf.keras\nlayers = tf.keras.layers\n",
        "import tensorflow.keras as keras\nimport tensorflow.keras.layers as layers\n",
        "import tf_keras as keras\nfrom tf_keras import layers\n",
        "import tinyseq as keras\nfrom tinyseq import layers\n",
        "import keras\nimport keras.layers as layers\n",
        "from keras import *\n",
        "",
    ],
)
def test_every_import_names_the_same_layers(head: str) -> None:
    assert outputs("m = keras.Sequential([keras.Input(shape=(4,)), layers.Dense(3)])", head) == ["(None, 4)", "(None, 3)"]


def test_a_condition_that_cannot_be_told_leaves_no_layer_proved_below_it() -> None:
    (stack,) = stacks("m = Sequential([Dense(3, input_shape=(4,))])\nif flag:\n    m.add(Dense(7))\nm.add(Dense(2))")
    assert [row.verdict for row in stack.rows] == ["proved", "unknown", "unknown"]


def test_a_loop_of_unknown_length_leaves_no_layer_proved_below_it() -> None:
    (stack,) = stacks("m = Sequential([Dense(3, input_shape=(4,))])\nfor i in range(n):\n    m.add(Dense(7))\nm.add(Dense(2))")
    assert "proved" not in {row.verdict for row in stack.rows[1:]}


def test_an_unknown_layer_lets_the_next_dense_fix_the_last_axis() -> None:
    (stack,) = stacks("m = Sequential([keras.Input((4,)), hub.KerasLayer('x'), Dense(2)])")
    assert [row.verdict for row in stack.rows] == ["proved", "unknown", "unknown"]
    assert stack.rows[2].output.last == 2


def test_a_functional_graph_is_a_stack_of_its_own() -> None:
    text = "a = keras.Input((8, 8, 3))\nx = Conv2D(4, 3)(a)\nx = Flatten()(x)\nm = keras.Model(a, Dense(2)(x))"
    assert outputs(text) == ["(None, 8, 8, 3)", "(None, 6, 6, 4)", "(None, 144)", "(None, 2)"]


def test_old_spellings_are_findings_under_keras_3_and_canonical_before() -> None:
    text = "m = Sequential()\nm.add(layers.Convolution2D(4, 3, 3, border_mode='same', input_shape=(8, 8, 3)))"
    assert {finding.code for finding in check_source(HEAD + text).findings} == {"SC702"}
    old = "from keras.layers.convolutional import Convolution2D\n" + text.replace("layers.", "")
    report = check_source(HEAD + old)
    assert {finding.code for finding in report.findings} == {"SC701", "SC702"}
    assert str(report.stacks[0].rows[0].output) == "(None, 8, 8, 4)"


def test_the_argument_is_marked_not_the_call() -> None:
    (finding,) = check_source("import keras\nm = keras.Sequential([\n    keras.layers.Dense(3, activation='tang')])\n", "m.py").findings
    place = finding.place
    assert place is not None
    assert (place.line, place.column, place.end_column) == (3, 27, 44)


def test_columns_count_characters_not_bytes() -> None:
    (finding,) = check_source("é = 'ü'; m = Sequential([Dense(3, activation='tang')])", "m.py").findings
    assert finding.place is not None
    assert finding.place.column == "é = 'ü'; m = Sequential([Dense(3, activation='tang')])".index("activation") + 1


def notebook(*cells: str) -> str:
    return json.dumps({"cells": [{"cell_type": "code", "source": cell} for cell in cells], "nbformat": 4})


def test_a_stack_may_span_cells_and_bad_cells_cost_only_themselves() -> None:
    text = notebook(
        "%matplotlib inline\n!pip install keras\nn = 3", "def broken(", "m = Sequential([Dense(n, input_shape=(4,))])", "m.add(Dense(2))"
    )
    report = check_source(text, "book.ipynb")
    assert [str(row.output) for row in report.stacks[0].rows] == DENSE
    assert report.stacks[0].place is not None
    assert report.stacks[0].place.cell == 3
    assert len(report.files[0].problems) == 1


def test_a_script_is_read_up_to_its_syntax_error() -> None:
    report = check_source(HEAD + "m = Sequential([Dense(3, input_shape=(4,)), Dense(2)])\nprint 'hello'\n", "m.py")
    assert [str(row.output) for row in report.stacks[0].rows] == DENSE
    assert report.files[0].problems


DATA: list[tuple[str, Any]] = [
    ("(x, y), _ = keras.datasets.mnist.load_data()\nx = x.reshape(-1, 784) / 255.0", "(None, 784)"),
    ("(x, y), (a, b) = keras.datasets.cifar10.load_data()", "(None, 32, 32, 3)"),
    ("x = np.random.rand(100, 5)[:80]", "(None, 5)"),
    ("x = np.expand_dims(np.ones((9, 6, 6)), -1)", "(None, 6, 6, 1)"),
    ("from sklearn.model_selection import train_test_split\nx, t = train_test_split(np.zeros((10, 7)), test_size=0.3)", "(None, 7)"),
    ("x = np.concatenate([np.zeros((3, 5)), np.zeros((4, 5))])", "(None, 5)"),
    ("x = np.zeros((3, 5, 2)).transpose(0, 2, 1)", "(None, 2, 5)"),
    ("import tensorflow_datasets as tfds\nx = tfds.load('mnist', split='train', as_supervised=True).batch(32)", "(None, 28, 28, 1)"),
    ("import tensorflow_datasets as tfds\nd, i = tfds.load('imdb_reviews/subwords8k', with_info=True, as_supervised=True)\n"
     "x = d['train'].shuffle(9).padded_batch(64)", "(None, None)"),
    ("import tensorflow as tf, tensorflow_datasets as tfds\nx, v = tfds.load('tf_flowers', split=['train', 'test'], as_supervised=True)\n"
     "def smaller(image, label):\n    return tf.image.resize(image, (96, 80)) / 255.0, label\nx = x.map(smaller).batch(8).prefetch(1)",
     "(None, 96, 80, 3)"),
]  # fmt: skip


@pytest.mark.parametrize(("text", "shape"), DATA)
def test_a_stack_without_input_takes_it_from_the_data(text: str, shape: str) -> None:
    (stack,) = stacks(text + "\nm = Sequential([Dense(3)])\nm.fit(x, None)")
    assert str(stack.input_shape) == shape


def test_labels_have_as_many_columns_as_the_data_set_has_classes() -> None:
    from shapecheck.reader.data.flows import data_of

    text = "(x, y), _ = keras.datasets.mnist.load_data()\ny = keras.utils.to_categorical(y)\nm = Sequential([Flatten()])\nm.fit(x, y)"
    (stack,) = stacks(text)
    assert data_of(stack.events[0])[1].dims == (60000, 10)  # type: ignore[union-attr]


def test_a_function_that_nothing_calls_does_not_take_the_last_value_of_a_changing_global() -> None:
    text = "n = 4\ndef build():\n    return Sequential([keras.Input((n,)), Dense(2)])\nn = 5\n"
    assert [row.verdict for row in stacks(text)[0].rows][-1] == "any-size"
    assert [row.verdict for row in stacks(text + "build()\n")[0].rows] == ["proved", "proved"]


@pytest.mark.parametrize(
    ("labels", "classes"),
    [
        ("np.amax(y) + 1", 10),
        ("y.max() + 1", 10),
        ("len(np.unique(y))", 10),
        ("len(np.unique(y[:5000]))", 10),
        ("np.max(y[y < 5]) + 1", None),
        ("len(np.unique(y[:12]))", None),
        ("np.max(y - 1)", None),
    ],
)
def test_how_many_classes_labels_hold_is_known_of_well_known_sets_only(labels: str, classes: int | None) -> None:
    text = f"(x, y), _ = keras.datasets.mnist.load_data()\nm = Sequential([keras.Input((784,)), Dense({labels})])"
    last = stacks(text)[0].rows[-1]
    assert (last.output.dims or ())[-1:] == (classes,) if classes else last.verdict == "any-size"


USES = {
    "on a symbolic tensor": "x = keras.Input((7,))\nkeras.Model(x, m(x))",
    "in a loop that may not run": "for a in b:\n    m.train_on_batch(np.zeros((9, 7)), None)",
    "in a layer of the file": """class Own(layers.Layer):
    def call(self, x):
        return m(x) + 1
keras.Sequential([keras.Input((7,)), Own()])
""",
    "in a Model of the file that is trained": """class Own(keras.Model):
    def call(self, x):
        return m(x)
own = Own()
own.compile(loss='mse')
own.fit(np.zeros((9, 7)), None)
""",
}


@pytest.mark.parametrize("use", USES)
def test_a_stack_takes_its_input_from_where_it_is_called(use: str) -> None:
    stack = stacks("m = Sequential([Dense(3), Dense(2)])\n" + USES[use])[0]
    assert ([str(row.output) for row in stack.rows], stack.verdicts["proved"]) == (DENSE, 2)


@pytest.mark.parametrize(
    "use",
    [
        "for a in b:\n    m.fit(np.zeros((9, 7)), None)\n    m.fit(np.zeros((9, 8)), None)",
        "for a in b:\n    m.fit(np.zeros((9, 7)), None)\n    m.fit(a, None)",
        "with pytest.raises(ValueError):\n    m.fit(np.zeros((9, 7)), None)",
    ],
)
def test_uses_that_disagree_or_are_meant_to_fail_tell_nothing(use: str) -> None:
    (stack,) = stacks("m = Sequential([Dense(3), Dense(2)])\n" + use)
    assert stack.verdicts["proved"] == 0


def test_sizes_of_symbolic_tensors_and_operations_on_them_are_known() -> None:
    text = (
        "from keras import ops\nx = keras.Input((28, 28, 1))\ny = Conv2D(8, 3)(x)\na, b, c = keras.backend.int_shape(y)[1:]\n"
        "z = ops.mean(y, axis=[1, 2], keepdims=True)\nw = Flatten()(y - z * 2)\nm = keras.Model(x, Dense(a * b)(w[:, 4:]))"
    )
    (stack,) = stacks(text)
    assert str(stack.rows[-1].output) == "(None, 676)" and stack.table.params == 80 + (5408 - 4 + 1) * 676
