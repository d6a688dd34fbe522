"""What a model in memory offers when it refuses: the repairs of the command line, in its words, proved on the live graph."""

from __future__ import annotations

import pickle
import re
from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

import tinyseq as keras
from shapecheck import check_source
from shapecheck.diagnostics.base import ShapeError
from shapecheck.shapes import Shape
from tinyseq import layers

HEAD = "import numpy as np\nimport {} as keras\nfrom {} import layers\n"
STACKS = {
    "a window too large": """model = keras.Sequential([
    keras.Input((32, 32, 3)),
    layers.Conv2D(8, 5, strides=2),
    layers.MaxPooling2D(3),
    layers.Conv2D(8, 3),
    layers.Conv2D(8, 3),
    layers.GlobalMaxPooling2D(),
    layers.Dense(4),
])
""",
    "no channel axis": """model = keras.Sequential([
    keras.Input((28, 28)),
    layers.Conv2D(8, 3),
    layers.Flatten(),
])
""",
    "the batch in the input shape": """model = keras.Sequential([
    keras.Input((60, 28, 28, 1)),
    layers.Conv2D(8, 3),
    layers.Flatten(),
])
""",
    "a convolution behind Flatten": """model = keras.Sequential([
    keras.Input((28, 28, 1)),
    layers.Flatten(),
    layers.Conv2D(8, 3),
    layers.GlobalMaxPooling2D(),
])
""",
    "the last output only": """model = keras.Sequential([
    keras.Input((9, 4)),
    layers.LSTM(8),
    layers.LSTM(8),
    layers.Dense(4),
])
""",
    "a Reshape total": """model = keras.Sequential([
    keras.Input((8,)),
    layers.Dense(10),
    layers.Reshape((3, 4)),
])
""",
    "an axis that is not there": """model = keras.Sequential([
    keras.Input((5, 3)),
    layers.BatchNormalization(axis=3),
    layers.Dense(4),
])
""",
    "a picture of no fixed size": """model = keras.Sequential([
    keras.Input((None, None, 3)),
    layers.Conv2D(8, 3),
    layers.Flatten(),
    layers.Dense(4),
])
""",
    "labels of another width": """model = keras.Sequential([
    keras.Input((8,)),
    layers.Dense(10, activation="softmax"),
])
model.compile(loss="categorical_crossentropy")
model.fit(np.zeros((4, 8)), np.zeros((4, 6)))
""",
    "labels with places": """model = keras.Sequential([
    keras.Input((5, 8)),
    layers.Dense(6, activation="relu"),
    layers.Dense(10, activation="softmax"),
])
model.compile(loss="sparse_categorical_crossentropy")
model.fit(np.zeros((4, 5, 8)), np.zeros((4,), int))
""",
    "whole numbers as labels": """model = keras.Sequential([
    keras.Input((8,)),
    layers.Dense(10, activation="softmax"),
])
model.compile(loss="categorical_crossentropy")
y = np.zeros((4,), int)
model.fit(np.zeros((4, 8)), y)
""",
    "one sample": "model = keras.Sequential([keras.Input((8,)), layers.Dense(3)])\nx = np.zeros((8,))\nmodel.predict(x)\n",
    "another width": "model = keras.Sequential([keras.Input((8,)), layers.Dense(3)])\nx = np.zeros((2, 5))\nmodel.predict(x)\n",
    "flat pictures": "model = keras.Sequential([keras.Input((6,)), layers.Dense(3)])\nx = np.zeros((4, 2, 3))\nmodel.predict(x)\n",
}


def refusal(work: Callable[[], Any]) -> ShapeError:
    with pytest.raises(ShapeError) as caught:
        work()
    return caught.value


def run(source: str) -> ShapeError:
    keras.backend.clear_session()
    text = HEAD.format("tinyseq", "tinyseq") + source
    return refusal(lambda: exec(compile(text, "stack", "exec"), {}))


def on_the_command_line(source: str) -> tuple[str, list[str]]:
    """The message, and the proved repairs, with the layers' names for their lines."""
    (file,) = check_source(HEAD.format("keras", "keras") + source, "stack.py").files
    (finding,) = [one for one in file.findings if one.severity != "note"]
    names = {str(origin.line): row.name for row, origin in zip(file.stacks[0].rows, file.stacks[0].origins, strict=True)}
    calls = {str(event.origin.line): event.kind for event in file.stacks[0].events}
    titles = [repair.title for repair in finding.repairs if repair.proved]
    titles = [re.sub(r"^(without the \w+) on line (\d+)", lambda found: f"{found[1]} {names[found[2]]}", title) for title in titles]
    titles = [re.sub(r"^line \d+: (x[\[.])", r"\1", title) for title in titles]
    return str(finding.diagnostic), [re.sub(r"line (\d+)", lambda found: {**calls, **names}[found[1]], title) for title in titles]


@pytest.mark.parametrize("name", STACKS)
def test_message_and_repairs_are_those_of_the_command_line(name: str) -> None:
    error = run(STACKS[name])
    message, titles = on_the_command_line(STACKS[name])
    assert titles
    assert [repair.title.replace("layers.", "") for repair in error.repairs] == [title.replace("layers.", "") for title in titles]
    assert str(error.diagnostic) == message
    lines = str(error).splitlines()
    assert lines[0].endswith(message) and "help: each fix below was verified on the whole model" in lines
    assert str(error).count(" works") == min(len(titles), 3)
    assert (lines[-1] == f"   and {len(titles) - 3} more") == (len(titles) > 3)


def convnet(size: int, first: Any = None) -> keras.Sequential:
    model = keras.Sequential([keras.Input((size, size, 3)), first or layers.Conv2D(8, 5, strides=2), layers.MaxPooling2D(3)])
    model.add(layers.Conv2D(8, 3))
    model.add(layers.Conv2D(8, 3))
    return model


def test_a_layer_added_later_is_answered_with_the_layers_that_are_there() -> None:
    error = refusal(lambda: convnet(21))
    (larger,) = [repair for repair in error.repairs if repair.title.startswith("input of")]
    assert larger.title == "input of at least 33x33" and "(32 fails on conv2d" in larger.path
    assert convnet(33).output_shape == (None, 1, 1, 8)
    assert refusal(lambda: convnet(32)).layer is not None
    assert "conv2d: strides=1" in [re.sub(r"_\d+", "", repair.title) for repair in error.repairs]
    assert convnet(21, layers.Conv2D(8, 5, strides=1)).built


def test_looking_for_repairs_leaves_the_model_as_it_was() -> None:
    model = keras.Sequential([keras.Input((6, 6, 1)), layers.Conv2D(4, 5)])
    weights = [weight.copy() for weight in model.get_weights()]
    layer = layers.Conv2D(3, 4)
    assert refusal(lambda: model.add(layer)).repairs
    assert model.output_shape == (None, 2, 2, 4) and len(model.layers) == 2 - 1 and not layer.built
    assert all(np.array_equal(a, b) for a, b in zip(weights, model.get_weights(), strict=True))


@pytest.mark.parametrize(
    ("activation", "loss", "titles"),
    [
        ("softmax", "categorical_crossentropy", ['compile: loss="sparse_categorical_crossentropy"']),
        ("softmax", "binary_crossentropy", []),
        ("sigmoid", "binary_crossentropy", ["dense: units=1"]),
    ],
)
def test_a_repair_that_brings_a_warning_is_not_offered(activation: str, loss: str, titles: list[str]) -> None:
    source = STACKS["whole numbers as labels"].replace("(4,), int", "(4, 1), int").replace("softmax", activation)
    source = source.replace("categorical_crossentropy", loss)
    assert on_the_command_line(source)[1] == titles
    assert [repair.title for repair in run(source).repairs] == titles


def test_an_error_that_is_caught_and_not_printed_looks_for_nothing() -> None:
    error = run(STACKS["a window too large"])
    assert error.look is not None
    assert error.repairs and error.look is None


def test_repairs_survive_the_way_to_another_process() -> None:
    error = run(STACKS["a window too large"])
    assert str(pickle.loads(pickle.dumps(error))) == str(error)


class Counted(layers.Layer):
    """(...) -> (...): counts how often it is asked."""

    asked = 0

    def output_shape(self, input_shape: Any) -> Any:
        type(self).asked += 1
        return input_shape

    def forward(self, ctx: Any, x: Any) -> Any:
        return x


def test_a_layer_of_the_user_s_own_is_asked_once_and_nothing_is_guessed_of_it() -> None:
    model = keras.Sequential([keras.Input((6, 6, 1)), layers.Conv2D(4, 5), Counted()])
    before = Counted.asked
    error = refusal(lambda: model.add(layers.Conv2D(3, 4)))
    assert [re.sub(r"_\d+", "", repair.title) for repair in error.repairs] == ['padding="same" on conv2d only', "conv2d: kernel_size=2"]
    assert Counted.asked == before + 1


def test_the_tables_made_for_a_deep_model_are_bounded(monkeypatch: pytest.MonkeyPatch) -> None:
    from shapecheck.repairs import live as live_repairs

    model = keras.Sequential([keras.Input((40, 1)), *[layers.Activation("relu") for _ in range(800)], layers.Conv1D(3, 39)])
    walks: list[int] = []
    real = live_repairs.propagate

    def counted(graph: Any, *rest: Any) -> Any:
        walks.append(len(graph.nodes))
        return real(graph, *rest)

    monkeypatch.setattr(live_repairs, "propagate", counted)
    assert refusal(lambda: model.add(layers.Conv1D(3, 9))).repairs
    assert sum(walks) <= live_repairs.MOST_ROWS + 2 * len(model.layers)


def test_a_stack_that_data_builds_offers_repairs_too() -> None:
    model = keras.Sequential([layers.Conv2D(8, 3), layers.MaxPooling2D(2), layers.Conv2D(8, 3)])
    error = refusal(lambda: model.predict(np.zeros((2, 5, 5, 1)), verbose=0))
    assert any("input of at least 8x8" in repair.title for repair in error.repairs)
    model.build((None, 8, 8, 1))
    assert model.output_shape == (None, 1, 1, 8)


def test_what_joins_several_tensors_keeps_its_one_line_of_help() -> None:
    a, b = keras.Input((4,)), keras.Input((5,))
    error = refusal(lambda: layers.Concatenate(axis=0)([a, b]))
    assert error.repairs == () and "help: " in str(error)


@pytest.mark.parametrize(
    "given, accepted, edit",
    [
        ((6, 784), (28, 28, 1), "x.reshape(-1, 28, 28, 1)"),
        ((784,), (28, 28, 1), "x.reshape(-1, 28, 28, 1)"),
        ((28, 28), (28, 28, 1), "x.reshape(-1, 28, 28, 1)"),
        ((28, 28, 1), (28, 28, 1), "x[None]"),
        ((6, 1, 28, 28), (28, 28, 1), "x.reshape(-1, 28, 28, 1)"),
        ((6, 28, 28), (784,), "x.reshape(-1, 784)"),
        ((4, 2, 3), (6,), "x.reshape(-1, 6)"),
        ((6,), (6,), "x[None]"),
        ((5, 3, 32, 36), (32, 36, 3), "x.transpose(0, 2, 3, 1)"),
        ((5, 32, 36, 3), (3, 32, 36), "x.transpose(0, 3, 1, 2)"),
        ((5, 7, 20), (20, 7), "x.transpose(0, 2, 1)"),
    ],
)
def test_the_data_that_is_proved_to_fit_does_fit(given: tuple[int, ...], accepted: tuple[int, ...], edit: str) -> None:
    model = keras.Sequential([keras.Input(accepted), layers.Dense(3)])
    x = np.zeros(given)
    error = refusal(lambda: model.predict(x, verbose=0))
    assert error.repairs[0].title.startswith(edit)
    assert model.predict(eval(edit, {"x": x}), verbose=0).shape[1:] == (*accepted[:-1], 3)
    assert Shape(x.shape) == error.diagnostic.data  # type: ignore[attr-defined]


@pytest.mark.parametrize("given, accepted", [((6, 785), (28, 28, 1)), ((6, 56, 14), (28, 28, 1)), ((6, 4, 6), (3, 8))])
def test_no_reshape_is_offered_that_would_mix_the_numbers_of_a_sample(given: tuple[int, ...], accepted: tuple[int, ...]) -> None:
    model = keras.Sequential([keras.Input(accepted), layers.Dense(3)])
    error = refusal(lambda: model.predict(np.zeros(given), verbose=0))
    assert not any("reshape(" in repair.title or "transpose(" in repair.title for repair in error.repairs)
