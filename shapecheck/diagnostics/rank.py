"""SC2: rank, axes, reshaping, undefined dimensions."""

from __future__ import annotations

from collections.abc import Sequence

from shapecheck.diagnostics.base import Diagnostic, diagnostic
from shapecheck.languages import Phrase, axis_name
from shapecheck.shapes import Shape, as_many


@diagnostic("SC201")
class WrongRank(Diagnostic):
    """A layer got an input with too many or too few axes.

    An image layer expects (batch, rows, columns, channels), a sequence layer (batch, steps, features), Dense any
    input of at least (batch, features).

    Bad:
        model = keras.Sequential([
            keras.Input(shape=(28, 28)),
            layers.Conv2D(8, 3),
        ])

    Good:
        model = keras.Sequential([
            keras.Input(shape=(28, 28, 1)),
            layers.Conv2D(8, 3),
        ])

    The sum:
        Conv2D expects 4 axes, (batch, rows, columns, channels); Input((28, 28)) has 3, (batch, 28, 28)

    A drawing:
        expected    batch   rows   columns   channels
        got         batch   28     28        ?

    Which repair, and when:
        Input((28, 28, 1))        grey images: one channel; reshape the data too
        Input((28, 28, 3))        if the data is in colour and only the Input lacks the channels
        Reshape((28, 28, 1))      as first layer, if the data should stay unchanged

    A question:
        What is the shape of a batch of 5 colour images with 20 rows and 30 columns? (5, 20, 30, 3)
    """

    path_ends = "input"

    def __init__(self, shape: Shape, expected: int, at_least: bool = False, advice: str = "", axes: tuple[str, ...] = ()) -> None:
        """axes: what the layer calls the axes that it reads, batch included; () where it has no names for them."""
        self.axes = axes
        self.shape = shape
        self.expected = expected
        self.at_least = at_least
        self.advice = advice

    def follows(self, layers: Sequence[tuple[str, object]]) -> None:
        """Behind an Embedding, one axis too many comes from what that is called on."""
        if self.shape.rank == self.expected + 1 and any(type(rule).__name__ == "Embedding" for _, rule in layers):
            self.advice = Phrase(
                "arguments", "embedding_takes_numbers",
                "an Embedding makes a vector of each whole number: give it an input of shape (steps,), or leave it out for vectors",
            )  # fmt: skip

    def message(self) -> str:
        if self.at_least:
            return self.say(
                "message.at_least",
                "expected an input of at least {expected} axes (batch included), got {rank}: {shape}",
                expected=self.expected, rank=self.shape.rank, shape=self.shape,
            )  # fmt: skip
        return self.say(
            "message",
            "expected an input of {expected} axes (batch included), got {rank}: {shape}",
            expected=self.expected, rank=self.shape.rank, shape=self.shape,
        )  # fmt: skip

    def explanation(self) -> str:
        rank = self.shape.rank or 0
        if not self.axes:
            return ""
        axes = ", ".join(map(axis_name, self.axes))
        if rank == len(self.axes) - 1 and "channels" in self.axes and self.shape.last not in (1, 3):  # 1 or 3 look like channels
            return self.say("explanation.channels", "the layer reads ({axes}): the channels axis is missing", axes=axes)
        if rank == len(self.axes) - 1:
            return self.say("explanation.missing", "the layer reads ({axes}): one of them is missing", axes=axes)
        if rank == len(self.axes) + 1:
            return self.say("explanation.more", "the layer reads ({axes}): the input has one axis more", axes=axes)
        return self.say(
            "explanation",
            "the layer reads ({axes}): the input has {rank} axes instead of {count}",
            axes=axes, rank=rank, count=len(self.axes),
        )  # fmt: skip

    def help(self) -> str:
        return str(self.advice)


@diagnostic("SC202")
class UndefinedDimension(Diagnostic):
    """A layer with weights needs a size that is only known at run time (None).

    The shape of a weight depends on it, so it must be a number before the layer is built.

    Bad:
        model = keras.Sequential([
            keras.Input(shape=(None, None, 3)),
            layers.Flatten(),
            layers.Dense(10),
        ])

    Good:
        model = keras.Sequential([
            keras.Input(shape=(32, 32, 3)),
            layers.Flatten(),
            layers.Dense(10),
        ])

    The sum:
        weights = values that come in * units = (? * ? * 3) * 10: not a number, so no memory can be reserved

    A drawing:
        Input((None, None, 3)) -> Flatten -> [ ][ ][ ] ... how many? -> Dense needs a weight for each

    Which repair, and when:
        a fixed size in Input             if all pictures have one size
        GlobalAveragePooling2D            instead of Flatten: one number for each channel, whatever the size
        Resizing(32, 32) as first layer   if sizes differ and the net should see them alike

    A question:
        Which of Conv2D, GlobalMaxPooling2D and Flatten can go before a Dense when the size is open? (Conv2D and the pooling: not Flatten.)
    """

    path_ends = "input"

    def __init__(self, shape: Shape, axis: int = -1) -> None:
        self.shape = shape
        self.axis = axis

    def message(self) -> str:
        return self.say("message", "axis {axis} of the input must be a number, got {shape}", axis=self.axis, shape=self.shape)

    def explanation(self) -> str:
        return self.say(
            "explanation",
            "the weights need one row for each value of that axis, so its size must be known before the layer is built",
        )  # fmt: skip

    def help(self) -> str:
        return self.say("help", "declare a fixed size there in Input, or use a global pooling layer instead of Flatten")


@diagnostic("SC203")
class InputMismatch(Diagnostic):
    """Data, or a tensor, does not have the shape that an input accepts.

    Bad:
        inner = keras.Sequential([keras.Input(shape=(10,)), layers.Dense(4)])
        model = keras.Sequential([keras.Input(shape=(2,)), inner])

    Good:
        inner = keras.Sequential([keras.Input(shape=(10,)), layers.Dense(4)])
        model = keras.Sequential([keras.Input(shape=(10,)), inner])

    The sum:
        accepted (None, 10), got (None, 2): None accepts any size, 10 accepts only 10

    A drawing:
        outer  [ ][ ]  ->  inner  [ ][ ][ ][ ][ ][ ][ ][ ][ ][ ]        eight values are missing

    Which repair, and when:
        change the outer shape     if the inner model is trained: its weights are for 10 values
        change the inner Input     if it is not trained yet
        a layer between            Dense(10) or Reshape, if both should stay unchanged

    A question:
        An inner model accepts (None, None, 3). Does it accept colour images of 17 x 40? (Yes: these sizes are not fixed.)
    """

    def __init__(self, accepted: Shape, given: Shape, axis: int) -> None:
        self.accepted = accepted
        self.given = given
        self.axis = axis
        self.declarable = False
        """Whether the layers after the input accept the data; known after they were checked."""

    def message(self) -> str:
        assert self.accepted.dims is not None and self.given.dims is not None
        want, got = self.accepted.dims[self.axis], self.given.dims[self.axis]
        return self.say(
            "message",
            "axis {axis} must be {want}, got {got}: accepts {accepted}, received {given}",
            axis=self.axis, want=want, got=got, accepted=self.accepted, given=self.given,
        )  # fmt: skip

    def explanation(self) -> str:
        return self.say("explanation", "the layers after this input are built for its declared sizes")

    def help(self) -> str:
        assert self.given.dims is not None and self.accepted.dims is not None
        given, sizes = Shape(self.given.dims[1:]), Shape(self.accepted.dims[1:])
        same = as_many(self.given.dims[1:], self.accepted.dims[1:])
        if self.declarable and same:
            return self.say(
                "help.declare.reshape",
                "declare Input(shape={given}) in it, or put Reshape({sizes}) before it, or make the layer before it return {accepted}",
                given=given, sizes=sizes, accepted=self.accepted,
            )  # fmt: skip
        if self.declarable:
            return self.say(
                "help.declare",
                "declare Input(shape={given}) in it, or make the layer before it return {accepted}",
                given=given, accepted=self.accepted,
            )  # fmt: skip
        if same:
            return self.say(
                "help.reshape",
                "put Reshape({sizes}) before it, or make the layer before it return {accepted}",
                sizes=sizes, accepted=self.accepted,
            )  # fmt: skip
        return self.say("help", "make the layer before it return {accepted}", accepted=self.accepted)


@diagnostic("SC204")
class AxisOutOfRange(Diagnostic):
    """An axis argument names an axis that the input does not have.

    Axes are counted with the batch as 0; -1 is the last one.

    Bad:
        model = keras.Sequential([
            keras.Input(shape=(5, 3)),
            layers.BatchNormalization(axis=3),
        ])

    Good:
        model = keras.Sequential([
            keras.Input(shape=(5, 3)),
            layers.BatchNormalization(axis=-1),
        ])

    The sum:
        (batch, 5, 3) has the axes 0, 1 and 2; from the end -1, -2 and -3. There is no axis 3

    A drawing:
        axis     0       1    2
        shape   (batch,  5,   3)
        axis    -3      -2   -1

    Which repair, and when:
        axis=-1              the last axis, the channels: what is meant nearly always
        another number       if the layer should work along steps or rows
        an axis more         if the input has lost one on the way, for example behind a pooling

    A question:
        A picture comes as (batch, 28, 28, 1). Which two numbers name the channels? (3 and -1)
    """

    path_ends = "input"

    def __init__(self, argument: str, axis: int, shape: Shape, least: int = 1) -> None:
        self.argument = argument
        self.axis = axis
        self.shape = shape
        self.least = least

    def message(self) -> str:
        return self.say(
            "message",
            "{argument}={axis}: the input has {rank} axes (batch included): {shape}",
            argument=self.argument, axis=self.axis, rank=self.shape.rank, shape=self.shape,
        )  # fmt: skip

    def explanation(self) -> str:
        return self.say(
            "explanation",
            "axes are counted from 0, which is the batch, to {last}; -1 is the last one",
            last=(self.shape.rank or 1) - 1,
        )  # fmt: skip

    def help(self) -> str:
        return self.say("help", "write {argument}=-1 for the last axis", argument=self.argument)


@diagnostic("SC205")
class ReshapeMismatch(Diagnostic):
    """Reshape must keep the number of values: the product of the sizes before and after is the same.

    Bad:
        model = keras.Sequential([keras.Input(shape=(784,)), layers.Reshape((28, 29))])

    Good:
        model = keras.Sequential([keras.Input(shape=(784,)), layers.Reshape((28, 28))])

    The sum:
        784 values come in; 28*29 = 812 should go out: 28 values would have to be invented

    A drawing:
        before   [ 1 ][ 2 ][ 3 ] ... [784]
        after    28 rows of 28, and a 29th column without values

    Which repair, and when:
        the right product      one size corrected: (28, 28)
        -1 for one size        Keras computes it: (28, -1)
        other units before     if a Dense before it should make as many values as the target needs

    A question:
        Which shapes can 12 values have? Name three. (For example (3, 4), (2, 6) and (2, 2, 3).)
    """

    path_ends = "input"
    argument = "target_shape"

    def __init__(self, shape: Shape, target: tuple[int, ...], have: int, want: int) -> None:
        self.shape = shape
        self.target = target
        self.have = have
        self.want = want

    def message(self) -> str:
        if -1 in self.target:
            return self.say(
                "message.multiple",
                "{shape} has {have} values per sample, target_shape={target} needs {want} times an integer",
                shape=self.shape, have=self.have, target=self.target, want=self.want,
            )  # fmt: skip
        return self.say(
            "message",
            "{shape} has {have} values per sample, target_shape={target} needs {want}",
            shape=self.shape, have=self.have, target=self.target, want=self.want,
        )  # fmt: skip

    def explanation(self) -> str:
        return self.say("explanation", "Reshape only rearranges the values: their number must stay the same")

    def arithmetic(self) -> str:
        left = "*".join(map(str, (self.shape.dims or ())[1:]))
        right = "*".join(str(size) for size in self.target if size != -1)
        if -1 in self.target:
            return self.say(
                "arithmetic.multiple",
                "{left} = {have}, but {right} = {want}; it does not divide it",
                left=left, have=self.have, right=right, want=self.want,
            )  # fmt: skip
        return self.say("arithmetic", "{left} = {have}, but {right} = {want}", left=left, have=self.have, right=right, want=self.want)

    def help(self) -> str:
        return self.say("help", "make the product of target_shape {have}, for example ({have},) or (-1,)", have=self.have)


@diagnostic("SC206")
class MergeMismatch(Diagnostic):
    """The shapes of merged tensors do not match.

    Add and similar layers broadcast only an axis of size 1; Concatenate needs equal sizes on every axis but its own.

    Bad:
        a, b = keras.Input(shape=(5, 3)), keras.Input(shape=(5, 4))
        model = keras.Model([a, b], layers.Add()([a, b]))

    Good:
        a, b = keras.Input(shape=(5, 3)), keras.Input(shape=(5, 3))
        model = keras.Model([a, b], layers.Add()([a, b]))

    The sum:
        Add: 3 and 4 are different, and neither is 1. Concatenate adds up along one axis only: (5, 3) and (5, 4) make (5, 7)

    A drawing:
        a   [1][2][3]
        b   [5][6][7][8]
        +   [6][8][10][?]        the last number has no partner

    Which repair, and when:
        a layer that adapts one side    Dense(4), or a Conv2D with a window of 1, on the shorter tensor (as ResNet does)
        Concatenate instead of Add      if both should be kept side by side
        the same size on both sides     if one of them was pooled or cropped by mistake

    A question:
        Maps (8, 8, 16) and (8, 8, 32): does Concatenate take them, does Add? (Concatenate: (8, 8, 48); Add does not.)
    """

    def __init__(self, shapes: tuple[Shape, ...], why: str, advice: str) -> None:
        self.shapes = shapes
        self.why = why
        self.advice = advice

    def message(self) -> str:
        return self.say("message", "inputs {shapes}: {why}", shapes=', '.join(map(str, self.shapes)), why=self.why)

    def help(self) -> str:
        return str(self.advice)


@diagnostic("SC207")
class WrongInputCount(Diagnostic):
    """A layer got too few or too many inputs.

    Bad:
        a = keras.Input(shape=(5,))
        model = keras.Model(a, layers.Subtract()([a]))

    Good:
        a, b = keras.Input(shape=(5,)), keras.Input(shape=(5,))
        model = keras.Model([a, b], layers.Subtract()([a, b]))

    The sum:
        Subtract computes a - b: one tensor is 1 of 2

    A drawing:
        a [5] --+
                +--> Subtract --> [5]
        ?     --+      the second tensor is missing

    Which repair, and when:
        the missing tensor in the list    if it was forgotten: Subtract()([a, b])
        another layer                     if there is only one tensor: Rescaling(-1.0) changes its sign
        Add or Concatenate                if there are three or more

    A question:
        How many tensors does Add take? (Two or more.)
    """

    def __init__(self, given: int, expected: str, advice: str = "") -> None:
        self.given = given
        self.expected = expected
        self.advice = advice

    def message(self) -> str:
        return self.say("message", "expected {expected}, got {given}", expected=self.expected, given=self.given)

    def help(self) -> str:
        return str(self.advice)
