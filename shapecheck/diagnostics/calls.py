"""SC405: how a layer is called."""

from __future__ import annotations

from shapecheck.diagnostics.base import Diagnostic, diagnostic


@diagnostic("SC405")
class WrongCall(Diagnostic):
    """A layer is called with too many arguments, with one twice, or without one that it needs.

    Bad:
        model = keras.Sequential([keras.Input(shape=(8, 8, 3)), layers.Conv2D(4)])

    Good:
        model = keras.Sequential([keras.Input(shape=(8, 8, 3)), layers.Conv2D(4, 3)])

    The sum:
        Conv2D(filters, kernel_size, ...): both must be given; Conv2D(4) has one of the two

    Which repair, and when:
        the missing value                          if it was forgotten: Conv2D(4, 3)
        names: Conv2D(filters=4, kernel_size=3)    if the order is easy to confuse
        one value fewer                            if there are too many, or one is given twice

    A question:
        MaxPooling2D() has no value. Why is that no error? (pool_size has a default, 2.)
    """

    def __init__(self, class_name: str, what: str, argument: str | None = None) -> None:
        self.class_name = class_name
        self.what = what
        self.argument = argument

    def message(self) -> str:
        return self.say("message", "{class_name}: {what}", class_name=self.class_name, what=self.what)
