"""Dense by definition, float64. x: (rows, features), w: (features, units), b: (units,), y and dy: (rows, units)."""

import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.float64]


def dense_reference(x: Array, w: Array, b: Array | None, relu: bool) -> Array:
    """y[m, u] = sum over k of x[m, k] w[k, u] + b[u]."""
    y = np.zeros((x.shape[0], w.shape[1]))
    for m, u in np.ndindex(*y.shape):
        for k in range(x.shape[1]):
            y[m, u] += float(x[m, k]) * float(w[k, u])
        y[m, u] += 0.0 if b is None else float(b[u])
        if relu and y[m, u] < 0:
            y[m, u] = 0.0
    return y


def dense_gradients_reference(x: Array, w: Array, dy: Array) -> tuple[Array, Array, Array]:
    """(dx, dw, db): what a change of x, w and b changes in sum(y * dy)."""
    dx, dw, db = np.zeros(x.shape), np.zeros(w.shape), np.zeros(w.shape[1])
    for m, u in np.ndindex(*dy.shape):
        g = float(dy[m, u])
        for k in range(x.shape[1]):
            dx[m, k] += g * float(w[k, u])
            dw[k, u] += g * float(x[m, k])
        db[u] += g
    return dx, dw, db
