"""The last part of a reason: the comment that would settle what is unknown, and the line where it goes.

A value gets it with its first name. An array that is made of it and has a name of its own gets its own: so the comment that a report
shows is for the array nearest to the model.
"""

from __future__ import annotations

from shapecheck.languages import Phrase, because
from shapecheck.reader.values import Array, Batches, Items, Number, Offset, Table
from shapecheck.shapes import Computed, Dim, Unknown

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Sequence
    from typing import Any

BEGIN = ": write `# shapecheck: "
COMMENT = "{cause}: write `# shapecheck: {name} = {example}` {where}"
"""The key of the reason that `comment` makes."""
ADVISED = frozenset({Unknown, Computed, Number, Offset, Array, Batches, Items, Table})
"""Types of values that may be unknown, wholly or in parts."""
NUMBER, WIDTH = "32", 30
"""Examples of a number and of a size, for the reader to replace by the true one."""
EXAMPLES = {"padding": "'same'", "activation": "'relu'", "loss": "'mse'", "return_sequences": "True"}
"""The kind of value to declare under such a name, if not a number."""
PICTURE = "(28, 28, 1)"


class Named(Unknown):
    """An unknown value with a name."""

    __slots__ = ()


class NamedOffset(Offset):
    """The same at a distance of another one."""

    __slots__ = ()


def cause(why: str) -> str:
    """The reason without what would settle it."""
    if isinstance(why, Phrase) and why.name == COMMENT:
        found = why.said["cause"]
        return found if isinstance(found, str) else ""
    return why.partition(BEGIN)[0]


def comment(why: str, name: str, example: str, where: str) -> str:
    """The reason, and the comment that settles it."""
    return because(
        "{cause}: write `# shapecheck: {name} = {example}` {where}", cause=cause(why), name=name, example=example, where=where
    )


def lined(why: str, line: int) -> str:
    """The reason with its line, if it names none."""
    plain = cause(why) or because("its value is unknown")
    return plain if "line " in plain else because("{why} (line {line})", why=plain, line=line)


def below(line: int, cell: int | None) -> str:
    """Where a comment goes, in words."""
    if cell is None:
        return because("below line {line}", line=line)
    return because("below line {line} of cell {cell}", line=line, cell=cell)


def behind(statement: Any, cell: int | None) -> str:
    """The same for a comment after an if or a loop, outside of it."""
    where = below(statement.end_lineno or statement.lineno, cell)
    return because("{where}, indented as line {line}", where=where, line=statement.lineno)


def above(line: int, cell: int | None) -> str:
    """The same for a comment in front of what uses the value."""
    if cell is None:
        return because("above line {line}", line=line)
    return because("above line {line} of cell {cell}", line=line, cell=cell)


def example(name: str) -> str:
    """A value for an unknown one of this name."""
    last = name.rpartition(".")[2].strip("]'\"")
    return EXAMPLES.get(last) or (PICTURE if "shape" in last.lower() else NUMBER)


def named(value: Any, name: str, line: int, where: str) -> Any:
    """The value with its name: if it is unknown, the reason says how to declare it."""
    kind = type(value)
    if kind is Unknown or kind is Computed or kind is Number:
        return Named(value.name, comment(lined(value.why, line), name, example(name), where), value)
    if kind is Offset:
        made = NamedOffset(value.base, value.by)
        made.why = comment(lined(value.why, line), name, example(name), where)
        return made
    if kind is Array:
        _array(value, name, line, where)
    elif kind is Batches:
        _batches(value, name, line, where)
    elif value.why:
        value.why = comment(lined(value.why, line), name, f"(None, {WIDTH})", where)
    return value


def _array(value: Array, name: str, line: int, where: str) -> None:
    if value.named:
        return
    if value.dims is None:
        value.why = comment(lined(value.why or because("the shape is unknown"), line), name, sizes(None, value.last), where)
        value.named = True
    elif any(isinstance(size, Unknown) for size in value.dims[1:]):
        shown = sizes(value.dims)
        value.dims = (*value.dims[:1], *[_size(size, name, shown, line, where) for size in value.dims[1:]])
        value.named = True


def _size(size: Dim, name: str, shown: str, line: int, where: str) -> Dim:
    if not isinstance(size, Unknown):
        return size
    return Named(size.name, comment(lined(size.why or because("a size is unknown"), line), name, shown, where), size)


def _batches(value: Batches, name: str, line: int, where: str) -> None:
    parts = [part for part in (value.x, value.y) if isinstance(part, Array)]
    shown = ", ".join(sizes(part.dims, part.last) for part in parts)
    for part in parts:
        if part.named:
            continue
        if part.dims is None:
            written = f"({shown})" if len(parts) > 1 else shown
            part.why = comment(lined(part.why or because("the shape is unknown"), line), name, written, where)
        else:
            written = f"({shown})" if len(parts) > 1 else shown
            part.dims = (*part.dims[:1], *[_size(size, name, written, line, where) for size in part.dims[1:]])


def sizes(dims: Sequence[Dim] | None, last: Dim = None) -> str:
    """A shape as a comment has it, with an example for each size that is unknown."""
    if dims is None:
        return f"(None, {last if isinstance(last, int) else WIDTH})"
    shown = [str(size) if isinstance(size, int) else str(WIDTH) if isinstance(size, Unknown) else "None" for size in dims[1:]]
    return f"(None, {', '.join(shown)})" if shown else "(None,)"


def settles_no_tensor(why: str) -> bool:
    """True if the reason proposes nothing, or a comment with a number or an array: neither is a tensor of a model."""
    if isinstance(why, Phrase) and why.name == COMMENT:
        return why.said["example"] in (NUMBER, f"(None, {WIDTH})")
    return ": " not in why


def for_input(why: str, shape: str) -> str:
    """The reason with a shape of as many axes as a model takes, where the comment has only a guess."""
    guessed = isinstance(why, Phrase) and why.name == COMMENT and why.said["example"] in (NUMBER, f"(None, {WIDTH})", PICTURE)
    return why.changed(example=shape) if isinstance(why, Phrase) and guessed else why
