"""A folder of submissions marked: the best file of each student, points, rows for a spreadsheet."""

from __future__ import annotations

import csv
import io
import os
import time

from shapecheck.languages import because
from shapecheck.teaching.submissions import submissions

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence
    from typing import Any

    from shapecheck.teaching.expectations import Expectations
    from shapecheck.teaching.submissions import Submission

    Mark = Callable[[str, str, str], dict[str, Any]]

LONGEST = 20.0
"""Seconds that the files of one student may take together; the last one is finished."""
FORMULAS = ("=", "+", "-", "@", "\t")
"""Beginnings that a spreadsheet takes for a formula."""


class Graded:
    """One student: the file that counts and what was found in it, the points, what could not be read, the language, what had no force."""

    def __init__(
        self, student: str, file: str, found: dict[str, Any], points: int, of: int, problems: Sequence[str], language: str = "en"
    ) -> None:
        self.student = student
        self.file = file
        self.found = found
        self.points = points
        self.of = of
        self.problems = list(problems)
        self.language = language
        self.without_force: list[str] = found.get("without_force", [])


def graded(folder: str, expected: Expectations, mark: Mark, language: str = "en") -> list[Graded]:
    """Every student of the folder, by name. Raises OSError if it cannot be listed.

    Arguments:
        folder: with a file or a folder for each student
        expected: what is expected
        mark: what was found in a file, by its path, the student's folder and language
        language: of students for whom the expectations name no other
    """
    return [_student(one, folder, expected, mark, expected.language(one.student, language)) for one in submissions(folder)]


def _student(one: Submission, folder: str, expected: Expectations, mark: Mark, language: str) -> Graded:
    of = sum(expected.points.values())
    best = Graded(one.student, "", {}, 0, of, one.problems, language)
    begun = time.monotonic()
    for path in one.files:
        if time.monotonic() - begun > LONGEST:
            name = os.path.relpath(path, folder)
            one.problems.append(because("from {name} on no file is read: those before took {seconds:g} s", name=name, seconds=LONGEST))
            break
        found, name = mark(path, one.folder, language), os.path.relpath(path, folder)
        points = sum(expected.points[check[0]] for check in found.get("checks", ()) if check[1])
        one.problems += [because("{name}: {why}", name=name, why=why) for why in (found.get("error"), *found.get("not_read", ())) if why]
        if not best.file or points > best.points or (points == best.points and found.get("model")):
            best = Graded(one.student, name, found, points, of, one.problems, language)
    best.problems = one.problems
    return best


def table(rows: Iterable[Graded], checks: Sequence[str]) -> str:
    """CSV, a line for each student; text that a spreadsheet would take for a formula begins with an apostrophe."""
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    facts = ("file", "model", "input", "output", "parameters", "findings", "without force", "problems")
    writer.writerow(["student", "points", "of", *checks, *facts])
    for one in rows:
        found = one.found
        held = {check[0]: int(check[1]) for check in found.get("checks", ())}
        codes = " ".join(sorted({finding[1] for finding in found.get("findings", ()) if finding[0] != "note"}))
        cells = [one.student, one.points, one.of, *(held.get(check, 0) for check in checks), one.file]
        cells += [found.get(key, "") for key in ("model", "input", "output", "params")]
        writer.writerow(
            [_safe(cell) for cell in (*cells, codes, "; ".join(map(str, one.without_force)), "; ".join(map(str, one.problems)))]
        )
    return out.getvalue()


def _safe(cell: object) -> object:
    if not isinstance(cell, str):
        return cell
    line = " ".join(cell.splitlines())
    return f"'{line}" if line.lstrip(" ").startswith(FORMULAS) else line
