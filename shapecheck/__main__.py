"""`python -m shapecheck FILE ...`: tables and findings on the command line; see --help."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from shapecheck.check import FileReport, Report
    from shapecheck.what_if import WhatIf

EXCLUDED = frozenset({".git", ".hg", ".venv", "venv", "__pycache__", "node_modules", ".ipynb_checkpoints", "build", "dist", ".tox"})

YOUNG = 100_000
"""Objects made between two garbage collections. Python's 700 look through every tree that is being parsed and find nothing."""


def main(argv: Sequence[str] | None = None) -> int:
    """The command; answers the exit code: exit_code's, 2 called wrongly, 3 for a mistake of its own, 130 stopped by Ctrl-C."""
    import gc

    usual = gc.get_threshold()
    gc.set_threshold(YOUNG, *usual[1:])
    try:
        return _run(list(sys.argv[1:] if argv is None else argv))
    except KeyboardInterrupt:
        print("\nstopped by Ctrl-C", file=sys.stderr)
        return 130
    except Exception:
        return _failed()
    finally:
        gc.set_threshold(*usual)


def _run(words: list[str]) -> int:
    from shapecheck import settings

    try:
        options, paths = settings.parsed(words)
        if "--help" in options:
            print(settings.USAGE)
            return 0
        if "--version" in options:
            return _version()
        if "--explain" in options:
            return _explain(options["--explain"])
        if not paths:
            raise settings.Usage("no file is given")
        if "--no-config" not in options:
            settings.configured(options, paths)
    except settings.Usage as wrong:
        print(f"{wrong}\n{settings.USAGE}", file=sys.stderr)
        return 2
    try:
        return _compare(paths[1], paths[2], options) if paths[0] == "diff" and len(paths) == 3 else _check(paths, options)
    except settings.Usage as wrong:
        print(wrong, file=sys.stderr)
        return 2


def _failed() -> int:
    """A mistake of shapecheck itself: no verdict on the code, so no status that a verdict has."""
    import traceback

    print("shapecheck itself failed, the code may be right: please report this, with the file if you can:", file=sys.stderr)
    traceback.print_exc()
    return 3


def _check(paths: list[str], options: dict[str, str]) -> int:
    files = _expanded(paths, options)
    if _one_by_one(options):
        from shapecheck import jobs

        text, counts = jobs.run(files, options, 1 if "-" in files else int(options.get("-j", "1")))
        _write(text, options.get("--format", "text"))
        return _code(counts, "--strict" in options)
    report = read_files(files, options)
    filtered(report, options)
    if "--fix" in options or "--diff" in options:
        return _fix(report, options)
    _print(report, options)
    return exit_code(report, "--strict" in options)


def _compare(old: str, new: str, options: dict[str, str]) -> int:
    from shapecheck import compare

    report = _read([old, new], options)
    text, code = compare.render(*report.files[:2]) if len(report.files) == 2 else ("diff needs two files", 2)
    print(text)
    return code


def _fix(report: Report, options: dict[str, str]) -> int:
    from shapecheck import fixing

    lines = [line for file in report.files for line in fixing.run(file, int(options.get("--fix", "1")), "--diff" not in options)]
    for file in report.files:
        if file.error or file.cut:
            print(f"{file.path}: {file.cut or f'cannot be read: {file.error}'}", file=sys.stderr)
    print("\n".join(lines) or "nothing to fix: no finding has a proved repair of that number")
    return exit_code(report, "--strict" in options)


def _one_by_one(options: dict[str, str]) -> bool:
    """True if each file can be printed for itself and let go: nothing is asked of all reports together."""
    from shapecheck import jobs

    return not {"--fix", "--diff", "--baseline"} & options.keys() and options.get("--format", "text") in jobs.FORMATS


def exit_code(report: Report, strict: bool = False) -> int:
    """0 clean or nothing to check, 1 errors or warnings, 2 if a file could not be read, or not to its end."""
    from shapecheck.jobs import tally

    return _code(tally(report), strict)


def _code(counts: dict[str, int], strict: bool) -> int:
    from shapecheck.jobs import unanswered

    if (counts["files"] and counts["unread"] == counts["files"]) or unanswered(counts):
        return 2
    if counts["error"] or counts["warning"]:
        return 1
    return 2 if counts["cut"] or counts["unread"] else int(strict and counts["unproved"] > 0)


def _read(paths: list[str], options: dict[str, str]) -> Report:
    return read_files(_expanded(paths, options), options)


def _expanded(paths: list[str], options: dict[str, str]) -> list[str]:
    """Folders as their files."""
    exclude = {name for name in options.get("--exclude", "").split(",") if name}
    return [name for path in paths for name in ([path] if path == "-" else _files(path, exclude))]


def read_files(paths: list[str], options: dict[str, str]) -> Report:
    """Each of these files; - is standard input."""
    from shapecheck.check import Report, check_source

    dialect = int(options["--dialect"]) if "--dialect" in options else None
    what_if = None
    if "--input" in options or "--set" in options:
        from shapecheck.what_if import asked

        what_if = asked(options.get("--input", ""), options.get("--set", ""))
    found: list[Any] = []
    for path in paths:
        if path == "-":
            from shapecheck.reader.source import LARGEST, read_text

            text = read_text(sys.stdin.buffer.read(LARGEST))
            found += check_source(text, options.get("--stdin-filename", "<stdin>"), dialect, what_if).files
        else:
            found += _checked(path, dialect, what_if)
    if options.get("--format", "text") in ("json", "github", "sarif"):  # which have no place for what was asked
        for why in [why for file in found for why in file.unfollowed]:
            print(why, file=sys.stderr)
    return Report(found)


def _checked(path: str, dialect: int | None, what_if: WhatIf | None) -> list[FileReport]:
    from shapecheck.check import check_file

    try:
        return check_file(path, dialect, what_if).files
    except Exception as error:
        error.add_note(f"while reading {path}")  # of many files, perhaps in another process
        raise


def _files(path: str, exclude: set[str]) -> Iterator[str]:
    import os

    if not os.path.isdir(path):
        yield path
        return
    for folder, folders, names in os.walk(path):
        folders[:] = sorted(name for name in folders if name not in EXCLUDED and name not in exclude)
        yield from (os.path.join(folder, name) for name in sorted(names) if name.endswith((".py", ".ipynb")) and name not in exclude)


def filtered(report: Report, options: dict[str, str]) -> None:
    """Budgets add findings; --select, --ignore and the baseline leave some out."""
    from shapecheck import settings

    if "--max-params" in options or "--max-memory" in options:
        from shapecheck.checks import budgets

        limits = [settings.amount(options[name]) if name in options else None for name in ("--max-params", "--max-memory")]
        budgets.apply(report, limits[0], limits[1])
    if "--select" in options or "--ignore" in options:
        from shapecheck.suppression import by_code

        by_code(report, settings.codes(options.get("--select", "ALL")), settings.codes(options.get("--ignore", "")))
    if "--baseline" in options:
        from shapecheck.suppression import by_baseline

        print(by_baseline(report, options["--baseline"]), file=sys.stderr)


def _print(report: Report, options: dict[str, str]) -> None:
    from importlib import import_module

    name = options.get("--format", "text")
    modules = {"concise": "text", "html": "page"}
    module = import_module(f"shapecheck.report.{modules.get(name, name)}")
    text = module.render(report, True) if name == "concise" else module.render(report)
    _write(text, name)


def _write(text: str, name: str) -> None:
    from shapecheck import console

    console.write(text, utf8=name in ("json", "sarif", "html"))


def _version() -> int:
    from shapecheck.version import __version__

    print(f"shapecheck {__version__}")
    return 0


def _explain(code: str) -> int:
    from shapecheck.pages import pages

    page = next((page for page in pages() if page.code == code.upper()), None)
    if page is None:
        print(f"there is no finding {code}; these are known:", file=sys.stderr)
        for known in pages():
            print(f"  {known.code}  {(known.__doc__ or '').partition(chr(10))[0]}", file=sys.stderr)
        return 2
    import textwrap

    from shapecheck import console

    first, _, rest = (page.__doc__ or "").partition("\n")
    console.write(f"{page.code} {page.__name__}\n\n{first}\n{textwrap.dedent(rest).rstrip()}")
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
