"""Mutated programs through the checker: no traceback, nothing executed, nothing over two seconds.

    python -m tests.shapecheck.mutated 300000 [FIRST] [-j N]     so many programs, seeds FIRST (0), FIRST + 1 ...
    python -m tests.shapecheck.mutated --show SEED               the program of a seed

The ground are programs of the tests: stacks and their mutants, published mistakes, programs of older Keras, pages, lessons. A seed
always makes the same program. Prints what went wrong, and figures; exit status 1 if something did.
"""

from __future__ import annotations

import ast
import json
import random
import re
import sys
import time
import traceback
from functools import cache
from multiprocessing import Pool
from pathlib import Path
from types import CodeType
from typing import Any

from shapecheck.api import check_source
from shapecheck.pages import pages
from shapecheck.report import text

TESTS = Path(__file__).parents[1]
SLOWEST = 2.0
"""Seconds of CPU for one program."""
NAME = "mutated.py"
VALUES = (
    "0", "-1", "1", "2", "3.5", "1e308", "float('nan')", "10**30", "-10**30", "2**63", "None", "True", "'3'", "''", "()", "(3,)", "[]",
    "[1, 2]", "{}", "...", "x", "layers", "keras", "model", "(None, 3)", "(3, 3)", "[[]]", "lambda *a: a", "'same'", "b'1'", "1j", "*[1]",
    "range(3)", "(x for x in y)", "1 if x else 2", "np.zeros((3, 4))", "model.output", "keras.Input((4,))", "layers.Dense", "float",
)  # fmt: skip
TOKEN = re.compile(r"\d+\.?\d*(?:e[+-]?\d+)?|[A-Za-z_]\w*|'[^'\n]*'|\"[^\"\n]*\"|[^\s\w]")


@cache
def ground() -> tuple[str, ...]:
    """The programs that are mutated, none longer than 6,000 characters."""
    oracle, found = TESTS / "oracle", []
    for name in ("stacks.json", "mutants.json"):
        found += [said["source"] for said in json.loads((oracle / name).read_text("utf-8")).values()]
    found += [path.read_text("utf-8") for path in sorted((TESTS / "shapecheck").glob("cases/*.txt"))]
    found += [path.read_text("utf-8") for path in sorted((TESTS / "shapecheck").glob("migration/programs/*"))]
    found += [path.read_text("utf-8") for path in sorted(TESTS.parent.glob("tutorials/*/*.py"))]
    examples = [re.sub(r"(?m)^ {8}|^(?! {8}).*$", "", page.__doc__ or "") for page in pages()]
    found += [f"import numpy as np\nimport keras\nfrom keras import layers\n{example}" for example in examples]
    return tuple(program for program in found if program.strip() and len(program) < 6_000)


def program(seed: int) -> str:
    """A program of the ground with one to four mutations."""
    draw = random.Random(seed)
    source = draw.choice(ground())
    for _ in range(draw.choice((1, 1, 2, 3, 4))):
        tries = [draw.choice(MUTATIONS)(source, draw) for _ in range(3)]
        source = next((one for one in tries if _parses(one)), tries[0])
    return source


def _parses(source: str) -> bool:
    """True if it is Python: two of three mutations are not, and are told apart from Python early."""
    try:
        ast.parse(source)
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return False
    return True


def _tokens(source: str, pattern: str) -> list[re.Match[str]]:
    return [found for found in TOKEN.finditer(source) if re.match(pattern, found[0])]


def _put(source: str, at: re.Match[str], new: str) -> str:
    return source[: at.start()] + new + source[at.end() :]


def number(source: str, draw: random.Random) -> str:
    """Another value for a number or a text."""
    found = _tokens(source, r"[\d'\"]")
    return _put(source, draw.choice(found), draw.choice(VALUES)) if found else source


def name(source: str, draw: random.Random) -> str:
    """Another name of the program for a name."""
    found = _tokens(source, r"[A-Za-z_]")
    return _put(source, draw.choice(found), draw.choice(found)[0]) if found else source


def value(source: str, draw: random.Random) -> str:
    """A value for a name."""
    found = _tokens(source, r"[A-Za-z_]")
    return _put(source, draw.choice(found), draw.choice(VALUES)) if found else source


def sign(source: str, draw: random.Random) -> str:
    """Another operator, bracket or comma, or none."""
    found = _tokens(source, r"[^\w\s'\"]")
    signs = ("", "+", "-", "*", "**", "//", "%", ",", ".", "=", ":", "@", "not ", "|")
    return _put(source, draw.choice(found), draw.choice(signs)) if found else source


def word(source: str, draw: random.Random) -> str:
    """Two letters of a name exchanged."""
    found = [one for one in _tokens(source, r"[A-Za-z_]") if len(one[0]) > 2]
    if not found:
        return source
    at = draw.choice(found)
    place = draw.randrange(len(at[0]) - 1)
    return _put(source, at, at[0][:place] + at[0][place + 1] + at[0][place] + at[0][place + 2 :])


def argument(source: str, draw: random.Random) -> str:
    """An argument more in a call: a value, or a keyword of the program."""
    calls = list(re.finditer(r"\w\(", source))
    if not calls:
        return source
    keywords = re.findall(r"(\w+)=", source) or ["units"]
    given = draw.choice(("", f"{draw.choice(keywords)}=", "*", "**")) + draw.choice(VALUES)
    at = draw.choice(calls).end()
    return f"{source[:at]}{given}, {source[at:]}"


def line(source: str, draw: random.Random) -> str:
    """A line left out, twice, elsewhere, or from another program."""
    lines = source.split("\n")
    at, other = draw.randrange(len(lines)), draw.randrange(len(lines))
    kind = draw.randrange(5)
    if kind == 0:
        del lines[at]
    elif kind == 1:
        lines.insert(at, lines[at])
    elif kind == 2:
        lines[at], lines[other] = lines[other], lines[at]
    elif kind == 3:
        lines.insert(at, draw.choice(draw.choice(ground()).split("\n")))
    else:
        lines.insert(at, f"for i in {draw.choice(VALUES)}:\n    {lines[at].strip()}")
    return "\n".join(lines)


def joined(source: str, draw: random.Random) -> str:
    """The beginning of this program and the end of another one."""
    other = draw.choice(ground())
    return source[: draw.randrange(len(source) + 1)] + other[draw.randrange(len(other)) :]


MUTATIONS = (number, number, name, name, value, sign, word, argument, argument, line, line, joined)


def _watch(event: str, given: tuple[Any, ...]) -> None:
    """Raises where code of a checked program would run: only code of files may."""
    if event == "exec" and isinstance(given[0], CodeType) and given[0].co_filename in (NAME, "<string>", "<unknown>", "<ast>"):
        raise RuntimeError(f"code of a checked program is executed: {given[0].co_filename}")
    if event in ("os.system", "subprocess.Popen", "os.remove", "os.mkdir", "socket.connect"):
        raise RuntimeError(f"{event} of a checked program")


def checked(seed: int) -> str:
    """What went wrong with the program of a seed, "" if nothing did."""
    source = program(seed)
    start = time.process_time()
    try:
        report = check_source(source, NAME)
        text.render(report)
    except Exception:  # whatever it is, it is what is looked for
        return f"seed {seed}: {traceback.format_exc()}"
    seconds = time.process_time() - start
    failed = [why for file in report.files for _, why in file.problems if "internal error" in why]
    if failed:
        return f"seed {seed}: {failed[0]}"
    return f"seed {seed}: {seconds:.1f} s" if seconds > SLOWEST else ""


def _watched() -> None:
    """Loads what reading loads, for the standard library makes some classes by exec; then watches."""
    for seed in range(150):
        checked(seed)
    sys.addaudithook(_watch)


def main() -> int:
    words = sys.argv[1:]
    if words[0] == "--show":
        print(program(int(words[1])))
        return 0
    processes = int(words.pop(words.index("-j") + 1)) if "-j" in words else 1
    count, first = int(words[0]), int(words[1]) if words[1:] and words[1].isdigit() else 0
    wrong = 0
    begun = time.time()
    with Pool(processes, _watched) as pool:
        for number_, problem in enumerate(pool.imap_unordered(checked, range(first, first + count), 50), 1):
            if problem:
                wrong += 1
                print(problem, flush=True)
            if number_ % 5_000 == 0:
                print(f"{number_} programs, {wrong} wrong, {time.time() - begun:.0f} s", flush=True)
    print(f"{count} mutated programs from seed {first}, {wrong} wrong, {time.time() - begun:.0f} s")
    return int(wrong > 0)


if __name__ == "__main__":
    raise SystemExit(main())
