"""Every place of a file that creates a Keras model, found in the syntax tree: none may be missing in the report."""

from __future__ import annotations

import _ast as ast

from shapecheck.reader.keras.models import LOADED, is_model_base
from shapecheck.reader.keras.paths import canonical
from shapecheck.reader.records import Model
from shapecheck.reader.source import Origin

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from typing import Any

    from shapecheck.reader.source import Unit
    from shapecheck.reader.state import Reader

CONSTRUCTORS = frozenset({"Sequential", "Model", "Functional"})
"""Classes whose call creates a model."""


def unreached(reader: Reader, units: Sequence[Unit]) -> list[Model]:
    """A model for each such place that the reader did not reach; `unread` says why."""
    seen = {id(model.origin.node) for model in reader.stacks.models}
    seen |= {id(model.code.of.node) for model in reader.stacks.models if model.code is not None}
    names = _names(units)
    found = []
    for unit in units:
        for node in _places(unit.statements, names):
            if id(node) in seen:
                continue
            model = Model(Origin(unit, node), ())
            line = getattr(node, "lineno", 0)
            model.unread = reader.stopped or f"line {line} is not reached when the file is read from its first line to its last"
            model.variable = getattr(node, "name", "")
            found.append(model)
    return found


def _names(units: Sequence[Unit]) -> dict[str, str]:
    """The meaning of imported names, wherever the import is."""
    names: dict[str, str] = {}
    for unit in units:
        for node in _walk(unit.statements):
            if isinstance(node, ast.Import):
                for alias in node.names:
                    names[alias.asname or alias.name.partition(".")[0]] = alias.name if alias.asname else alias.name.partition(".")[0]
            elif isinstance(node, ast.ImportFrom) and not node.level:
                for alias in node.names:
                    if alias.name == "*":
                        starred = {name: f"{node.module}.{name}" for name in (*CONSTRUCTORS, *LOADED)}
                        names.update({name: path for name, path in starred.items() if _of_keras(path)})
                    else:
                        names[alias.asname or alias.name] = f"{node.module}.{alias.name}"
    return names


def _places(statements: Sequence[ast.AST], names: dict[str, str]) -> Iterator[Any]:
    for node in _walk(statements):
        if isinstance(node, ast.Call):
            path = _path(node.func, names)
            last = path.rpartition(".")[2]
            if (last in CONSTRUCTORS or last in LOADED) and _of_keras(path):
                yield node
        elif isinstance(node, ast.ClassDef) and any(is_model_base(_path(base, names)) for base in node.bases):
            yield node


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


def _walk(statements: Sequence[ast.AST]) -> Iterator[ast.AST]:
    waiting = list(reversed(statements))
    while waiting:
        node = waiting.pop()
        yield node
        for field in reversed(node._fields):
            part = getattr(node, field, None)
            if isinstance(part, list):
                waiting.extend(item for item in reversed(part) if isinstance(item, ast.AST))
            elif isinstance(part, ast.AST):
                waiting.append(part)
