"""STFTSpectrogram, whose transform is a product of frames with kernels that may be trained, and MelSpectrogram, by NumPy.

A frame is a part of the signal: products.product reads it where it is, without a copy.
"""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.lib.stride_tricks import as_strided, sliding_window_view

from shapecheck.layers import spectrograms as rules
from shapecheck.shapes import same_padding
from tinyseq import kernels
from tinyseq.engine.operator import Array, Buffers, Place, Sizes
from tinyseq.layers.base import Layer
from tinyseq.layers.by_numpy import ByNumPy
from tinyseq.weights.windows import window_values

if TYPE_CHECKING:
    from tinyseq.engine.context import Context

F32 = np.float32
SHOWN = {"log": 0, "magnitude": 1, "psd": 2, "angle": 3}
"""Modes that read both parts: the number of each in kernels/elementwise/spectrum.py."""


class STFTSpectrogram(rules.STFTSpectrogram, Layer):
    tells = True
    needs_output = False
    either_data_format = True

    def _sides(self) -> tuple[str, ...]:
        return {"real": ("real",), "imag": ("imag",)}.get(self.mode, ("real", "imag"))

    def _first(self) -> bool:
        return bool(self.data_format == "channels_first")

    def _padded(self, x: Sizes) -> Sizes:
        """The shape of the signal with zeros at its ends."""
        if self.padding == "valid":
            return x
        axis = 2 if self._first() else 1
        more = sum(same_padding(x[axis], self.frame_length, self.step))
        return tuple(size + more * (place == axis) for place, size in enumerate(x))

    def _frames(self, x: Array) -> Array:
        """(samples, channels, frames, frame_length): a view of the signal."""
        turned = x if self._first() else x.swapaxes(1, 2)
        count = (turned.shape[2] - self.frame_length) // self.step + 1
        samples, channels, step = turned.strides
        return as_strided(turned, (*turned.shape[:2], count, self.frame_length), (samples, channels, step * self.step, step))

    def _parts(self, y: Array) -> Array:
        """(samples, channels, frames, bins): a view of the output."""
        if self.expand_dims:
            return y if self._first() else y.transpose(0, 3, 1, 2)
        bins = self.bins * (2 if self.mode == "stft" else 1)
        if self._first():
            return y.reshape(len(y), -1, bins, y.shape[2]).transpose(0, 1, 3, 2)
        return y.reshape(*y.shape[:2], -1, bins).transpose(0, 2, 1, 3)

    def buffers(self, inputs: tuple[Sizes, ...], output: Sizes, training: bool) -> Buffers:
        x = inputs[0]
        channels = x[1] if self._first() else x[2]
        padded = self._padded(x)
        frames = (padded[2 if self._first() else 1] - self.frame_length) // self.step + 1
        part: Place = (x[0], channels, frames, self.bins), F32
        size = kernels.products.panel_size
        length, bins = self.frame_length, self.bins
        panels: Place = (max(size(length, bins), size(bins, length), size(frames, bins)),), F32
        signal: dict[str, Place] = {} if padded == x else {"signal": (padded, F32)}
        kept = dict.fromkeys(self._sides(), part)
        scratch = {"panels": panels, "shown": part}
        if not training:
            return Buffers({}, {**kept, **signal, **scratch})
        back: dict[str, Place] = {f"d_{side}": part for side in self._sides()}
        back |= {"frames": ((*part[0][:3], length), F32), "d_signal": (padded, F32)}
        return Buffers({**kept, **signal}, scratch, {**scratch, **back})

    def _signal(self, ctx: Context, x: Array) -> Array:
        """The signal with zeros at its ends."""
        if self._padded(x.shape) == x.shape:
            return x
        place: Array = self._kept(ctx, "signal")
        ctx.call(kernels.copying.clear_all, place)
        ctx.call(kernels.strided_copy.copy, x, x, place, self._inside(place, x.shape))
        return place

    def _inside(self, padded: Array, x: Sizes) -> Array:
        axis = 2 if self._first() else 1
        before, _ = same_padding(x[axis], self.frame_length, self.step)
        part = slice(before, before + x[axis])
        return padded[:, :, part] if self._first() else padded[:, part]

    def _kept(self, ctx: Context, name: str) -> Array:
        found: Array = ctx.saved(name) if ctx.training else ctx.scratch(name)
        return found

    def forward(self, ctx: Context, *inputs: Any) -> Any:
        signal, y = self._signal(ctx, inputs[0]), ctx.output
        frames, panels = self._frames(signal), ctx.scratch("panels")
        found = []
        for side in self._sides():
            part, kernel = self._kept(ctx, side), ctx.weight(f"{side}_kernel")
            spread = np.broadcast_to(kernel.reshape(1, 1, *kernel.shape[::2]), (*frames.shape[:2], *kernel.shape[::2]))
            ctx.call(kernels.products.product, signal, frames, kernel, spread, part, part, panels)
            found.append(part)
        if self.mode in SHOWN:
            shown = ctx.scratch("shown")
            flat = [part.reshape(-1) for part in (*found, shown)]
            ctx.call(kernels.spectrum.show, SHOWN[self.mode], self.bins, *flat)
            found = [shown]
        for number, part in enumerate(found):
            place = self._parts(y)[..., number * self.bins : (number + 1) * self.bins]
            ctx.call(kernels.strided_copy.copy, part, part, y, place)
        return y

    def backward(self, ctx: Context, *gradients: Any) -> None:
        x, g, dx = ctx.inputs[0], gradients[0], ctx.input_gradient()
        signal = self._kept(ctx, "signal") if self._padded(x.shape) != x.shape else x
        frames, panels = self._frames(signal), ctx.scratch("panels")
        slopes = self._slopes(ctx, g)
        d_signal = None if dx is None else dx if signal is x else ctx.scratch("d_signal")
        if d_signal is not None:
            ctx.call(kernels.copying.clear_all, d_signal)
        for side, slope in zip(self._sides(), slopes, strict=True):
            dw, kernel = ctx.gradient(f"{side}_kernel"), ctx.weight(f"{side}_kernel")
            if dw is not None:
                place = np.broadcast_to(dw.reshape(1, 1, *dw.shape[::2]), (*frames.shape[:2], *dw.shape[::2]))
                ctx.call(kernels.products.product, signal, frames.swapaxes(2, 3), slope, slope, dw, place, panels, True)
            if d_signal is not None:
                parts = ctx.scratch("frames")
                turned = kernel.reshape(1, 1, *kernel.shape[::2]).swapaxes(2, 3)
                spread = np.broadcast_to(turned, (*frames.shape[:2], *turned.shape[2:]))
                ctx.call(kernels.products.product, slope, slope, kernel, spread, parts, parts, panels)
                apart = -(-self.frame_length // self.step)
                for first in range(min(apart, parts.shape[2])):  # of frames so far apart, none overlap
                    placed = self._frames(d_signal)[:, :, first::apart]
                    ctx.call(kernels.strided_copy.add, parts, parts[:, :, first::apart], d_signal, placed)
        if dx is not None and d_signal is not dx:
            assert d_signal is not None
            ctx.call(kernels.strided_copy.copy, d_signal, self._inside(d_signal, x.shape), dx, dx)

    def _slopes(self, ctx: Context, g: Array) -> list[Array]:
        """The gradient of each part."""
        found = [ctx.scratch(f"d_{side}") for side in self._sides()]
        if self.mode in SHOWN:
            shown = ctx.scratch("shown")
            ctx.call(kernels.strided_copy.copy, g, self._parts(g), shown, shown)
            parts = [ctx.saved(side).reshape(-1) for side in self._sides()]
            flat = [one.reshape(-1) for one in found]
            ctx.call(kernels.spectrum.slopes, SHOWN[self.mode], self.bins, *parts, shown.reshape(-1), *flat)
            return found
        for number, part in enumerate(found):
            ctx.call(kernels.strided_copy.copy, g, self._parts(g)[..., number * self.bins : (number + 1) * self.bins], part, part)
        return found


HIGH, BREAK = 1127.0, 700.0
"""The mel scale of the Hidden Markov Model Toolkit: 1127 log(1 + f / 700)."""


class MelSpectrogram(rules.MelSpectrogram, ByNumPy):
    """The decibels depend on the greatest of the whole batch."""

    shardable = False

    def check_compute(self) -> None:
        if isinstance(self.window, str) and self.window not in ("hann", "hamming"):
            raise ValueError(f'{self.name}: window={self.window!r}: expected "hann", "hamming", an array or None: write window="hann"')

    needs_input = True

    def outcome(self, x: Array) -> Array:
        mel = np.abs(self._spectrum(x)) ** self.mag_exp @ self._matrix()
        return np.swapaxes(self._decibels(mel) if self.power_to_db else mel, -1, -2).astype(F32)

    def _spectrum(self, x: Array) -> Array:
        """(..., frames, bins), complex: the transform of each frame."""
        half = self.fft_length // 2
        if x.shape[-1] <= half:
            raise ValueError(f"{self.name}: {x.shape[-1]} samples are too few for fft_length={self.fft_length}: pass more than {half}")
        ends = [(0, 0)] * (x.ndim - 1) + [(half, half)]
        frames = sliding_window_view(np.pad(np.asarray(x, F32), ends, mode="reflect"), self.fft_length, -1)
        return np.fft.rfft(frames[..., :: self.sequence_stride, :] * self._window())

    def _window(self) -> Array:
        length = self.sequence_length
        values = window_values(self.window, length, True)
        before = (self.fft_length - length) // 2
        return np.pad(values, (before, self.fft_length - length - before))

    def _matrix(self) -> Array:
        hertz = (float(one) for one in (self.sampling_rate, self.min_freq, self.max_freq))
        return mel_matrix(self.num_mel_bins, self.fft_length // 2 + 1, *hertz)

    def _decibels(self, mel: Array) -> Array:
        found: Array = 10 * np.log10(np.maximum(mel, self.min_power))
        found -= 10 * np.log10(max(abs(self.ref_power), self.min_power))
        np.maximum(found, found.max() - self.top_db, out=found)
        return found

    def backward(self, ctx: Context, *gradients: Any) -> None:
        dx = ctx.input_gradient()
        if dx is None:
            return
        spectrum, matrix = self._spectrum(ctx.inputs[0]), self._matrix()
        magnitude = np.abs(spectrum)
        g = np.swapaxes(gradients[0], -1, -2).astype(np.float64)
        if self.power_to_db:
            g = self._slope_of_decibels(magnitude**self.mag_exp @ matrix, g)
        with np.errstate(divide="ignore", invalid="ignore"):
            slope = self.mag_exp * magnitude ** (self.mag_exp - 1) * (g @ matrix.T)
            turned = np.where(magnitude > 0, slope * spectrum / magnitude, 0)
        turned[..., 1 : (self.fft_length + 1) // 2] /= 2  # irfft counts each of these twice
        frames = self.fft_length * np.fft.irfft(turned, self.fft_length) * self._window()
        dx[...] = self._gathered_frames(frames, dx.shape[-1])

    def _slope_of_decibels(self, mel: Array, g: Array) -> Array:
        """The gradient before the decibels: what was raised to the floor moves the greatest."""
        shown = 10 * np.log10(np.maximum(mel, self.min_power))
        top = shown.max()
        raised = shown < top - self.top_db
        greatest = shown == top
        g = np.where(raised, 0, g) + greatest * (g[raised].sum() / greatest.sum())
        found: Array = np.where(mel >= self.min_power, g * (10 / np.log(10)) / np.maximum(mel, self.min_power), 0)
        return found

    def _gathered_frames(self, frames: Array, samples: int) -> Array:
        """The frames added where they were taken from, the reflected ends folded back."""
        half = self.fft_length // 2
        padded = np.zeros((len(frames), samples + 2 * half))
        for number in range(frames.shape[-2]):
            first = number * self.sequence_stride
            padded[:, first : first + self.fft_length] += frames[:, number]
        found = padded[:, half : half + samples].copy()
        found[:, 1 : half + 1] += padded[:, :half][:, ::-1]
        found[:, samples - half - 1 : samples - 1] += padded[:, half + samples :][:, ::-1]
        return found


@lru_cache(16)
def mel_matrix(bands: int, bins: int, rate: float, lowest: float, highest: float) -> Array:
    """(bins, bands): a triangle for each band, of height 1, its corners the centres of the bands beside it."""

    def mel(hertz: Any) -> Any:
        return HIGH * np.log(1 + hertz / BREAK)

    corners = np.linspace(mel(lowest), mel(highest), bands + 2)
    pitches = mel(np.linspace(0, rate / 2, bins)[1:, None])  # the constant part is in no band
    rising = (pitches - corners[:-2]) / (corners[1:-1] - corners[:-2])
    falling = (corners[2:] - pitches) / (corners[2:] - corners[1:-1])
    return np.pad(np.maximum(0, np.minimum(rising, falling)), ((1, 0), (0, 0)))
