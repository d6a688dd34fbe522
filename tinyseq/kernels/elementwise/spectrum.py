"""What a spectrogram shows of the real part r and the imaginary part i of each frequency f of a frame: forward and slopes.

    LOG        log(sqrt(max(r^2 + i^2, 1e-7)))
    MAGNITUDE  sqrt(max(r^2 + i^2, 1e-7))
    PSD        w[f] (r^2 + i^2), w[f] = 1 for the first and the last frequency, else 2
    ANGLE      atan2(i, r)

Arrays (frames, bins), flat, float32. Source: keras 3.15, keras/src/layers/preprocessing/stft_spectrogram.py.
"""

import math

import numpy as np
from numpy.typing import NDArray

from tinyseq.kernels.jit.kernel import kernel

Floats = NDArray[np.float32]

LOG, MAGNITUDE, PSD, ANGLE = 0, 1, 2, 3
LEAST = 1e-7
"""Powers below count as this much."""


@kernel
def show(mode: int, bins: int, real: Floats, imag: Floats, out: Floats) -> None:
    """out from real and imag."""
    for n in range(out.size):
        r, i = np.float64(real[n]), np.float64(imag[n])
        power = r * r + i * i
        if mode == LOG:
            out[n] = 0.5 * math.log(max(power, LEAST))
        elif mode == MAGNITUDE:
            out[n] = math.sqrt(max(power, LEAST))
        elif mode == PSD:
            f = n % bins
            out[n] = power if f == 0 or f == bins - 1 else 2.0 * power
        else:
            out[n] = math.atan2(i, r)


@kernel
def slopes(mode: int, bins: int, real: Floats, imag: Floats, gradient: Floats, d_real: Floats, d_imag: Floats) -> None:
    """d_real and d_imag from the gradient of the output."""
    for n in range(gradient.size):
        r, i, g = np.float64(real[n]), np.float64(imag[n]), np.float64(gradient[n])
        power = r * r + i * i
        if mode == ANGLE:
            d_real[n] = -g * i / power if power > 0 else 0.0
            d_imag[n] = g * r / power if power > 0 else 0.0
            continue
        if mode == PSD:
            f = n % bins
            factor = g * (2.0 if f == 0 or f == bins - 1 else 4.0)
        elif power <= LEAST:
            factor = g * 0.0
        elif mode == LOG:
            factor = g / power
        else:
            factor = g / math.sqrt(power)
        d_real[n] = factor * r
        d_imag[n] = factor * i
