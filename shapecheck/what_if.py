"""What-if runs: another input, or another argument of a layer. The source is edited in memory and read again; no file changes."""

from __future__ import annotations

import re

from shapecheck.diagnostics.labels import DataMismatch
from shapecheck.graph import Graph
from shapecheck.languages import Phrase, either, say
from shapecheck.naming import Names
from shapecheck.propagate import named
from shapecheck.repairs.edits import add_argument, edited, set_argument

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from shapecheck.findings import FileReport, Stack
    from shapecheck.reader.source import Origin, Unit
    from shapecheck.repairs.edits import Edit, TextEdit

MOST_NAMED = 30
"""Most layers listed in the message about an unknown one."""
INPUTS = ("shape", "batch_shape", "input_shape", "batch_input_shape", "input_dim")
"""Arguments that declare the input of a stack."""


class WhatIf:
    """`input_shape` is (224, 224, 3) as text, or ""; `arguments` are (layer's name, argument, its new source)."""

    __slots__ = ("arguments", "input_shape")

    def __init__(self, input_shape: str = "", arguments: tuple[tuple[str, str, str], ...] = ()) -> None:
        self.input_shape = input_shape
        self.arguments = arguments


def asked(given_input: str, given_sets: str) -> WhatIf | None:
    """From `--input` and the lines of all `--set`. Raises ValueError with what is wrong.

    A bare word is a string: padding=same.

    >>> asked("28,28,1", "dense.units=10\\nconv2d.padding=same").arguments
    (('dense', 'units', '10'), ('conv2d', 'padding', "'same'"))
    """
    if not given_input and not given_sets:
        return None
    sizes = [size.strip() for size in given_input.strip(" ()[]").split(",") if size.strip()]
    if given_input and (not sizes or not all(size == "None" or size.isdigit() for size in sizes)):
        raise ValueError(say(
            "command", "sizes", "--input {given}: write the sizes without the batch axis, for example 224,224,3", given=given_input
        ))  # fmt: skip
    found = []
    for line in given_sets.splitlines():
        match = re.fullmatch(r"\s*([\w/-]+)\.(\w+)\s*=\s*(\S.*?)\s*", line)
        if match is None:
            raise ValueError(say("command", "set", "--set {line}: write LAYER.ARGUMENT=VALUE, for example conv2d.strides=1", line=line))
        try:
            compile(match[3], "<set>", "eval", 0x400)  # parsed only
        except (SyntaxError, ValueError, RecursionError, MemoryError):
            raise ValueError(
                say("command", "expression", "--set {line}: {value} is not a Python expression", line=line, value=match[3])
            ) from None
        word = match[3].isidentifier() and match[3] not in ("None", "True", "False")
        found.append((match[1], match[2], repr(match[3]) if word else match[3]))
    shape = f"({', '.join(sizes)}{',' if len(sizes) == 1 else ''})" if sizes else ""
    return WhatIf(shape, tuple(found))


def changed(report: FileReport, ask: WhatIf, again: Callable[[list[Unit]], FileReport]) -> FileReport:
    """The file read again with these edits; what could not be changed is among its problems."""
    edits: list[Edit | None] = []
    problems, unanswered = [], []
    if ask.input_shape:
        edits += [_input(stack, ask.input_shape) for stack in report.stacks if stack.origins and not stack.part]
    for layer, argument, value in ask.arguments:
        origins, problem = _called(layer, report)
        edits += [set_argument(origin, argument, value) for origin in origins]
        if problem:
            unanswered.append(f"--set {layer}.{argument}")
            problems.append(
                Phrase("command", "set_problem", "--set {layer}.{argument}: {why}", layer=layer, argument=argument, why=problem)
            )
    kept = [edit for edit in edits if isinstance(edit, tuple)]
    units = edited(report.units, kept) if kept else report.units
    if units is None or len(kept) < len(edits):
        problems.append(Phrase("command", "place", "--input or --set: this place of the source cannot be changed"))
    new = again(units) if units is not None and kept else report
    new.problems += [(None, problem) for problem in problems]
    if edits and new is report:
        unanswered.append(Phrase("command", "input_or_set", "--input or --set"))
    new.unanswered = list(dict.fromkeys(unanswered))
    if ask.input_shape:
        new.findings = [one for one in new.findings if not isinstance(one.diagnostic, DataMismatch)]  # the data does not change
    return new


class _Named:
    """A layer, by the names of its enclosing models and its own; `inner` if it is not a row of the table."""

    __slots__ = ("inner", "name", "origin", "stack")

    def __init__(self, stack: str, name: str, origin: Origin, inner: bool) -> None:
        self.stack = stack
        self.name = name
        self.origin = origin
        self.inner = inner

    def told(self, whole: bool) -> str:
        """The name to write, and where the layer is written."""
        place = self.origin.place
        name = f"{self.stack}/{self.name}" if whole else self.name
        if place.cell is None:
            return say("command", "at_line", "{name} (line {line})", name=name, line=place.line)
        return say("command", "at_cell", "{name} (cell {cell}, line {line})", name=name, cell=place.cell, line=place.line)


def _called(layer: str, report: FileReport) -> tuple[list[Origin], str]:
    """Where the layers of that name are written, and "" or an error. Rows of the tables take precedence over layers inside them."""
    everyone = [one for stack in report.stacks if not stack.part for one in _layers(stack)]
    found = [one for one in everyone if f"/{one.stack}/{one.name}".endswith(f"/{layer}")]
    found = [one for one in found if not one.inner] or found
    origins = {id(one.origin.node): one for one in found}
    if not found and everyone:
        there: dict[str, str] = {}
        for one in everyone:
            there.setdefault(one.name, one.told(False))
        names, count = ", ".join(list(there.values())[:MOST_NAMED]), len(there) - MOST_NAMED
        if count > 0:
            return [], Phrase(
                "command", "no_layer.more", "no layer in {path} is named {layer}; the layers are {names} and {count} more",
                path=report.path, layer=layer, names=names, count=count,
            )  # fmt: skip
        return [], Phrase(
            "command", "no_layer", "no layer in {path} is named {layer}; the layers are {names}", path=report.path, layer=layer, names=names
        )
    if len(origins) > 1 and found[0].inner:
        whole = len({one.name for one in origins.values()}) < len(origins)
        choices = [one.told(whole) for one in origins.values()][:MOST_NAMED]
        return [], Phrase(
            "command", "several_layers", "{count} layers in {path} are named {layer}; write {names}",
            count=len(origins), path=report.path, layer=layer, names=either(choices),
        )  # fmt: skip
    return [one.origin for one in found if not one.inner or origins[id(one.origin.node)] is one], ""


def _layers(stack: Stack) -> Iterator[_Named]:
    """The rows of a stack, then the layers of the models among them: base/conv2d."""
    rows = list(zip(stack.rows, stack.origins, strict=False))
    yield from (_Named(stack.name, row.name, origin, False) for row, origin in rows)
    seen: set[Graph] = set()
    for row, _ in rows:
        if isinstance(row.node.rule, Graph):
            yield from _inside(row.node.rule, stack.name, row.name, seen)


def _inside(graph: Graph, stack: str, path: str, seen: set[Graph]) -> Iterator[_Named]:
    if graph in seen:
        return
    seen.add(graph)
    called = named(graph, Names())
    for node in graph.nodes:
        name = f"{path}/{called[node.rule]}"
        origin = getattr(node.origin, "origin", node.origin)
        if origin is not None:
            yield _Named(stack, name, origin, True)
        if isinstance(node.rule, Graph):
            yield from _inside(node.rule, stack, name, seen)


def _input(stack: Stack, shape: str) -> TextEdit | None:
    """The declared input replaced, or one added to the first layer."""
    origin = stack.origins[0]
    written = next((name for name in INPUTS if name in origin.arguments), "")
    is_input = stack.rows[0].class_name == "InputLayer"
    name = "shape" if is_input else "input_shape"
    if not written:
        return add_argument(origin.unit, origin.node, f"{name}={shape}")
    node = origin.arguments[written]
    return origin.unit.place(node), f"{name}={shape}" if type(node).__name__ == "keyword" else shape
