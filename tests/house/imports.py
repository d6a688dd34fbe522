"""Who imports whom, read off the source: at the top, inside functions, for the type checker, and by name (import_module)."""

from __future__ import annotations

import ast
from collections.abc import Iterator, Mapping
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]

KERNELS_MAY_USE = ("numpy", "numba", "llvmlite", "tinyseq.kernels")
SHAPECHECK_NEVER_USES = ("numpy", "numba", "tinyseq", "h5py", "matplotlib")

Edges = Mapping[str, set[str]]
"""A module -> the modules that it imports."""


def modules(package: str) -> list[tuple[str, ast.Module]]:
    """(dotted name, syntax tree) of every module of a package."""
    found = []
    for path in sorted((ROOT / package.replace(".", "/")).rglob("*.py")):
        name = ".".join(path.relative_to(ROOT).with_suffix("").parts).removesuffix(".__init__")
        found.append((name, ast.parse(path.read_text(encoding="utf-8"))))
    return found


def imported(tree: ast.AST) -> Iterator[str]:
    """Every module that a tree imports, wherever the import stands, but for those only a type checker runs."""
    for node in ast.iter_child_nodes(tree):
        if isinstance(node, ast.If) and "TYPE_CHECKING" in ast.unparse(node.test):
            continue
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.level == 0 and node.module:
            yield node.module
            yield from (f"{node.module}.{alias.name}" for alias in node.names)
        yield from imported(node)


def within(name: str, packages: tuple[str, ...]) -> bool:
    """True if a module is one of the packages or stands inside one."""
    return any(name == package or name.startswith(package + ".") for package in packages)


def named(node: ast.AST, known: set[str]) -> set[str]:
    """The modules among `known` that one import statement, or one call of import_module, may load.

    import_module(f"package.room.{name}") may load every module of that room.
    """
    if isinstance(node, ast.Import):
        return {alias.name for alias in node.names} & known
    if isinstance(node, ast.ImportFrom) and node.module and not node.level:
        members = {f"{node.module}.{alias.name}" for alias in node.names}
        return (members & known) | ({node.module} & known if members - known else set())
    if isinstance(node, ast.Call) and ast.unparse(node.func).rpartition(".")[2] == "import_module":
        (name, *_) = node.args
        if isinstance(name, ast.Constant):
            return {str(name.value)} & known
        if isinstance(name, ast.JoinedStr) and isinstance(first := name.values[0], ast.Constant):
            return {module for module in known if module.startswith(str(first.value))}
    return set()


def edges(trees: Mapping[str, ast.Module]) -> dict[str, set[str]]:
    """Every arrow between these modules, lazy and type-only imports included; a package's __init__ is a module."""
    known = set(trees)
    return {name: {one for node in ast.walk(tree) for one in named(node, known)} - {name} for name, tree in trees.items()}


def lazy(trees: Mapping[str, ast.Module]) -> dict[str, set[str]]:
    """The modules that each module imports inside a function: ours, and those of others."""
    found: dict[str, set[str]] = {}
    for name, tree in trees.items():
        for function in (node for node in ast.walk(tree) if isinstance(node, ast.FunctionDef)):
            for node in ast.walk(function):
                if isinstance(node, ast.Import):
                    found.setdefault(name, set()).update(alias.name for alias in node.names)
                elif isinstance(node, ast.ImportFrom) and node.module:
                    found.setdefault(name, set()).update(named(node, set(trees)) or {node.module})
    return found


def circles(arrows: Edges) -> list[list[str]]:
    """The groups of modules that import each other, directly or on a way round (Tarjan 1972), each sorted."""
    order: dict[str, int] = {}
    low: dict[str, int] = {}
    waiting: list[str] = []
    found: list[list[str]] = []

    def visit(module: str) -> None:
        order[module] = low[module] = len(order)
        waiting.append(module)
        for other in arrows[module]:
            if other not in order:
                visit(other)
            if other in waiting:
                low[module] = min(low[module], low[other])
        if low[module] == order[module]:
            group = waiting[waiting.index(module) :]
            del waiting[waiting.index(module) :]
            if len(group) > 1:
                found.append(sorted(group))

    for module in arrows:
        if module not in order:
            visit(module)
    return found
