"""The guide, block by block, in one process and in its own order: only the imports are changed.

Source of blocks and tables: "The Sequential model", TensorFlow's guide (Apache-2.0 code; see tinyseq/NOTICE).
"""

# ruff: noqa: W291  (the tables end in spaces)

from collections.abc import Iterator
from typing import Any

import numpy as np
import pytest

import tinyseq as keras
from tinyseq import layers

TABLES = [
    """\
Model: "sequential_3"
_________________________________________________________________
Layer (type)                 Output Shape              Param #   
=================================================================
dense_7 (Dense)              (1, 2)                    10        
_________________________________________________________________
dense_8 (Dense)              (1, 3)                    9         
_________________________________________________________________
dense_9 (Dense)              (1, 4)                    16        
=================================================================
Total params: 35
Trainable params: 35
Non-trainable params: 0
_________________________________________________________________
""",
    """\
Model: "sequential_4"
_________________________________________________________________
Layer (type)                 Output Shape              Param #   
=================================================================
dense_10 (Dense)             (None, 2)                 10        
=================================================================
Total params: 10
Trainable params: 10
Non-trainable params: 0
_________________________________________________________________
""",
    """\
Model: "sequential_5"
_________________________________________________________________
Layer (type)                 Output Shape              Param #   
=================================================================
dense_11 (Dense)             (None, 2)                 10        
=================================================================
Total params: 10
Trainable params: 10
Non-trainable params: 0
_________________________________________________________________
""",
    """\
Model: "sequential_6"
_________________________________________________________________
Layer (type)                 Output Shape              Param #   
=================================================================
conv2d (Conv2D)              (None, 123, 123, 32)      2432      
_________________________________________________________________
conv2d_1 (Conv2D)            (None, 121, 121, 32)      9248      
_________________________________________________________________
max_pooling2d (MaxPooling2D) (None, 40, 40, 32)        0         
=================================================================
Total params: 11,680
Trainable params: 11,680
Non-trainable params: 0
_________________________________________________________________
""",
    """\
Model: "sequential_6"
_________________________________________________________________
Layer (type)                 Output Shape              Param #   
=================================================================
conv2d (Conv2D)              (None, 123, 123, 32)      2432      
_________________________________________________________________
conv2d_1 (Conv2D)            (None, 121, 121, 32)      9248      
_________________________________________________________________
max_pooling2d (MaxPooling2D) (None, 40, 40, 32)        0         
_________________________________________________________________
conv2d_2 (Conv2D)            (None, 38, 38, 32)        9248      
_________________________________________________________________
conv2d_3 (Conv2D)            (None, 36, 36, 32)        9248      
_________________________________________________________________
max_pooling2d_1 (MaxPooling2 (None, 12, 12, 32)        0         
_________________________________________________________________
conv2d_4 (Conv2D)            (None, 10, 10, 32)        9248      
_________________________________________________________________
conv2d_5 (Conv2D)            (None, 8, 8, 32)          9248      
_________________________________________________________________
max_pooling2d_2 (MaxPooling2 (None, 4, 4, 32)          0         
=================================================================
Total params: 48,672
Trainable params: 48,672
Non-trainable params: 0
_________________________________________________________________
""",
]


@pytest.fixture(autouse=True)
def names_from_the_start() -> Iterator[None]:
    """The guide begins in a fresh process."""
    keras.clear_session()
    yield
    keras.clear_session()


def printed(capsys: Any) -> str:
    """What has been printed since the last look."""
    return str(capsys.readouterr().out)


def test_the_guide_runs_in_its_order_and_prints_its_tables(capsys: Any) -> None:
    # When to use a Sequential model
    model = keras.Sequential(
        [
            layers.Dense(2, activation="relu", name="layer1"),
            layers.Dense(3, activation="relu", name="layer2"),
            layers.Dense(4, name="layer3"),
        ]
    )
    x = np.ones((3, 3))
    y = model(x)
    assert y.shape == (3, 4)

    layer1 = layers.Dense(2, activation="relu", name="layer1")
    layer2 = layers.Dense(3, activation="relu", name="layer2")
    layer3 = layers.Dense(4, name="layer3")
    x = np.ones((3, 3))
    assert layer3(layer2(layer1(x))).shape == (3, 4)
    for layer, source in zip((layer1, layer2, layer3), model.layers, strict=True):
        layer.set_weights(source.get_weights())
    assert np.array_equal(layer3(layer2(layer1(x))), y)

    # Creating a Sequential model
    model = keras.Sequential(
        [
            layers.Dense(2, activation="relu"),
            layers.Dense(3, activation="relu"),
            layers.Dense(4),
        ]
    )
    assert [type(layer).__name__ for layer in model.layers] == ["Dense"] * 3

    model = keras.Sequential()
    model.add(layers.Dense(2, activation="relu"))
    model.add(layers.Dense(3, activation="relu"))
    model.add(layers.Dense(4))
    model.pop()
    assert len(model.layers) == 2

    model = keras.Sequential(name="my_sequential")
    model.add(layers.Dense(2, activation="relu", name="layer1"))
    model.add(layers.Dense(3, activation="relu", name="layer2"))
    model.add(layers.Dense(4, name="layer3"))
    assert model.name == "my_sequential"

    # Specifying the input shape in advance
    layer = layers.Dense(3)
    assert layer.weights == []
    x = np.ones((1, 4))
    y = layer(x)
    assert [weight.path for weight in layer.weights] == ["dense_6/kernel", "dense_6/bias"]
    assert [weight.shape for weight in layer.weights] == [(4, 3), (3,)]
    assert "dense_6/kernel shape=(4, 3) dtype=float32" in repr(layer.weights[0])
    assert not layer.bias.numpy().any()
    assert np.abs(layer.kernel).max() <= np.sqrt(6 / 7)

    model = keras.Sequential(
        [
            layers.Dense(2, activation="relu"),
            layers.Dense(3, activation="relu"),
            layers.Dense(4),
        ]
    )
    with pytest.raises(ValueError, match="Weights for model 'sequential_3' have not yet been created"):
        model.weights  # noqa: B018
    with pytest.raises(ValueError, match="This model has not yet been built"):
        model.summary()
    x = np.ones((1, 4))
    y = model(x)
    assert len(model.weights) == 6
    model.summary()
    assert printed(capsys) == TABLES[0]
    assert model(np.ones((5, 4))).shape == (5, 4)

    model = keras.Sequential()
    model.add(keras.Input(shape=(4,)))
    model.add(layers.Dense(2, activation="relu"))
    model.summary()
    assert printed(capsys) == TABLES[1]
    assert len(model.layers) == 1

    model = keras.Sequential()
    model.add(layers.Dense(2, activation="relu", input_shape=(4,)))
    model.summary()
    assert printed(capsys) == TABLES[2]

    # A common debugging workflow: add() + summary()
    model = keras.Sequential()
    model.add(keras.Input(shape=(250, 250, 3)))  # 250x250 RGB images
    model.add(layers.Conv2D(32, 5, strides=2, activation="relu"))
    model.add(layers.Conv2D(32, 3, activation="relu"))
    model.add(layers.MaxPooling2D(3))
    model.summary()
    assert printed(capsys) == TABLES[3]

    model.add(layers.Conv2D(32, 3, activation="relu"))
    model.add(layers.Conv2D(32, 3, activation="relu"))
    model.add(layers.MaxPooling2D(3))
    model.add(layers.Conv2D(32, 3, activation="relu"))
    model.add(layers.Conv2D(32, 3, activation="relu"))
    model.add(layers.MaxPooling2D(2))
    model.summary(line_length=65)
    assert printed(capsys) == TABLES[4]
    model.summary()
    assert "max_pooling2d_1 (MaxPooling2D) (None, 12, 12, 32)" in printed(capsys)
    assert model.layers[-1].name == "max_pooling2d_2"

    model.add(layers.GlobalMaxPooling2D())
    model.add(layers.Dense(10))
    assert model.count_params() == 49_002


def test_every_layer_of_a_sequential_has_an_output_to_extract() -> None:
    initial_model = keras.Sequential(
        [
            keras.Input(shape=(250, 250, 3)),
            layers.Conv2D(32, 5, strides=2, activation="relu"),
            layers.Conv2D(32, 3, activation="relu"),
            layers.Conv2D(32, 3, activation="relu"),
        ]
    )
    feature_extractor = keras.Model(
        inputs=initial_model.inputs,
        outputs=[layer.output for layer in initial_model.layers],
    )
    x = np.ones((1, 250, 250, 3))
    features = feature_extractor(x)
    assert [feature.shape for feature in features] == [(1, 123, 123, 32), (1, 121, 121, 32), (1, 119, 119, 32)]
    assert feature_extractor.layers[1] is initial_model.layers[0]
    assert len(feature_extractor.layers) == 4
    assert np.array_equal(features[-1], initial_model(x))


def test_one_layer_in_the_middle_can_be_extracted_by_name() -> None:
    initial_model = keras.Sequential(
        [
            keras.Input(shape=(250, 250, 3)),
            layers.Conv2D(32, 5, strides=2, activation="relu"),
            layers.Conv2D(32, 3, activation="relu", name="my_intermediate_layer"),
            layers.Conv2D(32, 3, activation="relu"),
        ]
    )
    feature_extractor = keras.Model(
        inputs=initial_model.inputs,
        outputs=initial_model.get_layer(name="my_intermediate_layer").output,
    )
    features = feature_extractor(np.ones((1, 250, 250, 3)))
    assert features.shape == (1, 121, 121, 32)


def test_frozen_layers_keep_their_loaded_weights_and_the_last_one_learns(tmp_path: Any) -> None:
    def guide_model() -> Any:
        return keras.Sequential([
            keras.Input(shape=(784)),
            layers.Dense(32, activation='relu'),
            layers.Dense(32, activation='relu'),
            layers.Dense(32, activation='relu'),
            layers.Dense(10),
        ])  # fmt: skip

    pretrained, model = guide_model(), guide_model()
    pretrained.save_weights(tmp_path / "digits.npz")
    model.load_weights(tmp_path / "digits.npz")
    loaded = model.get_weights()
    assert all(np.array_equal(a, b) for a, b in zip(loaded, pretrained.get_weights(), strict=True))

    for layer in model.layers[:-1]:
        layer.trainable = False
    assert (model.count_params(), sum(weight.size for weight in model.trainable_weights)) == (27_562, 330)
    assert (len(model.trainable_weights), len(model.non_trainable_weights)) == (2, 6)

    model.compile(optimizer="sgd", loss=keras.losses.SparseCategoricalCrossentropy(from_logits=True))
    random = np.random.default_rng(0)
    model.fit(random.normal(size=(40, 784)), random.integers(0, 10, 40), epochs=2, verbose=0)
    after = model.get_weights()
    assert all(np.array_equal(a, b) for a, b in zip(loaded[:6], after[:6], strict=True))
    assert not np.array_equal(loaded[6], after[6])
    assert not np.array_equal(loaded[7], after[7])


def test_a_frozen_base_model_carries_a_new_classifier() -> None:
    base_model = keras.Sequential(
        [keras.Input((40, 40, 3)), layers.Conv2D(8, 3, activation="relu"), layers.GlobalAveragePooling2D()], name="base"
    )
    base_model.trainable = False
    model = keras.Sequential([base_model, layers.Dense(1000)])
    assert model.output_shape == (None, 1000)
    assert [len(model.layers), len(model.trainable_weights), len(model.weights)] == [2, 2, 4]
    before = base_model.get_weights()
    model.compile("sgd", "mse")
    model.fit(np.ones((4, 40, 40, 3)), np.ones((4, 1000)), verbose=0)
    assert all(np.array_equal(a, b) for a, b in zip(before, base_model.get_weights(), strict=True))
