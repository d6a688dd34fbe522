"""tinyseq.random: the distributions, seeds, and random numbers in call(), which are new for each batch."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

import tinyseq
from tinyseq import layers, ops, random

COUNT = 200_000
MOMENTS = {
    "normal": (lambda: random.normal((COUNT,), 1.0, 2.0, seed=1), 1.0, 2.0),
    "uniform": (lambda: random.uniform((COUNT,), -1.0, 3.0, seed=1), 1.0, 4 / 12**0.5),
    "truncated_normal": (lambda: random.truncated_normal((COUNT,), 1.0, 2.0, seed=1), 1.0, 2 * 0.8796256610),
    "randint": (lambda: random.randint((COUNT,), 0, 10, seed=1), 4.5, (99 / 12) ** 0.5),
    "gamma": (lambda: random.gamma((COUNT,), 4.0, seed=1), 4.0, 2.0),
    "beta": (lambda: random.beta((COUNT,), 2.0, 2.0, seed=1), 0.5, 0.05**0.5),
    "binomial": (lambda: random.binomial((COUNT,), 10, 0.5, seed=1), 5.0, 2.5**0.5),
    "categorical": (lambda: random.categorical(np.log([[0.25, 0.75]]), COUNT, seed=1)[0], 0.75, (3 / 16) ** 0.5),
    "dropout": (lambda: random.dropout(np.ones(COUNT), 0.2, seed=1), 1.0, 0.5),
}
"""What is drawn, the mean and the deviation of its distribution."""


@pytest.mark.parametrize("name", MOMENTS)
def test_mean_and_deviation_are_those_of_the_distribution(name: str) -> None:
    draw, mean, deviation = MOMENTS[name]
    found = draw()
    assert found.shape == (COUNT,)
    assert found.dtype == (np.int32 if name in ("randint", "categorical") else np.float32)
    assert abs(found.mean() - mean) < 5 * deviation / COUNT**0.5
    assert found.std() == pytest.approx(deviation, rel=0.02)


def test_truncated_normal_ends_at_two_deviations() -> None:
    assert np.abs(random.truncated_normal((COUNT,), seed=2)).max() <= 2


def test_an_integer_repeats_and_a_generator_goes_on() -> None:
    one = random.SeedGenerator(5)
    first, second = random.normal((3,), seed=one), random.normal((3,), seed=one)
    assert not np.array_equal(first, second)
    again = random.SeedGenerator.from_config(one.get_config())
    assert np.array_equal(random.normal((3,), seed=again), first)
    assert np.array_equal(random.uniform((3,), seed=4), random.uniform((3,), seed=4))
    tinyseq.utils.set_random_seed(9)
    drawn = random.normal((3,))
    assert not np.array_equal(drawn, random.normal((3,)))
    tinyseq.utils.set_random_seed(9)
    assert np.array_equal(random.normal((3,)), drawn)


def test_shuffle_keeps_the_rows() -> None:
    x = np.arange(20).reshape(10, 2)
    found = random.shuffle(x, seed=1)
    assert not np.array_equal(found, x)
    assert np.array_equal(found[np.argsort(found[:, 0])], x)
    assert np.array_equal(random.shuffle(x, axis=1, seed=1)[:, ::-1], x) or np.array_equal(random.shuffle(x, axis=1, seed=1), x)


class Sampling(layers.Layer):
    """Mean and logarithm of the variance -> a number drawn from that distribution, as in Keras's example of a VAE."""

    def __init__(self, **options: Any) -> None:
        super().__init__(**options)
        self.seeds = random.SeedGenerator(7)

    def call(self, inputs: Any) -> Any:
        mean, log_variance = inputs
        shape = (ops.shape(mean)[0], ops.shape(mean)[1])
        return mean + ops.exp(0.5 * log_variance) * random.normal(shape=shape, seed=self.seeds)


def _sampled() -> Any:
    mean, log_variance = tinyseq.Input((3,)), tinyseq.Input((3,))
    return tinyseq.Model([mean, log_variance], Sampling()([mean, log_variance]))


def test_numbers_drawn_in_call_are_new_for_each_batch_and_have_the_distribution() -> None:
    model, ones = _sampled(), np.ones((20_000, 3), "float32")
    one, other = (model.predict([5 * ones, 2 * np.log(2) * ones], batch_size=1000, verbose=0) for _ in range(2))
    assert not np.array_equal(one, other)
    assert not np.array_equal(one[:1000], one[1000:2000])
    assert one.mean() == pytest.approx(5, abs=0.05)
    assert one.std() == pytest.approx(2, rel=0.02)
    assert abs(np.corrcoef(one.T)[0, 1]) < 0.03


def test_the_gradient_goes_around_what_is_drawn() -> None:
    """mean + exp(v / 2) e: slope 1 for the mean, e exp(v / 2) / 2 for v, with the e of that step."""
    x = [np.zeros((4, 3), "float32")] * 2
    found = tinyseq.gradients(_sampled(), x, np.zeros((4, 3), "float32"), loss="mse")
    drawn = found.outputs  # 0 + 1 e
    assert np.allclose(found.inputs[0], 2 * drawn / 12, atol=1e-6)
    assert np.allclose(found.inputs[1], found.inputs[0] * drawn / 2, atol=1e-6)


def test_dropout_in_call_drops_where_the_call_says_so() -> None:
    class Dropping(layers.Layer):
        def call(self, x: Any, training: bool = False) -> Any:
            return random.dropout(x, 0.5, seed=3) if training else x

    model = tinyseq.Sequential([tinyseq.Input((1000,)), Dropping()])
    ones = np.ones((2, 1000), "float32")
    assert np.array_equal(model(ones), ones)
    assert set(np.unique(model(ones, training=True))) == {0.0, 2.0}
    assert np.mean(model(ones, training=True) == 0) == pytest.approx(0.5, abs=0.06)


def test_what_would_be_the_same_for_every_batch_is_refused() -> None:
    class Fixed(layers.Layer):
        def call(self, x: Any) -> Any:
            return x + random.normal((1, 4))

    with pytest.raises(ValueError, match=r"shape=\(1, 4\) in call\(\): only the batch may be open"):
        Fixed()(tinyseq.Input((4,)))

    class Whole(layers.Layer):
        def call(self, x: Any) -> Any:
            return x + random.randint((4,), 0, 3)

    with pytest.raises(NotImplementedError, match=r"random.randint in call\(\)"):
        Whole()(tinyseq.Input((4,)))


def test_a_layer_and_an_initializer_take_a_generator() -> None:
    ones = np.ones((1, 500), "float32")
    gen = random.SeedGenerator(3)
    one, other = layers.Dropout(0.5, seed=gen), layers.Dropout(0.5, seed=gen)
    assert not np.array_equal(one(ones, training=True), other(ones, training=True))
    start = tinyseq.initializers.RandomNormal(seed=random.SeedGenerator(3))
    assert not np.array_equal(start((3,)), start((3,)))


@pytest.mark.parametrize("seed", ["a", 1.5, [3]])
def test_a_seed_of_another_kind_is_refused_by_every_layer(seed: Any) -> None:
    for make in (layers.Dropout, layers.GaussianNoise, layers.RandomRotation, layers.SpatialDropout1D):
        with pytest.raises(TypeError, match="seed="):
            make(0.5, seed=seed)(np.ones((1, 4, 4, 3) if make is layers.RandomRotation else (1, 4, 3), "float32"), training=True)
    with pytest.raises((TypeError, ValueError), match="seed"):
        random.normal((2,), seed=seed)


def test_a_seed_of_numpy_counts() -> None:
    """Recorded before as silence: np.int64 was taken for no seed."""
    ones = np.ones((1, 500), "float32")
    one, other = layers.Dropout(0.5, seed=np.int64(3)), layers.Dropout(0.5, seed=3)
    assert np.array_equal(one(ones, training=True), other(ones, training=True))


def test_whole_numbers_of_uniform_leave_the_upper_end_out() -> None:
    assert set(random.uniform((200,), 2, 4, dtype="int32", seed=1).tolist()) == {2, 3}


def test_the_imaginary_part_of_a_fourier_transform_has_keras_sign() -> None:
    """By hand: -sin(2 pi t / 4) for t = 0, 1, 2, 3."""
    kernel = tinyseq.initializers.STFT("imag", window=None)((4, 1, 3))
    np.testing.assert_allclose(kernel[:, 0, 1], [0, -1, 0, 1], atol=1e-6)


def test_the_slope_of_an_orthogonal_regularizer_is_that_of_its_penalty() -> None:
    penalty = tinyseq.regularizers.OrthogonalRegularizer(1.0)
    w = np.array([[1.0, 2, 0.5], [0.3, -1, 2]])
    slope, found = np.zeros((2, 3), np.float32), np.zeros((2, 3))
    penalty.add_gradient(w, slope)
    for place in np.ndindex(2, 3):
        step = np.zeros((2, 3))
        step[place] = 1e-5
        found[place] = (penalty.penalty(w + step) - penalty.penalty(w - step)) / 2e-5
    np.testing.assert_allclose(slope, found, atol=1e-5)
