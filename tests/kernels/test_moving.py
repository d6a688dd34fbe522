"""Kernels that move values: upsampling, embedding, masks, joins. Linear ones by their adjoint: <Ax, g> = <x, A'g>."""

import itertools
from typing import Any

import numpy as np
import pytest
from numba import njit

from tests.kernels.guards import garbage, guarded
from tinyseq.kernels import embedding
from tinyseq.kernels.elementwise import dropout, merging, philox
from tinyseq.kernels.jit.kernel import kernel
from tinyseq.kernels.matrix.register_tile import COLUMNS
from tinyseq.kernels.matrix.simd import LANES
from tinyseq.kernels.movement import reshaping, strided_copy, transposing
from tinyseq.kernels.reference import embedding as embedding_reference
from tinyseq.kernels.reference import reshaping as reshaping_reference

F32 = np.float32


def normal(seed: int, *shape: int) -> Any:
    return np.random.default_rng(seed).normal(0, 1, shape).astype(F32)


@pytest.mark.parametrize("factors", [(2, 3), (1, 4), (3, 1)])
def test_both_upsamplings_are_those_of_the_definition_and_have_their_adjoints(factors: tuple[int, int]) -> None:
    x = normal(0, 2, 4, 5, 3)
    g = normal(1, 2, 4 * factors[0], 5 * factors[1], 3)
    y, dx = np.empty_like(g), np.full_like(x, np.nan)
    reshaping.upsample_nearest(x, y, *factors)
    reshaping.upsample_nearest_gradient(g, dx, *factors)
    np.testing.assert_array_equal(y, reshaping_reference.upsample_nearest_reference(x, *factors))
    assert np.vdot(y, g) == pytest.approx(np.vdot(x, dx), rel=1e-4)
    taps = (*reshaping.taps(4, factors[0]), *reshaping.taps(5, factors[1]))
    reshaping.upsample_bilinear(x, y, *taps)
    reshaping.upsample_bilinear_gradient(g, dx, *taps)
    np.testing.assert_allclose(y, reshaping_reference.upsample_bilinear_reference(x, *factors), rtol=1e-5, atol=1e-6)
    assert np.vdot(y, g) == pytest.approx(np.vdot(x, dx), rel=1e-4)


def test_a_row_looked_up_twice_takes_both_gradients() -> None:
    table, index, dy = normal(0, 6, 3), np.array([5, 0, 5, 2]), normal(1, 4, 3)
    y, change = np.empty((4, 3), F32), np.zeros((6, 3), F32)
    embedding.look_up(table, index, y)
    embedding.look_up_gradient(dy, index, change)
    np.testing.assert_array_equal(y, embedding_reference.look_up_reference(table, index))
    np.testing.assert_allclose(change, embedding_reference.look_up_gradient_reference(dy, index, 6), rtol=1e-6)


def test_the_first_index_outside_of_the_table_is_named() -> None:
    assert not embedding.all_inside(np.array([0, 4, 5, -1]), 5)
    assert not embedding.all_inside(np.array([0, -1, 4]), 5)
    assert embedding.all_inside(np.array([0, 4]), 5)


@pytest.mark.parametrize("seed", [(3,), (0,), (5, 1 << 40), (1, 2, 3, 4, 5)])
@pytest.mark.parametrize("draw", [0, 7, (1 << 32) - 1, 1 << 32, (1 << 40) + 3])
def test_random_numbers_are_numpy_s_bit_for_bit(seed: tuple[int, ...], draw: int) -> None:
    for shard, size in itertools.product((0, 6), (1, 7, 8, 29)):
        expected = np.random.Generator(np.random.Philox(np.random.SeedSequence((*seed, draw, shard)))).random(size, dtype=F32)
        out, state = garbage(size), np.empty(philox.STATE, np.uint64)
        philox.uniform(philox.seed_words(seed), np.array([draw, shard]), state, out)
        np.testing.assert_array_equal(out, expected)


def test_normal_numbers_have_their_mean_deviation_and_tails() -> None:
    for size in (1, 7, 20_001):
        out, state = garbage(size), np.empty(philox.STATE, np.uint64)
        philox.normal(philox.seed_words((3, 1)), np.array([2, 0]), state, out)
        assert np.isfinite(out).all()
    assert abs(out.mean()) < 0.02
    assert abs(out.std() - 1) < 0.02
    assert np.mean(np.abs(out) > 1.96) == pytest.approx(0.05, abs=0.005)
    assert abs(np.corrcoef(out[:-1:2], out[1::2])[0, 1]) < 0.03


def test_a_product_of_128_bits_is_that_of_integers() -> None:
    wide = njit(lambda a, b: philox.product(a, b))
    for a, b in ((0, 5), ((1 << 64) - 1, (1 << 64) - 1), (0xD2E7470EE14C6C93, 0x9E3779B97F4A7C15), (1 << 63, 2)):
        for product in (philox.product_plain, wide):
            assert tuple(map(int, product(np.uint64(a), np.uint64(b)))) == (a * b >> 64, a * b & ((1 << 64) - 1))


def test_a_dropped_value_is_zero_even_if_it_was_nan() -> None:
    x, keep, y = np.array([1, np.nan, np.nan], F32), np.empty(3, np.uint8), np.empty(3, F32)
    dropout.draw(np.array([0.5, 0.2, 0.9], F32), F32(0.4), keep)
    dropout.drop(x, keep, F32(2), y)
    np.testing.assert_array_equal(keep, [1, 0, 1])
    np.testing.assert_array_equal(y, [2, 0, np.nan])


def test_alpha_dropout_puts_its_value_where_one_is_dropped() -> None:
    y = np.empty(2, F32)
    dropout.drop_to(np.array([1, 9], F32), np.array([1, 0], np.uint8), F32(-2), F32(3), F32(0.5), y)
    np.testing.assert_array_equal(y, [3.5, -5.5])


def spoiled(seed: int, *shape: int) -> Any:
    """Some numbers, NaN and infinities among them."""
    x = normal(seed, *shape)
    x.reshape(-1)[: min(3, x.size)] = [np.nan, np.inf, -np.inf][: x.size]
    return guarded(x)


@pytest.mark.parametrize("dims", [*itertools.permutations((1, 2, 3))])
def test_a_copy_by_steps_is_numpy_s(dims: tuple[int, ...]) -> None:
    x = spoiled(0, 2, 3, 5, 4)
    turned = x.transpose(0, *dims)
    wide = np.broadcast_to(turned[:, :, None], (2, turned.shape[1], 2, *turned.shape[2:]))
    for seen in (turned, turned[:, 1:, :-1, 1:], wide, turned[..., None], np.broadcast_to(turned[..., None], (*turned.shape, 3))):
        y = garbage(*seen.shape)
        strided_copy.copy(x, seen, y, y)
        np.testing.assert_array_equal(y, seen)
    y = np.full((2, 3, 5, 4), 7, F32)
    placed = y.transpose(0, *dims)[:, 1:, :-1, 1:]
    strided_copy.copy(x, turned[:, 1:, :-1, 1:], y, placed)
    np.testing.assert_array_equal(placed, turned[:, 1:, :-1, 1:])
    assert np.count_nonzero(y == 7) == y.size - placed.size, "nothing else is written"


def test_an_array_of_many_axes_is_walked_in_parts() -> None:
    x = spoiled(1, 2, 1, 3, 2, 2, 3, 2, 2)
    seen = x.transpose(0, 7, 6, 1, 5, 4, 3, 2)
    assert len(strided_copy.walks(seen.shape, seen.strides, garbage(*seen.shape).strides)) > 1
    y = garbage(*seen.shape)
    strided_copy.copy(x, seen, y, y)
    np.testing.assert_array_equal(y, seen)


def test_images_from_memory_in_both_orders_of_lines() -> None:
    """Where a line of the target would reach over too many lines of the source, the other order is walked."""
    x = spoiled(2, 2, strided_copy.NEAR + 3, 3)
    y, back = garbage(2, 3, strided_copy.NEAR + 3), garbage(*x.shape)
    strided_copy.copy(x, x.transpose(0, 2, 1), y, y)
    strided_copy.copy(y, y, back, back.transpose(0, 2, 1))
    np.testing.assert_array_equal(y, x.transpose(0, 2, 1))
    np.testing.assert_array_equal(back, x)


@pytest.mark.parametrize("ends", [(0, 0, 0), (1, 2, 3), (0, 2, 0)])
def test_zeros_are_put_around_whatever_is_inside(ends: tuple[int, int, int]) -> None:
    x = spoiled(3, 2, 3, 4, 5)
    y = garbage(2, *(size + end + 1 for size, end in zip(x.shape[1:], ends, strict=True)))
    reshaping.zero_pad(x, y, *ends)
    np.testing.assert_array_equal(y, np.pad(x, ((0, 0), *((end, 1) for end in ends))))


@pytest.mark.parametrize("shape", [(4, 5, 3), (4, 1, 3), (4, 5, 1), (4, 1, 1), (1, 5, 3)])
def test_a_repeated_input_takes_the_sum_of_its_gradients(shape: tuple[int, ...]) -> None:
    x, g, dx = normal(0, *shape), normal(1, 4, 5, 3), garbage(*shape)
    merging.sum_repeated(g, dx)
    assert np.vdot(np.broadcast_to(x, g.shape), g) == pytest.approx(np.vdot(x, dx), rel=1e-4)


@pytest.mark.parametrize("name", ["add", "subtract", "multiply", "maximum", "minimum"])
def test_joined_numbers_are_numpy_s(name: str) -> None:
    a, b, y = spoiled(4, 37), spoiled(5, 37)[::-1].copy(), garbage(37)
    b[0], a[5], b[5], a[6], b[6] = np.inf, 0, np.nan, 2, 2
    join = {"maximum": merging.greatest, "minimum": merging.least}.get(name) or getattr(merging, name)
    join(a, b, y)
    with np.errstate(invalid="ignore"):
        np.testing.assert_array_equal(y, getattr(np, name)(a, b))


def taken(inputs: list[Any], y: Any, dy: Any) -> Any:
    """What each input gets of the gradient."""
    rest, out = dy.copy(), garbage(len(inputs), dy.size)
    for i, (x, dx) in enumerate(zip(inputs, out, strict=True)):
        merging.take(x, y, i == len(inputs) - 1, rest, dx)
    return out


def test_all_of_the_gradient_of_a_maximum_goes_to_the_first_greatest() -> None:
    inputs = [np.array([1, 5, 2], F32), np.array([3, 5, 1], F32), np.array([3, 0, 9], F32)]
    dy = np.array([10, 20, 30], F32)
    np.testing.assert_array_equal(taken(inputs, np.array([3, 5, 9], F32), dy), [[0, 20, 0], [10, 0, 0], [0, 0, 30]])
    np.testing.assert_array_equal(taken(inputs, np.array([1, 0, 1], F32), dy), [[10, 0, 0], [0, 0, 30], [0, 20, 0]])


def test_a_gradient_is_lost_nowhere_not_even_where_the_maximum_is_nan() -> None:
    inputs = [np.array([np.nan, 1, np.inf], F32), np.array([2, np.nan, np.inf], F32), np.array([3, 3, 3], F32)]
    dy, y = np.array([10, np.inf, 30], F32), np.array([np.nan, np.nan, np.inf], F32)
    np.testing.assert_array_equal(taken(inputs, y, dy), [[0, 0, 30], [0, 0, 0], [10, np.inf, 0]])


@pytest.mark.parametrize("rows", [1, LANES - 1, LANES, 2 * LANES + 3])
@pytest.mark.parametrize("columns", [1, LANES, 3 * LANES + 1])
def test_a_transposed_matrix_is_one(rows: int, columns: int) -> None:
    matrix = normal(3, rows, columns + 2)
    target = guarded(np.full((columns, rows + 1), 7))
    transposing.transpose(guarded(matrix).reshape(-1), 2, columns + 2, rows, columns, target.reshape(-1), 1, rows + 1)
    np.testing.assert_array_equal(target[:, 1:], matrix[:, 2:].T)
    assert (target[:, 0] == 7).all()


def test_moved_vectors_are_those_of_the_plain_twins() -> None:
    source = guarded(normal(4, 3 + LANES * (LANES + 1)))
    results = []
    for square, line in (
        (transposing.transpose_square, transposing.copy_line), (transposing.transpose_square_plain, transposing.copy_line_plain)
    ):  # fmt: skip
        target = garbage(1 + LANES * LANES + COLUMNS)

        @kernel
        def run(source, target):  # type: ignore[no-untyped-def]
            square(source, 3, LANES + 1, target, 1, LANES)  # noqa: B023
            line(source, 2, target, LANES * LANES + 1)  # noqa: B023

        run(source, target)
        results.append(target)
    np.testing.assert_array_equal(*results)
