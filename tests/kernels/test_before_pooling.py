"""The gradients of a convolution before max pooling, against the same by definition on the gradient written out."""

from typing import Any, NamedTuple

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.kernels.guards import guarded
from tinyseq.kernels.convolution.before_pooling import choices as tables
from tinyseq.kernels.convolution.before_pooling import gradient_before_pooling, taps
from tinyseq.kernels.convolution.before_pooling import pairs as two
from tinyseq.kernels.convolution.geometry import Geometry
from tinyseq.kernels.jit.kernel import kernel
from tinyseq.kernels.matrix.simd import LANES
from tinyseq.kernels.reference.pooling import max_pool_gradient_reference

SHAPES = [  # (height, width, channels, filters, convolution's padding, pooling's window and strides)
    (8, 8, LANES, 16, 0, (3, 3, 3, 3)),
    (11, 9, 2 * LANES, 48, 1, (2, 2, 2, 2)),
    (7, 10, LANES, 32, 1, (3, 3, 3, 3)),
    (12, 11, LANES, 80, 0, (2, 2, 3, 4)),  # pixels that no window covers
    (5, 16, LANES, 16, 1, (3, 3, 5, 4)),
    (3, 3, LANES, 16, 1, (2, 2, 2, 2)),
    (23, 61, LANES, 16, 0, (2, 2, 2, 2)),  # more windows than are swept at a time
    (12, 9, 3 * LANES, 64, 1, (2, 2, 2, 2)),  # two at a time, of four and a half pairs... and an odd chunk of channels
    (13, 14, 2 * LANES, 96, 0, (2, 2, 3, 2)),  # pairs, two words of filters, rows of pixels that no window covers
    (7, 132, LANES, 64, 0, (2, 2, 2, 2)),  # a row of more windows than are spread at a time
    (34, 41, 2 * LANES, 64, 0, (3, 3, 3, 3)),
]


def guarded_integers(values: Any, kind: Any) -> Any:
    """A copy of the array that ends where readable memory ends; as many bytes as floats have."""
    values = np.ascontiguousarray(values, kind)
    copy = guarded(np.zeros(values.nbytes // 4)).view(kind).reshape(values.shape)
    copy[...] = values
    return copy


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
    return guarded(x), guarded(w), guarded(dz), guarded_integers(index, np.uint8), g, window, max_pool_gradient_reference(y, dz, window)


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
    scratch = guarded(np.full(gradient_before_pooling.scratch_size(g), np.nan))
    where = guarded_integers(np.full(gradient_before_pooling.where_size(g, window), -1), np.int32)
    bits = guarded_integers(np.full(gradient_before_pooling.bits_size(g, window, dz.shape[2]), -1), np.int64)
    gradient_before_pooling.weight_gradient(x, dz, index, dw, g, window, scratch, where, bits)
    scratch[...], bits[...] = np.nan, -1
    gradient_before_pooling.input_gradient(dz, index, w, dx, g, window, scratch, bits)
    return dw - 1, dx


@pytest.mark.parametrize("shape", SHAPES)
def test_gradients_of_the_chosen_pixels_are_those_of_the_gradient_written_out(shape: tuple[Any, ...]) -> None:
    x, w, dz, index, g, window, dy = problem(shape)
    assert gradient_before_pooling.fits(g, window, *dz.shape[1:3])
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
        ({}, (2, 2, 1, 2, 0, 0), (5, 3)),
        ({}, (2, 2, 2, 2, 1, 0), (4, 3)),  # a window leaves the image
        ({}, (3, 3, 3, 3, 0, 0), (3, 2)),
        ({}, (4, 4, 4, 4, 0, 0), (1, 1)),
        ({"window_rows": 5}, (2, 2, 2, 2, 0, 0), (3, 3)),
        ({"rows": 46_340, "columns": 46_340}, (2, 2, 2, 2, 0, 0), (3, 3)),  # more floats than int32 counts
    ],
)
def test_it_says_what_it_does_not_compute(change: dict[str, int], window: Any, out: tuple[int, int]) -> None:
    g = Geometry(8, 8, LANES, 3, 3, 32, 6, 6)
    assert gradient_before_pooling.fits(g, (2, 2, 2, 2, 0, 0), 3, 3)
    assert not gradient_before_pooling.fits(g._replace(**change), window, *out)


@kernel
def run_look_up(index, dz, z0, corners, first, count, filters, line, pixel, columns, where, living):  # type: ignore[no-untyped-def]
    tables.look_up(index, dz, z0, corners, first, count, filters, line, pixel, columns, where, living)


@kernel
def run_choose(index, dz, z0, count, filters, places, choices):  # type: ignore[no-untyped-def]
    tables.choose(index, dz, z0, count, filters, places, choices)


@kernel
def run_collect(x, x0, line, pixel, where, f, living, dz, z0, filters, chunks, sums, s0, part):  # type: ignore[no-untyped-def]
    if chunks == 1:
        taps.collect(x, x0, line, pixel, where, f, living, dz, z0, filters, chunks, sums, s0, part)
    else:
        taps.collect_chunks(x, x0, line, pixel, where, f, living, dz, z0, filters, chunks, sums, s0, part)


@kernel
def run_scatter(dx, x0, line, pixel, corners, columns, first, count, choices, c0, words, dz, z0, filters, w, w0, pairs):  # type: ignore[no-untyped-def]
    if pairs:
        two.scatter_pairs(dx, x0, line, pixel, corners, columns, first, count, choices, c0, words, dz, z0, filters, w, w0)
    elif columns == 2:
        taps.scatter_2x2(dx, x0, line, pixel, corners, columns, first, count, choices, c0, words, dz, z0, filters, w, w0)
    else:
        taps.scatter_3x3(dx, x0, line, pixel, corners, columns, first, count, choices, c0, words, dz, z0, filters, w, w0)


class Windows(NamedTuple):
    """A row of pooling windows, side by side, and an image that they just reach."""

    columns: int
    corners: Any
    pitch: int
    line: int
    pixel: int
    image: Any
    dz: Any
    index: Any


def some_windows(random: Any, columns: int, count: int, filters: int) -> Windows:
    """dz begins with one number, the image with two, the corners with one that belong to no window."""
    pixel = 3 * LANES
    pitch = columns * count + 2
    line = pitch * pixel
    corners = np.concatenate([[-9], np.arange(count) * columns])
    dz = guarded(random.integers(-2, 3, 16 + count * filters))
    index = guarded_integers(random.integers(0, columns * columns, dz.size), np.uint8)
    return Windows(columns, corners, pitch, line, pixel, guarded(random.standard_normal(2 + (columns + 2) * line)), dz, index)


ROWS = settings(max_examples=30, deadline=None, derandomize=True)


@ROWS
@given(st.sampled_from([2, 3]), st.integers(1, 64), st.sampled_from([16, 48, 80, 128]), st.integers(0, 99))
def test_the_tables_are_those_of_their_plain_twins(columns: int, count: int, filters: int, seed: int) -> None:
    row = some_windows(np.random.default_rng(seed), columns, count, filters)
    row.dz[20] = np.nan
    where, living = np.zeros((2, count * filters), np.int32), np.ones((2, filters), np.int64)
    find = (row.index, row.dz, 16, row.corners, 1, count, filters, row.pitch, row.pixel, columns)
    tables.look_up_plain(*find, where[0], living[0])
    table, bits = guarded_integers(where[1], np.int32), guarded_integers(living[1], np.int64)
    run_look_up(*find, table, bits)
    np.testing.assert_array_equal(table, where[0])
    np.testing.assert_array_equal(bits, living[0])
    words = -(-filters // 64)
    choices = np.ones(count * columns**2 * words, np.int64)
    tables.choose_plain(row.index, row.dz, 16, count, filters, columns**2, choices)
    found = guarded_integers(np.zeros(choices.size), np.int64)
    run_choose(row.index, row.dz, 16, count, filters, columns**2, found)
    np.testing.assert_array_equal(found, choices)
    taken = sum(int(word).bit_count() for word in found.view(np.uint64))
    assert taken == np.count_nonzero(row.dz[16:]) == sum(int(word).bit_count() for word in bits.view(np.uint64))


@ROWS
@given(st.sampled_from([2, 3]), st.integers(1, 9), st.sampled_from([16, 80]), st.sampled_from([1, taps.CHUNKS]), st.integers(0, 99))
def test_collect_is_its_plain_twin_and_touches_nothing_else(columns: int, count: int, filters: int, chunks: int, seed: int) -> None:
    random = np.random.default_rng(seed)
    row = some_windows(random, columns, count, filters)
    where, living = np.zeros(count * filters, np.int32), np.zeros(filters, np.int64)
    tables.look_up_plain(row.index, row.dz, 16, row.corners, 1, count, filters, row.pitch, row.pixel, columns, where, living)
    size, part = taps.TAPS * LANES, taps.TAPS * LANES + 3
    sums = guarded(random.standard_normal(1 + (chunks - 1) * part + size))
    expected = sums.copy()
    x0 = 2 + (3 - chunks) * LANES
    rest = (row.line, row.pixel, where, 7, living[7], row.dz, 16 + 7, filters, chunks)
    run_collect(row.image, x0, *rest, sums, 1, part)
    taps.collect_plain(row.image, x0, *rest, expected, 1, part)
    np.testing.assert_allclose(sums, expected, atol=1e-4)


@ROWS
@given(st.sampled_from([(2, 0), (3, 0), (2, 1)]), st.integers(2, 9), st.sampled_from([16, 64, 80]), st.integers(0, 99))
def test_scatter_is_its_plain_twin_and_touches_nothing_else(kind: tuple[int, int], count: int, filters: int, seed: int) -> None:
    (columns, pairs), random = kind, np.random.default_rng(seed)
    row = some_windows(random, columns, count, filters)
    words, word = -(-filters // 64), filters // 65  # the second of two
    choices = np.zeros(count * columns**2 * words, np.int64)
    tables.choose_plain(row.index, row.dz, 16, count, filters, columns**2, choices)
    w = guarded(random.standard_normal(3 + min(filters - 64 * word, 64) * taps.TAPS * LANES))
    rest = (row.corners, columns, 1, count, choices, word, words, row.dz, 16 + 64 * word, filters, w, 3)
    expected = row.image.copy()
    run_scatter(row.image, 2 + 2 * LANES, row.line, row.pixel, *rest, pairs)
    taps.scatter_plain(expected, 2 + 2 * LANES, row.line, row.pixel, *rest)
    np.testing.assert_allclose(row.image, expected, atol=1e-4)
