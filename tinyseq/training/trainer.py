"""compile, fit, evaluate, predict."""
from __future__ import annotations
from typing import Any

class Trainer:
    def __init__(self) -> None: ...
    def _forget_training(self) -> None: ...
    def _training_state(self) -> dict[str, Any]: return {}
