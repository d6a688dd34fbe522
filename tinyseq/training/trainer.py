"""compile, fit, evaluate, predict and their one-batch forms: what every model can do besides computing."""

from __future__ import annotations

import warnings
from collections.abc import Iterator, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from tinyseq.engine.plan import PREDICT, Mode
from tinyseq.training import labels, regularization
from tinyseq.training.callbacks import Callbacks, History
from tinyseq.training.compiled import Compiled, Measured, Objective, activation_of, per_output
from tinyseq.training.data import Arrays, Batch, Streamed, checked_batch_size, class_weights, is_stream
from tinyseq.training.progress import progress_for

Array = NDArray[Any]
Logs = dict[str, float]


class Trainer:
    """The training half of a Model. `compiled` is what compile() fixed, None before it."""

    name: str | None
    stop_training: bool = False
    validates: bool = False
    """Whether the fit that runs validates."""

    def __init__(self) -> None:
        self.compiled: Compiled | None = None
        self.history: History | None = None
        self._prepared_training: _Prepared | None = None

    # ------------------------------------------------------------------ compile

    def compile(
        self,
        optimizer: Any = "rmsprop",
        loss: Any = None,
        loss_weights: Any = None,
        metrics: Any = None,
        weighted_metrics: Any = None,
        run_eagerly: bool = False,
        steps_per_execution: int = 1,
        jit_compile: Any = "auto",
        auto_scale_loss: bool = True,
    ) -> None:
        """Fixes optimizer, loss and metrics for fit and evaluate. run_eagerly, jit_compile and the like change no number here."""
        model: Any = self
        names = model.output_names if model.built else ["output"]
        self.compiled = Compiled(optimizer, loss, loss_weights, metrics, weighted_metrics, names)
        self._prepared_training = None

    @property
    def optimizer(self) -> Any:
        """The optimizer that compile() fixed. None before compile()."""
        return self.compiled.optimizer if self.compiled else None

    @property
    def loss(self) -> Any:
        """The loss that compile() fixed."""
        return self.compiled.losses[0] if self.compiled else None

    @property
    def metrics_names(self) -> list[str]:
        """The names in the logs, loss first."""
        prepared = self._prepared_training
        return ["loss"] if prepared is None else sorted(prepared.measured.results(), key=lambda name: name != "loss")

    def _compiled(self) -> Compiled:
        if self.compiled is None:
            raise ValueError("You must call `compile()` before using the model: write model.compile(loss='mse'), say")
        if all(loss is None for loss in self.compiled.losses):
            raise ValueError("compile() was given no loss, so there is nothing to make small: write compile(loss='mse'), say")
        return self.compiled

    def _forget_training(self) -> None:
        self._prepared_training = None

    def _training_state(self) -> dict[str, Any]:
        return {"_prepared_training": None, "history": None}

    # ------------------------------------------------------------------ fit

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
        validation_freq: int = 1,
    ) -> History:
        """Trains for `epochs` passes over x and y; returns the History. Labels that do not fit are refused before the first step.

        Ctrl-C leaves a model that works, with the weights of the last step.
        """
        self._compiled()
        data = self._data(x, y, sample_weight, batch_size, class_weight)
        validation = None
        if validation_data is not None:
            validation = self._validation(validation_data, validation_batch_size or batch_size)
        elif validation_split:
            data, validation = _split(data, validation_split)
        steps = steps_per_epoch or data.steps
        running = Callbacks(self, callbacks, {"verbose": _verbosity(verbose), "epochs": epochs, "steps": steps})
        running.add_first(progress_for(_verbosity(verbose)))
        self.stop_training = False
        self.validates = validation is not None
        batches = _Endless(data, shuffle, steps_per_epoch)
        with running:
            for epoch in range(initial_epoch, epochs):
                running.on_epoch_begin(epoch)
                logs = self._epoch(batches, running)
                if validation is not None and (epoch + 1) % validation_freq == 0:
                    measured = self._evaluate(validation, running, validation_steps)
                    logs |= {f"val_{name}": value for name, value in measured.items()}
                running.on_epoch_end(epoch, logs)
                if self.stop_training:
                    break
            self._compiled().optimizer.finalize(self._trained())
        assert self.history is not None
        return self.history

    def _epoch(self, batches: _Endless, running: Callbacks) -> Logs:
        logs: Logs = {}
        first = True
        for index, batch in enumerate(batches.epoch()):
            if first and self._prepared_training is not None:
                self._prepared_training.measured.reset()
            first = False
            running.on_train_batch_begin(index)
            logs = self._train(batch)
            running.on_train_batch_end(index, logs)
            if self.stop_training:
                break
        return dict(logs)

    def _trained(self) -> Any:
        return self._prepared_training.weights if self._prepared_training else []

    # ------------------------------------------------------------------ evaluate, predict

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
        """Loss and metrics on x and y: a number, a list (loss first), or with return_dict a dictionary."""
        self._compiled()
        data = self._data(x, y, sample_weight, batch_size, None)
        running = Callbacks(self, callbacks, {"steps": steps or data.steps}, history=False)
        running.add_first(progress_for(_verbosity(verbose)))
        logs = self._evaluate(data, running, steps)
        return logs if return_dict else _listed(logs)

    def _evaluate(self, data: Arrays | Streamed, running: Callbacks, steps: int | None) -> Logs:
        running.on_test_begin()
        logs: Logs = {}
        for index, batch in enumerate(_first(data.batches(), steps)):
            if index == 0 and self._prepared_training is not None:
                self._prepared_training.validated.reset()
            running.on_test_batch_begin(index)
            logs = self._test(batch)
            running.on_test_batch_end(index, logs)
        if not logs:
            raise ValueError(f"{self.name}: there was no data to evaluate on: pass at least 1 sample")
        running.on_test_end(logs)
        return logs

    def predict(
        self, x: Any, batch_size: int | None = None, verbose: Any = "auto", steps: int | None = None, callbacks: Any = None
    ) -> Any:
        """The outputs for all samples of x, computed batch by batch in bounded memory."""
        model: Any = self
        data = self._data(x, None, None, batch_size, None, training=False)
        running = Callbacks(self, callbacks, {"steps": steps or data.steps}, history=False)
        running.add_first(progress_for(0 if verbose == "auto" else _verbosity(verbose)))
        running.on_predict_begin()
        whole: list[Array] = []
        parts: list[list[Array]] = []
        start = 0
        for index, batch in enumerate(_first(data.batches(), steps)):
            running.on_predict_batch_begin(index)
            outputs = model._ready_engine().run(batch.inputs, PREDICT)
            if data.samples is None or steps is not None:
                parts.append(outputs)
            else:
                whole = whole or [np.empty((data.samples, *out.shape[1:]), out.dtype) for out in outputs]
                for place, out in zip(whole, outputs, strict=True):
                    place[start : start + batch.size] = out
            start += batch.size
            running.on_predict_batch_end(index, {})
        running.on_predict_end()
        if parts:
            whole = [np.concatenate(pieces) for pieces in zip(*parts, strict=True)]
        return whole if model._lists_outputs() else whole[0]

    # ------------------------------------------------------------------ one batch

    def train_on_batch(
        self, x: Any, y: Any = None, sample_weight: Any = None, class_weight: Any = None, return_dict: bool = False
    ) -> Any:
        """One step on one batch: the loss, or [loss, metrics...], of this batch alone, before the step."""
        self._compiled()
        batch = self._one_batch(x, y, sample_weight, class_weight)
        if self._prepared_training is not None:
            self._prepared_training.measured.reset()
        logs = self._train(batch)
        return logs if return_dict else _listed(logs)

    def test_on_batch(self, x: Any, y: Any = None, sample_weight: Any = None, return_dict: bool = False) -> Any:
        """Loss and metrics of one batch."""
        self._compiled()
        batch = self._one_batch(x, y, sample_weight, None)
        if self._prepared_training is not None:
            self._prepared_training.validated.reset()
        logs = self._test(batch)
        return logs if return_dict else _listed(logs)

    def predict_on_batch(self, x: Any) -> Any:
        """The outputs for one batch, at once."""
        model: Any = self
        arrays = model._take(x)
        outputs = model._ready_engine().run(arrays, PREDICT)
        return outputs if model._lists_outputs() else outputs[0]

    def _train(self, batch: Batch) -> Logs:
        model: Any = self
        prepared = self._ready(batch)
        objective = prepared.objective(batch)
        outputs, gradients, _ = model._ready_engine().step(batch.inputs, prepared.training, objective)
        penalty = regularization.add_gradients(prepared.weights, gradients)
        prepared.compiled.optimizer.apply([gradients.of(weight) for weight in prepared.weights], prepared.weights)
        regularization.constrain(prepared.weights)
        prepared.measure(prepared.measured, objective, outputs, batch, penalty)
        return prepared.measured.results()

    def _test(self, batch: Batch) -> Logs:
        model: Any = self
        prepared = self._ready(batch)
        objective = prepared.objective(batch)
        outputs = model._ready_engine().run(batch.inputs, prepared.testing)
        objective(_Whole(batch.size), outputs, [])  # type: ignore[arg-type]
        prepared.measure(prepared.validated, objective, outputs, batch, regularization.penalty(prepared.weights))
        return prepared.validated.results()

    def _ready(self, batch: Batch) -> _Prepared:
        """What steps need, made at the first batch after compile(): the weights that train are fixed here."""
        if self._prepared_training is None:
            self._prepared_training = _Prepared(self, self._compiled(), batch)
        return self._prepared_training

    # ------------------------------------------------------------------ data

    def _data(
        self, x: Any, y: Any, sample_weight: Any, batch_size: int | None, class_weight: Any, training: bool = True
    ) -> Arrays | Streamed:
        checked_batch_size(batch_size)
        if is_stream(x):
            if y is not None:
                raise ValueError("x yields (x, y) batches itself: leave y out")
            return Streamed(x, lambda item: self._item(item, class_weight, training))
        return self._arrays(x, y, sample_weight, batch_size, class_weight, training)

    def _arrays(
        self, x: Any, y: Any, sample_weight: Any, batch_size: int | None, class_weight: Any, training: bool = True
    ) -> Arrays:
        model: Any = self
        if x is None:
            raise ValueError(f"{self.name}: got no data: pass x")
        inputs = model._look(x)
        kinds = [entry.dtype for entry in model._entries]
        count = len(model.outputs)
        if not training:
            return Arrays(inputs, [None] * count, [None] * count, batch_size, kinds)
        compiled = self._compiled()
        self._match_outputs(compiled)
        targets = labels.targets(model, compiled, y, len(inputs[0]))
        weights = self._sample_weights(compiled, sample_weight, class_weight, targets)
        return Arrays(inputs, targets, weights, batch_size, kinds)

    def _match_outputs(self, compiled: Compiled) -> None:
        """A model compiled before it was built learns its outputs' names now."""
        model: Any = self
        if compiled.names == ["output"] and len(model.output_names) == 1:
            compiled.names = model.output_names

    def _sample_weights(self, compiled: Compiled, sample_weight: Any, class_weight: Any, targets: Sequence[Any]) -> list[Any]:
        if class_weight is not None and sample_weight is not None:
            raise ValueError("You cannot `class_weight` and `sample_weight` at the same time: multiply them into sample_weight")
        if class_weight is not None:
            if len(targets) > 1:
                raise ValueError("`class_weight` is only supported for models with a single output: use sample_weight")
            return [class_weights(class_weight, targets[0])]
        if sample_weight is None:
            return [None] * len(targets)
        if len(targets) == 1 and not isinstance(sample_weight, (dict, list)):
            return [np.asarray(sample_weight, np.float32)]
        if len(targets) == 1 and isinstance(sample_weight, list) and np.ndim(sample_weight[0]) == 0:
            return [np.asarray(sample_weight, np.float32)]
        found = per_output("sample_weight", sample_weight, compiled.names)
        return [None if one is None else np.asarray(one, np.float32) for one in found]

    def _item(self, item: Any, class_weight: Any, training: bool) -> Batch:
        """One batch that a stream yields: x, (x, y) or (x, y, sample_weight)."""
        parts = item if isinstance(item, tuple) else (item,)
        if training and len(parts) not in (2, 3):
            raise ValueError(f"a batch must be (x, y) or (x, y, sample_weight), got {len(parts)} parts: yield a tuple")
        x, y, weight = (*parts, None, None)[:3]
        arrays = self._arrays(x, y, weight, 32, class_weight, training)
        arrays.batch_size = arrays.samples
        return next(arrays.batches())

    def _one_batch(self, x: Any, y: Any, sample_weight: Any, class_weight: Any) -> Batch:
        arrays = self._arrays(x, y, sample_weight, None, class_weight)
        arrays.batch_size = arrays.samples
        return next(arrays.batches())

    def _validation(self, given: Any, batch_size: int | None) -> Arrays | Streamed:
        if is_stream(given):
            return Streamed(given, lambda item: self._item(item, None, True))
        if not isinstance(given, (tuple, list)) or len(given) not in (2, 3):
            raise ValueError("validation_data must be (x, y) or (x, y, sample_weight): pass a tuple")
        x, y, weight = (*given, None)[:3]
        return self._arrays(x, y, weight, batch_size, None)


class _Prepared:
    """What steps of one compiled model need, made at the first batch."""

    def __init__(self, model: Any, compiled: Compiled, batch: Batch) -> None:
        self.compiled = compiled
        self.weights = model.trainable_weights
        outputs = [tensor.shape for tensor in model.outputs]
        self.outputs = outputs
        self.chosen = [
            None if target is None else compiled.loss_of(i, outputs[i], np.shape(target))
            for i, target in enumerate(batch.targets)
        ]
        self.activation = fused_activation(model, self.chosen)
        if self.activation and self.chosen[0] is not None:
            self.chosen[0] = self.chosen[0].on_logits()
        logits = self.activation is not None
        self.training = Mode(training=True, backward=True, trained=self.weights, logits=logits)
        self.testing = Mode(logits=logits)
        self.measured = Measured(compiled, outputs, batch.targets)
        self.validated = Measured(compiled, outputs, batch.targets)

    def objective(self, batch: Batch) -> Objective:
        """The loss of a batch."""
        shapes = [_concrete(shape, target) for shape, target in zip(self.outputs, batch.targets, strict=True)]
        return Objective(self.chosen, self.compiled.loss_weights, shapes, batch)

    def measure(
        self, measured: Measured, objective: Objective, outputs: Sequence[Array], batch: Batch, penalty: float
    ) -> None:
        """Adds one batch to the running values."""
        values = objective.values()
        total = sum(value * scale for value, scale in zip(values, self.compiled.loss_weights, strict=True))
        measured.loss.add(total + penalty, batch.size)
        for part, value in zip(measured.parts, values, strict=True):
            part.add(value, batch.size)
        activate = activation_of(self.activation)
        for index, _, metric, weighted in measured.found:
            weight = batch.weights[index] if weighted else None
            metric.update_state(batch.targets[index], activate(outputs[index]), weight)


class _Whole:
    """A batch as one piece."""

    def __init__(self, size: int) -> None:
        self.start = 0
        self.stop = size


class _Endless:
    """Batches over epochs. With steps_per_epoch the data runs on from epoch to epoch; where it ends, so does the epoch."""

    def __init__(self, data: Arrays | Streamed, shuffle: bool, steps: int | None) -> None:
        self.data = data
        self.shuffle = shuffle
        self.steps = steps
        self._running: Iterator[Batch] | None = None

    def epoch(self) -> Iterator[Batch]:
        """The batches of one epoch."""
        if self.steps is None:
            yield from self.data.batches(self.shuffle)
            return
        for _ in range(self.steps):
            if self._running is None:
                self._running = self.data.batches(self.shuffle)
            batch = next(self._running, None)
            if batch is None:
                self._running = None
                warnings.warn(
                    f"the data ran out before {self.steps} steps of this epoch were done; the next epoch starts it again",
                    stacklevel=4,
                )
                return
            yield batch


def fused_activation(model: Any, chosen: Sequence[Any]) -> str | None:
    """ "softmax" or "sigmoid" if the one output comes from it and the loss can work on what comes before."""
    loss = chosen[0]
    if len(chosen) != 1 or loss is None or loss.fuses is None or getattr(loss, "from_logits", False):
        return None
    tensor = model.outputs[0]
    if sum(tensor in node.inputs for node in model.graph.nodes):
        return None
    rule = tensor.node.rule
    if getattr(rule, "graph", None) is not None:
        return fused_activation(rule, chosen)
    activation = getattr(rule, "activation", None)
    if type(rule).__name__ == "Softmax" and rule.axis == -1:
        activation = "softmax"
    name = getattr(activation, "__name__", activation)
    computes = type(rule).__module__.startswith("tinyseq.layers.")
    family = type(rule).__module__.rpartition(".")[2]
    if computes and family in ("dense", "convolution", "activation") and name == loss.fuses:
        return str(name)
    return None


def _concrete(shape: tuple[Any, ...], target: Any) -> tuple[Any, ...]:
    """The output's shape with sizes that are known only at run time taken from the target."""
    given = np.shape(target)
    return tuple(given[axis] if d is None and axis < len(given) else d for axis, d in enumerate(shape))


def _split(data: Arrays | Streamed, share: float) -> tuple[Arrays, Arrays]:
    if not isinstance(data, Arrays):
        raise ValueError("`validation_split` is only supported for arrays: pass validation_data")
    if not 0 <= share <= 1:
        raise ValueError(f"validation_split={share}: expected a share from 0 to 1: write 0.2, say")
    return data.split(share)


def _first(batches: Iterator[Batch], steps: int | None) -> Iterator[Batch]:
    for index, batch in enumerate(batches):
        if steps is not None and index >= steps:
            return
        yield batch


def _listed(logs: Logs) -> Any:
    values = [logs["loss"], *(value for name, value in logs.items() if name != "loss")]
    return values[0] if len(values) == 1 else values


def _verbosity(value: Any) -> int:
    return 1 if value == "auto" or value is True else int(value)


