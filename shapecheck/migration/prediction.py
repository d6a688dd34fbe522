"""predict_classes: numpy.argmax of predict(), or a threshold for a model with one output."""

from __future__ import annotations

from shapecheck.languages import write
from shapecheck.migration.arguments import old_method
from shapecheck.migration.changes import Text, end, name_place, start
from shapecheck.migration.findings import argument, dotted, keyword, text_of

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    from shapecheck.migration.changes import Change
    from shapecheck.migration.findings import File
    from shapecheck.migration.scan import Use


def classes(file: File, use: Use, func: Any) -> None:
    """predict_classes(x): the most likely class, or a threshold if the model has one output."""
    call, unit = use.node, use.unit
    width = last_width(file, func.value, use)
    alias, needs = file.name_for("numpy", "", None, unit)
    both = f'{alias or "numpy"}.argmax(...predict(...), axis=-1), or (...predict(...) > 0.5).astype("int32") for one output'
    changes: list[Change] | None = None
    advice = write(f"{both}")
    if width == "many" and alias:
        changes = [Text(unit, start(unit, call), f"{alias}.argmax("), Text(unit, name_place(unit, func), "predict"),
                   Text(unit, end(unit, call), ", axis=-1)"), *needs]  # fmt: skip
        advice = write(f"{alias}.argmax(...predict(...), axis=-1)")
    elif width == "one":
        changes = [Text(unit, start(unit, call), "("), Text(unit, name_place(unit, func), "predict"),
                   Text(unit, end(unit, call), ' > 0.5).astype("int32")')]  # fmt: skip
        advice = write('(...predict(...) > 0.5).astype("int32")')
    old_method(file, use, func, changes, advice)


def last_width(file: File, model: Any, use: Use) -> str:
    """ "one" or "many" outputs of a Sequential of this file, by its last Dense and activation; "" if unknown."""
    names = dotted(model)
    layers: list[Any] = []
    for other in file.scan.calls:
        func = other.node.func
        if getattr(func, "attr", "") == "add" and names is not None and dotted(func.value) == names and other.node.args:
            layers.append((other.unit.place(other.node).key, other.node.args[0]))
    if names is not None and not layers and len(names) == 1:
        values = file.scan.values(names[0], use.scope)
        listed = argument(values[0], 0, "layers") if len(values) == 1 and type(values[0]).__name__ == "Call" else None
        layers = list(enumerate(getattr(listed, "elts", [])))
    for _, layer in sorted(layers, key=lambda pair: pair[0], reverse=True):
        if type(layer).__name__ != "Call":
            return ""
        name = (dotted(layer.func) or ("",))[-1]
        word = text_of(argument(layer, 0, "activation") if name == "Activation" else getattr(keyword(layer, "activation"), "value", None))
        if word == "softmax":
            return "many"
        if name == "Dense":
            units = argument(layer, 0, "units") or argument(layer, 0, "output_dim")
            value = getattr(units, "value", None)
            return ("one" if value == 1 else "many") if isinstance(value, int) else ""
        if name not in ("Activation", "Dropout"):
            return ""
    return ""
