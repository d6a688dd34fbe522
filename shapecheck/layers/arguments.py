"""Checks of a layer's arguments: each returns the canonical form or raises ShapeError.

An Unknown (an argument that the reader could not evaluate) passes through every check.
"""

from __future__ import annotations

from collections.abc import Callable

from shapecheck.diagnostics.arguments import BadArgument, UnknownWord
from shapecheck.diagnostics.base import ShapeError
from shapecheck.diagnostics.rank import AxisOutOfRange
from shapecheck.diagnostics.sizes import NotDivisible
from shapecheck.languages import Phrase, for_example, write
from shapecheck.shapes import Dim, Shape, Unknown, exact, is_size

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

PADDINGS = ("valid", "same")
DATA_FORMATS = ("channels_last", "channels_first")


def integers(value: Any, depth: int = 2) -> Any:
    """The integers meant by strings of digits and by floats; other values unchanged. For advice only.

    >>> integers("10"), integers(("28", 14.0)), integers("ten")
    (10, (28, 14), 'ten')
    """
    if isinstance(value, (tuple, list)):
        found = [integers(item, depth - 1) for item in value] if depth else value
        return tuple(found) if isinstance(value, tuple) else found
    try:
        return int(value) if isinstance(value, str) or _is_float(value) else value
    except (ValueError, OverflowError):  # "ten", nan, infinity
        return value


def _is_float(value: Any) -> bool:
    return hasattr(value, "is_integer") and not is_size(value) and not isinstance(value, bool)


def edit(argument: str, value: Any, does: Callable[[Any], bool], otherwise: str) -> str:
    """The advice to write the integers that `value` means, if they are allowed; else `otherwise`.

    >>> edit("units", "10", lambda units: units > 0, "write units=1, or more")
    'write units=10, without quotes'
    """
    meant = integers(value)
    found = parts(value)
    quoted, divided = any(isinstance(part, str) for part in found), any(map(_is_float, found))
    if not (quoted or divided) or any(isinstance(part, Unknown) for part in found) or not does(meant) or len(repr(meant)) > 60:
        return otherwise
    if quoted and divided:
        return Phrase(
            "arguments",
            "write_argument_meant_without_quotes",
            "write {argument}={meant!r}, without quotes (a division with / returns a float: use //)",
            argument=argument,
            meant=meant,
        )
    return (
        Phrase("arguments", "write_argument_meant_without", "write {argument}={meant!r}, without quotes", argument=argument, meant=meant)
        if quoted
        else Phrase(
            "arguments",
            "write_argument_meant_a",
            "write {argument}={meant!r} (a division with / returns a float: use //)",
            argument=argument,
            meant=meant,
        )
    )


def parts(value: Any, depth: int = 2) -> list[Any]:
    """The items of a tuple or list, or of a tuple of tuples: ((1, "2"), 3) -> [1, "2", 3]."""
    if isinstance(value, (tuple, list)) and depth:
        return [part for item in value for part in parts(item, depth - 1)]
    return [value]


def whole(argument: str, value: Any, least: int = 1) -> Any:
    """An integer of at least `least`."""
    if isinstance(value, Unknown):
        return value
    if not is_size(value) or value < least:
        expected = (
            Phrase("arguments", "a_positive_integer", "a positive integer")
            if least == 1
            else Phrase("arguments", "an_integer_of_at", "an integer of at least {least}", least=least)
        )
        advice = edit(
            argument,
            value,
            lambda meant: is_size(meant) and meant >= least,
            Phrase("arguments", "write_argument_least_or", "write {argument}={least}, or more", argument=argument, least=least),
        )
        raise ShapeError(BadArgument(argument, value, expected, advice))
    return exact(value)


def wholes(argument: str, value: Any, rank: int, least: int = 1) -> tuple[Any, ...]:
    """One integer for every axis, or one for each of `rank` axes: 3 -> (3, 3)."""
    if isinstance(value, Unknown):
        return (value,) * rank
    if _are_wholes(value, rank, least):
        items = (value,) * rank if is_size(value) else value
        return tuple(item if isinstance(item, Unknown) else exact(item) for item in items)
    expected = (
        Phrase("arguments", "an_integer_of_at_least", "an integer of at least {least} or a tuple of {rank} of them", least=least, rank=rank)
        if rank > 1
        else Phrase("arguments", "an_integer_of_at", "an integer of at least {least}", least=least)
    )
    example = str(max(least, 2)) if rank == 1 else str((max(least, 2),) * rank)
    advice = edit(argument, value, lambda meant: _are_wholes(meant, rank, least), for_example(f"{argument}={example}"))
    raise ShapeError(BadArgument(argument, value, expected, advice))


def _are_wholes(value: Any, rank: int, least: int) -> bool:
    if is_size(value):
        return value >= least
    good = isinstance(value, (tuple, list)) and len(value) == rank
    return good and all(isinstance(item, Unknown) or (is_size(item) and item >= least) for item in value)


def word(argument: str, value: Any, allowed: tuple[str, ...]) -> Any:
    """A string of `allowed`, in upper or lower case."""
    if isinstance(value, Unknown):
        return value
    if not isinstance(value, str):
        words = Phrase("arguments", "one_of_names", "one of {names}", names=', '.join(map(repr, allowed)))
        raise ShapeError(BadArgument(argument, value, words, for_example(f'{argument}="{allowed[0]}"')))
    if value.lower() not in allowed:
        raise ShapeError(UnknownWord(argument, value, allowed))
    return value.lower()


def data_format(value: Any) -> Any:
    """ "channels_last" (also for None) or "channels_first"."""
    return "channels_last" if value is None else word("data_format", value, DATA_FORMATS)


def number(argument: str, value: Any, least: float | None = None, most: float | None = None) -> Any:
    """A real number in [least, most]."""
    if isinstance(value, Unknown):
        return value
    real = isinstance(value, (int, float)) or hasattr(value, "__float__")
    inside = real and not isinstance(value, (bool, str)) and _within(float(value), least, most)
    if not inside:
        advice = for_example(f"{argument}={_inside(least, most)}")
        if isinstance(value, str) and _is_number(value) and _within(float(value), least, most):
            advice = Phrase(
                "arguments",
                "write_argument_number_without",
                "write {argument}={number}, without quotes",
                argument=argument,
                number=value.strip(),
            )
        raise ShapeError(BadArgument(argument, value, _range_words(least, most), advice))
    return value


def _is_number(text: str) -> bool:
    try:
        return abs(float(text)) < float("inf")
    except ValueError:
        return False


def _within(value: float, least: float | None, most: float | None) -> bool:
    return value == value and (least is None or value >= least) and (most is None or value <= most)


def _range_words(least: float | None, most: float | None) -> str:
    if least is not None and most is not None:
        return Phrase("arguments", "a_number_from_least", "a number from {least:g} to {most:g}", least=least, most=most)
    return (
        Phrase("arguments", "a_number", "a number")
        if least is None
        else Phrase("arguments", "a_number_of_at", "a number of at least {least:g}", least=least)
    )


def _inside(least: float | None, most: float | None) -> str:
    """A number that is allowed, for an example."""
    if least is None or most is None:
        return "1.0" if least is None else f"{least + 0.1:g}"
    return f"{(least + most) / 2:g}"


ACTIVATIONS = (
    "celu", "elu", "exponential", "gelu", "glu", "hard_shrink", "hard_sigmoid", "hard_silu", "hard_swish", "hard_tanh",
    "leaky_relu", "linear", "log_sigmoid", "log_softmax", "mish", "relu", "relu6", "selu", "sigmoid", "silu",
    "soft_shrink", "softmax", "softplus", "softsign", "sparse_plus", "sparse_sigmoid", "sparsemax", "squareplus",
    "swish", "tanh", "tanh_shrink", "threshold",
)  # fmt: skip


def activation(value: Any, argument: str = "activation") -> Any:
    """A name of an activation, a callable, or None."""
    if value is None or isinstance(value, Unknown) or not isinstance(value, str):
        if value is None or isinstance(value, Unknown) or callable(value) or hasattr(value, "infer"):
            return value
        words = Phrase("arguments", "the_name_of_an", "the name of an activation, a function, or None")
        raise ShapeError(BadArgument(argument, value, words, for_example(f'{argument}="relu"')))
    if value not in ACTIVATIONS:
        raise ShapeError(UnknownWord(argument, value, ACTIVATIONS))
    return value


def activated(size: Dim, name: Any) -> Dim:
    """The last axis after an activation: "glu" (Dauphin et al. 2017) halves it, all others keep it."""
    if name != "glu" or not isinstance(size, int):
        return size
    if size % 2:
        raise ShapeError(NotDivisible("activation", 2, size, ""))
    return size // 2


INITIALIZERS = (
    "constant", "glorot_normal", "glorot_uniform", "he_normal", "he_uniform", "identity", "lecun_normal",
    "lecun_uniform", "normal", "one", "ones", "orthogonal", "random_normal", "random_uniform", "truncated_normal",
    "uniform", "variance_scaling", "zero", "zeros",
)  # fmt: skip
REGULARIZERS = ("l1", "l2", "l1l2", "orthogonal_regularizer")
CONSTRAINTS = ("max_norm", "min_max_norm", "non_neg", "unit_norm")


def initializer(argument: str, value: Any) -> Any:
    """A name of an initializer (snake_case or the class's), an object or a function."""
    return _known_name(argument, value, INITIALIZERS)


def regularizer(argument: str, value: Any) -> Any:
    """A name of a regularizer, an object, a function, or None.

    Keras 2's "l1_l2" does not exist in Keras 3, whose "l1l2" weighs both with 0.
    """
    if isinstance(value, str) and value.lower() == "l1_l2":
        raise ShapeError(
            BadArgument(
                argument,
                value,
                Phrase("arguments", "a_name_such_as_l1", 'a name such as "l1"'),
                write(f"{argument}=regularizers.L1L2(0.01, 0.01)"),
            )
        )
    return _known_name(argument, value, REGULARIZERS)


def constraint(argument: str, value: Any) -> Any:
    """A name of a constraint, an object, a function, or None."""
    return _known_name(argument, value, CONSTRAINTS)


def _known_name(argument: str, value: Any, allowed: tuple[str, ...]) -> Any:
    if value is None or value in allowed:
        return value
    if isinstance(value, str):
        if value.replace("_", "").lower() not in [name.replace("_", "") for name in allowed]:
            raise ShapeError(UnknownWord(argument, value, allowed))
    elif isinstance(value, (bool, int, float, tuple, list)):
        words = Phrase("arguments", "a_name_such_as", "a name such as {example!r}, an object or a function", example=allowed[0])
        raise ShapeError(
            BadArgument(
                argument,
                value,
                words,
                Phrase(
                    "arguments",
                    "write_argument_example_or",
                    'write {argument}="{example}", or remove it',
                    argument=argument,
                    example=allowed[0],
                ),
            )
        )
    return value


def flag(argument: str, value: Any) -> Any:
    """True or False."""
    if isinstance(value, (bool, Unknown)) or value in (0, 1):
        return value
    raise ShapeError(
        BadArgument(
            argument,
            value,
            Phrase("arguments", "true_or_false", "True or False"),
            Phrase("arguments", "write_argument_true_or", "write {argument}=True, or remove it", argument=argument),
        )
    )


def axis(argument: str, value: Any, shape: Shape, least: int = 1) -> Any:
    """An axis of `shape`, counted from 0 (the batch); -1 is the last. Raises if the shape has no such axis."""
    if isinstance(value, Unknown):
        return value
    assert shape.dims is not None
    rank = len(shape.dims)
    if not is_size(value):
        advice = edit(
            argument,
            value,
            is_size,
            Phrase("arguments", "write_argument_1_for", "write {argument}=-1 for the last axis", argument=argument),
        )
        raise ShapeError(BadArgument(argument, value, Phrase("arguments", "an_integer", "an integer"), advice))
    place = int(value) + rank if value < 0 else int(value)
    if not least <= place < rank:
        raise ShapeError(AxisOutOfRange(argument, int(value), shape, least))
    return place
