"""The gradient of max pooling, before it is spread over the pooled image. Max pooling passes

its gradient to one pixel of each window; the others get 0. A layer before it that can use the values and their positions (a 3x3
convolution: kernels/convolution/before_pooling/) saves the zeros, and the time to multiply them. Which layers
agree on that is found when a plan is made: `Plan._hand_back` asks `hands_back` of the one and `handed_buffers` of the other. Then
the pooling layer's backward is not called, and ctx.handed of the other is what stands here.
"""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

Array = NDArray[Any]

NOTHING: Array = np.empty(0, np.float32)


class Handed(NamedTuple):
    """Facts about the max pooling that is the only reader of a layer's output; the gradient itself is an argument of backward."""

    window: tuple[int, int, int, int, int, int]
    """Rows and columns, their strides, padding above and on the left."""
    shape: tuple[int, ...]
    """Of the pooled output, and of its gradient."""
    chosen: Array = NOTHING
    """The position in its window to which each value of the gradient goes: row * columns + column."""
    output: Array = NOTHING
    """The output of the pooling: the chosen values of the layer's output."""
