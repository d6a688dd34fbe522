"""Every tensor of a call is an edge, what is unknown is a tensor too, and every Model of a file is a stack."""

from __future__ import annotations

import shapecheck

HEAD = "import keras\nfrom keras import layers, ops\nimport tensorflow as tf\nfrom elsewhere import mystery\n"


def report(body: str) -> shapecheck.findings.FileReport:
    """The report of a file with these lines."""
    return shapecheck.check_source(HEAD + body)


def codes(body: str) -> list[str]:
    return [finding.code for finding in report(body).findings]


def test_states_by_keyword_are_edges_and_the_encoder_is_counted() -> None:
    body = (
        "x = keras.Input((None, 12))\ny = keras.Input((None, 9))\n"
        "out, h, c = layers.LSTM(20, return_state=True)(x)\n"
        "z = layers.LSTM(20)(y, initial_state=[h, c])\n"
        "model = keras.Model([x, y], layers.Dense(3)(z))\n"
    )
    (stack,) = report(body).stacks
    # Keras 3.15: LSTM 4*20*(12+20+1) = 2640, LSTM 4*20*(9+20+1) = 2400, Dense 63
    assert stack.table.params == 2640 + 2400 + 63
    assert [row.verdict for row in stack.rows] == ["proved"] * 5


def test_an_unknown_tensor_is_a_tensor_and_the_layers_around_it_are_listed() -> None:
    body = "x = keras.Input((8,))\nh = layers.Dense(4)(x)\nh = mystery(h)\ny = layers.Dense(2)(h)\nmodel = keras.Model(x, y)\n"
    (stack,) = report(body).stacks
    assert [row.verdict for row in stack.rows] == ["proved", "proved", "unknown", "unknown"]


def test_a_model_whose_ends_are_unknown_lists_what_was_read() -> None:
    body = "x = keras.Input((8,))\nh = layers.Dense(4)(x)\nmodel = keras.Model(x, mystery())\n"
    (stack,) = report(body).stacks
    assert [row.class_name for row in stack.rows][:2] == ["InputLayer", "Dense"]
    assert stack.rows[-1].verdict == "unknown"


def test_a_layer_behind_a_condition_keeps_the_graph() -> None:
    body = (
        "import os\nx = keras.Input((8,))\nh = layers.Dense(4)(x)\nif os.environ.get('BN'):\n    h = layers.BatchNormalization()(h)\n"
        "model = keras.Model(x, layers.Dense(2)(h))\n"
    )
    (stack,) = report(body).stacks
    assert stack.rows[-1].output.dims == (None, 2)


def test_operations_keep_their_shapes() -> None:
    body = (
        "x = keras.Input((8,))\nh = -layers.Dense(4)(x)\nh = abs(h)\nh = keras.activations.relu(h)\nh = ops.expand_dims(h, 1)\n"
        "model = keras.Model(x, h)\n"
    )
    (stack,) = report(body).stacks
    assert stack.rows[-1].output.dims == (None, 1, 4)
    assert all(row.verdict == "proved" for row in stack.rows)


def test_a_model_cut_at_a_layer_begins_with_a_new_input() -> None:
    body = (
        "x = keras.Input((8,))\nh = layers.Dense(4, name='middle')(x)\nwhole = keras.Model(x, layers.Dense(2)(h))\n"
        "head = keras.Model(whole.get_layer('middle').output, whole.output)\n"
        "base = keras.Model(whole.inputs, whole.layers[1].output)\n"
    )
    whole, head, base = report(body).stacks
    assert (whole.table.params, head.table.params, base.table.params) == (36 + 10, 10, 36)


def test_a_sequential_gives_its_layers_outputs() -> None:
    body = (
        "model = keras.Sequential([keras.Input((8,)), layers.Dense(4), layers.Dense(2)])\n"
        "features = keras.Model(model.inputs, model.layers[-2].output)\n"
    )
    assert [stack.table.params for stack in report(body).stacks] == [46, 36]


def test_a_state_of_another_width_is_found() -> None:
    body = (
        "x = keras.Input((5, 3))\nout, h = layers.GRU(8, return_state=True)(x)\nz = layers.GRU(9)(x, h)\nmodel = keras.Model(x, z)\n"
    )
    assert codes(body) == ["SC504"]


def test_the_characters_of_the_module_string_are_python_s() -> None:
    import string

    from shapecheck.reader.keras.libraries import CHARACTERS

    assert {name: getattr(string, name) for name in CHARACTERS} == CHARACTERS
