"""What is called wrongly is refused where it is called, with the layer or argument, both numbers, and an edit that works."""

from __future__ import annotations

import inspect
import sys
from importlib import import_module
from typing import Any

import numpy as np
import pytest

import tinyseq as keras
from shapecheck import layers as rules
from shapecheck.diagnostics.base import ShapeError
from tinyseq import (
    backend,
    callbacks,
    constraints,
    datasets,
    initializers,
    layers,
    losses,
    metrics,
    models,
    optimizers,
    regularizers,
    utils,
)

X, Y = np.ones((8, 4), np.float32), np.ones((8, 2), np.float32)


def compiled() -> keras.Sequential:
    model = keras.Sequential([keras.Input((4,)), layers.Dense(2, name="out")], name="net")
    model.compile("sgd", "mse")
    return model


# ---------------------------------------------------------------------- names of arguments


@pytest.mark.parametrize(
    "call, given, meant",
    [
        (lambda **k: compiled().fit(X, Y, **k), "epoch", "epochs"),
        (lambda **k: compiled().fit(X, Y, **k), "bach_size", "batch_size"),
        (lambda **k: compiled().fit(X, Y, **k), "nb_epoch", "epochs"),
        (lambda **k: compiled().evaluate(X, Y, **k), "batchsize", "batch_size"),
        (lambda **k: compiled().predict(X, **k), "verbos", "verbose"),
        (lambda **k: compiled().compile(**k), "optimiser", "optimizer"),
        (lambda **k: compiled().compile(**k), "metric", "metrics"),
        (lambda **k: compiled().train_on_batch(X, Y, **k), "sample_weights", "sample_weight"),
        (lambda **k: compiled().test_on_batch(X, Y, **k), "return_dic", "return_dict"),
        (lambda **k: compiled().predict_on_batch(**k), "X", "x"),
        (lambda **k: compiled().summary(**k), "lnie_length", "line_length"),
        (lambda **k: compiled().get_layer(**k), "nme", "name"),
        (lambda **k: compiled().save_weights("a.npz", **k), "overwite", "overwrite"),
        (lambda **k: compiled().load_weights("a.npz", **k), "skip_mismach", "skip_mismatch"),
        (lambda **k: compiled().add(layers.Dense(1), **k), "rebuilt", "rebuild"),
        (keras.Input, "shap", "shape"),
        (keras.Sequential, "nme", "name"),
        (lambda **k: keras.Model(keras.Input((3,)), **k), "output", "outputs"),
        (callbacks.EarlyStopping, "patince", "patience"),
        (losses.CategoricalCrossentropy, "from_logit", "from_logits"),
        (losses.MeanSquaredError, "reductions", "reduction"),
        (metrics.Precision, "treshold", "thresholds"),
        (initializers.RandomNormal, "std", "stddev"),
        (regularizers.L2, "l3", "l2"),
        (constraints.MaxNorm, "maximum_value", "max_value"),
        (lambda **k: optimizers.schedules.ExponentialDecay(0.1, 10, 0.5, **k), "stair", "staircase"),
    ],
)
def test_a_misspelt_argument_is_a_type_error_that_names_the_nearest(call: Any, given: str, meant: str) -> None:
    with pytest.raises(TypeError, match=rf"\(\) has no argument '{given}': did you mean {meant}\?"):
        call(**{given: 3})


def test_an_argument_like_none_of_them_gets_the_list() -> None:
    with pytest.raises(TypeError, match=r"has no argument 'qqq': its arguments are x, y, batch_size, epochs, "):
        compiled().fit(X, Y, qqq=1)


@pytest.mark.parametrize(
    "optimizer, given, meant",
    [("SGD", "learnin_rate", "learning_rate"), ("Adam", "beta1", "beta_1"), ("AdamW", "clip_norm", "clipnorm")],
)
def test_an_optimizer_names_the_nearest_too(optimizer: str, given: str, meant: str) -> None:
    with pytest.raises(ValueError, match=f"{optimizer}: has no argument '{given}': did you mean {meant}"):
        getattr(optimizers, optimizer)(**{given: 0.1})


def test_a_layer_names_the_nearest_also_when_the_misspelt_one_is_missing() -> None:
    with pytest.raises(ShapeError, match="Conv2D: SC403 Conv2D has no argument 'kernal_size'\nhelp: write kernel_size"):
        layers.Conv2D(8, kernal_size=3)  # type: ignore[call-arg]
    with pytest.raises(TypeError, match="missing 1 required positional argument: 'kernel_size'"):
        layers.Conv2D(8)  # type: ignore[call-arg]


def test_signatures_stay_visible() -> None:
    assert list(inspect.signature(keras.Sequential.fit).parameters)[:4] == ["self", "x", "y", "batch_size"]
    assert list(inspect.signature(layers.Dense).parameters)[:2] == ["units", "activation"]
    assert list(inspect.signature(callbacks.EarlyStopping).parameters)[:3] == ["monitor", "min_delta", "patience"]
    assert list(inspect.signature(keras.Input).parameters)[:2] == ["shape", "batch_size"]


@pytest.mark.parametrize(
    "name, member",
    [
        ("optimizers", "Adam"), ("losses", "Huber"), ("metrics", "Precision"), ("callbacks", "EarlyStopping"),
        ("initializers", "HeNormal"), ("regularizers", "L2"), ("constraints", "MaxNorm"), ("models", "Sequential"),
        ("layers", "Dense"), ("utils", "to_categorical"), ("backend", "epsilon"), ("datasets", "digits"),
    ],
)  # fmt: skip
def test_what_keras_scripts_import_by_its_module_is_there(name: str, member: str) -> None:
    """`from keras.optimizers import Adam` with one word changed gives what `keras.optimizers.Adam` gives."""
    found = import_module(f"tinyseq.{name}")
    assert getattr(found, member) is getattr(getattr(keras, name), member)


@pytest.mark.parametrize(
    ("other", "name"),
    [
        *((f"{kind}Pool{axes}D", f"{kind}Pooling{axes}D") for kind in ("Max", "GlobalMax") for axes in (1, 2, 3)),
        *((f"{kind}AvgPool{axes}D", f"{kind}AveragePooling{axes}D") for kind in ("", "Global") for axes in (1, 2, 3)),
        *((f"Convolution{axes}D{end}", f"Conv{axes}D{end}") for end in ("", "Transpose") for axes in (1, 2, 3)),
        *((f"SeparableConvolution{axes}D", f"SeparableConv{axes}D") for axes in (1, 2)),
    ],
)
def test_a_class_has_the_other_name_that_keras_gives_it(other: str, name: str) -> None:
    """All that Keras 3.15 has."""
    assert getattr(layers, other) is getattr(layers, name)
    assert getattr(rules, other) is getattr(rules, name)


def test_names_of_modules_are_found_by_the_nearest() -> None:
    schedules = optimizers.schedules
    for module, given, meant in (
        (optimizers, "Adm", "Adam"), (losses, "Hubr", "Huber"), (metrics, "Acuracy", "Accuracy"),
        (utils, "to_categorcal", "to_categorical"),
        (callbacks, "EarlyStoping", "EarlyStopping"), (initializers, "GlorotUnifrom", "GlorotUniform"), (regularizers, "L1L3", "L1L2"),
        (constraints, "MaxNrm", "MaxNorm"), (schedules, "CosineDeca", "CosineDecay"), (backend, "epslon", "epsilon"),
        (models, "Sequentail", "Sequential"), (keras, "layer", "layers"), (keras, "input", "Input"),
        (keras, "Losses", "losses"), (keras, "callback", "callbacks"), (keras, "Dense", "layers.Dense"), (keras, "Adam", "optimizers.Adam"),
        (keras, "mnist", "datasets.mnist"), (keras, "to_categorical", "utils.to_categorical"), (keras, "activation", "an activation by"),
        (layers, "layer", "Layer"), (layers, "DENSE", "Dense"), (layers, "conv2D", "Conv2D"),
        (layers, "Conv", "Conv2D"), (layers, "maxpool", "MaxPooling2D"), (layers, "batch_norm", "BatchNormalization"),
        (layers, "relu", "ReLU"), (layers, "lstm", "LSTM"), (layers, "input", "Input"), (layers, "Sigmoid", "Activation('sigmoid')"),
        (layers, "Deconvolution2D", "Conv2DTranspose"), (losses, "mean_square_error", "mean_squared_error"), (datasets, "MNIST", "mnist"),
        (datasets, "minst", "mnist"),
    ):  # fmt: skip
        with pytest.raises(AttributeError) as caught:
            getattr(module, given)
        assert f"has no attribute {given!r}: write {meant}" in str(caught.value)


@pytest.mark.parametrize(
    "call, meant",
    [
        (lambda: keras.sequential([]), "Sequential"), (lambda: keras.model(1, 2), "Model"), (lambda: layers.dense(10), "Dense"),
        (lambda: layers.embedding(10, 3), "Embedding"), (lambda: layers.activation("relu"), "Activation"),
        (lambda: layers.normalization(), "Normalization"),
    ],
)  # fmt: skip
@pytest.mark.parametrize("loaded", [True, False])
def test_a_class_without_its_capital_is_told_the_capital(call: Any, meant: str, loaded: bool, monkeypatch: Any) -> None:
    """Once its module has been loaded, the module is found under that name."""
    for module in (keras.Sequential, layers.Dense, layers.Embedding, layers.Activation, layers.BatchNormalization):
        path, _, name = module.__module__.rpartition(".")
        if not loaded:
            monkeypatch.delattr(sys.modules[path], name, raising=False)
    if not loaded:
        monkeypatch.delattr(keras, "model", raising=False)
    with pytest.raises((AttributeError, TypeError), match=rf": write (layers\.)?{meant}"):
        call()


@pytest.mark.parametrize(
    "module, name",
    [
        (keras, "Functional"), (keras, "np"), (layers, "Highway"), (metrics, "Lift"), (metrics, "Xyz"),
    ],
)  # fmt: skip
def test_a_name_that_is_like_no_other_is_not_guessed_at(module: Any, name: str) -> None:
    with pytest.raises(AttributeError) as caught:
        getattr(module, name)
    assert str(caught.value).endswith(f"has no attribute {name!r}")


@pytest.mark.parametrize(
    "argument, given, words",
    [
        ("loss", "sparse_crossentropy", "write 'sparse_categorical_crossentropy'"),
        ("loss", "sparse", "write 'sparse_categorical_crossentropy'"),
        ("loss", "cce", "write 'categorical_crossentropy'"),
        ("loss", "categorical_cross_entropy", "write 'categorical_crossentropy'"),
        ("loss", "CategorialCrossentropy", "write 'categorical_crossentropy'"),
        ("loss", "mean_square_error", "write 'mean_squared_error'"),
        ("loss", "MSELoss", "write 'mse'"),
        ("loss", "mes", "write 'mse'"),
        ("loss", "logloss", "write 'binary_crossentropy'"),
        ("loss", "cross_entropy", "write 'binary_crossentropy', 'categorical_crossentropy', 'binary_focal_crossentropy', "
         "'categorical_focal_crossentropy' or 'sparse_categorical_crossentropy'"),
        ("loss", "dice_loss", "write 'dice'"),
        ("loss", "softmax", "use one of bce, binary_crossentropy, "),
        ("metrics", "F1", "write 'f1_score'"),
        ("metrics", "acuracy", "write 'accuracy'"),
        ("metrics", "accu", "write 'accuracy'"),
        ("metrics", "rmse", "write 'root_mean_squared_error'"),
        ("metrics", "sparse_accuracy", "write 'sparse_categorical_accuracy' or 'sparse_top_k_categorical_accuracy'"),
        ("optimizer", "adma", "write 'adam'"),
        ("optimizer", "RMS", "write 'rmsprop'"),
        ("optimizer", "muno", "write 'muon'"),
    ],
)  # fmt: skip
def test_a_name_that_compile_does_not_know_gets_the_ones_that_hold_its_words(argument: str, given: str, words: str) -> None:
    with pytest.raises(ValueError) as caught:
        compiled().compile(**{argument: [given] if argument == "metrics" else given})
    assert f"identifier: {given!r}: {words}" in str(caught.value)


@pytest.mark.parametrize(
    "given, written",
    [
        (["accuracy"], "['accuracy']"), ("accuracy", "['accuracy']"), (["acc", "mse"], "['acc', 'mse']"),
        ({"out": "acc"}, "{'out': 'acc'}"), ({"out": ["acc"]}, "{'out': ['acc']}"), ([metrics.Precision()], "[...]"),
        ([lambda y_true, y_pred: 0.0], "[...]"),
    ],
)  # fmt: skip
def test_metrics_in_the_place_of_loss_weights_are_told_where_to_go(given: Any, written: str) -> None:
    """compile(optimizer, loss, metrics) was right in Keras 2."""
    with pytest.raises(TypeError) as caught:
        compiled().compile("sgd", "mse", given)
    assert "loss_weights is the third argument of compile(), metrics the fourth" in str(caught.value)
    assert str(caught.value).endswith(f": write metrics={written}")


# ---------------------------------------------------------------------- values of arguments


@pytest.mark.parametrize(
    "given",
    [
        {"epochs": -1}, {"epochs": 1.5}, {"epochs": None}, {"batch_size": 0}, {"batch_size": "a"}, {"verbose": "loud"},
        {"verbose": None}, {"validation_split": 1.5}, {"validation_split": "a"}, {"class_weight": 3}, {"class_weight": [1, 2]},
        {"class_weight": {"a": 1.0}}, {"class_weight": {0: "x"}}, {"class_weight": {0: -1.0}}, {"sample_weight": "a"},
        {"initial_epoch": -1}, {"initial_epoch": "a"}, {"steps_per_epoch": 0}, {"steps_per_epoch": 1.5}, {"validation_steps": 0},
        {"validation_freq": 0}, {"validation_freq": "a"}, {"validation_freq": [0]}, {"validation_batch_size": 0, "validation_data": (X, Y)},
    ],
    ids=str,
)  # fmt: skip
def test_fit_refuses_a_value_by_the_name_of_its_argument(given: dict[str, Any]) -> None:
    model = compiled()
    before = model.get_weights()
    argument = next(iter(given)).removeprefix("validation_batch_size") or "batch_size"
    with pytest.raises((TypeError, ValueError), match=f"{argument}.*(: write |: pass |[:,] for example )"):
        model.fit(X, Y, **{"verbose": 0, **given})
    assert np.array_equal(before[0], model.get_weights()[0])


@pytest.mark.parametrize("given", [{"steps": 0}, {"steps": "a"}, {"batch_size": 0}, {"verbose": "q"}], ids=str)
def test_evaluate_and_predict_refuse_as_fit_does(given: dict[str, Any]) -> None:
    for call in (lambda **k: compiled().evaluate(X, Y, **k), lambda **k: compiled().predict(X, **k)):
        with pytest.raises((TypeError, ValueError), match=f"{next(iter(given))}=.*(: write |[:,] for example )"):
            call(**{"verbose": 0, **given})


def test_validation_after_listed_epochs() -> None:
    history = compiled().fit(X, Y, epochs=5, validation_split=0.25, validation_freq=[2, 5], verbose=0)
    assert len(history.history["loss"]) == 5 and len(history.history["val_loss"]) == 2


def test_a_list_of_one_target_is_the_target() -> None:
    assert compiled().fit([X], [Y], verbose=0).history["loss"]
    with pytest.raises(ValueError, match="a list of 2 arrays for a model of 1 output"):
        compiled().fit(X, [Y, Y], verbose=0)
    with pytest.raises(ValueError, match="'y' sizes: 0: pass the same number of each"):
        compiled().fit(X, np.ones((0, 2)), verbose=0)


@pytest.mark.parametrize(
    "call, words",
    [
        (lambda: layers.Dense(0), "Dense: SC401 units=0: .*\nhelp: write units=1"),
        (lambda: layers.Dense(0, name="first"), "first: SC401 units=0"),
        (lambda: layers.Dense("10"), "Dense: SC401 units='10': expected a positive integer\nhelp: write units=10, without quotes"),  # type: ignore[arg-type]
        (lambda: layers.Dense(21 / 2), "help: write units=10 \\(a division with / returns a float: use //\\)"),  # type: ignore[arg-type]
        (lambda: layers.Dense("-3"), "help: write units=1, or more"),  # type: ignore[arg-type]
        (lambda: layers.Conv2D(4, "3"), "help: write kernel_size=3, without quotes"),  # type: ignore[arg-type]
        (lambda: layers.Conv2D(4, (3, 5 / 1)), "help: write kernel_size=\\(3, 5\\) \\(a division"),  # type: ignore[arg-type]
        (lambda: layers.MaxPooling2D(2, strides=("2", 2)), "help: write strides=\\(2, 2\\), without quotes"),  # type: ignore[arg-type]
        (lambda: layers.ZeroPadding2D(((1, "2"), (3, 4))), "help: write padding=\\(\\(1, 2\\), \\(3, 4\\)\\), without quotes"),
        (lambda: layers.Reshape(("7", -1)), "help: write target_shape=\\(7, -1\\), without quotes"),
        (lambda: layers.Permute(("2", "1")), "help: write dims=\\(2, 1\\), without quotes"),
        (lambda: layers.Concatenate(axis="1"), "help: write axis=1, without quotes"),  # type: ignore[arg-type]
        (lambda: layers.Dropout("0.25"), "help: write rate=0.25, without quotes"),  # type: ignore[arg-type]
        (lambda: layers.Dense(4, input_dim="7"), "help: write input_dim=7, without quotes"),
        (lambda: compiled().fit(X, Y, epochs="3"), "epochs='3': .*: write epochs=3, without quotes"),  # type: ignore[arg-type]
        (lambda: compiled().fit(X, Y, steps_per_epoch=8 / 2), "write steps_per_epoch=4 \\(a division"),  # type: ignore[arg-type]
        (lambda: compiled().fit(X, Y, batch_size="16"), "write batch_size=16, without quotes"),  # type: ignore[arg-type]
        (lambda: metrics.TopKCategoricalAccuracy(k="3"), "write k=3, without quotes"),  # type: ignore[arg-type]
        (lambda: keras.Input(shape=("28", None, 1)), "help: write shape=\\(28, None, 1\\), without quotes"),
        (lambda: keras.Input(shape=(4,), batch_size="8"), "help: write batch_size=8, without quotes"),
        (lambda: layers.Dropout(1.5), "Dropout: SC401 rate=1.5: expected a number from 0 to 1\nhelp: for example, write rate=0.5"),
        (lambda: layers.LeakyReLU(-1), "help: for example, write negative_slope=0.1"),
        (lambda: layers.Conv2D(4, 3, padding=1), 'help: for example, write padding="valid"'),
        (lambda: layers.Dense(4, activation=3), 'help: for example, write activation="relu"'),
        (lambda: layers.Dense(4, name=3), "Dense: SC401 name=3: expected a word"),
        (lambda: layers.Dense(4, name=""), "Dense: SC401 name=''"),
        (lambda: layers.Dense(4, trainable="no"), "trainable='no': expected True or False"),
        (lambda: layers.Dense(4, input_dim=-1), "help: for example, write input_dim=4"),
        (lambda: keras.Input((3,), batch_size=0), "batch_size=0: expected a positive integer or None"),
        (lambda: keras.Input((3,), batch_size="a"), "batch_size='a'"),
        (lambda: keras.Input((3,), dtype="foo"), "dtype='foo' is not a numeric dtype: write dtype='float32'"),
        (lambda: keras.Input((3,), name=3), "InputLayer: SC401 name=3"),
        (lambda: keras.Sequential(layers.Dense(2)), "expected a list of layers, got a layer: write Sequential"),  # type: ignore[arg-type]
        (lambda: keras.Sequential({}), "expected a list of layers, got a dict"),  # type: ignore[arg-type]
        (lambda: compiled().set_weights(3), "got int: pass a list of 2 arrays"),
        (lambda: compiled().get_layer(index="a"), "index='a': expected an integer"),  # type: ignore[arg-type]
        (lambda: compiled().summary(line_length=0), "line_length=0: expected at least 20 columns, for example line_length=65"),
        (lambda: compiled().compile("sgd", "mse", loss_weights="a"), "loss_weights: 'a': expected a number"),
        (lambda: optimizers.Adam(beta_1=1.5), "Adam: beta_1=1.5: expected a number from 0 to below 1"),
        (lambda: callbacks.EarlyStopping(monitor=3), "monitor=3: expected a text: for example monitor='name'"),  # type: ignore[arg-type]
        (lambda: callbacks.LearningRateScheduler(3), "schedule=3: expected a function"),  # type: ignore[arg-type]
        (lambda: regularizers.L2("a"), "l2='a': expected a number: for example l2=0.1"),  # type: ignore[arg-type]
        (lambda: layers.Dense(3)(np.ones(8)), "at least 2 axes .*got 1: \\(8,\\)\n.*\nhelp: add an axis to each sample, .*x\\[:, None\\]"),
    ],
)
def test_a_value_that_does_not_do_is_refused_with_one_that_does(call: Any, words: str) -> None:
    with pytest.raises((TypeError, ValueError), match=words):
        call()


# ---------------------------------------------------------------------- data


def test_the_advice_for_an_array_that_is_no_numbers_works_on_it() -> None:
    model = compiled()
    texts = np.array([["a", "b", "a", "c"]] * 2)
    with pytest.raises(TypeError, match=r"values, x = np\.unique") as caught:
        model.predict(texts)
    found: dict[str, Any] = {"np": np, "x": texts}
    exec(str(caught.value).split("first: ")[1], found)
    assert model.predict(found["x"]).shape == (2, 2)
    with pytest.raises(TypeError, match=r"np.asarray\(x, dtype='float32'\)"):
        model.predict(np.array([["1", "2", "3", "4"]]))
    with pytest.raises(TypeError, match="contains dict"):
        model.predict(np.array([[{}, {}]], dtype=object))
    with pytest.raises(TypeError, match="pass a numpy array, not Thread"):
        from threading import Thread

        model.predict(Thread())


@pytest.mark.parametrize("call", ["__call__", "predict", "fit", "evaluate"])
def test_a_dictionary_for_a_model_without_inputs_is_refused(call: str) -> None:
    model = keras.Sequential([layers.Dense(2)], name="net")
    model.compile("sgd", "mse")
    with pytest.raises(TypeError, match="net: got a dictionary, but its input has no name yet: pass the array itself"):
        getattr(model, call)({"a": X}, *([Y] if call in ("fit", "evaluate") else []))


def test_what_fit_refuses_leaves_an_unbuilt_model_unbuilt() -> None:
    """Else the mended data would be refused too, because the wrong ones have fixed the input's shape."""
    inner = keras.Sequential([layers.Dense(3)])
    model = keras.Sequential([layers.Dense(4), inner, layers.BatchNormalization(), layers.Dense(2)])
    model.compile("sgd", "mse")
    with pytest.raises(ShapeError, match="SC301"):
        model.fit(np.ones((8, 5, 4)), Y, verbose=0)
    assert not model.built and not inner.built and not any(layer.weights for layer in model.layers if layer is not inner)
    model.fit(X, Y, verbose=0)
    assert model.weights[0].shape == (4, 4)


def test_what_was_built_before_a_refused_fit_stays_built() -> None:
    model = compiled()
    with pytest.raises(ShapeError):
        model.fit(X, np.ones((8, 3)), verbose=0)
    assert model.built and model.layers[0].built


def test_what_is_not_there_before_a_model_is_built_is_told_in_its_own_words() -> None:
    model = keras.Sequential([layers.Dense(2, name="d")], name="net")
    for call, words in (
        (lambda: model.layers[0].output, "d has no output yet, because .* Put Input"),
        (lambda: model.inputs, "net has no defined inputs yet: put Input"),
        (lambda: model.output_shape, "net has no defined outputs yet"),
    ):
        with pytest.raises(AttributeError, match=words):
            call()
    assert not hasattr(model, "outputs")


@pytest.mark.parametrize(
    "activation, advice",
    [
        (layers.ReLU(), "remove activation and put that layer after this one"),
        ("glu", r'put Activation\("glu"\) after this layer'),
        ("sparsemax", "put your own layer after this one"),
        (abs, "put your own layer after this one"),
    ],
    ids=str,
)
def test_an_activation_that_is_not_computed_inside_a_layer_is_refused_by_add(activation: Any, advice: str) -> None:
    model = compiled()
    with pytest.raises(NotImplementedError, match=f"last: activation=.*{advice}"):
        model.add(layers.Dense(2, activation=activation, name="last"))
    assert len(model.layers) == 1


def test_l1_l2_weighs_what_is_not_given_with_0_and_is_no_name() -> None:
    """As in Keras 3."""
    assert regularizers.l1_l2(l1=0.01).get_config() == {"l1": 0.01, "l2": 0.0}
    assert regularizers.get("l1l2").get_config() == {"l1": 0.0, "l2": 0.0}
    with pytest.raises(ShapeError, match=r"write kernel_regularizer=regularizers.L1L2\(0.01, 0.01\)"):
        layers.Dense(2, kernel_regularizer="l1_l2")
    with pytest.raises(ValueError, match="Could not interpret"):
        regularizers.get("l1_l2")


def test_layer_normalization_takes_rms_scaling_as_keras_does() -> None:
    x = np.array([[1.0, 2, 3]])
    np.testing.assert_array_equal(layers.LayerNormalization(rms_scaling=False)(x), layers.LayerNormalization()(x))
    np.testing.assert_allclose(layers.LayerNormalization(rms_scaling=True, epsilon=0)(x), x / np.sqrt(2 / 3), rtol=1e-6)


ONCE: list[tuple[Any, str]] = [
    (lambda: layers.InputLayer(shape=(4,), batch_shape=(2, 4)), r"shape=\(4,\): expected None beside batch_shape"),
    (lambda: layers.InputLayer(batch_size=2, batch_shape=(2, 4)), "batch_size=2: expected None beside batch_shape"),
    (lambda: layers.Dropout(0.5, noise_shape=(20, -1)), r"noise_shape=\(20, -1\): expected integers of at least 1 and None"),
    (lambda: layers.Dropout(0.5, noise_shape=(20, 0)), "noise_shape"),
    (lambda: layers.Dropout(0.5, noise_shape=(20, 1.5)), "noise_shape"),
    (lambda: layers.Dropout(0.5, noise_shape="no"), "noise_shape='no'"),
    (lambda: layers.AlphaDropout(0.5, noise_shape=7), "noise_shape=7"),
    (lambda: layers.Cropping1D((1,)), r"cropping=\(1,\)"),
    (lambda: layers.ZeroPadding1D((1,)), r"padding=\(1,\)"),
    (lambda: layers.ZeroPadding1D([1]), r"padding=\[1\]"),
]


@pytest.mark.parametrize(("make", "words"), ONCE)
def test_arguments_that_keras_refuses_are_refused(make: Any, words: str) -> None:
    with pytest.raises(ValueError, match=words):
        make()


def test_forms_of_arguments_that_are_right() -> None:
    assert layers.Dropout(0.5, noise_shape=[None, 1]).noise_shape == (None, 1)
    assert layers.ZeroPadding1D((1, 2)).padding == layers.ZeroPadding1D([1, 2]).padding == ((1, 2),)
    assert layers.ZeroPadding2D([1, 2]).padding == ((1, 1), (2, 2))
    assert layers.InputLayer(batch_shape=(2, 4)).shape_accepted.dims == (2, 4)
