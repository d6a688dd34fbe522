"""Who may import whom inside tinyseq, and why an import stands inside a function: the arrows of this package as data."""

from __future__ import annotations

import ast
from collections.abc import Iterable, Iterator, Mapping

from tests.house.imports import modules

Arrow = tuple[str, str]
"""(the module that imports, the one that it imports)"""

ROOMS = (
    "tinyseq.declared", "tinyseq.documented", "tinyseq.did_you_mean",
    "tinyseq.kernels",
    "tinyseq.weights",
    "tinyseq.engine",
    "tinyseq.error_repairs",
    "tinyseq.inputs", "tinyseq.compile_notice",
    "tinyseq.layers",
    "tinyseq.training",
    "tinyseq.memory_estimate",
    "tinyseq.saving",
    "tinyseq.summary",
    "tinyseq.structure", "tinyseq.model",
    "tinyseq.sequential",
    "tinyseq.losses", "tinyseq.metrics", "tinyseq.optimizers", "tinyseq.callbacks", "tinyseq.initializers", "tinyseq.regularizers",
    "tinyseq.constraints", "tinyseq.models", "tinyseq.utils", "tinyseq.backend", "tinyseq.datasets", "tinyseq.plotting",
    "tinyseq.applications", "tinyseq",
    "tinyseq.classroom", "tinyseq.warmup", "tinyseq.demo", "tinyseq.__main__",
)  # fmt: skip
"""From the ground up: a module imports what stands to its left, and others of its own room."""

HEAVY = {
    "numba": 380.0,
    "tinyseq.kernels": 400.0,
    "matplotlib": 140.0,
    "tinyseq.plotting": 180.0,
    "rich": 50.0,
}
"""What loads slowly, and the milliseconds that a start without it saves (Zen 4, everything in the page cache)."""

SAVED = {
    ("tinyseq.__main__", "tinyseq.demo"): 150.0,
    ("tinyseq.__main__", "tinyseq.warmup"): 150.0,
    ("tinyseq.datasets.download", "http.client"): 30.0,
    ("tinyseq.datasets.download", "urllib.error"): 5.0,
    ("tinyseq.datasets.download", "urllib.request"): 45.0,
    ("tinyseq.error_repairs", "shapecheck.repairs.live"): 16.0,
    ("tinyseq.layers", "tinyseq.layers.core"): 5.3,
    ("tinyseq.saving.weights", "zipfile"): 11.0,
    ("tinyseq.summary", "shapecheck.report.html"): 2.8,
    ("tinyseq.summary", "shapecheck.report.terminal"): 5.2,
    ("tinyseq.summary", "shapecheck.report.wide"): 1.6,
    ("tinyseq.weights.seeds", "random"): 1.0,
}
"""Every other import inside a function, with the milliseconds that it saves at the start."""


def room(module: str) -> int:
    """The place of a module's room in ROOMS. ValueError for a module without one."""
    fitting = [name for name in ROOMS if module == name or (name != "tinyseq" and module.startswith(name + "."))]
    if not fitting:
        raise ValueError(f"{module} has no place in ROOMS: put it where its imports allow")
    return ROOMS.index(fitting[0])


def allowed(arrow: Arrow) -> bool:
    """True if the import goes to the left, or stays in the room."""
    return room(arrow[1]) <= room(arrow[0])


def written(sources: Iterable[tuple[str, ast.AST]], known: Iterable[str]) -> Iterator[tuple[Arrow, bool]]:
    """Every import in these sources, for type checkers only or not, and whether it stands inside a function."""
    names = frozenset(known)
    for module, tree in sources:
        for found, inside in _imports(tree, False, names):
            if found != module:
                yield (module, found), inside


def _imports(tree: ast.AST, inside: bool, known: frozenset[str]) -> Iterator[tuple[str, bool]]:
    for node in ast.iter_child_nodes(tree):
        if isinstance(node, ast.Import):
            yield from ((alias.name, inside) for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module:
            for alias in node.names:
                full = f"{node.module}.{alias.name}"
                yield (full if full in known else node.module), inside
        yield from _imports(node, inside or isinstance(node, (ast.FunctionDef, ast.Lambda)), known)


def sources() -> list[tuple[str, ast.Module]]:
    """Every module of tinyseq with its syntax tree."""
    return modules("tinyseq")


def circles(arrows: Iterable[Arrow]) -> list[set[str]]:
    """The sets of modules that import each other in a circle (Tarjan 1972, by reachability: the drawing is small)."""
    leads: dict[str, set[str]] = {}
    for start, end in arrows:
        leads.setdefault(start, set()).add(end)
    reached = {module: _reached(module, leads) for module in leads}
    found: list[set[str]] = []
    for module, far in reached.items():
        circle = {other for other in far if module in reached.get(other, ())}
        if circle and circle not in found:
            found.append(circle)
    return found


def _reached(module: str, leads: Mapping[str, set[str]]) -> set[str]:
    seen: set[str] = set()
    waiting = list(leads.get(module, ()))
    while waiting:
        one = waiting.pop()
        if one not in seen:
            seen.add(one)
            waiting += leads.get(one, ())
    return seen


RECORD = '''
import builtins, importlib, json, sys
arrows, plain, by_name = set(), builtins.__import__, importlib.import_module

def note(start, end):
    if str(start).startswith("tinyseq") and end.startswith("tinyseq") and start != end:
        arrows.add((start, end))

def imports(name, globals=None, locals=None, fromlist=(), level=0):
    found = plain(name, globals, locals, fromlist, level)
    start = (globals or {}).get("__name__")
    for one in fromlist or ():
        note(start, f"{name}.{one}" if f"{name}.{one}" in sys.modules else name)
    if not fromlist:
        note(start, name)
    return found

def imports_by_name(name, package=None):
    note(sys._getframe(1).f_globals.get("__name__"), name)
    return by_name(name, package)

builtins.__import__, importlib.import_module = imports, imports_by_name
import numpy as np
import tinyseq
from tinyseq import layers
for face in (tinyseq, layers, tinyseq.losses, tinyseq.metrics, tinyseq.optimizers, tinyseq.callbacks, tinyseq.models, tinyseq.utils):
    for name in dir(face):
        getattr(face, name)
for wrong in ("Dence", "Conv2d"):
    for face in (tinyseq, layers):
        try:
            getattr(face, wrong)
        except AttributeError as error:
            str(error)
a = tinyseq.Input((8, 8, 1))
b = layers.Conv2D(4, 3, padding="same")(a)
model = tinyseq.Model(a, layers.Dense(3)(layers.Flatten()(b + b)))
model.summary(batch_size=4, print_fn=len)
model.summary(style="wide", print_fn=len)
model._repr_html_()
model.compile("adam", "mse", metrics=["mae"])
model.fit(np.zeros((4, 8, 8, 1)), np.zeros((4, 3)), verbose=0)
type(model).from_config(model.get_config())
try:
    tinyseq.Sequential([tinyseq.Input((4, 4, 1)), layers.Conv2D(4, 7)])
except ValueError as error:
    str(error)
print(json.dumps(sorted(arrows)))
'''
"""A program that uses much of tinyseq and prints who imported whom, import_module and __getattr__ included."""
