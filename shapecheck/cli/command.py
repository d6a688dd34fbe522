"""Runs the command: reads options, checks files, prints tables and findings, writes repairs."""

from __future__ import annotations

import sys
from importlib import import_module

from shapecheck.cli import console, parallel, settings
from shapecheck.cli.files import expanded, filtered, read_files, sources
from shapecheck.languages import say, speaking
from shapecheck.report.counts import exit_code, status, tally
from shapecheck.version import __version__

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable

    from shapecheck.findings import Report

RENDERERS = {"concise": "text", "html": "page"}
"""Formats whose module in report/ has another name."""
COMMANDS = ("quiz", "grade", "window")
"""Commands with options of their own, each a module of cli/. A file of such a name is written ./quiz."""


def run(words: list[str]) -> int:
    """The exit code of `python -m shapecheck WORDS`."""
    with speaking(settings.spoken(words)):
        if words and words[0] in COMMANDS:
            run_command: Callable[[list[str]], int] = import_module(f"shapecheck.cli.{words[0]}").run
            return run_command(words[1:])
        try:
            options, paths = settings.parsed(words)
            language = settings.language(options)
        except settings.Usage as wrong:
            return _misused(wrong)
        with speaking(language):
            return _run(options, paths)


def _run(options: dict[str, str], paths: list[str]) -> int:
    """The same with options that are valid, in the language that is spoken now."""
    try:
        if "--help" in options:
            console.write(settings.usage())
            return 0
        if "--version" in options:
            return _version()
        if "--explain" in options:
            from shapecheck.cli.explain import explain

            return explain(options["--explain"])
        if not paths:
            raise settings.Usage(say("command", "no_file", "no file was passed"))
        if "--no-config" not in options:
            settings.configured(options, paths)
    except settings.Usage as wrong:
        return _misused(wrong)
    try:
        if paths[0] == "migrate" and len(paths) > 1:  # a file of that name is ./migrate
            return _migrate(paths[1:], options)
        if "--write" in options:
            raise settings.Usage(say("command", "write", "--write works only with migrate; use --fix to write repairs"))
        return _compare(paths[1], paths[2], options) if paths[0] == "diff" and len(paths) == 3 else _check(paths, options)
    except settings.Usage as wrong:
        print(wrong, file=sys.stderr)
        return 2


def _misused(wrong: settings.Usage) -> int:
    print(f"{wrong}\n{settings.usage()}", file=sys.stderr)
    return 2


def _version() -> int:
    print(f"shapecheck {__version__}")
    return 0


def _check(paths: list[str], options: dict[str, str]) -> int:
    files = expanded(paths, options)
    if _one_by_one(options):
        text, counts = parallel.run(files, options, 1 if "-" in files else int(options.get("-j", "1")))
        _write(text, options.get("--format", "text"))
        return status(counts, "--strict" in options)
    report = read_files(files, options)
    filtered(report, options)
    if "--fix" in options or "--diff" in options:
        return _fix(report, options)
    if "--statistics" in options:
        _write(parallel.statistics(tally(report), options.get("--format", "text")), options.get("--format", "text"))
    else:
        _print(report, options)
    return exit_code(report, "--strict" in options)


def _one_by_one(options: dict[str, str]) -> bool:
    """True if each file can be printed and released on its own: no output needs all reports together."""
    return not {"--fix", "--diff", "--baseline"} & options.keys() and options.get("--format", "text") in parallel.FORMATS


def _migrate(paths: list[str], options: dict[str, str]) -> int:
    from shapecheck.cli import migrate

    return migrate.run(sources(expanded(paths, options)), "--diff" in options, "--write" in options)


def _compare(old: str, new: str, options: dict[str, str]) -> int:
    from shapecheck.cli import compare

    files = [file for file in read_files(expanded([old, new], options), options).files if file.path in (old, new)]
    text, code = compare.render(*files) if len(files) == 2 else (say("command", "two_files", "diff needs two files"), 2)
    console.write(text)
    return code


def _fix(report: Report, options: dict[str, str]) -> int:
    from shapecheck.cli import fixing

    lines = [line for file in report.files for line in fixing.run(file, int(options.get("--fix", "1")), "--diff" not in options)]
    for file in report.files:
        if file.error or file.cut:
            unread = say("command", "unread", "{path}: cannot be read: {why}", path=file.path, why=file.error)
            print(f"{file.path}: {file.cut}" if file.cut else unread, file=sys.stderr)
    nothing = say("command", "nothing_to_fix", "nothing to fix: no finding has a proved repair with that number")
    console.write("\n".join(lines) or nothing)
    return exit_code(report, "--strict" in options)


def _print(report: Report, options: dict[str, str]) -> None:
    name = options.get("--format", "text")
    module = import_module(f"shapecheck.report.{RENDERERS.get(name, name)}")
    text = module.render(report, True) if name == "concise" else module.render(report)
    _write(text, name)


def _write(text: str, name: str) -> None:
    console.write(text, utf8=name in ("json", "sarif", "html", "gitlab", "junit"))
