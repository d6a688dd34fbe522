"""Methods of models, lists, dicts, strings, layers, arrays and generators."""

from __future__ import annotations

from shapecheck.diagnostics.base import ShapeError
from shapecheck.diagnostics.cutting import NoSequential
from shapecheck.graph import Graph
from shapecheck.languages import because
from shapecheck.reader.advice import cause
from shapecheck.reader.code import tensors, tracing
from shapecheck.reader.data import arrays, pictures
from shapecheck.reader.keras import functional, models, parts, versions
from shapecheck.reader.keras.objects import call_object
from shapecheck.reader.python import iteration, texts
from shapecheck.reader.python.functions import run
from shapecheck.reader.records import Element, Model
from shapecheck.reader.source import Origin
from shapecheck.reader.values import (
    MOST_ITEMS,
    Array,
    Batches,
    Class,
    Function,
    Instance,
    Items,
    Layer,
    Opaque,
    Super,
    Symbol,
    Table,
    Traced,
    Version,
    is_constant,
    told,
    unknown,
)
from shapecheck.shapes import Shape

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    from shapecheck.reader.call import Call
    from shapecheck.reader.state import Reader

EVENTS = {
    "compile": "compile", "fit": "fit", "fit_generator": "fit", "train_on_batch": "fit", "evaluate": "evaluate",
    "evaluate_generator": "evaluate", "test_on_batch": "evaluate", "predict": "predict", "predict_generator": "predict",
    "predict_on_batch": "predict", "predict_classes": "predict", "predict_proba": "predict", "build": "build",
    "summary": "summary", "count_params": "count_params", "load_weights": "load_weights", "save_weights": "save_weights",
    "get_weights": "weights",
}  # fmt: skip


FEEDING = frozenset({"fit", "evaluate", "predict"})
MAKES_WEIGHTS = frozenset({"add_weight", "add_variable"})


def call(reader: Reader, owner: Any, name: str, call: Call) -> Any:
    """owner.name(...)."""
    if type(owner) is Instance and owner.model is not None and not (owner.model.code is not None and name in MAKES_WEIGHTS):
        owner = owner.model
    handler = _OWNERS.get(type(owner))
    if handler is not None:
        return handler(reader, owner, name, call)
    reader.passed_on(call)
    return unknown(name, cause(getattr(owner, "why", "")) or because("the result of .{name}() is unknown", name=name))


def _array(reader: Reader, owner: Array, name: str, call: Call) -> Any:
    made = pictures.method(owner, name, call)
    return arrays.method(owner, name, call) if made is None else made


def _traced(reader: Reader, owner: Traced, name: str, call: Call) -> Any:
    return tensors.method(owner, name)


def _batches(reader: Reader, owner: Batches | Opaque, name: str, call: Call) -> Any:
    from shapecheck.reader.data import pipelines

    return pipelines.method(reader, owner, name, call)


def _version(reader: Reader, owner: Version, name: str, call: Call) -> Any:
    return versions.method(owner, name, call.args)


def _layer(reader: Reader, owner: Layer, name: str, call: Call) -> Any:
    if EVENTS.get(name) in FEEDING and hasattr(owner.rule, "made"):
        _walk(owner, call)
    if name == "get_layer" and isinstance(owner.rule, Graph):
        return parts.get_layer(reader, owner, call)
    if name == "get_config":
        return unknown("config")
    reader.passed_on(call)
    return unknown(name, because("the result of .{name}() is unknown", name=name))


def _walk(owner: Layer, call: Call) -> None:
    """fit() of a Model class of the file: its call() is evaluated, so that inner stacks get their input shapes."""
    given = call.get(0, "x")
    given = given.x if isinstance(given, Batches) and given.batched else given
    if isinstance(given, Array) and given.dims:
        try:
            owner.rule.infer((Shape((None, *given.dims[1:])),))
        except (ShapeError, ValueError, TypeError, AssertionError):
            return


def _instance(reader: Reader, owner: Instance, name: str, call: Call) -> Any:
    if name in MAKES_WEIGHTS:
        return tracing.add_weight(reader, owner, call)
    reader.passed_on(call)
    return unknown(name, because("the result of .{name}() is unknown", name=name))


def _symbol(reader: Reader, owner: Symbol, name: str, call: Call) -> Any:
    return unknown(name, because("methods of symbolic tensors are not supported"))


def _super(reader: Reader, owner: Any, name: str, call: Call) -> Any:
    for base in owner.kind.bases:
        if isinstance(base, Class):
            found = base.find(name)
            if isinstance(found, Function):
                return run(reader, found, [owner.of, *call.args], call.keywords, call)
    model = owner.of.model if isinstance(owner.of, Instance) else None
    if model is None:
        return None
    if name == "__init__" and model.code is not None:
        models.functional_base(reader, model, call)
        return None
    if model.code is not None and name not in EVENTS:
        return unknown(name, because("the result of super().{name}() is unknown", name=name))
    if name == "__init__":
        models.fill(reader, model, call)
        return None
    return _model(reader, model, name, call)


def _model(reader: Reader, model: Model, name: str, call: Call) -> Any:
    if name in ("add", "pop") and model.graph is not None and model.code is None and not model.unread:
        problem = NoSequential(name, model.variable or "it")
        reader.stacks.findings.append((problem, Origin(call.unit, call.node), None))
        return None
    if name == "add":
        models.add(reader, model, call)
        return None
    if name == "pop" and model.graph is None:
        _pop(reader, model)
        return None
    if name == "get_layer":
        return parts.get_layer(reader, model, call)
    if name in ("call", "__call__"):
        return call_object(reader, model, call)
    kind = EVENTS.get(name)
    if name == "to_json":
        return Opaque("keras.to_json", [model], {})
    if name == "save":
        models.saved(reader, model, call.get(0, "filepath"))
    if kind == "fit":
        models.checkpoints(reader, model, call)
    if kind is None:
        return unknown(name, because("the result of model.{name}() is unknown", name=name))
    if kind in FEEDING:
        _datasets(reader, call)
    reader.remember(model, kind, call)
    if name in ("predict", "predict_on_batch"):
        return functional.on_data(reader, model, call.get(0, "x"))
    return unknown(name, because("the result of model.{name}() depends on the run", name=name))


def _datasets(reader: Reader, call: Call) -> None:
    """Objects of the file's own PyDataset classes become their batches."""
    if any(isinstance(value, Instance) for value in (*call.args, *call.keywords.values())):
        from shapecheck.reader.data.generators import dataset

        call.args[:] = [dataset(reader, value) for value in call.args]
        call.keywords.update({name: dataset(reader, value) for name, value in call.keywords.items()})


def _pop(reader: Reader, model: Model) -> None:
    if not model.elements:
        return
    if reader.certain(model.branch):
        model.elements.pop()
    else:
        model.elements[-1] = Element(model.elements[-1].value, model.elements[-1].use, certain=False)


def _list(reader: Reader, items: Items, name: str, call: Call) -> Any:
    certain = reader.certain(items.branch) and len(items) < MOST_ITEMS
    if name == "append" and call.args:
        if certain:
            if told(call.args[0]) and not items.why:
                reader.news()
            items.append(call.args[0])
            node = call.node_of(0, "object")
            items.nodes.append((call.unit, node) if node is not None else None)
        else:
            items.grown(call.args[0], reader.growing or because("an item may have been added to it on line {line}", line=call.node.lineno))
        return None
    items.each = items.each if name in ("copy", "index", "count", "append") else None
    if name in ("extend", "__iadd__") and call.args:
        iteration.extend(reader, items, call.args[0])
        return None
    if name == "pop" and certain and len(items) and not items.why:
        place = call.args[0] if call.args else -1
        if isinstance(place, int) and -len(items) <= place < len(items):
            items.nodes.pop(place)
            return items.pop(place)
    if name == "copy":
        return reader.items(items, items.nodes)
    if name in ("insert", "remove", "reverse", "sort", "clear", "pop"):
        if name == "insert" and certain and len(call.args) == 2 and isinstance(call.args[0], int):
            items.insert(call.args[0], call.args[1])
            items.nodes.insert(call.args[0], None)
        elif name == "reverse" and certain:
            items.reverse()
            items.nodes.reverse()
        else:
            items.why = items.why or because(".{name}() changed it", name=name)
        return None
    if name == "index" and call.args and not items.why and all(map(is_constant, items)) and call.args[0] in items:
        return items.index(call.args[0])
    if name not in ("index", "count"):
        items.why = items.why or because(".{name}() changed it", name=name)
    return unknown(name)


def _dict(reader: Reader, table: Table, name: str, call: Call) -> Any:
    if table.why:
        return unknown(name, table.why)
    if name in ("get", "setdefault") and call.args and is_constant(call.args[0]):
        return table.get(call.args[0], call.get(1, "default"))
    if name == "keys":
        return reader.items(table)
    if name == "values":
        return reader.items(table.values())
    if name == "items":
        return reader.items(table.items())
    if name == "copy":
        return reader.table(table)
    if name == "update":
        given = call.args[0] if call.args else None
        if reader.certain(table.branch) and (given is None or (isinstance(given, Table) and not given.why)):
            table.update(given or {})
            table.update(call.keywords)
        else:
            table.why = because("it was updated with an unknown value")
        return None
    if name == "pop" and call.args and is_constant(call.args[0]) and reader.certain(table.branch):
        return table.pop(call.args[0], call.get(1, "default", unknown("item")))
    return unknown(name)


def _text(reader: Reader, owner: Any, name: str, call: Call) -> Any:
    if isinstance(owner, str) and name == "format" and not call.hidden and len(owner) <= 1000:
        return texts.formatted(owner, call.args, call.keywords)
    constant = all(map(is_constant, call.args)) and all(map(is_constant, call.keywords.values()))
    small = sum(len(part) for part in (owner, *call.args) if isinstance(part, str)) <= 1000
    if isinstance(owner, str) and constant and small and not call.keywords:
        if name in ("lower", "upper", "strip", "lstrip", "rstrip", "title", "startswith", "endswith", "replace"):
            try:
                found = getattr(owner, name)(*call.args)
            except (TypeError, ValueError):
                return unknown(name)
            return found if not isinstance(found, str) or len(found) <= MOST_ITEMS else unknown(name)
        if name == "split" and len(call.args) <= 1:
            try:
                return Items(owner.split(*call.args)[:MOST_ITEMS])
            except (TypeError, ValueError):
                return unknown(name)
    if name == "as_list" and isinstance(owner, tuple):
        return Items(owner)
    if name == "index" and isinstance(owner, tuple) and call.args and is_constant(call.args[0]) and call.args[0] in owner:
        return owner.index(call.args[0])
    return unknown(name)


_OWNERS: dict[type, Any] = {
    Super: _super, Model: _model, Items: _list, Table: _dict, Array: _array, Batches: _batches, Opaque: _batches,
    str: _text, tuple: _text, Layer: _layer, Symbol: _symbol, Traced: _traced, Version: _version, Instance: _instance,
}  # fmt: skip
