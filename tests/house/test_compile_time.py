"""What makes a kernel slow to compile, kept out of the kernels."""

from __future__ import annotations

import ast

from tests.house.imports import modules

ALLOWED = ("tinyseq.kernels.reference",)
"""Computed by NumPy."""


def kernels(tree: ast.Module) -> list[ast.FunctionDef]:
    """The functions that are compiled."""
    functions = [node for node in tree.body if isinstance(node, ast.FunctionDef)]
    return [one for one in functions if any(ast.unparse(mark).startswith("kernel") for mark in one.decorator_list)]


def slices(function: ast.FunctionDef) -> list[str]:
    """The assignments to several elements at once."""
    found = []
    for node in ast.walk(function):
        targets = node.targets if isinstance(node, ast.Assign) else [node.target] if isinstance(node, ast.AugAssign) else []
        for target in targets:
            if isinstance(target, ast.Subscript) and any(isinstance(part, ast.Slice) for part in ast.walk(target.slice)):
                found.append(f"{function.name}: {ast.unparse(node)}")
    return found


def test_no_kernel_assigns_a_slice() -> None:
    """Numba compiles a[n, :] = b[n, :] by its general assignment, which looks for overlaps and allocates: up to 2.8 s for one line. Write a
    loop."""
    looked = [(name, function) for name, tree in modules("tinyseq.kernels") if not name.startswith(ALLOWED) for function in kernels(tree)]
    assert len(looked) > 200
    assert [f"{name}.{line}" for name, function in looked for line in slices(function)] == []


def test_an_assigned_slice_is_seen() -> None:
    tree = ast.parse("@kernel\ndef f(a, b, n):\n    a[n, :] = b[n]\n\n@kernel(part=True)\ndef g(a):\n    a[0] = a[1:].sum()\n    a[:2] = 1")
    assert [line for function in kernels(tree) for line in slices(function)] == ["f: a[n, :] = b[n]", "g: a[:2] = 1"]
