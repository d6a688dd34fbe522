"""The convolution with folded strides against its plain twin and the definition, at the edge of readable memory."""

from itertools import pairwise
from typing import Any

import numpy as np
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from tests.kernels.guards import garbage, guarded
from tests.kernels.test_convolution import Direct, moves, problem
from tinyseq.kernels.convolution import direct_plain, strided_winograd
from tinyseq.kernels.convolution import strided_winograd_transforms as transforms
from tinyseq.kernels.convolution.geometry import Geometry
from tinyseq.kernels.convolution.strided_winograd import SIDE
from tinyseq.kernels.jit.kernel import kernel
from tinyseq.kernels.matrix.simd import LANES
from tinyseq.kernels.reference.convolution import convolution_gradients_reference, convolution_reference


@st.composite
def geometries(draw: Any) -> Geometry:
    """A convolution that folds to a window of two or three rows and columns, with any padding."""
    axes = []
    for _ in range(2):
        stride = draw(st.sampled_from([2, 2, 3, 4]))
        window = draw(st.integers(2 * stride, 3 * stride))
        size, before, after = draw(st.integers(1, 40)), draw(st.integers(0, window - 1)), draw(st.integers(0, window - 1))
        out = (size + before + after - window) // stride + 1
        assume(out > 0)
        axes.append((size, window, out, stride, before))
    sizes, windows, outs, strides, before = zip(*axes, strict=True)
    channels = draw(st.sampled_from([1, 2, 3, 4, 5, LANES + 1]))
    return Geometry(*sizes, channels, *windows, draw(st.sampled_from([LANES, LANES + 1, 2 * LANES + 3])), *outs, *strides, *before)


def forward(x: Any, w: Any, b: Any, g: Geometry, relu: bool, cuts: tuple[float, ...] = (0, 0.4, 1)) -> Any:
    """y, computed in parts that are cut there."""
    y, u = garbage(len(x), g.rows, g.columns, g.filters), strided_winograd.pack_forward(w, (g.row_stride, g.column_stride))
    whole = strided_winograd.units(g, len(x))
    for start, stop in pairwise(cuts):
        scratch = garbage(strided_winograd.forward_scratch(g))
        strided_winograd.forward(x, u, w, b, y, g, relu, scratch, int(start * whole), int(stop * whole))
    return y


def weight_gradient(x: Any, dy: Any, g: Geometry) -> Any:
    dw = guarded(np.ones((g.window_rows, g.window_columns, g.channels, g.filters)))
    strided_winograd.weight_gradient(x, dy, dw, g, garbage(strided_winograd.weight_gradient_scratch(g)))
    return dw - 1


@settings(max_examples=25, deadline=None, derandomize=True)
@given(geometries(), st.booleans(), st.integers(0, 99))
def test_the_folded_convolution_and_its_gradient_are_the_plain_convolution(g: Geometry, relu: bool, seed: int) -> None:
    assert strided_winograd.fits(g)
    x, w, b, dy = problem(g, 2, seed)
    b = b if seed % 2 else None
    y, dw = garbage(*dy.shape), np.zeros_like(w)
    direct_plain.convolve_plain(x, w, np.zeros(0, np.float32) if b is None else b, y, moves(g), relu, 0, 2 * g.rows)
    direct_plain.weight_gradient_plain(x, dy, dw, moves(g))
    np.testing.assert_allclose(forward(x, w, b, g, relu), y, atol=1e-4 * np.sqrt(w[..., 0].size))
    np.testing.assert_allclose(weight_gradient(x, dy, g), dw, atol=1e-4 * np.sqrt(g.rows * g.columns))


CASES = [
    Geometry(13, 14, 3, 5, 5, LANES, 5, 5, 2, 2),
    Geometry(13, 12, 3, 5, 5, LANES, 7, 6, 2, 2, 2, 1),  # padding="same"
    Geometry(11, 10, 1, 6, 6, LANES + 1, 6, 5, 2, 2, 2, 2),
    Geometry(17, 15, 2, 7, 9, LANES, 6, 5, 3, 3, 2, 3),
    Geometry(12, 13, 3, 4, 4, LANES, 6, 7, 2, 2, 1, 1),
]  # fmt: skip


@pytest.mark.parametrize("g", CASES)
def test_the_folded_convolution_and_its_gradient_are_their_definition(g: Geometry) -> None:
    x, w, b, dy = problem(g, 1, 3)
    expected = convolution_reference(x, w, b, (g.rows, g.columns), moves(g), True)
    np.testing.assert_allclose(forward(x, w, b, g, True), expected, atol=5e-4)
    _, expected_dw, _ = convolution_gradients_reference(x, w, dy, moves(g))
    np.testing.assert_allclose(weight_gradient(x, dy, g), expected_dw, atol=5e-4)


def test_it_errs_at_most_fifteen_times_as_much_as_the_direct_convolution() -> None:
    g = Geometry(61, 61, 3, 5, 5, 2 * LANES, 29, 29, 2, 2)
    x, w, _, dy = problem(g, 1, 7)
    windows = np.lib.stride_tricks.sliding_window_view(x.astype(np.float64), (5, 5), (1, 2))[:, ::2, ::2]
    exact = np.einsum("nrscij,ijcf->nrsf", windows, w.astype(np.float64))
    exact_dw = np.einsum("nrscij,nrsf->ijcf", windows, dy.astype(np.float64))
    direct, direct_dw = Direct.forward(x, w, None, g, False), Direct.backward(x, w, dy, g)[1]
    for ours, theirs, truth in (
        (forward(x, w, None, g, False), direct, exact), (weight_gradient(x, dy, g), direct_dw, exact_dw),
    ):  # fmt: skip
        errors = [np.sqrt(np.mean((result - truth) ** 2)) for result in (ours, theirs)]
        assert errors[0] < 15 * errors[1]
        assert errors[0] < 1e-5 * np.sqrt(np.mean(truth**2))


def test_how_the_work_is_cut_does_not_change_a_bit() -> None:
    g = Geometry(31, 150, 3, 5, 5, LANES, 14, 73, 2, 2)  # so wide that T is made in several segments
    assert strided_winograd.fold(g).segment < 19
    x, w, b, _ = problem(g, 2, 8)
    whole = forward(x, w, b, g, False, (0, 1))
    for cuts in ((0, 0.5, 1), (0, 0.07, 0.31, 0.9, 1)):
        np.testing.assert_array_equal(forward(x, w, b, g, False, cuts), whole)


def test_what_is_not_finite_stays_in_its_neighbourhood_and_passes_relu() -> None:
    g = Geometry(20, 22, 3, 5, 5, LANES, 8, 9, 2, 2)  # the last row and column of the image are in no window
    for value in (np.nan, np.inf, -np.inf):
        for row, column, windows in ((8, 8, 9), (9, 8, 6), (9, 11, 4), (0, 0, 1), (19, 8, 0), (8, 21, 0)):
            x, w, b, dy = problem(g, 1, 6)
            x[0, row, column, 1] = value
            y = forward(x, w, b, g, True)[0]
            expected = convolution_reference(x, w, b, (g.rows, g.columns), moves(g), True)[0]
            np.testing.assert_allclose(y, expected, atol=5e-4)
            assert (~np.isfinite(y)).any(-1).sum() in range(windows * (value > -np.inf or np.isnan(value)), windows + 1)
            dw = weight_gradient(x, dy, g)
            assert np.isfinite(dw[:, :, (0, 2)]).all()
            assert np.isfinite(dw[:, :, 1]).all() == (windows == 0)


def test_windows_that_do_not_fold_to_two_or_three_rows_are_left_to_the_direct_convolution() -> None:
    g = Geometry(40, 40, 3, 5, 5, 2 * LANES, 18, 18, 2, 2)
    assert strided_winograd.fits(g)
    assert strided_winograd.wins(g)
    assert not any(
        strided_winograd.fits(g._replace(**change))
        for change in (
            {"window_rows": 3}, {"window_rows": 7}, {"row_stride": 1}, {"column_stride": 1}, {"column_stride": 3},
            {"groups": 3}, {"row_dilation": 2},
        )
    )  # fmt: skip
    assert not any(
        strided_winograd.wins(g._replace(**change)) for change in ({"filters": LANES - 1}, {"channels": 1}, {"rows": 5, "columns": 5})
    )  # fmt: skip


# ---------------------------------------------------------------------------- the transforms


@kernel
def run_lines(source, s0, row, target, t0, target_row, count, first, stop):  # type: ignore[no-untyped-def]
    transforms.along_lines(source, s0, row, target, t0, target_row, count, first, stop)


@kernel
def run_columns(source, low, high, row, column, target, t0, target_row, target_column):  # type: ignore[no-untyped-def]
    transforms.along_columns(source, low, high, row, column, target, t0, target_row, target_column)


@pytest.mark.parametrize(("first", "stop"), [(-2, 9), (0, 8), (2, 8), (0, 3), (1, 6), (0, 0)])
@pytest.mark.parametrize("count", [1, LANES - 1, LANES, 2 * LANES + 3])
def test_the_transform_along_lines_is_its_plain_twin_and_reads_no_further(count: int, first: int, stop: int) -> None:
    random = np.random.default_rng(count)
    there = range(max(0, first), min(SIDE, stop))
    source = guarded(random.standard_normal(2 + max(there, default=0) * (count + 1) + count))
    step = count + LANES
    target, expected = guarded(np.zeros(3 + SIDE * step)), np.zeros(3 + SIDE * step, np.float32)
    run_lines(source, 2, count + 1, target, 3, step, count, first, stop)
    transforms.lines_plain(source, 2, count + 1, expected, 3, step, count, first, stop)
    ours, theirs = (array[3:].reshape(SIDE, step)[:, :count] for array in (target, expected))
    np.testing.assert_allclose(ours, theirs, atol=1e-5)
    assert (target[:3] == 0).all()


def test_the_transform_along_columns_is_its_plain_twin_and_touches_nothing_else() -> None:
    random = np.random.default_rng(2)
    row, column, high = SIDE * LANES, LANES // 2 + 1, LANES
    source = guarded(random.standard_normal(1 + (SIDE - 1) * (row + column) + high + transforms.HALF_LANES))
    target = guarded(np.full(2 + SIDE * SIDE * LANES, 7.0))
    expected = target.copy()
    places = (row, column, target, 2, SIDE * LANES, LANES)
    run_columns(source, 1, 1 + high, *places)
    transforms.columns_plain(source, 1, 1 + high, *places[:2], expected, *places[3:])
    np.testing.assert_allclose(target, expected, atol=1e-4)
    assert (target[:2] == 7).all()
