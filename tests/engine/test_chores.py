"""Tasks that come again in every step: noted, and then performed without Python, with the same results."""

import copy
from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

import tinyseq as keras
from tests.kernels import noted_kernels
from tinyseq import layers
from tinyseq.engine import chores, program
from tinyseq.engine.context import Context
from tinyseq.kernels.movement import copying

RUNS = program.UNNOTED + program.NOTED


class Counted:
    """Tasks, and how often Python was asked for each."""

    def __init__(self, *tasks: Callable[[], None]) -> None:
        self.tasks = tasks
        self.asked = [0] * len(tasks)

    def __call__(self) -> list[Callable[[], None]]:
        return [lambda number=number: self.one(number) for number in range(len(self.tasks))]  # type: ignore[misc]

    def one(self, number: int) -> None:
        self.asked[number] += 1
        self.tasks[number]()


def test_kernels_are_performed_and_the_rest_is_left_to_python() -> None:
    total, source, counter = np.zeros(40, np.float32), np.ones(40, np.float32), np.zeros(3)

    def by_numpy() -> None:
        counter[0] += 1

    def with_an_array_of_its_own() -> None:
        twice = source[20:] * 2
        copying.add_flat(twice, total[20:])

    tasks = Counted(lambda: copying.add_flat(source[:20], total[:20]), by_numpy, with_an_array_of_its_own)
    mine = chores.Chores()
    for run in range(1, RUNS + 5):
        source[:] = run
        mine.run(tasks, [total], worth=True, worth_waking=True)
    runs = RUNS + 4
    assert tasks.asked == [RUNS, runs, runs]
    sums = runs * (runs + 1) / 2
    np.testing.assert_array_equal(total, np.repeat([sums, 2 * sums], 20))
    assert counter[0] == runs


def test_other_arrays_and_another_number_of_threads_are_noted_anew() -> None:
    before = keras.get_num_threads()
    mine, one = chores.Chores(), np.ones(8, np.float32)
    totals = [np.zeros(8, np.float32) for _ in range(2)]
    try:
        for total in (*totals, *totals):
            for count in (1, 2):
                keras.set_num_threads(count)
                tasks = Counted(lambda total=total: copying.add_flat(one, total))  # type: ignore[misc]
                for _ in range(RUNS + 2):
                    mine.run(tasks, [total], worth=True, worth_waking=True)
                assert tasks.asked == [RUNS]
    finally:
        keras.set_num_threads(before)
    for total in totals:
        np.testing.assert_array_equal(total, 4 * (RUNS + 2))


def test_parts_of_a_split_are_tasks_of_their_own() -> None:
    context = Context()
    context.parts, context.marks = 3, True
    source, target = np.arange(30, dtype=np.float32), np.zeros(30, np.float32)
    last = np.zeros(30, np.float32)

    def task() -> None:
        context.split(lambda start, stop, part: copying.add_flat(source[start:stop], target[start:stop]), 30, 1e12)
        copying.add_flat(source, last)

    tasks, mine = Counted(task), chores.Chores()
    for _ in range(RUNS + 2):
        mine.run(tasks, [target], worth=True, worth_waking=True)
    assert tasks.asked == [RUNS]
    assert mine.stage is not None
    assert len(mine.stage.table.programs) == 4
    for found in (target, last):
        np.testing.assert_array_equal(found, source * (RUNS + 2))


def test_a_kernel_that_was_not_loaded_is_loaded_when_it_is_needed() -> None:
    from tinyseq.kernels.runtime.recording import unless

    flag, target = np.ones(1, np.int64), np.zeros(1)
    mine = chores.Chores()

    def task() -> None:
        unless(noted_kernels.as_integer(flag), noted_kernels.add_one_later, target)

    assert not noted_kernels.add_one_later.overloads  # type: ignore[attr-defined]
    for run in range(RUNS + 4):
        flag[0] = run < RUNS + 1
        mine.run(Counted(task), [target], worth=False, worth_waking=False)
    assert target[0] == 3


@pytest.mark.parametrize("frozen", [False, True])
def test_weights_are_packed_whatever_changes(frozen: bool, monkeypatch: pytest.MonkeyPatch) -> None:
    """Steps, other weights in between, and layers that do not train."""

    def outcome() -> list[Any]:
        keras.utils.set_random_seed(1)
        model = keras.Sequential(
            [
                keras.Input((20, 20, 16)), layers.Conv2D(32, 3, activation="relu"), layers.Conv2D(32, 5, strides=2),
                layers.Flatten(), layers.Dense(200, activation="relu"), layers.Dense(4),
            ]
        )  # fmt: skip
        model.layers[0].trainable = not frozen
        model.compile("sgd", keras.losses.SparseCategoricalCrossentropy(from_logits=True))
        rng, found = np.random.default_rng(0), []
        for step in range(12):
            x, y = rng.standard_normal((8, 20, 20, 16), np.float32), rng.integers(0, 4, 8)
            found += [model.train_on_batch(x, y), model.predict_on_batch(x)]
            if step in (6, 9):
                model.set_weights([weight * np.float32(1.1) for weight in model.get_weights()])
                found.append(model.predict_on_batch(x))
        return [*found, *model.get_weights()]

    found = outcome()
    monkeypatch.setenv("TINYSEQ_REPLAY", "0")
    for one, other in zip(found, outcome(), strict=True):
        np.testing.assert_array_equal(one, other)


@pytest.mark.parametrize("base", [keras.optimizers.SGD, keras.optimizers.Adam, keras.optimizers.RMSprop])
def test_a_rate_that_a_subclass_hands_on_holds(base: Any) -> None:
    class Slower(base):  # type: ignore[misc]
        def update(self, p: Any, g: Any, kept: Any, rate: float) -> None:
            super().update(p, g, kept, rate / 4)

    def outcome(optimizer: Any) -> list[Any]:
        keras.utils.set_random_seed(1)
        model = keras.Sequential([keras.Input((6,)), layers.Dense(4)])
        model.compile(optimizer, "mse")
        rng = np.random.default_rng(0)
        for _ in range(RUNS + 4):
            model.train_on_batch(rng.random((8, 6), np.float32), rng.random((8, 4), np.float32))
        return model.get_weights()

    for found, expected in zip(outcome(Slower(0.04)), outcome(base(0.01)), strict=True):
        np.testing.assert_allclose(found, expected, rtol=1e-5, atol=1e-7)


def test_what_a_subclass_does_beside_the_kernel_is_done_every_time() -> None:
    class Bounded(keras.optimizers.SGD):
        def update(self, p: Any, g: Any, kept: Any, rate: float) -> None:
            super().update(p, g, kept, rate)
            np.clip(p, -0.1, 0.1, out=p)

    model = keras.Sequential([keras.Input((6,)), layers.Dense(4)])
    model.compile(Bounded(1.0), "mse")
    rng = np.random.default_rng(0)
    for _ in range(RUNS + 4):
        model.train_on_batch(rng.random((8, 6), np.float32), 9 + rng.random((8, 4), np.float32))
        assert max(np.abs(weight).max() for weight in model.get_weights()) <= np.float32(0.1)


def test_late_gradients_that_are_split_are_whole() -> None:
    """784 x 512 weights, 64 samples: a task for each thread."""
    before = keras.get_num_threads()
    keras.set_num_threads(2)
    try:
        keras.utils.set_random_seed(1)
        model = keras.Sequential([keras.Input((784,)), layers.Dense(512, use_bias=False), layers.Dense(1)])
        model.compile(keras.optimizers.SGD(0.01), "mse")
        rng = np.random.default_rng(0)
        for _ in range(RUNS + 4):
            x, y = rng.random((64, 784), np.float32), rng.random((64, 1), np.float32)
            first, second, bias = model.get_weights()
            hidden = x @ first
            slope = 2 * (hidden @ second + bias - y) / len(y)
            model.train_on_batch(x, y)
            np.testing.assert_allclose(model.get_weights()[0], first - 0.01 * (x.T @ (slope @ second.T)), rtol=1e-4, atol=1e-6)
        [schedule] = model._engine._schedules.values()
        [late] = [one for one in schedule.late.values() if one.layer is model.layers[0]]
        assert late.chores.stage is not None
        assert len(late.chores.stage.table.programs) == 2
    finally:
        keras.set_num_threads(before)


def test_a_rate_that_changes_is_taken_also_by_a_copy() -> None:
    def outcome(played: bool) -> list[Any]:
        keras.utils.set_random_seed(1)
        model = keras.Sequential([keras.Input((6,)), layers.Dense(4)])
        model.compile(keras.optimizers.AdamW(0.01, weight_decay=0.1), "mse")
        if not played:
            model.optimizer._chores.run = lambda tasks, *_, **__: [task() for task in tasks()]
        rng = np.random.default_rng(0)
        for step in range(14):
            if step == 8:
                model.optimizer.learning_rate = 0.05
            if step == 11:
                model.optimizer.beta_1 = 0.5
            model.train_on_batch(rng.random((8, 6), np.float32), rng.random((8, 4), np.float32))
            if played and step in (RUNS, 7, 10):
                assert model.optimizer._chores.stage is not None, "another rate is no reason to note anew"
        twin = copy.deepcopy(model.optimizer)
        assert twin.iterations == 14
        twin.apply([np.ones_like(weight.value) for weight in model.weights], model.weights)
        return model.get_weights()

    for found, expected in zip(outcome(True), outcome(False), strict=True):
        np.testing.assert_array_equal(found, expected)


def test_what_a_user_derives_is_left_to_python() -> None:
    class Scaled(layers.Layer):
        """Its derived weights come from a kernel and from numpy."""

        def output_shape(self, input_shape: Any) -> Any:
            return input_shape

        def build(self, input_shape: Any) -> None:
            self.add_weight(name="factor", shape=(4,), initializer="ones")

        def derived(self, weights: Any, training: bool) -> dict[str, int]:
            return {"factor": 4}

        def prepare(self, weights: Any, derived: Any) -> None:
            copying.copy_all(weights["factor"], derived["factor"])
            derived["factor"] += 1

        def forward(self, ctx: Any, x: Any) -> Any:
            return x * ctx.prepared("factor")

    model = keras.Sequential([keras.Input((4,)), Scaled()])
    x = np.ones((2, 4), np.float32)
    for step in range(RUNS + 4):
        model.set_weights([np.full(4, step, np.float32)])
        np.testing.assert_array_equal(model.predict_on_batch(x), np.full((2, 4), step + 1))


def test_late_gradients_of_few_samples_are_written_not_added() -> None:
    """So few that the product is computed in plain loops, on what was cleared before."""
    keras.utils.set_random_seed(1)
    context = Context(training=True)
    context.parts = 1
    rng = np.random.default_rng(0)
    x, dy = rng.standard_normal((2, 300), np.float32), rng.standard_normal((2, 64), np.float32)
    context.inputs, context.fresh, context.marks = (x,), True, True
    layer = layers.Dense(64)
    keras.Sequential([keras.Input((300,)), layer])
    context._weights = {weight.name: weight.value for weight in layer.weights}
    context._gradients = {name: np.full_like(value, 7) for name, value in context._weights.items()}
    context._scratch = {"panels": np.empty(layer.buffers(((2, 300),), (2, 64), True).backward["panels"][0], np.float32)}
    mine = chores.Chores()
    for _ in range(RUNS + 3):
        for gradient in context._gradients.values():
            gradient.fill(7)
        mine.run(lambda: [lambda: layer.late_gradients(context, dy)], [x], worth=True, worth_waking=True)
        np.testing.assert_allclose(context._gradients["kernel"], x.T @ dy, rtol=1e-4, atol=1e-5)
        np.testing.assert_allclose(context._gradients["bias"], dy.sum(0), rtol=1e-4, atol=1e-5)
    assert mine.stage is not None
