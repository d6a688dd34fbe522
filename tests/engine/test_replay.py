"""Runs that are played give, to the bit, what Python's runs give; and what cannot be played is left to Python."""

import weakref
from collections.abc import Callable, Iterator
from typing import Any

import numpy as np
import pytest

import tinyseq as keras
from tests.data.computing import assert_derived_weights_may_move
from tests.kernels import noted_kernels
from tinyseq import layers
from tinyseq.engine import program as programs
from tinyseq.engine.program import FORWARD
from tinyseq.engine.stage import Stage
from tinyseq.kernels.jit import entry_points
from tinyseq.kernels.runtime import replay
from tinyseq.kernels.runtime.recording import END, MARK, noting, unless
from tinyseq.layers import fused

RUNS = programs.UNNOTED + programs.NOTED
STEPS = RUNS + 3
ACTIVATIONS = ("linear", "relu", "sigmoid", "tanh", "gelu", "silu", "softmax", "log_softmax", "elu", "softplus", "hard_sigmoid")


@pytest.fixture(autouse=True)
def same_threads() -> Iterator[None]:
    """Whatever a test sets."""
    before = keras.get_num_threads()
    yield
    keras.set_num_threads(before)


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


def by_python(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(replay, "can_play", lambda: False)


def batches(model: Any, count: int = 24) -> list[tuple[Any, Any]]:
    """Other data, in other memory, for each step."""
    rng = np.random.default_rng(0)
    shape = (count, *model.input_shape[1:])
    return [(rng.standard_normal(shape, np.float32), rng.integers(0, 4, count)) for _ in range(STEPS)]


def engine_replays(model: Any) -> list[programs.Replay]:
    return [workspace.replay for arena in model._engine.arenas._free for workspace in arena.bound.values()]


def trained(make: Callable[[], Any]) -> list[Any]:
    """Weights after some steps, and what every step told."""
    keras.utils.set_random_seed(1)
    model = make()
    model.compile("adam", keras.losses.SparseCategoricalCrossentropy(from_logits=True))
    losses = [model.train_on_batch(x, y) for x, y in batches(model)]
    played = [one for one in engine_replays(model) if one.program is not None]
    return [np.array(losses), *model.get_weights(), any(one.program.calls.size for one in played)]


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
    *numbers, played = trained(CASES[name])
    assert played == (name != "normalization")  # whose training meets at every normalization, piece by piece
    by_python(monkeypatch)
    *expected, played = trained(CASES[name])
    assert not played
    for one, other in zip(numbers, expected, strict=True):
        np.testing.assert_array_equal(one, other)


@pytest.mark.parametrize("name", CASES)
def test_predictions_give_the_same_numbers(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    found = predicted(CASES[name]), predicted(CASES[name], change=True)
    by_python(monkeypatch)
    expected = predicted(CASES[name]), predicted(CASES[name], change=True)
    for one, other in zip([*found[0], *found[1]], [*expected[0], *expected[1]], strict=True):
        np.testing.assert_array_equal(one, other)


def test_the_nets_of_the_guide_leave_nothing_to_python() -> None:
    keras.set_num_threads(1)
    for name in ("max_pooling", "strides", "late_gradients", "residual", "activation_layers"):
        model = CASES[name]()
        model.compile("sgd", keras.losses.SparseCategoricalCrossentropy(from_logits=True))
        for x, y in batches(model):
            model.train_on_batch(x, y)
        played = [one.program for one in engine_replays(model) if one.program is not None]
        assert programs
        assert all(program.whole and program.plays_loss and all(len(parts) == 1 for parts in program.passes) for program in played)


def test_python_is_not_asked_again(monkeypatch: pytest.MonkeyPatch) -> None:
    model = CASES["max_pooling"]()
    asked = []
    monkeypatch.setattr(fused, "fuses_relu", lambda *args, real=fused.fuses_relu: (asked.append(1), real(*args))[1])
    counts = []
    keras.set_num_threads(1)
    for x, _ in batches(model, 1):
        model.predict_on_batch(x)
        counts.append(len(asked))
    assert counts == [3 * min(run, RUNS) for run in range(1, STEPS + 1)]


def test_the_environment_can_ask_for_python(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TINYSEQ_REPLAY", "0")
    model = CASES["max_pooling"]()
    for x, _ in batches(model, 1):
        model.predict_on_batch(x)
    assert [one.program for one in engine_replays(model)] == [None]


def test_runs_are_compared_or_not_played(monkeypatch: pytest.MonkeyPatch) -> None:
    keras.set_num_threads(1)
    model = CASES["dense"]()
    for run, (x, _) in enumerate(batches(model, 4)):
        monkeypatch.setenv("TINYSEQ_REPLAY", "0" if run == programs.UNNOTED + 1 else "1")
        model.predict_on_batch(x)
    assert [one.program for one in engine_replays(model)] == [None], "only one run was noted"


def test_one_array_that_serves_twice_is_not_taken_for_the_rule() -> None:
    """Both inputs, then two; the input as target, then another."""
    rng = np.random.default_rng(0)
    left, right = keras.Input((5,)), keras.Input((5,))
    model = keras.Model([left, right], layers.Subtract()([layers.Dense(4)(left), layers.Dense(4)(right)]))
    whole = rng.random((12, 5), np.float32)
    for x, y in ((whole[:8],) * 2, (whole[:8], whole[4:]), (whole[:6], whole[6:])):
        for _ in range(RUNS + 2):
            kernel, bias, other, shift = model.get_weights()
            expected = x @ kernel + bias - y @ other - shift
            np.testing.assert_allclose(model.predict_on_batch([x, y]), expected, rtol=1e-4, atol=1e-5)
        x, y = np.array(x), np.array(y)
    played = [one for one in engine_replays(model) if one.program is not None]
    assert played, "arrays of their own are noted"
    coder = keras.Sequential([keras.Input((5,)), layers.Dense(5)])
    coder.compile("sgd", "mse")
    for target in (whole, whole, whole, whole, whole, whole[::-1].copy(), whole):
        kernel, bias = coder.get_weights()
        assert coder.train_on_batch(whole, target) == pytest.approx(np.mean((whole @ kernel + bias - target) ** 2), rel=1e-4)


def test_what_shares_memory_is_told() -> None:
    array = np.zeros(8)
    assert programs.apart([array[:4], array[4:], np.zeros(0)])
    assert not programs.apart([array[4:], array[:5]])
    assert not programs.apart([array, array])


def test_parts_stand_between_what_comes_before_and_after() -> None:
    def notes(*words: Any) -> list[Any]:
        return [(word, ()) for word in words]

    before, one, two, after = notes("before", "one", "two", "after")
    mark, end = notes(MARK, END)
    stretches = programs._stretches([before, mark, one, two, mark, two, end, after, mark, one, mark, two, end])
    assert stretches == [[[before]], [[one, two], [two]], [[after]], [[one], [two]]]
    assert programs._stretches([one, two]) == [[[one, two]]]
    assert programs._stretches([]) == []


def test_a_number_that_is_not_finite_is_computed_by_definition(monkeypatch: pytest.MonkeyPatch) -> None:
    """Winograd's method gives NaN for whole tiles then; the definition only for the pixels that see it."""

    def outcome(size: int, *convolution: int) -> list[Any]:
        keras.utils.set_random_seed(1)
        model = keras.Sequential([keras.Input((size, size, 16)), layers.Conv2D(*convolution)])
        assert {layer.method((1, size, size, 16)) for layer in model.layers} <= {"folded", "winograd"}
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
            by_python(patch)
            expected = outcome(size, *convolution)
        for one, other in zip(found, expected, strict=True):
            np.testing.assert_array_equal(one, other)


def test_arrays_made_for_one_run_are_left_to_python() -> None:
    class Doubled(layers.Dense):
        """Says what is not so: its input is an array that lives for this call only."""

        replayable = True

        def forward(self, ctx: Any, *inputs: Any) -> Any:
            return super().forward(ctx, inputs[0] * 2)

    Doubled.__module__ = Doubled.forward.__module__ = layers.Dense.__module__
    keras.set_num_threads(1)
    model = keras.Sequential([keras.Input((6,)), Doubled(5), layers.Dense(3)])
    for x, _ in batches(model, 4):
        w, b, v, c = model.get_weights()
        np.testing.assert_allclose(model.predict_on_batch(x), (2 * x @ w + b) @ v + c, rtol=1e-5, atol=1e-5)
    program = engine_replays(model)[0].program
    assert program is not None
    assert not program.whole
    assert [type(part) for part in program.passes[programs.FORWARD]] != [tuple]


def test_what_numpy_does_is_left_to_python() -> None:
    class Halved(layers.Dense):
        """Says what is not so: it calls no kernel."""

        replayable = True

        def forward(self, ctx: Any, *inputs: Any) -> Any:
            return np.multiply(inputs[0], np.float32(0.5), out=ctx.output)

    Halved.__module__ = Halved.forward.__module__ = layers.Dense.__module__
    model = keras.Sequential([keras.Input((6,)), Halved(6)])
    for x, _ in batches(model, 4):
        np.testing.assert_array_equal(model.predict_on_batch(x), x / 2)


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
        [program] = engine_replays(model)
        assert program.parts == threads
        assert program.program is not None
        assert program.program.whole
        stages = [part for part in program.program.passes[FORWARD] if isinstance(part, Stage)]
        assert {stage.count for stage in stages} == ({threads} if threads > 1 else set())
        assert len(stages) in ((0,) if threads == 1 else (2, 3)), "how many layers are worth it depends on the registers"


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
        assert bool(schedule.late) == layers.Dense.late
        return model.get_weights()

    found = weights()
    monkeypatch.setattr(layers.Dense, "late", False)
    for one, other in zip(found, weights(), strict=True):
        np.testing.assert_allclose(one, other, rtol=1e-4, atol=1e-6)


def test_derived_weights_in_other_memory_are_noticed() -> None:
    keras.set_num_threads(1)
    model = CASES["max_pooling"]()
    assert_derived_weights_may_move(model, batches(model, 2)[0][0], STEPS)


def test_a_view_at_the_end_is_played_and_let_go() -> None:
    keras.set_num_threads(1)
    model = keras.Sequential([keras.Input((12, 12, 3)), layers.Conv2D(16, 3), layers.Flatten()])
    alive = [weakref.ref(model.predict_on_batch(x)) for x, _ in batches(model, 2)]
    assert not any(one() is not None for one in alive)
    [arena] = model._engine.arenas._free
    [workspace] = arena.bound.values()
    assert workspace.replay.program.whole
    assert not workspace.copies


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


def test_every_kind_of_argument_is_handed_on() -> None:
    target = np.zeros(8)
    given = (True, np.float32(0.25), 2.5, None, (3, (4, 5)), np.arange(6, dtype=np.float32).reshape(2, 3)[:, 1:], target)
    with noting() as calls:
        noted_kernels.record(*given)
    expected = target.copy()
    assert list(expected) == [1, 0.25, 2.5, 1, 345, 4, 2, 3]
    [noted] = calls
    bound = replay.bind(*noted)
    assert bound is not None
    target.fill(0)
    assert replay.play(*replay.packed([bound, bound]), 0, 2, 1) == 2
    np.testing.assert_array_equal(target, expected)


def test_a_call_that_failed_is_told() -> None:
    bound = []
    with noting() as calls:
        noted_kernels.fail_if(np.zeros(1))
    bound = [replay.bind(*call) for call in calls]
    packed = replay.packed(one for one in bound if one is not None)
    assert replay.play(*packed, 0, 1, 1) == 1
    calls[0][1][0][0] = 1.0
    assert replay.play(*packed, 0, 1, 1) == -1


def test_a_call_on_condition() -> None:
    done, target = np.ones(1), np.zeros(1)
    with noting() as calls:
        unless(noted_kernels.as_integer(done), noted_kernels.add_one, target)
    assert [call[2] for call in calls] == [False, True]
    assert target[0] == 0
    with noting() as made:
        unless(0, noted_kernels.add_one_now, target)
    assert [call[2] for call in made] == [True], "a call that was made on condition is noted once"
    assert target[0] == 1
    target[0] = 0
    bound = [replay.bind(*call) for call in calls]
    assert bound[0] is not None and bound[1] is not None
    packed = replay.packed([bound[0], bound[1]])
    assert replay.play(*packed, 0, 2, 1) == 2
    assert target[0] == 0
    done[0] = 0
    assert replay.play(*packed, 0, 2, 1) == 1, "its kernel has no address yet"
    packed[0][1, 0] = entry_points.compiled(bound[1].kernel, bound[1].signature)
    assert replay.play(*packed, 1, 2, 0) == 2
    assert replay.play(*packed, 0, 2, 1) == 2
    assert target[0] == 2
