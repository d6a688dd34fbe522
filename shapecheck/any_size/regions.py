"""Ranges of sizes, and what a condition leaves of them.

A region has a range for each size: its least value and its greatest, None for no end.
"""

from __future__ import annotations

from shapecheck.any_size.formulas import Formula

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from shapecheck.any_size.numbers import Conditions

    Region = tuple[tuple[int, int | None], ...]

FAR = 1 << 60
"""How far a change of sign is searched."""
NEAR = 64
"""Longest range of which each value is tried, where a formula may rise and fall."""
PRIMES = (10_007, 10_037, 10_061, 10_067, 10_069, 10_079, 10_091, 10_093)
"""Added to the least values of ranges without end: values that no rule treats in a special way, each size its own."""


def example(region: Region) -> list[int]:
    """One value for each size: the greatest, or a large one."""
    return [least + PRIMES[place % len(PRIMES)] if most is None else most for place, (least, most) in enumerate(region)]


def rest(whole: Region, part: Region) -> Iterator[Region]:
    """What is outside of `part`, in regions that do not overlap: those without end first, then downwards."""
    below = []
    for place, ((least, most), (start, stop)) in enumerate(zip(whole, part, strict=True)):
        if stop is not None and (most is None or stop < most):
            yield (*part[:place], (stop + 1, most), *whole[place + 1 :])
        if start > least:
            below.append((*part[:place], (least, start - 1), *whole[place + 1 :]))
    yield from below


def narrowed(region: Region, run: Conditions, values: Sequence[int]) -> Region:
    """The part of a region around `values` in which all conditions certainly hold."""
    for formula, least, most in run.found:
        region = _narrowed(region, formula, least, most, values)
    return region


def _narrowed(region: Region, formula: Formula, least: int, most: int, values: Sequence[int]) -> Region:
    sizes = sorted(formula.sizes)
    if len(sizes) > 1:
        if _holds_everywhere(region, formula, least, most):
            return region
        return tuple((values[place],) * 2 if place in sizes else ends for place, ends in enumerate(region))
    (size,) = sizes
    value = values[size]

    def holds(at: int) -> bool:
        found = formula.at([*values[:size], at, *values[size + 1 :]])
        return least <= (found > 0) - (found < 0) <= most

    ends = _around(region[size], value, holds, formula, (least, most))
    return (*region[:size], ends, *region[size + 1 :])


def _around(
    ends: tuple[int, int | None], value: int, holds: Callable[[int], bool], formula: Formula, signs: tuple[int, int]
) -> tuple[int, int | None]:
    """The range around a value in which a condition on this one size holds."""
    start, stop = ends
    (size,) = formula.sizes
    direction = formula.direction(size)
    if direction == 0:
        return _without_direction(ends, value, holds, formula, signs)
    lowest = value if not holds(value) else _last(value, start, holds)
    if stop is not None:
        return lowest, _last(value, stop, holds)
    leaves = signs[1] < 1 if direction > 0 else signs[0] > -1
    if not leaves:
        return lowest, None
    step = 1
    while step < FAR and holds(value + step):
        step *= 2
    return lowest, value if step >= FAR else _last(value, value + step, holds)


def _last(value: int, end: int, holds: Callable[[int], bool]) -> int:
    """The last number from `value` towards `end` for which it holds; it holds for all before it."""
    if holds(end):
        return end
    good, bad = value, end
    while abs(good - bad) > 1:
        middle = (good + bad) // 2
        good, bad = (middle, bad) if holds(middle) else (good, middle)
    return good


def _without_direction(
    ends: tuple[int, int | None], value: int, holds: Callable[[int], bool], formula: Formula, signs: tuple[int, int]
) -> tuple[int, int | None]:
    """A formula that may rise and fall: one that bounds it from below may have a direction; else the values nearby are tried."""
    start, stop = ends
    if stop is None:
        if signs[0] < 0:
            formula, signs = -formula, (-signs[1], -signs[0])
        bound = formula.below() if signs[0] >= 0 and signs[1] == 1 else None
        places = bound.sizes if bound is not None else frozenset()
        if bound is None or len(places) != 1 or bound.direction(size := next(iter(places))) != 1:
            return value, value

        def above(at: int) -> bool:
            assert bound is not None
            return bound.at([0] * size + [at]) >= signs[0]

        return (_last(value, start, above), None) if above(value) else (value, value)
    start = max(start, value - NEAR)
    while not all(holds(at) for at in range(start, value)):
        start += 1
    stop = min(stop, value + NEAR)
    while not all(holds(at) for at in range(value + 1, stop + 1)):
        stop -= 1
    return start, stop


def _holds_everywhere(region: Region, formula: Formula, least: int, most: int) -> bool:
    """Whether a condition holds in the whole region: the formula's least and greatest values are at corners."""
    directions = {size: formula.direction(size) for size in formula.sizes}
    if 0 in directions.values():
        return False
    for wanted, sign in ((least, 1), (most, -1)):
        if wanted == -sign:
            continue  # any sign on this side
        corner = [ends[0] for ends in region]
        for size, direction in directions.items():
            if direction == -sign:
                stop = region[size][1]
                if stop is None:
                    return False
                corner[size] = stop
        found = formula.at(corner)
        if sign * ((found > 0) - (found < 0)) < sign * wanted:
            return False
    return True
