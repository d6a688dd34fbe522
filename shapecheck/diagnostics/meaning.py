"""SC3, third part: training that runs but is meaningless, and metrics and labels that fit() refuses."""

from __future__ import annotations

from shapecheck.diagnostics.base import Diagnostic, diagnostic
from shapecheck.languages import units


@diagnostic("SC310")
class MetricOnNumbers(Diagnostic):
    """A metric that compares each output with its label gets whole-number labels for several outputs. fit() raises in the metric.

    Precision, Recall, AUC and similar metrics expect one column of labels for each output, as categorical_crossentropy does. With whole
    numbers as labels write metrics=["accuracy"], or make the labels one-hot.

    Bad:
        model = keras.Sequential([keras.Input((8,)), layers.Dense(3, activation="softmax")])
        model.compile(loss="sparse_categorical_crossentropy", metrics=[keras.metrics.Precision()])

    Good:
        model = keras.Sequential([keras.Input((8,)), layers.Dense(3, activation="softmax")])
        model.compile(loss="categorical_crossentropy", metrics=[keras.metrics.Precision()])

    The sum:
        the output has 3 columns, a whole-number label has 1: (32, 3) against (32, 1)

    A drawing:
        output    [0.1][0.7][0.2]
        label     1                  Precision compares column with column
        one-hot   [ 0 ][ 1 ][ 0 ]    now it can

    Which repair, and when:
        metrics=["accuracy"]                        if you only want to know how many are right: it reads both kinds of labels
        one-hot labels with to_categorical          if you need Precision or Recall for each class
        class_id=2 in the metric, one-hot labels    if one class matters

    A question:
        Three classes, label 2. How is it written one-hot? ([0, 0, 1].)
    """

    def __init__(self, metric: str, units: int) -> None:
        self.metric = metric
        self.units = units

    def message(self) -> str:
        return self.say(
            "message",
            "{metric} needs labels with {units} columns, sparse_categorical_crossentropy has one number for each sample",
            metric=self.metric, units=self.units,
        )  # fmt: skip

    def explanation(self) -> str:
        return self.say("explanation", "it compares each output with its own column of the labels")

    def help(self) -> str:
        return self.say("help", 'write metrics=["accuracy"], or make the labels one-hot and use loss="categorical_crossentropy"')


@diagnostic("SC311", "warning")
class AccuracyOfNumbers(Diagnostic):
    """Accuracy is measured for a regression: it counts outputs that are equal to their label, and almost none are.

    A regression is measured by its error: mean absolute error is in the units of the labels.

    Bad:
        model = keras.Sequential([keras.Input((8,)), layers.Dense(1)])
        model.compile(loss="mse", metrics=["accuracy"])

    Good:
        model = keras.Sequential([keras.Input((8,)), layers.Dense(1)])
        model.compile(loss="mse", metrics=["mae"])

    The sum:
        prediction 20.9 for a price of 21.0: nearly right, and 20.9 == 21.0 is False, so accuracy counts 0

    A drawing:
        label        21.0   18.0   30.0
        prediction   20.9   18.4   29.0
        equal?        no     no     no     accuracy 0
        distance      0.1    0.4    1.0    mae 0.5

    Which repair, and when:
        metrics=["mae"]                      to read the error in the unit of the labels
        a sigmoid or softmax and its loss    if the labels are classes: then accuracy means something

    A question:
        mae is 2.5 and the labels are prices in 1,000 dollars. How far off is it on average? (2,500 dollars.)
    """

    def __init__(self, loss: str) -> None:
        self.loss = loss

    def message(self) -> str:
        return self.say(
            "message",
            'accuracy means nothing with loss "{loss}" and a linear output: it counts outputs that equal their label',
            loss=self.loss,
        )  # fmt: skip

    def help(self) -> str:
        return self.say("help", 'write metrics=["mae"] for a regression; for classes use a softmax or sigmoid with a crossentropy')


@diagnostic("SC312", "warning")
class LogitsTwice(Diagnostic):
    """The loss expects logits, but the last layer already turns them into probabilities: softmax is computed twice.

    Gradients become small, and the model learns slowly or not at all. Keras warns during training.

    Bad:
        model = keras.Sequential([keras.Input((8,)), layers.Dense(3, activation="softmax")])
        model.compile(loss=keras.losses.SparseCategoricalCrossentropy(from_logits=True))

    Good:
        model = keras.Sequential([keras.Input((8,)), layers.Dense(3)])
        model.compile(loss=keras.losses.SparseCategoricalCrossentropy(from_logits=True))

    The sum:
        softmax of (2, 1, 0) = (0.67, 0.24, 0.09); softmax of that again = (0.45, 0.30, 0.25): nearly equal, so the slopes are small

    A drawing:
        Dense -> softmax -> [probabilities] -> loss: softmax -> [flatter probabilities] -> log

    Which repair, and when:
        no activation in the last layer     keeps from_logits=True: numerically the safest; predict then returns scores
        no from_logits                      keeps probabilities as output: easier to read

    A question:
        Where does softmax belong if the loss says from_logits=True: in the model, in the loss or in both? (In the loss.)
    """

    argument = "activation"

    def __init__(self, activation: str, loss: str) -> None:
        self.activation = activation
        self.loss = loss

    def message(self) -> str:
        return self.say(
            "message",
            '"{loss}" has from_logits=True, but the last layer already applies {activation}',
            loss=self.loss, activation=self.activation,
        )  # fmt: skip

    def explanation(self) -> str:
        return self.say(
            "explanation",
            "the loss turns logits into probabilities itself, so this is done twice and the gradients become small",
        )  # fmt: skip

    def help(self) -> str:
        return self.say(
            "help",
            "remove {activation} from the last layer, or remove from_logits=True from the loss",
            activation=self.activation,
        )  # fmt: skip


@diagnostic("SC313")
class LabelOutOfRange(Diagnostic):
    """A label is outside the outputs: n outputs have the labels 0 to n - 1.

    Classes counted from 1 need either one unit more or labels that start at 0.

    Bad:
        model = keras.Sequential([keras.Input((8,)), layers.Dense(7, activation="softmax")])
        model.compile(loss="sparse_categorical_crossentropy")
        model.fit(np.zeros((200, 8)), np.random.randint(1, 8, size=200))

    Good:
        model = keras.Sequential([keras.Input((8,)), layers.Dense(7, activation="softmax")])
        model.compile(loss="sparse_categorical_crossentropy")
        model.fit(np.zeros((200, 8)), np.random.randint(0, 7, size=200))

    The sum:
        7 units are numbered 0 to 6; the label 7 would be an eighth unit

    A drawing:
        units    0 1 2 3 4 5 6
        labels     1 2 3 4 5 6 7        the last one points beside the output

    Which repair, and when:
        labels - 1         if classes are counted from 1 (days, months, stars)
        one unit more      if a class 0 may come later: unit 0 is then never right

    A question:
        Star ratings 1 to 5. Which labels, how many units? (0 to 4, 5 units)
    """

    def __init__(self, units: int, least: int, most: int, classes: int, layer: str = "", writes: bool = True) -> None:
        self.units = units
        self.least = least
        self.most = most
        self.classes = classes
        self.layer = layer
        """The layer that sets how many outputs there are, "" for the last one."""
        self.writes = writes
        """Whether that layer has an argument for it."""

    def message(self) -> str:
        last = self.units - 1
        if self.most < 0:
            return self.say(
                "message.classes",
                "the labels have {classes} classes, {where} has {units}: it accepts labels 0 to {last}",
                classes=self.classes, where=self._where(), units=units(self.units), last=last,
            )  # fmt: skip
        return self.say(
            "message",
            "the labels are {least} to {most}, {where} has {units}: it accepts labels 0 to {last}",
            least=self.least, most=self.most, where=self._where(), units=units(self.units), last=last,
        )  # fmt: skip

    def explanation(self) -> str:
        return self.say("explanation", "a label is the number of its unit, counted from 0")

    def help(self) -> str:
        count, where = (self.classes if self.most < 0 else self.most + 1), self._where()
        if self.most >= 0 and self.least > 0 and self.most - self.least < self.units:
            return self.say(
                "help.subtract",
                "subtract {least} from the labels, or write {count} units in {where}",
                least=self.least, count=count, where=where,
            )  # fmt: skip
        if not self.writes:
            return self.say("help.output", "make {count} the size of the output of {where}", count=count, where=where)
        return self.say("help", "write {count} units in {where}", count=count, where=where)

    def _where(self) -> str:
        return self.say("where.named", "the layer {name}", name=self.layer) if self.layer else self.say("where", "the last layer")


@diagnostic("SC314", "warning")
class OneUnitForClasses(Diagnostic):
    """One sigmoid is trained on labels of more than two classes: binary crossentropy supports only 0 and 1.

    Bad:
        (x, y), _ = keras.datasets.mnist.load_data()
        model = keras.Sequential([keras.Input((28, 28)), layers.Flatten(), layers.Dense(1, activation="sigmoid")])
        model.compile(loss="binary_crossentropy")
        model.fit(x, y)

    Good:
        (x, y), _ = keras.datasets.mnist.load_data()
        model = keras.Sequential([keras.Input((28, 28)), layers.Flatten(), layers.Dense(10, activation="softmax")])
        model.compile(loss="sparse_categorical_crossentropy")
        model.fit(x, y)

    The sum:
        binary crossentropy: -(y log p + (1 - y) log(1 - p)); for y = 7 it falls without end as p grows: no minimum

    A drawing:
        labels    0 1 2 3 4 5 6 7 8 9      10 classes
        output    one number from 0 to 1   it can name two

    Which repair, and when:
        Dense(10, activation="softmax")    one unit for each class, with sparse_categorical_crossentropy
        labels of 0 and 1: y = (y == 7)    if the question is only "a seven or not?"

    A question:
        Cats, dogs, horses, one label each: how many units, which loss? (3, sparse_categorical_crossentropy.)
    """

    def __init__(self, classes: int) -> None:
        self.classes = classes

    def message(self) -> str:
        return self.say("message", "the labels have {classes} classes, the model has 1 output, which is enough for 2", classes=self.classes)

    def explanation(self) -> str:
        return self.say("explanation", "one sigmoid is the probability of one of two classes")

    def help(self) -> str:
        return self.say(
            "help",
            'write Dense({classes}, activation="softmax") with loss="sparse_categorical_crossentropy"',
            classes=self.classes,
        )  # fmt: skip


@diagnostic("SC315", "warning")
class TestDataInTraining(Diagnostic):
    """Test data is used to train or to choose a model, and is then used to evaluate it: the result is too good.

    Early stopping, checkpoints of the best epoch and learning rate schedules that react to a plateau choose by validation_data. Keep the
    test set for the last evaluate(), and take the validation data from the training set (validation_split=0.2).

    Bad:
        (x, y), (x_test, y_test) = keras.datasets.boston_housing.load_data()
        model = keras.Sequential([keras.Input((13,)), layers.Dense(1)])
        model.compile(loss="mse")
        model.fit(x_test, y_test)
        model.evaluate(x_test, y_test)

    Good:
        (x, y), (x_test, y_test) = keras.datasets.boston_housing.load_data()
        model = keras.Sequential([keras.Input((13,)), layers.Dense(1)])
        model.compile(loss="mse")
        model.fit(x, y)
        model.evaluate(x_test, y_test)

    A drawing:
        training set   -> fit()
        validation set -> validation_data: when to stop, which epoch to keep
        test set       -> evaluate(), once, at the very end

    Which repair, and when:
        fit(x_train, y_train, validation_split=0.2)    validation rows come from the training set
        a third part by train_test_split               if the rows have an order, or classes are rare: stratify=y
        call it validation, and find new test rows     if the test set has already chosen something

    A question:
        Why is the best of 50 epochs on the test set too good a figure? (Some of the 50 are good on it by luck.)
    """

    def __init__(self, name: str, line: int, chooses: str = "") -> None:
        self.name = name
        self.line = line
        self.chooses = chooses

    def message(self) -> str:
        if self.chooses:
            return self.say(
                "message.chooses",
                "{chooses} chooses by {name}, and line {line} evaluates on it: the result is too good",
                chooses=self.chooses, name=self.name, line=self.line,
            )  # fmt: skip
        return self.say(
            "message",
            "the model is trained on {name}, and line {line} evaluates on it: the result is too good",
            name=self.name, line=self.line,
        )  # fmt: skip

    def help(self) -> str:
        if self.chooses:
            return self.say("help.chooses", "write validation_split=0.2 instead")
        return self.say("help", "train on the training data, and keep the test data for evaluate()")


@diagnostic("SC318")
class MetricOnOneHot(Diagnostic):
    """A sparse metric reads one whole number for each sample, and gets labels with one column for each class. fit() stops in the metric.

    Bad:
        model = keras.Sequential([keras.Input((8,)), layers.Dense(3, activation="softmax")])
        model.compile(loss="categorical_crossentropy", metrics=[keras.metrics.SparseCategoricalAccuracy()])

    Good:
        model = keras.Sequential([keras.Input((8,)), layers.Dense(3, activation="softmax")])
        model.compile(loss="categorical_crossentropy", metrics=[keras.metrics.CategoricalAccuracy()])

    The sum:
        a sparse metric reads one number for each sample, 2; the labels have three, (0, 0, 1)

    A drawing:
        label      [ 0 ][ 0 ][ 1 ]     one-hot: CategoricalAccuracy
        label      2                   whole number: SparseCategoricalAccuracy

    Which repair, and when:
        metrics=["accuracy"]             it looks at the labels and chooses
        CategoricalAccuracy()            if labels stay one-hot
        sparse loss and whole numbers    if there are many classes: one-hot labels take more memory

    A question:
        1,000 classes, 1,000,000 labels as float32: one-hot takes how much? (4 GB; as int32 4 MB.)
    """

    def __init__(self, metric: str, units: int) -> None:
        self.metric = metric
        self.units = units

    def message(self) -> str:
        return self.say(
            "message",
            "{metric} needs whole numbers as labels, categorical_crossentropy has {units} columns",
            metric=self.metric, units=self.units,
        )  # fmt: skip

    def help(self) -> str:
        return self.say("help", 'write metrics=["accuracy"], or loss="sparse_categorical_crossentropy" with whole numbers as labels')


@diagnostic("SC319")
class TooFewColumns(Diagnostic):
    """to_categorical(y, n) for labels with more than n classes: labels from n on have no column, and an IndexError is raised.

    Bad:
        (x, y), _ = keras.datasets.mnist.load_data()
        y = keras.utils.to_categorical(y, 9)
        model = keras.Sequential([keras.Input((28, 28)), layers.Flatten(), layers.Dense(9, activation="softmax")])

    Good:
        (x, y), _ = keras.datasets.mnist.load_data()
        y = keras.utils.to_categorical(y, 10)
        model = keras.Sequential([keras.Input((28, 28)), layers.Flatten(), layers.Dense(10, activation="softmax")])

    The sum:
        labels 0 to 9 are ten classes: columns 0 to 8 do not hold a 9

    A drawing:
        column   0 1 2 3 4 5 6 7 8
        label 9                    ^ no such column

    Which repair, and when:
        to_categorical(y, 10)    the highest label plus one
        to_categorical(y)        it counts by itself, if the highest class occurs in y
        y - 1                    if the labels begin at 1

    A question:
        Labels are 1, 2, 3. How many columns does to_categorical(y) make? (4: column 0 stays empty.)
    """

    def __init__(self, columns: int, classes: int) -> None:
        self.columns = columns
        self.classes = classes

    def message(self) -> str:
        return self.say(
            "message",
            "{columns} columns for labels of {classes} classes, 0 to {last}: label {columns} has no column",
            columns=self.columns, classes=self.classes, last=self.classes - 1,
        )  # fmt: skip

    def help(self) -> str:
        return self.say("help", "write {classes}, here and as the units of the last layer", classes=self.classes)


@diagnostic("SC320", "warning")
class ScaledBeforeSplit(Diagnostic):
    """A scaler learns from all rows, then they are split: the test rows have taken part in the training.

    Scores on them are better than on rows that are really new. Split first; fit the scaler on the training rows, and only transform
    the others.

    Bad:
        from sklearn.model_selection import train_test_split
        from sklearn.preprocessing import StandardScaler
        x = StandardScaler().fit_transform(np.zeros((90, 8)))
        x_train, x_test = train_test_split(x)
        model = keras.Sequential([keras.Input((8,)), layers.Dense(3)])

    Good:
        from sklearn.model_selection import train_test_split
        from sklearn.preprocessing import StandardScaler
        x_train, x_test = train_test_split(np.zeros((90, 8)))
        scaler = StandardScaler().fit(x_train)
        x_train, x_test = scaler.transform(x_train), scaler.transform(x_test)
        model = keras.Sequential([keras.Input((8,)), layers.Dense(3)])

    The sum:
        mean over all 90 rows = (sum of 67 training rows + sum of 23 test rows) / 90: the test rows are in it

    A drawing:
        wrong   all rows -> fit scaler -> split -> train, test
        right   all rows -> split -> train -> fit scaler
                                  -> test  -> transform only

    Which repair, and when:
        split first, then fit on the training rows    always
        a Normalization layer, adapt(x_train)         if the model should carry its scaling with it
        a Pipeline with cross_val_score               if you cross-validate: it is fitted again in every fold

    A question:
        Does fit_transform(x_test) help? (No: the test rows would then be scaled by themselves.)
    """

    def __init__(self, scaler: str, line: int) -> None:
        self.scaler = scaler
        self.line = line

    def message(self) -> str:
        return self.say(
            "message",
            "{scaler} is fitted on all rows, which are split on line {line}: it has seen the test rows",
            scaler=self.scaler, line=self.line,
        )  # fmt: skip

    def help(self) -> str:
        return self.say("help", "split first, fit_transform() the training rows, and transform() the others")
