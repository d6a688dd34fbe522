"""Calls whose form changed: merge(mode=), TimeDistributedDense, Convolution2D(64, 3, 3), ThresholdedReLU, BatchNormalization(mode=0) ..."""

from __future__ import annotations

import re

from shapecheck.languages import Phrase, write
from shapecheck.migration.changes import Add, Change, Drop, Text, end, keyword_place, start
from shapecheck.migration.findings import argument, keyword, text_of
from shapecheck.migration.old_arguments import of_layer
from shapecheck.migration.tables import arguments
from shapecheck.reader.keras.dialects import KERAS_1
from shapecheck.repairs.edits import point, written

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    from shapecheck.migration.findings import File
    from shapecheck.migration.scan import Imported, Use

MERGES = {"concat": "concatenate", "sum": "add", "mul": "multiply", "ave": "average", "max": "maximum", "dot": "dot", "cos": "dot"}
WINDOWS = {"Convolution2D": 2, "Conv2D": 2, "AtrousConvolution2D": 2, "Deconvolution2D": 2, "SeparableConvolution2D": 2,
           "Convolution3D": 3, "Conv3D": 3, "Deconvolution3D": 3}  # fmt: skip
"""Layers that accepted their window as separate numbers."""


def windows(name: str, call: Any, file: File) -> list[Any] | None:
    """The numbers of a window in the form of Keras 1, in order or as nb_row= and nb_col=; None if there are none."""
    rank = WINDOWS.get(name)
    if rank is None or any(type(one).__name__ == "Starred" for one in call.args):
        return None
    names = {one.arg for one in call.keywords}
    named = [one for key in ("nb_row", "nb_col") for one in call.keywords if one.arg == key]
    if rank == 2 and len(named) == 2:
        return named
    given = call.args[1 : rank + 1]
    if len(given) < rank or any(_not_a_number(one) for one in given) or names & {"strides", "padding", "kernel_size", "data_format"}:
        return None
    if rank == 2 and len(call.args) > 3:
        return None
    sure = bool(names & KERAS_1) or (name.startswith(("Convolution", "Deconvolution", "Atrous")) and file.keras_1)
    return list(given) if sure or (name.startswith(("Convolution", "Deconvolution")) and rank == 3) else None


def _not_a_number(node: Any) -> bool:
    """False for tuples and strings; a name may be a number."""
    if type(node).__name__ == "Constant":
        return type(node.value) is not int
    return type(node).__name__ not in ("Name", "Attribute", "BinOp", "Subscript")


def window_changes(use: Use, numbers: list[Any]) -> list[Change]:
    """64, 3, 3 -> 64, (3, 3); nb_row=3, nb_col=3 -> kernel_size=(3, 3)."""
    unit = use.unit
    if type(numbers[0]).__name__ == "keyword":
        values = ", ".join(written(unit, one.value) for one in numbers)
        return [Drop(unit, use.node, numbers[1]), Text(unit, unit.place(numbers[0]), f"kernel_size=({values})")]
    return [Text(unit, start(unit, numbers[0]), "("), Text(unit, end(unit, numbers[-1]), ")")]


def merge(file: File, use: Use, near: Imported | None) -> tuple[list[Change], str] | None:
    """merge([a, b], mode="concat", concat_axis=1) -> concatenate([a, b], axis=1)."""
    call, unit = use.node, use.unit
    mode = argument(call, 1, "mode")
    word = "sum" if mode is None and len(call.args) == 1 else text_of(mode)
    function = MERGES.get(word or "")
    if function is None or not call.args or len(call.args) > 2:
        return None
    name, changes = _function(file, use, function, near)
    if not name:
        return None
    changes.append(Text(unit, unit.place(call.func), name))
    changes += [Drop(unit, call, one) for one in [*call.args[1:], *[one for one in (keyword(call, "mode"),) if one]]]
    new = {"concat_axis": "axis"} if function == "concatenate" else {"dot_axes": "axes"} if function == "dot" else {}
    for one in call.keywords:
        if one.arg in new:
            changes.append(Text(unit, keyword_place(unit, one), new[one.arg]))
        elif one.arg in ("concat_axis", "dot_axes", "output_shape", "output_mask", "arguments"):
            changes.append(Drop(unit, call, one))
    if function == "dot" and keyword(call, "dot_axes") is None:
        return None
    if word == "cos":
        changes.append(Add(unit, call, "normalize=True"))
    return changes, write(f"{name}(...)")


def _function(file: File, use: Use, function: str, near: Imported | None) -> tuple[str, list[Change]]:
    """The name of a function of keras.layers here; an import of `merge` becomes its import."""
    names = use.names
    if len(names) > 1:
        return ".".join((*names[:-1], function)), []
    if near is None:
        return file.name_for("keras.layers", function, None, use.unit)
    root = "tensorflow.keras" if near.path.startswith("tensorflow") else "keras"
    return file.name_for(f"{root}.layers", function, near, use.unit)


def time_distributed_dense(file: File, use: Use, near: Imported | None) -> tuple[list[Change], str] | None:
    """TimeDistributedDense(5, input_shape=(3, 4)) -> TimeDistributed(Dense(5), input_shape=(3, 4))."""
    call, unit = use.node, use.unit
    outer = [one for one in call.keywords if one.arg in ("input_shape", "batch_input_shape", "name")]
    if any(one.arg in ("input_dim", "input_length", None) for one in call.keywords) or not (call.args or keyword(call, "output_dim")):
        return None
    dense, needs = _layer(file, use, "Dense", near)
    wrapper, more = _layer(file, use, "TimeDistributed", near)
    inner = [written(unit, one) for one in call.args]
    for one in call.keywords:
        if one not in outer:
            new = of_layer("Dense", one.arg, arguments("keras.layers.Dense") or ()) or one.arg
            if isinstance(new, Phrase):
                return None
            inner.append(f"{new}={written(unit, one.value)}")
    text = f"{wrapper}({dense}({', '.join(inner)}){''.join(f', {written(unit, one)}' for one in outer)})"
    return [Text(unit, unit.place(call), text), *needs, *more], write(f"{wrapper}({dense}(...))")


def _layer(file: File, use: Use, name: str, near: Imported | None) -> tuple[str, list[Change]]:
    if len(use.names) > 1:
        return ".".join((*use.names[:-1], name)), []
    root = "tensorflow.keras" if near is not None and near.path.startswith("tensorflow") else "keras"
    return file.name_for(f"{root}.layers", name, near, use.unit)


def thresholded(file: File, use: Use, near: Imported | None) -> tuple[list[Change], str] | None:
    """ThresholdedReLU(theta) -> ReLU(threshold=theta)."""
    call, unit = use.node, use.unit
    name, needs = _layer(file, use, "ReLU", near)
    if not name:
        return None
    changes: list[Change] = [Text(unit, unit.place(call.func), name), *needs]
    theta = keyword(call, "theta")
    if theta is not None:
        changes.append(Text(unit, keyword_place(unit, theta), "threshold"))
    elif len(call.args) == 1:
        changes.append(Text(unit, start(unit, call.args[0]), "threshold="))
    elif not call.args:
        changes.append(Add(unit, call, "threshold=1.0"))
    else:
        return None
    return changes, write(f"{name}(threshold=...)")


def batch_input(file: File, use: Use, given: Any, near: Imported | None, shape: str) -> tuple[list[Change], str] | None:
    """A layer that declares its input is placed after a separate Input: `Input(batch_shape=...)`, in a list or a chain of add()."""
    unit, call = use.unit, use.node
    where = element(unit, call)
    if where is None:
        return None
    text, needs = _layer(file, use, "Input", near)
    if not text:
        return None
    made = f"{text}({shape}={written(unit, given.value)})"
    place, template = where
    return [Text(unit, place, template.format(made)), Drop(unit, call, given), *needs], Phrase(
        "migration", "put_made_before_it", "put {made} before it", made=made
    )


def element(unit: Any, call: Any) -> tuple[Any, str] | None:
    """Where a layer before this one is inserted, and its text there: `model.add({})` on a line before, `{}, ` in a list."""
    place = unit.place(call)
    line = unit.lines[place.line - 1]
    head = line[: place.column - 1]
    added = re.fullmatch(r"(\s*)([\w.]+\.add\()\s*", head)
    if added:
        return point(unit, place.line, 1), f"{added[1]}{added[2]}{{}})\n"
    if not head.strip():
        before = next((one.rstrip() for one in reversed(unit.lines[: place.line - 1]) if one.strip()), "")
        return (point(unit, place.line, place.column), f"{{}},\n{head}") if before.endswith("[") else None
    return (point(unit, place.line, place.column), "{}, ") if head.rstrip().endswith("[") else None


def synchronized(file: File, use: Use, near: Imported | None) -> tuple[list[Change], str] | None:
    """SyncBatchNormalization() -> BatchNormalization(synchronized=True)."""
    name, needs = _layer(file, use, "BatchNormalization", near)
    if not name:
        return None
    changes: list[Change] = [Text(use.unit, use.unit.place(use.node.func), name), Add(use.unit, use.node, "synchronized=True"), *needs]
    return changes, write(f"{name}(...)")


FORMS = {
    "merge": merge,
    "TimeDistributedDense": time_distributed_dense,
    "ThresholdedReLU": thresholded,
    "SyncBatchNormalization": synchronized,
}
"""Names whose calls are rewritten completely."""


def form(file: File, use: Use, names: tuple[str, ...], near: Imported | None) -> tuple[list[Change], str] | None:
    """The changes of such a call, named `names` there."""
    use.names = names
    return FORMS[names[-1]](file, use, near)
