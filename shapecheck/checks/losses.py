"""The one name of each loss, and the check of labels against an output: used by the reader and by fit().

Source: keras 3.15, losses.squeeze_or_expand_to_same_rank and the backends' shape checks, by running them.
"""

from __future__ import annotations

from shapecheck.diagnostics.base import Diagnostic
from shapecheck.diagnostics.labels import LabelsMismatch, LabelsStretched, LossActivation, OneUnitCategorical, SoftmaxOnOneUnit
from shapecheck.languages import Phrase
from shapecheck.naming import snake_case
from shapecheck.shapes import Dim, Shape

ALIASES = {
    "mse": "mean_squared_error", "mae": "mean_absolute_error", "mape": "mean_absolute_percentage_error",
    "msle": "mean_squared_logarithmic_error", "bce": "binary_crossentropy", "cce": "categorical_crossentropy",
    "scce": "sparse_categorical_crossentropy", "logcosh": "log_cosh", "kld": "kl_divergence",
    "kullback_leibler_divergence": "kl_divergence", "cosine_proximity": "cosine_similarity",
}  # fmt: skip

CATEGORICAL = ("categorical_crossentropy", "categorical_focal_crossentropy", "categorical_hinge", "kl_divergence")
SAME_SHAPE = (*CATEGORICAL, "binary_crossentropy", "binary_focal_crossentropy", "cosine_similarity", "dice", "tversky")
"""Losses that refuse labels of another shape than the output's."""
STRETCHES = (
    "mean_squared_error", "mean_absolute_error", "mean_absolute_percentage_error", "mean_squared_logarithmic_error",
    "huber", "log_cosh", "hinge", "squared_hinge", "poisson",
)  # fmt: skip
"""Losses that broadcast the labels as numpy does."""


def canonical(loss: str) -> str:
    """The canonical name of a loss: "mse" and "MeanSquaredError" -> "mean_squared_error"; an unknown one unchanged.

    >>> [canonical(name) for name in ("mse", "MeanSquaredError", "SparseCategoricalCrossentropy", "KLDivergence")]
    ['mean_squared_error', 'mean_squared_error', 'sparse_categorical_crossentropy', 'kl_divergence']
    """
    words = snake_case(loss)
    return ALIASES.get(words.replace("_", ""), ALIASES.get(words, words))


def judge(output: Shape, labels: Shape, loss: str, source: str = "", data: Shape | None = None) -> Diagnostic | None:
    """What is wrong with labels of that shape; None if nothing is, or if it is unknown.

    Batch axes come first and are not compared here. `source` is the argument that chose the labels: 'class_mode="binary"'; `data` the
    shape of the images that come with them.

    >>> print(judge(Shape((None, 10)), Shape((1000, 6)), "categorical_crossentropy").message())
    labels (1000, 6) do not match the output (None, 10) for loss "categorical_crossentropy"
    """
    name = canonical(loss)
    if not output.dims or labels.dims == ():
        return None
    if labels.dims is None:
        return _by_last_axis(output, labels, name)
    if name == "sparse_categorical_crossentropy":
        return _sparse(output, labels, name, source, data)
    out, lab = _squeezed(output.dims, labels.dims)
    if lab[:1] == (1,) and len(lab) != len(out) and name in STRETCHES and _stretch(out, lab):
        return LabelsStretched(labels, output, name, _advice(output, labels, name, source, data))
    if len(out) != len(lab):
        compared = name in (*SAME_SHAPE, *STRETCHES)
        return LabelsMismatch(labels, output, name, _advice(output, labels, name, source, data)) if compared else None
    pairs = [(o, t) for o, t in zip(out[1:], lab[1:], strict=True) if isinstance(o, int) and isinstance(t, int)]
    if all(o == t for o, t in pairs):
        return None
    if name in SAME_SHAPE or (name in STRETCHES and any(o != t and 1 not in (o, t) for o, t in pairs)):
        return LabelsMismatch(labels, output, name, _advice(output, labels, name))
    return LabelsStretched(labels, output, name, _advice(output, labels, name)) if name in STRETCHES else None


def _stretch(output: tuple[Dim, ...], labels: tuple[Dim, ...]) -> bool:
    """True if output and labels of one sample have different ranks and broadcast as in numpy: (1, 1) and (1, 3, 12)."""
    pairs = zip((1, *output[1:])[::-1], labels[::-1], strict=False)
    return all(not isinstance(a, int) or not isinstance(b, int) or a == b or 1 in (a, b) for a, b in pairs)


def _by_last_axis(output: Shape, labels: Shape, name: str) -> Diagnostic | None:
    """Labels of which only the last axis is known, to_categorical(?, 2): whatever their rank, it must equal the output's."""
    assert output.dims is not None
    units, columns = output.dims[-1], labels.last
    wrong = isinstance(units, int) and isinstance(columns, int) and units != columns and 1 not in (units, columns)
    if not wrong or name not in (*SAME_SHAPE, *STRETCHES):
        return None
    return LabelsMismatch(
        labels, output, name, Phrase("labels", "use_columns_units_in", "use {columns} units in the layer of this output", columns=columns)
    )


def _squeezed(output: tuple[Dim, ...], labels: tuple[Dim, ...]) -> tuple[tuple[Dim, ...], tuple[Dim, ...]]:
    """If the ranks differ by one, the larger one loses a last axis of 1: (n, 1) against (n,) fits."""
    if len(output) == len(labels) + 1 and output[-1] == 1:
        return output[:-1], labels
    if len(labels) == len(output) + 1 and labels[-1] == 1:
        return output, labels[:-1]
    return output, labels


def _sparse(output: Shape, labels: Shape, name: str, source: str, data: Shape | None) -> Diagnostic | None:
    assert output.dims is not None and labels.dims is not None
    wanted, given = output.dims[:-1], labels.dims
    if len(given) == len(output.dims) and given[-1] == 1:
        given = given[:-1]
    same = len(wanted) == len(given) and all(
        not isinstance(a, int) or not isinstance(b, int) or a == b for a, b in zip(wanted[1:], given[1:], strict=True)
    )
    return None if same else LabelsMismatch(labels, output, name, _advice(output, labels, name, source, data))


def _advice(output: Shape, labels: Shape, name: str, source: str = "", data: Shape | None = None) -> str:
    assert output.dims is not None and labels.dims is not None
    out, lab = output.dims, labels.dims
    pictures = data.dims if data is not None and data.dims is not None and len(data.dims) == len(out) else out
    if "class_mode" in source and len(out) > 3 and pictures[1:3] == out[1:3] and pictures[-1] != out[-1]:
        return Phrase(
            "labels",
            "source_is_one_label_mask",
            "{source} is one label for each image, the output has one for each pixel: the labels must be masks {shape}, from a second flow"
            " with class_mode=None and the same seed, or arrays",
            source=source, shape=Shape((None, *out[1:])),
        )  # fmt: skip
    if "_mode" in source and len(out) > 3 and pictures[1:3] == out[1:3]:
        if "class" in source:
            return Phrase(
                "labels",
                "source_is_one_label_for",
                '{source} is one label for each image, the output is an image: write class_mode="input" to learn the image itself',
                source=source,
            )
        return Phrase(
            "labels",
            "source_is_one_label",
            "{source} is one label for each image, the output is an image: map the dataset to (image, image)",
            source=source,
        )
    if len(out) > len(lab) and len(out) > 2:
        return Phrase(
            "labels",
            "the_output_still_has",
            "the output still has spatial or time axes; add Flatten() or a global pooling layer before the last Dense,"
            " or remove return_sequences from the last recurrent layer",
        )
    if name == "sparse_categorical_crossentropy" and len(lab) == len(out) and lab[-1] == out[-1]:
        return Phrase("labels", "labels_are_one_hot", 'labels are one-hot: use loss="categorical_crossentropy"')
    if name == "categorical_crossentropy" and (len(lab) == 1 or lab[-1] == 1) and out[-1] != 1:
        return Phrase("labels", "labels_are_integers_use", 'labels are integers: use loss="sparse_categorical_crossentropy"')
    if len(out) == len(lab) and isinstance(lab[-1], int) and out[:-1] and lab[-1] != out[-1]:
        one, columns = Phrase("labels", "use_1_unit", "use 1 unit"), lab[-1]
        return one if columns == 1 else Phrase("labels", "use_units", "use {count} units", count=columns)
    if len(lab) == len(out) - 1 == 1:
        count = out[-1]
        return Phrase("labels", "use_1_unit_in", "use 1 unit in the layer of this output, or labels with {count} columns", count=count)
    shape = Shape((None, *out[1:]))
    return Phrase("labels", "make_the_labels_of", "make the labels of shape {shape}", shape=shape)


def activation_advice(activation: str, units: Dim, loss: str, from_logits: bool = False) -> Diagnostic | None:
    """What is wrong with a last layer of these units and this activation under this loss; None if nothing is."""
    name = canonical(loss)
    if activation == "softmax" and units == 1 and name != "sparse_categorical_crossentropy":
        return SoftmaxOnOneUnit()
    if name == "categorical_crossentropy" and units == 1:
        return OneUnitCategorical(name)
    if from_logits or name not in ("categorical_crossentropy", "sparse_categorical_crossentropy", "binary_crossentropy"):
        return None
    wrong = ("linear", "relu", "tanh", "sigmoid") if name != "binary_crossentropy" else ("linear", "relu", "tanh")
    wanted = "sigmoid" if name == "binary_crossentropy" else "softmax"
    return LossActivation(activation, name, wanted) if activation in wrong else None
