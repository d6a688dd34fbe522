"""The arguments of fit, evaluate and predict as checked batches."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

import numpy as np

from tinyseq.inputs import numbers
from tinyseq.training import labels
from tinyseq.training.arguments import per_output
from tinyseq.training.data import Arrays, Batch, Streamed, checked_batch_size, class_weights, is_stream
from tinyseq.training.network import Network
from tinyseq.training.user_warning import say

if TYPE_CHECKING:
    from tinyseq.training.compiled import Compiled


class DataAdapter:
    """The part of a Trainer that turns arguments into data."""

    name: str | None

    def _network(self) -> Network:
        """The model, as the training code sees it."""
        raise NotImplementedError

    def _compiled(self) -> Compiled:
        raise NotImplementedError

    def _data(
        self, x: Any, y: Any, sample_weight: Any, batch_size: int | None, class_weight: Any, training: bool = True
    ) -> Arrays | Streamed:
        checked_batch_size(batch_size)
        if is_stream(x):
            if y is not None:
                raise ValueError("x yields (x, y) batches itself: remove y")
            if sample_weight is not None:
                raise ValueError("x yields batches itself: remove sample_weight, and yield (x, y, sample_weight)")
            if batch_size is not None:
                say(f"batch_size={batch_size} has no effect: x yields batches itself")
            return Streamed(x, lambda item: self._item(item, class_weight, training))
        return self._arrays(x, y, sample_weight, batch_size, class_weight, training)

    def _arrays(
        self, x: Any, y: Any, sample_weight: Any, batch_size: int | None, class_weight: Any, training: bool = True
    ) -> Arrays:
        model = self._network()
        if x is None:
            raise ValueError(f"{self.name}: got no data: pass x")
        with model._whole_or_not_built():
            return self._checked_arrays(x, y, sample_weight, batch_size, class_weight, training)

    def _checked_arrays(
        self, x: Any, y: Any, sample_weight: Any, batch_size: int | None, class_weight: Any, training: bool
    ) -> Arrays:
        model = self._network()
        inputs = model._look(x)
        kinds = model._input_dtypes()
        count = len(model.outputs)
        size = self._size_of_batches(batch_size, len(inputs[0]))
        if not training:
            return Arrays(inputs, [None] * count, [None] * count, size, kinds)
        compiled = self._compiled()
        self._match_outputs(compiled)
        targets = labels.targets(model, compiled, y, len(inputs[0]))
        weights = self._sample_weights(compiled, sample_weight, class_weight, targets)
        arrays = Arrays(inputs, targets, weights, size, kinds)
        arrays.class_weight = class_weight
        return arrays

    def _size_of_batches(self, asked: int | None, samples: int) -> int | None:
        """That of the model's inputs where it is fixed: all batches must be so large."""
        sizes = (tensor.shape[0] for tensor in self._network().inputs)
        fixed = next((size for size in sizes if isinstance(size, int)), None)
        if fixed is None:
            return asked
        if asked is not None and asked != fixed:
            raise ValueError(
                f"{self.name}: batch_size={asked}, but the model's input has batches of {fixed}: write batch_size={fixed}, or leave the "
                f"batch size out of Input"
            )
        if samples % fixed:
            advice = f"pass {samples - samples % fixed}, or " if samples > fixed else ""
            raise ValueError(
                f"{self.name}: batches of {fixed}, as the model's input has them, do not divide {samples} samples: {advice}leave the batch "
                f"size out of Input"
            )
        return fixed

    def _match_outputs(self, compiled: Compiled) -> None:
        """For a model compiled before it was built: its outputs are known now."""
        if not compiled.known:
            model = self._network()
            compiled.for_outputs(model._loss_names(), model._nested_outputs(), model.output_names)

    def _sample_weights(self, compiled: Compiled, sample_weight: Any, class_weight: Any, targets: Sequence[Any]) -> list[Any]:
        if class_weight is not None and sample_weight is not None:
            raise ValueError("You cannot `class_weight` and `sample_weight` at the same time: multiply them into sample_weight")
        if class_weight is not None:
            if len(targets) > 1:
                raise ValueError("`class_weight` is only supported for models with a single output: use sample_weight")
            class_weights(class_weight, targets[0][:1])  # targets of another rank are refused before the first step
            return [None]
        if sample_weight is None:
            return [None] * len(targets)
        one = len(targets) == 1 and not isinstance(sample_weight, dict)
        if one and not (isinstance(sample_weight, list) and sample_weight and np.ndim(sample_weight[0])):
            found = [sample_weight]
        else:
            found = per_output("sample_weight", sample_weight, compiled.names, compiled.form)
        return [None if weight is None else numbers(weight, f"{self.name}, sample_weight").astype(np.float32) for weight in found]

    def _item(self, item: Any, class_weight: Any, training: bool) -> Batch:
        """One batch that a stream yields: x, (x, y) or (x, y, sample_weight)."""
        parts = item if isinstance(item, tuple) else (item,)
        if isinstance(item, list) and len(item) in (2, 3) and (training or self._has_targets(item)):
            parts = tuple(item)  # as torch's DataLoader yields it
        if training and len(parts) not in (2, 3):
            raise ValueError(f"a batch must be (x, y) or (x, y, sample_weight), got {len(parts)} parts: yield a tuple")
        x, y, weight = (*parts, None, None)[:3]
        arrays = self._arrays(x, y, weight, None, class_weight, training)
        arrays.batch_size = arrays.samples
        return next(arrays.batches())

    def _has_targets(self, item: list[Any]) -> bool:
        """Whether a list that predict gets is [x, y]: its first array has the axes of the model's only input, so it is no row of x."""
        inputs = self._network().inputs
        return len(inputs) == 1 and getattr(item[0], "ndim", 0) == len(inputs[0].shape)

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
        try:
            if is_stream(x):
                raise ValueError("validation_data: x yields batches itself: pass it alone, validation_data=x")
            return self._arrays(x, y, weight, batch_size, None)
        except (TypeError, ValueError) as error:
            error.add_note("(x and y of validation_data)")
            raise
