"""Calls that mean nothing, generated from the signatures: each is refused with the argument's name and its value; none crashes, none is
silent."""

from __future__ import annotations

import inspect
from collections.abc import Iterator
from typing import Any

import numpy as np
import pytest

import tinyseq as keras
from tinyseq import callbacks, layers, losses, metrics, optimizers
from tinyseq.argument_types import KINDS
from tinyseq.optimizers import schedules

BAD: dict[str, list[Any]] = {
    "float": ["text", float("nan"), [1.0], {}, object()],
    "int": ["text", 2.5, float("nan"), [1], object()],
    "bool": ["text", 2, [True], object()],
    "str": [3, ["a"], object()],
}
"""Values that are not of the kind of an annotation."""
NEEDED: dict[str, dict[str, Any]] = {
    "IoU": {"num_classes": 2, "target_class_ids": [0]}, "OneHotIoU": {"num_classes": 2, "target_class_ids": [0]},
    "MeanIoU": {"num_classes": 2}, "OneHotMeanIoU": {"num_classes": 2}, "PrecisionAtRecall": {"recall": 0.5},
    "RecallAtPrecision": {"precision": 0.5}, "SensitivityAtSpecificity": {"specificity": 0.5},
    "SpecificityAtSensitivity": {"sensitivity": 0.5}, "LossScaleOptimizer": {"inner_optimizer": optimizers.SGD()},
    "ExponentialDecay": {"initial_learning_rate": 0.1, "decay_steps": 2, "decay_rate": 0.5},
    "InverseTimeDecay": {"initial_learning_rate": 0.1, "decay_steps": 2, "decay_rate": 0.5},
    "PolynomialDecay": {"initial_learning_rate": 0.1, "decay_steps": 2}, "CosineDecay": {"initial_learning_rate": 0.1, "decay_steps": 2},
    "CosineDecayRestarts": {"initial_learning_rate": 0.1, "first_decay_steps": 2}, "CSVLogger": {"filename": "log"},
    "ModelCheckpoint": {"filepath": "a.keras"}, "BackupAndRestore": {"backup_dir": "b"}, "LearningRateScheduler": {"schedule": float},
}  # fmt: skip
"""What some cannot be made without."""
CLASSES: list[type] = [
    *losses.CLASSES.values(), *metrics.CLASSES.values(), *optimizers.CLASSES.values(),
    *(getattr(schedules, name) for name in NEEDED if name in vars(schedules)),
    *(getattr(callbacks, name) for name in callbacks.__all__ if name not in ("Callback", "Callbacks", "History", "LambdaCallback")),
]  # fmt: skip
OPEN = {"dtype", "name", "verbose"}
"""Taken for Keras's sake, whatever they are, or shown as they are."""


def constructions() -> Iterator[Any]:
    """Every argument of a plain kind of every class, with every value of another kind."""
    for cls in CLASSES:
        for argument, parameter in inspect.signature(cls.__init__).parameters.items():
            kind, _, rest = str(parameter.annotation).partition(" | ")
            if argument in OPEN or kind not in KINDS or rest not in ("", "None"):
                continue
            for value in BAD[kind]:
                yield pytest.param(cls, argument, value, id=f"{cls.__name__}({argument}={value!r:.12})")


CONSTRUCTIONS = list(constructions())


def test_there_are_enough_of_them() -> None:
    assert len(CONSTRUCTIONS) + len(ARRAYS) + len(FITS) >= 300


@pytest.mark.parametrize(("cls", "argument", "value"), CONSTRUCTIONS)
def test_a_value_of_another_kind_is_refused_by_name(cls: type, argument: str, value: Any) -> None:
    arguments = {**NEEDED.get(cls.__name__, {}), argument: value}
    with pytest.raises((TypeError, ValueError)) as caught:
        cls(**arguments)
    words = str(caught.value)
    assert argument in words and (repr(value)[:20] in words or str(value) in words) and ("example" in words or "use one" in words), words


ARRAYS = [
    pytest.param(cls, shapes, id=f"{cls.__name__} {shapes}")
    for cls in (*losses.CLASSES.values(), *metrics.CLASSES.values())
    for shapes in (((4, 3), (4, 2)), ((5,), (4, 3)), ((4, 3, 2), (4, 3)), ((2, 4, 3), (4, 3)))
    if cls.__name__ not in ("Mean", "Sum", "Circle", "CTC")
]


@pytest.mark.parametrize(("cls", "shapes"), ARRAYS)
def test_targets_that_do_not_fit_predictions_are_refused_with_both_shapes(cls: type, shapes: Any) -> None:
    target, prediction = shapes
    made = cls(**NEEDED.get(cls.__name__, {}))
    if ("CategoricalAccuracy" in cls.__name__ and cls.__name__.startswith("Sparse")) or getattr(made, "sparse", False):
        target = {(4, 3): (4, 3), (5,): (5,)}.get(target, target)
    y, p = np.zeros(target, np.float32), np.full(prediction, 0.5, np.float32)
    with pytest.raises((TypeError, ValueError)) as caught:
        (made if isinstance(made, losses.Loss) else made.update_state)(y, p)
    words = str(caught.value)
    assert str(target) in words and str(prediction) in words, words


@pytest.mark.parametrize("cls", [*losses.CLASSES.values(), *metrics.CLASSES.values()], ids=lambda cls: cls.__name__)
@pytest.mark.parametrize("bad", ["text", object()], ids=["text", "object"])
def test_what_holds_no_numbers_is_refused(cls: type, bad: Any) -> None:
    made = cls(**NEEDED.get(cls.__name__, {}))
    call = made if isinstance(made, losses.Loss) else made.update_state
    with pytest.raises((TypeError, ValueError)):
        call(np.array([bad, bad]), np.array([bad, bad])) if cls.__name__ not in ("Mean", "Sum") else call(np.array([bad, bad]))


X, Y = np.ones((8, 3), np.float32), np.ones((8, 2), np.float32)
FITS = [
    ("x", np.ones((8, 4))), ("x", np.ones(8)), ("x", np.ones((8, 3, 3))), ("x", np.ones((0, 3))), ("x", "text"), ("x", None),
    ("x", np.array([["a"] * 3] * 8)), ("x", 3), ("x", np.ones((8, 3), complex)), ("y", np.ones((8, 3))), ("y", np.ones((7, 2))),
    ("y", "text"), ("y", None), ("y", np.array([["a"] * 2] * 8)), ("y", np.ones((8, 2, 2))), ("y", [Y, Y]), ("batch_size", 0),
    ("batch_size", -1), ("batch_size", 2.5), ("batch_size", "text"), ("batch_size", [4]), ("batch_size", float("nan")), ("epochs", -1),
    ("epochs", 1.5), ("epochs", "text"), ("epochs", None), ("epochs", [1]), ("verbose", "text"), ("verbose", [1]),
    ("callbacks", "text"), ("callbacks", [print]), ("callbacks", 3), ("callbacks", callbacks.EarlyStopping), ("validation_split", -0.1),
    ("validation_split", 1.5), ("validation_split", "text"), ("validation_split", float("nan")), ("validation_split", [0.1]),
    ("validation_data", X), ("validation_data", (X,)), ("validation_data", (X, Y, Y, Y)), ("validation_data", (X[:, :2], Y)),
    ("validation_data", (X, Y[:5])), ("validation_data", 3), ("class_weight", [1.0]), ("class_weight", {0: "a"}),
    ("class_weight", {"a": 1.0}), ("class_weight", {0: -1.0}), ("class_weight", {0: float("nan")}), ("sample_weight", np.ones(7)),
    ("sample_weight", np.ones((8, 3))), ("sample_weight", "text"), ("sample_weight", np.array(["a"] * 8)), ("initial_epoch", -1),
    ("initial_epoch", 0.5), ("initial_epoch", "text"), ("steps_per_epoch", 0), ("steps_per_epoch", 1.5), ("steps_per_epoch", "text"),
    ("validation_steps", 0), ("validation_steps", "text"), ("validation_freq", 0), ("validation_freq", "text"), ("validation_freq", [0]),
    ("shuffle", "text"), ("shuffle", 3), ("validation_batch_size", 0), ("validation_batch_size", "text"),
]  # fmt: skip


@pytest.mark.parametrize(("argument", "value"), FITS, ids=[f"{name}={value!s:.18}" for name, value in FITS])
def test_an_argument_of_fit_that_means_nothing_is_refused_and_nothing_changes(argument: str, value: Any) -> None:
    model = keras.Sequential([keras.Input((3,)), layers.Dense(2)])
    model.compile("sgd", "mse")
    before = model.get_weights()
    given = {"x": X, "y": Y, "verbose": 0, "epochs": 1, argument: value}
    if argument.startswith("validation_") and argument not in ("validation_data", "validation_split"):
        given["validation_data"] = (X, Y)
    with pytest.raises((TypeError, ValueError)) as caught:
        model.fit(**given)
    assert str(caught.value) and model.optimizer.iterations == 0
    assert all((a == b).all() for a, b in zip(before, model.get_weights(), strict=True))
