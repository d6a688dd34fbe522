"""Spectrograms: how strong each frequency is in each short piece of a signal."""

from __future__ import annotations

from shapecheck.diagnostics.arguments import ConflictingArguments
from shapecheck.diagnostics.base import ShapeError
from shapecheck.diagnostics.rank import UndefinedDimension
from shapecheck.languages import Phrase, write
from shapecheck.layers import arguments as check
from shapecheck.layers.base import Inference, OneInput, WeightSpec
from shapecheck.layers.windows import slide
from shapecheck.shapes import Dim, Shape, Unknown, add, is_size, multiply

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any, Unpack

    from shapecheck.layers.base import Options

MODES = ("log", "magnitude", "psd", "real", "imag", "angle", "stft")


def power_of_two(size: Any) -> Any:
    """The least power of two that is not smaller.

    >>> power_of_two(200), power_of_two(256)
    (256, 256)
    """
    return size if isinstance(size, Unknown) else 1 << (int(size) - 1).bit_length()


def _too_short(fft: Any, frame: str, length: Any) -> ConflictingArguments:
    """The refusal of an fft_length below the length of a frame, an argument of another name in each of two layers."""
    why = Phrase("arguments", "a_frame_does_not_fit", "a frame does not fit")
    return ConflictingArguments("fft_length", fft, frame, length, why, write(f"fft_length={power_of_two(length)}"))


class STFTSpectrogram(OneInput):
    """(steps, channels) -> (frames, channels * bins): a Fourier transform of each frame, by kernels that training may change.

    bins: fft_length//2 + 1, twice as many with mode="stft"; expand_dims: (frames, bins, channels).

    >>> print(STFTSpectrogram(frame_length=8, frame_step=4).infer((Shape((None, 40, 2)),)).output)
    (None, 9, 10)
    """

    rank = 3

    def __init__(
        self, mode: str = "log", frame_length: int = 256, frame_step: int | None = None, fft_length: int | None = None,
        window: Any = "hann", periodic: bool = False, scaling: str | None = "density", padding: str = "valid", expand_dims: bool = False,
        data_format: str | None = None, **options: Unpack[Options],
    ) -> None:  # fmt: skip
        super().__init__(**options)
        self.mode = check.word("mode", mode, MODES)
        self.frame_length = check.whole("frame_length", frame_length)
        self.frame_step = None if frame_step is None else check.whole("frame_step", frame_step)
        self.fft_length = None if fft_length is None else check.whole("fft_length", fft_length)
        self.window = window
        self.periodic = check.flag("periodic", periodic)
        self.scaling = None if scaling is None else check.word("scaling", scaling, ("density", "spectrum"))
        self.padding = check.word("padding", padding, check.PADDINGS)
        self.expand_dims = check.flag("expand_dims", expand_dims)
        self.data_format = check.data_format(data_format)
        self._agree()

    def _agree(self) -> None:
        length, step, fft = self.frame_length, self.frame_step, self.fft_length
        if is_size(length) and is_size(step) and step > length:
            why = Phrase("arguments", "some_steps_would_be", "some steps would be in no frame")
            advice = Phrase("arguments", "write_frame_step", "write frame_step={length} or less", length=length)
            raise ShapeError(ConflictingArguments("frame_step", step, "frame_length", length, why, advice))
        if is_size(length) and is_size(fft) and fft < length:
            raise ShapeError(_too_short(fft, "frame_length", length))

    @property
    def step(self) -> Any:
        """Steps from one frame to the next."""
        half = self.frame_length if isinstance(self.frame_length, Unknown) else max(self.frame_length // 2, 1)
        return half if self.frame_step is None else self.frame_step

    @property
    def bins(self) -> Any:
        """Frequencies of one side of the transform."""
        size = power_of_two(self.frame_length) if self.fft_length is None else self.fft_length
        return size if isinstance(size, Unknown) else size // 2 + 1

    def infer_known(self, shape: Shape) -> Inference:
        assert shape.dims is not None
        first = self.data_format == "channels_first"
        batch, steps, channels = shape.dims if not first else (shape.dims[0], shape.dims[2], shape.dims[1])
        if channels is None:
            raise ShapeError(UndefinedDimension(shape))
        slid = slide((steps,), (self.frame_length,), (self.step,), self.padding, argument="frame_length")
        (frames,) = slid.sizes
        bins = multiply(2, self.bins) if self.mode == "stft" else self.bins
        weights = self._specs()
        macs = multiply(len(weights), channels, frames, self.frame_length, self.bins)
        if isinstance(self.data_format, Unknown) or isinstance(self.expand_dims, Unknown):
            why = next(one.why for one in (self.data_format, self.expand_dims) if isinstance(one, Unknown))
            return Inference(Shape(None, why=why), weights, macs)
        if self.expand_dims:
            sizes: tuple[Dim, ...] = (channels, frames, bins) if first else (frames, bins, channels)
        else:
            sizes = (multiply(channels, bins), frames) if first else (frames, multiply(channels, bins))
        return Inference(Shape((batch, *sizes)), weights, macs, slid.arithmetic, window="new")

    def _specs(self) -> tuple[WeightSpec, ...]:
        if isinstance(self.mode, Unknown):
            return (WeightSpec("kernels", (self.mode,)),)
        sides = [side for side, without in (("real", "imag"), ("imag", "real")) if self.mode != without]
        more = {"window": self.window, "scaling": self.scaling, "periodic": self.periodic}
        shape = (self.frame_length, 1, self.bins)
        return tuple(WeightSpec(f"{side}_kernel", shape, {"class_name": "STFT", "config": {"side": side, **more}}) for side in sides)

    def rank_advice(self, shape: Shape) -> str:
        return Phrase("arguments", "pass_steps", "pass (steps, channels): x[..., None] for one channel")


class MelSpectrogram(OneInput):
    """(samples,) -> (num_mel_bins, frames): how strong each pitch is in each frame, in decibels with power_to_db.

    frames: samples // sequence_stride + 1.

    >>> print(MelSpectrogram(num_mel_bins=64, sequence_stride=256).infer((Shape((None, 16000)),)).output)
    (None, 64, 63)
    """

    rank = 2

    def __init__(
        self, fft_length: int = 2048, sequence_stride: int = 512, sequence_length: int | None = None, window: Any = "hann",
        sampling_rate: float = 16000, num_mel_bins: int = 128, min_freq: float = 20.0, max_freq: float | None = None,
        power_to_db: bool = True, top_db: float = 80.0, mag_exp: float = 2.0, min_power: float = 1e-10, ref_power: float = 1.0,
        **options: Unpack[Options],
    ) -> None:  # fmt: skip
        super().__init__(**options)
        self.fft_length = check.whole("fft_length", fft_length)
        self.sequence_stride = check.whole("sequence_stride", sequence_stride)
        self.sequence_length = self.fft_length if sequence_length is None else check.whole("sequence_length", sequence_length)
        self.window = window
        self.sampling_rate = check.number("sampling_rate", sampling_rate, 1)
        self.num_mel_bins = check.whole("num_mel_bins", num_mel_bins)
        self.min_freq = check.number("min_freq", min_freq, 0)
        self.max_freq = self._half() if max_freq is None else check.number("max_freq", max_freq, 0)
        self.power_to_db = check.flag("power_to_db", power_to_db)
        self.top_db = check.number("top_db", top_db, 0)
        self.mag_exp = check.number("mag_exp", mag_exp)
        self.min_power = check.number("min_power", min_power, 0)
        self.ref_power = check.number("ref_power", ref_power)
        length, fft = self.sequence_length, self.fft_length
        if is_size(length) and is_size(fft) and fft < length:
            raise ShapeError(_too_short(fft, "sequence_length", length))

    def _half(self) -> Any:
        return self.sampling_rate if isinstance(self.sampling_rate, Unknown) else int(self.sampling_rate / 2)

    def infer_known(self, shape: Shape) -> Inference:
        assert shape.dims is not None
        batch, samples = shape.dims
        if samples is None or isinstance(samples, Unknown) or isinstance(self.sequence_stride, Unknown):
            frames: Dim = samples if samples is None or isinstance(samples, Unknown) else self.sequence_stride
        else:
            frames = add(samples // self.sequence_stride, 1)
        return Inference(Shape((batch, self.num_mel_bins, frames)), window="new")

    def rank_advice(self, shape: Shape) -> str:
        return Phrase("arguments", "pass_samples", "pass (samples,): the signal of one channel")
