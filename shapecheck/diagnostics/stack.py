"""SC4, second part: what a stack may contain, and in which order."""

from __future__ import annotations

from shapecheck.diagnostics.base import Diagnostic, diagnostic


@diagnostic("SC407")
class ClassNotInstance(Diagnostic):
    """The stack contains a layer class instead of a layer: the parentheses are missing.

    Bad:
        model = keras.Sequential([keras.Input(shape=(4, 3)), layers.Flatten])

    Good:
        model = keras.Sequential([keras.Input(shape=(4, 3)), layers.Flatten()])
    """

    def __init__(self, class_name: str) -> None:
        self.class_name = class_name

    def message(self) -> str:
        return f"{self.class_name} is a class, not a layer"

    def help(self) -> str:
        return f"write {self.class_name}(), with parentheses"


@diagnostic("SC408")
class NotALayer(Diagnostic):
    """The stack contains something that is not a layer.

    Bad:
        model = keras.Sequential([keras.Input(shape=(4,)), "dense"])

    Good:
        model = keras.Sequential([keras.Input(shape=(4,)), layers.Dense(3)])
    """

    def __init__(self, what: str) -> None:
        self.what = what

    def message(self) -> str:
        return f"a Sequential accepts only layers, got {self.what}"

    def help(self) -> str:
        if self.what in ("a list", "a tuple"):
            return "put a * before it to add its items one by one"
        return "remove it, or wrap a function in Lambda"


@diagnostic("SC409")
class SecondInput(Diagnostic):
    """An Input comes after a layer; a Sequential has one input, and it must be first.

    Bad:
        model = keras.Sequential([layers.Dense(3, input_shape=(4,)), keras.Input(shape=(3,))])

    Good:
        model = keras.Sequential([keras.Input(shape=(4,)), layers.Dense(3)])
    """

    def message(self) -> str:
        return "an Input must be first in a Sequential"

    def help(self) -> str:
        return "move it to the front, or remove it"


@diagnostic("SC410", "warning")
class Unbuilt(Diagnostic):
    """summary(), weights or count_params() of a stack without an input shape: no weights exist yet.

    Bad:
        model = keras.Sequential([layers.Dense(2)])
        model.summary()

    Good:
        model = keras.Sequential([keras.Input(shape=(4,)), layers.Dense(2)])
        model.summary()
    """

    def __init__(self, what: str) -> None:
        self.what = what

    def message(self) -> str:
        return f"{self.what} of a model that is not built: it has no input shape, so no weights exist yet"

    def help(self) -> str:
        return "put Input(shape=...) first, or call model.build() before this"
