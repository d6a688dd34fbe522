"""SC1: sizes below one."""

from __future__ import annotations

from shapecheck.diagnostics.base import Diagnostic


class WindowTooLarge(Diagnostic):
    """A window (a convolution's kernel, a pool) is larger than the image it should slide over.

    The output would have no row or no column at all. Usually earlier layers shrank the image: valid padding takes
    kernel_size - 1 from every axis, and each stride or pool divides it.

    Bad:
        model = keras.Sequential([
            keras.Input(shape=(4, 4, 3)),
            layers.Conv2D(8, 6),
        ])

    Good:
        model = keras.Sequential([
            keras.Input(shape=(4, 4, 3)),
            layers.Conv2D(8, 6, padding="same"),
        ])
    """

    code = "SC101"

    def __init__(self, axis: str, size: int, window: int, argument: str = "kernel_size", dilation: int = 1) -> None:
        self.axis = axis
        self.size = size
        self.window = window
        self.argument = argument
        self.dilation = dilation

    @property
    def extent(self) -> int:
        """Pixels from the window's first to its last: dilation*(window - 1) + 1."""
        return self.dilation * (self.window - 1) + 1

    def message(self) -> str:
        spread = f" (spread over {self.extent} by dilation {self.dilation})" if self.dilation > 1 else ""
        return f"a window of {self.window}{spread} does not fit an input of {self.axis} {self.size}"

    def help(self) -> str:
        return f'use padding="same", or a window of at most {(self.size - 1) // self.dilation + 1}'
