"""SC3: the arguments of compile()."""

from __future__ import annotations

from shapecheck.diagnostics.base import Diagnostic, diagnostic
from shapecheck.languages import either


@diagnostic("SC308")
class UnknownName(Diagnostic):
    """A loss or an optimizer is named that Keras does not have.

    Keras 3 reports an unknown loss only in fit(). Where the file registers its own objects or replaces compile(), any name may be
    right, and none is reported.

    Bad:
        model = keras.Sequential([keras.Input(shape=(8,)), layers.Dense(3, activation="softmax")])
        model.compile(optimizer="adam", loss="categorical_cross_entropy")

    Good:
        model = keras.Sequential([keras.Input(shape=(8,)), layers.Dense(3, activation="softmax")])
        model.compile(optimizer="adam", loss="categorical_crossentropy")

    The sum:
        the name is compared letter by letter with the names that Keras knows: one letter off is another word

    A drawing:
        "categorical_cross_entropy"
        "categorical_crossentropy"       crossentropy is one word

    Which repair, and when:
        the nearest name                 for a typing mistake
        the class                        keras.losses.CategoricalCrossentropy(): an editor completes it, and it takes options
        a function (y_true, y_pred)      for a loss of your own

    A question:
        Whole numbers as labels, softmax at the end: what is the whole name of the loss? (sparse_categorical_crossentropy)
    """

    def __init__(self, argument: str, value: str, near: list[str], known: list[str]) -> None:
        self.argument = argument
        self.value = value
        self.near = near
        self.known = known

    def message(self) -> str:
        shown = self.value if len(self.value) <= 60 else f"{self.value[:57]}..."
        return self.say("message", '{argument}="{shown}" is not known', argument=self.argument, shown=shown)

    def help(self) -> str:
        if not self.near:
            return self.say("help.all", "use one of {names}", names=', '.join(self.known))
        names = either([f'"{name}"' for name in self.near])
        return self.say("help", "write {argument}={names}", argument=self.argument, names=names)
