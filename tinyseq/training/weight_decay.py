"""Which weights shrink in each step, and by how much."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Any


class Decaying:
    """The part of an optimizer that knows which weights decay."""

    weight_decay: float | None
    _made: int
    _undecayed: tuple[Any, ...]
    """Weights, and patterns of names, that do not decay."""

    def _decay_of(self, variable: Any) -> float:
        return float(self.weight_decay or 0)

    def _decays(self, variable: Any) -> bool:
        """Whether this weight shrinks in each step."""
        if not self._decay_of(variable):
            return False
        return not any(
            re.search(one, variable.name) or re.search(one, variable.path) if isinstance(one, str) else one is variable
            for one in self._undecayed
        )

    def exclude_from_weight_decay(self, var_list: Sequence[Any] | None = None, var_names: Sequence[str] | None = None) -> None:
        """Weights that do not decay.

        Arguments:
            var_list: weights
            var_names: patterns (re.search) of their names: "bias"
        """
        if self._made:
            raise ValueError("`exclude_from_weight_decay()` can only be configured before the first step: call it after the constructor")
        self._undecayed = (*self._undecayed, *(var_list or ()), *(var_names or ()))
