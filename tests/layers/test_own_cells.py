"""Cells of a user's own inside RNN against Keras 3.15 (tests/oracle/record_own_cells.py), and what they may not do."""

import json
from pathlib import Path
from typing import Any

import numpy as np
import pytest

import tinyseq
from tests.data import own_cells
from tinyseq import layers, ops
from tinyseq.engine.differentiation import pull_back

KERAS: dict[str, Any] = json.loads((Path(__file__).parents[1] / "oracle" / "own_cells.json").read_text(encoding="utf-8"))


@pytest.mark.parametrize("threads", [1, 2])
@pytest.mark.parametrize("name", own_cells.CASES)
def test_outputs_and_gradients_are_those_of_keras(name: str, threads: int) -> None:
    tinyseq.set_num_threads(threads)
    x = own_cells.inputs(name)
    tensor = tinyseq.Input(x.shape[1:])
    model = tinyseq.Model(tensor, own_cells.CASES[name](tinyseq)(tensor))
    for i, weight in enumerate(model.weights):
        weight.assign(own_cells.numbers(name, f"weight {i}", weight.shape))
    theirs = [np.array(one, np.float32) for one in KERAS[name]["outputs"]]
    given = [own_cells.numbers(name, f"gradient {i}", y.shape) for i, y in enumerate(theirs)]
    found = pull_back(model._ready_engine(), [x], given, model.weights)
    for ours, keras in zip(found.outputs, theirs, strict=True):
        np.testing.assert_allclose(ours, keras, rtol=1e-4, atol=2e-6)
    for ours, keras in zip([found.inputs[0], *found.weights], KERAS[name]["gradients"], strict=True):
        np.testing.assert_allclose(ours, np.array(keras), rtol=1e-4, atol=5e-6)


def test_a_model_with_a_cell_trains_is_checked_and_begins_with_given_states() -> None:
    x = np.random.default_rng(0).standard_normal((6, 5, 4)).astype(np.float32)
    model = tinyseq.Sequential([tinyseq.Input((5, 4)), layers.RNN(own_cells.peephole(tinyseq)(3)), layers.Dense(1)])
    model.compile("adam", "mse")
    before = model.get_weights()
    first = model.fit(x, x[:, 0, :1], epochs=30, verbose=0).history["loss"]
    assert first[-1] < first[0]
    assert all(not np.array_equal(a, b) for a, b in zip(before, model.get_weights(), strict=True))
    model.check_gradients(x, x[:, 0, :1])
    rnn = layers.RNN(own_cells.minimal(tinyseq)(3))
    zeros = rnn(x)
    np.testing.assert_array_equal(rnn(x, initial_state=np.zeros((6, 3), np.float32)), zeros)
    assert not np.array_equal(rnn(x, initial_state=np.ones((6, 3), np.float32)), zeros)


def test_dropout_inside_a_cell_drops_in_training_only() -> None:
    class Dropping(layers.Layer):
        state_size = 4

        def __init__(self) -> None:
            super().__init__()
            self.drop = layers.Dropout(0.5)

        def call(self, x: Any, states: Any, training: bool = False) -> Any:
            return self.drop(x, training=training), [states[0] + 1.0]

    x, rnn = np.ones((2, 5, 4), np.float32), layers.RNN(Dropping(), return_sequences=True, return_state=True)
    calm, state = rnn(x)
    np.testing.assert_array_equal(calm, x)
    np.testing.assert_array_equal(state, np.full((2, 4), 5))
    assert 0 in np.asarray(rnn(x, training=True)[0])

    class Counting(layers.Layer):
        state_size = 4

        def call(self, x: Any, states: Any, training: bool = False) -> Any:
            after = states[0] + (2.0 if training else 1.0)
            return after, [after]

    rnn = layers.RNN(Counting())
    assert (rnn(x) == 5).all()
    assert (rnn(x, training=True) == 10).all()


def test_what_a_cell_may_not_do_is_named() -> None:
    x = np.ones((2, 5, 4), np.float32)

    class Sizeless(layers.Layer):
        def call(self, x: Any, states: Any) -> Any:
            return x, states

    with pytest.raises(ValueError, match=r"Sizeless\.state_size is None: a cell needs state_size"):
        layers.RNN(Sizeless(name="mine"))(x)

    class Looking(layers.Layer):
        state_size = 4

        def call(self, x: Any, states: Any) -> Any:
            return (x, states) if ops.sum(x) > 0 else (states[0], states)

    with pytest.raises(NotImplementedError, match=r"test_own_cells\.py:\d+: return .* cannot be followed"):
        layers.RNN(Looking())(x)
    mine = own_cells.minimal(tinyseq)
    with pytest.raises(NotImplementedError, match="stateful=True is not computed for a cell of your own"):
        tinyseq.Sequential([tinyseq.Input((5, 4), batch_size=2), layers.RNN(mine(4), stateful=True)])
    masked = tinyseq.Sequential([tinyseq.Input((5, 4)), layers.Masking(), layers.RNN(mine(4))])
    with pytest.raises(NotImplementedError, match="mask of its input is not computed for a cell of your own"):
        masked.predict(x, verbose=0)
    with pytest.raises(NotImplementedError, match=r"Layer is no cell: write call\(self, inputs, states\)"):
        layers.RNN(layers.Layer())(x)
