"""A net in Keras's spelling: for Keras, and for tinyseq, which has the same."""

from __future__ import annotations

from typing import Any

from tests.benchmarks.cases import BETA1, BETA2, EPSILON, RATE
from tests.benchmarks.models import Array, Conv, Dense, Flatten, GlobalMax, Net, Part, Pool, Recurrent, Words
from tests.benchmarks.normalized import Built


def model(keras: Any, net: Net | Built, weights: list[Array]) -> Any:
    """A model with these weights. `keras`: the module keras, or tinyseq."""
    if isinstance(net, Built):
        made = net.build(keras)
    else:
        dtype = "int32" if isinstance(net.parts[0], Words) else None
        made = keras.Sequential([keras.Input(shape=net.shape, dtype=dtype), *(layer(keras.layers, part) for part in net.parts)])
    if weights:
        made.set_weights(weights)
    return made


def layer(layers: Any, part: Part) -> Any:
    """One part as a layer."""
    match part:
        case Conv(filters, window, stride, relu):
            return layers.Conv2D(filters, window, strides=stride, activation="relu" if relu else None)
        case Dense(units, relu):
            return layers.Dense(units, activation="relu" if relu else None)
        case Pool(window):
            return layers.MaxPooling2D(window)
        case GlobalMax():
            return layers.GlobalMaxPooling2D()
        case Flatten():
            return layers.Flatten()
        case Words(size, width):
            return layers.Embedding(size, width)
        case Recurrent(kind, units, both, sequences):
            made = getattr(layers, kind)(units, return_sequences=sequences)
            return layers.Bidirectional(made) if both else made


def compiled(keras: Any, net: Net | Built, weights: list[Array], **options: Any) -> Any:
    """With Adam, and cross-entropy on logits."""
    made = model(keras, net, weights)
    made.compile(
        optimizer=keras.optimizers.Adam(RATE, beta_1=BETA1, beta_2=BETA2, epsilon=EPSILON),
        loss=keras.losses.SparseCategoricalCrossentropy(from_logits=True),
        **options,
    )
    return made
