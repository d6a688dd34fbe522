"""`python -m shapecheck FILE ...`: tables and findings on the command line; see --help."""

from __future__ import annotations

import sys

from shapecheck.cli import console, settings
from shapecheck.cli import parallel as jobs
from shapecheck.cli.files import _code, _expanded, exit_code, filtered, read_files

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Sequence

    from shapecheck.findings import Report

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
    from shapecheck.cli import compare

    report = _read([old, new], options)
    text, code = compare.render(*report.files[:2]) if len(report.files) == 2 else ("diff needs two files", 2)
    print(text)
    return code


def _fix(report: Report, options: dict[str, str]) -> int:
    from shapecheck.cli import fixing

    lines = [line for file in report.files for line in fixing.run(file, int(options.get("--fix", "1")), "--diff" not in options)]
    for file in report.files:
        if file.error or file.cut:
            print(f"{file.path}: {file.cut or f'cannot be read: {file.error}'}", file=sys.stderr)
    print("\n".join(lines) or "nothing to fix: no finding has a proved repair of that number")
    return exit_code(report, "--strict" in options)


def _one_by_one(options: dict[str, str]) -> bool:
    """True if each file can be printed for itself and let go: nothing is asked of all reports together."""
    return not {"--fix", "--diff", "--baseline"} & options.keys() and options.get("--format", "text") in jobs.FORMATS


def _read(paths: list[str], options: dict[str, str]) -> Report:
    return read_files(_expanded(paths, options), options)


def _print(report: Report, options: dict[str, str]) -> None:
    from importlib import import_module

    name = options.get("--format", "text")
    modules = {"concise": "text", "html": "page"}
    module = import_module(f"shapecheck.report.{modules.get(name, name)}")
    text = module.render(report, True) if name == "concise" else module.render(report)
    _write(text, name)


def _write(text: str, name: str) -> None:
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

    first, _, rest = (page.__doc__ or "").partition("\n")
    console.write(f"{page.code} {page.__name__}\n\n{first}\n{textwrap.dedent(rest).rstrip()}")
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
