"""Proved repairs applied to a file: --fix writes them, --diff shows them."""

from __future__ import annotations

import json
import os
from difflib import unified_diff
from shutil import copymode

from shapecheck.api import check_source
from shapecheck.languages import say, system
from shapecheck.reader.source import read_text
from shapecheck.repairs.edits import applied

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    from shapecheck.findings import FileReport, Finding, Repair
    from shapecheck.reader.source import Unit
    from shapecheck.repairs.edits import TextEdit


def chosen(file: FileReport, number: int = 1) -> list[tuple[Finding, Repair]]:
    """The N-th proved repair of each finding that has one, without those that overlap."""
    found: list[tuple[Finding, Repair]] = []
    edits: list[TextEdit] = []
    for finding in file.findings:
        proved = [repair for repair in finding.repairs if repair.proved and repair.edits]
        if len(proved) >= number:
            more = [edit for edit in proved[number - 1].edits if all(edit[0].key != old[0].key or edit[1] != old[1] for old in edits)]
            if _clash(file, edits + more):
                continue
            edits += more
            found.append((finding, proved[number - 1]))
    return found


def _clash(file: FileReport, edits: list[TextEdit]) -> bool:
    return any(applied(unit.text, [edit for edit in edits if edit[0].cell == unit.cell]) is None for unit in file.units)


def fixed(file: FileReport, text: str, repairs: list[tuple[Finding, Repair]]) -> str:
    """The file's text with these repairs in it: a script, or a notebook with changed cells."""
    return rewritten(file.units, text, [edit for _, repair in repairs for edit in repair.edits])


def rewritten(parts: list[Unit], text: str, all_edits: list[TextEdit]) -> str:
    """A file's text after edits of its units: a script, or a notebook with changed cells."""
    edits = {(edit[0].key, edit[1]): edit for edit in all_edits}
    units: dict[int | None, str] = {}
    for unit in parts:
        here = [edit for edit in edits.values() if edit[0].cell == unit.cell]
        if here:
            units[unit.cell] = applied(unit.text, here) or unit.text
    if None in units:
        return units[None]
    return _notebook(text, units) if units else text


def _notebook(text: str, units: dict[int | None, str]) -> str:
    book: dict[str, Any] = json.loads(text)
    for number, cell in enumerate(book.get("cells", []), 1):
        if number in units:
            was = cell.get("source", "")
            cell["source"] = units[number] if isinstance(was, str) else units[number].splitlines(keepends=True)
    return json.dumps(book, indent=1, ensure_ascii=False) + ("\n" if text.endswith("\n") else "")


def diff(path: str, old: str, new: str) -> str:
    """What changes, as a unified diff."""
    return "".join(
        unified_diff(
            old.splitlines(keepends=True),
            new.splitlines(keepends=True),
            f"{path}",
            say("command", "fixed_file", "{path} (fixed)", path=path),
        )
    )


def _better(file: FileReport, new: str, repaired: int) -> bool:
    """Each repair was proved alone: together they must remove as many findings as there are repairs."""
    left = [one for one in check_source(new, file.path).findings if one.severity != "note"]
    return len(left) <= len([one for one in file.findings if one.severity != "note"]) - repaired


def run(file: FileReport, number: int, write: bool) -> list[str]:
    """Applies repairs to the file of a report, or shows what would change; returns the text to print."""
    repairs = chosen(file, number)
    if not repairs or file.path.startswith("<"):
        return []
    with open(file.path, "rb") as source:
        data = source.read()
    text = read_text(data)
    new = fixed(file, text, repairs)
    if len(repairs) > 1 and not _better(file, new, len(repairs)):
        repairs = repairs[:1]
        new = fixed(file, text, repairs)
    if not write:
        return [diff(file.path, text, new)]
    why = written(file.path, data, text, new)
    if why:
        return [say("command", "not_fixed", "{path}: {why}; see --diff", path=file.path, why=why)]
    return [
        say("command", "fixed", "{place}: {code} fixed: {title}", place=one.place, code=one.code, title=repair.title)
        for one, repair in repairs
    ]


def written(path: str, data: bytes, text: str, new: str) -> str:
    """Writes the new text into a file with the content `data`, read as `text`; returns why it was not written, or ""."""
    if text.encode("utf-8") not in (data, data.removeprefix(b"\xef\xbb\xbf")):
        return say("command", "not_utf8", "not written, because the file is not in UTF-8")
    mark = b"\xef\xbb\xbf" if data.startswith(b"\xef\xbb\xbf") else b""
    try:
        _replace(path, mark + new.encode("utf-8"))
    except OSError as error:
        return say("command", "not_written", "not written, the file is unchanged: {why}", why=system(error))
    return ""


def _replace(path: str, data: bytes) -> None:
    """Writes a file completely or not at all: first a temporary file, then renamed, with the same mode. Of a link the target is written."""
    place = os.path.realpath(path)
    unfinished = f"{place}.{os.getpid()}.unfinished"
    try:
        with open(unfinished, "xb") as target:
            target.write(data)
        copymode(place, unfinished)
        os.replace(unfinished, place)
    except BaseException:
        if os.path.exists(unfinished):
            os.remove(unfinished)
        raise
