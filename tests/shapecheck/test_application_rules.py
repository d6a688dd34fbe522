"""Every known architecture against Keras: tests/oracle/applications.json, recorded by tests/oracle/record_applications.py."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from shapecheck.applications import HOME, find
from shapecheck.applications.joining import RuleLayers
from shapecheck.diagnostics.base import ShapeError
from shapecheck.graph import Graph
from shapecheck.naming import snake_case
from shapecheck.nodes import by_depth
from shapecheck.propagate import propagate
from shapecheck.table import ShapeTable
from tests.application_cases import NETWORKS, Case, cases, key, refused
from tests.oracle.application_rows import ARGUMENTS, SCALING, checksums

RECORDED = json.loads((Path(__file__).parents[1] / "oracle" / "applications.json").read_text(encoding="utf-8"))


def build(network: str, case: Case) -> Graph:
    layers = RuleLayers()
    arguments = dict(case)
    if "input_tensor" in case:
        kind, shape = case["input_tensor"]
        tensor = layers.Input(shape)
        arguments["input_tensor"] = layers.Rescaling(1 / 255)(tensor) if kind == "Rescaling" else tensor
    architecture = find(network)
    assert architecture is not None
    graph = architecture.build(layers, **arguments)
    assert isinstance(graph, Graph)
    return graph


def told(rule: Any) -> Any:
    if isinstance(rule, Graph):
        inside = [node.rule for node in rule.nodes if node.inputs]
        return [[layer.name, type(layer).__name__, told(layer)] for layer in inside]
    arguments = {} if rule.operation else rule.arguments()
    return {name: plain(name, arguments[name]) for name in ARGUMENTS if name in arguments}


def plain(name: str, value: Any) -> Any:
    if name == "activation":
        return {None: "linear", "swish": "silu", "hard_swish": "hard_silu"}.get(value, value)
    if name.endswith("initializer"):
        numbers = [value["config"][name] for name in SCALING if name in value["config"]] if isinstance(value, dict) else []
        return [snake_case(value["class_name"]), *numbers] if isinstance(value, dict) else [value]
    return list(map(list, value)) if name in ("padding", "cropping") and isinstance(value, tuple) else value


def rows(graph: Graph, table: ShapeTable) -> list[list[Any]]:
    found = []
    nodes = {node.rule: node for node in graph.nodes}
    for rule in by_depth(graph):
        row = table[nodes[rule]]
        kind = "Sequential" if isinstance(rule, Graph) else row.class_name
        inputs = [tensor.node.rule.name for tensor in row.node.inputs]
        found.append([rule.name, kind, list(row.output), row.params, row.trainable_params, inputs, told(rule)])
    return found


def cut(graph: Graph, part: int) -> list[Any]:
    layer = graph.layers[len(graph.layers) * part // 4]
    (node,) = (node for node in graph.nodes if node.rule is layer)
    shorter = Graph(graph.inputs, (node.tensor(),))
    table = propagate(shorter)
    return [layer.name, list(table.outputs[0]), len(shorter.layers), table.params]


def compared(network: str, case: Case) -> dict[str, Any]:
    graph = build(network, case)
    table = propagate(graph)
    assert {row.verdict for row in table.rows} == {"proved"}
    return {
        "name": graph.name,
        "layers": len(graph.layers),
        "params": table.params,
        "trainable": table.trainable_params,
        "output": list(table.outputs[0]),
        "rows": checksums(rows(graph, table)),
        "cuts": [cut(graph, part) for part in (1, 2, 3)],
    }


def test_the_architectures_are_those_of_keras() -> None:
    assert sorted(HOME) == sorted(NETWORKS) == sorted(RECORDED["signatures"])


@pytest.mark.parametrize("network", NETWORKS)
def test_the_arguments_have_the_names_the_order_and_the_defaults_of_keras(network: str) -> None:
    architecture = find(network)
    assert architecture is not None
    assert list(architecture.arguments.items()) == list(RECORDED["signatures"][network].items())


@pytest.mark.parametrize("network", NETWORKS)
def test_every_layer_has_keras_name_class_shape_parameters_and_inputs(network: str) -> None:
    for case in cases(network):
        wanted = {name: value for name, value in RECORDED["built"][key(network, case)].items() if name != "file"}
        assert compared(network, case) == wanted, key(network, case)


@pytest.mark.parametrize("network", NETWORKS)
def test_what_keras_refuses_is_refused_and_nothing_else(network: str) -> None:
    for case in refused(network):
        try:
            build(network, case)
            said = ""
        except ShapeError as error:
            said = str(error)
        assert bool(said) == bool(RECORDED["refused"][key(network, case)]), (key(network, case), said)
