"""What a start loads: counted in modules, because milliseconds depend on the machine."""

from __future__ import annotations

import subprocess
import sys

import pytest

from tests.house.imports import ROOT, within

STEPS = {
    "import": "import tinyseq",
    "summary": """
from tinyseq import Input, Sequential, layers
model = Sequential([
    Input((28, 28, 1)), layers.Conv2D(32, 3, activation="relu"), layers.MaxPooling2D(2), layers.Flatten(), layers.Dropout(0.5),
    layers.Dense(10, activation="softmax"),
])
model.summary()
""",
    "prediction": "import numpy\nmodel.predict(numpy.zeros((1, 28, 28, 1), 'float32'), verbose=0)",
    "compile": "model.compile('adam', 'categorical_crossentropy')",
}
"""What a program does, step after step."""
MOST = {"import": 8, "summary": 148, "prediction": 188}
"""So many modules of ours are loaded after each. An ordinary prediction needs no more; put what is rarer into a module that is loaded at
its first use."""
BEFORE_COMPILE = ("losses", "metrics", "optimizers", "callbacks", "compiled", "step_state", "advice", "backup", "large_optimizers")
NEVER = {
    "import": ("numpy", "tinyseq.layers", "tinyseq.training", "tinyseq.engine", "shapecheck.layers"),
    "summary": ("numba", "tinyseq.inspection.gradients", "shapecheck.reader", "shapecheck.repairs", "tinyseq.layers.traced"),
    "prediction": (
        *(f"tinyseq.training.{name}" for name in BEFORE_COMPILE),
        *("tinyseq.inspection.checking", "tinyseq.inspection.gradients", "tinyseq.saving.model_files", "tinyseq.layers.tensor_functions"),
        *("shapecheck.reader", "shapecheck.checks.training", "shapecheck.checks.data", "h5py", "matplotlib", "rich", "difflib"),
    ),
}
"""What is not loaded yet after each."""


@pytest.fixture(scope="module")
def loaded() -> dict[str, set[str]]:
    """The modules in memory after each step of one fresh process."""
    parts = [f"{code}\nprint('loaded', {name!r}, *sys.modules)" for name, code in STEPS.items()]
    found = subprocess.run(
        [sys.executable, "-c", "import sys\n" + "\n".join(parts)], capture_output=True, text=True, check=True, cwd=ROOT, encoding="utf-8"
    )
    lines = [line.split() for line in found.stdout.splitlines() if line.startswith("loaded ")]
    return {name: set(modules) for _, name, *modules in lines}


@pytest.mark.parametrize("step", MOST)
def test_a_step_loads_few_modules(step: str, loaded: dict[str, set[str]]) -> None:
    ours = sorted(module for module in loaded[step] if within(module, ("tinyseq", "shapecheck")))
    assert len(ours) <= MOST[step], ours


@pytest.mark.parametrize("step", NEVER)
def test_a_step_does_not_load_what_it_does_not_need(step: str, loaded: dict[str, set[str]]) -> None:
    assert sorted(module for module in loaded[step] if within(module, NEVER[step])) == []


def test_the_names_are_those_of_modules(loaded: dict[str, set[str]]) -> None:
    """compile() loads what a prediction does without: else the test above would look for names that do not exist."""
    compiled = loaded["compile"] - loaded["prediction"]
    assert {"tinyseq.training.losses", "tinyseq.training.metrics", "tinyseq.training.optimizers", "tinyseq.training.compiled"} <= compiled
