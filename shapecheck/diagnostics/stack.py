"""SC4, second part: what a stack may contain, and in which order."""

from __future__ import annotations

from shapecheck.diagnostics.base import Diagnostic, diagnostic
from shapecheck.languages import Phrase


@diagnostic("SC407")
class ClassNotInstance(Diagnostic):
    """The stack contains a layer class instead of a layer: the parentheses are missing.

    Bad:
        model = keras.Sequential([keras.Input(shape=(4, 3)), layers.Flatten])

    Good:
        model = keras.Sequential([keras.Input(shape=(4, 3)), layers.Flatten()])

    A drawing:
        layers.Flatten       the plan for a layer (a class)
        layers.Flatten()     a layer (an object of the class)

    Which repair, and when:
        parentheses: Flatten()                   the layer needs no value
        parentheses with its values: Dense(3)    the layer needs some

    A question:
        layers.Dense or layers.Dense(10): which of them has a number of units? (The second.)
    """

    def __init__(self, class_name: str) -> None:
        self.class_name = class_name

    def message(self) -> str:
        return self.say("message", "{class_name} is a class, not a layer", class_name=self.class_name)

    def help(self) -> str:
        return self.say("help", "write {class_name}(), with parentheses", class_name=self.class_name)


KINDS = {
    "list": Phrase("SC408", "kind.list", "a list"),
    "tuple": Phrase("SC408", "kind.tuple", "a tuple"),
    "dict": Phrase("SC408", "kind.dict", "a dict"),
    "str": Phrase("SC408", "kind.str", "a string"),
    "int": Phrase("SC408", "kind.int", "an int"),
    "function": Phrase("SC408", "kind.function", "a function"),
    "layer": Phrase("SC408", "kind.layer", "a layer"),
    "tensor": Phrase("SC408", "kind.tensor", "a symbolic tensor"),
}
"""What may be in a stack in place of a layer."""


@diagnostic("SC408")
class NotALayer(Diagnostic):
    """The stack contains something that is not a layer.

    Bad:
        model = keras.Sequential([keras.Input(shape=(4,)), "dense"])

    Good:
        model = keras.Sequential([keras.Input(shape=(4,)), layers.Dense(3)])

    A drawing:
        Sequential([Input, layer, layer, ...])
                    "dense" is a text, not a layer

    Which repair, and when:
        the layer: Dense(3)    if a text or a number is in its place
        Lambda(f)              if a function should be a layer
        without it             if it is a left-over, for example None or a bracket too many

    A question:
        Is keras.activations.relu a layer? (No, a function: layers.ReLU() is the layer.)
    """

    def __init__(self, what: str) -> None:
        self.what = what

    def message(self) -> str:
        return self.say("message", "a Sequential accepts only layers, got {what}", what=self.what)

    def help(self) -> str:
        if self.what in ("a list", "a tuple"):
            return self.say("help.list", "put a * before it to add its items one by one")
        return self.say("help", "remove it, or wrap a function in Lambda")


@diagnostic("SC409")
class SecondInput(Diagnostic):
    """An Input comes after a layer; a Sequential has one input, and it must be first.

    Bad:
        model = keras.Sequential([layers.Dense(3, input_shape=(4,)), keras.Input(shape=(3,))])

    Good:
        model = keras.Sequential([keras.Input(shape=(4,)), layers.Dense(3)])

    A drawing:
        Input (4) -> Dense(3) -> ...      the input is where data come in: at the front
        Dense(3) -> Input (3)             nothing can come in here

    Which repair, and when:
        the Input first, nothing else declared    the usual form
        without the second Input                  if input_shape= already says the shape
        keras.Model with two inputs               if a second kind of data really comes in

    A question:
        How many Inputs can a Sequential have? (One.)
    """

    def message(self) -> str:
        return self.say("message", "an Input must be first in a Sequential")

    def help(self) -> str:
        return self.say("help", "move it to the front, or remove it")


@diagnostic("SC410", "warning")
class Unbuilt(Diagnostic):
    """summary(), weights or count_params() of a stack without an input shape: no weights exist yet.

    Bad:
        model = keras.Sequential([layers.Dense(2)])
        model.summary()

    Good:
        model = keras.Sequential([keras.Input(shape=(4,)), layers.Dense(2)])
        model.summary()

    The sum:
        Dense(2) has inputs * 2 + 2 weights: without the number of inputs they cannot be counted

    Which repair, and when:
        keras.Input(shape=(4,)) first    if you know the shape: errors are then found while you stack
        model.build((None, 4))           if the layers must stay as they are
        summary() after fit()            if the shape comes from the data

    A question:
        Dense(2) on 4 inputs: how many parameters? (4 * 2 + 2 = 10.)
    """

    def __init__(self, what: str) -> None:
        self.what = what

    def message(self) -> str:
        return self.say("message", "{what} of a model that is not built: it has no input shape, so no weights exist yet", what=self.what)

    def help(self) -> str:
        return self.say("help", "put Input(shape=...) first, or call model.build() before this")
