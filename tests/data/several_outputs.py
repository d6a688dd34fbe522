"""Scripts that fit models of several outputs to labels and losses, right and wrong; what Keras says is recorded."""

from tests.data.several_inputs import HEADER

TWO = "i = keras.Input((4,), name='i')\na = layers.Dense(3, activation='softmax', name='a')(i)\nb = layers.Dense(1, name='b')(i)\n"
MODELS = {
    "a list": TWO + "model = keras.Model(i, [a, b])\n",
    "a tuple": TWO + "model = keras.Model(inputs=i, outputs=(a, b))\n",
    "a dict": TWO + "model = keras.Model(i, {'a': a, 'b': b})\n",
    "other keys": TWO + "model = keras.Model(i, {'p': a, 'q': b})\n",
    "keys out of order": TWO + "model = keras.Model(i, {'b': b, 'a': a})\n",
    "no names": TWO.replace(", name='a'", "").replace(", name='b'", "") + "model = keras.Model(i, [a, b])\n",
    "maps": "i = keras.Input((5, 6, 2), name='i')\na = layers.Conv2D(3, 1, activation='softmax', name='a')(i)\n"
    "b = layers.Dense(1, activation='sigmoid', name='b')(layers.Flatten()(i))\nmodel = keras.Model(i, [a, b])\n",
}
LOSSES = {
    "one": "'mse'",
    "an object": "keras.losses.MeanAbsoluteError()",
    "list": "['categorical_crossentropy', 'mse']",
    "tuple": "('sparse_categorical_crossentropy', 'mae')",
    "dict": "{'a': 'categorical_crossentropy', 'b': 'mse'}",
    "dict turned": "{'b': 'mse', 'a': keras.losses.SparseCategoricalCrossentropy()}",
    "p and q": "{'p': 'categorical_crossentropy', 'q': 'mse'}",
    "a alone": "{'a': 'categorical_crossentropy'}",
    "None for b": "['categorical_crossentropy', None]",
    "three": "['mse', 'mse', 'mse']",
    "another key": "{'a': 'mse', 'c': 'mse'}",
}
LABELS = {
    "list": "[np.zeros((8, 3)), np.zeros((8, 1))]",
    "tuple": "(np.zeros((8, 3)), np.zeros((8, 1)))",
    "a and b": "{'a': np.zeros((8, 3)), 'b': np.zeros((8, 1))}",
    "b and a": "{'b': np.zeros((8, 1)), 'a': np.zeros((8, 3))}",
    "p and q": "{'p': np.zeros((8, 3)), 'q': np.zeros((8, 1))}",
    "turned": "[np.zeros((8, 1)), np.zeros((8, 3))]",
    "whole numbers": "[np.zeros(8, dtype='int32'), np.zeros(8)]",
    "whole numbers, a and b": "{'a': np.zeros((8, 1), dtype='int32'), 'b': np.zeros(8)}",
    "five classes": "[np.zeros((8, 5)), np.zeros((8, 1))]",
    "five classes, b and a": "{'b': np.zeros((8, 1)), 'a': np.zeros((8, 5))}",
    "places": "[np.zeros((8, 5, 6, 3)), np.zeros((8, 1))]",
    "whole numbers in places": "[np.zeros((8, 5, 6), dtype='int32'), np.zeros((8, 1))]",
    "one in a list": "[np.zeros((8, 3))]",
    "one array": "np.zeros((8, 3))",
    "three": "[np.zeros((8, 3)), np.zeros((8, 1)), np.zeros((8, 1))]",
    "a alone": "{'a': np.zeros((8, 3))}",
    "another key": "{'a': np.zeros((8, 3)), 'c': np.zeros((8, 1))}",
    "a key more": "{'a': np.zeros((8, 3)), 'b': np.zeros((8, 1)), 'c': np.zeros((8, 1))}",
    "fewer samples": "[np.zeros((8, 3)), np.zeros((7, 1))]",
    "fewer samples, a and b": "{'a': np.zeros((7, 3)), 'b': np.zeros((7, 1))}",
}


def scripts() -> dict[str, str]:
    """Every model with every loss and every third of the labels, each in turn."""
    found = {}
    for one, (model, text) in enumerate(MODELS.items()):
        for two, (loss, written) in enumerate(LOSSES.items()):
            for three, (labels, y) in enumerate(LABELS.items()):
                if (one + two + three) % 3 == 0:
                    x = "np.zeros((8, 5, 6, 2))" if model == "maps" else "np.zeros((8, 4))"
                    use = f"model.compile(loss={written})\nmodel.fit({x}, {y}, verbose=0)\n"
                    found[f"{model}, {loss}: {labels}"] = HEADER + text + use
    return found
