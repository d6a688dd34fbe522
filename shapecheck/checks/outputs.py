"""Labels and losses of a model, output by output: how many, under which names, and which belong together.

Source: keras 3.15, CompileLoss, by running it (tests/oracle/record_outputs.py).
"""

from __future__ import annotations

from collections.abc import Sequence

from shapecheck.checks.data import Part, place_of
from shapecheck.diagnostics.labels import InputsMismatch
from shapecheck.reader.data.flows import data_of, written_labels
from shapecheck.reader.values import Array, Items, Table, told
from shapecheck.shapes import Shape, Unknown

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    from shapecheck.findings import Stack
    from shapecheck.reader.records import Event
    from shapecheck.table import Row


class Output:
    """One output: its name, "" where it is unknown; its shape; its layer, as a row and as a position in the stack."""

    __slots__ = ("at", "name", "row", "shape")

    def __init__(self, name: str, shape: Shape, row: Row, at: int) -> None:
        self.name = name
        self.shape = shape
        self.row = row
        self.at = at


class Loss:
    """The loss of an output: its name, and whether it expects logits (True also if unknown)."""

    __slots__ = ("from_logits", "name")

    def __init__(self, name: str, from_logits: bool) -> None:
        self.name = name
        self.from_logits = from_logits

    @staticmethod
    def of(given: Any) -> Loss | None:
        """The value of one loss in compile(); None if it is unknown or not supported."""
        if isinstance(given, str):
            return Loss(given, False)
        path = getattr(given, "path", "")
        if not isinstance(path, str) or (".losses" not in path and ".metrics" not in path):
            return None
        keywords = getattr(given, "keywords", {})
        odd = any(key in keywords for key in ("reduction", "axis"))
        return None if odd else Loss(path.rpartition(".")[2], keywords.get("from_logits", False) is not False)


class Losses:
    """The loss of each output, None where it is unknown; `all`: every output certainly has one."""

    __slots__ = ("all", "each")

    def __init__(self, each: Sequence[Loss | None], every: bool) -> None:
        self.each = list(each)
        self.all = every


def outputs(stack: Stack) -> list[Output]:
    """The outputs of a stack in their order."""
    tensors, keys = stack.graph.outputs, _keys(stack)
    names = list(keys) or [tensor.node.rule.name or "" for tensor in tensors]
    if len(set(names)) != len(tensors):
        names = [""] * len(tensors)  # a layer used twice: Keras names both outputs the same
    rows = [stack.table[tensor.node] for tensor in tensors]
    places = [stack.nodes.index(tensor.node) if tensor.node in stack.nodes else len(stack.rows) - 1 for tensor in tensors]
    pairs = list(zip(tensors, rows, strict=True))
    shapes = [row.outputs[tensor.port] if tensor.port < len(row.outputs) else Shape(None) for tensor, row in pairs]
    return [Output(*each) for each in zip(names, shapes, rows, places, strict=True)]


def _keys(stack: Stack) -> tuple[str, ...]:
    return stack.model.output_keys if stack.model is not None else ()


def _in_order(stack: Stack) -> bool:
    """False if a list does not follow the order of the outputs: outputs in a dict are sorted by their keys."""
    return list(_keys(stack)) == sorted(_keys(stack))


def losses(stack: Stack, event: Event, found: Sequence[Output], version: int) -> Losses | InputsMismatch:
    """The loss that compile() sets for each output; or what Keras 3 reports about a dict of them in fit()."""
    given, count = event.get(1, "loss"), len(found)
    no_loss = Losses([None] * count, False)
    if isinstance(given, (Items, tuple)):
        if not told(given) or len(given) != count or not _in_order(stack):
            return no_loss
        return Losses([Loss.of(one) for one in given], not any(one is None or isinstance(one, Unknown) for one in given))
    if not isinstance(given, Table):
        return Losses([Loss.of(given)] * count, given is not None and not isinstance(given, Unknown))
    names = [output.name for output in found]
    if not given or not told(given) or "" in names or not all(isinstance(key, str) for key in given):
        return no_loss
    missing = next((name for name in names if name not in given), "")
    others = any(key not in names for key in given)
    if version >= 3 and count > 1 and (others or (missing and not _keys(stack))):
        return InputsMismatch(names, None, missing, list(given), "loss", "output") if missing else no_loss
    each = [given.get(name) for name in names]
    return Losses([Loss.of(one) for one in each], not any(one is None or isinstance(one, Unknown) for one in each))


def written_loss(stack: Stack, event: Event, at: int) -> Any:
    """The expression of the loss of output number `at` only; None if it is for several outputs, or not written."""
    node: Any = event.origin.arguments.get("loss") or event.origin.arguments.get("1")
    items = getattr(node, "elts", None)
    if items is not None:
        return items[at] if len(items) == len(stack.graph.outputs) and _in_order(stack) else None
    if type(node).__name__ == "Dict":
        name = outputs(stack)[at].name
        return next((value for key, value in zip(node.keys, node.values, strict=True) if name and getattr(key, "value", "") == name), None)
    return node if len(stack.graph.outputs) == 1 else None


def labels(stack: Stack, event: Event, found: Sequence[Output], every: bool, version: int) -> list[Part] | InputsMismatch:
    """One part for each output; none where it is unknown. `every`: all have a loss, so that all need labels."""
    place = place_of(event, 1, "y") if isinstance(event.get(1, "y"), (Array, Items, tuple, Table)) else place_of(event, 0, "x")
    y = written_labels(event)
    if len(found) == 1:
        arrays = list(y) if isinstance(y, (Items, tuple)) and told(y) else []
        if len(arrays) > 1 and all(isinstance(one, Array) and one.dims for one in arrays) and every and version >= 3:
            return InputsMismatch([output.name for output in found], len(arrays), what="labels", side="output")
        return [Part(data_of(event)[1], place)]
    names, strict = [output.name for output in found], every and version >= 3
    if isinstance(y, Array) and y.dims and y.source != "list":
        return InputsMismatch(names, 1, what="labels", side="output") if strict else []
    if not isinstance(y, (Items, tuple, Table)) or not told(y):
        return []
    values = list(y.values() if isinstance(y, Table) else y)
    if any(isinstance(value, (Items, tuple, Table)) for value in values):
        return []
    node: Any = event.origin.arguments.get("y") or event.origin.arguments.get("1")
    if isinstance(y, Table):
        if "" in names or not all(isinstance(key, str) for key in y):
            return []
        missing = next((name for name in names if name not in y), "")
        if missing:
            return InputsMismatch(names, None, missing, list(y), "labels", "output") if strict else []
        pairs = zip(getattr(node, "keys", ()), getattr(node, "values", ()), strict=True)
        places = {getattr(key, "value", None): event.origin.unit.place(value) for key, value in pairs}
        values, written = [y[name] for name in names], [places.get(name, place) for name in names]
    else:
        nodes = getattr(node, "elts", ())
        written = [event.origin.unit.place(one) for one in nodes] if len(nodes) == len(values) else [place] * len(values)
    if len(y) != len(found):
        known = strict and y and all(isinstance(value, Array) for value in values)
        return InputsMismatch(names, len(y), what="labels", side="output") if known else []
    return [Part(*each) for each in zip(values, written, strict=True)] if isinstance(y, Table) or _in_order(stack) else []
