"""Functional models: any directed acyclic graph, shared layers, nested models, several inputs and outputs."""

import copy
from typing import Any

import numpy as np
import pytest

import tinyseq as keras
from shapecheck.diagnostics.base import ShapeError
from tinyseq import layers


def two_towers() -> Any:
    """(4,) and (3,) -> (2,) and (1,); both towers pass one shared layer."""
    a, b = keras.Input((4,), name="a"), keras.Input((3,), name="b")
    left, right = layers.Dense(5, activation="tanh", name="left")(a), layers.Dense(5, activation="tanh", name="right")(b)
    shared = layers.Dense(5, name="shared")
    joined = layers.Add()([shared(left), shared(right)])
    return keras.Model([a, b], [layers.Dense(2, name="p")(joined), layers.Dense(1, name="q")(layers.Multiply()([joined, left]))])


DATA = [np.random.default_rng(0).normal(size=(6, 4)), np.random.default_rng(1).normal(size=(6, 3))]


def test_a_graph_computes_what_its_layers_compute_one_by_one() -> None:
    model = two_towers()
    layer = {one.name: one for one in model.layers}
    left, right = layer["left"](DATA[0]), layer["right"](DATA[1])
    joined = layer["shared"](left) + layer["shared"](right)
    p, q = model(DATA)
    np.testing.assert_allclose(p, layer["p"](joined), rtol=1e-6)
    np.testing.assert_allclose(q, layer["q"](joined * left), rtol=1e-6)
    assert all(np.array_equal(x, y) for x, y in zip(model.predict(DATA), (p, q), strict=True))
    assert np.array_equal(model({"b": DATA[1], "a": DATA[0]})[0], p)


def test_a_shared_layer_has_its_weights_once() -> None:
    model = two_towers()
    assert sum(weight.path.startswith("shared/") for weight in model.weights) == 2
    assert model.count_params() == model.table.params == 25 + 20 + 30 + 12 + 6


def test_gradients_through_shared_layers_and_joins_are_differences() -> None:
    model = two_towers()
    model.compile(keras.optimizers.SGD(1.0), "mse")
    targets = [np.zeros((6, 2)), np.ones((6, 1))]
    before = model.get_weights()

    def loss() -> float:
        return float(model.test_on_batch(DATA, targets, return_dict=True)["loss"])

    model.train_on_batch(DATA, targets)
    gradients = [a - b for a, b in zip(before, model.get_weights(), strict=True)]
    for index, weight in enumerate(model.weights):
        place = tuple(size // 2 for size in weight.shape)
        values = []
        for step in (1e-2, -1e-2):
            model.set_weights(before)
            weight.value[place] += step
            weight.version += 1
            values.append(loss())
        assert gradients[index][place] == pytest.approx((values[0] - values[1]) / 2e-2, rel=2e-2, abs=2e-4), weight.path


def test_several_outputs_have_losses_by_name_and_their_sum() -> None:
    model = two_towers()
    model.compile("sgd", {"p": "mse", "q": "mae"}, loss_weights={"p": 1.0, "q": 0.5}, metrics={"p": ["mae"]})
    history = model.fit(DATA, {"p": np.zeros((6, 2)), "q": np.zeros((6, 1))}, verbose=0).history
    assert set(history) == {"loss", "p_loss", "q_loss", "p_mae"}
    assert history["loss"][0] == pytest.approx(history["p_loss"][0] + 0.5 * history["q_loss"][0], rel=1e-5)


def test_a_nested_model_is_one_row_and_one_computation() -> None:
    inner = keras.Sequential([keras.Input((4,)), layers.Dense(3, activation="relu"), layers.Dense(3)], name="inner")
    x = keras.Input((4,))
    model = keras.Model(x, layers.Dense(2)(inner(x)))
    assert [layer.name for layer in model.layers][1] == "inner"
    assert model.count_params() == inner.count_params() + 8
    data = DATA[0]
    np.testing.assert_allclose(model(data), model.layers[-1](inner(data)), rtol=1e-6)
    inner.trainable = False
    assert len(model.trainable_weights) == 2
    assert model.table.trainable_params == 8


def test_a_tensor_used_twice_gets_both_gradients() -> None:
    x = keras.Input((3,))
    h = layers.Dense(3, use_bias=False)(x)
    model = keras.Model(x, layers.Add()([h, h]))
    model.compile(keras.optimizers.SGD(1.0), keras.losses.MeanAbsoluteError(reduction="sum"))
    model.set_weights([np.eye(3)])
    model.train_on_batch(np.ones((1, 3)), np.zeros((1, 3)))
    np.testing.assert_allclose(np.eye(3) - model.get_weights()[0], np.full((3, 3), 2 / 3), rtol=1e-6)


def test_residual_joins_flatten_views_and_inputs_as_outputs_work() -> None:
    x = keras.Input((4, 3))
    flat = layers.Flatten()(x)
    model = keras.Model(x, [flat, x, layers.Add()([flat, layers.Reshape((12,))(x)])])
    data = np.random.default_rng(0).normal(size=(2, 4, 3)).astype(np.float32)
    first, second, third = model(data)
    assert np.array_equal(first, data.reshape(2, 12))
    assert np.array_equal(second, data)
    assert np.array_equal(third, 2 * data.reshape(2, 12))
    first[:] = 0
    assert data.any(), "what is handed out belongs to the caller"


def test_what_is_handed_out_is_never_touched_again() -> None:
    model = two_towers()
    first = model(DATA)
    kept = [array.copy() for array in first]
    model([array + 1 for array in DATA])
    assert all(np.array_equal(a, b) for a, b in zip(first, kept, strict=True))


def test_a_graph_that_does_not_start_at_its_inputs_is_refused() -> None:
    a, b = keras.Input((3,)), keras.Input((3,))
    with pytest.raises(ValueError, match="not one of the inputs"):
        keras.Model(a, layers.Add()([a, b]))
    with pytest.raises(TypeError, match="expected tensors"):
        keras.Model(a, np.ones((1, 3)))
    with pytest.raises(ValueError, match="outputs is empty"):
        keras.Model(a, [])
    with pytest.raises(ValueError, match="start at an Input"):
        keras.Model(layers.Dense(3)(a), layers.Dense(2)(a))
    with pytest.raises(TypeError, match="needs inputs and outputs"):
        keras.Model()


def test_layers_that_do_not_fit_are_refused_where_they_are_joined() -> None:
    a, b = keras.Input((3,)), keras.Input((4,))
    with pytest.raises(ShapeError, match="add"):
        layers.Add(name="add")([a, b])
    with pytest.raises(ValueError, match="takes one input, got a list of 2"):
        layers.Dense(3)([a, b])
    with pytest.raises(ValueError, match="takes a list of inputs"):
        layers.Concatenate()(a)
    with pytest.raises(TypeError, match="not both at once"):
        layers.Add()([a, np.ones((1, 3))])


def test_a_layer_built_for_other_features_says_both_numbers() -> None:
    layer = layers.Dense(3, name="narrow")
    layer(np.ones((2, 4)))
    with pytest.raises(ShapeError, match=r"narrow: SC203 axis 1 must be 4, got 6"):
        layer(np.ones((2, 6)))
    with pytest.raises(ShapeError, match="must be 4, got 6"):
        layer(keras.Input((6,)))


def test_a_functional_model_is_made_again_from_its_configuration() -> None:
    model = two_towers()
    twin = type(model).from_config(model.get_config())
    twin.set_weights(model.get_weights())
    assert all(np.array_equal(a, b) for a, b in zip(twin(DATA), model(DATA), strict=True))
    third = copy.deepcopy(model)
    assert all(np.array_equal(a, b) for a, b in zip(third(DATA), model(DATA), strict=True))


BAD = [
    (np.ones((2, 5)), ValueError, r"data \(2, 5\) does not fit the input \(None, 4\)"),
    (np.ones((2, 2, 2)), ValueError, r"x\.reshape\(-1, 4\), each sample flat"),
    (np.ones(4), ValueError, r"x\[None\]"),
    (np.ones((0, 4)), ValueError, "no samples"),
    (3.0, ValueError, "batch axis"),
    ([[1, 2, 3, 4], [1]], ValueError, "differ in length"),
    ("text", TypeError, "got str"),
    (None, (TypeError, ValueError), "NoneType|no data"),
    (np.array([["a"] * 4]), TypeError, "<U1"),
    (np.array([[None] * 4]), TypeError, "object"),
    (np.ones((1, 4), complex), TypeError, "complex"),
    ([np.ones((2, 4)), np.ones((2, 4))], ValueError, "1 input, got a list of 2|takes one input, got a list of 2"),
]


@pytest.mark.parametrize(("data", "error", "words"), BAD, ids=[str(i) for i in range(len(BAD))])
def test_bad_data_is_refused_at_the_door_of_call_and_predict(data: Any, error: Any, words: str) -> None:
    model = keras.Sequential([keras.Input((4,)), layers.Dense(2)], name="door")
    for use in (model, model.predict):
        with pytest.raises(error, match=words) as caught:
            use(data)
        assert "door" in str(caught.value)


@pytest.mark.parametrize(
    "data",
    [
        np.ones((3, 4), np.float64),
        np.ones((3, 4), np.int8),
        np.ones((3, 4), bool),
        np.ones((3, 4), np.float16),
        np.ones((3, 4), ">f4"),
        np.ones((3, 8), np.float32)[:, ::2],
        np.asfortranarray(np.ones((3, 4), np.float32)),
        [[1, 1, 1, 1]] * 3,
    ],
)
def test_any_array_of_numbers_is_taken(data: Any) -> None:
    model = keras.Sequential([keras.Input((4,)), layers.Dense(2)])
    assert np.array_equal(model(data), model(np.ones((3, 4), np.float32)))
    assert np.array_equal(model.predict(data), model(np.ones((3, 4), np.float32)))


ADJUSTED = [
    ((5, 6, 1), (4, 5, 6)),
    ((5, 6), (4, 5, 6, 1)),
    ((5, 1), (4, 5, 1, 1)),
    ((None, 6, 1), (4, 5, 6)),
    ((1,), (4,)),
    ((6,), (4, 6, 1)),
]
REFUSED = [((5, 6, 3), (4, 5, 6)), ((5, 6), (4, 5, 6, 3)), ((5, 6, 1), (5, 6, 1)), ((5, 1), (4, 5, 1, 1, 1)), ((5,), (5,))]


@pytest.mark.parametrize("accepted, given", ADJUSTED)
def test_a_last_axis_of_one_is_added_or_dropped_as_keras_does(accepted: tuple[Any, ...], given: tuple[int, ...]) -> None:
    """Keras 3.15 does so in all of these calls, in stacks and in functional models."""
    numbers = np.random.default_rng(3)
    x, y = numbers.random(given, np.float32), numbers.random((4, 2), np.float32)
    flat = layers.GlobalMaxPooling2D() if len(accepted) == 3 else layers.Flatten()
    stack = keras.Sequential([keras.Input(accepted), flat, layers.Dense(2)])
    for model in (stack, keras.Model(stack.input, stack.output)):
        model.compile("sgd", "mse")
        same = x.reshape(4, *(size or 5 for size in accepted))
        want = model(same)
        for found in (model(x), model(x), model.predict(x, batch_size=3), model.predict_on_batch(x), model.predict(iter([x]))):
            np.testing.assert_allclose(found, want, rtol=1e-6)
        assert model.evaluate(x, y, verbose=0) == pytest.approx(model.evaluate(same, y, verbose=0))
        assert model.test_on_batch(x, y) == pytest.approx(model.train_on_batch(x, y))
        assert len(model.fit(x, y, verbose=0, validation_data=(x, y)).history["val_loss"]) == 1


@pytest.mark.parametrize("accepted, given", REFUSED)
def test_no_other_axis_is_added_or_dropped(accepted: tuple[int, ...], given: tuple[int, ...]) -> None:
    model = keras.Sequential([keras.Input(accepted), layers.Flatten(), layers.Dense(2)])
    for call in (model, model.predict):
        with pytest.raises(ShapeError) as caught:
            call(np.zeros(given))
        assert f"SC303 data {given} does not fit" in str(caught.value)


def test_read_only_and_memory_mapped_data_is_taken(tmp_path: Any) -> None:
    model = keras.Sequential([keras.Input((4,)), layers.Dense(2)])
    np.save(tmp_path / "x.npy", np.ones((50, 4)))
    mapped = np.load(tmp_path / "x.npy", mmap_mode="r")
    frozen = np.ones((50, 4), np.float32)
    frozen.flags.writeable = False
    assert np.array_equal(model.predict(mapped), model.predict(frozen))


def test_nan_goes_through() -> None:
    model = keras.Sequential([keras.Input((4,)), layers.Dense(2, activation="relu")])
    data = np.ones((2, 4))
    data[0, 0] = np.nan
    result = model(data)
    assert np.isnan(result[0]).all()
    assert np.isfinite(result[1]).all()


def test_a_weight_is_not_replaced_by_an_array() -> None:
    model = keras.Sequential([keras.Input((3,)), layers.Dense(2)])
    layer = model.layers[0]
    with pytest.raises(AttributeError, match=r"kernel is a weight .* write layer\.kernel\.assign\(values\)"):
        layer.kernel = np.ones((3, 2))
    layer.kernel.assign(np.ones((3, 2)))
    np.testing.assert_array_equal(model.predict_on_batch(np.ones((1, 3), np.float32)), [[3, 3]])


@pytest.mark.parametrize(
    ("bad", "words"),
    [
        (np.nan, "contains NaN or infinity, but indices are needed: replace them"),
        (-1, r"index -1 is outside of 0\.\.19: make indices 0 or more$"),
        (20, r"index 20 is outside of 0\.\.19: make input_dim at least 21$"),
    ],
)
@pytest.mark.parametrize("call", ["predict", "predict_on_batch"])
def test_indices_that_are_none(call: str, bad: float, words: str) -> None:
    model = keras.Sequential([keras.Input((7,)), layers.Embedding(20, 8), layers.Flatten(), layers.Dense(2)])
    x = np.zeros((2, 7))
    x[1, 2] = bad
    with pytest.raises(ValueError, match=words):
        getattr(model, call)(x)


@pytest.mark.parametrize("name", ["add", "subtract", "multiply", "average", "maximum", "minimum", "concatenate", "dot"])
def test_a_merging_layer_has_a_function_that_makes_and_calls_it(name: str) -> None:
    a, b = keras.Input((4,)), keras.Input((4,))
    joined = getattr(layers, name)([a, b], name="joined")
    assert joined.shape == (None, {"concatenate": 8, "dot": 1}.get(name, 4))
    layer = keras.Model([a, b], joined).get_layer("joined")
    assert type(layer) is getattr(layers, name.capitalize())
    assert getattr(layer, "axis", getattr(layer, "axes", -1)) == -1
    assert name in dir(layers) and getattr(layers, name) is getattr(layers, name)


def test_the_axis_of_concatenate_comes_second_and_arrays_are_joined_too() -> None:
    assert layers.concatenate([np.ones((2, 3, 4)), np.ones((2, 5, 4))], 1).shape == (2, 8, 4)
    assert layers.add([np.ones((2, 3)), np.full((2, 3), 4)]).tolist() == [[5] * 3] * 2


@pytest.mark.parametrize("name", ["Add", "Subtract", "Multiply", "Average", "Maximum", "Minimum", "Concatenate", "Dot"])
def test_tensors_given_to_a_merging_layer_itself_are_told_the_call(name: str) -> None:
    a, b = keras.Input((4,)), keras.Input((4,))
    for given in ([a, b], (a, b), a):
        with pytest.raises(TypeError, match=rf"{name}: got tensors for its first argument: write {name}\((axes=1)?\)\(\[a, b\]\)"):
            getattr(layers, name)(given)


def test_another_shape_is_offered_for_the_input_that_gets_it() -> None:
    """The layers behind b take five numbers, those behind a would not."""
    a, b = keras.Input((3,), name="a"), keras.Input((4,), name="b")
    model = keras.Model([a, b], layers.Add()([layers.Flatten()(layers.Reshape((3, 1))(a)), layers.Dense(3)(b)]))
    with pytest.raises(ShapeError, match=r"declare Input\(shape=\(5,\)\)"):
        model.predict([np.ones((2, 3)), np.ones((2, 5))], verbose=0)
    with pytest.raises(ShapeError) as refused:
        model.predict([np.ones((2, 5)), np.ones((2, 4))], verbose=0)
    assert "declare" not in str(refused.value)
