"""SC1: sizes below one."""

from __future__ import annotations

from collections.abc import Sequence

from shapecheck.diagnostics.base import Diagnostic, diagnostic
from shapecheck.languages import axis_name, both


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
        axis = axis_name(self.axis)
        if self.dilation > 1:
            return self.say(
                "message.dilation",
                "a window of {window} (spread over {extent} by dilation {dilation}) does not fit an input of {axis} {size}",
                window=self.window, extent=self.extent, dilation=self.dilation, axis=axis, size=self.size,
            )  # fmt: skip
        return self.say(
            "message",
            "a window of {window} does not fit an input of {axis} {size}",
            window=self.window, axis=axis, size=self.size,
        )  # fmt: skip

    def explanation(self) -> str:
        axis, rest = axis_name(self.axis), len(self.shrinking) - 2
        if not self.shrinking:
            return self.say("explanation", 'without padding="same" the whole window must fit')
        if rest > 0:
            names = ", ".join(self.shrinking[:2])
            return self.say(
                "explanation.more",
                '{names} and {rest} more already shrank the input to {axis} {size}; without padding="same" the whole window must fit',
                names=names, rest=rest, axis=axis, size=self.size,
            )  # fmt: skip
        return self.say(
            "explanation.shrinking",
            '{names} already shrank the input to {axis} {size}; without padding="same" the whole window must fit',
            names=both(self.shrinking), axis=axis, size=self.size,
        )  # fmt: skip

    def arithmetic(self) -> str:
        return f"floor(({self.size} - {self.extent})/{self.stride}) + 1 = {self.stops}"

    def help(self) -> str:
        return self.say("help", 'use padding="same", or a window of at most {most}', most=(self.size - 1) // self.dilation + 1)


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
        return self.say(
            "message",
            "cropping {before} + {after} removes all of {axis} {size}",
            before=self.before, after=self.after, axis=axis_name(self.axis), size=self.size,
        )  # fmt: skip

    @property
    def stops(self) -> int:
        """How many positions are left: less than 1."""
        return self.size - self.before - self.after

    def explanation(self) -> str:
        return self.say("explanation", "at least one position must be left between the two crops")

    def arithmetic(self) -> str:
        return f"{self.size} - {self.before} - {self.after} = {self.stops}"

    def help(self) -> str:
        return self.say("help", "crop at most {most} in all along {axis}", most=self.size - 1, axis=axis_name(self.axis))


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
        if self.argument == "activation":
            return self.say(
                "message.glu",
                "glu halves the last axis, but {size} cannot be divided into {parts} equal parts",
                size=self.size, parts=self.parts,
            )  # fmt: skip
        return self.say(
            "message",
            "{what} {size} cannot be divided into {parts} equal parts",
            what=self.what, size=self.size, parts=self.parts,
        )  # fmt: skip

    def explanation(self) -> str:
        return self.say("explanation", "all parts must have the same size")

    def arithmetic(self) -> str:
        return f"{self.size} = {self.parts}*{self.size // self.parts} + {self.size % self.parts}"

    def help(self) -> str:
        if self.argument == "groups":
            return self.say(
                "help.groups",
                "write groups=1, or another number that divides both {size} and the input's channels",
                size=self.size,
            )  # fmt: skip
        return self.say(
            "help",
            "use a multiple of {parts}, for example {example}",
            parts=self.parts, example=self.size + -self.size % self.parts,
        )  # fmt: skip
