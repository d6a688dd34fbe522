"""SC2: rank, axes, reshaping, undefined dimensions."""

from __future__ import annotations

from shapecheck.diagnostics.base import Diagnostic, diagnostic
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
        got       batch   28     28        ?

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

    def message(self) -> str:
        least = "at least " if self.at_least else ""
        return f"expected an input of {least}{self.expected} axes (batch included), got {self.shape.rank}: {self.shape}"

    def explanation(self) -> str:
        rank = self.shape.rank or 0
        if not self.axes:
            return ""
        reads = f"the layer reads ({', '.join(self.axes)})"
        if rank == len(self.axes) - 1:
            return f"{reads}: {self._missing} is missing"
        if rank == len(self.axes) + 1:
            return f"{reads}: the input has one axis more"
        return f"{reads}: the input has {rank} axes instead of {len(self.axes)}"

    @property
    def _missing(self) -> str:
        """The channels, unless the last size looks like them: 1 or 3."""
        return "the channels axis" if "channels" in self.axes and self.shape.last not in (1, 3) else "one of them"

    def help(self) -> str:
        return self.advice


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
        return f"axis {self.axis} of the input must be a number, got {self.shape}"

    def explanation(self) -> str:
        return "the weights need one row for each value of that axis, so its size must be known before the layer is built"

    def help(self) -> str:
        return "declare a fixed size there in Input, or use a global pooling layer instead of Flatten"


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
        return f"axis {self.axis} must be {want}, got {got}: accepts {self.accepted}, received {self.given}"

    def explanation(self) -> str:
        return "the layers after this input are built for its declared sizes"

    def help(self) -> str:
        assert self.given.dims is not None and self.accepted.dims is not None
        declared = [f"declare Input(shape={Shape(self.given.dims[1:])}) in it"] if self.declarable else []
        sizes = Shape(self.accepted.dims[1:])
        between = [f"put Reshape({sizes}) before it"] if as_many(self.given.dims[1:], self.accepted.dims[1:]) else []
        return ", or ".join([*declared, *between, f"make the layer before it return {self.accepted}"])


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
        return f"{self.argument}={self.axis}: the input has {self.shape.rank} axes (batch included): {self.shape}"

    def explanation(self) -> str:
        return f"axes are counted from 0, which is the batch, to {(self.shape.rank or 1) - 1}; -1 is the last one"

    def help(self) -> str:
        return f"write {self.argument}=-1 for the last axis"


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
        rest = " times an integer" if -1 in self.target else ""
        return f"{self.shape} has {self.have} values per sample, target_shape={self.target} needs {self.want}{rest}"

    def explanation(self) -> str:
        return "Reshape only rearranges the values: their number must stay the same"

    def arithmetic(self) -> str:
        left = "*".join(map(str, (self.shape.dims or ())[1:]))
        right = "*".join(str(size) for size in self.target if size != -1)
        rest = "; it does not divide it" if -1 in self.target else ""
        return f"{left} = {self.have}, but {right} = {self.want}{rest}"

    def help(self) -> str:
        return f"make the product of target_shape {self.have}, for example ({self.have},) or (-1,)"


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
        return f"inputs {', '.join(map(str, self.shapes))}: {self.why}"

    def help(self) -> str:
        return self.advice


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
        return f"expected {self.expected}, got {self.given}"

    def help(self) -> str:
        return self.advice
