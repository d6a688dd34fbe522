"""The files of a command line: found in folders, read, and their findings filtered."""

from __future__ import annotations

import os
import sys

from shapecheck.api import check_file, check_source
from shapecheck.cli import settings
from shapecheck.findings import Report
from shapecheck.reader.source import LARGEST, read_text

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator
    from typing import Any

    from shapecheck.findings import FileReport
    from shapecheck.what_if import WhatIf

SOURCES = (".py", ".ipynb")
EXCLUDED = frozenset({".git", ".hg", ".venv", "venv", "__pycache__", "node_modules", ".ipynb_checkpoints", "build", "dist", ".tox"})


def expanded(paths: list[str], options: dict[str, str]) -> list[str]:
    """The paths, with each folder replaced by its files."""
    exclude = {name for name in options.get("--exclude", "").split(",") if name}
    return [name for path in paths for name in ([path] if path == "-" else _files(path, exclude))]


def read_files(paths: list[str], options: dict[str, str]) -> Report:
    """The report of each of these files; - is standard input."""
    dialect = int(options["--dialect"]) if "--dialect" in options else None
    what_if = None
    if "--input" in options or "--set" in options:
        from shapecheck.what_if import asked

        what_if = asked(options.get("--input", ""), options.get("--set", ""))
    found: list[Any] = []
    for path in paths:
        if path == "-":
            text = read_text(sys.stdin.buffer.read(LARGEST))
            found += check_source(text, options.get("--stdin-filename", "<stdin>"), dialect, what_if).files
        else:
            found += _checked(path, dialect, what_if)
    if options.get("--format", "text") in ("json", "github", "sarif", "gitlab"):  # which have no place for what was asked
        for why in [why for file in found for why in file.unfollowed]:
            print(why, file=sys.stderr)
    return Report(found)


def _checked(path: str, dialect: int | None, what_if: WhatIf | None) -> list[FileReport]:
    try:
        return check_file(path, dialect, what_if).files
    except Exception as error:
        error.add_note(f"while reading {path}")  # of many files, perhaps in another process
        raise


def _files(path: str, exclude: set[str]) -> Iterator[str]:
    if not os.path.isdir(path) or _model(path):
        yield path
        return
    for folder, folders, names in os.walk(path):
        folders[:] = sorted(name for name in folders if name not in EXCLUDED and name not in exclude)
        whole = [name for name in folders if _model(os.path.join(folder, name))]
        folders[:] = [name for name in folders if name not in whole]
        found = [name for name in names if name not in exclude and (name.endswith(SOURCES) or _model(os.path.join(folder, name)))]
        yield from (os.path.join(folder, name) for name in sorted([*found, *whole]))


def sources(paths: list[str]) -> list[str]:
    """Those that are not model files."""
    return [path for path in paths if path.endswith(SOURCES) or not _model(path)]


def _model(path: str) -> bool:
    """Whether a file or folder is a model, by its bytes. Data in the same formats is not."""
    from shapecheck.model_files import recognise

    return recognise.listed(path)


def filtered(report: Report, options: dict[str, str]) -> None:
    """Budgets add findings; --select, --ignore and the baseline leave some out."""
    if "--max-params" in options or "--max-memory" in options:
        from shapecheck.checks import budgets

        limits = [settings.amount(options[name]) if name in options else None for name in ("--max-params", "--max-memory")]
        budgets.apply(report, limits[0], limits[1])
    if "--select" in options or "--ignore" in options:
        from shapecheck.cli.suppression import by_code

        by_code(report, settings.codes(options.get("--select", "ALL")), settings.codes(options.get("--ignore", "")))
    if "--baseline" in options:
        from shapecheck.cli.suppression import by_baseline

        print(by_baseline(report, options["--baseline"]), file=sys.stderr)
