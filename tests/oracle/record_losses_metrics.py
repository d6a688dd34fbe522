"""Record losses under every reduction, their gradients, and metrics over two batches, of Keras -> losses_metrics.json.

python -m tests.oracle.record_losses_metrics
"""

from typing import Any

import numpy as np
import tensorflow as tf

from tests.data import loss_metric_cases as cases
from tests.oracle.keras_side import keras, write


def plain(tensor: Any) -> Any:
    """A tensor as nested lists."""
    return np.asarray(tensor).tolist()


def losses() -> dict[str, Any]:
    """Each loss under each reduction, without and with weights, and the gradient of the weighted mean."""
    answers: dict[str, Any] = {}
    for case in cases.LOSSES:
        name, arguments, target, prediction, shape = case
        y, p = (cases.numbers(kind, shape, cases.text(case) + end) for kind, end in ((target, "y"), (prediction, "p")))
        rank = np.ndim(getattr(keras.losses, name)(reduction=None, **arguments)(y, p))
        given = cases.weights(case, rank or min(1, len(shape) - 1))
        line: dict[str, Any] = {}
        for reduction in cases.REDUCTIONS:
            loss = getattr(keras.losses, name)(reduction=reduction, **arguments)
            spread = np.broadcast_to(given, line["none"][1].shape) if reduction == cases.BY_WEIGHT and rank else given
            line[reduction] = [loss(y, p), loss(y, p, sample_weight=spread)]
            line[reduction] = [np.asarray(value) for value in line[reduction]]
        line = {reduction: [plain(value) for value in values] for reduction, values in line.items()}
        with tf.GradientTape() as tape:
            tensor = tf.Variable(p)
            value = getattr(keras.losses, name)(**arguments)(y, tensor, sample_weight=given)
        line["gradient"] = plain(tape.gradient(value, tensor))
        answers[cases.text(case)] = line
    return answers


def metrics() -> dict[str, Any]:
    """Each metric after a batch, and after a second one with weights."""
    answers: dict[str, Any] = {}
    for case in cases.METRICS:
        name, arguments, target, prediction, shape = case
        metric = getattr(keras.metrics, name)(**arguments, **({"dtype": "float32"} if "IoU" in name else {}))
        results = []
        for batch, given in (("1", None), ("2", cases.weights(case, 1 if _by_sample(case) else 0))):
            y, p = (cases.numbers(kind, shape, cases.text(case) + end + batch) for kind, end in ((target, "y"), (prediction, "p")))
            if "IoU" in name and given is not None:
                given = np.repeat(given, y.size // len(y) if "OneHot" not in name else y[..., 0].size // len(y))
            metric.update_state(y, p, sample_weight=given)
            results.append(plain(metric.result()))
        answers[cases.text(case)] = results
    return answers


def _by_sample(case: cases.Case) -> bool:
    """Whether a weight for each sample is one for each value: rows of rank 1 have one value."""
    name, shape = case[0], case[4]
    one_value = {"BinaryAccuracy", "Accuracy", "AUC", "IoU", "MeanIoU", "RootMeanSquaredError"}
    at_thresholds = "At" in name or "sitive" in name or "gative" in name or name in ("Precision", "Recall")
    return len(shape) > 1 or name in one_value or at_thresholds


def means() -> list[Any]:
    """Mean and Sum of values with weights of several ranks."""
    answers = []
    for number, (shape, weight_shape) in enumerate(cases.MEANS):
        random = cases.generator(f"means {number}")
        values = random.standard_normal(shape)
        given = None if weight_shape is None else random.uniform(0, 2, weight_shape)
        line = []
        for name in ("Mean", "Sum"):
            metric = getattr(keras.metrics, name)()
            metric.update_state(values, sample_weight=given)
            line.append(plain(metric.result()))
        answers.append(line)
    return answers


if __name__ == "__main__":
    write("losses_metrics.json", {"losses": losses(), "metrics": metrics(), "means": means()})
