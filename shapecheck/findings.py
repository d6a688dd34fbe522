"""The facts of a report: files, their stacks, their findings and repairs."""

from __future__ import annotations

from shapecheck.diagnostics.base import RANKS, SEQUENCES, Diagnostic, facts
from shapecheck.languages import Phrase, say, speaking
from shapecheck.layers.windows import AXES
from shapecheck.nodes import before
from shapecheck.shapes import Shape
from shapecheck.table import Row, ShapeTable, verdict_counts

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable
    from typing import Any

    from shapecheck.graph import Graph
    from shapecheck.nodes import Node
    from shapecheck.reader.records import Event, Model
    from shapecheck.reader.source import Origin, Place, Unit


class Related:
    """A place that helps to understand a finding, and a label for it."""

    __slots__ = ("_text", "place")

    def __init__(self, place: Place, text: str) -> None:
        self.place = place
        self._text = text

    @property
    def text(self) -> str:
        """Its label, in the language of the moment."""
        return str(self._text)


class Repair:
    """An edit: `title` describes it, `edits` are (place, new text), `proved` if the whole graph passes with it."""

    __slots__ = ("_path", "_title", "edits", "proved")

    def __init__(self, title: str, edits: Iterable[tuple[Place, str]], proved: bool, path: str = "") -> None:
        self._title = title
        self.edits = tuple(edits)
        self.proved = proved
        self._path = path

    @property
    def title(self) -> str:
        """What it changes, in the language of the moment."""
        return str(self._title)

    @property
    def path(self) -> str:
        """The sizes after it, or where it moves the error."""
        return str(self._path)

    def __repr__(self) -> str:
        return f"<Repair {self.title!r}, {'proved' if self.proved else 'not proved'}>"


class Finding:
    """One thing that is wrong, and where. `layer` is the position in the stack as written; a written Input counts.

    `path` are the sizes on the way to the layer, `lines` those of its steps.
    `behind` names the broken layer after whose repair it appears, "" if there is none.
    """

    __slots__ = (
        "_label", "behind", "diagnostic", "elsewhere", "layer", "lines", "name", "path", "place", "related", "repairs", "severity", "stack",
    )  # fmt: skip

    def __init__(
        self,
        diagnostic: Diagnostic,
        place: Place | None,
        stack: Stack | None = None,
        layer: int | None = None,
        severity: str | None = None,
        related: Iterable[Related] = (),
    ) -> None:
        self.diagnostic = diagnostic
        self.place = place
        self.stack = stack
        self.layer = layer
        self.severity = severity or diagnostic.severity
        self.related = list(related)
        self.repairs: list[Repair] = []
        self._label: str = Phrase("places", "here", "here")
        self.behind = ""
        self.path = ""
        self.lines: tuple[int, ...] = ()
        self.elsewhere: list[tuple[str, str]] = []
        """Places in other files, as text: ("call", "from a.py:3:9"), ("see", ...)."""
        self.name = stack.rows[layer].name if stack is not None and layer is not None and layer < len(stack.rows) else ""

    @property
    def code(self) -> str:
        """Its code, for example SC101."""
        return self.diagnostic.code

    @property
    def words(self) -> str:
        """What is wrong, after the layer's name if there is one."""
        words = f"{self.name}: {self.diagnostic.message()}" if self.name else self.diagnostic.message()
        return say("report", "behind", "after the repair of {layer}: {words}", layer=self.behind, words=words) if self.behind else words

    @property
    def english(self) -> str:
        """The same in English, whatever is spoken: what fingerprints compare."""
        with speaking("en"):
            return self.words

    @property
    def facts(self) -> list[tuple[str, str]]:
        """How it came to this: ("why", ...), ("sum", ...), ("path", ...), as far as known, and what is `elsewhere`."""
        return [*facts(self.diagnostic, self.path), *self.elsewhere]

    @property
    def label(self) -> str:
        """What is printed beside the marked place."""
        return str(self._label)

    @label.setter
    def label(self, text: str) -> None:
        self._label = text

    def relate(self, place: Place, text: str) -> None:
        """Adds a place that helps to understand it, each place once."""
        if self.place is None or (place.key != self.place.key and all(place.key != other.place.key for other in self.related)):
            self.related.append(Related(place, text))

    def __repr__(self) -> str:
        return f"<Finding {self.code} {self.place}>"


class Stack:
    """A model of the source: its graph, its table, one row for each element as written, and the calls on it.

    `model` holds the elements and events as they were read; `origins[i]` is where layer i and each of its arguments are written.
    `part`: it is only a layer of another stack, which reports its findings.
    `assumed[i]` is row i under the first proved repair, if it is broken or not reached.
    """

    __slots__ = (
        "assumed",
        "events",
        "graph",
        "has_input",
        "id",
        "input_event",
        "input_shape",
        "model",
        "name",
        "nodes",
        "origins",
        "part",
        "place",
        "rows",
        "table",
    )

    def __init__(self, number: int, name: str, graph: Graph, table: ShapeTable, place: Place | None) -> None:
        self.id = f"stack-{number}"
        self.name = name
        self.graph = graph
        self.table = table
        self.place = place
        self.nodes: list[Any] = list(graph.nodes)
        self.rows: list[Row] = list(table.rows)
        self.origins: list[Origin] = []
        self.assumed: dict[int, Row] = {}
        self.events: list[Event] = []
        self.model: Model | None = None
        self.has_input = True
        self.part = False
        self.input_event: Event | None = None
        self.input_shape: Shape = table.rows[0].output if table.rows else Shape(None)

    @property
    def class_place(self) -> Place | None:
        """Where the class is written of which it is an object; None if it is not an object of a class of the file."""
        made = self.model.code if self.model is not None else None
        unit = made.of.unit if made is not None else None
        return unit.place(made.of.node) if made is not None and unit is not None else None

    @property
    def end_line(self) -> int | None:
        """The last line of its last layer."""
        lines = [origin.place.end_line for origin in self.origins]
        return max(lines, default=self.place.end_line if self.place else 0) if self.place else None

    def elsewhere(self, place: int) -> str:
        """Where layer `place` is written, if not in the file or cell of the stack: nets.py, or cell 7; else ""."""
        unit = self.origins[place].unit if place < len(self.origins) else None
        if self.place is None or unit is None or not unit.file:
            return ""
        if unit.file != self.place.file:
            return unit.file.replace("\\", "/").rpartition("/")[2]
        return say("report", "cell", "cell {cell}", cell=unit.cell) if unit.cell != self.place.cell else ""

    @property
    def verdicts(self) -> dict[str, int]:
        """How many of the layers in its table are proved, broken, not reached, unknown."""
        return verdict_counts(row for row in self.rows if self.shown(row))

    def shown(self, row: Row) -> bool:
        """An Input is in the headline, not in the table, unless it is broken or the only row."""
        return row.class_name != "InputLayer" or row.verdict == "broken" or len(self.rows) == 1


class FileReport:
    """What was found in one file. `error` says why nothing could be read.

    `problems` are parts that do not parse, and options without effect: those begin with --. `unanswered` names the
    options that had no effect at all.
    """

    __slots__ = (
        *("beside", "dialect", "error", "facts", "findings", "internal", "old", "path", "problems", "stacks", "steps", "unanswered"),
        "units",
    )

    def __init__(self, path: str, units: list[Unit] | None = None, error: str = "") -> None:
        self.path = path
        self.units = units or []
        self.error = error
        self.stacks: list[Stack] = []
        self.findings: list[Finding] = []
        self.problems: list[tuple[Place | None, str]] = []
        self.facts: list[tuple[str, str]] = []
        """Of a model file: who wrote it, what it needs, what is unsafe, whether it loads; by name."""
        self.unanswered: list[str] = []
        self.beside: list[FileReport] = []
        """Reports of the files beside it that it imports."""
        self.internal = 0
        """How many parts of the check failed with an internal error; `problems` says which."""
        self.steps = 0
        """Statements and expressions that were read for it."""
        self.dialect: Any = None
        self.old: Any = None
        """What shapecheck.migration found in it; None if nothing."""

    @property
    def cut(self) -> str:
        """Where and why a script is not valid Python, "" if it is; in a notebook only the wrong cell is skipped."""
        found = [(place.line, why) for place, why in self.problems if place is not None and place.cell is None]
        return f"line {found[0][0]}: reading stopped: {found[0][1]}" if found else ""

    @property
    def unfollowed(self) -> list[str]:
        """The options that had no effect, and why."""
        return [why for _, why in self.problems if why.startswith("--")]

    def line(self, place: Place) -> str:
        """The source line of a place."""
        for unit in self.units:
            if unit.cell == place.cell and 0 < place.line <= len(unit.lines):
                return unit.lines[place.line - 1]
        return ""


class Report:
    """All files together."""

    __slots__ = ("files",)

    def __init__(self, files: Iterable[FileReport]) -> None:
        self.files = list(files)

    def __repr__(self) -> str:
        return f"<Report of {len(self.files)} files, {len(self.findings)} findings>"

    @property
    def findings(self) -> list[Finding]:
        """The findings of all files."""
        return [finding for file in self.files for finding in file.findings]

    @property
    def stacks(self) -> list[Stack]:
        """The stacks of all files."""
        return [stack for file in self.files for stack in file.stacks]


def each_once(findings: list[Finding]) -> list[Finding]:
    """Findings in the order of their places, each code once for each place."""
    unique: dict[Any, Finding] = {}
    for finding in findings:
        key = (finding.code, (finding.place.file, finding.place.key) if finding.place else None)
        unique.setdefault(key, finding)
    return sorted(unique.values(), key=lambda finding: finding.place.key if finding.place else (0, 0, 0, 0, 0))


def twin(old: FileReport, stack: Stack | None, new: FileReport) -> Stack | None:
    """The same stack in the new report."""
    if stack is None:
        return None
    if len(old.stacks) == len(new.stacks) and stack in old.stacks:
        return new.stacks[old.stacks.index(stack)]
    return next((other for other in new.stacks if other.name == stack.name), None)


MOST_SHAPES = 6
"""Shapes of a path that are printed: of more the first two and the last three."""


def way(table: ShapeTable, node: Node, diagnostic: Diagnostic) -> list[tuple[str, Node]]:
    """The sizes on the way to a layer, each with the layer that makes it; [] where they explain nothing.

    Sizes along the axis in question, and at last what the layer would make of them; else shapes without the batch.
    """
    rows = [table[one] for one in reversed(before(node))]
    rows += [table[node]] if diagnostic.path_ends == "output" else []
    if not diagnostic.path_ends or not rows:
        return []
    axis = getattr(diagnostic, "axis", None)
    return _sizes_on_the_way(rows, node, diagnostic, axis) if isinstance(axis, str) else _shapes_on_the_way(rows)


def _sizes_on_the_way(rows: list[Row], node: Node, diagnostic: Any, axis: str) -> list[tuple[str, Node]]:
    steps: list[tuple[Any, Node]] = []
    for row in rows:
        pair = size_along(row, axis)
        if pair is None:
            steps = [] if row.inputs else steps
            continue
        if not steps:
            steps.append((pair[0], rows[0].node))
        if pair[0] != pair[1]:
            steps.append((pair[1], row.node))
    steps = steps or [(diagnostic.size, rows[-1].node)]
    return [*((str(size), one) for size, one in steps), (str(diagnostic.stops), node)]


def size_along(row: Row, axis: str) -> tuple[Any, Any] | None:
    """The size before and after a layer along a spatial axis."""
    given, after = row.inputs[0].dims if row.inputs else None, row.output.dims
    if not given or not after or len(given) != len(after) or axis not in AXES.get(len(after) - 2, ()):
        return None
    at = AXES[len(after) - 2].index(axis) + (2 if getattr(row.node.rule, "data_format", "") == "channels_first" else 1)
    return given[at], after[at]


def _shapes_on_the_way(rows: list[Row]) -> list[tuple[str, Node]]:
    steps: list[tuple[str, Node]] = []
    for row in rows:
        text = str(Shape(row.output.dims[1:])) if row.output.dims else "?"
        if not steps or steps[-1][0] != text:
            steps.append((text, row.node))
    return steps if len(steps) <= MOST_SHAPES else [*steps[:2], ("...", steps[2][1]), *steps[-3:]]


def path(rows: Iterable[Any], finding: Finding) -> str:
    """The sizes along the axis in question, layer by layer; else the output."""
    rows = list(rows)
    axis = getattr(finding.diagnostic, "axis", None)
    if isinstance(axis, str):
        return " ".join(str(size) for size in sizes(rows, axis))
    if not rows or finding.diagnostic.family not in (RANKS, SEQUENCES):
        return ""
    return Phrase("places", "last_output", "output {shape}", shape=rows[-1].output)


def sizes(rows: Iterable[Any], axis: str) -> list[Any]:
    """The sizes along a spatial axis, row by row, as long as the axis exists; without windows only the changes."""
    found: list[Any] = []
    for row in rows:
        dims = row.output.dims if row.inference is not None else None
        names = AXES.get(len(dims) - 2, ()) if dims else ()
        if not dims or axis not in names:
            break
        first = getattr(row.node.rule, "data_format", "") == "channels_first"
        size = dims[names.index(axis) + (2 if first else 1)]
        if not found or found[-1] != size or hasattr(row.node.rule, "strides"):
            found.append(size)
    return found
