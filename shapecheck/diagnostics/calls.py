"""SC405, SC429 and SC430: how a layer is called, and what it returns."""

from __future__ import annotations

from shapecheck.diagnostics.base import Diagnostic, diagnostic
from shapecheck.shapes import Shape


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


@diagnostic("SC429")
class UnpackedOutputs(Diagnostic):
    """A layer's result is unpacked into another number of names than it returns tensors.

    Keras raises at this line: one symbolic tensor is no list, and cannot be iterated over. How many tensors a recurrent layer
    returns depends on return_state: its output alone, or the output and each state.

    Bad:
        x = keras.Input((10, 8))
        y, h, c = layers.LSTM(4, return_sequences=True)(x)
        model = keras.Model(x, y)

    Good:
        x = keras.Input((10, 8))
        y, h, c = layers.LSTM(4, return_sequences=True, return_state=True)(x)
        model = keras.Model(x, y)

    The sum:
        LSTM: 1 output + 2 states (h, c) = 3; GRU: 1 + 1 = 2; Bidirectional(LSTM): 1 + 2 * 2 = 5

    A drawing:
        LSTM(4)                      -> y
        LSTM(4, return_state=True)   -> y, h, c

    Which repair, and when:
        return_state=True        if you need the states
        one name: y = ...        if you only need the output
        as many names            y, fh, fc, bh, bc = Bidirectional(LSTM(4, return_state=True))(x)

    A question:
        What do you get with return_sequences=True alone? (One tensor: the outputs of all steps.)
    """

    def __init__(self, class_name: str, given: int, wanted: int, states: int) -> None:
        self.class_name = class_name
        self.given = given
        self.wanted = wanted
        self.states = states
        """How many states the layer would return with return_state=True; 0 if it is not recurrent."""

    def message(self) -> str:
        if self.given == 1:
            return self.say(
                "message.one", "{class_name} returns one tensor, which cannot be unpacked into {wanted} names",
                class_name=self.class_name, wanted=self.wanted,
            )  # fmt: skip
        return self.say(
            "message", "{class_name} returns {given} tensors, the line unpacks {wanted}",
            class_name=self.class_name, given=self.given, wanted=self.wanted,
        )  # fmt: skip

    def explanation(self) -> str:
        if not self.states and self.given > 1:
            return ""
        if not self.states:
            return self.say("explanation", "a symbolic tensor has no values yet, so Python cannot iterate over it")
        return self.say(
            "explanation.states", "with return_state=True it returns its output and {states} states, without it only its output",
            states=self.states,
        )  # fmt: skip

    def help(self) -> str:
        if self.states and self.given == 1 and self.wanted == self.states + 1:
            return self.say("help.state", "write return_state=True")
        if self.given == 1:
            return self.say("help.one", "assign it to one name")
        return self.say("help", "unpack it into {given} names", given=self.given)


@diagnostic("SC430", "warning")
class LambdaShape(Diagnostic):
    """The output_shape of a Lambda is not the shape that its function returns.

    Keras 3 takes it as it is: the table shows it, and the weights of later layers are made for it. The error comes later, with the
    first data, or never.

    Bad:
        x = keras.Input((64,))
        y = layers.Lambda(lambda t: keras.ops.sum(t, axis=1, keepdims=True), output_shape=(64,))(x)
        model = keras.Model(x, layers.Dense(1)(y))

    Good:
        x = keras.Input((64,))
        y = layers.Lambda(lambda t: keras.ops.sum(t, axis=1, keepdims=True))(x)
        model = keras.Model(x, layers.Dense(1)(y))

    The sum:
        sum(axis=1, keepdims=True) of (None, 64) is (None, 1), not (None, 64)

    Which repair, and when:
        without output_shape    Keras 3 finds the shape from the function itself
        the right shape         if it cannot be found from the function

    A question:
        Does output_shape contain the batch axis? (No: (1,) means (None, 1).)
    """

    argument = "output_shape"

    def __init__(self, declared: Shape, computed: Shape) -> None:
        self.declared = declared
        self.computed = computed

    def message(self) -> str:
        return self.say(
            "message", "output_shape says {declared}, the function returns {computed}", declared=self.declared, computed=self.computed
        )

    def explanation(self) -> str:
        return self.say("explanation", "Keras 3 believes output_shape without checking it: the layers behind it are built for that shape")

    def help(self) -> str:
        sizes = Shape(self.computed.sizes)
        return self.say("help", "remove output_shape, or write output_shape={computed}", computed=sizes)
