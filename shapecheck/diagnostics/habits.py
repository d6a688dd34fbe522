"""Code that Keras builds without a warning although it is rarely intended."""

from __future__ import annotations

from math import prod

from shapecheck.diagnostics.base import Diagnostic, diagnostic
from shapecheck.shapes import Shape


@diagnostic("SC208", "warning")
class DenseOnMap(Diagnostic):
    """A classifier's last Dense acts on every pixel of a feature map, because no layer flattens the map before it.

    Dense works on the last axis only, so the output keeps its rows and columns: one answer for each position, not for
    each image. Keras builds this, and raises only when labels of another shape are passed.

    Bad:
        model = keras.Sequential([
            keras.Input(shape=(28, 28, 1)),
            layers.Conv2D(8, 3),
            layers.Dense(10, activation="softmax"),
        ])

    Good:
        model = keras.Sequential([
            keras.Input(shape=(28, 28, 1)),
            layers.Conv2D(8, 3),
            layers.Flatten(),
            layers.Dense(10, activation="softmax"),
        ])

    The sum:
        26 rows * 26 columns = 676 places, each with its own 10 numbers: output (26, 26, 10) instead of (10,)

    A drawing:
        map    [ ][ ][ ]     Dense at each place     [10][10][10]
               [ ][ ][ ]     ------------------>     [10][10][10]        wanted: one [10] for the picture

    Which repair, and when:
        Flatten()                    keeps where something was seen; the number of weights grows with the map
        GlobalAveragePooling2D()     keeps what was seen; few weights, pictures of any size
        nothing                      if every place should be classified (segmentation): then the labels have rows and columns

    A question:
        A map (5, 5, 8), then Flatten, then Dense(2). How many weights? (5*5*8*2 + 2 = 402)
    """

    path_ends = "output"

    def __init__(self, shape: Shape) -> None:
        self.shape = shape

    def message(self) -> str:
        return self.say(
            "message",
            "Dense on a feature map {shape} is applied at every position, giving one output per position instead of one per sample",
            shape=self.shape,
        )  # fmt: skip

    def explanation(self) -> str:
        return self.say("explanation", "Dense works on the last axis only and keeps the others")

    def arithmetic(self) -> str:
        places = (self.shape.dims or ())[1:-1]
        if not places or not all(isinstance(size, int) for size in places):
            return ""
        product = "*".join(map(str, places))
        outputs = prod(size for size in places if isinstance(size, int))
        return self.say("arithmetic", "{product} = {outputs} outputs for each sample", product=product, outputs=outputs)

    def help(self) -> str:
        return self.say("help", "put Flatten() or GlobalAveragePooling2D() before it")


@diagnostic("SC209", "warning")
class ChannelsFirstData(Diagnostic):
    """The input shape looks like (channels, rows, columns), but the layers use the last axis as channels.

    With padding="same" nothing fails: an image of 28 x 28 is read as 1 x 28 with 28 channels.

    Bad:
        model = keras.Sequential([
            keras.Input(shape=(1, 28, 28)),
            layers.Conv2D(8, 3, padding="same"),
        ])

    Good:
        model = keras.Sequential([
            keras.Input(shape=(28, 28, 1)),
            layers.Conv2D(8, 3, padding="same"),
        ])

    The sum:
        (1, 28, 28) read with channels last: 1 row, 28 columns, 28 channels; the filter has 3 * 3 * 28 weights instead of 3 * 3 * 1

    A drawing:
        meant    28 rows, 28 columns, 1 channel       (28, 28, 1)
        read      1 row,  28 columns, 28 channels     (1, 28, 28)

    Which repair, and when:
        Input((28, 28, 1)), and np.moveaxis(x, 1, -1)    the usual order of Keras; the data must follow it
        data_format="channels_first" in every layer      if the data must stay as it is

    A question:
        A file of 3 colours is (3, 224, 224). What does Keras want? ((224, 224, 3).)
    """

    def __init__(self, channels: int, size: int) -> None:
        self.channels = channels
        self.size = size

    def message(self) -> str:
        return self.say(
            "message",
            "({channels}, {size}, {size}) is read as an image of {channels}x{size} with {size} channels; it is probably {size}x{size}"
            " with {channels} channels",
            channels=self.channels, size=self.size,
        )  # fmt: skip

    def explanation(self) -> str:
        return self.say("explanation", "the layers read (height, width, channels)")

    def help(self) -> str:
        return self.say(
            "help",
            "write ({size}, {size}, {channels}) and move the data's channels to the end",
            size=self.size, channels=self.channels,
        )  # fmt: skip


@diagnostic("SC416", "warning")
class KernelAsStrides(Diagnostic):
    """The third positional argument of Conv2D is strides. In Keras 1 it was the number of kernel columns.

    Conv2D(32, 3, 3) means a 3 x 3 kernel that moves 3 pixels at a time, so rows and columns shrink to a third.

    Bad:
        model = keras.Sequential([keras.Input(shape=(30, 30, 3)), layers.Conv2D(32, 3, 3)])

    Good:
        model = keras.Sequential([keras.Input(shape=(30, 30, 3)), layers.Conv2D(32, (3, 3))])

    The sum:
        Conv2D(32, 3, 3) on 30: floor((30 - 3) / 3) + 1 = 10; with (3, 3) as kernel: 30 - 3 + 1 = 28

    A drawing:
        strides=1   [x x x]           strides=3   [x x x]
                      [x x x]                           [x x x]
                        [x x x]                               [x x x]

    Which repair, and when:
        Conv2D(32, (3, 3))    code for Keras 1, where rows and columns were two values
        strides=3 by name     if the steps of 3 are meant

    A question:
        28 x 28 and Conv2D(8, 5, 5): which size comes out? (floor((28 - 5) / 5) + 1 = 5.)
    """

    argument = "strides"

    def __init__(self, class_name: str, filters: object, rows: int, columns: int) -> None:
        self.class_name = class_name
        self.filters = filters
        self.rows = rows
        self.columns = columns

    def message(self) -> str:
        return self.say(
            "message",
            "the third argument is strides: a window of {rows}x{rows} moves {columns} pixels at a time",
            rows=self.rows, columns=self.columns,
        )  # fmt: skip

    def explanation(self) -> str:
        return self.say("explanation", "{class_name} reads (filters, kernel_size, strides)", class_name=self.class_name)

    def help(self) -> str:
        return self.say(
            "help",
            "write ({rows}, {columns}) for the kernel, or strides={columns} if that is intended",
            rows=self.rows, columns=self.columns,
        )  # fmt: skip


@diagnostic("SC417", "warning")
class ArgumentOutOfPlace(Diagnostic):
    """A variable named after one argument is in the position of another.

    Bad:
        groups = 2
        model = keras.Sequential([keras.Input(shape=(10, 10, 6)), layers.Conv2D(32, (3, 3), groups)])

    Good:
        groups = 2
        model = keras.Sequential([keras.Input(shape=(10, 10, 6)), layers.Conv2D(32, (3, 3), groups=groups)])

    The sum:
        Conv2D(filters, kernel_size, strides, ...): the third place is strides, so groups = 2 is used as strides=2

    Which repair, and when:
        by name: groups=groups           always clear, whatever the order
        another name for the variable    if it really means the third argument

    A question:
        Which places of Dense(64, "relu") are taken? (units and activation.)
    """

    def __init__(self, argument: str, written: str) -> None:
        self.argument = argument
        self.written = written

    def message(self) -> str:
        return self.say(
            "message",
            "{written} is passed as {argument} because of its position",
            written=self.written, argument=self.argument,
        )  # fmt: skip

    def explanation(self) -> str:
        return self.say("explanation", "arguments without a name are read in the order of the signature")

    def help(self) -> str:
        return self.say(
            "help",
            "write {written}={written}, or {argument}={written} if that is intended",
            written=self.written, argument=self.argument,
        )  # fmt: skip
