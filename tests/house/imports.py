"""Who imports whom, read off the source: the arrows of the house as data."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]

KERNELS_MAY_USE = ("numpy", "numba", "llvmlite", "tinyseq.kernels")
SHAPECHECK_NEVER_USES = ("numpy", "numba", "tinyseq", "h5py", "matplotlib")


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
