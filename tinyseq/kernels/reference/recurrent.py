"""SimpleRNN, LSTM and GRU step by step in float64, as their papers have them: for the tests.

x (steps, features), w (features, gates * units), u (units, gates * units), b (gates * units), or (2, 3 * units) for a GRU whose reset gate
comes after the product. Returns the states after each step, (steps, units).
"""

from typing import Any

import numpy as np
from numpy.typing import NDArray

Doubles = NDArray[np.float64]


def sigmoid(x: Doubles) -> Any:
    """1 / (1 + exp(-x))."""
    return 1 / (1 + np.exp(-x))


def simple_rnn(x: Doubles, w: Doubles, u: Doubles, b: Doubles) -> Doubles:
    """Elman (1990)."""
    h, found = np.zeros(len(u)), []
    for row in x:
        h = np.tanh(row @ w + h @ u + b)
        found.append(h)
    return np.array(found)


def lstm(x: Doubles, w: Doubles, u: Doubles, b: Doubles) -> Doubles:
    """Hochreiter & Schmidhuber (1997)."""
    h, c, found = np.zeros(len(u)), np.zeros(len(u)), []
    for row in x:
        i, f, g, o = np.split(row @ w + h @ u + b, 4)
        c = sigmoid(f) * c + sigmoid(i) * np.tanh(g)
        h = sigmoid(o) * np.tanh(c)
        found.append(h)
    return np.array(found)


def gru(x: Doubles, w: Doubles, u: Doubles, b: Doubles) -> Doubles:
    """Cho et al. (2014)."""
    units, after = len(u), b.ndim == 2
    h, found = np.zeros(units), []
    for row in x:
        x_z, x_r, x_g = np.split(row @ w + (b[0] if after else b), 3)
        h_z, h_r, h_g = np.split(h @ u + (b[1] if after else 0), 3)
        z, r = sigmoid(x_z + h_z), sigmoid(x_r + h_r)
        g = np.tanh(x_g + (r * h_g if after else (r * h) @ u[:, 2 * units :]))
        h = z * h + (1 - z) * g
        found.append(h)
    return np.array(found)
