"""One step on one batch: training or measuring it. A subclass may override what is done with each batch, as in Keras."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from tinyseq.engine.team import Team
from tinyseq.training.callback import plain
from tinyseq.training.compiling import Compiling
from tinyseq.training.data import Batch
from tinyseq.training.user_warning import say

if TYPE_CHECKING:
    from tinyseq.training.frozen_base import FrozenBase
    from tinyseq.training.step_state import StepState

Logs = dict[str, float]


class BatchSteps(Compiling):
    """The part of a Trainer that makes one step."""

    def __init__(self) -> None:
        super().__init__()
        self._reported_data = False
        """Whether fit has reported data that is not finite: then its loss is not reported as well."""
        self._base: FrozenBase | None = None
        """The outputs of the frozen first layers, during a fit."""
        self._team: Team | None = None
        """The processes that share each batch, during a fit."""

    # ------------------------------------------------------------------ ours

    def _train(self, batch: Batch) -> Logs:
        return self._ready(batch).train(self._network(), batch, self._base, self._team)

    def _test(self, batch: Batch) -> Logs:
        return self._ready(batch).test(self._network(), batch, self._base, self._team)

    def _tell_what_trains(self) -> None:
        """Warns if nothing trains, or if `trainable` was changed after training began: the trained weights were fixed then, as in Keras."""
        model = self._network()
        state = self._step_state
        if state is not None and state.trains:
            changed = state.changed(model)
            names = ", ".join(changed[:3]) + (f" and {len(changed) - 3} more layers" if len(changed) > 3 else "")
            words = f"trainable of {names} was changed after compile() and has no effect yet" if changed else ""
        else:
            nothing = model.built and model.weights and not model.trainable_weights
            words = "no weight can change, because all layers are frozen: set trainable = True" if nothing else ""
        if words:
            say(f"{model.name}: {words}: call model.compile(...) again")

    def _ready(self, batch: Batch) -> StepState:
        """The state of the steps, created at the first batch after compile(); the trained weights are fixed at the first step."""
        if self._step_state is None:
            from tinyseq.training.step_state import StepState

            self._step_state = StepState(self._network(), self._compiled(), batch)
            self._step_state.reported, self._reported_data = self._reported_data, False
        return self._step_state

    def _as_list(self, logs: Logs) -> Any:
        """A number if the loss is the only value, else a list: first what compile() names, then what a step of one's own adds."""
        known = [name for name in self.metrics_names if name in logs]
        values = [logs[name] for name in dict.fromkeys((*known, *logs))]
        return values[0] if len(values) == 1 else values

    # ------------------------------------------------------------------ which a subclass may override

    def train_step(self, data: Any) -> Logs:
        """One step on one batch; fit logs what it returns. A subclass may override it.

        Arguments:
            data: (x, y) or (x, y, sample_weight)
        """
        return self._train(self._batch_of(data))

    def test_step(self, data: Any) -> Logs:
        """Loss and metrics of one batch, added to those of the batches before; evaluate returns the last ones.

        Arguments:
            data: (x, y) or (x, y, sample_weight)
        """
        return self._test(self._batch_of(data))

    def _batch_of(self, data: Any) -> Batch:
        x, y, weight = (*data, None)[:3] if isinstance(data, tuple) else (data, None, None)
        return self._one_batch(x, y, weight, None)

    def _data_of(self, batch: Batch) -> tuple[Any, ...]:
        """A batch as Keras hands it to train_step."""

        def alone(values: list[Any]) -> Any:
            return values[0] if len(values) == 1 else values

        parts = (alone(batch.inputs), alone(batch.targets))
        return parts if all(weight is None for weight in batch.weights) else (*parts, alone(batch.weights))

    def _own_step(self, name: str, batch: Batch) -> Logs:
        logs = getattr(self, name)(self._data_of(batch))
        if not isinstance(logs, Mapping):
            raise TypeError(
                f"{self._network().name}: {type(self).__name__}.{name} returned {type(logs).__name__}: return a dictionary of what is "
                f"logged, for example {{'loss': loss}}"
            )
        return {str(key): plain(value) for key, value in logs.items()}
