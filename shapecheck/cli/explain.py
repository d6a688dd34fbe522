"""--explain CODE: explain a finding."""

from __future__ import annotations

import sys
import textwrap

from shapecheck.cli import console
from shapecheck.pages import pages


def explain(code: str) -> int:
    """Prints the page and returns the exit code, 2 if no finding has this code."""
    page = next((page for page in pages() if code.upper() in (page.code, *page.formerly)), None)
    if page is None:
        print(f"no finding has the code {code}; the codes are:", file=sys.stderr)
        for known in pages():
            print(f"  {known.code}  {(known.__doc__ or '').partition(chr(10))[0]}", file=sys.stderr)
        return 2
    first, _, rest = (page.__doc__ or "").partition("\n")
    console.write(f"{page.code} {page.__name__}\n\n{first}\n{textwrap.dedent(rest).rstrip()}")
    return 0
