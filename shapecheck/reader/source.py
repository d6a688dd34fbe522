"""Text of scripts and notebooks, the part of it that parses, and places in it.

After a syntax error only the statements from there on are skipped (in a notebook: of that cell); notebook-only lines (%magic, !shell,
name?) are blanked, keeping line numbers. Nothing is run.
"""

from __future__ import annotations

import warnings
from _thread import allocate_lock

from shapecheck.languages import Phrase, because

TYPE_CHECKING = False
if TYPE_CHECKING:
    import ast
    from collections.abc import Iterable
    from typing import Any
else:
    import _ast as ast

FILTERS = allocate_lock()
"""The warning filters belong to the whole process: only one thread at a time may change them."""
ONLY_AST = 0x400
"""ast.PyCF_ONLY_AST, without the import of ast."""
LARGEST = 32_000_000
"""Largest file in bytes that is read."""
LONGEST_LINE = 1_000_000
"""Longest line in characters that is parsed."""
MOST_TEXT = 1_500_000
"""Characters of code of one file that are parsed: Python's parser takes up to 500 bytes of memory and 2 us for each."""
PYTHON_CELLS = ("%%time", "%%capture", "%%timeit", "%%prun", "%%tensorflow_version", "%%python", "%%py", "%%snakeviz")

ELSEWHERE = frozenset({
    "numpy", "pandas", "sklearn", "tensorflow", "keras", "tf_keras", "torch", "jax", "matplotlib", "scipy", "seaborn", "cv2", "PIL",
    "tinyseq", "tqdm", "h5py", "nltk", "gym", "plotly", "skimage", "tensorflow_datasets", "tensorflow_hub", "transformers", "xgboost",
})  # fmt: skip
"""Libraries, which no file beside is taken for."""


class Unreadable(Exception):
    """Nothing of a file could be read; the reason is its argument."""


class Place:
    """From (line, column) up to (end_line, end_column), 1-based, in characters; the end column is the first one after."""

    __slots__ = ("cell", "column", "end_column", "end_line", "file", "line")

    def __init__(self, file: str, cell: int | None, line: int, column: int, end_line: int, end_column: int) -> None:
        self.file = file
        self.cell = cell
        self.line = line
        self.column = column
        self.end_line = end_line
        self.end_column = end_column

    @property
    def key(self) -> tuple[int, int, int, int, int]:
        """For sorting and comparing places."""
        return (self.cell or 0, self.line, self.column, self.end_line, self.end_column)

    def __str__(self) -> str:
        cell = f"cell {self.cell}:" if self.cell is not None else ""
        return f"{self.file}:{cell}{self.line}:{self.column}"


class Unit:
    """A script, or one code cell of a notebook: its text and its parsed part."""

    __slots__ = ("_lines", "cell", "file", "problem", "statements", "text")

    def __init__(self, file: str, text: str, cell: int | None = None) -> None:
        self.file = file
        self.text = text
        self.cell = cell
        self.statements: list[ast.stmt] = []
        self.problem: tuple[int, str] | None = None
        self._lines: list[str] | None = None

    @property
    def lines(self) -> list[str]:
        """The lines of its text."""
        if self._lines is None:
            self._lines = split_lines(self.text)
        return self._lines

    def column(self, line: int, offset: int) -> int:
        """The 1-based character column of a byte offset in a line."""
        if self.text.isascii():
            return offset + 1
        text = self.lines[line - 1] if 0 < line <= len(self.lines) else ""
        return offset + 1 if text.isascii() else len(text.encode("utf-8", "surrogatepass")[:offset].decode("utf-8", "ignore")) + 1

    def place(self, node: Any) -> Place:
        """The place of a node."""
        end_line = node.end_lineno or node.lineno
        return Place(
            self.file,
            self.cell,
            node.lineno,
            self.column(node.lineno, node.col_offset),
            end_line,
            self.column(end_line, node.end_col_offset or node.col_offset),
        )


class Origin:
    """Where a layer or a call was written: the call, and the expression of each argument by name."""

    __slots__ = ("arguments", "node", "unit")
    network = ""
    """The known architecture that all its layers come from."""

    def __init__(self, unit: Unit, node: Any, arguments: dict[str, Any] | None = None) -> None:
        self.unit = unit
        self.node = node
        self.arguments = arguments or {}

    @property
    def place(self) -> Place:
        """The whole call."""
        return self.unit.place(self.node)

    @property
    def line(self) -> int:
        """The call's first line."""
        line: int = self.node.lineno
        return line

    @property
    def where(self) -> str:
        """Its line in words, as repairs name it."""
        return Phrase("repairs", "line", "line {line}", line=self.line)

    def called(self, class_name: str) -> str:
        """The layer in words: the Flatten on line 9."""
        return Phrase("repairs", "layer_on_line", "the {layer} on line {line}", layer=class_name, line=self.line)

    @property
    def function(self) -> Place:
        """Only the callee, `layers.Conv2D` of `layers.Conv2D(32, 3)`: marked if no argument is wrong."""
        return self.unit.place(getattr(self.node, "func", self.node))

    def argument(self, name: str | None) -> Place | None:
        """An argument's expression, with its keyword if it has one; None if it was not written."""
        node = self.arguments.get(name or "")
        return None if node is None else self.unit.place(node)


def expression(node: Any) -> Any:
    """The expression after the = of a keyword; another node unchanged (a constant has a `value` too, which is not a node)."""
    return node.value if type(node).__name__ == "keyword" else node


def dotted(node: Any) -> str:
    """x, data.x, data["x"] as text; "" for anything else.

    >>> import ast
    >>> dotted(ast.parse("data['x'].values", mode="eval").body), dotted(ast.parse("f(x)", mode="eval").body)
    ("data['x'].values", '')
    """
    if isinstance(node, ast.Name):
        return node.id
    if isinstance(node, ast.Attribute):
        owner = dotted(node.value)
        return owner and f"{owner}.{node.attr}"
    if isinstance(node, ast.Subscript) and isinstance(node.slice, ast.Constant):
        owner = dotted(node.value)
        return owner and f"{owner}[{node.slice.value!r}]"
    return ""


class Position(Origin):
    """The position of a layer of a model in memory: no source, but its index among the nodes, and its name for messages."""

    __slots__ = ("index", "name")

    def __init__(self, index: int, name: str, arguments: dict[str, Any] | None = None) -> None:
        super().__init__(NO_SOURCE, None, arguments)
        self.index = index
        self.name = name

    @property
    def where(self) -> str:
        """Its name, as repairs name it."""
        return self.name

    def called(self, class_name: str) -> str:
        """The layer in words: the Flatten flatten_1."""
        return Phrase("repairs", "layer_named", "the {layer} {name}", layer=class_name, name=self.name)


NO_SOURCE = Unit("", "")


def split_lines(text: str) -> list[str]:
    """The lines of a text, as Python's parser counts them."""
    return text.replace("\r\n", "\n").replace("\r", "\n").split("\n")


def imports_others(unit: Unit) -> bool:
    """Whether a line of the text imports something that is not one of the well-known libraries.

    >>> imports_others(Unit("a.py", "import numpy as np, nets")), imports_others(Unit("a.py", "from keras import layers"))
    (True, False)
    """
    for line in unit.lines:
        words = line.split(None, 2) if "import" in line else ()
        if len(words) > 1 and words[0] in ("import", "from"):
            names = line.partition("import")[2].split(",") if words[0] == "import" else [words[1]]
            if any(name.strip().partition(" ")[0].partition(".")[0] not in ELSEWHERE for name in names):
                return True
    return False


def read_text(data: bytes) -> str:
    """Bytes of a file as text: the declared encoding, UTF-8, else Latin-1, which cannot fail."""
    if data.startswith((b"\xff\xfe", b"\xfe\xff")):
        return data.decode("utf-16", "replace")
    data = data.removeprefix(b"\xef\xbb\xbf")
    for encoding in (*_declared(b"\n".join(data.split(b"\n", 2)[:2])), "utf-8"):
        try:
            text = data.decode(encoding)
        except (UnicodeError, LookupError, ValueError):
            continue
        if isinstance(text, str):
            return text
    return data.decode("latin-1")


def _declared(head: bytes) -> list[str]:
    """The encoding that the first two lines name, if they do."""
    if b"coding" not in head:
        return []
    import re

    match = re.search(rb"coding[=:]\s*([-\w.]+)", head)
    return [match[1].decode("ascii", "ignore")] if match else []


def units(text: str, file: str) -> list[Unit]:
    """The script, or the code cells of the notebook, parsed as far as they go. Raises Unreadable."""
    if file.endswith(".ipynb") or (text[:300].lstrip().startswith("{") and '"cells"' in text and '"cell_type"' in text):
        found = _cells(text, file)
    else:
        found = [Unit(file, text)]
    room = MOST_TEXT
    for unit in found:
        room -= len(unit.text)
        if room < 0:
            unit.problem = (1, f"more than {MOST_TEXT:,} characters of code in a file are not read")
    parse(unit for unit in found if not unit.problem)
    if len(found) == 1 and found[0].cell is None and found[0].problem and not found[0].statements:
        raise Unreadable(because("line {line}: {why}", line=found[0].problem[0], why=found[0].problem[1]))
    return found


def _cells(text: str, file: str) -> list[Unit]:
    import json

    try:
        book = json.loads(text)
    except json.JSONDecodeError as error:
        raise Unreadable(
            because("not a notebook: line {line} is not JSON: {error}", line=error.lineno, error=error.msg[:1].lower() + error.msg[1:])
        ) from None
    except (ValueError, RecursionError) as error:  # a number of too many digits, lists nested too deeply
        raise Unreadable(because("not a notebook: its JSON is not read: {kind}", kind=type(error).__name__)) from None
    found = []
    for number, cell in enumerate(_listed(book), 1):
        if not isinstance(cell, dict):
            raise Unreadable(
                because("not a notebook: cell {number} is {kind}, expected an object with a cell_type", number=number, kind=_kind(cell))
            )
        if not isinstance(cell.get("cell_type"), str):
            raise Unreadable(because("not a notebook: cell {number} has no cell_type", number=number))
        if cell["cell_type"] == "code":
            found.append(Unit(file, _dedented(_source(cell, number)), number))
    return found


def _listed(book: Any) -> list[Any]:
    """The cells of a notebook; those of version 3 are in worksheets."""
    if not isinstance(book, dict):
        raise Unreadable(because("not a notebook: {kind}, expected an object with cells", kind=_kind(book)))
    sheets = [book] if "cells" in book else book.get("worksheets")
    if not isinstance(sheets, list) or not all(isinstance(sheet, dict) and isinstance(sheet.get("cells"), list) for sheet in sheets):
        raise Unreadable(because("not a notebook: it has no list of cells"))
    return [cell for sheet in sheets for cell in sheet["cells"]]


def _source(cell: dict[str, Any], number: int) -> str:
    """The text of a code cell: one text, or a list of lines; version 3 calls it input."""
    source = cell.get("source", cell.get("input", ""))
    lines = [source] if isinstance(source, str) else source
    if not isinstance(lines, list) or not all(isinstance(line, str) for line in lines):
        raise Unreadable(
            because(
                "not a notebook: the source of cell {number} is {kind}, expected a string or a list of strings",
                number=number,
                kind=_kind(source),
            )
        )
    return "".join(lines)


KINDS = {
    dict: because("an object"),
    str: because("a text"),
    bool: because("a truth value"),
    type(None): because("null"),
}


def _kind(value: Any) -> str:
    """The JSON name of a value's type."""
    if isinstance(value, list):
        odd = value and not all(isinstance(item, str) for item in value)
        return because("a list that contains non-strings") if odd else because("a list")
    return KINDS.get(type(value)) or because("a number")


def _dedented(text: str) -> str:
    """A cell may begin indented: IPython removes the first line's indentation from all lines."""
    if not text[:1].isspace():
        return text
    import re

    first = re.search(r"^([ \t]+)\S", text.lstrip("\r\n"))
    return re.sub(rf"^{first[1]}", "", text, flags=re.M) if first else text


def parse(units: Iterable[Unit]) -> None:
    """Sets `statements` of each, and `problem` where it does not parse to its end. Python's warnings are not shown."""
    for unit in units:
        _parse(unit)


def _parse(unit: Unit) -> None:
    start = unit.text.lstrip() if unit.cell is not None else ""
    if start.startswith("%%") and not start.startswith(PYTHON_CELLS):
        return
    longest = max(unit.lines, key=len, default="") if len(unit.text) > LONGEST_LINE else ""
    if len(longest) > LONGEST_LINE:
        unit.problem = (1, f"a line of {len(longest):,} characters is not read")
        return
    try:
        unit.statements = _compiled(unit.text)
    except SyntaxError:
        _parse_around(unit, without_magic(unit.text))
    except (ValueError, RecursionError, MemoryError, OverflowError) as error:
        unit.problem = (1, f"{type(error).__name__}: {error}")


def _parse_around(unit: Unit, text: str) -> None:
    try:
        unit.statements = _compiled(text)
    except SyntaxError as error:
        unit.problem = (error.lineno or 1, error.msg or "invalid syntax")
        unit.statements = _up_to(text, error.lineno or 1)
    except (ValueError, RecursionError, MemoryError, OverflowError) as error:
        unit.problem = (1, f"{type(error).__name__}: {error}")


def compiled(text: str, flags: int) -> Any:
    """The result of compile() for a text, without its warnings; nothing is run. Raises what compile() raises."""
    with FILTERS, warnings.catch_warnings():
        warnings.simplefilter("ignore")
        return compile(text, "<source>", "exec", flags, dont_inherit=True)


def _compiled(text: str) -> list[ast.stmt]:
    statements: list[ast.stmt] = compiled(text, ONLY_AST).body
    return statements


def _up_to(text: str, line: int) -> list[ast.stmt]:
    """The statements before the wrong one: split at the last line without indentation before which the text parses."""
    lines = split_lines(text)
    tries = 0
    for end in range(min(line, len(lines)) - 1, -1, -1):
        start = lines[end][:1]
        if start and start not in " \t)]}#":
            tries += 1
            try:
                return _compiled("\n".join(lines[:end]))
            except (SyntaxError, ValueError, RecursionError, MemoryError, OverflowError):
                if tries >= 12:
                    break
    return []


def _parses(lines: list[str]) -> bool:
    """Whether the first line, with those that a backslash adds to it, is Python."""
    count = 1
    while count < len(lines) and lines[count - 1].endswith("\\"):
        count += 1
    try:
        return bool(_compiled("\n".join(lines[:count])))
    except (SyntaxError, ValueError, RecursionError, MemoryError, OverflowError):
        return False


def without_magic(text: str) -> str:
    """The text with notebook lines blanked (a `pass` where a block would become empty), line numbers kept.

    >>> without_magic("%matplotlib inline\\nx = 1")
    'pass\\nx = 1'

    What %time runs is read: "if 1: " is as long as "%time ", so that all columns are kept.

    >>> without_magic("%time model.fit(x)")
    'if 1: model.fit(x)'
    """
    import re

    out = []
    going_on = False
    lines = split_lines(text)
    for number, line in enumerate(lines):
        bare = line.lstrip()
        indent = line[: len(line) - len(bare)]
        shell = re.match(r"[A-Za-z_][\w, ]*=\s*[!%]", bare)
        if going_on:
            out.append("")
            going_on = line.rstrip().endswith("\\")
        elif bare.startswith("%time ") and _parses([timed := "if 1: " + bare[6:], *lines[number + 1 :]]):
            out.append(indent + timed)
        elif bare.startswith(("!", "?")) or (bare.startswith("%") and (len(bare) > 1 and (bare[1].isalpha() or bare[1] == "%"))):
            out.append(indent + "pass")
            going_on = line.rstrip().endswith("\\")
        elif re.fullmatch(r"[\w.]+\?\??\s*", bare):
            out.append(indent + "pass")
        elif shell:
            out.append(indent + bare.split("=")[0] + "= ...")
        else:
            out.append(line)
    return "\n".join(out)
