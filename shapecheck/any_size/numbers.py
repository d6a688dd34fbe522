"""An integer that remembers of which sizes it was computed, and the conditions under which code went its way.

A rule that is run with such integers does what it does with integers. Each comparison is noted as a condition: for all sizes that meet the
conditions, the same statements run, with the values of the same formulas. What cannot be noted (a float, a count of bits) is said.
"""

from __future__ import annotations

from shapecheck.any_size.formulas import Formula, number, quotient

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any


class Conditions:
    """What must hold for a run to be the same: for each formula, the least and the greatest sign it may have.

    `lost`: a number was used in a way that has no formula, so the run says nothing about other sizes.
    """

    __slots__ = ("_seen", "found", "lost")

    def __init__(self) -> None:
        self.found: list[tuple[Formula, int, int]] = []
        self._seen: set[tuple[Formula, int, int]] = set()
        self.lost = False

    def note(self, formula: Formula, least: int, most: int) -> None:
        """One more, if it is not there yet."""
        key = (formula, least, most)
        if formula.constant is None and key not in self._seen:
            self._seen.add(key)
            self.found.append(key)


class Followed(int):
    """An integer, `formula`: how it follows from the sizes, `run`: where comparisons are noted."""

    formula: Formula
    run: Conditions

    def __new__(cls, value: int, follows: Formula, run: Conditions) -> Followed:
        """The value must be the formula's for the sizes of this run."""
        made = int.__new__(cls, value)
        made.formula = follows
        made.run = run
        return made

    def __str__(self) -> str:
        return self.formula.text()

    __repr__ = __str__

    def __format__(self, how: str) -> str:
        return str(self)

    def __hash__(self) -> int:
        return hash(self.formula)

    # arithmetic

    def _made(self, found: Formula, value: int) -> int:
        constant = found.constant
        return Followed(value, found, self.run) if constant is None else constant

    def __add__(self, other: Any) -> Any:
        return self._made(self.formula + formula(other), _value(self) + _value(other)) if isinstance(other, int) else NotImplemented

    __radd__ = __add__

    def __sub__(self, other: Any) -> Any:
        return self._made(self.formula - formula(other), _value(self) - _value(other)) if isinstance(other, int) else NotImplemented

    def __rsub__(self, other: Any) -> Any:
        return self._made(formula(other) - self.formula, _value(other) - _value(self)) if isinstance(other, int) else NotImplemented

    def __mul__(self, other: Any) -> Any:
        if not isinstance(other, int):
            self._lose()  # a list or a string as often as this number says
            return NotImplemented
        return self._made(self.formula * formula(other), _value(self) * _value(other))

    __rmul__ = __mul__

    def __neg__(self) -> int:
        return self._made(-self.formula, -_value(self))

    def __pos__(self) -> int:
        return self

    def __abs__(self) -> int:
        return self if self >= 0 else -self

    def __floordiv__(self, other: Any) -> Any:
        return self._divided(self, other)[0] if isinstance(other, int) else self._unfollowed("__floordiv__", other)

    def __rfloordiv__(self, other: Any) -> Any:
        return self._divided(other, self)[0] if isinstance(other, int) else self._unfollowed("__rfloordiv__", other)

    def __mod__(self, other: Any) -> Any:
        return self._divided(self, other)[1] if isinstance(other, int) else self._unfollowed("__mod__", other)

    def __rmod__(self, other: Any) -> Any:
        return self._divided(other, self)[1] if isinstance(other, int) else self._unfollowed("__rmod__", other)

    def __divmod__(self, other: Any) -> Any:
        return self._divided(self, other) if isinstance(other, int) else self._unfollowed("__divmod__", other)

    def __rdivmod__(self, other: Any) -> Any:
        return self._divided(other, self) if isinstance(other, int) else self._unfollowed("__rdivmod__", other)

    def _divided(self, left: int, right: int) -> tuple[int, int]:
        """Quotient and rest."""
        values = divmod(_value(left), _value(right))
        found = quotient(formula(left), formula(right))
        if found is None:
            self._lose()
            return values
        rest = formula(left) - found * formula(right)
        return self._made(found, values[0]), self._made(rest, values[1])

    def __pow__(self, other: Any, modulo: Any = None) -> Any:
        if type(other) is not int or modulo is not None or not 0 <= other <= 8:
            return self._unfollowed("__pow__", other, modulo)
        result: Any = 1
        for _ in range(other):
            result = result * self
        return result

    def _lose(self) -> None:
        self.run.lost = True

    def _unfollowed(self, operation: str, *given: Any) -> Any:
        self._lose()
        return getattr(int, operation)(_value(self), *given)

    # comparisons

    def _sign(self, other: Any, least_of: tuple[int, ...]) -> bool:
        """Whether the sign of self - other is one of these, noted as a condition."""
        between = self.formula - formula(other)
        constant = between.constant
        difference = _value(self) - _value(other) if constant is None else constant
        sign = (difference > 0) - (difference < 0)
        held = sign in least_of
        kept = [one for one in (-1, 0, 1) if (one in least_of) == held]
        if kept == [-1, 1]:
            kept = [sign]
        self.run.note(between, kept[0], kept[-1])
        return held

    def __eq__(self, other: object) -> bool:
        if isinstance(other, float):
            self._lose()
        return self._sign(other, (0,)) if isinstance(other, int) else int.__eq__(self, other) is True

    def __ne__(self, other: object) -> bool:
        return not self == other

    def __lt__(self, other: Any) -> bool:
        return self._sign(other, (-1,)) if isinstance(other, int) else bool(self._unfollowed("__lt__", other))

    def __le__(self, other: Any) -> bool:
        return self._sign(other, (-1, 0)) if isinstance(other, int) else bool(self._unfollowed("__le__", other))

    def __gt__(self, other: Any) -> bool:
        return self._sign(other, (1,)) if isinstance(other, int) else bool(self._unfollowed("__gt__", other))

    def __ge__(self, other: Any) -> bool:
        return self._sign(other, (0, 1)) if isinstance(other, int) else bool(self._unfollowed("__ge__", other))

    def __bool__(self) -> bool:
        return self != 0


def _unfollowed(operation: str) -> Any:
    def call(self: Followed, *given: Any) -> Any:
        return self._unfollowed(operation, *given)

    return call


for _name in (
    "__truediv__", "__rtruediv__", "__rpow__", "__lshift__", "__rlshift__", "__rshift__", "__rrshift__", "__and__", "__rand__",
    "__or__", "__ror__", "__xor__", "__rxor__", "__invert__", "__int__", "__index__", "__float__", "__round__", "__trunc__", "__floor__",
    "__ceil__", "bit_length", "bit_count", "to_bytes", "as_integer_ratio", "conjugate",
):  # fmt: skip
    setattr(Followed, _name, _unfollowed(_name))


def _value(value: Any) -> int:
    """The plain integer, without a note."""
    return int.__add__(value, 0)


def formula(value: int) -> Formula:
    """How a number follows from the sizes."""
    return value.formula if isinstance(value, Followed) else number(_value(value))


