"""import and from ... import: names of libraries, and of files beside the file, whose statements are read at the first import."""

from __future__ import annotations

import os

from shapecheck.languages import because
from shapecheck.reader.python import assignment
from shapecheck.reader.values import Items, Library, Module, unknown

TYPE_CHECKING = False
if TYPE_CHECKING:
    import ast
    from typing import Any

    from shapecheck.reader.state import Reader
else:
    import _ast as ast

DEEPEST = 8
"""Files that import each other in a chain."""
SHARE = 4
"""The share of the remaining steps for a file beside: one of so many parts."""


def statement(reader: Reader, node: ast.Import) -> str | None:
    """import nets, import package.nets as nets. "raise" if a file ends the program."""
    for alias in node.names:
        reader.stacks.dialect.imported(alias.name)
        first = alias.name.partition(".")[0]
        found = _module(reader, alias.name if alias.asname else first, 0)
        inside = _module(reader, alias.name, 0) if found is not None and not alias.asname and "." in alias.name else None
        if _ends(found) or _ends(inside):
            return "raise"
        assignment.name(reader, alias.asname or first, found if found is not None else Library(alias.name if alias.asname else first))
    return None


def _ends(module: Any) -> bool:
    return isinstance(module, Module) and module.ends


def from_statement(reader: Reader, node: ast.ImportFrom) -> str | None:
    """from nets import build, from .nets import *, from . import nets. "raise" if a file ends the program."""
    written = "." * node.level + (node.module or "")
    found = _module(reader, node.module or "", node.level)
    if _ends(found):
        return "raise"
    for alias in node.names:
        reader.stacks.dialect.imported(f"{written}.{alias.name}")
        if found is not None:
            if _ends(_from_file(reader, found, alias, written)):
                return "raise"
        elif alias.name == "*":
            reader.scope.root.stars.append(written)
        else:
            assignment.name(reader, alias.asname or alias.name, Library(f"{written}.{alias.name}"))
    return None


def _from_file(reader: Reader, found: Module, alias: ast.alias, written: str) -> Any:
    """Assigns a name of the file, or all for *; returns the value of the one."""
    if alias.name != "*":
        value = attribute(reader, found, alias.name, f"{written}.{alias.name}")
        assignment.name(reader, alias.asname or alias.name, value)
        return value
    listed = found.scope.names.get("__all__")
    public = listed if isinstance(listed, Items) and not listed.why else [name for name in found.scope.names if not name.startswith("_")]
    for name in list(public):
        if isinstance(name, str) and name in found.scope.names:
            assignment.name(reader, name, found.scope.names[name])
    reader.scope.root.stars += found.scope.stars
    return None


def attribute(reader: Reader, owner: Module, name: str, written: str = "") -> Any:
    """A name of a file beside, or a module inside a package."""
    if name in owner.scope.names:
        return owner.scope.names[name]
    package = os.path.join(owner.path, "__init__.py") if not owner.path.endswith(".py") else owner.path
    if package.endswith("__init__.py"):
        inside = _module(reader, f"{owner.name}.{name}" if not owner.level else name, owner.level, package)
        if inside is not None:
            return inside
    known = [star for star in owner.scope.stars if star.partition(".")[0] in ("keras", "tensorflow", "numpy")]
    if len(owner.scope.stars) == 1 and known:
        return Library(f"{known[0]}.{name}")
    if not owner.read:
        return Library(written or f"{owner.name}.{name}")
    return unknown(name, because("{file} has no {name}", file=os.path.basename(owner.path), name=name))


def _module(reader: Reader, name: str, level: int, importer: str = "") -> Module | None:
    """The file beside that is called so, read if it is imported for the first time; None if it is a library."""
    beside = reader.beside
    if beside is None:
        return None
    if beside.ends and "." in name:
        package = _module(reader, name.rpartition(".")[0], level, importer)
        if package is not None and package.ends:
            return package
    path = beside.find(name, level, importer or reader.unit.file)
    if not path:
        return None
    key = os.path.realpath(path)
    if key not in reader.modules:
        made = reader.modules[key] = Module(name, path, level)
        if path.endswith(".py"):
            _read(reader, made)
    return reader.modules[key]


def _read(reader: Reader, module: Module) -> None:
    """Reads the statements of a file in a separate scope. Models that it creates are reported when that file is checked."""
    unit = reader.beside.unit(module.path) if reader.beside is not None else None
    if unit is None or not unit.statements or reader.importing >= DEEPEST or reader.steps < 100:
        return
    module.read = True
    kept = ("scope", "unit", "branch", "at", "returns", "guarded", "loops", "owner", "self_value", "uncalled", "reassigned", "stopped")
    before = {name: getattr(reader, name) for name in kept}
    steps, functions, classes = reader.steps, len(reader.functions), len(reader.classes)
    models, findings = len(reader.stacks.models), len(reader.stacks.findings)
    module.scope.names["__name__"] = module.name
    reader.scope, reader.unit, reader.branch, reader.returns = module.scope, unit, (), []
    reader.guarded = reader.loops = 0
    reader.reassigned = set()
    reader.steps = allowed = steps // SHARE
    reader.importing += 1
    try:
        signal = reader.block(unit.statements)
        module.ends = reader.beside is not None and reader.beside.ends and signal == "raise" and reader.steps > 0
    finally:
        reader.importing -= 1
        reader.steps = steps - (allowed - max(reader.steps, 0))
        for name, value in before.items():
            setattr(reader, name, value)
        del reader.functions[functions:], reader.classes[classes:], reader.stacks.findings[findings:]
        for model in reader.stacks.models[models:]:
            model.imported = True

