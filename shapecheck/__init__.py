"""shapecheck: the output shape, weights and costs of each layer, before anything runs."""

from __future__ import annotations

from importlib import import_module

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    from shapecheck.api import check, check_file, check_source
    from shapecheck.findings import Finding, Report, Stack
    from shapecheck.teaching.quiz import quiz
    from shapecheck.version import __version__

HOME = {
    "check": "api", "check_file": "api", "check_source": "api", "Finding": "findings", "Report": "findings", "Stack": "findings",
    "quiz": "teaching.quiz", "load_ipython_extension": "notebook", "unload_ipython_extension": "notebook", "__version__": "version",
}  # fmt: skip
"""Where each public name is defined: loaded at its first use, so that `import shapecheck` is fast."""
__all__ = ["Finding", "Report", "Stack", "__version__", "check", "check_file", "check_source", "quiz"]


def __getattr__(name: str) -> Any:
    if name in HOME:
        return getattr(import_module(f"shapecheck.{HOME[name]}"), name)
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
