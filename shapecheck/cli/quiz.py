"""`shapecheck quiz`: questions on shapes in the terminal, or a worksheet to print."""

from __future__ import annotations

import sys
from pathlib import Path
from random import randrange

from shapecheck.cli import console
from shapecheck.cli.options import Options
from shapecheck.languages import LANGUAGES, chosen, say, system, words
from shapecheck.teaching.questions import LEVELS
from shapecheck.teaching.quiz import play
from shapecheck.teaching.sheet import sheet
from shapecheck.teaching.texts import QUIZ

COUNT = 10


def run(arguments: list[str]) -> int:
    """Plays, or writes the sheet; returns the exit code: 2 for a file that cannot be written."""
    about = say("command", "quiz", "`shapecheck quiz`: questions on shapes in the terminal, or a worksheet to print.")
    parser = Options("python -m shapecheck quiz", description=about, allow_abbrev=False)
    parser.add_argument(
        "--level",
        type=int,
        choices=sorted(LEVELS),
        help=say("command", "quiz.level", "only questions of this level (without it: from 1 to 5)"),
    )
    parser.add_argument(
        "--seed", type=int, help=say("command", "quiz.seed", "the same number makes the same questions (without it: others each time)")
    )
    parser.add_argument("--count", type=int, default=COUNT, help=say("command", "quiz.count", "how many questions ({count})", count=COUNT))
    parser.add_argument(
        "--language",
        choices=LANGUAGES,
        help=say("command", "quiz.language", "of questions and answers (en, or what TINYSEQ_LANGUAGE says)"),
    )
    parser.add_argument(
        "--sheet", metavar="FILE", help=say("command", "quiz.sheet", "write a worksheet with solutions (HTML, A4) in place of asking")
    )
    options = parser.parse_args(arguments)
    if options.count < 1:
        parser.error(say("command", "quiz.least", "--count: expected a number of at least 1"))
    try:
        language = chosen(options.language)
    except ValueError as wrong:
        parser.error(str(wrong))
    seed = randrange(1_000_000) if options.seed is None else options.seed
    rising = [1 + number * len(LEVELS) // options.count for number in range(options.count)]
    levels = [options.level] * options.count if options.level else rising
    if options.sheet:
        return _write(Path(options.sheet), sheet(levels, seed, language))
    play(levels, seed, language, _ask, console.write)
    again = f"python -m shapecheck quiz --seed {seed} --count {options.count}" + (f" --level {options.level}" if options.level else "")
    console.write(words("quiz", QUIZ, language)["repeat"].format(command=again + (f" --language {language}" if language != "en" else "")))
    return 0


def _write(path: Path, text: str) -> int:
    try:
        path.write_text(text, encoding="utf-8")
    except OSError as error:
        print(say("command", "unwritable", "{path} cannot be written: {why}", path=path, why=system(error)), file=sys.stderr)
        return 2
    console.write(say("command", "quiz.bytes", "{path}: {count:,} bytes", path=path, count=len(text.encode())))
    return 0


def _ask(prompt: str) -> str | None:
    """A line of the player; None at the end of the input. Where the input is no terminal, the prompt ends its line."""
    sys.stdout.write(prompt.encode(sys.stdout.encoding or "utf-8", "backslashreplace").decode(sys.stdout.encoding or "utf-8"))
    sys.stdout.flush()
    line = sys.stdin.readline()
    if not sys.stdin.isatty():
        sys.stdout.write("\n")
    return line or None
