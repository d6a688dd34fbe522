"""Sequential: what may be stacked, what is refused, and that a refused layer leaves everything as it was."""

import copy
import pickle
import time
from typing import Any

import numpy as np
import pytest

import tinyseq as keras
from shapecheck.diagnostics.base import ShapeError
from tinyseq import layers


def small() -> Any:
    """4 -> 3 -> 2, known input."""
    return keras.Sequential([keras.Input((4,)), layers.Dense(3, name="first"), layers.Dense(2, name="second")])


REFUSED = [
    (lambda: layers.Dense, "SC407", "is a class"),
    (lambda: "dense", "SC408", "a string"),
    (lambda: None, "SC408", "None"),
    (lambda: [layers.Dense(3)], "SC408", "a list"),
    (lambda: layers.Dense(3, name="first"), "SC411", "'first'"),
    (lambda: layers.Add(), "SC413", "functional API"),
    (lambda: layers.Conv2D(2, 3), "SC201", "4 axes"),
    (lambda: layers.Reshape((3,)), "SC205", "2"),
    (lambda: layers.Dense(2, input_shape=(8,)), "SC415", "(None, 8)"),
    (lambda: layers.LSTM(2), "SC501", "3"),
    (lambda: keras.Input((2,)), "SC409", "first"),
]


@pytest.mark.parametrize(("make", "code", "words"), REFUSED, ids=[case[2] for case in REFUSED])
def test_a_refused_layer_leaves_the_model_as_it_was(make: Any, code: str, words: str) -> None:
    model = small()
    before = (model.layers, model.output_shape, model.count_params(), model.get_weights())
    with pytest.raises(ShapeError) as caught:
        model.add(make())
    assert code in str(caught.value)
    assert words in str(caught.value)
    assert isinstance(caught.value, ValueError)
    after = (model.layers, model.output_shape, model.count_params(), model.get_weights())
    assert before[:3] == after[:3]
    assert all(np.array_equal(a, b) for a, b in zip(before[3], after[3], strict=True))
    assert model(np.ones((1, 4))).shape == (1, 2)


def test_what_is_no_layer_is_also_a_type_error() -> None:
    with pytest.raises(TypeError, match="only layers"):
        small().add("dense")


def test_a_layer_with_several_outputs_is_refused() -> None:
    model = keras.Sequential([keras.Input((5, 4))])
    with pytest.raises(ShapeError, match="SC414"):
        model.add(layers.LSTM(3, return_state=True))
    assert model.layers == []


def test_the_same_layer_cannot_stand_twice() -> None:
    layer = layers.Dense(4)
    with pytest.raises(ShapeError, match="SC412"):
        keras.Sequential([keras.Input((4,)), layer, layer])


def test_a_second_input_is_refused() -> None:
    with pytest.raises(ValueError, match="already been configured to use input shape"):
        keras.Sequential([keras.Input((2,)), keras.Input((3,))])


def test_a_refused_layer_is_itself_as_it_was() -> None:
    layer = layers.Conv2D(2, 3)
    with pytest.raises(ShapeError):
        small().add(layer)
    assert not layer.built
    with pytest.raises(AttributeError):
        layer.output  # noqa: B018
    assert keras.Sequential([keras.Input((5, 5, 1)), layer]).output_shape == (None, 3, 3, 2)


def test_data_that_does_not_fit_builds_nothing() -> None:
    model = keras.Sequential([layers.Conv2D(2, 3), layers.Flatten(), layers.Dense(3)])
    with pytest.raises(ShapeError, match="SC101"):
        model(np.ones((1, 2, 2, 1)))
    assert not model.built
    assert not any(layer.built for layer in model.layers)
    assert model(np.ones((1, 5, 5, 1))).shape == (1, 3)


def test_pop_returns_the_last_layer_and_the_model_works_on() -> None:
    model = small()
    last = model.layers[-1]
    assert model.pop() is last
    assert model.output_shape == (None, 3)
    assert model(np.ones((2, 4))).shape == (2, 3)
    assert model.pop().name == "first"
    with pytest.raises(IndexError, match="no layers"):
        model.pop()


def test_add_after_a_call_extends_what_was_computed() -> None:
    model = small()
    before = model(np.ones((2, 4)))
    model.add(layers.ReLU())
    assert np.array_equal(model(np.ones((2, 4))), np.maximum(before, 0))


@pytest.mark.parametrize(
    "first",
    [
        lambda: [keras.Input(shape=(784))],
        lambda: [keras.Input(shape=784)],
        lambda: [keras.Input((784,))],
        lambda: [keras.Input([784])],
        lambda: [keras.Input(batch_shape=(None, 784))],
        lambda: [layers.InputLayer(shape=(784,))],
        lambda: [layers.Dense(784, input_dim=784)],
        lambda: [layers.Dense(784, input_shape=(784,))],
        lambda: [layers.Dense(784, batch_input_shape=(None, 784))],
    ],
)
def test_every_form_of_input_says_the_same(first: Any) -> None:
    model = keras.Sequential([*first(), layers.Dense(10)])
    assert model.output_shape == (None, 10)
    assert model.layers[-1].kernel.shape == (784, 10)


def test_build_declares_the_weights_and_shows_any_batch() -> None:
    model = keras.Sequential([layers.Dense(2), layers.Dense(3)])
    model.build((None, 4))
    assert [weight.shape for weight in model.weights] == [(4, 2), (2,), (2, 3), (3,)]
    assert str(model.table.rows[1].output) == "(None, 2)"


def test_the_first_call_fixes_what_is_shown_and_nothing_else() -> None:
    model = keras.Sequential([layers.Dense(2)])
    model(np.ones((1, 4)))
    assert str(model.table.rows[1].output) == "(1, 2)"
    assert model(np.ones((5, 4))).shape == (5, 2)
    assert str(model.table.rows[1].output) == "(1, 2)"
    with pytest.raises(ShapeError, match=r"data \(5, 6\) does not fit the input \(None, 4\)"):
        model(np.ones((5, 6)))


def test_a_huge_model_has_its_table_at_once_and_is_refused_before_memory_is_taken() -> None:
    begun = time.process_time()
    model = keras.Sequential([keras.Input((100_000,)), layers.Dense(10**9), layers.Dense(10)])
    assert f"{model.table.params:,}" == "100,011,000,000,010"
    assert time.process_time() - begun < 3
    with pytest.raises(MemoryError, match=r"model '.*' on a batch of 1 needs 363\.8 TiB"):
        model(np.ones((1, 100_000), np.float32))
    with pytest.raises(MemoryError, match="needs"):
        model.layers[0].kernel.numpy()
    assert not any(weight.allocated for weight in model.weights)


def test_get_layer_finds_by_name_and_by_index_and_says_what_there_is() -> None:
    model = small()
    assert model.get_layer("first") is model.get_layer(index=0)
    with pytest.raises(ValueError, match=r"No such layer: zzz\. Existing layers are: \['first', 'second'\]"):
        model.get_layer("zzz")
    with pytest.raises(ValueError, match="Was asked to retrieve layer at index 10 but model only has 2 layers"):
        model.get_layer(index=10)
    with pytest.raises(ValueError, match="Provide either a layer name or layer index"):
        model.get_layer()
    with pytest.raises(ValueError, match="Provide only a layer name or a layer index"):
        model.get_layer("first", 0)


def test_what_is_not_built_says_so() -> None:
    model = keras.Sequential([layers.Dense(2)])
    for ask in (lambda: model.weights, lambda: model.trainable_weights, lambda: model.variables, model.get_weights):
        with pytest.raises(ValueError, match="have not yet been created"):
            ask()
    with pytest.raises(ValueError, match="isn't built"):
        model.count_params()
    with pytest.raises(ValueError, match="isn't built"):
        layers.Dense(2).count_params()
    with pytest.raises(AttributeError):
        model.inputs  # noqa: B018
    with pytest.raises(AttributeError):
        layers.Dense(2).output  # noqa: B018


COPIES = pytest.mark.parametrize(
    "twin", [copy.copy, copy.deepcopy, lambda model: pickle.loads(pickle.dumps(model))], ids=["copy", "deepcopy", "pickle"]
)
"""Each gives a model of its own, as in Keras 3.15, whose copy.copy shares nothing either."""


@COPIES
def test_a_copy_computes_the_same_and_learns_apart(twin: Any) -> None:
    model = small()
    x = np.random.default_rng(1).normal(size=(6, 4))
    model.compile("adam", "mse")
    model.fit(x, np.ones((6, 2)), verbose=0, shuffle=False)
    other = twin(model)
    assert np.array_equal(other(x), model(x))
    assert other.layers[0].output.shape == (None, 3)
    before = model.get_weights()
    other.fit(x, np.ones((6, 2)), verbose=0, shuffle=False)
    assert all(np.array_equal(a, b) for a, b in zip(before, model.get_weights(), strict=True))
    model.fit(x, np.ones((6, 2)), verbose=0, shuffle=False)
    assert np.array_equal(other(x), model(x)), "the optimizer's state is copied too"


@COPIES
@pytest.mark.parametrize("compiled", [False, True])
def test_an_unbuilt_model_is_copied_unbuilt_and_built_apart(twin: Any, compiled: bool) -> None:
    model = keras.Sequential([layers.Dense(3), layers.BatchNormalization(), layers.Dense(2)])
    if compiled:
        model.compile("sgd", "mse")
    other = twin(model)
    assert not other.built and other.compiled is compiled
    if compiled:
        other.fit(np.ones((6, 4)), np.ones((6, 2)), verbose=0)
    else:
        other.build((None, 5))
    assert other.built and not model.built
    assert model(np.ones((1, 7))).shape == (1, 2)


@COPIES
def test_a_copy_of_nested_and_shared_layers_holds_them_as_the_model_does(twin: Any) -> None:
    inputs = keras.Input((4,))
    shared, base = layers.Dense(4), small()
    model = keras.Model(inputs, layers.Add()([base(shared(shared(inputs))), base(inputs)]))
    x = np.random.default_rng(1).normal(size=(6, 4))
    other = twin(model)
    assert [weight.path for weight in other.weights] == [weight.path for weight in model.weights]
    assert np.array_equal(other(x), model(x))
    other.set_weights([np.zeros(weight.shape) for weight in other.weights])
    assert not np.any(other(x)) and np.any(model(x)) and np.any(base(x))


@COPIES
def test_a_copied_layer_has_weights_of_its_own(twin: Any) -> None:
    layer = layers.Dense(3)
    layer(np.ones((2, 4)))
    other = twin(layer)
    other.set_weights([np.zeros((4, 3)), np.ones(3)])
    assert np.any(layer.get_weights()[0])


def test_a_model_is_made_again_from_its_configuration() -> None:
    model = keras.Sequential([keras.Input((6, 5, 2)), layers.Conv2D(3, 2, activation="relu"), layers.Flatten(), small_head()])
    twin = keras.Sequential.from_config(model.get_config())
    assert [layer.name for layer in twin.layers] == [layer.name for layer in model.layers]
    twin.set_weights(model.get_weights())
    x = np.random.default_rng(0).normal(size=(2, 6, 5, 2))
    assert np.array_equal(twin(x), model(x))


def small_head() -> Any:
    """60 -> 2, as a nested model."""
    return keras.Sequential([keras.Input((60,)), layers.Dense(2)], name="head")


def test_set_weights_changes_all_or_nothing() -> None:
    model = small()
    before = model.get_weights()
    wrong = [before[0] + 1, before[1] + 1, before[2] + 1, np.zeros(5)]
    with pytest.raises(ValueError, match=r"second/bias: has shape \(2,\), got values of shape \(5,\)"):
        model.set_weights(wrong)
    with pytest.raises(ValueError, match="has 4 weights, got 3 arrays"):
        model.set_weights(before[:3])
    assert all(np.array_equal(a, b) for a, b in zip(before, model.get_weights(), strict=True))


def test_weights_go_to_a_file_and_come_back(tmp_path: Any) -> None:
    model, other = small(), small()
    model.save_weights(tmp_path / "w.npz")
    other.load_weights(tmp_path / "w.npz")
    assert all(np.array_equal(a, b) for a, b in zip(model.get_weights(), other.get_weights(), strict=True))
    wider = keras.Sequential([keras.Input((4,)), layers.Dense(5), layers.Dense(2)])
    before = wider.get_weights()
    with pytest.raises(ValueError, match=r"holds float32 of shape \(4, 3\)"):
        wider.load_weights(tmp_path / "w.npz")
    assert all(np.array_equal(a, b) for a, b in zip(before, wider.get_weights(), strict=True))
    shorter = keras.Sequential([keras.Input((4,)), layers.Dense(3)])
    with pytest.raises(ValueError, match="contains 4 arrays"):
        shorter.load_weights(tmp_path / "w.npz")
    with pytest.raises(FileNotFoundError):
        model.load_weights(tmp_path / "none.npz")
    with pytest.raises(ValueError, match=r"\.npz"):
        model.save_weights(tmp_path / "w.txt")
    (tmp_path / "broken.npz").write_bytes(b"PK no zip")
    with pytest.raises(ValueError, match=r"is not a \.npz file"):
        model.load_weights(tmp_path / "broken.npz")


def test_a_file_with_pickled_objects_is_not_read(tmp_path: Any) -> None:
    model = keras.Sequential([keras.Input((1,)), layers.Dense(1, use_bias=False)])
    np.savez(tmp_path / "evil.npz", a=np.array([{"x": 1}], dtype=object))
    with pytest.raises(ValueError, match="holds object"):
        model.load_weights(tmp_path / "evil.npz")


def test_a_seed_gives_the_same_weights_whatever_is_used_first() -> None:
    def weights(order: list[int]) -> list[Any]:
        keras.set_random_seed(7)
        model = small()
        for index in order:
            model.weights[index].numpy()
        return list(model.get_weights())

    first, second = weights([0, 1, 2, 3]), weights([2, 0])
    assert all(np.array_equal(a, b) for a, b in zip(first, second, strict=True))


def test_names_count_on_and_begin_again_after_clear_session() -> None:
    keras.clear_session()
    assert [layers.Dense(1).name, layers.ReLU().name, layers.Dense(1, name="mine").name, layers.Dense(1).name] == [
        "dense", "re_lu", "mine", "dense_1",
    ]  # fmt: skip
    assert [keras.Sequential().name, keras.Sequential(name="x").name, keras.Sequential().name] == ["sequential", "x", "sequential_1"]
    keras.clear_session()
    assert layers.Dense(1).name == "dense"


def test_signatures_show_the_arguments_of_the_rule() -> None:
    import inspect

    assert list(inspect.signature(layers.Dense).parameters)[:3] == ["units", "activation", "use_bias"]
    assert list(inspect.signature(layers.Conv2D).parameters)[:3] == ["filters", "kernel_size", "strides"]
