"""fit_generator and similar methods: other names, another order of arguments, samples counted in batches."""

from __future__ import annotations

from shapecheck.languages import Phrase, write
from shapecheck.migration.arguments import old_method
from shapecheck.migration.changes import Text, keyword_place, name_place, start
from shapecheck.migration.findings import argument, keyword
from shapecheck.migration.old_arguments import METHODS, OLD_ORDER
from shapecheck.repairs.edits import written

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    from shapecheck.migration.changes import Change
    from shapecheck.migration.findings import File
    from shapecheck.migration.scan import Use

RENAMED = {"fit_generator": "fit", "evaluate_generator": "evaluate", "predict_generator": "predict"}
STEPS = {"samples_per_epoch": "steps_per_epoch", "nb_val_samples": "validation_steps", "val_samples": "steps"}


def generator(file: File, use: Use, name: str) -> None:
    """fit_generator(g, 10, 5) -> fit(g, steps_per_epoch=10, epochs=5)."""
    call, unit, func = use.node, use.unit, use.node.func
    new = RENAMED[name]
    keywords = {one.arg for one in call.keywords}
    starred = any(type(one).__name__ == "Starred" for one in call.args)
    keras_1 = bool(keywords & {"nb_epoch", "samples_per_epoch", "nb_val_samples", "nb_worker", "pickle_safe"}) or (
        file.keras_1 and not keywords & {"epochs", "steps_per_epoch", "validation_steps"}
    )
    order = OLD_ORDER.get(f"{name} of Keras 1" if keras_1 else name, OLD_ORDER[name])
    changes: list[Change] | None = [Text(unit, name_place(unit, func), new)]
    counted = keras_1 and len(call.args) > 1 and name == "fit_generator"
    if starred or len(call.args) > len(order) or counted or (keras_1 and len(call.args) > 1):
        changes = None
    elif changes is not None:
        for word, given in zip(order[1:], call.args[1:], strict=False):
            changes.append(Text(unit, start(unit, given), f"{METHODS[new].get(word) or word}="))
    why = write(f"{new}()")
    if changes is None:
        why = Phrase(
            "migration", "write_new_with_steps", "write {new}(), with steps_per_epoch= and the others by name: they count batches", new=new
        )
    old_method(file, use, func, changes, why)


def steps(file: File, use: Use, one: Any, name: str) -> tuple[list[Change] | None, str]:
    """Samples counted in batches, if the batch size of the generator is known."""
    new = STEPS[one.arg]
    data = argument(use.node, 0, "generator") if one.arg != "nb_val_samples" else argument(use.node, 5, "validation_data")
    size = _batch_size(file, use, data)
    if size is None or keyword(use.node, new) is not None:
        return None, Phrase("migration", "write_new_which_counts", "write {new}=, which counts batches: divide by the batch size", new=new)
    unit = use.unit
    value = written(unit, one.value)
    simple = type(one.value).__name__ in ("Name", "Constant", "Attribute", "Call", "Subscript")
    text = f"{value if simple else f'({value})'} // {size}"
    return [Text(unit, keyword_place(unit, one), new), Text(unit, unit.place(one.value), text)], write(f"{new}={text}")


def _batch_size(file: File, use: Use, data: Any) -> str | None:
    """The text of batch_size= in the call that created the data."""
    if type(data).__name__ == "Name":
        values = file.scan.values(data.id, use.scope)
        data = values[0] if len(values) == 1 else None
    if type(data).__name__ != "Call":
        return None
    given = keyword(data, "batch_size")
    if given is not None and type(given.value).__name__ in ("Name", "Constant", "Attribute"):
        return written(use.unit, given.value)
    return "32" if getattr(data.func, "attr", "") in ("flow", "flow_from_directory") and given is None and len(data.args) < 3 else None
