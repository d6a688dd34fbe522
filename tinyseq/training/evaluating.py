"""evaluate and predict, and their one-batch forms."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
from numpy.typing import NDArray

from tinyseq.compile_notice import explain, finished
from tinyseq.did_you_mean import spelled
from tinyseq.engine.plan import PREDICT
from tinyseq.training import arguments, overrides
from tinyseq.training.batch_steps import BatchSteps, Logs
from tinyseq.training.callback import Callbacks
from tinyseq.training.data import Arrays, Batch, Streamed, first_steps, require_end
from tinyseq.training.executions import Executions
from tinyseq.training.limits import limited_steps
from tinyseq.training.progress import progress_for

Array = NDArray[Any]


class Evaluating(BatchSteps):
    """The part of a Trainer that measures and predicts."""

    stop_evaluating: bool = False
    """Set it to end evaluate after this batch."""
    stop_predicting: bool = False
    """Set it to end predict after this batch."""

    @spelled
    def evaluate(
        self,
        x: Any = None,
        y: Any = None,
        batch_size: int | None = None,
        verbose: Any = "auto",
        sample_weight: Any = None,
        steps: int | None = None,
        callbacks: Any = None,
        return_dict: bool = False,
    ) -> Any:
        """Loss and metrics on x and y.

        Arguments:
            x: the data: an array (samples, ...) or anything that numpy converts to one; for a model of several inputs a
                list, or a dictionary by input name; or an iterable of batches (x, y) or (x, y, sample_weight)
            y: the targets: an array with one row for each sample; for several outputs a list, or a dictionary by
                output name; None if x yields batches
            batch_size: samples in one batch; None: 32, or the batches that x yields
            verbose: 0 prints nothing, 1 a progress bar, 2 one line; "auto": 1
            sample_weight: a weight for each sample, or for each sample and step, the factor of its loss; None: 1
                for all
            steps: batches that are measured; None: all of the data
            callbacks: a callback or a list of callbacks, called at each event (tinyseq.callbacks)
            return_dict: True: a dictionary by name; False: one number, or a list in the order of metrics_names
        """
        self._compiled()
        verbose, steps = arguments.verbosity(verbose), arguments.optional_count("steps", steps, "a number of batches", 10)
        data = self._data(x, y, sample_weight, batch_size, None)
        steps = limited_steps(steps, data.steps)
        require_end(data, "steps", steps)
        running = Callbacks(self, callbacks, {"steps": steps or data.steps}, history=False)
        running.add_first(progress_for(verbose))
        with running.closing():
            logs = self._evaluate(data, running, steps)
        return logs if return_dict else self._as_list(logs)

    def _evaluate(self, data: Arrays | Streamed, running: Callbacks, steps: int | None) -> Logs:
        running.on_test_begin()
        self.stop_evaluating = False
        logs: Logs = {}
        own_step = overrides.own(self, "test_step")
        execution = Executions(running, "test", self._compiled().steps_per_execution)
        for index, batch in enumerate(first_steps(data.batches(), steps)):
            if index == 0 and self._step_state is not None:
                self._step_state.validated.reset()
            execution.begin(index)
            logs = self._test(batch) if not own_step else self._own_step("test_step", batch)
            execution.end(index, logs)
            if self.stop_evaluating:
                break
        execution.finish()
        if not logs:
            raise ValueError(f"{self.name}: got no data to evaluate: pass at least 1 sample")
        running.on_test_end(logs)
        return logs

    @spelled
    def predict(
        self, x: Any, batch_size: int | None = None, verbose: Any = "auto", steps: int | None = None, callbacks: Any = None
    ) -> Any:
        """The outputs for all samples of x, computed batch by batch in bounded memory: an array, or a list for several outputs.

        Arguments:
            x: the data: an array (samples, ...) or anything that numpy converts to one; for a model of several inputs a
                list, or a dictionary by input name; or an iterable of batches of inputs
            batch_size: samples in one batch; None: 32, or the batches that x yields
            verbose: 0 prints nothing, 1 a progress bar; "auto": 0, but a long wait for the compiler is explained
            steps: batches that are predicted; None: all of the data
            callbacks: a callback or a list of callbacks, called at each event (tinyseq.callbacks)
        """
        model = self._network()
        shown = 0 if verbose == "auto" else arguments.verbosity(verbose)
        steps = arguments.optional_count("steps", steps, "a number of batches", 10)
        data = self._data(x, None, None, batch_size, None, training=False)
        steps = limited_steps(steps, data.steps)
        require_end(data, "steps", steps)
        running = Callbacks(self, callbacks, {"steps": steps or data.steps}, history=False)
        running.add_first(progress_for(shown))
        explain(verbose == "auto" or shown != 0)
        with running.closing():
            whole = self._predict(data, running, steps)
        return model._packed(whole)

    def _predict(self, data: Arrays | Streamed, running: Callbacks, steps: int | None) -> list[Array]:
        model = self._network()
        running.on_predict_begin()
        self.stop_predicting = False
        own_step = overrides.own(self, "predict_step")
        execution = Executions(running, "predict", self._compilation.steps_per_execution if self._compilation else 1)
        whole: list[Array] = []
        parts: list[list[Array]] = []
        start = 0
        for index, batch in enumerate(first_steps(data.batches(), steps)):
            execution.begin(index)
            outputs = self._own_outputs(batch) if own_step else model._ready_engine().run(batch.inputs, PREDICT)
            finished()
            rows = all(out.shape[:1] == (batch.size,) for out in outputs)
            if data.samples is None or steps is not None or parts or not rows:
                parts += [[out[:start] for out in whole], outputs] if whole else [outputs]
                whole = []
            else:
                whole = whole or [np.empty((data.samples, *out.shape[1:]), out.dtype) for out in outputs]
                for place, out in zip(whole, outputs, strict=True):
                    place[start : start + batch.size] = out
            start += batch.size
            together = execution.joined(outputs)
            execution.end(index, {"outputs": model._packed(together)})
            if self.stop_predicting:
                whole = [out[:start] for out in whole]
                break
        execution.finish()
        running.on_predict_end()
        return [np.concatenate(pieces) for pieces in zip(*parts, strict=True)] if parts else whole

    # ------------------------------------------------------------------ one batch

    @spelled
    def test_on_batch(self, x: Any, y: Any = None, sample_weight: Any = None, return_dict: bool = False) -> Any:
        """Loss and metrics of one batch.

        Arguments:
            x: the samples of the batch
            y: their targets
            sample_weight: a weight for each sample, or for each sample and step, the factor of its loss; None: 1
                for all
            return_dict: True: a dictionary by name; False: one number, or a list in the order of metrics_names
        """
        self._compiled()
        batch = self._one_batch(x, y, sample_weight, None)
        if self._step_state is not None:
            self._step_state.validated.reset()
        logs = self._own_step("test_step", batch) if overrides.own(self, "test_step") else self._test(batch)
        return logs if return_dict else self._as_list(logs)

    @spelled
    def predict_on_batch(self, x: Any) -> Any:
        """The outputs for one batch, at once: an array, or a list for several outputs.

        Arguments:
            x: the samples of the batch
        """
        model = self._network()
        arrays = model._take(x)
        outputs = model._ready_engine().run(arrays, PREDICT)
        return model._packed(outputs)

    # ------------------------------------------------------------------ which a subclass may override

    def predict_step(self, data: Any) -> Any:
        """The outputs of one batch.

        Arguments:
            data: x, or (x,)
        """
        return self.predict_on_batch(data[0] if isinstance(data, tuple) else data)

    def _own_outputs(self, batch: Batch) -> list[Array]:
        outputs = self.predict_step((batch.inputs[0] if len(batch.inputs) == 1 else batch.inputs,))
        if isinstance(outputs, Mapping):
            outputs = [outputs[key] for key in sorted(outputs)]
        return [np.asarray(one) for one in (outputs if isinstance(outputs, (list, tuple)) else [outputs])]
