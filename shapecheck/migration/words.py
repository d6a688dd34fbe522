"""Words of older versions: names of losses and metrics in compile(), keys of the history, names monitored by callbacks."""

from __future__ import annotations

import re

from shapecheck.diagnostics.migration import OldKey, OldWord
from shapecheck.languages import Phrase, write
from shapecheck.migration.changes import Text
from shapecheck.migration.findings import File, argument, keyword, text_of
from shapecheck.repairs.edits import written

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    from shapecheck.migration.scan import Use

LOSSES = {"cosine_proximity": "cosine_similarity", "cosine": "cosine_similarity", "logcosh": "log_cosh", "huber_loss": "huber",
          "kullback_leibler_divergence": "kl_divergence"}  # fmt: skip
METRICS = {"logcosh": "log_cosh", "kullback_leibler_divergence": "kl_divergence", "cosine_proximity": "", "cosine": "", "fmeasure": "",
           "fbeta_score": "", "matthews_correlation": "", "mean_pred": ""}  # fmt: skip
INSTEAD = {
    "fmeasure": write("keras.metrics.F1Score()"), "fbeta_score": write("keras.metrics.FBetaScore()"),
    "cosine_proximity": write("keras.metrics.CosineSimilarity()"), "cosine": write("keras.metrics.CosineSimilarity()"),
    "matthews_correlation": Phrase("migration", "write_your_own_keras", "write your own keras.metrics.Metric"),
}  # fmt: skip
SHORT = {"acc": "accuracy", "accuracy": "acc"}


def compiled(file: File, use: Use, kind: str) -> None:
    """compile(loss=, metrics=)."""
    loss, metrics = argument(use.node, 1, "loss"), _metrics(use.node)
    for node in _items(loss):
        _word(file, use, node, LOSSES, "loss")
    text = text_of(metrics)
    if text is not None and (kind or keyword(use.node, "loss") is not None):
        place = use.unit.place(metrics)
        new = f"[{written(use.unit, metrics)}]"
        file.add(
            OldWord(
                Phrase("migration", "metrics_text_keras_3", "metrics={text!r}: Keras 3 expects a list of metrics", text=text),
                write(f"metrics={new}"),
                "metrics",
            ),
            use.unit,
            place,
            [Text(use.unit, place, new)],
            write(f"metrics={new}"),
        )
    for node in _items(metrics):
        _word(file, use, node, METRICS, "metric")


def _metrics(call: Any) -> Any:
    return argument(call, 3, "metrics") if len(call.args) > 3 else getattr(keyword(call, "metrics"), "value", None)


def _items(node: Any) -> list[Any]:
    """The strings of a literal: itself, or those of a list or dict."""
    kind = type(node).__name__
    if kind in ("List", "Tuple"):
        return [item for one in node.elts for item in _items(one)]
    if kind == "Dict":
        return [item for one in node.values for item in _items(one)]
    return [node] if text_of(node) is not None else []


def _word(file: File, use: Use, node: Any, words: dict[str, str], what: str) -> None:
    old = node.value
    if old not in words:
        return
    new = words[old]
    place = use.unit.place(node)
    advice = write(f'"{new}"') if new else INSTEAD.get(old) or Phrase("migration", "own_function", "write your own function")
    said = Phrase("migration", "old_is_the_name_of", "{old!r} is the name of a metric of an older Keras", old=old)
    if what == "loss":
        said = Phrase("migration", "old_is_the_name", "{old!r} is the name of a loss of an older Keras", old=old)
    diagnostic = OldWord(said, advice, "loss" if what == "loss" else "metrics")
    file.add(diagnostic, use.unit, place, [Text(use.unit, place, f'"{new}"')] if new else None, advice if new else "")


def accuracy(file: File) -> str:
    """ "acc" or "accuracy", if all compile() calls of the file agree; else ""."""
    said: set[str] = set()
    for use in file.scan.calls:
        if getattr(use.node.func, "attr", "") != "compile" or (getattr(use.node.func.value, "id", "") == "re"):
            continue
        metrics = _metrics(use.node)
        kind = type(metrics).__name__
        if metrics is None and any(one.arg is None for one in use.node.keywords):
            return ""
        if kind == "Name":
            values = file.scan.values(metrics.id, use.scope)
            metrics = values[0] if len(values) == 1 else metrics
            kind = type(metrics).__name__
        if metrics is not None and kind not in ("List", "Tuple", "Dict", "Constant"):
            return ""
        if kind == "Dict" or any(keyword(use.node, name) for name in ("weighted_metrics",)):
            return ""
        for item in getattr(metrics, "elts", [metrics]):
            if text_of(item) in SHORT:
                said.add(item.value)
            elif type(item).__name__ == "Call":
                named = text_of(getattr(keyword(item, "name"), "value", None))
                said.add(named if named in SHORT else "") if named in SHORT else None
    return said.pop() if len(said) == 1 else ""


def keys(file: File) -> None:
    """history["acc"], logs.get("val_acc"), monitor="val_acc", "{val_acc:.2f}" where metrics say "accuracy"; and vice versa."""
    texts = ("acc'", 'acc"', "acc:", "acc}", "accuracy'", 'accuracy"', "accuracy:")
    if not any(word in unit.text for unit in file.units for word in texts) or not any("compile" in unit.text for unit in file.units):
        return
    said = accuracy(file)
    if not said:
        return
    wrong = SHORT[said]
    for use in file.scan.items:
        if use.guarded or not _history(file, use.node.value, use):
            continue
        _key(file, use, use.node.slice, wrong, said, "error")
    for use in file.scan.calls:
        if use.guarded:
            continue
        func = use.node.func
        if getattr(func, "attr", "") == "get" and _history(file, func.value, use) and use.node.args:
            _key(file, use, use.node.args[0], wrong, said, "warning")
        monitor = keyword(use.node, "monitor")
        if monitor is not None:
            _key(file, use, monitor.value, wrong, said, "warning")
        if (getattr(func, "attr", "") or getattr(func, "id", "")) == "ModelCheckpoint":
            _pattern(file, use, wrong, said)


def _history(file: File, node: Any, use: Use) -> bool:
    """True for h.history, for a name assigned to it, and for the logs of a callback."""
    kind = type(node).__name__
    if kind == "Attribute":
        return bool(node.attr == "history") and (file.kind(node.value, use.scope) in ("history", "") or type(node.value).__name__ == "Call")
    if kind != "Name":
        return False
    if node.id == "logs":
        return use.scope.node is not None and file.scan.bound("logs", use.scope) == []
    values = file.scan.values(node.id, use.scope)
    return bool(values) and all(type(value).__name__ == "Attribute" and value.attr == "history" for value in values)


def _key(file: File, use: Use, node: Any, wrong: str, right: str, severity: str) -> None:
    text = text_of(node)
    if text not in (wrong, f"val_{wrong}"):
        return
    new = text.replace(wrong, right)
    place = use.unit.place(node)
    quote = written(use.unit, node)[:1]
    quote = quote if quote in ("'", '"') else '"'
    file.add(
        OldKey(
            Phrase(
                "migration",
                "text_is_not_a",
                "{text!r} is not a key: metrics={metrics!r} is stored as {new!r}",
                text=text,
                metrics=[right],
                new=new,
            ),
            write(f'"{new}"'),
        ),
        use.unit,
        place,
        [Text(use.unit, place, f"{quote}{new}{quote}")],
        write(f'"{new}"'),
        severity,
    )


def _pattern(file: File, use: Use, wrong: str, right: str) -> None:
    """ModelCheckpoint("{epoch}-{val_acc:.2f}.keras")."""
    node = argument(use.node, 0, "filepath")
    if type(node).__name__ == "Name":
        values = file.scan.values(node.id, use.scope)
        node = values[0] if len(values) == 1 else None
    text = text_of(node)
    found = re.search(rf"\{{(val_)?{wrong}(?=[:}}])", text or "")
    if found is None or text is None:
        return
    unit = next((unit for unit in file.units if text in unit.text), use.unit)
    place = unit.place(node)
    new = text.replace(found[0], found[0].replace(wrong, right))
    old_text = written(unit, node)
    changes = [Text(unit, place, old_text.replace(found[0], found[0].replace(wrong, right)))] if found[0] in old_text else None
    file.add(
        OldKey(
            Phrase(
                "migration",
                "the_file_s_name",
                "the file's name asks for {word!r}, which is not measured: metrics={metrics!r}",
                word=found[0][1:],
                metrics=[right],
            ),
            write(f"{new!r}"),
        ),
        unit,
        place,
        changes,
        write(f"{new!r}") if changes else "",
    )
