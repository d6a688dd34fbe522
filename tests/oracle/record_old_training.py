"""Record models that old versions of Keras have trained, and go on training -> VERSION-OPTIMIZER.h5 and .npz.

    python record_old_training.py FOLDER

Runs by itself in an environment of one old Keras (1.2 to 2.12), on Python 3.6 and later. Each .npz has the data, and the weights after two
more steps. On Theano (1.2.2 only), also convolutions, whose kernels lie turned round in the file: VERSION-theano-ORDERING.h5, with
input and output beside it. old_training.zip holds what 1.2.2, 2.0.9, 2.3.1 and 2.12.0 wrote.
"""

# ruff: noqa: UP032, RUF005  (Python 3.5 words)

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
OPTIMIZERS = {
    "sgd": lambda make: make.SGD(0.05, momentum=0.9),
    "adam": lambda make: make.Adam(0.01),
    "rmsprop": lambda make: make.RMSprop(0.01),
    "adagrad": lambda make: make.Adagrad(0.05),
    "adadelta": lambda make: make.Adadelta(1.0),
    "adamax": lambda make: make.Adamax(0.01),
    "nadam": lambda make: make.Nadam(0.01),
}


def trained(name):
    """A model after three steps."""
    model = keras.models.Sequential()
    model.add(L.Dense(4, activation="tanh", input_shape=(3,), name="b_first"))
    model.add(L.Dense(4, activation="tanh", name="c_second"))
    model.add(L.Dense(2, name="a_third"))
    model.compile(optimizer=OPTIMIZERS[name](keras.optimizers), loss="mse")
    random = np.random.RandomState(7)
    model.set_weights([random.uniform(0.2, 0.9, array.shape) for array in model.get_weights()])
    x, y = random.normal(size=(8, 3)).astype("float32"), random.normal(size=(8, 2)).astype("float32")
    for _ in range(3):
        model.train_on_batch(x, y)
    return model, x, y


def convolutions(ordering):
    """A model for pictures and one for sequences, on Theano."""
    first = ordering == "th"
    model = keras.models.Sequential()
    shape = (3, 9, 8) if first else (9, 8, 3)
    model.add(L.Convolution2D(4, 3, 2, activation="tanh", dim_ordering=ordering, input_shape=shape))
    model.add(L.AtrousConvolution2D(5, 2, 2, atrous_rate=(2, 2), dim_ordering=ordering))
    model.add(L.Flatten())
    model.add(L.Reshape((-1, 5)))
    model.add(L.Convolution1D(3, 3))
    random = np.random.RandomState(8)
    model.set_weights([random.uniform(-0.5, 0.5, array.shape) for array in model.get_weights()])
    return model, random.normal(size=(2,) + shape).astype("float32")


def main(folder):
    """Each optimizer; each ordering on Theano."""
    place = os.path.join(folder, keras.__version__ + "-{}")
    if keras.backend.backend() == "theano":
        for ordering in ("th", "tf"):
            model, x = convolutions(ordering)
            model.save(place.format("theano-" + ordering) + ".h5")
            np.savez_compressed(place.format("theano-" + ordering) + ".npz", x=x, y=model.predict(x))
    for name in sorted(OPTIMIZERS):
        model, x, y = trained(name)
        model.save(place.format(name) + ".h5")
        for _ in range(2):
            model.train_on_batch(x, y)
        later = {"later{}".format(number): array for number, array in enumerate(model.get_weights())}
        np.savez_compressed(place.format(name) + ".npz", x=x, y=y, **later)


if __name__ == "__main__":
    main(sys.argv[1])
