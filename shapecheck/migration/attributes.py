"""Attributes of models, layers and optimizers that Keras 3 lacks."""

from __future__ import annotations

from shapecheck.diagnostics.migration import LayersAreACopy, OldMethod
from shapecheck.languages import Phrase, write
from shapecheck.migration.changes import Text, name_place
from shapecheck.migration.findings import dotted, is_layer
from shapecheck.repairs.edits import point, written

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    from shapecheck.migration.changes import Change
    from shapecheck.migration.findings import File
    from shapecheck.migration.scan import Use

OF_LAYERS = {
    "output_shape": "output.shape",
    "input_shape": "input.shape",
    "inbound_nodes": "",
    "outbound_nodes": "",
    "W": "kernel",
    "b": "bias",
}
OF_OPTIMIZERS = {"lr": "learning_rate", "weights": "variables", "updates": ""}
OF_MODELS = {"updates": "", "state_updates": "", "total_loss": "", "targets": "", "sample_weights": "", "uses_learning_phase": "",
             "container_nodes": ""}  # fmt: skip
ATTRIBUTES = frozenset((*OF_LAYERS, *OF_OPTIMIZERS, *OF_MODELS))


def judge(file: File) -> None:
    """Every dotted name that ends in such an attribute."""
    for use in file.scan.chains:
        if use.names[-1] in ("input", "output") and len(use.names) > 1 and not use.guarded:
            _tensor_of_a_sequential(file, use)
        elif not use.guarded and (use.names[-1] in ATTRIBUTES or use.names[-1] == "pop"):
            _attribute(file, use)


def _attribute(file: File, use: Use) -> None:
    """model.layers[0].output_shape, optimizer.lr, model.layers.pop()."""
    node, name = use.node, use.names[-1]
    if name == "pop":
        popped = len(use.names) > 2 and use.names[-2] == "layers" and "layers" not in file.scan.defined
        kind = file.kind(node.value.value, use.scope) if popped else ""
        if not popped or kind not in ("model", "sequential"):
            return
        unit = use.unit
        place = unit.place(node)
        inner = unit.place(node.value.value)
        what = Phrase("migration", "layers_is_a_copy", "layers is a copy of the list: removing a layer from it does not change the model")
        changes: list[Change] | None = None
        advice = Phrase(
            "migration", "create_a_new_model", "create a new model that ends before it: keras.Model(model.input, model.layers[-2].output)"
        )
        if kind == "sequential":
            advice = write(f"{written(unit, node.value.value)}.pop()")
            place_of_layers = point(unit, inner.end_line, inner.end_column)
            place_of_layers.end_line, place_of_layers.end_column = place.end_line, place.end_column
            changes = [Text(unit, place_of_layers, ".pop")]
        file.add(LayersAreACopy(what, advice), unit, place, changes, advice if changes else "")
        return
    if type(node.ctx).__name__ != "Load" and name != "lr":
        return
    kind = file.kind(node.value, use.scope) if name in OF_OPTIMIZERS or name in OF_MODELS else ""
    if kind == "optimizer" and name in OF_OPTIMIZERS and "lr" not in _own_attributes(file):
        _told_attribute(
            file, use, OF_OPTIMIZERS[name], Phrase("migration", "an_optimizer_has_no", "an optimizer has no {name} in Keras 3", name=name)
        )
    elif kind in ("model", "sequential") and name in OF_MODELS:
        _told_attribute(file, use, OF_MODELS[name], Phrase("migration", "a_model_has_no", "a model has no {name} in Keras 3", name=name))
    elif name not in OF_LAYERS:
        return
    elif is_layer(node.value) or _loops_over_layers(file, node.value, use):
        new = OF_LAYERS[name]
        _told_attribute(file, use, new, Phrase("migration", "a_layer_has_no", "a layer has no {name} in Keras 3", name=name))


def _tensor_of_a_sequential(file: File, use: Use) -> None:
    """model.input and model.output of a Sequential, which no longer has them until it is called on a tensor; it still has inputs
    and outputs."""
    node, name = use.node, use.names[-1]
    if type(node.ctx).__name__ != "Load" or file.kind(node.value, use.scope) != "sequential":
        return
    if any(dotted(other.node.func) == use.names[:-1] for other in file.scan.calls):
        return  # called as a layer: on a tensor of another model, perhaps
    _told_attribute(
        file,
        use,
        f"{name}s[0]",
        Phrase("migration", "a_sequential_that_was", "a Sequential that was not called on a tensor has no {name} in Keras 3", name=name),
    )


def _own_attributes(file: File) -> set[str]:
    """Attributes set on the file's own objects: self.lr = ..."""
    return {name for name, values in file.scan.attributes.items() if values and name == "lr" and any(where.parent for _, where in values)}


def _told_attribute(file: File, use: Use, new: str, what: str) -> None:
    unit = use.unit
    place = name_place(unit, use.node)

    advice = write(f".{new}") if new else Phrase("migration", "it_is_private_today", "it is private today")
    file.add(OldMethod(what, advice), unit, place, [Text(unit, place, new)] if new else None, advice if new else "")


def _loops_over_layers(file: File, node: Any, use: Use) -> bool:
    if type(node).__name__ != "Name":
        return False
    values = file.scan.values(node.id, use.scope)
    return bool(values) and all(
        (type(value).__name__ in ("For", "comprehension") and type(value.iter).__name__ == "Attribute" and value.iter.attr == "layers")
        or is_layer(value)
        for value in values
    )
