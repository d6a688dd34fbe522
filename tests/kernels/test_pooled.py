"""The gradients of a convolution before max pooling, against the same by definition on the gradient written out."""

from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.kernels.guards import guarded
from tinyseq.kernels import pooled, pooled_taps
from tinyseq.kernels.compile import kernel
from tinyseq.kernels.reference.pooling import max_pool_gradient_reference
from tinyseq.kernels.simd import LANES
from tinyseq.kernels.window import Geometry

SHAPES = [  # (height, width, channels, filters, convolution's padding, pooling's window and strides)
    (8, 8, LANES, 16, 0, (3, 3, 3, 3)),
    (11, 9, 2 * LANES, 48, 1, (2, 2, 2, 2)),
    (7, 10, LANES, 32, 1, (3, 3, 3, 3)),
    (12, 11, LANES, 80, 0, (2, 2, 3, 4)),  # pixels that no window covers
    (5, 16, LANES, 16, 1, (3, 3, 5, 4)),
    (3, 3, LANES, 16, 1, (2, 2, 2, 2)),
    (23, 61, LANES, 16, 0, (2, 2, 2, 2)),  # rows of more windows than are swept at a time
]


def problem(shape: tuple[Any, ...], batch: int = 2) -> tuple[Any, ...]:
    """(x, w, dz, index, geometry, window, the gradient written out)"""
    height, width, channels, filters, padding, moves = shape
    rows, columns = height - 2 + 2 * padding, width - 2 + 2 * padding
    g = Geometry(height, width, channels, 3, 3, filters, rows, columns, top=padding, left=padding)
    window = (*moves, 0, 0)
    tall, wide, down, right = moves
    out = (rows - tall) // down + 1, (columns - wide) // right + 1
    random = np.random.default_rng(height)
    x, w = random.standard_normal((batch, height, width, channels)), random.standard_normal((3, 3, channels, filters))
    dz = random.standard_normal((batch, *out, filters)) * random.integers(0, 2, (batch, *out, filters))
    index = random.integers(0, tall * wide, (batch, *out, filters)).astype(np.uint8)
    y = np.zeros((batch, rows, columns, filters))
    for n, r, q, f in np.ndindex(*index.shape):
        y[n, r * down + index[n, r, q, f] // wide, q * right + index[n, r, q, f] % wide, f] = 1
    return guarded(x), guarded(w), guarded(dz), index, g, window, max_pool_gradient_reference(y, dz, window)


def by_definition(x: Any, w: Any, dy: Any, g: Geometry) -> tuple[Any, Any]:
    """(dw, dx) in float64."""
    around = [(0, 0), (g.top, g.rows + 2 - g.height - g.top), (g.left, g.columns + 2 - g.width - g.left), (0, 0)]
    image = np.pad(x.astype(np.float64), around)
    dw, dx = np.zeros(w.shape), np.zeros(image.shape)
    for i, j in np.ndindex(3, 3):
        dw[i, j] = np.einsum("nrqc,nrqf->cf", image[:, i : i + g.rows, j : j + g.columns], dy)
        dx[:, i : i + g.rows, j : j + g.columns] += np.einsum("nrqf,cf->nrqc", dy, w[i, j].astype(np.float64))
    return dw, dx[:, g.top : g.top + g.height, g.left : g.left + g.width]


def gradients(x: Any, w: Any, dz: Any, index: Any, g: Geometry, window: Any) -> tuple[Any, Any]:
    """(dw, dx) of the kernels; dw begins with ones, dx and scratch with NaN."""
    dw, dx = guarded(np.ones(w.shape)), guarded(np.full(x.shape, np.nan))
    scratch = guarded(np.full(pooled.scratch_size(g), np.nan))
    where = np.full(pooled.where_size(g, window), -1, np.int32)
    pooled.weight_gradient(x, dz, index, dw, g, window, scratch, where)
    scratch[...] = np.nan
    pooled.input_gradient(dz, index, w, dx, g, window, scratch)
    return dw - 1, dx


@pytest.mark.parametrize("shape", SHAPES)
def test_gradients_of_the_chosen_pixels_are_those_of_the_gradient_written_out(shape: tuple[Any, ...]) -> None:
    x, w, dz, index, g, window, dy = problem(shape)
    assert pooled.fits(g, window, *dz.shape[1:3])
    found = gradients(x, w, dz, index, g, window)
    for got, expected in zip(found, by_definition(x, w, dy, g), strict=True):
        np.testing.assert_allclose(got, expected, atol=2e-6 * np.abs(expected).max() + 1e-5)


def test_what_is_not_finite_reaches_what_it_meets_and_nothing_else() -> None:
    x, w, dz, index, g, window, _ = problem((8, 8, LANES, 16, 0, (3, 3, 3, 3)), batch=1)
    dz[...], index[...] = 1, 0
    clean = gradients(x, w, dz, index, g, window)
    dz[0, 1, 1, 5] = np.nan
    dw, dx = gradients(x, w, dz, index, g, window)
    assert np.isnan(dw[..., 5]).all() and np.isnan(dx[0, 3:6, 3:6]).all()
    np.testing.assert_array_equal(np.delete(dw, 5, -1), np.delete(clean[0], 5, -1))
    np.testing.assert_array_equal(dx[0, :3], clean[1][0, :3])


@pytest.mark.parametrize(
    ("change", "window", "out"),
    [
        ({"filters": 24}, (2, 2, 2, 2, 0, 0), (3, 3)),  # not whole halves of 16
        ({"channels": LANES + 1}, (2, 2, 2, 2, 0, 0), (3, 3)),
        ({"row_stride": 2}, (2, 2, 2, 2, 0, 0), (3, 3)),
        ({"row_dilation": 2}, (2, 2, 2, 2, 0, 0), (3, 3)),
        ({}, (3, 3, 2, 2, 0, 0), (2, 2)),  # windows overlap
        ({}, (2, 2, 2, 1, 0, 0), (3, 5)),
        ({}, (2, 2, 2, 2, 1, 0), (4, 3)),  # a window leaves the image
        ({}, (3, 3, 3, 3, 0, 0), (3, 2)),
        ({}, (4, 4, 4, 4, 0, 0), (1, 1)),
        ({"window_rows": 5}, (2, 2, 2, 2, 0, 0), (3, 3)),
        ({"rows": 46_340, "columns": 46_340}, (2, 2, 2, 2, 0, 0), (3, 3)),  # more floats than int32 counts
    ],
)
def test_it_says_what_it_does_not_compute(change: dict[str, int], window: Any, out: tuple[int, int]) -> None:
    g = Geometry(8, 8, LANES, 3, 3, 32, 6, 6)
    assert pooled.fits(g, (2, 2, 2, 2, 0, 0), 3, 3)
    assert not pooled.fits(g._replace(**change), window, *out)


@kernel
def run_collect(x, x0, line, pixel, where, f, count, dz, z0, filters, sums, s0):  # type: ignore[no-untyped-def]
    pooled_taps.collect(x, x0, line, pixel, where, f, count, dz, z0, filters, sums, s0)


@kernel
def run_scatter(dx, x0, line, pixel, corners, columns, first, count, index, dz, z0, filters, block, w, w0):  # type: ignore[no-untyped-def]
    if columns == 2:
        pooled_taps.scatter_2x2(dx, x0, line, pixel, corners, columns, first, count, index, dz, z0, filters, block, w, w0)
    else:
        pooled_taps.scatter_3x3(dx, x0, line, pixel, corners, columns, first, count, index, dz, z0, filters, block, w, w0)


@settings(max_examples=30, deadline=None, derandomize=True)
@given(st.sampled_from([2, 3]), st.integers(0, 5), st.sampled_from([16, 32]), st.integers(0, 99))
def test_the_inner_loops_are_their_plain_twins_and_touch_nothing_else(columns: int, count: int, block: int, seed: int) -> None:
    random = np.random.default_rng(seed)
    filters, pixel, line = block + 16, LANES, (columns + 2) * LANES * 3
    image = guarded(random.standard_normal(2 + (columns + 1) * line + (columns + 1 + 2 * count) * pixel + LANES))
    dz = guarded(random.integers(-2, 3, max(count, 1) * filters))
    index = random.integers(0, columns * columns, dz.size).astype(np.uint8)
    corners = np.arange(count + 1, dtype=np.int64) * 2 * pixel
    where = (np.repeat(corners[:count], filters) + index[: count * filters] // columns * line).astype(np.int32)
    sums = guarded(random.standard_normal(1 + pooled_taps.TAPS * LANES))
    expected = sums.copy()
    run_collect(image, 2, line, pixel, where, 3, count, dz, 3, filters, sums, 1)
    pooled_taps.collect_plain(image, 2, line, pixel, where, 3, count, dz, 3, filters, expected, 1)
    np.testing.assert_allclose(sums, expected, atol=1e-4)
    w = guarded(random.standard_normal(3 + block * pooled_taps.TAPS * LANES))
    rest = (corners, columns, 1, count, index, dz, 0, filters, block, w, 3)
    room = guarded(np.concatenate([image, np.zeros(2 * pixel, np.float32)]))
    expected = room.copy()
    run_scatter(room, 2, line, pixel, *rest)
    pooled_taps.scatter_plain(expected, 2, line, pixel, *rest)
    np.testing.assert_allclose(room, expected, atol=1e-4)
