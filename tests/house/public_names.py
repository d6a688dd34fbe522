"""What users of tinyseq see: every public name of its modules, with the signatures, as lines of text."""

from __future__ import annotations

import inspect
from collections.abc import Iterator
from importlib import import_module
from pathlib import Path
from types import ModuleType
from typing import Any

RECORDED = Path(__file__).resolve().parents[1] / "data" / "public_names.txt"

MODULES = (
    "tinyseq", "tinyseq.layers", "tinyseq.models", "tinyseq.losses", "tinyseq.metrics", "tinyseq.optimizers", "tinyseq.callbacks",
    "tinyseq.initializers", "tinyseq.regularizers", "tinyseq.constraints", "tinyseq.utils", "tinyseq.backend", "tinyseq.datasets",
    "tinyseq.plotting", "tinyseq.activations", "tinyseq.saving", "tinyseq.random",
    "tinyseq.config",
)  # fmt: skip
WHOLE = ("Layer", "Model", "Sequential", "Loss", "Metric", "Optimizer", "Callback", "History", "Initializer", "Constraint")
"""Classes whose members are listed too: users subclass them, or call their methods."""
ENGINE = (
    "absorbable", "absorbs", "apply", "backward_apply", "backward_combine", "backward_partial",
    "buffers", "check_compute", "combine", "crops",
    "derived", "differentiable", "gradient_cost", "handed_buffers", "hands_back", "infers_when_frozen", "late",
    "late_gradients", "leaves_activation", "needs_input", "needs_output", "partial", "prepare", "random", "reads",
    "synchronized", "tell", "tells", "update", "update_of",
)  # fmt: skip
"""Members between layers and engine (tinyseq/engine/operator.py): they may change."""


def lines() -> list[str]:
    """One line for each name: `tinyseq.utils.to_categorical(x, num_classes=None)`; members of a class in WHOLE below it."""
    told: set[type] = set()
    return [line for module in MODULES for line in _of_module(module, told)]


def _of_module(name: str, told: set[type]) -> Iterator[str]:
    home = import_module(name)
    listed = dir(home) if "__dir__" in vars(home) else getattr(home, "__all__", None) or dir(home)
    for one in sorted(set(listed)):
        found = getattr(home, one)
        if one.startswith("_") or isinstance(found, ModuleType) or getattr(found, "__module__", name).partition(".")[0] != "tinyseq":
            continue
        yield f"{name}.{one}{_signature(found)}"
        if isinstance(found, type) and one in WHOLE and found not in told:
            told.add(found)
            yield from (f"{name}.{one}.{member}" for member in _members(found))


def _members(kind: type) -> Iterator[str]:
    """Methods and properties that a class defines itself or takes from another class of this package."""
    for name in sorted(dir(kind)):
        owner = next((base for base in kind.__mro__ if name in vars(base)), object)
        if not name.startswith("_") and name not in ENGINE and owner.__module__.partition(".")[0] == "tinyseq":
            value = inspect.getattr_static(kind, name)
            value = value.__func__ if isinstance(value, (classmethod, staticmethod)) else value
            yield name + (_signature(value) if callable(value) else "")


def _signature(value: Any) -> str:
    """The arguments with their defaults; annotations are left out."""
    if not callable(value):
        return ""
    try:
        signature = inspect.signature(value)
    except ValueError:
        return "(...)"
    plain = [p.replace(annotation=p.empty) for p in signature.parameters.values()]
    return str(signature.replace(parameters=plain, return_annotation=signature.empty))


if __name__ == "__main__":  # python -m tests.house.public_names, then read the difference
    RECORDED.write_text("\n".join(lines()) + "\n", encoding="utf-8")
