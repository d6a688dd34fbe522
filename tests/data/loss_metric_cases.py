"""Losses and metrics as data, with the numbers they run on: every argument, ranks from 1 to 4, weights of several shapes.

No Keras, nothing of ours; numpy alone. Numbers follow from a case's text, so that oracle/losses_metrics.json holds only Keras's answers.
"""

import zlib
from typing import Any

import numpy as np
from numpy.typing import NDArray

Array = NDArray[Any]
Case = tuple[str, dict[str, Any], str, str, tuple[int, ...]]
"""Class, arguments, kind of targets, kind of predictions, shape of predictions."""

TABLE, STEPS, PICTURE, ROW = (5, 4), (5, 3, 4), (2, 3, 3, 4), (4,)
BY_WEIGHT = "mean_with_sample_weight"
REDUCTIONS = ("sum_over_batch_size", "sum", "none", BY_WEIGHT)
"""Under the last one Keras divides by the sum of the weights as they came: its mean of (5, 3) losses with (5, 1) weights is three times
too large, so there it is given weights (5, 3)."""

LOSSES: list[Case] = [
    *((name, {}, "real", "real", shape) for shape in (ROW, STEPS) for name in (
        "MeanSquaredError", "MeanAbsoluteError", "LogCosh", "Huber",
    )),
    *((name, {}, "real", "real", ROW) for name in ("MeanAbsolutePercentageError", "CosineSimilarity")),
    ("MeanSquaredLogarithmicError", {}, "positive", "positive", STEPS),
    ("Poisson", {}, "positive", "positive", ROW),
    ("KLDivergence", {}, "distribution", "distribution", ROW),
    *((name, {}, "binary", "real", shape) for shape in (ROW, TABLE) for name in ("Hinge", "SquaredHinge")),
    ("CategoricalHinge", {}, "one-hot", "real", STEPS),
    ("CosineSimilarity", {"axis": 1}, "real", "real", STEPS),
    ("BinaryCrossentropy", {}, "binary", "probability", ROW),
    ("BinaryCrossentropy", {"axis": 1, "from_logits": True}, "binary", "real", STEPS),
    ("CategoricalCrossentropy", {"axis": 1}, "one-hot of axis 1", "distribution of axis 1", STEPS),
    ("CategoricalCrossentropy", {"axis": 1, "from_logits": True, "label_smoothing": 0.1}, "one-hot of axis 1", "real", (2, 4, 3, 4)),
    ("SparseCategoricalCrossentropy", {"ignore_class": 1}, "label", "distribution", TABLE),
    ("SparseCategoricalCrossentropy", {"ignore_class": 2, "from_logits": True}, "label", "real", STEPS),
    ("SparseCategoricalCrossentropy", {"ignore_class": -1}, "label or -1", "distribution", PICTURE),
    ("BinaryFocalCrossentropy", {"gamma": 1.5}, "binary", "probability", TABLE),
    ("BinaryFocalCrossentropy", {"alpha": 0.3, "apply_class_balancing": True, "gamma": 0.0}, "binary", "probability", STEPS),
    ("BinaryFocalCrossentropy", {"from_logits": True, "label_smoothing": 0.2}, "binary", "real", TABLE),
    ("BinaryFocalCrossentropy", {"from_logits": True, "gamma": 3.0, "axis": 1}, "binary", "real", STEPS),
    ("CategoricalFocalCrossentropy", {"gamma": 3.0, "alpha": [0.1, 0.2, 0.3, 0.4]}, "one-hot", "positive", TABLE),
    ("CategoricalFocalCrossentropy", {"from_logits": True, "label_smoothing": 0.1}, "one-hot", "real", STEPS),
    ("CategoricalGeneralizedCrossEntropy", {}, "label", "distribution", TABLE),
    ("CategoricalGeneralizedCrossEntropy", {"q": 0.8}, "label", "distribution", TABLE),
    ("Dice", {}, "binary", "probability", TABLE),
    ("Dice", {}, "binary", "probability", PICTURE),
    ("Dice", {"axis": (1, 2, 3)}, "binary", "probability", PICTURE),
    ("Dice", {"axis": (1, 2)}, "binary", "probability", PICTURE),
    ("Dice", {"axis": -1}, "binary", "probability", STEPS),
    ("Tversky", {}, "binary", "probability", STEPS),
    ("Tversky", {"alpha": 0.2, "beta": 0.7}, "binary", "probability", PICTURE),
    ("Tversky", {"alpha": 0.2, "beta": 0.7, "axis": (1, 2, 3)}, "binary", "probability", PICTURE),
    ("Circle", {}, "label", "unit", (7, 4)),
    ("Circle", {"gamma": 10.0, "margin": 0.2, "remove_diagonal": False}, "label", "unit", (7, 4)),
    ("CTC", {}, "spelling", "real", (4, 9, 5)),
]  # fmt: skip

METRICS: list[Case] = [
    *((name, {}, "real", "real", shape) for shape in (ROW, TABLE, STEPS) for name in (
        "MeanSquaredError", "MeanAbsoluteError", "RootMeanSquaredError", "MeanAbsolutePercentageError", "LogCoshError", "CosineSimilarity",
        "PearsonCorrelation", "ConcordanceCorrelation",
    )),
    *((name, {"axis": 1}, "real", "real", STEPS) for name in ("CosineSimilarity", "PearsonCorrelation", "ConcordanceCorrelation")),
    *((name, {}, "positive", "positive", shape) for shape in (ROW, TABLE) for name in ("MeanSquaredLogarithmicError", "Poisson")),
    *((name, {}, "distribution", "distribution", shape) for shape in (ROW, TABLE) for name in ("KLDivergence", "CategoricalCrossentropy")),
    *((name, {}, "binary", "real", shape) for shape in (ROW, TABLE) for name in ("Hinge", "SquaredHinge")),
    ("CategoricalHinge", {}, "one-hot", "real", TABLE),
    ("BinaryCrossentropy", {}, "binary", "probability", TABLE),
    ("BinaryCrossentropy", {"from_logits": True, "label_smoothing": 0.2}, "binary", "real", STEPS),
    ("CategoricalCrossentropy", {"from_logits": True, "label_smoothing": 0.2}, "one-hot", "real", STEPS),
    ("CategoricalCrossentropy", {"axis": 1}, "one-hot of axis 1", "distribution of axis 1", STEPS),
    ("SparseCategoricalCrossentropy", {}, "label", "distribution", STEPS),
    ("SparseCategoricalCrossentropy", {"from_logits": True}, "label", "real", TABLE),
    *((name, {}, "class", "class", shape) for shape in (ROW, TABLE, STEPS) for name in ("Accuracy", "MeanIoU3")),
    *(("BinaryAccuracy", {"threshold": t}, "binary", "probability", shape) for t in (0.5, 0.3) for shape in (ROW, TABLE, STEPS)),
    *((name, {}, "one-hot", "distribution", shape) for shape in (TABLE, STEPS) for name in ("CategoricalAccuracy", "F1Score")
      if name != "F1Score" or shape == TABLE),
    ("SparseCategoricalAccuracy", {}, "label", "distribution", STEPS),
    ("TopKCategoricalAccuracy", {"k": 2}, "one-hot", "distribution", STEPS),
    ("SparseTopKCategoricalAccuracy", {"k": 2}, "label", "distribution", STEPS),
    *((name, {"thresholds": [0.2, 0.9, 0.5]}, "binary", "probability", shape) for shape in (ROW, TABLE) for name in (
        "Precision", "Recall", "TruePositives", "FalsePositives", "TrueNegatives", "FalseNegatives",
    )),
    *(("AUC", {"num_thresholds": n, "curve": curve, "summation_method": how}, "binary", "probability", (40, 1))
      for n in (11, 200) for curve in ("ROC", "PR", "PRGAIN") for how in ("interpolation", "minoring", "majoring")),
    ("AUC", {"thresholds": [0.1, 0.7, 0.4]}, "binary", "probability", (40,)),
    ("AUC", {"from_logits": True}, "binary", "real", (30, 2)),
    ("AUC", {"label_weights": [0.5, 1.0, 2.0]}, "binary", "probability", (30, 3)),
    *(("AUC", {"multi_label": True, "curve": curve, "label_weights": w}, "binary", "probability", (30, 3))
      for curve in ("ROC", "PR") for w in (None, [0.5, 1.0, 2.0])),
    *((name, arguments, "binary", "probability", (40,)) for arguments in ({"num_thresholds": 20}, {}) for name in (
        "SensitivityAtSpecificity", "SpecificityAtSensitivity", "PrecisionAtRecall", "RecallAtPrecision",
    )),
    ("PrecisionAtRecall", {"class_id": 1}, "one-hot", "distribution", (20, 3)),
    *(("F1Score", {"average": average, "threshold": t}, "binary", "probability", TABLE)
      for average in (None, "micro", "macro", "weighted") for t in (None, 0.4)),
    *(("FBetaScore", {"average": average, "beta": 2.0}, "one-hot", "distribution", TABLE) for average in (None, "micro", "weighted")),
    *(("R2Score", {"class_aggregation": how, "num_regressors": n}, "real", "real", (9, 3))
      for how in (None, "uniform_average", "variance_weighted_average") for n in (0, 2)),
    ("IoU", {"num_classes": 3, "target_class_ids": [0, 2]}, "class", "class", STEPS),
    ("IoU", {"num_classes": 3, "target_class_ids": [0, 1], "ignore_class": 2}, "class", "class", STEPS),
    ("BinaryIoU", {"threshold": 0.4}, "binary", "probability", TABLE),
    ("BinaryIoU", {"target_class_ids": [1]}, "binary", "probability", TABLE),
    ("OneHotIoU", {"num_classes": 4, "target_class_ids": [0, 3]}, "one-hot", "distribution", STEPS),
    ("OneHotMeanIoU", {"num_classes": 4}, "one-hot", "distribution", TABLE),
    ("MeanIoU", {"num_classes": 4, "sparse_y_pred": False}, "label", "distribution", TABLE),
]  # fmt: skip
METRICS = [("MeanIoU", {"num_classes": 3}, *case[2:]) if case[0] == "MeanIoU3" else case for case in METRICS]
_AT = {"SensitivityAtSpecificity": "specificity", "SpecificityAtSensitivity": "sensitivity", "PrecisionAtRecall": "recall",
       "RecallAtPrecision": "precision"}  # fmt: skip
METRICS = [(name, {_AT[name]: 0.6, **more} if name in _AT else more, *rest) for name, more, *rest in METRICS]  # type: ignore[misc]

# values and weights of Mean and Sum: as many samples, and ranks that fit or have to be stretched
MEANS: list[tuple[tuple[int, ...], tuple[int, ...] | None]] = [
    ((), None), ((5,), None), ((5, 3), None), ((5,), (5,)), ((5, 3), (5,)), ((5, 3), (5, 1)), ((5, 3), (5, 3)), ((5, 1), (5,)),
    ((5,), (5, 1)), ((5, 3, 2), (5, 3)), ((5, 3, 2), (5,)), ((5, 3), ()), ((), ()),
]  # fmt: skip


def text(case: Case) -> str:
    """The case as the name of its answers."""
    name, arguments, target, prediction, shape = case
    return f"{name}({', '.join(f'{k}={v}' for k, v in arguments.items())}): {target}, {prediction} {shape}"


def generator(name: str) -> np.random.Generator:
    """A generator whose seed is the name's."""
    return np.random.default_rng(zlib.crc32(name.encode()))


def numbers(kind: str, shape: tuple[int, ...], seed: str) -> Array:
    """What targets or predictions of that kind look like; `shape` is that of the predictions."""
    random = generator(f"{kind}/{shape}/{seed}")
    kind, _, axis = kind.partition(" of axis ")
    normal = random.standard_normal(shape).astype(np.float32)
    place = int(axis or -1)
    size = shape[place]
    outer = shape[:-1] if not axis else (*shape[:place], *shape[place + 1 :])
    labels = random.integers(0, size, outer).astype(np.int32)
    shares = np.exp(normal)
    made: dict[str, Any] = {
        "real": normal,
        "positive": np.abs(normal) + np.float32(0.05),
        "probability": (1 / (1 + np.exp(-normal))).astype(np.float32),
        "distribution": (shares / shares.sum(place, keepdims=True)).astype(np.float32),
        "unit": (normal / np.sqrt((normal**2).sum(-1, keepdims=True))).astype(np.float32),
        "binary": (normal > 0).astype(np.float32),
        "one-hot": np.moveaxis(np.eye(size, dtype=np.float32)[labels], -1, place),
        "label": labels,
        "label or -1": labels - (random.random(outer) < 0.3) * (labels + 1),
        "class": random.integers(0, 3, shape).astype(np.float32),
    }
    if kind == "spelling":  # (samples, most labels), filled up with 0
        spelled = random.integers(1, size, (shape[0], 4)).astype(np.int32)
        return np.where(np.arange(4) < random.integers(1, 5, (shape[0], 1)), spelled, 0)
    return np.asarray(made[kind])


def weights(case: Case, rank: int = 1) -> Array:
    """Weights between 0.2 and 3, one of them 0: (samples, 1 ...) of that rank; of rank 0 one number."""
    random = generator(f"{text(case)}/weights")
    if not rank:
        return np.float32(random.uniform(0.2, 3.0))  # type: ignore[return-value]
    found = random.uniform(0.2, 3.0, case[4][0]).astype(np.float32)
    found[1] = 0
    return found.reshape(-1, *(1,) * (rank - 1))
