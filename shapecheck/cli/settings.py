"""Settings: options of the command line, and after them [tool.shapecheck] of the nearest pyproject.toml."""

from __future__ import annotations

import os

from shapecheck.languages import LANGUAGES, chosen, either, say

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Sequence

FORMATS = ("text", "concise", "json", "github", "gitlab", "junit", "sarif", "html")
VALUED = (
    "--format", "--select", "--ignore", "--dialect", "--stdin-filename", "--exclude", "--explain", "--baseline",
    "--max-params", "--max-memory", "--input", "--set", "-j", "--language",
)  # fmt: skip
FLAGS = ("--strict", "--version", "--help", "--diff", "--write", "--no-config", "--statistics")
KEYS = ("select", "ignore", "exclude", "strict", "dialect", "baseline", "max-params", "max-memory")
"""The keys of [tool.shapecheck]."""


def spoken(words: Sequence[str]) -> str:
    """The language of `--language` in a command line that is not read yet, else that of the environment; English for an unknown one.

    >>> spoken(["quiz", "--language", "hi"]), spoken(["--language=en", "a.py"])
    ('hi', 'en')
    """
    for place, word in enumerate(words):
        name, equals, value = word.partition("=")
        if name == "--language":
            value = value if equals else "".join(words[place + 1 : place + 2])
            if value in LANGUAGES:
                return value
    try:
        return chosen()
    except ValueError:  # which is said once the options are read
        return "en"


class Usage(Exception):
    """A usage error: the command line or the configuration names something that does not exist."""


def usage() -> str:
    """What --help prints, in the current language."""
    return say(
        "command",
        "usage",
        """usage: python -m shapecheck [options] FILE|FOLDER|- ...
       python -m shapecheck diff OLD NEW
       python -m shapecheck migrate [--diff|--write] FILE|FOLDER ...
FILE: .py, .ipynb, or the file of a model (.keras, .h5, .json ...), read without its weights
  --format text|concise|json|github|gitlab|junit|sarif|html   how to print (text)
  --statistics                        count findings and verdicts instead of printing them (text, concise, json)
  --select CODES, --ignore CODES      report only, or leave out, findings by code prefix (SC1,SC402; ALL)
  --strict                            a stack without a proved layer counts as a warning (for any size is proved)
  --fix [N]                           write the first (Nth) proved repair of each finding; --diff shows it only
  --baseline FILE                     leave out findings listed in FILE; a missing FILE is written
  --max-params N, --max-memory SIZE   budgets of a stack: parameters, and bytes (4MiB) of weights and one sample
  --input 224,224,3                   what if every stack had this input (no batch axis)
  --set LAYER.ARGUMENT=VALUE          what if a layer, by its name in the table, had this argument; one
                                      inside a model of the table by its own, or as MODEL/LAYER
  -j N                                read files in N processes (all formats but sarif and html)
  --dialect 1|2|3                     the Keras version of the code (3, or older if the file proves it)
  --stdin-filename NAME               the name of the text read from -
  --exclude NAMES                     files and folders to skip, in addition to .git, venv ...
  --no-config                         do not read [tool.shapecheck] of pyproject.toml
  --explain CODE                      explain a finding
  --language LANGUAGE                 of findings: {languages} (without it: that of TINYSEQ_LANGUAGE, or en)
  migrate                             what Keras 3 spells differently, rewritten where there is one answer and the
                                      tables stay equal: listed, shown (--diff) or written (--write)
  quiz                                questions on shapes, or a worksheet: see `quiz --help`; a file of that name is ./quiz
  grade FOLDER --expect FILE          a class's files marked by what their models are: see `grade --help`
  window [--out FILE]                 a page on which a window slides over a picture, for a browser
  --version
exit code: 0 clean or nothing to check, 1 errors or warnings, 2 a file could not be read completely,
           or a usage error, 3 an internal error, 130 Ctrl-C
in a line:  # shapecheck: ignore[SC101]""",
        languages=either(LANGUAGES),
    )


def parsed(argv: list[str]) -> tuple[dict[str, str], list[str]]:
    """Options by name, and paths. argparse would cost a fifth of the whole run. Raises Usage."""
    options: dict[str, str] = {}
    paths: list[str] = []
    while argv:
        word = argv.pop(0)
        name, equals, value = word.partition("=")
        if name in VALUED:
            if not equals and not argv:
                raise Usage(say("command", "value", "{name} requires a value", name=name))
            value = value if equals else argv.pop(0)
            options[name] = f"{options[name]}\n{value}" if name == "--set" and name in options else value
        elif name == "--fix":
            options[name] = value or (argv.pop(0) if argv and argv[0].isdigit() else "1")
        elif word in (*FLAGS, "-h"):
            options["--help" if word == "-h" else word] = ""
        elif word.startswith("-j") and word[2:].isdigit():
            options["-j"] = word[2:]
        elif word == "--":
            paths += argv
            break
        elif word.startswith("-") and word != "-":
            raise Usage(say("command", "unknown_option", "unknown option {word}", word=word))
        else:
            paths.append(word)
    _valid(options)
    return options, paths


def language(options: dict[str, str]) -> str:
    """The language of --language, of TINYSEQ_LANGUAGE, or English. Raises Usage for one that is not there."""
    try:
        return chosen(options.get("--language"))
    except ValueError as wrong:
        raise Usage(str(wrong)) from None


def _valid(options: dict[str, str]) -> None:
    if options.get("--dialect", "3") not in ("1", "2", "3"):
        raise Usage(say("command", "dialect", "--dialect requires 1, 2 or 3"))
    if options.get("--format", "text") not in FORMATS:
        raise Usage(say("command", "unknown_format", "unknown format {name}", name=options["--format"]))
    if "--statistics" in options and options.get("--format", "text") not in ("text", "concise", "json"):
        raise Usage(say("command", "statistics_form", "--statistics are printed as text or json"))
    if "--statistics" in options and {"--fix", "--diff"} & options.keys():
        raise Usage(say("command", "statistics_only", "--statistics only counts: leave --fix and --diff out"))
    if not options.get("--fix", "1").isdigit() or options.get("--fix") == "0":
        raise Usage(say("command", "fix_number", "--fix requires the number of a repair"))
    if not options.get("-j", "1").isdigit() or int(options.get("-j", "1")) < 1:
        raise Usage(say("command", "processes", "-j requires a number of processes"))
    if "--input" in options or "--set" in options:
        from shapecheck.what_if import asked

        try:
            asked(options.get("--input", ""), options.get("--set", ""))
        except ValueError as wrong:
            raise Usage(str(wrong)) from None
        if "--fix" in options or "--diff" in options:
            raise Usage(say("command", "fix_what_if", "--fix and --diff work on the unchanged file, without --input and --set"))
    for name in ("--select", "--ignore"):
        if name in options:
            _known(name, options[name])
    for name in ("--max-params", "--max-memory"):
        if name in options and amount(options[name]) is None:
            raise Usage(say("command", "amount", "{name} requires a number, for example 4MiB", name=name))


def codes(text: str) -> list[str]:
    """The codes of --select or --ignore.

    >>> codes("sc1, SC402,")
    ['SC1', 'SC402']
    """
    return [code.strip().upper() for code in text.split(",") if code.strip()]


def _known(option: str, text: str) -> None:
    """Raises for a code that no finding has: it would select nothing, and the file would look clean."""
    from shapecheck.pages import unknown_code

    wrong = unknown_code(codes(text))
    if not codes(text) and option != "--ignore":
        wrong = say("command", "codes", "write codes, for example SC1,SC402, or ALL")
    if wrong:
        raise Usage(f"{option} {text}: {wrong}")


def amount(text: str) -> int | None:
    """1000000, 1_000_000, 2M, 64KiB, 1.5MB; None if it is none of these.

    >>> amount("1.5MiB")
    1572864
    """
    import re

    match = re.fullmatch(r"([\d_,]*\.?\d+)\s*([kKmMgG]?)(i?[bB])?", text.strip())
    if match is None:
        return None
    base = 1024 if (match[3] or "").lower().startswith("i") else 1000
    return int(float(match[1].replace("_", "").replace(",", "")) * base ** " kmg".index(match[2].lower() or " "))


def configured(options: dict[str, str], paths: list[str]) -> None:
    """Adds the settings of [tool.shapecheck] in the nearest pyproject.toml that the command line does not set. Raises Usage."""
    folder = os.path.abspath(paths[0] if paths and paths[0] != "-" else ".")
    while True:
        path = os.path.join(folder, "pyproject.toml")
        if os.path.isfile(path):
            break
        if os.path.dirname(folder) == folder:
            return
        folder = os.path.dirname(folder)
    with open(path, "rb") as file:
        data = file.read()
    if b"[tool.shapecheck" not in data:
        return
    import tomllib

    try:
        table = tomllib.loads(data.decode("utf-8")).get("tool", {}).get("shapecheck", {})
    except (UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        raise Usage(f"pyproject.toml: {error}") from None
    for name, value in table.items():
        if name not in KEYS:
            raise Usage(say(
                "command", "key", "pyproject.toml: [tool.shapecheck] has no {name!r}; its keys are {keys}", name=name, keys=", ".join(KEYS)
            ))  # fmt: skip
        text = ",".join(map(str, value)) if isinstance(value, list) else str(value)
        if name != "strict" or value is True:
            options.setdefault(f"--{name}", "" if name == "strict" else text)
    try:
        _valid(options)
    except Usage as wrong:
        raise Usage(f"pyproject.toml: {wrong}") from None
