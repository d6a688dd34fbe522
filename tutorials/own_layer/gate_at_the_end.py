import numpy as np

import tinyseq as keras
from tinyseq import datasets, layers


class Gate(layers.Layer):
    """(..., 2 x n) -> (..., n): the first half times the second half, times a learnt factor for each of the n."""

    def compute_output_shape(self, input_shape):
        if input_shape[-1] % 2 == 1:
            raise ValueError("Gate needs an even number of features, not " + str(input_shape[-1]))
        return (*input_shape[:-1], input_shape[-1] // 2)

    def build(self, input_shape):
        self.add_weight(name="factor", shape=(input_shape[-1] // 2,), initializer="ones")

    def forward(self, ctx, x):
        half = x.shape[-1] // 2
        return ctx.weight("factor") * x[..., :half] * x[..., half:]

    def backward(self, ctx, gradient):
        half = gradient.shape[-1]
        first, second = ctx.inputs[0][..., :half], ctx.inputs[0][..., half:]
        if ctx.gradient("factor") is not None:  # None: the layer is frozen
            ctx.gradient("factor")[:] += (gradient * first * second).reshape(-1, half).sum(axis=0)
        slope = gradient * ctx.weight("factor")
        return np.concatenate([slope * second, slope * first], axis=-1)


(x_train, y_train), (x_test, y_test) = datasets.digits.load_data()
x = x_train.reshape(1415, 64) / 16
model = keras.Sequential()
model.add(keras.Input(shape=(64,)))
model.add(layers.Dense(32))
model.add(Gate())
model.add(layers.Dense(10))
model.add(Gate())
model.add(layers.Softmax())
model.compile(optimizer="adam", loss="sparse_categorical_crossentropy")
model.fit(x, y_train, epochs=3)
