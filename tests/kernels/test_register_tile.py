"""The vector code against its twins in plain loops, at the edge of readable memory."""

import itertools
from functools import cache
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.kernels.guards import guarded
from tinyseq.kernels.convolution import winograd_formulas as formulas
from tinyseq.kernels.convolution import winograd_transforms as transforms
from tinyseq.kernels.jit.kernel import kernel
from tinyseq.kernels.matrix import channel_tile, matmul, register_tile
from tinyseq.kernels.matrix.matmul import cut, steps
from tinyseq.kernels.matrix.simd import LANES

FLAGS = [
    0,
    register_tile.ADD,
    register_tile.BIAS,
    register_tile.RELU,
    register_tile.ADD | register_tile.RELU,
    register_tile.BIAS | register_tile.RELU,
]


@kernel
def run_tile(a, a0, rows, first, last, taps, tap, count, b, b0, step, panel, c, c0, outs, columns, bias, bias0, flags):  # type: ignore[no-untyped-def]
    register_tile.by_tiles(a, a0, rows, first, last, taps, tap, count, b, b0, step, panel, c, c0, outs, columns, bias, bias0, flags)


@kernel
def run_small_tile(a, a0, rows, first, last, taps, tap, count, b, b0, step, panel, c, c0, outs, columns, bias, bias0, flags):  # type: ignore[no-untyped-def]
    register_tile.by_small_tiles(a, a0, rows, first, last, taps, tap, count, b, b0, step, panel, c, c0, outs, columns, bias, bias0, flags)


@kernel
def run_narrow_tile(a, a0, rows, first, last, taps, tap, count, b, b0, step, panel, c, c0, outs, columns, bias, bias0, flags):  # type: ignore[no-untyped-def]
    register_tile.by_narrow_tiles(a, a0, rows, first, last, taps, tap, count, b, b0, step, panel, c, c0, outs, columns, bias, bias0, flags)


@kernel
def run_line(a, a0, rows, first, last, taps, tap, count, b, b0, step, panel, c, c0, outs, columns, bias, bias0, flags):  # type: ignore[no-untyped-def]
    register_tile.by_lines(a, a0, rows, first, last, taps, tap, count, b, b0, step, panel, c, c0, outs, columns, bias, bias0, flags)


@kernel
def run_channel_tile(a, a0, rows, row, last, taps, count, b, b0, lines, c, c0, outs, lanes, bias, bias0, flags):  # type: ignore[no-untyped-def]
    channel_tile.channel_tile(a, a0, rows, row, last, taps, count, b, b0, lines, c, c0, outs, lanes, bias, bias0, flags)


def offsets(random: Any, count: int, most: int) -> Any:
    return np.sort(random.integers(0, most, count)).astype(np.int64)


@settings(max_examples=60, deadline=None, derandomize=True)
@given(
    st.integers(1, 3 * register_tile.ROWS), st.integers(0, 40), st.integers(1, 3 * register_tile.COLUMNS), st.sampled_from(FLAGS),
    st.integers(0, 99),
)  # fmt: skip
def test_products_by_tiles_and_by_small_tiles_are_their_plain_twin_bit_by_bit_each_other_and_touch_nothing_else(
    many: int, count: int, columns: int, flags: int, seed: int
) -> None:  # fmt: skip
    random = np.random.default_rng(seed)
    rows, taps = offsets(random, many, 50), offsets(random, count + 3, 60)
    panel = max(count, 1) * register_tile.COLUMNS
    a = guarded(random.standard_normal(2 + rows[-1] + taps[-1] + 1))
    b = guarded(random.standard_normal(1 + -(-columns // register_tile.COLUMNS) * panel))
    outs = np.arange(many, dtype=np.int64) * (columns + 2)
    c = guarded(random.standard_normal(3 + outs[-1] + columns))
    bias = guarded(random.standard_normal(1 + columns))
    expected = c.copy()
    first = min(seed % 3, many)  # `many`: no rows at all
    initial, by_small_tiles = c.copy(), guarded(c)
    start, rest = (a, 2, rows, first, many - 1, taps, 3, count, b, 1, register_tile.COLUMNS, panel), (3, outs, columns, bias, 1, flags)
    run_tile(*start, c, *rest)
    register_tile.product_plain(*start, expected, *rest)
    np.testing.assert_allclose(c, expected, atol=1e-4)
    run_small_tile(*start, by_small_tiles, *rest)
    np.testing.assert_array_equal(c, by_small_tiles)
    if columns <= LANES:
        by_narrow_tiles = guarded(initial)
        run_narrow_tile(*start, by_narrow_tiles, *rest)
        np.testing.assert_array_equal(c, by_narrow_tiles)


@settings(max_examples=60, deadline=None, derandomize=True)
@given(
    st.integers(1, 3), st.integers(0, 40), st.integers(1, 2 * register_tile.LINE), st.sampled_from(FLAGS), st.integers(0, 99)
)  # fmt: skip
def test_products_by_lines_are_their_plain_twin_bit_by_bit_those_by_tiles_and_touch_nothing_else(
    many: int, count: int, columns: int, flags: int, seed: int
) -> None:  # fmt: skip
    random = np.random.default_rng(seed)
    rows, taps = offsets(random, many, 50), offsets(random, count + 3, 60)
    a = guarded(random.standard_normal(2 + rows[-1] + taps[-1] + 1))
    panel = max(count, 1) * register_tile.COLUMNS
    b = guarded(random.standard_normal(1 + -(-columns // register_tile.COLUMNS) * panel))
    outs = np.arange(many, dtype=np.int64) * (columns + 2)
    c = guarded(random.standard_normal(3 + outs[-1] + columns))
    bias = guarded(random.standard_normal(1 + columns))
    expected, by_tiles = c.copy(), c.copy()
    start, rest = (a, 2, rows, 0, many - 1, taps, 3, count, b, 1, register_tile.COLUMNS, panel), (3, outs, columns, bias, 1, flags)
    run_line(*start, c, *rest)
    register_tile.product_plain(*start, expected, *rest)
    np.testing.assert_allclose(c, expected, atol=1e-4)
    run_tile(*start, by_tiles, *rest)
    np.testing.assert_array_equal(c, by_tiles)


@settings(max_examples=60, deadline=None, derandomize=True)
@given(
    st.integers(1, 2 * channel_tile.ROWS), st.integers(0, 20), st.integers(1, LANES), st.sampled_from(FLAGS),
    st.integers(0, 99),
)  # fmt: skip
def test_the_channel_tile_is_its_plain_twin_and_touches_nothing_else(
    many: int, count: int, lanes: int, flags: int, seed: int
) -> None:  # fmt: skip
    random = np.random.default_rng(seed)
    rows, taps, lines = offsets(random, many, 50), offsets(random, count + 1, 60), offsets(random, count + 1, 70)
    a = guarded(random.standard_normal(2 + rows[-1] + taps[-1] + lanes))
    b = guarded(random.standard_normal(1 + lines[-1] + lanes))
    outs = np.arange(many, dtype=np.int64) * (lanes + 2)
    c = guarded(random.standard_normal(3 + outs[-1] + lanes))
    bias = guarded(random.standard_normal(1 + lanes))
    expected = c.copy()
    arguments = (a, 2, rows, 0, many - 1, taps, count, b, 1, lines)
    run_channel_tile(*arguments, c, 3, outs, lanes, bias, 1, flags)
    channel_tile.channel_tile_plain(*arguments, expected, 3, outs, lanes, bias, 1, flags)
    np.testing.assert_allclose(c, expected, atol=1e-4)


@pytest.mark.parametrize("count", range(1, 5 * register_tile.ROWS))
def test_however_rows_are_cut_their_product_is_that_of_each_alone(count: int) -> None:
    random = np.random.default_rng(count)
    depth, columns = 20, register_tile.COLUMNS + 3
    a, bias = guarded(random.standard_normal(count * depth)), guarded(random.standard_normal(columns))
    b = guarded(random.standard_normal(2 * register_tile.COLUMNS * depth))
    together, alone = guarded(np.zeros(count * columns)), np.zeros(count * columns, np.float32)

    def multiply(first: int, stop: int, c: Any) -> None:
        matmul.multiply_planes(
            1, a, 0, 0, steps(count, depth), first, stop, steps(depth), depth, b, 0, 0, register_tile.COLUMNS,
            register_tile.COLUMNS * depth, c, 0, 0,
            steps(count, columns), columns, bias, 0, 0, register_tile.RELU,
        )  # fmt: skip

    multiply(0, count, together)
    for row in range(count):
        multiply(row, row + 1, alone)
    np.testing.assert_array_equal(together, alone)
    panels = b.reshape(2, depth, -1).transpose(1, 0, 2).reshape(depth, -1)[:, :columns]
    expected = np.maximum(a.reshape(count, depth) @ panels + bias, 0)
    np.testing.assert_allclose(together.reshape(count, columns), expected, atol=1e-4)


def test_no_more_rows_are_computed_than_tiles_of_two_heights_need() -> None:
    """Of those that are left over from whole tiles, one at most is computed twice, or three in a whole one."""
    for count in range(200):
        whole, small = cut(count)
        lines = count - whole - small
        assert whole >= 0 <= small
        assert 0 <= lines <= matmul.FEW
        computed = -(-whole // register_tile.ROWS) * register_tile.ROWS + -(-small // register_tile.SMALL) * register_tile.SMALL + lines
        assert computed - count <= max(1, register_tile.ROWS - register_tile.SMALL - 1), count
        if register_tile.ROWS == 6 and count % 2 == 0 and count >= 4 > matmul.FEW:  # tiles of 6 and of 4 make up every even number
            assert (computed, lines) == (count, 0)


def test_nan_and_infinity_go_through_the_tile_and_its_relu() -> None:
    rows, taps, outs = (np.arange(n, dtype=np.int64) * step for n, step in ((3, 1), (1, 1), (3, register_tile.COLUMNS)))
    a, b = np.array([np.nan, np.inf, -np.inf], np.float32), np.ones(register_tile.COLUMNS, np.float32)
    c = np.zeros(3 * register_tile.COLUMNS, np.float32)
    run_tile(a, 0, rows, 0, 2, taps, 0, 1, b, 0, register_tile.COLUMNS, 0, c, 0, outs, register_tile.COLUMNS, b, 0, register_tile.RELU)
    first, second, third = c.reshape(3, -1)
    assert np.isnan(first).all()
    assert (second == np.inf).all()
    assert (third == 0).all()


TRANSFORMS = [
    (transforms.input_tile, formulas.row_pairs, formulas.BT),
    (transforms.output_tile, formulas.column_pairs, formulas.AT),
    (transforms.filter_tile, formulas.row_pairs, formulas.G),
    (transforms.output_gradient_tile, formulas.row_pairs, {n: matrix.T for n, matrix in formulas.AT.items()}),
    (transforms.filter_gradient_tile, formulas.column_pairs, {n: matrix.T for n, matrix in formulas.G.items()}),
]


EDGES = [
    (0, 9, 0, 9, LANES), (-3, 9, -1, 6, LANES + 2), (1, 3, 0, 2, LANES), (0, 2, 2, 9, 3),
    (1, 9, 0, 9, LANES), (0, 2, 0, 9, LANES), (0, 9, 1, 9, LANES), (0, 9, 0, 2, LANES), (0, 9, 0, 9, LANES - 1),
]  # fmt: skip
"""(top, bottom, left, right, lanes): nothing missing, several sides, and each side alone."""


@cache
def compiled(vector: Any) -> Any:
    """A kernel that only calls the transform."""

    @kernel
    def run(tile, source, row, column, target, target_row, target_column, top, bottom, left, right, lanes, relu):  # type: ignore[no-untyped-def]
        return vector(
            tile, source, 1, row, column, target, 2, target_row, target_column, top, bottom, left, right, lanes, relu
        )  # fmt: skip

    @kernel
    def run_output(tile, source, row, column, target, target_row, target_column, top, bottom, left, right, lanes, relu, bias, b0):  # type: ignore[no-untyped-def]
        return vector(
            tile, source, 1, row, column, target, 2, target_row, target_column, top, bottom, left, right, lanes, relu, bias, b0
        )  # fmt: skip

    return run_output if vector is transforms.output_tile else run


@pytest.mark.parametrize("edges", EDGES)
@pytest.mark.parametrize("size_of_tile", formulas.SIZES)
@pytest.mark.parametrize(("vector", "formula", "matrices"), TRANSFORMS)
def test_a_winograd_transform_is_its_matrix(vector: Any, formula: Any, matrices: Any, size_of_tile: int, edges: Any) -> None:
    matrix = matrices[size_of_tile]
    many, size = matrix.shape
    random = np.random.default_rng(5)
    numbers = random.standard_normal(size)
    np.testing.assert_allclose(formula(matrix, list(numbers)), matrix @ numbers, atol=1e-6)
    top, bottom, left, right, lanes = edges
    run = compiled(vector)
    square = random.standard_normal((size, size, LANES)).astype(np.float32)
    source = guarded(np.concatenate([[9.0], square.reshape(-1)]))
    target = guarded(np.full(2 + many * many * LANES, 7.0))
    output, adds = vector is transforms.output_tile, vector is transforms.filter_gradient_tile
    there = np.zeros((many if output or adds else size,) * 2 + (LANES,), bool)
    there[max(top, 0) : bottom, max(left, 0) : right, :lanes] = True
    bias = guarded(np.concatenate([[9.0, 9.0], random.standard_normal(min(lanes, LANES))]))
    for relu, b0 in itertools.product((0, 1), (-1, 2)) if output else ((0, -1),):
        target[2:] = 7
        places = (size_of_tile, source, size * LANES, LANES, target, many * LANES, LANES)
        assert run(*places, *edges, relu, *((bias, b0) if output else ())) == 1
        expected = np.einsum("ki,ijl,mj->kml", matrix, square if output or adds else np.where(there, square, 0), matrix)
        if output:
            if b0 >= 0:
                expected[:, :, : len(bias) - 2] += bias[2:]
            expected = np.where(there, np.maximum(expected, 0) if relu else expected, 7)
        if adds:
            expected = np.where(there, 7 + expected, 7)
        magnitude = np.einsum("ki,ijl,mj->kml", abs(matrix), abs(square), abs(matrix))  # of the numbers that were added up
        assert (abs(target[2:].reshape(many, many, LANES) - expected) < 1e-6 * magnitude + 1e-6).all()
    assert (target[:2] == 7).all()
    if output:
        source[1 + LANES] = np.nan
        assert run(*places, *edges, 1, bias, -1) == 0


@pytest.mark.parametrize("tile_size", formulas.SIZES)
def test_the_matrices_convolve_exactly(tile_size: int) -> None:
    random = np.random.default_rng(3)
    x, w = random.standard_normal(tile_size + 2), random.standard_normal(3)
    bt, g, at = (matrices[tile_size].astype(np.float64) for matrices in (formulas.BT, formulas.G, formulas.AT))
    np.testing.assert_allclose(at @ ((g @ w) * (bt @ x)), np.correlate(x, w, "valid"), atol=1e-6)
