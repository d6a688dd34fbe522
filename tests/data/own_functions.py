"""Scripts with functions in compile(), results that are taken apart, iterators as data, and models that are loaded again.

Each is run by `tests.oracle.record_own_functions`, and judged by shapecheck in `tests/shapecheck/test_own_functions.py`.
"""

from __future__ import annotations

HEAD = "import numpy as np\nimport tensorflow as tf\nimport keras\nfrom keras import layers\n"
NET = "m = keras.Sequential([keras.Input((4,)), layers.Dense(1)])\n"
FIT = "m.fit(np.zeros((4, 4)), np.zeros((4, 1)), verbose=0)\n"
STEPS = "x = keras.Input((5, 4))\n"
MSE = "keras.ops.mean((y - p) ** 2)"
ERROR = "def f(y, p):\n    return keras.ops.mean((y - p) ** 2, axis=-1)\n"
FLOWS = """from tensorflow.keras.preprocessing.image import ImageDataGenerator
m = keras.Sequential([keras.Input((8, 8, 3)), layers.Conv2D(1, 1)])
m.compile("sgd", "mse")
a = ImageDataGenerator().flow(np.zeros((8, 8, 8, 3)), batch_size=4, seed=1)
b = ImageDataGenerator().flow(np.zeros((8, 8, 8, 1)), batch_size=4, seed=1)
"""

TAKEN_APART = {
    "LSTM into 3": STEPS + "a, b, c = layers.LSTM(3)(x)",
    "LSTM into 2": STEPS + "a, b = layers.LSTM(3)(x)",
    "LSTM with its state into 3": STEPS + "a, b, c = layers.LSTM(3, return_state=True)(x)",
    "LSTM with its state into 2": STEPS + "a, b = layers.LSTM(3, return_state=True)(x)",
    "GRU with its state into 3": STEPS + "a, b, c = layers.GRU(3, return_state=True)(x)",
    "GRU with its state into 2": STEPS + "a, b = layers.GRU(3, return_state=True)(x)",
    "both ways with their states into 3": STEPS + "a, b, c = layers.Bidirectional(layers.LSTM(3, return_state=True))(x)",
    "both ways with their states into 5": STEPS + "a, b, c, d, e = layers.Bidirectional(layers.LSTM(3, return_state=True))(x)",
    "MultiHeadAttention into 2": STEPS + "a, b = layers.MultiHeadAttention(2, 2)(x, x)",
    "Attention into 2": STEPS + "a, b = layers.Attention()([x, x])",
    "Attention with its scores into 2": STEPS + "a, b = layers.Attention()([x, x], return_attention_scores=True)",
    "a model of two outputs into 3": STEPS + "m = keras.Model(x, [layers.Dense(1)(x), layers.Dense(2)(x)])\na, b, c = m(x)",
    "a model of two outputs into 2": STEPS + "m = keras.Model(x, [layers.Dense(1)(x), layers.Dense(2)(x)])\na, b = m(x)",
    "a model of one output into 2": STEPS + "m = keras.Model(x, layers.Dense(2)(x))\na, b = m(x)",
    "a tensor split by an operation": STEPS + "a, b = keras.ops.split(x, 2, axis=-1)",
}


def _loss(definition: str, use: str = "f") -> str:
    return NET + definition + f'm.compile("sgd", {use})\n' + FIT


def _metric(definition: str, use: str = "f") -> str:
    return NET + definition + f'm.compile("sgd", "mse", metrics=[{use}])\n' + FIT


FUNCTIONS = {
    "no argument": _loss("def f():\n    return 0.0\n"),
    "one argument": _loss("def f(y):\n    return keras.ops.mean(y)\n"),
    "two arguments": _loss(ERROR),
    "three arguments": _loss(f"def f(y, p, w):\n    return {MSE} * w\n"),
    "three arguments, one with a default": _loss(f"def f(y, p, w=1.0):\n    return {MSE} * w\n"),
    "any number of arguments": _loss("def f(*both):\n    return keras.ops.mean((both[0] - both[1]) ** 2)\n"),
    "a function that makes a loss": _loss(f"def f(a=1.0, b=2.0):\n    def g(y, p):\n        return {MSE}\n    return g\n"),
    "a function that makes a lambda": _loss(f"def f(a=1.0, b=2.0):\n    return lambda y, p: {MSE}\n"),
    "the loss that it makes": _loss(f"def f(a=1.0, b=2.0):\n    def g(y, p):\n        return {MSE}\n    return g\n", "f()"),
    "a function inside that is called": _loss(f"def f(y, p):\n    def g(y, p):\n        return {MSE}\n    return g(y, p)\n"),
    "a method without the labels": _loss("class A:\n    def f(self):\n        return 0.0\n", "A().f"),
    "a method": _loss(f"class A:\n    def f(self, y, p):\n        return {MSE}\n", "A().f"),
    "a method of the class": _loss(f"class A:\n    def f(self, y, p):\n        return {MSE}\n", "A.f"),
    "a static method": _loss(f"class A:\n    @staticmethod\n    def f(y, p):\n        return {MSE}\n", "A.f"),
    "nothing returned": _loss(f"def f(y, p):\n    {MSE}\n"),
    "NumPy on tensors": _loss("def f(y, p):\n    return np.mean((y - p) ** 2)\n"),
    "NumPy on their shape": _loss("def f(y, p):\n    return keras.ops.mean((y - p) ** 2) / np.prod(p.shape[1:])\n"),
    "NumPy's shape and rank of tensors": _loss("def f(y, p):\n    return keras.ops.mean((y - p) ** 2) / np.shape(p)[-1] / np.ndim(y)\n"),
    "NumPy on a negative": _loss("def f(y, p):\n    return np.exp(-p)\n"),
    "NumPy on what a name holds later": _loss(f"def f(y, p):\n    e = {MSE}\n    p = (2, 3)\n    return e / np.prod(p)\n"),
    "a lambda with NumPy": _loss("", "lambda y, p: np.mean(y - p)"),
    "NumPy, step by step later": (NET + 'def f(y, p):\n    return keras.ops.mean((y - p) ** 2) * np.mean(y)\nm.compile("sgd", f)\n'
                                  "m.run_eagerly = True\n" + FIT),
    "a name that must be passed": _loss(f"def f(y, p, *, w):\n    return {MSE} * w\n"),
    "a name that may be passed": _loss(f"def f(y, p, *, w=1.0):\n    return {MSE} * w\n"),
    "a function inside under whose name its result is kept": _loss(
        f"def f(y, p):\n    def g(y, p):\n        return {MSE}\n    g = g(y, p)\n    return g\n"
    ),
    "None returned": _loss(f"def f(y, p):\n    {MSE}\n    return None\n"),
    "a loss of scikit-learn": _loss("from sklearn.metrics import mean_squared_error\n", "mean_squared_error"),
    "a metric of scikit-learn": _metric("from sklearn.metrics import r2_score\n", "r2_score"),
    "a class of Keras": _loss("", "keras.losses.MeanSquaredError"),
    "a metric of one argument": _metric("def f(y):\n    return keras.ops.mean(y)\n"),
    "a metric of three arguments": _metric(f"def f(y, p, w):\n    return {MSE}\n"),
    "a function that makes a metric": _metric(f"def f(a=1.0, b=2.0):\n    def g(y, p):\n        return {MSE}\n    return g\n"),
    "a metric": _metric(ERROR),
}

ITERATORS = {
    "zip": FLOWS + "m.fit(zip(a, b), steps_per_epoch=2, verbose=0)",
    "a generator over zip": FLOWS + "m.fit((pair for pair in zip(a, b)), steps_per_epoch=2, verbose=0)",
    "zip to validate": FLOWS + "x, y = np.zeros((4, 8, 8, 3)), np.zeros((4, 8, 8, 1))\n"
    "m.fit(x, y, validation_data=zip(a, b), validation_steps=1, verbose=0)",
    "map": FLOWS + "m.fit(map(lambda pair: pair, zip(a, b)), steps_per_epoch=2, verbose=0)",
    "zip to predict": FLOWS + "m.predict(zip(a, b), steps=1, verbose=0)",
}

OWN = """class Own(layers.Layer):
    def __init__(self{arguments}):
        super().__init__({passed})
        self.size = 2
    def call(self, x):
        return x * 2.0
"""
WITH = OWN.format(arguments=", **options", passed="**options")
WITHOUT = OWN.format(arguments="", passed="")
SIZED = OWN.format(arguments=", size, **options", passed="**options")
NAMED = OWN.format(arguments=", name=None", passed="name=name")
ALL = OWN.format(arguments=", name=None, trainable=True, dtype=None", passed="name=name, trainable=trainable, dtype=dtype")
CONFIG = """    def get_config(self):
        return {'size': self.size}
    @classmethod
    def from_config(cls, config):
        return cls()
"""


def _loaded(before: str, layer: str = "", compiled: str = "", options: str = "", form: str = "keras") -> str:
    net = f"m = keras.Sequential([keras.Input((4,)), {layer}, layers.Dense(1)])\n" if layer else NET
    return before + net + compiled + f'm.save("own.{form}")\nagain = keras.models.load_model("own.{form}"{options})\n'


REGISTER = "@keras.saving.register_keras_serializable()\n"
LOSS = 'm.compile("sgd", f)\n'
LOADED = {
    f"{form}: {name}": _loaded(*given[:4], form=form)  # type: ignore[misc]
    for form in ("keras", "h5")
    for name, given in {
        "own loss": (ERROR, "", LOSS, ""),
        "own loss, not compiled": (ERROR, "", LOSS, ", compile=False"),
        "own loss, passed": (ERROR, "", LOSS, ', custom_objects={"f": f}'),
        "own loss under another name": (ERROR, "", LOSS, ', custom_objects={"loss": f}'),
        "own loss, registered": (REGISTER + ERROR, "", LOSS, ""),
        "own metric": (ERROR, "", 'm.compile("sgd", "mean_squared_error", metrics=[f])\n' + FIT, ""),
        "own layer": (WITH, "Own()", "", ""),
        "own layer, passed": (WITH, "Own()", "", ', custom_objects={"Own": Own}'),
        "own layer, registered": (REGISTER + WITH, "Own()", "", ""),
        "own layer that takes no name": (WITHOUT, "Own()", "", ', custom_objects={"Own": Own}'),
        "own layer that takes no name, registered": (REGISTER + WITHOUT, "Own()", "", ""),
        "own layer that takes only a name": (NAMED, "Own()", "", ', custom_objects={"Own": Own}'),
        "own layer that takes all that is passed": (ALL, "Own()", "", ', custom_objects={"Own": Own}'),
        "own layer in a wrapper": (WITH, "layers.Reshape((2, 2)), layers.TimeDistributed(Own()), layers.Flatten()", "", ""),
        "own layer in a model inside": (WITH, "keras.Sequential([keras.Input((4,)), Own()])", "", ""),
        "own layer with a size": (SIZED, "Own(2)", "", ', custom_objects={"Own": Own}'),
        "own layer with a configuration": (WITHOUT + CONFIG, "Own()", "", ', custom_objects={"Own": Own}'),
        "Lambda of a lambda": ("", "layers.Lambda(lambda x: x * 2.0)", "", ""),
        "Lambda of a lambda, allowed": ("", "layers.Lambda(lambda x: x * 2.0)", "", ", safe_mode=False"),
        "Lambda of a function": ("def d(x):\n    return x * 2.0\n", "layers.Lambda(d)", "", ""),
        "Lambda of a function, passed": ("def d(x):\n    return x * 2.0\n", "layers.Lambda(d)", "", ', custom_objects={"d": d}'),
        "mse": ("", "", 'm.compile("sgd", "mse")\n', ""),
        "mae": ("", "", 'm.compile("sgd", "mae")\n', ""),
        "kld": ("", "", 'm.compile("sgd", "kld")\n', ""),
        "mape": ("", "", 'm.compile("sgd", "mape")\n', ""),
        "msle": ("", "", 'm.compile("sgd", "msle")\n', ""),
        "huber": ("", "", 'm.compile("sgd", "huber")\n', ""),
        "mean_squared_error": ("", "", 'm.compile("sgd", "mean_squared_error", metrics=["mse"])\n', ""),
    }.items()
}

SCRIPTS = {**TAKEN_APART, **FUNCTIONS, **ITERATORS, **LOADED}
