"""SC3: data against input, labels against output, loss against the last activation."""

from __future__ import annotations

from collections.abc import Sequence

from shapecheck.diagnostics.base import Diagnostic, diagnostic
from shapecheck.languages import Phrase, arrays, both, inputs, outputs
from shapecheck.shapes import Dim, Shape, as_many, multiply


@diagnostic("SC301")
class LabelsMismatch(Diagnostic):
    """Labels do not have the shape that the model's output and the loss require.

    categorical_crossentropy expects one column for each class, sparse_categorical_crossentropy one integer for each
    sample, every other loss labels of the output's own shape. Keras reports this only in fit(), after the data is loaded.

    Bad:
        model = keras.Sequential([keras.Input(shape=(8,)), layers.Dense(10, activation="softmax")])
        model.compile(loss="categorical_crossentropy")
        model.fit(np.zeros((4, 8)), np.zeros((4, 6)))

    Good:
        model = keras.Sequential([keras.Input(shape=(8,)), layers.Dense(6, activation="softmax")])
        model.compile(loss="categorical_crossentropy")
        model.fit(np.zeros((4, 8)), np.zeros((4, 6)))

    The sum:
        for n samples and 6 classes
        categorical_crossentropy           labels (n, 6), output (n, 6)
        sparse_categorical_crossentropy    labels (n,), output (n, 6): the output's shape without its last axis
        binary_crossentropy, mse ...       labels of the output's shape

    A drawing:
        label   [0][0][1][0][0][0]                     six columns
        output  [ ][ ][ ][ ][ ][ ][ ][ ][ ][ ]         ten units

    Which repair, and when:
        as many units as classes    if the labels are right (they mostly are)
        another loss                if labels are whole numbers: the sparse one
        Flatten before the Dense    if the output still has rows and columns: one answer a picture

    A question:
        Labels 3, 0, 2 ... of four classes, as whole numbers: which last layer, which loss? (Dense(4), softmax; the sparse one.)
    """

    path_ends = "output"

    def __init__(self, labels: Shape, output: Shape, loss: str, advice: str = "") -> None:
        self.labels = labels
        self.output = output
        self.loss = loss
        self.advice = advice

    def message(self) -> str:
        return self.say(
            "message",
            'labels {labels} do not match the output {output} for loss "{loss}"',
            labels=self.labels, output=self.output, loss=self.loss,
        )  # fmt: skip

    def explanation(self) -> str:
        output, labels = self.output.dims or (), self.labels.dims
        if len(output) > 2 and labels is not None and len(labels) < len(output):
            places = "x".join("?" if size is None else str(size) for size in output[1:-1])
            return self.say(
                "explanation.positions",
                "the model has one output for each of {places} positions, the labels have one value for each sample",
                places=places,
            )  # fmt: skip
        if self.loss == "sparse_categorical_crossentropy":
            return self.say("explanation.integer", "{loss} expects one integer for each sample", loss=self.loss)
        single = labels is not None and (len(labels) == 1 or labels[-1] == 1)
        if self.loss == "categorical_crossentropy" and single:
            return self.say(
                "explanation.columns.single",
                "{loss} compares each output with its own column of the labels, and these are one number for each sample",
                loss=self.loss,
            )  # fmt: skip
        if self.loss == "categorical_crossentropy":
            return self.say("explanation.columns", "{loss} compares each output with its own column of the labels", loss=self.loss)
        if single:
            return self.say(
                "explanation.single",
                "{loss} compares each output with a separate label, and these are one number for each sample",
                loss=self.loss,
            )  # fmt: skip
        return self.say("explanation", "{loss} compares each output with a separate label", loss=self.loss)

    def help(self) -> str:
        return str(self.advice)


@diagnostic("SC302", "warning")
class LabelsStretched(LabelsMismatch):
    """Labels are silently broadcast to the output's shape: Keras does not raise, and trains on a wrong target.

    Bad:
        model = keras.Sequential([keras.Input(shape=(8,)), layers.Dense(4)])
        model.compile(loss="mse")
        model.fit(np.zeros((6, 8)), np.zeros((6, 1)))

    Good:
        model = keras.Sequential([keras.Input(shape=(8,)), layers.Dense(1)])
        model.compile(loss="mse")
        model.fit(np.zeros((6, 8)), np.zeros((6, 1)))

    The sum:
        mse of one sample = mean of (output - label)^2 over 4 units, each against the same single label

    A drawing:
        output  [ a ][ b ][ c ][ d ]
        label   [ y ]  becomes  [ y ][ y ][ y ][ y ]        all four learn the same number

    Which repair, and when:
        Dense(1)               if one number is needed
        four label columns     if four numbers are needed

    A question:
        Output (n, 3), labels (n, 1), all labels 5. What do the three units learn? (All of them 5.)
    """

    def message(self) -> str:
        return self.say(
            "message",
            'labels {labels} would be broadcast to the output {output} by loss "{loss}"',
            labels=self.labels, output=self.output, loss=self.loss,
        )  # fmt: skip

    def explanation(self) -> str:
        return self.say(
            "explanation",
            "each label is repeated until the shapes agree, so several outputs are compared with the same number",
        )  # fmt: skip


@diagnostic("SC303")
class DataMismatch(Diagnostic):
    """Data given to fit, evaluate, predict or a call does not have the shape that the model's input accepts.

    Bad:
        model = keras.Sequential([keras.Input(shape=(10,)), layers.Dense(4)])
        model.predict(np.zeros((1, 2)))

    Good:
        model = keras.Sequential([keras.Input(shape=(10,)), layers.Dense(4)])
        model.predict(np.zeros((1, 10)))

    The sum:
        accepted (None, 10), got (1, 2): the last sizes differ, 2 is not 10

    A drawing:
        one row of data  [ ][ ]
        the weights      [ ][ ][ ][ ][ ][ ][ ][ ][ ][ ]        one weight for each input value

    Which repair, and when:
        reshape the data         images for a dense model: x.reshape(len(x), -1)
        change the Input         if the data is right; check how later layers change
        add a batch axis         for a single sample: x[None]

    A question:
        A model accepts (None, 64), the data is (100, 8, 8). What helps? (x.reshape(100, 64))
    """

    def __init__(self, data: Shape, accepted: Shape, declarable: bool = False, swapped: Sequence[str] = (), whole: str = "") -> None:
        """declarable: whether the layers accept data of this shape; swapped: the two inputs that fit each other's data.

        whole: the expression that declares the input, if it is the shape of all samples (x.shape).
        """
        self.whole = whole
        self.data = data
        self.accepted = accepted
        self.declarable = declarable
        self.swapped = tuple(swapped)

    @property
    def changes(self) -> list[tuple[str, str]]:
        """What to append to the data so that it fits, and the result in words: ("[None]", "a batch of one sample")."""
        have, want = self.data.dims or (), self.accepted.dims or ()
        found: list[tuple[str, str]] = []
        if _alike(have, want[1:]):
            found.append(("[None]", _ONE_SAMPLE))
        if want[1:2] == (None,) and len(want) > 2 and _alike(have[1:], want[2:]):
            found.append(("[:, None]", Phrase("SC303", "change.steps", "one step for each sample")))
        if _regrouped(have[1:], want[1:]):
            found.append((_reshaped(want[1:]), Phrase("SC303", "change.flat", "each sample flat") if len(want) == 2 else ""))
        elif not found and _regrouped(have, want[1:]):
            found.append((_reshaped(want[1:]), _ONE_SAMPLE))
        return found or _turned(have, want)

    def message(self) -> str:
        return self.say("message", "data {data} does not fit the input {accepted}", data=self.data, accepted=self.accepted)

    def explanation(self) -> str:
        sample = Shape((self.data.dims or ())[1:])
        return self.say(
            "explanation",
            "each sample of the data is {sample}, the input takes {wanted}",
            sample=sample, wanted=Shape((self.accepted.dims or ())[1:]),
        )  # fmt: skip

    def help(self) -> str:
        if self.whole:
            return self.say(
                "help.whole",
                "{whole} begins with the number of samples, and an input is declared without it: write {whole}[1:]",
                whole=self.whole,
            )  # fmt: skip
        if self.swapped:
            return self.say("help.swapped", "the data of {names} is swapped: exchange the two", names=both(self.swapped))
        for change, what in self.changes:
            if what:
                return self.say("help.change.why", "write x{change}: {what}", change=change, what=what)
            return self.say("help.change", "write x{change}", change=change)
        assert self.data.dims is not None and self.accepted.dims is not None
        if len(self.data.dims) == len(self.accepted.dims) - 1 == 3 and self.data.dims[-1] == self.accepted.dims[-1]:
            return self.say(
                "help.image",
                "this is one image without a batch axis: reshape it to {wanted}, then write x[None]",
                wanted=Shape(self.accepted.dims[1:]),
            )  # fmt: skip
        sizes, same = Shape(self.data.dims[1:]), as_many(self.data.dims[1:], self.accepted.dims[1:])
        if self.declarable and same:
            return self.say(
                "help.declare.reshape",
                "declare Input(shape={sizes}), or reshape the data to {accepted}",
                sizes=sizes, accepted=self.accepted,
            )  # fmt: skip
        if self.declarable:
            return self.say(
                "help.declare",
                "declare Input(shape={sizes}), or pass data of shape {accepted}",
                sizes=sizes, accepted=self.accepted,
            )  # fmt: skip
        if same:
            return self.say("help.reshape", "reshape the data to {accepted}", accepted=self.accepted)
        return self.say("help", "pass data of shape {accepted}", accepted=self.accepted)


_ONE_SAMPLE = Phrase("SC303", "change.one_sample", "a batch of one sample")


def _alike(have: tuple[Dim, ...], want: tuple[Dim, ...]) -> bool:
    return len(have) == len(want) > 0 and all(b is None or a == b for a, b in zip(have, want, strict=True))


def _turned(have: tuple[Dim, ...], want: tuple[Dim, ...]) -> list[tuple[str, str]]:
    """The edit that moves the channels to the other end of each sample, if that is enough."""
    axes = range(1, len(have))
    if len(have) != len(want) or len(want) < 3:
        return []
    last = Phrase("SC303", "change.channels_last", "channels last"), (0, *axes[1:], axes[0])
    first = Phrase("SC303", "change.channels_first", "channels first"), (0, axes[-1], *axes[:-1])
    for what, order in (last, first):
        if _alike(tuple(have[axis] for axis in order[1:]), want[1:]):
            return [(f".transpose{order}", what)]
    return []


def _reshaped(sample: tuple[Dim, ...]) -> str:
    return f".reshape({', '.join(map(str, (-1, *sample)))})"


def _regrouped(have: tuple[Dim, ...], want: tuple[Dim, ...]) -> bool:
    """True if a reshape only joins or splits axes, and no value moves to another pixel.

    False for images with channels on another axis: the count is right, but pixels would mix.

    >>> _regrouped((784,), (28, 28, 1)), _regrouped((28, 28), (7, 4, 28)), _regrouped((3, 32, 32), (32, 32, 3))
    (True, True, False)
    """
    if not as_many(have, want):
        return False
    left, right = ([size for size in sizes if size != 1] for sizes in (have, want))
    while left and right:
        a, b, joined, cut = left.pop(0), right.pop(0), 1, 1
        while a != b:
            if a < b:  # type: ignore[operator]
                a, joined = multiply(a, left.pop(0)), joined + 1
            else:
                b, cut = multiply(b, right.pop(0)), cut + 1
        if joined > 1 and cut > 1:
            return False
    return True


@diagnostic("SC304", "warning")
class SoftmaxOnOneUnit(Diagnostic):
    """Softmax over a single unit is always 1: the model cannot learn.

    Bad:
        model = keras.Sequential([keras.Input(shape=(8,)), layers.Dense(1, activation="softmax")])
        model.compile(loss="binary_crossentropy")

    Good:
        model = keras.Sequential([keras.Input(shape=(8,)), layers.Dense(1, activation="sigmoid")])
        model.compile(loss="binary_crossentropy")

    The sum:
        softmax(z) = e^z / (e^z + nothing else) = 1, for every z

    A drawing:
        softmax   z = -5 -> 1     z = 0 -> 1      z = 5 -> 1
        sigmoid   z = -5 -> 0.01  z = 0 -> 0.5    z = 5 -> 0.99

    Which repair, and when:
        sigmoid on one unit      yes or no, labels 0 and 1, binary_crossentropy
        softmax on two units     two classes, labels 0 and 1, sparse_categorical_crossentropy
        no activation            any number, mse

    A question:
        What does the loss do over the epochs if the output is always 1? (It stays the same.)
    """

    argument = "activation"

    def message(self) -> str:
        return self.say("message", "softmax over 1 unit is always 1, whatever the input")

    def explanation(self) -> str:
        return self.say("explanation", "softmax divides each unit by the sum of all units, and there is only one")

    def arithmetic(self) -> str:
        return "e^z / e^z = 1"

    def help(self) -> str:
        return self.say("help", 'write activation="sigmoid" with loss="binary_crossentropy", or use one unit for each class')


@diagnostic("SC305", "warning")
class LossActivation(Diagnostic):
    """The last activation does not produce what the loss expects; Keras trains without a warning.

    categorical_crossentropy expects probabilities that sum to 1 over the classes: softmax.

    Bad:
        model = keras.Sequential([keras.Input(shape=(8,)), layers.Dense(2, activation="sigmoid")])
        model.compile(loss="categorical_crossentropy")

    Good:
        model = keras.Sequential([keras.Input(shape=(8,)), layers.Dense(2, activation="softmax")])
        model.compile(loss="categorical_crossentropy")

    The sum:
        the loss is -log(probability of the right class); probabilities are between 0 and 1 and sum to 1

    A drawing:
        scores    2.0    1.0    -1.0        -log(-1.0) is undefined
        softmax   0.71   0.26   0.04        together 1

    Which repair, and when:
        the activation named here       the usual way
        from_logits=True in the loss    keeps scores as output; predict then returns scores too

    A question:
        Sigmoid on two units returns 0.9 and 0.8. Can both be probabilities of one choice? (No: their sum is 1.7.)
    """

    argument = "activation"

    def __init__(self, activation: str, loss: str, wanted: str) -> None:
        self.activation = activation
        self.loss = loss
        self.wanted = wanted

    def message(self) -> str:
        return self.say(
            "message",
            'the last activation is {activation}, loss "{loss}" expects {wanted}',
            activation=self.activation, loss=self.loss, wanted=self.wanted,
        )  # fmt: skip

    def explanation(self) -> str:
        if self.activation == "sigmoid":
            return self.say(
                "explanation.sigmoid",
                "{loss} expects probabilities that sum to 1; sigmoid computes one for each unit separately",
                loss=self.loss,
            )  # fmt: skip
        return self.say(
            "explanation",
            "{loss} takes the logarithm of probabilities; {activation} outputs are not between 0 and 1",
            loss=self.loss, activation=self.activation,
        )  # fmt: skip

    def help(self) -> str:
        if self.activation == "linear":
            return self.say(
                "help.linear",
                'write activation="{wanted}" in the last layer, or pass a loss made with from_logits=True',
                wanted=self.wanted,
            )  # fmt: skip
        return self.say("help", 'write activation="{wanted}" in the last layer', wanted=self.wanted)


@diagnostic("SC306", "warning")
class OneUnitCategorical(Diagnostic):
    """categorical_crossentropy over a single output: its value is 0 for every sample, so the model learns nothing.

    Bad:
        model = keras.Sequential([keras.Input(shape=(8,)), layers.Dense(1, activation="sigmoid")])
        model.compile(loss="categorical_crossentropy")

    Good:
        model = keras.Sequential([keras.Input(shape=(8,)), layers.Dense(1, activation="sigmoid")])
        model.compile(loss="binary_crossentropy")

    The sum:
        one class has the probability p / p = 1; the loss is -log(1) = 0 for every sample, and its slope is 0

    A drawing:
        classes      [ yes ]           1.0        always right: nothing to learn
        two classes  [ no ][ yes ]     0.3 0.7

    Which repair, and when:
        binary_crossentropy, sigmoid     yes or no: labels 0 and 1, one unit
        two units with softmax           two classes as columns or whole numbers
        mse without activation           if the label is a quantity and not a class

    A question:
        What does the loss show after the first epoch here, and after the last? (0 and 0.)
    """

    def __init__(self, loss: str) -> None:
        self.loss = loss

    def message(self) -> str:
        return self.say("message", 'loss "{loss}" needs at least 2 outputs, the last layer has 1', loss=self.loss)

    def explanation(self) -> str:
        return self.say("explanation", "probabilities are divided by their sum first, so the only class always has 1")

    def arithmetic(self) -> str:
        return "-log(1) = 0"

    def help(self) -> str:
        return self.say("help", 'use loss="binary_crossentropy" with a sigmoid, or one unit for each class')


@diagnostic("SC307")
class SampleCount(Diagnostic):
    """Data and labels have different numbers of samples.

    Bad:
        model = keras.Sequential([keras.Input(shape=(8,)), layers.Dense(1)])
        model.compile(loss="mse")
        model.fit(np.zeros((6, 8)), np.zeros((5, 1)))

    Good:
        model = keras.Sequential([keras.Input(shape=(8,)), layers.Dense(1)])
        model.compile(loss="mse")
        model.fit(np.zeros((6, 8)), np.zeros((6, 1)))

    The sum:
        6 samples need 6 labels; there are 5, so at least one sample would be compared with the label of another

    A drawing:
        x   [ ][ ][ ][ ][ ][ ]
        y   [ ][ ][ ][ ][ ]              which label belongs to the last?

    Which repair, and when:
        the other array       x_train with y_train: the two often come from different splits
        the same filter       if rows were dropped from x, drop them from y too
        cutting to length     only if you know that the first rows belong together; else pictures get wrong labels

    A question:
        x_train has 1415 rows, x_test 382. Which of the two belongs to 382 labels? (x_test)
    """

    def __init__(self, data: int, labels: int, first: str = "data", second: str = "labels") -> None:
        self.data = data
        self.labels = labels
        self.names = first, second

    def message(self) -> str:
        if self.names[1] == "labels":
            return self.say("message", "{data} samples of data, but {labels} of labels", data=self.data, labels=self.labels)
        return self.say(
            "message.inputs",
            "{data} samples of {first}, but {labels} of {second}",
            data=self.data, first=self.names[0], labels=self.labels, second=self.names[1],
        )  # fmt: skip

    def explanation(self) -> str:
        if self.names[1] != "labels":
            return self.say("explanation.inputs", "each sample needs one row of every input")
        return self.say(
            "explanation",
            "each sample is compared with its own label; arrays of different length often come from different splits",
        )  # fmt: skip

    def help(self) -> str:
        if self.names[1] == "labels":
            return self.say("help", "pass one label for each sample")
        return self.say("help.inputs", "pass the same number of samples to each input")


@diagnostic("SC309")
class InputsMismatch(Diagnostic):
    """Data does not match the inputs of the model: the number of arrays differs, or a dict lacks the name of an input.

    Or labels and losses do not match its outputs, which Keras reports only in fit().

    Bad:
        a, b = keras.Input((4,), name="a"), keras.Input((5,), name="b")
        model = keras.Model([a, b], layers.Concatenate()([a, b]))
        model.predict({"a": np.zeros((8, 4)), "c": np.zeros((8, 5))})

    Good:
        a, b = keras.Input((4,), name="a"), keras.Input((5,), name="b")
        model = keras.Model([a, b], layers.Concatenate()([a, b]))
        model.predict({"a": np.zeros((8, 4)), "b": np.zeros((8, 5))})

    The sum:
        inputs a, b; given a, c: b is missing, and c belongs to no input

    A drawing:
        model      data
        a (4)  <-  a (4)
        b (5)  <-  ?
                   c (5)   no such input

    Which repair, and when:
        the names of the inputs as keys      if the data are in a dict: Input(name=...) sets them
        a list in the order of the inputs    if names do not matter: predict([x_a, x_b])
        one label array for each output      if labels are what is missing

    A question:
        A model has inputs "left" and "right". Which keys does the dict need? (left and right.)
    """

    def __init__(
        self, names: Sequence[str], count: int | None, missing: str = "", keys: Sequence[str] = (), what: str = "data", side: str = "input"
    ) -> None:
        """names: of all inputs or outputs (`side`); what: data, labels or loss."""
        self.names = names
        self.count = count
        self.missing = missing
        self.keys = keys
        self.what = what
        self.side = side

    def message(self) -> str:
        if self.count is None:
            keys = ", ".join(self.keys)
            if self.what == "loss":
                return self.say(
                    "message.missing.loss",
                    'no loss for the output "{missing}"; the dict has the keys {keys}',
                    missing=self.missing, keys=keys,
                )  # fmt: skip
            if self.what == "labels":
                return self.say(
                    "message.missing.labels",
                    'no labels for the output "{missing}"; the dict has the keys {keys}',
                    missing=self.missing, keys=keys,
                )  # fmt: skip
            return self.say(
                "message.missing.data",
                'no data for the input "{missing}"; the dict has the keys {keys}',
                missing=self.missing, keys=keys,
            )  # fmt: skip
        given, names = arrays(self.count), ", ".join(self.names)
        sides = outputs(len(self.names)) if self.side == "output" else inputs(len(self.names))
        if self.what == "labels" and all(self.names):
            return self.say("message.labels.names", "{arrays} of labels for {sides} ({names})", arrays=given, sides=sides, names=names)
        if self.what == "labels":
            return self.say("message.labels", "{arrays} of labels for {sides}", arrays=given, sides=sides)
        if all(self.names):
            return self.say("message.names", "{arrays} of data for {sides} ({names})", arrays=given, sides=sides, names=names)
        return self.say("message", "{arrays} of data for {sides}", arrays=given, sides=sides)

    def help(self) -> str:
        if self.count is None:
            if self.what == "loss":
                return self.say("help.missing.loss", 'put its loss under the key "{missing}"', missing=self.missing)
            if self.what == "labels":
                return self.say("help.missing.labels", 'put its labels under the key "{missing}"', missing=self.missing)
            return self.say("help.missing.data", 'put its data under the key "{missing}"', missing=self.missing)
        if len(self.names) < 2:
            return self.say("help.one", "pass one array")
        names = ", ".join(self.names)
        if self.side == "output" and all(self.names):
            return self.say(
                "help.outputs.names",
                "pass one array for each output: a list of {count} ({names})",
                count=len(self.names), names=names,
            )  # fmt: skip
        if self.side == "output":
            return self.say("help.outputs", "pass one array for each output: a list of {count}", count=len(self.names))
        if all(self.names):
            return self.say("help.names", "pass one array for each input: a list of {count} ({names})", count=len(self.names), names=names)
        return self.say("help", "pass one array for each input: a list of {count}", count=len(self.names))
