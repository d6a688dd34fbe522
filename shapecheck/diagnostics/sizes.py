"""SC1: sizes below one."""

from __future__ import annotations

from collections.abc import Sequence

from shapecheck.diagnostics.base import Diagnostic, diagnostic


@diagnostic("SC101")
class WindowTooLarge(Diagnostic):
    """A window (a convolution's kernel, a pool) is larger than the image it slides over.

    The output would have no rows or columns. Usually earlier layers shrank the image: valid padding subtracts
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

    The sum:
        positions = floor((size - window) / stride) + 1 = floor((4 - 6) / 1) + 1 = -1; an output needs at least 1

    A drawing:
        picture   [ ][ ][ ][ ]
        window    [ ][ ][ ][ ][ ][ ]        two cells hang over the edge

    Which repair, and when:
        one pooling or stride fewer before it    if the image shrank on the way: look where the path drops most
        a larger picture, or a smaller window    if you can choose them
        padding="same"                           if only little is missing; a window that reads mostly zeros learns the border

    A question:
        9 rows, then MaxPooling2D(2) twice. Does a window of 3 still fit? (9 -> 4 -> 2: no.)
    """

    path_ends = "input"

    def __init__(
        self, axis: str, size: int, window: int, argument: str = "kernel_size", dilation: int = 1, stride: int = 1
    ) -> None:
        self.axis = axis
        self.size = size
        self.window = window
        self.argument = argument
        self.dilation = dilation
        self.stride = stride
        self.shrinking: tuple[str, ...] = ()
        """The layers before it that move by more than one position, nearest first."""

    def follows(self, layers: Sequence[tuple[str, object]]) -> None:
        """Remembers which layers made the input small."""
        self.shrinking = tuple(name for name, rule in layers if _shrinks(rule))

    @property
    def stops(self) -> int:
        """How many positions the window has: less than 1."""
        return (self.size - self.extent) // self.stride + 1

    @property
    def extent(self) -> int:
        """Pixels from the window's first to its last: dilation*(window - 1) + 1."""
        return self.dilation * (self.window - 1) + 1

    def message(self) -> str:
        spread = f" (spread over {self.extent} by dilation {self.dilation})" if self.dilation > 1 else ""
        return f"a window of {self.window}{spread} does not fit an input of {self.axis} {self.size}"

    def explanation(self) -> str:
        rule = 'without padding="same" the whole window must fit'
        if not self.shrinking:
            return rule
        several = f" and {len(self.shrinking) - 2} more" if len(self.shrinking) > 2 else ""
        names = f"{', '.join(self.shrinking[:2])}{several}" if several else " and ".join(self.shrinking)
        return f"{names} already shrank the input to {self.axis} {self.size}; {rule}"

    def arithmetic(self) -> str:
        return f"floor(({self.size} - {self.extent})/{self.stride}) + 1 = {self.stops}"

    def help(self) -> str:
        return f'use padding="same", or a window of at most {(self.size - 1) // self.dilation + 1}'


def _shrinks(rule: object) -> bool:
    """True for a layer whose window moves by more than one position."""
    strides = getattr(rule, "strides", ())
    return "Transpose" not in type(rule).__name__ and isinstance(strides, tuple) and any(isinstance(s, int) and s > 1 for s in strides)


@diagnostic("SC102")
class CroppedAway(Diagnostic):
    """Cropping removes all rows or columns along an axis.

    Bad:
        model = keras.Sequential([keras.Input(shape=(5, 7, 3)), layers.Cropping2D(((3, 2), (0, 0)))])

    Good:
        model = keras.Sequential([keras.Input(shape=(5, 7, 3)), layers.Cropping2D(((2, 2), (0, 0)))])

    The sum:
        size - before - after = 5 - 3 - 2 = 0 rows, and less than 1 is no output

    A drawing:
        rows      [ ][ ][ ][ ][ ]
        cropped   [x][x][x][x][x]        three from the top, two from the bottom

    Which repair, and when:
        a smaller crop       if the picture has the size it should have
        a larger picture     if earlier layers shrank it more than was meant
        no Cropping          if it was copied from a net for larger pictures

    A question:
        7 columns, Cropping2D(3). How many are left? (7 - 3 - 3 = 1: it still works.)
    """

    path_ends = "input"
    argument = "cropping"

    def __init__(self, axis: str, size: int, before: int, after: int) -> None:
        self.axis = axis
        self.size = size
        self.before = before
        self.after = after

    def message(self) -> str:
        return f"cropping {self.before} + {self.after} removes all of {self.axis} {self.size}"

    @property
    def stops(self) -> int:
        """How many positions are left: less than 1."""
        return self.size - self.before - self.after

    def explanation(self) -> str:
        return "at least one position must be left between the two crops"

    def arithmetic(self) -> str:
        return f"{self.size} - {self.before} - {self.after} = {self.stops}"

    def help(self) -> str:
        return f"crop at most {self.size - 1} in all along {self.axis}"


@diagnostic("SC103")
class NotDivisible(Diagnostic):
    """An axis cannot be divided into that many equal parts.

    Bad:
        model = keras.Sequential([keras.Input(shape=(5, 7, 3)), layers.Conv2D(4, 3, groups=2)])

    Good:
        model = keras.Sequential([keras.Input(shape=(5, 7, 4)), layers.Conv2D(4, 3, groups=2)])

    The sum:
        3 channels in 2 groups: 3 = 2*1 + 1, and one channel is left over

    A drawing:
        channels   [r][g][b]
        groups     [r    ][g    ][?]        the third channel belongs to neither

    Which repair, and when:
        groups=1                    always works: every filter reads all channels
        another number of groups    one that divides the filters and the input's channels
        more channels before it     if the groups are what you want to try out

    A question:
        12 channels, 8 filters. Which numbers of groups work? (1, 2 and 4: they divide both.)
    """

    def __init__(self, argument: str, parts: int, size: int, what: str) -> None:
        self.argument = argument
        self.parts = parts
        self.size = size
        self.what = what

    def message(self) -> str:
        return f"{self.what} {self.size} cannot be divided into {self.parts} equal parts"

    def explanation(self) -> str:
        return "all parts must have the same size"

    def arithmetic(self) -> str:
        return f"{self.size} = {self.parts}*{self.size // self.parts} + {self.size % self.parts}"

    def help(self) -> str:
        if self.argument == "groups":
            return f"write groups=1, or another number that divides both {self.size} and the input's channels"
        return f"use a multiple of {self.parts}, for example {self.size + -self.size % self.parts}"
