"""Slips in a layer of one's own, and names that are not there: told by name, never computed with."""

from __future__ import annotations

import copy
import pickle
import re
import subprocess
import sys
import textwrap
import warnings
from pathlib import Path
from typing import Any

import numpy as np
import pytest

import tinyseq as keras
from tinyseq import layers, models
from tinyseq.compile_notice import Notice

X = np.random.default_rng(0).normal(size=(4, 3)).astype(np.float32)


class Own(layers.Layer):
    """Gives what it gets; each test breaks one thing."""

    def output_shape(self, input_shape: Any) -> Any:
        return input_shape

    def forward(self, ctx: Any, x: Any) -> Any:
        return x

    def backward(self, ctx: Any, gradient: Any) -> Any:
        return gradient


def train(layer: Any) -> Any:
    model = keras.Sequential([keras.Input((3,)), layers.Dense(3), layer])
    model.compile("sgd", "mse")
    return model.fit(X, X, verbose=0)


def test_a_forward_without_return_is_told_alone_and_in_a_model() -> None:
    class Forgets(Own):
        def forward(self, ctx: Any, x: Any) -> Any:
            return None

    words = r"^mine: Forgets.forward returned None: end it with `return`"
    with pytest.raises(ValueError, match=words):
        Forgets(name="mine")(X)
    with pytest.raises(ValueError, match=words):
        keras.Sequential([keras.Input((3,)), Forgets(name="mine")]).predict(X)


def test_a_backward_without_return_is_told_where_a_gradient_is_wanted() -> None:
    class Forgets(Own):
        def backward(self, ctx: Any, gradient: Any) -> Any:
            return None

    with pytest.raises(ValueError, match=r"^mine: Forgets.backward returned None: end it with `return`"):
        train(Forgets(name="mine"))
    model = keras.Sequential([keras.Input((3,)), Forgets()])  # nobody needs its gradient
    model.compile("sgd", "mse")
    model.fit(X, X, verbose=0)


def test_a_layer_that_writes_in_its_places_and_returns_them_trains() -> None:
    class Writes(Own):
        def forward(self, ctx: Any, x: Any) -> Any:
            np.multiply(x, 2, out=ctx.output)
            return ctx.output

        def backward(self, ctx: Any, gradient: Any) -> Any:
            place = ctx.input_gradient()
            np.multiply(gradient, 2, out=place)
            return place

    assert np.array_equal(Writes()(X), X * 2)
    assert np.isfinite(train(Writes()).history["loss"][0])


def test_input_and_gradient_cannot_be_overwritten() -> None:
    class Overwrites(Own):
        def forward(self, ctx: Any, x: Any) -> Any:
            x *= 2
            return x

    class OverwritesGradient(Own):
        def backward(self, ctx: Any, gradient: Any) -> Any:
            gradient *= 2
            return gradient

    kept = X.copy()
    with pytest.raises(ValueError, match=r"^mine: forward writes into a read-only array .*copy first, x = x.copy\(\)"):
        Overwrites(name="mine")(kept)
    assert np.array_equal(kept, X)
    assert kept.flags.writeable
    with pytest.raises(ValueError, match=r"^mine: backward writes into a read-only array"):
        train(OverwritesGradient(name="mine"))


@pytest.mark.parametrize(
    ("shape", "words"), [(None, "None .is a `return` missing"), (3, "3: return a tuple"), ((None, "3"), "'3'"), ((None, (3,)), "None, ")]
)
def test_an_output_shape_that_is_no_shape_is_told(shape: Any, words: str) -> None:
    class Odd(Own):
        def output_shape(self, input_shape: Any) -> Any:
            return shape

    with pytest.raises(TypeError, match=r"^mine: Odd.output_shape returned .*" + words):
        Odd(name="mine")(X)


def test_an_output_shape_may_be_a_list() -> None:
    class Listed(Own):
        def output_shape(self, input_shape: Any) -> Any:
            return list(input_shape)

    assert np.array_equal(Listed()(X), X)
    assert keras.Sequential([keras.Input((3,)), Listed()]).output_shape == (None, 3)


def test_an_unknown_weight_name_is_told_with_the_known_ones() -> None:
    class Typo(Own):
        def build(self, input_shape: Any) -> None:
            self.add_weight(name="scale", shape=(3,), initializer="ones")

        def backward(self, ctx: Any, gradient: Any) -> Any:
            return gradient if ctx.gradient("scle") is None else None

    class Other(Typo):
        def forward(self, ctx: Any, x: Any) -> Any:
            return x * ctx.weight("v")

    with pytest.raises(KeyError, match="mine: has no weight 'v': its weights are 'scale'"):
        Other(name="mine")(X)
    with pytest.raises(KeyError, match="mine: has no weight 'scle'"):
        train(Typo(name="mine"))


def test_a_forgotten_super_init_is_told() -> None:
    class Bare(Own):
        def __init__(self) -> None:
            self.factor = 2

    class Hasty(Own):
        def __init__(self) -> None:
            self.add_weight(name="scale", shape=(3,))

    for use in (lambda: Bare()(X), lambda: keras.Sequential([keras.Input((3,)), Bare()]), Hasty):
        with pytest.raises(AttributeError, match=r"begin it with super\(\).__init__\(\)"):
            use()


class Times(layers.Layer):
    """Keeps its argument under a name of its own."""

    shardable = True

    def __init__(self, factor: float, **options: Any) -> None:
        super().__init__(**options)
        self._times = factor

    def output_shape(self, input_shape: Any) -> Any:
        return input_shape

    def forward(self, ctx: Any, x: Any) -> Any:
        return x * np.asarray(self._times, np.float32)


def test_a_number_may_be_kept_under_another_name_and_an_array_until_the_layer_is_to_be_made_again() -> None:
    model = keras.Sequential([keras.Input((3,)), Times(4), Times(np.ones(3))])  # type: ignore[arg-type]
    model.summary(style="wide", print_fn=lambda line: None)
    np.testing.assert_array_equal(model.predict(np.ones((2, 3)), verbose=0), np.full((2, 3), 4))
    assert model.layers[0].get_config()["factor"] == 4  # as Keras keeps what a layer was given
    with pytest.raises(NotImplementedError, match=r"times_1: get_config does not find its argument factor: write self\.factor = factor"):
        model.layers[1].get_config()


def test_a_layer_made_of_layers_computes_what_its_call_does() -> None:
    class Made(layers.Layer):
        def __init__(self, units: int) -> None:
            super().__init__()
            self.dense = layers.Dense(units)

        def call(self, x: Any) -> Any:
            return self.dense(x)

    model = keras.Sequential([keras.Input((3,)), Made(4)])
    assert model.output_shape == (None, 4)
    assert model.count_params() == 16


def test_keras_call_is_followed() -> None:
    class Theirs(layers.Layer):
        def compute_output_shape(self, input_shape: Any) -> Any:
            return input_shape

        def call(self, x: Any) -> Any:
            return x * 2

    np.testing.assert_array_equal(Theirs()(X), X * 2)


def test_a_layer_of_shapes_only_says_what_can_be_done_with_it() -> None:
    class Shapes(layers.Dense):  # type: ignore[misc]
        forward = layers.Layer.forward

    with pytest.raises(NotImplementedError, match=r"it can be checked and summarised, not run\. Leave it out"):
        Shapes(2)(X)


# ---------------------------------------------------------------------- fit


def classifier() -> Any:
    model = keras.Sequential([keras.Input((3,)), layers.Dense(3, activation="softmax")])
    model.compile("sgd", "sparse_categorical_crossentropy")
    return model


@pytest.mark.parametrize(
    ("labels", "words"),
    [
        ([-1, 0, 1, 0], r"0 to 2: subtract the smallest, y \+ 1$"),
        ([1, 2, 3, 1], r"0 to 2: subtract the smallest, y - 1$"),
        ([0, 1, 2, 5], r"or make the last layer Dense\(6\)"),
        ([-1, 0, 1, 2], r"y \+ 1, and make the last layer Dense\(4\)"),
        ([-1, -1, -1, -1], r"subtract the smallest, y \+ 1$"),
        ([0, 1, np.nan, 2], "got NaN or infinity: remove those rows"),
    ],
)
def test_labels_that_do_not_fit_come_with_an_edit_that_works(labels: Any, words: str) -> None:
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        with pytest.raises(ValueError, match=words):
            classifier().fit(X, np.array(labels), verbose=0)


@pytest.mark.parametrize("epochs", [-1, "3", 1.5, True, None])
def test_epochs_that_are_no_count_are_refused(epochs: Any) -> None:
    with pytest.raises(ValueError, match=r"^epochs="):
        classifier().fit(X, np.zeros(4, int), epochs=epochs, verbose=0)


# ---------------------------------------------------------------------- names


@pytest.mark.parametrize(
    ("where", "name", "words"),
    [
        (keras.optimizers, "optimizer", "write Optimizer"),
        (keras, "Sequentail", "module 'tinyseq' has no attribute 'Sequentail': write Sequential"),
        (models, "Sequentail", "write Sequential"),
        (models, "load_modle", "write tinyseq.models.load_model"),
        (classifier(), "sumary", "'Sequential' object has no attribute 'sumary': write summary"),
        (classifier(), "load_wieghts", "write load_weights"),
        (layers.Dense(2), "get_wieghts", "'Dense' object has no attribute 'get_wieghts': write get_weights"),
    ],
)
def test_a_misspelt_name_says_the_nearest(where: Any, name: str, words: str) -> None:
    assert not hasattr(where, name)
    with pytest.raises(AttributeError) as told:
        getattr(where, name)
    assert words in str(told.value)
    assert words in str(pickle.loads(pickle.dumps(told.value)))


def test_a_layers_shape_is_found_by_those_who_ask_as_in_keras_2() -> None:
    """Keras 3 has neither attribute on a layer. The line that is told is run."""
    x, y = keras.Input((4,)), keras.Input((4,))
    dense, add, twice, alone = layers.Dense(3), layers.Add(), layers.Dense(2), layers.Dense(3)
    add([dense(x), layers.Dense(3)(y)])
    twice(x)
    twice(y)
    for layer, name, edit, shape in [
        (dense, "output_shape", "layer.output.shape", (None, 3)),
        (dense, "input_shape", "layer.input.shape", (None, 4)),
        (add, "input_shape", "[tensor.shape for tensor in layer.input]", [(None, 3), (None, 3)]),
    ]:
        with pytest.raises(AttributeError, match=re.escape(f"object has no attribute '{name}': write {edit}") + "$"):
            getattr(layer, name)
        assert eval(edit, {"layer": layer}) == shape
    with pytest.raises(AttributeError, match=r"put it after an Input\(shape=...\), then write layer.output.shape$"):
        alone.output_shape  # noqa: B018
    with pytest.raises(AttributeError, match=r"it is used 2 times: write .shape after the tensor that layer\(x\) returned$"):
        twice.output_shape  # noqa: B018


def test_every_name_that_tinyseq_lists_is_there() -> None:
    assert [name for name in dir(keras) if not hasattr(keras, name)] == []


def test_layers_are_still_copied() -> None:
    assert copy.deepcopy(classifier()).count_params() == 12


def test_weights_for_a_missing_folder_name_the_folder(tmp_path: Path) -> None:
    with pytest.raises(FileNotFoundError, match="absent does not exist: create it first"):
        classifier().save_weights(tmp_path / "absent" / "model.weights.npz")


# ---------------------------------------------------------------------- the compiler


def test_a_long_wait_for_the_compiler_is_explained_once_and_only_if_wanted(capsys: pytest.CaptureFixture[str]) -> None:
    notice = Notice(patience=0.0)
    for wanted in (False, True, True):
        notice.wanted = wanted
        notice.on_start(None)
        timer = notice._timer
        if timer is not None:
            timer.join()
        notice.on_end(None)
        assert notice.said is wanted
    assert capsys.readouterr().err.count("compiling kernels") == 1


def test_a_mask_of_another_shape_is_refused_and_one_that_fits_is_taken() -> None:
    from tinyseq import layers

    layer, x = layers.Dense(2), np.ones((3, 4), np.float32)
    with pytest.raises(ValueError, match=r"mask has shape \(3,\), the input \(3, 4\): pass a mask of shape \(3, 4\)"):
        layer(x, mask=np.ones(3, bool))
    np.testing.assert_array_equal(layer(x, mask=np.ones((3, 4), bool)), layer(x))


class Factor(layers.Layer):
    """Times a number that ought to be learnt."""

    def output_shape(self, input_shape: Any) -> Any:
        return input_shape

    def build(self, input_shape: Any) -> None:
        self.add_weight(shape=(input_shape[-1],), initializer="ones", name="factor")

    def forward(self, ctx: Any, x: Any) -> Any:
        return x * ctx.weight("factor")

    def backward(self, ctx: Any, gradient: Any) -> Any:
        return gradient * ctx.weight("factor")


def test_a_weight_that_backward_forgets_is_told_instead_of_never_learning() -> None:
    model = keras.Sequential([keras.Input((3,)), Factor(name="f"), layers.Dense(2)])
    model.compile("sgd", "mse")
    with pytest.raises(ValueError, match=r"f: Factor.backward never reads ctx.gradient\('factor'\), so factor would not learn"):
        model.fit(np.ones((4, 3)), np.ones((4, 2)), verbose=0)
    model.layers[0].trainable = False
    model.compile("sgd", "mse")
    model.fit(np.ones((4, 3)), np.ones((4, 2)), verbose=0)


def test_a_method_that_does_not_take_ctx_is_told_how_it_is_called() -> None:
    class Short(Factor):
        def forward(self, x: Any) -> Any:  # type: ignore[override]
            return x

    class ShortBack(Factor):
        def backward(self, gradient: Any) -> Any:  # type: ignore[override]
            return gradient

    class Inside(Factor):
        def forward(self, ctx: Any, x: Any) -> Any:
            return len(3)  # type: ignore[arg-type]

    with pytest.raises(TypeError, match=r"s: Short.forward is called with 2 arguments .*: write def forward\(self, ctx, x\)"):
        Short(name="s")(np.ones((4, 3)))
    with pytest.raises(TypeError, match=r"object of type 'int' has no len\(\)"):
        Inside()(np.ones((4, 3)))
    model = keras.Sequential([keras.Input((3,)), ShortBack(name="b"), layers.Dense(2)])
    model.compile("sgd", "mse")
    with pytest.raises(TypeError, match=r"b: ShortBack.backward .*: write def backward\(self, ctx, gradient\)"):
        model.fit(np.ones((4, 3)), np.ones((4, 2)), verbose=0)


@pytest.mark.parametrize("shape", [(3,), (7, 3), ()])
def test_an_output_shape_without_the_batch_axis_is_told(shape: Any) -> None:
    class NoBatch(Factor):
        def output_shape(self, input_shape: Any) -> Any:
            return shape

    with pytest.raises(ValueError, match=r"n: NoBatch.output_shape returned .* for an input \(None, 7, 3\): the batch axis comes first"):
        keras.Sequential([keras.Input((7, 3)), NoBatch(name="n")])


@pytest.mark.parametrize(("above", "units"), [("Dense", "2"), ("Layer", "")])
def test_a_call_is_followed_also_before_anything_else_is_loaded(above: str, units: str) -> None:
    """In a new process: the class is the first thing that happens."""
    lines = f"""
        import numpy as np
        from tinyseq import layers
        class Mine(layers.{above}):
            def call(self, x):
                return x * 0 - 7
        print(np.unique(Mine({units})(np.ones((1, 3), "float32"))))
    """
    found = subprocess.run([sys.executable, "-c", textwrap.dedent(lines)], capture_output=True, text=True, check=False)
    assert (found.stdout.strip(), found.stderr) == ("[-7.]", "")


def test_call_and_backward_are_told_whether_it_is_training_also_where_only_gradients_are_wanted() -> None:
    class Thrice(layers.Layer):
        def call(self, x: Any, training: bool = False) -> Any:
            return x * 3 if training else x

        def backward(self, ctx: Any, gradient: Any) -> Any:
            return gradient * 3 if ctx.training else gradient

        def output_shape(self, input_shape: Any) -> Any:
            return input_shape

    x = np.ones((2, 4), np.float32)
    model = keras.Sequential([keras.Input((4,)), Thrice(), layers.Dense(1, use_bias=False, kernel_initializer="ones")])
    for training, factor in ((False, 1), (True, 3)):
        found = keras.gradients(model, x, loss=lambda p: p, training=training)
        np.testing.assert_array_equal(found.outputs, np.full((2, 1), 4 * factor))
        np.testing.assert_array_equal(found.weights[0], np.full((4, 1), 2 * factor))
        np.testing.assert_array_equal(found.inputs, np.full((2, 4), factor))


def test_the_multiply_adds_of_a_forward_are_unknown_and_not_0(capsys: pytest.CaptureFixture[str]) -> None:
    class Plain(layers.Layer):
        """x."""

        def output_shape(self, input_shape: Any) -> Any:
            """The same."""
            return input_shape

        def forward(self, ctx: Any, x: Any) -> Any:
            """A copy."""
            return x.copy()

    keras.Sequential([keras.Input((8,)), Plain(name="plain"), layers.Dense(3)]).summary(style="wide")
    (line,) = [line for line in capsys.readouterr().out.splitlines() if line.startswith("plain")]
    assert line.split() == ["plain", "(None,8)", "0", "?"]
