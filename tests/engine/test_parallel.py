"""Programs on several threads give, to the bit, what Python gives kernel by kernel, whatever happens in between."""

import os
import signal
import subprocess
import sys
import threading
import time
import weakref
from collections.abc import Iterator
from typing import Any, ClassVar

import numpy as np
import pytest

import tinyseq as keras
from tests.data.computing import assert_derived_weights_may_move
from tests.engine.conftest import STEP
from tests.engine.test_program import statistics
from tests.kernels import told_kernels
from tinyseq import layers
from tinyseq.engine import partition, threads
from tinyseq.engine.plan import Mode
from tinyseq.kernels.movement import copying

STEPS = 8
BATCH = 16


@pytest.fixture(autouse=True)
def small_nets_are_cut(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """In 8 groups, so that each has its shard."""
    monkeypatch.setattr(partition, "WORK", 1)
    monkeypatch.setattr(partition, "GRADIENT_BOUND", 1e9)
    handler = signal.signal(signal.SIGINT, signal.default_int_handler)  # a shell's & ignores it
    yield
    signal.signal(signal.SIGINT, handler)


def net(units: int = 4, size: int = 20) -> Any:
    keras.utils.set_random_seed(1)
    model = keras.Sequential(
        [
            keras.Input((size, size, 3)), layers.Conv2D(16, 3, activation="relu"), layers.Conv2D(32, 3, activation="relu"),
            layers.MaxPooling2D(2), layers.Flatten(), layers.Dense(24, activation="tanh"), layers.Dense(units),
        ]
    )  # fmt: skip
    model.compile("adam", keras.losses.SparseCategoricalCrossentropy(from_logits=True))
    return model


def batches(count: int = BATCH, steps: int = STEPS, size: int = 20) -> list[tuple[Any, Any]]:
    """Other data, in other memory, for each step."""
    rng = np.random.default_rng(0)
    return [(rng.standard_normal((count, size, size, 3), np.float32), rng.integers(0, 4, count)) for _ in range(steps)]


def assert_same(found: list[Any], expected: list[Any]) -> None:
    for one, other in zip(found, expected, strict=True):
        np.testing.assert_array_equal(one, other)


@pytest.mark.parametrize("count", [1, 2, 5])
def test_training_and_prediction_give_the_same_numbers(count: int, monkeypatch: pytest.MonkeyPatch) -> None:
    def outcome(by_python: bool) -> list[Any]:
        model = net()
        found = []
        for x, y in batches():
            found += [model.train_on_batch(x, y), model.predict_on_batch(x), model.test_on_batch(x, y)]
        told = statistics(model)
        assert (told["python_stages"] > 0) == by_python
        assert told["threads"] == [count]
        assert max(map(len, told["shards"])) == 8
        return [*found, *model.get_weights()]

    keras.set_num_threads(count)
    found = outcome(by_python=False)
    monkeypatch.setattr(*STEP)
    assert_same(found, outcome(by_python=True))


@pytest.mark.parametrize("count", [1, 2, 5])
def test_batch_statistics_are_met_inside_of_the_program(count: int, monkeypatch: pytest.MonkeyPatch) -> None:
    def outcome(by_python: bool) -> list[Any]:
        keras.utils.set_random_seed(1)
        shared = layers.BatchNormalization(momentum=0.7)
        inputs = keras.Input((20, 20, 3))
        x = shared(layers.Conv2D(16, 3, use_bias=False)(inputs))
        x = shared(layers.Conv2D(16, 3, padding="same")(layers.ReLU()(x)))
        x = layers.Dropout(0.3)(layers.GlobalAveragePooling2D()(layers.BatchNormalization(axis=1)(x)))
        model = keras.Model(inputs, layers.Dense(4)(x))
        model.compile("adam", keras.losses.SparseCategoricalCrossentropy(from_logits=True))
        found = []
        for x, y in batches():
            found += [model.train_on_batch(x, y), model.predict_on_batch(x), model(x, training=True)]
        assert (statistics(model)["python_stages"] > 0) == by_python
        return [*found, *model.get_weights()]

    keras.set_num_threads(count)
    found = outcome(by_python=False)
    keras.set_num_threads(1)
    monkeypatch.setattr(*STEP)
    assert_same(found, outcome(by_python=True))


def one_hot(y: Any) -> Any:
    return np.eye(4, dtype=np.float32)[y]


@pytest.mark.parametrize(
    ("loss", "targets"),
    [
        ("mse", one_hot), ("binary_crossentropy", one_hot), (keras.losses.Huber(delta=0.3), one_hot),
        (keras.losses.CategoricalCrossentropy(from_logits=True), one_hot),
        (keras.losses.SparseCategoricalCrossentropy(from_logits=True, ignore_class=2), lambda y: y),
        ("cosine_similarity", one_hot),
    ],
)  # fmt: skip
def test_every_loss_gives_the_same_numbers(loss: Any, targets: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    by_kernels = loss != "cosine_similarity"

    def outcome() -> list[Any]:
        model, found = net(), []
        model.compile("sgd", loss)
        for step, (x, y) in enumerate(batches(steps=9)):
            weight = np.linspace(0.5, 2, BATCH).astype(np.float32) if step % 2 else None
            expected = keras.losses.get(loss)(targets(y), model.predict_on_batch(x), weight)
            found.append(model.train_on_batch(x, targets(y), sample_weight=weight))
            assert found[-1] == pytest.approx(expected, rel=1e-4)
        assert (statistics(model)["python_stages"] == 0) == (by_kernels and not stepping)
        return found

    stepping = False
    found = outcome()
    stepping = True
    monkeypatch.setattr(*STEP)
    assert_same(found, outcome())


def test_a_loss_that_changes_in_place_is_noticed() -> None:
    model, loss = net(), keras.losses.Huber(0.1)
    model.compile("sgd", loss)
    for step, (x, y) in enumerate(batches(steps=16)):
        loss.delta = 3.0 if step > 8 else 0.1
        expected = loss(one_hot(y), model.predict_on_batch(x))
        assert model.train_on_batch(x, one_hot(y)) == pytest.approx(expected, rel=1e-4)


def test_a_loss_of_the_user_is_asked_every_time(monkeypatch: pytest.MonkeyPatch) -> None:
    class Doubled(keras.losses.MeanSquaredError):
        """More than its kernels do."""

        def rows(self, t: Any, p: Any) -> Any:
            return 2 * super().rows(t, p)

        def slopes(self, t: Any, p: Any, weight: Any, g: Any) -> None:
            super().slopes(t, p, weight, g)
            g *= 2

    def outcome(loss: Any, rate: float) -> list[Any]:
        model = net()
        model.compile(keras.optimizers.SGD(rate), loss)
        return [model.train_on_batch(x, one_hot(y)) for x, y in batches(steps=9)]

    np.testing.assert_allclose(outcome(Doubled(), 0.01), 2 * np.array(outcome("mse", 0.02)), rtol=1e-5)


def test_sets_of_gradients_that_another_batch_replaced_are_noticed(monkeypatch: pytest.MonkeyPatch) -> None:
    """A batch of 4 has 4 sets, one of 16 has 8: the store is another one after it."""

    def outcome() -> list[Any]:
        model = net()
        data = batches(steps=18)
        sizes = [4] * 6 + [BATCH] * 6 + [4] * 6
        losses = [model.train_on_batch(x[:size], y[:size]) for (x, y), size in zip(data, sizes, strict=True)]
        return [*losses, *model.get_weights()]

    found = outcome()
    monkeypatch.setattr(*STEP)
    assert_same(found, outcome())


@pytest.mark.parametrize("kind", ["input", "view", "twice"])
def test_outputs_that_need_python_are_given(kind: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """An output that is an input or a view is copied; the gradients of one that is given twice are added up."""

    def outcome() -> list[Any]:
        keras.utils.set_random_seed(1)
        inputs = keras.Input((20, 20, 3))
        x = layers.Conv2D(16, 3, activation="relu")(inputs)
        y = layers.Dense(4)(layers.GlobalAveragePooling2D()(x))
        more = {"input": inputs, "view": layers.Flatten()(x), "twice": y}[kind]
        model = keras.Model(inputs, [y, x, more] if kind == "view" else [y, more])
        if kind == "twice":
            model.compile("sgd", ["mse", "mae"])
        found: list[Any] = []
        for images, labels in batches(steps=9):
            if kind == "twice":
                found.append(model.train_on_batch(images, [one_hot(labels)] * 2))
            found += model.predict_on_batch(images)
        return [*found, *model.get_weights()]

    found = outcome()
    monkeypatch.setattr(*STEP)
    assert_same(found, outcome())


def test_gradients_of_the_inputs_are_given_every_time() -> None:
    class HalfSquare:
        """sum(y^2) / 2: its gradient is y."""

        kernels = (copying.copy_flat,)
        arrays: ClassVar[list[Any]] = []

        def tell(self, calls: Any, arrays: Any, outputs: Any, gradients: Any) -> None:
            calls.call(copying.copy_all, outputs[0], gradients[0])

        def __call__(self, shard: Any, outputs: Any, gradients: Any) -> None:
            copying.copy_all(outputs[0], gradients[0])

    model = keras.Sequential([keras.Input((6,)), layers.Dense(600, use_bias=False)])
    mode = Mode(training=True, backward=True, trained=model.trainable_weights, input_gradients=True)
    [kernel] = model.get_weights()
    rng, engine = np.random.default_rng(0), model._ready_engine()
    for _ in range(3):
        x = rng.random((640, 6), np.float32)
        step = engine.step([x], mode, HalfSquare())
        step.finish()
        [found] = step.inputs
        np.testing.assert_allclose(found, x @ kernel @ kernel.T, rtol=1e-4, atol=1e-4)
    [shards] = statistics(model)["shards"]
    assert len(shards) > 1


def test_another_loss_is_noticed(monkeypatch: pytest.MonkeyPatch) -> None:
    def outcome() -> list[Any]:
        model = net()
        found = []
        for loss in ("mse", "mae", keras.losses.Huber(0.1), keras.losses.Huber(3.0), "mse"):
            model.compile("sgd", loss)
            found += [model.train_on_batch(x, one_hot(y)) for x, y in batches(steps=6)]
        return found

    found = outcome()
    monkeypatch.setattr(*STEP)
    assert_same(found, outcome())


def test_the_number_of_threads_and_the_batch_may_change() -> None:
    keras.set_num_threads(1)
    expected = [net().predict_on_batch(x) for x, _ in batches(steps=5)]
    model = net()
    for count in (2, 1, 3, 2):
        keras.set_num_threads(count)
        for size in (BATCH, 9, BATCH):
            for (x, _), wanted in zip(batches(steps=5), expected, strict=True):
                np.testing.assert_array_equal(model.predict_on_batch(x[:size]), wanted[:size])


def test_an_infinity_calls_for_a_kernel_that_was_not_loaded(monkeypatch: pytest.MonkeyPatch) -> None:
    """Winograd's method gives NaN for whole tiles then; the definition only for the pixels that see it."""

    def outcome() -> list[Any]:
        keras.utils.set_random_seed(1)
        model = keras.Sequential([keras.Input((30, 30, 16)), layers.Conv2D(32, 3), layers.Conv2D(32, 3)])
        rng, found = np.random.default_rng(0), []
        for step in range(9):
            x = rng.standard_normal((BATCH, 30, 30, 16), np.float32)
            if step in (5, 7):
                x[step, 5, 5] = np.inf
            found.append(model.predict_on_batch(x))
        assert 0 < np.count_nonzero(~np.isfinite(found[5])) < found[5].size / 100
        return found

    found = outcome()
    monkeypatch.setattr(*STEP)
    assert_same(found, outcome())


class Breaks(layers.Layer):
    """Its kernel raises an exception for inputs that begin with 1: kernels of ours only do when they get no memory."""

    tells = True
    shardable = True

    def output_shape(self, shape: Any) -> Any:
        return shape

    def forward(self, ctx: Any, x: Any) -> Any:
        ctx.call(told_kernels.fail_if, x.reshape(-1))
        ctx.call(copying.copy_all, x, ctx.output)
        return ctx.output


def test_a_kernel_that_gets_no_memory_says_so() -> None:
    keras.set_num_threads(2)
    model = keras.Sequential([keras.Input((600,)), Breaks(), layers.Dense(600), layers.Dense(3)])
    x = np.random.default_rng(0).random((512, 600), np.float32)
    x[:, 0] = 0
    expected = model.predict_on_batch(x)
    assert statistics(model)["python_stages"] == 0
    assert len(statistics(model)["shards"][0]) > 1
    x[0, 0] = 1
    with pytest.raises(MemoryError, match="reduce the batch"):
        model.predict_on_batch(x)
    x[0, 0] = 0
    np.testing.assert_array_equal(model.predict_on_batch(x), expected)


def test_ctrl_c_between_two_tasks_leaves_a_model_that_works(monkeypatch: pytest.MonkeyPatch) -> None:
    keras.set_num_threads(2)
    model = net()
    data = batches(steps=3)
    expected = [model.predict_on_batch(x) for x, _ in data]
    made, together = [0], threads.together

    def interrupted(shared: Any, wanted: int) -> None:
        entry = shared.entry

        def pressed(numbers: int) -> Any:
            made[0] += 1
            if made[0] == 1:
                signal.raise_signal(signal.SIGINT)
            return entry.function(numbers)

        shared.entry = entry._replace(function=pressed)
        together(shared, wanted)

    monkeypatch.setattr(threads, "together", interrupted)
    with pytest.raises(KeyboardInterrupt):
        model.predict_on_batch(data[0][0])
    assert_same([model.predict_on_batch(x) for x, _ in data], expected)
    assert len(threads._idle) == 1


def test_ctrl_c_while_helpers_are_waited_for(monkeypatch: pytest.MonkeyPatch) -> None:
    keras.set_num_threads(3)
    model = net()
    data = batches(steps=3)
    expected = [model.predict_on_batch(x) for x, _ in data]
    settle = threads.Helper.settle
    pressed = []

    def interrupted(self: threads.Helper) -> None:
        if not pressed:
            pressed.append(self)
            signal.raise_signal(signal.SIGINT)
        settle(self)

    monkeypatch.setattr(threads.Helper, "settle", interrupted)
    with pytest.raises(KeyboardInterrupt):
        model.predict_on_batch(data[0][0])
    assert len(threads._idle) == 2
    assert_same([model.predict_on_batch(x) for x, _ in data], expected)


def test_helpers_that_sleep_are_woken(monkeypatch: pytest.MonkeyPatch) -> None:
    """They take part again after a pause, in which they went to sleep."""
    from tinyseq.kernels.runtime import mailbox

    keras.set_num_threads(2)
    model = net(size=60)
    data = batches(steps=3, size=60)
    for x, _ in data:
        model.predict_on_batch(x)
    awake, helped = [], []
    offer, settle = mailbox.offer, mailbox.settle
    monkeypatch.setattr(mailbox, "offer", lambda *given: (found := offer(*given), awake.append(found))[0])
    monkeypatch.setattr(mailbox, "settle", lambda *given: (found := settle(*given), helped.append(found))[0])
    [helper] = threads._idle
    until = time.monotonic() + 60
    while not any(helped) and time.monotonic() < until:  # on a busy machine the caller may be done first
        while helper.mailbox[mailbox.AWAKE] and time.monotonic() < until:
            time.sleep(0.01)
        model.predict_on_batch(data[0][0])
    assert not any(awake)
    assert any(helped)


def test_python_threads_share_a_model() -> None:
    keras.set_num_threads(2)
    model = net()
    data = batches(steps=8)
    expected = [model.predict_on_batch(x) for x, _ in data]
    wrong: list[Any] = []

    def caller(number: int) -> None:
        for turn in range(30):
            which = (number + turn) % len(data)
            if not np.array_equal(model.predict_on_batch(data[which][0]), expected[which]):
                wrong.append((number, turn))

    callers = [threading.Thread(target=caller, args=(number,)) for number in range(8)]
    for one in callers:
        one.start()
    for one in callers:
        one.join()
    assert not wrong
    assert len(threads._idle) == 1


@pytest.mark.skipif(not hasattr(os, "fork"), reason="no fork here")
@pytest.mark.filterwarnings("ignore:.*multi-threaded.*:DeprecationWarning")
def test_a_child_after_fork_has_helpers_of_its_own() -> None:
    keras.set_num_threads(2)
    model = net()
    data = batches(steps=8)
    expected = [model.predict_on_batch(x) for x, _ in data]
    child = os.fork()
    if child == 0:
        same = all(np.array_equal(model.predict_on_batch(x), one) for (x, _), one in zip(data, expected, strict=True))
        os._exit(0 if same else 1)
    assert os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == 0
    assert_same([model.predict_on_batch(x) for x, _ in data], expected)


def test_memory_is_taken_once_for_each_thread() -> None:
    keras.set_num_threads(2)
    model = net()
    for x, y in batches():
        model.train_on_batch(x, y)
        model.predict_on_batch(x)
    assert statistics(model)["blocks"] == 2


@pytest.mark.parametrize("runs", [1, 2, 3])
def test_the_caller_s_arrays_are_let_go(runs: int) -> None:
    keras.set_num_threads(2)
    model = net()
    alive = []
    for x, y in batches(steps=runs):
        for found in (x, model.predict_on_batch(x)):
            alive.append(weakref.ref(found))
        model.train_on_batch(x, y)
    del x, found
    assert not any(one() is not None for one in alive)


def test_derived_weights_in_other_memory_are_noticed() -> None:
    assert_derived_weights_may_move(net(), batches(steps=1)[0][0], STEPS)


@pytest.mark.skipif(not hasattr(os, "sched_setaffinity"), reason="no say in which core a thread runs on")
def test_threads_with_one_core_for_all() -> None:
    """No helper can leave its caller's core there: it sleeps, and Python ends with what one thread gives."""
    script = (
        "import os; os.sched_setaffinity(0, {min(os.sched_getaffinity(0))})\n"
        "import numpy as np, tinyseq as keras\n"
        "from tinyseq import layers\n"
        "model = keras.Sequential([keras.Input((40, 40, 3)), layers.Conv2D(32, 3), layers.Conv2D(32, 3)])\n"
        "x = np.random.default_rng(0).random((8, 40, 40, 3), np.float32)\n"
        "keras.set_num_threads(1); expected = model.predict_on_batch(x); keras.set_num_threads(3)\n"
        "print(all(np.array_equal(model.predict_on_batch(x), expected) for _ in range(60)))"
    )
    found = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True, timeout=120)
    assert found.stdout.strip() == "True"


def test_threads_and_kernels_agree_on_the_mail() -> None:
    from tinyseq.kernels.runtime import mailbox

    assert threads.BELL == mailbox.BELL
    assert threads.SIZE > mailbox.AWAKE


def test_only_a_thread_that_may_go_elsewhere_steps_aside() -> None:
    assert not threads._step_aside(-1)
    assert not threads._step_aside(1 << 20)
