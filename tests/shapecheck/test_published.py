"""What published code taught: right code that once looked wrong, and wrong code with the words that help."""

from __future__ import annotations

import pytest

from shapecheck import check_source
from shapecheck.findings import FileReport, Finding

HEAD = """import numpy as np
import keras
from keras import layers
from keras.layers import Activation, Dense, Embedding, Input, LSTM
from keras.models import Sequential
"""
OLD = "from keras.layers.core import Flatten\n"
PINNED = "# keras==2.2.4\n"


def read(text: str) -> FileReport:
    (file,) = check_source(HEAD + text, "published.py").files
    return file


def found(text: str) -> list[str]:
    return [finding.code for finding in read(text).findings]


def only(text: str) -> Finding:
    (finding,) = read(text).findings
    return finding


RIGHT = {
    "a branch for another version of Keras": """
new = int(keras.__version__.split('.')[0]) > 1
def dense(units, **more):
    if new:
        return layers.Dense(units, **more)
    return layers.Dense(units, init='uniform', **more)
m = Sequential([Input((4,)), dense(3)])""",
    "a branch for another version of TensorFlow": """
import tensorflow as tf
m = Sequential([Input((4,))])
if tf.__version__.startswith('1') or tf.__version__ < '2.0':
    m.add(Dense(3, init='uniform'))
else:
    m.add(Dense(3))""",
    "an activation that the file registers": """
keras.utils.get_custom_objects().update({'softplusk': lambda x: x})
m = Sequential([Input((4,)), Dense(3, activation='softplusk')])""",
    "an activation of a custom object scope": """
with keras.utils.custom_object_scope({'relu7': f}):
    m = Sequential([Input((4,)), Dense(3, activation='relu7')])""",
    "a test that expects add() to refuse": """
m = Sequential([Input((2,)), Dense(2, name='one')])
with self.assertRaisesRegex(ValueError, 'unique'):
    m.add(Dense(2, name='one'))
with self.assertRaises(ValueError):
    m.add({})
with self.assertRaises(ValueError):
    m.add(Input((3,)))""",
    "float units, which Keras 2 rounds down": PINNED + OLD + "m = Sequential([Input((4,)), Dense(125.0), Dense(31.25)])",
    "summary() behind a layer that may bring its own input": "m = Sequential([pretrained, Dense(3)])\nm.summary()",
    "summary() behind a known network": """
m = Sequential([keras.applications.ResNet50(include_top=False), Dense(3)])
m.summary()""",
    "one image without a batch": "m = Sequential([layers.Resizing(8, 9), layers.Rescaling(1 / 255)])\nm(np.ones((10, 12, 3)))",
    "a generator, whose loss is a formality": """
m = Sequential([Input((4,)), Dense(1, activation='tanh')])
m.compile(loss='binary_crossentropy')
m.predict(np.ones((2, 4)))""",
    "a loss registered under a name": """
@keras.saving.register_keras_serializable()
def my_loss(t, p): return t - p
m = Sequential([Input((4,)), Dense(3)])
m.compile('adam', 'my_loss')""",
    "a loss put among custom objects": """
keras.utils.get_custom_objects()['categorical_crossentropi'] = f
m = Sequential([Input((4,)), Dense(3)])
m.compile('adam', 'categorical_crossentropi')""",
    "a loss put into Keras's module": """
keras.losses.my_loss = f
m = Sequential([Input((4,)), Dense(3)])
m.compile('adam', 'my_loss')""",
    "names that a library of others may have registered": """
import segmentation_models
m = Sequential([Input((4,)), Dense(3)])
m.compile('lookahead', 'dice_loss')""",
    "names in the case and the words of Keras 1 to 3": """
m = Sequential([Input((4,)), Dense(3)])
for loss in ('MSE', 'kld', 'KLDivergence', 'log_cosh', 'CategoricalCrossentropy', 'cosine_similarity', 'crossentropy'):
    m.compile('RMSprop', loss)
m.compile('SGD', 'LogCosh')
m.compile('ADAM', 'cosine_similarity')
m.compile('Nadam', {'dense': 'Huber'})
m.compile('adamw', ['kl_divergence'])""",
    "a loss whose name is not written here": "m = Sequential([Input((4,)), Dense(3)])\nm.compile('adam', loss=arguments.loss + '_loss')",
    "a wrong loss that is tried": """
m = Sequential([Input((4,)), Dense(3)])
try:
    m.compile('adam', 'no_such_loss')
except ValueError:
    pass""",
    "softmax, then a linear Activation that only casts": """
m = Sequential([Input((4,)), Dense(3, activation='softmax'), Activation('linear', dtype='float32')])
m.compile(loss='categorical_crossentropy')""",
}


@pytest.mark.parametrize("name", RIGHT)
def test_right_code_is_left_in_peace(name: str) -> None:
    assert found(RIGHT[name]) == []


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("if keras.__version__ >= '3':\n    m = Sequential([Input((4,)), Dense(3, init='uniform')])", "SC702"),
        ("m = Sequential([Input((4,)), Dense(3, activation='softplusk')])", "SC402"),
        ("m = Sequential([Input((4,)), Dense(3)])\nm.compile('adam', 'my_loss')", "SC308"),
        ("import segmentation_models\nm = Sequential([Input((4,)), Dense(3)])\nm.compile('adam', 'mean_squared_eror')", "SC308"),
        ("m = Sequential([Input((4,)), Dense(3)])\nm.compile(loss=['mse_'])", "SC308"),
        ("m = Sequential([Input((4,)), Dense(3)])\nm.compile(loss={'dense': 'Mse'})", "SC308"),
        ("m = Sequential([Input((4,)), Dense(3)])\nm.compile(optimizer='adamm')", "SC308"),
        ("m = Sequential([Input((2,)), Dense(2, name='one')])\nm.add(Dense(2, name='one'))", "SC411"),
        ("m = Sequential([Input((4,)), Dense(125.0)])", "SC401"),
        ("m = Sequential([Dense(3)])\nm.summary()", "SC410"),
        ("m = Sequential([Input((4,)), Dense(1, activation='tanh')])\nm.compile(loss='binary_crossentropy')", "SC305"),
        ("m = Sequential([Input((4,)), Dense(3), Activation('linear')])\nm.compile(loss='categorical_crossentropy')", "SC305"),
    ],
)
def test_the_wrong_code_beside_it_is_still_found(text: str, code: str) -> None:
    assert found(text) == [code]


def test_a_known_network_without_its_top_takes_pictures_of_any_size() -> None:
    stack = read("m = Sequential([keras.applications.ResNet50(include_top=False), layers.GlobalMaxPooling2D()])").stacks[-1]
    assert [str(row.output) for row in stack.rows] == ["(None, None, None, 2048)", "(None, 2048)"]


WORKS = {
    "data without an axis of features": (
        "x = np.zeros(8)\nmodel = Sequential([Dense(1)])\nmodel.compile(loss='mae')\nmodel.fit(x, x)",
        "x[..., None]",
    ),
    "one sample instead of a batch": ("x = np.ones((784,))\nmodel = Sequential([Input((784,)), Dense(1)])\nmodel.predict(x)", "x[None]"),
    "flat pictures": (
        "x, y = np.zeros((9, 784)), np.zeros((9, 2))\nmodel = Sequential([Input((28, 28, 1)), layers.Flatten(), Dense(2)])\n"
        "model.compile(loss='mse')\nmodel.fit(x, y)",
        "x.reshape(-1, 28, 28, 1)",
    ),
    "pictures with their channels first": (
        "x = np.zeros((9, 3, 30, 32))\nmodel = Sequential([Input((30, 32, 3)), layers.Conv2D(2, 3)])\nmodel.predict(x)",
        "x.transpose(0, 2, 3, 1)",
    ),
    "a loss by half its name": (
        "x, y = np.zeros((9, 4)), np.zeros(9)\nmodel = Sequential([Input((4,)), Dense(3, activation='softmax')])\n"
        "model.compile('sgd', 'sparse_crossentropy')\nmodel.fit(x, y)",
        'loss="sparse_categorical_crossentropy"',
    ),
    "a loss of several, told by the labels": (
        "x, y = np.zeros((9, 4)), np.zeros((9, 3))\nmodel = Sequential([Input((4,)), Dense(3, activation='softmax')])\n"
        "model.compile('sgd', loss='crossentropy_loss')\nmodel.fit(x, y)",
        'loss="categorical_crossentropy"',
    ),
    "an optimizer misspelt": (
        "x = np.zeros((9, 4))\nmodel = Sequential([Input((4,)), Dense(4)])\nmodel.compile('adma', 'mse')\nmodel.fit(x, x)",
        'optimizer="adam"',
    ),
    "batch_input_shape": (
        "model = Sequential([\n    layers.LSTM(3, stateful=True, batch_input_shape=[2, 5, 4]),\n    Dense(1)])",
        "layers.Input(batch_shape=[2, 5, 4])",
    ),
    "an old keyword": ("model = Sequential([Dense(output_dim=7, input_dim=3)])", "units=7"),
    "a keyword that is gone": ("model = Sequential([Input((5, 4)), LSTM(3, consume_less='gpu')])", "without consume_less"),
    "input_length behind the first layer": (
        "model = Sequential([Input((15,)), Embedding(9, 4), Embedding(9, 4, input_length=7)])",
        "input_length",
    ),
    "a file that is broken further down": (
        "model = Sequential([Input((4,)), Dense(3, activation='tang')])\nmodel.fit(x, validation_d\n",
        "tanh",
    ),
}


@pytest.mark.parametrize("name", WORKS)
def test_a_proved_repair_is_offered(name: str) -> None:
    text, words = WORKS[name]
    assert any(repair.proved and words in repair.title for repair in only(text).repairs)


def test_an_index_is_not_offered_for_a_data_frame_s_column() -> None:
    text = "import pandas as pd\nt = pd.read_csv('t.csv')\nx = t['a']\nm = Sequential([Dense(1)])\nm.compile(loss='mae')\nm.fit(x, x)"
    assert not any("None]" in repair.title for finding in read(text).findings for repair in finding.repairs)


def test_one_edit_that_repairs_two_findings_is_not_offered_twice() -> None:
    text = (
        "x, y = np.zeros((9, 28, 28)), np.zeros(9)\nm = Sequential([Input((28, 28)), Dense(10, activation='softmax')])\n"
        "m.compile(loss='sparse_categorical_crossentropy')\nm.fit(x, y)\nm.evaluate(x, y)\n"
    )
    assert [[repair.title for repair in finding.repairs] for finding in read(text).findings] == [["Flatten() before line 7"]] * 2


LABELS = "m = Sequential([Input((4,)), Dense(10)])\nm.compile(loss='mae')\nm.fit(np.ones((160, 4)), np.ones(160))"


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("m = Sequential([Input((4,)), Dense(3, kernel_layout=3)])", "remove it"),
        ("m = Sequential([Input((4,)), Dense(3, kernel_init='zeros')])", "kernel_initializer"),
        (LABELS, "1 unit in the layer of this output, or labels with 10 columns"),
    ],
)
def test_the_help_says_what_is_likely_meant(text: str, words: str) -> None:
    assert words in only(text).diagnostic.help()


@pytest.mark.parametrize("compiled", ["'sgd', 'cross_entropy'", "loss=['cross_entropy']"])
def test_of_several_losses_none_is_offered_where_nobody_can_tell(compiled: str) -> None:
    fit = "\nm.fit(np.ones((9, 4)), np.ones((9, 3)))" if "=" in compiled else ""
    finding = only(f"m = Sequential([Input((4,)), Dense(3, activation='softmax')])\nm.compile({compiled}){fit}")
    assert finding.repairs == [] and finding.diagnostic.help().startswith('write loss="binary_crossentropy", ')
    assert finding.diagnostic.help().endswith(' or "sparse_categorical_crossentropy"')
