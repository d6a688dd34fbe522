"""`python -m shapecheck FILE ...`: tables and findings on the command line; see --help."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from shapecheck.check import Report

EXCLUDED = frozenset({".git", ".hg", ".venv", "venv", "__pycache__", "node_modules", ".ipynb_checkpoints", "build", "dist", ".tox"})
USAGE = """usage: python -m shapecheck [options] FILE|FOLDER|- ...
  --format text|concise|json|github   how to print (text)
  --select CODES, --ignore CODES      only, or not, findings whose code starts so (SC1,SC402; ALL)
  --strict                            a stack of which nothing is proved counts as a warning
  --dialect 1|2|3                     which Keras the code is for (3, or what the file proves)
  --stdin-filename NAME               what to call the text read from -
  --exclude NAMES                     files and folders to leave out, beside .git, venv ...
  --explain CODE                      the page of a finding
  --version
exit code: 0 clean or nothing to check, 1 errors or warnings, 2 nothing could be read"""
VALUED = ("--format", "--select", "--ignore", "--dialect", "--stdin-filename", "--exclude", "--explain")


def main(argv: Sequence[str] | None = None) -> int:
    """The command; answers the exit code."""
    options, paths, wrong = _options(list(sys.argv[1:] if argv is None else argv))
    if wrong or options.get("--format", "text") not in ("text", "concise", "json", "github"):
        print(f"{wrong or 'unknown format'}\n{USAGE}", file=sys.stderr)
        return 2
    if "--help" in options:
        print(USAGE)
        return 0
    if "--version" in options:
        return _version()
    if "--explain" in options:
        return _explain(options["--explain"])
    if not paths:
        print(USAGE, file=sys.stderr)
        return 2
    report = _read(paths, options)
    _filter(report, options)
    _print(report, options)
    return exit_code(report, "--strict" in options)


def exit_code(report: Report, strict: bool = False) -> int:
    """0 clean or nothing to check, 1 errors or warnings, 2 if nothing could be read."""
    if report.files and all(file.error for file in report.files):
        return 2
    if any(finding.severity in ("error", "warning") for finding in report.findings):
        return 1
    return int(strict and any(not stack.verdicts["proved"] for stack in report.stacks))


def _options(argv: list[str]) -> tuple[dict[str, str], list[str], str]:
    """Options by name, paths, and what is wrong. argparse would cost a fifth of the whole run."""
    options: dict[str, str] = {}
    paths: list[str] = []
    while argv:
        word = argv.pop(0)
        name, equals, value = word.partition("=")
        if name in VALUED:
            if not equals and not argv:
                return options, paths, f"{name} needs a value"
            options[name] = value if equals else argv.pop(0)
        elif word in ("--strict", "--version", "--help", "-h"):
            options["--help" if word == "-h" else word] = ""
        elif word == "--":
            paths += argv
            break
        elif word.startswith("-") and word != "-":
            return options, paths, f"unknown option {word}"
        else:
            paths.append(word)
    if options.get("--dialect", "3") not in ("1", "2", "3"):
        return options, paths, "--dialect needs 1, 2 or 3"
    return options, paths, ""


def _read(paths: list[str], options: dict[str, str]) -> Report:
    from shapecheck.check import Report, check_file, check_source

    dialect = int(options["--dialect"]) if "--dialect" in options else None
    files: list[str] = []
    found: list[Any] = []
    for path in paths:
        if path == "-":
            from shapecheck.reader.source import LARGEST, read_text

            text = read_text(sys.stdin.buffer.read(LARGEST))
            found += check_source(text, options.get("--stdin-filename", "<stdin>"), dialect).files
        else:
            files += _files(path, {name for name in options.get("--exclude", "").split(",") if name})
    for path in files:
        found += check_file(path, dialect).files
    return Report(found)


def _files(path: str, exclude: set[str]) -> Iterator[str]:
    import os

    if not os.path.isdir(path):
        yield path
        return
    for folder, folders, names in os.walk(path):
        folders[:] = sorted(name for name in folders if name not in EXCLUDED and name not in exclude)
        yield from (os.path.join(folder, name) for name in sorted(names) if name.endswith((".py", ".ipynb")) and name not in exclude)


def _filter(report: Report, options: dict[str, str]) -> None:
    """--select and --ignore, by prefix; the longer prefix wins."""
    select = [code for code in options.get("--select", "ALL").split(",") if code]
    ignore = [code for code in options.get("--ignore", "").split(",") if code]
    for file in report.files:
        file.findings = [finding for finding in file.findings if _longest(finding.code, select) > _longest(finding.code, ignore)]


def _longest(code: str, prefixes: list[str]) -> int:
    return max((0 if prefix == "ALL" else len(prefix) for prefix in prefixes if prefix == "ALL" or code.startswith(prefix)), default=-1)


def _print(report: Report, options: dict[str, str]) -> None:
    from importlib import import_module

    name = options.get("--format", "text")
    module = import_module(f"shapecheck.report.{'text' if name == 'concise' else name}")
    text = module.render(report, True) if name == "concise" else module.render(report)
    sys.stdout.buffer.write(text.encode("utf-8", "backslashreplace") + b"\n")


def _version() -> int:
    from shapecheck.version import __version__

    print(f"shapecheck {__version__}")
    return 0


def _explain(code: str) -> int:
    page = next((page for page in _pages() if page.code == code.upper()), None)
    if page is None:
        print(f"there is no finding {code}; known are {', '.join(sorted({page.code for page in _pages()}))}", file=sys.stderr)
        return 2
    import textwrap

    first, _, rest = (page.__doc__ or "").partition("\n")
    print(f"{page.code} {page.__name__}\n\n{first}\n{textwrap.dedent(rest).rstrip()}")
    return 0


def _pages() -> list[Any]:
    """Every diagnostic there is."""
    from importlib import import_module
    from pkgutil import iter_modules

    import shapecheck.diagnostics as package
    from shapecheck.diagnostics.base import Diagnostic

    names = [f"shapecheck.diagnostics.{found.name}" for found in iter_modules(package.__path__)]
    for name in (*names, "shapecheck.reader.dialects"):
        import_module(name)
    pages, waiting = [], [Diagnostic]
    while waiting:
        for kind in waiting.pop().__subclasses__():
            waiting.append(kind)
            if hasattr(kind, "code"):
                pages.append(kind)
    return pages


if __name__ == "__main__":
    raise SystemExit(main())
