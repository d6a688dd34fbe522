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
        return self.what

    def help(self) -> str:
        return self.advice


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
    """


@diagnostic("SC702", formerly=("SC406",))
class OldArgument(Old):
    """An argument is spelled as in an older Keras; Keras 3 does not have it.

    Bad:
        model = keras.Sequential([keras.Input(shape=(8, 8, 3)), layers.Conv2D(4, 3, border_mode="same")])

    Good:
        model = keras.Sequential([keras.Input(shape=(8, 8, 3)), layers.Conv2D(4, 3, padding="same")])
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
    """


@diagnostic("SC708", "warning")
class IgnoredArgument(Old):
    """An argument of an older Keras that Keras 3 accepts with a warning and ignores.

    Bad:
        optimizer = keras.optimizers.SGD(learning_rate=0.01, decay=1e-6)

    Good:
        schedule = keras.optimizers.schedules.InverseTimeDecay(0.01, 1, 1e-6)
        optimizer = keras.optimizers.SGD(learning_rate=schedule)
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
    """


@diagnostic("SC712")
class ShapeIsANumber(Old):
    """A shape is written as a number. An older Keras converted 5 to (5,); Keras 3 refuses it. (5) is a number too: the comma makes the
    tuple.

    Bad:
        model = keras.Sequential([keras.Input(shape=(5)), layers.Dense(3)])

    Good:
        model = keras.Sequential([keras.Input(shape=(5,)), layers.Dense(3)])
    """


@diagnostic("SC711")
class MisspeltName(Old):
    """A name that no version of Keras has, usually a typing mistake.

    Bad:
        model = keras.Sequential([keras.Input(shape=(4,)), layers.Desne(3)])

    Good:
        model = keras.Sequential([keras.Input(shape=(4,)), layers.Dense(3)])
    """
