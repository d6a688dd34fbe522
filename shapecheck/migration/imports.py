"""Imports that Keras 3 lacks: moved, renamed, removed, misspelt; and the names of the file that must change with them."""

from __future__ import annotations

from shapecheck.diagnostics.migration import MisspeltName, OldImport, PrivateKeras
from shapecheck.languages import Phrase
from shapecheck.migration import tables
from shapecheck.migration.backend import same_form
from shapecheck.migration.changes import Change, Move, Text
from shapecheck.migration.findings import File
from shapecheck.migration.names import Answer
from shapecheck.migration.old_names import TENSORFLOW_NAMES
from shapecheck.migration.special import FORMS, form

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    from shapecheck.migration.scan import Imported, Use

MOST_FUNCTIONS = 3
"""Most functions of a moved module that are imported by name; for more of them the module is imported."""


def judge(file: File) -> None:
    """Findings of all imports: one for a statement whose module was removed, else one for each name."""
    statements: dict[int, list[tuple[Imported, Answer]]] = {}
    for one in file.scan.imports:
        if one.guarded or "keras" not in one.path:
            continue
        path = one.path if type(one.statement).__name__ == "ImportFrom" else one.alias.name
        found = file.answer(path)
        if found is not None and (".optimizers.legacy." not in found.missing or found.missing != path or _called(file, one)):
            statements.setdefault(id(one.statement), []).append((one, found))
    for several in statements.values():
        whole = _module_is_gone(several)
        groups = [several] if whole else [[pair] for pair in several]
        for group in groups:
            _tell(file, group, whole)


def _called(file: File, one: Imported) -> bool:
    """True if an imported class is used somewhere."""
    made = {id(use.node.func) for use in file.scan.calls}
    return any(id(use.node) in made for use in uses_of(file, one))


def _module_is_gone(several: list[tuple[Imported, Answer]]) -> bool:
    """True if the statement's own module is what is missing: the finding is about all its names."""
    statement = several[0][0].statement
    if type(statement).__name__ != "ImportFrom":
        return False
    module = statement.module or ""
    return all(module == found.missing or module.startswith(f"{found.missing}.") or found.kind == "private" for _, found in several)


def _tell(file: File, group: list[tuple[Imported, Answer]], whole: bool) -> None:
    first, answer = group[0]
    unit, statement = first.unit, first.statement
    changes: list[Change] = []
    titles: list[str] = []
    reasons: list[str] = []
    for one, found in group:
        made = _mended(file, one, found)
        if made is None:
            named = Phrase("migration", "of_name", "{name}: {reason}", name=one.alias.name, reason=found.reason)
            reasons.append(named if len(group) > 1 and found.reason else found.reason)
        else:
            titles.append(made[1])
            changes += made[0]
    kind: Any = OldImport
    what = _words(group, whole)
    if answer.kind == "private":
        written = statement.module if whole else first.path
        kind, what = (
            PrivateKeras,
            Phrase("migration", "written_is_private_to", "{written} is private to TensorFlow, and a copy of Keras 2", written=written),
        )
    elif answer.kind in ("misspelt", "unknown"):
        kind = MisspeltName
    titles = _joined(titles)
    advice = together([*titles, *[text for text in reasons if text]])
    if not advice and kind is OldImport:
        advice = Phrase("migration", "no_single_name_of", "no single name of Keras 3 replaces it")
    proof = f"it imports {answer.missing}" if kind is OldImport and tables.split(answer.new)[1] not in TENSORFLOW_NAMES.values() else ""
    file.proof = file.proof or proof
    place = unit.place(statement if whole else first.alias)
    severity = "warning" if kind is PrivateKeras else None
    file.add(kind(what, advice), unit, place, None if reasons else changes, together(titles), severity)
    file.found[-1].proof = proof
    if reasons:
        file.partial += changes  # names that have a new place are moved anyway


def _joined(titles: list[str]) -> list[str]:
    """["import A from m", "import B from m"] -> ["import A, B from m"]."""
    found: dict[str, list[str]] = {}
    for title in dict.fromkeys(titles):
        name, _, module = title.removeprefix("import ").partition(" from ")
        of_module = title.startswith("import ") and bool(module)
        found.setdefault(module if of_module else "", []).append(name if of_module else title)
    return [title for module, names in found.items() for title in ([imported(", ".join(names), module)] if module else names)]


def imported(names: str, module: str) -> str:
    """import Dense, Input from keras.layers."""
    return Phrase("migration", "import", "import {names} from {module}", names=names, module=module)


def together(texts: list[str]) -> str:
    """Different sentences as one: a; b."""
    *others, last = dict.fromkeys(texts) or [""]
    for text in reversed(others):
        last = Phrase("migration", "together", "{first}; {rest}", first=text, rest=last)
    return last


def _words(group: list[tuple[Imported, Answer]], whole: bool) -> str:
    found = group[0][1]
    root = tables.split(found.missing)[0]
    library = "tensorflow.keras" if root == "tensorflow.keras" else "Keras 3"
    if found.kind in ("misspelt", "unknown"):
        module, _, name = found.missing.rpartition(".")
        return Phrase("migration", "module_has_no_name", "{module} has no {name}", module=module, name=name)
    if whole:
        return Phrase("migration", "no_module", "{library} has no module {module}", library=library, module=found.missing)
    module, _, name = found.missing.rpartition(".")
    return Phrase(
        "migration", "name_of_an_older", "{name} is a name of an older Keras; {library} has no {path}",
        name=name, library=library, path=found.missing,
    )  # fmt: skip


def uses_of(file: File, one: Imported) -> list[Use]:
    """The places where a name that is imported is used."""
    scan = file.scan
    return [use for use in (*scan.loads, *scan.chains) if use.names[0] == one.name and one in scan.bound(one.name, use.scope)]


def _mended(file: File, one: Imported, found: Answer) -> tuple[list[Change], str] | None:
    """The changes that correct an import, and their description; None if not all of its names can be kept."""
    plain = type(one.statement).__name__ == "Import"
    if one.alias.name in FORMS and not plain and ".layers" in found.missing:
        return _forms(file, one, found)
    if not found.new or found.kind == "text":
        return None
    if found.kind == "backend":
        return _function_of_the_backend(file, one, found)
    if plain:
        return _plain(file, one, found)
    module, _, name = found.new.rpartition(".")
    if tables.is_module(found.new) and name != "*":
        return _module(file, one, found.new)
    if one.alias.name == "*":
        return [Move(one.unit, one.statement, one.alias, module, "*")], Phrase(
            "migration", "import_it_from_module", "import it from {module}", module=module
        )
    if name == one.alias.name:
        return [Move(one.unit, one.statement, one.alias, module, name, one.alias.asname)], imported(name, module)
    changes, new_name = _renamed(file, one, name)
    return [Move(one.unit, one.statement, one.alias, module, name, new_name), *changes], imported(name, module)


def _forms(file: File, one: Imported, found: Answer) -> tuple[list[Change], str] | None:
    """A name whose calls are rewritten: all of them, or none."""
    if one.alias.name == "ThresholdedReLU" and tables.split(one.path)[0] == "tensorflow.keras":
        move = Move(one.unit, one.statement, one.alias, "tensorflow.keras.layers", one.alias.name, one.alias.asname)
        return [move], Phrase("migration", "import_it_from_there", "import it from there")
    calls = {id(use.node.func): use for use in file.scan.calls}
    changes: list[Change] = [Move(one.unit, one.statement, one.alias, "", "")]
    title: str = Phrase("migration", "remove_the_import", "remove the import")
    for use in uses_of(file, one):
        called = calls.get(id(use.node))
        made = form(file, called, (one.alias.name,), one) if called is not None and not one.alias.asname else None
        if made is None:
            return None
        changes += made[0]
        title = made[1]
    return changes, title


def _renamed(file: File, one: Imported, name: str) -> tuple[list[Change], str | None]:
    """The uses of a name under its new one, if that is free; else the import keeps the old one by `as`."""
    if one.alias.asname:
        return [], one.alias.asname
    same = [other for other in file.scan.imports if other.name == name]
    free = not file.scan.taken(name) or (same and all(file.today(other.path).rpartition(".")[2] == name for other in same))
    if not free:
        return [], one.name
    changes: list[Change] = []
    for use in uses_of(file, one):
        root = use.node
        while type(root).__name__ == "Attribute":
            root = root.value
        changes.append(Text(use.unit, use.unit.place(root), name))
    return changes, None


def _module(file: File, one: Imported, new: str) -> tuple[list[Change], str] | None:
    """`from keras.utils import np_utils`: its functions by name if they are few, else the new module under the file's name for it."""
    uses = uses_of(file, one)
    parent, _, name = new.rpartition(".")
    functions: dict[str, str] = {}
    for use in uses:
        if len(use.names) < 2:
            functions = {}
            break
        answer = file.answer(f"{one.path}.{use.names[1]}")
        if answer is None or answer.kind != "moved":
            functions = {}
            break
        functions[use.names[1]] = answer.new
    modules = {path.rpartition(".")[0] for path in functions.values()}
    names = [path.rpartition(".")[2] for path in functions.values()]
    few = name == "utils" and 0 < len(names) <= MOST_FUNCTIONS and len(modules) == 1
    if few and not any(file.scan.taken(given) for given in names):
        module = modules.pop()
        changes: list[Change] = [Move(one.unit, one.statement, one.alias, module, given) for given in dict.fromkeys(names)]
        changes += [_cut(use, functions[use.names[1]].rpartition(".")[2]) for use in uses]
        return changes, imported(", ".join(dict.fromkeys(names)), module)
    changes, asname = _renamed(file, one, name) if uses and name != "utils" else ([], one.name)
    return [Move(one.unit, one.statement, one.alias, parent, name, asname), *changes], imported(name, parent)


def _cut(use: Use, name: str) -> Text:
    """`np_utils.to_categorical` of a longer dotted name becomes `to_categorical`."""
    node = use.node
    while type(node.value).__name__ == "Attribute":
        node = node.value
    return Text(use.unit, use.unit.place(node), name)


def _plain(file: File, one: Imported, found: Answer) -> tuple[list[Change], str] | None:
    """`import keras.utils.np_utils as u`, and without `as`, where each use is checked separately."""
    if one.alias.asname:
        if not tables.is_module(found.new):
            return None
        parent, _, name = found.new.rpartition(".")
        if not parent:
            return None
        return [Move(one.unit, one.statement, one.alias, parent, name, one.alias.asname)], imported(name, parent)
    if not tables.is_module(found.new):
        return None
    return [Move(one.unit, one.statement, one.alias, "import", found.new)], Phrase("migration", "import_new", "import {new}", new=found.new)


def _function_of_the_backend(file: File, one: Imported, found: Answer) -> tuple[list[Change], str] | None:
    """`from keras.backend import relu`: the import of keras.ops, if all calls can keep their arguments."""
    if "{" in found.new or not same_form(one.alias.name):
        return None
    module, _, name = found.new.rpartition(".")
    return [Move(one.unit, one.statement, one.alias, module, name, one.name)], imported(name, module)
