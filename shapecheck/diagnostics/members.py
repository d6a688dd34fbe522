"""SC4, third part: layers that cannot be combined in one Sequential."""

from __future__ import annotations

from shapecheck.diagnostics.base import Diagnostic, diagnostic
from shapecheck.shapes import Shape


@diagnostic("SC411")
class DuplicateName(Diagnostic):
    """Two layers of a model have the same name, so get_layer() cannot tell them apart.

    Bad:
        model = keras.Sequential([
            keras.Input(shape=(4,)),
            layers.Dense(3, name="hidden"),
            layers.Dense(3, name="hidden"),
        ])

    Good:
        model = keras.Sequential([
            keras.Input(shape=(4,)),
            layers.Dense(3, name="hidden"),
            layers.Dense(3, name="hidden_2"),
        ])

    Which repair, and when:
        another name                 if you need names: get_layer("hidden_2")
        without name=                if not: Keras counts dense, dense_1, ... by itself
        a loop with f"hidden_{i}"    if the layers are made in a loop

    A question:
        Why must names differ? (Weights are saved and found by them.)
    """

    argument = "name"

    def __init__(self, name: str) -> None:
        self.name = name

    def message(self) -> str:
        return self.say(
            "message",
            "all layers of a model should have unique names, and {name!r} is already the name of a layer in it",
            name=self.name,
        )  # fmt: skip

    def help(self) -> str:
        return self.say("help", 'write name="{name}_2"', name=self.name)


@diagnostic("SC412")
class SameLayerTwice(Diagnostic):
    """One layer object is used twice in a Sequential, so both positions would share one set of weights.

    Bad:
        layer = layers.Dense(4)
        model = keras.Sequential([keras.Input(shape=(4,)), layer, layer])

    Good:
        model = keras.Sequential([keras.Input(shape=(4,)), layers.Dense(4), layers.Dense(4)])

    The sum:
        one Dense(4) on 4 inputs: 4 * 4 + 4 = 20 parameters; twice the same object is still 20, two layers are 40

    A drawing:
        layer -> layer      one set of weights, used twice
        Dense -> Dense      two sets of weights

    Which repair, and when:
        Dense(4), Dense(4)                      two layers of the same kind: nearly always meant
        keras.Model, calling the layer twice    if weights should really be shared

    A question:
        [layers.Dense(4)] * 3: how many layers are made? (One; the list holds it three times.)
    """

    def __init__(self, class_name: str) -> None:
        self.class_name = class_name

    def message(self) -> str:
        return self.say("message", "this layer is already in the model: both positions would share its weights")

    def help(self) -> str:
        return self.say("help", "create a second {class_name}(...), or share the layer in a functional Model", class_name=self.class_name)


@diagnostic("SC413")
class SeveralInputs(Diagnostic):
    """A layer that joins several inputs cannot be used in a Sequential: each layer must take one tensor.

    Bad:
        model = keras.Sequential([keras.Input(shape=(4,)), layers.Add()])

    Good:
        a = keras.Input(shape=(4,))
        b = keras.Input(shape=(4,))
        model = keras.Model([a, b], layers.Add()([a, b]))

    A drawing:
        Sequential   [4] -> layer -> layer            one line
        Model        a [4] --+
                             +-> Add -> [4]           lines that meet
                     b [4] --+

    Which repair, and when:
        keras.Model with two Inputs              if two tensors should be joined
        without the merging layer                if there is only one
        the functional form for the whole net    if a later layer should join an earlier one (a skip)

    A question:
        Can a ResNet block be a Sequential? (No: its input is needed twice.)
    """

    def __init__(self, class_name: str) -> None:
        self.class_name = class_name

    def message(self) -> str:
        return self.say("message", "{class_name} takes several inputs, but a Sequential passes one", class_name=self.class_name)

    def help(self) -> str:
        return self.say("help", "use the functional API: Model([a, b], {class_name}()([a, b]))", class_name=self.class_name)


@diagnostic("SC414")
class SeveralOutputs(Diagnostic):
    """A layer with several outputs cannot be used in a Sequential: each layer must return one tensor.

    Bad:
        model = keras.Sequential([keras.Input(shape=(5, 4)), layers.LSTM(3, return_state=True)])

    Good:
        model = keras.Sequential([keras.Input(shape=(5, 4)), layers.LSTM(3)])

    The sum:
        LSTM(3, return_state=True) returns output (3), h (3) and c (3): three tensors, the next layer takes one

    Which repair, and when:
        without return_state                     if the states are not used
        keras.Model: out, h, c = LSTM(...)(x)    if they are, for example to start a decoder

    A question:
        return_sequences=True: one tensor or several? (One, of all steps.)
    """

    def __init__(self, count: int) -> None:
        self.count = count

    def message(self) -> str:
        return self.say("message", "all layers in a Sequential should have a single output tensor, this one has {count}", count=self.count)

    def help(self) -> str:
        return self.say("help", "for multi-output layers use the functional API: outputs = layer(x)")


@diagnostic("SC415")
class InputShapeContradicts(Diagnostic):
    """A layer declares an input_shape that is not the output shape of the layers before it.

    Keras silently ignores input_shape after the first layer.

    Bad:
        model = keras.Sequential([
            keras.Input(shape=(4,)),
            layers.Dense(3),
            layers.Dense(2, input_shape=(8,)),
        ])

    Good:
        model = keras.Sequential([
            keras.Input(shape=(4,)),
            layers.Dense(3),
            layers.Dense(2),
        ])

    The sum:
        the layer before returns 3 values; input_shape=(8,) says 8, and Keras ignores it

    Which repair, and when:
        without input_shape            it belongs to the first layer only
        units=8 in the layer before    if 8 is what should arrive

    A question:
        In which layer does input_shape mean something? (In the first.)
    """

    argument = "input_shape"

    def __init__(self, declared: Shape, given: Shape, written: str = "input_shape") -> None:
        self.declared = declared
        self.given = given
        self.argument = written

    def message(self) -> str:
        return self.say(
            "message",
            "{argument} declares {declared}, but the layer before it returns {given}",
            argument=self.argument, declared=self.declared, given=self.given,
        )  # fmt: skip

    def help(self) -> str:
        return self.say("help", "remove {argument}: only the first layer needs it", argument=self.argument)
