"""Scripts with an argument of compile() or fit() that has entries for the outputs, right and wrong; what Keras says is recorded."""

from tests.data.several_inputs import HEADER

X = "i = keras.Input((4,), name='i')\n"
MODELS = {
    "three": (X + "model = keras.Model(i, [layers.Dense(3, name=n)(i) for n in 'abc'])\n", "[np.ones((8, 3))] * 3"),
    "dict": (X + "model = keras.Model(i, {n: layers.Dense(3, name=n)(i) for n in 'ab'})\n", "{n: np.ones((8, 3)) for n in 'ab'}"),
    "no names": (X + "model = keras.Model(i, [layers.Dense(3)(i), layers.Dense(3)(i)])\n", "[np.ones((8, 3))] * 2"),
    "one": (X + "model = keras.Model(i, layers.Dense(3, name='a')(i))\n", "np.ones((8, 3))"),
    "stack": ("model = keras.Sequential([keras.Input((4,)), layers.Dense(3, name='a')])\n", "np.ones((8, 3))"),
}
"""A model, and labels for its outputs."""
METRICS = ("['mae']", "['mae'] * 2", "['mae'] * 3", "[['mae'], ['mae'], ['mae']]", "{'a': 'mae'}", "{'a': ['mae'], 'b': 'mae'}",
           "{'x': 'mae'}", "{'a': 'mae', 'x': 'mae'}", "[]", "{}", "(None, 'mae')")  # fmt: skip
COMPILED = {
    "loss": ("['mse']", "['mse'] * 2", "['mse'] * 3", "['mse'] * 4", "['mse', None, 'mse']", "{'a': 'mse'}", "{'a': 'mse', 'b': 'mse'}",
             "{'a': 'mse', 'b': 'mse', 'c': 'mse'}", "{'a': 'mse', 'b': 'mse', 'c': 'mse', 'x': 'mse'}", "{'x': 'mse'}"),
    "metrics": METRICS,
    "weighted_metrics": METRICS[:4],
    "loss_weights": ("[1.0]", "[1.0] * 2", "{'a': 1.0}", "{'a': 1.0, 'b': 1.0}", "{'x': 1.0}"),
    "loss=['mse', 'mse'], loss_weights": ("[1.0]", "[1.0] * 2", "[1.0] * 3", "{'a': 1.0, 'b': 1.0}", "{'a': 1.0, 'x': 1.0}"),
    "loss=['mse', 'mse', 'mse'], loss_weights": ("[1.0] * 2", "[1.0] * 3", "{'a': 1.0}", "(1.0, 1.0, 1.0)"),
    "loss={'a': 'mse', 'b': 'mse'}, loss_weights": ("[1.0] * 2", "{'a': 1.0}", "{'a': 1.0, 'b': 1.0}"),
}  # fmt: skip
FITTED = {
    "sample_weight": ("np.ones(8)", "[np.ones(8)]", "[np.ones(8)] * 2", "[np.ones(8)] * 3", "[np.ones(8)] * 4"),
    "class_weight": ("{0: 1.0, 1: 2.0, 2: 1.0}", "{'a': {0: 1.0, 1: 1.0, 2: 1.0}}"),
}


def scripts() -> dict[str, str]:
    """Every model with every value of every argument."""
    found = {}
    for model, (text, labels) in MODELS.items():
        for argument, values in (*COMPILED.items(), *FITTED.items()):
            for value in values:
                given = f"{argument}={value}"
                own_loss = argument == "loss" or argument.startswith("loss=")
                compiled = given if own_loss else "loss='mse'" if argument in FITTED else f"loss='mse', {given}"
                fitted = f", {given}" if argument in FITTED else ""
                found[f"{model}: {given}"] = (
                    f"{HEADER}{text}model.compile(optimizer='sgd', {compiled})\n"
                    f"model.fit(np.ones((8, 4)), {labels}, verbose=0{fitted})\n"
                )
    return found
