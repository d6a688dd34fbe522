"""Metrics under Keras's names, and the automatic choice of an accuracy."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from shapecheck.known_names import METRICS
from tinyseq.did_you_mean import attributes_of, not_known
from tinyseq.training import losses
from tinyseq.training.accuracies import (
    Accuracy,
    BinaryAccuracy,
    CategoricalAccuracy,
    SparseCategoricalAccuracy,
    SparseTopKCategoricalAccuracy,
    TopKCategoricalAccuracy,
    binary_accuracy,
    categorical_accuracy,
    sparse_categorical_accuracy,
    sparse_top_k_categorical_accuracy,
    top_k_categorical_accuracy,
)  # fmt: skip
from tinyseq.training.confusion import FalseNegatives, FalsePositives, Precision, Recall, TrueNegatives, TruePositives
from tinyseq.training.curve_metrics import AUC, PrecisionAtRecall, RecallAtPrecision, SensitivityAtSpecificity, SpecificityAtSensitivity
from tinyseq.training.formulas import snake_case
from tinyseq.training.iou_metrics import BinaryIoU, IoU, MeanIoU, OneHotIoU, OneHotMeanIoU
from tinyseq.training.loss_metrics import (
    BinaryCrossentropy,
    CategoricalCrossentropy,
    CategoricalHinge,
    ConcordanceCorrelation,
    CosineSimilarity,
    Hinge,
    KLDivergence,
    LogCoshError,
    LossMetric,
    MeanAbsoluteError,
    MeanAbsolutePercentageError,
    MeanSquaredError,
    MeanSquaredLogarithmicError,
    PearsonCorrelation,
    Poisson,
    RootMeanSquaredError,
    SparseCategoricalCrossentropy,
    SquaredHinge,
    concordance_correlation,
    pearson_correlation,
)  # fmt: skip
from tinyseq.training.metric import Mean, MeanMetricWrapper, Metric, Sum
from tinyseq.training.score_metrics import F1Score, FBetaScore, R2Score

__all__ = [
    "AUC", "Accuracy", "BinaryAccuracy", "BinaryCrossentropy", "BinaryIoU", "CategoricalAccuracy", "CategoricalCrossentropy",
    "CategoricalHinge", "ConcordanceCorrelation", "CosineSimilarity", "F1Score", "FBetaScore", "FalseNegatives", "FalsePositives", "Hinge",
    "IoU", "KLDivergence", "LogCoshError", "Mean", "MeanAbsoluteError", "MeanAbsolutePercentageError", "MeanIoU", "MeanMetricWrapper",
    "MeanSquaredError", "MeanSquaredLogarithmicError", "Metric", "OneHotIoU", "OneHotMeanIoU", "PearsonCorrelation", "Poisson",
    "Precision", "PrecisionAtRecall", "R2Score", "Recall", "RecallAtPrecision", "RootMeanSquaredError", "SensitivityAtSpecificity",
    "SparseCategoricalAccuracy", "SparseCategoricalCrossentropy", "SparseTopKCategoricalAccuracy", "SpecificityAtSensitivity",
    "SquaredHinge", "Sum", "TopKCategoricalAccuracy", "TrueNegatives", "TruePositives", "binary_accuracy", "categorical_accuracy",
    "concordance_correlation", "deserialize", "get", "pearson_correlation", "serialize", "sparse_categorical_accuracy",
    "sparse_top_k_categorical_accuracy", "top_k_categorical_accuracy",
]  # fmt: skip

_functions = {name: function for name, function in losses.FUNCTIONS.items() if name != "cosine_similarity"}
"""Keras's metrics have them all but the cosine, which as a metric has the other sign."""
globals().update(_functions)
__all__ += [*_functions]

CLASSES: dict[str, type[Metric]] = {
    cls.__name__: cls
    for cls in (
        Mean, Sum, Accuracy, BinaryAccuracy, CategoricalAccuracy, SparseCategoricalAccuracy, TopKCategoricalAccuracy,
        SparseTopKCategoricalAccuracy, CosineSimilarity, MeanSquaredError, MeanAbsoluteError, MeanAbsolutePercentageError,
        MeanSquaredLogarithmicError, RootMeanSquaredError, LogCoshError, KLDivergence, Poisson, Hinge, SquaredHinge, CategoricalHinge,
        BinaryCrossentropy, CategoricalCrossentropy, SparseCategoricalCrossentropy, Precision, Recall, TruePositives, FalsePositives,
        TrueNegatives, FalseNegatives, AUC, PrecisionAtRecall, RecallAtPrecision, SensitivityAtSpecificity, SpecificityAtSensitivity,
        F1Score, FBetaScore, R2Score, IoU, BinaryIoU, MeanIoU, OneHotIoU, OneHotMeanIoU, PearsonCorrelation, ConcordanceCorrelation,
    )
}  # fmt: skip

_SNAKE = {snake_case(name): cls for name, cls in CLASSES.items()}
_NEEDS = {"IoU": "num_classes and target_class_ids", "OneHotIoU": "num_classes and target_class_ids", "MeanIoU": "num_classes",
          "OneHotMeanIoU": "num_classes", "PrecisionAtRecall": "recall", "RecallAtPrecision": "precision",
          "SensitivityAtSpecificity": "specificity", "SpecificityAtSensitivity": "sensitivity"}  # fmt: skip
"""Classes that no name alone makes."""

AUTOMATIC = ("accuracy", "acc")
"""Names whose accuracy is chosen by output and targets."""


def get(identifier: Any, output: tuple[int, ...] | None = None, target: tuple[int, ...] | None = None) -> Metric:
    """A metric from a name, a class, a function or a metric; "accuracy" by the shapes of output and target.

    Arguments:
        identifier: a name, a class, a function, a loss or a metric
        output: shape of the output, with which "accuracy" is chosen
        target: shape of the targets, likewise
    """
    if isinstance(identifier, Metric):
        return identifier
    if isinstance(identifier, type) and issubclass(identifier, Metric):
        return _made(identifier)
    if isinstance(identifier, dict):
        return get(deserialize(identifier))
    if isinstance(identifier, losses.Loss):
        return LossMetric(identifier)
    if isinstance(identifier, str):
        if identifier in AUTOMATIC:
            assert output is not None and target is not None
            return accuracy_for(output, target)(identifier)
        found = _SNAKE.get(identifier) or CLASSES.get(identifier)
        if found is not None:
            return _made(found, identifier)
        if identifier in losses.NAMES:
            return LossMetric(losses.get(identifier), identifier)
    elif callable(identifier):
        return MeanMetricWrapper(identifier, getattr(identifier, "__name__", "metric"))
    instead = "use for example metrics=['precision', 'recall'], or your own tinyseq.metrics.Metric"
    raise not_known("metric", identifier, known_names(), METRICS - known_names(), instead)


def _made(cls: type[Metric], name: str | None = None) -> Metric:
    if cls.__name__ in _NEEDS:
        raise ValueError(f"metric {cls.__name__} needs {_NEEDS[cls.__name__]}: write tinyseq.metrics.{cls.__name__}(...)")
    return cls(name=name) if name else cls()


def serialize(metric: Any) -> Any:
    """A metric as {"class_name", "config"}; a function of this module as its name.

    Arguments:
        metric: a metric, or a function of this module
    """
    if isinstance(metric, Metric):
        return {"class_name": type(metric).__name__, "config": metric.get_config()}
    return metric.__name__


def deserialize(config: Any, custom_objects: dict[str, Any] | None = None) -> Any:
    """A metric from what serialize returned.

    Arguments:
        config: a name, or {"class_name", "config"}
        custom_objects: metrics of your own by name
    """
    own = custom_objects or {}
    if isinstance(config, str):
        return own.get(config) or globals().get(config) or get(config)
    name = config.get("class_name", "")
    cls = own.get(name) or CLASSES.get(name)
    if cls is None:
        raise not_known("metric", name, known_names())
    return cls.from_config(config.get("config", {}))


def known_names() -> set[str]:
    """Every string that names a metric."""
    return {*AUTOMATIC, *_SNAKE, *CLASSES, *losses.NAMES}


def accuracy_for(output: tuple[Any, ...], target: tuple[Any, ...]) -> type[Metric]:
    """Keras's choice: last axis 1 -> binary; target like the output -> categorical; else sparse categorical."""
    if output[-1] == 1:
        return BinaryAccuracy
    one_hot = len(target) == len(output) and target[-1] == output[-1]
    return CategoricalAccuracy if one_hot else SparseCategoricalAccuracy


if not TYPE_CHECKING:  # so that mypy still reports names that do not exist
    __getattr__ = attributes_of(__name__, METRICS)
