"""Convolution of volumes against its plain twin and the definition, on windows of all kinds."""

from typing import Any

import numpy as np
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from tests.kernels.guards import garbage, guarded
from tinyseq.kernels.convolution import volume, volume_plain
from tinyseq.kernels.convolution.volume_geometry import Volume
from tinyseq.kernels.reference.volume import volume_gradients_reference, volume_reference


@st.composite
def volumes(draw: Any, most: int = 7) -> Volume:
    """A convolution whose output is not empty."""
    groups = draw(st.sampled_from([1, 1, 2]))
    channels, filters = groups * draw(st.integers(1, 4)), groups * draw(st.sampled_from([1, 3, 17]))
    axes = []
    for _ in range(3):
        size, window, stride, gap = (draw(st.integers(1, limit)) for limit in (most, 3, 3, 2))
        before, after = (draw(st.integers(0, gap * (window - 1))) for _ in range(2))
        out = (size + before + after - gap * (window - 1) - 1) // stride + 1
        assume(out > 0)
        axes.append((size, window, out, stride, before, gap))
    sizes, windows, outs, strides, before, gaps = zip(*axes, strict=True)
    return Volume(*sizes, channels, *windows, filters, *outs, *strides, *before, *gaps, groups)


def problem(v: Volume, seed: int) -> Any:
    """x, w, b, dy and (strides, padding before, dilations)"""
    random = np.random.default_rng(seed)
    shapes = [
        (2, *v[:4]), (*v[4:7], v.channels // v.groups, v.filters), (v.filters,), (2, *v[8:11], v.filters), (v.channels,),
    ]  # fmt: skip
    return [guarded(random.standard_normal(shape)) for shape in shapes], (v[11:14], v[14:17], v[17:20])


def forward(x: Any, w: Any, b: Any, v: Volume, relu: bool, method: Any = volume) -> Any:
    y, packed, whole = garbage(2, *v[8:11], v.filters), method.pack_forward(w, v.groups), method.units(v, 2)
    for start, stop in ((0, whole // 3), (whole // 3, whole)):
        method.forward(x, packed, b, y, v, relu, garbage(method.forward_scratch(v)), start, stop)
    return y


def transposed(dy: Any, w: Any, b: Any, v: Volume, relu: bool, method: Any = volume) -> Any:
    dx, whole = garbage(2, *v[:4]), method.transposed_units(v, 2)
    packed = method.pack_backward(w, v[11:14], v[17:20], v.groups)
    for start, stop in ((0, whole // 3), (whole // 3, whole)):
        method.transposed(dy, packed, b, dx, v, relu, garbage(method.input_gradient_scratch(v)), start, stop)
    return dx


def weight_gradient(x: Any, dy: Any, w: Any, v: Volume, method: Any = volume) -> Any:
    dw = guarded(np.ones(w.shape))
    method.weight_gradient(x, dy, dw, v, garbage(method.weight_gradient_scratch(v)))
    return dw - 1


@settings(max_examples=60, deadline=None, derandomize=True)
@given(volumes(), st.booleans(), st.integers(0, 99))
def test_a_convolution_of_volumes_is_its_plain_twin(v: Volume, relu: bool, seed: int) -> None:
    (x, w, b, dy, c), moves = problem(v, seed)
    y, dx, dw = garbage(*dy.shape), np.zeros_like(x), np.zeros_like(w)
    volume_plain.convolve_plain(x, w, b if relu else b[:0], y, *moves, v.groups, relu)
    volume_plain.gradients_plain(x, w, dy, dx, dw, *moves, v.groups)
    np.testing.assert_allclose(forward(x, w, b if relu else None, v, relu), y, atol=1e-4)
    np.testing.assert_allclose(transposed(dy, w, None, v, False), dx, atol=1e-4)
    expected = np.maximum(dx + c, 0) if relu else dx + c
    np.testing.assert_allclose(transposed(dy, w, c, v, relu), expected, atol=1e-4)
    np.testing.assert_allclose(weight_gradient(x, dy, w, v), dw, atol=4e-4)


@settings(max_examples=8, deadline=None, derandomize=True)
@given(volumes(4), st.booleans(), st.integers(0, 99))
def test_a_convolution_of_volumes_and_its_gradients_are_their_definition(v: Volume, relu: bool, seed: int) -> None:
    (x, w, b, dy, _), moves = problem(v, seed)
    expected = volume_reference(x, w, b if relu else None, v[8:11], moves, v.groups, relu)
    np.testing.assert_allclose(forward(x, w, b if relu else None, v, relu), expected, atol=1e-4)
    dx, dw = volume_gradients_reference(x, w, dy, moves, v.groups)
    np.testing.assert_allclose(transposed(dy, w, None, v, False), dx, atol=1e-4)
    np.testing.assert_allclose(weight_gradient(x, dy, w, v), dw, atol=4e-4)
