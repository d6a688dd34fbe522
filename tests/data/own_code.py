"""Stacks with code of the file inside: Lambda functions and layer classes, each a text whose tables Keras records (record_own_code)."""

HEAD = """import tensorflow as tf
import keras
from keras import layers, ops
from keras.layers import Dense, Embedding, Input, Lambda
"""
LAMBDAS = {
    "times": ((5, 4), "lambda x: x * 2.0"),
    "minus, over": ((5, 4), "lambda x: (x - 127.5) / 127.5"),
    "negative": ((4,), "lambda x: -x"),
    "last step": ((5, 4), "lambda x: x[:, -1]"),
    "last step kept": ((5, 4), "lambda x: x[:, -1:, :]"),
    "some columns": ((7, 4), "lambda x: x[:, 1:6:2, ::-1]"),
    "new axis": ((5, 4), "lambda x: x[..., None]"),
    "new axis in front": ((5,), "lambda x: x[:, tf.newaxis]"),
    "expand_dims": ((5, 4), "lambda x: tf.expand_dims(x, axis=-1)"),
    "expand_dims of ops": ((5, 4), "lambda x: ops.expand_dims(x, 1)"),
    "squeeze": ((5, 1), "lambda x: tf.squeeze(x, axis=-1)"),
    "reduce_sum": ((5, 4), "lambda x: tf.reduce_sum(x, axis=1)"),
    "reduce_mean kept": ((5, 4, 3), "lambda x: tf.reduce_mean(x, axis=[1, 2], keepdims=True)"),
    "mean of ops": ((5, 4), "lambda x: ops.mean(x, axis=-1)"),
    "argmax": ((5, 4), "lambda x: tf.argmax(x, axis=-1)"),
    "reshape": ((6, 4), "lambda x: tf.reshape(x, (-1, 3, 8))"),
    "reshape to the rest": ((6, 4), "lambda x: ops.reshape(x, (-1, 24))"),
    "transpose": ((6, 4, 3), "lambda x: tf.transpose(x, [0, 3, 1, 2])"),
    "transpose of ops": ((6, 4), "lambda x: ops.transpose(x, (0, 2, 1))"),
    "concat with itself": ((6, 4), "lambda x: tf.concat([x, x * 2], axis=-1)"),
    "concatenate of ops": ((6, 4), "lambda x: ops.concatenate([x, x, x], axis=1)"),
    "stack": ((6, 4), "lambda x: tf.stack([x, x], axis=1)"),
    "resize": ((6, 4, 3), "lambda x: tf.image.resize(x, (9, 8))"),
    "space_to_depth": ((6, 4, 3), "lambda x: tf.nn.space_to_depth(x, block_size=2)"),
    "depth_to_space": ((6, 4, 8), "lambda x: tf.nn.depth_to_space(x, 2)"),
    "one_hot": ((6,), "lambda x: tf.one_hot(tf.cast(x, 'int64'), 9)"),
    "tile": ((6, 4), "lambda x: tf.tile(x, [1, 2, 3])"),
    "repeat": ((6, 4), "lambda x: tf.repeat(x, 2, axis=1)"),
    "two statements' worth": ((6, 4), "lambda x: tf.nn.relu(tf.abs(x) + 1) ** 2"),
    "a condition of shapes": ((6, 4), "lambda x: x if x.shape[1] == 4 else x[:, 0]"),
    "maximum with a number": ((6, 4), "lambda x: tf.maximum(0.0, x)"),
    "matmul": ((6, 4), "lambda x: tf.matmul(x, x, transpose_b=True)"),
    "matmul of transposes": ((6, 4), "lambda x: tf.matmul(x, tf.transpose(x, [0, 2, 1]))"),
    "a mean taken off": ((6, 4), "lambda x: x - tf.reduce_mean(x, axis=1, keepdims=True)"),
    "a picture of any size": ((None, None, 3), "lambda x: tf.reduce_max(x * 2, axis=-1, keepdims=True)"),
    "steps of any number": ((None, 4), "lambda x: x[:, 0]"),
}
"""Name -> input shape without the batch, the function."""
CLASSES = {
    "a dense layer": """
class Own(layers.Layer):
    def __init__(self, units, activation=None, **options):
        super().__init__(**options)
        self.units = units
        self.activation = keras.activations.get(activation)

    def build(self, input_shape):
        self.kernel = self.add_weight(name="kernel", shape=[input_shape[-1], self.units], initializer="glorot_normal")
        self.bias = self.add_weight(name="bias", shape=(self.units,), initializer="zeros", trainable=False)
        super().build(input_shape)

    def call(self, inputs):
        return self.activation(inputs @ self.kernel + self.bias)

model = keras.Sequential([Input((5,)), Own(7, activation="relu"), Own(3), Dense(2)])
""",
    "an output shape declared as well": """
class Own(layers.Layer):
    def build(self, input_shape):
        self.w = self.add_weight(shape=(input_shape[-1], 6))

    def call(self, x):
        return ops.matmul(x, self.w)

    def compute_output_shape(self, input_shape):
        return input_shape[:-1] + (6,)

model = keras.Sequential([Input((4, 5)), Own(), Dense(2)])
""",
    "a residual block": """
class Residual(layers.Layer):
    def __init__(self, filters, strides=1):
        super().__init__()
        self.main = [layers.Conv2D(filters, 3, strides=strides, padding="same", use_bias=False), layers.BatchNormalization(),
                     layers.ReLU(), layers.Conv2D(filters, 3, padding="same", use_bias=False), layers.BatchNormalization()]
        self.skip = [layers.Conv2D(filters, 1, strides=strides, padding="same"), layers.BatchNormalization()] if strides > 1 else []

    def call(self, inputs):
        x = inputs
        for layer in self.main:
            x = layer(x)
        y = inputs
        for layer in self.skip:
            y = layer(y)
        return tf.nn.relu(x + y)

model = keras.Sequential([Input((16, 12, 8)), Residual(8), Residual(10, strides=2), layers.GlobalAveragePooling2D(), Dense(3)])
""",
    "tokens and positions": """
class Positions(layers.Layer):
    def __init__(self, length, words, width):
        super().__init__()
        self.tokens = layers.Embedding(words, width)
        self.places = layers.Embedding(length, width)

    def call(self, x):
        places = tf.range(start=0, limit=tf.shape(x)[-1], delta=1)
        return self.tokens(x) + self.places(places)

model = keras.Sequential([Input((20,)), Positions(20, 100, 8), layers.GlobalAveragePooling1D(), Dense(2)])
""",
    "a transformer block": """
class Block(layers.Layer):
    def __init__(self, width, heads, hidden, rate=0.1):
        super().__init__()
        self.attend = layers.MultiHeadAttention(num_heads=heads, key_dim=width)
        self.feed = keras.Sequential([Dense(hidden, activation="relu"), Dense(width)])
        self.first, self.second = layers.LayerNormalization(epsilon=1e-6), layers.LayerNormalization(epsilon=1e-6)
        self.drop = layers.Dropout(rate)

    def call(self, inputs):
        attended = self.drop(self.attend(inputs, inputs))
        x = self.first(inputs + attended)
        return self.second(x + self.feed(x))

model = keras.Sequential([Input((10, 8)), Block(8, 2, 16), layers.GlobalMaxPooling1D(), Dense(2)])
""",
    "sampling": """
class Sampling(layers.Layer):
    def call(self, inputs):
        mean, log_var = inputs
        batch, width = tf.shape(mean)[0], tf.shape(mean)[1]
        return mean + tf.exp(0.5 * log_var) * tf.random.normal(shape=(batch, width))

x = Input((8,))
mean, log_var = Dense(2)(x), Dense(2)(x)
model = keras.Model(x, Dense(5)(Sampling()([mean, log_var])))
""",
    "a scale that is learnt in __init__": """
class Scale(layers.Layer):
    def __init__(self):
        super().__init__()
        self.factor = self.add_weight(shape=(), initializer="ones")

    def call(self, x):
        return x * self.factor

model = keras.Sequential([Input((4,)), Scale(), Dense(2)])
""",
    "a frozen layer inside": """
class Own(layers.Layer):
    def __init__(self):
        super().__init__()
        self.a, self.b = Dense(4), Dense(4)
        self.b.trainable = False

    def call(self, x):
        return self.b(self.a(x)) * 2

model = keras.Sequential([Input((4,)), Own(), Dense(2)])
""",
    "layers that build makes": """
class Deep(layers.Layer):
    def __init__(self, depth):
        super().__init__()
        self.depth, self.inner = depth, []

    def build(self, input_shape):
        for _ in range(self.depth):
            self.inner.append(Dense(input_shape[-1]))
        self.scale = self.add_weight(shape=(1,), initializer="ones")

    def call(self, x):
        for layer in self.inner:
            x = tf.nn.relu(layer(x)) * self.scale
        return x

model = keras.Sequential([Input((6,)), Deep(2), Dense(2)])
""",
    "layers that build makes, and a function of tf": """
class Deep(layers.Layer):
    def __init__(self):
        super().__init__()
        self.inner = []

    def build(self, input_shape):
        self.inner.append(Dense(input_shape[-1]))

    def call(self, x):
        for layer in self.inner:
            x = tf.nn.relu(layer(x))
        return x

model = keras.Sequential([Input((6,)), Deep(), Dense(2)])
""",
    "an Antirectifier": """
class Anti(layers.Layer):
    def call(self, inputs):
        x = inputs - ops.mean(inputs, axis=-1, keepdims=True)
        return ops.concatenate([ops.relu(x), ops.relu(-x)], axis=-1)

model = keras.Sequential([Input((6,)), Anti(), Dense(2)])
""",
}
"""Name -> a text that leaves `model`."""


def texts() -> dict[str, str]:
    """Every case as a script that leaves a built model called `model`."""
    stacks = {name: f"model = keras.Sequential([Input({shape}), Lambda({function})])\n" for name, (shape, function) in LAMBDAS.items()}
    return {name: HEAD + text for name, text in {**stacks, **CLASSES}.items()}
