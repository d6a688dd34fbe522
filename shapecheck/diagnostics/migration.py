"""SC7: what an older Keras spelled otherwise, or had and Keras 3 has not. Recorded from Keras 3.15, see shapecheck/migration."""

from __future__ import annotations

from shapecheck.diagnostics.base import Diagnostic, diagnostic

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import ClassVar


class Old(Diagnostic):
    """What all of these have in common: `what` is wrong and `advice` how to write it now."""

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

    The import fails, and the file stops there. Where the file says that an older Keras runs it (a version pinned in it, in a notebook
    cell, or in requirements beside it; tf_keras), this is no finding.

    Bad:
        from keras.layers.core import Dense
        model = keras.Sequential([keras.Input(shape=(4,)), Dense(3)])

    Good:
        from keras.layers import Dense
        model = keras.Sequential([keras.Input(shape=(4,)), Dense(3)])
    """


@diagnostic("SC702", formerly=("SC406",))
class OldArgument(Old):
    """An argument is spelled as in an older Keras; Keras 3 does not know it.

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
    """A method or an attribute of models, layers and optimizers that Keras 3 does not have.

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
    """The name of a loss, a metric or a constraint, as text, that Keras 3 does not know or does not take in this form.

    Bad:
        model = keras.Sequential([keras.Input(shape=(4,)), layers.Dense(3)])
        model.compile(loss="cosine_proximity")

    Good:
        model = keras.Sequential([keras.Input(shape=(4,)), layers.Dense(3)])
        model.compile(loss="cosine_similarity")
    """


@diagnostic("SC706")
class OldKey(Old):
    """A training history is asked for a key that it does not have: since Keras 2.3 it is what `metrics` says.

    `metrics=["accuracy"]` was kept as "acc" before; now `history["acc"]` is right after `metrics=["acc"]` alone.

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
    """A file's ending says in which form Keras 3 saves: .keras or .h5 for a model, .weights.h5 for weights. Others are refused.

    Bad:
        model = keras.Sequential([keras.Input(shape=(4,)), layers.Dense(3)])
        model.save_weights("trained.h5")

    Good:
        model = keras.Sequential([keras.Input(shape=(4,)), layers.Dense(3)])
        model.save_weights("trained.weights.h5")
    """


@diagnostic("SC708", "warning")
class IgnoredArgument(Old):
    """An argument of an older Keras that Keras 3 takes with a warning, and does nothing with.

    Bad:
        optimizer = keras.optimizers.SGD(learning_rate=0.01, decay=1e-6)

    Good:
        schedule = keras.optimizers.schedules.InverseTimeDecay(0.01, 1, 1e-6)
        optimizer = keras.optimizers.SGD(learning_rate=schedule)
    """


@diagnostic("SC709", "warning")
class LayersAreACopy(Old):
    """model.layers is a copy of the list: taking a layer out of it leaves the model as it is.

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
    """tensorflow.python.keras is a private copy of Keras 2 inside TensorFlow, and parts of it are gone.

    Its layers do not fit models of keras or tensorflow.keras, and its behaviour is that of Keras 2.

    Bad:
        from tensorflow.python.keras.layers import Dense
        model = keras.Sequential([keras.Input(shape=(4,)), Dense(3)])

    Good:
        from tensorflow.keras.layers import Dense
        model = keras.Sequential([keras.Input(shape=(4,)), Dense(3)])
    """


@diagnostic("SC712")
class ShapeIsANumber(Old):
    """A shape is given as a number. An older Keras made (5,) of 5; Keras 3 refuses it. (5) is a number too: the comma makes the tuple.

    Bad:
        model = keras.Sequential([keras.Input(shape=(5)), layers.Dense(3)])

    Good:
        model = keras.Sequential([keras.Input(shape=(5,)), layers.Dense(3)])
    """


@diagnostic("SC711")
class MisspeltName(Old):
    """A name that no version of Keras has: most often a typing mistake.

    Bad:
        model = keras.Sequential([keras.Input(shape=(4,)), layers.Desne(3)])

    Good:
        model = keras.Sequential([keras.Input(shape=(4,)), layers.Dense(3)])
    """
