"""Dotted names that Keras 3 lacks, where they are used: K.relu, keras.layers.Merge, layers.Desne."""

from __future__ import annotations

from shapecheck.diagnostics.migration import MisspeltName, OldName, PrivateKeras
from shapecheck.languages import Phrase, used, write
from shapecheck.migration import backend, tables
from shapecheck.migration.changes import Change, Text
from shapecheck.migration.findings import File
from shapecheck.migration.special import FORMS, form

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    from shapecheck.migration.names import Answer
    from shapecheck.migration.scan import Imported, Use


def judge(file: File) -> None:
    """A finding for each use of a name that does not exist, unless its import is a finding already."""
    calls = {id(use.node.func): use for use in file.scan.calls}
    stored = {use.names for use in file.scan.chains if type(use.node.ctx).__name__ != "Load"}
    for use in file.scan.chains if file.scan.imports else ():
        if use.guarded or not use.names[0] or use.names in stored or use.names[-1].startswith("__"):
            continue
        path, one = file.meaning(use.names, use.scope)
        if "keras" not in path or (one is not None and one.guarded):
            continue
        found = file.answer(path)
        if (
            found is None
            or (".optimizers.legacy." in found.missing and id(use.node) not in calls)
            or (one is not None and _told(file, one, found, use))
        ):
            continue
        _tell(file, use, path, found, one, calls.get(id(use.node)))
    if file.scan.stars:
        _starred(file)


def _told(file: File, one: Imported, found: Answer, use: Use) -> bool:
    """True if the import itself is a finding and says at least as much (not so if a module moved and this name was removed)."""
    imported = file.answer(one.path)
    return imported is not None and not (imported.kind == "moved" and found.kind in ("gone", "unknown", "misspelt", "backend"))


def _starred(file: File) -> None:
    """Bare names that `from keras.layers import *` no longer imports."""
    for use in file.scan.calls:
        name = getattr(use.node.func, "id", "")
        if not name or use.guarded:
            continue
        path, one = file.meaning((name,), use.scope)
        found = file.answer(path) if path and one is None else None
        if found is None or found.kind not in ("moved", "gone") or tables.has(f"{tables.split(found.new)[0]}.layers.{name}"):
            continue
        place = use.unit.place(use.node.func)
        last = found.new.rpartition(".")[2]
        changes: list[Change] | None = [Text(use.unit, place, last)] if found.new and found.new.startswith("keras.layers") else None
        file.add(OldName(_old(name, "Keras 3"), found.reason or write(last)), use.unit, place, changes, write(last))


def _tell(file: File, use: Use, path: str, found: Answer, one: Imported | None, called: Use | None) -> None:
    unit, written = use.unit, ".".join(use.names)
    place = unit.place(use.node)
    module, _, name = found.missing.rpartition(".")
    kind: Any = {"misspelt": MisspeltName, "unknown": MisspeltName, "private": PrivateKeras}.get(found.kind, OldName)
    library = "tensorflow.keras" if module.startswith("tensorflow") else "Keras 3"
    what = _old(written, library)
    if kind is MisspeltName:
        what = Phrase("migration", "module_has_no_name", "{module} has no {name}", module=module, name=name)
    if kind is PrivateKeras:
        what = Phrase("migration", "written_is_private_to", "{written} is private to TensorFlow, and a copy of Keras 2", written=written)
    made: tuple[list[Change], str] | None = None
    if found.kind == "backend":
        if called is not None:
            called.names = use.names
            made = backend.call(file, called, name, found, one)
        advice = made[1] if made else used(found.new.format("x", "value"))
    elif found.kind == "text":
        made = [Text(unit, place, found.new)], write(f"{found.new}")
        advice = made[1]
    elif called is not None and use.names[-1] in FORMS and found.missing.endswith(f"layers.{use.names[-1]}"):
        made = form(file, called, use.names, one)
        advice = made[1] if made else found.reason
    elif found.new:
        made = _renamed(file, use, path, found, one)
        advice = made[1] if made else used(found.new)
    else:
        advice = found.reason
    file.add(kind(what, advice), unit, place, made[0] if made else None, made[1] if made else "")


def _old(name: str, library: str) -> Phrase:
    return Phrase(
        "migration", "written_is_a_name", "{written} is a name of an older Keras; {library} does not have it", written=name, library=library
    )


def _renamed(file: File, use: Use, path: str, found: Answer, one: Imported | None) -> tuple[list[Change], str] | None:
    """The name as this file would write it: below the same first name, if the new place is below it too."""
    if one is None:
        return None
    begin = path[: len(path) - sum(len(name) + 1 for name in use.names[1:])]
    rest = path[len(found.missing) + 1 :] if path.startswith(found.missing) else ""
    below = found.new
    if tables.is_module(found.new) and rest:
        below = f"{found.new}.{rest}"
    if below.startswith(f"{begin}."):
        text = use.names[0] + below[len(begin) :]
        return [Text(use.unit, use.unit.place(use.node), text)], write(f"{text}")
    module, _, name = below.rpartition(".")
    text, needs = file.name_for(module, name, one, use.unit)
    return ([Text(use.unit, use.unit.place(use.node), text), *needs], write(f"{text}")) if text else None
