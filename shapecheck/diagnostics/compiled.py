"""SC308, SC324, SC431: what compile() is given, and what load_model() must know of it."""

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


@diagnostic("SC324")
class NotALossFunction(Diagnostic):
    """A function is passed as a loss or a metric, but Keras cannot call it as f(y_true, y_pred), or gets no tensor from it.

    compile() accepts it; fit() raises in the first batch.

    Bad:
        def weighted(factor=2.0, shift=0.0):
            return lambda y_true, y_pred: keras.ops.mean(factor * (y_true - y_pred) ** 2 + shift)
        model = keras.Sequential([keras.Input((4,)), layers.Dense(1)])
        model.compile("adam", loss=weighted)
        model.fit(np.zeros((8, 4)), np.zeros((8, 1)))

    Good:
        def weighted(factor=2.0, shift=0.0):
            return lambda y_true, y_pred: keras.ops.mean(factor * (y_true - y_pred) ** 2 + shift)
        model = keras.Sequential([keras.Input((4,)), layers.Dense(1)])
        model.compile("adam", loss=weighted())
        model.fit(np.zeros((8, 4)), np.zeros((8, 1)))

    A drawing:
        weighted                    a function that makes a loss
        weighted()                  the loss
        weighted()(y_true, y_pred)  the number that training makes smaller

    Which repair, and when:
        weighted()                   if the function returns the loss
        def loss(y_true, y_pred):    if it has other arguments; what else it needs has a default, or comes from outside
        keras.ops.mean(...)          in place of NumPy and scikit-learn, which cannot compute on tensors of a graph

    A question:
        Which two things does Keras pass to a loss? (The labels of a batch, and the outputs for it.)
    """

    def __init__(self, kind: str, name: str, takes: str = "", call: str = "", line: int = 0) -> None:
        self.kind = kind
        self.name = name
        self.takes = takes
        self.call = call
        self.line = line

    def message(self) -> str:
        if self.kind == "arguments":
            return self.say(
                "message.arguments",
                "Keras calls {name}(y_true, y_pred), and it takes ({takes})",
                name=self.name, takes=self.takes,
            )  # fmt: skip
        if self.kind == "maker":
            return self.say("message.maker", "{name}(y_true, y_pred) returns a function, not a tensor", name=self.name)
        if self.kind == "nothing":
            return self.say("message.nothing", "{name}(y_true, y_pred) returns nothing (line {line})", name=self.name, line=self.line)
        if self.kind == "numpy":
            return self.say(
                "message.numpy",
                "{name}() calls {call}() on tensors of a graph (line {line}), where NumPy cannot compute",
                name=self.name, call=self.call, line=self.line,
            )  # fmt: skip
        return self.say("message.foreign", "{name} of scikit-learn computes on arrays; Keras passes tensors of a graph", name=self.name)

    def help(self) -> str:
        if self.kind == "arguments":
            return self.say("help.arguments", "define it as {name}(y_true, y_pred), further arguments with defaults", name=self.name)
        if self.kind == "maker":
            return self.say("help.maker", "write {name}()", name=self.name)
        if self.kind == "nothing":
            return self.say("help.nothing", "end it with return and what it computed")
        if self.kind == "numpy":
            return self.say("help.numpy", "write keras.ops.{function}(...)", function=self.call.rpartition(".")[2])
        return self.say("help.foreign", "write a loss of keras.losses, or a metric of keras.metrics")


@diagnostic("SC431")
class NotLoadable(Diagnostic):
    """load_model() reads a file of this script, and does not find a class or function that the model uses.

    The file names what it uses; only Keras's own names are found by themselves. A Lambda of a lambda is code, which is not run unasked.

    Bad:
        def double_error(y_true, y_pred):
            return 2 * keras.ops.mean((y_true - y_pred) ** 2, axis=-1)
        model = keras.Sequential([keras.Input((4,)), layers.Dense(1)])
        model.compile("adam", loss=double_error)
        model.save("model.keras")
        again = keras.models.load_model("model.keras")

    Good:
        def double_error(y_true, y_pred):
            return 2 * keras.ops.mean((y_true - y_pred) ** 2, axis=-1)
        model = keras.Sequential([keras.Input((4,)), layers.Dense(1)])
        model.compile("adam", loss=double_error)
        model.save("model.keras")
        again = keras.models.load_model("model.keras", custom_objects={"double_error": double_error})

    Which repair, and when:
        custom_objects={"f": f}                          always works, at each load
        @keras.saving.register_keras_serializable()      above the class or function: once for all loads
        compile=False                                    if only a loss or metric is missing, and you only predict

    A question:
        You load the model in another program. What must it have? (The class or function, and its registration.)
    """

    def __init__(self, kind: str, name: str, what: str) -> None:
        self.kind = kind
        self.name = name
        self.what = what

    def message(self) -> str:
        if self.kind == "init":
            return self.say(
                "message.init", "{name}.__init__() does not take {argument}=, which load_model() passes to it",
                name=self.name, argument=self.what,
            )  # fmt: skip
        if self.kind == "lambda":
            return self.say("message.lambda", "the Lambda layer holds a lambda, and load_model() runs no code of a file unasked")
        if self.kind == "short":
            return self.say(
                "message.short", "an .h5 file keeps the name {name}, which load_model() of Keras 3 does not find", name=self.name
            )
        return self.say("message", "load_model() does not know {name}, which the saved model uses", name=self.name)

    def help(self) -> str:
        if self.kind == "init":
            return self.say(
                "help.init", "write __init__(self, ..., **kwargs) in {name}, and super().__init__(**kwargs) in it", name=self.name
            )
        if self.kind == "lambda":
            return self.say("help.lambda", "write safe_mode=False, if the file is yours; better a layer in place of the Lambda")
        if self.kind == "short":
            return self.say("help.short", 'write "{full}", or save to a .keras file', full=self.what)
        return self.say("help", 'write custom_objects={{"{name}": {name}}}', name=self.name)
