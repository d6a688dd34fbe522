"""What we use of numba beyond its reference: named in one file, tried at import, done without if it is not as expected."""

import os
import re
import subprocess
import sys
import tomllib
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from tests.house.imports import ROOT, imported, modules
from tests.kernels import plain_net
from tinyseq.kernels.jit import numba_internals
from tinyseq.kernels.jit.numba_internals import NEWEST, OLDEST, PLAIN_TWINS

pytestmark = pytest.mark.numba_bounds

INTERNALS = "tinyseq.kernels.jit.numba_internals"
REFERENCE = {
    "numba", "numba.config", "numba.extending", "numba.extending.intrinsic", "numba.extending.models", "numba.extending.register_model",
    "numba.njit", "numba.types",
}  # fmt: skip
"""What numba's reference documentation lists, and any file may import."""


@pytest.mark.parametrize("package", ["tinyseq", "shapecheck"])
def test_names_beyond_the_reference_are_imported_in_one_file(package: str) -> None:
    found = {
        (name, one)
        for name, tree in modules(package)
        for one in imported(tree)
        if one.split(".")[0] in ("numba", "llvmlite") and one not in REFERENCE and name != INTERNALS
    }
    assert not found


def test_the_bounds_are_those_that_pip_is_told() -> None:
    dependencies = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]["dependencies"]
    (oldest, newest), (major, _) = (OLDEST, NEWEST), NEWEST
    assert f"numba>={oldest[0]}.{oldest[1]},<{major}.{newest[1] + 1}" in dependencies
    assert any(re.fullmatch(r"llvmlite>=[\d.]+,<[\d.]+", one) for one in dependencies)


@pytest.mark.skipif(numba_internals.FORCED, reason="plain numba was asked for")
def test_this_version_is_as_expected() -> None:
    assert numba_internals.problem() == ""
    assert not numba_internals.PLAIN_NUMBA


def run(program: str, **variables: str) -> str:
    """What a fresh process prints, and its warnings."""
    environment = {**os.environ, "TINYSEQ_PLAIN_NUMBA": "", "PYTHONPATH": str(ROOT), "PYTHONWARNINGS": "", **variables}
    done = subprocess.run([sys.executable, "-c", program], env=environment, capture_output=True, encoding="utf-8", check=True)
    return done.stdout + done.stderr


CHANGES = {
    "numba.__version__ = '0.99.1'": r"numba 0\.99\.1 is newer than 0\.\d\d",
    "numba.__version__ = '0.50.0'": r"numba 0\.50\.0 is older than 0\.60",
    "numba.__version__ = '1.0.0rc1'": r"numba 1\.0\.0rc1 is newer",
    "import numba.core.codegen; del numba.core.codegen.JITCodeLibrary": r"lacks something .*JITCodeLibrary",
    "import numba.core.lowering; del numba.core.lowering.BaseLower.create_cpython_wrapper": r"has no Lower\.create_cpython_wrapper",
    "import numba.core.registry; numba.core.registry.CPUDispatcher.compile = lambda self, sig, more: 0": (
        r"CPUDispatcher\.compile that differs"
    ),
}
PROGRAM = """
import numba
{change}
from tinyseq.kernels.jit import numba_internals
from tinyseq.kernels.matrix import register_tile
from tinyseq.kernels.runtime import mailbox, work_queue
print(numba_internals.PLAIN_NUMBA, register_tile.by_tiles is register_tile.product_plain)
"""


@pytest.mark.parametrize("change", CHANGES)
def test_a_numba_that_is_not_as_expected_is_used_by_its_plain_njit_and_it_says_so_once(change: str) -> None:
    said = run(PROGRAM.format(change=change))
    assert "True True" in said
    assert len(re.findall("RuntimeWarning", said)) == 1
    assert re.search(CHANGES[change] + r".*plain njit.*slower.*pip install \"numba>=0\.60,<0\.", said), said


def test_the_user_may_choose_plain_numba_and_is_not_warned() -> None:
    assert run(PROGRAM.format(change=""), TINYSEQ_PLAIN_NUMBA="1").strip() == "True True"


@pytest.mark.slow
@pytest.mark.skipif(PLAIN_TWINS, reason="compared with what is used otherwise")
def test_a_prediction_and_a_training_step_are_the_same_by_plain_njit(tmp_path: Path) -> None:
    """With 2 threads, so that programs, mail and entry points would be used if they could."""
    file = tmp_path / "plain.npz"
    program = f"from tests.kernels import plain_net; plain_net.save({str(file)!r})"
    run(program, TINYSEQ_PLAIN_NUMBA="1", TINYSEQ_NUM_THREADS="2")
    expected: dict[str, Any] = plain_net.results()
    with np.load(file) as found:
        assert {*found} == {*expected}
        for name, values in expected.items():
            assert np.abs(found[name] - values).max() <= 2e-6, name
