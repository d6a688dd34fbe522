"""Programs after public reports of surprising numbers in training, which Keras and tinyseq run alike: only `keras` is another package.

The reports: keras 3013, 7838, 7985, 10924, 11348, 13641, 15373, 20256 and tensorflow 25970, 28338, 33988, 35568, 36612, 39462.
"""

from __future__ import annotations

from typing import Any

import numpy as np

X = (np.arange(20, dtype="float32").reshape(10, 2) - 9) / 10
Y = np.array([[0], [1], [0], [1], [1], [0], [0], [1], [1], [0]], "float32")
W = np.array([0.1, 0.7, 0.2, 1.0, 3.0, 0.5, 0.0, 2.0, 1.0, 0.3], "float32")


def dense(keras: Any, units: int = 1, activation: str | None = None, rate: float = 0.1, **compiled: Any) -> Any:
    """One layer of known weights, trained by plain descent."""
    model = keras.Sequential([keras.Input((2,)), keras.layers.Dense(units, activation, kernel_initializer="ones")])
    model.compile(keras.optimizers.SGD(rate), **compiled)
    return model


def numbers(values: Any) -> Any:
    if isinstance(values, dict):
        return {key: numbers(one) for key, one in values.items()}
    return [float(one) for one in np.ravel(values)] if np.ndim(values) else float(values)


def loss_of_more_axes(keras: Any) -> Any:
    """A batch size that does not divide the samples, targets of four axes."""
    x = keras.Input((1, 1, 1))
    model = keras.Model(x, keras.layers.Activation("linear")(x))
    model.compile("sgd", "poisson")
    data = np.array([1.0, 2.0, 3.0], "float32").reshape(3, 1, 1, 1)
    return [model.evaluate(data, data, batch_size=size, verbose=0) for size in (1, 2, 3)]


def loss_and_its_metric(keras: Any) -> Any:
    """Loss and metric of one formula agree at a rate of 0, also with a smaller last batch."""
    model = dense(keras, rate=0.0, loss="mse", metrics=["mse"])
    return model.fit(X, Y, batch_size=4, epochs=2, shuffle=False, verbose=0).history


def own_loss_with_means(keras: Any) -> Any:
    """A loss that reduces the batch itself."""
    def dice(t: Any, p: Any) -> Any:
        both, each = keras.ops.sum(t * p), keras.ops.sum(t) + keras.ops.sum(p)
        return 1 - (2 * both + 1) / (each + 1)

    model = dense(keras, activation="sigmoid", loss=dice)
    return model.fit(X, Y, batch_size=5, epochs=2, shuffle=False, verbose=0).history


def sparse_labels_of_four_axes(keras: Any) -> Any:
    x = keras.Input((4, 6))
    h = keras.layers.Dense(6, kernel_initializer="ones")(x)
    model = keras.Model(x, keras.layers.Activation("softmax")(keras.layers.Reshape((-1, 3, 2))(h)))
    model.compile(keras.optimizers.SGD(0.1), "sparse_categorical_crossentropy", metrics=["accuracy"])
    data = np.arange(48, dtype="float32").reshape(2, 4, 6) / 50
    return model.fit(data, (np.arange(24) % 2).reshape(2, 4, 3, 1), verbose=0).history


def weights_from_a_dataset(keras: Any) -> Any:
    """Sample weights that a PyDataset yields, for two batch sizes."""
    class Data(keras.utils.PyDataset):  # type: ignore[misc, name-defined, unused-ignore]
        def __init__(self, size: int) -> None:
            super().__init__()
            self.size = size

        def __len__(self) -> int:
            return -(-len(X) // self.size)

        def __getitem__(self, index: int) -> Any:
            part = slice(index * self.size, (index + 1) * self.size)
            return X[part], Y[part], W[part]

    models = [dense(keras, loss="mse", weighted_metrics=["mae"]) for _ in range(2)]
    return [model.fit(Data(size), epochs=2, shuffle=False, verbose=0).history for model, size in zip(models, (3, 5), strict=True)]


def weights_in_validation(keras: Any) -> Any:
    """Weights of validation data count in the loss and in weighted metrics, not in metrics."""
    model = dense(keras, activation="sigmoid", loss="binary_crossentropy", metrics=["accuracy"], weighted_metrics=["accuracy", "mae"])
    return model.fit(X, Y, validation_data=(X, Y, W), batch_size=5, shuffle=False, verbose=0).history


def class_weights_and_validation(keras: Any) -> Any:
    model = dense(keras, activation="sigmoid", loss="binary_crossentropy", weighted_metrics=["mae"])
    options = {"class_weight": {0: 1.0, 1: 5.0}, "validation_split": 0.3}
    return model.fit(X, Y, batch_size=4, epochs=2, shuffle=False, verbose=0, **options).history


def rate_at_its_floor(keras: Any) -> Any:
    """ReduceLROnPlateau at min_lr: the rate stays there."""
    model = dense(keras, rate=0.0008, loss="mse")
    plateau = keras.callbacks.ReduceLROnPlateau(monitor="loss", factor=0.5, patience=1, min_lr=0.0003, min_delta=10.0)
    return model.fit(X, Y, epochs=6, batch_size=10, verbose=0, callbacks=[plateau]).history["learning_rate"]


def plateau_on_a_schedule(keras: Any) -> Any:
    model = keras.Sequential([keras.Input((2,)), keras.layers.Dense(1)])
    model.compile(keras.optimizers.SGD(keras.optimizers.schedules.ExponentialDecay(0.1, 10, 0.9)), "mse")
    plateau = keras.callbacks.ReduceLROnPlateau(monitor="loss", patience=1, min_delta=10.0)
    try:
        model.fit(X, Y, epochs=4, verbose=0, callbacks=[plateau])
    except (TypeError, ValueError) as error:
        return type(error).__name__
    return "no error"


def stopping_used_again(keras: Any) -> Any:
    """One EarlyStopping for three models: each fit begins anew."""
    stop = keras.callbacks.EarlyStopping(monitor="loss", patience=2, min_delta=0.05, restore_best_weights=True)
    found = []
    for rate in (0.3, 0.1, 0.5):
        model = dense(keras, rate=rate, loss="mse")
        history = model.fit(X, Y, epochs=20, batch_size=10, verbose=0, callbacks=[stop]).history["loss"]
        found.append([len(history), *numbers(model.get_weights()[0])])
    return found


def accuracy_beside_a_closure(keras: Any) -> Any:
    """accuracy is chosen by shapes, whatever function the loss is."""
    def closure() -> Any:
        return lambda t, p: keras.losses.sparse_categorical_crossentropy(t, p)

    model = dense(keras, 3, "softmax", loss=closure(), metrics=["accuracy"])
    labels = np.arange(10) % 3
    return model.fit(X, labels, batch_size=5, shuffle=False, verbose=0).history


def dropout_in_evaluation(keras: Any) -> Any:
    """The loss of training with a rate of 0 is not that of evaluate, where nothing is dropped: evaluate twice is the same."""
    model = keras.Sequential([keras.Input((2,)), keras.layers.Dense(1, kernel_initializer="ones"), keras.layers.BatchNormalization()])
    model.compile(keras.optimizers.SGD(0.0), "mse")
    fitted = model.fit(X, Y, batch_size=10, verbose=0).history["loss"]
    return [*fitted, model.evaluate(X, Y, verbose=0), model.evaluate(X, Y, batch_size=3, verbose=0)]


def two_watchers(keras: Any) -> Any:
    """EarlyStopping and ReduceLROnPlateau watch one value by differences of their own."""
    model = dense(keras, rate=0.05, loss="mse")
    stop = keras.callbacks.EarlyStopping(monitor="loss", min_delta=0.01, patience=4)
    plateau = keras.callbacks.ReduceLROnPlateau(monitor="loss", factor=0.2, patience=2, min_delta=0.02)
    history = model.fit(X, Y, epochs=30, batch_size=10, verbose=0, callbacks=[stop, plateau]).history
    return [len(history["loss"]), *history["learning_rate"]]


CASES = (
    loss_of_more_axes, loss_and_its_metric, own_loss_with_means, sparse_labels_of_four_axes, weights_from_a_dataset, weights_in_validation,
    class_weights_and_validation, rate_at_its_floor, plateau_on_a_schedule, stopping_used_again, accuracy_beside_a_closure,
    dropout_in_evaluation, two_watchers,
)  # fmt: skip


def run(keras: Any, case: Any) -> Any:
    """What one program finds, as data."""
    found = case(keras)
    return found if isinstance(found, str) else _plain(found)


def _plain(value: Any) -> Any:
    if isinstance(value, dict):
        return {key: _plain(one) for key, one in value.items()}
    if isinstance(value, (list, tuple)):
        return [_plain(one) for one in value]
    return float(value)
