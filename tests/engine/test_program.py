"""A program gives, to the bit, what its kernels give when Python calls them one by one; and Python keeps what is Python's."""

import os
import subprocess
import sys
import weakref
from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

import tinyseq as keras
from tests.data.computing import assert_derived_weights_may_move
from tests.engine.conftest import STEP
from tests.kernels import told_kernels
from tinyseq import layers
from tinyseq.kernels.runtime import calls as runtime_calls
from tinyseq.kernels.runtime import work_queue
from tinyseq.kernels.runtime.tape import Tape, packed
from tinyseq.layers import fused

STEPS = 5
ACTIVATIONS = ("linear", "relu", "sigmoid", "tanh", "gelu", "silu", "softmax", "log_softmax", "elu", "softplus", "hard_sigmoid")


def image_net(*middle: Any, size: int = 18) -> Any:
    """Something of the guide, with layers of a case in between."""
    return keras.Sequential(
        [
            keras.Input((size, size, 3)), layers.Conv2D(16, 3, activation="relu"), *middle,
            layers.GlobalAveragePooling2D(), layers.Dense(4),
        ]
    )  # fmt: skip


def residual() -> Any:
    inputs = keras.Input((16, 16, 8))
    x = layers.Conv2D(8, 3, padding="same", activation="relu")(inputs)
    x = layers.Add()([x, inputs])
    x = layers.Conv2D(8, 3, padding="same")(layers.Activation("relu")(x))
    return keras.Model(inputs, layers.Dense(4)(layers.Flatten()(x)))


def broadcast() -> Any:
    inputs = keras.Input((16, 16, 8))
    x = layers.Conv2D(8, 3, padding="same", activation="relu")(inputs)
    x = layers.Add()([x, layers.GlobalAveragePooling2D(keepdims=True)(x)])
    return keras.Model(inputs, layers.Dense(4)(layers.Flatten()(x)))


CASES: dict[str, Callable[[], Any]] = {
    "max_pooling": lambda: image_net(layers.MaxPooling2D(2), layers.Conv2D(32, 3, activation="relu"), layers.MaxPooling2D(3)),
    "average_pooling": lambda: image_net(layers.AveragePooling2D(2, padding="same")),
    "strides": lambda: image_net(layers.Conv2D(32, 5, strides=2, activation="relu")),
    "dilation": lambda: image_net(layers.Conv2D(8, 3, dilation_rate=2, padding="same")),
    "groups": lambda: image_net(layers.Conv2D(8, 3, groups=4, use_bias=False)),
    "one_by_one": lambda: image_net(layers.Conv2D(64, 1, activation="relu")),
    "winograd": lambda: image_net(layers.Conv2D(32, 3, padding="same", activation="relu"), size=30),
    "depthwise": lambda: image_net(layers.DepthwiseConv2D(3, activation="relu"), layers.SeparableConv2D(8, 3)),
    "normalization": lambda: image_net(layers.BatchNormalization(), layers.Conv2D(8, 3), layers.LayerNormalization()),
    "dropout": lambda: image_net(layers.Dropout(0.5), layers.Conv2D(8, 3)),
    "late_gradients": lambda: keras.Sequential(
        [keras.Input((12, 12, 3)), layers.Conv2D(16, 3), layers.Flatten(), layers.Dense(256, activation="relu"), layers.Dense(4)]
    ),
    "dense": lambda: keras.Sequential([keras.Input((20,)), layers.Dense(40, activation="tanh"), layers.Dense(4)]),
    "sequence": lambda: keras.Sequential(
        [keras.Input((40, 6)), layers.Conv1D(16, 3, padding="causal", activation="relu"), layers.MaxPooling1D(2),
         layers.GlobalMaxPooling1D(), layers.Dense(4)]
    ),
    "residual": residual,
    "broadcast": broadcast,
    "activation_layers": lambda: image_net(layers.ReLU(6.0), layers.Conv2D(8, 3), layers.LeakyReLU(), layers.ELU(), layers.Softmax()),
    "output_given_twice": lambda: (lambda x: keras.Model(x, [y := layers.Flatten()(x), y]))(keras.Input((4, 3))),
    **{name: lambda name=name: image_net(layers.Conv2D(12, 3, activation=name)) for name in ACTIVATIONS},
}  # fmt: skip


def batches(model: Any, count: int = 24) -> list[tuple[Any, Any]]:
    """Other data, in other memory, for each step."""
    rng = np.random.default_rng(0)
    shape = (count, *model.input_shape[1:])
    return [(rng.standard_normal(shape, np.float32), rng.integers(0, 4, count)) for _ in range(STEPS)]


def statistics(model: Any) -> dict[str, Any]:
    found: dict[str, Any] = model._ready_engine().statistics()
    return found


def trained(make: Callable[[], Any]) -> list[Any]:
    """What every step told, and the weights after them; whether Python had a part."""
    keras.utils.set_random_seed(1)
    model = make()
    model.compile("adam", keras.losses.SparseCategoricalCrossentropy(from_logits=True))
    losses = [model.train_on_batch(x, y) for x, y in batches(model)]
    return [np.array(losses), *model.get_weights(), statistics(model)["python_stages"]]


def predicted(make: Callable[[], Any], change: bool = False) -> list[Any]:
    keras.utils.set_random_seed(1)
    model = make()
    found = []
    for x, _ in batches(model):
        if change:
            model.set_weights([weight * np.float32(1.1) for weight in model.get_weights()])
        found += [np.array(y) for y in np.atleast_1d(model.predict_on_batch(x))]
    return found


@pytest.mark.parametrize("name", [name for name in CASES if name != "output_given_twice"])
def test_training_gives_the_same_numbers(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    *numbers, by_python = trained(CASES[name])
    assert by_python == 0
    monkeypatch.setattr(*STEP)
    *expected, by_python = trained(CASES[name])
    assert by_python > 0
    for one, other in zip(numbers, expected, strict=True):
        np.testing.assert_array_equal(one, other)


@pytest.mark.parametrize("name", CASES)
def test_predictions_give_the_same_numbers(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    found = predicted(CASES[name]), predicted(CASES[name], change=True)
    monkeypatch.setattr(*STEP)
    expected = predicted(CASES[name]), predicted(CASES[name], change=True)
    for one, other in zip([*found[0], *found[1]], [*expected[0], *expected[1]], strict=True):
        np.testing.assert_array_equal(one, other)


def test_layers_are_asked_once(monkeypatch: pytest.MonkeyPatch) -> None:
    model = CASES["max_pooling"]()
    asked = []
    monkeypatch.setattr(fused, "fuses_relu", lambda *args, real=fused.fuses_relu: (asked.append(1), real(*args))[1])
    keras.set_num_threads(1)
    counts = []
    for x, _ in batches(model, 1):
        model.predict_on_batch(x)
        counts.append(len(asked))
    assert counts == [3] * STEPS


def test_the_environment_can_ask_for_python_in_every_step(monkeypatch: pytest.MonkeyPatch) -> None:
    script = "from tinyseq.kernels.runtime import calls; print(calls.steps_in_python())"
    for value in ("0", "1"):
        found = subprocess.run([sys.executable, "-c", script], env={**os.environ, "TINYSEQ_STEP": value}, capture_output=True, text=True)
        assert found.stdout.strip() == str(value == "1" or runtime_calls.without_entry_points())
    model = CASES["max_pooling"]()
    asked = []
    monkeypatch.setattr(fused, "fuses_relu", lambda *args, real=fused.fuses_relu: (asked.append(1), real(*args))[1])
    monkeypatch.setattr(*STEP)
    for x, _ in batches(model, 1):
        model.predict_on_batch(x)
    assert len(asked) == 3 * STEPS
    assert statistics(model)["calls"] == 0


def test_one_array_that_serves_twice_is_not_taken_for_the_rule() -> None:
    """Both inputs, then two; the input as target, then another."""
    rng = np.random.default_rng(0)
    left, right = keras.Input((5,)), keras.Input((5,))
    model = keras.Model([left, right], layers.Subtract()([layers.Dense(4)(left), layers.Dense(4)(right)]))
    whole = rng.random((12, 5), np.float32)
    for x, y in ((whole[:8],) * 2, (whole[:8], whole[4:]), (whole[:6], whole[6:])):
        for _ in range(STEPS):
            kernel, bias, other, shift = model.get_weights()
            expected = x @ kernel + bias - y @ other - shift
            np.testing.assert_allclose(model.predict_on_batch([x, y]), expected, rtol=1e-4, atol=1e-5)
        x, y = np.array(x), np.array(y)
    coder = keras.Sequential([keras.Input((5,)), layers.Dense(5)])
    coder.compile("sgd", "mse")
    for target in (whole, whole, whole, whole, whole, whole[::-1].copy(), whole):
        kernel, bias = coder.get_weights()
        assert coder.train_on_batch(whole, target) == pytest.approx(np.mean((whole @ kernel + bias - target) ** 2), rel=1e-4)


def test_a_number_that_is_not_finite_is_computed_by_definition(monkeypatch: pytest.MonkeyPatch) -> None:
    """Winograd's method gives NaN for whole tiles then; the definition only for the pixels that see it."""

    def outcome(size: int, *convolution: int) -> list[Any]:
        keras.utils.set_random_seed(1)
        model = keras.Sequential([keras.Input((size, size, 16)), layers.Conv2D(*convolution)])
        assert {layer.method((1, size, size, 16)) for layer in model.layers} <= {"phases", "winograd"}
        found = []
        for step, (x, _) in enumerate(batches(model, 2)):
            if step == STEPS - 2:
                x[0, 5, 5] = np.inf
            found.append(model.predict_on_batch(x))
        assert 0 < np.count_nonzero(~np.isfinite(found[-2])) < found[-2].size / 10
        return found

    for size, *convolution in ((40, 32, 5, 2), (40, 32, 3, 1)):
        found = outcome(size, *convolution)
        with monkeypatch.context() as patch:
            patch.setattr(*STEP)
            expected = outcome(size, *convolution)
        for one, other in zip(found, expected, strict=True):
            np.testing.assert_array_equal(one, other)


def test_a_subclass_of_the_user_that_says_nothing_is_left_to_python() -> None:
    class Doubled(layers.Dense):
        """Its input is an array that lives for this call only."""

        def forward(self, ctx: Any, *inputs: Any) -> Any:
            return super().forward(ctx, inputs[0] * 2)

    model = keras.Sequential([keras.Input((6,)), Doubled(5), layers.Dense(3)])
    for x, _ in batches(model, 4):
        w, b, v, c = model.get_weights()
        np.testing.assert_allclose(model.predict_on_batch(x), (2 * x @ w + b) @ v + c, rtol=1e-5, atol=1e-5)
    assert statistics(model)["python_stages"] == 1
    assert statistics(model)["calls"] > 0, "the other layer is told"


def test_a_layer_of_the_user_may_tell_too() -> None:
    class Twice(layers.Layer):
        tells = True
        shardable = True
        asked = 0

        def output_shape(self, shape: Any) -> Any:
            return shape

        def forward(self, ctx: Any, x: Any) -> Any:
            Twice.asked += 1
            ctx.call(told_kernels.double, x.reshape(-1), ctx.output.reshape(-1))
            return ctx.output

    model = keras.Sequential([keras.Input((6,)), Twice()])
    for x, _ in batches(model, 4):
        np.testing.assert_array_equal(model.predict_on_batch(x), 2 * x)
    assert Twice.asked == 1


def test_a_subclass_of_the_user_is_called_every_time() -> None:
    class Shifted(layers.Dense):
        shift = 0.0

        def forward(self, ctx: Any, *inputs: Any) -> Any:
            super().forward(ctx, *inputs)
            ctx.output[...] += self.shift
            return ctx.output

    model = keras.Sequential([keras.Input((6,)), Shifted(3)])
    x = np.ones((2, 6), np.float32)
    plain = model.predict_on_batch(x)
    for step in range(STEPS):
        model.layers[0].shift = step
        np.testing.assert_allclose(model.predict_on_batch(x), plain + step, rtol=1e-5)


def test_the_number_of_threads_may_change_in_between() -> None:
    model = image_net(layers.Conv2D(32, 3, activation="relu"), layers.Conv2D(32, 3, activation="relu"), size=80)
    data = batches(model, 1)
    expected = []
    for threads in (1, 2, 1, 3):
        keras.set_num_threads(threads)
        found = [model.predict_on_batch(x) for x, _ in data]
        expected = expected or found
        for one, other in zip(found, expected, strict=True):
            np.testing.assert_array_equal(one, other)
    assert statistics(model)["parts"] == [1, 2, 3], "layers of a lone picture are split over threads"


def test_late_gradients_of_a_layer_that_stands_twice(monkeypatch: pytest.MonkeyPatch) -> None:
    def weights() -> list[Any]:
        keras.utils.set_random_seed(2)
        inputs, shared = keras.Input((1024,)), layers.Dense(1024, activation="tanh")
        model = keras.Model(inputs, layers.Dense(4)(shared(shared(inputs))))
        model.compile("sgd", keras.losses.SparseCategoricalCrossentropy(from_logits=True))
        rng = np.random.default_rng(0)
        for _ in range(3):
            model.train_on_batch(rng.standard_normal((512, 1024), np.float32), rng.integers(0, 4, 512))
        [schedule] = model._engine._schedules.values()
        assert bool(schedule.late_indices) == layers.Dense.late
        return model.get_weights()

    found = weights()
    monkeypatch.setattr(layers.Dense, "late", False)
    for one, other in zip(found, weights(), strict=True):
        np.testing.assert_allclose(one, other, rtol=1e-4, atol=1e-6)


def test_derived_weights_in_other_memory_are_noticed() -> None:
    keras.set_num_threads(1)
    model = CASES["max_pooling"]()
    assert_derived_weights_may_move(model, batches(model, 2)[0][0], STEPS)


def test_a_view_at_the_end_is_told_and_let_go() -> None:
    keras.set_num_threads(1)
    model = keras.Sequential([keras.Input((12, 12, 3)), layers.Conv2D(16, 3), layers.Flatten()])
    alive = [weakref.ref(model.predict_on_batch(x)) for x, _ in batches(model, 2)]
    assert not any(one() is not None for one in alive)
    assert statistics(model)["python_stages"] == 0


@pytest.mark.parametrize("runs", range(1, STEPS + 1))
def test_the_caller_s_arrays_are_let_go(runs: int) -> None:
    keras.set_num_threads(1)
    model = CASES["late_gradients"]()
    model.compile("sgd", keras.losses.SparseCategoricalCrossentropy(from_logits=True))
    alive = []
    for x, y in batches(model)[:runs]:
        for found in (x, model.predict_on_batch(x)):
            alive.append(weakref.ref(found))
        model.train_on_batch(x, y)
    del x, found
    assert not any(one() is not None for one in alive)


def taped(*calls: tuple[Any, tuple[Any, ...], int]) -> tuple[Tape, Any, Any]:
    tape = Tape()
    for call in calls:
        tape.add(*call)
    return tape, tape.packed_calls(), np.array(tape.numbers, np.int64)


def test_every_kind_of_argument_is_handed_on() -> None:
    target = np.zeros(8)
    given = (True, np.float32(0.25), 2.5, None, (3, (4, 5)), np.arange(6, dtype=np.float32).reshape(2, 3)[:, 1:], target)
    told_kernels.record(*given)
    expected = target.copy()
    assert list(expected) == [1, 0.25, 2.5, 1, 345, 4, 2, 3]
    target.fill(0)
    call = told_kernels.record, given, work_queue.ALWAYS
    _, calls, numbers = taped(call, call)
    assert work_queue.play(calls, numbers, 0, 2) == work_queue.GOING
    np.testing.assert_array_equal(target, expected)


def test_addresses_in_watched_memory_become_moves() -> None:
    here, there, total = np.ones(8), np.full(8, 5.0), np.zeros(8)
    tape = Tape()
    tape.watch(here, whose=1, before=-16)
    tape.add(told_kernels.double, (here[2:], total[2:]))
    [(place, whose, offset)] = tape.moves
    assert (whose, offset) == (1, 0)
    numbers = np.array(tape.numbers, np.int64)
    numbers[place] = there[4:].ctypes.data
    assert work_queue.play(packed(tape.calls, 3), numbers, 0, 1) == work_queue.GOING
    np.testing.assert_array_equal(total[2:6], 10)


def test_a_result_that_cannot_be_handed_over_is_refused() -> None:
    with pytest.raises(TypeError, match="as_number: a program passes only"):
        taped((told_kernels.as_number, (np.zeros(1),), work_queue.ALWAYS))


def test_a_call_that_failed_is_told() -> None:
    x = np.zeros(1)
    _, calls, numbers = taped((told_kernels.fail_if, (x,), work_queue.ALWAYS))
    assert work_queue.play(calls, numbers, 0, 1) == work_queue.GOING
    x[0] = 1.0
    assert work_queue.play(calls, numbers, 0, 1) == work_queue.FAILED


def test_a_call_that_must_give_true() -> None:
    x, target = np.zeros(1), np.zeros(1)
    _, calls, numbers = taped(
        (told_kernels.as_integer, (x,), work_queue.REQUIRED), (told_kernels.add_one, (target,), work_queue.ALWAYS)
    )
    assert work_queue.play(calls, numbers, 0, 2) == work_queue.REFUSED
    assert target[0] == 0
    x[0] = 1.0
    assert work_queue.play(calls, numbers, 0, 2) == work_queue.GOING
    assert target[0] == 1


def test_a_call_on_condition() -> None:
    done, target = np.ones(1), np.zeros(1)
    tape, calls, numbers = taped(
        (told_kernels.as_integer, (done,), work_queue.ALWAYS), (told_kernels.add_one_now, (target,), work_queue.UNLESS)
    )
    [late] = tape.late
    for count in (0, 0):
        assert work_queue.play(calls, numbers, 0, 2) == work_queue.GOING
        assert (target[0], calls[1, 0]) == (count, late.address), "is loaded when it is needed"
    done[0] = 0
    for count in (1, 2):
        assert work_queue.play(calls, numbers, 0, 2) == work_queue.GOING
        assert (target[0], calls[1, 0] == late.address) == (count, False)


def test_a_kernel_that_cannot_be_loaded_says_why(monkeypatch: pytest.MonkeyPatch) -> None:
    tape, calls, numbers = taped(
        (told_kernels.as_integer, (np.zeros(1),), work_queue.ALWAYS), (told_kernels.add_one_at_last, (np.zeros(1),), work_queue.UNLESS)
    )

    def compiles(self: Any, signature: Any) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(type(told_kernels.add_one_at_last), "compile", compiles)
    assert work_queue.play(calls, numbers, 0, 2) == work_queue.FAILED
    assert isinstance(tape.late[0].error, KeyboardInterrupt)
