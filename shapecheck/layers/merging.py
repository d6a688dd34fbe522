"""Merging: a list of tensors -> one tensor."""

from __future__ import annotations

from shapecheck.diagnostics.arguments import BadArgument
from shapecheck.diagnostics.base import ShapeError
from shapecheck.diagnostics.rank import MergeMismatch, WrongInputCount
from shapecheck.languages import Phrase, because, for_example
from shapecheck.layers import arguments as check
from shapecheck.layers.base import Arithmetic, Inference, Rule
from shapecheck.shapes import Dim, Shape, Unknown, add, is_size, multiply

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any, ClassVar, Unpack

    from shapecheck.layers.base import Options


class Merge(Rule):
    """Common base of the elementwise merges: equal shapes, or axes of size 1 that are broadcast, aligned at the last axis."""

    several_inputs = True
    least_inputs: ClassVar[int] = 1

    def __init__(self, **options: Unpack[Options]) -> None:
        super().__init__(**options)

    def infer(self, inputs: tuple[Shape, ...]) -> Inference:
        if len(inputs) < self.least_inputs:
            raise ShapeError(
                WrongInputCount(
                    len(inputs),
                    Phrase("arguments", "a_list_of_inputs", "a list of inputs"),
                    Phrase("arguments", "list", "call it with a list: {code}", code="Add()([a, b])"),
                )
            )
        output = inputs[0]
        for shape in inputs[1:]:
            output = stretched(output, shape, inputs)
        return Inference(output)


def stretched(left: Shape, right: Shape, inputs: tuple[Shape, ...]) -> Shape:
    """The shape that two are broadcast to."""
    if left.dims is None or right.dims is None:
        return Shape(None, why=left.why or right.why)
    batch = _common(left.dims[0], right.dims[0], inputs, stretch=False)
    long, short = sorted((left.dims[1:], right.dims[1:]), key=len, reverse=True)
    free = len(long) - len(short)
    sizes = (_common(a, b, inputs) for a, b in zip(long[free:], short, strict=True))
    return Shape((batch, *long[:free], *sizes))


def _common(a: Dim, b: Dim, inputs: tuple[Shape, ...], stretch: bool = True) -> Dim:
    if a == b:
        return a
    if stretch and 1 in (a, b):
        return b if a == 1 else a
    if isinstance(a, Unknown) or isinstance(b, Unknown):
        return a if isinstance(a, Unknown) else b
    if a is None or b is None:
        return None
    raise ShapeError(MergeMismatch(inputs, Phrase("arguments", "a_and_b_do", "{a} and {b} do not match", a=a, b=b), _equal_shapes(inputs)))


def _equal_shapes(inputs: tuple[Shape, ...]) -> str:
    """The advice for the axes that differ: channels need other filters, positions need other padding or strides."""
    ranks = {shape.rank for shape in inputs}
    sizes = {tuple(shape.dims[1:-1]) for shape in inputs if shape.dims}
    if len(ranks) == 1 and ranks != {2} and len(sizes) > 1:
        return Phrase(
            "arguments", "keep_the_sizes_equal", 'keep the sizes equal on both branches: padding="same" and the same strides in each'
        )
    return Phrase(
        "arguments",
        "make_the_last_axes",
        "make the last axes equal: add a Dense, or a Conv with window 1, with as many units or filters before the merge",
    )


class Add(Merge):
    """[(...), (...)] -> (...): the sum, element by element (a residual join).

    >>> print(Add().infer((Shape((None, 5, 3)), Shape((None, 5, 1)))).output)
    (None, 5, 3)
    """


class Subtract(Merge):
    """[(...), (...)] -> (...): the first minus the second; exactly two.

    >>> print(Subtract().infer((Shape((None, 5)), Shape((None, 5)))).output)
    (None, 5)
    """

    def infer(self, inputs: tuple[Shape, ...]) -> Inference:
        if len(inputs) != 2:
            advice = Phrase("arguments", "subtract_two_at_a", "subtract two at a time: Subtract()([a, b])")
            raise ShapeError(WrongInputCount(len(inputs), Phrase("arguments", "exactly_2_inputs", "exactly 2 inputs"), advice))
        return super().infer(inputs)


class Multiply(Merge):
    """[(...), (...)] -> (...): the product, element by element.

    >>> print(Multiply().infer((Shape((None, 5)), Shape((None, 5)))).output)
    (None, 5)
    """


class Average(Merge):
    """[(...), (...)] -> (...): the mean, element by element.

    >>> print(Average().infer((Shape((None, 5)), Shape((None, 5)))).output)
    (None, 5)
    """


class Maximum(Merge):
    """[(...), (...)] -> (...): the largest, element by element.

    >>> print(Maximum().infer((Shape((None, 5)), Shape((None, 5)))).output)
    (None, 5)
    """


class Minimum(Merge):
    """[(...), (...)] -> (...): the smallest, element by element.

    >>> print(Minimum().infer((Shape((None, 5)), Shape((None, 5)))).output)
    (None, 5)
    """


class Concatenate(Merge):
    """[(..., a), (..., b)] -> (..., a + b): side by side along `axis`; all other sizes must be equal.

    >>> print(Concatenate().infer((Shape((None, 5, 3)), Shape((None, 5, 4)))).output)
    (None, 5, 7)
    """

    def __init__(self, axis: int = -1, **options: Unpack[Options]) -> None:
        super().__init__(**options)
        if not is_size(axis) and not isinstance(axis, Unknown):
            raise ShapeError(
                BadArgument(
                    "axis",
                    axis,
                    Phrase("arguments", "an_integer", "an integer"),
                    check.edit("axis", axis, is_size, Phrase("arguments", "write_axis_1_for", "write axis=-1 for the last axis")),
                )
            )
        self.axis = axis

    def infer(self, inputs: tuple[Shape, ...]) -> Inference:
        if not inputs:
            raise ShapeError(
                WrongInputCount(
                    0,
                    Phrase("arguments", "a_list_of_inputs", "a list of inputs"),
                    Phrase("arguments", "list", "call it with a list: {code}", code="Concatenate()([a, b])"),
                )
            )
        if any(shape.dims is None for shape in inputs) or isinstance(self.axis, Unknown):
            why = next((shape.why for shape in inputs if shape.dims is None), because("the axis is unknown"))
            last = add(*(shape.last for shape in inputs)) if self.axis == -1 else None
            return Inference(Shape(None, last if isinstance(last, int) else None, why))
        ranks = {shape.rank for shape in inputs}
        if len(ranks) > 1:
            advice = Phrase("arguments", "bring_all_to_the", "bring all to the same number of axes (Flatten, Reshape or RepeatVector)")
            least, most = min(map(str, ranks)), max(map(str, ranks))
            raise ShapeError(
                MergeMismatch(inputs, Phrase("arguments", "least_axes_and_most", "{least} axes and {most}", least=least, most=most), advice)
            )
        place = check.axis("axis", self.axis, inputs[0], least=0)
        columns = list(zip(*(shape.dims or () for shape in inputs), strict=True))
        total = add(*columns[place])
        sizes = [total if i == place else self._equal(column, i, inputs) for i, column in enumerate(columns)]
        values = {f"size_{'abcdefgh'[i % 8]}": size for i, size in enumerate(columns[place])}
        line = Arithmetic(f"axis {place}", " + ".join(values), values, total)
        return Inference(Shape(sizes), arithmetic=(line,))

    def _equal(self, column: tuple[Dim, ...], axis: int, inputs: tuple[Shape, ...]) -> Dim:
        numbers = [size for size in column if isinstance(size, int)]
        if any(size != numbers[0] for size in numbers):
            a, b = sorted(set(numbers))[:2]
            why = Phrase(
                "arguments", "axis_axis_has_a",
                "axis {axis} has {a} and {b}; only axis {concatenated} may differ",
                axis=axis, a=a, b=b, concatenated=self.axis,
            )  # fmt: skip
            raise ShapeError(MergeMismatch(inputs, why, _advice(axis, inputs)))
        if numbers:
            return numbers[0]
        return next((size for size in column if isinstance(size, Unknown)), None)


class Dot(Rule):
    """[(..., n, ...), (..., n, ...)] -> products summed over `axes` (one, or one of each input), batch by batch.

    normalize=True divides by both lengths first: cosine similarity.

    >>> print(Dot(axes=1).infer((Shape((None, 5, 3)), Shape((None, 5, 4)))).output)
    (None, 3, 4)
    """

    several_inputs = True

    def __init__(self, axes: Any, normalize: bool = False, **options: Unpack[Options]) -> None:
        super().__init__(**options)
        pair = isinstance(axes, (tuple, list)) and len(axes) == 2 and all(map(is_size, axes))
        if not (pair or is_size(axes) or isinstance(axes, Unknown)):
            raise ShapeError(
                BadArgument("axes", axes, Phrase("arguments", "an_integer_or_two", "an integer or two of them"), for_example("axes=1"))
            )
        self.axes = axes
        self.normalize = check.flag("normalize", normalize)

    def infer(self, inputs: tuple[Shape, ...]) -> Inference:
        if len(inputs) != 2:
            raise ShapeError(
                WrongInputCount(
                    len(inputs),
                    Phrase("arguments", "exactly_2_inputs", "exactly 2 inputs"),
                    Phrase("arguments", "call", "call it as {code}", code="Dot(axes=1)([a, b])"),
                )
            )
        left, right = inputs
        if left.dims is None or right.dims is None or isinstance(self.axes, Unknown):
            return Inference(Shape(None, why=left.why or right.why or because("the axes are unknown")))
        axes = (self.axes, self.axes) if is_size(self.axes) else self.axes
        a, b = check.axis("axes", axes[0], left), check.axis("axes", axes[1], right)
        if isinstance(left.dims[a], int) and isinstance(right.dims[b], int) and left.dims[a] != right.dims[b]:
            first, second = left.dims[a], right.dims[b]
            why = Phrase(
                "arguments",
                "axis_a_of_the",
                "axis {a} of the first has {first}, axis {b} of the second {second}",
                a=a,
                first=first,
                b=b,
                second=second,
            )
            raise ShapeError(MergeMismatch(inputs, why, Phrase("arguments", "sum_over_axes_of", "sum over axes of equal size")))
        rest = [size for i, size in enumerate(left.dims) if i != a]
        rest += [size for i, size in enumerate(right.dims) if i not in (0, b)]
        macs = multiply(*rest[1:], left.dims[a])
        return Inference(Shape(rest if len(rest) > 1 else (*rest, 1)), multiply_adds=macs)


def _advice(axis: int, inputs: tuple[Shape, ...]) -> str:
    """The advice for tensors that differ on an axis: images by another size, others also along that axis."""
    if (inputs[0].rank or 0) > 3:
        return Phrase(
            "arguments",
            "make_axis_axis_equal_crop",
            "make axis {axis} equal: crop, pad or resize one of them, or choose an input that halves evenly",
            axis=axis,
        )
    return Phrase("arguments", "make_axis_axis_equal", "make axis {axis} equal, or write axis={axis}", axis=axis)
