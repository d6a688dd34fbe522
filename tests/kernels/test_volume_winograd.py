"""3x3x3 convolutions by Winograd's method against the plain twin and the definition, at the edge of readable memory."""

from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.kernels.guards import garbage
from tests.kernels.test_volume import forward, problem, transposed, weight_gradient
from tinyseq.kernels.convolution import volume, volume_plain, volume_winograd
from tinyseq.kernels.convolution.volume_geometry import Volume
from tinyseq.kernels.matrix.simd import LANES
from tinyseq.kernels.reference.volume import volume_gradients_reference, volume_reference

CHANNELS = [LANES, LANES + 1, 2 * LANES + 3]


@st.composite
def volumes(draw: Any) -> Volume:
    """3x3x3 of stride 1, with padding from none to two on each side."""
    axes = []
    for most in (5, 30, 9):
        before, after = draw(st.integers(0, 2)), draw(st.integers(0, 2))
        size = draw(st.integers(max(1, 3 - before - after), most))
        axes.append((size, size + before + after - 2, before))
    sizes, outs, before = zip(*axes, strict=True)
    return Volume(*sizes, draw(st.sampled_from(CHANNELS)), 3, 3, 3, draw(st.sampled_from(CHANNELS)), *outs, 1, 1, 1, *before)


@settings(max_examples=15, deadline=None, derandomize=True)
@given(volumes(), st.booleans(), st.integers(0, 99))
def test_all_passes_are_those_of_the_plain_convolution(v: Volume, relu: bool, seed: int) -> None:
    assert volume_winograd.fits(v)
    (x, w, b, dy, c), moves = problem(v, seed)
    y, dx, dw = garbage(*dy.shape), np.zeros_like(x), np.zeros_like(w)
    volume_plain.convolve_plain(x, w, b if relu else b[:0], y, *moves, v.groups, relu)
    volume_plain.gradients_plain(x, w, dy, dx, dw, *moves, v.groups)
    np.testing.assert_allclose(forward(x, w, b if relu else None, v, relu, volume_winograd), y, atol=1e-3)
    expected = np.maximum(dx + c, 0) if relu else dx
    np.testing.assert_allclose(transposed(dy, w, c if relu else None, v, relu, volume_winograd), expected, atol=1e-3)
    np.testing.assert_allclose(weight_gradient(x, dy, w, v, volume_winograd), dw, atol=4e-3)


SAME = Volume(2, 5, 5, LANES, 3, 3, 3, LANES + 1, 2, 5, 5, front=1, top=1, left=1)
VALID = Volume(4, 4, 7, LANES + 1, 3, 3, 3, LANES, 2, 2, 5)


@pytest.mark.parametrize("v", [SAME, VALID])
def test_all_passes_are_their_definition(v: Volume) -> None:
    (x, w, b, dy, _), moves = problem(v, 4)
    expected = volume_reference(x, w, b, v[8:11], moves, 1, True)
    np.testing.assert_allclose(forward(x, w, b, v, True, volume_winograd), expected, atol=1e-3)
    dx, dw = volume_gradients_reference(x, w, dy, moves, 1)
    np.testing.assert_allclose(transposed(dy, w, None, v, False, volume_winograd), dx, atol=1e-3)
    np.testing.assert_allclose(weight_gradient(x, dy, w, v, volume_winograd), dw, atol=1e-3)


@pytest.mark.parametrize("v", [SAME, VALID])
@pytest.mark.parametrize("value", [np.nan, np.inf, -np.inf])
def test_what_is_not_finite_stays_in_its_neighbourhood_and_passes_relu(v: Volume, value: float) -> None:
    (x, w, b, dy, c), moves = problem(v, 6)
    x[1, 0, 2, 3, 1] = dy[0, v.slices - 1, 1, 4, 1] = value
    expected, expected_dx, dw = garbage(*dy.shape), np.zeros_like(x), np.zeros_like(w)
    volume_plain.convolve_plain(x, w, b, expected, *moves, 1, True)
    volume_plain.gradients_plain(x, w, dy, expected_dx, dw, *moves, 1)
    y, dx = forward(x, w, b, v, True, volume_winograd), transposed(dy, w, c, v, False, volume_winograd)
    np.testing.assert_allclose(y, expected, atol=1e-3)
    np.testing.assert_allclose(dx, expected_dx + c, atol=1e-3)
    assert not np.isfinite(dx).all()
    assert np.isfinite(y[0]).all()
    assert np.isfinite(dx[1]).all()


def test_where_the_work_is_cut_does_not_change_a_bit() -> None:
    v = Volume(3, 40, 40, LANES, 3, 3, 3, LANES, 3, 40, 40, front=1, top=1, left=1)
    (x, w, b, _, _), _ = problem(v, 2)
    whole = garbage(2, *v[8:11], v.filters)
    count = volume_winograd.units(v, 2)
    assert count == 6  # three blocks of tiles in each
    u = volume_winograd.pack_forward(w, 1)
    volume_winograd.forward(x, u, b, whole, v, False, garbage(volume_winograd.forward_scratch(v)), 0, count)
    np.testing.assert_array_equal(forward(x, w, b, v, False, volume_winograd), whole)


def test_it_errs_at_most_ten_times_as_much_as_the_direct_convolution() -> None:
    v = Volume(6, 14, 14, 2 * LANES, 3, 3, 3, 2 * LANES, 4, 12, 12)
    (x, w, _, dy, _), _ = problem(v, 1)
    windows = np.lib.stride_tricks.sliding_window_view(x.astype(np.float64), (3, 3, 3), (1, 2, 3))
    exact = np.einsum("nzrscdij,dijcf->nzrsf", windows, w.astype(np.float64))
    exact_dw = np.einsum("nzrscdij,nzrsf->dijcf", windows, dy.astype(np.float64))
    errors = []
    for method in (volume_winograd, volume):
        found = forward(x, w, None, v, False, method) - exact, weight_gradient(x, dy, w, v, method) - exact_dw
        errors.append([np.sqrt(np.mean(one**2)) for one in found])
    for ours, theirs, truth in zip(*errors, (exact, exact_dw), strict=True):
        assert ours < 10 * theirs
        assert ours < 1e-5 * np.sqrt(np.mean(truth**2))


def test_other_windows_and_few_channels_are_left_to_the_direct_convolution() -> None:
    v = Volume(8, 16, 16, LANES, 3, 3, 3, LANES, 8, 16, 16, front=1, top=1, left=1)
    assert volume_winograd.fits(v)
    assert volume_winograd.wins(v)
    others: list[dict[str, int]] = [{name: 2} for name in ("window_slices", "slice_stride", "column_stride", "row_dilation", "groups")]
    assert not any(volume_winograd.fits(v._replace(**change)) for change in others)
    small: list[dict[str, int]] = [{"channels": LANES - 1}, {"filters": 1}, {"rows": 5, "columns": 5}]
    assert not any(volume_winograd.wins(v._replace(**change)) for change in small)
