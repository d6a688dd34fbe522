"""Layers that move values without computing: Flatten, Reshape, Permute, RepeatVector (padding.py has padding)."""

from __future__ import annotations

from shapecheck.diagnostics.arguments import BadArgument
from shapecheck.diagnostics.base import ShapeError
from shapecheck.diagnostics.rank import ReshapeMismatch
from shapecheck.languages import Phrase, for_example
from shapecheck.layers import arguments as check
from shapecheck.layers.base import Arithmetic, Inference, OneInput
from shapecheck.shapes import Shape, Unknown, combine, exact, is_size, multiply

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any, Unpack

    from shapecheck.layers.base import Options


class Flatten(OneInput):
    """(a, b, ..., z) -> (a*b*...*z,): all values of a sample in a row, last axis fastest; () -> (1,).

    >>> print(Flatten().infer((Shape((None, 4, 4, 32)),)).output)
    (None, 512)
    """

    def __init__(self, data_format: str | None = None, **options: Unpack[Options]) -> None:
        super().__init__(**options)
        self.data_format = check.data_format(data_format)

    def infer_known(self, shape: Shape) -> Inference:
        assert shape.dims is not None
        values = {f"size_{'abcdefgh'[i % 8]}": size for i, size in enumerate(shape.sizes)}
        product = multiply(*shape.sizes)
        total = Arithmetic("features", "*".join(values) or "1", values, product)
        return Inference(Shape((shape.dims[0], product)), arithmetic=(total,))

    def infer_unknown(self, shape: Shape) -> Inference:
        return Inference(Shape((Unknown("batch", shape.why), Unknown("features", shape.why))))


class Reshape(OneInput):
    """(sizes) -> target_shape, the batch axis kept, the number of values kept; one -1 is inferred.

    >>> print(Reshape((7, -1)).infer((Shape((None, 14, 3)),)).output)
    (None, 7, 6)
    """

    def __init__(self, target_shape: Any, **options: Unpack[Options]) -> None:
        super().__init__(**options)
        self.target_shape = _target(target_shape)

    def infer_known(self, shape: Shape) -> Inference:
        assert shape.dims is not None
        if isinstance(self.target_shape, Unknown):
            return self.infer_unknown(shape)
        have = multiply(*shape.sizes)
        want = multiply(*(size for size in self.target_shape if size != -1))
        if isinstance(have, int) and isinstance(want, int):
            fits = have % want == 0 if -1 in self.target_shape else have == want
            if not fits:
                raise ShapeError(ReshapeMismatch(shape, self.target_shape, have, want))
        rest = combine(lambda a, b: a // b, have, want)
        sizes = tuple(rest if size == -1 else size for size in self.target_shape)
        total = Arithmetic("values", "input values = output values", {}, have)
        return Inference(Shape((shape.dims[0], *sizes)), arithmetic=(total,), window="new")

    def infer_unknown(self, shape: Shape) -> Inference:
        if isinstance(self.target_shape, Unknown):
            return Inference(Shape(None, why=self.target_shape.why), window="new")
        rest = Unknown("size", shape.why)
        batch = shape.dims[0] if shape.dims else Unknown("batch", shape.why)
        return Inference(Shape((batch, *(rest if size == -1 else size for size in self.target_shape))), window="new")


def _target(value: Any) -> Any:
    if isinstance(value, Unknown):
        return value
    sizes = (value,) if is_size(value) else value
    if not _are_targets(sizes):
        expected = Phrase("arguments", "a_tuple_of_positive", "a tuple of positive integers, at most one of them -1")
        meant = sizes if isinstance(sizes, (tuple, list)) else (sizes,)
        advice = check.edit("target_shape", meant, _are_targets, for_example("target_shape=(28, 28, 1)"))
        raise ShapeError(BadArgument("target_shape", value, expected, advice))
    if list(sizes).count(-1) > 1:
        raise ShapeError(
            BadArgument(
                "target_shape",
                value,
                Phrase("arguments", "at_most_one_1", "at most one -1"),
                Phrase("arguments", "write_the_other_sizes", "write the other sizes explicitly"),
            )
        )
    return tuple(size if isinstance(size, Unknown) else exact(size) for size in sizes)


def _are_targets(value: Any) -> bool:
    good = isinstance(value, (tuple, list))
    return good and all(isinstance(size, Unknown) or (is_size(size) and (size >= 1 or size == -1)) for size in value)


def _is_order(value: Any) -> bool:
    good = isinstance(value, (tuple, list)) and all(map(is_size, value))
    return good and sorted(value) == list(range(1, len(value) + 1))


class Permute(OneInput):
    """(a, b, ...) -> the same axes in the order `dims`, counted from 1 (the batch axis stays).

    >>> print(Permute((2, 1)).infer((Shape((None, 5, 7)),)).output)
    (None, 7, 5)
    """

    def __init__(self, dims: Any, **options: Unpack[Options]) -> None:
        super().__init__(**options)
        if not isinstance(dims, Unknown):
            if not _is_order(dims):
                expected = Phrase("arguments", "the_axes_1_n", "the axes 1 ... n, each once, in their new order")
                advice = check.edit(
                    "dims",
                    dims,
                    _is_order,
                    Phrase("arguments", "for_example_write_dims", "for example, write dims=(2, 1) to swap two axes"),
                )
                raise ShapeError(BadArgument("dims", dims, expected, advice))
            dims = tuple(int(axis) for axis in dims)
        self.dims = dims

    def infer_known(self, shape: Shape) -> Inference:
        assert shape.dims is not None
        if isinstance(self.dims, Unknown):
            return Inference(Shape((shape.dims[0], *(self.dims,) * (len(shape.dims) - 1))), window="new")
        if len(self.dims) != len(shape.dims) - 1:
            count, example = len(shape.dims) - 1, tuple(range(1, len(shape.dims)))[::-1]
            expected = Phrase(
                "arguments", "count_axes_as_the", "{count} axes, as the input {shape} has without the batch", count=count, shape=shape
            )
            advice = for_example(f"dims={example}")
            raise ShapeError(BadArgument("dims", self.dims, expected, advice))
        return Inference(Shape((shape.dims[0], *(shape.dims[axis] for axis in self.dims))), window="new")

    def infer_unknown(self, shape: Shape) -> Inference:
        if isinstance(self.dims, Unknown):
            return super().infer_unknown(shape)
        sizes = (Unknown("size", shape.why),) * len(self.dims)
        return Inference(Shape((Unknown("batch", shape.why), *sizes)), window="new")


class RepeatVector(OneInput):
    """(features,) -> (n, features): the same vector n times, as the input of a decoder.

    >>> print(RepeatVector(4).infer((Shape((None, 5)),)).output)
    (None, 4, 5)
    """

    rank = 2

    def __init__(self, n: int, **options: Unpack[Options]) -> None:
        super().__init__(**options)
        self.n = check.whole("n", n)

    def infer_known(self, shape: Shape) -> Inference:
        assert shape.dims is not None
        return Inference(Shape((shape.dims[0], self.n, shape.dims[1])), window="new")

    def infer_unknown(self, shape: Shape) -> Inference:
        return self.infer_known(Shape((Unknown("batch", shape.why), shape.last)))

    def rank_advice(self, shape: Shape) -> str:
        return Phrase(
            "arguments",
            "put_a_layer_before",
            "put a layer before it that returns one vector per sample: Flatten, or an LSTM without return_sequences",
        )
