"""`python -m tests.benchmarks.reading FOLDER [ROUNDS]`: CPU of `python -m shapecheck FOLDER` beside ast.parse of the same sources.

A notebook's source is its code cells, joined. Where such a source does not parse as it stands, ast.parse stops early and costs
little; so it is measured twice: as it stands, and with the lines blanked that only a notebook understands (%magic, !shell).
Both are CPU times of this machine, taken in turns; the medians are compared.
"""

from __future__ import annotations

import ast
import json
import os
import statistics
import subprocess
import sys
import time
import warnings
from collections.abc import Iterator
from pathlib import Path

from shapecheck.reader.source import without_magic


def sources(folder: Path) -> Iterator[str]:
    """The text of every script, and the joined code cells of every notebook."""
    for path in sorted(folder.rglob("*")):
        text = path.read_text(encoding="utf-8", errors="replace") if path.suffix in (".py", ".ipynb") else ""
        if path.suffix == ".py":
            yield text
        elif path.suffix == ".ipynb":
            try:
                cells = json.loads(text)["cells"]
            except (ValueError, KeyError):
                continue
            yield "\n".join("".join(cell["source"]) for cell in cells if cell["cell_type"] == "code")


def blanked(source: str) -> str:
    """The source, with notebook lines blanked if it does not parse as it stands."""
    return source if parses(source) else without_magic(source)


def parses(source: str) -> bool:
    """True if ast.parse takes it."""
    try:
        ast.parse(source)
    except (SyntaxError, ValueError, RecursionError):
        return False
    return True


def parsing(texts: list[str]) -> float:
    """Seconds of CPU that ast.parse takes for all of them, to the first syntax error of each."""
    begin = time.process_time()
    for text in texts:
        parses(text)
    return time.process_time() - begin


def checking(folder: Path) -> float:
    """Seconds of CPU of the command in a process of its own, start and printing included."""
    before = os.times()
    subprocess.run([sys.executable, "-m", "shapecheck", "--no-config", str(folder)], stdout=subprocess.DEVNULL, check=False)
    after = os.times()
    return after.children_user + after.children_system - before.children_user - before.children_system


def main() -> None:
    """Measures and prints."""
    folder = Path(sys.argv[1])
    rounds = int(sys.argv[2]) if len(sys.argv) > 2 else 7
    warnings.simplefilter("ignore")
    standing = list(sources(folder))
    readable = [blanked(text) for text in standing]
    checking(folder)  # writes the bytecode that a user has on disk, too
    taken = [(checking(folder), parsing(standing), parsing(readable)) for _ in range(rounds)]
    ours, first, second = (statistics.median(column) for column in zip(*taken, strict=True))
    print(f"shapecheck: {ours:.2f} s for {len(standing)} files, {1000 * ours / max(len(standing), 1):.1f} ms a file")
    for name, seconds, texts in (("as they stand", first, standing), ("notebook lines blanked", second, readable)):
        stop = sum(not parses(text) for text in texts)
        print(f"ast.parse, {name}: {seconds:.2f} s, {stop} stop at a syntax error; shapecheck takes {ours / seconds:.1f} times that")


if __name__ == "__main__":
    main()
