"""Arguments of calls: spelled as in an older Keras, ignored by Keras 3, or misspelt. Layers, optimizers, callbacks, functions."""

from __future__ import annotations

from shapecheck.languages import Phrase, write
from shapecheck.migration import files, layers, tables
from shapecheck.migration.arguments import misspelt, old, renamed, said
from shapecheck.migration.changes import Drop
from shapecheck.migration.findings import File, argument, keyword
from shapecheck.migration.old_arguments import OPTIMIZERS, of_function
from shapecheck.migration.special import FORMS
from shapecheck.repairs.edits import written

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    from shapecheck.migration.scan import Imported, Use

IGNORED = {("Embedding", "input_length"): "", ("LeakyReLU", "alpha"): "negative_slope", ("Tokenizer", "nb_words"): "num_words"}
"""What Keras 3 accepts with a warning -> the new name, "" to remove it."""


def judge(file: File) -> None:
    """Every call of a Keras function or class."""
    scan = file.scan
    if not scan.imports:
        return
    for use in scan.calls:
        if use.guarded or not (use.node.keywords or use.node.args):
            continue
        func = use.node.func
        names: tuple[str, ...] = ()
        if func.__class__.__name__ == "Name":
            names = (func.id,)
        elif func.__class__.__name__ == "Attribute":
            names = _names(func)
        if not names:
            continue
        path, near = file.meaning(names, use.scope)
        if "keras" in path and (near is None or not near.guarded):
            use.names, file.node = names, use.node
            _call(file, use, path, near)
    file.node = None


def _names(node: Any) -> tuple[str, ...]:
    names = []
    while node.__class__.__name__ == "Attribute":
        names.append(node.attr)
        node = node.value
    if node.__class__.__name__ != "Name":
        return ()
    names.append(node.id)
    return tuple(reversed(names))


def _call(file: File, use: Use, path: str, near: Imported | None) -> None:
    today = file.today(path)
    root, rest = tables.split(today)
    if not root:
        return
    module, _, own = rest.rpartition(".")
    known = tables.arguments(today)
    if known is None:
        return
    name = tables.home(today).rpartition(".")[2]
    written_name = path.rpartition(".")[2]
    if written_name in FORMS and today != path:
        return  # its whole call is rewritten
    if module.split(".")[0] in ("layers", "models", "") and own[:1].isupper():
        if own in ("Model", "Sequential"):
            layers.model(file, use, name, known, near)
        else:
            layers.judge(file, use, name, written_name, known, near)
        return
    if module.startswith("optimizers") and own[:1].isupper() and "schedules" not in module:
        _optimizer(file, use, name, known, near)
        return
    if name == "ModelCheckpoint":
        files.checkpoint(file, use)
    if name in ("save_model", "load_model"):
        files.function(file, use, name)
    if name == "Tokenizer" and (one := keyword(use.node, "nb_words")) is not None:
        old(file, use, one, name, renamed(use, one, "num_words"), said(use, one, "num_words"), True)
    elif use.node.keywords and "**" not in known:
        _function(file, use, name, known)


def _optimizer(file: File, use: Use, name: str, known: tuple[str, ...], near: Imported | None) -> None:
    call = use.node
    for one in call.keywords:
        if one.arg is None or (one.arg in known and one.arg != "decay"):
            continue
        new = OPTIMIZERS.get(one.arg)
        if one.arg == "decay":
            _decay(file, use, one, name, near)
        elif new is None:
            misspelt(file, use, one, name, known)
        elif not new:
            old(file, use, one, name, [Drop(use.unit, call, one)], Phrase("migration", "remove_it", "remove it"))
        elif keyword(call, new) is None and not call.args:
            old(file, use, one, name, renamed(use, one, new), said(use, one, new))
        else:
            old(file, use, one, name, None, write(f"{new}="))


def _decay(file: File, use: Use, one: Any, name: str, near: Imported | None) -> None:
    """decay=0 can be removed; another value was a schedule, which may or may not be intended."""
    if getattr(one.value, "value", None) == 0 and not isinstance(getattr(one.value, "value", None), bool):
        old(file, use, one, name, [Drop(use.unit, use.node, one)], Phrase("migration", "remove_it", "remove it"), True)
        return
    rate = argument(use.node, 0, "learning_rate")
    rate = rate if rate is not None else argument(use.node, 0, "lr")
    decay = written(use.unit, one.value)
    schedule = (
        f"learning_rate=keras.optimizers.schedules.InverseTimeDecay({written(use.unit, rate) if rate is not None else ''}, 1, {decay})"
    )
    advice = Phrase("migration", "remove_it_or_schedule", "remove it, or {schedule}, which has the same effect", schedule=schedule)
    if rate is None:
        advice = Phrase(
            "migration",
            "remove_it_or_learning",
            "remove it, or learning_rate=keras.optimizers.schedules.InverseTimeDecay(its rate, 1, {decay}), which has the same effect",
            decay=decay,
        )
    old(file, use, one, name, None, advice, True)


def _function(file: File, use: Use, name: str, known: tuple[str, ...]) -> None:
    for one in use.node.keywords:
        if one.arg is None or one.arg in known:
            continue
        new = of_function(name, one.arg)
        if new is None:
            misspelt(file, use, one, name, known)
        elif isinstance(new, Phrase):
            epoch = one.arg == "period" and getattr(one.value, "value", None) == 1
            old(
                file,
                use,
                one,
                name,
                [Drop(use.unit, use.node, one)] if epoch else None,
                Phrase("migration", "remove_it", "remove it") if epoch else new,
            )
        elif new:
            old(file, use, one, name, renamed(use, one, new), said(use, one, new))
        else:
            old(file, use, one, name, [Drop(use.unit, use.node, one)], Phrase("migration", "remove_it", "remove it"))
