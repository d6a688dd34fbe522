"""Input, where a graph begins, and layers that compute nothing or run the user's code."""

from __future__ import annotations

from shapecheck.diagnostics.arguments import BadArgument
from shapecheck.diagnostics.base import ShapeError
from shapecheck.languages import Phrase, because, for_example
from shapecheck.layers import arguments as check
from shapecheck.layers.base import Inference, OneInput, Rule, batch_argument, shape_argument
from shapecheck.shapes import Shape, Unknown

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any, ClassVar, Unpack

    from shapecheck.layers.base import Options


class InputLayer(Rule):
    """() -> (batch, *shape): a placeholder for data; it has no weights and no input.

    `shape` is without the batch axis, `batch_shape` with it. shape=(784) is an int and means (784,), as in the guide.

    >>> print(InputLayer(shape=(250, 250, 3)).shape_accepted)
    (None, 250, 250, 3)
    """

    def __init__(
        self,
        shape: Any = None,
        batch_size: int | None = None,
        dtype: Any = None,
        sparse: bool | None = None,
        ragged: bool | None = None,
        batch_shape: Any = None,
        input_tensor: Any = None,
        optional: bool = False,
        name: str | None = None,
        **options: Any,
    ) -> None:
        super().__init__(name=name, dtype=dtype, **options)
        self.shape = shape
        self.batch_size = batch_argument(batch_size)
        self.sparse = sparse
        self.ragged = ragged
        self.batch_shape = batch_shape
        self.input_tensor = input_tensor
        self.optional = optional
        self._check_once()
        self.shape_accepted = self._accepted()

    def _check_once(self) -> None:
        """A size is said once: batch_shape beside shape or batch_size is refused, as in Keras."""
        if self.batch_shape is None:
            return
        for name, value in (("shape", self.shape), ("batch_size", self.batch_size)):
            if value is not None:
                advice = Phrase(
                    "arguments",
                    "remove_name_or_write",
                    "remove {name}, or write shape= without the batch axis and no batch_shape",
                    name=name,
                )
                raise ShapeError(
                    BadArgument(
                        name, value, Phrase("arguments", "none_beside_batch_shape", "None beside batch_shape, which holds it too"), advice
                    )
                )

    def _accepted(self) -> Shape:
        if self.batch_shape is not None:
            if isinstance(self.batch_shape, Unknown):
                return Shape(None, why=self.batch_shape.why)
            return Shape(shape_argument("batch_shape", self.batch_shape))
        if self.declared_input is not None and self.shape is None:
            return self.declared_input
        if isinstance(self.shape, Unknown):
            return Shape(None, why=self.shape.why)
        if self.shape is None:
            raise ShapeError(
                BadArgument(
                    "shape", None, Phrase("arguments", "a_tuple_of_sizes", "a tuple of sizes"), for_example("Input(shape=(28, 28, 1))")
                )
            )
        return Shape((self.batch_size, *shape_argument("shape", self.shape)))

    def infer(self, inputs: tuple[Shape, ...]) -> Inference:
        return Inference(self.shape_accepted)


class Identity(OneInput):
    """(...) -> (...): the unchanged input.

    >>> print(Identity().infer((Shape((None, 5)),)).output)
    (None, 5)
    """

    def __init__(self, **options: Unpack[Options]) -> None:
        super().__init__(**options)

    def infer_known(self, shape: Shape) -> Inference:
        return Inference(shape)

    def infer_unknown(self, shape: Shape) -> Inference:
        return Inference(shape)


class Masking(Identity):
    """(steps, features) -> the same: later layers skip the steps at which all features equal `mask_value`.

    >>> print(Masking().infer((Shape((None, 7, 3)),)).output)
    (None, 7, 3)
    """

    def __init__(self, mask_value: float = 0.0, **options: Unpack[Options]) -> None:
        super().__init__(**options)
        self.mask_value = check.number("mask_value", mask_value)


class Lambda(Rule):
    """(...) -> output_shape: the user's code, which is not run here: without output_shape its shape may be unknown.

    >>> print(Lambda(abs, output_shape=(4,)).infer((Shape((None, 5, 7)),)).output)
    (None, 4)
    """

    renamed: ClassVar[dict[str, str]] = {
        "output_shape": "given_output_shape",
        "mask": "given_mask",
        "arguments": "given_arguments",
    }

    def __init__(
        self,
        function: Any,
        output_shape: Any = None,
        mask: Any = None,
        arguments: Any = None,
        **options: Unpack[Options],
    ) -> None:
        super().__init__(**options)
        if not callable(function) and not isinstance(function, Unknown):
            raise ShapeError(
                BadArgument("function", function, Phrase("arguments", "a_function", "a function"), for_example("Lambda(lambda x: x * 2)"))
            )
        self.function = function
        self.given_output_shape = output_shape
        self.given_mask = mask
        self.given_arguments = arguments

    def infer(self, inputs: tuple[Shape, ...]) -> Inference:
        given, shape = self.given_output_shape, inputs[0]
        if given is None or callable(given) or isinstance(given, Unknown):
            why = because("a Lambda runs your own code: pass it output_shape=(...)")
            return Inference(Shape(None, why=why), (), Unknown("multiply-adds", why), window="new")
        batch = shape.dims[0] if shape.dims else Unknown("batch", shape.why)
        macs = Unknown("multiply-adds", because("a Lambda runs your own code"))
        return Inference(Shape((batch, *shape_argument("output_shape", given))), (), macs, window="new")
