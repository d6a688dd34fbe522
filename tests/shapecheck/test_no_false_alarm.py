"""Lines that Keras 3.15 accepts (each kind was run there) and that look like mistakes: no error.

An unknown value is reported with its line."""

from __future__ import annotations

import pytest

import shapecheck

HEAD = "import keras\nimport numpy as np\nimport tensorflow as tf\nfrom keras import layers\nfrom elsewhere import away, first, second\n"
OWN_LOSS = """
class Rebuilding(keras.Model):
    def __init__(self, wide):
        super().__init__()
        self.hidden = layers.Dense(6)
        self.last = layers.Dense(wide)

    def build(self, shape):
        self.back = layers.Dense(shape[-1])

    def call(self, inputs, training=None):
        hidden = self.hidden(inputs)
        self.add_loss(0.1 * tf.reduce_mean(tf.square(self.back(hidden) - inputs)))
        return self.last(hidden)

model = Rebuilding(1)
model.compile(loss="mse", optimizer="adam")
"""
TWO_INPUTS = """
class Pair(keras.Model):
    def __init__(self):
        super().__init__()
        self.left, self.right = layers.Dense(3), layers.Dense(3)

    def call(self, inputs):
        left, right = inputs
        return self.left(left) + self.right(right)

model = Pair()
model.compile(loss="mse", optimizer="adam")
"""
UNKNOWN_END = """
a, b = keras.Input((4,)), keras.Input((5,))
hidden = layers.Dense(3)(a)
joined = layers.Concatenate()([hidden, layers.Dense(3)(b)])
model = keras.Model([a], away.of(1)[0])
"""


@pytest.mark.parametrize(
    "body",
    [
        OWN_LOSS,
        OWN_LOSS + "model.fit(np.zeros((8, 3)), np.zeros((8, 1)))",
        OWN_LOSS + "model(keras.Input((3,)))",
        TWO_INPUTS + "model.fit([first, second], np.zeros((8, 3)))",
        TWO_INPUTS + "model.fit([np.zeros((8, 3)), np.concatenate([first, second])], np.zeros((8, 3)))",
        TWO_INPUTS + "model.fit([np.zeros((8, 3)), np.zeros((8, 4))], np.zeros((8, 3)))",
        UNKNOWN_END,
    ],
)
def test_what_keras_takes_is_no_error(body: str) -> None:
    assert [finding.code for finding in shapecheck.check_source(HEAD + body).findings] == []


def test_data_of_unknown_shape_tells_how_many_inputs_a_subclass_has() -> None:
    (stack,) = shapecheck.check_source(HEAD + TWO_INPUTS + "model.fit([first, np.zeros((8, 4))], np.zeros((8, 3)))").stacks
    assert [str(row.output) for row in stack.rows if row.verdict == "proved"] == ["(None, 4)", "(None, 3)"]
    assert len(stack.graph.inputs) == 2


def test_a_function_of_tensorflow_outside_of_call_is_still_refused() -> None:
    (finding,) = shapecheck.check_source(HEAD + OWN_LOSS + "x = keras.Input((3,))\ny = tf.square(x)").findings
    assert finding.code == "SC422"


def test_a_refused_layer_keeps_its_name() -> None:
    body = 'x = keras.Input((3,))\nmodel = keras.Model(x, layers.Dense(1, name="own", weights=[1])(x))\nmodel.get_layer("own")'
    (finding,) = shapecheck.check_source(HEAD + body).findings
    assert (finding.code, finding.name) == ("SC702", "own")


def test_a_name_that_every_module_has_is_not_one_of_an_older_keras() -> None:
    body = "from keras.layers import advanced_activations\nprint(advanced_activations.__name__)"
    assert [finding.place.line for finding in shapecheck.check_source(HEAD + body).findings if finding.place] == [HEAD.count("\n") + 1]


@pytest.mark.parametrize(
    ("body", "reason"),
    [
        ("n = open('words.txt')\nkeras.Sequential([keras.Input((n,)), layers.Dense(2)])", "the result of open() on line 6 is unknown"),
        ("with open('words.txt') as n:\n    pass\nkeras.Sequential([keras.Input((n,)), layers.Dense(2)])",
         "the result of open() on line 6 is unknown"),
        ("model = keras.Sequential([layers.Dense(2)])\nmodel.fit(first, second)", "and the data on line 7 is unknown"),
        ("model = keras.Sequential([layers.Dense(2)])", "no input shape is declared: put keras.Input((30,)) first"),
    ],
)
def test_a_reason_names_the_line_that_stopped_it(body: str, reason: str) -> None:
    (stack,) = shapecheck.check_source(HEAD + body).stacks
    assert reason in next(row.reason for row in stack.rows if row.verdict != "proved")


@pytest.mark.parametrize("body", [
    # labels of a generator that are unknown are labels
    """labels = load()
flow = keras.preprocessing.image.ImageDataGenerator().flow(np.zeros((90, 8, 8, 1)), labels, 16)
model = keras.Sequential([keras.Input((8, 8, 1)), layers.Flatten(), layers.Dense(3, activation="softmax")])
model.compile(loss="categorical_crossentropy")
model.fit(flow)
""",
    # a function that nothing calls has arguments at the least where it says None
    """def build(outputs, words=None, numbers=None):
    inputs = [words] if words is not None else []
    if numbers is not None:
        inputs.append(numbers)
    return keras.Model(inputs, outputs)
""",
    # a column that is assigned is one more
    """import pandas as pd
frame = pd.DataFrame(np.zeros((90, 4)))
frame["age"] = 5
model = keras.Sequential([keras.Input((5,)), layers.Dense(3)])
model.predict(frame)
""",
    # how many inputs a model from a file has is not known
    """base = keras.models.load_model("base.keras")
model = keras.Model(base.input, base.get_layer("codes").output)
model.predict([np.zeros((9, 2)), np.zeros((9, 3)), np.zeros((9, 4))])
""",
])  # fmt: skip
def test_what_the_file_does_not_determine_is_no_error(body: str) -> None:
    found = shapecheck.check_source(HEAD + body).findings
    assert [finding for finding in found if not finding.code.startswith("SC7")] == []
