"""Shapes that a comment declares, `# shapecheck: x_train = (None, 30)`: read, and put among the statements where they hold.

A comment holds for the assignment on its line, for the one right above it, or for the one right below it, in this order; one that is
by no assignment of its name holds for the value that the name has there, or gets first.
"""

from __future__ import annotations

import _ast as ast

from shapecheck.languages import Phrase
from shapecheck.reader import comments
from shapecheck.reader.source import ONLY_AST, compiled, dotted

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator
    from typing import Any

    from shapecheck.reader.comments import Comment
    from shapecheck.reader.source import Unit

PARTS = ("body", "orelse", "finalbody", "handlers", "cases")
"""Where a statement holds others."""
BINDING = (ast.For, ast.AsyncFor, ast.With, ast.AsyncWith, ast.FunctionDef, ast.AsyncFunctionDef)
"""Statements whose first line assigns names that their body uses."""
MOST = 2000
"""Comments of one file that are read."""


class Declaration(ast.stmt):
    """A comment among the statements: `target` is the declared expression, `text` its source, `given` its value.

    `problem` says why it is invalid, or is "". It has the place of the comment.
    """

    _fields = ()
    target: Any
    text: str
    given: Any
    problem: str
    lineno: int
    end_lineno: int
    col_offset: int
    end_col_offset: int


class Sizes(tuple):  # type: ignore[type-arg]
    """A declared tuple: the shape of an array, or the tuple itself, whichever the name holds."""

    __slots__ = ()


def insert(unit: Unit) -> None:
    """Puts the declarations of a unit among its statements."""
    for comment in comments.of(unit)[:MOST]:
        if not comment.text.lower().startswith("ignore"):
            for declaration in _declarations(unit, comment):
                _place(unit.statements, comment, declaration, binds=False)


def _declarations(unit: Unit, comment: Comment) -> Iterator[Declaration]:
    """One for each NAME = VALUE; several are separated by semicolons."""
    text = comment.text
    if len(text) > 1000 or text.count("(") > 50:
        yield _made(unit, comment, Phrase("SC904", "long", "it is too long"))
        return
    try:
        statements = compiled(text, ONLY_AST).body
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        statements = []
    if not statements:
        yield _made(unit, comment, Phrase("SC904", "assignment", "it is not a Python assignment"))
    for statement in statements:
        made = _made(unit, comment)
        if type(statement) is not ast.Assign or len(statement.targets) != 1 or not dotted(statement.targets[0]):
            made.problem = Phrase("SC904", "variable", "it names no variable before an equals sign")
        else:
            made.target, made.text = statement.targets[0], dotted(statement.targets[0])
            made.given, made.problem = _value(statement.value)
        yield made


def _made(unit: Unit, comment: Comment, problem: str = "") -> Declaration:
    made = Declaration()
    made.lineno = made.end_lineno = comment.line
    line = unit.lines[comment.line - 1]
    made.col_offset = len(line[: comment.column - 1].encode("utf-8", "surrogatepass"))
    made.end_col_offset = len(line[: comment.end_column - 1].encode("utf-8", "surrogatepass"))
    made.target, made.text, made.given, made.problem = None, "", None, problem
    return made


NEGATIVE = Phrase("SC904", "negative", "a size is 0 or more")
NO_SHAPE = Phrase("SC904", "value", "its value is neither a number nor a shape, for example (None, 30)")
NO_SIZES = Phrase("SC904", "sizes", "its sizes are not whole numbers or None")


def _value(node: Any, depth: int = 0) -> tuple[Any, str]:
    """A declared value: (value, ""), or (None, why it is none)."""
    if isinstance(node, ast.Constant) and (node.value is None or isinstance(node.value, (bool, int, float, str))):
        return node.value, ""
    if isinstance(node, ast.UnaryOp) and isinstance(node.op, ast.USub) and isinstance(node.operand, ast.Constant):
        number = node.operand.value
        return (-number, "") if isinstance(number, (int, float)) and depth == 0 else (None, NEGATIVE)
    if not isinstance(node, (ast.Tuple, ast.List)) or depth > 3 or len(node.elts) > 64:
        return None, NO_SHAPE
    items = []
    for element in node.elts:
        item, problem = _value(element, depth + 1)
        if problem:
            return None, problem
        items.append(item)
    if isinstance(node, ast.List):
        return items, ""
    sizes = all(item is None or (isinstance(item, int) and not isinstance(item, bool)) for item in items)
    if not sizes and not all(isinstance(item, Sizes) for item in items):
        return None, NO_SIZES
    return (Sizes(items) if sizes else tuple(items)), ""


def _place(statements: list[Any], comment: Comment, made: Declaration, binds: bool) -> None:
    """Puts it into this block or one inside it."""
    for place, statement in enumerate(statements):
        if type(statement) is Declaration and statement.lineno == comment.line:
            continue
        if _first_line(statement) > comment.line:
            before = statements[place - 1] if place else None
            after = place
            if _closed_inside(before, comment):
                _place_inside(before, comment, made)
                return
            next_to = before is not None and before.end_lineno == comment.line - 1 and made.text in _bound(before)
            if made.text in _bound(statement) and not next_to and _only_comments_between(statement, comment):
                if isinstance(statement, BINDING):
                    statement.body.insert(0, made)
                    return
                after = place + 1
            statements.insert(after, made)
            return
        if comment.line <= statement.end_lineno:
            if not any(getattr(statement, part, None) for part in PARTS):
                statements.insert(place + 1, made)
            elif comment.line < _first_line(_inner(statement)[0][0]):
                _at_header(statements, place, made, comment)
            else:
                _place_inside(statement, comment, made)
            return
    last = statements[-1] if statements else None
    if _closed_inside(last, comment):
        _place_inside(last, comment, made)
    else:
        statements.append(made)


def _at_header(statements: list[Any], place: int, made: Declaration, comment: Comment) -> None:
    """A comment between the first line of a statement and its body."""
    statement = statements[place]
    if isinstance(statement, BINDING) or not comment.trailing:
        _inner(statement)[0].insert(0, made)
    else:
        statements.insert(place, made)


def _inner(statement: Any) -> list[list[Any]]:
    """The blocks inside a statement, in the order of the source."""
    found: list[list[Any]] = []
    for part in ("body", "handlers", "cases", "orelse", "finalbody"):
        block = getattr(statement, part, None)
        if part in ("handlers", "cases"):
            found += [item.body for item in block or ()]
        elif block:
            found.append(block)
    return found


def _place_inside(statement: Any, comment: Comment, made: Declaration) -> None:
    """Adds it to the last inner block that begins before the comment."""
    blocks = _inner(statement)
    begun = [block for block in blocks if _first_line(block[0]) <= comment.line or block[0] is made]
    _place((begun or blocks)[-1], comment, made, binds=False)


def _closed_inside(statement: Any, comment: Comment) -> bool:
    """Whether a comment after a statement is indented like its body."""
    return statement is not None and bool(_inner(statement)) and not comment.trailing and comment.column > statement.col_offset + 1


def _first_line(statement: Any) -> int:
    decorators = getattr(statement, "decorator_list", ())
    lines: list[int] = [statement.lineno, *(decorator.lineno for decorator in decorators)]
    return min(lines)


def _only_comments_between(statement: Any, comment: Comment) -> bool:
    return _first_line(statement) == comment.line + 1


def _bound(statement: Any) -> set[str]:
    """The names that a statement itself assigns; for a compound one, those of its first line."""
    if isinstance(statement, (ast.Import, ast.ImportFrom)):
        return {alias.asname or alias.name.partition(".")[0] for alias in statement.names}
    if isinstance(statement, (ast.FunctionDef, ast.AsyncFunctionDef)):
        spec = statement.args
        return {argument.arg for argument in (*spec.posonlyargs, *spec.args, *spec.kwonlyargs)}
    targets: list[Any] = []
    if isinstance(statement, ast.Assign):
        targets = list(statement.targets)
    elif isinstance(statement, (ast.AugAssign, ast.AnnAssign, ast.For, ast.AsyncFor)):
        targets = [statement.target]
    elif isinstance(statement, (ast.With, ast.AsyncWith)):
        targets = [item.optional_vars for item in statement.items if item.optional_vars is not None]
    names = set()
    while targets:
        target = targets.pop()
        targets += getattr(target, "elts", ())
        names.add(dotted(target.value if isinstance(target, ast.Starred) else target))
    return names
