"""Every place of a file that creates a Keras model, found in the syntax tree: none may be missing in the report."""

from __future__ import annotations

import _ast as ast

from shapecheck.languages import because
from shapecheck.reader.children import CHILDREN
from shapecheck.reader.keras.models import LOADED, is_model_base
from shapecheck.reader.keras.paths import canonical
from shapecheck.reader.records import Model
from shapecheck.reader.source import Origin

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Sequence
    from typing import Any

    from shapecheck.reader.source import Unit
    from shapecheck.reader.state import Reader

CONSTRUCTORS = frozenset({"Sequential", "Model", "Functional"})
"""Classes whose call creates a model."""


def unreached(reader: Reader, units: Sequence[Unit]) -> list[Model]:
    """A model for each such place that reading did not come to; `unread` says why."""
    seen = {id(model.origin.node) for model in reader.stacks.models}
    seen |= {id(model.code.of.node) for model in reader.stacks.models if model.code is not None}
    places = [(unit, _places(unit.statements)) for unit in units]
    names = _names([node for _, found in places for node in found if type(node) in IMPORTS])
    found = []
    for unit, nodes in places:
        for node in nodes:
            if id(node) in seen or not _makes_a_model(node, names):
                continue
            model = Model(Origin(unit, node), ())
            line = getattr(node, "lineno", 0)
            passed = because("line {line} is not reached when the file is read from its first line to its last", line=line)
            model.unread = reader.stopped or passed
            model.variable = getattr(node, "name", "")
            found.append(model)
    return found


IMPORTS = frozenset({ast.Import, ast.ImportFrom})
WANTED = frozenset({ast.Call, ast.ClassDef, *IMPORTS})
LEAVES = frozenset({ast.Name, ast.Constant, ast.arg, type(None)})


def _names(imports: Sequence[Any]) -> dict[str, str]:
    """What imported names stand for, wherever the import is."""
    names: dict[str, str] = {}
    for node in imports:
        if isinstance(node, ast.Import):
            for alias in node.names:
                names[alias.asname or alias.name.partition(".")[0]] = alias.name if alias.asname else alias.name.partition(".")[0]
        elif not node.level:
            for alias in node.names:
                if alias.name == "*":
                    starred = {name: f"{node.module}.{name}" for name in (*CONSTRUCTORS, *LOADED)}
                    names.update({name: path for name, path in starred.items() if _of_keras(path)})
                else:
                    names[alias.asname or alias.name] = f"{node.module}.{alias.name}"
    return names


def _places(statements: Sequence[ast.AST]) -> list[Any]:
    """The imports, calls and classes, in the order of the source. Every node is visited, so leaves are left out before."""
    found: list[Any] = []
    waiting: list[Any] = list(statements)
    while waiting:
        node = waiting.pop()
        if type(node) in WANTED:
            found.append(node)
        for field in CHILDREN.get(type(node), ()):
            part = getattr(node, field)
            if type(part) is list:
                waiting += [item for item in part if type(item) not in LEAVES]
            elif type(part) not in LEAVES:
                waiting.append(part)
    found.sort(key=_start)
    return found


def _start(node: Any) -> tuple[int, int]:
    return node.lineno, node.col_offset


def _makes_a_model(node: Any, names: dict[str, str]) -> bool:
    """True for the call of a constructor, and for a subclass of Model."""
    if isinstance(node, ast.Call):
        path = _path(node.func, names)
        last = path.rpartition(".")[2]
        return (last in CONSTRUCTORS or last in LOADED) and _of_keras(path)
    return isinstance(node, ast.ClassDef) and any(is_model_base(_path(base, names)) for base in node.bases)


def _of_keras(path: str) -> bool:
    parts = canonical(path).split(".")
    return parts[0] == "keras" and "applications" not in parts and "layers" not in parts


def _path(node: Any, names: dict[str, str]) -> str:
    """The dotted path of a name or an attribute of an imported module; "" for anything else."""
    parts: list[str] = []
    while isinstance(node, ast.Attribute):
        parts.append(node.attr)
        node = node.value
    if not isinstance(node, ast.Name) or node.id not in names:
        return ""
    return ".".join([names[node.id], *reversed(parts)])
