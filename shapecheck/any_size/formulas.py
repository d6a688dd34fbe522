"""Formulas over sizes: sums of products of sizes and of floor divisions, with integer factors, in one form.

Every floor division is kept with factors of 0 or more, so that it grows with every size, and so does every product.

>>> n = of(0)
>>> print(divided(n - number(3), 2) + number(1)), print(divided(n * number(4), 2))
(n + 1)//2 - 1
2*n
(None, None)
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from math import gcd

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    Product = tuple[Any, ...]
    """Its factors: (0, i) is size number i, (1, terms, by) the floor division of terms."""

LETTERS = "nmkpqrst"
"""How sizes without a name are called."""


class Formula:
    """Terms, each a product of factors and how often it is taken; two formulas are equal if their terms are."""

    __slots__ = ("terms",)

    def __init__(self, terms: Mapping[Product, int] | Iterable[tuple[Product, int]]) -> None:
        self.terms = tuple(sorted((product, times) for product, times in dict(terms).items() if times))

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Formula) and self.terms == other.terms

    def __hash__(self) -> int:
        return hash(self.terms)

    def __add__(self, other: Formula) -> Formula:
        found = dict(self.terms)
        for product, times in other.terms:
            found[product] = found.get(product, 0) + times
        return Formula(found)

    def __neg__(self) -> Formula:
        return Formula([(product, -times) for product, times in self.terms])

    def __sub__(self, other: Formula) -> Formula:
        return self + -other

    def __mul__(self, other: Formula) -> Formula:
        found: dict[Product, int] = {}
        for left, times in self.terms:
            for right, more in other.terms:
                product = tuple(sorted((*left, *right)))
                found[product] = found.get(product, 0) + times * more
        return Formula(found)

    @property
    def constant(self) -> int | None:
        """Its value, if it is the same for all sizes."""
        if not self.terms:
            return 0
        return self.terms[0][1] if len(self.terms) == 1 and not self.terms[0][0] else None

    @property
    def sizes(self) -> frozenset[int]:
        """The numbers of the sizes in it."""
        return frozenset(size for product, _ in self.terms for factor in product for size in _sizes(factor))

    def at(self, values: Sequence[int]) -> int:
        """Its value for these sizes."""
        total = 0
        for product, times in self.terms:
            for factor in product:
                times *= values[factor[1]] if factor[0] == 0 else Formula(factor[1]).at(values) // factor[2]
            total += times
        return total

    def direction(self, size: int) -> int:
        """1 if it never falls while this size grows, -1 if it never rises; 0 if it may do both."""
        signs = {times > 0 for product, times in self.terms if any(size in _sizes(factor) for factor in product)}
        return 0 if len(signs) != 1 else 1 if signs.pop() else -1

    def below(self) -> Formula | None:
        """A formula that is nowhere greater, without floor divisions, times a positive number; None if there is none."""
        whole = 1
        for product, _ in self.terms:
            for factor in product:
                whole *= factor[2] if factor[0] == 1 else 1
        found = Formula(())
        for product, times in self.terms:
            if all(factor[0] == 0 for factor in product):
                found += Formula([(product, times * whole)])
            elif len(product) == 1:
                inner, by = Formula(product[0][1]), product[0][2]
                found += (inner - number(by - 1 if times > 0 else 0)) * number(times * whole // by)
            else:
                return None
        return found if all(factor[0] == 0 for product, _ in found.terms for factor in product) else found.below()

    def text(self, names: Sequence[str] = LETTERS) -> str:
        """As Python writes it: 64*n + 64."""
        words = ""
        for product, times in sorted(self.terms, key=lambda term: (not term[0], term[1] < 0, -len(term[0]), term[0])):
            factors = [_text(factor, names) for factor in product]
            if len(product) > 1 or abs(times) != 1:
                factors = [f"({text})" if factor[0] else text for factor, text in zip(product, factors, strict=True)]
            count = [str(abs(times))] if abs(times) != 1 or not factors else []
            sign = ("-" if times < 0 else "") if not words else (" - " if times < 0 else " + ")
            words += sign + "*".join([*count, *factors])
        return words or "0"

    def __str__(self) -> str:
        return self.text()


def _sizes(factor: Any) -> frozenset[int]:
    return frozenset((factor[1],)) if factor[0] == 0 else Formula(factor[1]).sizes


def _text(factor: Any, names: Sequence[str]) -> str:
    if factor[0] == 0:
        return str(names[factor[1]])
    inner = Formula(factor[1])
    words = inner.text(names)
    return f"{words}//{factor[2]}" if len(inner.terms) == 1 and inner.terms[0][1] == 1 else f"({words})//{factor[2]}"


def of(size: int) -> Formula:
    """One size, by its number."""
    return Formula({((0, size),): 1})


def number(value: int) -> Formula:
    """The same number for all sizes."""
    return Formula({(): value})


def divided(formula: Formula, by: int) -> Formula:
    """floor(formula / by) for a positive `by`.

    >>> print(-divided(-of(0), 2)), print(divided(divided(of(0), 2), 3))
    (n + 1)//2
    n//6
    (None, None)
    """
    assert by > 0
    if by == 1:
        return formula
    moving = [times for product, times in formula.terms if product]
    if moving and all(times <= 0 for times in moving):  # floor(-x / by) = -floor((x + by - 1) / by)
        return -divided(number(by - 1) - formula, by)
    whole = Formula([(product, times // by) for product, times in formula.terms])
    rest = Formula([(product, times % by) for product, times in formula.terms])
    if rest.constant is not None:
        return whole  # 0 <= rest < by
    moving_terms = [term for term in rest.terms if term[0]]
    common = gcd(by, *(times for _, times in moving_terms))
    if common > 1:  # floor((g*x + c) / (g*b)) = floor((x + floor(c / g)) / b)
        return whole + divided(Formula([(product, times // common) for product, times in rest.terms]), by // common)
    if len(moving_terms) == 1 and moving_terms[0][1] == 1 and len(moving_terms[0][0]) == 1 and moving_terms[0][0][0][0] == 1:
        _, inner, before = moving_terms[0][0][0]  # floor((floor(x / a) + c) / b) = floor((x + a*c) / (a*b))
        constant = next((times for product, times in rest.terms if not product), 0)
        return whole + divided(Formula(inner) + number(before * constant), before * by)
    return whole + Formula({((1, rest.terms, by),): 1})


def quotient(formula: Formula, by: Formula) -> Formula | None:
    """floor(formula / by) where `by` is one product that divides every term but for its number; None if it does not.

    >>> print(quotient(of(0) * of(1) * number(6), of(1) * number(4)))
    n + n//2
    """
    if by.constant is not None:
        return divided(formula, by.constant) if by.constant > 0 else None
    if len(by.terms) != 1 or by.terms[0][1] < 1:
        return None
    divisor, times = by.terms[0]
    found: dict[Product, int] = {}
    for product, count in formula.terms:
        rest = list(product)
        for factor in divisor:
            if factor[0] != 0 or factor not in rest:  # a floor division may be 0
                return None
            rest.remove(factor)
        found[tuple(rest)] = count
    return divided(Formula(found), times)
