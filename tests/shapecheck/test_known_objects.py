"""Numbers in objects of other libraries: options of a command line, namespaces, environments, tuners, windows of datasets."""

from __future__ import annotations

import pytest

from shapecheck import check_source

HEAD = "import numpy as np\nimport keras\nfrom keras import layers\n"
MODEL = "model = keras.Sequential([keras.Input((12,)), layers.Dense({}), layers.Dense(2)])\n"

UNITS = {
    "argparse": """import argparse
parser = argparse.ArgumentParser()
group = parser.add_argument_group("sizes")
group.add_argument("-u", "--hidden-units", type=int, default="7")
args = parser.parse_args()
""" + MODEL.format("args.hidden_units"),
    "argparse, a switch": """import argparse
parser = argparse.ArgumentParser()
parser.add_argument("--large", action="store_true")
args, others = parser.parse_known_args()
""" + MODEL.format("70 if args.large else 7"),
    "argparse, another name": """import argparse
parser = argparse.ArgumentParser()
parser.add_argument("--units", dest="width", default=7)
""" + MODEL.format("parser.parse_args().width"),
    "a namespace": "import types\nsizes = types.SimpleNamespace(units=7)\n" + MODEL.format("sizes.units"),
    "flags": """from absl import flags
FLAGS = flags.FLAGS
flags.DEFINE_integer("units", 7, "width of the hidden layer")
""" + MODEL.format("FLAGS.units"),
    "the actions of an environment": 'import gymnasium as gym\nenv = gym.make("Taxi-v3")\n' + MODEL.format("env.action_space.n + 1"),
    "the observations of an environment": """import gym
env = gym.make("LunarLander-v2")
""" + MODEL.format("env.observation_space.shape[0] - 1"),
    "a tuner's least": """import keras_tuner
def build(hp):
    return keras.Sequential([keras.Input((12,)), layers.Dense(hp.Int("units", 7, 70)), layers.Dense(2)])
tuner = keras_tuner.Hyperband(build, "val_loss")
""",
    "a tuner's first": """import kerastuner as kt
def build(hp):
    return keras.Sequential([keras.Input((12,)), layers.Dense(hp.Choice("units", [7, 70])), layers.Dense(2)])
kt.RandomSearch(build, objective="val_loss")
""",
    "a tuner's class": """import keras_tuner
class Hyper(keras_tuner.HyperModel):
    def build(self, hp):
        return keras.Sequential([keras.Input((12,)), layers.Dense(hp.Int("units", 3, 70, default=7)), layers.Dense(2)])
""",
    "a wrapper of scikit-learn": """from scikeras.wrappers import KerasClassifier
def create(units, rate=0.5):
    return keras.Sequential([keras.Input((12,)), layers.Dense(units), layers.Dense(2)])
KerasClassifier(model=create, model__units=7, epochs=3)
""",
    "an older wrapper": """from tensorflow.keras.wrappers.scikit_learn import KerasRegressor
def create(units):
    return keras.Sequential([keras.Input((12,)), layers.Dense(units), layers.Dense(2)])
KerasRegressor(build_fn=create, units=7)
""",
    "six": "from six.moves import range\n" + MODEL.format("len(range(7))"),
}


@pytest.mark.parametrize("body", UNITS.values(), ids=UNITS)
def test_a_number_of_a_known_object_is_a_number(body: str) -> None:
    (stack,) = check_source(HEAD + body, "objects.py").stacks
    assert [str(row.output) for row in stack.rows if stack.shown(row)] == ["(None, 7)", "(None, 2)"]


def test_an_option_without_a_default_names_the_command_line() -> None:
    body = "import argparse\np = argparse.ArgumentParser()\np.add_argument('--units')\nargs = p.parse_args()\n" + MODEL.format("args.units")
    (stack,) = check_source(HEAD + body, "objects.py").stacks
    assert next(row.reason for row in stack.rows if row.reason).startswith("--units is given on the command line")


def test_windows_of_a_dataset_are_as_long_as_they_are_cut() -> None:
    body = """import tensorflow as tf
series = np.zeros(500)
data = tf.data.Dataset.from_tensor_slices(series[..., None]).window(21, shift=1, drop_remainder=True)
data = data.flat_map(lambda window: window.batch(21)).map(lambda window: (window[:-1], window[-1])).shuffle(9).batch(32)
model = keras.Sequential([layers.LSTM(4), layers.Dense(1)])
model.compile(loss="mse")
model.fit(data)
"""
    (stack,) = check_source(HEAD + body, "windows.py").stacks
    assert (str(stack.input_shape), stack.verdicts["unknown"]) == ("(None, 20, 1)", 0)


@pytest.mark.parametrize(("source", "code"), [
    ("x = StandardScaler().fit_transform(np.zeros((90, 8)))\ntrain, test = train_test_split(x)\n", ["SC320"]),
    ("train, test = train_test_split(np.zeros((90, 8)))\ntrain = StandardScaler().fit_transform(train)\n", []),
    ("x_train = np.zeros((90, 8))\nx_train = StandardScaler().fit_transform(x_train)\na, b = train_test_split(x_train)\n", []),
    ("x = StandardScaler().fit_transform(np.zeros((90, 8)))\n", []),
])  # fmt: skip
def test_a_scaler_that_sees_the_test_rows_is_a_leak(source: str, code: list[str]) -> None:
    body = "from sklearn.model_selection import train_test_split\nfrom sklearn.preprocessing import StandardScaler\n" + source
    assert [finding.code for finding in check_source(HEAD + body + MODEL.format(3), "leak.py").findings] == code
