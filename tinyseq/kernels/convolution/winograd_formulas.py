"""The formulas of Winograd's convolution: F(4x4, 3x3) for tiles of 4x4 outputs, F(6x6, 3x3) for tiles of 6x6.

    y = A^T [ (G w G^T) . (B^T x B) ] A      w a 3x3 filter, y a tile of outputs, x the inputs it sees; . element by element

Lavin & Gray (2016), "Fast algorithms for convolutional neural networks", section 4.1 and eq. 8; Winograd (1980). Outputs
cost 36 multiplications for 16 instead of 144, or 64 for 36 instead of 324; the price is the transforms and some rounding.
Gradients are the transposed maps: of the output A y A^T, of the filter G^T u G.

Filter and tile are polynomials, multiplied by their values at points: 0, 5/8, -5/8, 3/2, -3/2 and infinity; for tiles of 6: 0, 1, -1,
2, -2, 1/2, -1/2 and infinity. Points p and -p share their even and their odd part, which the two functions below make use of.
Values may be numbers or, while a kernel is compiled, vectors in registers (winograd_transforms.py).

The points decide how much is lost by rounding: powers of 2 and their sums cancel, and points whose products are near 1 keep powers small
on both ends (Barabasz et al. 2020, "Error analysis and improving the accuracy of Winograd convolution for deep neural networks", ACM
TOMS 46(4)). With 5/8 and 3/2 the error of F(4x4) is 2.1 times that of the definition in float32 (the greatest: 2.3 times); with 1 and 2
as in Lavin & Gray 4.6 (8.0): 64 channels, ReLU before. Of pairs of eighths these were the best, and all numbers of B and A are exact. For
tiles of 6 none of 14 other sets was better than 9 times.
"""

from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

SIZES = (4, 6)
"""Outputs along a side of a tile."""

BT = {
    4: np.array(
        [[225, 0, -676, 0, 256, 0], [0, -360, -576, 160, 256, 0], [0, 360, -576, -160, 256, 0],
         [0, -150, -100, 384, 256, 0], [0, 150, -100, -384, 256, 0], [0, 225, 0, -676, 0, 256]], np.float32,
    ) / np.float32(256),
    6: np.array(
        [[4, 0, -21, 0, 21, 0, -4, 0], [0, 4, 4, -17, -17, 4, 4, 0], [0, -4, 4, 17, -17, -4, 4, 0],
         [0, 2, 1, -10, -5, 8, 4, 0], [0, -2, 1, 10, -5, -8, 4, 0],
         [0, 8, 16, -10, -20, 2, 4, 0], [0, -8, 16, 10, -20, -2, 4, 0], [0, -4, 0, 21, 0, -21, 0, 4]], np.float32,
    ) / np.float32(4),
}  # fmt: skip
G = {
    4: np.array(
        [[30464, 0, 0], [-18432, -11520, -7200], [-18432, 11520, -7200], [3200, 4800, 7200], [3200, -4800, 7200], [0, 0, 26775]],
        np.float32,
    ) / np.float32(26775),
    6: np.array(
        [[180, 0, 0], [-40, -40, -40], [-40, 40, -40], [2, 4, 8], [2, -4, 8], [4, 2, 1], [4, -2, 1], [0, 0, 180]], np.float32,
    ) / np.float32(180),
}  # fmt: skip
AT = {
    4: np.array(
        [[512, 512, 512, 512, 512, 0], [0, 320, -320, 768, -768, 0], [0, 200, 200, 1152, 1152, 0], [0, 125, -125, 1728, -1728, 512]],
        np.float32,
    ) / np.float32(512),
    6: np.array(
        [[1, 1, 1, 1, 1, 32, 32, 0], [0, 1, -1, 2, -2, 16, -16, 0], [0, 1, 1, 4, 4, 8, 8, 0],
         [0, 1, -1, 8, -8, 4, -4, 0], [0, 1, 1, 16, 16, 2, 2, 0], [0, 1, -1, 32, -32, 1, -1, 1]], np.float32,
    ),
}  # fmt: skip

Matrix = NDArray[np.float32]
Values = list[Any]


def row_pairs(matrix: Matrix, x: Values) -> Values:
    """matrix @ x for B^T, G or A: rows 1 and 2, 3 and 4 ... differ in the signs of their odd columns only."""
    result = [weighted(matrix[0], x)]
    for row in matrix[1:-1:2]:
        scale = row[1::2][row[1::2] != 0][-1]  # so that one weight of the odd part is 1
        even, odd = weighted(row[::2], x[::2]), weighted(row[1::2] / scale, x[1::2])
        result += [even + odd, even - odd] if scale == 1 else [even + odd * scale, even - odd * scale]
    return [*result, weighted(matrix[-1], x)]


def column_pairs(matrix: Matrix, x: Values) -> Values:
    """matrix @ x for A^T or G^T: columns 1 and 2, 3 and 4 ... differ in the signs of their odd rows only."""
    pairs = list(zip(x[1:-1:2], x[2:-1:2], strict=True))
    folded = [a + b for a, b in pairs], [a - b for a, b in pairs]
    weights = np.concatenate([matrix[:, :1], matrix[:, 1:-1:2], matrix[:, -1:]], axis=1)
    return [weighted(row, [x[0], *folded[i % 2], x[-1]]) for i, row in enumerate(weights)]


def weighted(weights: Sequence[Any] | Matrix, values: Values) -> Any:
    """The sum of weight * value. Starts with a weight of 1 if there is one, which saves a multiplication."""
    terms = sorted(((float(w), value) for w, value in zip(weights, values, strict=True) if w), key=lambda term: term[0] != 1)
    weight, total = terms[0]
    total = total if weight == 1 else total * weight
    for weight, value in terms[1:]:
        total = total + value if weight == 1 else total - value if weight == -1 else total + value * weight
    return total
