"""Writing to standard output, whatever it is: a console of any encoding, a pipe, a notebook's or a test's stand-in."""

from __future__ import annotations

import os
import sys


def write(text: str, utf8: bool = False) -> None:
    """Prints text; letters that the console lacks come out as escapes. `utf8`: for machines, the same bytes everywhere.

    A reader that has left (| head) is nobody to tell: the rest is dropped.
    """
    binary = getattr(sys.stdout, "buffer", None)
    encoding = "utf-8" if utf8 else getattr(sys.stdout, "encoding", None) or "utf-8"
    data = text.encode(encoding, "backslashreplace")
    try:
        if utf8 and binary is not None:
            binary.write(data + b"\n")
        else:
            sys.stdout.write(data.decode(encoding) + "\n")
        sys.stdout.flush()
    except BrokenPipeError:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())  # or Python complains when it flushes at exit
