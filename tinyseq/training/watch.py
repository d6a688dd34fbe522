"""fit(debug=True): each batch is diagnosed before its step."""

from __future__ import annotations

from typing import Any

from tinyseq.training.data import Batch
from tinyseq.training.user_warning import say


class Watch:
    """Looks at the batches of one epoch. FloatingPointError at NaN and overflow, a warning, once for each layer, at the rest."""

    def __init__(self, model: Any, epoch: int) -> None:
        self.model = model
        self.epoch = epoch

    def __call__(self, index: int, batch: Batch) -> None:
        inputs = batch.inputs if len(batch.inputs) > 1 else batch.inputs[0]
        targets = batch.targets if len(batch.targets) > 1 else batch.targets[0]
        warned = self.model.__dict__.setdefault("_warned_of", set())
        for finding in self.model.diagnose(inputs, targets):
            where = f"epoch {self.epoch + 1}, batch {index}: {finding}"
            if finding.kind in ("nan", "overflow"):
                raise FloatingPointError(f"{self.model.name}: {where}")
            if (finding.kind, finding.layer) not in warned:
                warned.add((finding.kind, finding.layer))
                say(f"{self.model.name}: {where}")
