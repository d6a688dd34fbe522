"""What the lessons' measured numbers are with ten seeds: each lesson is run ten times, its seed replaced.

python -m tests.tutorials.seeds [NAME ...]        runs the English lessons that measure, or those named, writes seeds.json (minutes)

The bands in the lessons are those numbers with some room; test_tutorials.py holds the two together.
"""

import contextlib
import io
import json
import platform
import re
import sys
from pathlib import Path
from typing import Any

from tests.tutorials.notebooks import ENGLISH

RECORD = Path(__file__).with_name("seeds.json")
SEEDS = range(1, 11)
SEED = re.compile(r"set_random_seed\(1\)")


def measured(source: Path, seed: int) -> dict[str, float]:
    """The numbers that a lesson measures with a seed, by what they are (with a number where the same words come twice)."""
    import tinyseq
    from tinyseq.classroom import Lesson

    found: dict[str, float] = {}

    def note(self: Lesson, what: str, value: float, low: float, high: float) -> None:
        found[what if what not in found else f"{what} (2)"] = round(float(value), 4)

    before: Any = Lesson.measured, Lesson.show
    Lesson.measured, Lesson.show = note, lambda self, axes: None  # type: ignore[method-assign]
    try:
        tinyseq.clear_session()
        text = SEED.sub(f"set_random_seed({seed})", source.read_text(encoding="utf-8"))
        with contextlib.redirect_stdout(io.StringIO()):
            exec(compile(text, source.name, "exec"), {"__name__": "__main__"})
    finally:
        Lesson.measured, Lesson.show = before  # type: ignore[method-assign]
    return found


def main() -> None:
    import numba
    import numpy

    wanted = sys.argv[1:]
    record: dict[str, Any] = json.loads(RECORD.read_text(encoding="utf-8")) if wanted else {}
    record |= {
        "machine": f"{platform.machine()}, numpy {numpy.__version__}, numba {numba.__version__}",
        "seeds": list(SEEDS),
    }
    for source in ENGLISH:
        if (not wanted or source.stem in wanted) and "lesson.measured" in source.read_text(encoding="utf-8"):
            runs = [measured(source, seed) for seed in SEEDS]
            record[source.stem] = {what: [run[what] for run in runs] for what in runs[0]}
            for what, values in record[source.stem].items():
                print(f"{source.stem}: {what}: {min(values)} to {max(values)}", flush=True)
    RECORD.write_text(json.dumps(record, indent=1, ensure_ascii=False) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
