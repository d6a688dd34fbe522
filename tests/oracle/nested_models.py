"""Programs with nested inputs, outputs, losses and metrics, which Keras and tinyseq run alike: only `keras` is another package."""

from __future__ import annotations

from typing import Any

import numpy as np

X = np.arange(12).reshape(4, 3).astype("float32") / 10
ONES, PAIRS, ZEROS = np.ones((4, 1), "float32"), np.ones((4, 2), "float32"), np.zeros((4, 1), "float32")
A, B, C = np.ones((2, 2), "float32"), np.full((2, 3), 2, "float32"), np.full((2, 4), 3, "float32")

Case = tuple[Any, Any, dict[str, Any]]


def ends(keras: Any) -> tuple[Any, list[Any]]:
    """An input and three outputs p, q, r after it."""
    x = keras.Input((3,))
    return x, [keras.layers.Dense(n, name=name, kernel_initializer="ones")(x) for n, name in ((1, "p"), (2, "q"), (1, "r"))]


def cases(p: Any, q: Any, r: Any) -> dict[str, Case]:
    """Outputs, targets, and what compile() is told."""
    nested = {"a": [p, q], "b": {"c": r}}, {"a": [ONES, PAIRS], "b": {"c": ZEROS}}
    mixed = [p, {"c": q, "d": r}], [ONES, {"c": PAIRS, "d": ZEROS}]
    tuples = {"a": (p, q), "b": r}, {"a": (ONES, PAIRS), "b": ZEROS}
    return {
        "a loss for each": (*nested, {"loss": {"a": ["mse", "mae"], "b": {"c": "mse"}}}),
        "metrics for each": (*nested, {"loss": "mse", "metrics": {"a": ["mae", ["mse", "mae"]], "b": {"c": "mae"}}}),
        "a list at the top": (*mixed, {"loss": ["mse", {"c": "mae", "d": "mse"}], "loss_weights": [1.0, {"c": 2.0, "d": 3.0}]}),
        "one loss for all": (*mixed, {"loss": "mse"}),
        "losses one after another": (*tuples, {"loss": ["mse", "mae", "mse"]}),
        "an output without a loss": (*tuples, {"loss": {"a": ("mse", None), "b": "mae"}}),
        "a tuple": ((p, q), (ONES, PAIRS), {"loss": ["mse", "mae"], "metrics": ["mae", "mse"]}),
        "a list without a loss": ([p, q, r], [ONES, PAIRS, ZEROS], {"loss": ["mse", None, "mae"]}),
        "one loss of two": ([p, q], [ONES, PAIRS], {"loss": ["mse", None]}),
        "a dictionary without a loss": ({"a": p, "b": q, "c": r}, {"a": ONES, "b": PAIRS, "c": ZEROS}, {"loss": {"a": "mse", "c": "mae"}}),
    }


def shapes(value: Any) -> Any:
    """The structure with shapes in place of arrays and tensors, a tuple marked as one."""
    if isinstance(value, dict):
        return {key: shapes(one) for key, one in value.items()}
    if isinstance(value, (list, tuple)):
        return [type(value).__name__, *map(shapes, value)]
    return list(value.shape)


def run(keras: Any, name: str) -> dict[str, Any]:
    """What one case evaluates to, trains to, and predicts."""
    x, outputs = ends(keras)
    form, targets, options = cases(*outputs)[name]
    model = keras.Model(x, form)
    model.compile(keras.optimizers.SGD(0.01), **options)
    before = model.evaluate(X, targets, verbose=0, return_dict=True)
    predicted = shapes(model.predict(X, verbose=0))
    history = model.fit(X, targets, epochs=2, verbose=0).history
    return {
        "evaluated": {key: float(value) for key, value in before.items()},
        "history": {key: [float(one) for one in values] for key, values in history.items()},
        "predicted": predicted,
        "called": shapes(model(X)),
        "connected": shapes(model(x)),
    }


def inputs(keras: Any) -> Any:
    """A model of nested inputs, the shapes of its outputs, and the sum of each."""
    a, b, c = (keras.Input((n,), name=name) for n, name in ((2, "a"), (3, "b"), (4, "c")))
    model = keras.Model([a, {"u": b, "v": [c]}], {"s": keras.layers.Concatenate()([a, b]), "t": [c, a]})
    data = [A, {"u": B, "v": [C]}]
    found = model.predict(data, verbose=0)
    sums = [float(np.sum(one)) for one in (found["s"], *found["t"])]
    deep = keras.Model({"k": {"a": a}, "l": [b, c]}, {"s": keras.layers.Concatenate()([b, c])})
    called = shapes(deep({"k": {"a": a}, "l": [b, c]})), shapes(deep({"k": {"a": A}, "l": [B, C]}))
    return model, [shapes(found), shapes(model(data)), shapes(model([a, {"u": b, "v": [c]}])), sums, *called]


class Caller:
    """call() of a subclass that returns a nested structure."""

    @staticmethod
    def made(keras: Any) -> Any:
        class Net(keras.Model):  # type: ignore[misc, name-defined, unused-ignore]
            def __init__(self) -> None:
                super().__init__()
                self.dense = keras.layers.Dense(2, kernel_initializer="ones")

            def call(self, x: Any) -> Any:
                h = self.dense(x)
                return {"h": h, "more": [h * 2, {"sum": h + 1}]}

        return Net()
