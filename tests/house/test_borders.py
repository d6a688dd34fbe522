"""The walls of the house: what may import what, and what a bare start loads."""

from __future__ import annotations

import ast
import subprocess
import sys
from pathlib import Path

import pytest

from tests.house.imports import KERNELS_MAY_USE, ROOT, SHAPECHECK_NEVER_USES, imported, modules, within
from tests.house.lazy_imports import MODEL


@pytest.mark.parametrize("name, tree", modules("shapecheck"), ids=lambda value: value if isinstance(value, str) else "")
def test_shapecheck_imports_neither_numbers_nor_tinyseq(name: str, tree: ast.Module) -> None:
    assert not [found for found in imported(tree) if within(found, SHAPECHECK_NEVER_USES)]


@pytest.mark.parametrize("name, tree", modules("tinyseq.kernels"), ids=lambda value: value if isinstance(value, str) else "")
def test_kernels_import_numpy_and_numba_only(name: str, tree: ast.Module) -> None:
    ours = [found for found in imported(tree) if within(found, ("tinyseq", "shapecheck"))]
    assert all(within(found, KERNELS_MAY_USE) for found in ours)
    outside = {found.split(".")[0] for found in imported(tree)} - {"tinyseq"}
    assert outside <= {"numpy", "numba", "llvmlite"} | set(sys.stdlib_module_names)


@pytest.mark.parametrize(
    "source",
    ["import numpy", "from numba import njit", "def f():\n    import numpy.linalg", "try:\n    import tinyseq\nfinally:\n    pass"],
)
def test_the_border_test_sees_an_import_wherever_it_stands(source: str) -> None:
    assert [found for found in imported(ast.parse(source)) if within(found, SHAPECHECK_NEVER_USES)]


def loaded_after(statement: str) -> set[str]:
    """The top-level modules in memory after a statement in a fresh process."""
    code = f"{statement}\nimport sys\nprint(*sorted(set(name.split('.')[0] for name in sys.modules)))"
    run = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True, cwd=ROOT, encoding="utf-8")
    return set(run.stdout.splitlines()[-1].split())


def test_importing_shapecheck_loads_the_standard_library_only() -> None:
    loaded = loaded_after("import shapecheck.api, shapecheck.propagate, shapecheck.layers; shapecheck.layers.Conv2D")
    assert not loaded & {"numpy", "numba", "tinyseq", "rich", "matplotlib", "dataclasses", "inspect"}


def test_a_printed_summary_loads_no_numba() -> None:
    statement = (
        "import tinyseq\n"
        "model = tinyseq.Sequential([tinyseq.Input((28, 28, 1)), tinyseq.layers.Conv2D(8, 3), tinyseq.layers.Flatten()])\n"
        "model.summary()"
    )
    assert not loaded_after(statement) & {"numba", "llvmlite", "matplotlib", "h5py"}


def test_a_clean_file_is_checked_without_slow_modules(tmp_path: Path) -> None:
    """typing, re and textwrap with what they need took 14 of 50 milliseconds: TYPE_CHECKING is a constant of each module instead."""
    (tmp_path / "model.py").write_text(MODEL, encoding="utf-8")
    loaded = loaded_after(f"from shapecheck.__main__ import main\nmain(['--no-config', {str(tmp_path / 'model.py')!r}])")
    assert "shapecheck" in loaded
    assert not loaded & {"typing", "re", "enum", "textwrap", "json", "copy", "dataclasses", "inspect", "contextlib", "numpy", "rich"}
