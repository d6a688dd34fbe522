"""Optimizers: what apply() checks, averages, accumulation, exclusions, their variables, configurations, and optimizers around others."""

import json
import math
from typing import Any

import numpy as np
import pytest

import tinyseq as keras
from tinyseq import layers, optimizers
from tinyseq.optimizers import schedules

PLAIN = [name for name in optimizers.CLASSES if name not in ("LossScaleOptimizer", "MultiOptimizer")]


def kernel(shape: tuple[int, int] = (2, 3), **options: Any) -> Any:
    """The kernel of a Dense layer, all 1."""
    layer = layers.Dense(shape[1], kernel_initializer="ones", **options)
    layer.build((None, shape[0]))
    return layer.kernel


# ---------------------------------------------------------------------- apply

REFUSED = [
    (lambda w: [np.ones(1)], r"dense.*/kernel: the gradient has shape \(1,\), the weight \(2, 3\)", ValueError),
    (lambda w: [np.ones((3, 2))], r"shape \(3, 2\), the weight \(2, 3\)", ValueError),
    (lambda w: [None], "No gradients provided for any variable", ValueError),
    (lambda w: [np.ones((2, 3)), np.ones((2, 3))], "got 2 gradients for 1 weights", ValueError),
]


@pytest.mark.parametrize("name", PLAIN)
@pytest.mark.parametrize(("gradients", "words", "error"), REFUSED, ids=[words for _, words, _ in REFUSED])
def test_a_gradient_that_does_not_fit_is_refused_and_nothing_changes(name: str, gradients: Any, words: str, error: Any) -> None:
    weight, optimizer = kernel(), optimizers.CLASSES[name]()
    with pytest.raises(error, match=words):
        optimizer.apply(gradients(weight), [weight])
    assert (weight.numpy() == 1).all() and optimizer.iterations == 0


def test_what_is_no_weight_is_refused() -> None:
    for thing in (np.ones(3, np.float32), keras.layers.Dense(2), "kernel"):
        with pytest.raises(TypeError, match="expected float32 weights"):
            optimizers.SGD().apply([np.ones(3)], [thing])


def test_a_weight_without_a_gradient_stays_and_is_named() -> None:
    first, second = kernel(), kernel()
    with pytest.warns(UserWarning, match=f"{second.path}.*stay as they are"):
        optimizers.SGD(0.5).apply([np.ones((2, 3)), None], [first, second])
    assert (first.numpy() == 0.5).all() and (second.numpy() == 1).all()


@pytest.mark.parametrize("name", PLAIN)
def test_pairs_and_weights_of_build_make_the_same_step(name: str) -> None:
    outcomes = []
    for way in ("apply", "pairs", "built"):
        weight, optimizer = kernel(), optimizers.CLASSES[name]()
        gradient = np.linspace(-1, 1, 6, dtype=np.float32).reshape(2, 3)
        if way == "apply":
            optimizer.apply([gradient], [weight])
        elif way == "pairs":
            assert optimizer.apply_gradients(zip([gradient], [weight], strict=True)) == 1
        else:
            optimizer.build([weight])
            optimizer.apply([gradient])
        outcomes.append(weight.numpy())
    assert (outcomes[0] == outcomes[1]).all() and (outcomes[0] == outcomes[2]).all()


def test_a_step_keeps_constraints() -> None:
    weight = kernel(kernel_constraint="non_neg")
    optimizers.SGD(1.0).apply([np.full((2, 3), 5.0)], [weight])
    assert (weight.numpy() == 0).all()


def test_adam_makes_the_step_of_the_formula_not_of_a_rounded_beta() -> None:
    """Kingma & Ba (2015) in float64; 1 - beta_2 in float32 would make steps 6.4e-6 longer."""
    weight, optimizer, m, v, p = kernel((1, 1)), optimizers.Adam(0.1, beta_2=0.999, epsilon=1e-12), 0.0, 0.0, 1.0
    for t in range(1, 4):
        optimizer.apply([np.full((1, 1), 0.5)], [weight])
        m, v = 0.9 * m + 0.1 * 0.5, 0.999 * v + 0.001 * 0.25
        p -= 0.1 * math.sqrt(1 - 0.999**t) / (1 - 0.9**t) * m / math.sqrt(v)
    assert weight.numpy()[0, 0] == pytest.approx(p, abs=1.5e-7)


# ---------------------------------------------------------------------- averages, decay, rates


def test_after_fit_weights_are_their_averages_also_where_these_overwrite_now_and_then() -> None:
    """By hand: 0.8; (0.8 + 0.64)/2 = 0.72, written back; (0.72 + 0.576)/2 = 0.648."""
    model = keras.Sequential([keras.Input((1,)), layers.Dense(1, use_bias=False, kernel_initializer="ones")])
    model.compile(optimizers.SGD(0.1, use_ema=True, ema_momentum=0.5, ema_overwrite_frequency=2), "mse")
    model.fit(np.ones((3, 1)), np.zeros((3, 1)), batch_size=1, verbose=0)
    assert model.get_weights()[0] == pytest.approx(0.648, rel=1e-6)


@pytest.mark.parametrize("name", PLAIN)
def test_weights_that_are_excluded_do_not_decay(name: str) -> None:
    if name == "Muon":
        return  # its matrices and the others have decays of their own: the recording
    found = []
    for excluded in (None, "var_list", "var_names"):
        weight = kernel()
        optimizer = optimizers.CLASSES[name](learning_rate=0.1, weight_decay=0.5)
        if excluded:
            optimizer.exclude_from_weight_decay(**{excluded: [weight] if excluded == "var_list" else ["kernel"]})
        optimizer.apply([np.full((2, 3), 1e-9)], [weight])
        found.append(weight.numpy())
    plain = kernel()
    bare = optimizers.CLASSES["Adam" if name == "AdamW" else name](learning_rate=0.1)
    bare.apply([np.full((2, 3), 1e-9)], [plain])
    assert (found[1] == plain.numpy()).all() and (found[2] == plain.numpy()).all()
    if name not in ("Ftrl", "ScheduleFreeAdamW"):  # whose first step does not begin at the weight
        assert (found[0] < plain.numpy()).all()


def test_exclusion_holds_in_fit_too() -> None:
    model = keras.Sequential([keras.Input((2,)), layers.Dense(2, kernel_initializer="ones", bias_initializer="ones")])
    optimizer = optimizers.SGD(0.1, weight_decay=0.5)
    optimizer.exclude_from_weight_decay(var_names=["bias"])
    model.compile(optimizer, "mse")
    x = np.ones((4, 2))
    model.fit(x, model.predict(x, verbose=0), batch_size=4, verbose=0)
    np.testing.assert_allclose(model.get_weights()[0], 0.95, rtol=1e-6)
    assert (model.get_weights()[1] == 1).all()


@pytest.mark.parametrize("name", PLAIN)
def test_every_optimizer_follows_a_schedule_a_function_and_an_assigned_rate(name: str) -> None:
    gradient = [np.full((2, 3), 0.3, np.float32)]
    outcomes = []
    for kind in ("schedule", "function", "assigned"):
        weight = kernel()
        rates = iter([0.1, 0.05])
        steps = schedules.PiecewiseConstantDecay([0], [0.1, 0.05])
        given: Any = {"schedule": steps, "function": lambda rates=rates: next(rates)}.get(kind, 0.1)
        optimizer = optimizers.CLASSES[name](learning_rate=given)
        optimizer.apply(gradient, [weight])
        if kind == "assigned":
            optimizer.learning_rate.assign(0.05)
            assert optimizer.learning_rate == 0.05 and optimizer.learning_rate.numpy() == np.float32(0.05)
        optimizer.apply(gradient, [weight])
        outcomes.append(weight.numpy())
    assert all(np.allclose(outcomes[0], other, rtol=1e-6) for other in outcomes)


def test_a_rate_that_follows_a_schedule_cannot_be_assigned() -> None:
    optimizer = optimizers.SGD(schedules.ExponentialDecay(0.1, 5, 0.5))
    with pytest.raises(TypeError, match="follows a schedule"):
        optimizer.learning_rate.assign(0.5)


# ---------------------------------------------------------------------- accumulation


def test_accumulated_steps_of_small_batches_are_one_step_of_a_large_one() -> None:
    random = np.random.default_rng(0)
    x, y = random.normal(size=(8, 3)), random.normal(size=(8, 2))
    start, found = None, []
    for batch, steps in ((8, None), (2, 4)):
        model = keras.Sequential([keras.Input((3,)), layers.Dense(2)])
        start = start or model.get_weights()
        model.set_weights(start)
        model.compile(optimizers.SGD(0.1, momentum=0.9, gradient_accumulation_steps=steps), "mse")
        model.fit(x, y, batch_size=batch, epochs=3, shuffle=False, verbose=0)
        assert model.optimizer.iterations == 3
        found.append(model.get_weights())
    for one, other in zip(*found, strict=True):
        np.testing.assert_allclose(one, other, rtol=1e-5, atol=1e-6)


# ---------------------------------------------------------------------- what it keeps, copies


def test_its_variables_are_all_its_state() -> None:
    weight, optimizer = kernel(), optimizers.Adam(0.1)
    optimizer.build([weight])
    assert [v.name for v in optimizer.variables] == ["iteration", "learning_rate", *(f"{weight.path.replace('/', '_')}_{s}" for s in "mv")]
    assert [v.shape for v in optimizer.variables[2:]] == [(2, 3), (2, 3)]
    gradients = np.random.default_rng(0).normal(size=(4, 2, 3)).astype(np.float32)
    for gradient in gradients[:2]:
        optimizer.apply([gradient], [weight])
    other_weight, other = kernel(), optimizers.Adam(0.5)
    other.build([other_weight])
    other_weight.assign(weight.numpy())
    for mine, his in zip(other.variables, optimizer.variables, strict=True):
        mine.assign(his.numpy())
    for gradient in gradients[2:]:
        optimizer.apply([gradient], [weight])
        other.apply([gradient], [other_weight])
    assert (weight.numpy() == other_weight.numpy()).all()


@pytest.mark.parametrize("name", PLAIN)
@pytest.mark.parametrize("rate", [0.02, schedules.CosineDecay(0.1, 10)], ids=["number", "schedule"])
def test_an_optimizer_is_made_again_from_json(name: str, rate: Any) -> None:
    optimizer = optimizers.CLASSES[name](learning_rate=rate, clipnorm=0.5, use_ema=True, name="mine")
    written = json.loads(json.dumps(optimizers.serialize(optimizer)))
    again = optimizers.deserialize(written)
    assert type(again) is type(optimizer) and json.dumps(optimizers.serialize(again)) == json.dumps(written)
    assert again.learning_rate == optimizer.learning_rate


# ---------------------------------------------------------------------- around others


def test_a_step_that_is_not_finite_is_skipped_and_halves_the_scale() -> None:
    weight, optimizer = kernel(), optimizers.LossScaleOptimizer(optimizers.SGD(0.5), initial_scale=4.0, dynamic_growth_steps=2)
    assert optimizer.scale_loss(2.0) == 8.0
    optimizer.apply([np.full((2, 3), 4.0)], [weight])
    assert (weight.numpy() == 0.5).all()
    optimizer.apply([np.full((2, 3), np.inf)], [weight])
    assert (weight.numpy() == 0.5).all() and optimizer.dynamic_scale == 2.0 and optimizer.iterations == 1
    for _ in range(2):
        optimizer.apply([np.full((2, 3), 1.0)], [weight])
    assert (weight.numpy() == 0).all() and optimizer.dynamic_scale == 4.0
    again = optimizers.deserialize(json.loads(json.dumps(optimizers.serialize(optimizer))))
    assert type(again.inner_optimizer) is optimizers.SGD and again.learning_rate == 0.5


def test_wrapped_optimizers_train_as_bare_ones() -> None:
    random = np.random.default_rng(0)
    x, y = random.normal(size=(16, 3)), random.normal(size=(16, 2))
    start, found = None, []
    for optimizer in (
        optimizers.Adam(0.05),
        optimizers.LossScaleOptimizer(optimizers.Adam(0.05)),
        optimizers.MultiOptimizer(optimizers.OptimizerMap(optimizers.Adam(0.05), {".*bias": optimizers.Adam(0.05)})),
    ):
        model = keras.Sequential([keras.Input((3,)), layers.Dense(4), layers.BatchNormalization(), layers.Dense(2)])
        start = start or model.get_weights()
        model.set_weights(start)
        model.compile(optimizer, "mse")
        model.fit(x, y, batch_size=4, epochs=2, shuffle=False, verbose=0)
        found.append(model.get_weights())
    for other in found[1:]:
        for one, two in zip(found[0], other, strict=True):
            np.testing.assert_allclose(one, two, rtol=1e-5, atol=1e-6)


def test_each_weight_goes_by_the_optimizer_of_its_path() -> None:
    model = keras.Sequential([keras.Input((3,)), layers.Dense(2, kernel_initializer="ones", bias_initializer="ones")])
    still = optimizers.SGD(0.0)
    model.compile(optimizers.MultiOptimizer(optimizers.OptimizerMap(optimizers.SGD(0.1), {".*/bias": still})), "mse")
    model.fit(np.ones((4, 3)), np.zeros((4, 2)), verbose=0)
    assert (model.get_weights()[1] == 1).all() and (model.get_weights()[0] < 1).all()
    with pytest.raises(AttributeError, match="MultiOptimizer"):
        model.optimizer.learning_rate = 0.5


BAD = [
    (lambda: optimizers.SGD(decay=1e-6), "InverseTimeDecay"),
    (lambda: optimizers.AdamW(weight_decay=None), "weight_decay"),
    (lambda: optimizers.Ftrl(learning_rate_power=1.0), "learning_rate_power"),
    (lambda: optimizers.Ftrl(l1_regularization_strength=-1.0), "l1_regularization_strength"),
    (lambda: optimizers.Ftrl(initial_accumulator_value=-1.0), "initial_accumulator_value"),
    (lambda: optimizers.SGD(-0.1), "learning_rate=-0.1"),
    (lambda: optimizers.SGD(learning_rate="fast"), "learning_rate='fast'"),
    (lambda: optimizers.SGD(clipnorm=-1), "clipnorm=-1"),
    (lambda: optimizers.SGD(use_ema=True, ema_momentum=2.0), "ema_momentum"),
    (lambda: optimizers.SGD(use_ema=True, ema_overwrite_frequency=0.5), "ema_overwrite_frequency"),
    (lambda: optimizers.SGD(gradient_accumulation_steps=1), "gradient_accumulation_steps"),
    (lambda: optimizers.SGD(clipnorm=1.0, clipvalue=1.0), "Only one of"),
    (lambda: optimizers.LossScaleOptimizer("adam"), "expected an optimizer"),
    (lambda: optimizers.LossScaleOptimizer(optimizers.SGD(), clipnorm=1.0), "on the `inner_optimizer`"),
    (lambda: optimizers.OptimizerMap("adam"), "default_optimizer"),
    (lambda: optimizers.MultiOptimizer({"a": optimizers.SGD()}), "OptimizerMap"),
]


@pytest.mark.parametrize(("call", "words"), BAD, ids=[words for _, words in BAD])
def test_an_argument_that_means_nothing_is_named(call: Any, words: str) -> None:
    with pytest.raises((TypeError, ValueError), match=words):
        call()


SHARES = [
    (name, share) for name in PLAIN for share in ("beta_1", "beta_2", "adam_beta_1", "adam_beta_2")
    if share in optimizers.CLASSES[name]().get_config() and name != "Lion" and (name, share) != ("ScheduleFreeAdamW", "beta_1")
]  # fmt: skip
"""Shares of running means whose formulas divide by 1 - share."""


@pytest.mark.parametrize(("name", "share"), SHARES)
def test_a_running_mean_that_keeps_all_is_refused(name: str, share: str) -> None:
    for value in (1.0, 1.5, -0.1):
        with pytest.raises(ValueError, match=rf"{name}: {share}={value}: expected a number from 0 to below 1"):
            optimizers.CLASSES[name](**{share: value})


PORTIONS = [("RMSprop", "rho"), ("RMSprop", "momentum"), ("Adadelta", "rho"), ("Lion", "beta_2"), ("Muon", "momentum")]


@pytest.mark.parametrize(("name", "portion"), PORTIONS)
def test_a_share_outside_of_0_to_1_is_refused(name: str, portion: str) -> None:
    for value in (1.5, -0.1):
        with pytest.raises(ValueError, match=rf"{name}: {portion}={value}: expected a number from 0 to 1"):
            optimizers.CLASSES[name](**{portion: value})
    assert getattr(optimizers.CLASSES[name](**{portion: 1.0}), portion) == 1.0


EPSILONS = ["Adagrad", "Adam", "AdamW", "Adamax", "Nadam", "Lamb", "RMSprop", "Adadelta", "Muon", "ScheduleFreeAdamW"]


@pytest.mark.parametrize("name", EPSILONS)
def test_an_epsilon_below_0_is_refused(name: str) -> None:
    with pytest.raises(ValueError, match=rf"{name}: epsilon=-1e-07: expected a number of at least 0"):
        optimizers.CLASSES[name](epsilon=-1e-7)


@pytest.mark.parametrize("epsilon", ["epsilon_1", "epsilon_2"])
def test_so_is_either_epsilon_of_adafactor(epsilon: str) -> None:
    with pytest.raises(ValueError, match=rf"Adafactor: {epsilon}=-1e-07: expected a number of at least 0"):
        optimizers.Adafactor(**{epsilon: -1e-7})
