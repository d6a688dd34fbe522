"""`shapecheck window`: writes the page on which a window slides over a picture."""

from __future__ import annotations

import argparse
import sys

from shapecheck.cli import console
from shapecheck.languages import LANGUAGES, chosen
from shapecheck.teaching.window import page


def run(arguments: list[str]) -> int:
    """Writes the page; returns 0, or 2 if it cannot be written."""
    parser = argparse.ArgumentParser(prog="python -m shapecheck window", description=__doc__, allow_abbrev=False)
    parser.add_argument("--out", metavar="FILE", default="window.html", help="where (window.html)")
    parser.add_argument("--language", choices=LANGUAGES, help="the language that the page begins with")
    options = parser.parse_args(arguments)
    try:
        text = page(chosen(options.language))
        with open(options.out, "w", encoding="utf-8") as file:
            file.write(text)
    except ValueError as wrong:
        parser.error(str(wrong))
    except OSError as error:
        print(f"{options.out} cannot be written: {error.strerror}", file=sys.stderr)
        return 2
    console.write(f"{options.out}: open it in a browser")
    return 0
