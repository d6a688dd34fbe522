"""Recurrent layers and their kin against what Keras computed on TensorFlow: all outputs, all gradients."""

from pathlib import Path
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray

import tinyseq
from tests.cases import CASES, Case
from tests.data import arrays
from tests.data.computing import EngineRun, Given
from tests.data.sequences import FAMILY, NETS, Net, inputs_of, long_cases, weights_of
from tinyseq.engine.engine import Engine
from tinyseq.engine.plan import Mode

Array = NDArray[Any]

with np.load(Path(__file__).parents[1] / "oracle" / "recurrent.npz") as recorded:
    KERAS: dict[str, Array] = dict(recorded)

RECORD = "run python -m tests.oracle.record_recurrent in a venv with keras and tensorflow"
LINES = [case for case in (*CASES, *long_cases()) if case.layer in FAMILY and case.known and case.compute]


def answers(key: str) -> dict[str, Array]:
    """What Keras gave under this key."""
    found = {name.removeprefix(f"{key}: "): array for name, array in KERAS.items() if name.startswith(f"{key}: ")}
    if not found:
        pytest.fail(f"not recorded: {key}: {RECORD}")
    return found


def assert_close(what: str, ours: Array, keras: Array, tolerance: float) -> None:
    """|difference| <= 1e-6 + tolerance * max(|reference|, its root mean square)."""
    assert ours.shape == keras.shape, what
    scale = np.maximum(np.abs(keras), np.sqrt(np.mean(keras.astype(np.float64) ** 2)))
    excess = np.abs(ours.astype(np.float64) - keras) - (1e-6 + tolerance * scale)
    assert np.all(excess <= 0), f"{what}: differs by up to {np.max(np.abs(ours - keras))}, allowed is {tolerance} of {scale.max()}"


def tolerance_of(case: Case) -> float:
    """Errors grow from step to step."""
    return 1e-4 if any(shape and shape[0] == 50 for shape in case.inputs) else 2e-5


@pytest.mark.parametrize("case", [pytest.param(case, id=case.key) for case in LINES])
def test_outputs_and_gradients_are_those_of_keras(case: Case) -> None:
    keras, tolerance = answers(case.key), tolerance_of(case)
    run = EngineRun(case)
    outputs = run.forward()
    for number, output in enumerate(outputs):
        assert_close(f"output {number}", output, keras[f"output {number}"], tolerance)
    if getattr(run.layer, "stateful", False):
        run.layer.reset_state()
    gradients = [arrays.output_gradient(case, output.shape, number) for number, output in enumerate(outputs)]
    ours = {" ".join(name.split()[:2]): array for name, array in run.backward(gradients).items()}
    assert ours.keys() == {name for name in keras if not name.startswith("output")}
    for name, array in ours.items():
        assert_close(f"gradient of {name}", array, keras[name], tolerance)


def of_net(net: Net) -> tuple[Any, Engine]:
    """The model with Keras's weights, and what runs it."""
    model = net.make(tinyseq)
    model.set_weights(weights_of(net, [weight.shape for weight in model.weights]))
    return model, model._ready_engine()


@pytest.mark.parametrize("net", [pytest.param(net, id=net.key) for net in NETS])
def test_nets_of_several_layers_give_the_numbers_of_keras(net: Net) -> None:
    keras, inputs = answers(net.key), inputs_of(net)
    model, engine = of_net(net)
    given = [np.ascontiguousarray(x, np.int64 if x.dtype == np.int32 else np.float32) for x in inputs]
    outputs = engine.run(given)
    for number, output in enumerate(outputs):
        assert_close(f"output {number}", output, keras[f"output {number}"], 2e-5)
    gradients = [arrays.output_gradient(net, output.shape, number) for number, output in enumerate(outputs)]  # type: ignore[arg-type]
    weights = model.trainable_weights
    step = engine.step(given, Mode(backward=True, trained=weights, input_gradients=True), Given(gradients))
    floats = [gradient for gradient in step.inputs if gradient is not None]
    for number, gradient in enumerate(floats):
        assert_close(f"gradient of input {number}", gradient, keras[f"input {number}"], 2e-5)
    for number, weight in enumerate(weights):
        assert_close(f"gradient of weight {number}, {weight.path}", step.gradients.of(weight), keras[f"weight {number}"], 2e-5)


@pytest.mark.parametrize("net", [pytest.param(net, id=net.key) for net in NETS if net.loss])
def test_steps_that_are_left_out_count_neither_in_the_loss_nor_in_metrics(net: Net) -> None:
    keras, x = answers(net.key), inputs_of(net)
    model, _ = of_net(net)
    model.compile(tinyseq.optimizers.SGD(0.0), net.loss, weighted_metrics=list(net.metrics))
    targets = net.targets(keras["output 0"].shape)
    for measure in (model.test_on_batch, model.train_on_batch):
        values = measure(x[0], targets, return_dict=True)
        if measure == model.train_on_batch and "masked loss" in net.key:
            continue  # Dropout draws
        for name, value in values.items():
            np.testing.assert_allclose(value, keras[f"value {name}"], rtol=2e-5)


def test_the_recorded_numbers_are_those_of_the_lines() -> None:
    assert {name.rsplit(": ", 1)[0] for name in KERAS} == {line.key for line in (*LINES, *NETS)}, RECORD


def test_a_layer_that_knows_nothing_of_masks_says_that_it_destroys_one() -> None:
    layers = tinyseq.layers
    model = tinyseq.Sequential([tinyseq.Input((4, 3)), layers.Masking(), layers.Flatten(name="flat"), layers.Dense(2)])
    with pytest.warns(UserWarning, match="Layer 'flat' .of type Flatten. was passed an input with a mask attached to it"):
        model.predict_on_batch(np.ones((2, 4, 3), np.float32))


def test_a_mask_that_would_be_ignored_is_refused() -> None:
    layers = tinyseq.layers
    model = tinyseq.Sequential([tinyseq.Input((4, 3)), layers.Masking(), layers.BatchNormalization(name="bn"), layers.LSTM(2)])
    model.compile("sgd", "mse")
    x = np.ones((2, 4, 3), np.float32)
    assert model.predict_on_batch(x).shape == (2, 2)
    with pytest.raises(NotImplementedError, match="bn: batch statistics of an input with a mask are not computed"):
        model.train_on_batch(x, np.ones((2, 2)))
    with pytest.raises(NotImplementedError, match="Softmax of an input with a mask is not computed"):
        layers.Softmax()(x, mask=np.ones((2, 4)))
    with pytest.raises(ValueError, match=r"lstm.*: mask has shape \(2, 3\), the input \(2, 4, 3\)"):
        layers.LSTM(2)(x, mask=np.ones((2, 3)))


def test_a_stateful_layer_goes_on_where_it_was_and_only_after_a_batch_that_went_well() -> None:
    layers, random = tinyseq.layers, np.random.default_rng(1)
    x = random.standard_normal((3, 8, 2)).astype(np.float32)
    whole, stateful = layers.GRU(4), layers.GRU(4, stateful=True)
    expected = whole(x)
    stateful(x[:, :4])
    stateful.set_weights(whole.get_weights())
    stateful.reset_state()
    stateful(x[:, :4])
    with pytest.raises(ValueError, match="stateful=True with 3 samples in a batch, got 2"):
        stateful(x[:2, :4])
    np.testing.assert_allclose(stateful(x[:, 4:]), expected, atol=1e-6)


def test_dropout_leaves_the_mean_as_it_is_and_drops_the_same_at_all_steps() -> None:
    layer = tinyseq.layers.SimpleRNN(3, activation="linear", dropout=0.5, return_sequences=True, seed=3)
    x = np.ones((400, 2, 3), np.float32)
    layer(x)
    layer.set_weights([np.eye(3), np.zeros((3, 3)), np.zeros(3)])
    y = layer(x, training=True)
    assert set(np.unique(y)) == {0.0, 2.0}
    np.testing.assert_array_equal(y[:, 0], y[:, 1])
    assert abs(y.mean() - 1) < 0.1
    np.testing.assert_array_equal(layer(x), x)


def test_a_fresh_wrapper_of_a_configuration_has_layers_of_its_own() -> None:
    layers = tinyseq.layers
    inner = layers.Bidirectional(layers.RNN([layers.LSTMCell(3), layers.GRUCell(2)], return_sequences=True))
    first = tinyseq.Sequential([tinyseq.Input((4, 5)), inner, layers.TimeDistributed(layers.Dense(2))])
    second = tinyseq.Sequential.from_config(first.get_config())
    assert [weight.shape for weight in first.weights] == [weight.shape for weight in second.weights]
    assert not {id(weight) for weight in first.weights} & {id(weight) for weight in second.weights}
    second.set_weights(first.get_weights())
    x = np.random.default_rng(1).standard_normal((3, 4, 5)).astype(np.float32)
    np.testing.assert_array_equal(first.predict_on_batch(x), second.predict_on_batch(x))


def test_a_call_of_the_users_own_is_not_passed_over_by_the_kernel() -> None:
    layers = tinyseq.layers

    class Mine(layers.LSTMCell):  # type: ignore[misc]
        def call(self, inputs: Any, states: Any, training: bool = False) -> Any:
            return inputs * 2.0, states

    class Pile(layers.StackedRNNCells):  # type: ignore[misc]
        def call(self, inputs: Any, states: Any, training: bool = False) -> Any:
            return inputs, states

    x = np.ones((2, 5, 3), np.float32)
    np.testing.assert_array_equal(layers.RNN(Mine(3), return_sequences=True)(x), 2 * x)
    assert len(layers.RNN(layers.StackedRNNCells([layers.GRUCell(2), Mine(3)]), return_state=True)(x)) == 4
    with pytest.raises(NotImplementedError, match=r"Pile: its own call\(\) in place of that of StackedRNNCells is not computed: call a "):
        Pile([layers.GRUCell(3)])

    class Renamed(layers.LSTMCell):  # type: ignore[misc]
        """Changes nothing."""

    assert layers.RNN(Renamed(4))(x).shape == (2, 4)
