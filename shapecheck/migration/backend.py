"""Calls of functions that keras.backend no longer has, and the equal call of keras.ops, if its arguments can be kept."""

from __future__ import annotations

from shapecheck.languages import write
from shapecheck.migration import tables
from shapecheck.migration.changes import Add, Change, Text, end, from_to, keyword_place, start
from shapecheck.migration.old_backend import FUNCTIONS

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    from shapecheck.migration.findings import File
    from shapecheck.migration.names import Answer
    from shapecheck.migration.scan import Imported, Use


def same_form(name: str) -> bool:
    """True if a function of this name can replace the old one without changing its calls.

    >>> same_form("mean"), same_form("argmax"), same_form("int_shape")
    (True, False, False)
    """
    text = FUNCTIONS.get(name, "{")
    return "{" not in text and "=" not in text


def call(file: File, use: Use, name: str, found: Answer, near: Imported | None) -> tuple[list[Change], str] | None:
    """The changes of one call of a backend function; None if it must be edited by hand."""
    node: Any = use.node
    if any(type(one).__name__ == "Starred" for one in node.args) or any(one.arg is None for one in node.keywords):
        return None
    function, _, rest = FUNCTIONS[name].partition(" ")
    if "{" in function:
        return _template(use, function)
    order = [part.partition("=")[0].partition(":") for part in rest.split()]
    old = [before for before, _, _ in order]
    new = {before: after or before for before, _, after in order}
    if len(node.args) > len(old) or any(one.arg not in new for one in node.keywords):
        return None
    if name == "switch" and any(type(one).__name__ == "Lambda" for one in (*node.args, *(one.value for one in node.keywords))):
        return None
    module, _, last = found.new.rpartition(".")
    root, below = tables.split(module)
    text, needs = file.name_for(*((root, below) if below in ("ops", "random", "backend") else (module, last)), near, use.unit)
    if not text:
        return None
    callee = f"{text}.{last}" if below in ("ops", "random", "backend") else text
    if below == "backend" and len(use.names) > 1:
        callee = ".".join((*use.names[:-1], last))
        needs = []
    changes: list[Change] = [Text(use.unit, use.unit.place(node.func), callee), *needs]
    changes += [Text(use.unit, keyword_place(use.unit, one), new[one.arg]) for one in node.keywords if new[one.arg] != one.arg]
    given = {*old[: len(node.args)], *(one.arg for one in node.keywords)}
    changes += [Add(use.unit, node, part) for part in rest.split() if "=" in part and part.partition("=")[0] not in given]
    if name == "image_dim_ordering":
        compared = _compared(file, node)
        if not compared:
            return None
        changes += [Text(use.unit, use.unit.place(one), ORDERS[one.value]) for one in compared]
    changes += _orders(use) if name == "set_image_dim_ordering" else []
    return changes, write(f"{callee}(...)")


def _compared(file: File, call: Any) -> list[Any]:
    """The strings that image_dim_ordering() is compared with; [] if there are none."""
    for other in file.scan.compares:
        sides = [other.node.left, *other.node.comparators]
        if call in sides:
            texts = [one for side in sides if side is not call for one in getattr(side, "elts", [side])]
            return texts if all(getattr(one, "value", None) in ORDERS for one in texts) else []
    return []


ORDERS = {"th": '"channels_first"', "tf": '"channels_last"'}


def _orders(use: Use) -> list[Change]:
    """'th' and 'tf' are channels_first and channels_last."""
    node: Any = use.node
    given = [*node.args, *(one.value for one in node.keywords)]
    return [Text(use.unit, use.unit.place(one), ORDERS[one.value]) for one in given if getattr(one, "value", None) in ORDERS]


def _template(use: Use, template: str) -> tuple[list[Change], str] | None:
    """K.int_shape(x) -> x.shape, K.set_value(x, 1) -> x.assign(1): the text around the arguments changes, they stay."""
    node: Any = use.node
    count = template.count("{")
    if len(node.args) != count or node.keywords:
        return None
    first = node.args[0]
    simple = type(first).__name__ in ("Name", "Attribute", "Call", "Subscript")
    unit = use.unit
    _, middle, *rest = template.replace("{0}", "{").replace("{1}", "{").split("{")
    changes: list[Change] = [Text(unit, from_to(unit, start(unit, node), start(unit, first)), "" if simple else "(")]
    middle = middle if simple else f"){middle}"
    if count == 1:
        changes.append(Text(unit, from_to(unit, end(unit, first), end(unit, node)), middle))
    else:
        changes.append(Text(unit, from_to(unit, end(unit, first), start(unit, node.args[1])), middle))
        changes.append(Text(unit, from_to(unit, end(unit, node.args[1]), end(unit, node)), rest[0]))
    return changes, write(f"{template.replace('{0}', 'x').replace('{1}', 'value')}")
