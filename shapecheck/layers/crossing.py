"""HashedCrossing: several categories of a sample as one."""

from __future__ import annotations

from shapecheck.diagnostics.base import ShapeError
from shapecheck.diagnostics.rank import MergeMismatch, WrongInputCount, WrongRank
from shapecheck.languages import Phrase
from shapecheck.layers import arguments as check
from shapecheck.layers.base import Inference, Rule
from shapecheck.shapes import Shape, Unknown

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Unpack

    from shapecheck.layers.base import Options


class HashedCrossing(Rule):
    """[(1,), (1,)] words or whole numbers -> (1,) index below num_bins of the combination, by a hash.

    >>> print(HashedCrossing(5, output_mode="one_hot").infer((Shape((None, 1)), Shape((None, 1)))).output)
    (None, 5)
    """

    several_inputs = True

    def __init__(self, num_bins: int, output_mode: str = "int", sparse: bool = False, **options: Unpack[Options]) -> None:
        super().__init__(**options)
        self.num_bins = check.whole("num_bins", num_bins)
        self.output_mode = check.word("output_mode", output_mode, ("int", "one_hot"))
        self.sparse = check.flag("sparse", sparse)

    def infer(self, inputs: tuple[Shape, ...]) -> Inference:
        if len(inputs) != 2:  # Keras crosses more only outside of models
            raise ShapeError(
                WrongInputCount(
                    len(inputs),
                    Phrase("arguments", "2_inputs", "2 inputs"),
                    Phrase("arguments", "list", "call it with a list: {code}", code="HashedCrossing(8)([a, b])"),
                )
            )
        first = inputs[0]
        for shape in inputs:
            if shape.dims is None:
                return Inference(Shape(None, why=shape.why))
            if len(shape.dims) > 2 or (len(shape.dims) == 2 and isinstance(shape.dims[1], int) and shape.dims[1] != 1):
                raise ShapeError(
                    WrongRank(shape, 2, advice=Phrase("arguments", "pass_one_category_for", "pass one category for each sample: (1,)"))
                )
            if len(shape.dims) != len(first.dims or ()):
                raise ShapeError(
                    MergeMismatch(
                        inputs,
                        Phrase("arguments", "their_ranks_differ", "their ranks differ"),
                        Phrase("arguments", "give_all_of_them", "give all of them the shape (1,)"),
                    )
                )
        if isinstance(self.output_mode, Unknown):
            return Inference(Shape(None, why=self.output_mode.why))
        if self.output_mode == "int":
            return Inference(first)
        assert first.dims is not None
        return Inference(Shape((first.dims[0], self.num_bins)), window="new")
