"""argparse in the current language: what `--help` and a wrong command line print of quiz, grade, window and `python -m tinyseq`."""

from __future__ import annotations

import argparse
import re
import sys

from shapecheck.languages import Phrase, say

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any, NoReturn

WRONG = (
    (r"unrecognized arguments: (?P<names>.*)", Phrase("command", "unrecognized", "unrecognized arguments: {names}", names="")),
    (
        r"the following arguments are required: (?P<names>.*)",
        Phrase("command", "required", "the following arguments are required: {names}", names=""),
    ),
    (
        r"argument (?P<name>.*?): expected one argument",
        Phrase("command", "expected_one", "argument {name}: expected one argument", name=""),
    ),
    (
        r"argument (?P<name>.*?): invalid choice: (?P<value>.*) \(choose from (?P<choices>.*)\)",
        Phrase(
            "command", "choice", "argument {name}: invalid choice: {value} (choose from {choices})", name="", value="", choices=""
        ),
    ),
    (
        r"argument (?P<name>.*?): invalid int value: (?P<value>.*)",
        Phrase("command", "whole", "argument {name}: invalid int value: {value}", name="", value=""),
    ),
    (
        r"argument (?P<name>.*?): ignored explicit argument (?P<value>.*)",
        Phrase("command", "ignored", "argument {name}: ignored explicit argument {value}", name="", value=""),
    ),
)  # fmt: skip
"""What argparse says of a wrong command line (Python 3.11 to 3.14), as templates."""


class Options(argparse.ArgumentParser):
    """A parser whose headings and errors are in the current language; its other words are passed in that language."""

    def __init__(self, prog: str, form: type[argparse.HelpFormatter] = argparse.HelpFormatter, **options: Any) -> None:
        """
        Arguments:
            prog: the command
            form: how help is laid out
            options: as of ArgumentParser
        """
        options.pop("formatter_class", None)
        super().__init__(prog=prog, add_help=False, formatter_class=_worded(form), **options)
        self._positionals.title = say("command", "arguments", "positional arguments")
        self._optionals.title = say("command", "options", "options")
        self.add_argument("-h", "--help", action="help", help=say("command", "help", "show this help message and exit"))

    def error(self, message: str) -> NoReturn:
        """Prints usage and message in the current language, and exits with 2."""
        self.print_usage(sys.stderr)
        said = message
        for pattern, phrase in WRONG:
            found = re.fullmatch(pattern, message, re.DOTALL)
            if found:
                said = str(phrase.changed(**found.groupdict()))
                break
        self.exit(2, say("command", "error", "{prog}: error: {message}\n", prog=self.prog, message=said))


def _worded(form: type[argparse.HelpFormatter]) -> type[argparse.HelpFormatter]:
    class Worded(form):  # type: ignore[valid-type,misc]
        def add_usage(self, usage: str | None, actions: Any, groups: Any, prefix: str | None = None) -> None:
            super().add_usage(usage, actions, groups, say("command", "usage_prefix", "usage: ") if prefix is None else prefix)

    return Worded
