"""Known architectures in files: every layer followed, as Keras counts it (tests/oracle/transfer.json)."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from shapecheck import check_source
from shapecheck.findings import FileReport
from shapecheck.report.text import render
from tests.transfer_programs import HEAD, PROGRAMS, REFUSED

RECORDED = json.loads((Path(__file__).parents[1] / "oracle" / "transfer.json").read_text(encoding="utf-8"))


def checked(source: str) -> FileReport:
    (file,) = check_source(HEAD + source).files
    return file


def models(file: FileReport) -> dict[str, Any]:
    return {
        stack.name: {
            "params": stack.table.params,
            "trainable": stack.table.trainable_params,
            "outputs": [list(shape) for shape in stack.table.outputs],
        }
        for stack in file.stacks
    }


@pytest.mark.parametrize("name", PROGRAMS)
def test_every_model_has_keras_parameters_trained_ones_and_outputs(name: str) -> None:
    file = checked(PROGRAMS[name])
    wanted = {model: {key: value for key, value in facts.items() if key != "layers"} for model, facts in RECORDED[name].items()}
    assert {model: facts for model, facts in models(file).items() if model in wanted} == wanted
    assert not [finding for finding in file.findings if finding.severity == "error"]
    assert {row.verdict for stack in file.stacks for row in stack.rows} == {"proved"}


@pytest.mark.parametrize("name", PROGRAMS)
def test_a_functional_model_has_as_many_layers_as_in_keras(name: str) -> None:
    for stack in checked(PROGRAMS[name]).stacks:
        if stack.model is not None and stack.model.graph is not None and stack.name in RECORDED[name]:
            assert len(stack.graph.layers) == RECORDED[name][stack.name]["layers"]


@pytest.mark.parametrize("name", REFUSED)
def test_what_keras_refuses_is_an_error(name: str) -> None:
    assert [finding.severity for finding in checked(REFUSED[name]).findings] == ["error"], RECORDED[name]


def test_a_picture_that_is_too_small_is_told_with_both_numbers_and_a_size_that_works() -> None:
    (finding,) = checked("base = applications.Xception(include_top=False, weights=None, input_shape=(32, 100, 3))\n").findings
    assert finding.diagnostic.message() == "input_shape=(32, 100, 3): expected at least 71 x 71 pixels"
    assert finding.diagnostic.help() == "write input_shape=(71, 100, 3), or larger"


def test_what_is_refused_is_said_once_and_models_on_it_say_why_they_are_not_known() -> None:
    file = checked(
        "base = applications.VGG16(include_top=False, input_shape=(64, 64, 1))\n"
        "model = keras.Sequential([base, layers.Flatten(), layers.Dense(2)])\n"
        "other = keras.Model(base.input, layers.Dense(3)(base.output))\n"
    )
    assert [finding.code for finding in file.findings] == ["SC404"]
    model = next(stack for stack in file.stacks if stack.name == "model")
    assert {row.reason for row in model.rows[1:]} == {"VGG16 on line 3 is refused"}


@pytest.mark.parametrize(
    "more", ["alpha=float(input())", "include_top=flag", "include_top=False, pooling=flag", "input_tensor=flag", "**flag"]
)
def test_what_decides_about_layers_and_is_unknown_leaves_one_layer_that_says_so(more: str) -> None:
    freeze = "for layer in base.layers[:5]:\n    layer.trainable = False\n"
    file = checked(f"flag = input()\nbase = applications.MobileNetV2(weights=None, {more})\n{freeze}")
    (stack,) = file.stacks
    assert [row.verdict for row in stack.rows][1:] == ["unknown"]
    assert not file.findings


def test_a_size_that_is_unknown_leaves_the_parameters_known() -> None:
    (stack,) = checked("size = int(input())\nbase = applications.ResNet50(include_top=False, input_shape=(size, size, 3))\n").stacks
    assert (stack.table.params, stack.table.trainable_params, stack.table.outputs[0].last) == (23587712, 23534592, 2048)


@pytest.mark.parametrize(
    "freeze",
    [
        "for layer in base.layers[: int(input())]:\n    layer.trainable = False\n",
        "for layer in base.layers:\n    if input():\n        layer.trainable = False\n",
        "for layer in base.layers:\n    layer.trainable = layer.name in input()\n",
        "base.get_layer(input()).trainable = False\n",
        "if input():\n    base.trainable = False\n",
    ],
)
def test_what_is_frozen_cannot_be_told_where_it_depends_on_something_unknown(freeze: str) -> None:
    (stack,) = checked(f"base = applications.VGG16(include_top=False, weights=None)\n{freeze}").stacks
    assert stack.table.params == 14714688
    assert not isinstance(stack.table.trainable_params, int)


def test_names_without_a_number_are_counted_in_the_order_in_which_layers_are_made() -> None:
    file = checked(
        "first = applications.InceptionV3(weights=None)\n"
        "second = applications.InceptionV3(weights=None)\n"
        "cut = keras.Model(second.input, second.get_layer('conv2d_94').output)\n"
    )
    assert not file.findings
    assert file.stacks[2].table.params == 864


def test_a_known_architecture_is_one_line_of_the_text() -> None:
    report = check_source(
        HEAD
        + "base = applications.VGG16(include_top=False, input_shape=(64, 64, 3))\n"
        + "model = keras.Model(base.input, layers.Dense(2)(layers.Flatten()(base.output)))\n"
    )
    lines = render(report).splitlines()
    assert sum("VGG16, 18 layers" in line for line in lines) == 2
    assert lines[-1].startswith("OK: 38 of 38 layers proved")


def test_an_older_keras_takes_arguments_of_its_own() -> None:
    file = checked("# pip install keras==2.2.4\nbase = applications.VGG16(weights=None, backend=keras.backend, layers=layers)\n")
    assert not file.findings
    assert file.stacks[0].table.params == 138357544


def test_preprocess_input_returns_what_it_gets() -> None:
    file = checked(
        "import numpy as np\nx = applications.vgg16.preprocess_input(np.zeros((5, 12)))\n"
        "model = keras.Sequential([keras.Input((10,)), layers.Dense(2)])\nmodel.compile('sgd', 'mse')\nmodel.fit(x, np.zeros((5, 2)))\n"
    )
    assert [finding.severity for finding in file.findings] == ["error"]


@pytest.mark.parametrize(
    "source, title",
    [
        ("base = applications.ResNet50(classes=10)\n", "line 3: weights=None"),
        ("base = applications.Xception(include_top=False, weights=None, input_shape=(32, 32, 3))\n", "line 3: input_shape=(71, 71, 3)"),
        ("base = applications.VGG16(include_top=False, input_shape=(64, 64, 1))\n", "line 3: weights=None"),
        ("base = applications.VGG16(weights='imagnet')\n", 'line 3: weights="imagenet"'),
        ("base = applications.MobileNet(alpha=0.3, include_top=False)\n", "line 3: weights=None"),
        ("cut = applications.VGG16(weights=None).get_layer('block5_conv4')\n", 'line 3: get_layer("block5_conv3")'),
        ("stack = keras.Sequential([keras.Input((4,)), layers.Dense(3)])\nmodel = keras.Model(stack.input, stack.layers[0].output)\n",
         "line 4: stack.inputs"),
    ],
)  # fmt: skip
def test_what_is_refused_has_a_repair_that_works(source: str, title: str) -> None:
    (finding,) = checked(source).findings
    assert (finding.repairs[0].title, finding.repairs[0].proved) == (title, True)
