"""Convolution kernels (direct, Winograd, depthwise) against the definition, on windows of all kinds."""

from typing import Any

import numpy as np
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from tests.kernels.guards import garbage, guarded
from tinyseq.kernels.convolution import depthwise, depthwise_rows, direct, direct_plain, winograd
from tinyseq.kernels.convolution.geometry import Geometry
from tinyseq.kernels.convolution.winograd_formulas import SIZES
from tinyseq.kernels.matrix import register_tile
from tinyseq.kernels.matrix.simd import LANES
from tinyseq.kernels.reference.convolution import convolution_gradients_reference, convolution_reference, transposed_reference


@st.composite
def geometries(draw: Any, separate: bool = False) -> Geometry:
    """A convolution whose output is not empty; `separate`: of as many groups as channels."""
    groups = draw(st.sampled_from([1, 1, 2, 3]))
    channels, filters = groups * draw(st.integers(1, 6)), groups * draw(st.sampled_from([1, 2, 5, 17, 33]))
    if separate:
        groups = filters = channels = draw(st.sampled_from([1, 3, 8, 17, 34]))
    axes = []
    for _ in range(2):
        size, window, stride, gap = (draw(st.integers(1, most)) for most in (9, 4, 3, 2))
        before, after = (draw(st.integers(0, gap * (window - 1))) for _ in range(2))
        out = (size + before + after - gap * (window - 1) - 1) // stride + 1
        assume(out > 0)
        axes.append((size, window, out, stride, before, gap))
    sizes, windows, outs, strides, before, gaps = zip(*axes, strict=True)
    return Geometry(*sizes, channels, *windows, filters, *outs, *strides, *before, *gaps, groups)


def moves(g: Geometry) -> Any:
    return g[8:]


def problem(g: Geometry, batch: int, seed: int) -> Any:
    """x, w, b, dy"""
    random = np.random.default_rng(seed)
    shapes = [
        (batch, g.height, g.width, g.channels), (g.window_rows, g.window_columns, g.channels // g.groups, g.filters),
        (g.filters,), (batch, g.rows, g.columns, g.filters),
    ]  # fmt: skip
    return [guarded(random.standard_normal(shape)) for shape in shapes]


class Direct:
    @staticmethod
    def forward(x: Any, w: Any, b: Any, g: Geometry, relu: bool) -> Any:
        y, packed, whole = garbage(len(x), g.rows, g.columns, g.filters), None, direct.units(g, len(x))
        packed = direct.pack_forward(w, g.groups)
        for start, stop in ((0, whole // 2), (whole // 2, whole)):
            direct.forward(x, packed, b, y, g, relu, garbage(direct.forward_scratch(g)), start, stop)
        return y

    @staticmethod
    def backward(x: Any, w: Any, dy: Any, g: Geometry) -> Any:
        dx, dw = garbage(*x.shape), guarded(np.ones(w.shape))
        packed = direct.pack_backward(w, moves(g)[:2], moves(g)[4:6], g.groups)
        direct.input_gradient(dy, packed, dx, g, garbage(direct.input_gradient_scratch(g)))
        direct.weight_gradient(x, dy, dw, g, garbage(direct.weight_gradient_scratch(g)))
        return dx, dw - 1


class Winograd:
    """In tiles of that size; the gradient of the weights chooses for itself."""

    def __init__(self, tile: int) -> None:
        self.tile = tile

    def forward(self, x: Any, w: Any, b: Any, g: Geometry, relu: bool) -> Any:
        y, u = garbage(len(x), g.rows, g.columns, g.filters), winograd.pack_forward(w, tile=self.tile)
        whole = winograd.units(g, len(x), self.tile)
        for start, stop in ((0, whole // 2), (whole // 2, whole)):
            winograd.forward(x, u, w, b, y, g, relu, garbage(winograd.forward_scratch(g)), start, stop)
        return y

    def backward(self, x: Any, w: Any, dy: Any, g: Geometry) -> Any:
        dx, dw = garbage(*x.shape), guarded(np.ones(w.shape))
        u = winograd.pack_backward(w, tile=self.tile)
        winograd.input_gradient(dy, u, w, dx, g, garbage(winograd.input_gradient_scratch(g)))
        winograd.weight_gradient(x, dy, dw, g, garbage(winograd.weight_gradient_scratch(g)))
        return dx, dw - 1


def assert_is_the_definition(method: Any, g: Geometry, seed: int, relu: bool, close: float) -> None:
    x, w, b, dy = problem(g, 2, seed)
    expected = convolution_reference(x, w, b if relu else None, (g.rows, g.columns), moves(g), relu)
    np.testing.assert_allclose(method.forward(x, w, b if relu else None, g, relu), expected, atol=close)
    dx, dw = method.backward(x, w, dy, g)
    expected_dx, expected_dw, _ = convolution_gradients_reference(x, w, dy, moves(g))
    np.testing.assert_allclose(dx, expected_dx, atol=close)
    np.testing.assert_allclose(dw, expected_dw, atol=4 * close)


@settings(max_examples=30, deadline=None, derandomize=True)
@given(geometries(), st.booleans(), st.integers(0, 99))
def test_direct_convolution_and_its_gradients_are_their_definition(g: Geometry, relu: bool, seed: int) -> None:
    assert_is_the_definition(Direct(), g, seed, relu, 1e-4)


@settings(max_examples=60, deadline=None, derandomize=True)
@given(geometries(), st.booleans(), st.integers(0, 99))
def test_direct_convolution_is_its_plain_twin(g: Geometry, relu: bool, seed: int) -> None:
    x, w, b, dy = problem(g, 2, seed)
    y, dx, dw = garbage(*dy.shape), garbage(*x.shape), np.zeros_like(w)
    direct_plain.convolve_plain(x, w, b, y, moves(g), relu, 0, 2 * g.rows)
    np.testing.assert_allclose(Direct().forward(x, w, b, g, relu), y, atol=1e-4)
    direct_plain.input_gradient_plain(dy, w, dx, moves(g), 0, 2)
    direct_plain.weight_gradient_plain(x, dy, dw, moves(g))
    ours = Direct().backward(x, w, dy, g)
    np.testing.assert_allclose(ours[0], dx, atol=1e-4)
    np.testing.assert_allclose(ours[1], dw, atol=4e-4)


@settings(max_examples=30, deadline=None, derandomize=True)
@given(geometries(), st.booleans(), st.integers(0, 99))
def test_a_transposed_convolution_is_its_definition(g: Geometry, relu: bool, seed: int) -> None:
    _, w, _, x = problem(g, 2, seed)
    b = guarded(np.random.default_rng(seed).standard_normal(g.channels)) if relu else None
    y, whole = garbage(2, g.height, g.width, g.channels), direct.transposed_units(g, 2)
    packed = direct.pack_backward(w, moves(g)[:2], moves(g)[4:6], g.groups)
    for start, stop in ((0, whole // 3), (whole // 3, whole)):
        direct.transposed(x, packed, b, y, g, relu, garbage(direct.input_gradient_scratch(g)), start, stop)
    np.testing.assert_allclose(y, transposed_reference(x, w, b, (g.height, g.width), moves(g), relu), atol=1e-4)


@settings(max_examples=6, deadline=None, derandomize=True)
@given(st.sampled_from(SIZES), st.integers(9, 17), st.integers(0, 2), st.booleans(), st.integers(0, 99))
def test_a_transposed_convolution_by_winograd_is_its_definition(tile: int, size: int, before: int, relu: bool, seed: int) -> None:
    g = Geometry(size, size + 2, LANES + 1, 3, 3, LANES, size + 2 * before - 2, size + 2 * before, top=before, left=before)
    _, w, _, x = problem(g, 1, seed)
    b = guarded(np.random.default_rng(seed).standard_normal(g.channels)) if relu else None
    y, u = garbage(1, g.height, g.width, g.channels), winograd.pack_backward(w, tile=tile)
    whole = winograd.transposed_units(g, 1, winograd.backward_tile(u, g))
    for start, stop in ((0, whole // 3), (whole // 3, whole)):
        winograd.transposed(x, u, w, b, y, g, relu, garbage(winograd.input_gradient_scratch(g)), start, stop)
    np.testing.assert_allclose(y, transposed_reference(x, w, b, (g.height, g.width), moves(g), relu), atol=1e-3)


SIDES = st.one_of(st.integers(1, 11), st.integers(16, 22))
"""Of images of few tiles, which are of 4, and of many, for which tiles of 6 are chosen if they waste less."""


@settings(max_examples=24, deadline=None, derandomize=True)
@given(
    st.sampled_from(SIZES), SIDES, SIDES, st.integers(LANES, LANES + 5), st.sampled_from([LANES, LANES + 1, 2 * LANES + 3]),
    st.integers(0, 2), st.integers(0, 2), st.booleans(), st.integers(0, 99),
)  # fmt: skip
def test_winograd_and_its_gradients_are_the_plain_convolution(
    tile: int, height: int, width: int, channels: int, filters: int, before: int, after: int, relu: bool, seed: int
) -> None:  # fmt: skip
    rows, columns = height + before + after - 2, width + 2 * before - 2
    assume(rows > 0 and columns > 0)
    g = Geometry(height, width, channels, 3, 3, filters, rows, columns, top=before, left=before)
    x, w, b, dy = problem(g, 2, seed)
    y, dx, dw = garbage(*dy.shape), garbage(*x.shape), np.zeros_like(w)
    direct_plain.convolve_plain(x, w, b, y, moves(g), relu, 0, 2 * g.rows)
    np.testing.assert_allclose(Winograd(tile).forward(x, w, b, g, relu), y, atol=1e-3)
    direct_plain.input_gradient_plain(dy, w, dx, moves(g), 0, 2)
    direct_plain.weight_gradient_plain(x, dy, dw, moves(g))
    ours = Winograd(tile).backward(x, w, dy, g)
    np.testing.assert_allclose(ours[0], dx, atol=1e-3)
    np.testing.assert_allclose(ours[1], dw, atol=4e-3)


def test_winograd_errs_at_most_three_or_ten_times_as_much_as_the_direct_convolution() -> None:
    """In tiles of 4 and of 6. With the points 1 and 2 instead of 5/8 and 3/2, tiles of 4 err more than four times as much."""
    g = Geometry(14, 14, 64, 3, 3, 64, 12, 12)
    x, w, _, _ = problem(g, 1, 7)
    windows = np.lib.stride_tricks.sliding_window_view(x.astype(np.float64), (3, 3), (1, 2))
    exact = np.einsum("nrscij,ijcf->nrsf", windows, w.astype(np.float64))
    methods = (Direct(), Winograd(4), Winograd(6))
    plain, small, large = (np.sqrt(np.mean((method.forward(x, w, None, g, False) - exact) ** 2)) for method in methods)
    assert small < 3 * plain and large < 13 * plain, (plain, small, large)
    assert max(small, large) < 1e-5 * np.sqrt(np.mean(exact**2))


def test_tiles_of_6_are_chosen_where_they_are_at_most_half_as_many() -> None:
    sizes = {24: 6, 26: 4, 30: 6, 12: 4, 121: 6}  # tiles of 4 and of 6: 36 and 16, 49 and 25, 64 and 25, 9 and 4, 961 and 441
    assert {size: winograd.tile_for(32, size, size) for size in sizes} == sizes
    assert winograd.tile_for(512, 24, 24) == 4  # errs by more than 0.0001 standard deviations


@settings(max_examples=20, deadline=None, derandomize=True)
@given(geometries(separate=True), st.integers(1, 3), st.booleans(), st.integers(0, 99))
def test_depthwise_convolution_is_the_one_of_as_many_groups(g: Geometry, multiplier: int, relu: bool, seed: int) -> None:
    channels, filters = g.channels, g.channels * multiplier
    spread = g._replace(channels=filters, filters=filters, groups=filters)
    x, w, b, dy = problem(g._replace(filters=filters), 2, seed)
    y, dx, dw = garbage(*dy.shape), garbage(*x.shape), np.zeros_like(w)
    grouped = moves(g._replace(groups=channels))
    own = w.reshape(g.window_rows, g.window_columns, channels, multiplier)
    direct_plain.convolve_plain(x, w, b, y, grouped, relu, 0, 2 * g.rows)
    direct_plain.input_gradient_plain(dy, w, dx, grouped, 0, 2)
    direct_plain.weight_gradient_plain(x, dy, dw, grouped)
    scratch = depthwise.scratch_for(spread)
    ours = garbage(*y.shape), garbage(*x.shape), guarded(np.zeros(own.shape))
    whole = depthwise.units(spread, 2, multiplier)
    depthwise.forward(x, own, b, ours[0], spread, multiplier, relu, garbage(scratch), 0, whole)
    depthwise.input_gradient(dy, own, ours[1], spread, multiplier, garbage(scratch))
    depthwise.weight_gradient(x, dy, ours[2], spread, multiplier, garbage(scratch))
    for mine, expected in zip(ours, (y, dx, dw.reshape(own.shape)), strict=True):
        np.testing.assert_allclose(mine, expected, atol=4e-4)


@settings(max_examples=30, deadline=None, derandomize=True)
@given(
    st.integers(1, 9), st.integers(4, 14), st.sampled_from([16, 48]), st.integers(1, 2), st.integers(0, 2), st.integers(0, 1),
    st.integers(0, 1), st.booleans(), st.integers(0, 99),
)  # fmt: skip
def test_depthwise_rows_are_those_of_the_plain_convolution(
    height: int, width: int, channels: int, stride: int, top: int, left: int, over: int, relu: bool, seed: int
) -> None:  # fmt: skip
    rows, columns = (height + top - 1) // stride, (width + left + over - 3) // stride + 1
    assume(rows > 0 and columns >= 4)
    g = Geometry(height, width, channels, 3, 3, channels, rows, columns, stride, stride, top, left, groups=channels)
    assert depthwise_rows.fits(g, 1) or depthwise_rows.PLAIN_TWINS
    x, w, b, dy = problem(g, 2, seed)
    y, dx, dw = garbage(*dy.shape), garbage(*x.shape), np.zeros_like(w)
    direct_plain.convolve_plain(x, w, b, y, moves(g), relu, 0, 2 * g.rows)
    direct_plain.input_gradient_plain(dy, w, dx, moves(g), 0, 2)
    direct_plain.weight_gradient_plain(x, dy, dw, moves(g))
    ours, scratch = (garbage(*y.shape), garbage(*x.shape), guarded(np.zeros(w.shape))), garbage(depthwise.scratch_for(g))
    whole = depthwise.units(g, 2, 1)
    for part in ((0, whole // 3), (whole // 3, whole)):
        depthwise.forward(guarded(x), guarded(w), guarded(b), ours[0], g, 1, relu, scratch, *part)
    depthwise.input_gradient(guarded(dy), guarded(w), ours[1], g, 1, scratch)
    depthwise.weight_gradient(guarded(x), guarded(dy), ours[2], g, 1, scratch)
    for mine, expected in zip(ours, (y, dx, dw), strict=True):
        np.testing.assert_allclose(mine, expected, atol=4e-4)


def test_a_gradient_is_the_adjoint_of_its_convolution() -> None:
    for method, g in (
        (Direct(), Geometry(13, 11, 3, 5, 5, 33, 5, 4, 2, 2)),
        (Direct(), Geometry(12, 9, 6, 3, 2, 10, 12, 9, 1, 1, 1, 0, 1, 1, 2)),
        (Winograd(4), Geometry(10, 9, 16, 3, 3, 19, 10, 9, 1, 1, 1, 1)),
        (Winograd(6), Geometry(19, 18, 16, 3, 3, 19, 17, 18, 1, 1, 0, 1)),
    ):
        x, w, _, dy = problem(g, 3, 4)
        y = method.forward(x, w, None, g, False)
        dx, dw = method.backward(x, w, dy, g)
        given = float(np.vdot(y.astype(np.float64), dy))
        np.testing.assert_allclose([np.vdot(x.astype(np.float64), dx), np.vdot(w.astype(np.float64), dw)], given, rtol=2e-4)


def test_what_is_not_finite_stays_in_its_neighbourhood_and_passes_relu() -> None:
    g = Geometry(9, 9, LANES, 3, 3, 2 * LANES, 9, 9, top=1, left=1)
    for value in (np.nan, np.inf, -np.inf):
        x, w, b, dy = problem(g, 1, 6)
        x[0, 4, 4, 3] = dy[0, 0, 1, 2] = value
        for method in (Direct(), Winograd(4), Winograd(6)):
            y = method.forward(x, w, b, g, True)[0]
            expected = convolution_reference(x, w, b, (g.rows, g.columns), moves(g), True)[0]
            np.testing.assert_allclose(y, expected, atol=1e-3)
            assert (~np.isfinite(y)).any(-1).sum() in (8, 9)  # -inf may be cut to 0 by relu in all filters of a pixel
            dx, _ = method.backward(x, w, dy, g)
            with np.errstate(invalid="ignore"):  # inf - inf
                np.testing.assert_allclose(dx, convolution_gradients_reference(x, w, dy, moves(g))[0], atol=1e-3)
            assert (~np.isfinite(dx[0])).any(-1).sum() == 6


def test_blocks_of_tiles_are_whole_register_tiles() -> None:
    assert all(most % register_tile.ROWS == 0 for most in winograd.BLOCK.values())
