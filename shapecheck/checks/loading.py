"""load_model() of a file that the same script saved: whether it knows the classes and functions that the model uses.

Source: keras 3.15, by saving and loading (tests/oracle/record_own_functions.py).
"""

from __future__ import annotations

from collections.abc import Iterator

from shapecheck.diagnostics.compiled import NotLoadable
from shapecheck.findings import Finding
from shapecheck.graph import Graph
from shapecheck.layers.base import Rule
from shapecheck.reader.children import CHILDREN
from shapecheck.reader.values import Bound, Class, Function, Instance, Items, Table

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    from shapecheck.findings import FileReport, Stack
    from shapecheck.reader.records import Model

MADE_KNOWN = ("custom_object_scope", "CustomObjectScope", "get_custom_objects", "enable_unsafe_deserialization")
"""Functions by which a file makes names known for every load."""

SHORT = {
    "mse": "mean_squared_error", "mae": "mean_absolute_error", "mape": "mean_absolute_percentage_error",
    "msle": "mean_squared_logarithmic_error", "kld": "kl_divergence",
}  # fmt: skip
"""Short names of losses that an .h5 file keeps and that load_model() does not find; metrics of these names are found."""


def check(report: FileReport, stack: Stack) -> Iterator[Finding]:
    """The first class or function that is missing."""
    model = stack.model
    if model is None or model.loading is None or model.guarded or report.dialect is None or report.dialect.version < 3:
        return
    call, path, saved = model.loading
    if call.hidden or any(word in unit.text for unit in report.units for word in MADE_KNOWN):
        return
    passed = call.get(1, "custom_objects")
    if passed is not None and (not isinstance(passed, Table) or passed.why):
        return
    names = set(passed or ())
    old_format = isinstance(path, str) and path.endswith((".h5", ".hdf5"))
    losses = [] if call.get(2, "compile") not in (None, True) else list(_compiled(saved, 1 if old_format else 2))
    for value in (*_layers(saved, stack), *losses):
        problem = _short(value) if old_format and value in losses[:1] else None
        problem = problem or _problem(value, names, call)
        if problem is not None:
            yield Finding(problem, call.unit.place(call.node), stack, None)
            return


def _layers(saved: Model, stack: Stack) -> Iterator[Any]:
    """The model's own class, then its layers, also in wrappers and models inside: objects of classes of the file, and Lambda layers."""
    if saved.code is not None:
        yield saved.code
    for node in stack.nodes:
        yield from _inside(node.rule)


def _inside(rule: Any) -> Iterator[Any]:
    made = getattr(rule, "made", None)
    if isinstance(made, Instance):
        yield made
    elif type(rule).__name__ in ("Lambda", "FollowedLambda"):
        yield rule
    elif isinstance(getattr(rule, "layer", None), Rule):
        yield from _inside(rule.layer)
    elif isinstance(rule, Graph):
        for node in rule.nodes:
            yield from _inside(node.rule)


def _compiled(saved: Model, count: int) -> Iterator[Any]:
    """What the last compile() of the saved model uses as losses, and with a `count` of 2 as metrics, which an .h5 file finds later."""
    event = next((event for event in reversed(saved.events) if event.kind == "compile"), None)
    if event is None or event.guarded:
        return
    for value in (event.get(1, "loss"), event.get(2, "metrics"))[:count]:
        yield from value.values() if isinstance(value, Table) else value if isinstance(value, (Items, tuple)) else [value]


def _short(value: Any) -> NotLoadable | None:
    """The short name of a loss in an .h5 file, which keras 3.15 looks for among classes when it loads the file."""
    return NotLoadable("short", value, SHORT[value]) if isinstance(value, str) and value in SHORT else None


def _problem(value: Any, names: set[str], call: Any) -> NotLoadable | None:
    if isinstance(value, Rule):
        function = getattr(value, "code", None)
        if not isinstance(function, Function):
            return None
        if function.name == "<lambda>":
            return None if call.keywords.get("safe_mode", True) is not True else NotLoadable("lambda", "<lambda>", "Lambda")
        value = function
    if isinstance(value, Instance):
        return _of_class(value.of, names)
    function = value.function if isinstance(value, Bound) else value
    if not isinstance(function, Function) or function.name == "<lambda>" or function.name in names:
        return None
    return None if getattr(function.node, "decorator_list", ()) else NotLoadable("function", function.name, "function")


def _of_class(of: Class, names: set[str]) -> NotLoadable | None:
    written = getattr(of.node, "decorator_list", ())
    if of.name not in names and not written:
        return NotLoadable("class", of.name, "class")
    begin, from_config, config = of.find("__init__"), of.find("from_config"), of.find("get_config")
    if not isinstance(begin, Function) or isinstance(from_config, Function) or begin.node.args.kwarg is not None:
        return None
    arguments = begin.node.args
    takes = {argument.arg for argument in (*arguments.posonlyargs, *arguments.args, *arguments.kwonlyargs)}
    layer = any(path.rpartition(".")[2] == "Layer" for path in of.library_bases())
    if not layer or (isinstance(config, Function) and not _mentions(config, "super")):
        return None
    passed = ("name",) if isinstance(config, Function) else ("name", "trainable", "dtype")
    missing = next((name for name in passed if name not in takes), None)
    return NotLoadable("init", of.name, missing) if missing is not None else None


def _mentions(function: Function, name: str) -> bool:
    """Whether a name is used anywhere in a function."""
    todo = list(function.node.body)
    while todo:
        node = todo.pop()
        if getattr(node, "id", "") == name:
            return True
        for field in CHILDREN.get(node.__class__, ()):
            value = getattr(node, field)
            todo += value if value.__class__ is list else [value] if value is not None else []
    return False
