"""`shapecheck grade FOLDER --expect FILE`: a class's scripts and notebooks marked by what their models are. None is run."""

from __future__ import annotations

import argparse
import os
import sys

from shapecheck.cli import console
from shapecheck.languages import LANGUAGES, chosen
from shapecheck.teaching import expectations
from shapecheck.teaching.feedback import file_name, page
from shapecheck.teaching.grading import graded, table
from shapecheck.teaching.submissions import others
from shapecheck.teaching.worker import Worker

TYPE_CHECKING = False
if TYPE_CHECKING:
    from shapecheck.teaching.expectations import Expectations
    from shapecheck.teaching.grading import Graded

KEYS = "keys of the file:\n" + "\n".join(f"  {key:10}  {text}" for key, text in expectations.KEYS.items())


def run(arguments: list[str]) -> int:
    """Marks, prints a line for each student and writes what is asked for; returns 0, or 2 if something cannot be read or written."""
    form = argparse.RawTextHelpFormatter
    parser = argparse.ArgumentParser(
        "python -m shapecheck grade", description=__doc__, epilog=KEYS, allow_abbrev=False, formatter_class=form
    )
    parser.add_argument("folder", metavar="FOLDER", help="a file for each student, or a folder whose files may import each other")
    parser.add_argument("--expect", metavar="FILE", required=True, help="what the models must be (TOML)")
    parser.add_argument("--csv", metavar="FILE", help="write a line for each student for a spreadsheet")
    parser.add_argument("--pages", metavar="FOLDER", help="write a feedback page for each student (HTML)")
    parser.add_argument("--language", choices=LANGUAGES, help="of the pages, where the file of expectations names no other")
    options = parser.parse_args(arguments)
    try:
        language = chosen(options.language)
    except ValueError as wrong:
        parser.error(str(wrong))
    try:
        with open(options.expect, encoding="utf-8") as file:
            expected = expectations.read(file.read())
    except (ValueError, OSError) as wrong:
        parser.error(f"{options.expect}: {getattr(wrong, 'strerror', None) or wrong}")
    worker = Worker(expected)
    try:
        found = graded(options.folder, expected, worker.mark, language)
        for one in found:
            console.write(_line(one))
        unread = others(options.folder)
        if unread:
            print(f"not read, neither .py nor .ipynb: {', '.join(unread)}", file=sys.stderr)
        _write(found, expected, options)
    except OSError as error:
        print(f"{error.filename}: {error.strerror}", file=sys.stderr)
        return 2
    finally:
        worker.close()
    return 0


def _line(one: Graded) -> str:
    """A student's points, and what is off."""
    off = [f"{check[0]}: expected {check[2]}, found {check[3]}" if check[2] else f"{check[0]}: {check[3]}"
           for check in one.found.get("checks", ()) if not check[1]]  # fmt: skip
    if one.found and not one.found.get("model") and not one.problems:
        off.append("no model was found")
    without = [f"without force: {text}" for text in one.without_force]
    return "; ".join([f"{one.student}: {one.points} of {one.of}", *off, *one.problems, *without])


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
