"""Cross entropies: binary, categorical, sparse."""

from __future__ import annotations

from typing import Any

from tinyseq.layers.tensor_functions.calling import apply
from tinyseq.layers.tensor_functions.composed.activations import log_softmax, relu
from tinyseq.layers.tensor_functions.composed.along_axes import sum_
from tinyseq.layers.tensor_functions.composed.creation import one_hot
from tinyseq.layers.tensor_functions.composed.number_by_number import clip
from tinyseq.layers.tensor_functions.composed.registry import public, shape_of
from tinyseq.layers.tensor_functions.composed.shapes import squeeze


@public
def binary_crossentropy(target: Any, output: Any, from_logits: bool = False) -> Any:
    """-(t log p + (1 - t) log(1 - p)), number by number.

    Arguments:
        target: 0, 1 or between
        output: probabilities, or what sigmoid makes them of
        from_logits: True: output is before sigmoid
    """
    if from_logits:
        straight = apply("subtract", relu(output), apply("multiply", output, target))
        return apply("add", straight, apply("softplus", apply("negative", apply("abs", output))))
    p = clip(output, 1e-7, 1 - 1e-7)
    left = apply("multiply", target, apply("log", p))
    return apply("negative", apply("add", left, apply("multiply", apply("subtract", 1.0, target), apply("log", apply("subtract", 1.0, p)))))


@public
def categorical_crossentropy(target: Any, output: Any, from_logits: bool = False, axis: int = -1) -> Any:
    """-sum of t log p along an axis.

    Arguments:
        target: a probability for each class
        output: probabilities, or what softmax makes them of
        from_logits: True: output is before softmax
        axis: the axis of the classes
    """
    if from_logits:
        logs = log_softmax(output, axis)
    else:
        logs = apply("log", clip(apply("divide", output, sum_(output, axis, True)), 1e-7, 1 - 1e-7))
    return apply("negative", sum_(apply("multiply", target, logs), axis))


@public
def sparse_categorical_crossentropy(target: Any, output: Any, from_logits: bool = False, axis: int = -1) -> Any:
    """-log p of the class that each target names.

    Arguments:
        target: whole numbers
        output: probabilities, or what softmax makes them of
        from_logits: True: output is before softmax
        axis: the axis of the classes
    """
    classes = shape_of(output)[axis]
    if len(shape_of(target)) == len(shape_of(output)):
        target = squeeze(target, axis)
    return categorical_crossentropy(one_hot(target, classes, axis), output, from_logits, axis)
