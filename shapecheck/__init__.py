"""shapecheck: what shape comes out of each layer, which weights it needs and what it costs, before anything runs."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from shapecheck.api import check, check_file, check_source
    from shapecheck.findings import Finding, Report, Stack
    from shapecheck.version import __version__

__all__ = ["Finding", "Report", "Stack", "__version__", "check", "check_file", "check_source"]


def __getattr__(name: str) -> Any:
    if name == "__version__":
        from shapecheck.version import __version__

        return __version__
    if name in __all__:
        from importlib import import_module

        return getattr(import_module("shapecheck.api"), name)
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
