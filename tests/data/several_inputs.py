"""Scripts that give data to models of one and of several inputs, right and wrong; what Keras says is recorded."""

HEADER = "import numpy as np\nimport keras\nfrom keras import layers\n"
TWO = "a, b = keras.Input((4,), name='a'), keras.Input((5,), name='b')\ny = layers.Dense(1)(layers.Concatenate()([a, b]))\n"
MODELS = {
    "a list": TWO + "model = keras.Model([a, b], y)\n",
    "a tuple": TWO + "model = keras.Model(inputs=(a, b), outputs=y)\n",
    "a dict": TWO + "model = keras.Model({'a': a, 'b': b}, y)\n",
    "other keys": TWO + "model = keras.Model({'x': a, 'y': b}, y)\n",
    "keys out of order": TWO + "model = keras.Model({'z': a, 'b': b}, y)\n",
    "no names": TWO.replace(", name='a'", "").replace(", name='b'", "") + "model = keras.Model([a, b], y)\n",
    "one": "a = keras.Input((4,), name='a')\nmodel = keras.Model(a, layers.Dense(1)(a))\n",
    "one in a list": "a = keras.Input((4,), name='a')\nmodel = keras.Model([a], layers.Dense(1)(a))\n",
    "alike": "a, b = keras.Input((4,), name='a'), keras.Input((4,), name='b')\nmodel = keras.Model([a, b], layers.Add()([a, b]))\n",
    "sequences": "a, b = keras.Input((None, 1), name='a'), keras.Input((5,), name='b')\n"
    "model = keras.Model([a, b], layers.Concatenate()([layers.LSTM(3)(a), b]))\n",
}
DATA = {
    "list": "[np.zeros((8, 4)), np.zeros((8, 5))]",
    "tuple": "(np.zeros((8, 4)), np.zeros((8, 5)))",
    "turned": "[np.zeros((8, 5)), np.zeros((8, 4))]",
    "second too wide": "[np.zeros((8, 4)), np.zeros((8, 6))]",
    "last axis of 1": "[np.zeros((8, 4, 1)), np.zeros((8, 5))]",
    "one in a list": "[np.zeros((8, 4))]",
    "three": "[np.zeros((8, 4)), np.zeros((8, 5)), np.zeros((8, 3))]",
    "one array": "np.zeros((8, 4))",
    "joined": "np.zeros((8, 9))",
    "stacked": "np.zeros((8, 2, 4))",
    "fewer samples": "[np.zeros((8, 4)), np.zeros((7, 5))]",
    "a and b": "{'a': np.zeros((8, 4)), 'b': np.zeros((8, 5))}",
    "b and a": "{'b': np.zeros((8, 5)), 'a': np.zeros((8, 4))}",
    "a key more": "{'a': np.zeros((8, 4)), 'b': np.zeros((8, 5)), 'c': np.zeros((8, 7))}",
    "another key": "{'a': np.zeros((8, 4)), 'c': np.zeros((8, 5))}",
    "a alone": "{'a': np.zeros((8, 4))}",
    "x and y": "{'x': np.zeros((8, 4)), 'y': np.zeros((8, 5))}",
    "z and b": "{'z': np.zeros((8, 4)), 'b': np.zeros((8, 5))}",
    "b too wide": "{'a': np.zeros((8, 4)), 'b': np.zeros((8, 6))}",
}
CALLS = {
    "fit": "model.compile(loss='mse')\nmodel.fit({x}, np.zeros((8, {columns})), verbose=0)\n",
    "predict": "model.predict(x={x}, verbose=0)\n",
    "call": "x = {x}\nmodel(x)\n",
}
COLUMNS = {"alike": 4, "sequences": 8}
"""Columns of the labels where the output has more than one."""


def scripts() -> dict[str, str]:
    """Every model with every data, each in one of the calls, all three of them in turn."""
    found = {}
    for one, (model, text) in enumerate(MODELS.items()):
        for two, (data, x) in enumerate(DATA.items()):
            call = list(CALLS)[(one + two) % len(CALLS)]
            found[f"{model}, {call}: {data}"] = HEADER + text + CALLS[call].format(x=x, columns=COLUMNS.get(model, 1))
    return found
