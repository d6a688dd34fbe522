"""Names of saved files: save("model/1"), save_weights("w.h5"), ModelCheckpoint("m.hdf5")."""

from __future__ import annotations

from shapecheck.diagnostics.migration import OldFileName
from shapecheck.languages import Phrase, write
from shapecheck.migration import arguments
from shapecheck.migration.changes import Change, Drop, Text
from shapecheck.migration.findings import File, argument, keyword, text_of
from shapecheck.repairs.edits import written

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    from shapecheck.migration.scan import Use
    from shapecheck.reader.source import Place, Unit

WHOLE = (".keras", ".h5", ".hdf5")
CHECKPOINT = (".keras", ".h5")
WEIGHTS = (".weights.h5",)
LOADED = (".keras", ".h5", ".hdf5", ".weights.h5", ".npz", ".weights.json")
OLD_ENDINGS = (".weights.hdf5", ".weights.h5", ".hdf5", ".h5", ".hdf", ".ckpt", ".tf", ".model", ".keras", ".pb")


def ending(node: Any) -> tuple[str, Any] | None:
    """The last literal part of a file name, and its node; None if the name does not end in one."""
    kind = type(node).__name__
    if text_of(node) is not None:
        return node.value, node
    if kind == "JoinedStr" and node.values and text_of(node.values[-1]) is not None:
        return node.values[-1].value, None
    if kind == "BinOp" and type(node.op).__name__ == "Add":
        return ending(node.right)
    if kind == "Call" and getattr(node.func, "attr", "") == "join" and node.args and not isinstance(node.func.value, str):
        path = getattr(node.func.value, "attr", "") == "path" or getattr(node.func.value, "id", "") in ("path", "osp")
        return ending(node.args[-1]) if path else None
    if kind == "Call" and getattr(node.func, "attr", "") == "format":
        found = ending(node.func.value)
        return found if found is not None and not found[0].endswith("}") else None
    if kind == "BinOp" and type(node.op).__name__ == "Mod":
        found = ending(node.left)
        return found if found is not None and found[0][-2:-1] != "%" else None
    return None


def _unknown(text: str) -> bool:
    """True if the literal may not be the end of the name: {epoch}, or nothing."""
    return not text or text.endswith(("}", "/", "\\")) or "%" in text[-3:]


def _new(text: str, wanted: str) -> str:
    for old in OLD_ENDINGS:
        if text.endswith(old) and len(text) > len(old):
            return text[: -len(old)] + wanted
    return text + wanted


def _quoted(unit: Unit, node: Any, text: str) -> str | None:
    """The literal with other text, in the same quotes; None for one written otherwise."""
    was = written(unit, node)
    for quote in ('"""', "'''", '"', "'"):
        if was.startswith(quote) and was.endswith(quote) and was[len(quote) : -len(quote)] == node.value:
            return f"{quote}{text}{quote}"
    return None


def saved(file: File, use: Use, name: str, kind: str) -> None:
    """Where a model saves and loads."""
    call = use.node
    path = argument(call, 0, "filepath")
    form = keyword(call, "save_format")
    if name == "load_weights":
        if kind in ("model", "sequential"):
            _loaded(file, use, path, LOADED)
        return
    if kind not in ("model", "sequential") and not (name == "save_weights" and not _foreign(file)):
        return
    found = ending(path) if path is not None else None
    if form is not None:
        _format(file, use, form, name, found[0] if found else "")
    if found is None or _unknown(found[0]):
        return
    text, node = found
    wanted = WEIGHTS if name == "save_weights" else WHOLE
    if text.endswith(wanted):
        return
    place = use.unit.place(path)
    if name == "save":
        _refused(file, use, path, text)
        return
    new = _new(text, ".weights.h5")
    changes = _everywhere(file, text, new, use.unit, node)
    advice = Phrase("migration", "end_the_name_in_weights", "end the name in .weights.h5: {new}", new=new)
    file.add(
        OldFileName(
            Phrase(
                "migration",
                "keras_3_does_not_save_weights",
                "Keras 3 does not save weights as {text!r}: the name must end in .weights.h5",
                text=text,
            ),
            advice,
        ),
        use.unit,
        place,
        changes,
        write(f'"{new}"') if changes else "",
    )


def function(file: File, use: Use, name: str) -> None:
    """keras.models.save_model(model, path) and load_model(path)."""
    if name == "load_model":
        _loaded(file, use, argument(use.node, 0, "filepath"), WHOLE)
        return
    path = argument(use.node, 1, "filepath")
    found = ending(path) if path is not None else None
    if found is not None and not _unknown(found[0]) and not found[0].endswith(WHOLE):
        _refused(file, use, path, found[0])


def _refused(file: File, use: Use, path: Any, text: str) -> None:
    advice = Phrase("migration", "end_the_name_in_keras", "end the name in .keras, or write export(...) for a SavedModel")
    what = Phrase(
        "migration", "keras_3_does_not_save", "Keras 3 does not save a model as {text!r}: the name must end in .keras or .h5", text=text
    )
    file.add(OldFileName(what, advice), use.unit, use.unit.place(path), None)


def _loaded(file: File, use: Use, path: Any, endings: tuple[str, ...]) -> None:
    """A name that Keras 3 cannot load; one that is saved and renamed here is checked where it is saved."""
    text = text_of(path)
    if not text or _unknown(text) or text.endswith(endings) or "://" in text:
        return
    if any(part.text.count(text) > 1 for part in file.units):
        return  # where it is saved, or joined to something
    what = Phrase("migration", "keras_3_does_not_load_weights", "Keras 3 does not load weights from {text!r}", text=text)
    advice = Phrase("migration", "save_it_again_with_the", "save it again with the older Keras, as .h5")
    if endings is WHOLE:
        what = Phrase("migration", "keras_3_does_not_load", "Keras 3 does not load a model from {text!r}", text=text)
        advice = Phrase(
            "migration",
            "save_it_again_with",
            "save it again with the older Keras, as .h5; a SavedModel runs in keras.layers.TFSMLayer({text!r})",
            text=text,
        )
    file.add(OldFileName(what, advice), use.unit, use.unit.place(path), None)


def _foreign(file: File) -> bool:
    return any(one.path.partition(".")[0] in ("torch", "stable_baselines", "stable_baselines3", "rl") for one in file.scan.imports)


def _format(file: File, use: Use, form: Any, name: str, text: str) -> None:
    """save_format=."""
    word = text_of(form.value)
    if name == "save" and word not in ("tf", None):
        return  # it runs
    if name == "save" and word is None:
        return
    if name == "save" and not text.endswith(WHOLE):
        arguments.old(
            file,
            use,
            form,
            f"{name}()",
            None,
            Phrase("migration", "end_the_name_in", "end the name in .keras or .h5, or write export(...) for a SavedModel"),
        )
        return
    arguments.old(
        file,
        use,
        form,
        f"{name}()",
        [Drop(use.unit, use.node, form)],
        Phrase("migration", "remove_it_the_file", "remove it: the file extension decides"),
    )


def _everywhere(file: File, text: str, new: str, unit: Unit, node: Any) -> list[Change] | None:
    """The name in all calls that save and load it; None if it is used elsewhere too, or is not one literal."""
    if node is None or node.value != text:
        return None
    literals: list[tuple[Unit, Any]] = []
    for use in file.scan.calls:
        called = getattr(use.node.func, "attr", "") or getattr(use.node.func, "id", "")
        if called in ("save_weights", "load_weights", "ModelCheckpoint", "load_model"):
            found = ending(argument(use.node, 0, "filepath"))
            if found is not None and found[0] == text and found[1] is not None:
                literals.append((use.unit, found[1]))
    times = sum(part.text.count(f"{quote}{text}{quote}") for part in file.units for quote in "\"'")
    if len({id(one) for _, one in literals}) != times:
        return None
    changes: list[Change] = []
    for where, one in literals:
        quoted = _quoted(where, one, new)
        if quoted is None:
            return None
        changes.append(Text(where, where.place(one), quoted))
    return changes


def checkpoint(file: File, use: Use) -> None:
    """ModelCheckpoint(filepath)."""
    path = argument(use.node, 0, "filepath")
    only = argument(use.node, 4, "save_weights_only")
    if path is None or (only is not None and type(only).__name__ != "Constant"):
        return
    weights = only is not None and bool(only.value)
    node = path
    if type(path).__name__ == "Name":
        values = file.scan.values(path.id, use.scope)
        node = values[0] if len(values) == 1 else None
    found = ending(node) if node is not None else None
    if found is None or _unknown(found[0]) or found[0].endswith(WEIGHTS if weights else CHECKPOINT):
        return
    text, literal = found
    wanted = ".weights.h5" if weights else ".keras"
    new = _new(text, wanted)
    changes = _checkpoint_changes(file, use, path, text, new, literal)
    place: Place = use.unit.place(path)
    file.add(
        OldFileName(
            Phrase(
                "migration",
                "keras_3_does_not",
                "Keras 3 does not write a checkpoint to {text!r}: the name must end in {wanted}",
                text=text,
                wanted=wanted,
            ),
            write(f"{new!r}"),
        ),
        use.unit,
        place,
        changes,
        write(f'"{new}"') if changes else "",
    )


def _checkpoint_changes(file: File, use: Use, path: Any, text: str, new: str, literal: Any) -> list[Change] | None:
    if literal is None:
        return None
    if type(path).__name__ == "Name":
        where = use.unit  # the literal of `path = "best.hdf5"`: all uses of the name change with it
        if literal.value != text or sum(part.text.count(text) for part in file.units) != 1:
            return None
        owner = next((part for part in file.units if _holds(part, literal)), where)
        quoted = _quoted(owner, literal, new)
        return [Text(owner, owner.place(literal), quoted)] if quoted else None
    return _everywhere(file, text, new, use.unit, literal)


def _holds(unit: Unit, node: Any) -> bool:
    return node.end_lineno <= len(unit.lines) and node.value in written(unit, node)
