"""Operations on tensors without a layer: x + y, x * 2. A model computes them, but its list of layers omits them."""

from __future__ import annotations

from shapecheck.layers import arguments as check
from shapecheck.layers.merging import Merge

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any, ClassVar, Unpack

    from shapecheck.layers.base import Options


class Operation(Merge):
    """The result of an operator on two tensors, or on one tensor and a `number`."""

    operation: ClassVar[bool] = True

    def __init__(self, number: Any = None, **options: Unpack[Options]) -> None:
        super().__init__(**options)
        self.number = None if number is None else check.number("number", number)


class Add(Operation):
    """x + y, x + 3.0.

    >>> from shapecheck.shapes import Shape
    >>> print(Add(3.0).infer((Shape((None, 5, 7)),)).output)
    (None, 5, 7)
    """


class Multiply(Operation):
    """x * y, x * 3.0.

    >>> from shapecheck.shapes import Shape
    >>> print(Multiply().infer((Shape((None, 5, 7)), Shape((None, 1, 7)))).output)
    (None, 5, 7)
    """
