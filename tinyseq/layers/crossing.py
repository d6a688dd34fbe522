"""HashedCrossing: the bins of TensorFlow's tf.sparse.cross_hashed. Rule: shapecheck.layers.crossing."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from shapecheck.layers import crossing as rules
from tinyseq.engine.operator import Array
from tinyseq.engine.strings import texts
from tinyseq.layers.encodings import encoded
from tinyseq.layers.farm_hash import joined
from tinyseq.layers.text_preprocessing import Categories

if TYPE_CHECKING:
    from tinyseq.engine.context import Context


class HashedCrossing(rules.HashedCrossing, Categories):
    """In a model for whole numbers; words on arrays only."""

    input_dtype = "int64"

    def crossed(self, columns: list[Array]) -> Array:
        """The bin of each sample."""
        sizes = columns[0].shape
        if any(column.shape != sizes for column in columns) or len(sizes) > 2 or (len(sizes) == 2 and sizes[1] != 1):
            shapes = " and ".join(str(column.shape) for column in columns)
            advice = "pass one category for each sample, all (samples,) or (samples, 1)"
            raise ValueError(f"{self.name}: got arrays of shape {shapes}: {advice}")
        rows = zip(*(column.reshape(-1).tolist() for column in columns), strict=True)
        found = np.array([joined(row) % self.num_bins for row in rows], np.int64).reshape(sizes)
        return encoded(str(self.name), found, self.output_mode, self.num_bins)

    def forward(self, ctx: Context, *inputs: Any) -> Any:
        ctx.output[...] = self.crossed(list(inputs))
        return ctx.output

    def accepted(self, value: Any) -> Array:
        array = np.asarray(value)
        if array.dtype.kind == "f":
            raise TypeError(f"{self.name}: categories are whole numbers or words, got {array.dtype}: pass x.astype('int64')")
        return array.astype(np.int64) if array.dtype.kind in "biu" else texts(str(self.name), array)

    def _compute(self, given: list[Any], training: bool, masks: int = 0) -> Any:
        self.check_compute()
        if len(given) < 2:
            raise ValueError(f"{self.name}: got {len(given)} arrays: pass at least 2, as in {self.name}([a, b])")
        return self.crossed([self.accepted(value) for value in given])
