"""SC3, fourth part: datasets without batches, data without labels."""

from __future__ import annotations

from shapecheck.diagnostics.base import Diagnostic, diagnostic
from shapecheck.shapes import Shape


@diagnostic("SC316")
class NotBatched(Diagnostic):
    """A tf.data.Dataset yields single samples: .batch() is missing, or its result was thrown away.

    fit(batch_size=...) does not help: Keras uses what the dataset yields. Every method of a dataset returns a new one: write
    ds = ds.batch(32), not ds.batch(32) alone.

    Bad:
        ds = tf.data.Dataset.from_tensor_slices((np.zeros((60, 8)), np.zeros((60, 1))))
        model = keras.Sequential([keras.Input(shape=(8,)), layers.Dense(1)])
        model.compile(loss="mse")
        model.fit(ds)

    Good:
        ds = tf.data.Dataset.from_tensor_slices((np.zeros((60, 8)), np.zeros((60, 1))))
        model = keras.Sequential([keras.Input(shape=(8,)), layers.Dense(1)])
        model.compile(loss="mse")
        model.fit(ds.batch(32))

    The sum:
        one item of the dataset is (8,); the model wants (batch, 8)

    A drawing:
        from_tensor_slices   (8,) (8,) (8,) (8,) ...
        .batch(32)           (32, 8) (32, 8) ... the last one may be smaller

    Which repair, and when:
        .batch(32) at the end of the chain    after map and shuffle, so that these see single samples
        ds = ds.batch(32)                     if batch was called, but its result was not kept
        fit(x, y, batch_size=32)              if the data are arrays: no dataset is needed

    A question:
        60 samples in batches of 32: how many batches, how large is the last? (2; 28.)
    """

    def __init__(self, sample: Shape, accepted: Shape, dropped: int = 0) -> None:
        """dropped: the line that batched the dataset but whose result is not used; 0 if there is none."""
        self.sample = sample
        self.accepted = accepted
        self.dropped = dropped

    def message(self) -> str:
        if self.dropped:
            return self.say(
                "message.dropped",
                "the dataset is not batched; each item is one sample {sample}; the model accepts batches {accepted}:"
                " line {line} batches it, but the result is not used here",
                sample=self.sample, accepted=self.accepted, line=self.dropped,
            )  # fmt: skip
        return self.say(
            "message",
            "the dataset is not batched; each item is one sample {sample}; the model accepts batches {accepted}",
            sample=self.sample, accepted=self.accepted,
        )  # fmt: skip

    def explanation(self) -> str:
        return self.say("explanation", "fit() takes each item of a dataset as one batch; batch_size has no effect on datasets")

    def help(self) -> str:
        if self.dropped:
            return self.say("help.dropped", "add .batch(32) to the dataset, and keep the result: ds = ds.batch(32)")
        return self.say("help", "add .batch(32) to the dataset")


@diagnostic("SC317")
class NoLabels(Diagnostic):
    """fit() or evaluate() has a loss, but no labels to compare the outputs with: Keras raises in the loss.

    An autoencoder's labels are its inputs: model.fit(x, x).

    Bad:
        model = keras.Sequential([keras.Input(shape=(8,)), layers.Dense(8)])
        model.compile(loss="mse")
        model.fit(np.zeros((60, 8)))

    Good:
        model = keras.Sequential([keras.Input(shape=(8,)), layers.Dense(8)])
        model.compile(loss="mse")
        model.fit(np.zeros((60, 8)), np.zeros((60, 8)))

    The sum:
        loss = mean((output - label) ** 2): without a label there is nothing to subtract

    Which repair, and when:
        fit(x, y)                    the usual case
        fit(x, x)                    an autoencoder: the picture is its own label
        a dataset of pairs (x, y)    if data come from a dataset or generator

    A question:
        Why does predict(x) need no labels? (It computes no loss.)
    """

    def __init__(self, loss: str, dataset: bool) -> None:
        """dataset: whether the data comes from a dataset or generator, which must contain the labels too."""
        self.loss = loss
        self.dataset = dataset

    def message(self) -> str:
        return self.say("message", 'no labels: loss "{loss}" has nothing to compare the output with', loss=self.loss)

    def help(self) -> str:
        if self.dataset:
            return self.say("help.dataset", "build the dataset from pairs (x, y); for an autoencoder add .map(lambda x: (x, x))")
        return self.say("help", "pass the labels as the second argument; for an autoencoder pass the data itself")


@diagnostic("SC325")
class NotData(Diagnostic):
    """fit(), evaluate() or predict() gets a zip or map object. Keras 3 takes generators, and these are none.

    Bad:
        pictures = tf.keras.preprocessing.image.ImageDataGenerator().flow(np.zeros((8, 16, 16, 3)), batch_size=4, seed=1)
        masks = tf.keras.preprocessing.image.ImageDataGenerator().flow(np.zeros((8, 16, 16, 1)), batch_size=4, seed=1)
        model = keras.Sequential([keras.Input((16, 16, 3)), layers.Conv2D(1, 1)])
        model.compile(loss="mse")
        model.fit(zip(pictures, masks), steps_per_epoch=2)

    Good:
        pictures = tf.keras.preprocessing.image.ImageDataGenerator().flow(np.zeros((8, 16, 16, 3)), batch_size=4, seed=1)
        masks = tf.keras.preprocessing.image.ImageDataGenerator().flow(np.zeros((8, 16, 16, 1)), batch_size=4, seed=1)
        model = keras.Sequential([keras.Input((16, 16, 3)), layers.Conv2D(1, 1)])
        model.compile(loss="mse")
        model.fit((pair for pair in zip(pictures, masks)), steps_per_epoch=2)

    A drawing:
        pictures   (4, 16, 16, 3) (4, 16, 16, 3) ...
        masks      (4, 16, 16, 1) (4, 16, 16, 1) ...
        generator  a pair of both, batch by batch

    Which repair, and when:
        (pair for pair in zip(a, b))                the shortest: a generator of the same pairs
        def pairs(): ... yield picture, mask        if something else must be done with them
        tf.data.Dataset.zip((a, b))                 if both are datasets

    A question:
        Both flows have seed=1. Why? (So that a picture and its mask are turned alike.)
    """

    def __init__(self, kind: str) -> None:
        self.kind = kind

    def message(self) -> str:
        return self.say("message", "a {kind} object is no data for Keras 3: it takes arrays, datasets and generators", kind=self.kind)

    def help(self) -> str:
        return self.say("help", "pass a generator that yields its items")
