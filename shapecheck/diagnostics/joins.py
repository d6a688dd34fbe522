"""SC4, third part: how layers are joined into a functional model."""

from __future__ import annotations

from shapecheck.diagnostics.base import Diagnostic, diagnostic
from shapecheck.shapes import Shape

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any


@diagnostic("SC418")
class Disconnected(Diagnostic):
    """An output of Model(inputs, outputs) depends on an Input that is not among `inputs`.

    Keras follows each output back to its Inputs. Every Input that it finds must be listed. Often a variable was assigned
    twice: `inputs` is then not the tensor that the first layer was called on.

    Bad:
        a = keras.Input((4,))
        b = keras.Input((4,))
        y = layers.Dense(1)(layers.Add()([a, b]))
        model = keras.Model(a, y)

    Good:
        a = keras.Input((4,))
        b = keras.Input((4,))
        y = layers.Dense(1)(layers.Add()([a, b]))
        model = keras.Model([a, b], y)

    A drawing:
        a --+
            +-> Add -> Dense -> y        Model(a, y): where does b come from?
        b --+

    Which repair, and when:
        all Inputs: Model([a, b], y)       if the output needs both
        the right variable                 if `inputs` was assigned twice: the first layer was called on the old one
        a layer between Inputs left out    if a branch should not be part of the model

    A question:
        x = Input(...), x = Dense(3)(x), Model(x, x): what is missing? (x is no Input any more: keep it under another name.)
    """

    def __init__(self, name: str, line: int | None, shape: Shape) -> None:
        self.name = name
        self.line = line
        self.shape = shape
        self.origin: Any = None
        """Where the model is created."""

    def message(self) -> str:
        if self.line:
            return self.say(
                "message.line",
                "an output depends on the Input {shape} on line {line}, which is not one of the model's inputs",
                shape=self.shape, line=self.line,
            )  # fmt: skip
        return self.say("message", "an output depends on the Input {shape}, which is not one of the model's inputs", shape=self.shape)

    def explanation(self) -> str:
        return self.say("explanation", "Keras follows each output back to where it begins, and every Input that it meets must be listed")

    def help(self) -> str:
        if self.name:
            return self.say("help.name", "add {name} to inputs=, or call the first layer on an input of the model", name=self.name)
        return self.say("help", "add that Input to inputs=, or call the first layer on an input of the model")


@diagnostic("SC419")
class NotATensor(Diagnostic):
    """A layer or a model is called on a layer or a model instead of on a tensor.

    A layer takes tensors: what Input() or calling another layer returned. To use one model after another, call it on the other's output.

    Bad:
        first = keras.Sequential([keras.Input((4,)), layers.Dense(3)])
        second = keras.Sequential([keras.Input((3,)), layers.Dense(1)])
        both = keras.Model(first.inputs, second(first))

    Good:
        first = keras.Sequential([keras.Input((4,)), layers.Dense(3)])
        second = keras.Sequential([keras.Input((3,)), layers.Dense(1)])
        both = keras.Model(first.inputs, second(first.outputs[0]))

    A drawing:
        first            a model: a function that waits for a tensor
        first.outputs[0] a tensor: what comes out of it
        second(first)    a function of a function: refused

    Which repair, and when:
        second(first.outputs[0])       to continue behind the first model
        second(first(x))               if there is an Input x: both models are then layers
        Sequential([first, second])    if they simply follow each other

    A question:
        y = Dense(3): is y a tensor? (No, a layer. y = Dense(3)(x) is one.)
    """

    def __init__(self, called: str, given: str, model: bool) -> None:
        self.called = called
        self.given = given
        self.model = model
        self.origin: Any = None
        """Where the layer is created."""
        self.argument_place: Any = None
        """(unit, node) of the argument of the call."""
        self.tensor = ""
        """The name of the file's only tensor, if there is one."""

    def message(self) -> str:
        if self.model:
            return self.say(
                "message.model",
                "{called} is called on {given}, which is a model and not a tensor",
                called=self.called, given=self.given,
            )  # fmt: skip
        return self.say(
            "message.layer",
            "{called} is called on {given}, which is a layer and not a tensor",
            called=self.called, given=self.given,
        )  # fmt: skip

    def explanation(self) -> str:
        return self.say("explanation", "a layer takes tensors: what Input() or the call of another layer returned")

    def help(self) -> str:
        if self.model:
            return self.say("help.model", "write {given}.output", given=self.given)
        return self.say("help.layer", "call {given} on a tensor first: {given}(x)", given=self.given)


@diagnostic("SC420")
class NotInAList(Diagnostic):
    """A merging layer is called with separate tensors instead of one list.

    Bad:
        a = keras.Input((4,))
        b = keras.Input((3,))
        model = keras.Model([a, b], layers.Concatenate()(a, b))

    Good:
        a = keras.Input((4,))
        b = keras.Input((3,))
        model = keras.Model([a, b], layers.Concatenate()([a, b]))

    A drawing:
        Concatenate()(a, b)       two arguments: the second is not a tensor to join
        Concatenate()([a, b])     one list of tensors

    Which repair, and when:
        brackets: ([a, b])    for Add, Concatenate, Multiply and all layers that join
        two arguments         only where the layer has them: MultiHeadAttention()(query, value)

    A question:
        Which is right, Add()(a, b, c) or Add()([a, b, c])? (The second.)
    """

    def __init__(self, class_name: str, count: int) -> None:
        self.class_name = class_name
        self.count = count
        self.origin: Any = None
        """Where the layer is called."""

    def message(self) -> str:
        return self.say(
            "message",
            "{class_name} takes one list of tensors, got {count} arguments",
            class_name=self.class_name, count=self.count,
        )  # fmt: skip

    def help(self) -> str:
        return self.say("help", "put the tensors into one list: (...)([a, b])")


@diagnostic("SC423")
class TensorsInConstructor(Diagnostic):
    """A merging layer gets its tensors where it is created, in place of an argument. A layer is created first, then called on tensors.

    Bad:
        a = keras.Input((4,))
        b = keras.Input((3,))
        model = keras.Model([a, b], layers.Concatenate([a, b]))

    Good:
        a = keras.Input((4,))
        b = keras.Input((3,))
        model = keras.Model([a, b], layers.Concatenate()([a, b]))

    A drawing:
        Concatenate(axis=-1)      creates the layer: its settings
                     ([a, b])     calls it: its tensors

    Which repair, and when:
        Concatenate()([a, b])               create, then call
        keras.layers.concatenate([a, b])    the function in small letters does both

    A question:
        Where does axis=1 go, where do the tensors? (Into the first brackets; into the second.)
    """

    def __init__(self, class_name: str) -> None:
        self.class_name = class_name
        self.origin: Any = None
        """Where the layer is created."""

    def message(self) -> str:
        return self.say(
            "message",
            "the tensors are passed to {class_name}() where the layer is created, which has no argument for them",
            class_name=self.class_name,
        )  # fmt: skip

    def help(self) -> str:
        return self.say("help", "create the layer, then call it: {class_name}()([a, b])", class_name=self.class_name)


@diagnostic("SC421")
class SharedOnTwoWidths(Diagnostic):
    """One layer object is called on tensors of two widths. Its weights are created for the first.

    Bad:
        a = keras.Input((4,))
        b = keras.Input((6,))
        shared = layers.Dense(3)
        model = keras.Model([a, b], layers.Add()([shared(a), shared(b)]))

    Good:
        a = keras.Input((4,))
        b = keras.Input((6,))
        model = keras.Model([a, b], layers.Add()([layers.Dense(3)(a), layers.Dense(3)(b)]))

    The sum:
        Dense(3) on 4 values has weights (4, 3); 6 values times (4, 3) cannot be multiplied

    A drawing:
        a [4] -> shared (4, 3) -> [3]
        b [6] -> shared (4, 3) -> ?

    Which repair, and when:
        two layers                            if each branch should have weights of its own
        the same width before: Dense(4)(b)    if the weights should be shared

    A question:
        A shared Conv2D on (28, 28, 3) and (32, 32, 3): allowed? (Yes: only the channels must agree.)
    """

    def __init__(self, first: Shape, second: Shape) -> None:
        self.first = first
        self.second = second

    def message(self) -> str:
        return self.say(
            "message",
            "the layer is used twice: its weights are created for {first} and do not fit {second}",
            first=self.first, second=self.second,
        )  # fmt: skip

    def explanation(self) -> str:
        return self.say("explanation", "its kernel has one row for each value of the last axis, and is built at the first call")

    def help(self) -> str:
        return self.say("help", "create a second layer for the other tensor, or bring both to the same width first")


OPS = {
    "reduce_mean": "mean", "reduce_sum": "sum", "reduce_max": "max", "reduce_min": "min", "concat": "concatenate",
    **{name: name for name in (
        "cast", "transpose", "expand_dims", "squeeze", "reshape", "matmul", "stack", "tile", "abs", "square", "sqrt", "exp", "multiply",
        "add", "subtract", "maximum", "minimum", "relu", "softmax", "sigmoid", "tanh", "shape", "pad",
    )},
}  # fmt: skip
"""Functions of TensorFlow -> keras.ops, if the arguments have the same positions."""


@diagnostic("SC422")
class TensorFlowOnSymbol(Diagnostic):
    """A TensorFlow function is called on a symbolic tensor of Keras 3, which raises an error.

    Keras 3 runs on several backends, so its symbolic tensors support only keras.ops. In Keras 2 the same line worked. keras.ops has most of
    these functions under NumPy's names; put anything else into a Lambda layer or into the call() of a layer you defined.

    Bad:
        x = keras.Input((4,))
        y = tf.square(layers.Dense(3)(x))
        model = keras.Model(x, y)

    Good:
        x = keras.Input((4,))
        y = keras.ops.square(layers.Dense(3)(x))
        model = keras.Model(x, y)

    A drawing:
        keras.Input -> tensor without numbers -> keras.ops.square   understood
                                              -> tf.square          needs numbers: error

    Which repair, and when:
        keras.ops.square            if keras.ops has the function, mostly under NumPy's name
        a Lambda layer              for one line of TensorFlow
        an own layer with call()    for more: shapes and weights stay readable

    A question:
        tf.reduce_mean(x, axis=1) as keras.ops: what is its name? (keras.ops.mean.)
    """

    def __init__(self, path: str) -> None:
        self.path = path
        self.new = OPS.get(path.rpartition(".")[2], "")
        self.origin: Any = None
        """Where it is called."""

    def message(self) -> str:
        return self.say("message", "Keras 3 refuses {function}() on a symbolic tensor", function=self.path.replace('tensorflow.', 'tf.', 1))

    def explanation(self) -> str:
        return self.say("explanation", "symbolic tensors of Keras 3 belong to no backend, only keras.ops knows them")

    def help(self) -> str:
        if self.new:
            return self.say("help.ops", "write keras.ops.{new}(...)", new=self.new)
        return self.say("help", "put it into a Lambda layer: layers.Lambda(lambda x: ...)(x)")


@diagnostic("SC504")
class WrongState(Diagnostic):
    """The state passed to a recurrent layer does not have as many values as the layer has units.

    A decoder that starts from an encoder's state needs as many units as the encoder. A state has two axes, (batch, units):
    what return_sequences=True returns is a sequence and not a state.

    Bad:
        x = keras.Input((5, 3))
        y = keras.Input((6, 3))
        out, h, c = layers.LSTM(8, return_state=True)(x)
        model = keras.Model([x, y], layers.LSTM(16)(y, initial_state=[h, c]))

    Good:
        x = keras.Input((5, 3))
        y = keras.Input((6, 3))
        out, h, c = layers.LSTM(16, return_state=True)(x)
        model = keras.Model([x, y], layers.LSTM(16)(y, initial_state=[h, c]))

    The sum:
        encoder LSTM(8) returns h (8) and c (8); decoder LSTM(16) needs h (16) and c (16)

    A drawing:
        encoder LSTM(8)   -> h [8], c [8]
        decoder LSTM(16)  <- h [16], c [16]

    Which repair, and when:
        as many units in both               the usual form of encoder and decoder
        Dense(16) on h and on c             if the encoder should stay small
        return_state=True in the encoder    if a sequence was passed instead of a state

    A question:
        How many states does a GRU have? (One, h. An LSTM has two.)
    """

    argument = "units"

    def __init__(self, given: Shape, units: int, number: int, wanted: int, got: int) -> None:
        self.given = given
        self.units = units
        self.number = number
        self.wanted = wanted
        self.got = got

    def message(self) -> str:
        if self.wanted != self.got:
            if self.wanted == 1:
                return self.say("message.one", "the layer has 1 state, got {got} in initial_state", got=self.got)
            return self.say("message.count", "the layer has {wanted} states, got {got} in initial_state", wanted=self.wanted, got=self.got)
        return self.say(
            "message",
            "state {number} has the shape {given}, expected (None, {units})",
            number=self.number, given=self.given, units=self.units,
        )  # fmt: skip

    def explanation(self) -> str:
        return self.say("explanation", "a state has one value for each unit of the layer")

    def help(self) -> str:
        if self.wanted != self.got:
            return self.say("help.count", "an LSTM takes [h, c], a GRU and a SimpleRNN take one state")
        if self.given.rank == 2 and self.given.dims is not None:
            return self.say(
                "help.units",
                "write units={size}, or {units} units in the layer that returns the state",
                size=self.given.dims[-1], units=self.units,
            )  # fmt: skip
        return self.say("help", "pass the states h (and c) of a layer with return_state=True, not its output")
