"""Rules: arguments, unknown values, advice, receptive fields. Shapes and weights are held against Keras elsewhere."""

import ast
import inspect
import json
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from shapecheck import layers
from shapecheck.diagnostics.base import ShapeError
from shapecheck.diagnostics.recurrent import NoSteps
from shapecheck.graph import chain
from shapecheck.layers.base import Rule, Window
from shapecheck.propagate import propagate
from shapecheck.shapes import Shape, Unknown
from tests.cases import CASES, Case
from tests.layers.test_rules_against_keras import made

KERAS = json.loads((Path(__file__).parent.parent / "oracle" / "signatures.json").read_text(encoding="utf-8"))
NOT_OURS = {"lora_rank", "lora_alpha", "quantization_config"}
"""Arguments of Keras that only its own machinery uses."""
BESIDES = {
    "LeakyReLU": {"alpha"}, "Embedding": {"input_length"}, "LayerNormalization": {"rms_scaling"},
    "AutoContrast": {"data_format"}, "MaxNumBoundingBoxes": {"data_format"}, "Solarization": {"data_format"},
    "EinsumDense": {"lora_rank", "lora_alpha", "quantization_config"},
}  # fmt: skip
"""Arguments of Keras 2 that the guide's readers write, some that Keras takes without showing them (data_format of its base class for
images), and those that EinsumDense takes to refuse them by name when it computes."""
OTHER_DEFAULTS = {"AveragePooling1D": "2", "AveragePooling2D": "(2, 2)", "AveragePooling3D": "(2, 2, 2)"}
"""pool_size has no default in Keras 3; in the guide's Keras it was 2."""


def one(name: str, shape: tuple[Any, ...], **arguments: Any) -> Any:
    """What a rule infers for one input of this shape, batch axis included."""
    return getattr(layers, name)(**arguments).infer((Shape(shape),))


def refusal(name: str, shape: tuple[Any, ...], **arguments: Any) -> ShapeError:
    """The error that a rule raises."""
    with pytest.raises(ShapeError) as caught:
        one(name, shape, **arguments)
    return caught.value


@pytest.mark.parametrize("name", sorted(KERAS))
def test_arguments_have_the_names_order_and_defaults_of_keras(name: str) -> None:
    ours = [p for p in inspect.signature(getattr(layers, name)).parameters.values() if p.name not in ("options", "name")]
    ours = [p for p in ours if p.name not in BESIDES.get(name, ())]
    keras = [(argument, default) for argument, default in KERAS[name] if argument not in NOT_OURS]
    if name == "InputLayer":
        ours = [p for p in ours if p.name != "dtype"]
    assert [p.name for p in ours] == [argument for argument, _ in keras]
    for parameter, (argument, default) in zip(ours, keras, strict=True):
        if argument == "pool_size" and name in OTHER_DEFAULTS:
            default = OTHER_DEFAULTS[name]
        if default is None:
            assert parameter.default is parameter.empty
        else:
            assert parameter.default == ast.literal_eval(default), argument


FIRST = {case.layer: case for case in reversed(CASES)}
"""The first line of each layer."""
TOGETHER = {("Normalization", "mean"), ("Normalization", "variance"), ("Discretization", "num_bins")}
"""Arguments that cannot be given alone."""


@pytest.mark.parametrize("name", sorted(FIRST))
def test_every_argument_may_be_unknown(name: str) -> None:
    rule, case, unknown = getattr(layers, name), FIRST[name], Unknown("n", "read from a file")
    parameters = [p.name for p in inspect.signature(rule).parameters.values() if p.kind is not p.VAR_KEYWORD]
    for parameter in parameters:
        if (name, parameter) in TOGETHER:
            continue
        arguments = {key: made(value) for key, value in case.arguments.items()}
        layer = rule(**{**arguments, parameter: unknown})
        for shape in layer.infer(tuple(Shape((None, *sizes)) for sizes in case.inputs)).outputs:
            assert shape.dims is None or all(isinstance(d, Unknown) or d is None or d >= 1 for d in shape.dims)


def test_a_missing_channel_axis_is_named_with_the_shape_to_write() -> None:
    assert "(28, 28, 1) instead of (28, 28)" in refusal("Conv2D", (None, 28, 28), filters=8, kernel_size=3).diagnostic.help()


def test_a_batch_axis_in_the_input_shape_is_named_with_the_shape_to_write() -> None:
    text = refusal("Conv2D", (None, 60000, 28, 28, 1), filters=8, kernel_size=3).diagnostic.help()
    assert "remove the batch axis" in text and "(28, 28, 1)" in text


@pytest.mark.parametrize("name", ["SimpleRNN", "LSTM", "GRU", "Bidirectional"])
def test_a_recurrent_layer_on_vectors_speaks_of_return_sequences(name: str) -> None:
    arguments = {"layer": layers.LSTM(3)} if name == "Bidirectional" else {"units": 3}
    found = refusal(name, (None, 16), **arguments)
    assert isinstance(found.diagnostic, NoSteps)
    assert "return_sequences=True" in str(found)


@pytest.mark.parametrize("first", [layers.LSTM(4), layers.Bidirectional(layers.GRU(4))])
def test_in_a_stack_the_layer_that_needs_return_sequences_is_named(first: Rule) -> None:
    stack = [layers.InputLayer((7, 3)), first, layers.Dropout(0.2), layers.SimpleRNN(3)]
    (broken,) = propagate(chain(stack)).broken
    assert broken.diagnostic is not None
    name = {"LSTM": "lstm", "Bidirectional": "bidirectional"}[type(first).__name__]
    assert broken.diagnostic.help() == f"write return_sequences=True in {name}"


@pytest.mark.parametrize(
    ("name", "shape", "arguments", "guilty"),
    [
        ("Conv2D", (None, 9, 9, 3), {"filters": 4, "kernel_size": 3, "groups": 3}, "groups"),
        ("Conv2D", (None, 2, 9, 3), {"filters": 4, "kernel_size": 3}, "kernel_size"),
        ("MaxPooling2D", (None, 1, 9, 3), {}, "pool_size"),
        ("MaxPooling2D", (None, 9, 9, 3), {"padding": "sane"}, "padding"),
        ("BatchNormalization", (None, 5, 3), {"axis": 3}, "axis"),
        ("Cropping1D", (None, 5, 3), {"cropping": (2, 3)}, "cropping"),
        ("Reshape", (None, 5), {"target_shape": (4,)}, "target_shape"),
        ("LSTM", (None, 5, 3), {"units": 4, "stateful": True}, "stateful"),
        ("LSTM", (None, None, 3), {"units": 4, "unroll": True}, "unroll"),
        ("Dense", (None, 5), {"units": 4, "kernel_initializer": "he_norma"}, "kernel_initializer"),
        ("ZeroPadding2D", (None, 5, 5, 3), {"padding": -1}, "padding"),
        ("UpSampling2D", (None, 5, 5, 3), {"interpolation": "foo"}, "interpolation"),
    ],
)
def test_an_error_names_the_argument_and_an_edit(name: str, shape: Any, arguments: dict[str, Any], guilty: str) -> None:
    diagnostic = refusal(name, shape, **arguments).diagnostic
    assert diagnostic.argument == guilty
    assert diagnostic.help()


def test_the_groups_that_are_offered_always_work() -> None:
    found = refusal("Conv2D", (None, 9, 9, 1), filters=4, kernel_size=3, groups=3)
    assert found.diagnostic.help() == "write groups=1, or another number that divides both 4 and the input's channels"


def test_keras_2_names_of_arguments_are_taken() -> None:
    assert layers.LeakyReLU(alpha=0.2).negative_slope == 0.2
    assert layers.LeakyReLU(alpha=0.0).negative_slope == 0.0
    assert layers.AveragePooling2D().pool_size == (2, 2)
    assert layers.Embedding(50, 8, input_length=7).declared_input == Shape((None, 7))


def test_arguments_are_frozen_but_trainable_is_not() -> None:
    layer = layers.Conv2D(4, 3)
    with pytest.raises(AttributeError, match="create a new layer"):
        layer.filters = 5
    layer.trainable = False


def test_arguments_come_back_by_name_also_where_the_attribute_is_called_otherwise() -> None:
    assert layers.Lambda(abs, output_shape=(3,)).arguments()["output_shape"] == (3,)
    assert layers.Embedding(5, 2).arguments()["weights"] is None


def test_a_dense_after_an_unknown_layer_still_fixes_the_last_axis() -> None:
    table = propagate(chain([layers.InputLayer((8,)), layers.Lambda(abs), layers.Dense(3), layers.Dense(2)]))
    assert [str(row.output) for row in table.rows[1:]] == ["(?)", "(..., 3)", "(..., 2)"]
    assert [row.verdict for row in table.rows] == ["proved", "unknown", "unknown", "unknown"]
    assert table.rows[-1].params == 3 * 2 + 2
    assert isinstance(table.multiply_adds, Unknown)


@settings(deadline=None)  # a noisy machine is no failure
@given(
    size=st.integers(1, 40), window=st.integers(1, 9), stride=st.integers(1, 5), dilation=st.integers(1, 3), same=st.booleans()
)
def test_a_size_is_the_number_of_windows_that_fit(size: int, window: int, stride: int, dilation: int, same: bool) -> None:
    if stride > 1 and dilation > 1:
        dilation = 1
    layer = layers.Conv1D(2, window, strides=stride, dilation_rate=dilation, padding="same" if same else "valid")
    reach = dilation * (window - 1) + 1
    starts = [start for start in range(0, size, stride) if same or start + reach <= size]
    if not starts:
        with pytest.raises(ShapeError, match="SC101"):
            layer.infer((Shape((None, size, 3)),))
    else:
        assert layer.infer((Shape((None, size, 3)),)).output == Shape((None, len(starts), 2))


@settings(deadline=None)  # a noisy machine is no failure
@given(size=st.integers(1, 12), window=st.integers(1, 6), stride=st.integers(1, 4), same=st.booleans())
def test_a_transposed_convolution_undoes_the_sizes_of_a_convolution(size: int, window: int, stride: int, same: bool) -> None:
    padding = "same" if same else "valid"
    longer = one("Conv1DTranspose", (None, size, 3), filters=2, kernel_size=window, strides=stride, padding=padding)
    back = one("Conv1D", longer.output.dims, filters=2, kernel_size=window, strides=stride, padding=padding)
    assert back.output.dims[1] == size


def has_channels(case: Case) -> bool:
    """Whether the line can also be written channels_first."""
    rule = getattr(layers, case.layer)
    takes = hasattr(rule, "split") and "data_format" in inspect.signature(rule).parameters
    return takes and "data_format" not in case.arguments and None not in case.inputs[0]


@pytest.mark.parametrize("case", [pytest.param(case, id=case.key) for case in CASES if has_channels(case)])
def test_channels_first_is_channels_last_with_its_axes_moved(case: Case) -> None:
    rule = getattr(layers, case.layer)
    *sizes, channels = case.inputs[0]
    last = rule(**case.arguments).infer((Shape((None, *sizes, channels)),))
    first = rule(**case.arguments, data_format="channels_first").infer((Shape((None, channels, *sizes)),))
    batch, *places, made = last.output.dims
    assert first.output.dims == (batch, made, *places)
    assert [spec.shape for spec in first.weights] == [spec.shape for spec in last.weights]
    assert first.multiply_adds == last.multiply_adds


def test_receptive_fields_are_those_of_the_guides_convnet() -> None:
    sizes = [row.sees[0] for row in propagate(chain(guide_convnet())).rows if row.sees]
    assert sizes == [1, 5, 9, 13, 25, 37, 49, 85, 121, 139, 247, 247]


def test_multiply_adds_are_those_of_the_guides_convnet() -> None:
    assert propagate(chain(guide_convnet())).multiply_adds == 198_004_640


def test_a_model_inside_a_model_sees_what_its_layers_see() -> None:
    """And what stands behind it, too."""
    inside = chain([layers.InputLayer((32, 30, 3)), layers.Conv2D(8, 3), layers.MaxPooling2D((3, 2))])
    behind = [layers.Conv2D(4, 3), layers.Flatten(), layers.Dense(10)]
    nested = propagate(chain([layers.InputLayer((32, 30, 3)), inside, *behind]))
    flat = propagate(chain([layers.InputLayer((32, 30, 3)), *[node.rule for node in inside.nodes[1:]], *behind]))
    assert [row.sees for row in nested.rows] == [(1, 1), *[row.sees for row in flat.rows[2:]]]
    assert nested.rows[1].sees == (5, 4)
    assert nested.rows[2].sees == (11, 8)


def test_a_model_that_stretches_inside_a_model_sees_no_less_than_its_layers() -> None:
    inside = chain([layers.InputLayer((8, 8, 3)), layers.UpSampling2D(2), layers.Conv2D(8, 3)])
    assert propagate(chain([layers.InputLayer((8, 8, 3)), inside])).rows[-1].sees == (8, 8)


def test_a_dense_layer_after_flatten_sees_the_whole_picture() -> None:
    stack = [layers.InputLayer((9, 9, 1)), layers.Conv2D(2, 3), layers.Flatten(), layers.Dense(3)]
    assert [row.sees for row in propagate(chain(stack)).rows] == [(1, 1), (3, 3), (3, 3), (9, 9)]


def test_stretching_an_image_makes_neighbours_see_the_same_pixels() -> None:
    stack = [layers.InputLayer((8, 8, 1)), layers.UpSampling2D(2), layers.Conv2D(1, 2), layers.Conv2D(1, 2)]
    assert [row.sees for row in propagate(chain(stack)).rows] == [(1, 1), (1, 1), (2, 2), (2, 2)]


def test_the_window_of_every_layer_that_has_one_has_as_many_axes_as_the_image() -> None:
    for case in CASES:
        apart = ("TimeDistributed", "Bidirectional", "RNN", "Dot", "Pipeline", "SpectralNormalization")
        if case.layer not in apart and len(case.inputs) == 1:
            found = getattr(layers, case.layer)(**case.arguments).infer((Shape((case.batch, *case.inputs[0])),)).window
            if isinstance(found, Window):
                assert len(found.extents) == len(found.positions) == len(case.inputs[0]) - 1


def guide_convnet() -> list[Rule]:
    """The guide's stack on a 250x250 picture, with its head."""
    rules = [layers.InputLayer((250, 250, 3)), layers.Conv2D(32, 5, strides=2, activation="relu"), layers.Conv2D(32, 3)]
    rules += [layers.MaxPooling2D(3), layers.Conv2D(32, 3), layers.Conv2D(32, 3), layers.MaxPooling2D(3)]
    rules += [layers.Conv2D(32, 3), layers.Conv2D(32, 3), layers.MaxPooling2D(2)]
    return [*rules, layers.GlobalMaxPooling2D(), layers.Dense(10)]


class Foreign(Rule):
    """A cell of the user's own."""


def test_a_cell_of_ones_own_is_unknown_and_no_error() -> None:
    for cell in (Foreign(), [Foreign(), layers.LSTMCell(3)], layers.StackedRNNCells([layers.GRUCell(3), Foreign()])):
        table = propagate(chain([layers.InputLayer((7, 3)), layers.RNN(cell, return_sequences=True)]))
        assert table.rows[-1].verdict == "unknown"
        assert isinstance(table.params, Unknown)


@pytest.mark.parametrize("cell", [layers.Dense(3), layers.LSTM(4), 8, layers.LSTM, [layers.Dense(3)], []])
def test_what_is_no_cell_is_refused(cell: Any) -> None:
    with pytest.raises(ShapeError, match="cell"):
        layers.RNN(cell)
