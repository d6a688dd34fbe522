"""Losses with every argument, on every rank, their gradients, and metrics over two batches, against what Keras 3.15 gave."""

import json
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from tests.data import loss_metric_cases as cases
from tinyseq import losses, metrics
from tinyseq.training.data import Batch
from tinyseq.training.objective import Objective

KERAS: dict[str, Any] = json.loads((Path(__file__).parents[1] / "oracle" / "losses_metrics.json").read_text(encoding="utf-8"))
LOSSES = [pytest.param(case, id=cases.text(case)) for case in cases.LOSSES]
CLOSE = {"rtol": 2e-5, "atol": 1e-6}


class Whole:
    """A batch as one shard."""

    def __init__(self, size: int) -> None:
        self.start, self.stop = 0, size


def numbers(case: cases.Case) -> tuple[Any, Any]:
    """Targets and predictions of a loss."""
    _, _, target, prediction, shape = case
    return cases.numbers(target, shape, cases.text(case) + "y"), cases.numbers(prediction, shape, cases.text(case) + "p")


def weights(case: cases.Case) -> Any:
    """As many axes as Keras's losses have."""
    rank = np.ndim(KERAS["losses"][cases.text(case)]["none"][0])
    return cases.weights(case, rank or min(1, len(case[4]) - 1))


@pytest.mark.parametrize("case", LOSSES)
def test_a_loss_is_that_of_keras_on_every_rank_and_under_every_reduction(case: cases.Case) -> None:
    name, arguments, *_ = case
    y, p = numbers(case)
    line = KERAS["losses"][cases.text(case)]
    for reduction in cases.REDUCTIONS:
        if name == "Circle" and reduction == "mean_with_sample_weight":
            continue  # refused: see below
        loss = losses.CLASSES[name](reduction=reduction, **arguments)
        np.testing.assert_allclose(loss(y, p), line[reduction][0], **CLOSE)
        np.testing.assert_allclose(loss(y, p, sample_weight=weights(case)), line[reduction][1], **CLOSE)


@pytest.mark.parametrize("case", [one for one in LOSSES if len(one.values[0][4]) > 1])
def test_training_minimises_that_loss_along_the_gradient_of_keras(case: cases.Case) -> None:
    name, arguments, *_ = case
    y, p = numbers(case)
    given = weights(case)
    objective = Objective([losses.CLASSES[name](**arguments)], [1.0], [p.shape], Batch([p], [y], [given]))
    gradient = np.full_like(p, np.nan)
    objective(Whole(len(p)), [p], [gradient])  # type: ignore[arg-type]
    line = KERAS["losses"][cases.text(case)]
    np.testing.assert_allclose(objective.values()[0], line["sum_over_batch_size"][1], **CLOSE)
    np.testing.assert_allclose(gradient, line["gradient"], rtol=1e-4, atol=2e-6)


@pytest.mark.parametrize("case", [one for one in LOSSES if len(one.values[0][4]) > 1 and one.values[0][0] not in ("Circle",)])
def test_a_gradient_is_the_difference_of_losses(case: cases.Case) -> None:
    name, arguments, *_ = case
    y, p = numbers(case)
    loss = losses.CLASSES[name](**arguments)
    part = Objective([loss], [1.0], [p.shape], Batch([p], [y], [None]))
    gradient = np.zeros_like(p)
    part(Whole(len(p)), [p], [gradient])  # type: ignore[arg-type]
    direction = cases.generator("direction").standard_normal(p.shape).astype(np.float32)
    direction *= (np.abs(p) > 0.05) & (np.abs(1 - p) > 0.05)  # away from where a loss has a corner
    step = 2e-3
    difference = (loss(y, p + step * direction) - loss(y, p - step * direction)) / (2 * step)
    assert float((gradient * direction).sum()) == pytest.approx(difference, rel=3e-2, abs=2e-2)


@pytest.mark.parametrize("case", [pytest.param(case, id=cases.text(case)) for case in cases.METRICS])
def test_a_metric_is_that_of_keras_after_one_batch_and_after_a_weighted_one(case: cases.Case) -> None:
    name, arguments, target, prediction, shape = case
    metric = metrics.CLASSES[name](**arguments)
    for batch, expected in zip("12", KERAS["metrics"][cases.text(case)], strict=True):
        y, p = (cases.numbers(kind, shape, cases.text(case) + end + batch) for kind, end in ((target, "y"), (prediction, "p")))
        given = cases.weights(case, 1 if _by_sample(case) else 0) if batch == "2" else None
        if "IoU" in name and given is not None:
            given = np.repeat(given, y.size // len(y) if "OneHot" not in name else y[..., 0].size // len(y))
        metric.update_state(y, p, sample_weight=given)
        np.testing.assert_allclose(metric.result(), expected, rtol=2e-5, atol=2e-6)
    metric.reset_state()
    assert not any(variable.numpy().any() for variable in metric.variables)


def _by_sample(case: cases.Case) -> bool:
    """As in the recorder."""
    name, shape = case[0], case[4]
    one_value = {"BinaryAccuracy", "Accuracy", "AUC", "IoU", "MeanIoU", "RootMeanSquaredError"}
    at_thresholds = "At" in name or "sitive" in name or "gative" in name or name in ("Precision", "Recall")
    return len(shape) > 1 or name in one_value or at_thresholds


@pytest.mark.parametrize("number", range(len(cases.MEANS)), ids=lambda number: str(cases.MEANS[number]))
def test_mean_and_sum_weigh_values_of_every_rank_as_keras(number: int) -> None:
    shape, weight_shape = cases.MEANS[number]
    random = cases.generator(f"means {number}")
    values = random.standard_normal(shape)
    given = None if weight_shape is None else random.uniform(0, 2, weight_shape)
    for metric, expected in zip((metrics.Mean(), metrics.Sum()), KERAS["means"][number], strict=True):
        metric.update_state(values, sample_weight=given)
        assert metric.result() == pytest.approx(expected, rel=1e-5)


@pytest.mark.parametrize("cls", [*losses.CLASSES.values()], ids=lambda cls: cls.__name__)
def test_a_loss_is_made_again_from_its_configuration(cls: type[losses.Loss]) -> None:
    loss = cls(reduction="sum", name="mine")
    again = cls.from_config(loss.get_config())
    assert again.get_config() == loss.get_config()
    assert losses.deserialize(json.loads(json.dumps(losses.serialize(loss)))).get_config() == loss.get_config()


@pytest.mark.parametrize("case", [pytest.param(case, id=cases.text(case)) for case in cases.METRICS])
def test_a_metric_is_made_again_from_its_configuration(case: cases.Case) -> None:
    metric = metrics.CLASSES[case[0]](**case[1])
    again = metrics.deserialize(json.loads(json.dumps(metrics.serialize(metric))))
    assert type(again) is type(metric) and again.get_config() == metric.get_config()


def test_entropies_along_another_axis_are_those_of_the_moved_arrays() -> None:
    """TensorFlow computes sparse ones along the last axis only."""
    p = cases.numbers("distribution of axis 1", cases.STEPS, "axis")
    y = cases.numbers("label of axis 1", cases.STEPS, "axis")
    moved = losses.SparseCategoricalCrossentropy()(y, np.moveaxis(p, 1, -1))
    assert losses.SparseCategoricalCrossentropy(axis=1)(y, p) == pytest.approx(moved, rel=1e-6)


REFUSED = [
    (lambda: losses.BinaryCrossentropy()(np.ones((3, 1)), np.full((3, 3), 0.3)), r"\(3, 1\).*\(3, 3\)"),
    (lambda: losses.CategoricalCrossentropy()(np.ones((3, 1)), np.full((3, 3), 0.3)), r"\(3, 1\).*\(3, 3\)"),
    (lambda: losses.MeanSquaredError()(1.0, 2.0), "one number"),
    (lambda: losses.Circle(reduction="mean_with_sample_weight"), "mean_with_sample_weight"),
    (lambda: losses.CategoricalGeneralizedCrossEntropy(q=1.5), "interval"),
    (lambda: losses.CTC()(np.ones((2, 3)), np.ones((2, 3))), "logits"),
    (lambda: losses.CTC()(np.full((2, 3), 4), np.ones((2, 5, 4))), "labels must be 1 to 3"),
    (lambda: metrics.Precision(thresholds=[0.2, 1.2]), "from 0 to 1"),
    (lambda: metrics.AUC(curve="ROCK"), "ROC, PR, PRGAIN"),
    (lambda: metrics.AUC(num_labels=3), "multi_label"),
    (lambda: metrics.F1Score().update_state(np.ones(3), np.ones((3, 2))), "2D"),
    (lambda: metrics.MeanIoU(2).update_state(np.ones(4), np.ones((4, 2))), "sparse_y_pred"),
    (lambda: metrics.get("mean_io_u"), "num_classes"),
    (lambda: metrics.BinaryAccuracy().update_state(np.ones((4, 2)), np.ones((4, 2)), np.ones(3)), r"\(3,\)"),
]


@pytest.mark.parametrize(("call", "words"), REFUSED, ids=[words for _, words in REFUSED])
def test_what_a_loss_or_metric_cannot_take_is_named(call: Any, words: str) -> None:
    with pytest.raises(ValueError, match=words):
        call()
