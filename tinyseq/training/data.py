"""Batches for fit, evaluate and predict. Data is checked at once and converted batch by batch."""

from __future__ import annotations

import itertools
from collections.abc import Callable, Iterable, Iterator, Sequence
from functools import cached_property
from typing import Any, cast

import numpy as np
from numpy.typing import NDArray

from shapecheck.layers.arguments import edit
from shapecheck.shapes import is_size
from tinyseq.argument_types import is_integer
from tinyseq.engine.team import Team, read_by_first
from tinyseq.inputs import converted, same_length
from tinyseq.training.py_dataset import PyDataset
from tinyseq.training.user_warning import say
from tinyseq.weights import seeds

Array = NDArray[Any]


class Batch:
    """Inputs for the engine; targets and weights as passed, one for each output (None: not passed)."""

    __slots__ = ("inputs", "size", "targets", "weights")

    def __init__(self, inputs: list[Array], targets: list[Any], weights: list[Any]) -> None:
        self.inputs = inputs
        self.targets = targets
        self.weights = weights
        self.size = len(inputs[0])


class Taken(Batch):
    """Rows of arrays, whose inputs are converted when they are first read: a frozen base reads them once for a fit."""

    __slots__ = ("_inputs", "rows", "source")

    def __init__(self, source: Arrays, rows: Any, targets: list[Any], weights: list[Any]) -> None:
        self.source = source
        self.rows = rows
        """A slice, or an array of their numbers."""
        self._inputs: list[Array] | None = None
        self.targets = targets
        self.weights = weights
        self.size = len(range(*rows.indices(source.samples))) if isinstance(rows, slice) else len(rows)

    @property
    def inputs(self) -> list[Array]:  # type: ignore[override]
        """As the engine takes them."""
        if self._inputs is None:
            self._inputs = [converted(a[self.rows], kind, "x") for a, kind in zip(self.source.inputs, self.source.kinds, strict=True)]
        return self._inputs


class Arrays:
    """Arrays of the same number of samples, split into batches; optionally shuffled again for each pass."""

    def __init__(
        self, inputs: Sequence[Array], targets: Sequence[Any], weights: Sequence[Any], batch_size: int | None, kinds: Sequence[Any]
    ) -> None:
        present = [*inputs, *(t for t in targets if t is not None), *(w for w in weights if w is not None)]
        names = ["x"] * len(inputs) + ["y"] * sum(t is not None for t in targets)
        names += ["sample_weight"] * (len(present) - len(names))
        self.samples = same_length(present, names)
        self.inputs = list(inputs)
        self.targets = list(targets)
        self.weights = list(weights)
        self.kinds = list(kinds)
        self.class_weight: dict[int, float] | None = None
        """Put into the weights batch by batch: what is split off for validation is not weighted by it."""
        self.batch_size = checked_batch_size(batch_size)
        self.seed = seeds.next_seed()

    @cached_property
    def random(self) -> np.random.Generator:
        """The generator for shuffling. Created at its first use, because that takes 60 us and a single batch is not shuffled."""
        return np.random.default_rng(self.seed)

    @property
    def steps(self) -> int | None:
        """Batches in one pass; the last may be smaller."""
        return -(-self.samples // self.batch_size)

    def split(self, share: float) -> tuple[Arrays, Arrays]:
        """(the first rows, the last `share` of them): before any shuffling."""
        at = int(np.floor(self.samples * (1 - share)))
        if at in (0, self.samples):
            raise ValueError(
                f"Training data contains {self.samples} samples, which is not sufficient to split it into a validation and "
                f"training set as specified by `validation_split={share}`. Either provide more data, or a different value "
                f"for the `validation_split` argument."
            )
        first, last = self._rows(slice(None, at)), self._rows(slice(at, None))
        first.class_weight = self.class_weight
        return first, last

    def _rows(self, rows: slice) -> Arrays:
        def cut(arrays: Sequence[Any]) -> list[Any]:
            return [None if array is None else array[rows] for array in arrays]

        return Arrays(cut(self.inputs), cut(self.targets), cut(self.weights), self.batch_size, self.kinds)

    def batches(self, shuffle: bool = False, skip: int = 0) -> Iterator[Batch]:
        """One pass, without its first `skip` batches."""
        order = self.random.permutation(self.samples) if shuffle else None
        for start in range(skip * self.batch_size, self.samples, self.batch_size):
            rows: Any = slice(start, start + self.batch_size)
            yield self._batch(rows if order is None else order[rows])

    def _batch(self, rows: Any) -> Batch:
        targets = [None if target is None else target[rows] for target in self.targets]
        if self.class_weight is not None:
            return Taken(self, rows, targets, [class_weights(self.class_weight, np.asarray(targets[0]))])
        return Taken(self, rows, targets, [None if weight is None else weight[rows] for weight in self.weights])


class Streamed:
    """Batches from the caller: a generator, an object that is iterated anew in each epoch, or one with __getitem__ and __len__."""

    def __init__(self, source: Any, take: Callable[[Any], Batch]) -> None:
        self.source = source
        self.take = take
        self.team: Team | None = None
        """The processes that read these batches together: the first one reads the source for all."""
        self.samples: int | None = None
        self.seed = seeds.next_seed()

    @cached_property
    def random(self) -> np.random.Generator:
        """What shuffles the order of numbered batches."""
        return np.random.default_rng(self.seed)

    @property
    def numbered(self) -> bool:
        """True if its batches are taken by their number."""
        return hasattr(self.source, "__getitem__") and hasattr(self.source, "__len__") and not hasattr(self.source, "__iter__")

    @property
    def steps(self) -> int | None:
        """Batches in one pass, if the source knows: a loader may have __len__ and still raise TypeError, as torch's and tf.data's do."""
        if isinstance(self.source, PyDataset):
            return self.source.num_batches
        try:
            return len(self.source) if hasattr(self.source, "__len__") else None
        except TypeError:
            return None

    def _order(self, shuffle: bool, skip: int) -> Iterable[int]:
        """The numbers of the batches of one pass, without the first `skip`."""
        count = self.steps
        if count is None:
            return itertools.count(skip)
        order: Any = self.random.permutation(count) if shuffle and isinstance(self.source, PyDataset) else range(count)
        return cast(Iterable[int], order[skip:])

    def batches(self, shuffle: bool = False, skip: int = 0) -> Iterator[Batch]:
        """One pass, without its first `skip` batches; a generator goes on where it stopped. Only a PyDataset is shuffled."""
        source: Iterable[Any] = self.source
        if hasattr(self.source, "on_epoch_begin") and not skip:
            self.source.on_epoch_begin()
        if self.numbered:
            source = (self.source[int(i)] for i in self._order(shuffle, skip))
        for item in source if self.team is None else read_by_first(self.team, source):
            yield self.take(item)
        if hasattr(self.source, "on_epoch_end"):
            self.source.on_epoch_end()


def is_stream(x: Any) -> bool:
    """True for an object that yields batches itself."""
    if isinstance(x, (list, tuple, dict, str, bytes)) or hasattr(x, "__array__") or hasattr(x, "dtype"):
        return False
    return hasattr(x, "__iter__") or hasattr(x, "__next__") or (hasattr(x, "__getitem__") and hasattr(x, "__len__"))


def checked_batch_size(value: Any) -> int:
    """32 for None. ValueError below 1, TypeError for anything but an integer."""
    if value is None:
        return 32
    if not is_integer(value):
        advice = edit("batch_size", value, lambda meant: is_size(meant) and meant >= 1, "for example batch_size=32")
        raise TypeError(f"batch_size={value!r}: expected a positive integer: {advice}")
    if int(value) < 1:
        raise ValueError(f"batch_size={value}: expected a positive integer, for example batch_size=32")
    return int(value)


def class_weights(weights: dict[int, float], target: Array) -> Array:
    """A weight for each sample from its class; classes that are not named weigh 1."""
    t = np.asarray(target)
    if t.ndim > 2:
        raise ValueError(f"class_weight works for targets (n,) or (n, classes), got {t.shape}: pass sample_weight instead")
    labels = t.argmax(-1) if t.ndim == 2 and t.shape[1] > 1 else t.reshape(-1)
    found = np.ones(len(labels), np.float32)
    for label, weight in weights.items():
        found[labels == label] = weight
    return found


class Endless:
    """Batches over epochs. With steps_per_epoch the data continues from epoch to epoch; where it ends, the epoch ends too. An
    epoch that finds no data left starts another pass."""

    def __init__(self, data: Arrays | Streamed, shuffle: bool, steps: int | None) -> None:
        self.data = data
        self.shuffle = shuffle
        self.steps = steps
        self._running: Iterator[Batch] | None = None
        self._begun: Any = None
        """The random state with which this pass began."""
        self._taken = 0
        """Batches of this pass that were given out."""
        self._continued = False
        """The next pass is one that a backup began."""

    def _pass(self) -> Iterator[Batch]:
        if not self._continued:
            self._begun, self._taken = self.data.random.bit_generator.state if self.shuffle else None, 0
        self._continued = False
        for batch in self.data.batches(self.shuffle, self._taken):
            self._taken += 1
            yield batch

    def state(self) -> dict[str, Any]:
        """Where it is, for `restore`."""
        now = self.data.random.bit_generator.state if self.shuffle else None
        source = self.data.source.state() if isinstance(self.data, Streamed) and hasattr(self.data.source, "state") else None
        return {"begun": self._begun, "taken": self._taken, "now": now, "running": self._running is not None, "source": source}

    def restore(self, state: dict[str, Any], in_epoch: bool) -> None:
        """Goes on from a `state`; `in_epoch`: from the middle of an epoch."""
        if isinstance(self.data, Streamed) and state["source"] is not None:
            self.data.source.set_state(state["source"])
        self._continued = in_epoch or bool(state["running"])
        self._begun, self._taken = state["begun"], state["taken"]
        if self.shuffle:
            self.data.random.bit_generator.state = state["begun"] if self._continued else state["now"]

    def check_repeatable(self, who: str) -> None:
        """ValueError for data that cannot be begun in its middle."""
        if isinstance(self.data, Arrays):
            return
        source, kind = self.data.source, type(self.data.source).__name__
        if not self.data.numbered:
            raise ValueError(
                f"{who}: x is a {kind}, which cannot be begun in its middle: pass arrays, or a tinyseq.utils.PyDataset with __len__ and "
                f"__getitem__"
            )
        changes = getattr(type(source), "on_epoch_end", PyDataset.on_epoch_end) is not PyDataset.on_epoch_end
        if changes and not (hasattr(source, "state") and hasattr(source, "set_state")):
            raise ValueError(
                f"{who}: {kind}.on_epoch_end changes the data set, and a backup does not know how: write state() -> numbers and arrays, "
                f"and set_state(state), or leave on_epoch_end out and pass shuffle=True"
            )

    def epoch(self, done: int = 0) -> Iterator[Batch]:
        """The batches of one epoch, of which `done` were made before."""
        if self.steps is None:
            yield from self._pass()
            return
        for step in range(done, self.steps):
            batch = next(self._running, None) if self._running is not None else None
            if batch is None and step == done:
                self._running = self._pass()
                batch = next(self._running, None)
            if batch is None:
                self._running = None
                say(f"the data ran out before {self.steps} steps of this epoch were done; the next epoch starts it again")
                return
            yield batch


def require_end(data: Arrays | Streamed, option: str, steps: int | None) -> None:
    """ValueError for a data set without end, if no number of steps is passed."""
    if steps is None and isinstance(data, Streamed) and isinstance(data.source, PyDataset) and data.steps is None:
        raise ValueError(f"{type(data.source).__name__} never ends (its num_batches is None): pass {option}=, for example {option}=100")


def split_off(data: Arrays | Streamed, share: float) -> tuple[Arrays, Arrays]:
    if not isinstance(data, Arrays):
        raise ValueError("`validation_split` is only supported for arrays: pass validation_data")
    return data.split(share)


def first_steps(batches: Iterator[Batch], steps: int | None) -> Iterator[Batch]:
    for index, batch in enumerate(batches):
        if steps is not None and index >= steps:
            return
        yield batch
