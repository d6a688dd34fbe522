"""Findings about a keyword of a call, or a method: old, ignored, misspelt; and the change that fixes it."""

from __future__ import annotations

from shapecheck.diagnostics.migration import IgnoredArgument, MisspeltName, OldArgument, OldMethod
from shapecheck.languages import Phrase, write
from shapecheck.migration.changes import Text, keyword_place, name_place
from shapecheck.migration.findings import keyword, text_of
from shapecheck.migration.names import nearest
from shapecheck.repairs.edits import written

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    from shapecheck.migration.changes import Change
    from shapecheck.migration.findings import File
    from shapecheck.migration.scan import Use

ORDERS = {"th": '"channels_first"', "tf": '"channels_last"'}
"""Old names of data formats."""


def old(file: File, use: Use, one: Any, name: str, changes: list[Change] | None, advice: str, ignored: bool = False) -> None:
    """A finding about a keyword."""
    what = Phrase(
        "migration",
        "name_argument_is_a_spelling",
        "{name}: {argument}= is a spelling of an older Keras; Keras 3 refuses it",
        name=name,
        argument=one.arg,
    )
    kind: Any = OldArgument
    if ignored:
        kind, what = (
            IgnoredArgument,
            Phrase(
                "migration",
                "name_argument_is_of",
                "{name}: {argument}= is of an older Keras; Keras 3 ignores it, with a warning",
                name=name,
                argument=one.arg,
            ),
        )
        if advice.startswith("write"):
            what = Phrase(
                "migration",
                "name_argument_is_a",
                "{name}: {argument}= is a spelling of an older Keras; Keras 3 accepts it with a warning",
                name=name,
                argument=one.arg,
            )
    file.add(
        kind(what, advice, one.arg),
        use.unit,
        use.unit.place(one),
        changes,
        Phrase("repairs", "without", "without {argument}", argument=one.arg)
        if advice.startswith("remove it")
        else advice
        if changes is not None
        else "",
    )


def said(use: Use, one: Any, new: str) -> str:
    """write epochs=3, or write epochs= where the value is long."""
    value = ORDERS.get(text_of(one.value) or "", "") if one.arg == "dim_ordering" else ""
    value = value or written(use.unit, one.value)
    return write(f"{new}={value if len(value) <= 30 and chr(10) not in value else ''}")


def renamed(use: Use, one: Any, new: str) -> list[Change]:
    """The keyword under its new name, its value in today's words."""
    unit = use.unit
    changes: list[Change] = [Text(unit, keyword_place(unit, one), new)]
    if one.arg == "dim_ordering" and text_of(one.value) in ORDERS:
        changes.append(Text(unit, unit.place(one.value), ORDERS[one.value.value]))
    return changes


def misspelt(file: File, use: Use, one: Any, name: str, known: tuple[str, ...]) -> None:
    """A keyword that no version has, if it is similar to an existing one."""
    words = [word for word in known if not word.startswith("*")]
    near = nearest(one.arg, words)
    what = Phrase("migration", "name_has_no_argument", "{name} has no argument {argument}", name=name, argument=one.arg)
    if name.islower() and not near and "**" not in known and all(word.isidentifier() for word in words):
        advice = Phrase("migration", "its_arguments", "its arguments are {names}", names=", ".join(words))
        file.add(MisspeltName(what, advice, one.arg), use.unit, use.unit.place(one), None)
    elif near and not (len(one.arg) < 4 or keyword(use.node, near)):
        advice = write(f"{near}=")
        file.add(MisspeltName(what, advice, one.arg), use.unit, use.unit.place(one), renamed(use, one, near), advice)


def old_method(file: File, use: Use, func: Any, changes: list[Change] | None, advice: str, what: str = "") -> None:
    """A finding about a method."""
    of_an_older = Phrase("migration", "method", "{method}() is of an older Keras; Keras 3 does not have it", method=func.attr)
    text = what or of_an_older
    file.add(OldMethod(text, advice), use.unit, name_place(use.unit, func), changes, advice if changes is not None else "")
