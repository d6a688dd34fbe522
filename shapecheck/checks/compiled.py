"""Names of losses and optimizers in compile(), and of the arguments of compile(), fit() ...: those that no version of Keras has."""

from __future__ import annotations

import sys
from collections.abc import Iterator

from shapecheck.diagnostics.arguments import UnknownKeyword
from shapecheck.diagnostics.compiled import UnknownName
from shapecheck.did_you_mean import likely, misspelt
from shapecheck.findings import Finding
from shapecheck.known_names import ARGUMENTS as ARGUMENTS_OF
from shapecheck.known_names import LOSSES, OLD_ARGUMENTS, OPTIMIZERS, known_loss, known_optimizer
from shapecheck.reader.keras.paths import FOLLOWED, KERAS_ROOTS

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    from shapecheck.findings import FileReport, Stack
    from shapecheck.reader.records import Event
    from shapecheck.reader.source import Place

ARGUMENTS = (("optimizer", 0, known_optimizer, OPTIMIZERS), ("loss", 1, known_loss, LOSSES))
OWN = r"custom_object|CustomObject|register_keras_serializable|def compile\b|\b(losses|optimizers)\.\w+\s*=[^=]|setattr\(|__dict__"
"""Text by which a file registers names for compile(): then any name may be right."""
OWN_METHODS = r"\bdef (compile|fit|evaluate|predict)\b"
IMPORTS = r"(?m)^[ \t]*(?:from|import)[ \t]+([.\w]+)"
FAMILIAR = frozenset({"matplotlib", "seaborn", "PIL", "tqdm", "IPython", "google", "skimage", "plotly", "h5py", "requests", "keras_tuner"})
"""Libraries that register no loss, besides those that the reader supports and the standard library."""


def check(report: FileReport, stack: Stack) -> Iterator[Finding]:
    """Every name written as a string in compile(), also within a list or a dictionary for several outputs; every keyword."""
    yield from _keywords(report, stack)
    for event in stack.events:
        if event.kind != "compile" or event.guarded:
            continue
        for argument, position, known, names in ARGUMENTS:
            for node in _texts(_written(event, argument, position)):
                if not known(node.value):
                    yield from _unknown(report, stack, event.origin.unit.place(node), argument, node.value, names)


def _keywords(report: FileReport, stack: Stack) -> Iterator[Finding]:
    """Keywords that no Keras has. Before Keras 3 compile() passed further ones on, so only similar ones are surely misspelt."""
    if stack.model is None or stack.model.code is not None:
        return
    strict = report.dialect is not None and report.dialect.version >= 3
    found = []
    for event in stack.events:
        call: Any = event.origin.node
        allowed = ARGUMENTS_OF.get(getattr(getattr(call, "func", None), "attr", ""), ())
        for keyword in call.keywords if allowed and not event.guarded else ():
            if keyword.arg and keyword.arg not in allowed and keyword.arg not in OLD_ARGUMENTS:
                problem = UnknownKeyword(keyword.arg, f"{call.func.attr}()", allowed)
                if strict or problem.nearest:
                    found.append(Finding(problem, event.origin.unit.place(keyword), stack, None))
    if found and not _own_methods(report):
        yield from found


def _own_methods(report: FileReport) -> bool:
    """Whether the file defines or replaces such a method itself."""
    import re

    return any(re.search(OWN_METHODS, unit.text) for unit in report.units)


def _unknown(report: FileReport, stack: Stack, place: Place, argument: str, name: str, names: frozenset[str]) -> Iterator[Finding]:
    if not _may_be_own(report, misspelt(name, names)):
        yield Finding(UnknownName(argument, name, likely(name, names), sorted(names)), place, stack, None)


def _written(event: Event, argument: str, position: int) -> Any:
    return event.origin.arguments.get(argument) or event.origin.arguments.get(str(position))


def _texts(node: Any) -> Iterator[Any]:
    """The nodes of strings: the argument itself, the entries of a list, the values of a dictionary by output."""
    kind = type(node).__name__
    if kind == "Constant" and isinstance(node.value, str):
        yield node
    elif kind in ("List", "Tuple"):
        for one in node.elts:
            yield from _texts(one)
    elif kind == "Dict" and not any(getattr(key, "value", "") == "class_name" for key in node.keys):
        for one in node.values:
            yield from _texts(one)


def _may_be_own(report: FileReport, plainly_misspelt: bool) -> bool:
    """True if the file registers names, or imports a library that may register some and the name is not just misspelt."""
    import re

    texts = [unit.text for unit in report.units]
    return any(re.search(OWN, text) for text in texts) or (not plainly_misspelt and any(_foreign(text) for text in texts))


def _foreign(text: str) -> bool:
    """True if the text imports an unknown library or another file of the user."""
    import re

    roots = {match[1].partition(".")[0] for match in re.finditer(IMPORTS, text)}
    return bool(roots - FAMILIAR - {*FOLLOWED, "keras"} - {root.partition(".")[0] for root in KERAS_ROOTS} - sys.stdlib_module_names)
