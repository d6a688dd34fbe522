"""Layer classes of the file: followed where that is certain, unknown where it is not."""

from __future__ import annotations

import pytest

from shapecheck import check_source
from shapecheck.table import Row

HEAD = "import keras\nfrom keras import layers\n"
BLOCK = """
class Block(layers.Layer):
    def __init__(self, units, **kwargs):
        super().__init__(**kwargs)
        self.first = layers.Dense(units, activation="relu")
        self.drop = layers.Dropout(0.5)
        self.more = [layers.Dense(units) for _ in range(2)]

    def call(self, inputs, training=None):
        x = self.drop(self.first(inputs), training=training)
        for layer in self.more:
            x = layer(x)
        return x
"""
DECLARED = """
class Own(layers.Layer):
    def __init__(self, units):
        super().__init__()
        self.units = units

    def build(self, shape):
        self.w = self.add_weight(shape=(shape[-1], self.units))

    def call(self, inputs):
        return strange(inputs, self.w)

    def compute_output_shape(self, input_shape):
        return (*input_shape[:-1], self.units)
"""


def rows(source: str) -> list[Row]:
    (stack,) = check_source(HEAD + source).stacks
    return stack.rows


def test_a_call_that_only_chains_layers_is_counted_like_the_layers() -> None:
    _, block, last = rows(BLOCK + "m = keras.Sequential([keras.Input((5,)), Block(7), layers.Dense(3)])\n")
    assert (str(block.output), block.params, block.verdict) == ("(None, 7)", 5 * 7 + 7 + 2 * (7 * 7 + 7), "proved")
    assert (last.params, last.verdict) == (24, "proved")


def test_layers_that_build_makes_are_made_once_for_each_shape() -> None:
    made = BLOCK.replace("        self.more = [layers.Dense(units) for _ in range(2)]\n", "        self.more = []\n").replace(
        "    def call", "    def build(self, shape):\n        self.more.append(layers.Dense(shape[-1]))\n\n    def call"
    )
    _, one, two = rows(made + "b = Block(7)\nm = keras.Sequential([keras.Input((5,)), b, Block(4)])\nm.summary()\n")
    assert (one.params, str(one.output)) == (5 * 7 + 7 + 7 * 5 + 5, "(None, 5)")
    assert two.params == 5 * 4 + 4 + 4 * 5 + 5


def test_a_declared_output_shape_is_followed_but_weights_are_not_guessed() -> None:
    _, own, last = rows(DECLARED + "m = keras.Sequential([keras.Input((5,)), Own(7), layers.Dense(3)])\n")
    assert (str(own.output), own.verdict) == ("(None, 7)", "unknown")
    assert not isinstance(own.params, int)
    assert (last.params, last.verdict) == (24, "proved")


@pytest.mark.parametrize(
    "change",
    [
        ("return x\n", "return strange(x)\n"),
        ("return x\n", "return x if training else inputs\n"),
        ("(layers.Layer)", "(layers.Dense)"),
        ("(layers.Layer)", "(elsewhere.Layer2)"),
    ],
)
def test_a_class_that_does_anything_else_stays_unknown(change: tuple[str, str]) -> None:
    found = rows(BLOCK.replace(*change) + "m = keras.Sequential([keras.Input((5,)), Block(7), layers.Dense(3)])\n")
    assert [row.verdict for row in found[1:]] == ["unknown", "unknown"]


def test_a_weight_of_the_class_s_own_is_counted_too() -> None:
    more = BLOCK.replace("        self.drop = ", "        self.w = self.add_weight(shape=(3,))\n        self.drop = ")
    _, block, _ = rows(more + "m = keras.Sequential([keras.Input((5,)), Block(7), layers.Dense(3)])\n")
    assert (block.params, block.verdict) == (5 * 7 + 7 + 2 * (7 * 7 + 7) + 3, "proved")


OWN = """
import tinyseq as keras
from tinyseq import layers

class Gate(layers.Layer):
    def output_shape(self, input_shape):
        if input_shape[-1] % 2 == 1:
            raise ValueError("Gate needs an even number")
        return (*input_shape[:-1], input_shape[-1] // 2)

    def build(self, input_shape):
        self.add_weight(name="factor", shape=(input_shape[-1] // 2,))

    def forward(self, ctx, x):
        return ctx.weight("factor") * x[..., ::2] * x[..., 1::2]
"""


@pytest.mark.parametrize("name", ["output_shape", "compute_output_shape"])
def test_a_layer_of_tinyseq_with_forward_has_its_declared_shape_and_the_weights_of_build(name: str) -> None:
    _, gate, last = rows(
        OWN.replace("def output_shape", f"def {name}") + "m = keras.Sequential([keras.Input((5, 6)), Gate(), layers.Dense(3)])\n"
    )
    assert (str(gate.output), gate.params, gate.verdict) == ("(None, 5, 3)", 3, "proved")
    assert (last.params, last.verdict) == (12, "proved")


BUILT = """
class Gate(layers.Layer):
    def build(self, shape):
        self.w = self.add_weight(shape=(shape[-1], 4))
        if shape[-1] % 2 == 1:
            raise ValueError("Gate needs an even number")

    def call(self, inputs):
        return inputs @ self.w
"""


@pytest.mark.parametrize(("width", "verdict"), [(6, "proved"), (7, "unknown")])
@pytest.mark.parametrize("source", [OWN, BUILT], ids=["forward", "call"])
def test_a_layer_whose_method_certainly_raises_is_not_proved_and_the_reason_names_the_method(source: str, width: int, verdict: str) -> None:
    _, gate, _ = rows(source + f"m = keras.Sequential([keras.Input(({width},)), Gate(), layers.Dense(3)])\n")
    assert gate.verdict == verdict
    assert verdict == "proved" or "() raises ValueError for this input" in str(gate.output.why)


def test_a_raise_that_may_not_be_reached_does_not_count() -> None:
    source = OWN.replace("input_shape[-1] % 2 == 1", "unknown_flag")
    _, gate, _ = rows(source + "m = keras.Sequential([keras.Input((6,)), Gate(), layers.Dense(3)])\n")
    assert "raises" not in str(gate.output.why)


def test_a_class_that_calls_itself_is_left() -> None:
    source = "class A(layers.Layer):\n    def call(self, x):\n        return A()(x)\n"
    assert rows(source + "m = keras.Sequential([keras.Input((5,)), A()])\n")[1].verdict == "unknown"


def test_what_stands_behind_long_loops_is_read_and_what_they_change_is_not_guessed() -> None:
    loops = (
        "for a in range(250):\n    for b in range(250):\n        for c in range(250):\n"
        "            n = n + a * b\n            xs.append(n)\n"
    ) * 6
    source = HEAD + "xs = []\nn = 0\n" + loops
    source += "m = keras.Sequential([keras.Input((4,)), layers.Dense(3), layers.Dense(len(xs)), layers.Dense(n)])\n"
    report = check_source(source)
    assert [row.verdict for row in report.stacks[0].rows] == ["proved", "proved", "any-size", "any-size"]
    assert report.files[0].problems == []


NET = "class Net(keras.Model):\n    def call(self, x):\n        return x\n"
FITTED = "net = Net()\nnet.fit(np.zeros((6, 4)), np.zeros(6))\nnet.predict(np.zeros((6, 4)))\n"


OWN_STEP = "    def train_step(self, data):\n        return {}\n"


def test_that_an_own_training_step_decides_about_labels_is_said_once() -> None:
    (finding,) = check_source("import numpy as np\nimport keras\n" + NET + OWN_STEP + FITTED, "net.py").findings
    assert (finding.code, finding.severity, finding.place and finding.place.line) == ("SC902", "note", 9)
    assert finding.diagnostic.message() == "labels and losses of Net are not checked, because it defines its own train_step()"


SUBCLASS = """
class Net(keras.Model):
    def __init__(self, units):
        super().__init__()
        self.hidden = keras.layers.Dense(units)
        self.blocks = [keras.layers.Dense(3) for _ in range(2)]
        self.out = keras.layers.Dense(2)

    def call(self, x, training=False):
        x = self.hidden(x)
        for block in self.blocks:
            x = block(x)
        return self.out(x)

"""


def test_call_of_a_subclass_is_a_graph_with_keras_s_counts_and_its_labels_are_compared() -> None:
    source = "import numpy as np\nimport keras\n" + SUBCLASS
    source += "net = Net(5)\nnet.compile(loss='mse')\nnet.fit(np.zeros((6, 4)), np.zeros((6, 3)))\n"
    report = check_source(source, "net.py")
    (stack,) = report.stacks
    assert stack.table.params == 4 * 5 + 5 + 5 * 3 + 3 + 3 * 3 + 3 + 3 * 2 + 2
    assert [row.verdict for row in stack.rows] == ["proved"] * 5
    assert [finding.code for finding in report.findings] == ["SC301"]


def test_a_subclass_that_is_never_called_is_listed_with_what_would_tell_its_shape() -> None:
    (stack,) = check_source("import keras\n" + SUBCLASS, "net.py").stacks
    assert stack.name == "Net"
    assert "build((None, 30))" in stack.rows[0].reason


@pytest.mark.parametrize(
    "text",
    [
        NET.replace("call", "fit") + "Net().fit(np.zeros(3))\n",
        NET.replace("Model", "layers.Layer") + "Net()(np.zeros((3, 4)))\n",
        "class Net(keras.Sequential):\n    pass\nnet = Net([keras.Input((4,)), keras.layers.Dense(1)])\nnet.predict(np.zeros((6, 4)))\n",
    ],
)
def test_nothing_of_the_kind_is_said_where_data_is_followed_or_none_is_given(text: str) -> None:
    assert check_source("import numpy as np\nimport keras\n" + text, "net.py").findings == []
