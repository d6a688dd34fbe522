"""`shapecheck diff OLD NEW`: how an edit changed the tables and the findings of a file."""

from __future__ import annotations

from difflib import SequenceMatcher

from shapecheck.cli.suppression import key
from shapecheck.languages import say
from shapecheck.report.cells import VERDICTS
from shapecheck.shapes import Dim

TYPE_CHECKING = False
if TYPE_CHECKING:
    from shapecheck.findings import FileReport, Stack


def render(old: FileReport, new: FileReport) -> tuple[str, int]:
    """What to print, and the exit code: 1 if there are new findings, 2 if a file cannot be read completely."""
    unread = [
        say("command", "unread", "{path}: cannot be read: {why}", path=file.path, why=file.error) for file in (old, new) if file.error
    ]
    if unread:
        return "\n".join(unread), 2
    lines: list[str] = []
    for before, after in pairs(old.stacks, new.stacks):
        lines += _stacks(before, after)
    was = [_words(old, one) for one in old.findings]
    fresh = [one for one in new.findings if _words(new, one) not in was]
    here = [_words(new, one) for one in new.findings]
    lines += [f"- {one.place}: {one.code} {one.diagnostic.message()}" for one in old.findings if _words(old, one) not in here]
    lines += [f"+ {one.place}: {one.code} {one.diagnostic.message()}" for one in fresh]
    cut = [f"{file.path}: {file.cut}" for file in (old, new) if file.cut]
    text = "\n".join([*(lines or [say("command", "no_difference", "no difference in tables and findings")]), *cut])
    return text, 1 if any(one.severity != "note" for one in fresh) else 2 * bool(cut)


def _words(file: FileReport, finding: object) -> str:
    return key(finding).removeprefix(file.path.replace(chr(92), "/"))  # type: ignore[arg-type]


def pairs(old: list[Stack], new: list[Stack]) -> list[tuple[Stack | None, Stack | None]]:
    """Pairs of stacks with the same name, in order; the others have no partner."""
    rest = list(new)
    found: list[tuple[Stack | None, Stack | None]] = []
    for stack in old:
        twin = next((other for other in rest if other.name == stack.name), None)
        if twin is not None:
            rest.remove(twin)
        found.append((stack, twin))
    return found + [(None, stack) for stack in rest]


def _stacks(old: Stack | None, new: Stack | None) -> list[str]:
    if old is None or new is None:
        stack, sign = (new, "+") if old is None else (old, "-")
        assert stack is not None
        size, params = len(stack.rows), _number(stack.table.params)
        return [
            say("command", "stack", "{sign} {name}: {count} layers, {params} params", sign=sign, name=stack.name, count=size, params=params)
        ]
    before, after = _rows(old), _rows(new)
    lines: list[str] = []
    for tag, i, j, k, m in SequenceMatcher(None, before, after, autojunk=False).get_opcodes():
        if tag != "equal":
            lines += [f"-   {text}" for text in before[i:j]] + [f"+   {text}" for text in after[k:m]]
    if not lines:
        return []
    params, macs = _change(old.table.params, new.table.params), _change(old.table.multiply_adds, new.table.multiply_adds)
    return [say("command", "totals", "  {name}: params {params}, MACs {macs}", name=new.name, params=params, macs=macs), *lines]


def _rows(stack: Stack) -> list[str]:
    return [f"{row.class_name:<20} {row.output!s:<24} {_number(row.params):>12}  {VERDICTS[row.verdict]}" for row in stack.rows]


def _number(value: Dim) -> str:
    return f"{value:,}" if isinstance(value, int) else "?"


def _change(old: Dim, new: Dim) -> str:
    if isinstance(old, int) and isinstance(new, int):
        return f"{old:,} -> {new:,} ({new - old:+,})" if old != new else f"{old:,}"
    return f"{_number(old)} -> {_number(new)}"
