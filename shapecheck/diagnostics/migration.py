"""SC7: what an older Keras spelled differently, or had and Keras 3 does not have. Recorded from Keras 3.15, see shapecheck/migration."""

from __future__ import annotations

from shapecheck.diagnostics.base import Diagnostic, diagnostic

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import ClassVar


class Old(Diagnostic):
    """Base class of these findings: `what` is wrong, and `advice` says how to write it now."""

    changes_meaning: ClassVar[bool] = False
    """True where the repair changes what the program builds."""

    def __init__(self, what: str, advice: str = "", argument: str | None = None) -> None:
        self.what = what
        self.advice = advice
        self.argument = argument

    def message(self) -> str:
        return str(self.what)

    def help(self) -> str:
        return str(self.advice)


@diagnostic("SC701")
class OldImport(Old):
    """A module or a name is imported that Keras 3 does not have.

    The import raises, and the script stops there. This is not reported if the file shows that an older Keras runs it (a version pinned in
    it, in a notebook cell or in requirements beside it; tf_keras).

    Bad:
        from keras.layers.core import Dense
        model = keras.Sequential([keras.Input(shape=(4,)), Dense(3)])

    Good:
        from keras.layers import Dense
        model = keras.Sequential([keras.Input(shape=(4,)), Dense(3)])

    Which repair, and when:
        today's path: from keras.layers import Dense    one name has one place in Keras 3
        python -m shapecheck migrate FILE               if there are many: it rewrites what has one answer
        keras==2.15 in requirements, or tf_keras        if the code must stay as it is: shapecheck then keeps quiet

    A question:
        Which line of the script runs after an import that fails? (None.)
    """


@diagnostic("SC702", formerly=("SC406",))
class OldArgument(Old):
    """An argument is spelled as in an older Keras; Keras 3 does not have it.

    Bad:
        model = keras.Sequential([keras.Input(shape=(8, 8, 3)), layers.Conv2D(4, 3, border_mode="same")])

    Good:
        model = keras.Sequential([keras.Input(shape=(8, 8, 3)), layers.Conv2D(4, 3, padding="same")])

    Which repair, and when:
        today's name: padding=               what the advice says
        python -m shapecheck migrate FILE    if there are many

    A question:
        nb_filter=32 of Keras 1: what is it today? (filters=32.)
    """


@diagnostic("SC703", formerly=("SC406",))
class OldName(Old):
    """A name is used that an older Keras had and Keras 3 does not have.

    Bad:
        from keras import backend as K
        inputs = keras.Input(shape=(4,))
        model = keras.Model(inputs, layers.Dense(3)(K.relu(inputs)))

    Good:
        from keras import ops
        inputs = keras.Input(shape=(4,))
        model = keras.Model(inputs, layers.Dense(3)(ops.relu(inputs)))

    Which repair, and when:
        the name in keras.ops                most of keras.backend is there, under NumPy's names
        python -m shapecheck migrate FILE    if there are many

    A question:
        K.relu(x) today? (keras.ops.relu(x).)
    """


@diagnostic("SC704")
class OldMethod(Old):
    """A method or an attribute of a model, layer or optimizer is used that Keras 3 does not have.

    Bad:
        model = keras.Sequential([keras.Input(shape=(4,)), layers.Dense(3, activation="softmax")])
        model.compile(loss="categorical_crossentropy")
        model.fit_generator(batches, steps_per_epoch=10)

    Good:
        model = keras.Sequential([keras.Input(shape=(4,)), layers.Dense(3, activation="softmax")])
        model.compile(loss="categorical_crossentropy")
        model.fit(batches, steps_per_epoch=10)

    Which repair, and when:
        today's method: fit(batches)         fit takes arrays, datasets and generators
        python -m shapecheck migrate FILE    if there are many

    A question:
        predict_classes(x) is gone. How do you get the class? (model.predict(x).argmax(axis=-1).)
    """


@diagnostic("SC705")
class OldWord(Old):
    """The name of a loss, a metric or a constraint, as text, that Keras 3 does not have or does not accept in this form.

    Bad:
        model = keras.Sequential([keras.Input(shape=(4,)), layers.Dense(3)])
        model.compile(loss="cosine_proximity")

    Good:
        model = keras.Sequential([keras.Input(shape=(4,)), layers.Dense(3)])
        model.compile(loss="cosine_similarity")

    Which repair, and when:
        today's word                                  what the advice says; mind the sign: cosine_similarity is -1 for equal directions
        the class: keras.losses.CosineSimilarity()    if it needs settings

    A question:
        Which is the same, "mse" or "mean_squared_error"? (Both: one is short for the other.)
    """


@diagnostic("SC706")
class OldKey(Old):
    """A key is read that the training history does not have: since Keras 2.3 the keys are the names in `metrics`.

    Before, `metrics=["accuracy"]` was stored as "acc"; now `history["acc"]` exists only after `metrics=["acc"]`.

    Bad:
        model = keras.Sequential([keras.Input(shape=(4,)), layers.Dense(1, activation="sigmoid")])
        model.compile(loss="binary_crossentropy", metrics=["accuracy"])
        history = model.fit(x, y)
        print(history.history["acc"])

    Good:
        model = keras.Sequential([keras.Input(shape=(4,)), layers.Dense(1, activation="sigmoid")])
        model.compile(loss="binary_crossentropy", metrics=["accuracy"])
        history = model.fit(x, y)
        print(history.history["accuracy"])

    A drawing:
        metrics=["accuracy"]  ->  history.history: loss, accuracy, val_loss, val_accuracy
        metrics=["acc"]       ->  history.history: loss, acc, val_loss, val_acc

    Which repair, and when:
        history["accuracy"]              the name written in metrics
        print(history.history.keys())    to see which names there are

    A question:
        metrics=["mae"] and validation data: which two keys for it? (mae and val_mae.)
    """


@diagnostic("SC707")
class OldFileName(Old):
    """Keras 3 chooses the format by the file extension: .keras or .h5 for a model, .weights.h5 for weights. It refuses others.

    Bad:
        model = keras.Sequential([keras.Input(shape=(4,)), layers.Dense(3)])
        model.save_weights("trained.h5")

    Good:
        model = keras.Sequential([keras.Input(shape=(4,)), layers.Dense(3)])
        model.save_weights("trained.weights.h5")

    A drawing:
        save("model.keras")               layers, weights, optimizer
        save_weights("model.weights.h5")  weights only

    Which repair, and when:
        .weights.h5    for save_weights
        .keras         for save: the model can then be loaded without its program

    A question:
        Which of both files can load_model() read? (model.keras.)
    """


@diagnostic("SC708", "warning")
class IgnoredArgument(Old):
    """An argument of an older Keras that Keras 3 accepts with a warning and ignores.

    Bad:
        optimizer = keras.optimizers.SGD(learning_rate=0.01, decay=1e-6)

    Good:
        schedule = keras.optimizers.schedules.InverseTimeDecay(0.01, 1, 1e-6)
        optimizer = keras.optimizers.SGD(learning_rate=schedule)

    The sum:
        decay=1e-6: rate = 0.01 / (1 + 1e-6 * step) in Keras 2; ignored it stays 0.01

    Which repair, and when:
        a schedule: InverseTimeDecay(0.01, 1, 1e-6)    if the rate should fall as before
        without it                                     if the rate may stay: after 1,000 steps it differs by 0.1 %

    A question:
        After how many steps is 0.01 / (1 + 1e-6 * step) half of 0.01? (1,000,000.)
    """


@diagnostic("SC709", "warning")
class LayersAreACopy(Old):
    """model.layers is a copy of the list: removing a layer from it does not change the model.

    Bad:
        model = keras.Sequential([keras.Input(shape=(4,)), layers.Dense(3), layers.Dense(2)])
        model.layers.pop()

    Good:
        model = keras.Sequential([keras.Input(shape=(4,)), layers.Dense(3), layers.Dense(2)])
        model.pop()

    A drawing:
        model.layers   a new list at each call: [Dense, Dense]
        .pop()         takes one from that list; the model keeps both

    Which repair, and when:
        model.pop()                                     for a Sequential
        Model(model.inputs, model.layers[-2].output)    for a functional model: cut it one layer earlier

    A question:
        How do you see whether a layer is really gone? (summary().)
    """

    changes_meaning = True


@diagnostic("SC710")
class PrivateKeras(Old):
    """tensorflow.python.keras is a private copy of Keras 2 inside TensorFlow, and parts of it were removed.

    Its layers do not work in models of keras or tensorflow.keras, and it behaves like Keras 2.

    Bad:
        from tensorflow.python.keras.layers import Dense
        model = keras.Sequential([keras.Input(shape=(4,)), Dense(3)])

    Good:
        from tensorflow.keras.layers import Dense
        model = keras.Sequential([keras.Input(shape=(4,)), Dense(3)])

    Which repair, and when:
        from tensorflow.keras ...    the public path
        from keras ...               if TensorFlow itself is not used

    A question:
        How do you see that a module is private? (python, _impl or a leading _ in its path.)
    """


@diagnostic("SC712")
class ShapeIsANumber(Old):
    """A shape is written as a number. An older Keras converted 5 to (5,); Keras 3 refuses it. (5) is a number too: the comma makes the
    tuple.

    Bad:
        model = keras.Sequential([keras.Input(shape=(5)), layers.Dense(3)])

    Good:
        model = keras.Sequential([keras.Input(shape=(5,)), layers.Dense(3)])

    A drawing:
        (5)    five, in brackets
        (5,)   a tuple with one number

    Which repair, and when:
        the comma: (5,)    a shape is a list of sizes, also if it has one
        [5]                the same as a list

    A question:
        What is the shape of one number for each sample? ((1,).)
    """


@diagnostic("SC711")
class MisspeltName(Old):
    """A name that no version of Keras has, usually a typing mistake.

    Bad:
        model = keras.Sequential([keras.Input(shape=(4,)), layers.Desne(3)])

    Good:
        model = keras.Sequential([keras.Input(shape=(4,)), layers.Dense(3)])

    Which repair, and when:
        the nearest name                what the advice says
        the import of your own class    if the name is yours and not Keras's

    A question:
        layers.Conv2d: what is wrong? (The D is a capital: Conv2D.)
    """
