"""`shapecheck grade FOLDER --expect FILE`: a class's scripts and notebooks marked by what their models are. None is run."""

from __future__ import annotations

import argparse
import os
import sys

from shapecheck.cli import console
from shapecheck.cli.options import Options
from shapecheck.languages import LANGUAGES, chosen, current, say, system, words
from shapecheck.teaching import expectations
from shapecheck.teaching.feedback import file_name, page
from shapecheck.teaching.grading import graded, table
from shapecheck.teaching.marking import verdicts
from shapecheck.teaching.submissions import others
from shapecheck.teaching.texts import GRADE
from shapecheck.teaching.worker import Worker

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    from shapecheck.teaching.expectations import Expectations
    from shapecheck.teaching.grading import Graded


def run(arguments: list[str]) -> int:
    """Marks, prints a line for each student and writes what is asked for; returns 0, or 2 if something cannot be read or written."""
    about = say(
        "command", "grade",
        "`shapecheck grade FOLDER --expect FILE`: a class's scripts and notebooks marked by what their models are. None is run.",
    )  # fmt: skip
    keys = "\n".join(f"  {key:10}  {text}" for key, text in expectations.KEYS.items())
    epilog = say("command", "grade.keys", "keys of the file:\n{keys}", keys=keys)
    parser = Options("python -m shapecheck grade", argparse.RawTextHelpFormatter, description=about, epilog=epilog, allow_abbrev=False)
    parser.add_argument(
        "folder",
        metavar="FOLDER",
        help=say("command", "grade.folder", "a file for each student, or a folder whose files may import each other"),
    )
    parser.add_argument("--expect", metavar="FILE", required=True, help=say("command", "grade.expect", "what the models must be (TOML)"))
    parser.add_argument("--csv", metavar="FILE", help=say("command", "grade.csv", "write a line for each student for a spreadsheet"))
    parser.add_argument("--pages", metavar="FOLDER", help=say("command", "grade.pages", "write a feedback page for each student (HTML)"))
    parser.add_argument(
        "--language",
        choices=LANGUAGES,
        help=say("command", "grade.language", "of the pages, where the file of expectations names no other"),
    )
    options = parser.parse_args(arguments)
    try:
        language = chosen(options.language)
    except ValueError as wrong:
        parser.error(str(wrong))
    try:
        with open(options.expect, encoding="utf-8") as file:
            expected = expectations.read(file.read())
    except (ValueError, OSError) as wrong:
        parser.error(f"{options.expect}: {system(wrong) if isinstance(wrong, OSError) else wrong}")
    worker = Worker(expected)
    try:
        found = graded(options.folder, expected, worker.mark, language)
        for one in found:
            console.write(_line(one))
        unread = others(options.folder)
        if unread:
            print(say("command", "grade.others", "not read, neither .py nor .ipynb: {names}", names=", ".join(unread)), file=sys.stderr)
        _write(found, expected, options)
    except OSError as error:
        print(f"{error.filename}: {system(error)}", file=sys.stderr)
        return 2
    finally:
        worker.close()
    return 0


def _line(one: Graded) -> str:
    """A student's points, and what is off."""
    off = [_off(check, one.found.get("counts", {})) for check in one.found.get("checks", ()) if not check[1]]
    if one.found and not one.found.get("model") and not one.problems:
        off.append(say("command", "grade.no_model", "no model was found"))
    without = [say("command", "grade.without_force", "without force: {text}", text=text) for text in one.without_force]
    points = say("command", "grade.points", "{student}: {points} of {of}", student=one.student, points=one.points, of=one.of)
    return "; ".join([points, *off, *map(str, one.problems), *without])


def _off(check: list[Any], counts: dict[str, int]) -> str:
    """A check that does not hold: what was expected, and what was found."""
    key, _, expected, found = check
    name = key if current() == "en" else words("grade", GRADE, current())[f"check_{key}"]
    if key == "works":
        return f"{name}: {verdicts(counts)}"
    return say("command", "grade.off", "{name}: expected {expected}, found {found}", name=name, expected=expected, found=found)


def _write(found: list[Graded], expected: Expectations, options: argparse.Namespace) -> None:
    if options.csv:
        with open(options.csv, "w", encoding="utf-8-sig", newline="") as file:
            file.write(table(found, expected.checks))
    if options.pages:
        os.makedirs(options.pages, exist_ok=True)
        taken: set[str] = set()
        for one in found:
            with open(os.path.join(options.pages, file_name(one.student, taken)), "w", encoding="utf-8") as file:
                file.write(page(one))
