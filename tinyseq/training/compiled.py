"""The settings of compile(): an optimizer, a loss for each output, metrics; and their computation on a batch."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np

from tinyseq.argument_types import is_number
from tinyseq.training import losses, metrics, optimizers
from tinyseq.training.arguments import per_output
from tinyseq.training.callback import plain

Array = Any  # a numpy array: its operators have no useful types

AUTOMATIC_LOSSES = ("crossentropy", "ce")


class Compiled:
    """The settings of compile(). Losses and metrics are looked up at once (a wrong name is refused here), metrics that depend on
    shapes are created at the first batch."""

    def __init__(
        self,
        optimizer: Any,
        loss: Any,
        loss_weights: Any,
        metric_list: Any,
        weighted_list: Any,
        output_names: Sequence[str] | None,
        form: Any = None,
        layers: Sequence[str] = (),
    ) -> None:
        self.arguments: dict[str, Any] = {}
        """The arguments of compile(), as stored in a file."""
        self.optimizer = optimizers.get(optimizer)
        self.steps_per_execution = 1
        self.own_steps = False
        """The model computes its own losses: train_step of a subclass."""
        self._given = (loss, loss_weights, metric_list, weighted_list)
        for metric in (*_leaves(metric_list), *_leaves(weighted_list)):
            if not (isinstance(metric, str) and metric in metrics.AUTOMATIC):
                metrics.get(metric)
        self.known = output_names is not None
        """Whether the outputs are known: not before the model is built."""
        if output_names is None:
            _loss_weights(loss_weights, None)
            self.losses: list[losses.Loss | str | None] = [_loss(one) for one in _leaves(loss)]
        else:
            self.for_outputs(output_names, form, layers)

    def for_outputs(self, names: Sequence[str], form: Any = None, layers: Sequence[str] = ()) -> None:
        """Gives each output its loss and metrics. ValueError for a name that no output has, or another number of them. `form`: the
        structure of nested outputs, `layers`: by what their metrics are named."""
        self.form = form
        self.metric_names = list(names) if form is None else list(layers)
        loss, loss_weights, metric_list, weighted_list = self._given
        per: list[losses.Loss | str | None] = [None if one is None else _loss(one) for one in per_output("loss", loss, names, form)]
        weights = _loss_weights(loss_weights, names, form)
        every = (("metrics", metric_list), ("weighted_metrics", weighted_list))
        lists = [_metric_lists(what, given, names, form) for what, given in every]
        self.names, self.losses, self.loss_weights = list(names), per, weights
        self.metric_lists, self.weighted_lists = lists
        self.known = True

    def loss_of(self, index: int, output: tuple[Any, ...], target: tuple[Any, ...]) -> losses.Loss | None:
        """The loss of an output; "crossentropy" is resolved by the shapes, like "accuracy"."""
        found = self.losses[index]
        if not isinstance(found, str):
            return found
        kind = metrics.accuracy_for(output, target)
        choices: dict[Any, type[losses.Loss]] = {
            metrics.BinaryAccuracy: losses.BinaryCrossentropy,
            metrics.CategoricalAccuracy: losses.CategoricalCrossentropy,
        }
        return choices.get(kind, losses.SparseCategoricalCrossentropy)()


def _leaves(value: Any) -> list[Any]:
    """The losses or metrics in a list or dictionary."""
    if isinstance(value, Mapping) and not set(value) & {"class_name"}:
        return [leaf for one in value.values() for leaf in _leaves(one)]
    if isinstance(value, (list, tuple)):
        return [leaf for one in value for leaf in _leaves(one)]
    return [] if value is None else [value]


def _loss_weights(given: Any, names: Sequence[str] | None, form: Any = None) -> list[float]:
    """A number for each output. TypeError for metrics: in Keras 2 they were the third argument."""
    values = _leaves(given)
    words = [one for value in values for one in _listed(value) if isinstance(one, str) or callable(one)]
    if words:
        written = repr(given if isinstance(given, Mapping) else values) if all(isinstance(word, str) for word in words) else "[...]"
        raise TypeError(
            f"loss_weights: {words[0]!r}: expected a number for each output; loss_weights is the third argument of compile(), metrics "
            f"the fourth: write metrics={written}"
        )
    each = values if names is None else per_output("loss_weights", given, names, form)
    return [1.0 if weight is None else _factor(weight) for weight in each]


def _factor(weight: Any) -> float:
    if not is_number(weight):
        raise TypeError(f"loss_weights: {weight!r}: expected a number for each output, for example loss_weights=1.0")
    return float(weight)


def _loss(identifier: Any) -> losses.Loss | str:
    return identifier if isinstance(identifier, str) and identifier in AUTOMATIC_LOSSES else losses.get(identifier)


def _metric_lists(what: str, value: Any, names: Sequence[str], form: Any = None) -> list[list[Any]]:
    """A list of metrics for each output."""
    if value is None:
        return [[] for _ in names]
    if form is not None:
        return [_listed(one) for one in per_output(what, value, names, form)]
    if isinstance(value, Mapping):
        return [_listed(one) for one in per_output(what, value, names)]
    if len(names) > 1 and isinstance(value, (list, tuple)):
        if any(isinstance(one, (list, tuple)) for one in value):
            return [_listed(one) for one in per_output(what, list(value), names)]
        if len(value) == len(names):  # one for each output, as in Keras 3
            return [_listed(one) for one in value]
    return [list(_listed(value)) for _ in names]


def _listed(value: Any) -> list[Any]:
    return [] if value is None else list(value) if isinstance(value, (list, tuple)) else [value]


class Measured:
    """Metrics of training or of validation, and their names in logs."""

    def __init__(self, compiled: Compiled, outputs: Sequence[tuple[int, ...]], targets: Sequence[Any]) -> None:
        self.loss = metrics.Mean("loss")
        counted = [loss is not None for loss in compiled.losses]
        pairs = zip(compiled.names, counted, strict=True)
        self.parts = [metrics.Mean(f"{name}_loss") if has_loss and sum(counted) > 1 else None for name, has_loss in pairs]
        """The running loss of each output that has one, if several have."""
        self.several = len(compiled.names) > 1
        self.found: list[tuple[int, str, metrics.Metric, bool]] = []
        used: set[str] = set()
        for index, name in enumerate(compiled.metric_names):
            if targets[index] is None:
                continue
            wanted = [(one, False) for one in compiled.metric_lists[index]]
            wanted += [(one, True) for one in compiled.weighted_lists[index]]
            for identifier, weighted in wanted:
                target = np.shape(targets[index])
                metric = metrics.get(identifier, outputs[index], target)
                metric.check(target, (target[0], *(outputs[index][1:] or (1,))))  # before the first step changes weights
                label = self._label(name, metric.name, weighted, used)
                used.add(label)
                self.found.append((index, label, metric, weighted))

    def _label(self, output: str, metric: str, weighted: bool, used: set[str]) -> str:
        """mae; a_mae where there are several outputs; weighted_mae or a_weighted_mae where that is used, and mae_1 where these are."""
        before = f"{output}_" if self.several else ""
        label = before + metric
        if label in used and weighted:
            label = f"{before}weighted_{metric}"
        number, stem = 0, label
        while label in used:
            number += 1
            label = f"{stem}_{number}"
        return label

    def _listed_parts(self) -> list[metrics.Mean]:
        return [part for part in self.parts if part is not None]

    @property
    def variables(self) -> list[Any]:
        """All state of the running values."""
        return [variable for metric in (self.loss, *self._listed_parts(), *(one[2] for one in self.found)) for variable in metric.variables]

    def reset(self) -> None:
        """Before an epoch."""
        self.loss.reset_state()
        for part in self._listed_parts():
            part.reset_state()
        for _, _, metric, _ in self.found:
            metric.reset_state()

    @property
    def names(self) -> list[str]:
        """The names of a list of values, in Keras's order: loss, metrics as compile() has them; of several outputs loss, the loss of
        each output, metrics sorted."""
        labels = [label for _, label, _, _ in self.found]
        return ["loss", *(part.name for part in self._listed_parts()), *sorted(labels)] if self.several else ["loss", *labels]

    def results(self) -> dict[str, Any]:
        """The running values by name, sorted as Keras does."""
        values: dict[str, Any] = {}
        for _, label, metric, _ in self.found:
            result = metric.result()
            if isinstance(result, Mapping):  # a metric of several values, by their names
                values |= {str(name): plain(value) for name, value in result.items()}
            else:
                values[label] = plain(result)
        values["loss"] = self.loss.result()
        if self.several:
            values |= {part.name: part.result() for part in self._listed_parts()}
        return dict(sorted(values.items()))
