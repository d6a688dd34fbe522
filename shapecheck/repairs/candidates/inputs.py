"""Edits of the input shape, wherever a stack declares it."""

from __future__ import annotations

from collections.abc import Iterator

from shapecheck.layers.wrappers import COLOURS
from shapecheck.reader.source import Place, Position, expression
from shapecheck.repairs.candidates import titles
from shapecheck.repairs.candidates.base import Candidate
from shapecheck.repairs.candidates.titles import line, placed
from shapecheck.repairs.edits import Change, point, written
from shapecheck.shapes import Shape

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    from shapecheck.findings import FileReport, Stack
    from shapecheck.reader.records import Event
    from shapecheck.repairs.edits import Edit

SHAPES = ("shape", "input_shape", "batch_shape", "batch_input_shape", "input_dim")


def shape_node(stack: Stack, at: int = 0) -> tuple[Any, str, Any]:
    """The unit, the argument's name and the expression (without its keyword) that declare input `at`; None if there is none."""
    if not stack.origins:
        return None, "", None
    origin = stack.origins[at]
    for name in SHAPES:
        node = origin.arguments.get(name)
        if node is not None and not (name == "input_dim" and type(stack.rows[at].node.rule).__name__ == "Embedding"):
            return origin.unit, name, expression(node)
    return None, "", None


def literal(node: Any) -> bool:
    """True for a tuple or list of plain numbers and None."""
    items = getattr(node, "elts", None)
    return items is not None and all(type(item).__name__ == "Constant" for item in items)


def shape_edit(stack: Stack, shape: Shape, at: int = 0) -> Edit | None:
    """The declared shape of input `at` replaced by `shape` (batch axis included), if it is written as a literal."""
    if stack.origins and isinstance(stack.origins[0], Position) and shape.dims is not None:
        return Change(stack.origins[0], "input", *map(str, shape.dims))
    unit, name, node = shape_node(stack, at)
    if not literal(node) or shape.dims is None:
        return None
    sizes = shape.dims if name.startswith("batch") else shape.dims[1:]
    words = ", ".join(map(str, sizes)) + ("," if len(sizes) == 1 and type(node).__name__ == "Tuple" else "")
    return unit.place(node), f"[{words}]" if type(node).__name__ == "List" else f"({words})"


def added_axis(stack: Stack) -> Edit | None:
    """A last axis of 1 added to the declared input shape, which need not be a literal of numbers only."""
    unit, name, node = shape_node(stack)
    if stack.origins and isinstance(stack.origins[0], Position):
        return shape_edit(stack, Shape((*(stack.table.rows[0].output.dims or ()), 1)))
    if node is None:
        return None
    if name == "input_dim":
        keyword = stack.origins[0].arguments[name]
        return unit.place(keyword), f"input_shape=({written(unit, node)}, 1)"
    items = getattr(node, "elts", None)
    if items:
        last = unit.place(items[-1])
        return point(unit, last.end_line, last.end_column), ", 1"
    if type(node).__name__ == "Constant":
        return unit.place(node), f"({written(unit, node)}, 1)"
    return unit.place(node), f"(*{written(unit, node)}, 1)"


def time_axis(stack: Stack, shape: Shape) -> Iterator[Candidate]:
    """An axis of steps in front of the declared sizes: of a batch_shape its first number, which was meant for it, else any number."""
    unit, name, node = shape_node(stack)
    items = getattr(node, "elts", None)
    if not items or not literal(node) or shape.last not in COLOURS:
        return
    text = written(unit, node)
    if not name.startswith("batch"):
        first = unit.place(items[0])
        sizes = Shape((None, *(item.value for item in items)))
        yield Candidate(titles.time_axis(sizes), [(point(unit, first.line, first.column), "None, ")])
    elif isinstance(items[0].value, int):
        keyword = stack.origins[0].arguments[name]
        edit = (unit.place(keyword), f"{name.removeprefix('batch_')}={text}")
        code = f"{name.removeprefix('batch_')}={text}"
        yield Candidate(titles.steps_first(code), [edit])


def changed_data(event: Event, change: str, what: str = "") -> Iterator[Candidate]:
    """The data of a fit, predict or call with an appended expression, for example x[None], if the data is written as a name."""
    if isinstance(event.origin, Position):
        yield Candidate(_so_that(f"x{change}", what), [Change(event.origin, "data", change)])
        return
    node = next((event.origin.arguments[name] for name in ("0", "x", "inputs") if name in event.origin.arguments), None)
    given = event.get(0, "x", "inputs")
    if type(node).__name__ in ("Name", "Attribute", "Subscript") and getattr(given, "dtype", "") in ("int", "float"):  # no data frame
        place = event.origin.unit.place(node)
        text = written(event.origin.unit, node) + change
        yield Candidate(placed(line(place.line), _so_that(text, what)), [(place, text)])


def _so_that(code: str, what: str) -> str:
    return titles.what(code, what) if what else code


def without_batch(stack: Stack) -> Edit | None:
    """The declared input shape without its first axis."""
    unit, name, node = shape_node(stack)
    if stack.origins and isinstance(stack.origins[0], Position):
        return shape_edit(stack, Shape((None, *(stack.table.rows[0].output.dims or ())[2:])))
    items = getattr(node, "elts", None)
    if type(node).__name__ in ("Name", "Attribute", "Subscript") and name in ("shape", "input_shape"):
        return unit.place(node), f"{written(unit, node)}[1:]"
    if not items or len(items) < 2 or name.startswith("batch"):
        return None
    first, second = unit.place(items[0]), unit.place(items[1])
    if len(items) == 2 and type(node).__name__ == "Tuple":
        return shape_edit(stack, Shape((None, *(stack.table.rows[0].output.dims or ())[2:])))
    return Place(first.file, first.cell, first.line, first.column, second.line, second.column), ""


def channels_last(report: FileReport, stack: Stack) -> Iterator[Candidate]:
    """(1, 28, 28) or (3, 224, 224): channels are first, but the layers expect them last."""
    dims = stack.table.rows[0].output.dims or ()
    if len(dims) == 4 and dims[1] in (1, 3) and dims[2] == dims[3] and isinstance(dims[2], int) and dims[2] >= 8:
        shape = Shape((dims[0], dims[2], dims[3], dims[1]))
        title = titles.channels_last(Shape(shape.sizes))
        yield Candidate(title, [shape_edit(stack, shape)])
