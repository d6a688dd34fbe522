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
    """

    def __init__(self, class_name: str, what: str, argument: str | None = None) -> None:
        self.class_name = class_name
        self.what = what
        self.argument = argument

    def message(self) -> str:
        return f"{self.class_name}: {self.what}"
