"""Names that are not there: AttributeErrors that say which name was meant."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any

WHOLE_MODELS = (
    "whole-model files are not written yet: use save_weights('model.weights.npz'), build the model again and load_weights it"
)
ADVICE = {"save": WHOLE_MODELS, "save_model": WHOLE_MODELS, "load_model": WHOLE_MODELS}
FORGOTTEN = "its __init__ has not run Layer's: begin it with super().__init__()"


class MissingName(AttributeError):
    """Looks for the nearest name only when it is read: hasattr asks often, and wants no answer."""

    def __init__(self, where: str, name: str, known: Callable[[], Iterable[str]], advice: str = "") -> None:
        super().__init__(where, name)
        self._where = where
        self._missing = name
        self._known = known
        self._advice = advice

    def __str__(self) -> str:
        from difflib import get_close_matches

        advice = self._advice
        if not advice:
            near = get_close_matches(self._missing, [n for n in self._known() if not n.startswith("_")], n=1)
            advice = f"write {near[0]}" if near else ""
        return f"{self._where} has no attribute {self._missing!r}" + (f": {advice}" if advice else "")

    def __reduce__(self) -> Any:
        return AttributeError, (str(self),)


def missing(layer: Any, name: str) -> AttributeError:
    """For __getattr__ of a layer or model."""
    made = "_weights" in layer.__dict__ or name.startswith("__")
    advice = "" if made else FORGOTTEN
    if made and hasattr(type(layer), "save_weights"):
        advice = ADVICE.get(name, "")
    return MissingName(f"{type(layer).__name__!r} object", name, lambda: dir(layer), advice)


def no_such_name(module: str, name: str, known: Iterable[str]) -> AttributeError:
    """For __getattr__ of a module."""
    return MissingName(module, name, lambda: known, ADVICE.get(name, ""))
