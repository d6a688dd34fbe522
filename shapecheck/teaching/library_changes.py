"""Statements of a submission that change the library, or run text: behind them a layer may be another than the one that is written.

layers.Conv2D = MyDense, setattr(keras.Sequential, "add", f), vars(layers)["Dense"] = f, mock.patch(...), exec(...). They are found
wherever they are written, run or not. Not followed: the library as an item of a loop, in a list or as an argument, and another name for
setattr or exec.
"""

from __future__ import annotations

import ast

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from shapecheck.reader.source import Unit

LIBRARIES = frozenset({"keras", "tensorflow", "tf_keras", "tinyseq"})
PATCHING = frozenset({"mock", "unittest.mock"})
CHANGING = frozenset({"update", "setdefault", "pop", "popitem", "clear", "__setitem__", "__delitem__"})
"""Methods that change a dictionary."""
RUNNING = frozenset({"exec", "eval"})
NAMESPACES = frozenset({"globals", "locals", "vars"})


def library_changes(units: Iterable[Unit]) -> Iterator[str]:
    """Each statement: "line 3: layers.Conv2D = ... changes the library"."""
    found = [(unit, node) for unit in units for statement in unit.statements for node in ast.walk(statement)]
    library = _Library(node for _, node in found)
    for unit, node in found:
        what = _what(library, node)
        if what:
            cell = f"cell {unit.cell}, " if unit.cell is not None else ""
            yield f"{cell}line {getattr(node, 'lineno', 0)}: {what}"


class _Library:
    """The names of a file that are the library, or a part of it."""

    def __init__(self, nodes: Iterable[ast.AST]) -> None:
        self.names: set[str] = set()
        self.bound: set[str] = set()
        """All names that the file binds: a star import of the library binds the others."""
        stars: set[str] = set()
        assigned: list[tuple[ast.expr, ast.expr]] = []
        for node in nodes:
            self.bound |= _bound(node)
            if isinstance(node, ast.Import):
                self.names |= {alias.asname or _first(alias.name) for alias in node.names if _first(alias.name) in LIBRARIES}
            elif isinstance(node, ast.ImportFrom) and _first(node.module or "") in LIBRARIES:
                self.names |= {alias.asname or alias.name for alias in node.names}
            elif isinstance(node, ast.Assign):
                assigned += [pair for target in node.targets for pair in _pairs(target, node.value)]
            elif isinstance(node, (ast.AnnAssign, ast.NamedExpr)) and node.value is not None:
                assigned.append((node.target, node.value))
            if isinstance(node, ast.ImportFrom) and node.names[0].name == "*":
                stars.add(_first(node.module or ""))
        self.starred = bool(stars) and stars <= LIBRARIES
        before = -1
        while before != len(self.names):  # a = keras.layers, b = a, ...
            before = len(self.names)
            self.names |= {target.id for target, value in assigned if isinstance(target, ast.Name) and self.has(value)}

    def has(self, node: ast.expr) -> bool:
        """Whether an expression is a part of the library: layers.Conv2D, getattr(keras, "layers"), sys.modules["keras"].layers."""
        if isinstance(node, ast.Name):
            return node.id in self.names or (self.starred and node.id not in self.bound)
        if isinstance(node, (ast.Attribute, ast.NamedExpr)):
            return self.has(node.value)
        if isinstance(node, ast.IfExp):
            return self.has(node.body) or self.has(node.orelse)
        if isinstance(node, ast.Subscript):
            return self.table(node.value)
        if isinstance(node, ast.Call) and _called(node) in ("getattr", "reload") and node.args:
            return self.has(node.args[0])
        if isinstance(node, ast.Call) and _called(node) in ("__import__", "import_module"):
            return bool(node.args) and _first(str(getattr(node.args[0], "value", ""))) in LIBRARIES
        return False

    def table(self, node: ast.expr) -> bool:
        """Whether an expression is a dictionary of names: layers.__dict__, vars(layers), sys.modules, globals()."""
        if isinstance(node, ast.Attribute):
            return (node.attr == "__dict__" and self.has(node.value)) or node.attr == "modules"
        if not isinstance(node, ast.Call) or _called(node) not in NAMESPACES:
            return False
        return not node.args or self.has(node.args[0])


def _what(library: _Library, node: ast.AST) -> str:
    """What a statement or call does, "" if it is harmless."""
    if isinstance(node, (ast.Import, ast.ImportFrom)):
        names = [f"{getattr(node, 'module', None) or ''}.{alias.name}".lstrip(".") for alias in node.names]
        patching = {getattr(node, "module", None), *names} & PATCHING
        return f"{patching.pop()} replaces parts of libraries" if patching else ""
    if isinstance(node, (ast.Attribute, ast.Subscript)) and isinstance(node.ctx, (ast.Store, ast.Del)):
        changes = library.has(node.value) if isinstance(node, ast.Attribute) else library.table(node.value)
        return f"{ast.unparse(node)} = ... changes the library" if changes else ""
    if not isinstance(node, ast.Call):
        return ""
    name = _called(node)
    runs = isinstance(node.func, ast.Name) or (isinstance(node.func, ast.Attribute) and getattr(node.func.value, "id", "") == "builtins")
    if runs and name in RUNNING:
        return f"{name}() runs text, which is not read"
    setting = name in ("setattr", "delattr", "__setattr__", "__delattr__") and node.args and library.has(node.args[0])
    updating = name in CHANGING and isinstance(node.func, ast.Attribute) and library.table(node.func.value)
    return f"{name}() changes the library" if setting or updating else ""


def _bound(node: ast.AST) -> set[str]:
    """The names that a part of a program binds."""
    if isinstance(node, ast.Name):
        return {node.id} if isinstance(node.ctx, ast.Store) else set()
    if isinstance(node, (ast.Import, ast.ImportFrom)):
        return {alias.asname or _first(alias.name) for alias in node.names}
    if isinstance(node, ast.arg):
        return {node.arg}
    name = getattr(node, "name", None)  # of a function, a class, an exception
    return {name} if isinstance(name, str) else set()


def _pairs(target: ast.expr, value: ast.expr) -> Iterator[tuple[ast.expr, ast.expr]]:
    """(target, value) of an assignment; of a, b = c, d each."""
    if isinstance(target, (ast.Tuple, ast.List)) and isinstance(value, (ast.Tuple, ast.List)) and len(target.elts) == len(value.elts):
        for one, part in zip(target.elts, value.elts, strict=True):
            yield from _pairs(one, part)
    else:
        yield target, value


def _called(node: ast.Call) -> str:
    """The last name of what is called."""
    return str(getattr(node.func, "id", getattr(node.func, "attr", "")))


def _first(name: str) -> str:
    return name.partition(".")[0]
