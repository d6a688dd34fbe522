"""Programs in which one size is not in the file, for the tests of "proved for any size" and for the recording of Keras.

SIZE is where the size comes from; a test puts a number there instead. `least`: the smallest size that all layers accept, by hand.
"""

from __future__ import annotations

UNKNOWN = "int(os.environ['SIZE'])"
HEAD = """import os
import keras
from keras import layers
"""
PROGRAMS: dict[str, tuple[int, str]] = {
    "columns of a table": (
        1, """n = SIZE
model = keras.Sequential([keras.Input((n,)), layers.Dense(64, activation="relu"), layers.Dropout(0.2), layers.Dense(1)])
"""),
    "classes": (
        1, """n = SIZE
model = keras.Sequential([keras.Input((20,)), layers.Dense(32), layers.Dense(n, activation="softmax")])
"""),
    "words and one more": (
        1, """n = SIZE
model = keras.Sequential([keras.Input((12,)), layers.Embedding(n + 1, 8), layers.LSTM(6), layers.Dense(n + 1)])
"""),
    "steps before an LSTM": (
        1, """n = SIZE
model = keras.Sequential([keras.Input((n, 3)), layers.LSTM(5, return_sequences=True), layers.Bidirectional(layers.GRU(4)), layers.Dense(1)])
"""),
    "features of each step": (
        1, """n = SIZE
model = keras.Sequential([keras.Input((7, n)), layers.SimpleRNN(4, return_sequences=True), layers.TimeDistributed(layers.Dense(n))])
"""),
    "windows over steps": (
        22, """n = SIZE
model = keras.Sequential([keras.Input((n, 1)), layers.Conv1D(4, 5), layers.MaxPooling1D(3), layers.Conv1D(4, 5), layers.MaxPooling1D(2)])
model.add(layers.Flatten())
model.add(layers.Dense(2))
"""),
    "a square image": (
        18, """n = SIZE
model = keras.Sequential()
model.add(keras.Input((n, n, 3)))
for filters in (4, 6, 8):
    model.add(layers.Conv2D(filters, 3, activation="relu"))
    if filters != 8:
        model.add(layers.MaxPooling2D())
model.add(layers.GlobalAveragePooling2D())
model.add(layers.Dense(1, activation="sigmoid"))
"""),
    "same padding and strides": (
        1, """n = SIZE
model = keras.Sequential([keras.Input((n, n, 1)), layers.Conv2D(4, 3, strides=2, padding="same"), layers.Conv2D(4, 3, 2, padding="same")])
model.add(layers.Flatten())
model.add(layers.Dense(3))
"""),
    "an autoencoder": (
        1, """n = SIZE
inputs = keras.Input((n,))
code = layers.Dense(3, activation="relu")(inputs)
outputs = layers.Dense(n)(code)
model = keras.Model(inputs, layers.Subtract()([inputs, outputs]))
"""),
    "a residual block": (
        1, """n = SIZE
inputs = keras.Input((6, n))
x = layers.LayerNormalization()(inputs)
x = layers.MultiHeadAttention(num_heads=2, key_dim=3)(x, x)
x = layers.Add()([x, inputs])
y = layers.Dense(2 * n, activation="relu")(x)
model = keras.Model(inputs, layers.Add()([layers.Dense(n)(y), x]))
"""),
    "a reshape into as many": (
        1, """n = SIZE
model = keras.Sequential([keras.Input((8,)), layers.Dense(n * n * 4), layers.Reshape((n, n, 4)), layers.Conv2DTranspose(3, 3, 2, "same")])
"""),
    "one axis of a reshape left out": (
        1, """n = SIZE
model = keras.Sequential([keras.Input((n, 6)), layers.Flatten(), layers.Reshape((n, 2, -1)), layers.Reshape((-1, 3))])
"""),
    "cropped": (
        6, """n = SIZE
model = keras.Sequential([keras.Input((n, 2)), layers.Cropping1D((2, 3)), layers.ZeroPadding1D(1), layers.Conv1D(2, 3)])
"""),
    "a window as long as the steps": (
        1, """n = SIZE
model = keras.Sequential([keras.Input((n, 2)), layers.ZeroPadding1D((n, 0)), layers.Conv1D(3, n), layers.GlobalMaxPooling1D()])
"""),
    "a window back": (
        61, """n = SIZE
model = keras.Sequential([keras.Input((n - 60, 1)), layers.LSTM(4), layers.Dense(1)])
"""),
    "two branches": (
        3, """n = SIZE
inputs = keras.Input((n, 4))
left = layers.Conv1D(3, 3)(inputs)
right = layers.Conv1D(5, 2)(layers.Conv1D(3, 2)(inputs))
model = keras.Model(inputs, layers.Concatenate()([left, right]))
"""),
    "an encoder and its states": (
        1, """n = SIZE
inputs = keras.Input((9, 2))
_, h, c = layers.LSTM(n, return_state=True)(inputs)
model = keras.Model(inputs, layers.LSTM(n)(inputs, initial_state=[h, c]))
"""),
    "a model in a model": (
        2, """n = SIZE
inner = keras.Sequential([keras.Input((n,)), layers.Dense(n // 2), layers.Dense(n)])
inputs = keras.Input((n,))
model = keras.Model(inputs, layers.Add()([inner(inputs), inputs]))
"""),
}  # fmt: skip
NOT_FOR_ALL: dict[str, tuple[int, str]] = {
    "halves that meet again": (
        7, """n = SIZE
inputs = keras.Input((n, n, 2))
x = layers.UpSampling2D()(layers.MaxPooling2D()(layers.ZeroPadding2D(1)(inputs)))
model = keras.Model(inputs, layers.Concatenate()([x, layers.ZeroPadding2D(1)(inputs)]))
"""),
    "fours": (
        6, """n = SIZE
model = keras.Sequential([keras.Input((n,)), layers.Reshape((4, -1))])
"""),
    "at most 28": (
        29, """n = SIZE
model = keras.Sequential([keras.Input((28, 28, 1)), layers.Conv2D(4, (n, n))])
"""),
    "a fixed width beside it": (
        5, """n = SIZE
inputs = keras.Input((n,))
model = keras.Model(inputs, layers.Add()([inputs, layers.Dense(8)(inputs)]))
"""),
    "heads": (
        9, """n = SIZE
model = keras.Sequential([keras.Input((4, n)), layers.GroupNormalization(8)])
"""),
    "a reshape into fewer": (
        3, """n = SIZE
model = keras.Sequential([keras.Input((n, n)), layers.Reshape((2 * n,)), layers.Dense(2)])
"""),
    "glu": (
        3, """n = SIZE
model = keras.Sequential([keras.Input((4,)), layers.Dense(n, activation="glu")])
"""),
}  # fmt: skip
"""The number is a size at which a layer refuses, above sizes that all accept or below ones that all refuse."""


def source(body: str, size: int | None = None) -> str:
    """The program with this size in it, or with one that is not in the file."""
    return HEAD + body.replace("SIZE", UNKNOWN if size is None else str(size))


def sizes(least: int) -> list[int]:
    """At least thirty: around 1 and the smallest, primes, powers of two, large ones."""
    small = (1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 13, 16, 17, 28, 31)
    large = (64, 97, 100, 127, 128, 129, 224, 255, 256, 299, 331, 512, 600, 640, 784, 997, 1000, 1009, 1024, 2047, 4096, 5000, 8191)
    return sorted({*small, least, least + 1, least + 2, least + 3, 61, 62, *large, 10_007, 32_768, 65_537, 100_003})
