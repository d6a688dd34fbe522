"""Arguments of an architecture that Keras refuses, with both numbers and one edit that works.

Keras's rules are those of keras.applications.imagenet_utils (3.15): obtain_input_shape and validate_activation.
"""

from __future__ import annotations

from collections.abc import Sequence
from types import SimpleNamespace

from shapecheck.diagnostics.arguments import BadArgument, ConflictingArguments
from shapecheck.diagnostics.base import ShapeError
from shapecheck.languages import Phrase, for_example
from shapecheck.shapes import Unknown

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

IMAGENET_CLASSES = 1000
CHANNELS = 3
"""Of the images that the stored weights were trained on."""


def check_weights(given: SimpleNamespace) -> None:
    """weights is "imagenet" (or the name that the architecture has), None, or the path of a file; the stored top has 1000 classes."""
    stored = getattr(given, "stored", "imagenet")
    if isinstance(given.weights, str) and given.weights != stored and not set("./\\") & set(given.weights):
        expected = Phrase("architectures", "stored_none_or_the", '"{stored}", None, or the path of a file', stored=stored)
        fixes = (("weights", f'"{stored}"'), ("weights", "None"))
        raise ShapeError(
            BadArgument(
                "weights",
                given.weights,
                expected,
                Phrase("architectures", "write_weights_stored_or", 'write weights="{stored}", or weights=None', stored=stored),
                fixes,
            )
        )
    if given.weights == "imagenet" and given.include_top and _differs(given.classes, IMAGENET_CLASSES):
        why = Phrase("architectures", "the_stored_top_has_count", "the stored top has {count} classes", count=IMAGENET_CLASSES)
        advice = Phrase(
            "architectures",
            "write_include_top_false_and_add",
            "write include_top=False and add your own Dense({classes}), or write weights=None",
            classes=given.classes,
        )
        facts = ("classes", given.classes, "weights", "imagenet", why, advice)
        raise ShapeError(ConflictingArguments(*facts, (("weights", "None"), ("include_top", "False"))))


def check_file(given: SimpleNamespace, name: str) -> None:
    """The file of stored weights is named after the model: under another name Keras finds none."""
    if given.weights == "imagenet" and isinstance(given.name, str) and given.name != name:
        why, advice = (
            Phrase("architectures", "keras_looks_for_the", "Keras looks for the stored weights by this name"),
            Phrase("architectures", "remove_the_name_or", 'remove the name, or write name="{name}"', name=name),
        )
        facts = ("name", given.name, "weights", "imagenet", why, advice)
        raise ShapeError(ConflictingArguments(*facts, (("name", f'"{name}"'), ("weights", "None"))))


def check_loaded_top(given: SimpleNamespace) -> None:
    """With loaded weights, the top ends with softmax or no activation."""
    activation = given.classifier_activation
    if given.weights is None or activation in (None, "softmax", "linear") or isinstance(activation, Unknown):
        return
    if isinstance(given.weights, Unknown) or not isinstance(activation, str):
        return
    why, advice = (
        Phrase("architectures", "a_loaded_top_ends", "a loaded top ends with softmax or no activation"),
        Phrase("architectures", "write_classifier_activation_softmax", 'write classifier_activation="softmax" or None, or weights=None'),
    )
    facts = ("classifier_activation", activation, "weights", given.weights)
    fixes = (("classifier_activation", '"softmax"'), ("weights", "None"))
    raise ShapeError(ConflictingArguments(*facts, why, advice, fixes))


def image_shape(given: SimpleNamespace, size: int, least: int) -> Sequence[Any]:
    """(rows, columns, channels) of the input. Raises ShapeError if the sizes are refused."""
    shape, imagenet = given.input_shape, given.weights == "imagenet"
    channels = shape[-1] if shape and len(shape) == 3 and not imagenet else CHANNELS
    default = (size, size, channels)
    if imagenet and given.include_top:
        if shape is not None and not _agree(shape, default):
            raise ShapeError(
                _with_top(
                    given,
                    Phrase("architectures", "the_stored_top_accepts", "the stored top accepts {default}", default=default),
                    "weights=None",
                )
            )
        return default
    if not shape:
        return default if given.include_top else (None, None, CHANNELS)
    _check_sizes(given, least)
    if given.include_top and None in shape:
        raise ShapeError(
            _with_top(given, Phrase("architectures", "the_top_needs_known", "the top needs known sizes"), f"input_shape={default}")
        )
    return tuple(shape)


def own_shape(given: SimpleNamespace, default: Sequence[Any], least: int) -> Sequence[Any]:
    """input_shape, or the default, for an architecture whose stored weights are of no size. Raises ShapeError if it is refused."""
    if given.input_shape is None:
        return default
    _check_sizes(given, least)
    if given.include_top and None in given.input_shape:
        raise ShapeError(
            _with_top(given, Phrase("architectures", "the_top_needs_known", "the top needs known sizes"), f"input_shape={default}")
        )
    return tuple(given.input_shape)


def check_stored(given: SimpleNamespace, shape: Sequence[Any]) -> None:
    """The stored digit convnet reads 28x28 grey pictures and has ten classes; without its top the pictures may have any size."""
    shape = shape if given.input_tensor is None else tuple(given.input_tensor.shape)[1:]
    facts = ("weights", given.weights)
    if _differs(shape[-1], 1):
        advice = Phrase("architectures", "use_grey_pictures_rows", "use grey pictures, (rows, columns, 1), or write weights=None")
        raise ShapeError(
            ConflictingArguments(
                "input_shape",
                shape,
                *facts,
                Phrase("architectures", "the_stored_weights_are_for", "the stored weights are for 1 channel"),
                advice,
                NO_WEIGHTS,
            )
        )
    if given.include_top and (_differs(shape[0], 28) or _differs(shape[1], 28)):
        raise ShapeError(
            ConflictingArguments(
                "input_shape",
                shape,
                *facts,
                Phrase("architectures", "the_stored_top_reads", "the stored top reads 28x28 pictures"),
                TOP_OR_NOTHING,
                NO_TOP,
            )
        )
    if given.include_top and _differs(given.classes, 10):
        raise ShapeError(
            ConflictingArguments(
                "classes",
                given.classes,
                *facts,
                Phrase("architectures", "the_stored_top_has", "the stored top has 10 classes"),
                TOP_OR_NOTHING,
                NO_TOP,
            )
        )


NO_WEIGHTS = (("weights", "None"),)
NO_TOP = (("include_top", "False"), ("weights", "None"))
TOP_OR_NOTHING = Phrase(
    "architectures", "write_include_top_false_and", "write include_top=False and add your own Dense layer, or write weights=None"
)


def _check_sizes(given: SimpleNamespace, least: int) -> None:
    shape = given.input_shape
    if len(shape) != 3:
        raise ShapeError(
            BadArgument(
                "input_shape",
                shape,
                Phrase("architectures", "three_sizes_height_width", "three sizes: (height, width, channels)"),
                _without_batch(shape),
            )
        )
    check_least(given, least)


def check_channels(given: SimpleNamespace) -> None:
    """Stored weights are for three channels."""
    tensor, shape = given.input_tensor, given.input_shape
    argument, sizes = ("input_shape", shape) if tensor is None else ("input_tensor", tuple(tensor.shape))
    if given.weights == "imagenet" and _differs(sizes[-1], CHANNELS):
        right, count = (*sizes[:-1], CHANNELS), sizes[-1]
        why = Phrase(
            "architectures",
            "the_stored_weights_are",
            "the stored weights are for {channels} channels, not {count}",
            channels=CHANNELS,
            count=count,
        )
        advice = Phrase("architectures", "make_it_right_or", "make it {right}, or write weights=None", right=right)
        raise ShapeError(ConflictingArguments(argument, sizes, "weights", "imagenet", why, advice, (("weights", "None"),)))


def check_least(given: SimpleNamespace, least: int) -> None:
    """Rows and columns are at least so many."""
    shape = given.input_shape
    if any(isinstance(size, int) and size < least for size in shape[:2]):
        larger = tuple(max(size, least) if isinstance(size, int) else size for size in shape[:2])
        expected, text = (
            Phrase("architectures", "at_least_least_x", "at least {least} x {least} pixels", least=least),
            str((*larger, *shape[2:])),
        )
        raise ShapeError(
            BadArgument(
                "input_shape",
                shape,
                expected,
                Phrase("architectures", "write_input_shape_text", "write input_shape={text}, or larger", text=text),
                (("input_shape", text),),
            )
        )


def _with_top(given: SimpleNamespace, why: str, other: str) -> ConflictingArguments:
    facts = ("input_shape", given.input_shape, "include_top", given.include_top)
    argument, _, text = other.partition("=")
    return ConflictingArguments(
        *facts,
        why,
        Phrase("architectures", "write_include_top_false", "write include_top=False, or {other}", other=other),
        (("include_top", "False"), (argument, text)),
    )


def _without_batch(shape: Sequence[Any]) -> str:
    if len(shape) == 4:
        right = tuple(shape[1:])
        return Phrase("architectures", "write_input_shape_right", "write input_shape={right}, without the batch", right=right)
    return for_example("input_shape=(224, 224, 3)")


def _differs(value: Any, number: int) -> bool:
    """True if it is certainly a different number."""
    return not isinstance(value, Unknown) and value != number


def _agree(shape: Any, wanted: Sequence[Any]) -> bool:
    """False if the shapes certainly differ; a list is not a tuple, as in Keras."""
    if isinstance(shape, list) or len(shape) != len(wanted):
        return False
    return not any(_differs(size, want) for size, want in zip(shape, wanted, strict=True))


def trained_size(shape: Any, sizes: Sequence[int]) -> int:
    """The image size that weights are stored for: 224 unless the image is square and one of `sizes`."""
    rows, columns = shape[:2] if shape is not None and len(shape) > 1 else (None, None)
    return rows if isinstance(rows, int) and rows == columns and rows in sizes else 224


def stored_width(given: SimpleNamespace, widths: Sequence[float]) -> None:
    """alpha is one of the widths that weights are stored for."""
    if given.alpha not in widths:
        stored = ", ".join(map(str, widths))
        why = Phrase("architectures", "weights_are_stored_only", "weights are stored only for {stored}", stored=stored)
        facts = ("alpha", given.alpha, "weights", "imagenet")
        raise ShapeError(
            ConflictingArguments(
                *facts,
                why,
                Phrase("architectures", "write_weights_none_or", "write weights=None, or one of these"),
                (("weights", "None"), ("alpha", "1.0")),
            )
        )


def same_sides(given: SimpleNamespace) -> None:
    """input_tensor and input_shape, if both are passed, have equally many columns."""
    shape, tensor = given.input_shape, given.input_tensor
    if shape is None or tensor is None or len(shape) < 2:
        return
    ours, theirs = shape[1], tensor.shape[2]
    if not isinstance(ours, Unknown) and not isinstance(theirs, Unknown) and ours != theirs:
        why = Phrase("architectures", "ours_columns_and_theirs", "{ours} columns and {theirs}", ours=ours, theirs=theirs)
        facts = ("input_shape", shape, "input_tensor", tuple(tensor.shape))
        raise ShapeError(ConflictingArguments(*facts, why, Phrase("architectures", "remove", "remove {code}", code="input_shape")))
