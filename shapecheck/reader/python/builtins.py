"""Python's built-in functions over abstract values, and the few of its standard library that models use."""

from __future__ import annotations

from shapecheck.languages import because
from shapecheck.layers.families import ALIASES, HOME
from shapecheck.reader.call import Call
from shapecheck.reader.python.iteration import item_of, items_of
from shapecheck.reader.records import Model
from shapecheck.reader.values import (
    MOST_ITEMS,
    Array,
    Instance,
    Items,
    Layer,
    Library,
    Number,
    Once,
    Partial,
    Super,
    Table,
    bounded,
    is_constant,
    truth,
    unknown,
)
from shapecheck.shapes import Unknown

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    from shapecheck.reader.state import Reader

_FAILURES = (TypeError, ValueError, ArithmeticError, LookupError, MemoryError)
NUMBERS: dict[str, Any] = {
    "int": int, "float": float, "str": str, "bool": bool, "abs": abs, "round": round, "max": max, "min": min, "sum": sum,
    "divmod": divmod, "pow": pow, "any": any, "all": all,
}  # fmt: skip


def call(reader: Reader, name: str, call: Call) -> Any:
    """builtins.NAME(...)."""
    handler = _HANDLERS.get(name)
    if handler is not None:
        return handler(reader, call)
    if name in NUMBERS and not call.hidden:
        return _number(name, call)
    if name == "super":
        return Super(reader.owner, reader.self_value) if reader.owner is not None else unknown("super")
    return None if name == "print" else unknown(name, because("the result of {name}() is unknown", name=name))


def _number(name: str, call: Call) -> Any:
    args = [list(arg) if isinstance(arg, (Items, range)) and len(arg) <= MOST_ITEMS else arg for arg in call.args]
    if name in ("any", "all") and len(args) == 1 and isinstance(args[0], list):
        known = [truth(item) for item in args[0]]
        return unknown("condition") if None in known else (any(known) if name == "any" else all(known))
    for arg, original in zip(args, call.args, strict=True):
        items = arg if isinstance(arg, (list, tuple)) else [arg]
        bad = next((item for item in items if not is_constant(item)), None)
        why = str(getattr(bad, "why", None) or getattr(original, "why", None) or "")
        if bad is not None or why:
            why = why or because("an argument of {name}() is unknown", name=name)
            return Number(name, why, name) if name in ("int", "float") else Unknown(name, why)
    if call.keywords or (name == "pow") or (args and isinstance(args[0], str) and len(args[0]) > 100):
        return unknown(name)
    try:
        return bounded(NUMBERS[name](*args))
    except _FAILURES as error:
        return unknown(name, because("{name}() fails here ({kind})", name=name, kind=type(error).__name__))


def _len(reader: Reader, call: Call) -> Any:
    given = call.get(0, "obj")
    if isinstance(given, (Items, Table)) and given.why:
        return unknown("len", given.why)
    if isinstance(given, (Items, Table, tuple, str, bytes, range)):
        try:
            return len(given)
        except OverflowError:
            return unknown("len")
    if isinstance(given, Array) and given.dims:
        return given.dims[0] if given.dims[0] is not None else unknown("len")
    if isinstance(given, Array) and given.classes is not None and given.source == "set":
        return given.classes
    return unknown("len", getattr(given, "why", ""))


def _range(reader: Reader, call: Call) -> Any:
    if not call.hidden and call.args and all(isinstance(arg, int) for arg in call.args):
        try:
            return range(*call.args)
        except (ValueError, TypeError):
            return unknown("range")
    return unknown("range", next((arg.why for arg in call.args if isinstance(arg, Unknown)), ""))


def _list(reader: Reader, call: Call) -> Any:
    if not call.args:
        return reader.items()
    given = call.args[0]
    items = items_of(given, MOST_ITEMS)
    if items is None:
        return _listed(given) if isinstance(given, Array) else unknown("list", getattr(given, "why", ""))
    return reader.items(items, given.nodes if isinstance(given, Items) else None)


def _listed(given: Array) -> Array:
    """A list of the rows of an array: mostly equal to the array, but as data it may be one array for each input."""
    made = given.copy()
    made.source = "set" if given.source == "set" else "list"
    return made


def _tuple(reader: Reader, call: Call) -> Any:
    made = _list(reader, call)
    return tuple(made) if isinstance(made, Items) else made


def _dict(reader: Reader, call: Call) -> Any:
    given = call.args[0] if call.args else Table()
    if isinstance(given, Array) and given.columns is not None and not call.hidden:
        return reader.table({**given.columns, **call.keywords})
    if isinstance(given, Table) and not given.why and not call.hidden:
        return reader.table({**given, **call.keywords})
    pairs = items_of(given, 1000)
    if pairs is not None and all(isinstance(pair, tuple) and len(pair) == 2 and is_constant(pair[0]) for pair in pairs):
        return reader.table({**dict(pairs), **call.keywords})
    return unknown("dict")


def _set(reader: Reader, call: Call) -> Any:
    if not call.args:
        return unknown("set", because("the set is filled later"))
    given = call.args[0]
    if isinstance(given, Array):
        found = Array((Unknown("classes") if given.classes is None else given.classes,), given.dtype, source="set")
        found.classes = given.classes
        return found
    items = items_of(given, MOST_ITEMS)
    if items is not None and all(map(is_constant, items)):
        return reader.items(dict.fromkeys(items))
    return unknown("set")


def _sorted(reader: Reader, call: Call) -> Any:
    items = items_of(call.args[0], MOST_ITEMS) if call.args else None
    if items is None or not all(map(is_constant, items)) or "key" in call.keywords:
        return call.args[0] if call.args and isinstance(call.args[0], Array) else unknown("sorted")
    try:
        return reader.items(sorted(items, reverse=bool(call.keywords.get("reverse") is True)))
    except TypeError:
        return unknown("sorted")


def _zip(reader: Reader, call: Call) -> Any:
    lists = [items_of(arg, MOST_ITEMS) for arg in call.args]
    if call.hidden or any(items is None for items in lists):
        return Once("zip", because("{name} is unknown", name="zip"))
    return reader.items(zip(*(items or [] for items in lists), strict=False))


def _enumerate(reader: Reader, call: Call) -> Any:
    items = items_of(call.get(0, "iterable"), MOST_ITEMS)
    start = call.get(1, "start", 0)
    if items is None or not isinstance(start, int):
        return unknown("enumerate")
    return reader.items(enumerate(items, start))


def _reversed(reader: Reader, call: Call) -> Any:
    items = items_of(call.args[0], MOST_ITEMS) if call.args else None
    return unknown("reversed") if items is None else reader.items(items[::-1])


def _next(reader: Reader, call: Call) -> Any:
    return item_of(call.args[0], "item") if call.args else unknown("next")


def _iter(reader: Reader, call: Call) -> Any:
    return call.args[0] if call.args else unknown("iter")


def _getattr(reader: Reader, call: Call) -> Any:
    if len(call.args) >= 2 and isinstance(call.args[1], str):
        return reader.attribute(call.args[0], call.args[1])
    return unknown("getattr")


def _setattr(reader: Reader, call: Call) -> Any:
    if len(call.args) == 3 and isinstance(call.args[0], Instance) and isinstance(call.args[1], str):
        call.args[0].attributes[call.args[1]] = call.args[2]


def _isinstance(reader: Reader, call: Call) -> Any:
    kinds = {"builtins.int": int, "builtins.str": str, "builtins.float": float, "builtins.tuple": tuple, "builtins.list": Items,
             "builtins.dict": Table, "builtins.bool": bool}  # fmt: skip
    if len(call.args) == 2 and isinstance(call.args[0], (Layer, Model)):
        return _is_layer(reader, call.args[0], call.args[1])
    if len(call.args) == 2 and isinstance(call.args[1], Library) and call.args[1].path in kinds:
        given = call.args[0]
        if is_constant(given) or isinstance(given, (tuple, Items, Table)):
            return isinstance(given, kinds[call.args[1].path])
    return unknown("condition")


def _is_layer(reader: Reader, given: Layer | Model, kind: Any) -> Any:
    """isinstance(layer, keras.layers.Conv2D), or one of several classes."""
    if isinstance(kind, (tuple, Items)):
        answers = [_is_layer(reader, given, one) for one in kind]
        return True if True in answers else unknown("condition") if any(isinstance(one, Unknown) for one in answers) else False
    if not isinstance(kind, Library):
        return unknown("condition")
    wanted = ALIASES.get(kind.last, kind.last)
    if wanted in ("Layer", "Operation"):
        return True
    if isinstance(given, Model):
        family = {"Model": True, "Sequential": given.graph is None, "Functional": given.graph is not None}
        return family.get(wanted, False if wanted in HOME else unknown("condition"))
    if wanted == given.class_name or (wanted == "RNN" and given.class_name in ("LSTM", "GRU", "SimpleRNN")):
        return True
    inherits = "Conv" in wanted and "Conv" in given.class_name and reader.stacks.dialect.version < 3  # subclasses of each other in Keras 2
    known = (wanted in HOME and not inherits) or wanted in ("Model", "Sequential", "Functional")
    return False if known else unknown("condition")


def _type(reader: Reader, call: Call) -> Any:
    given = call.args[0] if len(call.args) == 1 else None
    return Library(f"keras.layers.{given.class_name}") if isinstance(given, Layer) else unknown("type")


def _map(reader: Reader, call: Call) -> Any:
    items = items_of(call.args[1], 1000) if len(call.args) == 2 else None
    if items is None:
        return Once("map", because("{name} is unknown", name="map")) if call.args else unknown("map")
    results = reader.items()
    for item in items:
        inner = Call(reader.unit, call.node)
        inner.args = [item]
        results.append(reader.apply(call.args[0], inner))
        results.nodes.append(None)
    return results


def partial(call: Call) -> Any:
    """functools.partial(function, ...)."""
    if not call.args or call.hidden:
        return unknown("partial")
    nodes = {(key - 1 if isinstance(key, int) else key): node for key, node in call.nodes.items() if key != 0}
    return Partial(call.args[0], call.args[1:], dict(call.keywords), nodes)


def standard(reader: Reader, path: str, call: Call) -> Any:
    """copy, itertools, collections."""
    if path in ("copy.copy", "collections.OrderedDict") and call.args:
        return call.args[0]
    if path == "itertools.chain":
        lists = [items_of(arg, MOST_ITEMS) for arg in call.args]
        if all(items is not None for items in lists) and not call.hidden:
            return reader.items([item for items in lists for item in items or ()])
    return unknown(path)


_HANDLERS: dict[str, Any] = {
    "len": _len, "range": _range, "list": _list, "tuple": _tuple, "dict": _dict, "set": _set, "sorted": _sorted, "zip": _zip,
    "enumerate": _enumerate, "reversed": _reversed, "next": _next, "iter": _iter, "getattr": _getattr, "setattr": _setattr,
    "isinstance": _isinstance, "map": _map, "type": _type,
}  # fmt: skip
