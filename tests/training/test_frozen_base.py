"""A frozen base is computed once for each fit, and nothing else changes: history and weights have the same bits as without."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import numpy as np
import pytest

import tinyseq as keras
from tinyseq import layers
from tinyseq.engine.engine import Engine
from tinyseq.engine.plan import PREDICT
from tinyseq.training import frozen_base

RANDOM = np.random.default_rng(5)
X = RANDOM.random((45, 12, 12, 3), dtype=np.float32)
Y = RANDOM.integers(0, 4, 45)
COLUMNS = RANDOM.random((45, 6), dtype=np.float32)
WORDS = RANDOM.integers(0, 9, (45, 7))


def convolutions(**first: Any) -> Any:
    """A base of two convolutions with batch statistics between them."""
    return keras.Sequential([
        keras.Input((12, 12, 3)), layers.Conv2D(5, 3, **first), layers.BatchNormalization(), layers.ReLU(), layers.MaxPooling2D(),
        layers.Conv2D(7, 3, activation="relu"), layers.GlobalAveragePooling2D(),
    ])  # fmt: skip


def frozen(model: Any, *but: Any) -> Any:
    """The model, frozen, but for some layers."""
    model.trainable = False
    for layer in but:
        layer.trainable = True
    return model


def head(base: Any, *between: Any) -> Any:
    """A classifier on a base."""
    return keras.Sequential([base, *between, layers.Dense(4, activation="softmax")])


def one_stack() -> Any:
    model = keras.Sequential([
        keras.Input((12, 12, 3)), layers.Conv2D(5, 3, activation="relu"), layers.Flatten(), layers.Dense(40, activation="relu"),
        layers.Dense(9), layers.ReLU(), layers.Dense(4, activation="softmax"),
    ])  # fmt: skip
    for layer in model.layers[:3]:
        layer.trainable = False
    return model


def partly_opened() -> Any:
    base = convolutions()
    return head(frozen(base, *base.layers[-2:]))


def functional() -> Any:
    base = frozen(convolutions())
    inputs = keras.Input((12, 12, 3))
    x = layers.Dropout(0.3)(base(layers.Rescaling(2.0)(inputs), training=False))
    return keras.Model(inputs, layers.Dense(4, activation="softmax")(x))


def with_columns() -> Any:
    picture, columns = keras.Input((12, 12, 3)), keras.Input((6,))
    x = layers.Concatenate()([frozen(convolutions())(picture), layers.Dense(3)(columns)])
    return keras.Model([picture, columns], layers.Dense(4, activation="softmax")(x))


def two_outputs() -> Any:
    picture = keras.Input((12, 12, 3))
    x = frozen(convolutions())(picture)
    return keras.Model(picture, {"a": layers.Dense(4, activation="softmax", name="a")(x), "b": layers.Dense(1, name="b")(x)})


def recurrent() -> Any:
    base = keras.Sequential([keras.Input((7,), dtype="int32"), layers.Embedding(9, 5), layers.LSTM(6, return_sequences=True)])
    return keras.Sequential([frozen(base), layers.GRU(3), layers.Dense(4, activation="softmax")])


CLASSES: dict[str, Any] = {"loss": "sparse_categorical_crossentropy", "metrics": ["accuracy"]}
KEPT: dict[str, tuple[Callable[[], Any], Any, dict[str, Any]]] = {
    "one stack": (one_stack, X, {}),
    "a base model": (lambda: head(frozen(convolutions())), X, {"validation_split": 0.3}),
    "dropout": (lambda: head(frozen(convolutions()), layers.Dropout(0.5), layers.Dense(8)), X, {"validation_split": 0.3}),
    "batch statistics in the head": (lambda: head(frozen(convolutions()), layers.BatchNormalization()), X, {"validation_split": 0.2}),
    "partly opened": (partly_opened, X, {"validation_split": 0.2}),
    "functional": (functional, X, {"validation_data": (X[:20], Y[:20])}),
    "an input beside": (with_columns, [X, COLUMNS], {"validation_split": 0.2}),
    "two outputs": (two_outputs, X, {}),
    "words": (recurrent, WORDS, {}),
    "class weights": (lambda: head(frozen(convolutions())), X, {"class_weight": {0: 2.0, 3: 0.5}, "validation_split": 0.2}),
    "sample weights": (lambda: head(frozen(convolutions())), X, {"sample_weight": COLUMNS[:, 0], "validation_split": 0.2}),
    "a regularized head": (lambda: head(frozen(convolutions()), layers.Dense(5, kernel_regularizer="l2")), X, {}),
    "a regularized base": (lambda: head(frozen(convolutions(kernel_regularizer="l2"))), X, {}),
    "steps that cut the pass": (lambda: head(frozen(convolutions())), X, {"steps_per_epoch": 2}),
    "in order": (lambda: head(frozen(convolutions())), X, {"shuffle": False}),
    "bytes": (lambda: head(frozen(convolutions())), (X * 255).astype(np.uint8), {}),
    "a penalty on what the base puts out": (lambda: head(frozen(convolutions(activity_regularizer="l2"))), X, {"validation_split": 0.2}),
    "statistics without weights": (
        lambda: keras.Sequential([
            keras.Input((12, 12, 3)), frozen(layers.Conv2D(5, 3)), layers.BatchNormalization(center=False, scale=False), layers.Flatten(),
            layers.Dense(4, activation="softmax"),
        ]), X, {},
    ),
    "channels first": (
        lambda: keras.Sequential([
            keras.Input((3, 12, 12)), frozen(layers.Conv2D(5, 3, data_format="channels_first")), layers.Flatten(),
            layers.Dense(4, activation="softmax"),
        ]), X.transpose(0, 3, 1, 2), {},
    ),
}  # fmt: skip


@pytest.fixture
def runs(monkeypatch: pytest.MonkeyPatch) -> Iterator[list[int]]:
    """The sizes of all batches on which a frozen base was computed by itself."""
    found: list[int] = []
    run = Engine.run

    def counted(self: Engine, inputs: Any, mode: Any = PREDICT, *rest: Any, **options: Any) -> Any:
        if mode.part == "base":
            found.append(len(inputs[0]))
        return run(self, inputs, mode, *rest, **options)

    monkeypatch.setattr(Engine, "run", counted)
    yield found


def trained(build: Callable[[], Any], x: Any, y: Any, epochs: int = 3, **options: Any) -> tuple[Any, list[Any]]:
    """History and weights after a fit."""
    keras.utils.set_random_seed(4)
    model = build()
    two = len(model.outputs) > 1
    losses = {"loss": {"a": "sparse_categorical_crossentropy", "b": "mse"}} if two else CLASSES
    model.compile(optimizer=keras.optimizers.Adam(0.01), **losses)
    targets = {"a": y, "b": COLUMNS[:, :1]} if two else y
    history = model.fit(x, targets, epochs=epochs, batch_size=10, verbose=0, **options).history
    return history, [weight.numpy() for weight in model.weights]


@pytest.mark.parametrize("name", KEPT)
@pytest.mark.filterwarnings("ignore:the data ran out")
def test_history_and_weights_have_the_same_bits_as_without(name: str, runs: list[int]) -> None:
    build, x, options = KEPT[name]
    history, weights = trained(build, x, Y, **options)
    once = sum(runs)
    expected, others = trained(build, x, Y, keep_frozen=False, **options)
    assert history == expected
    assert all(np.array_equal(one, other) for one, other in zip(weights, others, strict=True))
    validation = 20 if "validation_data" in options else 0
    assert once == sum(runs) == 45 + validation


class Doubled(layers.Layer):
    """A user's own layer, which may do anything."""

    shardable = True

    def output_shape(self, input_shape: Any) -> Any:
        return input_shape

    def forward(self, ctx: Any, x: Any) -> Any:
        return 2 * x

    def backward(self, ctx: Any, gradient: Any) -> Any:
        return 2 * gradient


class OwnStep(keras.Model):
    """A model whose steps look at x."""

    def __init__(self) -> None:
        super().__init__()
        self.base = frozen(convolutions())
        self.top = layers.Dense(4, activation="softmax")

    def call(self, x: Any) -> Any:
        return self.top(self.base(x))

    def train_step(self, data: Any) -> Any:
        assert data[0].shape[1:] == (12, 12, 3)
        return super().train_step(data)


def masked() -> Any:
    base = keras.Sequential([keras.Input((7,), dtype="int32"), frozen(layers.Embedding(9, 5, mask_zero=True))])
    return keras.Sequential([base, layers.GRU(3), layers.Dense(4, activation="softmax")])


def carried_on() -> Any:
    """A recurrent layer that begins each batch with the states of the batch before."""
    base = frozen(layers.LSTM(4, stateful=True))
    return keras.Sequential([keras.Input((12, 36), batch_size=15), base, layers.Dense(4, activation="softmax")])


def steps_between() -> Any:
    """It ends within TimeDistributed, where a row is a step and not a sample."""
    inside = keras.Sequential([keras.Input((36,)), frozen(layers.Dense(5)), layers.Dense(4)])
    return keras.Sequential([
        keras.Input((12, 36)), layers.TimeDistributed(inside), layers.Flatten(), layers.Dense(4, activation="softmax"),
    ])  # fmt: skip


def batches(x: Any, y: Any) -> Iterator[tuple[Any, Any]]:
    """Endless, in order."""
    while True:
        for start in range(0, 40, 10):
            yield x[start : start + 10], y[start : start + 10]


NOT_KEPT: dict[str, tuple[Callable[[], Any], Any, dict[str, Any]]] = {
    "nothing is frozen": (lambda: head(convolutions()), X, {}),
    "a trained layer before it": (
        lambda: keras.Sequential([keras.Input((12, 12, 3)), layers.Conv2D(3, 1), frozen(convolutions()), layers.Dense(4)]), X, {},
    ),
    "augmentation before it": (
        lambda: head(keras.Sequential([keras.Input((12, 12, 3)), layers.RandomFlip(), frozen(convolutions())])), X, {},
    ),
    "noise before it": (
        lambda: head(keras.Sequential([keras.Input((12, 12, 3)), layers.GaussianNoise(0.1), frozen(convolutions())])), X, {},
    ),
    "a user's layer before it": (lambda: head(keras.Sequential([keras.Input((12, 12, 3)), Doubled(), frozen(convolutions())])), X, {}),
    "one epoch": (lambda: head(frozen(convolutions())), X, {"epochs": 1}),
    "debugged": (lambda: head(frozen(convolutions())), X, {"debug": True}),
    "steps of its own": (OwnStep, X, {}),
    "a mask": (masked, WORDS, {}),
    "states of the batch before": (carried_on, X.reshape(45, 12, 36), {"batch_size": 15}),
    "steps between": (steps_between, X.reshape(45, 12, 36), {}),
}  # fmt: skip


@pytest.mark.parametrize("name", NOT_KEPT)
@pytest.mark.filterwarnings("ignore")
def test_what_may_change_from_step_to_step_is_computed_in_each(name: str, runs: list[int], capsys: pytest.CaptureFixture[str]) -> None:
    build, x, options = NOT_KEPT[name]
    keras.utils.set_random_seed(4)
    model = build()
    model.compile(loss="sparse_categorical_crossentropy")
    model.fit(x, Y, **({"epochs": 2, "batch_size": 10, "verbose": 2} | options))
    assert runs == [] and "frozen layers" not in capsys.readouterr().out


def test_a_model_that_puts_out_what_the_base_made_computes_it_in_each_step(runs: list[int]) -> None:
    def fit(keep: bool) -> Any:
        keras.utils.set_random_seed(4)
        picture = keras.Input((12, 12, 3))
        x = frozen(convolutions())(picture)
        model = keras.Model(picture, [x, layers.Dense(4, activation="softmax")(x)])
        model.compile("sgd", ["mse", "sparse_categorical_crossentropy"])
        return model.fit(X, [np.zeros((45, 7)), Y], epochs=3, batch_size=10, verbose=0, keep_frozen=keep).history["loss"]

    assert fit(True) == fit(False)
    assert runs == []


def test_a_batch_is_cut_as_without_so_that_sums_have_the_same_bits() -> None:
    """The head alone is too little work for several groups of shards; with its base it has eight."""
    x = RANDOM.random((64, 24, 24, 8), dtype=np.float32)

    def fit(keep: bool) -> Any:
        keras.utils.set_random_seed(4)
        stack = [layers.Conv2D(32, 3, activation="relu"), layers.MaxPooling2D(), layers.Conv2D(32, 3), layers.GlobalAveragePooling2D()]
        model = head(frozen(keras.Sequential([keras.Input((24, 24, 8)), *stack])))
        model.compile("adam", "sparse_categorical_crossentropy")
        model.fit(x, np.arange(64) % 4, epochs=3, verbose=0, keep_frozen=keep)
        return [weight.numpy() for weight in model.weights]

    for one, other in zip(fit(True), fit(False), strict=True):
        np.testing.assert_array_equal(one, other)


def test_an_x_that_is_changed_in_place_is_seen_without_only() -> None:
    """By hand: two inputs of 1 by kernels of 1 are 2, by the kernel of the head 2; 10 times that after the second epoch."""
    for keep, expected in ((True, [4, 4, 4]), (False, [4, 4, 400])):
        x = np.ones((6, 2), np.float32)
        model = keras.Sequential([
            keras.Input((2,)), frozen(layers.Dense(1, kernel_initializer="ones")), layers.Dense(1, kernel_initializer="ones"),
        ])  # fmt: skip
        model.compile(keras.optimizers.SGD(0.0), "mse")

        def changes(_: Any, x: Any = x) -> None:
            x *= 10

        history = model.fit(x, np.zeros(6), epochs=3, verbose=0, callbacks=[AtEpoch(changes)], keep_frozen=keep).history
        assert history["loss"] == expected


def test_batches_of_a_generator_are_not_kept(runs: list[int]) -> None:
    model = head(frozen(convolutions()))
    model.compile(loss="sparse_categorical_crossentropy")
    model.fit(batches(X, Y), epochs=2, steps_per_epoch=4, verbose=0)
    assert runs == []


def test_it_says_so_once_and_how_to_switch_it_off(capsys: pytest.CaptureFixture[str]) -> None:
    model = head(frozen(convolutions()))
    model.compile(loss="sparse_categorical_crossentropy")
    model.fit(X, Y, epochs=3, verbose=2, validation_split=0.2)
    lines = [line for line in capsys.readouterr().out.splitlines() if "frozen" in line]
    assert len(lines) == 1 and "3 frozen layers" in lines[0] and "keep_frozen=False" in lines[0]
    model.fit(X, Y, epochs=3, verbose=2, keep_frozen=False)
    assert "frozen" not in capsys.readouterr().out


def test_a_single_layer_is_called_by_its_name(capsys: pytest.CaptureFixture[str]) -> None:
    model = keras.Sequential([keras.Input((6,)), frozen(layers.Dense(5, name="first")), layers.Dense(4, activation="softmax")])
    model.compile(loss="sparse_categorical_crossentropy")
    model.fit(COLUMNS, Y, epochs=2, verbose=2)
    assert "the outputs of the frozen layer first are computed once for this fit" in capsys.readouterr().out


def test_beyond_the_memory_bound_each_step_computes_it(
    runs: list[int], monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    need = 45 * 7 * 4
    for bound, kept in ((need, True), (need - 1, False)):
        monkeypatch.setattr(frozen_base, "MOST_BYTES", bound)
        runs.clear()
        model = head(frozen(convolutions()))
        model.compile(loss="sparse_categorical_crossentropy")
        model.fit(X, Y, epochs=2, verbose=2)
        assert bool(runs) is kept
        assert ("more than is kept: each step computes them" in capsys.readouterr().out) is not kept
    monkeypatch.setattr(frozen_base, "MOST_BYTES", need)
    runs.clear()
    model.fit(X, Y, epochs=2, verbose=0, validation_data=(X, Y))
    assert sum(runs) == 45  # there is room for one of the two
    monkeypatch.setattr(frozen_base, "MOST_BYTES", 1 << 30)
    monkeypatch.setattr(frozen_base.memory, "available", lambda: 4 * need - 4)
    runs.clear()
    model.fit(X, Y, epochs=2, verbose=0)
    assert runs == []


class AtEpoch(keras.callbacks.Callback):
    """Does something before the third epoch."""

    def __init__(self, does: Callable[[Any], None]) -> None:
        super().__init__()
        self.does = does

    def on_epoch_begin(self, epoch: int, logs: Any = None) -> None:
        if epoch == 2:
            self.does(self.model)


def doubles_the_base(model: Any) -> None:
    base = model.layers[0]
    base.set_weights([2 * weight for weight in base.get_weights()])


def opens_the_base(model: Any) -> None:
    model.layers[0].trainable = True
    model.compile(optimizer=keras.optimizers.Adam(0.01), **CLASSES)


@pytest.mark.parametrize("does", [doubles_the_base, opens_the_base])
def test_a_callback_that_changes_the_base_is_heard(does: Callable[[Any], None], runs: list[int]) -> None:
    def fit(keep: bool) -> Any:
        return trained(
            lambda: head(frozen(convolutions())), X, Y, epochs=4, callbacks=[AtEpoch(does)], validation_split=0.2, keep_frozen=keep
        )

    (history, weights), (expected, others) = fit(True), fit(False)
    assert history == expected and all(np.array_equal(one, other) for one, other in zip(weights, others, strict=True))
    assert sum(runs) == (90 if does is doubles_the_base else 45)


def test_after_the_fit_nothing_is_kept() -> None:
    model = head(frozen(convolutions()))
    model.compile(loss="sparse_categorical_crossentropy")
    model.fit(X, Y, epochs=2, verbose=0)
    assert model._base is None
    with pytest.raises(ZeroDivisionError):
        model.fit(X, Y, epochs=4, verbose=0, callbacks=[AtEpoch(lambda _: 1 // 0)])  # type: ignore[arg-type,return-value]
    assert model._base is None
    before = model.evaluate(X, Y, verbose=0)
    doubles_the_base(model)
    assert model.evaluate(X, Y, verbose=0) != before
