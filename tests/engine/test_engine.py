"""The engine: plans, memory, threads, random numbers. Numbers depend on none of these."""

import os
import signal
import sys
import threading
import time
import tracemalloc
from functools import partial
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import tinyseq as keras
from shapecheck.memory import Interval, Lifetimes, Operation, place
from tinyseq import layers
from tinyseq.engine import packed_weights
from tinyseq.engine import threads as engine_threads
from tinyseq.engine.partition import Schedule
from tinyseq.engine.plan import Mode, Plan
from tinyseq.training.data import Arrays, Batch
from tinyseq.weights import initializers


def convnet(**options: Any) -> Any:
    """Big enough for several groups of the batch."""
    return keras.Sequential(
        [
            keras.Input((40, 42, 3)),
            layers.Conv2D(12, 5, strides=2, activation="relu"),
            layers.Conv2D(16, 3, **options),
            layers.BatchNormalization(),
            layers.ReLU(),
            layers.MaxPooling2D(2),
            layers.Dropout(0.3),
            layers.Flatten(),
            layers.Dense(5, activation="softmax"),
        ]
    )


def pictures(count: int, seed: int = 0) -> Any:
    """(count, 40, 42, 3)"""
    return np.random.default_rng(seed).normal(size=(count, 40, 42, 3)).astype(np.float32)


# ---------------------------------------------------------------------- memory


@settings(max_examples=60, deadline=None)
@given(st.lists(st.tuples(st.integers(0, 5000), st.integers(0, 12), st.integers(0, 6)), max_size=25))
def test_arrays_needed_at_one_moment_never_overlap(sizes: list[tuple[int, int, int]]) -> None:
    intervals = {("x", i): Interval(size, start, start + length) for i, (size, start, length) in enumerate(sizes)}
    placement = place(intervals)
    for key, one in intervals.items():
        assert placement.offsets[key] % 64 == 0
        assert placement.offsets[key] + one.size <= placement.total
        for other_key, other in intervals.items():
            together = one.start <= other.end and other.start <= one.end
            if key != other_key and together and one.size and other.size:
                a, b = placement.offsets[key], placement.offsets[other_key]
                assert a + one.size <= b or b + other.size <= a


def test_prediction_reuses_what_no_later_layer_reads() -> None:
    chain = [Operation([i], [i + 1]) for i in range(10)]
    found = Lifetimes(chain, dict.fromkeys(range(11), 6400), [0, 10])
    assert place(found.intervals).total == 2 * 6400


def test_training_keeps_only_what_backward_reads() -> None:
    def chain(keeps: bool) -> list[Operation]:
        return [Operation([i], [i + 1], keeps_input=keeps, keeps_output=False, backward=True, wanted=[i > 0]) for i in range(10)]

    sizes = dict.fromkeys(range(11), 6400)
    keeping = place(Lifetimes(chain(True), sizes, [0, 10], [10]).intervals).total
    letting_go = place(Lifetimes(chain(False), sizes, [0, 10], [10]).intervals).total
    assert keeping == 11 * 6400
    assert letting_go == 2 * 6400


def test_a_steady_step_allocates_no_internal_array() -> None:
    model = convnet()
    keras.set_num_threads(1)
    x, y = pictures(16), np.arange(16) % 5
    model.compile("sgd", "sparse_categorical_crossentropy")
    batch = Batch([x], [y], [None])
    for _ in range(2):
        model._train(batch)
    model(x)
    tracemalloc.start()
    try:
        before = tracemalloc.get_traced_memory()[0]
        tracemalloc.reset_peak()
        model._train(batch)
        peak = tracemalloc.get_traced_memory()[1] - before
    finally:
        tracemalloc.stop()
    assert peak < 300_000, f"{peak} bytes: one picture's first activations alone have 18 * 19 * 12 * 4 * 16 = 262,656"


def test_frozen_layers_below_get_no_backward() -> None:
    model = convnet()
    for layer in model.layers[:-1]:
        layer.trainable = False
    mode = Mode(training=True, backward=True, trained=model.trainable_weights)
    plan = Plan(model.graph, ((4, 40, 42, 3),), mode)
    assert [op.layer.name for op in plan.ops if op.backward] == [model.layers[-1].name]


def test_ten_thousand_samples_are_cut_so_that_memory_is_bounded() -> None:
    model = keras.Sequential([keras.Input((64, 64, 3)), layers.Conv2D(8, 3), layers.GlobalMaxPooling2D()])
    schedule = Schedule(model.graph, ((10_000, 64, 64, 3),), Mode())
    assert max(shard.plan.placement.total for shard in schedule.shards) < 100 << 20
    assert [shard.start for shard in schedule.shards[1:]] == [shard.stop for shard in schedule.shards[:-1]]


def test_the_forecast_is_the_plan() -> None:
    from tinyseq.memory_estimate import forecast

    model = convnet()
    need = forecast(model, 8, training=False)
    assert need["weights"] == 4 * model.count_params()
    assert need["gradients"] == 0
    assert forecast(model, 8, training=True)["values"] > need["values"]


@pytest.mark.parametrize(("size", "groups"), [(50, 8), (16, 2), (6, 1)])
def test_a_batch_is_cut_in_fewer_groups_where_sets_of_gradients_are_dear(size: int, groups: int) -> None:
    model = keras.Sequential([keras.Input((size, size, 128)), layers.Conv2D(64, 3)])
    mode = Mode(training=True, backward=True, trained=model.trainable_weights)
    assert Schedule(model.graph, ((8, size, size, 128),), mode).groups == groups


# ---------------------------------------------------------------------- threads


@pytest.mark.skipif(not hasattr(os, "sched_setaffinity") or len(os.sched_getaffinity(0)) < 2, reason="one core, or no say")
@pytest.mark.skipif(bool(os.environ.get("NUMBA_DISABLE_JIT")), reason="no core is known")
def test_a_helper_leaves_the_core_of_the_thread_that_waits_for_it_and_may_come_back() -> None:
    from tests.kernels.shared_kernels import core

    found: list[tuple[bool, bool]] = []

    def helper() -> None:
        cores = os.sched_getaffinity(0)
        busy = core()
        engine_threads._step_aside(busy)
        found.append((core() != busy, os.sched_getaffinity(0) == cores))
        engine_threads._step_aside(-1)
        engine_threads._step_aside(max(cores) + 1)
        found.append((True, os.sched_getaffinity(0) == cores))

    for _ in range(10):  # the system may move it back at once, if the other core is wanted
        thread = threading.Thread(target=helper)
        thread.start()
        thread.join()
    assert any(moved for moved, _ in found[::2]) and all(kept for _, kept in found)


def test_predictions_do_not_depend_on_threads_or_on_the_batch() -> None:
    model = convnet()
    x = pictures(24)
    keras.set_num_threads(1)
    expected = model(x)
    for threads in (2, 3, 8):
        keras.set_num_threads(threads)
        assert np.array_equal(model(x), expected)
        assert np.array_equal(model.predict(x, batch_size=7), expected)
    assert np.array_equal(np.concatenate([model(x[i : i + 1]) for i in range(24)]), expected)


def test_training_does_not_depend_on_threads() -> None:
    found = []
    for threads in (1, 2, 5):
        keras.set_num_threads(threads)
        keras.set_random_seed(3)
        model = convnet()
        model.compile("adam", "sparse_categorical_crossentropy")
        model.fit(pictures(40), np.arange(40) % 5, epochs=2, batch_size=16, verbose=0)
        found.append(model.get_weights())
    for other in found[1:]:
        assert all(np.array_equal(a, b) for a, b in zip(found[0], other, strict=True))


def test_eight_python_threads_predict_with_one_model() -> None:
    model = convnet()
    data = [pictures(1 + i, seed=i) for i in range(8)]
    expected = [model(x) for x in data]
    fresh = convnet()
    fresh.set_weights(model.get_weights())
    wrong: list[int] = []

    def work(index: int) -> None:
        for _ in range(5):
            if not np.array_equal(fresh(data[index]), expected[index]):
                wrong.append(index)

    workers = [threading.Thread(target=work, args=(index,)) for index in range(8)]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join()
    assert not wrong


@pytest.mark.skipif(not hasattr(os, "fork"), reason="this system has no fork")
@pytest.mark.filterwarnings("ignore:This process")
def test_a_forked_child_computes_too() -> None:
    model = convnet()
    x = pictures(16)
    keras.set_num_threads(2)
    expected = model(x)
    child = os.fork()
    if child == 0:
        os._exit(0 if np.array_equal(model(x), expected) else 1)
    assert os.waitpid(child, 0)[1] == 0


@pytest.mark.skipif(not hasattr(os, "fork"), reason="this system has no fork")
@pytest.mark.filterwarnings("ignore:This process")
def test_a_child_that_is_forked_while_weights_are_packed_packs_its_own() -> None:
    model, x = convnet(), pictures(2)
    expected = model(x)
    model.set_weights(model.get_weights())
    with packed_weights.lock:  # as another thread would hold it
        child = os.fork()
        if child == 0:
            signal.alarm(20)  # the child would wait for ever
            os._exit(0 if np.array_equal(model(x), expected) else 1)
    assert os.waitpid(child, 0)[1] == 0


def test_a_changed_number_of_threads_leaves_no_helper_behind() -> None:
    def helpers() -> int:
        return sum(thread.name == "tinyseq" for thread in threading.enumerate())

    for count in (3, 2, 4, 2):
        keras.set_num_threads(count)
        done: list[int] = []
        engine_threads.run([partial(done.append, i) for i in range(9)])
        assert sorted(done) == list(range(9))
    until = time.monotonic() + 20
    while helpers() > 1 and time.monotonic() < until:
        time.sleep(0.01)
    assert helpers() == 1


def test_the_number_of_threads_is_checked() -> None:
    for bad in (0, -1, 1.5, True, "2"):
        with pytest.raises(ValueError, match="positive integer"):
            keras.set_num_threads(bad)


def test_an_error_in_a_thread_comes_out_and_the_model_works_on() -> None:
    class Breaks(layers.Layer):
        shardable = True
        broken = False

        def output_shape(self, shape: Any) -> Any:
            return shape

        def forward(self, ctx: Any, x: Any) -> Any:
            if self.broken:
                raise KeyError("on purpose")
            return x * 2

    layer = Breaks()
    model = keras.Sequential([keras.Input((40, 42, 3)), layers.Conv2D(8, 5), layer])
    x = pictures(16)
    expected = model(x)
    layer.broken = True
    with pytest.raises(KeyError, match="on purpose"):
        model(x)
    layer.broken = False
    assert np.array_equal(model(x), expected)


# ---------------------------------------------------------------------- layers


class Scale(layers.Layer):
    """A layer of the user's own: y = x * scale."""

    def output_shape(self, input_shape: Any) -> Any:
        return input_shape

    def build(self, input_shape: Any) -> None:
        self.add_weight(name="scale", shape=(input_shape[-1],), initializer="ones")
        super().build(input_shape)

    def forward(self, ctx: Any, x: Any) -> Any:
        return x * ctx.weight("scale")

    def backward(self, ctx: Any, gradient: Any) -> Any:
        change = ctx.gradient("scale")
        if change is not None:
            change += (gradient * ctx.inputs[0]).sum(axis=tuple(range(gradient.ndim - 1)))
        return gradient * ctx.weight("scale")


def test_a_layer_of_the_users_own_trains() -> None:
    model = keras.Sequential([keras.Input((3,)), Scale(), layers.Dense(2)])
    assert [weight.shape for weight in model.weights] == [(3,), (3, 2), (2,)]
    assert model.table.params == 11
    model.compile(keras.optimizers.SGD(0.1), "mse")
    x = np.random.default_rng(0).normal(size=(50, 3))
    losses = model.fit(x, x[:, :2] * 3, epochs=40, verbose=0).history["loss"]
    assert losses[-1] < 0.05 * losses[0]
    assert not np.array_equal(model.layers[0].scale.numpy(), np.ones(3))


def test_a_layer_without_backward_predicts_and_says_that_it_cannot_train() -> None:
    class Square(layers.Layer):
        def compute_output_shape(self, input_shape: Any) -> Any:
            return input_shape

        def forward(self, ctx: Any, x: Any) -> Any:
            return x * x

    model = keras.Sequential([keras.Input((3,)), layers.Dense(3), Square(name="square")])
    assert model(np.ones((2, 3))).shape == (2, 3)
    model.compile("sgd", "mse")
    with pytest.raises(NotImplementedError, match="square: Square has no backward"):
        model.fit(np.ones((2, 3)), np.ones((2, 3)), verbose=0)


def test_a_wrong_shape_from_forward_is_told() -> None:
    class Liar(layers.Layer):
        def output_shape(self, input_shape: Any) -> Any:
            return (input_shape[0], 7)

        def forward(self, ctx: Any, x: Any) -> Any:
            return x

    with pytest.raises(ValueError, match=r"returned an array of shape \(2, 3\), expected \(2, 7\)"):
        Liar()(np.ones((2, 3)))


def test_dropout_repeats_with_its_seed_and_differs_from_call_to_call() -> None:
    x = np.ones((4, 50), np.float32)
    first, second = layers.Dropout(0.5, seed=3), layers.Dropout(0.5, seed=3)
    one = first(x, training=True)
    assert np.array_equal(one, second(x, training=True))
    assert not np.array_equal(one, first(x, training=True))
    assert np.array_equal(first(x), x)


def test_dropout_in_a_batch_cut_in_pieces_is_not_one_mask_over_and_over() -> None:
    model = keras.Sequential([keras.Input((30, 30, 3)), layers.Conv2D(8, 5), layers.Dropout(0.5)])
    mask = model(np.random.default_rng(0).normal(size=(16, 30, 30, 3)), training=True) == 0
    assert not np.array_equal(mask[0], mask[8])
    assert 0.45 < mask.mean() < 0.55


def test_batch_statistics_are_those_of_the_whole_batch() -> None:
    model = keras.Sequential([keras.Input((30, 30, 3)), layers.Conv2D(8, 5), layers.BatchNormalization()])
    out = model(np.random.default_rng(0).normal(size=(16, 30, 30, 3)) * 5 + 2, training=True)
    np.testing.assert_allclose(out.mean((0, 1, 2)), 0, atol=1e-4)
    np.testing.assert_allclose(out.std((0, 1, 2)), 1, atol=2e-3)


# ---------------------------------------------------------------------- initializers


@pytest.mark.parametrize(
    ("name", "limit"),
    [("glorot_uniform", np.sqrt(6 / 300)), ("he_uniform", np.sqrt(6 / 100)), ("lecun_uniform", np.sqrt(3 / 100)), ("uniform", 0.05)],
)
def test_uniform_initializers_fill_their_range(name: str, limit: float) -> None:
    values = initializers.get(name)((100, 200))
    assert 0.98 * limit < np.abs(values).max() <= limit
    assert abs(values.mean()) < 0.02 * limit


@pytest.mark.parametrize(("name", "variance"), [("glorot_normal", 2 / 300), ("he_normal", 2 / 100), ("lecun_normal", 1 / 100)])
def test_normal_initializers_are_cut_at_two_deviations_and_have_their_variance(name: str, variance: float) -> None:
    values = initializers.get(name)((100, 200))
    assert values.var() == pytest.approx(variance, rel=0.03)
    assert np.abs(values).max() <= 2 * np.sqrt(variance) / initializers.TRUNCATED_DEVIATION + 1e-6


def test_orthogonal_and_identity_are_what_they_say() -> None:
    q = initializers.get("orthogonal")((5, 3))
    np.testing.assert_allclose(q.T @ q, np.eye(3), atol=1e-6)
    q = initializers.get("orthogonal")((3, 5))
    np.testing.assert_allclose(q @ q.T, np.eye(3), atol=1e-6)
    assert np.array_equal(initializers.get("identity")((3, 3)), np.eye(3))
    with pytest.raises(ValueError, match="at least 2 axes"):
        initializers.get("orthogonal")((3,))
    with pytest.raises(ValueError, match="initializer"):
        initializers.get("nope")


def test_fans_are_those_of_keras() -> None:
    assert initializers.fans((7,)) == (7, 7)
    assert initializers.fans((3, 4)) == (3, 4)
    assert initializers.fans((5, 5, 3, 32)) == (75, 800)


def test_importing_and_printing_a_table_loads_no_numba() -> None:
    import subprocess

    code = (
        "import sys, tinyseq as keras\nfrom tinyseq import layers\n"
        "m = keras.Sequential([keras.Input((8, 8, 1)), layers.Conv2D(2, 3), layers.Flatten(), layers.Dense(2)])\nm.summary()\n"
        "sys.exit('numba' in sys.modules)"
    )
    assert subprocess.run([sys.executable, "-c", code], capture_output=True, check=False).returncode == 0


def test_packed_weights_are_forecast_before_they_are_made_and_kept_from_step_to_step() -> None:
    from tinyseq.memory_estimate import forecast

    model = keras.Sequential(
        [keras.Input((12, 12, 16)), layers.Conv2D(32, 3), layers.Conv2D(7, 2), layers.Flatten(), layers.Dense(3, activation="softmax")]
    )
    model.compile("sgd", "sparse_categorical_crossentropy")
    told = {training: forecast(model, 4, training)["prepared weights"] for training in (False, True)}
    x, y = np.ones((4, 12, 12, 16), np.float32), np.arange(4) % 3
    model.predict_on_batch(x)
    model.train_on_batch(x, y)
    for training in (False, True):
        arrays = [array for layer in model.layers if layer.weights for array in layer._prepared[training][1].values()]
        assert sum(array.nbytes for array in arrays) == told[training]
    before = [id(array) for layer in model.layers if layer.weights for array in layer._prepared[True][1].values()]
    model.train_on_batch(x, y)
    assert before == [id(array) for layer in model.layers if layer.weights for array in layer._prepared[True][1].values()]


def test_weights_are_packed_for_the_tiles_that_suit_the_image_and_its_gradient() -> None:
    from tinyseq.kernels.convolution import winograd

    layer = layers.Conv2D(16, 3)
    model = keras.Sequential([keras.Input((26, 26, 16)), layer, layers.GlobalMaxPooling2D(), layers.Dense(3)])
    model.compile("sgd", "mse")
    model.train_on_batch(np.ones((2, 26, 26, 16), np.float32), np.ones((2, 3), np.float32))
    packed = layer._prepared[True][1]
    assert packed["winograd"].size == winograd.forward_size((3, 3, 16, 16), 6)  # 24x24: 16 tiles instead of 36
    assert packed["winograd_backward"].size == winograd.backward_size((3, 3, 16, 16), 4)  # 26x26: 49 tiles, not 25


def test_a_convolution_that_comes_to_stand_at_a_second_place_computes_at_both() -> None:
    shared = layers.Conv2D(16, 3)
    images = [np.random.default_rng(size).random((2, size, size, 16), dtype=np.float32) for size in (20, 5)]
    models = []
    for x in images:  # 20x20: by Winograd's method; 5x5: directly
        inputs = keras.Input(x.shape[1:])
        models.append(keras.Model(inputs, shared(inputs)))
        models[-1].predict_on_batch(x)
    kernel, bias = shared.get_weights()
    for model, x in zip(models, images, strict=True):
        windows = np.lib.stride_tricks.sliding_window_view(x.astype(np.float64), (3, 3), (1, 2))
        np.testing.assert_allclose(model.predict_on_batch(x), np.einsum("nrscij,ijcf->nrsf", windows, kernel) + bias, atol=1e-4)


def test_a_lone_group_is_one_shard_whose_layers_are_split() -> None:
    model = keras.Sequential([keras.Input((120, 120, 32)), layers.MaxPooling2D(3)])
    model.predict_on_batch(np.zeros((8, 120, 120, 32), np.float32))
    [schedule] = model._engine._schedules.values()
    assert [(shard.start, shard.stop) for shard in schedule.shards] == [(0, 8)]


def test_pieces_of_several_groups_stay_in_the_caches_unless_weights_are_large() -> None:
    def most(units: int) -> int:
        stack = [layers.Conv2D(32, 3, padding="same"), layers.Conv2D(32, 3, padding="same"), layers.Flatten(), layers.Dense(units)]
        model = keras.Sequential([keras.Input((64, 64, 3)), *stack])
        model.predict_on_batch(np.zeros((64, 64, 64, 3), np.float32))
        [schedule] = model._engine._schedules.values()
        return max(shard.stop - shard.start for shard in schedule.shards)

    assert most(4) * 2 * 64 * 64 * 32 * 4 < 9 << 20
    assert most(64) == 8  # 32 MiB of weights: each shard reads them


def test_a_dense_net_is_cut_where_samples_pay_for_the_weights() -> None:
    def groups(units: int, batch: int) -> int:
        model = keras.Sequential([keras.Input((784,)), layers.Dense(units), layers.Dense(units), layers.Dense(10)])
        model.predict_on_batch(np.zeros((batch, 784), np.float32))
        [schedule] = model._engine._schedules.values()
        return int(schedule.groups)

    assert [groups(512, batch) for batch in (16, 64, 128, 1024)] == [1, 2, 4, 8]
    assert groups(2048, 128) == 1  # 23 MB of weights


def test_every_pass_is_shuffled_anew() -> None:
    data = Arrays([np.arange(50)], [None], [None], 50, [np.float32])
    first, second = (next(data.batches(shuffle=True)).inputs[0].tolist() for _ in range(2))
    assert first != second
    assert sorted(first) == sorted(second) == list(range(50))
