"""summary(): the layout that Keras 2 printed and the guide shows, byte for byte: title, lines of _ and =, three columns.

If 65 columns would cut a name, the column grows; if 80 are not enough, the others shrink, then a class is written below its
layer's name, and last names continue on the next line. With `line_length`, fields are cut as in Keras 2.
"""

from __future__ import annotations

from collections.abc import Sequence
from itertools import accumulate, pairwise, zip_longest

from shapecheck.layers.core import InputLayer
from shapecheck.report.cells import number
from shapecheck.report.fitting import folded, squeeze
from shapecheck.shapes import subtract

TYPE_CHECKING = False
if TYPE_CHECKING:
    from shapecheck.table import Row, ShapeTable

COLUMNS = ("Layer (type)", "Output Shape", "Param #")
LENGTH, ENDS = 65, (0.45, 0.85, 1.0)
CONNECTED_LENGTH, CONNECTED_ENDS = 98, (0.33, 0.55, 0.67, 1.0)
PARAMS = 2
"""The index of the parameter column."""
TERMINAL = 80
SHOWN_CLASSES = {"Graph": "Functional", "Model": "Functional"}


def render(
    table: ShapeTable,
    name: str,
    line_length: int | None = None,
    shown: ShapeTable | None = None,
    functional: bool | None = None,
) -> str:
    """The guide's table, without a newline at its end.

    shown: a table of the same graph whose shapes are printed instead (the first call fixes what is shown, for example (1, 4)).
    functional: show Input rows and the connections of each layer, if the graph is not a chain; None: decided by the graph.
    """
    chain = is_chain(table)
    functional = not chain if functional is None else functional
    connected = functional and not chain
    rows = [row for row in table.once if functional or not isinstance(row.node.rule, InputLayer)]
    blocks = [_block(row, table, shown, connected) for row in rows]
    header = (*COLUMNS, "Connected to") if connected else COLUMNS
    ends = _ends(line_length, connected, [header, *(line for block in blocks for line in block)])
    for column, mark in ((0, " ("), (3, "[")) if line_length is None else ():
        if ends[-1] > TERMINAL and column < len(header):
            others = ends[-1] - (ends[column] - (ends[column - 1] if column else 0))
            blocks = [_folded(block, column, mark, TERMINAL - others - 1) for block in blocks]
            ends = _ends(line_length, connected, [header, *(line for block in blocks for line in block)])
    if line_length is None and ends[-1] > TERMINAL:
        ends = _narrowed(ends)
        blocks = [[line for fields in block for line in _continued(fields, ends)] for block in blocks]
    width = ends[-1]
    longest = line_length or max(TERMINAL, width)
    lines = [*folded(f'Model: "{name}"', longest), "_" * width, _row(header, ends), "=" * width]
    for block in blocks:
        lines += [_row(fields, ends) for fields in block]
        lines.append("_" * width)
    if blocks:
        lines.pop()
    return "\n".join([*lines, "=" * width, *(line for text in _totals(table) for line in folded(text, longest)), "_" * width])


def is_chain(table: ShapeTable) -> bool:
    """True if the layers form one chain: each has one input and is used once."""
    nodes = table.graph.nodes
    fed = [tensor.node for node in nodes for tensor in node.inputs]
    single = all(len(node.inputs) <= 1 for node in nodes) and len(set(fed)) == len(fed)
    return single and len(table.once) == len(table.rows) and len(table.graph.outputs) == 1


def _block(row: Row, table: ShapeTable, shown: ShapeTable | None, connected: bool) -> list[tuple[str, ...]]:
    """The lines of one layer: one line for each connection, at least one."""
    kind = SHOWN_CLASSES.get(row.class_name, row.class_name)
    shape = _shape(shown[row.node] if shown is not None else row)
    fields = (f"{row.name} ({kind})", shape, number(row.params, separators=False))
    if not connected:
        return [fields]
    feeds = _connections(row, table) or [""]
    return [(*fields, feeds[0]), *(("", "", "", feed) for feed in feeds[1:])]


def _folded(block: Sequence[tuple[str, ...]], column: int, mark: str, widest: int) -> list[tuple[str, ...]]:
    """The block with too wide fields of that column on two lines, split before the mark: a name, and below it the (class)."""
    lines = []
    for fields in block:
        before, found, after = fields[column].partition(mark) if len(fields[column]) > widest else (fields[column], "", "")
        lines.append((*fields[:column], before, *fields[column + 1 :]))
        if found:
            below = [""] * len(fields)
            below[column] = f"{mark}{after}"
            lines.append(tuple(below))
    return lines


def _narrowed(ends: Sequence[int]) -> list[int]:
    """Columns that fit into a terminal: the widest ones shrink, never the parameters."""
    widths = [right - left for left, right in pairwise([0, *ends])]
    squeeze(widths, [column for column in range(len(widths)) if column != PARAMS], TERMINAL)
    return list(accumulate(widths))


def _continued(fields: Sequence[str], ends: Sequence[int]) -> list[tuple[str, ...]]:
    """The lines of fields that may be too long for their columns."""
    last = len(ends) - 1
    room = [right - left - (column < last) for column, (left, right) in enumerate(pairwise([0, *ends]))]
    cells = [folded(field, width) for field, width in zip(fields, room, strict=True)]
    return list(zip_longest(*cells, fillvalue=""))


def _connections(row: Row, table: ShapeTable) -> list[str]:
    """conv2d[0][0]: the layer, its call index and the output index, for all uses of this layer."""
    uses = [other.node for other in table.rows if other.node.rule.layer_made is row.node.rule.layer_made]
    found = []
    for tensor in (tensor for node in uses for tensor in node.feeds):
        before = [other.node for other in table.rows if other.node.rule.layer_made is tensor.node.rule.layer_made]
        found.append(f"{table[tensor.node].name}[{before.index(tensor.node)}][{tensor.port}]")
    return found


def _shape(row: Row) -> str:
    if row.verdict in ("broken", "not-reached"):
        return row.verdict.replace("-", " ")
    if len(row.outputs) == 1:
        return str(row.output)
    return "[" + ", ".join(map(str, row.outputs)) + "]"


def _ends(line_length: int | None, connected: bool, lines: Sequence[Sequence[str]]) -> list[int]:
    """Where each column ends.

    Without a line_length a column is at least as wide as its longest field, and as wide as in the guide unless a line would then be
    longer than a terminal's.
    """
    fractions = CONNECTED_ENDS if connected else ENDS
    if line_length is not None:
        return [int(line_length * fraction) for fraction in fractions]
    usual = [int((CONNECTED_LENGTH if connected else LENGTH) * fraction) for fraction in fractions]
    last = len(usual) - 1
    needed = [max(len(line[column]) for line in lines) + (column < last) for column in range(len(usual))]
    wide = [max(right - left, need) for left, right, need in zip([0, *usual], usual, needed, strict=False)]
    if sum(wide) <= TERMINAL:
        return list(accumulate(wide))
    spare = TERMINAL - sum(needed)
    for column, width in enumerate(wide):
        more = max(0, min(spare, width - needed[column]))
        needed[column] += more
        spare -= more
    return list(accumulate(needed))


def _row(fields: Sequence[str], ends: Sequence[int]) -> str:
    line = ""
    for place, (field, end) in enumerate(zip(fields, ends, strict=True)):
        if place:
            line = line[:-1] + " "
        line = (line + field)[:end].ljust(end)
    return line


def _totals(table: ShapeTable) -> list[str]:
    frozen = subtract(table.params, table.trainable_params)
    facts = (("Total", table.params), ("Trainable", table.trainable_params), ("Non-trainable", frozen))
    return [f"{word} params: {number(count)}" for word, count in facts]

