"""Statements of a submission that change the library, or run text: behind them a layer may be another than the one that is written.

layers.Conv2D = MyDense, setattr(keras.Sequential, "add", f), vars(layers)["Dense"] = f, mock.patch(...), exec(...). They are found
wherever they are written, run or not.
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
        assigned = []
        for node in nodes:
            if isinstance(node, ast.Import):
                self.names |= {alias.asname or _first(alias.name) for alias in node.names if _first(alias.name) in LIBRARIES}
            elif isinstance(node, ast.ImportFrom) and _first(node.module or "") in LIBRARIES:
                self.names |= {alias.asname or alias.name for alias in node.names}
            elif isinstance(node, ast.Assign):
                assigned.append(node)
        before = -1
        while before != len(self.names):  # a = keras.layers, b = a, ...
            before = len(self.names)
            for node in assigned:
                if self.has(node.value):
                    self.names |= {target.id for target in node.targets if isinstance(target, ast.Name)}

    def has(self, node: ast.expr) -> bool:
        """Whether an expression is a part of the library: layers.Conv2D, getattr(keras, "layers"), sys.modules["keras"].layers."""
        if isinstance(node, ast.Name):
            return node.id in self.names
        if isinstance(node, ast.Attribute):
            return self.has(node.value)
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
    if isinstance(node.func, ast.Name) and name in RUNNING:
        return f"{name}() runs text, which is not read"
    setting = name in ("setattr", "delattr", "__setattr__", "__delattr__") and node.args and library.has(node.args[0])
    updating = name in CHANGING and isinstance(node.func, ast.Attribute) and library.table(node.func.value)
    return f"{name}() changes the library" if setting or updating else ""


def _called(node: ast.Call) -> str:
    """The last name of what is called."""
    return str(getattr(node.func, "id", getattr(node.func, "attr", "")))


def _first(name: str) -> str:
    return name.partition(".")[0]
