"""Statements of a submission that change the library, or run text: behind them a layer may be another than the one that is written.

layers.Conv2D = MyDense, setattr(keras.Sequential, "add", f), vars(layers)["Dense"] = f, mock.patch(...), exec(...). They are found
wherever they are written, run or not, and wherever the library is handed on (library_names.py). Not seen: what a data file contains that
pickle loads, and a program that the submission starts.
"""

from __future__ import annotations

import ast

from shapecheck.languages import because
from shapecheck.teaching.library_names import Library, Shared, called

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from shapecheck.reader.source import Unit

PATCHING = frozenset({"mock", "unittest.mock"})
RUNNERS = frozenset({"runpy", "ctypes", "code", "codeop"})
"""Modules that run what is not read."""
CHANGING = frozenset({"update", "setdefault", "pop", "popitem", "clear", "__setitem__", "__delitem__", "__ior__"})
"""Methods that change a dictionary."""
RUNNING = frozenset({"exec", "eval"})
SETTING = frozenset({"setattr", "delattr", "__setattr__", "__delattr__"})
BEHIND = frozenset(
    {"meta_path", "path_hooks", "__subclasses__", "get_objects", "get_referrers", "get_referents", "run_cell", "ex", "run_code"}
)
"""Attributes that lead to the library, or run text, past what is read."""
METHODS = frozenset({"call", "__call__", "add", "pop", "build"})
"""Methods of a layer or model that make it what it is."""


def library_changes(files: Sequence[tuple[str, Sequence[Unit]]]) -> Iterator[str]:
    """Each statement: "line 3: layers.Conv2D = ... changes the library".

    Arguments:
        files: the name and the units of each file; "" for the one that is marked
    """
    try:
        yield from _changes(files)
    except RecursionError:
        yield because("an expression is nested too deeply to be read")


def _changes(files: Sequence[tuple[str, Sequence[Unit]]]) -> Iterator[str]:
    shared = Shared()
    found = [[(unit, node) for unit in units for statement in unit.statements for node in ast.walk(statement)] for _, units in files]
    libraries = [Library((node for _, node in nodes), shared) for nodes in found]
    before = -1
    while before != shared.size():
        before = shared.size()
        for library in libraries:
            library.grow()
        if len(libraries) == 1:
            break
    for (name, _), nodes, library in zip(files, found, libraries, strict=True):
        functions = {id(node.func) for _, node in nodes if isinstance(node, ast.Call)}
        for unit, node in nodes:
            what = _what(library, node, id(node) in functions)
            if what:
                line, file = getattr(node, "lineno", 0), f"{name}, " if name else ""
                if unit.cell is None:
                    yield because("{file}line {line}: {why}", file=file, line=line, why=what)
                else:
                    yield because("{file}cell {cell}, line {line}: {why}", file=file, cell=unit.cell, line=line, why=what)


def _what(library: Library, node: ast.AST, is_called: bool) -> str:
    """What a statement or expression does, "" if it is harmless. `is_called`: it is the function of a call."""
    if isinstance(node, (ast.Import, ast.ImportFrom)):
        return _imported(node)
    if isinstance(node, (ast.Attribute, ast.Subscript)) and isinstance(node.ctx, (ast.Store, ast.Del)):
        return _stored(library, node)
    if isinstance(node, ast.AugAssign) and library.table(node.target):
        return because("{code} is changed, which is a part of the library", code=ast.unparse(node.target))
    if isinstance(node, ast.Attribute):
        return _mentioned(library, node)
    if isinstance(node, ast.Name):
        handed = node.id in RUNNING | SETTING | {"__import__"} and not is_called and isinstance(node.ctx, ast.Load)
        own = node.id in library.functions or node.id in library.classes
        if (handed and not own) or node.id == "__builtins__":
            return because("{name} is handed on, and what it does then is not read", name=node.id)
    if isinstance(node, ast.Constant) and isinstance(node.value, str) and node.value in ("__setattr__", "__delattr__"):
        return because("{name} by its name may change the library", name=node.value)
    return _call(library, node) if isinstance(node, ast.Call) else ""


def _imported(node: ast.Import | ast.ImportFrom) -> str:
    module = getattr(node, "module", None)
    names = [f"{module or ''}.{alias.name}".lstrip(".") for alias in node.names]
    patching = {module, *names} & PATCHING
    if patching:
        return because("{name} replaces parts of libraries", name=patching.pop())
    running = ({module, *names} & RUNNERS) if not getattr(node, "level", 0) else set()
    if running:
        return because("{name} runs what is not read", name=running.pop())
    taken = {alias.name for alias in node.names} & (RUNNING | SETTING | {"__import__"}) if module == "builtins" else set()
    return because("{name} is handed on, and what it does then is not read", name=taken.pop()) if taken else ""


def _stored(library: Library, node: ast.Attribute | ast.Subscript) -> str:
    if isinstance(node, ast.Subscript):
        changes = library.table(node.value)
    elif node.attr == "trainable" and not library.has(node.value):  # of a layer, which a loop over classes may share its variable with
        changes = False
    else:
        own = isinstance(node.value, ast.Name) and node.value.id in library.builtins
        changes = own or library.is_(node.value) or (library.object(node.value) and node.attr in METHODS | {"__class__"})
    return because("{code} = ... changes the library", code=ast.unparse(node)) if changes else ""


def _mentioned(library: Library, node: ast.Attribute) -> str:
    if isinstance(node.value, ast.Name) and node.value.id in library.builtins and node.attr in RUNNING | SETTING | {"__import__"}:
        return because("{code} is handed on, and what it does then is not read", code=ast.unparse(node))
    if node.attr in BEHIND and not (node.attr == "ex" and not isinstance(node.value, ast.Call)):
        return because("{code} leads to what is not read", code=ast.unparse(node))
    setting = node.attr in SETTING and library.is_(node.value)
    updating = node.attr in CHANGING and library.table(node.value)
    return because("{name}() changes the library", name=node.attr) if setting or updating else ""


def _call(library: Library, node: ast.Call) -> str:
    name = called(node)
    if isinstance(node.func, ast.Name) and name in RUNNING and name not in library.functions:
        return because("{name}() runs text, which is not read", name=name)
    if any(isinstance(part, ast.Name) and part.id in library.builtins for part in node.args):
        return because("{name}() takes a part of builtins that is not read", name=name)
    if name == "loads" and node.args and isinstance(node.args[0], ast.Constant) and isinstance(node.args[0].value, bytes):
        return because("{name}() runs what is not read", name=name)
    if name == "run_line_magic" and node.args and getattr(node.args[0], "value", "") in ("run", "load", "exec"):
        return because("{name}() runs what is not read", name=name)
    setting = name in SETTING and node.args and library.is_(node.args[0])
    item = name in ("setitem", "delitem") and node.args and library.table(node.args[0])
    return because("{name}() changes the library", name=name) if setting or item else ""
