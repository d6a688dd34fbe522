"""SC405, SC406: how a layer is called, and spellings of an older Keras."""

from __future__ import annotations

from shapecheck.diagnostics.base import Diagnostic, diagnostic


@diagnostic("SC406")
class OldSpelling(Diagnostic):
    """An argument is spelled as in an older Keras; Keras 3 does not know it.

    Bad:
        model = keras.Sequential([keras.Input(shape=(8, 8, 3)), layers.Conv2D(4, 3, border_mode="same")])

    Good:
        model = keras.Sequential([keras.Input(shape=(8, 8, 3)), layers.Conv2D(4, 3, padding="same")])
    """

    def __init__(self, argument: str | None, class_name: str, advice: str) -> None:
        self.argument = argument
        self.class_name = class_name
        self.advice = advice

    def message(self) -> str:
        if self.argument is None:
            return f"{self.class_name} is a class of an older Keras; Keras 3 does not have it"
        return f"{self.class_name}: {self.argument}= is a spelling of an older Keras; Keras 3 refuses it"

    def help(self) -> str:
        return self.advice


@diagnostic("SC405")
class WrongCall(Diagnostic):
    """A layer is called with too many arguments, with one twice, or without one that it needs.

    Bad:
        model = keras.Sequential([keras.Input(shape=(8, 8, 3)), layers.Conv2D(4)])

    Good:
        model = keras.Sequential([keras.Input(shape=(8, 8, 3)), layers.Conv2D(4, 3)])
    """

    def __init__(self, class_name: str, what: str, argument: str | None = None) -> None:
        self.class_name = class_name
        self.what = what
        self.argument = argument

    def message(self) -> str:
        return f"{self.class_name}: {self.what}"
