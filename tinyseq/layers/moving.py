"""Moving: what layers share that move values and compute none."""

from __future__ import annotations

from tinyseq.layers.base import Layer


class Moving(Layer):
    """A layer that keeps nothing for backward."""

    needs_input = False
    needs_output = False
    turns = True
