"""How a layer is computed: arrays and integers in, outputs and scratch passed in. Imports numpy and numba only.

Numba takes a third of a second to load, so a family's kernels are loaded at the first look at them:

    from tinyseq import kernels
    kernels.pooling.max_pool(...)
"""

from importlib import import_module
from types import ModuleType


def __getattr__(name: str) -> ModuleType:
    if name.startswith("_"):
        raise AttributeError(name)
    try:
        return import_module(f"tinyseq.kernels.{name}")  # becomes an attribute: next time this is not called
    except ModuleNotFoundError as missing:
        if missing.name != f"tinyseq.kernels.{name}":
            raise
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}") from None
