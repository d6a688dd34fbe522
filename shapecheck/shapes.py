"""Sizes and shapes: an integer, None (any size at run time) or Unknown, and the window formula.

A shape always holds its batch axis first: (None, 28, 28, 1). Sums over sizes go through the helpers below, because neither
None nor Unknown is a number: None + 2 is None, an Unknown stays Unknown.

>>> window_output(28, window=3, stride=1, padding="valid")
26
>>> window_output(None, window=3, stride=2, padding="same") is None
True
>>> str(Shape((None, 28, 28, 1)))
'(None, 28, 28, 1)'
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any, TypeGuard


class Unknown:
    """A value that the check cannot determine: `name` says which, `why` is the reason.

    `same`: the unknown value that it is under another name, or with another reason; None if it is not known to be one.
    """

    __slots__ = ("name", "same", "why")

    def __init__(self, name: str = "?", why: str = "", same: Unknown | None = None) -> None:
        self.name = name
        self.why = why
        self.same = None if same is None else same.first

    @property
    def first(self) -> Unknown:
        """The value itself, whatever it is called."""
        return self.same or self

    @property
    def computed(self) -> tuple[str, Any, Any] | None:
        """Operator, left and right, if it is a calculation with another unknown number; None if it is not known to be one."""
        return None

    def other(self) -> Unknown:
        """Another unknown value, for the same reason."""
        return Unknown(self.name, self.why)

    def __repr__(self) -> str:
        return "?"


class Computed(Unknown):
    """An unknown number that is calculated of others: n * 2. `operator` is "+", "-", "*", "/", "//" or "%"."""

    __slots__ = ("left", "operator", "right")

    def __init__(self, operator: str, left: Unknown | int, right: Unknown | int) -> None:
        first = left if isinstance(left, Unknown) else right
        assert isinstance(first, Unknown)
        super().__init__(first.name, first.why)
        self.operator = operator
        self.left = left
        self.right = right

    @property
    def computed(self) -> tuple[str, Any, Any]:
        return self.operator, self.left, self.right


class OfSizes(Unknown):
    """A number that follows from sizes that are not in the file: its formula is its `name`, and is printed.

    `sizes`: the names of the sizes in it.
    """

    __slots__ = ("sizes",)

    def __init__(self, formula: str, why: str, sizes: tuple[str, ...]) -> None:
        super().__init__(formula, why)
        self.sizes = sizes

    def __repr__(self) -> str:
        return self.name


Dim = int | None | Unknown


class Shape:
    """The sizes of a tensor, batch axis first; `dims` is None where even the rank is unknown.

    A shape of unknown rank may still know its last axis (a Dense after an unknown layer): `last`.
    """

    __slots__ = ("dims", "known", "last", "why")

    def __init__(self, dims: Iterable[Dim] | None, last: Dim | None = None, why: str = "") -> None:
        self.dims: tuple[Dim, ...] | None = None if dims is None else tuple(dims)
        if self.dims:
            last = self.dims[-1]
        elif last is None:
            last = Unknown("last axis", why)
        self.last: Dim = last
        self.known = self.dims is not None
        """True if rank and every size are facts (an integer, or None: any size)."""
        for dim in self.dims or ():
            if isinstance(dim, Unknown):
                self.known = False
                why = why or dim.why
        self.why = why

    @property
    def rank(self) -> int | None:
        """How many axes, the batch axis included; None if unknown."""
        return None if self.dims is None else len(self.dims)

    @property
    def sizes(self) -> tuple[Dim, ...]:
        """The sizes after the batch axis. The rank must be known."""
        assert self.dims is not None
        return self.dims[1:]

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Shape) and self.dims == other.dims and self.last == other.last

    def __hash__(self) -> int:
        return hash(self.dims)

    def __iter__(self) -> Iterator[Dim]:
        assert self.dims is not None
        return iter(self.dims)

    def __str__(self) -> str:
        if self.dims is None:
            return "(?)" if isinstance(self.last, Unknown) else f"(..., {self.last})"
        return "(" + ", ".join(str(d) for d in self.dims) + (",)" if len(self.dims) == 1 else ")")

    def __repr__(self) -> str:
        return f"Shape({self})"


def is_size(value: object) -> TypeGuard[int]:
    """True for an integer that can be a size or a count (numpy's integers too, bool not)."""
    return hasattr(value, "__index__") and not isinstance(value, bool)


def exact(value: Any) -> Any:
    """A size as an int: numpy's integers become Python's, an int stays the object that it is.

    >>> exact(3)
    3
    """
    return value if isinstance(value, int) else int(value)


def combine(function: Callable[..., int], *dims: Dim) -> Dim:
    """function(*dims) if all are integers, else an Unknown for the reason of the first one, else None."""
    for dim in dims:
        if isinstance(dim, Unknown):
            return dim if len(dims) == 1 else dim.other()
    if None in dims:
        return None
    return function(*dims)


def add(*dims: Dim) -> Dim:
    """The sum of sizes; 0 for none."""
    result = 0
    for dim in dims:
        if not isinstance(dim, int):
            return combine(lambda *d: sum(d), *dims)
        result += dim
    return result


def multiply(*dims: Dim) -> Dim:
    """The product of sizes; 1 for none.

    >>> multiply(4, 4, 32)
    512
    """
    result = 1
    for dim in dims:
        if not isinstance(dim, int):
            return combine(lambda *d: 0, *dims)
        result *= dim
    return result


def as_many(have: Iterable[Dim], want: Iterable[Dim]) -> bool:
    """True if both certainly hold the same number of values, and at least one: then a reshape can lead from one to the other.

    >>> as_many((784,), (28, 28, 1)), as_many((31,), (32,)), as_many((31,), (None,))
    (True, False, False)
    """
    left, right = tuple(have), tuple(want)
    return all(isinstance(size, int) and size > 0 for size in (*left, *right)) and multiply(*left) == multiply(*right)


def subtract(left: Dim, right: Dim) -> Dim:
    """left - right."""
    return combine(lambda a, b: a - b, left, right)


def window_output(size: Dim, window: Dim, stride: Dim, padding: str | Unknown, dilation: Dim = 1) -> Dim:
    """How many positions a window takes along an axis; zero or less means that it does not fit.

    valid: floor((size - dilation*(window - 1) - 1) / stride) + 1; same, causal: ceil(size / stride).
    Source: Dumoulin & Visin (2016), "A guide to convolution arithmetic", relations 6 and 14.
    """
    if isinstance(padding, Unknown):
        return padding
    if padding in ("same", "causal"):
        return combine(lambda n, s: -(-n // s), size, stride)
    return combine(lambda n, k, s, d: (n - d * (k - 1) - 1) // s + 1, size, window, stride, dilation)


def same_padding(size: int, window: int, stride: int, dilation: int = 1) -> tuple[int, int]:
    """Zeros before and after an axis under padding="same"; the odd one goes after (as TensorFlow does).

    >>> same_padding(5, window=2, stride=1)
    (0, 1)
    """
    output = -(-size // stride)
    total = max((output - 1) * stride + dilation * (window - 1) + 1 - size, 0)
    return total // 2, total - total // 2


def pair(value: Any, rank: int) -> tuple[Any, ...]:
    """An int for every axis, or one value for each: 3 -> (3, 3) for rank 2; no checks here."""
    return tuple(value) if isinstance(value, (tuple, list)) else (value,) * rank
