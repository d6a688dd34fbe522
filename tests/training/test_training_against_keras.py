"""Losses, optimizer steps, metrics, the choice of an accuracy and short fits, against what Keras 3 gave."""

import json
from pathlib import Path
from typing import Any

import numpy as np
import pytest

import tinyseq as keras
from shapecheck.layers.base import WeightSpec
from tests.data import training_cases as cases
from tinyseq import layers, losses, metrics
from tinyseq.training import optimizers
from tinyseq.training.formulas import snake_case
from tinyseq.weights.weight import Weight

KERAS: dict[str, Any] = json.loads((Path(__file__).parents[1] / "oracle" / "training.json").read_text(encoding="utf-8"))

JAX: dict[str, Any] = json.loads((Path(__file__).parents[1] / "oracle" / "training_jax.json").read_text(encoding="utf-8"))
OPTIMIZERS = KERAS["optimizers"] | JAX["optimizers"]

LOSS_LINES = [pytest.param(line, id=name) for name, line in KERAS["losses"].items()]


def made_loss(line: dict[str, Any], reduction: str) -> losses.Loss:
    """The loss of a line with this reduction."""
    cls = losses.NAMES[line["loss"]]
    return cls(reduction=reduction, **line["arguments"]) if line["arguments"] else cls(reduction=reduction)


@pytest.mark.parametrize("line", LOSS_LINES)
def test_a_loss_is_that_of_keras_under_every_reduction(line: dict[str, Any]) -> None:
    name = line["loss"]
    y, p = cases.numbers(line["target"], name), cases.numbers(line["prediction"], name + "?")
    for reduction in cases.REDUCTIONS:
        loss = made_loss(line, reduction)
        plain, weighted = line[reduction]
        np.testing.assert_allclose(loss(y, p), plain, rtol=2e-5, atol=1e-6)
        np.testing.assert_allclose(loss(y, p, sample_weight=cases.sample_weight(name)), weighted, rtol=2e-5, atol=1e-6)


@pytest.mark.parametrize("line", LOSS_LINES)
def test_the_function_of_a_loss_gives_the_numbers_of_keras_row_by_row(line: dict[str, Any]) -> None:
    name = line["loss"]
    y, p = cases.numbers(line["target"], name), cases.numbers(line["prediction"], name + "?")
    function = getattr(losses, snake_case(losses.NAMES[name].__name__))
    np.testing.assert_allclose(function(y, p, **line["arguments"]), line["none"][0], rtol=2e-5, atol=1e-6)


def test_functions_take_short_names_and_one_row() -> None:
    """Numbers of Keras 3.15."""
    assert losses.mse is losses.mean_squared_error and metrics.MAE is losses.mean_absolute_error
    assert losses.mse([1.0, 2, 3], [1.0, 2, 4]) == pytest.approx(0.33333334)
    assert losses.mse(np.zeros((2, 3, 4)), np.ones((2, 3, 4))).shape == (2, 3)
    assert losses.sparse_categorical_crossentropy(1, [0.1, 0.7, 0.2]) == pytest.approx(0.35667488)
    smooth = losses.categorical_crossentropy(np.eye(3)[[1, 0]], [[0.1, 0.7, 0.2], [0.3, 0.3, 0.4]], label_smoothing=0.1)
    np.testing.assert_allclose(smooth, [0.46329743, 1.1943834], rtol=1e-6)


def test_the_functions_of_accuracies_give_the_numbers_of_keras() -> None:
    p, labels = np.array([[0.1, 0.7, 0.2], [0.3, 0.3, 0.4]], np.float32), np.array([1, 0])
    one_hot = np.eye(3)[labels]
    assert metrics.binary_accuracy(one_hot, p).tolist() == [[1, 1, 1], [0, 1, 1]]
    for kind, y in (("", one_hot), ("sparse_", labels), ("sparse_", labels[:, None])):
        assert getattr(metrics, f"{kind}categorical_accuracy")(y, p).tolist() == [1, 0]
        assert getattr(metrics, f"{kind}top_k_categorical_accuracy")(y, p, k=2).tolist() == [1, 1]


@pytest.mark.parametrize("line", [line for line in LOSS_LINES if line.values[0]["prediction"] != "extreme"])
def test_the_slopes_of_a_loss_are_its_differences(line: dict[str, Any]) -> None:
    name = line["loss"]
    y = cases.numbers(line["target"], name)
    p = cases.numbers(line["prediction"], name + "?")
    loss = made_loss(line, "sum")
    t = loss.targets(y, p.shape)
    weight = np.linspace(0.5, 2, len(p), dtype=np.float32)
    slopes = np.empty_like(p)
    loss.slopes(t, p, weight, slopes)
    for n in range(p.shape[0]):
        for k in range(p.shape[1]):
            step = np.float32(2e-3)
            high, low = p.copy(), p.copy()
            high[n, k] += step
            low[n, k] -= step
            difference = (loss.rows(t, high)[n] - loss.rows(t, low)[n]) * weight[n] / (high[n, k] - low[n, k])
            assert slopes[n, k] == pytest.approx(difference, rel=2e-2, abs=2e-2)


@pytest.mark.parametrize("line", [pytest.param(line, id=name) for name, line in OPTIMIZERS.items()])
def test_an_optimizer_goes_the_steps_of_keras(line: dict[str, Any]) -> None:
    start, _ = cases.optimizer_numbers(0)
    weights = [Weight(WeightSpec(f"w{i}", value.shape), f"w{i}", (0, i)) for i, value in enumerate(start)]
    for weight, value in zip(weights, start, strict=True):
        weight.assign(value)
    optimizer = optimizers.CLASSES[line["optimizer"]].from_config(line["arguments"])
    for step, expected in enumerate(line["steps"]):
        if step < cases.OPTIMIZER_STEPS:
            optimizer.apply(cases.optimizer_numbers(step)[1], weights)
        else:
            optimizer.finalize(weights)
        for weight, value in zip(weights, expected, strict=True):
            np.testing.assert_allclose(weight.value, value, rtol=2e-5, atol=2e-6)


@pytest.mark.parametrize("name", KERAS["metrics"])
def test_a_metric_is_that_of_keras_after_one_batch_and_after_a_weighted_one(name: str) -> None:
    line = KERAS["metrics"][name]
    metric = metrics.CLASSES[line["metric"]](**line["arguments"])
    batches = [(name, None), (name + "!", cases.sample_weight(name))]
    for (batch, weights), expected in zip(batches, line["results"], strict=True):
        metric.update_state(cases.numbers(line["target"], batch), cases.numbers(line["prediction"], batch + "?"), weights)
        assert metric.result() == pytest.approx(expected, rel=1e-6)


@pytest.mark.parametrize("line", KERAS["accuracies"], ids=str)
def test_the_accuracy_is_chosen_as_keras_chooses_it(line: dict[str, Any]) -> None:
    chosen = metrics.accuracy_for((8, *line["output"]), (8, *line["target"]))
    assert chosen is metrics.CLASSES["".join(word.title() for word in line["chosen"].split("_"))]


def made_model(name: str) -> Any:
    """The model of a fit, with its initial weights, compiled."""
    case = cases.FITS[name]
    model = keras.Sequential([keras.Input(case["input"])])
    for class_name, arguments in case["layers"]:
        model.add(getattr(layers, class_name)(**arguments))
    values = cases.initial_weights(name, [weight.shape for weight in model.weights])
    for weight, value in zip(model.weights, values, strict=True):
        if value.size:
            weight.assign(value)
    loss = case["loss"]
    if isinstance(loss, tuple):
        loss = losses.CLASSES[loss[0]](**loss[1])
    settings: dict[str, Any] = {"loss": loss, "metrics": case.get("metrics", ["accuracy"])}
    optimizer = case.get("optimizer", ("SGD", {"learning_rate": 0.05}))
    if optimizer is not None:
        settings["optimizer"] = optimizers.CLASSES[optimizer[0]](**optimizer[1])
    model.compile(**settings, weighted_metrics=case.get("weighted_metrics"))
    return model


@pytest.mark.parametrize("name", cases.FITS)
def test_a_fit_gives_the_history_weights_and_predictions_of_keras(name: str) -> None:
    case, expected = cases.FITS[name], KERAS["fits"][name]
    model = made_model(name)
    x, y = cases.fit_data(name, cases.FIT_ROWS)
    arguments = dict(case.get("fit", {}))
    if "validation" in case:
        arguments["validation_data"] = cases.fit_data(name, case["validation"], "validation")
    if case.get("weights"):
        arguments["sample_weight"] = cases.sample_weight(name, cases.FIT_ROWS)
    settings = {"batch_size": cases.FIT_BATCH, "epochs": cases.FIT_EPOCHS, "shuffle": False, "verbose": 0}
    history = model.fit(x, y, **settings, **arguments)
    assert list(history.history) == list(expected["history"])
    for key, values in expected["history"].items():
        np.testing.assert_allclose(history.history[key], values, rtol=2e-4, atol=2e-5, err_msg=key)
    for weight, value in zip(model.weights, expected["weights"], strict=True):
        np.testing.assert_allclose(weight.value, value, rtol=2e-3, atol=2e-4, err_msg=weight.path)
    measured = model.evaluate(x, y, batch_size=7, verbose=0, return_dict=True)
    assert measured == pytest.approx(expected["evaluate"], rel=2e-4, abs=2e-5)
    np.testing.assert_allclose(model.predict(x[:3], verbose=0), expected["predict"], rtol=1e-3, atol=1e-4)
