"""`shapecheck window`: writes the page on which a window slides over a picture."""

from __future__ import annotations

import sys

from shapecheck.cli import console
from shapecheck.cli.options import Options
from shapecheck.languages import LANGUAGES, chosen, say, system
from shapecheck.teaching.window import page


def run(arguments: list[str]) -> int:
    """Writes the page; returns 0, or 2 if it cannot be written."""
    about = say("command", "window", "`shapecheck window`: writes the page on which a window slides over a picture.")
    parser = Options("python -m shapecheck window", description=about, allow_abbrev=False)
    parser.add_argument("--out", metavar="FILE", default="window.html", help=say("command", "window.out", "where (window.html)"))
    parser.add_argument("--language", choices=LANGUAGES, help=say("command", "window.language", "the language that the page begins with"))
    options = parser.parse_args(arguments)
    try:
        text = page(chosen(options.language))
        with open(options.out, "w", encoding="utf-8") as file:
            file.write(text)
    except ValueError as wrong:
        parser.error(str(wrong))
    except OSError as error:
        print(say("command", "unwritable", "{path} cannot be written: {why}", path=options.out, why=system(error)), file=sys.stderr)
        return 2
    console.write(say("command", "window.open", "{path}: open it in a browser", path=options.out))
    return 0
