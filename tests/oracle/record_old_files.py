"""Record small models that old versions of Keras wrote -> VERSION-NAME.h5, and inputs and outputs beside them as .npz.

    python record_old_files.py FOLDER

Runs by itself in an environment of one old Keras (1.2 to 2.15, or tf_keras), on Python 3.6 and later. Each model has trained a step.
old_files.zip holds what 1.2.2 and 2.0.9 (TensorFlow 1.4), 2.3.1 (1.15), 2.12.0 and tf_keras 2.21.0 wrote.
"""

# ruff: noqa: UP032  (Python 3.5 words)

import os
import sys

os.environ["TF_CPP_MIN_LOG_LEVEL"] = "3"

import numpy as np

try:
    import tf_keras as keras
except ImportError:
    import keras

L = keras.layers
OLD = keras.__version__.startswith("1.")
RANDOM = np.random.RandomState(5)


def convnet():
    """Convolutions, batch statistics, pooling."""
    model = keras.models.Sequential()
    if OLD:
        model.add(L.Convolution2D(4, 3, 3, activation="relu", input_shape=(10, 10, 3)))
        model.add(L.BatchNormalization())
        model.add(L.MaxPooling2D((2, 2)))
        model.add(L.Dropout(0.2))
        model.add(L.Flatten())
        model.add(L.Dense(3, activation="softmax", W_regularizer=keras.regularizers.l2(0.01)))
    else:
        model.add(L.Conv2D(4, 3, activation="relu", input_shape=(10, 10, 3)))
        model.add(L.BatchNormalization())
        model.add(L.SeparableConv2D(5, 3))
        model.add(L.MaxPooling2D((2, 2)))
        model.add(L.Dropout(0.2))
        model.add(L.Flatten())
        model.add(L.Dense(3, activation="softmax", kernel_regularizer=keras.regularizers.l2(0.01)))
    model.compile(optimizer="adam", loss="categorical_crossentropy", metrics=["accuracy"])
    return model, [RANDOM.rand(6, 10, 10, 3).astype("float32")], [np.eye(3)[np.arange(6) % 3]]


def sequence():
    """Recurrent layers."""
    model = keras.models.Sequential()
    model.add(L.LSTM(4, return_sequences=True, input_shape=(7, 3)))
    model.add(L.GRU(5))
    model.add(L.Dense(2))
    model.compile(optimizer="rmsprop", loss="mse")
    return model, [RANDOM.rand(6, 7, 3).astype("float32")], [np.ones((6, 2))]


def branches():
    """A functional model: two inputs, a shared layer, two outputs."""
    first, second = L.Input(shape=(5,), name="first"), L.Input(shape=(5,), name="second")
    shared = L.Dense(4, activation="tanh", name="shared")
    if OLD:
        joined = L.merge([shared(first), shared(second)], mode="concat")
        model = keras.models.Model(input=[first, second], output=[L.Dense(1, name="left")(joined), L.Dense(2, name="right")(joined)])
    else:
        joined = L.concatenate([shared(first), shared(second)])
        model = keras.models.Model([first, second], [L.Dense(1, name="left")(joined), L.Dense(2, name="right")(joined)])
    model.compile(optimizer="sgd", loss="mse")
    return model, [RANDOM.rand(6, 5).astype("float32") for _ in range(2)], [np.ones((6, 1)), np.ones((6, 2))]


def main(folder):
    """Each model, trained for a step and saved."""
    for make in (convnet, sequence, branches):
        model, inputs, targets = make()
        model.train_on_batch(inputs if len(inputs) > 1 else inputs[0], targets if len(targets) > 1 else targets[0])
        outputs = model.predict(inputs if len(inputs) > 1 else inputs[0])
        outputs = outputs if isinstance(outputs, list) else [outputs]
        name = os.path.join(folder, "{}-{}".format(keras.__version__, make.__name__))
        model.save(name + ".h5")
        arrays = {"input{}".format(number): array for number, array in enumerate(inputs)}
        arrays.update({"output{}".format(number): array for number, array in enumerate(outputs)})
        np.savez_compressed(name + ".npz", **arrays)


if __name__ == "__main__":
    main(sys.argv[1])
