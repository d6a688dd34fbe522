"""Writing to standard output, a console of any encoding, a pipe, or the replacement of a notebook or a test."""

from __future__ import annotations

import os
import sys

from shapecheck.languages import current

_warned: list[str] = []
"""The encoding that lacks letters, once that was said."""


def write(text: str, utf8: bool = False) -> None:
    """Prints text; characters that the console lacks are escaped. `utf8`: for programs, the same bytes everywhere.

    If the reader has closed the pipe (| head), the rest is dropped.
    """
    binary = getattr(sys.stdout, "buffer", None)
    encoding = "utf-8" if utf8 else getattr(sys.stdout, "encoding", None) or "utf-8"
    data = text.encode(encoding, "backslashreplace")
    if current() != "en" and not utf8 and data.decode(encoding) != text and not _warned:
        _warned.append(encoding)
        print(f"{encoding} lacks letters of this language: set PYTHONIOENCODING=utf-8, or print to a UTF-8 terminal", file=sys.stderr)
    try:
        if utf8 and binary is not None:
            binary.write(data + b"\n")
        else:
            sys.stdout.write(data.decode(encoding) + "\n")
        sys.stdout.flush()
    except BrokenPipeError:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())  # or Python complains when it flushes at exit
