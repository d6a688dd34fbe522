"""Strided convolutions phase by phase against the plain twin and the definition, at the edge of readable memory."""

from itertools import pairwise
from typing import Any

import numpy as np
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from tests.kernels.guards import garbage, guarded
from tests.kernels.test_convolution import Direct, moves, problem
from tinyseq.kernels.convolution import direct_plain, phase_winograd, phase_winograd_kernels, volume_winograd, winograd_kernels
from tinyseq.kernels.convolution.geometry import Geometry
from tinyseq.kernels.matrix.register_tile import ROWS
from tinyseq.kernels.matrix.simd import LANES
from tinyseq.kernels.reference.convolution import convolution_gradients_reference, convolution_reference, transposed_reference


@st.composite
def geometries(draw: Any) -> Geometry:
    """A convolution whose phases have two or three rows and columns, with any padding that fits."""
    axes = []
    for _ in range(2):
        stride = draw(st.sampled_from([2, 2, 3, 4]))
        window = draw(st.integers(2 * stride, 3 * stride))
        size, before, after = draw(st.integers(1, 40)), draw(st.integers(0, window - 1)), draw(st.integers(0, window - 1))
        out = (size + before + after - window) // stride + 1
        assume(out > 0)
        axes.append((size, window, out, stride, before))
    sizes, windows, outs, strides, before = zip(*axes, strict=True)
    channels, filters = (draw(st.sampled_from([LANES, LANES + 1, 2 * LANES + 3])) for _ in range(2))
    g = Geometry(*sizes, channels, *windows, filters, *outs, *strides, *before)
    assume(phase_winograd.fits(g))
    return g


def forward(x: Any, w: Any, b: Any, g: Geometry, relu: bool, cuts: tuple[float, ...] = (0, 0.4, 1)) -> Any:
    """y, computed in parts that are cut there."""
    y, u = garbage(len(x), g.rows, g.columns, g.filters), phase_winograd.pack_forward(w, (g.row_stride, g.column_stride))
    whole = phase_winograd.units(g, len(x))
    for start, stop in pairwise(cuts):
        scratch = garbage(phase_winograd.forward_scratch(g))
        phase_winograd.forward(x, u, w, b, y, g, relu, scratch, int(start * whole), int(stop * whole))
    return y


def transposed(dy: Any, w: Any, b: Any, g: Geometry, relu: bool, cuts: tuple[float, ...] = (0, 0.4, 1)) -> Any:
    """dx + b, likewise."""
    dx, u = garbage(len(dy), g.height, g.width, g.channels), phase_winograd.pack_backward(w, g)
    whole = phase_winograd.transposed_units(g, len(dy))
    for start, stop in pairwise(cuts):
        scratch = garbage(phase_winograd.input_gradient_scratch(g))
        phase_winograd.transposed(dy, u, w, b, dx, g, relu, scratch, int(start * whole), int(stop * whole))
    return dx


def weight_gradient(x: Any, dy: Any, g: Geometry) -> Any:
    dw = guarded(np.ones((g.window_rows, g.window_columns, g.channels, g.filters)))
    phase_winograd.weight_gradient(x, dy, dw, g, garbage(phase_winograd.weight_gradient_scratch(g)))
    return dw - 1


@settings(max_examples=40, deadline=None, derandomize=True)
@given(geometries(), st.booleans(), st.integers(0, 99))
def test_all_three_passes_are_those_of_the_plain_convolution(g: Geometry, relu: bool, seed: int) -> None:
    x, w, b, dy = problem(g, 2, seed)
    b = b if seed % 2 else None
    y, dw, dx = garbage(*dy.shape), np.zeros_like(w), garbage(*x.shape)
    direct_plain.convolve_plain(x, w, np.zeros(0, np.float32) if b is None else b, y, moves(g), relu, 0, 2 * g.rows)
    direct_plain.weight_gradient_plain(x, dy, dw, moves(g))
    direct_plain.input_gradient_plain(dy, w, dx, moves(g), 0, 2)
    close = 4e-5 * np.sqrt(w[..., 0].size)
    np.testing.assert_allclose(forward(x, w, b, g, relu), y, atol=close)
    np.testing.assert_allclose(weight_gradient(x, dy, g), dw, atol=1e-4 * np.sqrt(2 * g.rows * g.columns))
    np.testing.assert_allclose(transposed(dy, w, None, g, False), dx, atol=close)


CASES = [
    Geometry(16, 14, LANES, 4, 4, LANES, 8, 7, 2, 2, 1, 1),  # padding="same"
    Geometry(13, 12, LANES, 5, 5, LANES, 7, 6, 2, 2, 2, 1),
    Geometry(11, 10, LANES, 6, 6, LANES + 1, 3, 3, 2, 2),  # "valid"
    Geometry(17, 15, LANES + 1, 7, 9, LANES, 6, 5, 3, 3, 2, 3),
]  # fmt: skip


@pytest.mark.parametrize("g", CASES)
def test_all_three_passes_are_their_definition(g: Geometry) -> None:
    assert phase_winograd.fits(g)
    x, w, b, dy = problem(g, 1, 3)
    expected = convolution_reference(x, w, b, (g.rows, g.columns), moves(g), True)
    np.testing.assert_allclose(forward(x, w, b, g, True), expected, atol=1e-3)
    _, expected_dw, _ = convolution_gradients_reference(x, w, dy, moves(g))
    np.testing.assert_allclose(weight_gradient(x, dy, g), expected_dw, atol=1e-3)
    b = guarded(np.random.default_rng(5).standard_normal(g.channels))
    expected = transposed_reference(dy, w, b, (g.height, g.width), moves(g), True)
    np.testing.assert_allclose(transposed(dy, w, b, g, True), expected, atol=1e-3)


def test_it_errs_at_most_ten_times_as_much_as_the_direct_convolution() -> None:
    g = Geometry(60, 60, 2 * LANES, 4, 4, 2 * LANES, 29, 29, 2, 2)
    x, w, _, dy = problem(g, 1, 7)
    windows = np.lib.stride_tricks.sliding_window_view(x.astype(np.float64), (4, 4), (1, 2))[:, ::2, ::2]
    exact = np.einsum("nrscij,ijcf->nrsf", windows, w.astype(np.float64))
    exact_dw = np.einsum("nrscij,nrsf->ijcf", windows, dy.astype(np.float64))
    direct, (_, direct_dw) = Direct.forward(x, w, None, g, False), Direct.backward(x, w, dy, g)
    for ours, theirs, truth in (
        (forward(x, w, None, g, False), direct, exact), (weight_gradient(x, dy, g), direct_dw, exact_dw),
    ):  # fmt: skip
        errors = [np.sqrt(np.mean((result - truth) ** 2)) for result in (ours, theirs)]
        assert errors[0] < 10 * errors[1]
        assert errors[0] < 1e-5 * np.sqrt(np.mean(truth**2))


def test_how_the_work_is_cut_does_not_change_a_bit() -> None:
    g = Geometry(31, 90, LANES, 5, 5, LANES + 1, 14, 43, 2, 2)
    x, w, b, dy = problem(g, 2, 8)
    whole, back = forward(x, w, b, g, False, (0, 1)), transposed(dy, w, None, g, False, (0, 1))
    for cuts in ((0, 0.5, 1), (0, 0.07, 0.31, 0.9, 1)):
        np.testing.assert_array_equal(forward(x, w, b, g, False, cuts), whole)
        np.testing.assert_array_equal(transposed(dy, w, None, g, False, cuts), back)


@pytest.mark.parametrize("value", [np.nan, np.inf, -np.inf])
@pytest.mark.parametrize("g", CASES)
def test_what_is_not_finite_stays_in_its_neighbourhood_and_passes_relu(g: Geometry, value: float) -> None:
    for row, column in ((0, 0), (2, 1), (g.rows - 1, g.columns - 1)):
        x, w, b, dy = problem(g, 1, 6)
        x[0, 2 * row, 2 * column, 1] = dy[0, row, column, 1] = value
        expected = convolution_reference(x, w, b, (g.rows, g.columns), moves(g), True)
        np.testing.assert_allclose(forward(x, w, b, g, True), expected, atol=1e-3)
        b = np.ones(g.channels, np.float32)
        expected = transposed_reference(dy, w, b, (g.height, g.width), moves(g), True)
        assert not np.isfinite(expected).all()
        assert np.isfinite(expected).any()
        np.testing.assert_allclose(transposed(dy, w, b, g, True), expected, atol=1e-3)


def test_few_channels_and_other_windows_are_left_to_other_methods() -> None:
    g = Geometry(64, 64, LANES, 4, 4, 2 * LANES, 32, 32, 2, 2, 1, 1)
    assert phase_winograd.fits(g)
    assert phase_winograd.wins(g)
    assert not any(
        phase_winograd.fits(g._replace(**change))
        for change in (
            {"window_rows": 3}, {"window_rows": 7}, {"row_stride": 1}, {"column_stride": 1}, {"column_stride": 3},
            {"groups": 3}, {"row_dilation": 2}, {"channels": LANES - 1}, {"filters": LANES - 1},
            {"window_rows": 6, "top": 1},  # the phases read four rows of dy together
        )
    )  # fmt: skip
    assert not any(
        phase_winograd.wins(g._replace(**change))
        for change in ({"filters": LANES}, {"rows": 9}, {"rows": 5, "columns": 5}, {"row_stride": 4, "window_rows": 8})
    )


def test_blocks_are_multiples_of_the_register_tiles_rows() -> None:
    """block_size rounds up to them, so a block of any other size would be longer than its scratch."""
    several = *winograd_kernels.BLOCK.values(), *winograd_kernels.BLOCK_GRADIENT.values()
    blocks = [phase_winograd_kernels.BLOCK, volume_winograd.BLOCK, *several]
    assert [block % ROWS for block in blocks] == [0] * len(blocks)
