"""Input as a layer: where a graph begins."""

from __future__ import annotations

from shapecheck.layers import core as rules
from tinyseq.layers.base import Layer


class InputLayer(rules.InputLayer, Layer):
    """Stands for data that will be fed. Computes nothing."""
