"""Input as a layer: where a graph begins."""

from __future__ import annotations

import numpy as np

from shapecheck.layers import core as rules
from tinyseq.layers.base import Layer


class InputLayer(rules.InputLayer, Layer):
    """Stands for data that will be fed. Computes nothing."""

    def check_compute(self) -> None:
        try:
            number = np.dtype(self.dtype or "float32").kind in "fiub"
        except TypeError:
            number = False
        if not number:
            raise ValueError(f"{self.name}: dtype={self.dtype!r} is no kind of number: write dtype='float32', or leave it out")
