"""Windows: how much each position of a frame counts, under SciPy's names. Source: scipy.signal.windows; Harris (1978)."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

Array = NDArray[Any]

COSINES = {
    "boxcar": (1.0,),
    "hann": (0.5, 0.5),
    "hamming": (0.54, 0.46),
    "blackman": (0.42, 0.5, 0.08),
    "nuttall": (0.3635819, 0.4891775, 0.1365995, 0.0106411),
    "blackmanharris": (0.35875, 0.48829, 0.14128, 0.01168),
    "flattop": (0.21557895, 0.41663158, 0.277263158, 0.083578947, 0.006947368),
}
"""Sums of cosines: w(t) = a0 + a1 cos t + a2 cos 2t ..., t from -pi to pi."""
OTHERS = ("bartlett", "cosine")


def window_values(window: Any, length: int, periodic: bool) -> Array:
    """`length` numbers in float64: a window by its name, an array of that length, or ones for None.

    periodic: one period, whose last value is the first one of the next.

    >>> window_values("hann", 4, True).round(6).tolist()
    [0.0, 0.5, 1.0, 0.5]
    """
    if window is None:
        return np.ones(length)
    if not isinstance(window, str):
        found = np.asarray(window, np.float64)
        if found.shape != (length,):
            raise ValueError(f"window has the shape {found.shape}: expected ({length},), one number for each position of a frame")
        return found
    if window not in (*COSINES, *OTHERS):
        raise ValueError(f"window={window!r} is not known: use one of {', '.join((*COSINES, *OTHERS))}, or an array of {length} numbers")
    if length == 1:
        return np.ones(1)
    points = length + periodic
    if window == "bartlett":
        whole: Array = 1 - np.abs(np.linspace(-1, 1, points))
    elif window == "cosine":
        whole = np.sin(np.pi / points * (np.arange(points) + 0.5))
    else:
        angles = np.linspace(-np.pi, np.pi, points)
        whole = np.sum([a * np.cos(k * angles) for k, a in enumerate(COSINES[window])], axis=0)
    return whole[:length]
