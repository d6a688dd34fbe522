"""What fit says of its own accord, each once: a last layer that does not go with the loss, and where a NaN comes from."""

from __future__ import annotations

import warnings
from typing import Any

import numpy as np
import pytest

import tinyseq as keras
from tinyseq import layers, losses, optimizers
from tinyseq.compile_notice import Notice

X = np.random.default_rng(7).normal(size=(12, 4)).astype("float32")
CLASSES = np.arange(12) % 3


def net(*stack: Any, loss: Any = "mse", optimizer: Any = "sgd") -> keras.Sequential:
    keras.backend.clear_session()
    keras.utils.set_random_seed(1)
    model = keras.Sequential([keras.Input((4,)), *stack])
    model.compile(optimizer, loss)
    return model


def said(model: keras.Sequential, x: Any, y: Any, **options: Any) -> list[str]:
    """What fit warns of; every warning counts, also one that was given before."""
    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always")
        model.fit(x, y, verbose=0, **options)
    ours = [one for one in caught if one.category is UserWarning]
    assert all(one.filename == __file__ for one in ours)
    return [str(one.message) for one in ours]


@pytest.mark.parametrize(
    ("layer", "loss", "words"),
    [
        (lambda: layers.Dense(3), "sparse_categorical_crossentropy", "dense: SC305 the last activation is linear"),
        (lambda: layers.Dense(3, activation="sigmoid"), "sparse_categorical_crossentropy", "dense: SC305 the last activation is sigmoid"),
        (lambda: layers.Dense(1, activation="softmax"), "binary_crossentropy", "dense: SC304 softmax over 1 unit is always 1"),
        (
            lambda: layers.Dense(3, activation="softmax"),
            lambda: losses.SparseCategoricalCrossentropy(from_logits=True),
            'dense: SC312 "sparse_categorical_crossentropy" has from_logits=True',
        ),
        (lambda: layers.Dense(3, activation="softmax"), "sparse_categorical_crossentropy", ""),
        (lambda: layers.Dense(3), lambda: losses.SparseCategoricalCrossentropy(from_logits=True), ""),
        (lambda: layers.Dense(1), "mse", ""),
    ],
)
def test_a_last_layer_that_does_not_go_with_the_loss_is_reported_once(layer: Any, loss: Any, words: str) -> None:
    keras.backend.clear_session()
    model = net(layer(), loss=loss if isinstance(loss, str) else loss())
    y = (CLASSES > 1)[:, None].astype("float32") if model.output_shape == (None, 1) else CLASSES
    found = said(model, X, y, epochs=2, batch_size=4)
    assert [one.startswith(words) for one in found] == [True] * bool(words)
    assert said(model, X, y) == []


def test_data_that_is_not_finite_is_reported_once_with_the_first_place() -> None:
    x = X.copy()
    x[2, 1], x[5, 0], x[7] = np.nan, np.inf, np.nan
    model = net(layers.Dense(1))
    (words,) = said(model, x, X[:, :1], epochs=2)
    assert words.startswith("x holds 5 NaN and 1 infinite values, the first at x[2, 1]: ") and "np.nan_to_num(x)" in words


def test_large_numbers_are_no_infinity() -> None:
    assert said(net(layers.Dense(1, kernel_initializer="zeros"), optimizer="adam"), np.full((12, 4), 3e37, "float32"), X[:, :1] * 0) == []


def test_a_learning_rate_that_is_too_high_is_named_with_the_layer_and_the_step() -> None:
    model = net(layers.Dense(8, activation="relu"), layers.Dense(1), optimizer=optimizers.SGD(1e12))
    (words,) = said(model, X, X[:, :1], epochs=9)
    assert words.startswith("sequential: the loss is ") and " in step " in words
    assert "the learning rate 1e+12 is probably too high: try 1e+11" in words
    assert "dense" in words


def test_a_batch_with_a_nan_is_named_where_batches_come_one_by_one() -> None:
    x = X.copy()
    x[3, 2] = np.nan
    model = net(layers.Dense(1))
    with pytest.warns(UserWarning, match=r"the loss is nan in step 1: x\[3, 2\] of this batch is nan"):
        model.train_on_batch(x, X[:, :1])


def test_a_power_of_large_outputs_is_told_from_a_broken_layer() -> None:
    model = net(layers.Dense(1, kernel_initializer="ones"), optimizer=optimizers.SGD(0.0))
    (words,) = said(model, np.full((12, 4), 1e20, "float32"), X[:, :1])
    assert "the outputs are finite, from 4e+20 to 4e+20" in words


def test_compiling_says_how_long_it_took_and_that_it_is_kept(capsys: pytest.CaptureFixture[str]) -> None:
    notice = Notice(patience=0.0)
    notice.wanted = True
    notice.close()
    assert capsys.readouterr().err == ""
    notice.on_start(None)
    notice.say()
    notice.on_end(None)
    notice.close()
    notice.close()
    assert capsys.readouterr().err.splitlines() == [
        "tinyseq: compiling kernels, for the first time on this machine (`python -m tinyseq warmup` does it ahead) ...",
        "tinyseq: compiled in 1 s; next time these kernels come from the cache",
    ]


@pytest.mark.parametrize(
    "call",
    [
        lambda model: model.fit(X, X[:, :1], batch_size=12, steps_per_epoch=2, verbose=0),
        lambda model: model.fit(X, X[:, :1], callbacks=[keras.callbacks.EarlyStopping("nothing")], verbose=0),
        lambda model: model.fit(X, X[:, :1] * np.nan, verbose=0),
        lambda model: keras.callbacks.EarlyStopping(mode="upwards"),
        lambda model: model.optimizer.apply([X[:4, :1], None], model.weights),
    ],
    ids=["data ran out", "nothing to watch", "NaN in y", "mode", "no gradient"],
)
def test_a_warning_of_training_is_at_the_line_of_the_user(call: Any) -> None:
    model = net(layers.Dense(1))
    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always")
        call(model)
    assert caught and {one.filename for one in caught} == {__file__}


def one_batch() -> Any:
    yield X, X[:, :1]


NOT_FOLLOWED = [
    (lambda: net().compile("sgd", "mse", run_eagerly=True), "run_eagerly=True has no effect: kernels are always compiled"),
    (lambda: net().compile("sgd", "mse", jit_compile=False), "jit_compile=False has no effect: kernels are always compiled"),
    (lambda: keras.utils.PyDataset(workers=4), "PyDataset: workers=4 has no effect: batches are made one after the other"),
    (lambda: keras.utils.PyDataset(use_multiprocessing=True), "use_multiprocessing=True has no effect"),
    (lambda: net(layers.Dense(1)).fit(one_batch(), batch_size=4, verbose=0), "batch_size=4 has no effect: x yields batches itself"),
    *((lambda cls=cls: cls(dtype="float16"), "dtype='float16' has no effect: losses are computed in") for cls in losses.CLASSES.values()),
]


@pytest.mark.parametrize(("call", "words"), NOT_FOLLOWED)
def test_what_is_accepted_and_not_followed_says_so(call: Any, words: str) -> None:
    with pytest.warns(UserWarning) as caught:
        call()
    assert [words in str(one.message) and one.filename == __file__ for one in caught] == [True]


def test_weights_beside_a_generator_are_refused() -> None:
    for method in ("fit", "evaluate"):
        with pytest.raises(ValueError, match=r"remove sample_weight, and yield \(x, y, sample_weight\)"):
            getattr(net(layers.Dense(1)), method)(one_batch(), sample_weight=np.ones(12), verbose=0)


MEANINGLESS: list[dict[str, Any]] = [
    {"steps_per_execution": 0}, {"steps_per_execution": "a"}, {"run_eagerly": 3}, {"jit_compile": "no"},
]  # fmt: skip


@pytest.mark.parametrize("given", MEANINGLESS, ids=str)
def test_arguments_of_compile_that_mean_nothing_are_refused(given: Any) -> None:
    model = net(layers.Dense(1))
    compiled = model._compilation
    with pytest.raises((TypeError, ValueError), match=next(iter(given))):
        model.compile("sgd", "mse", **given)
    assert model._compilation is compiled
