"""compile, fit, evaluate, predict: data, labels, weights, epochs, callbacks, and what is refused before the first step."""

import csv
import io
import sys
import warnings
from typing import Any, ClassVar

import numpy as np
import pytest

import tinyseq as keras
from shapecheck.diagnostics.base import ShapeError
from tinyseq import layers
from tinyseq.training import callbacks, progress, schedules

RANDOM = np.random.default_rng(0)
X = RANDOM.normal(size=(40, 6)).astype(np.float32)
LABELS = RANDOM.integers(0, 3, 40)
ONE_HOT = np.eye(3, dtype=np.float32)[LABELS]


def classifier(loss: Any = "sparse_categorical_crossentropy", **options: Any) -> Any:
    """6 -> 3 classes, compiled."""
    keras.set_random_seed(5)
    model = keras.Sequential([keras.Input((6,)), layers.Dense(8, activation="relu"), layers.Dense(3, activation="softmax", name="last")])
    model.compile(options.pop("optimizer", "adam"), loss, **options)
    return model


# ---------------------------------------------------------------------- refused before the first step

LABELS_REFUSED = [
    ("sparse_categorical_crossentropy", ONE_HOT, "SC301"),
    ("categorical_crossentropy", LABELS, "SC301"),
    ("categorical_crossentropy", np.zeros((40, 4)), "SC301"),
    ("mse", np.zeros((40, 1)), "SC302"),
    ("mse", np.zeros((40, 2)), "SC301"),
    ("sparse_categorical_crossentropy", LABELS + 1, "labels go from 1 to 3, but the output has 3 classes"),
    ("sparse_categorical_crossentropy", LABELS - 1, "labels go from -1 to 1"),
    ("sparse_categorical_crossentropy", 2 * (LABELS > 0) - 1, r"labels go from -1 to 1.*write \(y \+ 1\) // 2"),
    ("sparse_categorical_crossentropy", LABELS + 0.5, "must be integers"),
    ("sparse_categorical_crossentropy", np.array(["a"] * 40), "expected numbers"),
    ("sparse_categorical_crossentropy", LABELS[:30], "'x' sizes: 40 'y' sizes: 30"),
    ("sparse_categorical_crossentropy", None, "pass y"),
]


@pytest.mark.parametrize(("loss", "y", "words"), LABELS_REFUSED, ids=[case[2] for case in LABELS_REFUSED])
def test_labels_that_do_not_fit_are_refused_before_the_first_step(loss: str, y: Any, words: str) -> None:
    model = classifier(loss)
    before = model.get_weights()
    for use in (model.fit, model.evaluate):
        with pytest.raises((ValueError, TypeError), match=words):
            use(X, y, verbose=0)
    assert model.optimizer.iterations == 0
    assert all(np.array_equal(a, b) for a, b in zip(before, model.get_weights(), strict=True))


def test_yes_or_no_from_one_unit_is_told_its_loss() -> None:
    model = keras.Sequential([keras.Input((6,)), layers.Dense(1, activation="sigmoid")])
    model.compile("sgd", "sparse_categorical_crossentropy")
    with pytest.raises(ValueError, match="binary_crossentropy"):
        model.fit(X, LABELS > 0, verbose=0)


@pytest.mark.parametrize("given", [(X[:, :5], LABELS), (X, LABELS[:30]), (X, ONE_HOT), (X, np.array(["a"] * 40))])
def test_validation_data_that_does_not_fit_is_named(given: Any) -> None:
    model = classifier()
    with pytest.raises((ValueError, TypeError)) as caught:
        model.fit(X, LABELS, validation_data=given, verbose=0)
    assert caught.value.__notes__ == ["(x and y of validation_data)"]
    assert model.optimizer.iterations == 0


def test_the_words_are_those_of_the_checker() -> None:
    with pytest.raises(ShapeError) as caught:
        classifier("categorical_crossentropy").fit(X, LABELS, verbose=0)
    assert str(caught.value) == (
        'last: SC301 labels (40,) do not match the output (None, 3) for loss "categorical_crossentropy"\n'
        "  why:  categorical_crossentropy compares each output with its own column of the labels, and these are one number "
        "for each sample\n"
        "  path: (6,) -> (8,) -> (3,)\n"
        "help: each fix below was verified on the whole model\n"
        '   1. compile: loss="sparse_categorical_crossentropy"\n      works'
    )


def test_what_compile_does_not_know_is_told_by_compile() -> None:
    for argument, value, what in (("optimizer", "adma", "optimizer"), ("loss", "nope", "loss"), ("metrics", ["acuracy"], "metric")):
        with pytest.raises(ValueError, match=f"Could not interpret {what} identifier"):
            classifier().compile(**{argument: value})


def test_training_needs_compile_and_a_loss() -> None:
    model = keras.Sequential([keras.Input((6,)), layers.Dense(3)])
    for use in (model.fit, model.evaluate, model.train_on_batch, model.test_on_batch):
        with pytest.raises(ValueError, match=r"must call `compile\(\)`"):
            use(X, X[:, :3])
    model.compile("sgd")
    with pytest.raises(ValueError, match=r"needs a loss to minimise, for example compile\(loss='mse'\)"):
        model.fit(X, X[:, :3])
    assert model.predict(X).shape == (40, 3)


def test_bad_sizes_of_a_batch_are_refused() -> None:
    for bad, error in ((0, ValueError), (-3, ValueError), (2.5, TypeError), ("8", TypeError)):
        with pytest.raises(error, match="batch_size"):
            classifier().fit(X, LABELS, batch_size=bad, verbose=0)
    with pytest.raises(ValueError, match="no samples"):
        classifier().fit(X[:0], LABELS[:0], verbose=0)


def test_a_split_that_leaves_nothing_is_refused() -> None:
    with pytest.raises(ValueError, match="Training data contains 4 samples, which is not sufficient to split"):
        classifier().fit(X[:4], LABELS[:4], validation_split=1.0, verbose=0)
    with pytest.raises(ValueError, match="from 0 to 1"):
        classifier().fit(X[:4], LABELS[:4], validation_split=1.5, verbose=0)


def test_class_weight_and_sample_weight_exclude_each_other() -> None:
    with pytest.raises(ValueError, match="class_weight"):
        classifier().fit(X, LABELS, class_weight={0: 2.0}, sample_weight=np.ones(40), verbose=0)


# ---------------------------------------------------------------------- epochs and batches


def test_validation_split_takes_the_last_rows_before_shuffling() -> None:
    seen: list[int] = []

    class Watch(callbacks.Callback):
        def on_test_batch_end(self, batch: int, logs: Any = None) -> None:
            seen.append(batch)

    model = classifier(metrics=["accuracy"])
    model.fit(X, LABELS, validation_split=0.25, batch_size=4, callbacks=[Watch()], verbose=0)
    assert len(seen) == 3
    twin = classifier(metrics=["accuracy"])
    history = twin.fit(X[:30], LABELS[:30], validation_data=(X[30:], LABELS[30:]), shuffle=False, verbose=0).history
    other = classifier(metrics=["accuracy"]).fit(X, LABELS, validation_split=0.25, shuffle=False, verbose=0).history
    assert history == other


def test_with_steps_the_data_runs_on_and_ends_an_epoch_with_a_warning() -> None:
    batches: list[int] = []

    class Count(callbacks.Callback):
        def on_epoch_begin(self, epoch: int, logs: Any = None) -> None:
            batches.append(0)

        def on_train_batch_end(self, batch: int, logs: Any = None) -> None:
            batches[-1] += 1

    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always")
        history = classifier().fit(X, LABELS, batch_size=8, epochs=4, steps_per_epoch=3, shuffle=False, callbacks=[Count()], verbose=0)
    assert batches == [3, 2, 3, 2]
    assert len(history.history["loss"]) == 4
    assert any("ran out" in str(warning.message) for warning in caught)


def test_epochs_are_counted_from_initial_epoch() -> None:
    history = classifier().fit(X, LABELS, initial_epoch=2, epochs=4, verbose=0)
    assert history.epoch == [2, 3]
    assert history.params == {"verbose": 0, "epochs": 4, "steps": 2}
    assert classifier().fit(X, LABELS, epochs=0, verbose=0).history == {}


def test_generators_and_sequences_feed_batches() -> None:
    def stream() -> Any:
        while True:
            for start in range(0, 40, 10):
                yield X[start : start + 10], LABELS[start : start + 10]

    class Sequence:
        def __len__(self) -> int:
            return 4

        def __getitem__(self, index: int) -> Any:
            return X[index * 10 : index * 10 + 10], LABELS[index * 10 : index * 10 + 10]

    expected = classifier().fit(X, LABELS, batch_size=10, epochs=2, shuffle=False, verbose=0).history
    streamed = classifier().fit(stream(), steps_per_epoch=4, epochs=2, verbose=0).history
    sequenced = classifier().fit(Sequence(), epochs=2, verbose=0).history
    assert expected == streamed == sequenced


def test_shuffling_repeats_with_the_seed() -> None:
    weights = []
    for _ in range(2):
        model = classifier()
        model.fit(X, LABELS, epochs=2, batch_size=8, verbose=0)
        weights.append(model.get_weights())
    assert all(np.array_equal(a, b) for a, b in zip(*weights, strict=True))


def test_one_batch_methods_give_that_batch_alone() -> None:
    model = classifier(metrics=["accuracy"])
    first = model.test_on_batch(X[:8], LABELS[:8])
    assert model.train_on_batch(X[:8], LABELS[:8]) == pytest.approx(first, rel=1e-6)
    assert model.train_on_batch(X[:8], LABELS[:8])[0] < first[0]
    assert set(model.test_on_batch(X, LABELS, return_dict=True)) == {"loss", "accuracy"}
    assert isinstance(classifier().train_on_batch(X, LABELS), float)
    assert np.array_equal(model.predict_on_batch(X), model.predict(X))


def test_evaluate_returns_number_list_or_dictionary() -> None:
    assert isinstance(classifier().evaluate(X, LABELS, verbose=0), float)
    model = classifier(metrics=["accuracy"])
    loss, accuracy = model.evaluate(X, LABELS, verbose=0)
    assert model.evaluate(X, LABELS, verbose=0, return_dict=True) == {"accuracy": accuracy, "loss": loss}
    assert accuracy == np.mean(model.predict(X).argmax(1) == LABELS)


def test_a_fused_softmax_keeps_extreme_logits_finite() -> None:
    model = keras.Sequential([keras.Input((2,)), layers.Dense(2, activation="softmax", use_bias=False)])
    model.set_weights([np.diag([1000.0, -1000.0])])
    model.compile("sgd", "sparse_categorical_crossentropy")
    assert model.evaluate(np.ones((1, 2)), np.array([1]), verbose=0) == pytest.approx(2000)
    history = model.fit(np.ones((1, 2)), np.array([1]), verbose=0).history
    assert history["loss"] == pytest.approx([2000])
    assert np.isfinite(model.get_weights()[0]).all()


def test_crossentropy_is_chosen_by_the_labels() -> None:
    by_label = classifier("crossentropy").evaluate(X, LABELS, verbose=0)
    assert by_label == pytest.approx(classifier("crossentropy").evaluate(X, ONE_HOT, verbose=0), rel=1e-6)
    assert by_label == pytest.approx(classifier().evaluate(X, LABELS, verbose=0), rel=1e-6)


def test_ctrl_c_leaves_a_model_that_works() -> None:
    class Interrupt(callbacks.Callback):
        def on_train_batch_end(self, batch: int, logs: Any = None) -> None:
            if batch == 2:
                raise KeyboardInterrupt

    model = classifier()
    with pytest.raises(KeyboardInterrupt):
        model.fit(X, LABELS, batch_size=4, callbacks=[Interrupt()], verbose=0)
    assert model.optimizer.iterations == 3
    assert np.isfinite(model.predict(X)).all()
    assert len(model.fit(X, LABELS, epochs=2, verbose=0).epoch) == 2


# ---------------------------------------------------------------------- callbacks


class Scripted(callbacks.Callback):
    """Replaces val_loss in the logs by a script."""

    def __init__(self, values: list[float]) -> None:
        self.values = values

    def on_epoch_end(self, epoch: int, logs: Any = None) -> None:
        logs["val_loss"] = self.values[epoch]


def fit_scripted(values: list[float], *others: Any) -> Any:
    """A fit whose val_loss follows the script."""
    model = classifier()
    history = model.fit(X, LABELS, epochs=len(values), callbacks=[Scripted(values), *others], verbose=0)
    return model, history


def test_early_stopping_waits_for_its_patience() -> None:
    assert len(fit_scripted([3, 2, 2.5, 2.4, 2.3, 1], callbacks.EarlyStopping(patience=2))[1].epoch) == 4
    assert len(fit_scripted([3, 2, 2.5, 1.9, 2.3, 2.2], callbacks.EarlyStopping(patience=2))[1].epoch) == 6
    assert len(fit_scripted([3, 2, 2.5, 1], callbacks.EarlyStopping())[1].epoch) == 3
    assert len(fit_scripted([3, 2.95, 2.9, 1], callbacks.EarlyStopping(min_delta=0.2))[1].epoch) == 2


def test_early_stopping_restores_the_best_weights() -> None:
    kept: list[Any] = []

    class Keep(callbacks.Callback):
        def on_epoch_end(self, epoch: int, logs: Any = None) -> None:
            kept.append(self.model.get_weights())

    model, _ = fit_scripted([3, 1, 2, 2], Keep(), callbacks.EarlyStopping(patience=5, restore_best_weights=True))
    assert all(np.array_equal(a, b) for a, b in zip(kept[1], model.get_weights(), strict=True))


def test_a_plateau_lowers_the_learning_rate() -> None:
    model, history = fit_scripted([1, 1, 1, 1, 1], callbacks.ReduceLROnPlateau(factor=0.5, patience=2, min_lr=0.0003))
    assert history.history["learning_rate"] == pytest.approx([1e-3, 1e-3, 1e-3, 5e-4, 5e-4])
    assert float(model.optimizer.learning_rate) == pytest.approx(3e-4)
    with pytest.raises(ValueError, match="factor"):
        callbacks.ReduceLROnPlateau(factor=1.0)


def test_a_scheduler_sets_the_rate_before_each_epoch() -> None:
    for schedule in (lambda epoch: 0.1 / (epoch + 1), lambda epoch, rate: 0.1 / (epoch + 1)):
        model = classifier()
        history = model.fit(X, LABELS, epochs=3, callbacks=[callbacks.LearningRateScheduler(schedule)], verbose=0)
        assert history.history["learning_rate"] == pytest.approx([0.1, 0.05, 0.1 / 3])
        assert list(history.history)[-1] == "learning_rate"


def test_checkpoints_keep_every_epoch_or_the_best(tmp_path: Any) -> None:
    path = str(tmp_path / "deep" / "e{epoch:02d}-{val_loss:.1f}.npz")
    fit_scripted([3, 1, 2], callbacks.ModelCheckpoint(path, save_weights_only=True))
    assert sorted(file.name for file in (tmp_path / "deep").iterdir()) == ["e01-3.0.npz", "e02-1.0.npz", "e03-2.0.npz"]
    best = tmp_path / "best-{epoch}.npz"
    fit_scripted([3, 1, 2], callbacks.ModelCheckpoint(best, save_weights_only=True, save_best_only=True))
    assert sorted(file.name for file in tmp_path.glob("best*")) == ["best-1.npz", "best-2.npz"]


def test_csv_has_a_line_an_epoch(tmp_path: Any) -> None:
    model = classifier()
    model.fit(X, LABELS, epochs=2, validation_split=0.2, callbacks=[callbacks.CSVLogger(tmp_path / "log.csv")], verbose=0)
    with open(tmp_path / "log.csv", encoding="utf-8", newline="") as file:
        rows = list(csv.reader(file))
    assert rows[0] == ["epoch", "loss", "val_loss"]
    assert [row[0] for row in rows[1:]] == ["0", "1"]


def test_nan_terminates(capsys: Any) -> None:
    model = classifier()
    broken = X.copy()
    broken[0] = np.nan
    with pytest.warns(UserWarning, match=r"x holds 6 NaN, the first at x\[0, 0\]"):
        history = model.fit(broken, LABELS, epochs=3, shuffle=False, callbacks=[callbacks.TerminateOnNaN()], verbose=0)
    assert len(history.epoch) == 1
    assert "Batch 0: Invalid loss, terminating training" in capsys.readouterr().out


def test_callbacks_are_called_in_the_order_of_keras() -> None:
    told: list[str] = []

    class Tell(callbacks.Callback):
        def __getattribute__(self, name: str) -> Any:
            if name.startswith("on_"):
                told.append(name)
            return super().__getattribute__(name)

    classifier().fit(X[:8], LABELS[:8], validation_data=(X[:2], LABELS[:2]), callbacks=[Tell()], verbose=0)
    assert told == [
        "on_train_begin", "on_epoch_begin", "on_train_batch_begin", "on_batch_begin", "on_train_batch_end", "on_batch_end",
        "on_test_begin", "on_test_batch_begin", "on_test_batch_end", "on_test_end", "on_epoch_end", "on_train_end",
    ]  # fmt: skip
    with pytest.raises(TypeError, match="callbacks"):
        classifier().fit(X, LABELS, callbacks=[print], verbose=0)


def test_older_names_of_the_events_of_a_batch_are_called_too() -> None:
    class Older(callbacks.Callback):
        seen: ClassVar[list[Any]] = []

        def on_batch_begin(self, batch: int, logs: Any = None) -> None:
            self.seen.append(batch)

        def on_batch_end(self, batch: int, logs: Any = None) -> None:
            self.seen.append(sorted(logs))

    classifier().fit(X[:8], LABELS[:8], batch_size=4, callbacks=[Older()], verbose=0)
    assert Older.seen == [0, ["loss"], 1, ["loss"]]


@pytest.mark.parametrize("batches, steps", [(4, 2), (3, 3), (3, 1), (4, 3)])
@pytest.mark.filterwarnings("ignore:the data ran out")
def test_steps_per_epoch_leave_no_epoch_empty(batches: int, steps: int) -> None:
    seen: list[int] = []
    count = callbacks.LambdaCallback(on_train_batch_begin=lambda batch, logs=None: seen.append(batch))
    history = classifier().fit(
        X[: 4 * batches], LABELS[: 4 * batches], batch_size=4, epochs=6, steps_per_epoch=steps, callbacks=[count], verbose=0
    )
    assert len(history.history["loss"]) == 6
    if batches % steps == 0:
        assert seen == list(range(steps)) * 6
    else:
        assert seen == [0, 1, 2, 0] * 3  # where the data ends, so does the epoch


@pytest.mark.parametrize("metric", ["precision", "recall", "binary_accuracy", "categorical_accuracy"])
def test_a_metric_that_labels_do_not_fit_is_refused_before_the_first_step(metric: str) -> None:
    model = classifier(metrics=[metric])
    before = model.get_weights()
    with pytest.raises(ValueError, match=f"metric '{metric}'.*to_categorical"):
        model.fit(X, LABELS, verbose=0)
    assert all((a == b).all() for a, b in zip(before, model.get_weights(), strict=True))


@pytest.mark.parametrize(
    "metric, words",
    [
        (lambda: keras.metrics.Precision(class_id=3), r"metric 'precision': class_id=3: the output \(.*, 3\) has the classes 0 to 2"),
        (lambda: keras.metrics.Recall(top_k=4), r"metric 'recall': top_k=4: .*: write top_k=3, or less"),
        (lambda: keras.metrics.Recall(class_id=-1), "class_id=-1: expected the number of a class"),
        (lambda: keras.metrics.Recall(top_k=0), "top_k=0: expected"),
        (lambda: keras.metrics.TruePositives(thresholds=1.5), "thresholds=1.5: expected numbers from 0 to 1"),
        (lambda: keras.metrics.BinaryAccuracy(threshold="a"), "threshold='a': expected a number"),
        (lambda: keras.metrics.TopKCategoricalAccuracy(k=0), "k=0: expected"),
    ],
)
def test_a_metric_of_a_class_that_there_is_not_is_refused_before_the_first_step(metric: Any, words: str) -> None:
    model = classifier()
    before = model.get_weights()
    with pytest.raises((TypeError, ValueError), match=words):
        model.compile("sgd", "categorical_crossentropy", metrics=[metric()])
        model.fit(X, ONE_HOT, verbose=0)
    assert all((a == b).all() for a, b in zip(before, model.get_weights(), strict=True))


def test_two_metrics_of_one_kind_are_told_apart_by_a_number_as_in_keras() -> None:
    model = classifier()
    model.compile("sgd", "categorical_crossentropy", metrics=[keras.metrics.Recall(class_id=k) for k in range(3)])
    history = model.fit(X, ONE_HOT, verbose=0).history
    assert list(history) == ["loss", "recall", "recall_1", "recall_2"]


@pytest.mark.parametrize("y", [LABELS > 0, (LABELS > 0)[:, None]])
def test_an_output_without_an_axis_of_units_is_measured_as_one_unit(y: Any) -> None:
    found = []
    for shape in ((), (1,)):
        keras.set_random_seed(5)
        model = keras.Sequential([keras.Input((6,)), layers.Dense(1, activation="sigmoid"), layers.Reshape(shape)])
        model.compile("sgd", "binary_crossentropy", metrics=["binary_accuracy", "precision", "recall"])
        found.append(model.evaluate(X, y, verbose=0))
    assert found[0] == found[1] and 0 < found[0][1] < 1


def test_metrics_say_what_they_compare() -> None:
    p, labels = np.array([[0.9, 0.1], [0.2, 0.8], [0.6, 0.4]], np.float32), np.array([0, 1, 1])
    assert keras.metrics.SparseCategoricalAccuracy()(labels, p) == pytest.approx(2 / 3)
    assert keras.metrics.SparseCategoricalAccuracy()(labels[:, None], p) == pytest.approx(2 / 3)
    assert keras.metrics.BinaryAccuracy()(labels, p[:, 1]) == pytest.approx(2 / 3)
    assert keras.metrics.Precision()(labels[:, None], p[:, 1:]) == 1
    with pytest.raises(ValueError, match="categorical_accuracy"):
        keras.metrics.SparseCategoricalAccuracy()(np.eye(2)[labels], p)
    with pytest.raises(ValueError, match=r"pass class numbers, of shape \(3,\)"):
        keras.metrics.SparseTopKCategoricalAccuracy(k=1)(labels[:2], p)
    with pytest.raises(ValueError, match=r"targets of shape \(3, 2\)"):
        keras.metrics.Recall()(labels[:2], p)


# ---------------------------------------------------------------------- progress


def test_progress_is_plain_lines_where_nobody_looks(capsys: Any) -> None:
    classifier(metrics=["accuracy"]).fit(X, LABELS, epochs=2, validation_split=0.2)
    lines = [line for line in capsys.readouterr().out.splitlines() if line.startswith(("Epoch", "1/1"))]
    assert [lines[0], lines[2]] == ["Epoch 1/2", "Epoch 2/2"]
    assert lines[1].startswith("1/1 - ")
    assert all(word in lines[1] for word in ("step - accuracy: ", " - loss: ", " - val_accuracy: ", " - val_loss: "))


def test_progress_survives_an_old_console() -> None:
    out = io.TextIOWrapper(io.BytesIO(), encoding="cp1252", errors="strict")
    saved, sys.stdout = sys.stdout, out
    try:
        classifier().fit(X, LABELS, epochs=1, verbose=2)
        model = classifier()
        model.evaluate(X, LABELS, verbose=1)
        model.summary()
        model.summary(style="wide")
    finally:
        sys.stdout = saved
    out.flush()
    written = out.buffer.getvalue().decode("cp1252")  # type: ignore[attr-defined]
    assert written.count("loss: ") == 2 and written.count("Total params: ") == 1 and "trainable" in written


def test_a_terminal_gets_a_bar(monkeypatch: Any) -> None:
    class Terminal(io.StringIO):
        encoding = "utf-8"

        def isatty(self) -> bool:
            return True

    out = Terminal()
    monkeypatch.setattr(sys, "stdout", out)
    classifier().fit(X, LABELS, epochs=1, batch_size=4)
    classifier().evaluate(X, LABELS, batch_size=4)
    text = out.getvalue()
    assert "Epoch 1/1" in text
    assert "10/10 - " in text


def test_values_are_printed_as_keras_prints_them() -> None:
    assert [progress.value_text(value) for value in (0.25, 1.5, 0.0005, 0.0, -2.0)] == [
        "0.2500", "1.5000", "5.0000e-04", "0.0000e+00", "-2.0000",
    ]  # fmt: skip


# ---------------------------------------------------------------------- schedules, optimizers


def test_schedules_follow_their_formulas() -> None:
    assert [schedules.ExponentialDecay(1.0, 10, 0.5)(step) for step in (0, 10, 20)] == [1.0, 0.5, 0.25]
    assert [schedules.ExponentialDecay(1.0, 10, 0.5, staircase=True)(step) for step in (9, 10)] == [1.0, 0.5]
    assert [schedules.PiecewiseConstantDecay([5, 9], [3, 2, 1])(step) for step in (5, 6, 9, 10)] == [3, 2, 2, 1]
    assert schedules.PolynomialDecay(1.0, 10, 0.0)(5) == pytest.approx(0.5)
    assert schedules.InverseTimeDecay(1.0, 10, 1.0)(10) == pytest.approx(0.5)
    assert [schedules.CosineDecay(1.0, 10)(step) for step in (0, 5, 10, 99)] == pytest.approx([1, 0.5, 0, 0])
    warm = schedules.CosineDecay(0.0, 10, warmup_target=1.0, warmup_steps=4)
    assert [warm(step) for step in (0, 2, 4, 14)] == pytest.approx([0, 0.5, 1, 0])
    assert [schedules.CosineDecayRestarts(1.0, 10)(step) for step in (0, 10, 20)] == pytest.approx([1, 1, 0.5])


def test_a_schedule_drives_the_optimizer() -> None:
    model = classifier(optimizer=keras.optimizers.SGD(schedules.ExponentialDecay(0.1, 1, 0.5)))
    model.fit(X, LABELS, batch_size=20, verbose=0)
    assert model.optimizer.learning_rate == pytest.approx(0.025)


def test_optimizers_refuse_what_cannot_be() -> None:
    with pytest.raises(ValueError, match="Only one of"):
        keras.optimizers.SGD(clipnorm=1.0, clipvalue=1.0)
    with pytest.raises(ValueError, match="momentum"):
        keras.optimizers.SGD(momentum=2)
    with pytest.raises(ValueError, match="learning_rate"):
        keras.optimizers.Adam(lr=0.1)
    with pytest.raises(ValueError, match="learning_rate"):
        keras.optimizers.Adam(learning_rate="fast")


@pytest.mark.parametrize("name", ["adam", "SGD", "RMSprop", "adamw", "nadam", "adagrad", "adadelta", "adamax", "lion", "ftrl"])
def test_every_optimizer_makes_the_loss_smaller(name: str) -> None:
    history = classifier(optimizer=name).fit(X, LABELS, epochs=5, batch_size=8, verbose=0).history["loss"]
    assert history[-1] < history[0]


# ---------------------------------------------------------------------- regularizers, constraints


def test_a_regularizer_adds_to_loss_and_gradient() -> None:
    model = keras.Sequential([keras.Input((2,)), layers.Dense(1, use_bias=False, kernel_regularizer=keras.regularizers.L1L2(0.1, 0.2))])
    model.set_weights([[[3.0], [-2.0]]])
    model.compile(keras.optimizers.SGD(1.0), "mse")
    penalty = 0.1 * 5 + 0.2 * 13
    x, y = np.zeros((1, 2)), np.zeros((1, 1))
    assert model.evaluate(x, y, verbose=0) == pytest.approx(penalty)
    assert model.train_on_batch(x, y) == pytest.approx(penalty)
    np.testing.assert_allclose(model.get_weights()[0][:, 0], [3 - (0.1 + 0.4 * 3), -2 - (-0.1 - 0.4 * 2)], rtol=1e-6)


def test_a_constraint_holds_after_every_step() -> None:
    layer = layers.Dense(3, kernel_constraint=keras.constraints.MaxNorm(0.5), bias_constraint="non_neg")
    model = keras.Sequential([keras.Input((6,)), layer])
    model.compile(keras.optimizers.SGD(1.0), "mse")
    model.fit(X, -ONE_HOT, epochs=2, verbose=0)
    kernel, bias = model.get_weights()
    assert np.all(np.linalg.norm(kernel, axis=0) <= 0.5 + 1e-5)
    assert np.all(bias >= 0)


def test_an_argument_that_is_not_computed_is_refused_by_name() -> None:
    with pytest.raises(NotImplementedError, match="dtype"):
        keras.Sequential([layers.Dense(2, dtype="float16")])
    for arguments in ({"kernel_initializer": "hee"}, {"kernel_regularizer": "l3"}, {"bias_constraint": "positive"}):
        with pytest.raises(ValueError, match=next(iter(arguments))):
            keras.Sequential([layers.Dense(2, **arguments)])


# ---------------------------------------------------------------------- names and order of what was measured


def two_headed(**options: Any) -> Any:
    """6 -> 3 classes and a number, compiled."""
    inputs = keras.Input((6,))
    outputs = [layers.Dense(3, activation="softmax", name="cls")(inputs), layers.Dense(1, name="reg")(inputs)]
    model = keras.Model(inputs, outputs)
    model.compile("sgd", ["sparse_categorical_crossentropy", "mse"], **options)
    return model


@pytest.mark.parametrize(
    "model, y, names",
    [
        (lambda: classifier("mae", metrics=["mse", "mae"]), ONE_HOT, ["loss", "mse", "mae"]),
        (lambda: classifier("mae", metrics=["mse"], weighted_metrics=["acc"]), ONE_HOT, ["loss", "mse", "acc"]),
        (
            lambda: two_headed(metrics=[["accuracy"], ["mse", "mae"]]),
            [LABELS, LABELS],
            ["loss", "cls_loss", "reg_loss", "cls_accuracy", "reg_mae", "reg_mse"],
        ),
    ],
)
def test_values_are_listed_in_the_order_of_keras(model: Any, y: Any, names: list[str]) -> None:
    """Keras 3.15: loss, metrics in compile()'s order; with several outputs the loss of each after the sum, metrics by the alphabet."""
    model = model()
    found = model.evaluate(X, y, verbose=0, return_dict=True)
    assert list(found) == sorted(names)
    assert model.metrics_names == names
    assert model.evaluate(X, y, verbose=0) == [found[name] for name in names]
    for measure in (model.test_on_batch, model.train_on_batch):
        assert measure(X, y) == pytest.approx([found[name] for name in names], rel=1e-4)


@pytest.mark.parametrize("name", ["acc", "accuracy", "Accuracy", "Precision", "precision", "MeanAbsoluteError", "MAE", "mae"])
def test_a_metric_named_by_a_string_keeps_it_as_its_key(name: str) -> None:
    """As in Keras 3.15, capitals and all."""
    model = classifier("mse", metrics=[name])
    history = model.fit(X, ONE_HOT, validation_data=(X, ONE_HOT), verbose=0).history
    assert set(history) == {"loss", name, "val_loss", f"val_{name}"}
    model = two_headed(metrics={"reg": [name]})
    assert f"reg_{name}" in model.test_on_batch(X, [LABELS, LABELS[:, None] > 0], return_dict=True)


@pytest.mark.parametrize("monitor", ["val_Precision", "val_Accuracy", "val_acc"])
def test_auto_takes_more_for_better_whatever_the_capitals(monitor: str) -> None:
    assert callbacks.EarlyStopping(monitor).rising


def test_functions_of_losses_and_metrics_stand_in_compile() -> None:
    named = classifier("mse", metrics=["mean_absolute_error", "categorical_accuracy"])
    model = classifier(keras.losses.mean_squared_error, metrics=[keras.losses.mae, keras.metrics.categorical_accuracy])
    expected = named.train_on_batch(X, ONE_HOT, return_dict=True)
    assert model.train_on_batch(X, ONE_HOT, return_dict=True) == pytest.approx(expected)


def test_the_cosine_is_a_similarity_as_a_metric_and_its_negative_as_a_loss() -> None:
    """0.7561 is what Keras 3.15 gives."""
    model = keras.Sequential([keras.Input((3,)), layers.Dense(2, use_bias=False)])
    model.layers[0].set_weights([np.array([[1.0, 2], [3, 4], [5, 6]])])
    x, y = np.array([[1.0, 2, 3], [1, 0, 0]]), np.array([[1.0, 0], [0, 1]])
    model.compile("sgd", "cosine_similarity", metrics=["cosine_similarity", keras.metrics.CosineSimilarity(name="mine")])
    np.testing.assert_allclose(model.evaluate(x, y, verbose=0), [-0.7561244, 0.7561244, 0.7561244], rtol=1e-5)


def test_the_loss_of_one_row_alone_is_a_number() -> None:
    """As in Keras 3.15: 2.0, and () for its shape."""
    found = keras.losses.mean_squared_error(np.array([1.0, 2]), np.array([1.0, 4]))
    assert np.shape(found) == ()
    assert found == 2
    assert np.shape(keras.losses.mean_squared_error(np.ones((5, 2)), np.zeros((5, 2)))) == (5,)
