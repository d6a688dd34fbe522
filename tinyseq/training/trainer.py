"""compile, fit, evaluate, predict and their one-batch forms: the training interface of every model."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
from numpy.typing import NDArray

from tinyseq.compile_notice import explain, finished
from tinyseq.did_you_mean import spelled
from tinyseq.engine.plan import PREDICT
from tinyseq.kernels.jit.interrupts import defer_interrupt
from tinyseq.training import advice, arguments, overrides, regularization
from tinyseq.training.callbacks import Callbacks, History
from tinyseq.training.compiled import plain
from tinyseq.training.compiling import Compiling
from tinyseq.training.data import Arrays, Batch, Endless, Streamed, first_steps, split_off
from tinyseq.training.fitting import Fitting
from tinyseq.training.progress import progress_for
from tinyseq.training.step_state import StepState, Whole
from tinyseq.training.user_warning import say
from tinyseq.training.watch import Watch

Array = NDArray[Any]
Logs = dict[str, float]


class Trainer(Compiling):
    """The training half of a Model."""

    stop_training: bool = False
    """Set it to end fit after this batch."""
    stop_evaluating: bool = False
    """Set it to end evaluate after this batch."""
    stop_predicting: bool = False
    """Set it to end predict after this batch."""
    validates: bool = False
    """Whether the running fit validates."""

    def __init__(self) -> None:
        super().__init__()
        self.history: History | None = None
        self._reported_data = False
        """Whether fit has reported data that is not finite: then its loss is not reported as well."""
        self._fitting: Fitting | None = None
        """The fit that runs."""

    # ------------------------------------------------------------------ fit

    @spelled
    def fit(
        self,
        x: Any = None,
        y: Any = None,
        batch_size: int | None = None,
        epochs: int = 1,
        verbose: Any = "auto",
        callbacks: Any = None,
        validation_split: float = 0.0,
        validation_data: Any = None,
        shuffle: bool = True,
        class_weight: dict[int, float] | None = None,
        sample_weight: Any = None,
        initial_epoch: int = 0,
        steps_per_epoch: int | None = None,
        validation_steps: int | None = None,
        validation_batch_size: int | None = None,
        validation_freq: int | list[int] = 1,
        debug: bool = False,
    ) -> History:
        """Trains for `epochs` passes over x and y; returns the History.

        Labels that do not fit are refused before the first step. After Ctrl-C the model still works, with the weights of the last step.

        Arguments:
            x: the data: an array (samples, ...) or anything that numpy converts to one; for a model of several inputs a
                list, or a dictionary by input name; or an iterable of batches (x, y) or (x, y, sample_weight)
            y: the targets: an array with one row for each sample; for several outputs a list, or a dictionary by
                output name; None if x yields batches
            batch_size: samples in one batch; None: 32, or the batches that x yields
            epochs: how often training passes over the data; with initial_epoch the number of the last epoch
            verbose: 0 prints nothing, 1 a progress bar for each epoch, 2 one line for each epoch; "auto": 1
            callbacks: a callback or a list of callbacks, called at each event (tinyseq.callbacks)
            validation_split: the share of the samples, from 0 to below 1, that is measured after each epoch and not
                trained on: the last ones, taken before shuffling
            validation_data: (x, y) or (x, y, sample_weight) measured after each epoch; takes precedence over validation_split
            shuffle: True: another order of the samples in each epoch (an iterable keeps its own)
            class_weight: {class: weight}: the weight of each class in the loss, for a model with one output of
                classes; None: 1 for all
            sample_weight: a weight for each sample, or for each sample and step, the factor of its loss; None: 1
                for all
            initial_epoch: the number of epochs done before, to continue counting from there
            steps_per_epoch: batches in one epoch; None: all of the data
            validation_steps: batches of validation_data that are measured; None: all
            validation_batch_size: samples in one batch of validation; None: batch_size
            validation_freq: measure validation after every so many epochs, or after the epochs in a list (counted
                from 1)
            debug: True: before each step look for NaN, overflow, dead ReLUs, saturation and vanished gradients (model.diagnose):
                NaN and overflow stop training, the others are warned of; a step takes several times as long
        """
        self._compiled()
        epochs, verbose = arguments.epochs(epochs), arguments.verbosity(verbose)
        initial_epoch = arguments.count("initial_epoch", initial_epoch, 0, "the first epoch", 0)
        steps_per_epoch = arguments.optional_count("steps_per_epoch", steps_per_epoch, "a number of batches", 100)
        validation_steps = arguments.optional_count("validation_steps", validation_steps, "a number of batches", 10)
        validates_after = arguments.frequency(validation_freq)
        validation_split, shuffle = arguments.share(validation_split), arguments.shuffled(shuffle)
        data = self._data(x, y, sample_weight, batch_size, arguments.weights_of_classes(class_weight))
        size = batch_size if validation_batch_size is None else validation_batch_size
        data, validation = self._with_validation(data, validation_data, size, validation_split)
        steps = steps_per_epoch or data.steps
        running = Callbacks(self, callbacks, {"verbose": verbose, "epochs": epochs, "steps": steps})
        running.add_first(progress_for(verbose))
        self.stop_training = False
        self.validates = validation is not None
        batches = Endless(data, shuffle, steps_per_epoch)
        self._look_at(data)
        fitting = self._fitting = Fitting(batches, running.all, initial_epoch)
        with running:
            for epoch in range(fitting.epoch, fitting.epoch if fitting.stopped else epochs):
                running.on_epoch_begin(epoch)
                logs = self._epoch(fitting, running, Watch(self, epoch) if debug else None)
                if validation is not None and arguments.falls_on(epoch, validates_after):
                    logs |= self._validated(validation, running, validation_steps)
                running.on_epoch_end(epoch, logs)
                running.logs = logs
                if self.stop_training:
                    break
            self._compiled().optimizer.finalize(self._trained())
        self._fitting = None
        assert self.history is not None
        return self.history

    def _with_validation(
        self, data: Arrays | Streamed, given: Any, batch_size: int | None, share: float
    ) -> tuple[Arrays | Streamed, Arrays | Streamed | None]:
        """Training data and validation data: the data passed for it, else the last `share` of the training data, else None."""
        if given is not None:
            return data, self._validation(given, batch_size)
        return split_off(data, share) if share else (data, None)

    def _validated(self, data: Arrays | Streamed, running: Callbacks, steps: int | None) -> Logs:
        """Loss and metrics on the validation data, for the logs of an epoch."""
        return {f"val_{name}": value for name, value in self._evaluate(data, running, steps).items()}

    def _look_at(self, data: Arrays | Streamed) -> None:
        """Warns once of arrays that hold NaN or infinity."""
        if isinstance(data, Arrays) and advice.about_data(data.inputs):
            self._reported_data = True
            if self._step_state is not None:
                self._step_state.reported = True

    def _epoch(self, fitting: Fitting, running: Callbacks, watch: Watch | None) -> Logs:
        self._tell_what_trains()
        own_step = overrides.own(self, "train_step")
        first = True
        (done, fitting.step), (logs, fitting.logs) = (fitting.step, 0), (fitting.logs, {})
        for index, batch in enumerate(fitting.batches.epoch(done), done):
            if first and (self._step_state is not None or done):
                fitting.begin(self._ready(batch), batch)
            first = False
            running.on_train_batch_begin(index)
            if watch is not None:
                watch(index, batch)
            logs = self._train(batch) if not own_step else self._own_step("train_step", batch)
            finished()
            running.on_train_batch_end(index, logs)
            if self.stop_training:
                break
        fitting.ended()
        return dict(logs)

    def _trained(self) -> Any:
        return self._step_state.weights if self._step_state else []

    # ------------------------------------------------------------------ evaluate, predict

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
        for index, batch in enumerate(first_steps(data.batches(), steps)):
            if index == 0 and self._step_state is not None:
                self._step_state.validated.reset()
            running.on_test_batch_begin(index)
            logs = self._test(batch) if not own_step else self._own_step("test_step", batch)
            running.on_test_batch_end(index, logs)
            if self.stop_evaluating:
                break
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
        whole: list[Array] = []
        parts: list[list[Array]] = []
        start = 0
        for index, batch in enumerate(first_steps(data.batches(), steps)):
            running.on_predict_batch_begin(index)
            outputs = self._own_outputs(batch) if own_step else model._ready_engine().run(batch.inputs, PREDICT)
            finished()
            if data.samples is None or steps is not None:
                parts.append(outputs)
            else:
                whole = whole or [np.empty((data.samples, *out.shape[1:]), out.dtype) for out in outputs]
                for place, out in zip(whole, outputs, strict=True):
                    place[start : start + batch.size] = out
            start += batch.size
            running.on_predict_batch_end(index, {"outputs": model._packed(outputs)})
            if self.stop_predicting:
                whole = [out[:start] for out in whole]
                break
        running.on_predict_end()
        return [np.concatenate(pieces) for pieces in zip(*parts, strict=True)] if parts else whole

    # ------------------------------------------------------------------ one batch

    @spelled
    def train_on_batch(
        self, x: Any, y: Any = None, sample_weight: Any = None, class_weight: Any = None, return_dict: bool = False
    ) -> Any:
        """One step on one batch: the loss and metrics of this batch alone, before the step.

        Arguments:
            x: the samples of the batch
            y: their targets
            sample_weight: a weight for each sample, or for each sample and step, the factor of its loss; None: 1
                for all
            class_weight: {class: weight}: the weight of each class in the loss, for a model with one output of
                classes; None: 1 for all
            return_dict: True: a dictionary by name; False: one number, or a list in the order of metrics_names
        """
        self._compiled()
        self._tell_what_trains()
        batch = self._one_batch(x, y, sample_weight, arguments.weights_of_classes(class_weight))
        if self._step_state is not None:
            self._step_state.measured.reset()
        logs = self._own_step("train_step", batch) if overrides.own(self, "train_step") else self._train(batch)
        return logs if return_dict else self._as_list(logs)

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

    # ------------------------------------------------------------------ one step, which a subclass may override

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

    def predict_step(self, data: Any) -> Any:
        """The outputs of one batch.

        Arguments:
            data: x, or (x,)
        """
        return self.predict_on_batch(data[0] if isinstance(data, tuple) else data)

    def _batch_of(self, data: Any) -> Batch:
        x, y, weight = (*data, None)[:3] if isinstance(data, tuple) else (data, None, None)
        return self._one_batch(x, y, weight, None)

    def _data_of(self, batch: Batch) -> tuple[Any, ...]:
        """A batch as Keras hands it to train_step."""

        def alone(values: list[Any]) -> Any:
            return values[0] if len(values) == 1 else values

        parts = (alone(batch.inputs), alone(batch.targets))
        return parts if all(weight is None for weight in batch.weights) else (*parts, alone(batch.weights))

    def _own_outputs(self, batch: Batch) -> list[Array]:
        outputs = self.predict_step((batch.inputs[0] if len(batch.inputs) == 1 else batch.inputs,))
        if isinstance(outputs, Mapping):
            outputs = [outputs[key] for key in sorted(outputs)]
        return [np.asarray(one) for one in (outputs if isinstance(outputs, (list, tuple)) else [outputs])]

    def _own_step(self, name: str, batch: Batch) -> Logs:
        logs = getattr(self, name)(self._data_of(batch))
        if not isinstance(logs, Mapping):
            raise TypeError(
                f"{self._network().name}: {type(self).__name__}.{name} returned {type(logs).__name__}: return a dictionary of what is "
                f"logged, for example {{'loss': loss}}"
            )
        return {str(key): plain(value) for key, value in logs.items()}

    def _train(self, batch: Batch) -> Logs:
        model = self._network()
        state = self._ready(batch)
        if not state.trains:
            state.fix(model)
            state.trains = True
            advice.about_losses(model, state.compiled, batch)
        masks = state.masks(model, batch, state.training)
        objective = state.objective(batch, masks)
        optimizer, weights = state.compiled.optimizer, state.weights
        update = optimizer.update_of(weights)
        step = model._ready_engine().step(batch.inputs, state.training, objective, update)
        if not state.reported and not advice.finite(objective.rows):
            state.reported = True
            advice.about_the_loss(model, state.compiled, batch, objective.rows, step.outputs)
        penalty = regularization.add_gradients(weights, step.gradients) + sum(value for _, value in step.losses)
        with defer_interrupt():  # all weights change, or none
            optimizer.apply([step.gradients.of(weight) for weight in weights], weights, step.finish, told=update is not None)
        state.measure(state.measured, objective, step.outputs, batch, penalty, masks)
        return state.measured.results()

    def _test(self, batch: Batch) -> Logs:
        model = self._network()
        state = self._ready(batch)
        masks = state.masks(model, batch, state.testing)
        objective = state.objective(batch, masks)
        added: list[Any] = []
        outputs = model._ready_engine().run(batch.inputs, state.testing, added)
        objective(Whole(batch.size), outputs, [])  # type: ignore[arg-type]
        penalty = regularization.penalty(state.weights) + sum(value for _, value in added)
        state.measure(state.validated, objective, outputs, batch, penalty, masks)
        return state.validated.results()

    def _as_list(self, logs: Logs) -> Any:
        """A number if the loss is the only value, else a list."""
        values = [logs[name] for name in self.metrics_names if name in logs] or list(logs.values())
        return values[0] if len(values) == 1 else values

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
            self._step_state = StepState(self._network(), self._compiled(), batch)
            self._step_state.reported, self._reported_data = self._reported_data, False
        return self._step_state
