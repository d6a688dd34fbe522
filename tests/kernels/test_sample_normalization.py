"""Group normalization, rows divided by their size, products of pairs and penalties against their definitions."""

from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.kernels.guards import garbage, guarded
from tinyseq.kernels.elementwise import penalty
from tinyseq.kernels.matrix import products
from tinyseq.kernels.normalization import group_normalization, row_scaling
from tinyseq.kernels.reference import normalization as reference


def close(found: Any, expected: Any, tolerance: float = 1e-5) -> None:
    np.testing.assert_allclose(found, expected, rtol=tolerance, atol=tolerance)


@pytest.mark.parametrize(("shape", "groups"), [((3, 5, 6, 1), 2), ((2, 1, 6, 4), 3), ((4, 7, 8, 3), 8), ((2, 9, 5, 1), 1)])
def test_group_normalization_gives_the_definition(shape: tuple[int, ...], groups: int) -> None:
    random = np.random.default_rng(0)
    x, channels = random.normal(3, 2, shape), shape[2]
    gamma, beta = random.normal(0, 1, (2, channels))
    y, kept = garbage(*shape), np.full((2, shape[0], groups), np.nan)
    run = group_normalization.group_normalize
    for start, stop in ((0, 1), (1, shape[0])):
        run(guarded(x), y, guarded(gamma), guarded(beta), 0.01, kept, np.full((2, channels), np.nan), start, stop)
    close(y, reference.group_normalize_reference(x, gamma, beta, 0.01, groups))


@pytest.mark.parametrize("centred", [False, True])
@pytest.mark.parametrize(("count", "most"), [(7, np.inf), (1, 1e12), (1, 0.1)])
def test_rows_are_divided_by_their_size(count: float, most: float, centred: bool) -> None:
    random = np.random.default_rng(1)
    x, gamma = random.normal(1, 2, (5, 7)), random.normal(0, 1, 7)
    y, kept = garbage(5, 7), garbage(2, 5)
    row_scaling.scale_rows(
        guarded(x), y, guarded(gamma), np.float32(0.02), np.float32(count), np.float32(most), centred, kept, 0, 5
    )  # fmt: skip
    close(y, reference.scale_rows_reference(x, gamma, 0.02, count, most, centred))


@pytest.mark.parametrize("centred", [False, True])
@pytest.mark.parametrize("most", [np.inf, 0.1])
def test_the_gradient_of_scaled_rows_is_the_difference_quotient(most: float, centred: bool) -> None:
    random = np.random.default_rng(2)
    x, dy = random.normal(0, 1, (2, 3, 5))
    gamma, kept, dx, dgamma = random.normal(0, 1, 5), garbage(2, 3), garbage(3, 5), guarded(np.zeros(5))
    numbers = np.float32(5), np.float32(most)
    row_scaling.scale_rows(guarded(x), garbage(3, 5), guarded(gamma), np.float32(0.02), *numbers, centred, kept, 0, 3)
    row_scaling.scale_rows_gradient(guarded(dy), guarded(x), dx, guarded(gamma), *numbers, kept, dgamma, 0, 3)

    def loss(x: Any, gamma: Any) -> float:
        return float((reference.scale_rows_reference(x, gamma, 0.02, 5, most, centred) * dy).sum())

    close(dx, quotients(lambda changed: loss(changed, gamma), x), 1e-4)
    close(dgamma, quotients(lambda changed: loss(x, changed), gamma), 1e-4)


def quotients(function: Any, at: Any, step: float = 1e-6) -> Any:
    """Central differences of a function in float64."""
    found = np.empty(at.shape)
    for index in np.ndindex(at.shape):
        values = []
        for sign in (1, -1):
            changed = at.copy()
            changed[index] += sign * step
            values.append(function(changed))
        found[index] = (values[0] - values[1]) / (2 * step)
    return found


@settings(max_examples=25, deadline=None)
@given(st.integers(1, 3), st.integers(1, 3), st.integers(1, 9), st.integers(1, 20), st.integers(1, 40), st.integers(0, 3))
def test_products_of_pairs_are_those_of_numpy(outer: int, inner: int, rows: int, depth: int, columns: int, turned: int) -> None:
    """Operands turned or not, heads side by side in memory, added or not."""
    random = np.random.default_rng(3)
    left = guarded(random.normal(0, 1, (outer, depth, inner, rows) if turned & 1 else (outer, rows, inner, depth)))
    right = guarded(random.normal(0, 1, (outer, columns, inner, depth) if turned & 2 else (outer, depth, inner, columns)))
    a, b = left.swapaxes(1, 2), right.swapaxes(1, 2)
    a, b = a.swapaxes(2, 3) if turned & 1 else a, b.swapaxes(2, 3) if turned & 2 else b
    c, panels = garbage(outer, rows, inner, columns), garbage(products.panel_size(depth, columns))
    products.product(left, a, right, b, c, c.swapaxes(1, 2), panels)
    expected = (a.astype(np.float64) @ b).swapaxes(1, 2)
    close(c, expected)
    products.product(left, a, right, b, c, c.swapaxes(1, 2), panels, True)
    close(c, 2 * expected)


def test_a_penalty_and_its_gradient_by_hand() -> None:
    y, dy = guarded([1.0, -2.0, 0.0, 3.0]), guarded([0.5, 0.5, 0.5, 0.5])
    total, dx = np.full(1, np.nan), garbage(4)
    penalty.penalize(y, 0.1, 0.01, total)
    assert total[0] == pytest.approx(0.1 * 6 + 0.01 * 14)
    penalty.penalize_gradient(dy, y, dx, np.float32(0.1), np.float32(0.01))
    close(dx, [0.5 + 0.1 + 0.02, 0.5 - 0.1 - 0.04, 0.5, 0.5 + 0.1 + 0.06])
