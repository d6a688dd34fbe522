"""SC9: about the checking itself."""

from __future__ import annotations

from shapecheck.diagnostics.base import Diagnostic


class UnusedIgnore(Diagnostic):
    """A comment suppresses a finding that is not there (any more).

    Bad:
        model = keras.Sequential([keras.Input(shape=(4,)), layers.Dense(3)])  # shapecheck: ignore[SC101]

    Good:
        model = keras.Sequential([keras.Input(shape=(4,)), layers.Dense(3)])
    """

    code = "SC901"
    severity = "warning"

    def __init__(self, codes: str) -> None:
        self.codes = codes

    def message(self) -> str:
        return f"this comment suppresses nothing{': there is no ' + self.codes + ' here' if self.codes else ''}"

    def help(self) -> str:
        return "delete the comment"
