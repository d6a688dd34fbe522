"""All of shapecheck in one file that any Python >= 3.11 runs: `python -m shapecheck.single_file [shapecheck.pyz]`.

For use without installation: a pre-commit hook, a CI job, a USB stick, a browser. It holds source text only, so the file does
not depend on the machine that wrote it, and is the same on every run.
"""

from __future__ import annotations

import sys
from collections.abc import Iterator
from pathlib import Path

MAIN = "import sys\nfrom shapecheck.__main__ import main\nsys.exit(main())\n"
EPOCH = (1980, 1, 1, 0, 0, 0)
"""The oldest time a zip member can have: the bytes do not depend on the date."""


def make(target: Path) -> Path:
    """Writes the archive and returns its path. Raises OSError if `target` cannot be written."""
    from zipfile import ZIP_DEFLATED, ZipFile, ZipInfo

    with target.open("wb") as file:
        file.write(b"#!/usr/bin/env python3\n")
        with ZipFile(file, "w", ZIP_DEFLATED) as archive:
            for name, text in members():
                entry = ZipInfo(name, EPOCH)
                entry.compress_type = ZIP_DEFLATED
                archive.writestr(entry, text)
    return target


def members() -> Iterator[tuple[str, str]]:
    """(name in the archive, source text) of every file: modules, and the page that one of them fills in."""
    from importlib.resources import files

    yield "__main__.py", MAIN
    root = Path(str(files("shapecheck")))
    for path in sorted([*root.rglob("*.py"), *root.rglob("*.html")]):
        yield f"shapecheck/{path.relative_to(root).as_posix()}", path.read_text(encoding="utf-8")


if __name__ == "__main__":
    print(make(Path(sys.argv[1] if len(sys.argv) > 1 else "shapecheck.pyz")))
