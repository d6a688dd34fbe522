"""Comments that begin with "shapecheck:", wherever in a unit they are; text in strings is not a comment."""

from __future__ import annotations

from shapecheck.reader.source import split_lines, without_magic

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

    from shapecheck.reader.source import Unit

MARK = "shapecheck:"


class Comment:
    """What follows "shapecheck:" (`text`), where the comment begins and ends (1-based columns), and whether code is before it."""

    __slots__ = ("column", "end_column", "line", "text", "trailing")

    def __init__(self, line: int, column: int, end_column: int, text: str, trailing: bool) -> None:
        self.line = line
        self.column = column
        self.end_column = end_column
        self.text = text
        self.trailing = trailing


def of(unit: Unit) -> list[Comment]:
    """The comments of a unit, as far as its text can be cut into tokens; lines of a notebook that are not Python are blanked."""
    if MARK not in unit.text:
        return []
    return list(_found(unit.text if unit.cell is None else without_magic(unit.text)))


def _found(text: str) -> Iterator[Comment]:
    import tokenize

    tokens = tokenize.generate_tokens(iter([line + "\n" for line in split_lines(text)]).__next__)
    while True:
        try:
            token = next(tokens, None)
        except (tokenize.TokenError, SyntaxError):
            return
        if token is None:
            return
        body = token.string.lstrip("#").strip() if token.type == tokenize.COMMENT else ""
        if body.lower().startswith(MARK):
            (line, column), end = token.start, token.end[1]
            yield Comment(line, column + 1, end + 1, body[len(MARK) :].strip(), bool(token.line[:column].strip()))
