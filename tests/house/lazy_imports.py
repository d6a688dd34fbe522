"""Each import inside a function, with the milliseconds that it saves a start which does not need it.

`python -m tests.house.lazy_imports shapecheck` measures: the imported module is loaded in a fresh process that has done what `START`
says (the smallest of several processes is printed).
"""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
from pathlib import Path

from tests.house.imports import ROOT, lazy, modules

SAVED: dict[str, dict[str, float]] = {
    "shapecheck.__main__": {"shapecheck.cli.command": 0.0, "shapecheck.cli.settings": 0.0, "shapecheck.languages": 0.0, "traceback": 22.8},
    "shapecheck.api": {
        "shapecheck.live": 0.2, "shapecheck.model_files.check": 66.0, "shapecheck.model_files.recognise": 0.4,
        "shapecheck.other_files": 14.5, "shapecheck.reader.beside": 0.3,
        "shapecheck.migration.report": 2.0, "shapecheck.repairs.explain": 14.1,
        "shapecheck.repairs.live": 31.2, "shapecheck.repairs.proofs": 25.6, "shapecheck.report.html": 11.6, "shapecheck.what_if": 12.5,
    },
    "shapecheck.checks.compiled": {"re": 3.3},
    "shapecheck.cli.command": {"shapecheck.cli.compare": 15.2, "shapecheck.cli.explain": 14.5, "shapecheck.cli.fixing": 30.6,
                               "shapecheck.cli.migrate": 30.6},
    "shapecheck.cli.files": {"shapecheck.checks.budgets": 0.5, "shapecheck.cli.suppression": 13.5,
                             "shapecheck.model_files.recognise": 0.4, "shapecheck.what_if": 12.5},
    "shapecheck.languages": {"unicodedata": 0.5, "warnings": 1.0},
    "shapecheck.model_files.hdf5": {"pyfive": 150.0, "pyfive.core": 150.0},
    "shapecheck.cli.parallel": {"multiprocessing": 24.9, "shapecheck.report.statistics": 0.4, "signal": 2.1},
    "shapecheck.cli.settings": {"re": 3.3, "shapecheck.pages": 0.2, "shapecheck.what_if": 12.5, "tomllib": 38.1},
    "shapecheck.diagnostics.arguments": {"difflib": 6.1},
    "shapecheck.diagnostics.base": {"linecache": 5.0},
    "shapecheck.did_you_mean": {"difflib": 6.1, "re": 3.3},
    "shapecheck.file_report": {"shapecheck.any_size.proof": 20.1, "shapecheck.migration.report": 2.0, "shapecheck.suppression": 13.2},
    "shapecheck.migration.look": {"shapecheck.migration.evidence": 1.5, "shapecheck.migration.judge": 14.4},
    "shapecheck.layers.base": {"shapecheck.layers.descriptions": 0.3},
    "shapecheck.layers.descriptions": {"inspect": 10.7},
    "shapecheck.pages": {"difflib": 6.1, "pkgutil": 22.2},
    "shapecheck.reader.data.functions": {"shapecheck.reader.data.pipelines": 0.4, "shapecheck.reader.data.sklearn": 0.3},
    "shapecheck.reader.data.pipelines": {"shapecheck.reader.data.generators": 0.3, "shapecheck.reader.data.known_objects": 0.4,
                                         "shapecheck.reader.data.sklearn": 0.3, "shapecheck.reader.data.tfds": 0.3},
    "shapecheck.reader.keras.dialects": {"re": 3.3},
    "shapecheck.reader.keras.layers": {"shapecheck.reader.code.classes": 0.4},
    "shapecheck.reader.keras.libraries": {"shapecheck.reader.data.known_objects": 0.4,
                                          "shapecheck.reader.data.datasets": 0.2, "shapecheck.reader.keras.applications": 0.5},
    "shapecheck.reader.keras.versions": {"re": 3.3},
    "shapecheck.reader.beside": {"csv": 3.9},
    "shapecheck.reader.comments": {"tokenize": 9.8},
    "shapecheck.reader.python.declarations": {"shapecheck.did_you_mean": 0.2},
    "shapecheck.reader.python.interpreter": {"shapecheck.reader.data.generators": 0.3, "shapecheck.reader.python.declarations": 0.9},
    "shapecheck.reader.python.methods": {"shapecheck.reader.data.generators": 0.3, "shapecheck.reader.data.pipelines": 0.4},
    "shapecheck.reader.source": {"json": 9.2, "re": 3.3},
    "shapecheck.other_files": {"shapecheck.repairs.explain": 14.1, "shapecheck.suppression": 13.2},
    "shapecheck.report.sarif": {"urllib.parse": 21.9},
    "shapecheck.report.terminal": {"rich.console": 117.9, "rich.table": 108.9, "rich.text": 33.7},
    "shapecheck.single_file": {"importlib.resources": 35.0, "zipfile": 35.8},
}  # fmt: skip
"""Importing module -> imported module -> milliseconds. Those of 0 have a reason beside them."""

MODEL = """from keras import Sequential, Input, layers
model = Sequential([Input((28, 28, 1)), layers.Conv2D(8, 3), layers.Flatten(), layers.Dense(10)])
model.compile('adam', 'mse')
"""
START = {"shapecheck": "from shapecheck.__main__ import main\nmain(['--no-config', sys.argv[1]])\n"}
"""What a package does in its usual short life: here a clean stack is checked."""


def milliseconds(start: str, module: str, path: Path, rounds: int = 7) -> float:
    """What importing a module takes after the start: 0 if it was loaded by then. `path`: a file with MODEL in it."""
    code = (
        f"import sys\n{start}import importlib, time\nbegin = time.perf_counter()\n"
        f"try:\n    importlib.import_module('{module}')\nexcept ImportError:\n    pass\n"
        "print((time.perf_counter() - begin) * 1000)\n"
    )
    environment = {name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"}
    command = [sys.executable, "-c", code, str(path)]
    runs = [subprocess.run(command, capture_output=True, text=True, check=True, cwd=ROOT, env=environment) for _ in range(rounds)]
    return min(float(run.stdout.splitlines()[-1]) for run in runs)


def main() -> None:
    """Prints SAVED as it is measured now."""
    package = sys.argv[1]
    found = lazy(dict(modules(package)))
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder, "model.py")
        path.write_text(MODEL, encoding="utf-8")
        taken = {module: milliseconds(START[package], module, path) for module in sorted(set().union(*found.values()))}
    for module, others in sorted(found.items()):
        facts = ", ".join(f'"{other}": {taken[other]:.1f}' for other in sorted(others))
        print(f'    "{module}": {{{facts}}},')


if __name__ == "__main__":
    main()
