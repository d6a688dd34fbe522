"""fit and train_on_batch: with compile, evaluate and predict, which are inherited, the training interface of every model."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from tinyseq.compile_notice import finished
from tinyseq.did_you_mean import spelled
from tinyseq.engine.operator import changing
from tinyseq.training import arguments, not_finite, overrides, together
from tinyseq.training.batch_steps import Logs
from tinyseq.training.callback import Callbacks, History
from tinyseq.training.data import Arrays, Endless, Streamed, require_end, split_off
from tinyseq.training.evaluating import Evaluating
from tinyseq.training.executions import Executions
from tinyseq.training.fitting import Fitting
from tinyseq.training.frozen_base import frozen_base
from tinyseq.training.limits import limited_epochs, limited_steps
from tinyseq.training.progress import progress_for
from tinyseq.training.watch import Watch


class Trainer(Evaluating):
    """The training half of a Model."""

    stop_training: bool = False
    """Set it to end fit after this batch."""
    validates: bool = False
    """Whether the running fit validates."""

    def __init__(self) -> None:
        super().__init__()
        self.history: History | None = None
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
        keep_frozen: bool = True,
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
            keep_frozen: True: the outputs of frozen first layers are computed once, if x is an array and they take at most
                1 GiB and a quarter of the free memory; the numbers are the same. False: in every step, which sees an x that a
                callback changes in place
        """
        self._compiled()
        epochs, verbose = limited_epochs(arguments.epochs(epochs)), arguments.verbosity(verbose)
        initial_epoch = arguments.count("initial_epoch", initial_epoch, 0, "the first epoch", 0)
        steps_per_epoch = arguments.optional_count("steps_per_epoch", steps_per_epoch, "a number of batches", 100)
        validation_steps = arguments.optional_count("validation_steps", validation_steps, "a number of batches", 10)
        validates_after = arguments.frequency(validation_freq)
        validation_split, shuffle = arguments.share(validation_split), arguments.shuffled(shuffle)
        team = together.checked(self)
        data = self._data(x, y, sample_weight, batch_size, arguments.weights_of_classes(class_weight))
        steps_per_epoch = limited_steps(steps_per_epoch, data.steps)
        require_end(data, "steps_per_epoch", steps_per_epoch)
        size = batch_size if validation_batch_size is None else validation_batch_size
        data, validation = self._with_validation(data, validation_data, size, validation_split)
        if team is not None:
            together.share(self, team, data, validation)
        steps = steps_per_epoch or data.steps
        running = Callbacks(self, callbacks, {"verbose": verbose, "epochs": epochs, "steps": steps})
        running.add_first(progress_for(verbose))
        self.stop_training = False
        self.validates = validation is not None
        batches = Endless(data, shuffle, steps_per_epoch)
        self._look_at(data)
        fitting = self._fitting = Fitting(batches, running.all, initial_epoch)

        def validate(epoch: int) -> Logs:
            if validation is None or not arguments.falls_on(epoch, validates_after):
                return {}
            return self._validated(validation, running, validation_steps)

        self._team = team
        self._base = frozen_base(self, (data, validation), epochs - initial_epoch, keep_frozen and not debug, verbose != 0)
        try:
            with running:
                together.wait(team)  # for callbacks that have read files
                self._epochs(fitting, running, epochs, validate, debug)
                self._compiled().optimizer.finalize(self._trained())
        finally:
            self._base = self._team = self._fitting = None
        assert self.history is not None
        return self.history

    def _with_validation(
        self, data: Arrays | Streamed, given: Any, batch_size: int | None, share: float
    ) -> tuple[Arrays | Streamed, Arrays | Streamed | None]:
        """Training data and validation data: the data passed for it, else the last `share` of the training data, else None."""
        if given is not None:
            return data, self._validation(given, batch_size)
        return split_off(data, share) if share else (data, None)

    def _epochs(self, fitting: Fitting, running: Callbacks, last: int, validate: Callable[[int], Logs], debug: bool) -> None:
        for epoch in fitting.epochs(last):
            running.on_epoch_begin(epoch)
            logs = self._epoch(fitting, running, Watch(self, epoch) if debug else None)
            logs |= validate(epoch)
            running.on_epoch_end(epoch, logs)
            running.logs = logs
            if together.stops(self, self._team):
                break

    def _validated(self, data: Arrays | Streamed, running: Callbacks, steps: int | None) -> Logs:
        """Loss and metrics on the validation data, for the logs of an epoch."""
        return {f"val_{name}": value for name, value in self._evaluate(data, running, steps).items()}

    def _look_at(self, data: Arrays | Streamed) -> None:
        """Warns once of arrays that hold NaN or infinity."""
        if isinstance(data, Arrays) and not_finite.about_data(data.inputs):
            self._reported_data = True
            if self._step_state is not None:
                self._step_state.reported = True

    def _epoch(self, fitting: Fitting, running: Callbacks, watch: Watch | None) -> Logs:
        self._tell_what_trains()
        own_step = overrides.own(self, "train_step")
        execution = Executions(running, "train", self._compiled().steps_per_execution)
        first = True
        (done, fitting.step), (logs, fitting.logs) = (fitting.step, 0), (fitting.logs, {})
        for index, batch in enumerate(fitting.batches.epoch(done), done):
            if first and (self._step_state is not None or done):
                fitting.begin(self._ready(batch), batch)
            first = False
            execution.begin(index)
            if watch is not None:
                watch(index, batch)
            logs = self._train(batch) if not own_step else self._own_train_step(batch)
            finished()
            execution.end(index, logs)
            if together.stops(self, self._team):
                break
        execution.finish()
        fitting.ended()
        return dict(logs)

    def _own_train_step(self, batch: Any) -> Logs:
        for one in changing(self):
            one.before_step()
        return self._own_step("train_step", batch)

    def _trained(self) -> Any:
        return self._step_state.weights if self._step_state else []

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
        logs = self._own_train_step(batch) if overrides.own(self, "train_step") else self._train(batch)
        return logs if return_dict else self._as_list(logs)
