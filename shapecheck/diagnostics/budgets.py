"""SC6: budgets that the user set."""

from __future__ import annotations

from shapecheck.diagnostics.base import Diagnostic, diagnostic

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import ClassVar


@diagnostic("SC601")
class TooManyParams(Diagnostic):
    """The stack has more parameters than --max-params allows.

    Bad:
        model = keras.Sequential([keras.Input(shape=(784,)), layers.Dense(512)])

    Good:
        model = keras.Sequential([keras.Input(shape=(784,)), layers.Dense(8)])

    The sum:
        Dense(512) on 784: 784 * 512 + 512 = 401,920; Dense(8): 784 * 8 + 8 = 6,280

    Which repair, and when:
        fewer units or filters    where the table shows most parameters
        pooling before Flatten    if the first Dense has most of them
        a larger --max-params     if the limit was a guess

    A question:
        Which holds more weights: Conv2D(32, 3) on 3 channels or Dense(10) on 784? (896 against 7,850.)
    """

    options: ClassVar[tuple[str, ...]] = ("--max-params", "10k")

    def __init__(self, params: int, most: int, largest: str, share: int) -> None:
        self.params = params
        self.most = most
        self.largest = largest
        self.share = share

    def message(self) -> str:
        return self.say(
            "message",
            "{params:,} parameters exceed the budget of {most:,}; {largest} has the most: {share:,}",
            params=self.params, most=self.most, largest=self.largest, share=self.share,
        )  # fmt: skip

    def help(self) -> str:
        return self.say("help", "reduce {largest}, or its input", largest=self.largest)


@diagnostic("SC602")
class TooMuchMemory(Diagnostic):
    """The weights and one sample's layer outputs take more memory than --max-memory allows, in float32.

    Bad:
        model = keras.Sequential([keras.Input(shape=(28, 28, 1)), layers.Conv2D(32, 3)])

    Good:
        model = keras.Sequential([keras.Input(shape=(28, 28, 1)), layers.Conv2D(2, 3)])

    The sum:
        26 * 26 * 32 outputs of 4 bytes = 86,528 bytes for one picture, and 320 weights of 4 bytes

    Which repair, and when:
        strides or pooling earlier    if outputs take most of it
        fewer filters                 the outputs shrink with them
        a larger --max-memory         if the machine has it; a batch takes that many times the outputs

    A question:
        Batch 32: how often do outputs count, how often weights? (32 times; once.)
    """

    options: ClassVar[tuple[str, ...]] = ("--max-memory", "20KiB")

    def __init__(self, memory: int, most: int) -> None:
        self.memory = memory
        self.most = most

    def message(self) -> str:
        return self.say(
            "message",
            "weights and one sample take {memory:,} bytes, more than the budget of {most:,}",
            memory=self.memory, most=self.most,
        )  # fmt: skip

    def help(self) -> str:
        return self.say("help", "use fewer filters or units, or reduce the image size earlier")
