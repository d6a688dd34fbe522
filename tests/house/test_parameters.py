"""Kernels and helpers of kernels/ have at most ten parameters; those that still have more are listed, and may only get fewer."""

from __future__ import annotations

import ast
from pathlib import Path

KERNELS = Path(__file__).parents[2] / "tinyseq" / "kernels"
MOST = 10
CONTEXT = {"self", "calls", "typing", "builder"}
"""Not counted: the receiver of kernel calls, and what numba and llvmlite pass to code that writes code."""

LONGER = {
    "attention.py:tanh_scores_gradient": 11,
    "convolution/before_pooling/choices.py:look_up_plain": 12,
    "convolution/before_pooling/choices.py:look_up_vectors": 12,
    "convolution/before_pooling/gradient_before_pooling.py:sum_weights": 11,
    "convolution/before_pooling/taps.py:collect_plain": 14,
    "convolution/before_pooling/taps.py:scatter_plain": 16,
    "convolution/before_pooling/taps.py:write_scatter": 11,
    "convolution/before_pooling/taps.py:apply": 16,
    "convolution/strided_winograd.py:multiply_flat": 17,
    "convolution/winograd_transforms.py:write": 17,
    "convolution/winograd_transforms.py:apply": 17,
    "matrix/channel_tile.py:channel_tile_plain": 17,
    "matrix/channel_tile.py:channel_tile_vector": 17,
    "matrix/channel_tile.py:write_tile": 13,
    "matrix/matmul.py:multiply_planes": 23,
    "matrix/matmul.py:multiply": 18,
    "matrix/products.py:multiply_pairs": 21,
    "matrix/register_tile.py:product_plain": 19,
    "matrix/register_tile.py:write_product": 17,
    "matrix/register_tile.py:apply": 19,
    "recurrent/gru.py:forward": 15,
    "recurrent/gru.py:backward": 15,
    "recurrent/step_products.py:correlate": 15,
}
"""Functions with more, and how many they have. They are the loops of LLVM code and the kernels around them, whose arguments are arrays
with an offset each."""


def parameters(source: str) -> dict[str, int]:
    """The number of parameters of each function in a source text, the most if several have one name."""
    counts: dict[str, int] = {}
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.FunctionDef):
            names = [a.arg for a in (*node.args.posonlyargs, *node.args.args, *node.args.kwonlyargs) if a.arg not in CONTEXT]
            counts[node.name] = max(counts.get(node.name, 0), len(names))
    return counts


def longer() -> dict[str, int]:
    """Every function of kernels/ with more than MOST parameters."""
    return {
        f"{path.relative_to(KERNELS).as_posix()}:{name}": count
        for path in sorted(KERNELS.rglob("*.py"))
        for name, count in parameters(path.read_text(encoding="utf-8")).items()
        if count > MOST
    }


def test_no_function_has_more_than_ten_parameters_but_those_listed_with_at_most_so_many() -> None:
    new = {name: count for name, count in longer().items() if count > LONGER.get(name, MOST)}
    assert not new, f"bundle arguments that belong together in a NamedTuple: {new}"


def test_the_list_has_no_function_that_got_shorter() -> None:
    found = longer()
    assert {name: found[name] for name in LONGER if name in found} == LONGER, "remove it from the list, or lower its number"


def test_parameters_are_counted() -> None:
    assert parameters("def f(self, a, b, /, c, *, d):\n    def g(calls, x): ...") == {"f": 4, "g": 1}
