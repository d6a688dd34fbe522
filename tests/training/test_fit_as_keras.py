"""What fit does besides numbers: logs of callbacks, names of metrics, stops, weights of classes, batches of streams; as Keras 3.15."""

from collections.abc import Iterator
from typing import Any

import numpy as np
import pytest

import tinyseq as keras
from tinyseq import callbacks, layers

X = np.random.default_rng(0).normal(size=(8, 2)).astype(np.float32)
Y = X[:, :1] * 2


def line(**options: Any) -> Any:
    """2 -> 1, compiled."""
    keras.set_random_seed(1)
    model = keras.Sequential([keras.Input((2,)), layers.Dense(1)])
    model.compile("sgd", "mse", **options)
    return model


class Everything(callbacks.Callback):
    """Every event with its logs."""

    def __init__(self) -> None:
        self.seen: list[tuple[str, Any]] = []

    def __getattribute__(self, name: str) -> Any:
        if name.startswith("on_"):
            return lambda *given: self.seen.append((name, given[-1]))
        return super().__getattribute__(name)


def test_every_event_has_a_dictionary_of_logs_and_training_ends_with_the_last_ones() -> None:
    watch = Everything()
    model = line(metrics=["mae"])
    model.fit(X, Y, batch_size=4, epochs=2, validation_data=(X, Y), callbacks=[watch], verbose=0)
    assert all(isinstance(logs, dict) for _, logs in watch.seen)
    assert watch.seen[0] == ("on_train_begin", {})
    assert watch.seen[-1][0] == "on_train_end" and set(watch.seen[-1][1]) == {"loss", "mae", "val_loss", "val_mae"}
    watch.seen.clear()
    model.predict(X, batch_size=4, callbacks=[watch], verbose=0)
    outputs = [logs["outputs"] for name, logs in watch.seen if name == "on_predict_batch_end"]
    np.testing.assert_array_equal(np.concatenate(outputs), model.predict(X, batch_size=4, verbose=0))


def test_a_callback_stops_evaluation_and_prediction_of_an_endless_generator() -> None:
    class Stop(callbacks.Callback):
        def on_test_batch_end(self, batch: int, logs: Any = None) -> None:
            self.model.stop_evaluating = batch == 2

        def on_predict_batch_end(self, batch: int, logs: Any = None) -> None:
            self.model.stop_predicting = batch == 1

    def endless(*parts: Any) -> Iterator[Any]:
        while True:
            yield parts if len(parts) > 1 else parts[0]

    model = line()
    assert model.evaluate(endless(X, Y), callbacks=[Stop()], verbose=0) == pytest.approx(model.evaluate(X, Y, verbose=0))
    assert model.predict(endless(X), callbacks=[Stop()], verbose=0).shape == (16, 1)
    assert model.predict(X, batch_size=2, callbacks=[Stop()], verbose=0).shape == (4, 1)


def two_headed(**options: Any) -> Any:
    """One input, outputs a and b."""
    tensor = keras.Input((2,))
    model = keras.Model(tensor, [layers.Dense(1, name="a")(tensor), layers.Dense(1, name="b")(tensor)])
    model.compile("sgd", "mse", **options)
    return model


NAMES = [
    ({"metrics": ["mse", "mae"]}, ["a_mse", "b_mae"]),
    ({"metrics": [["mse"], ["mae"]]}, ["a_mse", "b_mae"]),
    ({"metrics": ["mae"]}, ["a_mae", "b_mae"]),
    ({"metrics": {"b": "mae"}}, ["b_mae"]),
    ({"metrics": {"a": ["mae"]}, "weighted_metrics": {"b": ["mae"]}}, ["a_mae", "b_mae"]),
    ({"metrics": {"a": "mae", "b": "mae"}, "weighted_metrics": {"b": ["mae"]}}, ["a_mae", "b_mae", "b_weighted_mae"]),
]


@pytest.mark.parametrize(("options", "names"), NAMES, ids=[str(names) for _, names in NAMES])
def test_metrics_of_two_outputs_are_named_as_in_keras(options: Any, names: list[str]) -> None:
    history = two_headed(**options).fit(X, [Y, Y], verbose=0).history
    assert list(history) == sorted([*names, "a_loss", "b_loss", "loss"])


def test_a_loss_without_reduction_is_logged_as_a_mean_and_trained_as_a_sum() -> None:
    """Keras: history 1.0; the slopes of a vector are those of its sum."""
    found = []
    for reduction, rate in (("none", 0.1), ("sum", 0.1)):
        model = keras.Sequential([keras.Input((1,)), layers.Dense(1, use_bias=False, kernel_initializer="zeros")])
        model.compile(keras.optimizers.SGD(rate), keras.losses.MeanSquaredError(reduction=reduction))
        history = model.fit(np.ones((4, 1)), np.ones((4, 1)), verbose=0).history
        assert history["loss"] == [1.0 if reduction == "none" else 4.0]
        found.append(model.get_weights()[0].item())
    assert found[0] == pytest.approx(found[1]) == pytest.approx(0.8)


def test_weights_of_classes_do_not_weigh_what_is_split_off() -> None:
    keras.set_random_seed(3)
    model = keras.Sequential([keras.Input((2,)), layers.Dense(2, activation="softmax")])
    model.compile(keras.optimizers.SGD(0.0), "sparse_categorical_crossentropy")
    labels = np.arange(8) % 2
    history = model.fit(X, labels, validation_split=0.5, class_weight={0: 1, 1: 10}, verbose=0).history
    assert history["val_loss"][0] == pytest.approx(model.evaluate(X[4:], labels[4:], verbose=0), rel=1e-5)
    weights = np.where(labels[:4] == 1, 10.0, 1.0)
    assert history["loss"][0] == pytest.approx(model.evaluate(X[:4], labels[:4], sample_weight=weights, verbose=0), rel=1e-5)


def test_lists_of_two_are_batches_as_data_loaders_yield_them() -> None:
    loader = [[X[:4], Y[:4]], [X[4:], Y[4:]]]

    class Loader:
        def __iter__(self) -> Iterator[Any]:
            return iter(loader)

        def __len__(self) -> int:
            return 2

    one, other = line(), line()
    one.fit(Loader(), epochs=2, verbose=0)
    other.fit(X, Y, batch_size=4, epochs=2, shuffle=False, verbose=0)
    assert all((a == b).all() for a, b in zip(one.get_weights(), other.get_weights(), strict=True))


def test_a_metric_of_several_values_and_one_of_several_names_are_in_the_logs() -> None:
    class Two(keras.metrics.Metric):
        def __init__(self, name: str = "two", **options: Any) -> None:
            super().__init__(name=name, **options)
            self.high = self.add_weight(name="high", initializer="zeros")

        def update_state(self, y_true: Any, y_pred: Any, sample_weight: Any = None) -> None:
            self.high.assign_add(1.0)

        def result(self) -> Any:
            return {"high": self.high, "low": -self.high}

    model = line(metrics=[Two()])
    history = model.fit(X, Y, batch_size=4, epochs=2, verbose=0).history
    assert history["high"] == [2.0, 2.0] and history["low"] == [-2.0, -2.0]
    model = keras.Sequential([keras.Input((2,)), layers.Dense(1, activation="sigmoid")])
    model.compile("sgd", "bce", metrics=[keras.metrics.Precision(thresholds=[0.3, 0.7])])
    history = model.fit(X, (Y > 0).astype(int), verbose=2).history
    assert history["precision"][0].shape == (2,)


@pytest.mark.parametrize("given", [{"shape": (5,), "batch_size": 4}, {"batch_shape": (4, 5)}], ids=str)
def test_a_model_of_fixed_batches_takes_any_number_of_them(given: Any) -> None:
    model = keras.Sequential([keras.Input(**given), layers.Dense(1)])
    model.compile("sgd", "mse")
    x = np.ones((8, 5))
    for size in ({}, {"batch_size": 4}):
        model.fit(x, np.ones((8, 1)), verbose=0, **size)
        assert model.predict(x, verbose=0, **size).shape == (8, 1)
        model.evaluate(x, np.ones((8, 1)), verbose=0, **size)
    with pytest.raises(ValueError, match=r"batches of 4.*do not divide 10 samples: pass 8"):
        model.predict(np.ones((10, 5)), verbose=0)
    with pytest.raises(ValueError, match="write batch_size=4"):
        model.fit(x, np.ones((8, 1)), batch_size=2, verbose=0)
    assert model.optimizer.iterations == 4


def test_layers_and_weights_of_branches_are_in_the_order_of_keras() -> None:
    """By depth, as Keras 3.15 lists them."""
    first = keras.Input((8,))
    long = layers.Dense(8, name="a2")(layers.Dense(8, name="a1")(first))
    model = keras.Model(first, layers.Add(name="add")([layers.Dense(8, name="shortcut")(first), long]))
    assert [layer.name for layer in model.layers][1:] == ["a1", "shortcut", "a2", "add"]
    assert [weight.path for weight in model.weights][::2] == ["a1/kernel", "shortcut/kernel", "a2/kernel"]
    one, two, shared = keras.Input((8,)), keras.Input((8,)), layers.Dense(8, name="shared")
    a, b = shared(one), shared(layers.Dense(8, name="before")(two))
    joined = layers.Dense(2, name="o1")(layers.Concatenate(name="join")([a, b]))
    model = keras.Model([one, two], [joined, layers.Dense(3, name="o2")(layers.Dense(4, name="middle")(a))])
    names = [layer.name for layer in model.layers if not layer.name.startswith("input")]
    assert names == ["before", "shared", "join", "middle", "o1", "o2"]


def test_steps_that_a_subclass_writes_are_called() -> None:
    class Own(keras.Sequential):
        def train_step(self, data: Any) -> Any:
            x, y = data
            assert x.shape == (4, 2) and y.shape == (4, 1)
            logs = super().train_step((x, y, np.zeros(4)))  # no sample counts: nothing changes
            return {"loss": logs["loss"], "rows": len(x)}

        def test_step(self, data: Any) -> Any:
            return {"loss": np.float32(7)}

        def predict_step(self, data: Any) -> Any:
            return super().predict_step(data) * 0 + 5

    model = Own([keras.Input((2,)), layers.Dense(1)])
    model.compile("sgd", "mse")
    before = model.get_weights()
    history = model.fit(X, Y, batch_size=4, epochs=2, validation_data=(X, Y), verbose=0).history
    assert history == {"loss": [0.0, 0.0], "rows": [4.0, 4.0], "val_loss": [7.0, 7.0]}
    assert all((a == b).all() for a, b in zip(before, model.get_weights(), strict=True))
    assert model.evaluate(X, Y, verbose=0, return_dict=True) == {"loss": 7.0}
    assert (model.predict(X, verbose=0) == 5).all()


@pytest.mark.parametrize("name", ["compute_loss", "compute_metrics", "make_train_function"])
def test_a_method_that_would_never_be_called_is_refused_by_compile(name: str) -> None:
    kind = type("Own", (keras.Sequential,), {name: lambda self, *given, **named: 0.0})
    with pytest.raises(NotImplementedError, match=f"Own.{name} would never be called: (give|write)"):
        kind([keras.Input((2,)), layers.Dense(1)]).compile("sgd", "mse")


def test_averages_are_in_place_while_the_model_is_evaluated() -> None:
    """By hand, as in the test of averages: weights 0.8, 0.64; their average after two steps 0.72."""
    model = keras.Sequential([keras.Input((1,)), layers.Dense(1, use_bias=False, kernel_initializer="ones")])
    model.compile(keras.optimizers.SGD(0.1, use_ema=True, ema_momentum=0.5), "mse")
    ones, zeros = np.ones((2, 1)), np.zeros((2, 1))
    history = model.fit(
        ones, zeros, batch_size=1, validation_data=(ones, zeros), callbacks=[callbacks.SwapEMAWeights()], verbose=0
    ).history
    assert history["val_loss"] == [pytest.approx(0.72**2, rel=1e-6)]
    assert model.get_weights()[0] == pytest.approx(0.72, rel=1e-6)
    model.compile("sgd", "mse")
    with pytest.raises(ValueError, match="use_ema=True"):
        model.fit(ones, zeros, callbacks=[callbacks.SwapEMAWeights()], verbose=0)


def test_a_weight_of_a_layer_of_ones_own_keeps_its_regularizer_and_constraint() -> None:
    class Scale(layers.Layer):
        def output_shape(self, input_shape: Any) -> Any:
            return input_shape

        def build(self, input_shape: Any) -> None:
            options = {"regularizer": keras.regularizers.L2(0.5), "constraint": "non_neg"}
            self.add_weight(name="factor", shape=(input_shape[-1],), initializer="ones", **options)

        def forward(self, ctx: Any, x: Any) -> Any:
            return x * ctx.weight("factor")

        def backward(self, ctx: Any, gradient: Any) -> Any:
            ctx.gradient("factor")[...] += (gradient * ctx.inputs[0]).sum(0)
            return gradient * ctx.weight("factor")

    model = keras.Sequential([keras.Input((2,)), Scale()])
    model.compile(keras.optimizers.SGD(10.0), "mse")
    history = model.fit(X, X, verbose=0).history
    assert history["loss"] == [pytest.approx(1.0)]  # no error, 0.5 (1 + 1)
    assert (model.get_weights()[0] == 0).all()  # 1 - 10 held at 0
    with pytest.raises(TypeError, match="weights are float32"):
        Scale().add_weight(shape=(2,), dtype="float16")


MADE = [keras.regularizers.L2(0.3), keras.constraints.MaxNorm(2.0), keras.initializers.RandomNormal(0.5, 2.0)]


@pytest.mark.parametrize("made", MADE, ids=lambda made: type(made).__name__)
def test_what_weights_are_given_is_made_again_from_its_configuration(made: Any) -> None:
    assert type(made).from_config(made.get_config()).get_config() == made.get_config()
