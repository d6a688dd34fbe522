"""EinsumDense: a product with a kernel along any axes, named by letters."""

from __future__ import annotations

import re

from shapecheck.diagnostics.arguments import BadArgument, ConflictingArguments
from shapecheck.diagnostics.base import ShapeError
from shapecheck.diagnostics.rank import UndefinedDimension, WrongRank
from shapecheck.languages import Phrase, because, for_example
from shapecheck.layers import arguments as check
from shapecheck.layers.base import Inference, OneInput, WeightSpec
from shapecheck.shapes import Dim, Shape, Unknown, exact, is_size, multiply

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any, ClassVar, Unpack

    from shapecheck.layers.base import Options


PATTERNS = (
    "([a-zA-Z]+),([a-zA-Z]+)->([a-zA-Z]+)",
    r"\.\.\.([a-zA-Z]+),([a-zA-Z]+)->\.\.\.([a-zA-Z]+)",
    r"([a-zA-Z]{2,})\.\.\.,([a-zA-Z]+)->([a-zA-Z]+)\.\.\.",
)
EXAMPLE = for_example('equation="abc,cd->abd"')


class EinsumDense(OneInput):
    """(...) -> output_shape: activation(einsum(equation, x, kernel) + bias), a Dense along any axes.

    `equation` names the axes of input, kernel and output, "abc,cd->abd"; `output_shape` has the sizes of the output without the batch
    axis: None for one that is as in the input, and that stays None in the shape that Keras declares.

    >>> print(EinsumDense("abc,cde->abde", (None, 2, 4)).infer((Shape((None, 7, 5)),)).output)
    (None, None, 2, 4)
    >>> print(EinsumDense("...c,cd->...d", 4).infer((Shape((None, 7, 5)),)).output)
    (None, 7, 4)
    """

    least_rank = 2
    renamed: ClassVar[dict[str, str]] = {"output_shape": "given_output_shape"}

    def __init__(
        self, equation: str, output_shape: Any, activation: Any = None, bias_axes: str | None = None,
        kernel_initializer: Any = "glorot_uniform", bias_initializer: Any = "zeros", kernel_regularizer: Any = None,
        bias_regularizer: Any = None, kernel_constraint: Any = None, bias_constraint: Any = None, lora_rank: Any = None,
        lora_alpha: Any = None, gptq_unpacked_column_size: Any = None, quantization_config: Any = None, **options: Unpack[Options],
    ) -> None:  # fmt: skip
        super().__init__(**options)
        self.equation = self._equation(equation)
        self.given_output_shape = self._sizes(output_shape)
        self.activation = check.activation(activation)
        self.bias_axes = self._letters(bias_axes)
        self.kernel_initializer = check.initializer("kernel_initializer", kernel_initializer)
        self.bias_initializer = check.initializer("bias_initializer", bias_initializer)
        self.kernel_regularizer = check.regularizer("kernel_regularizer", kernel_regularizer)
        self.bias_regularizer = check.regularizer("bias_regularizer", bias_regularizer)
        self.kernel_constraint = check.constraint("kernel_constraint", kernel_constraint)
        self.bias_constraint = check.constraint("bias_constraint", bias_constraint)
        self.lora_rank = None if lora_rank is None else check.whole("lora_rank", lora_rank)
        self.lora_alpha = lora_alpha
        self.gptq_unpacked_column_size = gptq_unpacked_column_size
        self.quantization_config = quantization_config

    # ------------------------------------------------------------------ arguments

    @staticmethod
    def _equation(value: Any) -> Any:
        if isinstance(value, Unknown):
            return value
        words = Phrase(
            "arguments",
            "letters_of_input_kernel",
            "letters of input, kernel and output: [X],[Y]->[Z], ...[X],[Y]->...[Z] or [X]...,[Y]->[Z]...",
        )
        match = next((found for pattern in PATTERNS if (found := re.fullmatch(pattern, value))), None) if isinstance(value, str) else None
        if match is None:
            raise ShapeError(BadArgument("equation", value, words, EXAMPLE))
        x, kernel, y = match.groups()
        lost = next((letter for letter in y if letter not in x + kernel), None)
        lost = lost or next((letter for letter in kernel if letter not in x + y), None)
        if lost is not None:
            expected = Phrase(
                "arguments",
                "letters_of_the_output_that",
                "letters of the output that input or kernel have, and of the kernel that input or output have, not {lost!r} alone",
                lost=lost,
            )
            raise ShapeError(BadArgument("equation", value, expected, EXAMPLE))
        return value

    @staticmethod
    def _sizes(value: Any) -> Any:
        """Sizes without the batch axis."""
        if isinstance(value, Unknown):
            return value
        sizes = value if isinstance(value, (tuple, list)) else (value,)
        if not all(size is None or isinstance(size, Unknown) or (is_size(size) and size >= 1) for size in sizes) or value is None:
            expected = Phrase(
                "arguments", "sizes_without_the_batch", "sizes without the batch axis: a positive integer, or a tuple of them and of None"
            )
            raise ShapeError(BadArgument("output_shape", value, expected, for_example("output_shape=(None, 64)")))
        return tuple(exact(size) if is_size(size) else size for size in sizes)

    def _letters(self, value: Any) -> Any:
        if value is None or isinstance(value, Unknown) or isinstance(self.equation, Unknown):
            return value
        y = self.equation.partition("->")[2].strip(".")
        if not isinstance(value, str) or not value or any(letter not in y for letter in value):
            raise ShapeError(
                BadArgument(
                    "bias_axes",
                    value,
                    Phrase("arguments", "letters_of_the_output", "letters of the output {y!r}", y=y),
                    for_example(f"bias_axes={y[-1]!r}"),
                )
            )
        return value

    # ------------------------------------------------------------------ shapes

    def terms(self, rank: int) -> tuple[str, str, str]:
        """The letters of input, kernel and output for an input of so many axes, with other letters in place of "..."."""
        left, _, y = self.equation.partition("->")
        x, kernel = left.split(",")
        free = [letter for letter in "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz" if letter not in self.equation]
        dots = "".join(free[: rank - len(x.replace("...", ""))])
        found = [term.replace("...", dots) for term in (x, kernel, y)]
        if len(found[0]) != rank:
            least = "..." in x
            shape_rank = len(x.replace("...", ""))
            raise ShapeError(
                WrongRank(
                    Shape((None,) * rank),
                    shape_rank,
                    least,
                    Phrase(
                        "arguments",
                        "equation_equation_names_shape",
                        "equation={equation!r} names {shape_rank} axes",
                        equation=self.equation,
                        shape_rank=shape_rank,
                    ),
                )
            )
        return found[0], found[1], found[2]

    def infer_known(self, shape: Shape) -> Inference:
        assert shape.dims is not None
        unknown = next((one for one in (self.equation, self.given_output_shape) if isinstance(one, Unknown)), None)
        if unknown is not None:
            return Inference(Shape(None, why=unknown.why), (WeightSpec("kernel", (unknown,)),), unknown)
        x, kernel, y = self.terms(len(shape.dims))
        sizes: dict[str, Dim] = dict(zip(x, shape.dims, strict=True))
        output = self._output(shape, x, y)
        for letter, size in zip(y, output, strict=True):
            if letter in sizes and size is not None and is_size(sizes[letter]) and is_size(size) and sizes[letter] != size:
                facts = ("equation", self.equation, "output_shape", self.given_output_shape)
                given = sizes[letter]
                why = Phrase(
                    "arguments",
                    "axis_letter_has_given",
                    "axis {letter!r} has {given} in the input and {size} in the output",
                    letter=letter,
                    given=given,
                    size=size,
                )
                raise ShapeError(
                    ConflictingArguments(
                        *facts,
                        why,
                        Phrase("arguments", "write_given_or_none", "write {given}, or None, for it in output_shape", given=given),
                    )
                )
        sizes |= {letter: size for letter, size in zip(y, output, strict=True) if letter not in sizes or sizes[letter] is None}
        told = dict(zip(y, self._given(shape, x), strict=True))
        weights = self._specs(shape, kernel, y, told, sizes)
        if self.lora_rank is not None or self.quantization_config is not None:
            weights += (WeightSpec("more", (Unknown("weights", because("weights of LoRA and of quantization are not counted")),)),)
        macs = multiply(*(sizes[letter] for letter in dict.fromkeys(x[1:] + kernel) if letter != x[0]))
        declared = output if is_size(shape.dims[0]) else self._given(shape, x)
        return Inference(Shape(declared), weights, macs, window="all" if len(output) == 2 else "new")

    def _output(self, shape: Shape, x: str, y: str) -> tuple[Dim, ...]:
        """The sizes of the output: output_shape, or those of the input where it has None."""
        assert shape.dims is not None
        given = self._given(shape, x)
        if len(given) != len(y) or y[0] != x[0]:
            count = len(y) - len(given) + len(self.given_output_shape)
            expected = Phrase(
                "arguments",
                "count_sizes_for_equation",
                "{count} sizes, for equation={equation!r} without its batch axis",
                count=count,
                equation=self.equation,
            )
            raise ShapeError(
                BadArgument(
                    "output_shape",
                    self.given_output_shape,
                    expected,
                    Phrase("arguments", "write_none_for_a", "write None for a size that the input has"),
                )
            )
        sizes = dict(zip(x, shape.dims, strict=True))
        return tuple(sizes.get(letter) if size is None else size for letter, size in zip(y, given, strict=True))

    def _given(self, shape: Shape, x: str) -> tuple[Dim, ...]:
        """output_shape with the batch axis, and with the sizes of "..."."""
        assert shape.dims is not None
        given: tuple[Dim, ...] = self.given_output_shape
        if self.equation.startswith("..."):
            dots = len(x) - len(self.equation.partition(",")[0].strip("."))
            given = (*shape.dims[1:dots], *given)
        elif "..." in self.equation:
            dots = len(x) - len(self.equation.partition(",")[0].strip("."))
            given = (*given, *shape.dims[len(x) - dots :])
        return (shape.dims[0], *given)

    def _specs(self, shape: Shape, kernel: str, y: str, told: dict[str, Dim], sizes: dict[str, Dim]) -> tuple[WeightSpec, ...]:
        dims = tuple(self._known(letter, shape, told, sizes) for letter in kernel)
        fans = multiply(*(sizes[c] for c in kernel if c not in told)), multiply(*(told[c] for c in kernel if c in told))
        found = (WeightSpec("kernel", dims, self.kernel_initializer, fans=fans),)
        if self.bias_axes is None:
            return found
        if isinstance(self.bias_axes, Unknown):
            return (*found, WeightSpec("bias", (self.bias_axes,), self.bias_initializer))
        named = self.equation.partition("->")[2].strip(".")
        first = min(named.find(letter) for letter in self.bias_axes)
        trailing = len(y) - len(named) if self.equation.endswith("...") else 0
        bias = tuple(self._known(c, shape, told, sizes) if c in self.bias_axes else 1 for c in named[first:])
        return (*found, WeightSpec("bias", (*bias, *(1,) * trailing), self.bias_initializer))

    def _known(self, letter: str, shape: Shape, told: dict[str, Dim], sizes: dict[str, Dim]) -> Dim:
        """The size of an axis that a weight has."""
        size = told[letter] if letter in told else sizes[letter]
        if size is None and sizes.get(letter) is not None:
            right = sizes[letter]
            expected = Phrase("arguments", "a_size_for_axis", "a size for axis {letter!r}, which has weights, not None", letter=letter)
            raise ShapeError(
                BadArgument(
                    "output_shape",
                    self.given_output_shape,
                    expected,
                    Phrase("arguments", "write_right_in_place", "write {right} in place of that None", right=right),
                )
            )
        if size is None:
            raise ShapeError(UndefinedDimension(shape))
        return size

    def rank_advice(self, shape: Shape) -> str:
        return Phrase(
            "arguments", "equation_equation_names_the", "equation={equation!r} names the axes of its input", equation=self.equation
        )
