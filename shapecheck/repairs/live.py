"""Repairs of a model in memory, in the words of the command line: the same candidates, each proved by propagating the graph again.

Where the command line edits source, rules are created again with another argument; the model is not changed.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from itertools import islice

from shapecheck.checks.stacking import on_a_map
from shapecheck.checks.training import advice
from shapecheck.diagnostics.base import Diagnostic, ShapeError
from shapecheck.diagnostics.habits import DenseOnMap
from shapecheck.findings import FileReport, Finding, Repair, Stack, path, way
from shapecheck.graph import Graph
from shapecheck.layers.base import Rule, defaults
from shapecheck.nodes import Node
from shapecheck.propagate import propagate, takes
from shapecheck.reader.records import Element, Event, Model
from shapecheck.reader.source import Position
from shapecheck.repairs.candidates.base import IN_MEMORY
from shapecheck.repairs.candidates.choice import of
from shapecheck.repairs.edits import Change
from shapecheck.repairs.proofs import MOST_PROVED, MOST_TRIED
from shapecheck.repairs.rebuilding import asked_once, changed_data, changed_node, rebuilt
from shapecheck.shapes import Shape

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    from shapecheck.table import ShapeTable

    Outside = dict[str, Any]
    """What the graph does not contain: "loss", a name, and "data", a Shape."""
    Accepts = Callable[["ShapeTable", Outside], bool]
    """Whether a table without errors is really right: data and labels must fit too."""

MOST_ROWS = 3_000
"""Most table rows computed for all candidates of one error: a time limit that does not depend on the machine."""


def answered(
    graph: Graph, diagnostic: Diagnostic, node: Node | None, outside: Outside | None = None, accepts: Accepts | None = None
) -> tuple[str, list[Repair]]:
    """The sizes on the way to `node` of the graph (None: its last layer), and repairs of what is wrong there, the likeliest first.

    Only repairs that were proved.
    """
    mending = type(diagnostic) in IN_MEMORY and len(graph.inputs) == 1
    if not mending and not diagnostic.path_ends:
        return "", []
    graph, nodes = rebuilt(graph, asked_once)
    node = nodes.get(node) if node is not None else None
    at = node or graph.outputs[0].node
    stack = _stack(graph, outside or {})
    way_there = " -> ".join(text for text, _ in way(stack.table, at, diagnostic))
    return way_there, _proved(graph, stack, diagnostic, node, outside or {}, accepts) if mending else []


def _proved(
    graph: Graph, stack: Stack, diagnostic: Diagnostic, node: Node | None, outside: Outside, accepts: Accepts | None
) -> list[Repair]:
    place = next((place for place, other in enumerate(stack.nodes) if other is node), len(stack.nodes) - 1)
    report = FileReport("")
    report.stacks.append(stack)
    finding = Finding(diagnostic, None, stack, place)
    report.findings.append(finding)
    warned = _warned(stack.table, graph, outside)
    proved: list[Repair] = []
    rest = MOST_ROWS
    for candidate in list(islice(of(report, finding), MOST_TRIED)):
        rest -= len(graph.nodes)
        if len(proved) >= MOST_PROVED or rest < 0:
            break
        changed = _changed(graph, candidate.changes, outside) if candidate.changes else None
        if changed is None:
            continue
        table = propagate(changed[0])
        fits = all(row.verdict == "proved" for row in table.rows) and (accepts is None or accepts(table, changed[1]))
        if fits and _warned(table, *changed) <= warned:
            proved.append(Repair(candidate.title, (), True, candidate.path or path(table.rows, finding)))
    return proved


def declarable(graph: Graph, given: Shape, at: int) -> bool:
    """True if the layers accept data of this shape once input `at` declares it; a layer defined by the user is not called."""
    graph, _ = rebuilt(graph, asked_once)
    shapes = [tensor.node.rule.infer(()).output for tensor in graph.inputs]
    shapes[at] = Shape((None, *given.sizes))
    return takes(graph, shapes)


def _warned(table: ShapeTable, graph: Graph, outside: Outside) -> set[type]:
    """The warnings that the command line would report: a repair must not cause a new one."""
    last = table[graph.outputs[0].node]
    found = advice(last, outside["loss"]) if "loss" in outside else None
    kinds: set[type] = {DenseOnMap} if "loss" not in outside and on_a_map(table, last) else set()
    return kinds | {type(found)} if found is not None else kinds


def _stack(graph: Graph, outside: Outside) -> Stack:
    stack = Stack(1, graph.name or "model", graph, propagate(graph), None)
    origins = [Position(place, row.name, _given(row.node.rule)) for place, row in enumerate(stack.rows)]
    stack.origins = list(origins)
    for node, origin in zip(graph.nodes, origins, strict=True):
        node.origin = origin
    chain = all(len(node.inputs) <= 1 for node in graph.nodes) and len(graph.outputs) == 1
    if chain:
        stack.model = Model(origins[0], ())
        stack.model.elements = [Element(None, origin) for origin in origins]
    stack.events = [Event(kind, Position(-1, kind)) for kind in ({"loss": "compile", "data": "fit"}[name] for name in outside)]
    return stack


def _given(rule: Rule) -> dict[str, Any]:
    """The arguments of a rule that differ from their defaults, as if they had been written."""
    given = {name: value for name, value in rule.arguments().items() if not _usual(rule, name, value)}
    return given | ({"input_shape": rule.declared_input} if rule.declared_input is not None else {})


def _usual(rule: Rule, name: str, value: Any) -> bool:
    """True if the argument has its default value."""
    default = defaults(type(rule)).get(name, ...)
    whole = isinstance(value, tuple) and all(item == default for item in value)
    return bool(value is default or value == default or whole or (name == "strides" and value == getattr(rule, "pool_size", None)))


def _changed(graph: Graph, edits: Sequence[Change], outside: Outside) -> tuple[Graph, Outside] | None:
    """The graph, the loss and the data with the edits of a candidate; None if a rule refuses them."""
    todo: dict[int, list[tuple[str, ...]]] = {}
    for edit in edits:
        if edit.words[0] == "loss":
            outside = outside | {"loss": edit.words[1]}
        elif edit.words[0] == "data":
            outside = outside | {"data": changed_data(outside["data"], edit.words[1])}
        else:
            todo.setdefault(edit.position.index, []).append(edit.words)
    try:
        changed, _ = rebuilt(graph, lambda place, node, inputs: changed_node(node, inputs, todo.get(place, [])))
    except (ShapeError, TypeError, ValueError):
        return None
    return changed, outside
