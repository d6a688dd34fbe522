"""Models, layers and tensors as objects: their calls and attributes."""

from __future__ import annotations

from shapecheck.graph import Graph
from shapecheck.reader.keras import functional, parts
from shapecheck.reader.python.functions import run
from shapecheck.reader.records import Model
from shapecheck.reader.values import Bound, Instance, Layer, Library, Symbol, unknown
from shapecheck.shapes import Unknown

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    from shapecheck.reader.call import Call
    from shapecheck.reader.state import Reader


def call_object(reader: Reader, owner: Any, call: Call) -> Any:
    """layer(x), model(x), instance(x)."""
    if isinstance(owner, Instance):
        found = owner.of.find("__call__")
        if not isinstance(found, Unknown) and hasattr(found, "node"):
            return run(reader, found, [owner, *call.args], call.keywords, call)
        if owner.model is None:
            return functional.unknown_result(reader, call, owner.of.name)
        owner = owner.model
    return functional.call_layer(reader, owner, call)


def attribute(reader: Reader, owner: Any, identifier: str) -> Any:
    """model.layers, model.output, layer.units, tensor.shape ..."""
    if isinstance(owner, Symbol):
        return functional.symbol_attribute(reader, owner, identifier)
    if identifier == "layers" and (isinstance(owner, Model) or isinstance(owner.rule, Graph)):
        return parts.layers(reader, owner)
    if identifier in parts.ENDS:
        return parts.end(reader, owner, identifier)
    if identifier == "__class__" and isinstance(owner, Layer):
        return Library(f"keras.layers.{owner.class_name}")
    if identifier == "name":
        return parts.name_of(owner) or unknown("name")
    if isinstance(owner, Model) and identifier in ("weights", "trainable_weights"):
        return unknown(identifier)
    if isinstance(owner, Layer) and identifier in getattr(owner.rule, "__dict__", {}):
        return getattr(owner.rule, identifier)
    return Bound(owner, identifier)
