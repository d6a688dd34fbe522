"""Layers that call() of another layer or model calls on constants or on weights: they learn as any other."""

from typing import Any

import numpy as np

STEPS, WIDTH, TOKENS, SAMPLES = 6, 4, 11, 8


def _owner(keras: Any, make: Any, call: Any) -> Any:
    """A layer of the user's own that makes layers, and uses them."""

    class Owner(keras.layers.Layer):
        def __init__(self, **options: Any) -> None:
            super().__init__(**options)
            make(self)

        def call(self, x: Any) -> Any:
            return call(self, x)

    return Owner()


def _positions(keras: Any) -> Any:
    def make(self: Any) -> None:
        self.positions = keras.layers.Embedding(STEPS, WIDTH)

    return _owner(keras, make, lambda self, x: x + self.positions(keras.ops.arange(STEPS)))


def _patch_encoder(keras: Any) -> Any:
    def make(self: Any) -> None:
        self.projection = keras.layers.Dense(WIDTH)
        self.positions = keras.layers.Embedding(STEPS, WIDTH)

    def call(self: Any, x: Any) -> Any:
        places = keras.ops.expand_dims(keras.ops.arange(0, STEPS), axis=0)
        return self.projection(x) + self.positions(places)

    return _owner(keras, make, call)


def _chain(keras: Any) -> Any:
    def make(self: Any) -> None:
        self.positions = keras.layers.Embedding(STEPS, 5)
        self.dense = keras.layers.Dense(WIDTH, activation="tanh")
        self.normalize = keras.layers.LayerNormalization()

    return _owner(keras, make, lambda self, x: x * self.normalize(self.dense(self.positions(np.arange(STEPS)))))


def _sublayer(keras: Any) -> Any:
    class Waves(keras.layers.Layer):
        def build(self, shape: Any) -> None:
            self.kernel = self.add_weight(name="kernel", shape=(shape[-1], WIDTH))

        def call(self, places: Any) -> Any:
            return keras.ops.sin(keras.ops.matmul(places, self.kernel))

    def make(self: Any) -> None:
        self.waves = Waves()

    places = np.linspace(-1, 1, STEPS * 3).reshape(STEPS, 3).astype("float32")
    return _owner(keras, make, lambda self, x: x + self.waves(places))


def _returned(keras: Any) -> Any:
    """The inner layer returns the table itself, without a batch axis."""

    class Table(keras.layers.Layer):
        def __init__(self) -> None:
            super().__init__()
            self.positions = keras.layers.Embedding(STEPS, WIDTH)

        def call(self, x: Any) -> Any:
            return self.positions(keras.ops.arange(STEPS))

    def make(self: Any) -> None:
        self.table = Table()
        self.dense = keras.layers.Dense(WIDTH)

    return _owner(keras, make, lambda self, x: self.dense(x) + self.dense(self.table(x)))


def _statistics(keras: Any) -> Any:
    def make(self: Any) -> None:
        self.dense = keras.layers.Dense(WIDTH)
        self.normalize = keras.layers.BatchNormalization(momentum=0.5)

    places = np.linspace(-1, 1, STEPS * 3).reshape(STEPS, 3).astype("float32") ** 2

    class Owner(keras.layers.Layer):
        def __init__(self) -> None:
            super().__init__()
            make(self)

        def call(self, x: Any, training: Any = None) -> Any:
            return x + self.normalize(self.dense(places), training=training)

    return Owner()


def _block(keras: Any) -> Any:
    def make(self: Any) -> None:
        self.block = keras.Sequential([keras.layers.Dense(5, activation="relu"), keras.layers.Dense(WIDTH)])

    places = np.linspace(-1, 1, STEPS * 3).reshape(STEPS, 3).astype("float32")
    return _owner(keras, make, lambda self, x: x + self.block(places))


def _attention(keras: Any) -> Any:
    def make(self: Any) -> None:
        self.attention = keras.layers.MultiHeadAttention(2, 3)
        self.recurrent = keras.layers.GRU(WIDTH, return_sequences=True)

    places = np.linspace(-1, 1, STEPS * WIDTH).reshape(1, STEPS, WIDTH).astype("float32")
    return _owner(keras, make, lambda self, x: x + self.recurrent(self.attention(places, places)))


def _of_a_weight(keras: Any) -> Any:
    class Owner(keras.layers.Layer):
        def __init__(self) -> None:
            super().__init__()
            self.dense = keras.layers.Dense(WIDTH)

        def build(self, shape: Any) -> None:
            self.latents = self.add_weight(name="latents", shape=(STEPS, 3))

        def call(self, x: Any) -> Any:
            return x + self.dense(self.latents)

    return Owner()


LAYERS = {
    "positions": _positions,
    "patch encoder": _patch_encoder,
    "chain": _chain,
    "sublayer": _sublayer,
    "returned": _returned,
    "statistics": _statistics,
    "block": _block,
    "attention": _attention,
    "of a weight": _of_a_weight,
}


def model_of(keras: Any, name: str) -> Any:
    """Tokens, the layer, a number for each sample."""
    layers = keras.layers
    tokens = keras.Input((STEPS,), dtype="int32")
    x = layers.Embedding(TOKENS, WIDTH)(tokens)
    x = LAYERS[name](keras)(x)
    return keras.Model(tokens, layers.Dense(1)(layers.Flatten()(layers.Activation("tanh")(x))))


def answers(keras: Any, name: str) -> dict[str, Any]:
    """Names' ends and shapes of the weights; after set_weights predictions, losses of training, weights after it, and its predictions."""
    model = model_of(keras, name)
    random = np.random.default_rng(3)
    model.set_weights([random.uniform(0.1, 0.6, np.shape(weight)).astype("float32") for weight in model.get_weights()])
    x, y = random.integers(0, TOKENS, (SAMPLES, STEPS)), random.normal(size=(SAMPLES, 1)).astype("float32")
    first = np.asarray(model.predict(x, verbose=0))
    model.compile(keras.optimizers.SGD(0.01), "mse")
    history = model.fit(x, y, batch_size=5, epochs=3, shuffle=False, verbose=0).history["loss"]
    return {
        "shapes": [list(np.shape(weight)) for weight in model.get_weights()],
        "trainable": len(model.trainable_weights),
        "first": first.tolist(),
        "history": [float(loss) for loss in history],
        "weights": [np.asarray(weight).tolist() for weight in model.get_weights()],
        "last": np.asarray(model.predict(x, verbose=0)).tolist(),
    }
