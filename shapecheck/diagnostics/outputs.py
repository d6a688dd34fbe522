"""SC3, fifth part: arguments of compile() and fit() that belong to outputs."""

from __future__ import annotations

from shapecheck.diagnostics.base import Diagnostic, diagnostic

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Sequence


@diagnostic("SC321")
class EntriesMismatch(Diagnostic):
    """A list or a dict of compile() or fit() does not match the outputs of the model. Keras 3 reports it only in fit().

    A list of losses, metrics, weighted metrics or sample weights has one entry for each output, in their order; a dict has the names of
    output layers as keys. loss_weights has one number for each loss.

    Bad:
        x = keras.Input((8,))
        model = keras.Model(x, [layers.Dense(3, name="a")(x), layers.Dense(1, name="b")(x)])
        model.compile(loss=["mse", "mse"], metrics=["mae"])
        model.fit(np.zeros((6, 8)), [np.zeros((6, 3)), np.zeros((6, 1))])

    Good:
        x = keras.Input((8,))
        model = keras.Model(x, [layers.Dense(3, name="a")(x), layers.Dense(1, name="b")(x)])
        model.compile(loss=["mse", "mse"], metrics=[["mae"], ["mae"]])
        model.fit(np.zeros((6, 8)), [np.zeros((6, 3)), np.zeros((6, 1))])

    The sum:
        2 outputs, so 2 entries: one list of metrics for each output

    A drawing:
        outputs    a         b
        loss       "mse"     "mse"
        metrics    ["mae"]   ["mae"]

    Which repair, and when:
        a list with one entry for each output    metrics=[["mae"], ["mae"]]
        a dict by the names of the outputs       if only some outputs have metrics: metrics={"a": ["mae"]}

    A question:
        A model with 3 outputs: how many entries has metrics=["mae", "mse"], how many should it have? (2; 3.)
    """

    def __init__(
        self, argument: str, names: Sequence[str], count: int | None = None, key: str = "", losses: int | None = None,
        kinds: tuple[str, str] | None = None,
    ) -> None:  # fmt: skip
        """names: of the outputs; count: entries of a list; key: a key of a dict that is no output; losses: of loss_weights;
        kinds: what it is, and what the labels (or the model) are: ("list", "dict")."""
        self.kinds = kinds
        self.argument = argument
        self.names = list(names)
        self.count = count
        self.key = key
        self.losses = losses

    def message(self) -> str:
        if self.kinds is not None and self.kinds[1] == "Sequential":
            return self.say("message.stack", "{argument} is a dict, which a Sequential does not take", argument=self.argument)
        if self.kinds is not None:
            return self.say(
                "message.kinds", "{argument} is a {given}, but the labels are a {labels}",
                argument=self.argument, given=self.kinds[0], labels=self.kinds[1],
            )  # fmt: skip
        if self.losses is not None:
            return self.say(
                "message.losses", "the length of loss_weights is {count}, the number of losses {losses}",
                count=self.count, losses=self.losses,
            )  # fmt: skip
        if self.count is None:
            return self.say(
                "message.key", "{argument} has the key {key!r}, but no output is named so", argument=self.argument, key=self.key
            )
        return self.say(
            "message", "the length of {argument} is {count}, but the model has {outputs} outputs",
            argument=self.argument, count=self.count, outputs=len(self.names),
        )  # fmt: skip

    def help(self) -> str:
        if self.kinds is not None and self.kinds[1] == "Sequential":
            return self.say("help.stack", "write the loss alone: a Sequential has one output")
        if self.kinds is not None:
            return self.say("help.kinds", "write a {labels} of arrays, as the labels are", labels=self.kinds[1])
        if self.losses == 1 and len(self.names) == 1:
            return self.say("help.one", "write one number, or remove it: the model has one loss")
        if self.losses == 1:
            return self.say("help.loss", "write one loss for each output: a list or a dict of {outputs}", outputs=len(self.names))
        if self.losses is not None:
            return self.say("help.losses", "write {losses} numbers, one for each loss", losses=self.losses)
        if self.count is None and all(self.names):
            return self.say("help.key", "the outputs are named {names}", names=", ".join(self.names))
        return self.say("help", "write {outputs} entries, one for each output, in their order", outputs=len(self.names))


@diagnostic("SC322", "warning")
class OutputWithoutLoss(Diagnostic):
    """The list of losses is shorter than the list of outputs: the last outputs are not trained, and Keras says nothing.

    Bad:
        x = keras.Input((8,))
        model = keras.Model(x, [layers.Dense(3, name="a")(x), layers.Dense(2, name="b")(x), layers.Dense(1, name="c")(x)])
        model.compile(loss=["mse", "mse"])
        model.fit(np.zeros((6, 8)), [np.zeros((6, 3)), np.zeros((6, 2)), np.zeros((6, 1))])

    Good:
        x = keras.Input((8,))
        model = keras.Model(x, [layers.Dense(3, name="a")(x), layers.Dense(2, name="b")(x), layers.Dense(1, name="c")(x)])
        model.compile(loss=["mse", "mse", None])
        model.fit(np.zeros((6, 8)), [np.zeros((6, 3)), np.zeros((6, 2)), np.zeros((6, 1))])

    The sum:
        2 losses for 3 outputs: the third output gets no loss

    A drawing:
        outputs    a       b       c
        loss       "mse"   "mse"   -

    Which repair, and when:
        one loss more         if the last output should be trained too
        None as its loss      if it should not, and the reader should see that

    A question:
        loss=["mse"] for two outputs: which one is trained? (The first.)
    """

    def __init__(self, losses: int, outputs: int) -> None:
        self.losses = losses
        self.outputs = outputs

    def message(self) -> str:
        return self.say(
            "message", "the length of loss is {losses}, but the model has {outputs} outputs: those after it are not trained",
            losses=self.losses, outputs=self.outputs,
        )  # fmt: skip

    def help(self) -> str:
        return self.say("help", "write {outputs} losses, None for an output that is not trained", outputs=self.outputs)


@diagnostic("SC323")
class ClassWeightsOfSeveral(Diagnostic):
    """class_weight is for models with one output. With several Keras 3 raises in fit(), also for a dict by output.

    Weights for each sample do the same: an array for each output, with the weight of each sample's class.

    Bad:
        x = keras.Input((8,))
        outputs = [layers.Dense(2, activation="softmax", name="a")(x), layers.Dense(1, name="b")(x)]
        model = keras.Model(x, outputs)
        model.compile(loss=["sparse_categorical_crossentropy", "mse"])
        model.fit(np.zeros((6, 8)), [np.zeros(6), np.zeros((6, 1))], class_weight={"a": {0: 1.0, 1: 2.0}})

    Good:
        x = keras.Input((8,))
        outputs = [layers.Dense(2, activation="softmax", name="a")(x), layers.Dense(1, name="b")(x)]
        model = keras.Model(x, outputs)
        model.compile(loss=["sparse_categorical_crossentropy", "mse"])
        model.fit(np.zeros((6, 8)), [np.zeros(6), np.zeros((6, 1))], sample_weight=[np.ones(6), np.ones(6)])

    The sum:
        2 outputs: class_weight does not say which labels its classes belong to

    A drawing:
        labels             0    1    1    0
        class weights      1.0  2.0
        sample weights     1.0  2.0  2.0  1.0

    Which repair, and when:
        sample_weight=[weights[labels], ones]    weights = np.array([1.0, 2.0]); one array for each output
        one model for each output                if their labels have nothing to do with each other

    A question:
        Labels [0, 1, 1], weights {0: 1.0, 1: 2.0}: what is the array of sample weights? ([1.0, 2.0, 2.0])
    """

    def __init__(self, outputs: int) -> None:
        self.outputs = outputs

    def message(self) -> str:
        return self.say("message", "class_weight needs a model with one output, this one has {outputs}", outputs=self.outputs)

    def help(self) -> str:
        return self.say("help", "pass sample_weight: {outputs} arrays with one weight for each sample", outputs=self.outputs)
