"""The table of one stack in 80 columns: line, layer with its main arguments, output, arithmetic, costs, receptive field."""

from __future__ import annotations

from shapecheck.languages import Phrase, columns, pushed, say
from shapecheck.layers.base import Rule
from shapecheck.nodes import Structure
from shapecheck.report.cells import VERDICTS, Cells, any_size, count, headers, inputs_of, noted, proved, short
from shapecheck.report.cells import totals as sums
from shapecheck.report.fitting import column_widths, folded_row, wrapped
from shapecheck.report.unread_pixels import notes
from shapecheck.shapes import Unknown, add

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Sequence
    from typing import Any

    from shapecheck.findings import FileReport, Stack
    from shapecheck.reader.source import Place
    from shapecheck.table import Row

WIDTH = 80
HOW = Phrase("report", "column.how", "how")
LEFT = 3
"""The first columns are text, the others are right-aligned numbers."""
LEAST = ((2, 18), (0, 14), (1, 17), (2, 14), (0, 11), (1, 11))
"""Which columns shrink first if a table is too wide, and their smallest widths."""
MAIN = ("filters", "units", "kernel_size", "pool_size", "size", "input_dim", "output_dim", "n", "target_shape", "dims", "rate",
        "activation")  # fmt: skip
"""Arguments that distinguish two layers of a class, in reading order."""


def render(file: FileReport, stack: Stack) -> str:
    """Plain text of at most 80 columns: a longer text continues on the next line."""
    where = f" ({at_line(stack.place)}{_class(stack)})" if stack.place else ""
    title = f"{file.path + ': ' if file.path else ''}{stack.name}{where}   {inputs(stack)}"
    places = [place for place, row in enumerate(stack.rows) if stack.shown(row)]
    runs = _runs(stack, places)
    rows = [_cells(stack, run[0]) if len(run) == 1 else _together(stack, run) for run in runs]
    first, second, _, *others = headers()
    names = (first, second, str(HOW), *others)
    widths = column_widths([names, *rows], WIDTH - 5, LEAST)
    lines = [*_title(title, file.path), *_folded(say("report", "column.line", "line"), names, widths)]
    marks, where = _summaries(stack), ""
    for (place, *_), row in zip(runs, rows, strict=True):
        lines += marks.pop(place, [])
        if stack.elsewhere(place) != where:
            where = stack.elsewhere(place)
            lines += _wrapped(f"{'':5}{say('report', 'lines_of', '-- lines of {file} --', file=where or _home(stack))}")
        line = stack.origins[place].line if place < len(stack.origins) else ""
        lines += _folded(str(line), row, widths)
    for texts in marks.values():
        lines += texts
    for text in (totals(stack), *map(noted, [*any_size(stack.table), *notes(stack.table, _lines_of(stack))])):
        lines += _wrapped(text)
    return "\n".join(lines)


def inputs(stack: Stack) -> str:
    """input (None, 4), or inputs (None, 4), (None, 5)."""
    shapes = [str(stack.table.accepted.get(tensor.node, stack.table[tensor.node].output)) for tensor in stack.graph.inputs]
    if len(shapes) > 1:
        return say("report", "inputs", "inputs {shapes}", shapes=", ".join(shapes))
    return inputs_of(shapes[0] if stack.table.accepted else str(stack.input_shape))


def at_line(place: Place) -> str:
    """line 3, or cell 2, line 3."""
    if place.cell is None:
        return say("report", "line", "line {line}", line=place.line)
    return say("report", "cell_line", "cell {cell}, line {line}", cell=place.cell, line=place.line)


def totals(stack: Stack) -> str:
    """Total parameters, multiply-adds and activations, and how many layers are proved."""
    counts = stack.verdicts
    known = not counts["broken"] and not counts["not-reached"]
    return f"{f'{sums(stack.table)}; ' if known else ''}{proved(counts)}"


def label(rule: Rule) -> str:
    """Conv2D 32 5x5 /2: the class with its main arguments."""
    inner = getattr(rule, "layer", None)
    if isinstance(inner, Rule):
        return f"{rule.class_name} {label(inner)}"
    if isinstance(rule, Structure):
        return rule.name or "Functional"
    words = [rule.class_name]
    given = ((name, getattr(rule, name, None)) for name in MAIN)
    words += [text for name, value in given if value is not None and (text := _short(name, value))]
    strides = getattr(rule, "strides", None)
    if hasattr(rule, "kernel_size") and strides is not None:
        sizes = _sizes(strides)
        words += [f"/{sizes}"] if sizes and sizes != "1" else []
    return " ".join(words)


def _class(stack: Stack) -> str:
    """Where the class of an object is written, unless the stack is the class itself: "; class Net, line 6"."""
    place, model = stack.class_place, stack.model
    if place is None or stack.place is None or model is None or model.code is None or place.line == stack.place.line:
        return ""
    name = model.code.of.name
    if place.cell not in (None, stack.place.cell):
        return say("report", "class.cell", "; class {name}, cell {cell}, line {line}", name=name, cell=place.cell, line=place.line)
    return say("report", "class", "; class {name}, line {line}", name=name, line=place.line)


def _short(name: str, value: Any) -> str:
    if name == "activation":
        return ""
    if name == "kernel_size" and isinstance(value, (tuple, list)):
        return "x".join(map(str, value)) if all(isinstance(size, int) for size in value) else ""
    if isinstance(value, bool):
        return ""
    if isinstance(value, (int, float)):
        return f"{value:g}" if isinstance(value, float) else str(value)
    return _sizes(value)


def _sizes(value: Any) -> str:
    """2 for (2, 2), 2x1 for (2, 1), "" if one is not a number."""
    if isinstance(value, int):
        return str(value)
    if not isinstance(value, (tuple, list)) or not value or not all(isinstance(size, int) for size in value):
        return ""
    return str(value[0]) if len(set(value)) == 1 else "x".join(map(str, value))


def _cells(stack: Stack, place: int) -> tuple[str, ...]:
    row = stack.rows[place]
    other = stack.assumed.get(place)
    cells = Cells(other or row)
    words = label(row.node.rule)
    if row.class_name == "Activation" and isinstance(name := getattr(row.node.rule, "activation", None), str):
        words += f" {name}"
    if other is not None:
        state = say("report", "assumed", "{verdict} (values assume fix 1)", verdict=VERDICTS[row.verdict])
        return words, cells.output.replace(" ", ""), state, cells.params, cells.macs, cells.sees
    text = cells.how if row.verdict in ("broken", "not-reached", "unknown") else _sum(cells.how)
    output = cells.output if row.verdict in ("broken", "not-reached") else cells.output.replace(" ", "")
    numbers = ("", "", "") if row.verdict in ("broken", "not-reached") else (cells.params, _macs(row, cells.macs), cells.sees)
    return words, output, text, *numbers


def _home(stack: Stack) -> str:
    """The name of the file or cell in which the stack is written."""
    if stack.place is not None and stack.place.cell is not None:
        return say("report", "cell", "cell {cell}", cell=stack.place.cell)
    return stack.place.file.replace("\\", "/").rpartition("/")[2] if stack.place is not None else ""


def _runs(stack: Stack, places: list[int]) -> list[list[int]]:
    """The rows; those of a known architecture are one line if nothing is wrong with them."""
    runs: list[list[int]] = []
    for place in places:
        if runs and _of_one(stack, runs[-1][-1], place):
            runs[-1].append(place)
        else:
            runs.append([place])
    return runs


def _of_one(stack: Stack, before: int, place: int) -> bool:
    if place >= len(stack.origins) or stack.origins[before] is not stack.origins[place] or not stack.origins[place].network:
        return False
    last, row = stack.rows[before], stack.rows[place]
    return last.verdict == row.verdict and row.verdict in ("proved", "any-size", "unknown") and last.reason == row.reason


def _together(stack: Stack, run: list[int]) -> tuple[str, ...]:
    """MobileNetV2, 54 layers: their total cost and the output of the last one."""
    rows, last = [stack.rows[place] for place in run], Cells(stack.rows[run[-1]])
    first = {row.node.rule: row for row in reversed(rows)}.values()
    params = short(add(*(row.params for row in first)))
    costs = add(*(row.inference.multiply_adds for row in rows if row.inference))
    words = say("report", "together", "{network}, {count} layers", network=stack.origins[run[0]].network, count=len(rows))
    how = say("report", "to", "to {layer}", layer=rows[-1].name) if rows[-1].verdict in ("proved", "any-size") else last.how
    return words, last.output.replace(" ", ""), how, params, count(costs), last.sees


def _macs(row: Row, text: str) -> str:
    return "-" if row.inference is not None and row.inference.multiply_adds == 0 else text


def _sum(how: str) -> str:
    """The arithmetic without its result, which is in the output column: floor((250-5)/2)+1."""
    steps = [step.rpartition("=")[0].strip() or step for step in how.split("; ")]
    return "; ".join(dict.fromkeys(steps))


def _summaries(stack: Stack) -> dict[int, list[str]]:
    """summary() calls between the layers: for the row after each call, a line with the parameters up to there."""
    marks: dict[int, list[str]] = {}
    if stack.model is None or len(stack.nodes) != len(stack.model.elements):
        return marks
    for event in stack.events:
        count = len(event.elements)
        if event.kind != "summary" or not 0 < count < len(stack.rows):
            continue
        params = [row.params for row in stack.rows[:count]]
        known = [size for size in params if isinstance(size, int)]
        if len(known) == len(params) and not isinstance(event.origin.line, Unknown):
            line = event.origin.line
            text = say("report", "summary", "-- {params:,} params at summary() on line {line} --", params=sum(known), line=line)
            marks.setdefault(count, []).append(f"{'':5}{text}")
    return marks


def _lines_of(stack: Stack) -> dict[str, str]:
    """The source line of each layer; "" inside a known architecture, which the user cannot edit."""
    pairs = enumerate(zip(stack.rows, stack.origins, strict=False))
    return {row.name: "" if origin.network else _line_of(stack.elsewhere(at), origin.line) for at, (row, origin) in pairs}


def _line_of(file: str, line: Any) -> str:
    if file:
        return say("report", "file_line", "{file} line {line}", file=file, line=line)
    return say("report", "line", "line {line}", line=line)


def _folded(line: str, row: Sequence[str], widths: Sequence[int]) -> list[str]:
    lines = folded_row(row, widths, LEFT)
    return [f"{pushed(line if not place else '', 4)} {text}".rstrip() for place, text in enumerate(lines)]


def _title(text: str, path: str) -> list[str]:
    """The headline in lines. A path is never split, because people click on it; a name that is too long is."""
    if _fits(text):
        return [text]
    lines = []
    for line in wrapped(text, WIDTH, "  ", cut=False):
        whole = columns(line) <= WIDTH or line.strip() in f"{path}:".split()
        lines += [line] if whole else [f"  {part}" for part in wrapped(line.strip(), WIDTH - 2)]
    return lines


def _wrapped(text: str) -> list[str]:
    return [text] if _fits(text) else wrapped(text, WIDTH, "  ")


def _fits(text: str) -> bool:
    return columns(text) <= WIDTH and text.isprintable() and text == text.strip()
